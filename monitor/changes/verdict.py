"""Verdict: all that one sighting means: changes to report, what the register learns, and which rules were named."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from monitor.changes.change import Change, Event
from monitor.notation.codes import RuleCode


@dataclass(frozen=True, slots=True)
class EditionSeen:
    """What a page says of one edition; `is_text` where it is that edition's principal text."""

    code: RuleCode
    shown: str
    title_zh: str
    capture_id: int
    is_text: bool = False
    published: date | None = None
    effective: date | None = None
    replaces: tuple[RuleCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """A family or one edition ends, is suspended, or is back in force (`reason` None) from a day."""

    family: str
    code: RuleCode | None
    on: date | None
    reason: Literal["withdrawn", "suspended", "superseded", "corrected"] | None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """New values of some fields of a change that was kept before.

    `by` is the event of the change that tells it; `is_clear` is False where nothing was recognised as altered, so that
    a consultant must say what the text means for the change.
    """

    event: Event
    fields: dict[str, Any]
    by: Event | None = None
    is_clear: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """A rule that a page is about or names; without one, only that a page of this title was looked at."""

    family: str
    edition: str
    role: Literal["text", "notice", "list", "page"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one sighting means. `outcome` is kept with the capture, so that silence can be explained, too."""

    outcome: str
    changes: tuple[Change, ...] = ()
    editions: tuple[EditionSeen, ...] = ()
    endings: tuple[Ending, ...] = ()
    mentions: tuple[Mention, ...] = ()
    amendments: tuple[Amendment, ...] = ()
