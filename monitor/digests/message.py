"""Message: a digest as MIME: HTML and text, one calendar file with the deadlines, headers that nothing can break.

Everything is fixed when the digest is composed, Message-ID and Date too: every attempt sends the same bytes, so that
the receiving side can fold a second copy.
"""

import hashlib
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from monitor.errors import BadSettings
from monitor.notation.china import CHINA


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
            params={"charset": "utf-8", "method": _method_of(calendar)},
        )
    _fix_boundaries(message)
    return message


def _method_of(calendar: str) -> str:
    """Return the method that the file names: the part's header must say the same (RFC 6047)."""
    return "CANCEL" if "\nMETHOD:CANCEL" in calendar else "PUBLISH"


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
