"""A snapshot of the database while others write to it, and the way back: SQLite's VACUUM INTO, PostgreSQL's pg_dump.

Both read in one transaction of their own (sqlite.org/lang_vacuum.html; PostgreSQL's manual, "pg_dump"), so that the
copy is of one moment.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from storage.engine.database import Database
from storage.errors import StorageError

_PLAIN = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
"""What PostgreSQL's programs are given beside the address, so that no variable of the caller's changes what they do."""


class ProgramMissing(StorageError):
    """Raised where PostgreSQL's own programs for backups are not installed, or fail."""


class NotEmpty(StorageError):
    """Raised where something would be restored over what is there."""


def kind_of(database: Database) -> str:
    """Return the name of the snapshot's file: what it is can be seen from its ending."""
    return "database.sqlite" if database.engine.dialect.name == "sqlite" else "database.pgdump"


def take(database: Database, to: Path) -> None:
    """Write a snapshot of a database to a new file. Raises ProgramMissing, or what the driver raises."""
    if database.engine.dialect.name != "sqlite":
        _postgres("pg_dump", make_url(database.url), "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")
        return
    with database.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(to),))


def put_back(snapshot: Path, url: str) -> None:
    """Make the database of a snapshot; what refuses leaves none. Raises ProgramMissing, or what the system raises."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(snapshot)) as copy:
            copy.execute("PRAGMA journal_mode=WAL")
        snapshot.replace(str(parsed.database))
        return
    arguments = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _postgres("pg_restore", parsed, *arguments, f"--dbname={parsed.database}", str(snapshot), names_database=False)


def refuse_one_in_use(database: Database) -> None:
    """Raise NotEmpty where the database has tables already."""
    if inspect(database.engine).get_table_names():
        raise NotEmpty("the database is not empty: restore into a new home, or move the old one away first")


def _postgres(program: str, url: URL, *arguments: str, names_database: bool = True) -> None:
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(f"{program} is not installed; it comes with PostgreSQL's client programs")
    query = {name: value if isinstance(value, str) else value[0] for name, value in url.query.items()}
    named = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
    }
    environment = _PLAIN | {name: str(value) for name, value in named.items() if value}
    where = (f"--dbname={url.database}",) if names_database else ()
    done = subprocess.run(
        [path, "--no-password", *where, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise ProgramMissing(f"{program} failed: {said}")
