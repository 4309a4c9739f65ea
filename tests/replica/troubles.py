"""What goes wrong on such sites, a class for each trouble.

A trouble is laid over an address (`Replica.trouble`) or named in a day's file. It alters the rows of a list before
they are printed (`rows`), or the healthy answer before it is sent (`answer`); it never touches a socket itself.
"""

import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import quote

from tests.replica import screens
from tests.replica.answer import Answer, Asked, End, page, redirect

Row = TypeVar("Row")


class Trouble:
    """The healthy case: rows and answer pass unaltered."""

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of a list as the site prints them today."""
        return rows

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        """Return what is sent instead of the healthy answer."""
        return healthy


# --- time and connection ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SlowAnswer(Trouble):
    """Nothing for some seconds, then the page."""

    seconds: float = 20.0

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, delay_seconds=self.seconds)


@dataclass(frozen=True)
class SlowDrip(Trouble):
    """The body comes a few bytes at a time."""

    bytes_at_once: int = 64
    seconds_between: float = 0.5

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(
            healthy,
            declared_length=len(healthy.body),
            stream=lambda: _pieces(healthy.body, self.bytes_at_once),
            seconds_between=self.seconds_between,
        )


@dataclass(frozen=True)
class Hang(Trouble):
    """The request is taken and never answered; with `after_bytes`, the body stops there for ever."""

    after_bytes: int | None = None

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, cut_after=self.after_bytes, end=End.SILENCE)


@dataclass(frozen=True)
class ConnectionReset(Trouble):
    """The connection is reset, at once or after some bytes of the body."""

    after_bytes: int | None = None

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, cut_after=self.after_bytes, end=End.RESET)


@dataclass(frozen=True)
class CutOffDownload(Trouble):
    """The connection closes in the middle of the body. `times` limits it to the first so many requests."""

    share: float = 0.5
    times: int | None = None
    _seen: list[str] = field(default_factory=list)

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        self._seen.append(asked.target)
        if self.times is not None and len(self._seen) > self.times:
            return healthy
        return replace(healthy, cut_after=int(len(healthy.body) * self.share))


@dataclass(frozen=True)
class WrongContentLength(Trouble):
    """Content-Length says some bytes more (or, negative, fewer) than are sent."""

    more: int = 100

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, declared_length=max(0, len(healthy.body) + self.more), cut_after=len(healthy.body))


@dataclass(frozen=True)
class EndlessBody(Trouble):
    """A body of gigabytes, made while it is sent; `declared` says so in Content-Length."""

    gigabytes: float = 2.0
    declared: bool = False

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        total = int(self.gigabytes * 1024**3)
        stream = lambda: _zeros(total)  # noqa: E731
        return replace(healthy, stream=stream, declared_length=total if self.declared else None)


@dataclass(frozen=True)
class GzipBomb(Trouble):
    """A small gzip body that unfolds to hundreds of megabytes."""

    megabytes: int = 500

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        packed = b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(self.megabytes)) + packer.flush()
        return replace(healthy, body=packed).with_header("Content-Encoding", "gzip")


class GzipEndsEarly(Trouble):
    """A gzip body whose second half is missing, with a Content-Length that fits what is sent."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        packed = gzip.compress(healthy.body, mtime=0)
        return replace(healthy, body=packed[: len(packed) // 2]).with_header("Content-Encoding", "gzip")


@dataclass(frozen=True)
class ServerError(Trouble):
    """A bare error page: 500, 502, 503, 504, 403, 404 …"""

    status: int = 503
    times: int | None = None
    _seen: list[str] = field(default_factory=list)

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        self._seen.append(asked.target)
        if self.times is not None and len(self._seen) > self.times:
            return healthy
        return page(screens.ERROR.format(status=self.status), status=self.status)


# --- headers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WrongContentType(Trouble):
    """A file as text/html, a page as octet-stream: the declared type is not the content's."""

    content_type: str = "text/html"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("Content-Type", self.content_type)


class EtagAbsent(Trouble):
    """No validators at all: neither ETag nor Last-Modified."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("ETag", None).with_header("Last-Modified", None)


@dataclass(frozen=True)
class LastModifiedChangesDaily(Trouble):
    """No ETag, and Last-Modified is this morning whatever happened to the content."""

    on: str = "Mon, 02 Mar 2026 01:00:00 GMT"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("ETag", None).with_header("Last-Modified", self.on)


@dataclass(frozen=True)
class SwappedFileSameEtag(Trouble):
    """Other bytes under the same address, while ETag and Last-Modified are those of the old ones."""

    body: bytes = b""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=self.body)


@dataclass(frozen=True)
class FileNameRawGbk(Trouble):
    """`Content-Disposition: attachment; filename=<GBK bytes>`, as ASP.NET sites send it."""

    name: str = "汽车用制动器衬片认证规则.pdf"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        raw = self.name.encode("gb18030").decode("latin-1")
        return healthy.with_header("Content-Disposition", f"attachment; filename={raw}")


@dataclass(frozen=True)
class FileNameRawUtf8(Trouble):
    """`Content-Disposition: attachment; filename="<UTF-8 bytes>"`."""

    name: str = "汽车用制动器衬片认证规则.pdf"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        raw = self.name.encode().decode("latin-1")
        return healthy.with_header("Content-Disposition", f'attachment; filename="{raw}"')


@dataclass(frozen=True)
class FileNameRfc5987(Trouble):
    """`Content-Disposition: attachment; filename*=UTF-8''<percent-encoded>` (RFC 5987, RFC 6266)."""

    name: str = "汽车用制动器衬片认证规则.pdf"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        value = f"attachment; filename=\"download\"; filename*=UTF-8''{quote(self.name)}"
        return healthy.with_header("Content-Disposition", value)


class DownloadWithoutName(Trouble):
    """A file as octet-stream without any name: only its bytes say what it is."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return healthy.with_header("Content-Disposition", None).with_header("Content-Type", "application/octet-stream")


# --- redirects ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RedirectTo(Trouble):
    """A redirect to any address."""

    location: str = "/"
    status: int = 302

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(self.location, self.status)


class RedirectLoop(Trouble):
    """An address that redirects to itself with a growing argument, for ever."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        turn = int(asked.query.get("turn", "0")) + 1
        bare = re.sub(r"[?&]turn=\d+", "", asked.target)
        return redirect(f"{bare}{'&' if '?' in bare else '?'}turn={turn}")


@dataclass(frozen=True)
class RedirectToLoopback(Trouble):
    """A redirect to another service of the machine that crawls."""

    port: int = 80

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(f"http://127.0.0.1:{self.port}/")


@dataclass(frozen=True)
class RedirectToOtherHost(Trouble):
    """A redirect to a host that the authority does not own."""

    host: str = "tracker.example"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(f"http://{self.host}{asked.target}")


@dataclass(frozen=True)
class RedirectToWww(Trouble):
    """A redirect to the www or mobile name of the same site; `host` may carry a port."""

    host: str = "www.localhost"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return redirect(f"http://{self.host}{asked.target}", 301)


@dataclass(frozen=True)
class RefusedThenRedirect(Trouble):
    """503 to the first request and a redirect to another host after the retry."""

    location: str = "http://tracker.example/"
    _seen: list[str] = field(default_factory=list)

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        self._seen.append(asked.target)
        return page(screens.ERROR.format(status=503), status=503) if len(self._seen) == 1 else redirect(self.location)


# --- 200, but not the page ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScriptChallenge(Trouble):
    """412, 521 or 202 with a short script that sets a cookie; who sends the cookie gets the page."""

    status: int = 521
    cookie: str = "__jsl_clearance_s=1772409600.123|0|pass"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        if self.cookie in asked.headers.get("cookie", ""):
            return healthy
        screen = page(screens.CHALLENGE.replace("COOKIE", self.cookie), status=self.status)
        return screen.with_header("Set-Cookie", "__jsluid_s=6d0b52f3c9; max-age=31536000; path=/; HttpOnly")


@dataclass(frozen=True)
class Screen(Trouble):
    """Another page of the site in place of the one asked for, with 200."""

    text: str = ""
    encoding: str = "utf-8"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return page(self.text, self.encoding)


@dataclass(frozen=True)
class Maintenance(Screen):
    """系统维护中, with 200."""

    text: str = screens.MAINTENANCE


@dataclass(frozen=True)
class TooManyRequests(Screen):
    """访问过于频繁, with 200."""

    text: str = screens.TOO_OFTEN


@dataclass(frozen=True)
class LoginPage(Screen):
    """The form of the members' area in place of the page, with 200."""

    text: str = screens.LOGIN


@dataclass(frozen=True)
class SoftNotFound(Screen):
    """您访问的页面不存在, with 200."""

    text: str = screens.NOT_FOUND


class EmptyTemplate(Trouble):
    """The frame of the page stands, the list in it is empty."""

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        return rows[:0]


class EmptyArticle(Trouble):
    """The article's head stands, its body is empty and its files are gone."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=re.sub(rb"(?s)<!--body-->.*<!--/body-->", b"", healthy.body))


# --- lists --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HalfList(Trouble):
    """Only the first rows of the list are there, and it claims to be complete."""

    rows_kept: int = 3

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        return rows[: self.rows_kept]


class ReorderedList(Trouble):
    """The same rows in another order."""

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [*rows[1::2], *rows[0::2]]


@dataclass(frozen=True)
class PinnedNotices(Trouble):
    """Old notices are shown above the newest ones (置顶)."""

    count: int = 2

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        pinned: list[Any] = [replace(row, pinned=True) for row in rows[-self.count :]]  # type: ignore[type-var]
        return [*pinned, *rows[: -self.count]]


class ListWithoutDates(Trouble):
    """The rows have lost their dates."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        pattern = rb"(?:<span[^>]*>|<td[^>]*>|\[)\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}\s*(?:</span>|</td>|\])"
        return replace(healthy, body=re.sub(pattern, b"", healthy.body))


# --- letters and links --------------------------------------------------------------------------------------------


class Utf8HeaderOverGbk(Trouble):
    """The header says UTF-8; the bytes, and nothing else, are GBK."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        text = re.sub(r"<meta[^>]*charset[^>]*>", "", _text(healthy), flags=re.IGNORECASE)
        return page(text, "gbk", healthy.status, "text/html; charset=utf-8")


class Gb2312MetaOverGb18030(Trouble):
    """The meta tag says gb2312; the bytes are GB18030, with letters (镕, ㎡, 𠮷) that GB2312 does not have."""

    rare = "<p>联系人：朱镕　检测场地：1200㎡　𠮷林办事处</p>"

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        text = re.sub(r"<meta[^>]*charset[^>]*>", "", _text(healthy), flags=re.IGNORECASE)
        text = text.replace("<head>", '<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">', 1)
        return page(text.replace("</body>", f"{self.rare}</body>"), "gb2312", healthy.status, "text/html")


class SessionIdsInLinks(Trouble):
    """Every link to a page carries a session id that is another one with each request."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        mark = b";jsessionid=%032X" % (0xC0FFEE * (asked.number + 7))
        pattern = rb"""(href=["'][^"'?#]+\.(?:s?html|aspx))"""
        return replace(healthy, body=re.sub(pattern, rb"\1" + mark, healthy.body))


class VersionInLinks(Trouble):
    """Every link carries `v=` with a number that is another one with each request."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        number = b"%d" % (1772409600 + asked.number)

        def marked(found: re.Match[bytes]) -> bytes:
            joint = b"&" if b"?" in found[2] else b"?"
            return found[1] + found[2] + joint + b"v=" + number + found[3]

        return replace(healthy, body=re.sub(rb"""(href=["'])([^"'#:]+)(["'])""", marked, healthy.body))


@dataclass(frozen=True)
class DocThatIsHtml(Trouble):
    """A file named .doc and sent as application/msword whose content is a page of HTML, as some systems export."""

    text: str = screens.HTML_AS_DOC

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=self.text.encode("gb18030")).with_header("Content-Type", "application/msword")


class NewFileId(Trouble):
    """The article was saved again: its files have other IDs, the bytes under them are the same."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        return replace(healthy, body=re.sub(rb"(download\?ID=)(\d+)", rb"\g<1>9\g<2>", healthy.body))


def by_name(name: str, **options: Any) -> Trouble:
    """Return the trouble that a day's file names.

    Raises:
        KeyError: there is no such trouble.
    """
    return ALL[name](**options)


def _subclasses(kind: type[Trouble]) -> Iterator[type[Trouble]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def _zeros(total: int) -> Iterator[bytes]:
    chunk = b"\0" * 65536
    for _ in range(total // len(chunk)):
        yield chunk


def _text(answer: Answer) -> str:
    declared = (answer.header("Content-Type") or "").lower()
    return answer.body.decode("gb18030" if "gb" in declared else "utf-8", "replace")


ALL: dict[str, type[Trouble]] = {kind.__name__: kind for kind in _subclasses(Trouble) if kind is not Screen}
