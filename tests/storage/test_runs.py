"""Runs and visits: which visit of a section is its baseline."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event

from storage.engine.database import Database
from storage.runs import VisitRow, baseline_visits, begin_run

DAY_ONE = date(2026, 3, 1)
MOMENT = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def keep_visits(database: Database, *verdicts: tuple[str, bool], section: str = "rules") -> list[int]:
    """Keep a visit of a section of CQC a day, each with its status and whether the whole list was walked."""
    ids = []
    with database.session() as session:
        for number, (status, complete) in enumerate(verdicts):
            today = DAY_ONE + timedelta(days=number)
            place = {"authority": "cqc", "section": section, "role": "rules", "family": "static-shtml"}
            row = VisitRow(run_id=begin_run(session, today), today=today, started_at=MOMENT, **place)
            row.status, row.complete = status, complete
            session.add(row)
            session.flush()
            ids.append(row.id)
        session.commit()
    return ids


def test_baseline_is_the_first_trusted_visit_that_walked_the_whole_list(database: Database) -> None:
    rules = keep_visits(database, ("degraded", True), ("ok", False), ("ok", True), ("not_modified", True), ("ok", True))
    notices = keep_visits(database, ("ok", True), ("ok", True), section="notices")
    keep_visits(database, ("unreachable", False), ("ok", False), section="downloads")
    with database.session() as session:
        assert baseline_visits(session) == {("cqc", "rules"): rules[2], ("cqc", "notices"): notices[0]}


def test_baselines_are_found_without_loading_every_visit(sqlite_database: Database) -> None:
    keep_visits(sqlite_database, *[("ok", True)] * 9)
    loaded: list[VisitRow] = []

    def note(row: VisitRow, _: object) -> None:
        loaded.append(row)

    event.listen(VisitRow, "load", note)
    with sqlite_database.session() as session:
        assert len(baseline_visits(session)) == 1
    event.remove(VisitRow, "load", note)
    assert loaded == []
