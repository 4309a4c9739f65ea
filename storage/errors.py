"""What can go wrong in keeping things, one class a way."""

from sqlalchemy.exc import SQLAlchemyError

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


class AnotherCycleRuns(StorageError):
    """Raised when a daily cycle is already at work on the same database."""
