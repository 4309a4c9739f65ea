"""Impact: what a change means for one certificate: the action, by when, what happens otherwise, how urgent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from monitor.certificates.calendar import Due, conflict, next_surveillance
from monitor.certificates.certificate import Certificate
from monitor.certificates.matching import Match
from monitor.changes.change import Change, ChangeKind
from monitor.changes.days import DUTIES, Day, Step, days_of
from monitor.facts.fact import FactType
from monitor.notation.dates import add_months

OPEN_FOR = timedelta(days=365)
"""How long a change without a day that lies ahead concerns certificates that are imported later."""
NEXT_SURVEILLANCE = "next_surveillance"
"""The deadline of a change that only the certificate's own calendar knows (docs/facts.md)."""


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

    `deadline` is the first day that bites, and `step` what happens on it; `days` are all of the change's, in order,
    with the surveillance that it names. `reckoned` says that the deadline is a surveillance which no register states.
    """

    severity: Severity
    action: Action
    deadline: date | None = None
    deadline_note: str | None = None
    consequence: str | None = None
    step: Step | None = None
    days: tuple[Day, ...] = ()
    reckoned: bool = False


def impact_of(change: Change, match: Match, *, substantive: bool = True) -> Impact:
    """Return what the change means for the matched certificate; `substantive` is False where no requirement changed."""
    if not substantive and change.kind in (ChangeKind.REVISION, ChangeKind.CORRECTION):
        return Impact(Severity.EDITORIAL, Action.NONE)
    surveillance = _surveillance(change, match.certificate)
    action, days = _action(change), _days(change, surveillance)
    bites = next((day for day in days if day.bites), None)
    if action in _ASK_NOTHING and bites is None and change.deadline_note is None:
        return Impact(Severity.KNOW, action, days=days)
    if action in _ASK_NOTHING:
        action = Action.READ
    first, note = _first(change, match.certificate, bites), change.deadline_note
    severity = Severity.ACT_BY if first or note else Severity.ACT
    deadline, step = (first.on, first.step) if first else (None, None)
    is_reckoned = surveillance is not None and surveillance.reckoned and step is Step.SURVEILLANCE
    return Impact(severity, action, deadline, note, change.consequence, step, days, is_reckoned)


def conflict_of(expires: date | None, deadline: date | None, days: Sequence[Day], today: date) -> str | None:
    """Return what a consultant would say first of a certificate whose deadline is its own end, before a change's last
    day."""
    duties = [day.on for day in days if day.step in DUTIES]
    later = max(duties or [day.on for day in days if day.bites], default=None)
    if expires is None or later is None or deadline != expires:
        return None
    return conflict(expires, later, today, is_duty=bool(duties))


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


def _surveillance(change: Change, certificate: Certificate) -> Due | None:
    """The certificate's surveillance before which the change says that something must be done, if it says so."""
    stated = [fact.value for fact in change.facts if fact.type is FactType.DEADLINE]
    if NEXT_SURVEILLANCE not in (change.deadline_note, *stated):
        return None
    return next_surveillance(certificate, change.detected_on)


def _days(change: Change, surveillance: Due | None) -> tuple[Day, ...]:
    own = (Day(surveillance.on, Step.SURVEILLANCE),) if surveillance else ()
    return tuple(sorted({*days_of(change), *own}))


def _first(change: Change, certificate: Certificate, bites: Day | None) -> Day | None:
    """The first day that bites this certificate: of the change, or its own end where that comes before or is named."""
    note, expires = change.deadline_note, certificate.expires
    days = [bites] if bites else []
    if note and change.effective and note.startswith("effective+") and note.endswith("m"):
        months = note.removeprefix("effective+").removesuffix("m")
        days += [Day(add_months(change.effective, int(months)), Step.ACT_BY)] if months.isdigit() else []
    first = min(days, default=None)
    if expires is not None and (note == "certificate_expiry" if first is None else expires < first.on):
        is_duty = first is None or first.step in DUTIES
        return Day(expires, Step.RENEW_BY if is_duty else Step.EXPIRES)
    return first


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
