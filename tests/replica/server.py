"""The HTTP server: sites on loopback addresses, a day that can be set, a log of what was asked, troubles on demand.

    with Replica(day=1) as replica:
        crawl(replica.cqc_url, replica.ccap_url)
        replica.set_day(2)

All sites share 127.0.0.1 on different ports; with `many_hosts` each has a loopback address of its own (127.0.0.1,
127.0.0.2, 127.0.0.3) where the system offers them, for what a crawler keeps by host.
"""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.replica import troubles
from tests.replica.answer import Answer, Asked, End
from tests.replica.sites import SITES
from tests.replica.troubles import Trouble
from tests.replica.folding import world_on
from tests.replica.world import World

_SERVERS = {"cqc": "nginx/1.18.0", "ccap": "Microsoft-IIS/7.5", "cnca": "openresty"}
_LARGEST_QUESTION = 1_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and what became of it. `bytes` counts the body sent; `status` is 0 where none was sent."""

    site: str
    method: str
    target: str
    headers: Mapping[str, str]
    status: int
    bytes: int
    day: int


class Replica:
    """All sites on one day. A context manager; `start` and `close` do the same by hand."""

    def __init__(
        self,
        day: int = 1,
        ports: Sequence[int] = (0, 0, 0),
        many_hosts: bool = False,
        faults: Mapping[tuple[str, str], Trouble] | None = None,
    ) -> None:
        """Prepare the sites of a day. `ports` are CQC's, CCAP's and CNCA's, 0 for any free one; `faults` are
        troubles from the start, by site and address."""
        self.requests: list[Seen] = []
        self._laid: dict[tuple[str, str], Trouble] = dict(faults or {})
        self._world = world_on(day)
        self._planned = _planned(self._world)
        self._lock = threading.Lock()
        self._count = 0
        self.closing = threading.Event()
        hosts = _hosts(len(SITES)) if many_hosts else ["127.0.0.1"] * len(SITES)
        self._doors = {
            site: _Door(self, site, host, port) for site, host, port in zip(SITES, hosts, ports, strict=True)
        }

    def __enter__(self) -> "Replica":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Open the doors of all sites that are up on this day."""
        self._open_or_shut()

    def close(self) -> None:
        """Shut all doors, also those at which somebody waits."""
        self.closing.set()
        for door in self._doors.values():
            door.release()

    @property
    def world(self) -> World:
        """What stands on the sites today."""
        return self._world

    @property
    def day(self) -> int:
        """The day that is played."""
        return self._world.number

    def set_day(self, day: int) -> None:
        """Play another day; troubles laid by hand stay. KeyError where the day is not written."""
        world = world_on(day)
        with self._lock:
            self._world, self._planned = world, _planned(world)
        self._open_or_shut()

    def url(self, site: str) -> str:
        """Return a site's base address, without a slash at the end."""
        return self._doors[site].url

    @property
    def cqc_url(self) -> str:
        """CQC's base address."""
        return self.url("cqc")

    @property
    def ccap_url(self) -> str:
        """CCAP's base address."""
        return self.url("ccap")

    @property
    def cnca_url(self) -> str:
        """CNCA's base address."""
        return self.url("cnca")

    def trouble(self, path: str, trouble: Trouble, site: str = "cqc") -> None:
        """Lay a trouble over an address (path and query as printed); a `*` at its end stands for anything."""
        with self._lock:
            self._laid[site, path] = trouble

    def calm(self, path: str | None = None, site: str = "cqc") -> None:
        """Take a trouble away again, or all that were laid by hand."""
        with self._lock:
            if path is None:
                self._laid.clear()
            else:
                self._laid.pop((site, path), None)

    @contextmanager
    def troubled(self, path: str, trouble: Trouble, site: str = "cqc") -> Iterator[None]:
        """Lay a trouble over an address for a while."""
        self.trouble(path, trouble, site)
        try:
            yield
        finally:
            self.calm(path, site)

    def forget(self) -> None:
        """Empty the log of requests."""
        self.requests.clear()

    def asked_for(self, site: str) -> list[str]:
        """Return what was asked of a site, in order: paths with queries."""
        return [seen.target for seen in self.requests if seen.site == site]

    def answer(self, asked: Asked) -> Answer:
        """Return the answer to a request: the page of the day, altered by its trouble, 304 where it is unchanged."""
        with self._lock:
            self._count += 1
            asked = replace(asked, number=self._count)
            world, trouble = self._world, self._trouble_on(asked)
        healthy = SITES[asked.site](world, asked, trouble)
        answer = trouble.answer(asked, healthy) if trouble else healthy
        return _not_modified(answer) if _holds(asked, answer) else answer

    def note(self, asked: Asked, status: int, sent: int) -> None:
        """Write a request into the log."""
        self.requests.append(Seen(asked.site, asked.method, asked.target, asked.headers, status, sent, self.day))

    def _trouble_on(self, asked: Asked) -> Trouble | None:
        for laid in (self._laid, self._planned):
            for (site, path), trouble in laid.items():
                if site == asked.site and _fits(path, asked):
                    return trouble
        return None

    def _open_or_shut(self) -> None:
        for site, door in self._doors.items():
            if site in self._world.down:
                door.shut()
            else:
                door.open()


def _planned(world: World) -> dict[tuple[str, str], Trouble]:
    return {(plan.site, plan.path): troubles.by_name(plan.trouble, **plan.options) for plan in world.troubles}


def _fits(pattern: str, asked: Asked) -> bool:
    if pattern.endswith("*"):
        return asked.target.startswith(pattern[:-1]) or asked.path.startswith(pattern[:-1])
    return pattern in (asked.target, asked.path)


def _holds(asked: Asked, answer: Answer) -> bool:
    """Whether the copy that the client has is still the one that would be sent (RFC 9110, 13.1)."""
    if answer.status != 200 or asked.method not in ("GET", "HEAD") or answer.end is not End.NORMAL:
        return False
    if (known := asked.headers.get("if-none-match")) is not None:
        return answer.header("ETag") is not None and answer.header("ETag") in (tag.strip() for tag in known.split(","))
    since = asked.headers.get("if-modified-since")
    return since is not None and since == answer.header("Last-Modified")


def _not_modified(answer: Answer) -> Answer:
    kept = tuple(pair for pair in answer.headers if pair[0] in ("ETag", "Last-Modified"))
    return Answer(b"", 304, kept, delay_seconds=answer.delay_seconds)


def _hosts(count: int) -> list[str]:
    """Loopback addresses, one a site, or the first for all where the system has no others (macOS)."""
    hosts = [f"127.0.0.{number}" for number in range(1, count + 1)]
    try:
        for host in hosts:
            with socket.socket() as trial:
                trial.bind((host, 0))
    except OSError:
        return hosts[:1] * count
    return hosts


class _Door:
    """One site's address. While it is shut the port stays ours, bound but not listening: connections are refused."""

    def __init__(self, replica: Replica, site: str, host: str, port: int) -> None:
        self._replica = replica
        self._site = site
        self._reserved: socket.socket | None = _bound(host, port)
        self._host, self._port = self._reserved.getsockname()[:2]
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    def open(self) -> None:
        if self._server is not None:
            return
        if self._reserved is not None:
            self._reserved.close()
        self._reserved = None
        self._server = _Server((self._host, self._port), self._replica, self._site)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def shut(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None
        if self._reserved is None:
            self._reserved = _bound(self._host, self._port)

    def release(self) -> None:
        self.shut()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None


def _bound(host: str, port: int) -> socket.socket:
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((host, port))
    return held


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], replica: Replica, site: str) -> None:
        self.replica = replica
        self.site = site
        self.url = f"http://{address[0]}:{address[1]}"
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service for our own name, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news."""

    def end(self) -> None:
        """Stop listening and cut all connections, as a machine that is switched off."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        asked = self._asked()
        answer = self.server.replica.answer(asked)
        sent = 0
        try:
            sent = self._send(answer, asked)
        except OSError:
            self.close_connection = True
        finally:
            self.server.replica.note(asked, 0 if self._never_answers(answer) else answer.status, sent)

    do_POST = do_GET
    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Requests are kept in `Replica.requests`, not printed."""

    def _asked(self) -> Asked:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), _LARGEST_QUESTION)) if length.isdecimal() else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(self.server.site, self.command, self.path, headers, body, base_url=self.server.url)

    @staticmethod
    def _never_answers(answer: Answer) -> bool:
        return answer.end is not End.NORMAL and answer.cut_after is None

    def _send(self, answer: Answer, asked: Asked) -> int:
        """Send the answer as well or as badly as it says; return the number of body bytes sent."""
        closing = self.server.replica.closing
        if answer.delay_seconds and closing.wait(answer.delay_seconds):
            self.close_connection = True
            return 0
        sent = 0
        if not self._never_answers(answer):
            self.wfile.write(self._head(answer))
            if asked.method != "HEAD":
                sent = self._send_body(answer, closing)
        if answer.end is End.SILENCE:
            closing.wait(600)
        if answer.end is End.RESET:
            self._reset()
        if answer.end is not End.NORMAL:
            self.close_connection = True
        return sent

    def _head(self, answer: Answer) -> bytes:
        phrase = self.responses.get(answer.status, ("",))[0]
        lines = [f"HTTP/1.1 {answer.status} {phrase}", f"Server: {_SERVERS[self.server.site]}"]
        lines += [f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        length = answer.declared_length
        if length is None and answer.stream is None:
            length = len(answer.body)
        if length is None or answer.cut_after is not None:
            self.close_connection = True
            lines.append("Connection: close")
        if length is not None and answer.status != 304:
            lines.append(f"Content-Length: {length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _send_body(self, answer: Answer, closing: threading.Event) -> int:
        if answer.stream is None:
            body = answer.body if answer.cut_after is None else answer.body[: answer.cut_after]
            self.wfile.write(body)
            return len(body)
        sent = 0
        for chunk in answer.stream():
            if closing.is_set() or (answer.seconds_between and closing.wait(answer.seconds_between)):
                self.close_connection = True
                break
            self.wfile.write(chunk)
            sent += len(chunk)
        return sent

    def _reset(self) -> None:
        """Close with RST: linger for no time and drop what is not sent."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
