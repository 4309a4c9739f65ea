"""Does an edit change a requirement, and why: labelled pairs, and how the reasons read."""

from pathlib import Path

import pytest
import yaml

from monitor.comparison.compare import compare_texts
from monitor.comparison.substance.judge import LAYOUT_ONLY, MOST_REASONS, judge
from monitor.comparison.substance.references import Renumbering

CORPUS = Path(__file__).parents[2] / "corpus" / "pairs.yaml"
LABELLED = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
PAIRS = [(label == "substantive", old, new) for label, pairs in LABELLED.items() for old, new in pairs]


@pytest.mark.parametrize(("substantive", "old", "new"), PAIRS)
def test_labelled_pair_is_judged_as_labelled(substantive: bool, old: str, new: str) -> None:
    """In both directions: what was put right might as well have gone wrong."""
    for before, after in ((old, new), (new, old)):
        matters, why = judge(before, after)
        assert (matters, bool(why)) == (substantive, True), why


@pytest.mark.parametrize(("substantive", "old", "new"), PAIRS)
def test_labelled_pair_is_judged_alike_inside_a_clause(substantive: bool, old: str, new: str) -> None:
    rule = "1 范围\n汽车产品。\n2 要求\n2.1 一般要求\n认证按下列规定进行：{}。其余见说明。\n2.2 标志\n使用标志。\n"
    assert compare_texts(rule.format(old), rule.format(new)).substantive is substantive


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("样品数量为3件。", "样品数量为5件。", "number 3件 → 5件"),
        ("企业应提交报告。", "企业宜提交报告。", "应 → 宜"),
        ("按GB 27887-2011检验。", "按GB 27887-2024检验。", "standard year GB 27887-2011 → GB 27887-2024"),
        ("于2027年6月30日前完成。", "于2027年12月31日前完成。", "date 2027年6月30日 → 2027年12月31日"),
        ("间隙≥5mm。", "间隙＞5mm。", "limit ≥ → ＞"),
        ("见5.2.1。", "见5.2.2。", "reference 5.2.1 → 5.2.2"),
        ("企业应保存。", "企业不应保存。", "added 不"),
        ("限值为0.50mm。", "限值为0.5mm。", "precision 0.50mm → 0.5mm"),
        ("共一百件。", "共100件。", "same number spelled otherwise: 一百件 → 100件"),
        ("其它。", "其他。", "same word spelled otherwise: 其它 → 其他"),
        ("样品 送检。", "样品送检。", LAYOUT_ONLY),
    ],
)
def test_reason_names_what_differs(old: str, new: str, why: str) -> None:
    assert why in judge(old, new)[1]


def test_reference_that_follows_a_renumbering_is_editorial() -> None:
    numbers = Renumbering(lambda: [("5.2", "5.3"), ("附件1", "附件2"), ("第五条", "第六条")])
    assert judge("按5.2条", "按5.3条", numbers) == (False, ("cross reference follows renumbering 5.2条 → 5.3条",))
    assert not judge("见附件1", "见附件2", numbers)[0]
    assert not judge("依照本法第五条的规定", "依照本法第六条的规定", numbers)[0]


def test_reference_that_does_not_follow_the_renumbering_is_substantive() -> None:
    numbers = Renumbering(lambda: [("5.2", "5.3")])
    assert judge("按5.2条", "按5.4条", numbers)[0]
    assert judge("按5.1条", "按5.2条", numbers)[0]


def test_a_number_that_became_two_is_followed_by_no_reference() -> None:
    numbers = Renumbering(lambda: [("1.1", "1.2"), ("1.1", "1.3")])
    assert judge("按1.1条", "按1.2条", numbers)[0]


def test_reasons_are_not_more_than_a_person_reads() -> None:
    old = "。".join(f"数量{n}件" for n in range(1, 60))
    new = "。".join(f"数量{n + 100}件" for n in range(1, 60))
    matters, why = judge(old, new)
    assert matters
    assert len(why) == MOST_REASONS
    assert why[-1] == "and 48 more"
