"""A text in which every code, standard, date, period and title is one mark.

Sentence patterns then say `M{CODE}代替M{CODE}` instead of spelling out how codes are printed, and no pattern can
find a date inside a standard's number. A marked text has no white space and no quotation marks; each of its
characters knows which stretch of the original it stands for, so that whatever is found is quoted verbatim.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.notation.codes import RuleCode, find_other_codes, locate_codes
from monitor.notation.dates import Period, PrintedDate, locate_dates, locate_periods
from monitor.notation.standards import StandardRef, locate_standards
from monitor.notation.text import fold

CODE, STANDARD, OTHER, DATE, PERIOD, VERSION, TITLE, LAW, CITED = (
    "\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009"
)
"""One private-use character a kind. TITLE is 《…》 of a rule or standard, LAW of a law, CITED of another notice."""


def any_of(*words: str) -> str:
    """Return the pattern that fits any of some patterns."""
    return "|".join(words)


Thing = RuleCode | StandardRef | PrintedDate | Period | int | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original that becomes one mark."""

    start: int
    end: int
    mark: str
    things: tuple[Thing, ...] = (None,)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text of marks; character i stands for original[starts[i]:ends[i]] and means things[i]."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    things: tuple[Thing, ...]

    def cut(self, start: int, end: int) -> "Marked":
        """Return the part text[start:end]."""
        return Marked(
            self.original, self.text[start:end], self.starts[start:end], self.ends[start:end], self.things[start:end]
        )

    def quote(self, start: int = 0, end: int | None = None) -> str:
        """Return what the original prints for text[start:end]."""
        end = len(self.text) if end is None else end
        return self.original[self.starts[start] : self.ends[end - 1]] if start < end else ""


def mark(text: str) -> Marked:
    """Return the text with its codes, standards, dates, periods and titles as marks."""
    folded = fold(text)
    return _reduced(_assemble(text, folded, _chosen(_spans(text, folded))))


def _spans(text: str, folded: str) -> Iterator[Span]:
    yield from _titles(folded)
    yield from (Span(at.start, at.end, CODE, (at.code,)) for at in locate_codes(text))
    yield from _standards(text)
    yield from _others(text, folded)
    yield from (Span(m.start(), m.end(), VERSION, (int(m["year"]),)) for m in _VERSION.finditer(folded))
    yield from (Span(at.start, at.end, DATE, (at,)) for at in locate_dates(text))
    yield from (Span(at.start, at.end, PERIOD, (at.period,)) for at in locate_periods(text))


def _titles(folded: str) -> Iterator[Span]:
    for match in _BOOK.finditer(folded):
        inside = match[1]
        if _FORM_TITLE.search(inside):
            continue
        if _NOTICE_TITLE.search(inside):
            yield Span(match.start(), match.end(), CITED)
        elif any(True for _ in locate_codes(inside)):
            yield Span(match.start(), match.end(), CODE, (next(locate_codes(inside)).code,))
        elif any(True for _ in locate_standards(inside)):
            yield Span(match.start(), match.end(), STANDARD, (next(locate_standards(inside)).standard,))
        else:
            yield Span(match.start(), match.end(), LAW if _LAW_TITLE.search(inside) else TITLE)


def _standards(text: str) -> Iterator[Span]:
    """Members of a range share a place: they become one span with several marks."""
    place: tuple[int, int] | None = None
    members: list[Thing] = []
    for at in locate_standards(text):
        if place is not None and (at.start, at.end) != place:
            yield Span(*place, STANDARD * len(members), tuple(members))
            members = []
        place = (at.start, at.end)
        members.append(at.standard)
    if place is not None:
        yield Span(*place, STANDARD * len(members), tuple(members))


def _others(text: str, folded: str) -> Iterator[Span]:
    for match in _FOREIGN.finditer(folded):
        yield Span(match.start(), match.end(), OTHER)
    if not find_other_codes(text):
        return
    for match in _NEIGHBOUR.finditer(folded):
        yield Span(match.start(), match.end(), OTHER)


def _chosen(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap keep the one that came first in order of rank (titles, codes, standards, …)."""
    ranked = list(spans)
    taken: list[Span] = []
    for _, span in sorted(enumerate(ranked), key=lambda item: (item[1].start, item[0])):
        if taken and span.start < taken[-1].end:
            continue
        taken.append(span)
    return taken


def _assemble(text: str, folded: str, spans: list[Span]) -> Marked:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    things: list[Thing] = []
    position = 0
    for span in [*spans, Span(len(folded), len(folded), "", ())]:
        for index in range(position, span.start):
            if folded[index] not in _DROPPED:
                characters.append(_SAME.get(folded[index], folded[index]))
                starts.append(index)
                ends.append(index + 1)
                things.append(None)
        for character, thing in zip(span.mark, span.things, strict=True):
            characters.append(character)
            starts.append(span.start)
            ends.append(span.end)
            things.append(thing)
        position = span.end
    return Marked(text, "".join(characters), tuple(starts), tuple(ends), tuple(things))


def _reduced(marked: Marked) -> Marked:
    """Drop what only accompanies a mark: the title beside a code, adopted ISO and IEC numbers in brackets."""
    for pattern in _REDUCTIONS:
        keep: list[int] = []
        position = 0
        for match in pattern.finditer(marked.text):
            keep.extend(range(position, match.start()))
            keep.extend(range(match.start("keep"), match.end("keep")))
            position = match.end()
        if position:
            keep.extend(range(position, len(marked.text)))
            marked = Marked(
                marked.original,
                "".join(marked.text[i] for i in keep),
                tuple(marked.starts[i] for i in keep),
                tuple(marked.ends[i] for i in keep),
                tuple(marked.things[i] for i in keep),
            )
    return marked


_DROPPED = frozenset(" \n\t\"'\u3000")
_SAME = {
    ",": "，",
    ";": "；",
    "(": "（",
    ")": "）",
    ":": "：",
    "?": "？",
    "!": "！",
    "[": "（",
    "]": "）",
    "【": "（",
    "】": "）",
}
_BOOK = re.compile(r"《([^《》]{1,150})》")
_NOTICE_TITLE = re.compile(r"^\s*关于|(?:通知|公告|通告|决定|函|纪要)\s*$")
_FORM_TITLE = re.compile(r"(?:声明|声明书|申请书|申请表|报告)\s*$")
"""What holders fill in stays readable: 提交《产品一致性声明》 is a declaration."""

_LAW_TITLE = re.compile(r"(?:法|条例|规定|办法|法典)\s*(?:\(|（|$)|(?:管理办法|管理规定)")
_VERSION = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?年?\s?版(?!本?发布)")
_FOREIGN = re.compile(
    r"(?:ISO(?:\s?/\s?(?:IEC|TS|TR))?|IEC|CISPR|UN\s?(?:R|ECE)|ECE\s?R|EN|UL|ASTM|SAE)\s?[A-Z]?\s?\d[\d.:/-]{0,24}(?:\s?,\s?(?:IDT|MOD|NEQ))?",
    re.IGNORECASE,
)
_NEIGHBOUR = re.compile(
    r"(?<![A-Z0-9])(?:CNCA|CNAS|CCAP|CQC)\s?[-/]\s?[A-Z0-9][A-Z0-9 .:/-]{1,24}[A-Z0-9]"
    r"|[\u4e00-\u9fff]{2,8}\s?[〔\[(（【]\s?(?:19|20)\d\d\s?[〕\])）】]\s?第?\s?\d{1,4}\s?号"
    r"|(?:19|20)\d\d\s?年\s?第\s?\d{1,4}\s?号(?:公告|令|通告)?",
    re.IGNORECASE,
)
_REDUCTIONS = (
    re.compile(
        rf"(?P<keep>[{STANDARD}])（[^（）{CODE}{STANDARD}{DATE}]{{0,60}}(?:{OTHER}|idt|IDT|MOD|NEQ|等同|修改采用)[^（）{CODE}{STANDARD}{DATE}]{{0,60}}）"
    ),
    re.compile(rf"(?P<keep>[{CODE}{STANDARD}])[{TITLE}]"),
    re.compile(rf"[{TITLE}]（(?:编号|规则编号|以下简称)?：?(?P<keep>[{CODE}{STANDARD}])）"),
    re.compile(rf"[{TITLE}](?:编号为?|规则编号为?)?(?P<keep>[{CODE}])"),
    re.compile(rf"(?P<keep>.?)（(?:以下|下文|下称|以下统称|简称|即)[^（）{CODE}{STANDARD}{DATE}]{{0,30}}）"),
)
