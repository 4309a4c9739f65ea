"""Composing: a contact's alerts → one digest, or nothing where nothing is due.

The most urgent comes first, and the subject says it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.certificates.certificate import Frequency
from monitor.certificates.impact import Severity
from monitor.changes.days import MEASURES
from monitor.digests.digest import Alert, Concern, Digest, Period
from monitor.digests.reminders import Reminder
from monitor.digests.update import what_moved
from monitor.digests.wording import counted, day, days_left, said

LONGEST_SUBJECT = 140


@dataclass(frozen=True, slots=True)
class Pending:
    """An alert that may go to a contact, since when it may."""

    alert: Alert
    since: date


def compose(contact: str, pending: Sequence[Pending], period: Period, reminders: Sequence[Reminder] = ()) -> Digest:
    """Return the digest of everything that is pending for a contact: one entry a change, and what to remind of."""
    alerts = tuple(sorted(_merged(item.alert for item in pending), key=_urgency))
    holders = {holder for alert in alerts for _, holder in alert.certificates}
    holders |= {reminder.day.holder for reminder in reminders}
    subject = subject_of(alerts, period.day) if alerts else ""
    subject += reminded(reminders, period.day, is_more=bool(alerts))
    return Digest(contact, period, subject, alerts, tuple(sorted(holders)), tuple(reminders))


def is_due(
    frequency: Frequency,
    pending: Sequence[Pending],
    today: date,
    *,
    wrote_this_week: bool,
    reminders: Sequence[Reminder] = (),
) -> bool:
    """Return whether a contact is written to in today's cycle.

    Nothing new is nothing to send, and changes without any new requirement do not make a message of their own.
    Weekly is one message an ISO week, on its Monday, or on the first day after it where Monday's cycle did not
    run; what must be done before next Monday does not wait for it.
    """
    if not reminders and not any(item.alert.severity is not Severity.EDITORIAL for item in pending):
        return False
    if frequency is not Frequency.WEEKLY:
        return True
    monday = today - timedelta(days=today.weekday())
    next_monday = monday + timedelta(days=7)
    if any(_is_pressing(item.alert, next_monday) for item in pending):
        return True
    if any(reminder.day.on < next_monday for reminder in reminders):
        return True
    since = [item.since for item in pending] + [item.day.on - timedelta(days=item.distance) for item in reminders]
    return not wrote_this_week and (today == monday or any(day < monday for day in since))


def period_of(frequency: Frequency, today: date, taken: Iterable[str]) -> Period:
    """Return the first free period of a cycle's day (2026-03-02, 2026-03-02.2 …) or of its ISO week (2026-W10 …)."""
    keys = set(taken)
    base = week_of(today) if frequency is Frequency.WEEKLY else today.isoformat()
    number = 1
    while (key := base if number == 1 else f"{base}.{number}") in keys:
        number += 1
    return Period(key, today)


def week_of(today: date) -> str:
    """Return the ISO week of a day: 2026-W10."""
    year, week, _ = today.isocalendar()
    return f"{year}-W{week:02d}"


def subject_of(alerts: Sequence[Alert], today: date) -> str:
    """Return a subject that says the most urgent thing, and how much more there is."""
    first = alerts[0]
    concerned = _concerned(first)
    more = f", and {counted(len(alerts) - 1, 'more change')}" if len(alerts) > 1 else ""
    tail = f" ({concerned}){more}"
    return _cut(_says(first, today), LONGEST_SUBJECT - len(tail)) + tail


def _concerned(alert: Alert) -> str:
    """How many certificates a subject speaks of: where it names the day of some only, of how many."""
    every = len({number for number, _ in alert.certificates})
    same = [item for item in alert.concerns if alert.first and item.deadline == alert.first.on]
    of_all = f"{len(same)} of " if alert.update is None and 0 < len(same) < every else ""
    return f"{of_all}{counted(every, 'certificate')}"


def reminded(reminders: Sequence[Reminder], today: date, *, is_more: bool) -> str:
    """Return what a subject says of reminders, beside changes or alone: the nearest day, how many more there are.

    A reminder is a day on which something falls due, for one certificate or for many.
    """
    if not reminders:
        return ""
    named = [(item.day.on, item.day.what) for item in reminders]
    if is_more:
        return f", and {counted(len(set(named)), 'reminder')}"
    first = reminders[0].day
    same = [on for on in named if on == (first.on, first.what)]
    rest = len(set(named)) - 1
    more = f", and {counted(rest, 'more reminder')}" if rest else ""
    tail = f" ({counted(len(same), 'certificate')}){more}"
    on = f"about {day(first.on)}" if first.reckoned else f"{day(first.on)}, {days_left(first.on, today)}"
    return _cut(f"Reminder: {on}: {first.what}", LONGEST_SUBJECT - len(tail)) + tail


def _says(alert: Alert, today: date) -> str:
    about = f"{_VERBS.get(alert.kind.value, 'notice on')} {alert.title}".strip()
    if alert.gone and not alert.concerns:
        return f"{'No longer applies' if alert.update and alert.update.ended else 'No longer concerns you'}: {about}"
    if alert.update is not None:
        moved = what_moved(alert.update)
        return f"{moved}: {alert.title}" if moved else f"Update: {about}"
    if alert.severity is Severity.ACT_BY and alert.first:
        return f"{said(alert.first, today)}: {alert.title if alert.first.step in MEASURES else about}"
    if alert.severity in (Severity.ACT, Severity.ACT_BY):
        return f"Action needed: {about}"
    return about[:1].upper() + about[1:]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _merged(alerts: Iterable[Alert]) -> list[Alert]:
    """Return one alert a change, with the certificates of every holder, the most pressing first."""
    by_change: dict[int, list[Alert]] = {}
    for alert in alerts:
        by_change.setdefault(alert.change_id, []).append(alert)
    return [_joined(of_change) for of_change in by_change.values()]


def _joined(alerts: Sequence[Alert]) -> Alert:
    concerns = dict.fromkeys(concern for alert in alerts for concern in alert.concerns)
    return replace(
        alerts[0],
        ids=tuple(number for alert in alerts for number in alert.ids),
        concerns=tuple(sorted(concerns, key=_pressing)),
        update=next((alert.update for alert in alerts if alert.update), None),
        gone=tuple(dict.fromkeys(item for alert in alerts for item in alert.gone)),
    )


def _pressing(concern: Concern) -> tuple[int, date, str, str]:
    rank = list(Severity).index(concern.severity)
    return rank, concern.deadline or date.max, concern.holder, concern.number


def _urgency(alert: Alert) -> tuple[int, date, date, int]:
    rank = list(Severity).index(alert.severity)
    return rank, alert.last_day or date.max, alert.effective or date.max, alert.change_id


def _is_pressing(alert: Alert, before: date) -> bool:
    return alert.last_day is not None and alert.last_day < before


_VERBS = {
    "new_edition": "new edition",
    "revision": "changed text of",
    "new_rule": "new rule",
    "standard_changeover": "changeover to",
    "withdrawal": "withdrawal of",
    "suspension": "suspension of",
    "notice": "notice on",
    "no_longer_listed": "no longer listed:",
    "correction": "correction of",
}
