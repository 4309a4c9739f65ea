"""One site's address on loopback: opened, shut like a machine that is switched off, and answers sent as they say."""

import socket
import struct
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from tests.replica.answer import Answer, Asked, End

_SERVERS = {"cqc": "nginx/1.18.0", "ccap": "Microsoft-IIS/7.5", "cnca": "openresty"}
_LARGEST_QUESTION = 1_000_000


@dataclass(slots=True)
class Seen:
    """One request and what became of it. `bytes` counts the body sent; `status` is 0 where none was sent."""

    site: str
    method: str
    target: str
    headers: Mapping[str, str]
    status: int
    day: int
    bytes: int = 0


class Host(Protocol):
    """Who answers at the doors."""

    closing: threading.Event

    def answer(self, asked: Asked) -> Answer:
        """Return the answer to a request."""

    def note(self, asked: Asked, status: int) -> Seen:
        """Write a request into the log, and return its line."""


class Door:
    """One site's address. While it is shut the port stays ours, bound but not listening: connections are refused."""

    def __init__(self, replica: Host, site: str, host: str, port: int) -> None:
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

    def __init__(self, address: tuple[str, int], replica: Host, site: str) -> None:
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
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def _serve(self) -> None:
        """Answer; the request stands in the log before its answer can be read."""
        asked = self._asked()
        answer = self.server.replica.answer(asked)
        seen = self.server.replica.note(asked, 0 if self._never_answers(answer) else answer.status)
        try:
            seen.bytes = self._send(answer, asked)
        except OSError:
            self.close_connection = True

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
