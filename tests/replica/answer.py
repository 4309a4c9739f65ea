"""What is asked of a site, and what it answers: plain values that pages make, troubles alter and the server sends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

Headers = tuple[tuple[str, str], ...]


class End(StrEnum):
    """How a connection ends after an answer: in order, by a reset, or by silence until the client gives up."""

    NORMAL = "normal"
    RESET = "reset"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `target` is path and query as sent; header names are in lower case; `number` counts requests."""

    site: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    number: int = 0
    base_url: str = ""

    @property
    def path(self) -> str:
        """The path without query, Chinese characters decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The arguments of the address, names in lower case, the last of each name."""
        return {name.lower(): values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        """The fields of a posted form, the last of each name."""
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and how badly it is sent.

    Header values are sent as latin-1, so that any bytes can stand in them. `delay_seconds` pass before the first
    byte. `declared_length` is a false Content-Length; `cut_after` the number of body bytes after which the
    connection closes. `stream` replaces the body by chunks that are made while they are sent, with
    `seconds_between` them.
    """

    body: bytes = b""
    status: int = 200
    headers: Headers = ()
    delay_seconds: float = 0.0
    declared_length: int | None = None
    cut_after: int | None = None
    stream: Callable[[], Iterator[bytes]] | None = None
    seconds_between: float = 0.0
    end: End = End.NORMAL

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_header(self, name: str, value: str | None) -> "Answer":
        """Return the answer with a header set, or taken away where `value` is None."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


def page(text: str, encoding: str = "utf-8", status: int = 200, content_type: str | None = None) -> Answer:
    """Return an HTML page in an encoding; GBK and GB2312 are written as GB18030, which contains both."""
    codec = "gb18030" if encoding.lower() in ("gbk", "gb2312") else encoding
    kind = content_type or f"text/html; charset={encoding}"
    return Answer(text.encode(codec), status, (("Content-Type", kind),))


def redirect(location: str, status: int = 302) -> Answer:
    """Return a redirect to an address."""
    return Answer(b"", status, (("Location", location), ("Content-Type", "text/html")))
