"""REMIND: the days of a contact's certificates, of their own and of changes, that are to be named again today."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from monitor.certificates.calendar import Due, Duty, calendar_of
from monitor.certificates.impact import conflict_of
from monitor.certificates.kept import certificate_of, days_of_match
from monitor.changes.change import ChangeKind
from monitor.changes.days import Day, Step
from monitor.digests.reminders import Ahead, Reminder, reminders_due
from monitor.digests.wording import duty_name, step_name
from storage.certificates import CertificateRow, MatchRow
from storage.changes import ChangeRow
from storage.telling.reminders import Looked, Told

ONE_DAY = timedelta(days=1)
RENEWAL_DAYS = 92
"""From so many days before its end on, a certificate's end itself is named; before, the day to apply for renewal."""
ENDS = (Step.WITHDRAWAL, Step.CANCELLATION, Step.LAPSE)
"""Steps after which nothing falls due on a certificate any more."""
STATED = (Duty.EXPIRY, Duty.SURVEILLANCE, Duty.COP_TEST)


def reminders_of(looked: Looked, distances: Sequence[int], today: date) -> tuple[Reminder, ...]:
    """Return what a contact is to be reminded of today."""
    if not distances:
        return ()
    days = (day for day in days_of_certificates(looked.certificates, looked.told, today) if not _waits(day, today))
    return reminders_due(days, looked.reminded, distances, today)


def days_of_certificates(rows: Iterable[CertificateRow], told: Iterable[Told], today: date) -> list[Ahead]:
    """Return every day of some certificates from today on: of their own calendars, and of changes that were told."""
    standing: dict[int, list[Told]] = {}
    for item in told:
        standing.setdefault(item[0].certificate_id, []).append(item)
    return [day for row in rows for day in _of_certificate(row, standing.get(row.id, ()), today)]


def _waits(day: Ahead, today: date) -> bool:
    """Whether a day needs no reminder yet: the end of a certificate, while its renewal can be applied for in time."""
    return day.about == Duty.EXPIRY and (day.on - today).days > RENEWAL_DAYS


def _of_certificate(row: CertificateRow, standing: Sequence[Told], today: date) -> Iterator[Ahead]:
    certificate = certificate_of(row, with_standards=False)
    if certificate.ended(today):
        return
    said = (conflict_of(row.expires, match.deadline, days_of_match(match), today) for match, _, _ in standing)
    note = next((words for words in said if words), None)
    ends = min(
        (day.on for match, _, _ in standing for day in days_of_match(match) if day.step in ENDS), default=date.max
    )
    for due in calendar_of(certificate, today):
        if today <= due.on < ends:
            yield _own(row, due, note)
    for match, change, told_on in standing:
        for day in days_of_match(match):
            if day.on >= today and day.step not in (Step.RENEW_BY, Step.EXPIRES):
                yield _of_change(row, match, change, day, told_on)


def _own(row: CertificateRow, due: Due, note: str | None) -> Ahead:
    is_end = due.duty in (Duty.RENEWAL, Duty.EXPIRY)
    return Ahead(
        certificate_id=row.id,
        number=row.number,
        holder=row.holder.name,
        product=row.product,
        about=due.duty.value,
        what=duty_name(due.duty),
        on=due.on,
        since=row.watched_from - ONE_DAY if row.watched_from else date.min,
        reckoned=due.reckoned and not is_end,
        yearly=due.duty is Duty.SURVEILLANCE,
        named_at_sight=due.duty in STATED and not due.reckoned,
        note=note if is_end else None,
    )


def _of_change(row: CertificateRow, match: MatchRow, change: ChangeRow, day: Day, told_on: date) -> Ahead:
    moved_to = change.new_edition or ", ".join(pair["new"] for pair in change.standards)
    is_changeover = change.kind in (ChangeKind.NEW_EDITION, ChangeKind.STANDARD_CHANGEOVER) and moved_to
    title = f"changeover to {moved_to}" if is_changeover else moved_to or change.old_edition
    return Ahead(
        certificate_id=row.id,
        number=row.number,
        holder=row.holder.name,
        product=row.product,
        about=f"change {change.id} {day.step.value}",
        what=f"{step_name(day.step)}: {title or change.family or change.title_zh}",
        on=day.on,
        since=told_on,
        reckoned=match.reckoned and day.step is Step.SURVEILLANCE,
        of_change=True,
    )
