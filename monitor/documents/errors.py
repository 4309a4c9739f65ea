"""Why a file could not be read. Each becomes the `reason` of a Document that is not readable."""

from monitor.errors import RulewatchError


class Unreadable(RulewatchError):
    """Raised by a format reader when a file cannot be read; the message is shown to a consultant."""


class Encrypted(Unreadable):
    """Raised when a file needs a password that nobody has."""


class Damaged(Unreadable):
    """Raised when a file is cut off, empty or broken."""


class LimitExceeded(Unreadable):
    """Raised when a file would take more time, memory, pages, members or depth than is allowed."""


class ProgramMissing(Unreadable):
    """Raised when a format needs a system program that is not installed; the message says how to get it."""
