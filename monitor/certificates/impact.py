"""Impact: what a change means for one certificate: the action, by when, what happens otherwise, how urgent."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from monitor.certificates.matching import Match
from monitor.changes.change import Change, ChangeKind
from monitor.changes.days import DUTIES, Day, Step, days_of

OPEN_FOR = timedelta(days=365)
"""How long a change without a day that lies ahead concerns certificates that are imported later."""


class Severity(StrEnum):
    """How urgent, from the most urgent to the least (DESIGN.md, "What a change is")."""

    ACT_BY = "act_by"
    ACT = "act"
    KNOW = "know"
    EDITORIAL = "editorial"


class Action(StrEnum):
    """What a holder is to do: as the text says it, else what the kind of change asks.

    `none` only where the text or a person says that nothing is to be done; what nobody understood is `unknown`.
    """

    CHANGEOVER = "changeover"
    RETEST = "retest"
    FACTORY_INSPECTION = "factory_inspection"
    DECLARATION = "declaration"
    CONTACT_AUTHORITY = "contact_authority"
    READ = "read"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change means for one certificate. `deadline_note` is a symbol where no day can be named.

    `deadline` is the first day that bites, and `step` what happens on it; `days` are all of the change's, in order.
    """

    severity: Severity
    action: Action
    deadline: date | None = None
    deadline_note: str | None = None
    consequence: str | None = None
    step: Step | None = None
    days: tuple[Day, ...] = ()


def impact_of(change: Change, match: Match, *, substantive: bool = True) -> Impact:
    """Return what the change means for the matched certificate; `substantive` is False where no requirement changed."""
    if not substantive and change.kind in (ChangeKind.REVISION, ChangeKind.CORRECTION):
        return Impact(Severity.EDITORIAL, Action.NONE)
    action, days = _action(change), days_of(change)
    bites = next((day for day in days if day.bites), None)
    if action in _ASK_NOTHING and bites is None and change.deadline_note is None:
        return Impact(Severity.KNOW, action, days=days)
    if action in _ASK_NOTHING:
        action = Action.READ
    deadline, step, note = _deadline(change, match, bites)
    severity = Severity.ACT_BY if deadline or note else Severity.ACT
    return Impact(severity, action, deadline, note, change.consequence, step, days)


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


def _deadline(change: Change, match: Match, bites: Day | None) -> tuple[date | None, Step | None, str | None]:
    """The first day that bites this certificate: of the change, or its own, where the change names that or it ends
    before."""
    note = change.deadline_note
    days = [bites] if bites else []
    if note and change.effective and note.startswith("effective+") and note.endswith("m"):
        months = note.removeprefix("effective+").removesuffix("m")
        days += [Day(add_months(change.effective, int(months)), Step.ACT_BY)] if months.isdigit() else []
    expires = match.certificate.expires
    if expires is not None and (note == "certificate_expiry" or (bites and bites.step in DUTIES)):
        days.append(Day(expires, Step.RENEW_BY))
    first = min(days, default=None)
    return (first.on, first.step, note) if first else (None, None, note)


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
    ChangeKind.NEW_RULE: Action.UNKNOWN,
    ChangeKind.NOTICE: Action.UNKNOWN,
    ChangeKind.NO_LONGER_LISTED: Action.UNKNOWN,
}
_ASK_NOTHING = (Action.NONE, Action.UNKNOWN, Action.READ)
