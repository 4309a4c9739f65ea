"""What can go wrong in keeping things, one class a way; `explained` makes one sentence of what a driver raises."""

import errno
import sqlite3
import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

DRIVER_ERRORS = (SQLAlchemyError, OSError, ImportError)
"""What a database that cannot be used raises: the server, the file, the disk, a missing driver."""


class StorageError(Exception):
    """The root of storage's errors."""


class EvidenceDamaged(StorageError):
    """Raised when stored bytes no longer have the hash they are named by, or are gone."""


class SchemaTooOld(StorageError):
    """Raised when the database was made by an older Rulewatch and must be upgraded first."""


class SchemaTooNew(StorageError):
    """Raised when the database was made by a newer Rulewatch than this one."""


class UpgradeFailed(StorageError):
    """Raised when the schema could not be upgraded; the database is as it was before."""


class AnotherCycleRuns(StorageError):
    """Raised when a daily cycle is already at work on the same database."""


class UnusableAddress(StorageError):
    """Raised when database_url is no address of a database that Rulewatch can use: a matter of configuration."""


class DatabaseInUse(StorageError):
    """Raised when another program holds the database for longer than we wait."""


class DatabaseUnreachable(StorageError):
    """Raised when the database's server, or its file, cannot be opened."""


class DatabaseDamaged(StorageError):
    """Raised when the database's file is none, or is damaged."""


class NoRoom(StorageError):
    """Raised when the disk is full, or a quota is used up."""


class NotWritable(StorageError):
    """Raised when a folder, a file or the database may not be written to."""


class DiskFailing(StorageError):
    """Raised when the system could not read or write a file, for no reason that a setting explains."""


_NO_ROOM = "the disk is full at {place}; make room there, then run the same command again"
_NOT_WRITABLE = "{place} cannot be written to; give the user who runs Rulewatch the right to, or name another home"
_IN_USE = (
    "the database {place} is in use by another program (a backup, a viewer, another Rulewatch); "
    "try again when that has ended"
)
_UNREACHABLE = "the database {place} cannot be opened ({why}); is database_url right, and is its server running?"
_DAMAGED = "the database {place} is damaged, or is no database ({why}); restore it from a backup"
_FAILING = "{place} cannot be read or written ({why}); look at the disk"

_SQLITE = {
    sqlite3.SQLITE_BUSY: (DatabaseInUse, _IN_USE),
    sqlite3.SQLITE_LOCKED: (DatabaseInUse, _IN_USE),
    sqlite3.SQLITE_FULL: (NoRoom, _NO_ROOM),
    sqlite3.SQLITE_READONLY: (NotWritable, _NOT_WRITABLE),
    sqlite3.SQLITE_PERM: (NotWritable, _NOT_WRITABLE),
    sqlite3.SQLITE_CANTOPEN: (DatabaseUnreachable, _UNREACHABLE),
    sqlite3.SQLITE_IOERR: (DiskFailing, _FAILING),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamaged, _DAMAGED),
    sqlite3.SQLITE_NOTADB: (DatabaseDamaged, _DAMAGED),
}
"""By SQLite's primary result code (https://sqlite.org/rescode.html)."""
_POSTGRES = {
    "53100": (NoRoom, _NO_ROOM),
    "55P03": (DatabaseInUse, _IN_USE),
    "25006": (NotWritable, _NOT_WRITABLE),
    "42501": (NotWritable, _NOT_WRITABLE),
}
"""By SQLSTATE (PostgreSQL's appendix A)."""
_SYSTEM = {
    errno.ENOSPC: (NoRoom, _NO_ROOM),
    errno.EDQUOT: (NoRoom, _NO_ROOM),
    errno.EFBIG: (NoRoom, _NO_ROOM),
    errno.EROFS: (NotWritable, _NOT_WRITABLE),
    errno.EACCES: (NotWritable, _NOT_WRITABLE),
    errno.EPERM: (NotWritable, _NOT_WRITABLE),
    errno.ENOTDIR: (NotWritable, _NOT_WRITABLE),
    errno.EEXIST: (NotWritable, _NOT_WRITABLE),
}


def explained(error: BaseException, database: str) -> StorageError | None:
    """Return what a driver's or the system's error means as one sentence with its place and the remedy.

    `database` is the database's address without its password. None where the error is none of the world's (a
    constraint that failed, a bug).
    """
    if isinstance(error, (DBAPIError, sqlite3.Error)):
        return _of_database(error, database)
    if isinstance(error, OSError) and error.errno is not None:
        kind, sentence = _SYSTEM.get(error.errno, (DiskFailing, _FAILING))
        return kind(sentence.format(place=error.filename or "the home folder or its disk", why=error.strerror))
    return None


def in_one_sentence(error: BaseException, database: str, on_purpose: tuple[type[Exception], ...]) -> str:
    """Return what ended a command or a cycle, for the person who runs it.

    An error that was raised on purpose says it itself; the world's are explained; of all else, which is a fault of
    ours, only its kind and place are told, because its text may hold anything.
    """
    if isinstance(error, (StorageError, *on_purpose)):
        return str(error)
    known = explained(error, database)
    if known is not None:
        return str(known)
    frames = traceback.extract_tb(error.__traceback__)
    at = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{at}: a fault of Rulewatch, not of yours; run it again with --debug and report it"


def _of_database(error: DBAPIError | sqlite3.Error, database: str) -> StorageError | None:
    cause = (error.orig or error) if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    known = _SQLITE.get(code & 0xFF) if code is not None else _POSTGRES.get(getattr(cause, "sqlstate", None) or "")
    if known is None and code is None and isinstance(error, (OperationalError, InterfaceError)):
        known = (DatabaseUnreachable, _UNREACHABLE)
    if known is None:
        return None
    kind, sentence = known
    return kind(sentence.format(place=database, why=_first_line(cause)))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
