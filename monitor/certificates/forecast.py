"""Forecast: whom a change of a standard or a rule would hit, and what falls due on whose certificates by when.

certain    the certificate rests on the rule, or names the standard, in the edition that is asked for
likely     it names the standard without a year, or its rule replaces or rests on what is asked for
possible   its rule rests on the standard, and the certificate names others
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from monitor.certificates.calendar import Duty, calendar_of
from monitor.certificates.certificate import Certificate
from monitor.certificates.impact import conflict_of
from monitor.certificates.matching import Certainty, LeftOut
from monitor.changes.days import Day, Step
from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; what is None is not asked. `days` counts from today."""

    standard: StandardRef | None = None
    rule: RuleCode | None = None
    holder: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A change that concerns a certificate and is not settled: its number, what it is called, its days for it.

    `reckoned` says that its deadline is a surveillance that no register states.
    """

    change: int
    title: str
    days: tuple[Day, ...]
    deadline: date | None = None
    reckoned: bool = False

    def is_reckoned(self, day: Day) -> bool:
        """Return whether a day of the change stands in no register."""
        return self.reckoned and day.step is Step.SURVEILLANCE


@dataclass(frozen=True, slots=True)
class Known:
    """What the register of rules knows: families that the asked rule replaced, and families that rest on the standard.

    `standing` are the changes of each certificate by its number.
    """

    replaced: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    standing: Mapping[str, Sequence[Standing]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class DueDay:
    """What falls due on a certificate on a day: a duty of its own calendar, or a step of a change."""

    on: date
    what: str
    reckoned: bool = False
    change: int | None = None
    about: str | None = None
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A certificate that would be hit, how certain that is and why, and what falls due on it, in order."""

    certificate: Certificate
    certainty: Certainty
    because: tuple[str, ...]
    due: tuple[DueDay, ...]


def forecast(
    certificates: Iterable[Certificate], asked: Asked, known: Known, today: date
) -> tuple[tuple[Hit, ...], tuple[LeftOut, ...]]:
    """Return the certificates that are asked for, those with the next day first, and those that ended, with the reason.

    Where a number of days is asked for, only certificates on which something falls due by then, or is overdue.
    """
    hits, left_out = [], []
    for certificate in certificates:
        reasons = _reasons(certificate, asked, known)
        if reasons is None:
            continue
        if ended := certificate.ended(today):
            left_out.append(LeftOut(certificate, ended))
        elif (due := _due(certificate, asked, known, today)) or asked.days is None:
            certainty = max((certainty for certainty, _ in reasons), key=[*Certainty].index, default=Certainty.CERTAIN)
            hits.append(Hit(certificate, certainty, tuple(because for _, because in reasons), due))
    return tuple(sorted(hits, key=_order)), tuple(left_out)


def _reasons(certificate: Certificate, asked: Asked, known: Known) -> list[tuple[Certainty, str]] | None:
    """Why a certificate answers all that is asked for, None where it does not answer one of it."""
    found = []
    if asked.standard is not None:
        found.append(_by_standard(certificate, asked.standard, known))
    if asked.rule is not None:
        found.append(_by_rule(certificate, asked.rule, known))
    if asked.holder is not None:
        name = certificate.holder.name
        is_meant = asked.holder.casefold() in name.casefold()
        found.append((Certainty.CERTAIN, f"holder {name}") if is_meant else None)
    return None if None in found else [reason for reason in found if reason is not None]


def _by_standard(certificate: Certificate, asked: StandardRef, known: Known) -> tuple[Certainty, str] | None:
    named = [standard for standard in certificate.standards if standard.undated == asked.undated]
    same = [standard for standard in named if asked.year in (None, standard.year)]
    if same:
        return Certainty.CERTAIN, f"standard {same[0]}"
    if any(standard.year is None for standard in named):
        return Certainty.LIKELY, f"standard {named[0]}, named without a year"
    if named or certificate.family not in known.resting:
        return None
    because = f"rule {certificate.family} rests on {asked.undated}"
    if certificate.standards:
        return Certainty.POSSIBLE, f"{because}; the certificate names other standards"
    return Certainty.LIKELY, because


def _by_rule(certificate: Certificate, asked: RuleCode, known: Known) -> tuple[Certainty, str] | None:
    family = str(asked.family)
    if certificate.family in known.replaced and certificate.family != family:
        return Certainty.LIKELY, f"rule family {certificate.family}, replaced by {family}"
    if certificate.family != family:
        return None
    if asked.year is None or certificate.edition == asked.edition:
        return Certainty.CERTAIN, f"rule {certificate.edition or family}"
    return (Certainty.LIKELY, f"rule {family}, edition not named") if certificate.edition is None else None


def _due(certificate: Certificate, asked: Asked, known: Known, today: date) -> tuple[DueDay, ...]:
    """The certificate's own days and those of its changes; what conflicts is said where it expires."""
    standing = known.standing.get(certificate.number, ())
    conflicts = (conflict_of(certificate.expires, item.deadline, item.days, today) for item in standing)
    said = next((conflict for conflict in conflicts if conflict), None)
    own = [
        DueDay(due.on, due.duty.value, due.reckoned, conflict=said if due.duty is Duty.EXPIRY else None)
        for due in calendar_of(certificate, today)
    ]
    changes = [
        DueDay(day.on, day.step.value, item.is_reckoned(day), item.change, item.title)
        for item in standing
        for day in item.days
        if day.step not in (Step.RENEW_BY, Step.EXPIRES)
    ]
    last = date.max if asked.days is None else today + timedelta(days=asked.days)
    found = (due for due in (*own, *changes) if due.on <= last)
    return tuple(sorted(found, key=lambda due: (due.on, due.what, due.change or 0)))


def _order(hit: Hit) -> tuple[date, str, str]:
    return hit.due[0].on if hit.due else date.max, hit.certificate.holder.name, hit.certificate.number
