"""A better reader of facts: what comes out otherwise is told to a consultant, and never makes a change or a mail."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from monitor.certificates.stage import match_changes
from monitor.changes.commands import approve, list_changes
from monitor.changes.reread import differences
from monitor.changes.stage import detect_changes, read_facts_again
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests
from monitor.documents.reader import READER_VERSION
from monitor.facts.extract import FACTS_VERSION
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.settings import TranslationSettings
from monitor.translation.stage import summarise_changes
from storage.changelog import asked_because, waiting_changes
from storage.changes import ChangeRow, ReviewRow
from storage.digests import AlertRow, DigestRow
from storage.documents import DocumentRow, FactReadingRow, FactRow
from storage.engine.database import Database
from storage.trouble.fence import Fence
from tests.monitor.changes.days import Days, corpus
from tests.monitor.digests.examples import add_certificates
from tests.monitor.digests.test_stage import SEAT, SENDER

FIRST = date(2026, 3, 1)
PROJECT = Path(__file__).resolve().parents[3]
NOTICE = {
    "notice": "关于实施CCAP-GZ-5830:2026的通知",
    "body": "CCAP-GZ-5830:2026自2026年7月1日起实施，代替CCAP-GZ-5830:2021，持证人应于2027年6月30日前完成换证。",
}
WITH_NEXT_VERSION = """
import sys
from datetime import date
import {module} as reader
reader.{constant} += 1
from monitor.changes.stage import detect_changes
from storage.engine.database import Database
print(detect_changes(Database(sys.argv[1]), date(2026, 3, 3)))
"""


@pytest.fixture
def told(sqlite_database: Database, tmp_path: Path) -> Days:
    """A day with a notice on a new edition, told to a holder."""
    days = Days(sqlite_database, FIRST)
    days.stand(corpus()["world"])
    days.crawl()
    days.day([NOTICE])
    add_certificates(sqlite_database, tmp_path, [SEAT])
    _tell(days)
    return days


def test_what_an_older_reader_did_not_find_is_told_to_a_consultant_only(told: Days) -> None:
    _as_read_before(told.database, without="deadline")
    before = _sent(told.database)
    assert _read_again(told, FACTS_VERSION + 1)["facts_differ"] == 1
    (remark,) = _remarks(told.database)
    assert (remark.by, remark.decision) == ("rulewatch", "facts_differ")
    assert "deadline 2027-06-30 (“" in (remark.comment or "")
    (change,) = list_changes(told.database, waiting=True)
    assert change["decision"] is None
    with told.database.session() as session:
        (waiting,) = waiting_changes(session)
    assert waiting.asked_because == remark.comment
    approve(told.database, change["id"], "Li Na")
    with told.database.session() as session:
        assert asked_because(session, [change["id"]]) == {}
    assert not any(_read_again(told, FACTS_VERSION + 1).values())
    _tell(told)
    assert _sent(told.database) == before, "one change, one alert, one digest"
    assert len(_remarks(told.database)) == 1


def test_what_a_better_reader_does_not_find_any_more_is_told_too(told: Days) -> None:
    (change,) = list_changes(told.database)
    approve(told.database, change["id"], "Li Na")
    _as_read_before(told.database, moved=("deadline", "2027-06-03"))
    with told.database.session() as session:
        row = session.get_one(ChangeRow, change["id"])
        row.facts = [{**fact, "value": "2027-06-03"} if fact["type"] == "deadline" else fact for fact in row.facts]
        session.commit()
    _read_again(told, FACTS_VERSION + 1)
    (remark,) = _remarks(told.database)
    assert "deadline 2027-06-03 is now 2027-06-30" in (remark.comment or "")
    (after,) = list_changes(told.database)
    assert (after["decision"], after["deadline"]) == (None, change["deadline"]), "the change stays as it is"


def test_a_newer_version_that_reads_the_same_tells_nobody(told: Days) -> None:
    with told.database.session() as session:
        read = len(session.scalars(select(FactReadingRow)).all())
    assert _read_again(told, FACTS_VERSION + 1) == {"facts_read_again": read, "facts_differ": 0}
    assert _remarks(told.database) == []


@pytest.mark.parametrize(
    ("module", "constant"),
    [("monitor.facts.extract", "FACTS_VERSION"), ("monitor.documents.reader", "READER_VERSION")],
)
def test_a_newer_version_alone_makes_no_change(told: Days, module: str, constant: str) -> None:
    before = list_changes(told.database)
    if constant == "READER_VERSION":
        _read_documents_again(told.database)
    program = WITH_NEXT_VERSION.format(module=module, constant=constant)
    done = subprocess.run(
        [sys.executable, "-c", program, told.database.url], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "'facts_differ': 0" in done.stdout
    assert "changes'" not in done.stdout
    assert "updates'" not in done.stdout
    assert list_changes(told.database) == before
    assert _remarks(told.database) == []


def test_differences_are_those_that_the_change_does_not_state() -> None:
    pair = {"old": "GB 1-2011", "new": "GB 1-2024"}
    old: list[Any] = [
        ("deadline", "2027-06-30", "a"),
        ("effective", "2026-07-01", "b"),
        ("published", "2026-03-01", ""),
    ]
    new: list[Any] = [("deadline", "2027-06-30", "a"), ("standard_change", pair, "c"), ("action", "retest", "d")]
    assert differences(old, new, [("action", "retest", "e")]) == (
        "standard change GB 1-2011 → GB 1-2024 (“c”) is found",
    )
    assert differences(old, new, [("effective", "2026-07-01", "")])[0] == "effective 2026-07-01 is not found any more"
    assert differences(old, old, []) == ()


def _tell(days: Days) -> None:
    summarise_changes(days.database, make_translator(TranslationSettings()), days.today)
    match_changes(days.database, days.today)
    compose_digests(days.database, days.today, ReleaseSettings(), SENDER)


def _read_again(days: Days, facts_version: int) -> dict[str, int]:
    return read_facts_again(days.database, Fence(days.database, "detect"), days.today, READER_VERSION, facts_version)


def _as_read_before(database: Database, *, without: str = "", moved: tuple[str, str] = ("", "")) -> None:
    """Let the facts that are kept be those of a reader that did not find, or misread, one type."""
    with database.session() as session:
        session.execute(delete(FactRow).where(FactRow.type == without))
        session.execute(update(FactRow).where(FactRow.type == moved[0]).values(value={"value": moved[1]}))
        for row in session.scalars(select(ChangeRow)):
            row.facts = [fact for fact in row.facts if fact["type"] != without]
        session.commit()


def _read_documents_again(database: Database) -> None:
    with database.session() as session:
        for row in session.scalars(select(DocumentRow)).all():
            session.add(
                DocumentRow(
                    sha256=row.sha256, page_family=row.page_family, reader_version=row.reader_version + 1,
                    readable=row.readable, content=row.content, read_at=row.read_at,
                )
            )  # fmt: skip
        session.commit()


def _remarks(database: Database) -> list[ReviewRow]:
    with database.session() as session:
        return list(session.scalars(select(ReviewRow).where(ReviewRow.decision == "facts_differ")))


def _sent(database: Database) -> list[int]:
    with database.session() as session:
        return [len(session.scalars(select(row)).all()) for row in (ChangeRow, AlertRow, DigestRow)]


def test_detection_reads_again_by_itself(told: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.changes.stage.FACTS_VERSION", FACTS_VERSION + 1)
    assert detect_changes(told.database, told.today)["facts_read_again"] > 0
    assert detect_changes(told.database, told.today) == {}
