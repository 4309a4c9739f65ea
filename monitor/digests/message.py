"""Message: a digest as MIME: HTML and text, one calendar file with the deadlines, headers that nothing can break.

Everything is fixed when the digest is composed, Message-ID and Date too: every attempt sends the same bytes, so that
the receiving side can fold a second copy.
"""

import hashlib
from datetime import date, datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event

from monitor.digests.digest import Alert, Digest
from monitor.digests.wording import counted, day, otherwise, what_to_do
from monitor.errors import BadSettings

CHINA = timezone(timedelta(hours=8))
REMIND_BEFORE = (timedelta(days=90), timedelta(days=30), timedelta(days=7))


def make_message(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    calendar: str | None,
    message_id: str,
    made_on: date,
    made_at: datetime,
) -> EmailMessage:
    """Return the message of a composed digest; the Date is the cycle's day at the time of composing."""
    address = sender_address(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = Address(addr_spec=to)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(datetime.combine(made_on, made_at.astimezone(CHINA).time(), CHINA))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"China certification watch <rulewatch.{address.domain}>"
    message["List-Unsubscribe"] = f"<mailto:{address.addr_spec}?subject={quote(f'unsubscribe {to}')}>"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if calendar:
        message.add_attachment(
            calendar.encode(),
            "text",
            "calendar",
            filename="deadlines.ics",
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    _fix_boundaries(message)
    return message


def _fix_boundaries(message: EmailMessage) -> None:
    """Give the parts boundaries that follow from the Message-ID instead of chance, so that copies are equal."""
    seed = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
    for at, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{at}_{seed}")


def message_id_of(contact: str, period: str, sender: str) -> str:
    """Return the Message-ID of a contact's digest of a period: the same whenever it is asked for."""
    digest = hashlib.sha256(f"{contact}\n{period}".encode()).hexdigest()[:24]
    return f"<rulewatch.{period}.{digest}@{sender_address(sender).domain}>"


def sender_address(sender: str) -> Address:
    """Return the sender's address. Raises BadSettings where it is none."""
    name, spec = parseaddr(sender)
    local, at, domain = spec.rpartition("@")
    if not (local and at and domain) or not spec.isascii() or any(character.isspace() for character in spec):
        raise BadSettings(f'smtp.sender = "{sender}" is not an address (expected Name <alerts@example.org>)')
    return Address(one_line(name), local, domain)


def one_line(text: str) -> str:
    """Return the text without anything that could end a header line."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def calendar_of(digest: Digest, sender: str) -> str | None:
    """Return the deadlines as iCalendar, one whole-day event for each change and day; None where there are none."""
    domain = sender_address(sender).domain
    events = [_event(alert, on, digest, domain) for alert in digest.alerts for on in _days(alert)]
    if not events:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Rulewatch//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


def _days(alert: Alert) -> list[date]:
    return sorted({concern.deadline for concern in alert.concerns if concern.deadline})


def _event(alert: Alert, on: date, digest: Digest, domain: str) -> Event:
    concerned = [concern for concern in alert.concerns if concern.deadline == on]
    event = Event()
    event.add("uid", f"change-{alert.change_id}-{on.isoformat()}@{domain}")
    event.add("dtstamp", datetime.combine(digest.period.day, datetime.min.time(), CHINA))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", one_line(f"Last day: {alert.title} ({counted(len(concerned), 'certificate')})"))
    said = [what_to_do(alert, concerned[0].action), f"Last day: {day(on)}", otherwise(concerned[0].consequence)]
    numbers = ", ".join(concern.number for concern in concerned)
    event.add(
        "description", "\n".join([*(line for line in said if line), f"Certificates: {numbers}", alert.source.url])
    )
    event.add("transp", "TRANSPARENT")
    for before in REMIND_BEFORE:
        if on - before > digest.period.day:
            event.add_component(_alarm(before))
    return event


def _alarm(before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{before.days} days left")
    alarm.add("trigger", -before)
    return alarm
