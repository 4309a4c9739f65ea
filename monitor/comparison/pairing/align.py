"""Which part of the old document is which part of the new one.

Parts whose text stands on both sides are paired first and hold the rest in place; what stands between them is paired
by likeness, then whatever is left is compared with whatever is left, where the same heading, number, parent and place
speak for a pair. Numbers alone pair nothing: of 268 articles of a law in two editions with the same number, 242 were
different articles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from monitor.comparison.pairing.assignment import assign
from monitor.comparison.pairing.order import kept_in_order
from monitor.comparison.pairing.side import Side
from monitor.notation.text import normalise

LONGEST = 10_000
"""Characters by whose likeness a longer part is known."""
BLOCK = 2000
"""Open parts on each side up to which all are compared with all; more are compared by stretches."""
LIKE = 72
"""Likeness (0 to 100) at which two parts in the same place are one part amended, without looking further."""
AMENDED = 85
"""Likeness at which they are that before anything else is looked at."""
REACH = 4
"""How many new parts an old one is held against in its place."""
LEAST = 45
"""Likeness below which two parts are different parts, unless heading and number agree."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """`partner[i]` is the new place of old part i, `source[j]` the old place of new part j; -1 for none.

    `moved` are the old places that are out of order.
    """

    partner: tuple[int, ...]
    source: tuple[int, ...]
    moved: frozenset[int]


def align(old: Side, new: Side) -> Alignment:
    """Return the pairs of parts of two documents, and which of them left their place."""
    pairing = _Pairing(old, new)
    pairing.pair_same_text()
    if pairing.is_open:
        pairing.pair_in_order()
        pairing.pair_same_words()
        pairing.pair_in_place()
        pairing.pair_by_likeness()
    return alignment_of(pairing.partner, len(new))


def alignment_of(partner: list[int], width: int) -> Alignment:
    """Return the alignment of old parts with the new places that `partner` gives, of `width` new parts."""
    source = [-1] * width
    for i, j in enumerate(partner):
        if j >= 0:
            source[j] = i
    return Alignment(tuple(partner), tuple(source), kept_out_of_order(partner))


def kept_out_of_order(partner: list[int]) -> frozenset[int]:
    """Return the old places whose parts moved: the fewest that leave all others in their order."""
    placed = [i for i, j in enumerate(partner) if j >= 0]
    kept = kept_in_order([partner[i] for i in placed])
    return frozenset(i for i, stays in zip(placed, kept, strict=True) if not stays) if kept else frozenset()


class _Pairing:
    """The pairs found so far, and the parts still open on each side."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.partner = [-1] * len(old)
        self.source = [-1] * len(new)

    @property
    def is_open(self) -> bool:
        return -1 in self.partner and -1 in self.source

    def pair(self, i: int, j: int) -> None:
        self.partner[i], self.source[j] = j, i

    def open_old(self) -> list[int]:
        return [i for i, j in enumerate(self.partner) if j < 0]

    def open_new(self) -> list[int]:
        return [j for j, i in enumerate(self.source) if i < 0]

    def pair_same_text(self) -> None:
        """Pair what is equal to the letter: the common beginning, then what stands on both sides."""
        start = 0
        for mine, other in zip(self.old.texts, self.new.texts, strict=False):
            if mine != other:
                break
            self.partner[start] = self.source[start] = start
            start += 1
        old_places, new_places = range(start, len(self.old)), range(start, len(self.new))
        self._pair_by_key(old_places, self.old.texts[start:], new_places, self.new.texts[start:])

    def pair_same_words(self) -> None:
        """Pair what differs in layout only."""
        old_places, new_places = self.open_old(), self.open_new()
        old_keys = [normalise(self.old.texts[i]) for i in old_places]
        self._pair_by_key(old_places, old_keys, new_places, [normalise(self.new.texts[j]) for j in new_places])

    def pair_in_order(self) -> None:
        """Pair what is plainly amended between the same two neighbours, past few that are gone or new there."""
        for old_gap, new_gap in self._gaps():
            at = 0
            for i in old_gap:
                for step, j in enumerate(new_gap[at : at + REACH], at + 1):
                    if self._are_alike(i, j, AMENDED):
                        self.pair(i, j)
                        at = step
                        break

    def pair_in_place(self) -> None:
        """Pair what is amended between the same two neighbours, where each side has as many of them."""
        for old_gap, new_gap in self._gaps():
            if len(old_gap) == len(new_gap):
                for i, j in zip(old_gap, new_gap, strict=True):
                    if self._are_alike(i, j, LIKE):
                        self.pair(i, j)

    def _are_alike(self, i: int, j: int, least: float) -> bool:
        return ratio(self.old.texts[i][:LONGEST], self.new.texts[j][:LONGEST], score_cutoff=least) > 0

    def pair_by_likeness(self) -> None:
        """Pair what is left so that the pairs are as alike as they can be together."""
        for rows, columns in self._blocks():
            for row, column in assign(self._scores(rows, columns)):
                self.pair(rows[row], columns[column])

    def _blocks(self) -> Iterator[tuple[list[int], list[int]]]:
        """All open parts of both sides; of very long documents a stretch of the old one and the new one about it."""
        everything, step = self.open_old(), BLOCK
        if len(everything) * len(self.open_new()) <= BLOCK * BLOCK:
            step = len(everything)
        for start in range(0, len(everything), max(step, 1)):
            columns = self.open_new()
            about = start * len(columns) // len(everything) if step < len(everything) else 0
            nearby = columns[max(0, about - step) : about + 2 * step] if step < len(everything) else columns
            if nearby:
                yield everything[start : start + step], nearby

    def _pair_by_key(
        self, old_places: Sequence[int], old_keys: Sequence[str], new_places: Sequence[int], new_keys: Sequence[str]
    ) -> None:
        """Pair the places whose keys are equal; the keys run in parallel with the places."""
        there = dict(zip(new_keys, new_places, strict=True))
        again = _repeated(new_keys) | {key for key in _repeated(old_keys) if key in there}
        partner, source = self.partner, self.source
        for i, key in zip(old_places, old_keys, strict=True):
            j = there.get(key, -1)
            if j >= 0 and key not in again:
                partner[i], source[j] = j, i
        if again:
            targets = _grouped(again, new_keys, new_places)
            for key, places in _grouped(again, old_keys, old_places).items():
                self._pair_repeated(places, targets.get(key, []))

    def _pair_repeated(self, old_places: list[int], new_places: list[int]) -> None:
        """Pair parts whose text occurs several times: same number and parent first, then in order."""
        exactly = len(old_places) * len(new_places) <= BLOCK
        for wanted in (self._same_number_and_parent, self._same_number, self._same_neighbour):
            for i in old_places if exactly else ():
                if self.partner[i] < 0:
                    j = next((j for j in new_places if self.source[j] < 0 and wanted(i, j)), None)
                    if j is not None:
                        self.pair(i, j)
        rest = [j for j in new_places if self.source[j] < 0]
        for i, j in zip((i for i in old_places if self.partner[i] < 0), rest, strict=False):
            self.pair(i, j)

    def _same_number(self, i: int, j: int) -> bool:
        return self.old.paths[i] == self.new.paths[j] and self.old.parts[i].within == self.new.parts[j].within

    def _same_number_and_parent(self, i: int, j: int) -> bool:
        return self._same_number(i, j) and self._parent_heading(self.old, i) == self._parent_heading(self.new, j)

    def _same_neighbour(self, i: int, j: int) -> bool:
        before = i > 0 and j > 0 and self.partner[i - 1] == j - 1
        return before or (i + 1 < len(self.old) and self.partner[i + 1] == j + 1)

    @staticmethod
    def _parent_heading(side: Side, place: int) -> str | None:
        parent = side.parents[place]
        return side.headings[parent] if parent >= 0 else None

    def _gaps(self) -> list[tuple[list[int], list[int]]]:
        """The open parts between neighbouring pairs that stand in order."""
        moved = kept_out_of_order(self.partner)
        fixed = [(i, j) for i, j in enumerate(self.partner) if j >= 0 and i not in moved]
        gaps, last_old, last_new = [], -1, -1
        for i, j in [*fixed, (len(self.old), len(self.new))]:
            if i - last_old > 1 and j - last_new > 1:
                old_gap = [k for k in range(last_old + 1, i) if self.partner[k] < 0]
                gaps.append((old_gap, [k for k in range(last_new + 1, j) if self.source[k] < 0]))
            last_old, last_new = i, j
        return gaps

    def _scores(self, rows: list[int], columns: list[int]) -> NDArray[np.float32]:
        """How much speaks for each pair; below zero for pairs that must not be."""
        old_texts = [normalise(self.old.texts[i][:LONGEST]) for i in rows]
        new_texts = [normalise(self.new.texts[j][:LONGEST]) for j in columns]
        likeness = cdist(old_texts, new_texts, scorer=ratio, score_cutoff=LEAST, dtype=np.float32)
        same_heading = _agreement([self.old.headings[i] for i in rows], [self.new.headings[j] for j in columns])
        same_number = _agreement([self.old.paths[i] or "" for i in rows], [self.new.paths[j] or "" for j in columns])
        same_parent = _agreement(
            [self._parent_heading(self.old, i) or "" for i in rows],
            [self._parent_heading(self.new, j) or "" for j in columns],
        )
        old_at = np.array(rows, dtype=np.float32) / max(len(self.old), 1)
        new_at = np.array(columns, dtype=np.float32) / max(len(self.new), 1)
        far = np.abs(old_at[:, None] - new_at[None, :])
        scores = likeness + 8 * same_heading + 3 * same_number + 3 * same_parent - 5 * far
        impossible = (likeness < LEAST) & ~(same_heading & same_number)
        return np.where(impossible, np.float32(-1), scores).astype(np.float32)


def _repeated(keys: Sequence[str]) -> set[str]:
    counts = Counter(keys)
    return {key for key, count in counts.items() if count > 1} if len(counts) < len(keys) else set()


def _grouped(keys: set[str], all_keys: Sequence[str], places: Sequence[int]) -> dict[str, list[int]]:
    """The places of each of the keys, in document order."""
    grouped: dict[str, list[int]] = defaultdict(list)
    for key, place in zip(all_keys, places, strict=True):
        if key in keys:
            grouped[key].append(place)
    return grouped


def _agreement(old: list[str], new: list[str]) -> NDArray[np.bool_]:
    """Where a pair has the same word; no word agrees with nothing."""
    numbers = {word: place for place, word in enumerate(dict.fromkeys([*old, *new]))}
    left = np.array([numbers[word] if word else -1 for word in old])
    right = np.array([numbers[word] if word else -2 for word in new])
    return np.asarray(left[:, None] == right[None, :])
