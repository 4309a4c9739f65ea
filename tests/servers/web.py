"""A small web site on loopback, and what goes wrong with web servers: a class for each trouble.

    with Site({"/": Page(b"<html>…")}) as site:
        site.troubles["/a.pdf"] = CutsOff(after=100)

A trouble serves an address instead of its page; it is given the healthy page and may send it in the end.
"""

import gzip
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """What an address holds when all is well."""

    body: bytes
    content_type: str = HTML
    etag: str | None = None
    last_modified: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    status: int = 0


class Trouble(Protocol):
    """Serves an address badly."""

    def serve(self, door: "Door", page: Page) -> None:
        """Answer one request; `page` is what stands there when all is well."""


class Site:
    """Pages by path (with query), troubles by path, and a log of what was asked."""

    def __init__(self, pages: dict[str, Page] | None = None, troubles: dict[str, Trouble] | None = None) -> None:
        """Prepare a site on a free port of 127.0.0.1."""
        self.pages = dict(pages or {})
        self.troubles = dict(troubles or {})
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Door)
        self._server.site = self

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def targets(self) -> list[str]:
        """Return what was asked for, robots.txt aside."""
        return [asked.target for asked in self.asked if asked.target != "/robots.txt"]

    def __enter__(self) -> "Site":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    site: Site

    def server_bind(self) -> None:
        """Bind without asking the name service for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.server_address = self.socket.getsockname()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class Door(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    @property
    def site(self) -> Site:
        """The site behind this door."""
        return self.server.site

    def do_GET(self) -> None:
        """Answer by the trouble of the address, else by its page, else 404."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.status = 0
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = self.path.partition("?")[0]
        page = self.site.pages.get(self.path) or self.site.pages.get(path)
        trouble = self.site.troubles.get(self.path) or self.site.troubles.get(path)
        with suppress(OSError):
            if trouble is not None:
                trouble.serve(self, page or Page(b""))
            elif page is None:
                self.send(404, b"<html><title>404</title>not found</html>")
            else:
                self.send_page(page)
        self.site.asked.append(Asked(self.command, self.path, headers, body, self.status))

    do_POST = do_GET  # noqa: N815

    def send_page(self, page: Page) -> None:
        """Send a page, or 304 where the client has it."""
        known, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        fresh = (page.etag and known == page.etag) or (not known and page.last_modified and since == page.last_modified)
        validators = [("ETag", page.etag), ("Last-Modified", page.last_modified)]
        headers = [(name, value) for name, value in validators if value]
        if fresh:
            self.send(304, b"", headers)
        else:
            self.send(200, page.body, [("Content-Type", page.content_type), *headers, *page.headers])

    def send(self, status: int, body: bytes, headers: Any = (), length: int | None = None) -> None:
        """Send a whole answer; `length` is a false Content-Length."""
        self.head(status, [*headers, ("Content-Length", str(len(body) if length is None else length))])
        self.wfile.write(body)

    def head(self, status: int, headers: Any) -> None:
        """Send status and headers; values are written as latin-1, so that any bytes can stand in them."""
        self.status = status
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers), "", ""]
        self.wfile.write("\r\n".join(lines).encode("latin-1"))

    def reset(self) -> None:
        """Close the connection with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Requests are in `Site.asked`."""


class Hangs:
    """Takes the request and never answers."""

    def serve(self, door: Door, page: Page) -> None:
        """Wait until the site closes."""
        door.site.closing.wait(60)
        door.close_connection = True


class Resets:
    """Resets the connection."""

    def serve(self, door: Door, page: Page) -> None:
        """Send nothing and reset."""
        door.reset()


@dataclass
class SlowAnswer:
    """Waits some seconds, then sends the page."""

    seconds: float = 0.7

    def serve(self, door: Door, page: Page) -> None:
        """Wait, then send."""
        door.site.closing.wait(self.seconds)
        door.send_page(page)


class Drips:
    """Sends a byte every now and then, for ever."""

    def serve(self, door: Door, page: Page) -> None:
        """Announce a long body and drip."""
        door.head(200, [("Content-Type", HTML), ("Content-Length", "1000000")])
        while not door.site.closing.wait(0.2):
            door.wfile.write(b"x")


@dataclass
class SendsTwoGigabytes:
    """A body of 2 GB, announced or not."""

    announced: bool = False

    def serve(self, door: Door, page: Page) -> None:
        """Send until the client has had enough."""
        size = [("Content-Length", str(2 << 30))] if self.announced else [("Connection", "close")]
        door.head(200, [("Content-Type", page.content_type), *size])
        door.close_connection = True
        for _ in range(2048):
            door.wfile.write(b"<p>x</p>" * (1 << 17))


@dataclass
class RedirectsTo:
    """Redirects to an address, wherever it is."""

    url: str

    def serve(self, door: Door, page: Page) -> None:
        """Send 302."""
        door.send(302, b"", [("Location", self.url)])


class RedirectsInCircles:
    """Redirects to itself with a growing argument."""

    def serve(self, door: Door, page: Page) -> None:
        """Send 302 to the next address of a circle without end."""
        door.send(302, b"", [("Location", f"{door.path.partition('?')[0]}?n={len(door.site.asked)}")])


@dataclass
class FailsThen:
    """503 to the first requests, then another trouble, or the page."""

    times: int = 1
    then: Trouble | None = None

    def serve(self, door: Door, page: Page) -> None:
        """Fail, or do what comes then."""
        self.times -= 1
        if self.times >= 0:
            door.send(503, b"<html>busy</html>", [("Content-Type", HTML)])
        elif self.then is not None:
            self.then.serve(door, page)
        else:
            door.send_page(page)


@dataclass
class CutsOff:
    """Closes the connection in the middle of the body, always or the first few times."""

    after: int = 100
    times: int = 1_000_000

    def serve(self, door: Door, page: Page) -> None:
        """Announce the whole body and send a part."""
        self.times -= 1
        if self.times < 0:
            door.send_page(page)
            return
        door.head(200, [("Content-Type", page.content_type), ("Content-Length", str(len(page.body)))])
        door.wfile.write(page.body[: self.after])
        door.wfile.flush()
        door.close_connection = True


@dataclass
class WrongContentLength:
    """Announces more bytes than it sends."""

    more: int = 50

    def serve(self, door: Door, page: Page) -> None:
        """Send the whole page under a false length."""
        door.send(200, page.body, [("Content-Type", page.content_type)], len(page.body) + self.more)
        door.close_connection = True


class BrokenGzip:
    """A gzip body whose second half is missing, with a length that fits what is sent."""

    def serve(self, door: Door, page: Page) -> None:
        """Send half of the compressed page."""
        packed = gzip.compress(page.body)
        door.send(200, packed[: len(packed) // 2], [("Content-Type", page.content_type), ("Content-Encoding", "gzip")])


class GoodGzip:
    """The page in gzip, as it should be."""

    def serve(self, door: Door, page: Page) -> None:
        """Send the compressed page."""
        door.send(200, gzip.compress(page.body), [("Content-Type", page.content_type), ("Content-Encoding", "gzip")])


class GzipBomb:
    """A few hundred kilobytes that unfold to 300 megabytes."""

    def serve(self, door: Door, page: Page) -> None:
        """Send the bomb."""
        packed = gzip.compress(b"\0" * 300_000_000, 1)
        door.send(200, packed, [("Content-Type", HTML), ("Content-Encoding", "gzip")])


@dataclass
class Instead:
    """Another page in the place of the one asked for, under any status."""

    body: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())

    def serve(self, door: Door, page: Page) -> None:
        """Send the other page."""
        door.send(self.status, self.body.encode(), [("Content-Type", HTML), *self.headers])


def maintenance() -> Instead:
    """系统维护中, with 200."""
    return Instead("<html><head><title>系统维护</title></head><body><h1>系统维护中，请稍后再访问。</h1></body></html>")


def rate_limited() -> Instead:
    """访问过于频繁, with 200."""
    return Instead("<html><head><title>提示</title></head><body><p>您的访问过于频繁，请稍后再试。</p></body></html>")


def challenge(status: int) -> Instead:
    """A short script and a cookie, under 412, 521 or 202."""
    script = "<script>var _0x4f2a=['x'];document.cookie='__jsl_clearance=1';location.reload();</script>"
    return Instead(f"<html><head>{script}</head><body></body></html>", status, (("Set-Cookie", "__jsluid=1"),))


def login_page() -> Instead:
    """A form that asks for a password, with 200."""
    form = '<form action="/login"><input name="user"><input type="password" name="p"><button>登录</button></form>'
    return Instead(f"<html><head><title>用户登录</title></head><body>{form}</body></html>")


def empty_template() -> Instead:
    """The frame of a page without its list, with 200."""
    return Instead(
        "<html><head><title>通知公告</title></head><body><div class='nav'><a href='/'>首页</a></div>"
        "<div class='list'></div><div class='foot'>版权所有</div></body></html>"
    )
