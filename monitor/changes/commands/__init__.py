"""What a person may do with changes: decide, comment, set a date right; read the register and a rule's history.

A decision is added to those before it and never altered. The newest decides whether the change may go out.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from monitor.changes.history import line_of
from monitor.changes.kept import change_of, values_of
from monitor.changes.merge import absorb
from monitor.changes.register import Edition, Register, edition_of
from monitor.changes.series import Stand, series_of
from monitor.errors import BadInput
from monitor.notation.codes import find_codes
from storage import changes as kept
from storage import detection
from storage.alerts import is_told
from storage.captures import CaptureRow
from storage.changes import ChangeRow, ReviewRow
from storage.detection import Session
from storage.engine.database import Database
from storage.runs import now

CANDIDATE_DAYS = timedelta(days=180)
CORRECTABLE = ("effective", "deadline", "accepted_from", "accepted_until", "published")


def approve(database: Database, change_id: int, by: str, comment: str | None = None) -> None:
    """Let a change go out to the holders it concerns. Raises BadInput for an unknown change or no name."""
    _decide(database, change_id, by, "approved", comment)


def dismiss(database: Database, change_id: int, by: str, reason: str) -> None:
    """Keep a change from going out; who was told of it before is told that it does not hold, and why.

    Raises BadInput for an unknown change, no name or no reason.
    """
    words = _given(reason, "say why the change is dismissed")
    with database.session() as session:
        row = _unmerged(session, change_id)
        session.add(_review(change_id, by, "dismissed", words))
        row.decision, row.decided_at = "dismissed", now()
        if is_told(session, change_id):
            note = {"on": None, "by": by.strip(), "capture": None, "fields": ["decision"], "material": True}
            detection.update_change(session, row, {}, (), (), {**note, "ended": words})
        session.commit()


def comment(database: Database, change_id: int, by: str, text: str) -> None:
    """Add a remark without deciding anything. Raises BadInput for an unknown change, no name or no text."""
    words = _given(text, "a comment needs some text")
    with database.session() as session:
        _change(session, change_id)
        session.add(_review(change_id, by, "comment", words))
        session.commit()


def correct_date(
    database: Database, change_id: int, by: str, field: str, day: date | None, comment: str | None = None
) -> None:
    """Set one date of a change right; its revision is raised, so that summary and matches are made again.

    Raises:
        BadInput: the change is unknown, `field` is no date of a change, or the name is missing.
    """
    if field not in CORRECTABLE:
        raise BadInput(f'"{field}" cannot be corrected (expected one of {", ".join(CORRECTABLE)})')
    with database.session() as session:
        row = _change(session, change_id)
        before = getattr(row, field)
        review = _review(change_id, by, "corrected", " ".join(filter(None, (f"{field}: {before} → {day}", comment))))
        note = {"on": None, "by": by.strip(), "capture": None, "fields": [field], "material": True}
        detection.update_change(session, row, {field: day}, (), (), note)
        session.add(review)
        session.commit()


def merge_candidates(database: Database, change_id: int) -> list[dict[str, Any]]:
    """Return the changes that may tell the same event as one, the newest first: of its authority, on a rule or a
    standard that it names, found within half a year of it. Raises BadInput for an unknown change."""
    with database.session() as session:
        row = _change(session, change_id)
        since = row.detected_on - CANDIDATE_DAYS
        near = kept.changes_since(session, since)
        return [_told(other) for other in near if other.id != row.id and _may_be_one(row, other)]


def merge_changes(database: Database, change_id: int, into: int, by: str, *, sure: bool = False) -> None:
    """Merge a change into another that tells the same event; later evidence of either goes to the other.

    The other takes over what it did not say yet, as if one more page had told it: who was told of it hears of what
    matters. The merged change is dismissed, and both keep who merged them. `sure` where the person was asked whether
    changes of different authorities or rules are one.

    Raises:
        BadInput: a change is unknown or merged already, the one that is to go was told, the one that is to stay is
            dismissed (nobody would hear of either), they are of different authorities or rules and nobody said that
            this is right, or the name is missing.
    """
    if change_id == into:
        raise BadInput("a change cannot be merged into itself")
    with database.session() as session:
        other, kept_row = _unmerged(session, change_id), _unmerged(session, into)
        if kept_row.decision == "dismissed":
            raise BadInput(f"change {into} is dismissed: merge it into the other one, or approve it first")
        if not sure and (differ := _what_differs(other, kept_row)):
            raise BadInput(f"{differ}: say that you are sure if they tell one event all the same")
        if is_told(session, change_id):
            way = "both were told, so dismiss one instead" if is_told(session, into) else "merge the other one into it"
            raise BadInput(f"somebody was told of change {change_id} already: {way}")
        session.add(_review(change_id, by, "merged", f"into change {into}"))
        session.add(_review(into, by, "merged", f"with change {change_id}"))
        _absorb(session, kept_row, other, by.strip())
        other.decision, other.decided_at, other.merged_into = "dismissed", now(), into
        session.commit()


def unmerge_changes(database: Database, change_id: int, by: str) -> None:
    """Take a merger back: both changes are again what they were, and who was told the joined one hears of it.

    Raises BadInput where the change was not merged, or the name is missing.
    """
    with database.session() as session:
        other = _change(session, change_id)
        into = other.merged_into
        row = session.get_one(ChangeRow, into) if into is not None else None
        note = next((note for note in reversed(row.updates) if note.get("merged") == change_id), None) if row else None
        if row is None or note is None:
            raise BadInput(f"change {change_id} was not merged into another one")
        session.add(_review(change_id, by, "unmerged", f"from change {row.id}"))
        session.add(_review(row.id, by, "unmerged", f"from change {change_id}"))
        other.decision, other.decided_at, other.merged_into = None, None, None
        detection.take_back(session, row, note, by.strip())
        session.commit()


def register_at(database: Database, on: date) -> list[dict[str, Any]]:
    """Return the editions in force on a day, by code, each with the evidence that shows it."""
    with database.session() as session:
        register = _register(session)
        return [_entry(edition, _source(session, edition)) for edition in register.in_force(on)]


def history_of(database: Database, family: str) -> list[dict[str, Any]]:
    """Return what is known of a rule over time, oldest first: editions, standards, notices, changes.

    `family` may be a family or any of its codes; rules that it replaced or was replaced by belong to its line.
    Raises BadInput where the text names no rule.
    """
    codes = find_codes(family)
    if len(codes) != 1:
        raise BadInput(f'"{family}" is not a rule family (expected something like CCAP-GZ-5830 or CQC16-464213)')
    with database.session() as session:
        register = _register(session)
        families = register.line(str(codes[0].family))
        return line_of(
            [_entry(edition, _source(session, edition)) for name in families for edition in register.of_family(name)],
            [_told(row) for row in _by_family(session, families, kept.changes_naming)],
            [_mentioned(*found) for found in _by_family(session, families, kept.mentions_of)],
        )


def field_history(row: ChangeRow) -> dict[str, tuple[Stand, ...]]:
    """Return what the fields of a change said before, since when they say what they say, and by which document."""
    return series_of(kept.columns_of(row), row.updates, row.detected_on.isoformat(), row.capture_id)


def list_changes(database: Database, *, waiting: bool | None = None) -> list[dict[str, Any]]:
    """Return the log, newest first; those that wait for a decision, or those that do not."""
    with database.session() as session:
        return [_told(row) for row in kept.change_log(session, waiting=waiting)]


def _absorb(session: Session, row: ChangeRow, other: ChangeRow, by: str) -> None:
    merged = absorb(*(change_of(kept.columns_of(item), kept.evidence_of(session, item.id)) for item in (row, other)))
    if merged.is_material and row.decision is not None:
        detection.reopen(session, row, f"merged with change {other.id}: {', '.join(merged.fields)}")
    evidence = [(c, role.value) for c, role in zip(merged.change.captures, merged.change.roles, strict=True)]
    clauses = [
        {"position": c.position, "op": c.op, "substantive": c.substantive, "content": c.content} for c in other.clauses
    ]
    note = {"on": None, "by": by, "capture": None, "fields": list(merged.fields), "material": merged.is_material}
    values = values_of(merged.change)
    values["needs_review"] |= row.needs_review
    detection.update_change(session, row, values, clauses, evidence, {**note, "merged": other.id})


def _what_differs(other: ChangeRow, row: ChangeRow) -> str | None:
    """What speaks against two changes being one event, None where nothing does."""
    if other.authority != row.authority:
        return f"change {other.id} is {other.authority.upper()}'s and change {row.id} {row.authority.upper()}'s"
    if other.family and row.family and other.family != row.family and other.family not in row.families_named:
        return f"change {other.id} is about {other.family} and change {row.id} about {row.family}"
    return None


def _may_be_one(row: ChangeRow, other: ChangeRow) -> bool:
    """Whether two changes share an authority, and a rule or a standard that they name."""
    if other.authority != row.authority or other.merged_into is not None or other.amends is not None:
        return False
    families = [{one.family, *one.families_named} - {""} for one in (row, other)]
    return bool(families[0] & families[1]) or bool(set(row.standards_named) & set(other.standards_named))


def _unmerged(session: Session, change_id: int) -> ChangeRow:
    row = _change(session, change_id)
    if row.merged_into is not None:
        raise BadInput(f"change {change_id} was merged into change {row.merged_into}")
    return row


def _decide(database: Database, change_id: int, by: str, decision: str, words: str | None) -> None:
    with database.session() as session:
        row = _unmerged(session, change_id)
        session.add(_review(change_id, by, decision, words))
        row.decision, row.decided_at = decision, now()
        session.commit()


def _change(session: Session, change_id: int) -> ChangeRow:
    row = session.get(ChangeRow, change_id)
    if row is None:
        raise BadInput(f"there is no change {change_id}")
    return row


def _review(change_id: int, by: str, decision: str, words: str | None) -> ReviewRow:
    who = _given(by, "the name of the person is missing")
    text = words.strip() if words and words.strip() else None
    return ReviewRow(change_id=change_id, decided_at=now(), by=who, decision=decision, comment=text)


def _given(text: str, problem: str) -> str:
    if not text.strip():
        raise BadInput(problem)
    return text.strip()


def _register(session: Session) -> Register:
    return Register.of(edition_of(row._asdict()) for row in kept.all_editions(session))


def _source(session: Session, edition: Edition) -> CaptureRow | None:
    capture_id = edition.capture_id or edition.source_capture_id
    return session.get(CaptureRow, capture_id) if capture_id else None


def _entry(edition: Edition, source: CaptureRow | None) -> dict[str, Any]:
    return {
        "family": edition.family,
        "edition": edition.shown,
        "authority": edition.code.family.authority.lower(),
        "title_zh": edition.title_zh,
        "published": _day(edition.published),
        "effective": _day(edition.effective),
        "ended": _day(edition.ended),
        "end_reason": edition.end_reason,
        "superseded_by": edition.superseded_by,
        "first_seen": _day(edition.first_seen),
        "has_text": edition.capture_id is not None,
        "source_url": source.url if source else None,
        "capture_sha256": source.sha256 if source else None,
        "captured_on": _day(source.today) if source else None,
    }


def _told(row: ChangeRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "family": row.family or None,
        "old_edition": row.old_edition,
        "new_edition": row.new_edition,
        "title_zh": row.title_zh,
        "published": _day(row.published),
        "effective": _day(row.effective),
        "deadline": _day(row.deadline) or row.deadline_note,
        "standards": row.standards,
        "reasons": row.reasons,
        "decision": row.decision,
        "detected_on": _day(row.detected_on),
        "source_url": row.source_url,
        "captures": [piece.capture_id for piece in row.evidence],
    }


def _mentioned(mention: kept.MentionRow, capture: CaptureRow) -> dict[str, Any]:
    return {
        "capture": capture.id,
        "role": mention.role,
        "edition": mention.edition or mention.family,
        "title_zh": mention.title_zh,
        "on": _day(mention.published or capture.today),
        "source_url": capture.url,
    }


def _by_family(session: Session, families: Iterable[str], fetch: Callable[[Session, str], Iterable[Any]]) -> list[Any]:
    found = {id(item): item for family in families for item in fetch(session, family)}
    return list(found.values())


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
