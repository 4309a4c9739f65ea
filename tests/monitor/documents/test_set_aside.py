"""What is taken out of a text is told by name, and goes on evidence only."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.documents.document import Document
from monitor.documents.reader import read_document, read_text_document
from monitor.documents.structure.contents import without_contents
from monitor.documents.structure.furniture import Cleaned, without_furniture
from monitor.documents.structure.lines import Block, Line, Page
from monitor.documents.word.word97 import read_word97

HERE = Path(__file__).parents[2] / "documents"


def body(text: str, row: int) -> Line:
    return Line(text, left=80, top=90 + 20 * row, width=300, height=12, size=12)


def edge(text: str, top: float = 30, size: float = 9) -> Line:
    return Line(text, left=90, top=top, width=100, height=10, size=size)


def pages(*contents: Sequence[Block]) -> list[Page]:
    return [Page(number, tuple(blocks), width=595, height=842) for number, blocks in enumerate(contents, start=1)]


def kept(cleaned: Cleaned) -> list[list[str]]:
    return [[block.text for block in page.blocks if isinstance(block, Line)] for page in cleaned.pages]


TEXT = [body("1 甲的要求", 0), body("文字一行。", 1), body("文字又一行。", 2)]


@pytest.mark.parametrize("head", ["CCAP-GZ-5830:2021", "安全带认证规则　第{}页", "{}"])
def test_a_head_that_repeats_in_the_margin_goes_with_its_number(head: str) -> None:
    cleaned = without_furniture(pages(*([edge(head.format(n)), *TEXT] for n in range(1, 5))))
    assert all(texts[0] == "1 甲的要求" for texts in kept(cleaned))
    assert len(cleaned.set_aside) == 4


def test_a_sentence_at_the_edge_of_each_page_stays_and_is_doubted() -> None:
    sentences = [f"每个申请单元的样品数量为{n}件。" for n in (3, 4, 9, 6)]
    cleaned = without_furniture(pages(*([body(said, -1), *TEXT] for said in sentences)))
    assert [texts[0] for texts in kept(cleaned)] == sentences
    assert [doubt.about for doubt in cleaned.doubts] == ["running heads"]


def test_a_head_whose_number_changes_on_one_page_stays_there() -> None:
    heads = ["CCAP-GZ-5830:2021", "CCAP-GZ-5830:2021", "CCAP-GZ-5839:2021", "CCAP-GZ-5830:2021"]
    assert kept(without_furniture(pages(*([edge(head), *TEXT] for head in heads))))[2][0] == heads[2]


def test_a_number_that_does_not_count_the_pages_stays() -> None:
    cleaned = without_furniture(pages(*([*TEXT, edge(str(n), top=800)] for n in (7, 2, 9, 4))))
    assert [texts[-1] for texts in kept(cleaned)] == ["7", "2", "9", "4"]


HEADINGS = ["1 范围", "文字。", "2 要求", "文字。", "3 收费", "文字。"]


def contents(*entries: str) -> list[str]:
    body = without_contents([Page(1, tuple(Line(text, whole=True) for text in (*entries, *HEADINGS)))])
    return [item.text for item in body.set_aside]


@pytest.mark.parametrize("leader", ["……", "............", "\t", "·····"])
def test_lines_that_point_to_headings_are_contents(leader: str) -> None:
    entries = [f"{heading}{leader}{page}" for heading, page in zip(HEADINGS[::2], (1, 3, 8), strict=True)]
    assert contents(*entries) == entries


@pytest.mark.parametrize(
    "entries",
    [
        ("申请费……600", "年金……100", "检测费……800"),
        ("1 范围……600", "2 要求……100", "3 收费……800"),
        ("范围……5000", "要求……6000", "收费……8000"),
    ],
)
def test_a_list_of_fees_is_no_contents(entries: Sequence[str]) -> None:
    assert contents(*entries) == []


def test_fees_that_follow_contents_at_once_are_none() -> None:
    entries = ["1 范围……1", "2 要求……2", "3 收费……2"]
    told = ["1 总则", "收费如下。", "申请费……600", "年金……9000", "检测费……8000"]
    body = without_contents([Page(1, tuple(Line(text, whole=True) for text in ("目录", *entries, *told, *HEADINGS)))])
    assert [item.text for item in body.set_aside] == ["目录", *entries]
    assert body.doubts == ()


def test_an_entry_that_points_nowhere_is_doubted() -> None:
    document = read_text_document("\n".join(("目录", "1 范围……1", "2 要求……2", "4 附则……3", *HEADINGS)))
    assert "4 附则" in document.doubts[0].why


def test_automatic_numbers_of_word_97_are_read_without_libreoffice() -> None:
    auto = [
        block.text
        for block in read_word97((HERE / "rule" / "auto.doc").read_bytes()).pages[0].blocks
        if isinstance(block, Line)
    ]
    typed = [
        block.text
        for block in read_word97((HERE / "rule" / "typed.doc").read_bytes()).pages[0].blocks
        if isinstance(block, Line)
    ]
    assert [text for text in typed if text.startswith("5.1.1")][-1:] == [
        text for text in auto if text.startswith("5.1.1")
    ][-1:]


def test_what_is_set_aside_survives_its_json_and_old_readings_have_none() -> None:
    document = read_document((HERE / "rule" / "typed.pdf").read_bytes())
    content = json.loads(json.dumps(document.to_json()))
    assert Document.from_json(content) == document
    assert {item["what"] for item in content["set_aside"]} == {"running head", "page number", "contents"}
    del content["set_aside"]
    assert Document.from_json(content).set_aside == ()
