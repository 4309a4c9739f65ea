"""The ways in which a translation service can fail, and what each asks of the cycle."""

from monitor.errors import RulewatchError


class TranslationError(RulewatchError):
    """The root of what a translation service can do to us."""


class ServiceUnavailable(TranslationError):
    """Raised when asking again in this cycle is pointless: no network, no key, rate limit, budget spent."""


class ServiceFailed(TranslationError):
    """Raised when one request failed (a time-out, a 5xx, an unreadable answer); another may succeed."""


class NotTranslated(TranslationError):
    """Raised when the service answered but gave no translation of this segment."""
