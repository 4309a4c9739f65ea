"""Kept: a certificate, and the days of a change for one, as the values that the database keeps them in say."""

from datetime import date
from functools import lru_cache
from typing import Any

from monitor.certificates.certificate import Certificate, Holder, Status
from monitor.changes.days import Day, Step
from monitor.notation.standards import StandardRef, find_standards


def certificate_of(row: Any, *, with_standards: bool = True) -> Certificate:
    """Return the certificate of a row; without its standards, which are rows of their own, where only days matter."""
    named = (found for item in (row.standards if with_standards else ()) for found in _standards_named(item.standard))
    return Certificate(
        number=row.number,
        holder=Holder(row.holder.name),
        rule_printed=row.rule_printed,
        family=row.family,
        edition=row.edition,
        product=row.product,
        standards=tuple(named),
        issued=row.issued,
        expires=row.expires,
        next_surveillance=row.next_surveillance,
        last_surveillance=row.last_surveillance,
        cop_due=row.cop_due,
        factory=row.factory,
        models=row.models,
        consultant=row.consultant,
        language=row.language,
        time_zone=row.time_zone,
        status=Status(row.status),
    )


@lru_cache(maxsize=1 << 14)
def _standards_named(kept: str) -> tuple[StandardRef, ...]:
    """The standard of a kept row; a register of a million certificates names some thousand."""
    return find_standards(kept)[:1]


def days_of_match(match: Any) -> tuple[Day, ...]:
    """Return the days of a match that belong into a calendar, in order: those that bite its certificate, and the last
    for applications under the old text."""
    kept = (Day(date.fromisoformat(item["on"]), Step(item["step"])) for item in match.days)
    own = {Day(match.deadline, Step(match.step or Step.ACT_BY))} if match.deadline else set()
    return tuple(sorted(own | {day for day in kept if day.bites or day.step is Step.LAST_OLD_APPLICATION}))
