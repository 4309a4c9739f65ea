"""The edits inside a pair of texts: exact, whole tokens, no confetti."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings

from monitor.comparison.comparison import Edit
from monitor.comparison.diff import apply_edits, diff_texts, joined_edits, shared_end, shared_start, tokens_of
from tests.strategies import chinese_texts


def marked(old: str, new: str) -> str:
    """The edits as one line: what is gone in [-…-], what came in {+…+}."""
    forms = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(forms[edit.op].format(edit.text) for edit in diff_texts(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("获证后每12个月检查一次。", "获证后每24个月检查一次。", "获证后每[-12个月-]{+24个月+}检查一次。"),
        ("按GB 27887-2011检验", "按GB 27887-2024检验", "按[-GB 27887-2011-]{+GB 27887-2024+}检验"),
        ("应于2027年6月30日前", "应于2027年12月31日前", "应于[-2027年6月30日-]{+2027年12月31日+}前"),
        ("企业应提交", "企业宜提交", "企业[-应-]{+宜+}提交"),
        ("样品3件。", "样品3件。", "样品3件。"),
        ("由委托人提交。", "由认证委托人提交。", "由{+认证+}委托人提交。"),
        ("CCAP-GZ-5830:2021版", "CCAP-GZ-5830:2026版", "[-CCAP-GZ-5830:2021-]{+CCAP-GZ-5830:2026+}版"),
        ("电压为220V时", "电压为230V时", "电压为[-220V-]{+230V+}时"),
        ("", "新", "{+新+}"),
        ("旧", "", "[-旧-]"),
    ],
)
def test_tokens_stay_whole(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown


def test_changes_that_a_sign_keeps_apart_become_one() -> None:
    edits = diff_texts("委托人提交书面的申请材料。", "生产者递交纸质的变更材料。")
    assert sum(edit.op != "equal" for edit in edits) <= 4


def test_nothing_differs_in_nothing() -> None:
    assert diff_texts("", "") == ()
    assert diff_texts("同", "同") == (Edit("equal", "同"),)


@settings(max_examples=400, deadline=None)
@given(chinese_texts(120), chinese_texts(120))
def test_edits_give_back_both_texts(old: str, new: str) -> None:
    assert apply_edits(diff_texts(old, new)) == (old, new)


@settings(max_examples=200, deadline=None)
@given(chinese_texts(120))
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens_of(text)) == text


def test_no_two_neighbours_are_of_one_kind() -> None:
    chance = random.Random(7)
    for _ in range(300):
        old = "".join(chance.choices("应宜可件3５年。，\n电线A-", k=40))
        new = "".join(sign for sign in old if chance.random() > 0.2)
        edits = diff_texts(old, new)
        assert all(a.op != b.op for a, b in pairwise(edits))
        assert all(edit.text for edit in edits)


def test_long_texts_are_cut_into_sentences_and_stay_exact() -> None:
    chance = random.Random(3)
    sentences = ["".join(chance.choices("样品检验认证机构标准规则", k=20)) + "。" for _ in range(400)]
    new = [sentence.replace("样", "产", 1) if chance.random() < 0.1 else sentence for sentence in sentences]
    old_text, new_text = "".join(sentences), "".join(new)
    edits = diff_texts(old_text, new_text)
    assert apply_edits(edits) == (old_text, new_text)
    assert sum(len(edit.text) for edit in edits if edit.op != "equal") < len(old_text) / 20


def test_joined_edits_put_deletions_first() -> None:
    edits = [Edit("equal", "a"), Edit("insert", "b"), Edit("delete", "c"), Edit("insert", "d"), Edit("equal", "e")]
    assert joined_edits(edits) == (Edit("equal", "a"), Edit("delete", "c"), Edit("insert", "bd"), Edit("equal", "e"))


@settings(max_examples=300, deadline=None)
@given(chinese_texts(300), chinese_texts(40), chinese_texts(40))
def test_shared_start_and_end_are_as_long_as_can_be(common: str, old: str, new: str) -> None:
    start = shared_start(common + old, common + new)
    assert (common + old)[:start] == (common + new)[:start]
    assert start == min(len(common + old), len(common + new)) or (common + old)[start] != (common + new)[start]
    limit = min(len(old + common), len(new + common))
    end = shared_end(old + common, new + common, limit)
    assert end >= len(common)
    assert end == limit or (old + common)[-end - 1] != (new + common)[-end - 1]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("促进发展，制定本法。", "促进发展，根据宪法，制定本法。", "促进发展，{+根据宪法，+}制定本法。"),
        ("应当承担责任。", "应当承担责任。造成损失的，承担赔偿责任。", "应当承担责任。{+造成损失的，承担赔偿责任。+}"),
        ("人民法院的审判员。", "人民法院的审判员、助理审判员。", "人民法院的审判员{+、助理审判员+}。"),
        ("由法律委员会审议", "由宪法和法律委员会审议", "由{+宪法和+}法律委员会审议"),
        ("每12个月检查，抽样12件。", "每12个月检查。", "每12个月检查[-，抽样12件-]。"),
        ("编号1212", "编号12121212", "编号[-1212-]{+12121212+}"),
    ],
)
def test_what_is_only_added_or_removed_begins_where_a_person_sees_it_begin(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown
