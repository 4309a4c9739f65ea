"""Text into segments and back: the stretches that are remembered and translated one by one.

A segment is a sentence or a table's cell: short enough for every service's address line, long enough to be understood.
Joining the segments with what stood between them gives the text again.
"""

import hashlib
import re
from dataclasses import dataclass

LONGEST = 400
"""Characters a segment may have: LibreTranslate is asked in the address, nine bytes a character."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of text, and what separates it from the next."""

    text: str
    behind: str


def split_segments(text: str) -> tuple[Segment, ...]:
    """Return the text's segments in order; none is empty, and `join_segments` gives the text again."""
    return tuple(
        _segment(piece) for sentence in _SENTENCE.findall(text) for piece in _bounded(sentence) if piece.strip()
    )


def join_segments(segments: tuple[Segment, ...]) -> str:
    """Return the text that the segments came from (white space before the first one is not kept)."""
    return "".join(segment.text + segment.behind for segment in segments)


def join_english(pieces: list[str], segments: tuple[Segment, ...]) -> str:
    """Return the segments' translations as one text, with a space where Chinese needs none."""
    joined = (piece + (segment.behind or " ") for piece, segment in zip(pieces, segments, strict=True))
    return "".join(joined).strip()


def segment_hash(text: str) -> str:
    """Return the key under which the memory keeps a segment: white space at its ends does not count."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _segment(piece: str) -> Segment:
    """A cell's bar is what separates it from the next; where a cell is empty, the bar stands for it."""
    words = _CELL_END.sub("", piece) or piece.rstrip()
    return Segment(words, piece[len(words) :])


def _bounded(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST:
        return [sentence]
    cut = max(sentence.rfind(sign, 0, LONGEST) for sign in "，、,：:") + 1 or LONGEST
    return [sentence[:cut], *_bounded(sentence[cut:])]


_SENTENCE = re.compile(r"[^。；！？\n|]*(?:[。；！？]+[”』」）]?|\n|\|)?\s*", re.UNICODE)
_CELL_END = re.compile(r"\s*\|?\s*$")
