"""Feed: every day that stands for a contact in one calendar file, to be subscribed to (RFC 5545).

The days of changes are the events of the files that came with digests, under the same UIDs; the days of the
certificates' own calendars have UIDs of their own, one a certificate and duty, so that next year's surveillance moves
the event. An event that differs from the feed before rises in SEQUENCE; one whose day stands no more is cancelled.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from monitor.changes.days import Day, Step
from monitor.digests.deadlines import STEP, alarms, bare_event, written
from monitor.digests.message import one_line, sender_address
from monitor.digests.reminders import Ahead
from monitor.digests.wording import counted
from monitor.notation.china import CHINA

_MADE_OF = re.compile(r"^X-RULEWATCH-MADE-OF:(?P<name>\w+)-(?P<until>\d{8})\s", re.MULTILINE)
KEPT_FOR = timedelta(days=366)
"""How long a day that is over, or an entry that was cancelled, stays in the feed."""
LEAST_REFRESH = "P1D"


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for a contact: the days of its certificates' own calendars, and the certificates of each change's
    days."""

    own: Sequence[Ahead]
    changes: Mapping[tuple[int, Day], Collection[str]]


def is_current(feed: str, made_of: str, today: date) -> bool:
    """Return whether a feed, or its beginning, says that it was made from the same and nothing in it is too old."""
    said = _MADE_OF.search(feed)
    return said is not None and said["name"] == made_of and f"{today:%Y%m%d}" < said["until"]


def feed_of(
    before: Iterable[str], standing: Standing, sender: str, today: date, distances: Sequence[int], made_of: str = ""
) -> str:
    """Return the feed; `before` are the feed as it was and the calendar files that came since, the oldest first.

    The same days give the same file, byte for byte; `made_of` names what it is made from, to be found again in it.
    """
    events = _newest(before)
    for uid, event in events.items():
        if (change := _CHANGE.match(uid)) is not None:
            events[uid] = _of_change(event, int(change[1]), standing, today)
    domain = sender_address(sender).domain
    own = {f"certificate-{day.certificate_id}-{day.about}@{domain}": day for day in standing.own}
    for uid, day in own.items():
        events[uid] = _of_certificate(uid, day, events.get(uid), today, distances)
    for uid, event in events.items():
        if uid.startswith("certificate-") and uid not in own:
            events[uid] = _ended(event, today)
    return _calendar([event for _, event in sorted(events.items()) if _on(event) > today - KEPT_FOR], made_of)


def _newest(calendars: Iterable[str]) -> dict[str, Event]:
    """Return the events of all files by UID, each as the file with the highest SEQUENCE has it."""
    found: dict[str, Event] = {}
    for text in calendars:
        for event in Calendar.from_ical(text).walk("VEVENT"):
            uid = str(event["UID"])
            if isinstance(event, Event) and (uid not in found or _sequence(event) >= _sequence(found[uid])):
                found[uid] = event
    return found


def _of_change(event: Event, change: int, standing: Standing, today: date) -> Event:
    """A change's event as it stands: cancelled where none of its certificates has the day, else of those that have."""
    step = str(event.get(STEP, ""))
    day = Day(_on(event), Step(step)) if step else None
    numbers = standing.changes.get((change, day), ()) if day else ()
    if not numbers:
        return _ended(event, today)
    described = str(event.get("DESCRIPTION", ""))
    listed = _LISTED.search(described)
    if event.get("STATUS") == "CANCELLED" or listed is None or set(listed[1].split(", ")) == set(numbers):
        return event
    start, end = listed.span(1)
    summary = _COUNTED.sub(f"({counted(len(numbers), 'certificate')})", str(event["SUMMARY"]))
    now = described[:start] + ", ".join(sorted(numbers)) + described[end:]
    return _risen(event, today, SUMMARY=summary, DESCRIPTION=now)


def _of_certificate(uid: str, day: Ahead, before: Event | None, today: date, distances: Sequence[int]) -> Event:
    """An event of a certificate's own calendar; the one before where nothing differs."""
    said = {"SUMMARY": one_line(f"{day.what}: {day.number}"), "DESCRIPTION": "\n".join(_described(day))}
    stands = before is not None and before.get("STATUS") != "CANCELLED" and _on(before) == day.on
    if before is not None and stands and all(str(before.get(name)) == text for name, text in said.items()):
        return before
    event = bare_event(uid, _sequence(before) + 1 if before is not None else 0, day.on, today)
    for name, text in said.items():
        event.add(name, text)
    event.add("transp", "TRANSPARENT")
    for alarm in alarms(day.on, distances, today):
        event.add_component(alarm)
    return event


def _described(day: Ahead) -> Iterator[str]:
    yield f"{day.product or 'product not named'}, {day.holder}"
    if day.reckoned:
        yield "Reckoned; the authority sets the day."
    if day.note:
        yield day.note


def _ended(event: Event, today: date) -> Event:
    """An event as cancelled, unless it is already, or its day is over: what was, stays."""
    if event.get("STATUS") == "CANCELLED" or _on(event) < today:
        return event
    return _risen(event, today, STATUS="CANCELLED")


def _risen(event: Event, today: date, **said: str) -> Event:
    """An event with something said otherwise: its SEQUENCE rises."""
    risen = event.copy(recursive=True)
    for name in ("SEQUENCE", "DTSTAMP", *said):
        risen.pop(name, None)
    risen.add("sequence", _sequence(event) + 1)
    risen.add("dtstamp", datetime.combine(today, datetime.min.time(), CHINA))
    for name, text in said.items():
        risen.add(name, text)
    if "STATUS" in said:
        risen.subcomponents.clear()
    return risen


def _calendar(events: Sequence[Event], made_of: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Rulewatch//Feed//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "China certification")
    calendar.add("x-published-ttl", LEAST_REFRESH)
    if made_of:
        until = min((_on(event) for event in events), default=date.max - KEPT_FOR) + KEPT_FOR
        calendar.add("x-rulewatch-made-of", f"{made_of}-{until:%Y%m%d}")
    for event in events:
        calendar.add_component(event)
    return written(calendar)


def _on(event: Event) -> date:
    on = event.decoded("DTSTART")
    assert isinstance(on, date)
    return on


def _sequence(event: Event) -> int:
    return int(event.get("SEQUENCE", 0))


_CHANGE = re.compile(r"change-(\d+)-")
_LISTED = re.compile(r"^Certificates: (.*)$", re.MULTILINE)
_COUNTED = re.compile(r"\(\d[\d,]* certificates?\)")
