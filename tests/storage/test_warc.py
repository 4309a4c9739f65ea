"""Captures as WARC: read back by warcio and by fastwarc, which shares no code with it."""

from datetime import UTC, date, datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureRow
from storage.engine.database import Database
from storage.evidence.store import EvidenceStore
from storage.evidence.warc import captures_of_period, write_warc
from storage.runs import begin_run, begin_visits, visits_of

DAY = date(2026, 3, 2)
BODIES = {
    "http://example.org/a.shtml": "<html><body>公告</body></html>".encode("gb18030"),
    "http://example.org/b.pdf": b"%PDF-1.4\r\n\r\n\x00\xff%%EOF",
    "http://example.org/list#page=2": b"<html>second page</html>",
}


def keep(database: Database, evidence: EvidenceStore) -> None:
    """Put three captures of one day into storage, one of which came compressed."""
    with database.session() as session:
        run = begin_run(session, DAY)
        section = {"authority": "made", "section": "rules", "role": "rules", "family": "general"}
        begin_visits(session, run, DAY, [section])
        (visit,) = visits_of(session, run)
        for url, body in BODIES.items():
            headers = {"Content-Type": "text/html; charset=gb2312", "Content-Encoding": "gzip", "X-Powered-By": "ASP"}
            session.add(
                CaptureRow(
                    visit_id=visit.id, authority="made", section="rules", role="rules", kind="article", url=url,
                    family="general", status=200, headers=headers, content_type="text/html",
                    sha256=evidence.keep(body), size=len(body), fetched_at=datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC),
                    today=DAY,
                )
            )  # fmt: skip
        session.commit()


def written(database: Database, evidence: EvidenceStore, path: Path) -> Path:
    keep(database, evidence)
    with database.session() as session:
        assert write_warc(captures_of_period(session, DAY, DAY), evidence, path) == len(BODIES)
    return path


def test_warc_is_read_back_by_warcio(sqlite_database: Database, evidence: EvidenceStore, tmp_path: Path) -> None:
    path = written(sqlite_database, evidence, tmp_path / "day.warc.gz")
    found = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            if record.rec_type == "response":
                found[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
                assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
                assert record.digest_checker.passed is True
    assert found == {url.partition("#")[0]: body for url, body in BODIES.items()}


def test_warc_is_read_back_by_an_independent_reader(
    sqlite_database: Database, evidence: EvidenceStore, tmp_path: Path
) -> None:
    path = written(sqlite_database, evidence, tmp_path / "day.warc.gz")
    found = {}
    with path.open("rb") as file:
        for record in FastIterator(file, record_types=WarcRecordType.response, verify_digests=True):
            found[record.headers["WARC-Target-URI"]] = record.reader.read()
            assert record.headers["WARC-Date"] == "2026-03-02T01:02:03Z"
            assert record.http_headers.status_code == 200
    assert found == {url.partition("#")[0]: body for url, body in BODIES.items()}


def test_period_leaves_out_other_days_and_authorities(sqlite_database: Database, evidence: EvidenceStore) -> None:
    keep(sqlite_database, evidence)
    with sqlite_database.session() as session:
        assert captures_of_period(session, date(2026, 3, 3), date(2026, 3, 9)) == []
        assert captures_of_period(session, DAY, DAY, "other") == []
