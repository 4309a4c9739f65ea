"""Fixtures for every test: databases on SQLite and PostgreSQL, an evidence store, the day."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from xdist.scheduler import LoadScopeScheduling

from storage.engine.database import Database
from storage.evidence.store import EvidenceStore

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
"""A busy machine is no failure: no example has a time limit."""

TOGETHER = ("tests/road/test_days.py", "tests/road/test_interface.py")
"""Files whose tests look at one long road: one process runs them all, so that it is walked once."""


class WalksOnce(LoadScopeScheduling):
    """Gives each test to whoever is free, and the tests of one road to one process.

    (xdist's own `--dist loadgroup` does not group under pytest 9.2: it writes its groups where nobody reads them.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return "road" if nodeid.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WalksOnce:
    """Take our own way to share tests out."""
    return WalksOnce(config, log)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of its own: the one named by RULEWATCH_TEST_POSTGRES, else the packaged one."""
    given = os.environ.get("RULEWATCH_TEST_POSTGRES")
    if given:
        yield given
        return
    import pgserver

    with tempfile.TemporaryDirectory(prefix="rulewatch-postgres-") as folder:
        server = pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on each of the two engines."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'test.db'}")
        yield database
        database.close()
        return
    database = Database(new_postgres(request.getfixturevalue("postgres_url")))
    yield database
    database.close()
    _on_server(database.url, "DROP DATABASE {name} WITH (FORCE)")


def new_postgres(server: str) -> str:
    """Make an empty database on a server and return its address."""
    address = make_url(server).set(database=f"t{uuid.uuid4().hex}").render_as_string(hide_password=False)
    _on_server(address, "CREATE DATABASE {name}")
    return address


def _on_server(address: str, statement: str) -> None:
    url = make_url(address)
    own = url.set(drivername="postgresql+psycopg", database="postgres")
    admin = create_engine(own, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement.format(name=f'"{url.database}"')))
    admin.dispose()


@pytest.fixture
def database(empty_database: Database) -> Database:
    """A database with the newest schema, on each of the two engines."""
    empty_database.upgrade()
    return empty_database


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A database with the newest schema on SQLite only, for tests that are not about the engine."""
    database = Database(f"sqlite:///{tmp_path / 'rulewatch.db'}")
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def evidence(tmp_path: Path) -> EvidenceStore:
    """An empty evidence store."""
    return EvidenceStore(tmp_path / "evidence")


@pytest.fixture
def today() -> date:
    """The day that tests treat as now."""
    return date(2026, 3, 2)
