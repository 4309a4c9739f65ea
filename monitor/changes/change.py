"""Change: one thing that happened to a rule, and the clause changes that show it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from monitor.facts.fact import Fact, StandardChange


class ChangeKind(StrEnum):
    """The kinds of DESIGN.md, "What a change is"."""

    NEW_EDITION = "new_edition"
    REVISION = "revision"
    NEW_RULE = "new_rule"
    STANDARD_CHANGEOVER = "standard_changeover"
    WITHDRAWAL = "withdrawal"
    SUSPENSION = "suspension"
    NOTICE = "notice"
    NO_LONGER_LISTED = "no_longer_listed"
    CORRECTION = "correction"


class ReviewReason(StrEnum):
    """Why a change waits for a consultant."""

    OCR = "ocr"
    GENERAL_READER = "general_reader"
    AMBIGUOUS_DATE = "ambiguous_date"
    CODE_NOT_ON_COVER = "code_not_on_cover"
    LOW_ALIGNMENT = "low_alignment"
    UNREADABLE_FILE = "unreadable_file"
    CONFLICTING_DATES = "conflicting_dates"
    NO_STATEMENT = "no_statement"
    UNNAMED_RULE = "unnamed_rule"


class EvidenceRole(StrEnum):
    """What a piece of evidence shows of a change: the notice, the rule's page or file, the text before, the list."""

    NOTICE = "notice"
    PAGE = "page"
    FILE = "file"
    BEFORE = "before"
    LIST = "list"


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


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a rule, ready to be kept.

    `event_key` names the event within kind and family, so that the same event is kept once: the new edition,
    the pair of captures of a revision, or the notice. `deadline` is None and `deadline_note` a symbol
    (`next_surveillance`, `effective+6m` …) where only the certificate's calendar knows. `captures` are the
    evidence, the principal first, and `roles` say of each what it shows. `substantive` is False where wording
    changed and no requirement did.
    """

    kind: ChangeKind
    authority: str
    family: str | None
    event_key: str
    title_zh: str
    detected_on: date
    source_url: str
    captures: tuple[int, ...]
    old_edition: str | None = None
    new_edition: str | None = None
    published: date | None = None
    effective: date | None = None
    deadline: date | None = None
    deadline_note: str | None = None
    accepted_from: date | None = None
    accepted_until: date | None = None
    standards: tuple[StandardChange, ...] = ()
    supersedes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    consequence: str | None = None
    reasons: tuple[ReviewReason, ...] = ()
    facts: tuple[Fact, ...] = ()
    clauses: tuple[ClauseChange, ...] = ()
    families_named: tuple[str, ...] = ()
    standards_named: tuple[str, ...] = ()
    scope_zh: str | None = None
    substantive: bool = True
    roles: tuple[EvidenceRole, ...] = ()

    @property
    def needs_review(self) -> bool:
        """Whether a consultant must decide before a holder hears of it."""
        return bool(self.reasons)
