"""Lists inside a sentence: the same items in another order ask the same, unless the order itself is asked for."""

from collections.abc import Sequence

from monitor.comparison.substance.tokens import Token

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
