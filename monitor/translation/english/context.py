"""Context: what stands around a value that changed, and what of it belongs to the value.

The comparison names the smallest thing that differs: 应 → 宜 of 不应 → 不宜, 40℃ → 30℃ of -40℃ → -30℃. Said alone,
either is wrong. Here a value is widened by the negation or the sign that binds to it, on both sides of the change.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.comparison.comparison import Edit

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A value where it stands: the value with what binds to it, and the words before and after."""

    value: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a changed clause: its text, and where it differs from the other side."""

    text: str = ""
    changed: tuple[Span, ...] = ()

    def place(self, value: str) -> Place:
        """Return the value widened by what binds to it; as it is where it stands in several ways or nowhere."""
        places = list(dict.fromkeys(self._places(value)))
        if len(places) == 1:
            return places[0]
        values = {place.value for place in places}
        return Place(values.pop(), "", "") if len(values) == 1 else Place(value, "", "")

    def _places(self, value: str) -> Iterator[Place]:
        spans = [match.span() for match in re.finditer(re.escape(value), self.text)] if value else []
        touched = [span for span in spans if any(_meet(span, changed) for changed in self.changed)]
        for start, end in touched or spans:
            before, after = self.text[:start], self.text[end:]
            first, last = _bound(before, value, after)
            sentence = re.split(r"[。；;\n]", before[: len(before) - len(first)])[-1]
            yield Place(first + value + last, sentence[-AROUND:], after[len(last) :][:AROUND])


def sides_of(old: str | None, new: str | None, edits: Sequence[Edit]) -> tuple[Side, Side]:
    """Return both sides of a clause, each with the places where it differs."""
    return (
        Side(old or "", tuple(_changed(edits, gone="delete", other="insert"))),
        Side(new or "", tuple(_changed(edits, gone="insert", other="delete"))),
    )


def _changed(edits: Sequence[Edit], gone: str, other: str) -> Iterator[Span]:
    at = 0
    for edit in edits:
        if edit.op == gone:
            yield at, at + len(edit.text)
        elif edit.op == other:
            yield at, at
        at += 0 if edit.op == other else len(edit.text)


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _bound(before: str, value: str, after: str) -> tuple[str, str]:
    """Return what before and after a value is a part of it: a number's sign, a negation, the other half of a word."""
    if re.match(r"\d", value):
        sign = _SIGN.search(before)
        return (sign[0] if sign else ""), ""
    if after[:1] and after[0] in _SECOND_HALVES.get(value, ""):
        return "", after[0]
    if before[-1:] and before[-1] in _FIRST_HALVES.get(value, ""):
        return before[-1], ""
    negation = _NEGATION.search(before) if value in NEGATABLE else None
    return (negation[0] if negation else ""), ""


AROUND = 24
"""Characters on each side that say how a value is meant."""
NEGATABLE = frozenset(
    (
        *(
            "应",
            "应当",
            "应该",
            "须",
            "必须",
            "宜",
            "可",
            "可以",
            "能",
            "能够",
            "得",
            "需",
            "需要",
            "要",
            "允许",
            "适用",
        ),
        *("大于", "小于", "低于", "高于", "超过", "少于", "多于", "等于", "包括", "包含", "含"),
    )
)
_NEGATION = re.compile(r"(?:不|未|无|非|勿|毋|并不|不再)$")
_SIGN = re.compile(r"(?:(?<![A-Za-z0-9%℃°)）])[-－−﹣]|[±＋+≥≤＞＜><])\s?$")
_SECOND_HALVES = {
    "应": "用力变急对答邀聘",
    "可": "靠能见燃控逆追",
    "能": "力量源耗",
    "需": "求",
    "要": "求点素",
    "无": "线铅",
    "和": "谐",
}
_FIRST_HALVES = {
    "应": "反相供适响对感效",
    "可": "许认",
    "能": "性功智节",
    "要": "主重需",
    "一": "任每某同第唯统",
    "和": "饱",
}
"""Signs with which a modal or a number is no word of its own but half of one: 应用, 反应, 可靠, 性能, 任一."""
