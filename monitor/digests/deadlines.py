"""Deadlines: the last days of a digest as an iCalendar file that moves what the contact's calendar already holds.

An event is one last day of one change. Its UID says the change and a running number, never the day, so that a later
digest which names another day moves the event instead of adding one (RFC 5545, SEQUENCE), and cancels what no longer
holds (RFC 5546). What the contact's calendar holds is read from the files of the digests before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from monitor.digests.digest import Alert, Concern, Digest
from monitor.digests.message import one_line, sender_address
from monitor.digests.wording import counted, day, otherwise, what_to_do
from monitor.notation.china import CHINA
from monitor.notation.visible import blank

REMIND_BEFORE = (timedelta(days=90), timedelta(days=30), timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Held:
    """An event that an earlier digest put into the contact's calendar, as it stands there."""

    uid: str
    on: date
    sequence: int
    summary: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a contact was given before: the concerns told of each change, the calendar files from the oldest."""

    concerns: Mapping[int, Sequence[Concern]]
    calendars: Sequence[str]


def calendar_of(digest: Digest, sender: str, told: Told = Told({}, ())) -> str | None:
    """Return the last days as iCalendar, one whole-day event for each change and day; None where there are none.

    An event speaks of every certificate that the contact was told of, in this digest or before it. A day that no
    certificate has any more is cancelled; a file of nothing else has the method CANCEL.
    """
    held = _held(told.calendars)
    domain = sender_address(sender).domain
    events = [
        event
        for alert in digest.alerts
        for event in _events(alert, told.concerns.get(alert.change_id, ()), held, digest.period.day, domain)
    ]
    if not events:
        return None
    is_cancelling = all(event.get("status") == "CANCELLED" for event in events)
    calendar = Calendar()
    calendar.add("prodid", "-//Rulewatch//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelling else "PUBLISH")
    for event in events:
        event.add("organizer", f"mailto:{sender_address(sender).addr_spec}")
        calendar.add_component(event)
    return _written(calendar)


def _written(calendar: Calendar) -> str:
    """Return the file: the one door to iCalendar, whose lines end where the file says and nowhere else (RFC 5545, 3.1).

    A line break in a text is written as a backslash and n by then: what is left of it came from a stranger.
    """
    return "\r\n".join(map(blank, bytes(calendar.to_ical()).decode("utf-8", "replace").split("\r\n")))


def _held(calendars: Iterable[str]) -> dict[str, Held]:
    """Return the events of all files by UID, each as the newest file has it."""
    held = {}
    for text in calendars:
        for event in Calendar.from_ical(text).walk("VEVENT"):
            uid, on = str(event["UID"]), event.decoded("DTSTART")
            is_cancelled = event.get("STATUS") == "CANCELLED"
            held[uid] = Held(uid, on, int(event.get("SEQUENCE", 0)), str(event["SUMMARY"]), is_cancelled)
    return held


def _events(
    alert: Alert, told: Sequence[Concern], held: Mapping[str, Held], today: date, domain: str
) -> Iterator[Event]:
    prefix = f"change-{alert.change_id}-"
    known = [item for uid, item in held.items() if uid.startswith(prefix)]
    by_day = _by_day(alert, told)
    chosen = _chosen(list(by_day), known, prefix, domain)
    for on, (uid, sequence) in chosen.items():
        yield _event(alert, on, by_day[on], today, uid, sequence)
    kept = {uid for uid, _ in chosen.values()}
    for item in known:
        if item.uid not in kept and not item.cancelled:
            yield _cancelled(alert, item, today)


def _by_day(alert: Alert, told: Sequence[Concern]) -> dict[date, list[Concern]]:
    """Return the certificates that have each last day, in the order of days; what the alert says of one wins."""
    newest = {concern.number: concern for concern in (*told, *alert.concerns)}
    by_day: dict[date, list[Concern]] = {}
    for concern in newest.values():
        if concern.deadline is not None:
            by_day.setdefault(concern.deadline, []).append(concern)
    return dict(sorted(by_day.items()))


def _chosen(days: Sequence[date], known: Sequence[Held], prefix: str, domain: str) -> dict[date, tuple[str, int]]:
    """Return UID and SEQUENCE for each day: of the event that has it, else of one that lost its day, else new ones."""
    standing = {item.on: item for item in known if not item.cancelled}
    free = sorted((item for item in known if item.cancelled or item.on not in days), key=lambda item: item.cancelled)
    chosen = {}
    count = len(known)
    for on in days:
        item = standing.get(on) or (free.pop(0) if free else None)
        if item is None:
            count += 1
            chosen[on] = (f"{prefix}{count}@{domain}", 0)
        else:
            chosen[on] = (item.uid, item.sequence + 1)
    return chosen


def _event(alert: Alert, on: date, concerned: Sequence[Concern], today: date, uid: str, sequence: int) -> Event:
    event = _bare(uid, sequence, on, today)
    event.add("summary", one_line(f"Last day: {alert.title} ({counted(len(concerned), 'certificate')})"))
    said = [what_to_do(alert, concerned[0].action), f"Last day: {day(on)}", otherwise(concerned[0].consequence)]
    numbers = ", ".join(concern.number for concern in concerned)
    event.add(
        "description", "\n".join([*(line for line in said if line), f"Certificates: {numbers}", alert.source.url])
    )
    event.add("transp", "TRANSPARENT")
    for before in REMIND_BEFORE:
        if on - before > today:
            event.add_component(_alarm(before))
    return event


def _cancelled(alert: Alert, item: Held, today: date) -> Event:
    event = _bare(item.uid, item.sequence + 1, item.on, today)
    event.add("status", "CANCELLED")
    event.add("summary", one_line(item.summary))
    event.add("description", f"{day(item.on)} is no longer a last day.\n{alert.source.url}")
    return event


def _bare(uid: str, sequence: int, on: date, today: date) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", datetime.combine(today, datetime.min.time(), CHINA))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    return event


def _alarm(before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{before.days} days left")
    alarm.add("trigger", -before)
    return alarm
