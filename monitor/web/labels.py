"""The words of the pages: kinds, reasons, actions and dates as a consultant reads them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from monitor.changes.change import ChangeKind, ReviewReason

KINDS: dict[str, str] = {
    ChangeKind.NEW_EDITION: "New edition",
    ChangeKind.REVISION: "Revision",
    ChangeKind.NEW_RULE: "New rule",
    ChangeKind.STANDARD_CHANGEOVER: "Standard changeover",
    ChangeKind.WITHDRAWAL: "Withdrawal",
    ChangeKind.SUSPENSION: "Suspension",
    ChangeKind.NOTICE: "Notice",
    ChangeKind.NO_LONGER_LISTED: "No longer listed",
    ChangeKind.CORRECTION: "Correction",
}
REASONS: dict[str, str] = {
    ReviewReason.OCR: "part of the text was read by OCR from a scan",
    ReviewReason.GENERAL_READER: "the page no longer fits its declared family",
    ReviewReason.AMBIGUOUS_DATE: "a date can be read in two ways",
    ReviewReason.CODE_NOT_ON_COVER: "the rule's code does not stand on its cover",
    ReviewReason.LOW_ALIGNMENT: "the two texts have little in common",
    ReviewReason.UNREADABLE_FILE: "a file could not be read",
    ReviewReason.CONFLICTING_DATES: "two pages state different dates",
    ReviewReason.NO_STATEMENT: "the authority has not said why",
    ReviewReason.UNNAMED_RULE: "no rule is named",
    ReviewReason.UNCLEAR_AMENDMENT: "it moves or corrects something, and it is not clear what",
}
DECISIONS = {"approved": "Approved", "dismissed": "Dismissed", None: "Waits for a decision"}
SEVERITIES = {"act_by": "act by a date", "act": "act", "know": "for information", "editorial": "editorial"}


def kind(name: str) -> str:
    """Return a kind of change in words."""
    return KINDS.get(name, name.replace("_", " "))


def reason(name: str) -> str:
    """Return a review reason in words."""
    return REASONS.get(name, name.replace("_", " "))


def why_waits(reasons: Iterable[str], held: str | None, asked: str | None) -> list[str]:
    """Return why a change waits for a decision, in words: its own doubts, what came up later, what its alerts wait
    for."""
    said = [reason(name) for name in reasons]
    said += [asked] if asked else []
    return said or [held or "somebody asked for a second look"]


def words(name: str) -> str:
    """Return a symbol (`next_surveillance`, `not_accepted`) as words."""
    return SEVERITIES.get(name, name.replace("_", " "))


def day(value: date | None) -> str:
    """Return a day as `1 July 2026`, "" for none."""
    return f"{value.day} {value:%B %Y}" if value else ""


def said_day(value: str) -> str:
    """Return a value as it is said: a day that is written 2026-07-01 as `1 July 2026`, anything else as it is."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def value_words(value: Any) -> str:
    """Return a field's value of whatever shape in words: a day, a duty, a list of standards; "none" for nothing."""
    if isinstance(value, list):
        return ", ".join(map(value_words, value)) or "none"
    if isinstance(value, dict):
        return f"{value.get('old')} → {value.get('new')}"
    return words(said_day(value)) if value else "none"


def moment(value: datetime | None) -> str:
    """Return a moment as `2 March 2026, 02:31 UTC`, "" for none."""
    return f"{day(value.date())}, {value:%H:%M} UTC" if value else ""
