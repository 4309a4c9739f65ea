"""Sentences of a text, as marked text, each with what stood before it.

A line break ends a sentence only where it ends one for a reader: files wrap lines in the middle of a sentence,
headings, table rows, signatures and enumerated items each stand alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.facts.marks import DATE, Marked, mark
from monitor.notation.text import fold

LONGEST = 1200
"""Marks of the longest sentence; a longer one is no sentence and is cut, so that time stays linear."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `paragraph` numbers the paragraph it belongs to."""

    marked: Marked
    paragraph: int
    is_row: bool = False

    @property
    def text(self) -> str:
        """The marked text."""
        return self.marked.text


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Sentence]:
    for number, (start, end, is_row) in enumerate(_paragraphs(text)):
        marked = _shifted(mark(text[start:end]), text, start)
        if is_row and len(marked.text) <= LONGEST:
            yield Sentence(marked, number, True)
            continue
        for begin, stop in _stops(marked.text):
            yield Sentence(marked.cut(begin, stop), number)


def _shifted(marked: Marked, text: str, offset: int) -> Marked:
    return Marked(
        text,
        marked.text,
        tuple(start + offset for start in marked.starts),
        tuple(end + offset for end in marked.ends),
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


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, is a table row) of each stretch in which line breaks are only wrapping."""
    open_start: int | None = None
    open_end = 0
    previous = ""
    was_row = False
    position = 0
    for line in fold(text).split("\n"):
        start, end = position, position + len(line)
        position = end + 1
        raw = text[start:end]
        bare = line.strip()
        row = "|" in raw or "\t" in raw.strip() or (was_row and bool(bare) and "\t" in raw)
        was_row = row
        if open_start is not None and (not bare or row or not _continues(previous, bare)):
            yield open_start, open_end, False
            open_start = None
        previous = bare
        if row:
            yield start, end, True
        elif bare:
            open_start = start if open_start is None else open_start
            open_end = end
    if open_start is not None:
        yield open_start, open_end, False


def _continues(previous: str, line: str) -> bool:
    if _CONTINUATION.match(line) and not _CLOSED.search(previous):
        return True
    if _CLOSED.search(previous) or _OPENS.match(line) or _ENDS_TITLE.search(previous):
        return False
    if _HEADING.fullmatch(previous) or (_FIELD.fullmatch(previous) and _FIELD.fullmatch(line)):
        return False
    return not _ONLY_DATE.fullmatch(line) and not _ONLY_DATE.fullmatch(previous)


_STOP = re.compile(rf"[。！？；](?:[）])?|(?<=[{DATE}])(?=(?:中国质量认证中心|中汽认证中心))")
_CLOSED = re.compile(r"[。！？；;:：!?]\s*[)）”\"]?$")
_OPENS = re.compile(
    r"""[一二三四五六七八九十]{1,3}\s?[、.．]|[(（]\s?[一二三四五六七八九十\d]{1,3}\s?[)）]|\d{1,2}(?:\.\d{1,2}){0,3}\s?[、.．)）]\s?(?!\d)
       |\d{1,2}(?:\.\d{1,2}){1,3}\s+\D|[①-⑳]|[a-z][)）]|[A-Z甲乙丙丁]类|第[一二三四五六七八九十\d]{1,2}(?:步|阶段|批)|[问答]\s?[:：]|第[一二三四五六七八九十百\d]{1,4}[条章节]|附\s?[件录表]|注\s?\d?\s?[:：]
       |[QA]\s?\d{0,2}\s?[:：]|【|特此|联\s?系\s?[人方电]|电\s?话|各[有关获相认企单委]|中国质量认证中心|中汽认证中心|[—\-•●◆■]\s?""",
    re.VERBOSE,
)
_ENDS_TITLE = re.compile(
    r"(?:通知|公告|通告|说明|公示|公司|中心|委员会|办法|规则|细则|》|更正)\s*(?:[(（][^()（）]{1,40}[)）])?$"
)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、[^，,。；;：:\d]{2,14}")
_FIELD = re.compile(r"[^，,。；;：:]{2,24}[：:]\s*[^，,。；;：:]{1,40}")
"""实施日期：2026年6月30日: two such lines in a row are two statements."""

_CONTINUATION = re.compile(r"(?:日|月|年|起|止|前|之|以前|的|，|,|、|。|后|至|到|内|[)）])")
_ONLY_DATE = re.compile(
    r"(?:发布日期|日期|时间)?[:：]?\s*[\d〇○零一二三四五六七八九十Oo年月日/.\- ]{6,24}日?\s*"
    r"(?:发布|实施|公布|印发|修订|批准)?"
    r"(?:\s+[\d〇○零一二三四五六七八九十年月日/.\- ]{6,24}日?\s*(?:发布|实施|生效|施行))?\s*"
)
