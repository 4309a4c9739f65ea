"""Volatile addresses: twenty ways in which a link's address changes while what it leads to stays.

Names are on nobody's list: they are made for this file. A kind is laid over a site by dressing the addresses that it
prints and stripping those that are asked of it:

    with VolatileReplica(KINDS[3], day=1) as replica: ...        # the replica, every internal link of it dressed
    dressed(html, KINDS[3], moment)                              # a page of any other site
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape, unescape
from urllib.parse import urlsplit, urlunsplit

from tests.replica.answer import Answer, Asked
from tests.replica.server import Replica

_FIXED = ("/robots.txt", "/favicon.ico")
_LINK = re.compile(
    r"""(?P<head><(?:a|iframe|frame|option)\b[^>]*?\s(?:href|src|value)=)(?P<mark>["'])(?P<to>.*?)(?P=mark)"""
)
_CODECS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a page is printed: the day, and the number of the request."""

    day: int
    request: int

    def value(self, name: str, per_day: bool) -> bytes:
        """Bytes that differ from one moment (or day) to the next."""
        return hashlib.sha256(f"{name}/{self.day}/{0 if per_day else self.request}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Volatile:
    """One kind: where the changing part stands, what it looks like, and how often it changes.

    `place` is last, first, middle (an argument), prefix, inner (a path segment), matrix, suffix or bare.
    """

    name: str
    place: str
    shape: str
    per_day: bool = False

    def dress(self, address: str, moment: Moment) -> str:
        """Return an address (absolute or from the root) with its changing part."""
        parts = urlsplit(address)
        value = _SHAPES[self.shape](moment.value(self.name, self.per_day))
        path, query = _PLACES[self.place](parts.path or "/", parts.query, self.name, value)
        return urlunsplit(parts._replace(path=path, query=query))

    def strip(self, address: str) -> str:
        """Return an address without its changing part; one that has none comes back as it is."""
        parts = urlsplit(address)
        path, query = parts.path, parts.query
        name, value = re.escape(self.name), _LOOKS[self.shape]
        if self.place in ("last", "first", "middle", "bare"):
            named = f"{name}={value}" if self.place != "bare" else name + value
            query = "&".join(part for part in query.split("&") if part and not re.fullmatch(named, part))
        elif self.place in ("prefix", "inner"):
            path = re.sub(f"/{name}{value}(?=/)", "", path, count=1)
        elif self.place == "matrix":
            path = re.sub(f";{name}={value}", "", path)
        else:
            path = re.sub(rf"~{name}{value}(?=\.[a-z]+$|$)", "", path)
        return urlunsplit(parts._replace(path=path, query=query))


def _last(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    return path, "&".join(part for part in (query, f"{name}={value}") if part)


def _first(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    return path, "&".join(part for part in (f"{name}={value}", query) if part)


def _middle(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    parts = [part for part in query.split("&") if part]
    return path, "&".join([*parts[:1], f"{name}={value}", *parts[1:]])


def _bare(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    return path, "&".join(part for part in (query, name + value) if part)


def _prefix(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    return f"/{name}{value}{path}", query


def _inner(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    folder, _, page = path.rpartition("/")
    return f"{folder}/{name}{value}/{page}", query


def _matrix(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    return f"{path};{name}={value}", query


def _suffix(path: str, query: str, name: str, value: str) -> tuple[str, str]:
    stem, dot, ending = path.rpartition(".")
    return (
        (f"{stem}~{name}{value}{dot}{ending}", query) if dot and "/" not in ending else (f"{path}~{name}{value}", query)
    )


_PLACES: dict[str, Callable[[str, str, str, str], tuple[str, str]]] = {
    "last": _last,
    "first": _first,
    "middle": _middle,
    "bare": _bare,
    "prefix": _prefix,
    "inner": _inner,
    "matrix": _matrix,
    "suffix": _suffix,
}
_SHAPES: dict[str, Callable[[bytes], str]] = {
    "hex": lambda value: value.hex()[:16],
    "long": lambda value: value.hex()[:40],
    "digits": lambda value: str(int.from_bytes(value[:6], "big")),
    "short": lambda value: f"{int.from_bytes(value[:2], 'big') % 9000 + 1000}",
    "time": lambda value: f"17{int.from_bytes(value[:4], 'big') % 10**11:011d}",
    "word": lambda value: "".join(chr(97 + byte % 26) for byte in value[:9]),
    "upper": lambda value: "".join(chr(65 + byte % 26) for byte in value[:12]),
    "uuid": lambda value: "-".join(value.hex()[at:to] for at, to in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))),
    "fraction": lambda value: f"0.{int.from_bytes(value[:6], 'big')}",
}
_LOOKS = {
    "hex": "[0-9a-f]{16}",
    "long": "[0-9a-f]{40}",
    "digits": "[0-9]+",
    "short": "[0-9]{4}",
    "time": "17[0-9]{11}",
    "word": "[a-z]{9}",
    "upper": "[A-Z]{12}",
    "uuid": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "fraction": "0[.][0-9]+",
}
KINDS: tuple[Volatile, ...] = (
    Volatile("wzkq", "last", "hex"),
    Volatile("bxfm", "last", "digits", per_day=True),
    Volatile("hgtl", "first", "uuid"),
    Volatile("yxd", "first", "time", per_day=True),
    Volatile("pvno", "middle", "word"),
    Volatile("lyfs", "middle", "short"),
    Volatile("zqm", "last", "long", per_day=True),
    Volatile("fwxh", "last", "fraction"),
    Volatile("qd8", "last", "upper"),
    Volatile("dlpz", "first", "short"),
    Volatile("kx", "bare", "word"),
    Volatile("jc", "bare", "digits", per_day=True),
    Volatile("u-", "prefix", "hex"),
    Volatile("p", "prefix", "digits", per_day=True),
    Volatile("n.", "prefix", "word"),
    Volatile("v", "inner", "time"),
    Volatile("gz-", "inner", "uuid", per_day=True),
    Volatile("x", "inner", "short"),
    Volatile("hhm", "matrix", "upper"),
    Volatile("lc", "suffix", "hex"),
)


def dressed(html: str, kind: Volatile, moment: Moment, base_url: str, path: str = "/") -> str:
    """Return a page whose internal links (a, frames, options) bear the changing part.

    Relative addresses are made whole from `path` first, so that a changed folder does not lead astray.
    """

    def written(found: re.Match[str]) -> str:
        whole = _from_root(unescape(found["to"]), path, base_url)
        if whole is None:
            return found[0]
        mark = found["mark"]
        return f"{found['head']}{mark}{escape(kind.dress(whole, moment))}{mark}"

    return _LINK.sub(written, html)


def _from_root(address: str, path: str, base_url: str) -> str | None:
    """An address of this site as one from its root (absolute stays absolute), or None for anything else."""
    if address.startswith((base_url + "/", "/")) and not address.startswith("//"):
        return address
    if not address or re.match(r"[#?]|[a-z]+:|//", address, re.IGNORECASE) or not re.search(r"[./]", address):
        return None
    whole = path.rpartition("/")[0] + "/" + address.removeprefix("./")
    while "/../" in whole:
        whole = re.sub(r"/[^/]+/\.\./", "/", whole, count=1)
    return whole


class VolatileReplica(Replica):
    """The replica with one kind of changing addresses on every internal link of its pages and JSON lists."""

    def __init__(self, kind: Volatile, day: int = 1) -> None:
        """Prepare the sites of a day with addresses of a kind."""
        super().__init__(day)
        self.kind = kind

    def answer(self, asked: Asked) -> Answer:
        """Answer as the replica, links dressed; a page that differs on each request has no validators."""
        asked = replace(asked, target=self.kind.strip(asked.target))
        if asked.path in _FIXED:
            return super().answer(asked)
        bare = {name: value for name, value in asked.headers.items() if not name.startswith("if-")}
        answer = super().answer(replace(asked, headers=bare))
        kind = (answer.header("Content-Type") or "").lower()
        if answer.status == 200 and answer.stream is None and ("html" in kind or "json" in kind):
            answer = replace(answer, body=self._dressed(answer.body, asked, "json" in kind))
            return answer.with_header("ETag", None).with_header("Last-Modified", None)
        return super().answer(asked) if bare != asked.headers else answer

    def _dressed(self, body: bytes, asked: Asked, is_json: bool) -> bytes:
        codec = next(codec for codec in (*_CODECS, "latin-1") if _decodes(body, codec))
        text, moment = body.decode(codec), Moment(self.day, self._count)
        if is_json:
            url = re.compile(r'("url": ")([^"]+)(")')
            return url.sub(lambda found: found[1] + self.kind.dress(found[2], moment) + found[3], text).encode(codec)
        return dressed(text, self.kind, moment, asked.base_url, asked.path).encode(codec)


def _decodes(body: bytes, codec: str) -> bool:
    try:
        body.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
