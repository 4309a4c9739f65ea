"""READ: captures become documents once, whatever happens in between."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from monitor.documents.document import Document
from monitor.documents.reader import READER_VERSION
from monitor.documents.stage import read_captures, reread_captures
from monitor.documents.worker import ReaderLimits
from storage.captures import CaptureRow
from storage.documents import DocumentRow
from storage.engine.database import Database
from storage.evidence.store import EvidenceStore
from storage.fence import open_units
from storage.runs import VisitRow, begin_run

LIMITS = ReaderLimits(workers=1)
ARTICLE = """<html><head><title>关于换证的通知-CQC</title></head><body><h1>关于换证的通知</h1>
<p>发布时间：2026-03-01</p><div class="content"><p>各持证人：</p>
<p>一、请于2027年6月30日前完成换证，逾期证书将被暂停。</p>
<p>二、换证时应提交补充试验报告，并按新版规则接受检查。</p></div></body></html>"""


def keep_capture(database: Database, evidence: EvidenceStore, content: bytes, **given: object) -> None:
    """Keep one capture of its own visit."""
    with database.session() as session:
        run = begin_run(session, date(2026, 3, 2))
        values = {
            "authority": "ccap",
            "section": "rules",
            "role": "rules",
            "family": "aspnet",
            "today": date(2026, 3, 2),
        }
        visit = VisitRow(run_id=run, started_at=datetime.now(UTC), **values)
        session.add(visit)
        session.flush()
        values |= {
            "visit_id": visit.id, "kind": "file", "url": "http://x/1", "status": 200, "headers": {},
            "content_type": None, "name": None, "parent_url": None, "trouble": None, "previous_id": None,
            "fetched_at": datetime.now(UTC), "size": len(content), "sha256": evidence.keep(content),
        }  # fmt: skip
        session.add(CaptureRow(**(values | given)))
        session.commit()


def documents(database: Database) -> list[Document]:
    with database.session() as session:
        return [
            Document.from_json(row.content) for row in session.scalars(select(DocumentRow).order_by(DocumentRow.id))
        ]


def test_captures_are_read_once(database: Database, evidence: EvidenceStore) -> None:
    keep_capture(database, evidence, "1 范围\n本规则适用于安全带。".encode())
    keep_capture(database, evidence, ARTICLE.encode(), kind="article", url="http://x/NewsDetail.aspx?id=1")
    keep_capture(database, evidence, b"%PDF-1.4 cut off")
    assert read_captures(database, evidence, LIMITS) == {"read": 2, "unreadable": 1, "damaged": 0}
    assert read_captures(database, evidence, LIMITS) == {"read": 0, "unreadable": 0, "damaged": 0}
    rule, page, cut = documents(database)
    assert [part.path for part in rule.parts] == ["1"]
    assert page.title == "关于换证的通知"
    assert page.published == date(2026, 3, 1)
    assert [part.path for part in page.parts if part.path] == ["一", "二"]
    assert not cut.readable
    assert cut.reason


def test_the_same_bytes_at_two_addresses_are_one_document(sqlite_database: Database, evidence: EvidenceStore) -> None:
    keep_capture(sqlite_database, evidence, b"1 text", url="http://x/1")
    keep_capture(sqlite_database, evidence, b"1 text", url="http://x/2")
    assert read_captures(sqlite_database, evidence, LIMITS)["read"] == 1
    assert len(documents(sqlite_database)) == 1


def test_troubled_captures_and_lists_are_no_documents(sqlite_database: Database, evidence: EvidenceStore) -> None:
    keep_capture(sqlite_database, evidence, b"busy", trouble="challenge")
    keep_capture(sqlite_database, evidence, b"list", kind="list")
    assert read_captures(sqlite_database, evidence, LIMITS) == {"read": 0, "unreadable": 0, "damaged": 0}


def test_damaged_evidence_stops_nothing(sqlite_database: Database, evidence: EvidenceStore) -> None:
    keep_capture(sqlite_database, evidence, b"gone")
    for sha256 in evidence.hashes():
        evidence.path(sha256).unlink()
    keep_capture(sqlite_database, evidence, "1 范围".encode())
    tally = read_captures(sqlite_database, evidence, LIMITS)
    assert tally == {"read": 1, "unreadable": 0, "damaged": 1, "set_aside": 1}
    with sqlite_database.session() as session:
        (row,) = open_units(session)
    assert (row.stage, row.unit, row.about) == ("read", "capture 1", "http://x/1")
    assert row.reason.startswith("EvidenceDamaged: ")


def test_reading_again_keeps_the_old_reading_and_tells_progress(
    sqlite_database: Database, evidence: EvidenceStore
) -> None:
    keep_capture(sqlite_database, evidence, "1 范围".encode())
    read_captures(sqlite_database, evidence, LIMITS)
    with sqlite_database.session() as session:
        session.scalars(select(DocumentRow)).one().reader_version = READER_VERSION - 1
        session.commit()
    told: list[tuple[int, int]] = []
    assert (
        reread_captures(sqlite_database, evidence, LIMITS, lambda done, total: told.append((done, total)))["read"] == 1
    )
    assert told == [(0, 1), (1, 1)]
    assert len(documents(sqlite_database)) == 2
