"""Chat completions on loopback: a server that answers as it is told to, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.servers.loopback import Loopback, Quiet

Behaviour = Callable[[BaseHTTPRequestHandler, threading.Event], None]


class Chat(Loopback):
    """Speaks the protocol of POST …/chat/completions; `asked` are the bodies, `keys` the Authorization headers."""

    def __init__(self, behave: Behaviour) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        chat = self

        class Handler(Quiet):
            def do_POST(self) -> None:
                chat.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                chat.keys.append(self.headers.get("Authorization"))
                behave(self, chat._stop)

        super().__init__(Handler)

    @property
    def url(self) -> str:
        """The server's address, up to and with /v1/."""
        return f"{self.root}/v1/"


def sends(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Answer with a body."""

    def behave(request: BaseHTTPRequestHandler, _: threading.Event) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return behave


def says(content: object) -> Behaviour:
    """Answer as a model does, with what it says as the message's content."""
    return sends(json.dumps({"choices": [{"message": {"content": content}}]}).encode())


def reports(*facts: dict[str, Any]) -> Behaviour:
    """Answer with facts in the JSON asked for."""
    return says(json.dumps({"facts": list(facts)}, ensure_ascii=False))


def breaks_off(request: BaseHTTPRequestHandler, _: threading.Event) -> None:
    """Promise more than is sent."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"choices"')


def hangs_up(request: BaseHTTPRequestHandler, _: threading.Event) -> None:
    """Close without a word."""
    request.connection.close()


def never_answers(_: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    """Keep the caller waiting."""
    stop.wait(30)


def trickles(request: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    """Send a byte now and then, so that no time-out between bytes is ever reached."""
    request.send_response(200)
    request.end_headers()
    while not stop.wait(0.05):
        request.wfile.write(b" ")
        request.wfile.flush()
