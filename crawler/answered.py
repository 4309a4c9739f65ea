"""What an answer is before anything is read from it: the page that was asked for, whole, of which type."""

from scrapy.http import Response

from crawler.middlewares import BROKEN_ENCODING, DATALOSS
from crawler.pages.answers import Answer


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
