"""Detection's own bookkeeping: what it has looked at, and how it keeps editions and changes.

Every function works inside the caller's transaction; the caller commits a unit of work at a time. A claim makes the
unit exclusive, so what is read after it is not altered by another process before the commit.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, text, update
from sqlalchemy.orm import Session as Session

from storage.captures import AddressRow, CaptureRow, address_of
from storage.changes import (
    ChangeRow,
    ClauseChangeRow,
    EditionRow,
    EvidenceRow,
    ExaminedRow,
    ExaminedVisitRow,
    MentionRow,
    ReviewRow,
)
from storage.documents import DocumentRow, SecondAnswerRow, page_family_column
from storage.engine.database import insert_missing
from storage.engine.locks import DETECTION
from storage.runs import VisitRow, now

OUT_OF_FORCE = ("withdrawn", "suspended")
DROPPED = "dropped: a trusted visit saw other bytes"
RETURNED = "a return to what stood here before"
"""Outcomes of captures that are no state of their address: nothing is compared with them."""
_NEVER_TOLD = ("facts", "capture_id", "event_key", "source_url")


def unexamined_captures(session: Session, after: int = 0, most: int = 50) -> Sequence[int]:
    """Return ids of captures of articles and files that detection has not looked at, from one on, oldest first."""
    query = select(CaptureRow.id).where(*_unexamined(), CaptureRow.id > after).order_by(CaptureRow.id).limit(most)
    return session.scalars(query).all()


def unexamined_documents(session: Session, reader_version: int, means: Sequence[str]) -> Sequence[tuple[int, int]]:
    """Return (document, its first capture) of readable documents of captures that nobody has judged, and of which
    nothing was answered; the newest first."""
    page_family = page_family_column()
    is_answered = exists().where(
        SecondAnswerRow.sha256 == CaptureRow.sha256, SecondAnswerRow.page_family == page_family
    )
    query = (
        select(DocumentRow.id, CaptureRow.id)
        .join(CaptureRow, (CaptureRow.sha256 == DocumentRow.sha256) & (DocumentRow.page_family == page_family))
        .where(*_unexamined(), DocumentRow.readable, ~is_answered)
        .where(DocumentRow.reader_version == reader_version, DocumentRow.means.in_(means))
        .order_by(CaptureRow.id.desc())
    )
    return list({document: (document, capture) for document, capture in session.execute(query)}.values())


def _unexamined() -> tuple[ColumnElement[bool], ...]:
    """What is true of captures that detection has to look at and has not."""
    is_examined = exists().where(ExaminedRow.capture_id == CaptureRow.id)
    return CaptureRow.kind.in_(("article", "file")), CaptureRow.trouble.is_(None), ~is_examined


def unexamined_visits(session: Session) -> Sequence[VisitRow]:
    """Return finished visits of rules sections whose list detection has not looked at, oldest first."""
    query = (
        select(VisitRow)
        .where(VisitRow.role == "rules", VisitRow.status != "unfinished")
        .where(~exists().where(ExaminedVisitRow.visit_id == VisitRow.id))
        .order_by(VisitRow.id)
    )
    return session.scalars(query).all()


def visits_up_to(session: Session, visit: VisitRow, days: int = 40) -> Sequence[VisitRow]:
    """Return the finished visits of a section up to one of them, oldest first, of the last days only."""
    query = (
        select(VisitRow)
        .where(VisitRow.authority == visit.authority, VisitRow.section == visit.section, VisitRow.id <= visit.id)
        .where(VisitRow.today >= visit.today - timedelta(days=days), VisitRow.status != "unfinished")
        .order_by(VisitRow.id)
    )
    return session.scalars(query).all()


def lists_of(session: Session, visit: VisitRow) -> Sequence[CaptureRow]:
    """Return the list pages that show a visit's rows: those of the visit, else the section's newest before it."""
    query = select(CaptureRow).where(CaptureRow.kind == "list", CaptureRow.authority == visit.authority)
    query = query.where(CaptureRow.section == visit.section, CaptureRow.visit_id <= visit.id)
    newest = session.scalars(query.order_by(CaptureRow.visit_id.desc(), CaptureRow.id).limit(20)).all()
    return [capture for capture in newest if capture.visit_id == newest[0].visit_id] if newest else []


def claim_capture(session: Session, capture_id: int, today: date) -> bool:
    """Begin to examine a capture; False where another process has, or has begun. Nobody else detects until commit."""
    _wait_for_others(session)
    row = {"capture_id": capture_id, "examined_on": today, "outcome": ""}
    return insert_missing(session, ExaminedRow, [row]) == 1


def claim_visit(session: Session, visit_id: int, today: date) -> bool:
    """Begin to examine a visit's list; False where another process has, or has begun."""
    _wait_for_others(session)
    row = {"visit_id": visit_id, "examined_on": today, "outcome": ""}
    return insert_missing(session, ExaminedVisitRow, [row]) == 1


def settle_capture(session: Session, capture_id: int, outcome: str) -> None:
    """Keep what came out of examining a capture."""
    _doubt(session, session.get_one(CaptureRow, capture_id), is_in_doubt=False)
    session.execute(update(ExaminedRow).where(ExaminedRow.capture_id == capture_id).values(outcome=outcome))


def hold_capture(session: Session, capture: CaptureRow) -> None:
    """Have the address of a capture looked at again at the next visit; the capture waits."""
    _doubt(session, capture, is_in_doubt=True)


def confirming_visit(session: Session, capture: CaptureRow) -> tuple[VisitRow | None, bool]:
    """Return the visit that last saw what stands at a capture's address, and whether that is the capture's bytes."""
    address = address_of(session, capture.authority, capture.url)
    if address is None or address.seen_visit_id is None:
        return None, address is None or address.capture_id in (None, capture.id)
    return session.get_one(VisitRow, address.seen_visit_id), address.capture_id == capture.id


def earlier_states(session: Session, capture: CaptureRow, most: int = 20) -> Sequence[CaptureRow]:
    """Return what stood at a capture's address before and was looked at, the newest first."""
    query = (
        select(CaptureRow)
        .join(ExaminedRow, ExaminedRow.capture_id == CaptureRow.id)
        .where(CaptureRow.authority == capture.authority, CaptureRow.url == capture.url, CaptureRow.id < capture.id)
        .where(CaptureRow.trouble.is_(None), ExaminedRow.outcome != DROPPED)
        .order_by(CaptureRow.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def beside(session: Session, capture: CaptureRow, most: int = 3) -> Sequence[CaptureRow]:
    """Return captures of other articles of a capture's section, the newest first."""
    query = (
        select(CaptureRow)
        .where(CaptureRow.authority == capture.authority, CaptureRow.section == capture.section)
        .where(CaptureRow.kind == "article", CaptureRow.trouble.is_(None), CaptureRow.url != capture.url)
        .order_by(CaptureRow.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def advise(session: Session, visit_id: int, words: str) -> None:
    """Add a remark to a visit, for the operator; the same one once."""
    visit = session.get_one(VisitRow, visit_id)
    if words not in (visit.advice or ""):
        visit.advice = "; ".join(part for part in (visit.advice, words) if part)


def _doubt(session: Session, capture: CaptureRow, *, is_in_doubt: bool) -> None:
    query = update(AddressRow).where(AddressRow.authority == capture.authority, AddressRow.url == capture.url)
    session.execute(query.where(AddressRow.in_doubt != is_in_doubt).values(in_doubt=is_in_doubt))


def settle_visit(session: Session, visit_id: int, outcome: str) -> None:
    """Keep what came out of examining a visit's list."""
    session.execute(update(ExaminedVisitRow).where(ExaminedVisitRow.visit_id == visit_id).values(outcome=outcome))


def keep_edition(session: Session, values: Mapping[str, Any], *, is_text: bool, is_file: bool) -> EditionRow:
    """Keep what a page says of an edition: a new row, or what an existing one did not know yet.

    A text takes the place of the earlier principal text, except a page that of a file.
    """
    insert_missing(session, EditionRow, [{**values, "capture_id": None}])
    row = session.scalars(
        select(EditionRow)
        .where(EditionRow.family == values["family"], EditionRow.year == values["year"])
        .where(EditionRow.letter == values["letter"])
    ).one()
    for name in ("published", "effective"):
        if values[name] is not None and (getattr(row, name) is None or is_text):
            setattr(row, name, values[name])
    if values["title_zh"] and (is_text or not row.title_zh):
        row.title_zh = values["title_zh"]
    if is_text and (row.capture_id is None or is_file or not _is_file(session, row.capture_id)):
        row.capture_id = values["capture_id"]
    session.flush()
    return row


def mark_superseded(session: Session, family: str, year: int | None, letter: str, by: str) -> None:
    """Note that an edition (all of a family where no year is given) is replaced by another."""
    query = update(EditionRow).where(EditionRow.family == family, EditionRow.superseded_by.is_(None))
    if year is not None:
        query = query.where(or_(EditionRow.year < year, (EditionRow.year == year) & (EditionRow.letter <= letter)))
    session.execute(query.values(superseded_by=by))


def end_editions(
    session: Session, family: str, edition: tuple[int, str] | None, on: date, reason: str, superseded_by: str | None
) -> None:
    """End a family's editions that are in force, or one of them."""
    query = update(EditionRow).where(EditionRow.family == family)
    query = query.where(EditionRow.ended.is_(None) | (EditionRow.end_reason == "suspended"))
    if edition is not None:
        query = query.where(EditionRow.year == edition[0], EditionRow.letter == edition[1])
    values: dict[str, Any] = {"ended": on, "end_reason": reason}
    if superseded_by is not None:
        values["superseded_by"] = superseded_by
    session.execute(query.values(**values))


def restore_editions(session: Session, family: str) -> None:
    """Take back the end or suspension of a family's editions."""
    query = update(EditionRow).where(EditionRow.family == family, EditionRow.end_reason.in_(OUT_OF_FORCE))
    session.execute(query.values(ended=None, end_reason=None))


def pages_titled(session: Session, authority: str, title: str, before: int) -> Sequence[CaptureRow]:
    """Return earlier captures of an authority that bore a title, the newest first."""
    query = (
        select(CaptureRow)
        .join(MentionRow, MentionRow.capture_id == CaptureRow.id)
        .where(MentionRow.family == "", MentionRow.title_zh == title, CaptureRow.authority == authority)
        .where(CaptureRow.id < before)
        .order_by(CaptureRow.id.desc())
        .limit(10)
    )
    return session.scalars(query).all()


def families_of_title(session: Session, title: str) -> tuple[str, ...]:
    """Return the families that pages of a title named."""
    query = select(MentionRow.family).where(MentionRow.title_zh == title, MentionRow.family != "").distinct()
    return tuple(sorted(session.scalars(query)))


def examined_as(session: Session, capture_id: int) -> ExaminedRow | None:
    """Return when a capture was looked at and what came out of it, None where it was not."""
    return session.get(ExaminedRow, capture_id)


def reopen(session: Session, row: ChangeRow, why: str) -> None:
    """Take a decided change up again, because what was decided on is not all any more."""
    row.decision, row.decided_at = None, None
    session.add(ReviewRow(change_id=row.id, decided_at=now(), by="rulewatch", decision="reopened", comment=why))


def changes_resting_on(session: Session, document: DocumentRow, since: date) -> Sequence[ChangeRow]:
    """Return changes found since a day for which a document's content is evidence; what stood before is none."""
    resting = (
        select(EvidenceRow.change_id)
        .join(CaptureRow, CaptureRow.id == EvidenceRow.capture_id)
        .where(CaptureRow.sha256 == document.sha256, page_family_column() == document.page_family)
        .where(EvidenceRow.role.not_in(("before", "list")))
    )
    query = select(ChangeRow).where(ChangeRow.id.in_(resting), ChangeRow.detected_on >= since)
    query = query.where(ChangeRow.merged_into.is_(None))
    return session.scalars(query.order_by(ChangeRow.id)).all()


def link_amendment(session: Session, entry: ChangeRow, amended: ChangeRow) -> None:
    """Keep that an entry of the log amends a change; what is in doubt about it is decided there."""
    if entry.id != amended.id and entry.amends is None:
        entry.amends, entry.needs_review = amended.id, False
        session.flush()


def ask_again(session: Session, row: ChangeRow, why: str) -> None:
    """Have a consultant look at a change as it stands, whatever was decided; what was sent stays sent."""
    row.decision, row.decided_at, row.needs_review = None, None, True
    session.add(ReviewRow(change_id=row.id, decided_at=now(), by="rulewatch", decision="facts_differ", comment=why))


def keep_mentions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep which rules a page names; one that becomes a rule's text later stays what it was."""
    insert_missing(session, MentionRow, rows)


def keep_change(
    session: Session,
    values: Mapping[str, Any],
    clauses: Sequence[Mapping[str, Any]],
    evidence: Sequence[tuple[int, str]],
) -> int | None:
    """Keep a new change with its clauses and evidence; return its id, None where its event is already kept."""
    if insert_missing(session, ChangeRow, [{**values, "revision": 1, "updates": []}]) == 0:
        return None
    query = select(ChangeRow.id).where(
        ChangeRow.kind == values["kind"],
        ChangeRow.family == values["family"],
        ChangeRow.event_key == values["event_key"],
    )
    change_id = session.scalars(query).one()
    _keep_parts(session, change_id, clauses, evidence)
    return change_id


def update_change(
    session: Session,
    row: ChangeRow,
    values: Mapping[str, Any],
    clauses: Sequence[Mapping[str, Any]],
    evidence: Sequence[tuple[int, str]],
    update_note: Mapping[str, Any],
) -> None:
    """Raise a change's revision with what later evidence or a person added, and keep what the fields said before."""
    altered = [name for name in update_note["fields"] if name in values and name not in _NEVER_TOLD]
    before = {name: _plain(getattr(row, name)) for name in altered}
    if "merged" in update_note:
        update_note = {**update_note, "undo": _whole(session, row, values)}
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.updates = [*row.updates, {"revision": row.revision, **update_note, "before": before}]
    session.flush()
    has_clauses = session.scalar(select(ClauseChangeRow.id).where(ClauseChangeRow.change_id == row.id).limit(1))
    _keep_parts(session, row.id, () if has_clauses else clauses, evidence)


def take_back(session: Session, row: ChangeRow, note: Mapping[str, Any], by: str) -> None:
    """Give a change the values back that it had before a merger, as far as nothing else has altered them since."""
    undo = note["undo"]
    values = {name: _typed(name, value) for name, value in undo["values"].items()}
    altered = [name for name in note["fields"] if name in values]
    session.execute(
        delete(EvidenceRow).where(EvidenceRow.change_id == row.id, EvidenceRow.capture_id.not_in(undo["evidence"]))
    )
    if not undo["clauses"]:
        session.execute(delete(ClauseChangeRow).where(ClauseChangeRow.change_id == row.id))
    told = {"on": None, "by": by, "capture": None, "fields": altered, "material": note["material"]}
    update_change(session, row, values, (), (), told)


def _whole(session: Session, row: ChangeRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """All that a merger alters of a change, so that it can be taken back."""
    evidence = session.scalars(select(EvidenceRow.capture_id).where(EvidenceRow.change_id == row.id)).all()
    clauses = session.scalar(select(ClauseChangeRow.id).where(ClauseChangeRow.change_id == row.id).limit(1))
    plain = {name: _plain(getattr(row, name)) for name in values}
    return {"values": plain, "evidence": list(evidence), "clauses": clauses is not None}


def _typed(name: str, value: Any) -> Any:
    is_day = isinstance(value, str) and ChangeRow.__table__.columns[name].type.python_type is date
    return date.fromisoformat(value) if is_day else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _keep_parts(
    session: Session, change_id: int, clauses: Sequence[Mapping[str, Any]], evidence: Sequence[tuple[int, str]]
) -> None:
    insert_missing(session, ClauseChangeRow, [{"change_id": change_id, **clause} for clause in clauses])
    rows = [{"change_id": change_id, "capture_id": capture, "role": role} for capture, role in evidence]
    insert_missing(session, EvidenceRow, rows)


def _is_file(session: Session, capture_id: int) -> bool:
    return session.scalar(select(CaptureRow.kind).where(CaptureRow.id == capture_id)) == "file"


def _wait_for_others(session: Session) -> None:
    """One unit of detection at a time: PostgreSQL by a lock that ends with the transaction, SQLite by its own.

    Two accounts of one event may stand under different keys until they are merged, which no constraint can see.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DETECTION.key})
