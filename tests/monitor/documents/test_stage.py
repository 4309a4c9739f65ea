"""READ: captures become documents once, whatever happens in between."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.documents.document import Document
from monitor.documents.means import has_fallen
from monitor.documents.reader import READER_VERSION, unreadable
from monitor.documents.stage import read_captures, reread_captures
from monitor.documents.word.doc import office_program
from monitor.documents.worker import ReaderLimits
from storage.captures import CaptureRow
from storage.documents import DocumentRow
from storage.engine.database import Database
from storage.evidence.store import EvidenceStore
from storage.runs import VisitRow, begin_run
from storage.trouble.fence import open_units
from tests.monitor.documents.test_worker import DOC

LIMITS = ReaderLimits(workers=1)
DAY = date(2026, 3, 2)
LONG_RULE = "\n".join(
    f"{chapter}.{clause} 试样在{clause}℃下保持{chapter}h。" for chapter in range(1, 1000) for clause in range(1, 21)
).encode()
"""Takes seconds to read, whatever the machine."""
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
    assert read_captures(database, evidence, LIMITS, DAY) == {"read": 2, "unreadable": 1, "damaged": 0}
    assert read_captures(database, evidence, LIMITS, DAY) == {"read": 0, "unreadable": 0, "damaged": 0}
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
    assert read_captures(sqlite_database, evidence, LIMITS, DAY)["read"] == 1
    assert len(documents(sqlite_database)) == 1


def test_troubled_captures_and_lists_are_no_documents(sqlite_database: Database, evidence: EvidenceStore) -> None:
    keep_capture(sqlite_database, evidence, b"busy", trouble="challenge")
    keep_capture(sqlite_database, evidence, b"list", kind="list")
    assert read_captures(sqlite_database, evidence, LIMITS, DAY) == {"read": 0, "unreadable": 0, "damaged": 0}


def test_damaged_evidence_stops_nothing(sqlite_database: Database, evidence: EvidenceStore) -> None:
    keep_capture(sqlite_database, evidence, b"gone")
    for sha256 in evidence.hashes():
        evidence.path(sha256).unlink()
    keep_capture(sqlite_database, evidence, "1 范围".encode())
    tally = read_captures(sqlite_database, evidence, LIMITS, DAY)
    assert tally == {"read": 1, "unreadable": 0, "damaged": 1, "set_aside": 1}
    with sqlite_database.session() as session:
        (row,) = open_units(session)
    assert (row.stage, row.unit, row.about) == ("read", "capture 1", "http://x/1")
    assert row.reason.startswith("EvidenceDamaged: ")


def test_reading_again_keeps_the_old_reading_and_tells_progress(
    sqlite_database: Database, evidence: EvidenceStore
) -> None:
    keep_capture(sqlite_database, evidence, "1 范围".encode())
    read_captures(sqlite_database, evidence, LIMITS, DAY)
    with sqlite_database.session() as session:
        session.scalars(select(DocumentRow)).one().reader_version = READER_VERSION - 1
        session.commit()
    told: list[tuple[int, int]] = []
    assert (
        reread_captures(sqlite_database, evidence, LIMITS, DAY, lambda done, total: told.append((done, total)))["read"]
        == 1
    )
    assert told == [(0, 1), (1, 1)]
    assert len(documents(sqlite_database)) == 2


def test_what_time_or_memory_kept_from_being_read_is_no_reading_and_is_read_once_there_is_enough(
    database: Database, evidence: EvidenceStore
) -> None:
    keep_capture(database, evidence, LONG_RULE)
    starved = ReaderLimits(workers=1, seconds=0.5)
    assert read_captures(database, evidence, starved, DAY) == {"read": 0, "unreadable": 0, "damaged": 0, "failed": 1}
    assert documents(database) == []
    assert read_captures(database, evidence, LIMITS, DAY)["read"] == 1
    assert all(document.readable for document in documents(database))


def test_a_file_that_fails_on_several_days_while_others_are_read_is_told_to_a_person(
    sqlite_database: Database, evidence: EvidenceStore
) -> None:
    keep_capture(sqlite_database, evidence, LONG_RULE)
    starved = ReaderLimits(workers=1, seconds=0.5)
    for day in (0, 0, 0, 1, 2, 3):
        tally = read_captures(sqlite_database, evidence, starved, DAY + timedelta(days=day))
        assert tally["failed"] == 1, "nothing else was read meanwhile: the reader may be ill"
    with sqlite_database.session() as session:
        session.add(DocumentRow(**other_document(), read_at=datetime.now(UTC)))
        session.commit()
    assert read_captures(sqlite_database, evidence, starved, DAY + timedelta(days=4))["unreadable"] == 1
    (given_up,) = [document for document in documents(sqlite_database) if not document.readable]
    assert given_up.failure == "stopped"
    assert given_up.reason is not None
    assert "0.5 seconds" in given_up.reason


def test_a_word_file_is_read_again_when_libreoffice_comes_or_goes(
    sqlite_database: Database, evidence: EvidenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_capture(sqlite_database, evidence, DOC)
    keep_capture(sqlite_database, evidence, "1 范围".encode(), url="http://x/2")
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", without_office(tmp_path))
    assert read_captures(sqlite_database, evidence, LIMITS, DAY)["read"] == 2
    (word, _) = documents(sqlite_database)
    assert any("LibreOffice is not installed" in doubt.why for doubt in word.doubts)
    monkeypatch.setenv("PATH", path)
    assert office_program(), "this test needs LibreOffice"
    assert read_captures(sqlite_database, evidence, LIMITS, DAY)["read"] == 1, "only the Word file is read again"
    assert not any("LibreOffice is not installed" in doubt.why for doubt in documents(sqlite_database)[-1].doubts)
    monkeypatch.setenv("PATH", without_office(tmp_path))
    assert read_captures(sqlite_database, evidence, LIMITS, DAY)["read"] == 0, "both readings are kept"


def test_what_needs_a_missing_program_is_tried_again(
    sqlite_database: Database, evidence: EvidenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_capture(sqlite_database, evidence, rb"{\rtf1\ansi 1 Scope}")
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", without_office(tmp_path))
    assert read_captures(sqlite_database, evidence, LIMITS, DAY)["failed"] == 1
    monkeypatch.setenv("PATH", path)
    assert read_captures(sqlite_database, evidence, LIMITS, DAY)["read"] == 1


@pytest.mark.parametrize(
    ("read", "unreadable", "before", "fallen"),
    [
        (0, 108, (0, 0), True),
        (0, 5, (100, 3), True),
        (95, 5, (100, 3), False),
        (0, 4, (100, 0), False),
        (10, 10, (50, 50), False),
        (2, 10, (50, 50), True),
    ],
)
def test_a_run_that_reads_far_less_than_usual_is_seen(
    read: int, unreadable: int, before: tuple[int, int], fallen: bool
) -> None:
    assert has_fallen(read, unreadable, *before) == fallen


def test_damage_to_everything_is_told_by_the_run(sqlite_database: Database, evidence: EvidenceStore) -> None:
    for number in range(6):
        keep_capture(sqlite_database, evidence, b"%PDF-1.4 cut off" + bytes([65 + number]), url=f"http://x/{number}")
    tally = read_captures(sqlite_database, evidence, LIMITS, DAY)
    assert (tally["unreadable"], tally.get("fallen")) == (6, 1)


def other_document() -> dict[str, object]:
    """A document that could be read."""
    content = unreadable("text", "", None).to_json() | {"readable": True}
    return {
        "sha256": "0" * 64, "page_family": "", "reader_version": READER_VERSION, "readable": True, "content": content,
    }  # fmt: skip


def without_office(folder: Path) -> str:
    """A PATH that leads to every program but LibreOffice."""
    folder = folder / "programs"
    if not folder.exists():
        folder.mkdir()
        for place in map(Path, os.environ["PATH"].split(":")):
            for program in place.glob("*"):
                if program.name not in ("soffice", "libreoffice") and not (folder / program.name).exists():
                    (folder / program.name).symlink_to(program)
    return str(folder)
