"""The account and the judging notice what they are there for; shown on answers written by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.documents.drawn.account import account, how_seen
from tests.documents.drawn.case import Case, Comparison, Reading, judged
from tests.documents.drawn.values import Change, Clause, Drawn, Extra

DRAWN = Drawn(
    bytes=b"",
    name="a.txt",
    title="门锁产品认证实施规则",
    text=("1", "样品", "送样8件。", "年金", "100"),
    clauses=(Clause("1", "样品", ("送样8件。",)),),
    tables=((("年金", "100"),),),
    furniture=("受控第3页面",),
    extras=(Extra("watermark", "内部资料"),),
)
CHANGE = Change("clause", 2, "8", "9", "送样8件。", "送样9件。")


def answer(body: str = "送样8件。", cell: str = "100", **more: Any) -> dict[str, Any]:
    """What the product might say of it."""
    part = {"role": "clause", "path": "1", "heading": "样品", "body": body, "tables": [[["年金", cell]]]}
    return {"readable": True, "title": "门锁产品认证实施规则", "doubts": [], "parts": [part], **more}


def entry(old: str, new: str, substantive: bool) -> dict[str, Any]:
    """One entry of a comparison."""
    return {"op": "modified", "old": old, "new": new, "substantive": substantive}


def test_a_whole_reading_has_lost_nothing() -> None:
    found = account(DRAWN, answer(set_aside=[{"what": "受控第3页面"}, {"what": "内部资料"}]))
    assert (found.lost, found.lost_lines, found.headings, found.cells, found.unnamed) == ("", (), (), 0, {})


def test_what_is_lost_is_told_by_character_line_and_cell() -> None:
    found = account(DRAWN, answer(cell="10"))
    assert (found.lost, found.lost_lines, found.cells) == ("0", ("100",), 1)
    assert account(DRAWN, answer(body="")).lost_lines == ("送样8件。",)


def test_what_vanishes_without_a_name_is_told_by_kind() -> None:
    assert account(DRAWN, answer()).unnamed == {"furniture": 1, "watermark": 1}


def test_what_gets_into_the_text_is_told_by_kind() -> None:
    assert account(DRAWN, answer(body="送样8件。内部资料")).intruding == {"watermark": 1}


def test_a_line_lost_once_of_two_is_told() -> None:
    twice = replace(DRAWN, text=(*DRAWN.text, "送样8件。"))
    assert account(twice, answer()).lost_lines == ("送样8件。",)


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({"substantive": True, "clauses": [entry("送样8件。", "送样9件。", True)]}, "seen"),
        (
            {"substantive": True, "clauses": [entry("送样8件。", "送样9件。", True), entry("甲", "乙", True)]},
            "seen with others",
        ),
        ({"substantive": True, "clauses": [entry("甲", "乙", True)]}, "elsewhere"),
        ({"substantive": False, "clauses": [entry("送样8件。", "送样9件。", False)]}, "not substantive"),
        ({"substantive": False, "clauses": []}, "unseen"),
        ({"failed": "status 3"}, "failed"),
    ],
)
def test_how_a_change_is_seen(said: dict[str, Any], how: str) -> None:
    assert how_seen(CHANGE, said) == how


def test_a_case_is_wrong_where_a_reading_or_a_comparison_is(tmp_path: Path) -> None:
    case = Case(
        {"a.txt": b"", "b.txt": b""},
        (Reading("a.txt", holds=("送样8件",), without=("目录",), clauses=(("1", "样品"),), title="门锁"),),
        (Comparison("a.txt", "b.txt", True, "8件", "9件"),),
    )
    seen = {"substantive": True, "clauses": [entry("送样8件。", "送样9件。", True)]}
    unseen: dict[str, Any] = {"substantive": False, "clauses": []}
    assert judged(case, tmp_path, lambda path: answer(), lambda old, new: seen) == []
    assert len(judged(case, tmp_path, lambda path: answer(), lambda old, new: unseen)) == 2
    assert len(judged(case, tmp_path, lambda path: answer(body="目录", title="首页"), lambda old, new: seen)) == 3
