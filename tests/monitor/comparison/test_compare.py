"""What happened to each clause, as a consultant would call it; and real laws with real amendments."""

from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz.fuzz import ratio

from monitor.comparison.compare import compare_documents, compare_texts
from monitor.comparison.comparison import ClauseChange, Op
from monitor.comparison.diff import apply_edits
from monitor.comparison.pairing.side import side_of
from monitor.documents.document import Document, Part, PartRole
from monitor.documents.reader import read_text_document
from tests.strategies import document_of

REAL_PAIRS = Path(__file__).parents[4] / "shared" / "data" / "real_pairs"
UNCHANGED = (Op.UNCHANGED, Op.MOVED, Op.RENUMBERED)

RULE = """1 适用范围
本规则适用于电线组件。
2 认证模式
型式试验加工厂检查，试验按4.2进行。
3 申请
3.1 申请资料
认证委托人应提交申请书和产品描述。
3.2 受理
认证机构应在5个工作日内决定是否受理。
4 试验
4.1 样品
样品为3件，由认证委托人送样。
4.2 方法
按GB 4706.1-2005进行。
附件1 产品清单
附件2 图样要求
"""


def listed(old: str, new: str) -> dict[str, ClauseChange]:
    """The changed clauses by their new number, those that are gone by their old one."""
    changed = compare_texts(old, new).changed
    return {clause.new_path or f"-{clause.old_path}": clause for clause in changed}


def test_same_text_lists_nothing() -> None:
    comparison = compare_texts(RULE, RULE)
    assert comparison.changed == ()
    assert (comparison.unchanged, comparison.substantive, comparison.alignment) == (10, False, 1.0)


def test_one_changed_number_is_the_only_change() -> None:
    changed = listed(RULE, RULE.replace("样品为3件", "样品为5件"))
    assert {path: (c.op, c.substantive, c.why) for path, c in changed.items()} == {
        "4.1": (Op.MODIFIED, True, ("number 3件 → 5件",))
    }


def test_inserted_chapter_renumbers_and_rewrites_nothing() -> None:
    new = (
        RULE.replace("3 申请\n", "3 总则\n认证遵循自愿原则。\n4 申请\n").replace("3.1 ", "4.1 ").replace("3.2 ", "4.2 ")
    )
    new = (
        new.replace("4 试验", "5 试验")
        .replace("4.1 样", "5.1 样")
        .replace("4.2 方", "5.2 方")
        .replace("按4.2进", "按5.2进")
    )
    changed = listed(RULE, new)
    assert {path: c.op for path, c in changed.items()} == {
        "2": Op.MODIFIED,
        "3": Op.ADDED,
        **dict.fromkeys(("4", "4.1", "4.2", "5", "5.1", "5.2"), Op.RENUMBERED),
    }
    assert [path for path, c in changed.items() if c.substantive] == ["3"]
    assert changed["2"].why == ("cross reference follows renumbering 4.2 → 5.2",)


def test_clause_under_another_chapter_has_moved() -> None:
    clause = "3.2 受理\n认证机构应在5个工作日内决定是否受理。\n"
    new = RULE.replace(clause, "").replace("附件1 产", clause.replace("3.2", "4.3") + "附件1 产")
    changed = listed(RULE, new)
    assert {path: (c.op, c.old_path, c.substantive) for path, c in changed.items()} == {"4.3": (Op.MOVED, "3.2", False)}


def test_moved_annex_is_moved() -> None:
    new = RULE.replace("附件1 产品清单\n附件2 图样要求\n", "附件1 图样要求\n附件2 产品清单\n")
    ops = Counter(clause.op for clause in listed(RULE, new).values())
    assert set(ops) <= {Op.MOVED, Op.RENUMBERED}
    assert ops[Op.MOVED] == 1


def test_removed_and_added_clauses_are_substantive() -> None:
    changed = listed(RULE, RULE.replace("4.2 方法\n按GB 4706.1-2005进行。\n", ""))
    assert (changed["-4.2"].op, changed["-4.2"].new, changed["-4.2"].substantive) == (Op.REMOVED, None, True)


def test_renumbered_and_edited_is_modified_with_both_numbers() -> None:
    new = (
        RULE.replace("3.1 申请资料", "3.1 总则\n申请自愿。\n3.2 申请资料")
        .replace("3.2 受理", "3.3 受理")
        .replace("5个工", "8个工")
    )
    changed = listed(RULE, new)
    assert (changed["3.3"].op, changed["3.3"].old_path, changed["3.3"].substantive) == (Op.MODIFIED, "3.2", True)
    assert changed["3.2"].op is Op.RENUMBERED


def test_print_alone_is_unchanged_and_still_exact() -> None:
    comparison = compare_texts(RULE, RULE.replace("样品为3件，", "样品为 ３ 件，").replace("-2005", "—2005"))
    assert comparison.changed == ()
    assert not comparison.substantive
    for clause in comparison.clauses:
        assert apply_edits(clause.edits) == (clause.old, clause.new)


def test_page_numbers_and_running_heads_are_no_text() -> None:
    new = RULE.replace("认证委托人应提交", "认证委托人应\nCCAP-GZ-5830:2021 第 3 页 共 12 页\n提交").replace(
        "由认证", "由\n- 4 -\n认证"
    )
    comparison = compare_texts(RULE, new)
    assert not comparison.substantive


SPLIT = """5 审核
委托人应提交申请书及附件。认证机构应在5个工作日内完成审核，并出具受理通知书。
6 其他
其他事项另行通知。
"""
PIECES = """5 审核
委托人应提交申请书及附件。
6 受理期限
认证机构应在5个工作日内完成审核，并出具受理通知书。
7 其他
其他事项另行通知。
"""


def _from_one(text: str) -> str:
    return "1 范围\n本规则适用于灯具。\n2 引用\n见标准。\n3 模式\n型式试验。\n4 单元\n按型号划分。\n" + text


def test_split_clause_says_so_and_asks_nothing_else() -> None:
    changed = listed(_from_one(SPLIT), _from_one(PIECES))
    assert not any(clause.substantive for clause in changed.values())
    assert changed["5"].why == ("split into 5, 6",)
    assert (changed["6"].op, changed["6"].why) == (Op.ADDED, ("split from 5",))


def test_merged_clause_says_so_and_asks_nothing_else() -> None:
    changed = listed(_from_one(PIECES), _from_one(SPLIT))
    assert not any(clause.substantive for clause in changed.values())
    assert changed["5"].why == ("merged from 5, 6",)
    assert (changed["-6"].op, changed["-6"].why) == (Op.REMOVED, ("merged into 5",))


def test_split_clause_with_another_limit_is_substantive() -> None:
    changed = listed(_from_one(SPLIT), _from_one(PIECES.replace("5个工作日", "15个工作日")))
    assert changed["5"].substantive
    assert "number 5个工作日 → 15个工作日" in changed["5"].why


def test_members_of_an_archive_are_compared_too() -> None:
    def archive(text: str) -> Document:
        member = document_of([Part(PartRole.CLAUSE, "1", "", text, (), 1)])
        return Document(
            **{**{name: getattr(member, name) for name in member.__slots__}, "parts": (), "members": (member,)}
        )

    assert compare_documents(archive("样品3件。"), archive("样品4件。")).substantive


def test_alignment_is_the_share_of_text_with_a_counterpart() -> None:
    comparison = compare_texts("1 甲\n全文如此写成。\n", "1 乙\n另外一回事情，毫不相干的内容。\n")
    assert comparison.alignment < 0.5


def real_pairs() -> list[Path]:
    return sorted(folder for folder in REAL_PAIRS.glob("*") if folder.is_dir()) if REAL_PAIRS.exists() else []


@pytest.mark.skipif(not REAL_PAIRS.exists(), reason="the real laws are not beside this checkout")
def test_real_laws_are_all_there() -> None:
    assert len(real_pairs()) == 15


@pytest.mark.parametrize("folder", real_pairs(), ids=lambda folder: folder.name)
def test_real_amendments_are_told_from_what_stayed(folder: Path) -> None:
    """Exact; identical bodies unchanged, moved or renumbered; amended by less than half: modified, 95 % or better."""
    old, new = (read_text_document((folder / f"{side}.md").read_text(encoding="utf-8")) for side in ("old", "new"))
    clauses = compare_documents(old, new).clauses
    assert Counter(c.old for c in clauses if c.old is not None) == Counter(side_of(old).texts)
    assert [c.new for c in clauses if c.new is not None] == list(side_of(new).texts)
    assert all(apply_edits(c.edits) == (c.old or "", c.new or "") for c in clauses)
    kept = Counter(text for text in side_of(old).texts) & Counter(side_of(new).texts)
    told = Counter(c.old for c in clauses if c.old is not None and c.op in UNCHANGED and c.old == c.new)
    assert kept - told == Counter()
    gone, came = ([c for c in clauses if c.op is op] for op in (Op.REMOVED, Op.ADDED))
    rewritten = [c.old_path for c in gone if any(ratio(c.old or "", other.new or "") > 50 for other in came)]
    assert len(rewritten) <= 0.05 * sum(c.op is Op.MODIFIED for c in clauses)


LIST = "1 范围\n文字。\n2 申请资料\n应提交以下资料：\na）{}；\nb）{}；\nc）{}件样品。\n3 其他\n{}"


@pytest.mark.parametrize(
    ("new", "substantive"),
    [
        (("产品照片", "营业执照", 3, "文字。"), False),
        (("产品照片", "营业执照", 5, "文字。"), True),
        (("产品照片", "营业执照", 3, "2 a）的资料须盖章。"), True),
        (("产品照片", "营业执照", 3, "a）项的资料须盖章。"), True),
    ],
)
def test_items_that_nothing_cites_may_change_places(new: tuple[object, ...], substantive: bool) -> None:
    old = LIST.format("营业执照", "产品照片", 3, new[3])
    assert compare_texts(old, LIST.format(*new)).substantive is substantive


def test_steps_may_not_change_places() -> None:
    old, new = LIST.format("营业执照", "产品照片", 3, "文字。"), LIST.format("产品照片", "营业执照", 3, "文字。")
    assert compare_texts(old.replace("以下", "按顺序"), new.replace("以下", "按顺序")).substantive


def test_characters_that_only_look_alike_change_nothing() -> None:
    assert not compare_texts("1 范围\n民用电动自行车充电器。", "1 范围\n⺠⽤电动⾃⾏⻋充电器。").substantive
