"""Which numbers open clauses: those that follow legally on the numbers before them.

After 6.1.2 may come 6.1.3, 6.2, 7 or 6.1.2.1. Anything else (a year at the start of a line, a row number, a figure
with a unit) is text. A number that skips some is taken, and said to be doubtful, because authorities misprint too.

A count that begins anew may be a stray (an article that is quoted, 一、 in a note): what it closed is remembered, and
goes on where the next number follows there and not here.
"""

from dataclasses import dataclass, field

from monitor.documents.structure.markers import DIVISIONS, NUMBERS, Marker, Style
from monitor.documents.structure.titles import is_title

FARTHEST_JUMP = 5
LATEST_START = 3
"""The highest number with which a count may begin whose first numbers were lost."""
MOST_SUSPENDED = 5
"""How many counts that were closed may go on."""
_ARTICLE_RANK = DIVISIONS.index(Style.ARTICLE)
_LISTS = frozenset(
    (Style.HAN_CLOSE, Style.NUMBER_CLOSE, Style.NUMBER_PAREN, Style.LETTER_CLOSE, Style.LETTER_PAREN, Style.CIRCLED)
)


@dataclass(eq=False, slots=True)
class Place:
    """A number in its place: what it stands below, how deep, and what is odd about it."""

    marker: Marker
    parent: "Place | None"
    position: int
    odd: str | None = None
    depth: int = field(default=1)


@dataclass(slots=True)
class Outline:
    """The numbers that are open while a document is walked through."""

    _open: list[Place] = field(default_factory=list)
    _last_article: int = 0
    _suspended: list[tuple[list[Place], int]] = field(default_factory=list)

    @property
    def innermost(self) -> Place | None:
        """The number that text now belongs to."""
        return self._open[-1] if self._open else None

    def take(self, marker: Marker, position: int, in_run: bool = False) -> Place | None:
        """Return the place of a number and open it; None where it cannot follow here.

        `in_run` says that the next numbers of its kind follow on it one by one.
        """
        found = self._depth(marker)
        if found is None or found[1]:
            found = self._resumed(marker, in_this_annex=found is not None) or found
        if found is None and in_run:
            found = self._run(marker)
        if found is None:
            return None
        depth, odd = found
        self._suspend(depth, marker, odd)
        parent = self._open[depth - 1] if depth else None
        place = Place(marker, parent, position, odd, depth + 1)
        del self._open[depth:]
        self._open.append(place)
        if marker.style is Style.ARTICLE:
            self._last_article = marker.numbers[0]
        return place

    def _run(self, marker: Marker) -> tuple[int, str | None] | None:
        """Where a number stands that follows on nothing, but is followed: articles anywhere, 2 or 3 where 1 is lost."""
        if marker.style is Style.ARTICLE:
            return self._divisions_above(_ARTICLE_RANK), f"follows 第{self._last_article}条"
        depth = self._below_divisions()
        is_first = not self._open[depth:] and marker.numbers[0] <= LATEST_START
        return (depth, f"{marker.path} comes first") if is_first else None

    def _suspend(self, depth: int, marker: Marker, odd: str | None) -> None:
        """Remember the counts that a number closes without plainly following on them."""
        closed = self._open[depth:]
        if not closed:
            return
        advances = _are_one_count(closed[0].marker, marker) and marker.numbers > closed[0].marker.numbers
        if odd or len(closed) > 1 or not advances:
            self._suspended = [*self._suspended[1 - MOST_SUSPENDED :], (list(self._open), self._last_article)]

    def _resumed(self, marker: Marker, in_this_annex: bool) -> tuple[int, str | None] | None:
        """Go on with a count that was closed, where the number is exactly the next one there."""
        now = self._open, self._last_article
        for at in range(len(self._suspended) - 1, -1, -1):
            if in_this_annex and _annex_of(self._suspended[at][0]) is not _annex_of(now[0]):
                break
            self._open, self._last_article = list(self._suspended[at][0]), self._suspended[at][1]
            found = self._depth(marker)
            if found is not None and not found[1] and self._continues(found[0], marker):
                del self._suspended[at:]
                return found[0], f"goes on after {now[0][0].marker.path}" if now[0] else None
        self._open, self._last_article = now
        return None

    def _continues(self, depth: int, marker: Marker) -> bool:
        """Whether a number goes on with a count that is open, and does not begin one."""
        if depth < len(self._open):
            return _are_one_count(self._open[depth].marker, marker)
        return bool(depth) and marker.style is Style.DOTTED and _are_one_count(self._open[depth - 1].marker, marker)

    def _depth(self, marker: Marker) -> tuple[int, str | None] | None:
        """How many open numbers stay open above this one, and what is odd."""
        if marker.style is Style.ANNEX:
            return self._annex(marker)
        if marker.style in DIVISIONS:
            return self._division(marker)
        if marker.style is Style.LETTERED:
            return self._lettered(marker)
        if marker.style is Style.DOTTED:
            return self._dotted(marker)
        return self._counted(marker)

    def _annex(self, marker: Marker) -> tuple[int, str | None] | None:
        same = [place for place in self._open if place.marker.style is Style.ANNEX]
        if same and marker.numbers and same[0].marker.numbers and same[0].marker.root == marker.root:
            step = marker.numbers[0] - same[0].marker.numbers[0]
            if step < 1:
                return None
            return 0, None if step == 1 else _skipped(same[0])
        return 0, None

    def _division(self, marker: Marker) -> tuple[int, str | None] | None:
        rank = DIVISIONS.index(marker.style)
        depth = self._divisions_above(rank)
        value = marker.numbers[0]
        if marker.style is Style.ARTICLE:
            follows = value == self._last_article + 1 or (value == self._last_article and len(marker.numbers) > 1)
            if value == 1 or follows or not self._last_article:
                return depth, None
            jump = value - self._last_article
            return (depth, f"follows 第{self._last_article}条") if 1 < jump <= FARTHEST_JUMP else None
        before = next((p for p in self._open[depth:] if p.marker.style is marker.style), None)
        if before is None or value == before.marker.numbers[0] + 1 or value == 1:
            return depth, None
        return (depth, _skipped(before)) if 1 < value - before.marker.numbers[0] <= FARTHEST_JUMP else None

    def _divisions_above(self, rank: int) -> int:
        """Divisions of a higher rank, an annex, and titles 一、 above articles stay open; all else closes."""
        depth = 0
        for at, place in enumerate(self._open):
            style = place.marker.style
            titled = style is Style.HAN and rank == _ARTICLE_RANK and is_title(place.marker.rest)
            if style is Style.ANNEX or titled or (style in DIVISIONS and DIVISIONS.index(style) < rank):
                depth = at + 1
            else:
                break
        return depth

    def _lettered(self, marker: Marker) -> tuple[int, str | None] | None:
        for at in range(len(self._open) - 1, -1, -1):
            open_one = self._open[at].marker
            if open_one.style is Style.LETTERED and (found := _follows(open_one.numbers, marker.numbers)):
                return at + found[0], None if found[1] else _skipped(self._open[at])
            if open_one.style is Style.ANNEX and open_one.numbers == marker.numbers[:1]:
                return (at + 1, None) if set(marker.numbers[1:]) == {1} else None
        return None

    def _dotted(self, marker: Marker) -> tuple[int, str | None] | None:
        for at in range(len(self._open) - 1, -1, -1):
            place = self._open[at]
            if place.marker.style is not Style.DOTTED and place.marker.style not in NUMBERS:
                continue
            if found := _follows(place.marker.numbers, marker.numbers):
                return at + found[0], None if found[1] else _skipped(place)
            if self._is_repeated(place, marker):
                return at, f"the number {marker.path} stands twice"
        return self._dotted_start(marker)

    def _dotted_start(self, marker: Marker) -> tuple[int, str | None] | None:
        """The first dotted number of a text or an annex whose upper numbers are missing: 1.1, or 4.1 after 3.x."""
        base = 1 if self._open and self._open[0].marker.style is Style.ANNEX else 0
        numbered = [p for p in self._open if p.marker.style is Style.DOTTED or p.marker.style in NUMBERS]
        if not numbered:
            return (self._below_divisions(), None) if set(marker.numbers) == {1} else None
        first = numbered[0].marker.numbers[0]
        if marker.numbers[0] in (first, first + 1) and set(marker.numbers[1:]) == {1}:
            return base, _skipped(self._open[-1])
        return None

    def _below_divisions(self) -> int:
        depth = 0
        for at, place in enumerate(self._open):
            if place.marker.style in (*DIVISIONS, Style.ANNEX, Style.HAN, Style.HAN_PAREN):
                depth = at + 1
        return depth

    def _is_repeated(self, place: Place, marker: Marker) -> bool:
        return place.marker.numbers == marker.numbers and is_title(marker.rest) and place.marker.rest != marker.rest

    def _counted(self, marker: Marker) -> tuple[int, str | None] | None:
        value = marker.numbers[0]
        matches = [at for at, p in enumerate(self._open) if p.marker.style is marker.style and _next(p, value)]
        if not matches and (depth := self._after_lost_number(marker)) is not None:
            return depth, None
        if matches:
            outermost_wins = marker.style in NUMBERS and is_title(marker.rest)
            return (matches[0] if outermost_wins else matches[-1]), None
        if value == 1 or (value == 0 and marker.style in NUMBERS):
            return self._begun(marker), None
        if marker.style is Style.NUMBER or marker.style is Style.HAN:
            return self._jumped(marker, value)
        return None

    def _after_lost_number(self, marker: Marker) -> int | None:
        """Where 6 stands after 5.2 whose 5 was lost."""
        depth = self._below_divisions()
        first = self._open[depth] if depth < len(self._open) else None
        if first is None or first.marker.style is not Style.DOTTED or marker.style is not Style.NUMBER:
            return None
        return depth if _next(first, marker.numbers[0]) and is_title(marker.rest) else None

    def _begun(self, marker: Marker) -> int:
        """Where a new count starts: below the innermost number; a second 一、 or title 1 starts its level anew."""
        for at, place in enumerate(self._open):
            restarts = marker.style is Style.HAN or (marker.style is Style.NUMBER and is_title(marker.rest))
            if place.marker.style is marker.style and restarts:
                return at
        if marker.style is Style.HAN:
            return self._divisions_above(len(DIVISIONS))
        while_list = len(self._open)
        while while_list and self._open[while_list - 1].marker.style is marker.style and marker.style in _LISTS:
            while_list -= 1
        return while_list

    def _jumped(self, marker: Marker, value: int) -> tuple[int, str | None] | None:
        for at, place in enumerate(self._open):
            step = value - place.marker.numbers[0] if place.marker.numbers else 0
            if place.marker.style is marker.style and 1 < step <= FARTHEST_JUMP and is_title(marker.rest):
                return at, _skipped(place)
        return None


def _annex_of(stack: list[Place]) -> Place | None:
    return stack[0] if stack and stack[0].marker.style is Style.ANNEX else None


def _are_one_count(one: Marker, other: Marker) -> bool:
    plain = (*NUMBERS, Style.DOTTED)
    return one.style is other.style or (one.style in plain and other.style in plain)


def _skipped(place: Place) -> str:
    return f"follows {place.marker.path}"


def _next(place: Place, value: int) -> bool:
    return bool(place.marker.numbers) and place.marker.numbers[0] + 1 == value


def _follows(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[int, bool] | None:
    """Whether a dotted number may follow another: (1 for below it or 0 beside it, no number is left out)."""
    if len(after) == len(before) and after[:-1] == before[:-1] and before[:-1]:
        step = after[-1] - before[-1]
        return (0, step == 1) if 1 <= step <= FARTHEST_JUMP else None
    if len(after) == len(before) + 1 and after[:-1] == before:
        return (1, after[-1] <= 1) if after[-1] <= 2 else None
    if len(after) == len(before) + 2 and after[:-2] == before and after[-2:] == (1, 1):
        return 1, False
    return None
