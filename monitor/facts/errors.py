"""How reading facts can fail."""

from monitor.errors import RulewatchError


class SecondReaderFailed(RulewatchError):
    """Raised when the second reader gave no usable answer; our own reading stands as it is."""
