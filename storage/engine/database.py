"""The database: engine, sessions, the base of every table, and the schema's version.

SQLite (write-ahead log) by default, PostgreSQL by URL; both through the same typed models.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, URL, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy import inspect as sqlalchemy_inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import DeclarativeBase, sessionmaker
from sqlalchemy.orm import Session as Session

from storage.engine.upgrade import check_schema, patience, upgrade
from storage.errors import SchemaTooOld, UnusableAddress

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_LIKE = "sqlite:///path/to/file.db or postgresql://user:password@host/name"
ROWS_A_STATEMENT = 500
"""So many rows are asked for at once by their values: SQLite allows some 32,000 bound values a statement."""


class AwareDateTime(TypeDecorator[datetime]):
    """A moment with its zone: kept as UTC, given back as UTC, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; raise ValueError for a naive one."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be kept")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware one (SQLite forgets the zone)."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class Base(DeclarativeBase):
    """The base of every row; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: AwareDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
        dict[str, str]: JSON,
    }


class Database:
    """One database: its engine and short sessions on it."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL; for SQLite the folder is made when missing."""
        self.url = url
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give one session; what was not committed is rolled back."""
        with self._sessions() as session:
            yield session

    def upgrade(self) -> None:
        """Bring the schema to the newest version; all or nothing, safe to repeat (storage/engine/upgrade.py)."""
        upgrade(self.engine)

    def check_schema(self) -> None:
        """Raise SchemaTooOld or SchemaTooNew where the schema is not this version's."""
        found = check_schema(self.engine)
        if found is not None:
            raise SchemaTooOld(f"the database's schema is {found}; run `rulewatch run` once to upgrade it")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def address_shown(url: str) -> str:
    """Return a database's address as people may see it: without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "named by database_url"


def insert_missing(session: Session, row: type[Base], values: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that are not there yet, by the table's own constraints; return how many were new.

    Safe to repeat and to run twice at once: what exists is left as it is.
    """
    if not values:
        return 0
    session.flush()  # what the rows refer to may only have been added
    key = sqlalchemy_inspect(row).primary_key[0]
    statement = insert_ignore(session, row).returning(key)
    return len(session.connection().execute(statement, [dict(value) for value in values]).all())


def insert_ignore(session: Session, row: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """Return an insert that leaves alone what is there already."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # loaded by its engine already

        return postgresql.insert(row).on_conflict_do_nothing()
    return sqlite.insert(row).on_conflict_do_nothing()


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return _made(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = _made(parsed, connect_args=patience(parsed))
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _made(url: URL, **arguments: Any) -> Engine:
    try:
        return create_engine(url, **arguments)
    except (NoSuchModuleError, ImportError):
        raise UnusableAddress(f"database_url asks for the driver {url.drivername}, which is not installed") from None


def _parsed(url: str) -> URL:
    """The address, with the driver that is installed; raises UnusableAddress, whose message shows no password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UnusableAddress(f"database_url is no address of a database (expected something like {_LIKE})") from None
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise UnusableAddress(f"database_url begins with {parsed.drivername}://, which is not known (expected {_LIKE})")
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
