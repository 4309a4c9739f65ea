"""Comparison: two documents clause by clause, what happened to each clause, and the edits that show it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NamedTuple


class Op(StrEnum):
    """What happened to one clause."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    UNCHANGED = "unchanged"


class Edit(NamedTuple):
    """One stretch of a diff: equal and delete joined give the old text, equal and insert the new."""

    op: Literal["equal", "delete", "insert"]
    text: str


class ClauseChange(NamedTuple):
    """One clause on both sides. `old` and `new` are its own text, heading first; None where it is absent.

    `why` says what makes it substantive ("number 3件 → 5件") or, for an editorial change, why it is none.
    """

    op: Op
    old_path: str | None
    new_path: str | None
    old_heading: str | None
    new_heading: str | None
    old: str | None
    new: str | None
    substantive: bool
    why: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the clause change as `rulewatch compare --json` prints it."""
        return {
            "op": self.op.value,
            "old_path": self.old_path,
            "new_path": self.new_path,
            "old_heading": self.old_heading,
            "new_heading": self.new_heading,
            "old": self.old,
            "new": self.new,
            "substantive": self.substantive,
            "why": list(self.why),
            "edits": [{"op": edit.op, "text": edit.text} for edit in self.edits],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents, clause by clause: every part of both is in exactly one of `clauses`.

    `alignment` is the share (0 to 1) of clause text that found a counterpart.
    """

    clauses: tuple[ClauseChange, ...]
    alignment: float = 1.0

    @property
    def substantive(self) -> bool:
        """Whether any requirement differs."""
        return any(clause.substantive for clause in self.clauses)

    @property
    def unchanged(self) -> int:
        """How many clauses are the same on both sides."""
        return sum(clause.op is Op.UNCHANGED for clause in self.clauses)

    @property
    def changed(self) -> tuple[ClauseChange, ...]:
        """The clauses that are not simply the same."""
        return tuple(clause for clause in self.clauses if clause.op is not Op.UNCHANGED)

    def to_json(self, with_unchanged: bool = False) -> dict[str, Any]:
        """Return the comparison as `rulewatch compare --json` prints it; `--all` lists unchanged clauses too."""
        listed = self.clauses if with_unchanged else self.changed
        return {
            "substantive": self.substantive,
            "unchanged": self.unchanged,
            "clauses": [clause.to_json() for clause in listed],
        }
