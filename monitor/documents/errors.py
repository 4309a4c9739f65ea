"""Why a file could not be read. Each becomes the `reason` of a Document that is not readable.

`failure` names what of ours was not enough (time, memory, a program); None where the file itself is the reason.
"""

from monitor.errors import RulewatchError

TIME, MEMORY, STOPPED, NO_OFFICE, NO_UNAR = "time", "memory", "stopped", "no soffice", "no unar"


class Unreadable(RulewatchError):
    """Raised by a format reader when a file cannot be read; the message is shown to a consultant."""

    failure: str | None = None


class Encrypted(Unreadable):
    """Raised when a file needs a password that nobody has."""


class Damaged(Unreadable):
    """Raised when a file is cut off, empty or broken."""


class LimitExceeded(Unreadable):
    """Raised when a file would take more time, memory, pages, members or depth than is allowed."""


class OutOfTime(LimitExceeded):
    """Raised when a program that reads for us took too long: a busy machine does that, and so may the file."""

    failure = TIME


class OfficeMissing(Unreadable):
    """Raised when a format needs LibreOffice and it is not installed; the message says how to get it."""

    failure = NO_OFFICE


class UnarMissing(Unreadable):
    """Raised when an archive needs a program that unpacks RAR and none is installed; the message says how to get it."""

    failure = NO_UNAR
