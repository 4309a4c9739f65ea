"""Plain text and Markdown: one paragraph a line."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from crawler.pages.charset import decode
from monitor.documents.document import Doubt, SetAside
from monitor.documents.errors import Damaged, LimitExceeded
from monitor.documents.structure.lines import Block, Grid, Held, Line, Page, RawText, said_by

MOST_CHARACTERS = 10_000_000
MOST_LINES = 200_000
_MARK = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t#]*$")
_ROW = re.compile(r"^\|.*\|$")
_RULE = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|)+$")
_COMMENT = re.compile(r"^<!--.*-->$")
_MARKDOWN = frozenset("#|-:")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b]")


def read_text(data: bytes) -> RawText:
    """Return the paragraphs of a plain text; a Markdown heading gives its level and loses its marks,
    a Markdown table becomes one.

    Raises:
        Damaged: nothing is in it.
        LimitExceeded: it is longer than any rule could be.
    """
    decoded = decode(data)
    if len(decoded.text) > MOST_CHARACTERS:
        raise LimitExceeded(f"the text has {len(decoded.text)} characters; {MOST_CHARACTERS} are allowed")
    if decoded.text.count("\n") > MOST_LINES:
        raise LimitExceeded(f"the text has more than {MOST_LINES} lines")
    printed = [_CONTROL.sub("", line).strip() for line in decoded.text.splitlines()]
    comments = tuple(SetAside("comment", "text", "it is no text", line) for line in printed if _COMMENT.match(line))
    lines = tuple(_blocks([line for line in printed if line and not _COMMENT.match(line)]))
    if not lines:
        raise Damaged("the file has no text")
    doubts = (Doubt("text", "some bytes fit no character set and were lost"),) if decoded.doubtful else ()
    held = tuple(Held(f"line {number}", line) for number, line in enumerate(decoded.text.splitlines(), start=1))
    return RawText(
        "text", (Page(1, lines),), doubts, set_aside=(*comments, *_marks(printed, lines, comments)), held=held
    )


def _marks(printed: Sequence[str], blocks: Sequence[Block], comments: Sequence[SetAside]) -> Iterator[SetAside]:
    """The signs of Markdown around headings and cells."""
    marks = Counter(sign for line in printed for sign in line if sign in _MARKDOWN)
    marks.subtract(sign for block in blocks for sign in said_by(block))
    marks.subtract(sign for comment in comments for sign in comment.text)
    for sign, count in marks.items():
        if sign in _MARKDOWN and count > 0:
            yield SetAside("mark of Markdown", "text", "it says what is a heading or a table", sign, count)


def _blocks(printed: Sequence[str]) -> Iterator[Block]:
    """Paragraphs, and tables where Markdown's line of dashes stands under the first row."""
    at = 0
    while at < len(printed):
        if at + 1 < len(printed) and _ROW.match(printed[at]) and _RULE.match(printed[at + 1]):
            end = next((n for n in range(at, len(printed)) if not _ROW.match(printed[n])), len(printed))
            yield _grid([printed[at], *printed[at + 2 : end]])
            at = end
        else:
            yield _line(printed[at])
            at += 1


def _grid(rows: Sequence[str]) -> Grid:
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    width = max(len(row) for row in cells)
    return Grid(tuple(tuple(row + [""] * (width - len(row))) for row in cells))


def _line(printed: str) -> Line:
    heading = _MARK.match(printed)
    if heading:
        return Line(heading.group(2), whole=True, heading_level=len(heading.group(1)))
    return Line(printed, whole=True)
