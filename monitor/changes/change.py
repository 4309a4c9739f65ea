"""Change: one thing that happened to a rule, and the clause changes that show it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.comparison.comparison import ClauseChange
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
    UNCLEAR_AMENDMENT = "unclear_amendment"


class EvidenceRole(StrEnum):
    """What a piece of evidence shows of a change: the notice, the rule's page or file, the text before, the list."""

    NOTICE = "notice"
    PAGE = "page"
    FILE = "file"
    BEFORE = "before"
    LIST = "list"


Event = tuple[ChangeKind, str | None, str]
"""What makes a change one, whoever tells it: kind, family, and the key of the event within them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a rule, ready to be kept.

    `event_key` names the event within kind and family, so that the same event is kept once: the new edition,
    the pair of captures of a revision, or the notice. `deadline` is None and `deadline_note` a symbol
    (`next_surveillance`, `effective+6m` …) where only the certificate's calendar knows. `captures` are the
    evidence, the principal first, and `roles` say of each what it shows. `substantive` is False where wording
    changed and no requirement did. `amends` names the change whose history this one is a part of: an extension or a
    correction is an entry of the log, and what it alters is told as that change's, old and new, to whom it was told.
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
    amends: Event | None = None

    @property
    def event(self) -> Event:
        """What makes the change one, whoever tells it."""
        return self.kind, self.family, self.event_key

    @property
    def needs_review(self) -> bool:
        """Whether a consultant must decide before a holder hears of it."""
        return bool(self.reasons)
