"""What detection keeps: editions, endings, mentions, and changes, each merged into the account that is known."""

from collections import Counter
from datetime import date, timedelta

from monitor.changes.change import Change, Event
from monitor.changes.classify import classify
from monitor.changes.kept import clause_values, values_of
from monitor.changes.merge import (
    NEW,
    Merged,
    absorb,
    amend,
    merge,
    same_event,
    with_doubts,
    with_evidence,
    with_text_reason,
)
from monitor.changes.notices.corrections import RECENT_DAYS
from monitor.changes.stage.seen import change_from, known_to, sighting_of
from monitor.changes.verdict import Amendment, EditionSeen, Ending, Mention, Verdict
from monitor.documents.document import Document
from monitor.documents.means import present_means
from monitor.documents.reader import READER_VERSION
from monitor.notation.codes import find_codes
from storage import changes as kept_changes
from storage import detection
from storage.captures import CaptureRow
from storage.changes import ChangeRow
from storage.detection import Session
from storage.documents import document_of


def keep_verdict(session: Session, verdict: Verdict, today: date) -> Counter[str]:
    tally: Counter[str] = Counter()
    for seen in verdict.editions:
        _keep_edition(session, seen, today)
    for ending in verdict.endings:
        _keep_ending(session, ending, today)
    for change in verdict.changes:
        tally.update(_keep_change(session, change, today))
    by_event = {change.event: change for change in verdict.changes}
    for amendment in verdict.amendments:
        tally.update(_keep_amendment(session, amendment, by_event.get(amendment.by) if amendment.by else None, today))
    return tally


def _keep_edition(session: Session, seen: EditionSeen, today: date) -> None:
    capture = session.get_one(CaptureRow, seen.capture_id)
    values = {
        "authority": seen.code.family.authority.lower(),
        "family": str(seen.code.family),
        "year": seen.code.year or 0,
        "letter": seen.code.letter or "",
        "edition": seen.shown,
        "title_zh": seen.title_zh,
        "published": seen.published,
        "effective": seen.effective,
        "capture_id": seen.capture_id,
        "source_capture_id": seen.capture_id,
        "first_seen": today,
    }
    detection.keep_edition(session, values, is_text=seen.is_text, is_file=capture.kind == "file")
    for old in seen.replaces:
        if old.family != seen.code.family and old.year is not None:
            _keep_edition(session, EditionSeen(old, str(old), "", seen.capture_id), today)
        if old != seen.code:
            detection.mark_superseded(session, str(old.family), old.year, old.letter or "", seen.shown)


def _keep_ending(session: Session, ending: Ending, today: date) -> None:
    if ending.reason is None:
        detection.restore_editions(session, ending.family)
        return
    edition = (ending.code.year or 0, ending.code.letter or "") if ending.code else None
    detection.end_editions(session, ending.family, edition, ending.on or today, ending.reason, ending.superseded_by)


def keep_mentions(session: Session, verdict: Verdict, capture_id: int, title: str, published: date | None) -> None:
    rows = [
        {
            "capture_id": capture_id,
            "family": mention.family,
            "edition": mention.edition,
            "role": mention.role,
            "title_zh": title,
            "published": published,
        }
        for mention in (*verdict.mentions, Mention("", "", "page"))
    ]
    detection.keep_mentions(session, rows)


def _keep_change(session: Session, change: Change, today: date) -> dict[str, int]:
    change = with_text_reason(change, _has_text(session, change))
    row = _account_of(session, change)
    if row is None:
        evidence = [(capture, role.value) for capture, role in zip(change.captures, change.roles, strict=True)]
        if detection.keep_change(session, values_of(change), clause_values(change.clauses), evidence) is not None:
            return {"changes": 1} | _recall_notices(session, change, today)
        row = _account_of(session, change)
        assert row is not None
    merged = _merged(session, row, change)
    row = kept_changes.standing(session, row)
    return _update(session, row, merged, change.captures[0], today)


def _merged(session: Session, row: ChangeRow, change: Change) -> Merged:
    """What an account adds to the change that tells its event: where a consultant merged that one, to the other."""
    if row.merged_into is not None:
        return absorb(change_from(session, kept_changes.standing(session, row)), change)
    return merge(change_from(session, row), change, has_text=_has_text(session, change))


def _recall_notices(session: Session, change: Change, today: date) -> dict[str, int]:
    """Add what notices said of a new edition before it was a change: those of the baseline reported nothing."""
    tally: Counter[str] = Counter()
    if change.kind not in NEW or change.family is None:
        return tally
    for mention, capture in kept_changes.mentions_of(session, change.family):
        row = document_of(session, capture, READER_VERSION, present_means())
        if mention.edition != change.event_key or mention.role != "notice" or row is None:
            continue
        if capture.id not in change.captures and detection.examined_as(session, capture.id) is not None:
            sighting = sighting_of(session, capture, row, Document.from_json(row.content), today)
            accounts = classify(sighting, known_to(session, capture, today)).changes
            for account in accounts:
                if same_event(change, account):
                    tally.update(_keep_change(session, account, today))
    return tally


def _account_of(session: Session, change: Change) -> ChangeRow | None:
    """The kept change that tells the same event, None where it is the first account."""
    kinds = [kind.value for kind in NEW] if change.kind in NEW else [change.kind.value]
    row = kept_changes.find_event(session, kinds, change.family or "", change.event_key)
    if row is not None:
        return row
    since = change.detected_on - timedelta(days=RECENT_DAYS)
    for candidate in kept_changes.changes_since(session, since, (change.family or "",)):
        if same_event(change_from(session, candidate), change):
            return candidate
    return None


def _update(
    session: Session,
    row: ChangeRow,
    merged: Merged,
    capture_id: int,
    today: date,
    by: ChangeRow | None = None,
    *,
    is_clear: bool = True,
) -> dict[str, int]:
    """Keep what later evidence adds; `by` is the entry of the log that amends the change.

    What it amends is told; so is, once a consultant has looked, that it amends something, where it `is_clear` not.

    What a consultant decided, was decided on less: a dismissed change is taken up again, and so is an approved one,
    except where the authority's own entry says without doubt what became another.
    """
    if not merged.fields:
        return {}
    evidence = [(c, role.value) for c, role in zip(merged.change.captures, merged.change.roles, strict=True)]
    is_material = merged.is_material or not is_clear
    note = {
        "on": today.isoformat(),
        "capture": capture_id,
        "fields": list(merged.fields),
        "material": is_material,
        "by_change": by.id if by else None,
    }
    is_plain = by is not None and not (set(merged.change.reasons) - set(row.reasons))
    if is_material and (row.decision == "dismissed" or (row.decision == "approved" and not is_plain)):
        detection.reopen(session, row, f"later evidence: {', '.join(merged.fields)}")
    values = values_of(merged.change)
    values["needs_review"] |= row.needs_review and not row.reasons  # asked for without a reason of the change's own
    detection.update_change(session, row, values, clause_values(merged.change.clauses), evidence, note)
    return {"updates": 1}


def _keep_amendment(session: Session, amendment: Amendment, by: Change | None, today: date) -> dict[str, int]:
    """Alter the change that a later text amends; the text's own entry is linked to it, and hands its doubts over."""
    row = _row_of(session, amendment.event)
    if row is None:
        return {}
    row = kept_changes.standing(session, row)
    entry = _account_of(session, by) if by else None
    if entry is None or by is None:
        return _update(session, row, amend(change_from(session, row), amendment.fields), row.capture_id, today)
    merged = amend(change_from(session, row), amendment.fields)
    change = with_evidence(with_doubts(merged.change, by, is_clear=amendment.is_clear), by)
    detection.link_amendment(session, entry, row)
    merged = Merged(change, merged.fields)
    return _update(session, row, merged, by.captures[0], today, entry, is_clear=amendment.is_clear)


def _row_of(session: Session, event: Event) -> ChangeRow | None:
    kind, family, key = event
    return kept_changes.find_event(session, [kind.value], family or "", key)


def _has_text(session: Session, change: Change) -> bool:
    codes = find_codes(change.new_edition or "")
    if change.kind not in NEW or not codes or codes[0].year is None:
        return False
    row = kept_changes.edition_of(session, str(codes[0].family), codes[0].year, codes[0].letter or "")
    return row is not None and row.capture_id is not None
