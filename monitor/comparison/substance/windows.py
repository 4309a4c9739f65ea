"""The sentences around what differs: all that has to be read to judge it."""

import re
from collections.abc import Iterable, Iterator, Sequence

from monitor.comparison.comparison import Edit

Place = tuple[int, int, int, int]
"""A stretch that differs: old from and to, new from and to."""

_END_BEFORE = re.compile(r".*(?:[。；]|，(?!\s?\d))", re.DOTALL)
_END_AFTER = re.compile(r"[。；]|，(?!\s?\d)")
"""Where a passage may be cut: a comma before a digit may stand inside a number or a list of standards."""


def places_of(edits: Iterable[Edit]) -> list[Place]:
    """Return where the two texts differ; what is deleted and what is inserted there are one place."""
    places: list[Place] = []
    old = new = 0
    fresh = True
    for edit in edits:
        if edit.op == "equal":
            old, new, fresh = old + len(edit.text), new + len(edit.text), True
            continue
        begin, _, new_begin, _ = (old, old, new, new) if fresh else places.pop()
        if edit.op == "delete":
            old += len(edit.text)
        else:
            new += len(edit.text)
        places.append((begin, old, new_begin, new))
        fresh = False
    return places


def windows(old: str, new: str, places: Sequence[Place]) -> Iterator[tuple[str, str]]:
    """Yield the passages of whole sentences that hold the places; places in one sentence share a passage."""
    begin = end = shift = new_end = 0
    for a, b, c, d in places:
        before = _END_BEFORE.match(old, begin, a)
        start = before.end() if before else begin if end else 0
        if end and start >= end:
            yield old[begin:end], new[begin + shift : new_end]
            end = 0
        if not end:
            begin, shift = start, c - a
        after = _END_AFTER.search(old, b)
        end = after.end() if after else len(old)
        new_end = d + end - b
    if end:
        yield old[begin:end], new[begin + shift : new_end]
