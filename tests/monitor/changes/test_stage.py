"""The promises of detection: killed anywhere, run twice, run twice at once, read by a newer reader: one log."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.event import listen

from monitor.changes.commands import approve, dismiss, list_changes
from monitor.changes.stage import detect_changes
from monitor.documents.reader import READER_VERSION
from storage.changes import ChangeRow, EditionRow, ExaminedRow
from storage.detection import Session
from storage.documents import DocumentRow, FactRow
from storage.engine.database import Database
from storage.runs import VisitRow
from tests.monitor.changes.days import Days, corpus

FIRST = date(2026, 3, 1)


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """A database whose process dies before one of its commits."""

    def __init__(self, database: Database, commits: int) -> None:
        """Die before the commit after so many."""
        self.database, self.left = database, commits

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session that is cut off."""
        with self.database.session() as session:
            kept = session.commit

            def commit() -> None:
                if self.left == 0:
                    raise Killed
                self.left -= 1
                kept()

            session.commit = commit  # type: ignore[method-assign]
            yield session


@pytest.fixture
def busy_days(sqlite_database: Database) -> Days:
    """Two sites on which much happened on the second day, crawled and not yet looked at."""
    return _busy(sqlite_database)


def test_killed_before_any_commit_and_run_again_gives_the_same_log(busy_days: Days) -> None:
    database, today = busy_days.database, busy_days.today
    commits = detect_changes(database, today)["examined"]
    whole = _log(database)
    assert len(whole) >= 4
    for dies_after in range(0, commits, 2):
        _forget(database)
        with pytest.raises(Killed):
            detect_changes(Mortal(database, dies_after), today)  # type: ignore[arg-type]
        detect_changes(database, today)
        assert _log(database) == whole


def test_two_processes_at_once_give_one_log(database: Database) -> None:
    days = _busy(database)
    others = [threading.Thread(target=detect_changes, args=(Database(database.url), days.today)) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    once = _log(database)
    _forget(database)
    detect_changes(database, days.today)
    assert once == _log(database)


def test_a_capture_that_the_present_reader_has_not_read_waits(busy_days: Days) -> None:
    with busy_days.database.session() as session:
        session.execute(update(DocumentRow).values(reader_version=0))
        session.commit()
    tally = detect_changes(busy_days.database, busy_days.today)
    assert tally["waiting"] > 0
    assert "examined" not in tally
    assert _texts(busy_days.database) == []
    with busy_days.database.session() as session:
        session.execute(update(DocumentRow).values(reader_version=READER_VERSION))
        session.commit()
    detect_changes(busy_days.database, busy_days.today)
    assert len(_texts(busy_days.database)) >= 4


def test_a_better_reader_alone_makes_no_change(busy_days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    detect_changes(busy_days.database, busy_days.today)
    log = _log(busy_days.database)
    with busy_days.database.session() as session:
        for row in session.scalars(select(DocumentRow)):
            session.add(
                DocumentRow(
                    sha256=row.sha256,
                    page_family=row.page_family,
                    reader_version=row.reader_version + 1,
                    readable=row.readable,
                    content={**row.content, "title": row.content["title"] + "（新读法）"},
                    read_at=row.read_at,
                )
            )
        session.commit()
    monkeypatch.setattr("monitor.changes.stage.READER_VERSION", READER_VERSION + 1)
    tally = detect_changes(busy_days.database, busy_days.today)
    assert tally["facts_read_again"] > 0
    assert (set(tally), tally["facts_differ"]) == ({"facts_read_again", "facts_differ"}, 0)
    assert detect_changes(busy_days.database, busy_days.today) == {}
    assert _log(busy_days.database) == log


def test_facts_are_kept_with_the_version_of_their_reader(busy_days: Days) -> None:
    detect_changes(busy_days.database, busy_days.today)
    with busy_days.database.session() as session:
        facts = session.scalars(select(FactRow)).all()
    assert {"deadline", "effective"} <= {fact.type for fact in facts}
    assert all(fact.quote and fact.facts_version >= 1 for fact in facts)


def test_nothing_is_reported_while_a_section_was_never_seen_whole(sqlite_database: Database) -> None:
    days = _busy(sqlite_database)
    with sqlite_database.session() as session:
        session.execute(update(VisitRow).values(complete=False))
        session.commit()
    detect_changes(sqlite_database, days.today)
    assert [row.kind for row in days.log()] == ["revision"], "only what was exchanged under a known address"
    with sqlite_database.session() as session:
        assert len(session.scalars(select(EditionRow)).all()) > 8


def test_a_lists_baseline_is_asked_for_once_however_many_visits_came_before(busy_days: Days) -> None:
    detect_changes(busy_days.database, busy_days.today)
    asked: list[str] = []
    listen(busy_days.database.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    counts = []
    for _ in range(4):
        asked.clear()
        busy_days.day([])
        counts.append(sum("min(visits.id)" in statement for statement in asked))
    assert counts == [2] * 4, "one for each authority's list of rules"


def test_every_capture_says_what_came_out_of_it(busy_days: Days) -> None:
    detect_changes(busy_days.database, busy_days.today)
    with busy_days.database.session() as session:
        outcomes = session.scalars(select(ExaminedRow.outcome)).all()
    assert all(outcomes)


def _busy(database: Database) -> Days:
    days = Days(database, FIRST)
    days.stand(corpus()["world"])
    for site in days.sites.values():
        site.crawl()
    detect_changes(database, days.today)
    days.today = date(2026, 3, 2)
    for site in days.sites.values():
        site.today = days.today
    for event in EVENTS:
        days.play(event)
    for site in days.sites.values():
        site.crawl()
    return days


def _forget(database: Database) -> None:
    """Undo a detection that was done, so that it can be done again from the same evidence."""
    from storage.tables import metadata

    with database.session() as session:
        examined = (
            "clause_changes",
            "evidence",
            "changes",
            "mentions",
            "facts",
            "editions",
            "examined_visits",
            "fact_readings",
        )
        for name in (*examined, "examined"):
            session.execute(delete(metadata.tables[name]))
        session.commit()


def _log(database: Database) -> list[tuple[object, ...]]:
    with database.session() as session:
        return sorted(
            (
                row.kind, row.family, row.old_edition or "", row.new_edition or "", str(row.effective),
                str(row.deadline),
                tuple(sorted(row.reasons)), tuple(sorted(piece.role for piece in row.evidence)), len(row.clauses),
            )
            for row in session.scalars(select(ChangeRow))
        )  # fmt: skip


def _texts(database: Database) -> list[str]:
    with database.session() as session:
        return list(session.scalars(select(ChangeRow.kind).where(ChangeRow.needs_review.is_(False))))


EVENTS = [
    {"exchange": "lining", "replace": {"送样3件": "送样5件"}},
    {
        "rule": "seat 2026",
        "code": "CCAP-GZ-5830:2026",
        "name": "机动车儿童乘员用约束系统自愿性认证实施规则",
        "published": "2026-03-01",
        "effective": "2026-07-01",
        "standard": "GB 27887-2024",
    },
    {
        "notice": "关于实施CCAP-GZ-5830:2026的通知",
        "body": "CCAP-GZ-5830:2026自2026年7月1日起实施，代替CCAP-GZ-5830:2021，持证人应于2027年6月30日前完成换证。",
    },
    {
        "notice": "关于废止CCAP-SB-3721:2018A的公告",
        "body": "自2026年6月1日起废止CCAP-SB-3721:2018A。",
    },
    {
        "notice": "关于GB 20653-2026标准换版的通知",
        "site": "cqc",
        "body": "GB 20653-2026代替GB 20653-2020。持有CQC16-267111-2021证书的组织应于2026年10月31日前完成标准换版。",
    },
]


def test_a_dismissed_change_is_taken_up_again_when_later_evidence_matters(sqlite_database: Database) -> None:
    days = Days(sqlite_database, FIRST)
    days.stand(corpus()["world"])
    days.crawl()
    days.day([{"notice": "关于调整人日数的通知", "body": "CCAP-GZ-5830:2026获证企业的监督人日数为1人日。"}])
    held = list_changes(sqlite_database, waiting=True)[0]
    assert held["reasons"] == ["no_statement"]
    dismiss(sqlite_database, held["id"], "Li Na", "a typing error for 2021")
    days.day(EVENTS[2:3])
    taken_up = list_changes(sqlite_database)[0]
    assert (taken_up["id"], taken_up["decision"], taken_up["reasons"]) == (held["id"], None, [])
    assert taken_up["deadline"] == "2027-06-30"


def test_an_update_says_what_it_altered_and_whether_that_matters(sqlite_database: Database) -> None:
    days = Days(sqlite_database, FIRST)
    days.stand(corpus()["world"])
    days.crawl()
    days.day(EVENTS[1:2])
    days.day(EVENTS[2:3])
    with sqlite_database.session() as session:
        updates = session.scalars(select(ChangeRow)).one().updates
    last = updates[-1]
    assert (last["on"], last["material"]) == ("2026-03-03", True)
    assert {"deadline", "actions"} <= set(last["fields"])


def test_an_approved_change_waits_again_when_later_evidence_matters(sqlite_database: Database) -> None:
    days = _standing(sqlite_database)
    days.day([{**EVENTS[1], "file": "none"}])
    (held,) = list_changes(sqlite_database)
    approve(sqlite_database, held["id"], "Li Na")
    days.day([{"notice": "关于CCAP-GZ-5830:2026的说明", "body": "CCAP-GZ-5830:2026的宣贯材料已经上传。"}])
    assert list_changes(sqlite_database)[-1]["decision"] == "approved", "nothing that matters"
    days.day(EVENTS[2:3])
    again = list_changes(sqlite_database)[-1]
    assert (again["id"], again["deadline"], again["decision"]) == (held["id"], "2027-06-30", None)


def test_what_a_correction_sets_right_is_told_as_the_corrected_changes_own_update(sqlite_database: Database) -> None:
    days = _standing(sqlite_database)
    days.day(EVENTS[2:3])
    (told,) = list_changes(sqlite_database)
    approve(sqlite_database, told["id"], "Li Na")
    days.day(
        [{"notice": "更正公告", "body": "3月2日发布的通知中CCAP-GZ-5830:2026的“2027年6月30日”应为“2027年3月31日”。"}]
    )
    correction, amended = list_changes(sqlite_database)
    assert (correction["kind"], correction["deadline"]) == ("correction", "2027-03-31")
    assert (amended["deadline"], amended["decision"]) == ("2027-03-31", "approved")
    with sqlite_database.session() as session:
        (note,) = session.get_one(ChangeRow, told["id"]).updates
        entry = session.get_one(ChangeRow, correction["id"])
        assert (entry.amends, entry.needs_review) == (told["id"], False)
    assert (note["material"], note["by_change"]) == (True, correction["id"])
    assert note["before"] == {"deadline": "2027-06-30"}


def _standing(database: Database) -> Days:
    """Both sites on the evening of the baseline."""
    days = Days(database, FIRST)
    days.stand(corpus()["world"])
    days.crawl()
    return days
