"""Classify: what one page or file means, given what is known and what stood at its address before.

This page only decides who is asked: a rule's text goes to rule_texts.py, an announcement to notices/per_rule.py,
a correction to notices/corrections.py. A page of the baseline fills the register and reports nothing, whatever it says.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from functools import cached_property

from monitor.changes.change import Change, ChangeKind, Event, EvidenceRole, ReviewReason
from monitor.changes.identity import Identity, Trust, identify
from monitor.changes.notices.corrections import correct, edited, quoted_titles, swaps_in, targets_of
from monitor.changes.notices.notice import Notice
from monitor.changes.notices.per_rule import read_notice
from monitor.changes.notices.wording import is_amending_text, is_amendment, is_correction, is_draft, is_notice_title
from monitor.changes.register import Edition, Register
from monitor.changes.rule_texts import Before, Compare, is_principal, read_exchanged, read_rule_text, without_layout
from monitor.changes.sighting import Sighting
from monitor.changes.verdict import Amendment, Ending, Verdict
from monitor.notation.codes import find_codes
from monitor.notation.standards import find_standards


@dataclass(frozen=True)
class Known:
    """What detection knows when it looks: the register, the editions already reported, how to get the rest."""

    register: Register
    told: frozenset[str]
    recall: Callable[[], tuple[Change, ...]]
    text_of: Callable[[Edition], Before | None]
    compare: Compare
    titled: Callable[[str], tuple[str, ...]] = lambda title: ()

    @cached_property
    def log(self) -> tuple[Change, ...]:
        """The recent changes, newest first; fetched only where a page speaks of an earlier one."""
        return self.recall()


def classify(sighting: Sighting, known: Known, before: Sighting | None = None, *, baseline: bool = False) -> Verdict:
    """Return what a sighting means; `before` is the same address with its earlier bytes, read by the same reader."""
    if before is not None:
        return _again(sighting, before, known)
    verdict = _first(sighting, known)
    if not baseline:
        return verdict
    is_listed = sighting.role == "rules" or any(edition.is_text for edition in verdict.editions)
    editions = verdict.editions if is_listed else ()
    return Verdict("baseline", (), editions, verdict.endings, verdict.mentions)


def is_rule_text(sighting: Sighting) -> bool:
    """Return whether a document is (part of) a rule's own publication, not an announcement about it."""
    document = sighting.document
    if is_draft(f"{document.title}\n{sighting.file_name or ''}\n{sighting.page_title or ''}"):
        return False
    if is_notice_title(document.title) or is_amending_text(document.title):
        return False
    if sighting.role == "rules":
        return not (sighting.kind == "article" and is_notice_title(sighting.row_title or ""))
    if sighting.kind == "article":
        return document.code is not None and is_principal(sighting)
    named = identify(sighting)
    return named is not None and named.trust in (Trust.COVER, Trust.TITLE, Trust.FILE_NAME) and is_principal(sighting)


def _first(sighting: Sighting, known: Known) -> Verdict:
    if is_rule_text(sighting):
        identity = identify(sighting)
        if identity is None or identity.code.year is None:
            return Verdict("a rule's page without a code" if sighting.role == "rules" else "an attachment")
        return read_rule_text(sighting, identity, known.register, known.told, known.text_of, known.compare)
    if sighting.kind == "file":
        return _attachment(sighting, known)
    return _announcement(sighting, known)


def _attachment(sighting: Sighting, known: Known) -> Verdict:
    """A file under an announcement: its text where it is the announcement itself, else only an enclosure."""
    title = sighting.document.title
    if (
        sighting.document.readable
        and not is_notice_title(title)
        and sighting.role == "notices"
        and not _opens(sighting)
    ):
        return Verdict("an attachment")
    if not sighting.document.readable and not is_notice_title(sighting.file_name or ""):
        return Verdict("an attachment that cannot be read")
    return _announcement(sighting, known)


def _opens(sighting: Sighting) -> bool:
    """Whether a file's text opens as an announcement does: 各有关单位：, 各获证企业：."""
    return any(word in sighting.text[:160] for word in ("各有关", "各获证", "各相关", "各认证", "各持证"))


def _announcement(sighting: Sighting, known: Known) -> Verdict:
    notice = Notice(sighting, known.register, known.told)
    if is_draft(notice.title):
        return read_notice(sighting, known.register, known.told)
    if is_correction(notice.title, sighting.text):
        return _corrected(notice, known, ChangeKind.CORRECTION)
    moves = is_amendment(notice.title, sighting.text)
    if moves and targets_of(notice, known.log, swaps_in(sighting.text)):
        return _corrected(notice, known, ChangeKind.NOTICE)
    verdict = read_notice(sighting, known.register, known.told)
    changes = tuple(_amending(change, notice) for change in verdict.changes)
    return replace(verdict, changes=tuple(map(_without_object, changes)) if moves else changes)


def _without_object(change: Change) -> Change:
    """A notice that moves days of something that is not found stands alone, and a person says what it moves."""
    return replace(change, reasons=(*change.reasons, ReviewReason.UNCLEAR_AMENDMENT))


def _amending(change: Change, notice: Notice) -> Change:
    """An amendment sheet (修改单) changes a rule's content under the same code: a revision without a new text."""
    of_rule = is_amending_text(notice.title) and not find_standards(notice.title)
    if change.kind is ChangeKind.NOTICE and of_rule and change.family:
        newest = notice.register.newest(change.family)
        edition = newest.shown if newest else None
        return replace(change, kind=ChangeKind.REVISION, old_edition=edition, new_edition=edition)
    return change


def _corrected(notice: Notice, known: Known, kind: ChangeKind) -> Verdict:
    change, amendments = correct(notice, known.log, kind)
    if not change.families_named:
        named = tuple(family for title in quoted_titles(notice.text) for family in known.titled(title))
        change = replace(change, families_named=named, family=named[0] if len(named) == 1 else None)
    verdict = read_notice(notice.sighting, known.register, known.told)
    endings = [ending for amendment in amendments for ending in _renamed(amendment, notice)]
    if change.families_named:
        change = replace(change, reasons=tuple(r for r in change.reasons if r is not ReviewReason.UNNAMED_RULE))
    if not (change.family or change.families_named or change.standards_named or amendments):
        return Verdict("corrects nothing that is watched", mentions=verdict.mentions)
    return Verdict(kind.value, (change,), (), tuple(endings), verdict.mentions, amendments)


def _renamed(amendment: Amendment, notice: Notice) -> list[Ending]:
    """A corrected code ends the wrong edition and makes the right one known."""
    right = amendment.fields.get("new_edition")
    wrong = find_codes(amendment.event[2])
    if right is None or not wrong:
        return []
    return [Ending(str(wrong[0].family), wrong[0], notice.sighting.published, "corrected", right)]


def _again(sighting: Sighting, before: Sighting, known: Known) -> Verdict:
    """The same address with other bytes: exchanged, edited, or only dressed anew."""
    new, old = identify(sighting), identify(before)
    if is_rule_text(sighting):
        return _exchanged(sighting, before, new, old, known)
    if sighting.document.readable and before.document.readable:
        comparison = without_layout(known.compare(before.document, sighting.document))
        if not comparison.substantive:
            return Verdict("layout only")
        if sighting.kind == "file":
            return _first(sighting, known)
        return _edited_announcement(sighting, before, known)
    return _first(sighting, known)


def _exchanged(
    sighting: Sighting, before: Sighting, new: Identity | None, old: Identity | None, known: Known
) -> Verdict:
    if new is None and old is not None and not sighting.document.readable:
        new = Identity(old.code, Trust.ROW)
    if new is None or new.code.year is None:
        return Verdict("a rule's page without a code")
    if old is not None and old.code.family != new.code.family:
        return _first(sighting, known)
    standing = Before(before.capture_id, before.document, old.code if old else None, before.kind == "file")
    if (old is None or old.code != new.code) and known.register.is_newer(new.code):
        return read_rule_text(
            sighting, new, known.register, known.told, lambda edition: known.text_of(edition) or standing, known.compare
        )
    verdict = read_exchanged(sighting, new, standing, known.compare)
    if old is not None and new.code < old.code and verdict.changes:
        doubted = tuple(replace(c, reasons=(*c.reasons, ReviewReason.NO_STATEMENT)) for c in verdict.changes)
        return replace(verdict, changes=doubted)
    return verdict


def _edited_announcement(sighting: Sighting, before: Sighting, known: Known) -> Verdict:
    """An announcement whose text was altered in place: what it now says of old events amends them, the rest is new."""
    new, old = _announcement(sighting, known), _announcement(before, known)
    events = {change.event: change for change in old.changes}
    kept = {change.event for change in known.log}
    fresh = tuple(change for change in new.changes if change.event not in events)
    shared = [change for change in new.changes if change.event in events]
    corrections = tuple(_correction(change, sighting, before, known, kept) for change in shared)
    amendments = tuple(
        replace(edited(events[change.event], change), by=correction.event)
        for change, correction in zip(shared, corrections, strict=True)
        if change.event in kept
    )
    outcome = "edited" if corrections or fresh else "edited, names no rule, standard or scope"
    return Verdict(outcome, (*corrections, *fresh), new.editions, new.endings, new.mentions, amendments)


def _correction(change: Change, sighting: Sighting, before: Sighting, known: Known, kept: Container[Event]) -> Change:
    comparison = without_layout(known.compare(before.document, sighting.document))
    return replace(
        change,
        kind=ChangeKind.CORRECTION,
        event_key=f"{before.capture_id}>{sighting.capture_id}",
        captures=(sighting.capture_id, before.capture_id),
        roles=(EvidenceRole.NOTICE, EvidenceRole.BEFORE),
        clauses=comparison.changed,
        amends=change.event if change.event in kept else None,
    )
