"""Upgrading the schema: all or nothing, with a copy of an SQLite file kept first.

Every migration up to the newest runs in one transaction. SQLite needs three things for that (its own pages "ALTER
TABLE" and "Foreign key support", Alembic's on batch mode, SQLAlchemy's on transactional DDL): the driver must not
commit before DDL, foreign keys are off while a table is exchanged for a new one, and they are checked before the
commit. Two processes that upgrade at once wait for each other, and the second finds nothing to do.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, column, create_engine, event, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from storage.errors import SchemaTooNew, StorageError, UpgradeFailed, explained

if TYPE_CHECKING:
    from alembic.config import Config

_KEY = 7_255_083_115
"""The advisory lock of upgrades on PostgreSQL (see storage/engine/locks.py)."""
_COPY = ".schema-"
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_VERSIONS = table("alembic_version", column("version_num"))
"""Alembic's own table; asked without Alembic, which takes half a second to load."""
PATIENCE_SECONDS = 30
"""How long a database that another program holds is waited for; an SQLite address may say otherwise: ?timeout=5."""


def alembic_config() -> "Config":
    """Return Alembic's configuration: the migrations inside this package."""
    from alembic.config import Config  # here and below: it takes half a second to load, and few commands need it

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def newest_schema() -> str:
    """Return the newest version of the schema that this program knows; its migration's file begins with it."""
    return max(_schemas())


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; safe to kill, to repeat and to run twice at once.

    Of an SQLite file that holds an older schema a copy is kept beside it, `NAME.schema-0003`, until the next upgrade.

    Raises:
        SchemaTooNew: a newer Rulewatch made the database.
        UpgradeFailed: nothing was altered; the message says why, and that the older version still works on it.
    """
    found, newest = _revision(engine), newest_schema()
    if found == newest:
        return
    _refuse_newer(found)
    try:
        with _alone(engine) as connection:
            found = _revision_on(connection)
            if found == newest:  # another process was quicker
                return
            if found is not None and engine.dialect.name == "sqlite":
                _keep_copy(engine, found)
            _migrate(connection)
    except (SQLAlchemyError, OSError, sqlite3.Error) as reason:
        known = explained(reason, engine.url.render_as_string())
        why = known or f"{type(reason).__name__}: {str(reason).splitlines()[0]}"
        raise UpgradeFailed(_left_alone(found, newest, why)) from reason
    except StorageError as reason:
        raise UpgradeFailed(_left_alone(found, newest, reason)) from reason


def check_schema(engine: Engine) -> str | None:
    """Return the schema's version where it is an older one than this program's, None where it is the newest.

    Raises SchemaTooNew. An empty database is "empty".
    """
    found = _revision(engine)
    if found == newest_schema():
        return None
    _refuse_newer(found)
    return found or "empty"


def patience(url: URL) -> dict[str, float]:
    """Return what SQLite's driver is told beside the address: how long to wait, where the address does not say it."""
    return {} if "timeout" in url.query else {"timeout": PATIENCE_SECONDS}


def _schemas() -> set[str]:
    return {file.name.partition("_")[0] for file in _MIGRATIONS.glob("versions/[0-9]*_*.py")}


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision_on(connection)


def _revision_on(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSIONS.name):
        return None
    return connection.scalar(select(_VERSIONS.c.version_num))


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in _schemas():
        raise SchemaTooNew(
            f"the database's schema {found} is newer than this version of Rulewatch; install the version that made it"
        )


def _left_alone(found: str | None, newest: str | None, why: object) -> str:
    return (
        f"the database could not be upgraded from schema {found or 'empty'} to {newest}: {why}. "
        "It was left as it was: the version of Rulewatch that made it still works on it"
    )


def _migrate(connection: Connection) -> None:
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    before = _dangling(connection)
    command.upgrade(config, "head")
    dangling = _dangling(connection) - before
    if dangling:
        table, row, parent, _ = min(dangling, key=str)
        raise UpgradeFailed(f"row {row} of {table} would refer to nothing in {parent} ({len(dangling)} such rows)")


def _dangling(connection: Connection) -> set[Any]:
    """Rows that refer to nothing; a database may have had some before, which no upgrade makes worse."""
    if connection.dialect.name != "sqlite":
        return set()
    return {tuple(row) for row in connection.execute(text("PRAGMA foreign_key_check"))}


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction in which nobody else writes, committed at the end of the block."""
    if engine.dialect.name == "sqlite":
        with _sqlite_alone(engine) as connection:
            yield connection
        return
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEY})
        yield connection


@contextmanager
def _sqlite_alone(engine: Engine) -> Iterator[Connection]:
    own = create_engine(engine.url, poolclass=NullPool, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(own, "connect", _leave_transactions_to_us)
    event.listen(own, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with own.begin() as connection:
            yield connection
    finally:
        own.dispose()


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction


def _keep_copy(engine: Engine, found: str) -> None:
    """Copy the file as it was committed last, whole or not at all; copies from before earlier upgrades go then."""
    name = engine.url.database
    if not name or name == ":memory:":
        return
    path = Path(name)
    kept, being_written = path.with_name(f"{path.name}{_COPY}{found}"), path.with_name(f"{path.name}{_COPY}unfinished")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(being_written)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        with being_written.open("rb") as written:
            os.fsync(written.fileno())
        being_written.replace(kept)
    except BaseException:  # last resort: half a copy is none
        with suppress(OSError):
            being_written.unlink()
        raise
    for older in path.parent.glob(f"{path.name}{_COPY}*"):
        if older != kept:
            older.unlink()
