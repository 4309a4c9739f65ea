"""Calendar: what falls due on a certificate of itself, whatever becomes of its rule: renewal, surveillance, CoP test.

A day stands in the register, or is reckoned from one that does: a factory is inspected every twelve months, with the
test of conformity of production, and the renewal should be applied for three months before the certificate expires.
What is reckoned says so: the authority sets the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.certificates.certificate import Certificate
from monitor.notation.dates import add_months

RENEWAL_MONTHS = 3
"""An application for renewal is recommended so many months before a certificate expires."""
SURVEILLANCE_MONTHS = 12
"""From one surveillance inspection, or from issue, to the next."""


class Duty(StrEnum):
    """What falls due on a certificate of itself."""

    RENEWAL = "renewal"
    EXPIRY = "expiry"
    SURVEILLANCE = "surveillance"
    COP_TEST = "cop_test"


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One day of a certificate's own calendar; `reckoned` where it stands in no register."""

    on: date
    duty: Duty
    reckoned: bool = False


def calendar_of(certificate: Certificate, today: date) -> tuple[Due, ...]:
    """Return what falls due on a certificate, in order; nothing of one that has ended.

    A day that is over stays while nothing says that the duty was done: the day to apply for renewal until the
    certificate expires, a surveillance of the register until a later one is entered, the CoP test.
    """
    return () if certificate.ended(today) else tuple(sorted({*_ends(certificate), *_inspections(certificate, today)}))


def next_surveillance(certificate: Certificate, day: date) -> Due | None:
    """Return the first surveillance from a day on: of the register, else twelve months after the last, or after issue.

    None where nothing is known to reckon from, and where the certificate expires before.
    """
    stated = certificate.next_surveillance
    if stated is not None and stated >= day and not _is_done(certificate):
        return Due(stated, Duty.SURVEILLANCE)
    last = certificate.last_surveillance
    base = last if _is_done(certificate) else stated or last or certificate.issued
    if base is None:
        return None
    on = _anniversary(base, day)
    is_after_the_end = certificate.expires is not None and on > certificate.expires
    return None if is_after_the_end else Due(on, Duty.SURVEILLANCE, reckoned=True)


def apply_for_renewal_by(expires: date) -> date:
    """Return the day by which the renewal of a certificate should be applied for."""
    return add_months(expires, -RENEWAL_MONTHS)


def conflict(expires: date, later: date, today: date, *, is_duty: bool = True) -> str | None:
    """Return what a consultant would say first of a certificate that expires before a day that concerns it.

    `is_duty` is False where the day brings something that befalls the certificate whoever acts. None where the
    certificate outlives the day.
    """
    if expires >= later:
        return None
    if not is_duty:
        return f"expires {_said(expires)}, before that day"
    file_by = apply_for_renewal_by(expires)
    file = f"file by {_said(file_by)}" if file_by >= today else f"file now ({_said(file_by)} was recommended)"
    return f"expires {_said(expires)}, before the deadline: renew on the new edition; {file}"


def _ends(certificate: Certificate) -> Iterator[Due]:
    if certificate.expires is not None:
        yield Due(apply_for_renewal_by(certificate.expires), Duty.RENEWAL, reckoned=True)
        yield Due(certificate.expires, Duty.EXPIRY)


def _inspections(certificate: Certificate, today: date) -> Iterator[Due]:
    stated = certificate.next_surveillance
    if stated is not None and not _is_done(certificate):
        yield Due(stated, Duty.SURVEILLANCE)
    if (following := next_surveillance(certificate, today)) is not None:
        yield following
    if certificate.cop_due is not None:
        yield Due(certificate.cop_due, Duty.COP_TEST)


def _is_done(certificate: Certificate) -> bool:
    """Whether the surveillance of the register was done: a last one is entered that is nearer to it than to the one
    before."""
    stated, last = certificate.next_surveillance, certificate.last_surveillance
    return stated is not None and last is not None and last > add_months(stated, -SURVEILLANCE_MONTHS // 2)


def _anniversary(base: date, day: date) -> date:
    """Return the first day from a day on that lies whole years after a base, one at least."""
    years = max(1, day.year - base.year)
    on = add_months(base, SURVEILLANCE_MONTHS * years)
    return on if on >= day else add_months(base, SURVEILLANCE_MONTHS * (years + 1))


def _said(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
