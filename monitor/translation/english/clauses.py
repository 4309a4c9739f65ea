"""A clause's change in English: its heading, why it matters, its text before and after."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.comparison.comparison import ClauseChange, Op
from monitor.comparison.pairing.side import CELL_JOINT
from monitor.translation.english.context import sides_of
from monitor.translation.english.glossary import Glossary
from monitor.translation.english.reasons import say_why
from monitor.translation.english.sentences import say_path, say_sentence

EXCERPT = 240
"""Characters of a clause that a plain-text summary shows on each side."""
MOST_REASONS = 4
"""Reasons that a plain-text summary gives for one clause."""
AROUND = 60
"""Characters before the first difference with which an excerpt begins."""
Say = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class ClauseSummary:
    """One clause of a change in both languages; English that is None awaits translation.

    `front` says that it stands on the cover or in the foreword of a new edition: code, dates and what is replaced are
    said as facts, so it is kept and not counted among the clauses that matter.
    """

    op: str
    old_path: str | None
    new_path: str | None
    heading_zh: str
    heading_en: str | None
    old_zh: str | None
    new_zh: str | None
    old_en: str | None
    new_en: str | None
    substantive: bool
    why: tuple[str, ...] = ()
    edits: tuple[dict[str, Any], ...] = ()
    front: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether it has a number or is a table: what a reader would call a clause."""
        return bool(self.old_path or self.new_path) or CELL_JOINT in f"{self.old_zh}{self.new_zh}"

    def plain_text(self) -> str:
        """Return the clause as a few lines: where, what, before, after."""
        lines = [f"- {self._place()}: {self._what()}"]
        if self.substantive:
            sides = [(name, zh, en) for name, zh, en in self._sides() if zh]
            start = _first_difference(self.old_zh, self.new_zh)
            lines += [
                _side(name, _body(en, self.heading_en), _body(zh, self.heading_zh), start) for name, zh, en in sides
            ]
        return "\n".join(lines)

    def _sides(self) -> list[tuple[str, str | None, str | None]]:
        return [("Before", self.old_zh, self.old_en), ("After", self.new_zh, self.new_en)]

    def _place(self) -> str:
        path = say_path(self.new_path or self.old_path) or self.new_path or self.old_path
        heading = self.heading_en or (f"“{self.heading_zh}”" if self.heading_zh else "")
        outside = "Table" if self.is_numbered else "Text outside the clauses"
        name = f"Clause {path}" if path and path[:1].isdigit() else path or outside
        return f"{name}, {heading}" if heading else name

    def _what(self) -> str:
        said = _OPS[self.op]
        if self.op in ("moved", "renumbered") or (self.old_path and self.new_path and self.old_path != self.new_path):
            said += f" (was {say_path(self.old_path) or self.old_path})"
        why = [reason for reason in self.why if reason != said]
        more = (f"and {len(why) - MOST_REASONS} more",) if len(why) > MOST_REASONS else ()
        return "; ".join((said, *why[:MOST_REASONS], *more))


def those_that_matter(clauses: Iterable[ClauseSummary]) -> list[ClauseSummary]:
    """Return the clauses that change a requirement, numbered ones and tables first."""
    return in_order(clause for clause in clauses if clause.substantive and not clause.front)


def in_order(clauses: Iterable[ClauseSummary]) -> list[ClauseSummary]:
    """Return clauses in their order, but numbered ones and tables before any text outside of them."""
    return sorted(clauses, key=lambda clause: not clause.is_numbered)


def with_front(clauses: Sequence[ClauseSummary]) -> tuple[ClauseSummary, ...]:
    """Return the clauses of a new edition, marked where they stand before everything that is numbered.

    Where nothing is numbered there is no telling a cover from a text, and nothing is marked.
    """
    first = next((place for place, clause in enumerate(clauses) if clause.is_numbered), 0)
    return tuple(replace(clause, front=place < first) for place, clause in enumerate(clauses))


def summarise_clause(clause: ClauseChange, glossary: Glossary, say: Say) -> ClauseSummary:
    """Return a clause's summary; only what changes a requirement is translated."""
    heading = clause.new_heading or clause.old_heading or ""
    sides = sides_of(clause.old, clause.new, clause.edits)
    needed: Say = say if clause.substantive else lambda text: say_sentence(text, glossary)
    return ClauseSummary(
        op=clause.op.value,
        old_path=clause.old_path,
        new_path=clause.new_path,
        heading_zh=heading,
        heading_en=needed(heading) if heading else None,
        old_zh=clause.old,
        new_zh=clause.new,
        old_en=needed(clause.old) if clause.old else None,
        new_en=needed(clause.new) if clause.new else None,
        substantive=clause.substantive,
        why=tuple(say_why(why, glossary, sides) for why in clause.why)
        if clause.op is Op.MODIFIED or clause.why
        else (),
        edits=tuple({"op": edit.op, "text": edit.text} for edit in clause.edits),
    )


def _body(text: str | None, heading: str | None) -> str | None:
    """Return a clause's text without the heading that opens it, which stands before it already."""
    if text is None or not heading or not text.startswith(heading):
        return text
    return text[len(heading) :].lstrip() or text


def _first_difference(old: str | None, new: str | None) -> int:
    """Return how much text both sides share before they differ; an excerpt begins a little earlier."""
    pairs = zip(old or "", new or "", strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), 0)


def _side(name: str, en: str | None, zh: str | None, start: int) -> str:
    if en is not None:
        return f"    {name}: {_excerpt(en, 0)}"
    return f"    {name} (Chinese, awaiting translation): {_excerpt(zh or '', start - AROUND)}"


def _excerpt(text: str, start: int) -> str:
    if len(text) <= EXCERPT:
        start = 0
    joined = " / ".join(line.strip() for line in text[max(0, start) :].splitlines() if line.strip())
    cut = joined if len(joined) <= EXCERPT else f"{joined[:EXCERPT].rstrip()} …"
    return f"… {cut}" if start > 0 else cut


_OPS = {
    "added": "added",
    "removed": "removed",
    "modified": "changed",
    "moved": "moved",
    "renumbered": "renumbered",
    "unchanged": "unchanged",
}
