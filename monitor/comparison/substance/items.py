"""Lists, in a sentence or a line an item: the same items in another order ask the same, unless order is asked for."""

import re
from collections.abc import Iterable, Sequence

from monitor.comparison.substance.compact import compact
from monitor.comparison.substance.tokens import Token
from monitor.notation.text import fold

_ORDERED = (
    "分别",
    "依次",
    "顺序",
    "次序",
    "优先",
    "对应",
    "相应",
    "先后",
    "首先",
    "其次",
    "然后",
    "逐项",
    "步骤",
    "流程",
)
_ITEM = re.compile(r"\s*[(]?(?:[a-z]|\d{1,2}|[一二三四五六七八九十]{1,2})[)]|\s*[①-⑳]|\s*[·●○■□◆◇-]")
_CITATION = re.compile(
    r"(?:第|见|按|照|符合|满足|执行|依据|[\d.]|条|和|或|及|至|除)\s?[(]?(?:[a-z]|[一二三四五六七八九十\d]{1,2})[)]|[a-z\d一二三四五六七八九十][)]\s?[项款条]"
)
_JOINTS = frozenset("和或")
WIDEST = 8
"""Tokens by which the stretch that differs is widened to the borders of its items."""


def is_reordered_list(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return whether the two differ only in the order of items that 、 or 和 or 或 join."""
    if len(before) != len(after) or sorted(t.value for t in before) != sorted(t.value for t in after):
        return False
    spoken = "".join(token.value for token in before)
    if any(word in spoken for word in _ORDERED):
        return False
    start, end = _different(before, after)
    for left in range(start, max(-1, start - WIDEST), -1):
        for right in range(end, min(len(before), end + WIDEST) + 1):
            old, new = _items(before[left:right]), _items(after[left:right])
            if old is not None and new is not None and old != new and sorted(old) == sorted(new):
                return True
    return False


def _different(before: Sequence[Token], after: Sequence[Token]) -> tuple[int, int]:
    start, end = 0, len(before)
    while before[start].value == after[start].value:
        start += 1
    while before[end - 1].value == after[end - 1].value:
        end -= 1
    return start, end


def _items(tokens: Sequence[Token]) -> list[tuple[str, ...]] | None:
    """The items of a list, None where the stretch is none or a sentence ends inside."""
    items: list[list[str]] = [[]]
    for place, token in enumerate(tokens):
        if place and any(sign in token.gap for sign in "。;,:"):
            return None
        if token.value in _JOINTS:
            items.append([])
            continue
        if place and "、" in token.gap:
            items.append([])
        items[-1].append(token.value)
    return [tuple(item) for item in items] if len(items) > 1 and all(items) else None


def is_reordered_lines(old: str, new: str, everywhere: Iterable[str]) -> bool:
    """Return whether two clauses differ only in which item of a list stands on which line.

    `everywhere` are the texts of both documents: where one of them cites an item, it is not only order.
    """
    before, after = old.splitlines(), new.splitlines()
    if len(before) != len(after) or any(word in old + new for word in _ORDERED):
        return False
    places = [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    items = [[_said(lines[at]) for at in places] for lines in (before, after)]
    listed = all(_ITEM.match(fold(lines[at])) for lines in (before, after) for at in places)
    if len(places) < 2 or not listed or sorted(items[0]) != sorted(items[1]):
        return False
    return not any(_CITATION.search(_unmarked(line)) for text in everywhere for line in fold(text).splitlines())


def _said(line: str) -> str:
    """An item without its marker and without the sign that ends it, which its place decides."""
    return re.sub(r"[;。.,]$", "", compact(line)[0])


def _unmarked(line: str) -> str:
    """A line without the marker that makes it an item; "a）项" at its start cites one."""
    marker = _ITEM.match(line)
    return line[marker.end() :] if marker and line[marker.end() :].lstrip()[:1] not in "项款条" else line
