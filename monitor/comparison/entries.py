"""The entries of a comparison: what happened to each clause, as a consultant would call it, and whether it matters."""

from collections.abc import Iterator

from monitor.comparison.comparison import ClauseChange, Edit, Op
from monitor.comparison.diff import diff_texts
from monitor.comparison.pairing.align import Alignment
from monitor.comparison.pairing.side import Side, row_lines, words_of
from monitor.comparison.pairing.splits import Pieces, joined_text
from monitor.comparison.substance.compact import is_page_number
from monitor.comparison.substance.items import is_reordered_lines
from monitor.comparison.substance.judge import LAYOUT_ONLY, Verdict, few_reasons, judge
from monitor.comparison.substance.references import Numbers, Renumbering, numbered_lines
from monitor.comparison.tables import diff_lines, judge_tables, pair_rows, rows_of
from monitor.documents.document import PartRole
from monitor.notation.text import normalise

_SAME: Verdict = (False, ())
_LAYOUT: Verdict = (False, (LAYOUT_ONLY,))


class Entries:
    """The entries of two aligned documents; each part of both is in exactly one."""

    def __init__(self, old: Side, new: Side, alignment: Alignment) -> None:
        self.old, self.new, self.alignment = old, new, alignment
        self.partner, self.source = alignment.partner, alignment.source
        self.numbers = Renumbering(self._numbers)
        self.has_one_order = not alignment.moved and not old.annexes and not new.annexes
        self.pieces = Pieces(old, new, alignment)
        self.has_pieces = bool(self.pieces.split or self.pieces.merged)

    def __iter__(self) -> Iterator[ClauseChange]:
        """The entries in the order of the new document, what was removed after what stood before it."""
        removed = self._removed_after()
        yield from map(self.removed, removed.get(-1, ()))
        plain = self.has_one_order and not self.has_pieces
        before, after, numbers, renumbered = self.old.texts, self.new.texts, self.old.paths, self.new.paths
        for j, i in enumerate(self.source):
            if i < 0:
                yield self.added(j)
            elif plain and before[i] == after[j] and numbers[i] == renumbered[j]:
                yield self.unchanged(i, j)
            else:
                yield self.paired(i, j)
            if j in removed:
                yield from map(self.removed, removed[j])

    def unchanged(self, i: int, j: int) -> ClauseChange:
        """Return the entry of a clause that says and is called the same on both sides, as most are."""
        text, path = self.new.texts[j], self.new.paths[j]
        edits = (Edit("equal", text),) if text else ()
        headings = self.old.headings[i], self.new.headings[j]
        return ClauseChange(Op.UNCHANGED, path, path, *headings, text, text, False, (), edits)

    def paired(self, i: int, j: int) -> ClauseChange:
        """Return what happened to a clause that is on both sides."""
        old, new = self.old, self.new
        before, after = old.texts[i], new.texts[j]
        op, verdict = self._place(i, j), _SAME
        if before == after:
            edits: tuple[Edit, ...] = (Edit("equal", before),) if before else ()
        else:
            edits = self._edits(i, j)
            verdict = self._verdict(i, j, edits)
            op = op if verdict is _LAYOUT else Op.MODIFIED
        if self.has_pieces and (i in self.pieces.split or j in self.pieces.merged):
            op, verdict = Op.MODIFIED, self._verdict_with_pieces(i, j)
        return ClauseChange(
            op, old.paths[i], new.paths[j], old.headings[i], new.headings[j], before, after, *verdict, edits
        )

    def removed(self, i: int) -> ClauseChange:
        """Return the entry of a clause that is gone, or that is merged into another."""
        side, text = self.old, self.old.texts[i]
        verdict: Verdict = (_says_anything(text), ("removed",))
        if (j := self.pieces.merged_into.get(i)) is not None:
            matters, _ = self._verdict_with_pieces(self.source[j], j)
            verdict = (matters, (f"merged into {_name(self.new, j)}",))
        edits = (Edit("delete", text),) if text else ()
        return ClauseChange(Op.REMOVED, side.paths[i], None, side.headings[i], None, text, None, *verdict, edits)

    def added(self, j: int) -> ClauseChange:
        """Return the entry of a clause that is new, or that is split from another."""
        side, text = self.new, self.new.texts[j]
        verdict: Verdict = (_says_anything(text), ("added",))
        if (i := self.pieces.split_from.get(j)) is not None:
            matters, _ = self._verdict_with_pieces(i, self.partner[i])
            verdict = (matters, (f"split from {_name(self.old, i)}",))
        edits = (Edit("insert", text),) if text else ()
        return ClauseChange(Op.ADDED, None, side.paths[j], None, side.headings[j], None, text, *verdict, edits)

    def _removed_after(self) -> dict[int, list[int]]:
        """New place → the old parts that are gone after what stands there."""
        removed: dict[int, list[int]] = {}
        last = -1
        for i, j in enumerate(self.partner):
            if j < 0:
                removed.setdefault(last, []).append(i)
            elif i not in self.alignment.moved:
                last = j
        return removed

    def _place(self, i: int, j: int) -> Op:
        """What happened to the place of a clause whose words stayed."""
        if self.has_one_order and self.old.paths[i] == self.new.paths[j]:
            return Op.UNCHANGED
        if i in self.alignment.moved or self._left_parent(i, j):
            return Op.MOVED
        return Op.UNCHANGED if self.old.paths[i] == self.new.paths[j] else Op.RENUMBERED

    def _left_parent(self, i: int, j: int) -> bool:
        """Whether the clause now belongs to another clause or annex: 4.3 became 5.1 while 4 is still 4.

        Articles (第五条) are numbered through all chapters and belong to none.
        """
        old, new = self.old.paths[i], self.new.paths[j]
        if old == new or old is None or new is None or not ("." in old and "." in new):
            return self._annex_left(i, j)
        above, now = self.old.parents[i], self.new.parents[j]
        if above < 0 or now < 0:
            return False
        return self.partner[above] != now and (self.partner[above] >= 0 or self.source[now] >= 0)

    def _annex_left(self, i: int, j: int) -> bool:
        above, now = self.old.parents[i], self.new.parents[j]
        if above < 0 or now < 0 or self.partner[above] == now:
            return False
        annexes = self.old.parts[above].role is PartRole.ANNEX and self.new.parts[now].role is PartRole.ANNEX
        return annexes and self.partner[above] >= 0

    def _edits(self, i: int, j: int) -> tuple[Edit, ...]:
        old, new = self.old.parts[i], self.new.parts[j]
        if not (old.tables and new.tables):
            return diff_texts(self.old.texts[i], self.new.texts[j])
        words, rows = diff_texts(words_of(old), words_of(new)), pair_rows(rows_of(old.tables), rows_of(new.tables))
        before, after = bool(words_of(old)), bool(words_of(new))
        return diff_lines(words, (before, after), row_lines(old), row_lines(new), rows)

    def _verdict(self, i: int, j: int, edits: tuple[Edit, ...]) -> Verdict:
        before, after = self.old.texts[i], self.new.texts[j]
        old, new = self.old.parts[i], self.new.parts[j]
        if not (old.tables or new.tables):
            if is_reordered_lines(before, after, (*self.old.texts, *self.new.texts)):
                return False, ("order of a list",)
            verdict = judge(before, after, self.numbers, edits)
            return _LAYOUT if verdict == _LAYOUT and normalise(before) == normalise(after) else verdict
        if normalise(before) == normalise(after):
            return _LAYOUT
        return self._verdict_with_tables(i, j)

    def _verdict_with_tables(self, i: int, j: int) -> Verdict:
        old, new = self.old.parts[i], self.new.parts[j]
        matters, why = judge(words_of(old), words_of(new), self.numbers) if words_of(old) != words_of(new) else _SAME
        before, after = rows_of(old.tables), rows_of(new.tables)
        serious, harmless = judge_tables(before, after, pair_rows(before, after), self.numbers)
        if matters or serious:
            return True, few_reasons([*(why if matters else ()), *serious])
        return False, few_reasons([*why, *harmless])

    def _verdict_with_pieces(self, i: int, j: int) -> Verdict:
        """Whether the clauses that one was split into, or that were merged into one, say the same together."""
        olds, news = sorted([i, *self.pieces.merged.get(j, ())]), sorted([j, *self.pieces.split.get(i, ())])
        before, after = joined_text(self.old, olds), joined_text(self.new, news)
        matters, why = judge(before, after, self.numbers) if before != after else _SAME
        how = f"split into {_names(self.new, news)}" if len(news) > 1 else f"merged from {_names(self.old, olds)}"
        return matters, few_reasons([how, *(reason for reason in why if matters)])

    def _numbers(self) -> Numbers:
        """Old and new number of every clause on both sides, and of the numbered lines inside their texts."""
        for i, j in enumerate(self.partner):
            if j >= 0:
                yield self.old.paths[i], self.new.paths[j]
        yield from numbered_lines("\n".join(self.old.texts), "\n".join(self.new.texts))


def _says_anything(text: str) -> bool:
    return bool(text.strip()) and not is_page_number(text)


def _name(side: Side, place: int) -> str:
    return side.paths[place] or side.headings[place] or "text"


def _names(side: Side, places: list[int]) -> str:
    return ", ".join(_name(side, place) for place in places)
