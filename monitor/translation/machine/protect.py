"""Codes, standards and addresses shielded from a translation service and put back afterwards.

A service that meets `GB/T 15579.6-2018` may lose a dash or write another year. It is given `XQ1X` instead, which every
service leaves alone as a name; what comes back is checked all the same (check.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.notation.codes import find_other_codes, locate_codes
from monitor.notation.standards import locate_standards


@dataclass(frozen=True, slots=True)
class Protected:
    """A text with marks in place of what must not change, and what each mark stands for."""

    text: str
    kept: tuple[str, ...]


def protect(text: str) -> Protected:
    """Return the text with a mark for each code, standard and address; `restore` puts them back."""
    if _MARK.search(text):
        return Protected(text, ())
    kept: list[str] = []
    pieces: list[str] = []
    position = 0
    for start, end in _without_overlaps(text):
        kept.append(text[start:end])
        pieces += [text[position:start], f"XQ{len(kept)}X"]
        position = end
    return Protected("".join([*pieces, text[position:]]), tuple(kept))


def restore(translated: str, kept: tuple[str, ...]) -> str | None:
    """Return the text with every mark replaced by what it stands for; None where one is lost, doubled or foreign."""
    found = [int(match[1]) for match in _MARK.finditer(translated)] if kept else []
    if sorted(found) != list(range(1, len(kept) + 1)):
        return None
    return _MARK.sub(lambda match: kept[int(match[1]) - 1], translated) if kept else translated


def _without_overlaps(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in sorted(_places(text), key=lambda place: (place[0], -place[1])):
        if start >= position:
            yield start, end
            position = end


def _places(text: str) -> Iterator[tuple[int, int]]:
    yield from ((at.start, at.end) for at in locate_codes(text))
    yield from ((at.start, at.end) for at in locate_standards(text))
    yield from (match.span() for match in _ADDRESS.finditer(text))
    for other in find_other_codes(text):
        yield from (match.span() for match in re.finditer(re.escape(other), text))


_MARK = re.compile(r"XQ\s?(\d{1,4})\s?X", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\u4e00-\u9fff，。；）]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
