"""Upgrades of full databases of every earlier schema: nothing lost, all or nothing, also when killed.

The dumps in `schemas/` were made by playing the replica's days with the code of the time (`python -m tests.play`);
`0001` is the database of `0002` before it had incidents, `0002_of_the_first_days` one made before alerts had revisions.
"""

import lzma
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, select, text

from storage.engine.database import Database
from storage.engine.upgrade import alembic_config, newest_schema
from storage.errors import DatabaseInUse, SchemaTooNew, UpgradeFailed
from storage.tables import metadata
from tests.conftest import new_postgres

SCHEMAS = Path(__file__).parent / "schemas"
DUMPS = sorted(path.name.removesuffix(".sql.xz") for path in SCHEMAS.glob("*.sql.xz"))
KILLS = 12
MOST_TURNS = 30
UPGRADE = "import sys; from storage.engine.database import Database; Database(sys.argv[1]).upgrade()"
Rows = dict[str, list[dict[str, Any]]]


def loaded(path: Path, name: str) -> str:
    """Load a dump into a new SQLite file; return its address."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(lzma.decompress((SCHEMAS / f"{name}.sql.xz").read_bytes()).decode())
    connection.close()
    return f"sqlite:///{path}"


def rows_of(engine: Engine) -> Rows:
    """Every row of every table, in a fixed order."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=str)
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def assert_kept(before: Rows, after: Rows) -> None:
    """Each row of before is there with what each of its columns said; `means` alone is new."""
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else after[table]
        assert sorted(kept, key=str) == rows, f"{table} is not what it was"


def assert_newest(database: Database) -> None:
    """The schema is exactly that of the models, and no row refers to nothing."""
    database.check_schema()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def copied_to_postgres(source: Database, target: Database) -> None:
    """Make the schema that a dump has on PostgreSQL, and put the same rows in."""
    with source.engine.connect() as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    config = alembic_config()
    with target.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    old, new = MetaData(), MetaData()
    old.reflect(source.engine)
    with target.engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # rows may refer to later ones
        for name, table in old.tables.items():
            metadata.tables.get(name, table).create(connection, checkfirst=True)
            for column in inspect(connection).get_columns(name):
                if column["name"] not in table.columns:
                    connection.execute(text(f'ALTER TABLE "{name}" DROP COLUMN "{column["name"]}" CASCADE'))
        new.reflect(connection)
        connection.execute(text("DELETE FROM alembic_version"))
        for name, table in old.tables.items():
            with source.engine.connect() as reading:
                rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows:
                connection.execute(new.tables[name].insert(), rows)


@pytest.fixture
def old(request: pytest.FixtureRequest, empty_database: Database, tmp_path: Path) -> Iterator[Database]:
    """A full database of an earlier schema, on each of the two engines."""
    source = Database(loaded(tmp_path / "old.db", request.param))
    if empty_database.engine.dialect.name == "sqlite":
        yield source
    else:
        copied_to_postgres(source, empty_database)
        yield empty_database
    source.close()


def test_there_is_a_dump_of_each_schema() -> None:
    assert {"0001", "0002", "0003", "0004", "0002_of_the_first_days"} <= set(DUMPS)


@pytest.mark.parametrize("old", DUMPS, indirect=True)
def test_a_full_database_is_upgraded_and_nothing_is_lost(old: Database) -> None:
    before = rows_of(old.engine)
    assert sum(map(len, before.values())) > 3000
    old.upgrade()
    assert_newest(old)
    assert_kept(before, rows_of(old.engine))
    old.upgrade()


def test_documents_are_told_apart_by_the_programs_that_read_them(tmp_path: Path) -> None:
    database = Database(loaded(tmp_path / "old.db", "0004"))
    database.upgrade()
    with database.session() as session:
        kinds = session.execute(text("SELECT DISTINCT json_extract(content, '$.kind'), means FROM documents")).all()
    database.close()
    means = {kind: mean for kind, mean in kinds if kind != "archive"}
    assert means.pop("doc") in ("+soffice", "-soffice")
    assert set(means.values()) == {""}
    assert len(means) > 2


def test_an_upgrade_that_an_older_version_left_half_done_is_completed(tmp_path: Path) -> None:
    database = Database(loaded(tmp_path / "old.db", "0001"))
    incidents = metadata.tables["incidents"]
    with database.engine.begin() as connection:
        incidents.create(connection)
        connection.execute(text("CREATE TABLE _alembic_tmp_changes (id INTEGER NOT NULL)"))
    database.upgrade()
    assert_newest(database)
    database.close()


def test_a_copy_is_kept_beside_until_the_next_upgrade(tmp_path: Path) -> None:
    database = Database(loaded(tmp_path / "old.db", "0002"))
    before = rows_of(database.engine)
    (tmp_path / "old.db.schema-0001").write_bytes(b"of an earlier upgrade")
    database.upgrade()
    database.close()
    assert [path.name for path in tmp_path.glob("old.db.schema-*")] == ["old.db.schema-0002"]
    copy = Database(f"sqlite:///{tmp_path / 'old.db.schema-0002'}")
    assert rows_of(copy.engine) == before
    copy.close()


def test_a_new_database_needs_no_copy(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    database.upgrade()
    database.close()
    assert not list(tmp_path.glob("*.schema-*"))


@pytest.mark.parametrize("old", ["0001", "0004"], indirect=True)
def test_an_upgrade_that_fails_leaves_the_old_database_working_and_says_so(old: Database) -> None:
    with old.engine.begin() as connection:
        connection.execute(text("CREATE TABLE reading_failures (id INTEGER)"))  # in the way of the last migration
    before = rows_of(old.engine)
    with pytest.raises(UpgradeFailed, match=r"from schema 000\d to \d+: .*the version of Rulewatch that made it still"):
        old.upgrade()
    assert rows_of(old.engine) == before
    with old.engine.begin() as connection:
        connection.execute(text("DROP TABLE reading_failures"))
    old.upgrade()
    assert_newest(old)


def test_an_upgrade_that_would_lose_what_rows_refer_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(loaded(tmp_path / "old.db", "0004"))
    before = rows_of(database.engine)

    def lossy(config: Any, _revision: str) -> None:
        config.attributes["connection"].execute(text("DELETE FROM changes"))

    monkeypatch.setattr(command, "upgrade", lossy)
    with pytest.raises(UpgradeFailed, match="would refer to nothing in changes"):
        database.upgrade()
    assert rows_of(database.engine) == before
    database.close()


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = rows_of(database.engine)
    with pytest.raises(SchemaTooNew, match="9999 is newer"):
        database.upgrade()
    assert rows_of(database.engine) == before


def test_a_database_that_another_program_holds_is_not_upgraded(tmp_path: Path) -> None:
    database = Database(loaded(tmp_path / "old.db", "0004") + "?timeout=0.1")
    holder = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UpgradeFailed, match="is in use by another program") as failed:
        database.upgrade()
    assert not isinstance(failed.value, DatabaseInUse)
    holder.execute("ROLLBACK")
    holder.close()
    database.upgrade()
    assert_newest(database)
    database.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killed_at_random_moments_and_upgraded_again_nothing_is_lost(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance, killed, seconds = random.Random(12), 0, undisturbed_seconds(tmp_path)
    for turn in range(MOST_TURNS):
        source = Database(loaded(tmp_path / f"old{turn}.db", "0001"))
        old = source
        if engine == "postgresql":
            old = Database(new_postgres(request.getfixturevalue("postgres_url")))
            copied_to_postgres(source, old)
        before, address = rows_of(old.engine), old.engine.url.render_as_string(hide_password=False)
        while killed < KILLS and was_killed(address, chance.uniform(0.5 * seconds, seconds)):
            killed += 1
            assert_kept(before, rows_of(old.engine))
        old.upgrade()
        assert_newest(old)
        assert_kept(before, rows_of(old.engine))
        source.close()
        old.close()
        if killed >= KILLS:
            break
        seconds *= 0.9  # one ended before it was killed; the next begin with an old database again
    assert killed >= KILLS, f"only {killed} upgrades were killed"


def undisturbed_seconds(tmp_path: Path) -> float:
    """How long an upgrade takes in a process of its own."""
    address = loaded(tmp_path / "undisturbed.db", "0001")
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", UPGRADE, address], check=True)
    return time.monotonic() - began


def was_killed(address: str, seconds: float) -> bool:
    """Kill an upgrade after a while; False where it had ended before."""
    child = subprocess.Popen([sys.executable, "-c", UPGRADE, address])
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(child.pid, SIGKILL)
        return child.wait() == -SIGKILL
    return False


@pytest.mark.parametrize("old", ["0001"], indirect=True)
def test_two_that_upgrade_at_once_both_end_well(old: Database) -> None:
    before, address = rows_of(old.engine), old.engine.url.render_as_string(hide_password=False)
    old.close()
    both = [subprocess.Popen([sys.executable, "-c", UPGRADE, address]) for _ in range(2)]
    assert [child.wait() for child in both] == [0, 0]
    assert_newest(old)
    assert_kept(before, rows_of(old.engine))


def test_the_newest_schema_is_alembics_head_and_each_file_begins_with_its_revision() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert newest_schema() == scripts.get_current_head()
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in scripts.walk_revisions())
