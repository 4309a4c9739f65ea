"""The schema, the promises of insert_missing, and the evidence store."""

import hashlib
import os
from contextlib import ExitStack
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from signal import SIGKILL
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from storage.certificates import ContactRow, HolderContactRow, HolderRow
from storage.detection import claim_visit
from storage.engine.bulk import insert_rows
from storage.engine.database import Database, insert_missing
from storage.engine.locks import cycle_lock, delivery_lock
from storage.engine.upgrade import alembic_config
from storage.errors import AnotherCycleRuns, EvidenceDamaged, SchemaTooOld
from storage.evidence.store import MANY, EvidenceStore
from storage.runs import RunRow, VisitRow, begin_run, now
from storage.tables import metadata


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    database.upgrade()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("has_table", [False, True])
def test_a_database_of_the_day_before_facts_had_readings_gets_them(empty_database: Database, has_table: bool) -> None:
    with empty_database.engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        if has_table:
            metadata.tables["fact_readings"].create(connection)
    empty_database.upgrade()
    empty_database.check_schema()
    with empty_database.engine.connect() as connection:
        assert inspect(connection).has_table("fact_readings")
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_empty_database_is_refused_until_upgraded(empty_database: Database) -> None:
    with pytest.raises(SchemaTooOld):
        empty_database.check_schema()
    empty_database.upgrade()
    empty_database.check_schema()


def test_rows_in_bulk_are_kept_and_what_exists_is_left(database: Database) -> None:
    at = datetime(2026, 3, 2, 9, 30, 0, 125, tzinfo=timezone(timedelta(hours=8)))
    days = (date(2026, 3, 2), date(2027, 3, 2), date(2026, 3, 2))
    contacts = [("active", email, "daily") for email in ("known@x.example", "new@x.example")]
    with database.session() as session:
        insert_rows(session, RunRow, ("started_at", "status", "today"), [(at, "ok", day) for day in days])
        assert [(row.started_at, row.today) for row in session.scalars(select(RunRow).order_by(RunRow.id))] == [
            (at, day) for day in days
        ]
        session.add(ContactRow(email="known@x.example", frequency="weekly"))
        insert_rows(session, ContactRow, ("state", "email", "frequency"), contacts)
        kept = {row.email: row.frequency for row in session.scalars(select(ContactRow))}
        assert kept == {"known@x.example": "weekly", "new@x.example": "daily"}


def test_bulk_leaves_no_column_to_be_filled_in(sqlite_database: Database) -> None:
    with sqlite_database.session() as session, pytest.raises(AssertionError, match="contacts"):
        insert_rows(session, ContactRow, ("email",), [("a@x.example",)])


def test_what_exists_is_not_inserted_again(database: Database) -> None:
    with database.session() as session:
        assert insert_missing(session, HolderRow, [{"name": "A"}, {"name": "B"}]) == 2
        assert insert_missing(session, HolderRow, [{"name": "B"}, {"name": "C"}]) == 1
        session.commit()


def test_a_moment_comes_back_aware(database: Database) -> None:
    from storage.runs import RunRow

    with database.session() as session:
        run = begin_run(session, date(2026, 3, 1))
    with database.session() as session:
        assert session.get_one(RunRow, run).started_at.tzinfo is not None


def test_evidence_is_kept_once_and_read_back(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    sha256 = store.keep("实施规则".encode())
    written = store.path(sha256).stat().st_mtime_ns
    assert store.keep("实施规则".encode()) == sha256
    assert store.path(sha256).stat().st_mtime_ns == written
    assert store.read(sha256) == "实施规则".encode()
    assert list(store.hashes()) == [sha256]


def test_altered_evidence_is_refused(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    sha256 = store.keep(b"true")
    store.path(sha256).chmod(0o644)
    store.path(sha256).write_bytes(b"false")
    with pytest.raises(EvidenceDamaged, match="altered"):
        store.read(sha256)
    with pytest.raises(EvidenceDamaged, match="gone"):
        store.read("0" * 64)
    with pytest.raises(EvidenceDamaged, match="not a SHA-256"):
        store.read("../../etc/passwd")


def test_one_cycle_at_a_time(database: Database) -> None:
    other = Database(database.url)
    with cycle_lock(database), pytest.raises(AnotherCycleRuns), cycle_lock(other):
        pass
    with cycle_lock(other):
        pass
    other.close()


def test_a_cycle_killed_leaves_no_lock(database: Database) -> None:
    child = os.fork()
    if child == 0:
        forked = Database(database.url)
        lock = cycle_lock(forked)
        lock.__enter__()
        os.kill(os.getpid(), SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == SIGKILL
    with cycle_lock(database):
        pass


def test_a_lock_that_a_dead_process_seems_to_hold_is_waited_for(database: Database) -> None:
    other = Database(database.url)
    held = ExitStack()
    held.enter_context(cycle_lock(other))
    Timer(0.3, held.close).start()
    with delivery_lock(database) as free, cycle_lock(database):
        assert free
    other.close()


@pytest.mark.parametrize("number", [3, 2 * MANY])
def test_many_bytes_are_kept_together_each_once(evidence: EvidenceStore, number: int) -> None:
    contents = {hashlib.sha256(page).hexdigest(): page for page in (b"page %d" % n for n in range(number))}
    written = evidence.path(evidence.keep(b"page 0")).stat().st_mtime_ns
    evidence.keep_all(contents)
    assert {sha256: evidence.read(sha256) for sha256 in evidence.hashes()} == contents
    assert evidence.path(next(iter(contents))).stat().st_mtime_ns == written
    assert not list((evidence.folder / ".writing").iterdir())
    assert not any(os.access(evidence.path(sha256), os.W_OK) for sha256 in contents) or os.geteuid() == 0


def test_what_crashes_left_half_written_is_cleared(evidence: EvidenceStore) -> None:
    kept = evidence.path(evidence.keep(b"whole"))
    (evidence.folder / ".writing" / "0a").write_bytes(b"ha")
    assert evidence.clear_unfinished() == 1
    (evidence.folder / ".writing").rmdir()
    (kept.parent / ".writing-0b").write_bytes(b"half, by an older version")
    assert (evidence.clear_unfinished(), evidence.clear_unfinished()) == (1, 0)
    assert [path for path in evidence.folder.rglob("*") if path.is_file()] == [kept]
    assert EvidenceStore(evidence.folder / "none").clear_unfinished() == 0


def test_mails_go_out_while_detection_is_at_work(database: Database, today: date) -> None:
    with database.session() as session:
        run = begin_run(session, today)
        place = {"authority": "cqc", "section": "rules", "role": "rules", "family": "static-shtml"}
        visit = VisitRow(run_id=run, today=today, started_at=now(), **place)
        session.add(visit)
        session.commit()
        assert claim_visit(session, visit.id, today)
        with delivery_lock(database) as held:
            assert held


def test_rows_may_refer_to_what_was_only_added(database: Database) -> None:
    with database.session() as session:
        session.add_all([HolderRow(id=7, name="Alpha"), ContactRow(id=8, email="quality@alpha.example")])
        assert insert_missing(session, HolderContactRow, [{"holder_id": 7, "contact_id": 8}]) == 1
        session.commit()
