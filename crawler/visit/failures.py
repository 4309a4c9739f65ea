"""Why there was no answer, in words for a report."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

_MEANINGS: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "the host's name cannot be resolved"),
    (DownloadConnectionRefusedError, "the connection was refused"),
    (DownloadTimeoutError, "no answer in time"),
    (DownloadCancelledError, "the answer is larger than allowed"),
    (ResponseDataLossError, "the answer was cut off"),
)


def is_forbidden(error: BaseException | None) -> bool:
    """Whether robots.txt says that an address is not to be asked for."""
    return isinstance(error, IgnoreRequest) and str(error) == "Forbidden by robots.txt"


def explain(error: BaseException | None) -> str:
    """Return why a request got no answer, in one line of English."""
    text = " ".join(str(error).split())[:200]
    if isinstance(error, IgnoreRequest):
        return {
            "Forbidden by robots.txt": "robots.txt forbids this address",
            "max redirections reached": "redirected again and again",
        }.get(text, text or "not asked")
    if "SSL" in text or "tls" in text.lower() or "certificate" in text:
        return f"TLS: {text}"
    for kind, meaning in _MEANINGS:
        if isinstance(error, kind):
            return meaning
    if "ConnectionLost" in text or "ConnectionDone" in text or "reset" in text.lower():
        return "the connection broke off"
    return f"no connection: {text}" if text else f"no connection: {type(error).__name__}"
