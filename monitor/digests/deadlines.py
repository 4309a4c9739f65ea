"""Deadlines: the last days of a digest as an iCalendar file that moves what the contact's calendar already holds.

An event is one duty, or one measure, of one change: to apply, to complete the changeover, the suspension. Its UID says
the change and a running number, never the day, so that a later digest which names another day moves the event instead
of adding one (RFC 5545, SEQUENCE), and cancels what no longer holds (RFC 5546). What the contact's calendar holds is
read from the files of the digests before; which step of a change an event is, stands in a property of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from icalendar import Alarm, Calendar, Event

from monitor.changes.days import DUTIES, Day, Step
from monitor.digests.digest import Alert, Concern, Digest
from monitor.digests.message import one_line, sender_address
from monitor.digests.reminders import DISTANCES
from monitor.digests.wording import call, counted, day, otherwise, step_name, what_to_do
from monitor.notation.china import CHINA
from monitor.notation.visible import blank

STEP = "X-RULEWATCH-STEP"


@dataclass(frozen=True, slots=True)
class Held:
    """An event that an earlier digest put into the contact's calendar, as it stands there."""

    uid: str
    on: date
    sequence: int
    summary: str
    cancelled: bool
    step: Step | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a contact was given before: the concerns told of each change, the calendar files from the oldest."""

    concerns: Mapping[int, Sequence[Concern]]
    calendars: Sequence[str]


def calendar_of(digest: Digest, sender: str, told: Told = Told({}, ())) -> str | None:
    """Return the days as iCalendar, one whole-day event for each change, step and day; None where there are none.

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
    return written(calendar)


def written(calendar: Calendar) -> str:
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
            step = Step(str(event[STEP])) if event.get(STEP) else None
            held[uid] = Held(uid, on, int(event.get("SEQUENCE", 0)), str(event["SUMMARY"]), is_cancelled, step)
    return held


def _events(
    alert: Alert, told: Sequence[Concern], held: Mapping[str, Held], today: date, domain: str
) -> Iterator[Event]:
    prefix = f"change-{alert.change_id}-"
    known = [item for uid, item in held.items() if uid.startswith(prefix)]
    by_day = _by_day(alert, told)
    chosen = _chosen(list(by_day), known, prefix, domain)
    for what, (uid, sequence) in chosen.items():
        yield _event(alert, what, by_day[what], today, uid, sequence)
    kept = {uid for uid, _ in chosen.values()}
    for item in known:
        if item.uid not in kept and not item.cancelled:
            yield _cancelled(alert, item, today)


def _by_day(alert: Alert, told: Sequence[Concern]) -> dict[Day, list[Concern]]:
    """Return the certificates that have each day, in the order of days; what the alert says of one wins."""
    newest = {concern.number: concern for concern in (*told, *alert.concerns)}
    by_day: dict[Day, list[Concern]] = {}
    for concern in newest.values():
        for what in concern.calendar:
            by_day.setdefault(what, []).append(concern)
    return dict(sorted(by_day.items()))


def _chosen(days: Sequence[Day], known: Sequence[Held], prefix: str, domain: str) -> dict[Day, tuple[str, int]]:
    """Return UID and SEQUENCE for each day: of the event that has it, else of one that lost its day, else new ones."""
    chosen, free = {}, list(known)
    for what in days:
        if item := _taken(free, partial(_stands_on, what)):
            chosen[what] = (item.uid, item.sequence + 1)
    count = len(known)
    for what in (what for what in days if what not in chosen):
        item = _lost_its_day(free, what)
        count += item is None
        chosen[what] = (item.uid, item.sequence + 1) if item else (f"{prefix}{count}@{domain}", 0)
    return {what: chosen[what] for what in days}


def _stands_on(what: Day, held: Held) -> bool:
    return held.on == what.on and held.step in (what.step, None) and not held.cancelled


def _lost_its_day(free: list[Held], what: Day) -> Held | None:
    """Take an event that has no day any more: of the same step, of a file that did not say its step, or a cancelled
    one."""
    fits: tuple[Callable[[Held], bool], ...] = (
        lambda item: item.step is what.step and not item.cancelled,
        lambda item: item.step is None and not item.cancelled,
        lambda item: item.step in (what.step, None),
    )
    return next((item for fit in fits if (item := _taken(free, fit))), None)


def _taken(free: list[Held], fits: Callable[[Held], bool]) -> Held | None:
    item = next(filter(fits, free), None)
    if item is not None:
        free.remove(item)
    return item


def _event(alert: Alert, what: Day, concerned: Sequence[Concern], today: date, uid: str, sequence: int) -> Event:
    event = bare_event(uid, sequence, what.on, today)
    event.add(STEP, what.step.value)
    event.add("summary", one_line(f"{call(what.step)}: {alert.title} ({counted(len(concerned), 'certificate')})"))
    event.add("description", "\n".join(_described(alert, what, concerned)))
    if alert.source.url.startswith(("http://", "https://")):
        event.add("url", alert.source.url)
    event.add("transp", "TRANSPARENT")
    for alarm in alarms(what.on, DISTANCES, today):
        event.add_component(alarm)
    return event


def _described(alert: Alert, what: Day, concerned: Sequence[Concern]) -> Iterator[str]:
    yield what_to_do(alert, concerned, what.step)
    yield f"{step_name(what.step)}: {day(what.on)}"
    if what.step in DUTIES and (threat := otherwise(concerned[0].consequence, what.step)):
        yield f"Otherwise: {threat}"
    yield f"Certificates: {', '.join(concern.number for concern in concerned)}"
    yield alert.source.url


def _cancelled(alert: Alert, item: Held, today: date) -> Event:
    event = bare_event(item.uid, item.sequence + 1, item.on, today)
    event.add("status", "CANCELLED")
    event.add("summary", one_line(item.summary))
    event.add("description", f"{day(item.on)} is no longer a day of this change.\n{alert.source.url}")
    if item.step is not None:
        event.add(STEP, item.step.value)
    return event


def bare_event(uid: str, sequence: int, on: date, today: date) -> Event:
    """Return an event of one whole day, without a word of what it is."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", datetime.combine(today, datetime.min.time(), CHINA))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    return event


def alarms(on: date, distances: Iterable[int], today: date) -> Iterator[Alarm]:
    """Yield a reminder for each distance in days before a day, as far as it lies ahead."""
    for days in distances:
        before = timedelta(days=days)
        if on - before > today:
            yield _alarm(before)


def _alarm(before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{before.days} days left")
    alarm.add("trigger", -before)
    return alarm
