"""Clauses that were split in two, or merged into one: what one clause said stands in several on the other side."""

from collections.abc import Sequence

from rapidfuzz.fuzz import partial_ratio, ratio

from monitor.comparison.pairing.align import LONGEST, Alignment, alignment_of
from monitor.comparison.pairing.side import Side
from monitor.notation.text import normalise

CONTAINED = 85
"""Likeness (0 to 100) of a clause to the best fitting stretch of another, from which it counts as part of it."""
NEIGHBOURS = 3
SHORTEST = 8
"""Characters that a clause must have before its being contained in another says anything."""


class Pieces:
    """Which new parts were split from which old ones, and which old parts were merged into which new ones."""

    def __init__(self, old: Side, new: Side, alignment: Alignment) -> None:
        self.split_from = find_pieces(alignment.source, alignment.partner, old, new)
        self.merged_into = find_pieces(alignment.partner, alignment.source, new, old)
        self.split = _turned(self.split_from)
        self.merged = _turned(self.merged_into)


def with_names_kept(old: Side, new: Side, alignment: Alignment) -> Alignment:
    """Return the alignment in which a clause that was split or merged stays the one that keeps its heading or number.

    By text alone the longest piece would be its counterpart.
    """
    partner = list(alignment.partner)
    pieces = Pieces(old, new, alignment)
    for place, i in pieces.split_from.items():
        if _have_one_name(old, i, new, place) and not _have_one_name(old, i, new, partner[i]):
            partner[i] = place
    for place, j in pieces.merged_into.items():
        i = alignment.source[j]
        if partner[i] == j and _have_one_name(old, place, new, j) and not _have_one_name(old, i, new, j):
            partner[i], partner[place] = -1, j
    return alignment if tuple(partner) == alignment.partner else alignment_of(partner, len(new))


def find_pieces(source: Sequence[int], partner: Sequence[int], whole: Side, pieces: Side) -> dict[int, int]:
    """Return piece → whole, for the parts of `pieces` without counterpart whose text stood in a neighbour's.

    `source[k]` is the place in `whole` of part k of `pieces`, `partner` the other way round; -1 for none.
    """
    found: dict[int, int] = {}
    for place, counterpart in enumerate(source):
        if counterpart >= 0 or len(pieces.texts[place]) < SHORTEST:
            continue
        for i in _nearby(place, source, found):
            if _is_piece(whole.texts[i], pieces.texts[partner[i]], _own_words(pieces, place), place > partner[i]):
                found[place] = i
                break
    return found


def joined_text(side: Side, places: Sequence[int]) -> str:
    """Return what several parts say together; the headings that a split added say nothing of their own."""
    first, *rest = places
    return "\n".join([side.texts[first], *(_own_words(side, place) for place in rest)])


def _turned(pieces: dict[int, int]) -> dict[int, list[int]]:
    turned: dict[int, list[int]] = {}
    for piece, whole in pieces.items():
        turned.setdefault(whole, []).append(piece)
    return turned


def _nearby(place: int, source: Sequence[int], found: dict[int, int]) -> list[int]:
    """The wholes whose counterparts stand next to this place."""
    around = range(max(0, place - NEIGHBOURS), min(len(source), place + NEIGHBOURS + 1))
    near = (source[k] if source[k] >= 0 else found.get(k, -1) for k in around)
    return list(dict.fromkeys(i for i in near if i >= 0))


def _is_piece(whole: str, partner: str, piece: str, follows: bool) -> bool:
    """Whether the whole said what the piece says, the partner no longer does, and both together are liker to it."""
    if len(piece) >= len(whole) or len(whole) > LONGEST or whole == partner:
        return False
    whole, partner, piece = normalise(whole), normalise(partner), normalise(piece)
    if not partial_ratio(piece, whole, score_cutoff=CONTAINED) or partial_ratio(piece, partner) >= CONTAINED:
        return False
    return ratio(whole, partner + piece if follows else piece + partner) > ratio(whole, partner)


def _have_one_name(old: Side, i: int, new: Side, j: int) -> bool:
    heading = old.headings[i]
    return heading == new.headings[j] if heading else old.paths[i] == new.paths[j]


def _own_words(side: Side, place: int) -> str:
    return side.parts[place].body or side.texts[place]
