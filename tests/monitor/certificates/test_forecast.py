"""Whom a standard or a rule would hit, and what falls due: the pure answer, and the command on a database."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.certificates.certificate import Certificate, Holder, Status
from monitor.certificates.commands import asked_for, look_ahead
from monitor.certificates.forecast import Asked, Known, forecast
from monitor.certificates.stage import match_changes
from monitor.errors import BadInput
from monitor.notation.standards import find_standards
from storage.changes import EditionRow
from storage.engine.database import Database
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change

TODAY = date(2026, 3, 2)
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "schemas" / "impact.schema.json").read_text("utf-8"))


def certificate(
    family: str = "CCAP-GZ-5830", edition: str | None = None, standards: str = "", **more: Any
) -> Certificate:
    """A certificate on a rule."""
    values = {"number": "C1", "holder": Holder("Alpha GmbH"), "rule_printed": family, **more}
    return Certificate(family=family, edition=edition, standards=find_standards(standards), **values)


def certainty(held: Certificate, asked: Asked, known: Known | None = None) -> str | None:
    """How certain it is that a certificate is hit, None where it is not."""
    hits, _ = forecast([held], asked, known or Known(), TODAY)
    return hits[0].certainty.value if hits else None


@pytest.mark.parametrize(
    ("standard", "named", "expected"),
    [
        ("GB 27887", "GB 27887-2011", "certain"),
        ("GB 27887", "GB 27887", "certain"),
        ("GB 27887-2011", "GB 27887-2011", "certain"),
        ("GB 27887-2011", "GB 27887", "likely"),
        ("GB 27887-2011", "GB 27887-2024", None),
        ("GB 27887", "GB/T 27887-2011", None),
        ("GB 27887", "", None),
    ],
)
def test_whom_a_standard_hits(standard: str, named: str, expected: str | None) -> None:
    assert certainty(certificate(standards=named), asked_for(standard, None, None, None)) == expected


def test_a_rule_that_rests_on_the_standard_hits_its_certificates() -> None:
    asked, known = asked_for("GB 27887", None, None, None), Known(resting=frozenset({"CCAP-GZ-5830"}))
    assert certainty(certificate(), asked, known) == "likely"
    assert certainty(certificate(standards="GB 8410-2006"), asked, known) == "possible"
    assert certainty(certificate("CCAP-GZ-1"), asked, known) is None


@pytest.mark.parametrize(
    ("rule", "edition", "expected"),
    [
        ("CCAP-GZ-5830", "CCAP-GZ-5830:2021", "certain"),
        ("CCAP-GZ-5830:2021", "CCAP-GZ-5830:2021", "certain"),
        ("CCAP-GZ-5830-2021", "CCAP-GZ-5830:2021", "certain"),
        ("CCAP-GZ-5830:2021", None, "likely"),
        ("CCAP-GZ-5830:2026", "CCAP-GZ-5830:2021", None),
        ("CCAP-GZ-5831", "CCAP-GZ-5830:2021", None),
    ],
)
def test_whom_a_rule_hits(rule: str, edition: str | None, expected: str | None) -> None:
    assert certainty(certificate(edition=edition), asked_for(None, rule, None, None)) == expected


def test_several_options_narrow_it_down_and_the_least_certain_reason_counts() -> None:
    held = certificate(edition="CCAP-GZ-5830:2021", standards="GB 27887")
    assert certainty(held, asked_for("GB 27887-2011", "CCAP-GZ-5830", "alpha", None)) == "likely"
    assert certainty(held, asked_for("GB 27887", "CCAP-GZ-5830", "beta", None)) is None


def test_what_ended_is_left_out_with_the_reason() -> None:
    hits, left_out = forecast([certificate(status=Status.WITHDRAWN)], Asked(holder="Alpha"), Known(), TODAY)
    assert not hits
    assert [item.reason for item in left_out] == ["the certificate is withdrawn"]


def test_only_what_falls_due_by_then_is_listed() -> None:
    held = [certificate(number="A", cop_due=date(2026, 5, 31)), certificate(number="B", cop_due=date(2026, 6, 1))]
    hits, _ = forecast(held, Asked(days=90), Known(), TODAY)
    assert [hit.certificate.number for hit in hits] == ["A"]


@pytest.mark.parametrize(
    "options",
    [(None, None, None, None), ("nothing", None, None, None), (None, "nothing", None, None), (None, None, None, -1)],
)
def test_what_cannot_be_asked_is_said(options: Any) -> None:
    with pytest.raises(BadInput):
        asked_for(*options)


def test_the_command_says_who_is_hit_what_falls_due_and_what_conflicts(
    sqlite_database: Database, tmp_path: Path
) -> None:
    seat = ("C-0001", "Alpha GmbH", "q@alpha.example", "CCAP-GZ-5830:2021", "Child seat", "GB 27887-2011")
    older = ("C-0002", "Beta Ltd", "q@beta.example", "CCAP-SB-5830-2003", "Child seat", "GB 27887-2011")
    add_certificates(sqlite_database, tmp_path, [(*seat, "2022-03-14", "2027-03-13"), older])
    add_change(sqlite_database, NEW_EDITION)
    with sqlite_database.session() as session:
        session.add(
            EditionRow(
                authority="ccap", family="CCAP-SB-5830", year=2003, letter="", edition="CCAP-SB-5830-2003", title_zh="",
                superseded_by="CCAP-GZ-5830:2021", first_seen=TODAY,
            )
        )  # fmt: skip
        session.commit()
    match_changes(sqlite_database, TODAY)
    found = look_ahead(sqlite_database, asked_for(None, "CCAP-GZ-5830", None, None), TODAY)
    Draft202012Validator(SCHEMA).validate(found)
    assert [(hit["certificate"], hit["certainty"]) for hit in found["certificates"]] == [
        ("C-0001", "certain"), ("C-0002", "likely"),
    ]  # fmt: skip
    assert [(due["on"], due["what"], due["change"]) for due in found["certificates"][0]["due"]] == [
        ("2026-03-14", "surveillance", None), ("2026-12-13", "renewal", None), ("2027-03-13", "expiry", None),
        ("2027-06-30", "act_by", 1),
    ]  # fmt: skip
    assert [due["conflict"] for due in found["certificates"][0]["due"]][2] == (
        "expires 13 March 2027, before the deadline: renew on the new edition; file by 13 December 2026"
    )
