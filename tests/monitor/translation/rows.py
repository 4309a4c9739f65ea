"""Rows that a change needs in the database, made as the stages before make them."""

from datetime import date

from monitor.changes.change import Change
from storage.captures import CaptureRow
from storage.changes import ChangeRow, ClauseChangeRow
from storage.documents import DocumentRow
from storage.engine.database import Database
from storage.runs import RunRow, VisitRow, now

PLAIN = (
    "authority",
    "event_key",
    "old_edition",
    "new_edition",
    "title_zh",
    "published",
    "effective",
    "deadline",
    "deadline_note",
    "accepted_from",
    "accepted_until",
    "consequence",
    "scope_zh",
    "detected_on",
    "source_url",
)
SHA = "4f2a9be1d84a27a3c57e20d9b81f36f0c1a2b3c4d5e6f708192a3b4c5d6e7f80"


def keep_change(database: Database, change: Change) -> int:
    """Keep a change with its capture and document; return its id."""
    with database.session() as session:
        run = RunRow(today=change.detected_on, started_at=now())
        session.add(run)
        session.flush()
        visit = VisitRow(
            run_id=run.id,
            authority=change.authority,
            section="notices",
            role="notices",
            family="aspnet",
            today=change.detected_on,
            started_at=now(),
        )
        session.add(visit)
        session.flush()
        capture = _capture(visit.id, change)
        session.add_all([capture, _document()] if not _has_document(database) else [capture])
        session.flush()
        row = _change_row(change, capture.id)
        session.add(row)
        session.commit()
        return row.id


def _has_document(database: Database) -> bool:
    with database.session() as session:
        return session.query(DocumentRow).count() > 0


def _document() -> DocumentRow:
    content = {"kind": "pdf", "ocr_pages": [4]}
    return DocumentRow(sha256=SHA, page_family="", reader_version=1, readable=True, content=content, read_at=now())


def _capture(visit_id: int, change: Change) -> CaptureRow:
    return CaptureRow(
        visit_id=visit_id,
        authority=change.authority,
        section="notices",
        role="notices",
        kind="file",
        url=change.source_url,
        family="aspnet",
        status=200,
        headers={},
        sha256=SHA,
        size=1,
        fetched_at=now(),
        today=date(2026, 3, 2),
    )


def _change_row(change: Change, capture_id: int) -> ChangeRow:
    plain = {name: getattr(change, name) for name in PLAIN}
    return ChangeRow(
        **plain,
        kind=change.kind.value,
        family=change.family or "",
        standards=[{"old": pair.old, "new": pair.new} for pair in change.standards],
        supersedes=list(change.supersedes),
        actions=list(change.actions),
        reasons=[reason.value for reason in change.reasons],
        needs_review=change.needs_review,
        facts=[fact.to_json() for fact in change.facts],
        families_named=list(change.families_named),
        standards_named=list(change.standards_named),
        capture_id=capture_id,
        clauses=[
            ClauseChangeRow(
                position=position, op=clause.op.value, substantive=clause.substantive, content=clause.to_json()
            )
            for position, clause in enumerate(change.clauses)
        ],
    )
