"""One event told by several pages, in either order."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.merge import amend, merge, same_event, with_text_reason
from monitor.facts.fact import StandardChange

NOTICE = Change(
    kind=ChangeKind.NEW_EDITION,
    authority="ccap",
    family="CCAP-GZ-5830",
    event_key="CCAP-GZ-5830:2026",
    title_zh="关于实施新版规则的通知",
    detected_on=date(2026, 3, 2),
    source_url="http://x/notice",
    captures=(1,),
    roles=(EvidenceRole.NOTICE,),
    old_edition="CCAP-GZ-5830:2021",
    new_edition="CCAP-GZ-5830:2026",
    effective=date(2026, 7, 1),
    deadline=date(2027, 6, 30),
    standards=(StandardChange("GB 27887-2011", "GB 27887-2024"),),
    actions=("changeover",),
    consequence="suspension",
    families_named=("CCAP-GZ-5830",),
)
FILE = replace(
    NOTICE,
    kind=ChangeKind.NEW_RULE,
    title_zh="机动车儿童乘员用约束系统自愿性认证实施规则",
    source_url="http://x/rule",
    captures=(2, 9),
    roles=(EvidenceRole.FILE, EvidenceRole.BEFORE),
    old_edition=None,
    deadline=None,
    standards=(),
    actions=(),
    consequence=None,
    detected_on=date(2026, 3, 5),
)
ROW = replace(FILE, captures=(3,), roles=(EvidenceRole.LIST,), reasons=(ReviewReason.UNREADABLE_FILE,), effective=None)


def test_notice_file_and_row_of_one_edition_are_one_event() -> None:
    assert same_event(NOTICE, FILE)
    assert same_event(ROW, NOTICE)
    assert not same_event(NOTICE, replace(FILE, event_key="CCAP-GZ-5830:2027"))
    assert not same_event(NOTICE, replace(FILE, family="CCAP-GZ-5831"))


@given(st.permutations([NOTICE, FILE, ROW]))
def test_the_order_of_accounts_makes_no_difference(accounts: list[Change]) -> None:
    merged = accounts[0]
    for account in accounts[1:]:
        merged = merge(merged, account, has_text=True).change
    assert merged.kind is ChangeKind.NEW_EDITION
    assert merged.captures[0] == 1
    assert set(merged.captures) == {1, 2, 3, 9}
    assert merged.title_zh == NOTICE.title_zh
    assert (merged.old_edition, merged.effective, merged.deadline) == (
        "CCAP-GZ-5830:2021",
        date(2026, 7, 1),
        date(2027, 6, 30),
    )
    assert merged.reasons == ()
    assert merged.detected_on == accounts[0].detected_on


@given(st.sampled_from([NOTICE, FILE, ROW]))
def test_the_same_account_again_adds_nothing(account: Change) -> None:
    assert merge(account, account).fields in ((), ("reasons",))
    twice = merge(merge(account, account).change, account)
    assert twice.fields == ()


def test_different_days_are_said_and_the_earlier_is_shown() -> None:
    merged = merge(NOTICE, replace(FILE, effective=date(2026, 6, 1)), has_text=True)
    assert merged.change.effective == date(2026, 6, 1)
    assert ReviewReason.CONFLICTING_DATES in merged.change.reasons
    assert merged.is_material


def test_evidence_alone_is_not_material() -> None:
    merged = merge(NOTICE, replace(NOTICE, captures=(7,)))
    assert merged.change.captures == (1, 7)
    assert not merged.is_material


def test_a_deadline_that_comes_later_is_material() -> None:
    assert merge(FILE, NOTICE).is_material


def test_only_the_first_list_is_evidence() -> None:
    once = merge(NOTICE, ROW).change
    assert merge(once, replace(ROW, captures=(33,))).fields == ()


def test_a_listed_edition_without_text_waits_and_an_announced_one_does_not() -> None:
    assert with_text_reason(ROW, False).reasons == (ReviewReason.UNREADABLE_FILE,)
    assert with_text_reason(ROW, True).reasons == ()
    assert with_text_reason(NOTICE, False).reasons == ()


def test_an_amendment_alters_only_what_it_names() -> None:
    amended = amend(NOTICE, {"deadline": date(2027, 12, 31)})
    assert amended.fields == ("deadline",)
    assert amended.change.effective == NOTICE.effective
    assert amend(NOTICE, {"deadline": NOTICE.deadline}).fields == ()


def test_two_exchanges_are_two_revisions_and_an_explanation_is_none() -> None:
    first = replace(FILE, kind=ChangeKind.REVISION, event_key="4>7")
    second = replace(first, event_key="7>9", captures=(9, 7))
    explanation = replace(NOTICE, kind=ChangeKind.NOTICE, event_key="http://x", title_zh="关于有关技术决议的通知")
    sheet = replace(explanation, title_zh="关于发布CCAP-GZ-5830:2021第1号修改单的通知")
    assert not same_event(first, second)
    assert not same_event(explanation, first)
    assert same_event(sheet, first)


def test_a_second_suspension_months_later_is_another_event() -> None:
    first = replace(NOTICE, kind=ChangeKind.SUSPENSION, event_key="http://x/1")
    assert same_event(first, replace(first, event_key="http://x/2"))
    assert not same_event(first, replace(first, event_key="http://x/3", detected_on=date(2026, 9, 1)))
