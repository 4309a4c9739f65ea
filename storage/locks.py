"""One cycle at a time on one database, released by the operating system or the server when a process dies.

PostgreSQL: an advisory lock of a connection. SQLite: a lock on a file beside the database. Neither leaves
anything behind after SIGKILL, so nobody has to clean up.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.errors import AnotherCycleRuns

CYCLE_LOCK_KEY = 7_255_083_112
"""An arbitrary number that only Rulewatch's cycle asks PostgreSQL for."""


@contextmanager
def cycle_lock(database: Database) -> Iterator[None]:
    """Hold the cycle's lock; raise AnotherCycleRuns where another process holds it."""
    if database.engine.dialect.name == "postgresql":
        with _advisory_lock(database):
            yield
    else:
        with _file_lock(database):
            yield


@contextmanager
def _advisory_lock(database: Database) -> Iterator[None]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"key": CYCLE_LOCK_KEY}
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
            raise AnotherCycleRuns("another daily cycle is at work on this database")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


@contextmanager
def _file_lock(database: Database) -> Iterator[None]:
    name = make_url(database.url).database
    if not name or name == ":memory:":
        yield
        return
    with Path(f"{name}.cycle-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherCycleRuns(f"another daily cycle is at work on {name}") from None
        yield
