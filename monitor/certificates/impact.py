"""Impact: what a change means for one certificate: the action, by when, what happens otherwise, how urgent."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from monitor.certificates.matching import Match
from monitor.changes.change import Change, ChangeKind

OPEN_FOR = timedelta(days=365)
"""How long a change without a day that lies ahead concerns certificates that are imported later."""


class Severity(StrEnum):
    """How urgent, from the most urgent to the least (DESIGN.md, "What a change is")."""

    ACT_BY = "act_by"
    ACT = "act"
    KNOW = "know"
    EDITORIAL = "editorial"


class Action(StrEnum):
    """What a holder is to do: as the text says it, else what the kind of change asks."""

    CHANGEOVER = "changeover"
    RETEST = "retest"
    FACTORY_INSPECTION = "factory_inspection"
    DECLARATION = "declaration"
    CONTACT_AUTHORITY = "contact_authority"
    READ = "read"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change means for one certificate. `deadline_note` is a symbol where no day can be named."""

    severity: Severity
    action: Action
    deadline: date | None = None
    deadline_note: str | None = None
    consequence: str | None = None


def impact_of(change: Change, match: Match, *, substantive: bool = True) -> Impact:
    """Return what the change means for the matched certificate; `substantive` is False where no requirement changed."""
    if match.settled:
        return Impact(Severity.KNOW, Action.NONE)
    if not substantive and change.kind in (ChangeKind.REVISION, ChangeKind.CORRECTION):
        return Impact(Severity.EDITORIAL, Action.NONE)
    action = _action(change)
    if action in (Action.NONE, Action.READ) and change.deadline is None and change.deadline_note is None:
        return Impact(Severity.KNOW, action)
    if action is Action.NONE:
        action = Action.READ
    deadline, note = _deadline(change, match)
    severity = Severity.ACT_BY if deadline or note else Severity.ACT
    return Impact(severity, action, deadline, note, change.consequence)


def is_open(change: Change, today: date) -> bool:
    """Return whether a change still asks something of a certificate, or of a contact, that comes to be known today."""
    ahead = max((day for day in (change.deadline, change.effective) if day is not None), default=None)
    if ahead is not None and not change.deadline_note:
        return ahead >= today
    return today - change.detected_on <= OPEN_FOR


def _action(change: Change) -> Action:
    """Return the leading action: a changeover includes its tests, a test its declaration."""
    for action in Action:
        if action.value in change.actions:
            return action
    return _USUAL[change.kind]


def _deadline(change: Change, match: Match) -> tuple[date | None, str | None]:
    if change.deadline is not None:
        return change.deadline, change.deadline_note
    note = change.deadline_note
    if note == "certificate_expiry" and match.certificate.expires is not None:
        return match.certificate.expires, note
    if note and change.effective and note.startswith("effective+") and note.endswith("m"):
        months = note.removeprefix("effective+").removesuffix("m")
        return (add_months(change.effective, int(months)) if months.isdigit() else None), note
    return None, note


def add_months(day: date, months: int) -> date:
    """Return the corresponding day some months later, or the end of that month (Civil Code, article 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_USUAL = {
    ChangeKind.NEW_EDITION: Action.CHANGEOVER,
    ChangeKind.STANDARD_CHANGEOVER: Action.CHANGEOVER,
    ChangeKind.WITHDRAWAL: Action.CONTACT_AUTHORITY,
    ChangeKind.SUSPENSION: Action.CONTACT_AUTHORITY,
    ChangeKind.REVISION: Action.READ,
    ChangeKind.CORRECTION: Action.READ,
    ChangeKind.NEW_RULE: Action.NONE,
    ChangeKind.NOTICE: Action.NONE,
    ChangeKind.NO_LONGER_LISTED: Action.NONE,
}
