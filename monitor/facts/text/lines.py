"""Lines of a text become sentences, items under their stem, and rows of tables.

A line break ends a sentence only where it ends one for a reader: files wrap lines in the middle of a sentence,
headings, table rows, signatures and enumerated items each stand alone. What a numbered item stands under (换版时限：,
二、已获证产品) is its stem and is read with it; the stem of an answer is its question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.facts.text.lexicon import Tokens, tokens_of
from monitor.facts.text.marks import DATE, Marked, mark
from monitor.notation.text import fold

LONGEST = 1200
"""Marks of the longest sentence; a longer one is no sentence and is cut, so that time stays linear."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one row of a table with its cells; `stem` is what it stands under, as marked text."""

    marked: Marked
    paragraph: int
    stem: str = ""
    cells: tuple[Marked, ...] = ()
    tokens: Tokens = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", tokens_of(self.marked.text))

    def __hash__(self) -> int:
        return hash((self.marked.text, self.paragraph))  # as equal sentences have it, and quick

    @property
    def text(self) -> str:
        """The marked text."""
        return self.marked.text

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return bool(self.cells)

    def quote(self, begin: int = 0, end: int | None = None) -> str:
        """Return what the original prints for the words from begin to end."""
        if begin == 0 and end is None:
            return self.marked.quote()
        end = len(self.tokens.classes) if end is None else end
        return self.marked.quote(self.tokens.starts[begin], self.tokens.ends[end - 1]) if begin < end else ""


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Sentence]:
    stems, question = _Stems(), ""
    for number, (start, end, cells) in enumerate(_paragraphs(text)):
        marked = _marked(text, start, end)
        if cells and len(marked.text) <= LONGEST:
            yield Sentence(marked, number, stems.top(), tuple(_marked(text, *cell) for cell in cells))
            continue
        stem = stems.above(text[start:end].strip(), marked.text)
        inline = question
        for begin, stop in _stops(marked.text):
            part = marked.cut(begin, stop)
            yield Sentence(part, number, inline or stem)
            listed = _INLINE.match(part.text)
            inline = listed[1] if listed else inline
            question = part.text if part.text.endswith("？") else ""
            inline = question or ("" if inline.endswith("？") else inline)


@dataclass(slots=True)
class _Stems:
    """The headings and openings that are open: (kind of marker, marked text), the outermost first."""

    open: list[tuple[str, str]] = field(default_factory=list)

    def top(self) -> str:
        return self.open[-1][1] if self.open else ""

    def above(self, line: str, marked: str) -> str:
        """Return the stem of a line and open the line itself where others stand under it."""
        kind = next((name for name, pattern in _MARKERS if pattern.match(line)), "")
        opens = (marked.endswith("：") and not _ADDRESSEE.fullmatch(marked)) or (
            bool(kind) and len(marked) <= 24 and not _CLOSED.search(line)
        )
        if kind or opens:
            while self.open and any(name == kind for name, _ in self.open):
                self.open.pop()
        if _OFFICES.fullmatch(marked):
            self.open = [("@", marked)]
            return ""
        stem = self.top()
        if opens:
            opening = marked.rpartition("。")[2]  # the sentence that opens, not what its paragraph told before
            self.open.append((kind, f"{stem}{opening}" if len(stem) < 40 else opening))
        return stem


def _marked(text: str, start: int, end: int) -> Marked:
    """Mark a stretch of the text without its item's number, which is no part of a date behind it (2.4月30日前)."""
    piece = _NUMBER.sub(lambda number: " " * len(number[0]), text[start:end])
    marked = mark(piece)
    return Marked(
        text,
        marked.text,
        tuple(at + start for at in marked.starts),
        tuple(at + start for at in marked.ends),
        marked.things,
    )


def _stops(text: str) -> Iterator[tuple[int, int]]:
    for begin, end in _full_stops(text):
        while end - begin > LONGEST:
            cut = max(text.rfind("，", begin, begin + LONGEST), text.rfind("、", begin, begin + LONGEST))
            cut = begin + LONGEST if cut <= begin else cut + 1
            yield begin, cut
            begin = cut
        if begin < end:
            yield begin, end


def _full_stops(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in _STOP.finditer(text):
        if match.end() > begin and text[begin : match.start()].strip():
            yield begin, match.end()
        begin = match.end()
    if begin < len(text):
        yield begin, len(text)


Cells = tuple[tuple[int, int], ...]


def _paragraphs(text: str) -> Iterator[tuple[int, int, Cells]]:
    """Yield (start, end, cells of a row) of each stretch in which line breaks are only wrapping."""
    open_start: int | None = None
    open_end = 0
    previous = ""
    for start, end, cells in _lines(text):
        bare = fold(text[start:end]).strip()
        if open_start is not None and (not bare or cells or not _continues(previous, bare)):
            yield open_start, open_end, ()
            open_start = None
        previous = bare
        if cells:
            yield start, end, cells
        elif bare:
            open_start = start if open_start is None else open_start
            open_end = end
    if open_start is not None:
        yield open_start, open_end, ()


def _lines(text: str) -> Iterator[tuple[int, int, Cells]]:
    """Yield each line with its cells, none where it is no row: bars and tabs part them, gaps where lines agree."""
    position = 0
    lines: list[tuple[int, int]] = []
    for line in fold(text).split("\n"):
        lines.append((position, position + len(line)))
        position += len(line) + 1
    gapped = [_cells(text, start, end, _GAPS) for start, end in lines]
    for index, (start, end) in enumerate(lines):
        line = text[start:end]
        if "|" in line or "｜" in line or "\t" in line.strip():
            yield start, end, _cells(text, start, end, _BARS)
            continue
        is_row = _is_grid(gapped, index) and not re.search("[：:。]", line)
        yield start, end, gapped[index] if is_row else ()


def _is_grid(gapped: list[Cells], index: int) -> bool:
    """Three columns that the next line has too, or two that at least two lines around have."""
    count = len(gapped[index])
    near = [
        len(cells) for at, cells in enumerate(gapped[max(0, index - 2) : index + 3], max(0, index - 2)) if at != index
    ]
    return near.count(count) >= (1 if count >= 3 else 2) and count >= 2


def _cells(text: str, start: int, end: int, parted: re.Pattern[str]) -> Cells:
    cells: list[tuple[int, int]] = []
    begin = start
    for gap in parted.finditer(text, start, end):
        cells.append((begin, gap.start()))
        begin = gap.end()
    cells.append((begin, end))
    if len(cells) > 2 and text[start:end].lstrip().startswith(("|", "｜")):
        cells = cells[1:-1] if not text[slice(*cells[-1])].strip() else cells[1:]
    return tuple(cells)


def _continues(previous: str, line: str) -> bool:
    if previous.endswith("-") and line[:1].isascii():  # a code that is wrapped at its hyphen
        return True
    if _CONTINUATION.match(line) and not _CLOSED.search(previous):
        return True
    if _CLOSED.search(previous) or _OPENS.match(line) or _ENDS_TITLE.search(previous):
        return False
    if _HEADING.fullmatch(previous) or any(_FIELD.fullmatch(one[:120]) for one in (line, previous)):
        return False
    if _DATED_LINE.fullmatch(previous) and _DATED_LINE.fullmatch(line):
        return False
    return not _ONLY_DATE.fullmatch(line) and not _ONLY_DATE.fullmatch(previous)


_BARS = re.compile(r"[|｜\t]")
_GAPS = re.compile(r"(?<=\S)(?:[ \u3000]{2,})(?=\S)")
_STOP = re.compile(rf"[。！？；](?:[）])?|(?<=[{DATE}])(?=(?:中国质量认证中心|中汽认证中心))")
_CLOSED = re.compile(r"[。！？；;:：!?]\s*[)）”\"]?$")
_NUMBER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}\s?[、.．]|[(（]\s?(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s?[)）]|[①-⑳]|\d{1,2}\s?、"
    r"|\d{1,2}\s?[.．]\s?(?=\d{1,2}\s?月\s?\d|(?:19|20)\d\d\s?年|[^\d\s.．]))"
)
_ADDRESSEE = re.compile("[^，。；：]{0,40}(?:单位|企业|组织|机构|实验室|[人者方员]|客户|公司|厂商?|部门|处室|中心)：")
_OFFICES = re.compile(
    "各?(?:有关|相关)?(?:(?:签约|指定)?(?:检测机构|实验室|检验机构)|分中心|分支机构|认证机构|、|和|及|各)+："
)
"""A notice to laboratories or offices: what it asks, it asks of them."""

_INLINE = re.compile(r"((?:[^：；。]{2,24})：)(?:（[一二三四五六七八九\d]{1,2}）|[①-⑳]|\d[.、])")
_MARKERS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("一、", r"[一二三四五六七八九十]{1,3}\s?[、.．]"),
        ("（一）", r"[(（]\s?[一二三四五六七八九十]{1,3}\s?[)）]"),
        ("1.1", r"\d{1,2}(?:\.\d{1,2}){1,3}(?=\D)"),
        ("1、", r"\d{1,2}\s?[、.．]|\d{1,2}\s+(?![年月日个])(?=[\u4e00-\u9fff])"),
        ("（1）", r"[(（]\s?\d{1,2}\s?[)）]|\d{1,2}[)）]"),
        ("①", r"[①-⑳]"),
        ("A", r"[A-Z甲乙丙丁]类|第[一二三四五六七八九十\d]{1,2}(?:步|阶段|批)|[a-z][)）]|[—\-•●◆■·]\s?"),
        ("【", r"【"),
        ("问", r"[问答QA]\s?\d{0,2}\s?[:：]"),
    )
)
_OPENS = re.compile(
    r"""[一二三四五六七八九十]{1,3}\s?[、.．]|[(（]\s?[一二三四五六七八九十\d]{1,3}\s?[)）]|\d{1,2}(?:\.\d{1,2}){0,3}\s?[、.．)）]\s?(?!\d)
       |\d{1,2}\s?[、.．]\s?(?=\d{1,2}\s?月|(?:19|20)\d\d)
       |\d{1,2}(?:\.\d{1,2}){1,3}\s+\D|\d{1,2}\s+(?![年月日个])[\u4e00-\u9fff]|[①-⑳]|[a-z][)）]|[A-Z甲乙丙丁]类|第[一二三四五六七八九十\d]{1,2}(?:步|阶段|批)|[问答]\s?[:：]|第[一二三四五六七八九十百\d]{1,4}[条章节]|附\s?[件录表]|注\s?\d?\s?[:：]
       |[QA]\s?\d{0,2}\s?[:：]|【|特此|联\s?系\s?[人方电]|电\s?话|各[有关获相认企单委]|中国质量认证中心|中汽认证中心|[—\-•●◆■]\s?
       |(?:发布|发文|公告|成文|印发|公布|更新)?(?:时间|日期)\s?[:：]|来源\s?[:：]|(?:19|20)\d\d\s?[.年/-]\s?\d{1,2}\s?[.月/-]\s?\d{1,2}\s?日?[\s:：]""",
    re.VERBOSE,
)
_ENDS_TITLE = re.compile(
    r"(?:通知|公告|通告|说明|公示|公司|中心|委员会|办法|规则|细则|》|更正|决定|函|问答|解答|声明书?|提示|提醒|安排|方案|批复|答复)\s*(?:[(（][^()（）]{1,40}[)）])?$"
)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、[^，,。；;：:\d]{2,14}")
_FIELD = re.compile(
    r"(?:[^，,。；;：:\s]{2,8}[：:]\s*[^，,。；;：:\s]{1,20}\s+){0,3}[^，,。；;：:]{2,24}[：:]\s*[^，,。；;：:]{1,40}(?::\d\d){0,2}"
)
"""实施日期：2026年6月30日: such a line is a statement of its own."""

_DATED_LINE = re.compile(r"[^，,。；;：:\d]{2,16}\s+(?:19|20)\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?")
"""递交申请 2026年8月31日: lines of a plan, one below the other."""

_CONTINUATION = re.compile(r"(?:日|月|年|起|止|前|之|以前|的|，|,|、|。|后|至|到|内|[)）])")
_ONLY_DATE = re.compile(
    r"(?:发布日期|日期|时间)?[:：]?\s*[\d〇○零一二三四五六七八九十Oo年月日/.\- ]{4,24}日?\s*"
    r"(?:发布|实施|公布|印发|修订|批准)?"
    r"(?:\s+[\d〇○零一二三四五六七八九十年月日/.\- ]{6,24}日?\s*(?:发布|实施|生效|施行))?\s*"
)
