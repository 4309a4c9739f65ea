"""Rows are found by their key, and say which cell differs."""

import pytest

from monitor.comparison.compare import compare_documents
from monitor.comparison.comparison import ClauseChange, Op
from monitor.comparison.diff import apply_edits
from monitor.comparison.tables import pair_rows
from monitor.documents.document import Part, PartRole, Table
from tests.strategies import document_of

TABLE: Table = (
    ("序号", "产品", "样品数量", "依据标准"),
    ("1", "灯具", "3件", "GB 4599-2007"),
    ("2", "软管", "5件", "GB 16897-2010"),
    ("3", "安全带", "2条", "GB 14166-2013"),
)


def compared(old: Table, new: Table, words: str = "样品数量见下表。") -> ClauseChange:
    """The one clause that holds the table."""
    before, after = ([Part(PartRole.CLAUSE, "4", "样品", words, (table,), 1)] for table in (old, new))
    (clause,) = compare_documents(document_of(before), document_of(after)).clauses
    assert apply_edits(clause.edits) == (clause.old, clause.new)
    return clause


def with_row(*rows: tuple[str, ...]) -> Table:
    return (TABLE[0], *rows)


def test_same_table_is_unchanged() -> None:
    clause = compared(TABLE, TABLE)
    assert clause.op is Op.UNCHANGED
    assert clause.old == "样品\n样品数量见下表。\n" + "\n".join(" | ".join(row) for row in TABLE)


def test_changed_cell_is_named_by_row_and_column() -> None:
    clause = compared(TABLE, with_row(TABLE[1], ("2", "软管", "6件", "GB 16897-2010"), TABLE[3]))
    assert (clause.op, clause.substantive) == (Op.MODIFIED, True)
    assert clause.why == ("row 软管, 样品数量: number 5件 → 6件",)


def test_inserted_row_is_the_only_change_although_all_numbers_follow() -> None:
    new = with_row(TABLE[1], ("2", "插头", "4件", "GB 2099.1-2008"), ("3", *TABLE[2][1:]), ("4", *TABLE[3][1:]))
    clause = compared(TABLE, new)
    assert clause.why == ("row added: 2 | 插头 | 4件 | GB 2099.1-2008",)
    assert compared(new, TABLE).why == ("row removed: 2 | 插头 | 4件 | GB 2099.1-2008",)


def test_rows_in_another_order_ask_nothing_else() -> None:
    clause = compared(TABLE, with_row(("1", *TABLE[2][1:]), ("2", *TABLE[1][1:]), TABLE[3]))
    assert not clause.substantive
    assert "order of rows" in clause.why


def test_row_that_moved_and_changed_is_found() -> None:
    clause = compared(
        TABLE, with_row(("1", "软管", "9件", "GB 16897-2010"), ("2", *TABLE[3][1:]), ("3", *TABLE[1][1:]))
    )
    assert clause.substantive
    assert any("5件 → 9件" in reason for reason in clause.why)


def test_cell_printed_otherwise_is_editorial() -> None:
    clause = compared(TABLE, with_row(("1", "灯具", "三件", "GB4599—2007"), TABLE[2], TABLE[3]))
    assert not clause.substantive


def test_new_column_is_substantive() -> None:
    wider = tuple((*row, extra) for row, extra in zip(TABLE, ("备注", "送样", "", "抽样"), strict=True))
    assert compared(TABLE, wider).substantive


def test_words_beside_the_table_are_judged_too() -> None:
    before = [Part(PartRole.CLAUSE, "4", "样品", "样品应符合下表。", (TABLE,), 1)]
    after = [Part(PartRole.CLAUSE, "4", "样品", "样品宜符合下表。", (TABLE,), 1)]
    (clause,) = compare_documents(document_of(before), document_of(after)).clauses
    assert (clause.substantive, clause.why) == (True, ("应 → 宜",))


@pytest.mark.parametrize(("old", "new"), [(TABLE, ()), ((), TABLE)])
def test_table_that_came_or_went_is_substantive(old: Table, new: Table) -> None:
    assert compared(old, new).substantive


def test_every_row_is_in_one_pair() -> None:
    old = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]
    new = [("d", "4"), ("a", "1"), ("x", "9"), ("c", "7")]
    pairs = pair_rows(old, new)
    assert [pair.old for pair in pairs if pair.old is not None] == [0, 1, 2, 3]
    assert [pair.new for pair in pairs if pair.new is not None] == [0, 1, 2, 3]
