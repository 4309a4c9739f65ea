"""Work that one process at a time may do on a database, released by the system or the server when a process dies.

PostgreSQL: an advisory lock of a connection. SQLite: a lock on a file beside the database. Neither leaves
anything behind after SIGKILL, so nobody has to clean up. A server may notice a moment late that a process is
dead, so a lock that is taken is asked for again for some seconds before another process is believed in.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage.engine.database import Database
from storage.errors import AnotherCycleRuns

PATIENCE_SECONDS = 3.0
"""How long a dead process may seem to hold its lock."""
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Lock:
    """A kind of work: the word in its lock file's name, and the number asked of PostgreSQL (arbitrary, ours alone)."""

    word: str
    key: int


CYCLE = Lock("cycle", 7_255_083_112)
DELIVERY = Lock("delivery", 7_255_083_113)
DETECTION = Lock("detection", 7_255_083_114)
"""Held by a transaction, not by a connection: see storage/detection.py."""


@contextmanager
def cycle_lock(database: Database) -> Iterator[None]:
    """Hold the cycle's lock; raise AnotherCycleRuns where another process holds it."""
    with _held(database, CYCLE) as held:
        if not held:
            raise AnotherCycleRuns("another daily cycle is at work on this database")
        yield


@contextmanager
def delivery_lock(database: Database) -> Iterator[bool]:
    """Hold the right to send; give False where another process has it."""
    with _held(database, DELIVERY) as held:
        yield held


@contextmanager
def _held(database: Database, lock: Lock) -> Iterator[bool]:
    if database.engine.dialect.name == "postgresql":
        with _on_server(database, lock) as held:
            yield held
        return
    name = make_url(database.url).database
    if not name or name == ":memory:":
        yield True
        return
    with Path(f"{name}.{lock.word}-lock").open("w") as file:
        yield _got(lambda: _flock(file.fileno()))


@contextmanager
def _on_server(database: Database, lock: Lock) -> Iterator[bool]:
    key = {"key": lock.key}
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = _got(lambda: bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key)))
        try:
            yield held
        finally:
            if held:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _got(attempt: Callable[[], bool]) -> bool:
    """Try until it succeeds or patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not attempt():
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
