"""What an answer is before anything is read from it: the page that was asked for, whole, of which type."""

from typing import Any

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.pages.answers import Answer

CONFIRMED = "rulewatch-confirmed"
"""Flag of a response whose server answered 304: its body is the one that we have."""
BROKEN_ENCODING = "rulewatch-broken-encoding"
"""Flag of a response whose content encoding ends early: its body is kept as it came."""
DATALOSS = "dataloss"
"""Scrapy's flag of a response that is shorter than announced."""


class ForeignHost(IgnoreRequest):
    """Raised for a request to a `host` that the authority does not own; the message names it."""

    def __init__(self, host: str, authority: str) -> None:
        super().__init__(f"redirected to host {host}, which {authority} does not own")
        self.host = host


def answer_trouble(response: Response, answer: Answer) -> str | None:
    """Return why an answer is not what was asked for, None where it is."""
    if BROKEN_ENCODING in response.flags:
        return "broken encoding: the compressed body ends early or is damaged"
    if not answer.is_page:
        return f"{answer.kind.value.replace('_', ' ')}: {answer.reason}"
    return None


def is_short(response: Response) -> bool:
    """Return whether a page lacks its end; one that is whole under a false Content-Length does not."""
    return DATALOSS in response.flags and b"</html>" not in response.body[-4096:].lower()


def content_type(response: Response) -> str | None:
    """Return the Content-Type of a response, None where it has none."""
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def header_texts(response: Response) -> dict[str, str]:
    """Return the headers of a response as text; bytes are read as Latin-1, which loses none."""
    headers: dict[bytes, list[Any]] = response.headers
    return {
        name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
        for name, values in headers.items()
    }
