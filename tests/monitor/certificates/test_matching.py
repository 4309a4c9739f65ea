"""Which certificates a change concerns, how certain that is, and because of what."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.certificates.certificate import Certificate, Holder, Status
from monitor.certificates.impact import Action, Impact, Severity, impact_of, is_open
from monitor.certificates.matching import Certainty, CertificateIndex, LeftOut, Match, Matcher
from monitor.certificates.spoken import Register
from monitor.changes.change import Change, ChangeKind
from monitor.changes.days import Day, Step
from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.notation.dates import add_months
from monitor.notation.standards import find_standards

TODAY = date(2026, 3, 2)


def change(kind: str, **values: Any) -> Change:
    """A change of a kind."""
    defaults: dict[str, Any] = {"authority": "ccap", "family": None, "event_key": "1", "title_zh": "", "source_url": ""}
    return Change(kind=ChangeKind(kind), detected_on=TODAY, captures=(), **{**defaults, **values})


def certificate(
    family: str = "CCAP-GZ-5830", edition: str | None = None, standards: str = "", **values: Any
) -> Certificate:
    """A certificate based on a rule."""
    values = {"number": "C1", "holder": Holder("H"), "rule_printed": family, **values}
    return Certificate(family=family, edition=edition, standards=find_standards(standards), **values)


def matched(found: Match | LeftOut | None) -> tuple[str, tuple[str, ...]] | None:
    """Certainty and reasons of a match."""
    return (found.certainty.value, found.because) if isinstance(found, Match) else None


def match(about: Change, which: Certificate, register: Register | None = None) -> Match | LeftOut | None:
    """Hold a change against one certificate."""
    return Matcher(about, register or Register(), TODAY).match(which)


NEW = change("new_edition", family="CCAP-GZ-5830", old_edition="CCAP-GZ-5830:2021", new_edition="CCAP-GZ-5830:2026")
MOVE = change(
    "standard_changeover", authority="cqc", standards=(StandardChange("GB/T 15579.5-2013", "GB/T 15579.5-2023"),)
)
MOVE_OF_RULE = replace(MOVE, family="CQC11-442551", families_named=("CQC11-442551",))


def test_the_same_rule_family_is_certain() -> None:
    for edition in ("CCAP-GZ-5830:2021", "CCAP-GZ-5830:2018", None):
        assert matched(match(NEW, certificate(edition=edition))) == ("certain", ("rule family CCAP-GZ-5830",))


def test_another_family_is_none() -> None:
    assert match(NEW, certificate("CCAP-GZ-5831")) is None


def test_a_certificate_on_the_new_edition_is_left_out() -> None:
    found = match(NEW, certificate(edition="CCAP-GZ-5830:2026"))
    assert isinstance(found, LeftOut)
    assert found.reason == "the certificate already rests on CCAP-GZ-5830:2026"


def test_a_rule_that_is_replaced_in_part_is_likely() -> None:
    about = change(
        "new_rule", family="CCAP-GZ-8103", new_edition="CCAP-GZ-8103:2021", supersedes=("CCAP-SB-8103-2003",)
    )
    partly = replace(about, facts=(Fact(FactType.SUPERSEDES, "CCAP-SB-8103-2003", "部分代替", partial=True),))
    found = match(partly, certificate("CCAP-SB-8103", edition="CCAP-SB-8103-2003"))
    assert isinstance(found, Match)
    assert found.certainty is Certainty.LIKELY


def test_a_family_that_is_superseded_by_statement_is_certain() -> None:
    about = change(
        "new_rule", family="CCAP-GZ-8103", new_edition="CCAP-GZ-8103:2021", supersedes=("CCAP-SB-8103-2003",)
    )
    found = matched(match(about, certificate("CCAP-SB-8103")))
    assert found == ("certain", ("rule family CCAP-SB-8103, superseded by CCAP-GZ-8103:2021",))


def test_a_family_that_the_register_links_is_certain_for_a_new_edition_only() -> None:
    register = Register(
        predecessors={"CCAP-GZ-5830": frozenset({"CCAP-SBM-1"}), "CCAP-SBM-1": frozenset({"CCAP-SB-5830"})}
    )
    assert matched(match(NEW, certificate("CCAP-SB-5830"), register)) == (
        "certain", ("rule family CCAP-SB-5830, superseded by CCAP-GZ-5830",),
    )  # fmt: skip
    ended = change("withdrawal", family="CCAP-GZ-5830")
    found = match(ended, certificate("CCAP-SB-5830"), register)
    assert isinstance(found, Match)
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    ("standards", "certainty"),
    [
        ("GB/T 15579.5-2013", "certain"),
        ("GB/T 15579.5", "likely"),
        ("GB/T 15579.5-2004", "likely"),
        ("GB/T 15579.5-2023", None),
        ("GB/T 15579.7-2013", None),
        ("GB 15579.5-2013", None),
        ("", None),
    ],
)
def test_a_changeover_concerns_the_old_edition_of_the_standard(standards: str, certainty: str | None) -> None:
    found = matched(match(MOVE, certificate("CQC11-442551", standards=standards)))
    assert (found and found[0]) == certainty


@pytest.mark.parametrize(
    ("standards", "certainty"),
    [("", "certain"), ("GB/T 15579.5-2013", "certain"), ("GB/T 15579.5", "certain"), ("GB/T 15579.12-2012", None)],
)
def test_a_changeover_of_a_rule_concerns_its_certificates_by_standard(standards: str, certainty: str | None) -> None:
    found = match(MOVE_OF_RULE, certificate("CQC11-442551", standards=standards))
    assert (matched(found) or (None,))[0] == certainty
    assert certainty or (isinstance(found, LeftOut) and "none of the standards" in found.reason)


def test_a_notice_that_names_other_rules_makes_a_standard_likely_only() -> None:
    found = matched(match(MOVE_OF_RULE, certificate("CQC11-442999", standards="GB/T 15579.5-2013")))
    assert found == ("likely", ("standard GB/T 15579.5-2013", "the notice names other rules"))


def test_another_authoritys_notice_makes_a_standard_possible_only() -> None:
    found = matched(match(MOVE, certificate("CCAP-GZ-1", standards="GB/T 15579.5-2013")))
    assert found is not None
    assert found[0] == "possible"
    of_the_state = replace(MOVE, authority="cnca")
    assert (matched(match(of_the_state, certificate("CCAP-GZ-1", standards="GB/T 15579.5-2013"))) or [""])[
        0
    ] == "certain"


def test_a_rule_that_rests_on_the_standard_is_likely() -> None:
    register = Register(
        rests_on={"GB/T 15579.5": frozenset({("CQC11-442551", "GB/T 15579.5-2013"), ("CQC11-9", "GB/T 15579.5-2023")})}
    )
    assert (matched(match(MOVE, certificate("CQC11-442551"), register)) or [""])[0] == "likely"
    assert (matched(match(MOVE, certificate("CQC11-442551", standards="GB 1-2000"), register)) or [""])[0] == "possible"
    assert match(MOVE, certificate("CQC11-9"), register) is None


def test_a_new_edition_does_not_reach_other_rules_by_its_standards() -> None:
    about = replace(NEW, standards=(StandardChange("GB 27887-2011", "GB 27887-2024"),), families_named=("CCAP-GZ-1",))
    assert match(about, certificate("CCAP-GZ-1", standards="GB 27887-2011")) is None


def test_a_product_scope_is_possible() -> None:
    about = change("notice", scope_zh="机动车制动软管")
    register = Register(titles={"CCAP-SB-3561": "机动车制动软管自愿性认证实施规则"})
    assert matched(match(about, certificate("CCAP-SB-3561"), register)) == (
        "possible",
        ("product scope 机动车制动软管",),
    )
    assert (matched(match(about, certificate("CCAP-GZ-9", product="制动软管"))) or [""])[0] == "possible"
    assert match(about, certificate("CCAP-GZ-9", product="Brake hose")) is None
    assert match(about, certificate("CQC11-442551", product="制动软管")) is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": Status.WITHDRAWN}, "the certificate is withdrawn"),
        ({"status": Status.EXPIRED}, "the certificate is expired"),
        ({"expires": date(2026, 3, 1)}, "the certificate expired on 2026-03-01"),
    ],
)
def test_what_has_ended_is_left_out_with_the_reason(values: dict[str, Any], reason: str) -> None:
    found = match(NEW, certificate(**values))
    assert isinstance(found, LeftOut)
    assert found.reason == reason


@pytest.mark.parametrize("values", [{"status": Status.SUSPENDED}, {"expires": TODAY}, {"expires": None}])
def test_what_can_still_be_saved_is_concerned(values: dict[str, Any]) -> None:
    assert matched(match(NEW, certificate(**values))) is not None


@pytest.mark.parametrize(
    ("about", "impact"),
    [
        (replace(NEW, deadline=date(2027, 6, 30), actions=("changeover", "retest"), consequence="suspension"),
         Impact(Severity.ACT_BY, Action.CHANGEOVER, date(2027, 6, 30), None, "suspension", Step.ACT_BY,
                (Day(date(2027, 6, 30), Step.ACT_BY),))),
        (NEW, Impact(Severity.ACT, Action.CHANGEOVER)),
        (replace(NEW, actions=("none",)), Impact(Severity.KNOW, Action.NONE)),
        (replace(NEW, deadline_note="next_surveillance"),
         Impact(Severity.ACT_BY, Action.CHANGEOVER, None, "next_surveillance")),
        (replace(NEW, deadline_note="certificate_expiry"),
         Impact(Severity.ACT_BY, Action.CHANGEOVER, date(2027, 12, 31), "certificate_expiry", step=Step.RENEW_BY)),
        (replace(NEW, deadline_note="effective+6m", effective=date(2026, 8, 31)),
         Impact(Severity.ACT_BY, Action.CHANGEOVER, date(2027, 2, 28), "effective+6m", step=Step.ACT_BY,
                days=(Day(date(2026, 8, 31), Step.EFFECTIVE),))),
        (replace(NEW, deadline=date(2028, 6, 30)),
         Impact(Severity.ACT_BY, Action.CHANGEOVER, date(2027, 12, 31), step=Step.RENEW_BY,
                days=(Day(date(2028, 6, 30), Step.ACT_BY),))),
        (replace(NEW, kind=ChangeKind.SUSPENSION, effective=date(2026, 3, 16), consequence="suspension"),
         Impact(Severity.ACT_BY, Action.CONTACT_AUTHORITY, date(2026, 3, 16), None, "suspension", Step.SUSPENSION,
                (Day(date(2026, 3, 16), Step.SUSPENSION),))),
        (replace(NEW, kind=ChangeKind.WITHDRAWAL), Impact(Severity.ACT, Action.CONTACT_AUTHORITY)),
        (replace(NEW, kind=ChangeKind.REVISION), Impact(Severity.KNOW, Action.READ)),
        (replace(NEW, kind=ChangeKind.NOTICE), Impact(Severity.KNOW, Action.UNKNOWN)),
        (replace(NEW, kind=ChangeKind.NOTICE, deadline=date(2026, 9, 1)),
         Impact(Severity.ACT_BY, Action.READ, date(2026, 9, 1), step=Step.ACT_BY,
                days=(Day(date(2026, 9, 1), Step.ACT_BY),))),
    ],
)  # fmt: skip
def test_what_a_change_means_for_a_certificate(about: Change, impact: Impact) -> None:
    assert impact_of(about, Match(certificate(expires=date(2027, 12, 31)), Certainty.CERTAIN, ("x",))) == impact


def test_no_new_requirement_is_editorial() -> None:
    found = Match(certificate(), Certainty.CERTAIN, ())
    about = replace(NEW, kind=ChangeKind.REVISION)
    assert impact_of(about, found, substantive=False) == Impact(Severity.EDITORIAL, Action.NONE)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 2), 6, date(2026, 9, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_as_the_civil_code_says(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("effective", "deadline", "note", "detected_on", "expected"),
    [
        (None, TODAY, None, date(2024, 1, 1), True),
        (date(2026, 1, 1), None, None, date(2025, 12, 1), False),
        (None, None, None, date(2025, 3, 2), True),
        (None, None, None, date(2025, 3, 1), False),
        (date(2026, 1, 1), None, "next_surveillance", date(2025, 12, 1), True),
    ],
)
def test_how_long_a_change_is_open(
    effective: date | None, deadline: date | None, note: str | None, detected_on: date, expected: bool
) -> None:
    told = replace(
        change("notice", effective=effective, deadline=deadline, deadline_note=note), detected_on=detected_on
    )
    assert is_open(told, TODAY) is expected


FAMILIES = ("CCAP-GZ-1111", "CCAP-GZ-1112", "CCAP-SB-1111", "CQC11-442551", "CQC16-491278")
STANDARDS = ("GB 1-2000", "GB 1-2010", "GB 1", "GB/T 2-2001", "GB/T 2-2011", "QC/T 3-1999")
families = st.sampled_from(FAMILIES)
products = st.sampled_from(("", "Seat", "制动软管", "儿童约束系统", "机动车制动软管总成"))
certificates = st.builds(
    lambda family, year, standards, product, status, number: certificate(
        family, f"{family}-{year}" if year else None, "；".join(standards), product=product, status=status,
        number=str(number),
    ),
    families, st.sampled_from((None, 2009, 2015, 2020)), st.lists(st.sampled_from(STANDARDS), max_size=3, unique=True),
    products, st.sampled_from(Status), st.integers(0, 10**6),
)  # fmt: skip
pairs = st.builds(StandardChange, st.sampled_from(STANDARDS), st.sampled_from(STANDARDS))
changes = st.builds(
    lambda kind, family, named, supersedes, standards, scope, authority, other: change(
        kind, family=family, families_named=tuple(named), supersedes=tuple(supersedes), standards=tuple(standards),
        scope_zh=scope, authority=authority, standards_named=tuple(other),
        new_edition=f"{family}-2020" if family else None, old_edition=f"{family}-2015" if family else None,
    ),
    st.sampled_from([kind.value for kind in ChangeKind]), st.none() | families, st.lists(families, max_size=2),
    st.lists(st.sampled_from(FAMILIES).map(lambda family: f"{family}-2009"), max_size=2), st.lists(pairs, max_size=2),
    st.none() | products, st.sampled_from(("ccap", "cqc", "cnca")), st.lists(st.sampled_from(STANDARDS), max_size=2),
)  # fmt: skip
registers = st.builds(
    lambda older, rests, title: Register(
        {family: frozenset(found) for family, found in older.items()},
        {key: frozenset(found) for key, found in rests.items()},
        dict.fromkeys(FAMILIES[:2], title),
    ),
    st.dictionaries(families, st.sets(families, max_size=2), max_size=3),
    st.dictionaries(
        st.sampled_from(("GB 1", "GB/T 2")), st.sets(st.tuples(families, st.sampled_from(STANDARDS)), max_size=3)
    ),
    st.sampled_from(("", "制动软管认证规则")),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(changes, st.lists(certificates, max_size=12), registers)
def test_matching_in_bulk_equals_matching_one_by_one(
    about: Change, many: list[Certificate], register: Register
) -> None:
    matcher = Matcher(about, register, TODAY)
    one_by_one = [found for found in map(matcher.match, many) if found is not None]
    assert list(CertificateIndex(many).match(matcher)) == one_by_one


@settings(max_examples=200, deadline=None)
@given(changes, certificates, registers)
def test_every_match_says_because_of_what(about: Change, which: Certificate, register: Register) -> None:
    found = match(about, which, register)
    if isinstance(found, Match):
        assert found.because
        assert which.ended(TODAY) is None
