"""The certificate's own calendar: what the register states, what is reckoned, what is over."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.calendar import Due, Duty, calendar_of, conflict, next_surveillance
from monitor.certificates.certificate import Certificate, Holder, Status

TODAY = date(2026, 3, 2)
days = st.none() | st.dates(date(2020, 1, 1), date(2032, 12, 31))


def certificate(**values: Any) -> Certificate:
    """A certificate with some days."""
    return Certificate("C1", Holder("H"), "CCAP-GZ-5830:2021", "CCAP-GZ-5830", **values)


def test_a_certificate_has_its_renewal_its_surveillance_and_its_test() -> None:
    held = certificate(issued=date(2022, 3, 14), expires=date(2027, 3, 13), cop_due=date(2026, 5, 4))
    assert calendar_of(held, TODAY) == (
        Due(date(2026, 3, 14), Duty.SURVEILLANCE, reckoned=True),
        Due(date(2026, 5, 4), Duty.COP_TEST),
        Due(date(2026, 12, 13), Duty.RENEWAL, reckoned=True),
        Due(date(2027, 3, 13), Duty.EXPIRY),
    )


@pytest.mark.parametrize(
    ("values", "on", "reckoned"),
    [
        ({"next_surveillance": date(2026, 9, 10)}, date(2026, 9, 10), False),
        ({"next_surveillance": TODAY}, TODAY, False),
        ({"next_surveillance": date(2026, 9, 10), "last_surveillance": date(2025, 9, 1)}, date(2026, 9, 10), False),
        ({"next_surveillance": date(2026, 9, 10), "last_surveillance": date(2026, 8, 20)}, date(2027, 8, 20), True),
        ({"next_surveillance": date(2026, 2, 10)}, date(2027, 2, 10), True),
        ({"last_surveillance": date(2025, 6, 18), "issued": date(2020, 1, 1)}, date(2026, 6, 18), True),
        ({"last_surveillance": TODAY}, date(2027, 3, 2), True),
        ({"issued": date(2024, 2, 29)}, date(2027, 2, 28), True),
        ({"issued": date(2022, 3, 14), "expires": date(2026, 3, 13)}, None, None),
        ({}, None, None),
    ],
)
def test_the_next_surveillance(values: dict[str, Any], on: date | None, reckoned: bool | None) -> None:
    found = next_surveillance(certificate(**values), TODAY)
    assert found == (Due(on, Duty.SURVEILLANCE, bool(reckoned)) if on else None)


def test_a_surveillance_that_is_over_stays_until_a_later_one_is_entered() -> None:
    over = certificate(next_surveillance=date(2026, 2, 10))
    assert calendar_of(over, TODAY)[0] == Due(date(2026, 2, 10), Duty.SURVEILLANCE)
    done = certificate(next_surveillance=date(2026, 2, 10), last_surveillance=date(2026, 2, 3))
    assert calendar_of(done, TODAY) == (Due(date(2027, 2, 3), Duty.SURVEILLANCE, reckoned=True),)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.CANCELLED, Status.EXPIRED])
def test_nothing_falls_due_on_what_has_ended(status: Status) -> None:
    assert calendar_of(certificate(expires=date(2027, 3, 13), status=status), TODAY) == ()
    assert calendar_of(certificate(expires=date(2026, 3, 1)), TODAY) == ()


@given(days, days, days, days, days)
def test_the_calendar_is_in_order_and_names_each_day_once(
    issued: date | None, expires: date | None, upcoming: date | None, last: date | None, test: date | None
) -> None:
    held = certificate(issued=issued, expires=expires, next_surveillance=upcoming, last_surveillance=last, cop_due=test)
    found = calendar_of(held, TODAY)
    assert list(found) == sorted(set(found))
    assert all(due.on >= TODAY for due in found if due.reckoned and due.duty is Duty.SURVEILLANCE)
    assert all(expires is None or due.on <= expires for due in found if due.reckoned)


def test_a_conflict_is_said_as_a_consultant_would() -> None:
    said = conflict(date(2027, 3, 13), date(2027, 6, 30), TODAY)
    assert said == "expires 13 March 2027, before the deadline: renew on the new edition; file by 13 December 2026"
    assert conflict(date(2027, 6, 30), date(2027, 6, 30), TODAY) is None
