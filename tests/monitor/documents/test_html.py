"""Pages and HTML files: the same text gives the same tree as every other format."""

import html
import re
from pathlib import Path

import pytest

from monitor.documents.reader import read_document, read_page
from tests.documents.known import KnownPart, printed, read_known

HERE = Path(__file__).parents[2] / "documents"


def as_html(parts: list[KnownPart]) -> str:
    """A known text as an editor of such sites would paste it."""
    out: list[str] = []
    for part in parts:
        if part.path is None:
            out.extend(f"<p>{html.escape(line)}</p>" for line in ([part.heading] if part.heading else []) + part.lines)
            out.extend(as_table(table) for table in part.tables)
            continue
        gap = "、" if part.path[0] in "一二三四" else "" if part.path[-1] == "）" else "&nbsp;"
        out.append(f"<p><strong>{part.path}{gap}{html.escape(part.heading or part.lines[0])}</strong></p>")
        lines = [f"<p>&emsp;{html.escape(line)}</p>" for line in (part.lines if part.heading else part.lines[1:])]
        tables = [as_table(table) for table in part.tables]
        out.extend(tables + lines if part.path.startswith("表") else lines + tables)
    return "\n".join(out)


def as_table(rows: list[list[str]]) -> str:
    cells = ("".join(f"<td><p>{html.escape(cell)}</p></td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def lines(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", ["rule", "notice", "standard"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_html_file_reads_as_known(name: str, encoding: str) -> None:
    page = f"<html><body>{as_html(read_known(HERE / name / 'known.md'))}</body></html>".encode(encoding)
    document = read_document(page, "rule.doc")
    assert document.kind == "html"
    assert lines(printed(document.parts)) == lines((HERE / name / "known.md").read_text(encoding="utf-8"))


def test_an_article_page_gives_title_date_and_clauses() -> None:
    body = as_html(read_known(HERE / "notice" / "known.md")[1:])
    page = f"""<html><head><title>关于换版的通知</title></head><body><h1>关于换版的通知</h1>
    <p>发布时间：2026-03-03 来源：CCAP</p><div class="content">{body}</div>
    <div class="footer">版权所有</div></body></html>"""
    document = read_page(page.encode(), "http://x/c/2026-03-03/1.shtml", "static-shtml")
    assert document.title == "关于换版的通知"
    assert str(document.published) == "2026-03-03"
    assert [part.path for part in document.parts if part.path][:3] == ["一", "二", "（一）"]


def test_a_page_without_an_article_says_so() -> None:
    document = read_page(b"<html><body></body></html>", "http://x/1", "general")
    assert not document.readable
    assert document.reason


def test_merged_cells_stand_once() -> None:
    page = "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"
    document = read_document(f"<html><body><p>1 表</p>{page}</body></html>".encode())
    assert document.parts[0].tables == ((("甲", "乙", ""), ("", "丙", "丁")),)
