"""Days: what happens on which day of a change, in order, as its facts and its kind say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.changes.change import Change, ChangeKind
from monitor.changes.notices.terms import day_of
from monitor.facts.fact import Fact, FactType


class Step(StrEnum):
    """What happens on a day."""

    ACCEPTED_FROM = "accepted_from"
    EFFECTIVE = "effective"
    LAST_OLD_APPLICATION = "last_old_application"
    APPLY_BY = "apply_by"
    TEST_BY = "test_by"
    DECLARE_BY = "declare_by"
    COMPLETE_BY = "complete_by"
    ACT_BY = "act_by"
    SURVEILLANCE = "surveillance"
    RENEW_BY = "renew_by"
    EXPIRES = "expires"
    STOP_MARK = "stop_mark"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    CANCELLATION = "cancellation"
    LAPSE = "lapse"


DUTIES = frozenset(
    {
        Step.APPLY_BY,
        Step.TEST_BY,
        Step.DECLARE_BY,
        Step.COMPLETE_BY,
        Step.ACT_BY,
        Step.SURVEILLANCE,
        Step.RENEW_BY,
    }
)
"""Last days of something that a holder must do."""
MEASURES = frozenset({Step.STOP_MARK, Step.SUSPENSION, Step.WITHDRAWAL, Step.CANCELLATION, Step.LAPSE, Step.EXPIRES})
"""Days on which something befalls a certificate, whoever acts or not."""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """One day of a change, and what happens on it."""

    on: date
    step: Step

    @property
    def bites(self) -> bool:
        """Whether a holder must have acted by this day, or is struck on it."""
        return self.step in DUTIES or self.step in MEASURES


def days_of(change: Change) -> tuple[Day, ...]:
    """Return the days of a change in order, each step of a day once."""
    return tuple(sorted({*_openings(change), *_deadlines(change), *_measures(change)}))


def _openings(change: Change) -> Iterator[Day]:
    named = ((change.accepted_from, Step.ACCEPTED_FROM), (change.accepted_until, Step.LAST_OLD_APPLICATION))
    for on, step in named:
        if on is not None:
            yield Day(on, step)
    if change.effective is not None:
        yield Day(change.effective, _ENDINGS.get(change.kind, Step.EFFECTIVE))


def _deadlines(change: Change) -> Iterator[Day]:
    """The last days that the facts state; a first one that was set right stands instead of what the text says."""
    if change.deadline is None:
        return
    stated = [(on, fact) for fact in _of(change, FactType.DEADLINE) if (on := day_of(fact)) is not None]
    if all(on != change.deadline for on, _ in stated):
        yield Day(change.deadline, Step.ACT_BY)
    for on, fact in stated:
        if on >= change.deadline:
            yield Day(on, _DEEDS.get(fact.deed or "", Step.ACT_BY))


def _measures(change: Change) -> Iterator[Day]:
    for fact in _of(change, FactType.MEASURE):
        step, on = _MEASURES.get(str(fact.value)), _on(fact)
        if step is not None and on is not None:
            yield Day(on, step)
    for fact in _of(change, FactType.MARK):
        on = _on(fact) or (change.effective if change.kind in _ENDINGS else None)
        if on is not None:
            yield Day(on, Step.STOP_MARK)


def _on(fact: Fact) -> date | None:
    try:
        return date.fromisoformat(fact.on) if fact.on and len(fact.on) == 10 else None
    except ValueError:
        return None


def _of(change: Change, wanted: FactType) -> list[Fact]:
    return [fact for fact in change.facts if fact.type is wanted]


_ENDINGS = {ChangeKind.SUSPENSION: Step.SUSPENSION, ChangeKind.WITHDRAWAL: Step.WITHDRAWAL}
_DEEDS = {
    "apply": Step.APPLY_BY,
    "complete": Step.COMPLETE_BY,
    "test": Step.TEST_BY,
    "declare": Step.DECLARE_BY,
}
_MEASURES = {
    "suspension": Step.SUSPENSION,
    "withdrawal": Step.WITHDRAWAL,
    "cancellation": Step.CANCELLATION,
    "lapse": Step.LAPSE,
}
