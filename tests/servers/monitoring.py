"""A monitoring service on loopback that speaks Healthchecks' protocol, and keeps what it was told."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Ping:
    """One ping: `/start`, `/fail` or "" for ended well; the query; what was said."""

    step: str
    query: dict[str, list[str]]
    said: str


class Monitoring:
    """One check, at `url`. It answers by the statuses given, one after another, then by 200."""

    PATH = "/ping/3f1c"

    def __init__(self, *statuses: int) -> None:
        """Listen nowhere yet."""
        self.pings: list[Ping] = []
        self._statuses = list(statuses)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())

    @property
    def url(self) -> str:
        """The address of the check."""
        return f"http://127.0.0.1:{self._server.server_port}{self.PATH}"

    def _door(self) -> type[BaseHTTPRequestHandler]:
        check = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                parts = urlsplit(self.path)
                check.pings.append(Ping(parts.path.removeprefix(check.PATH), parse_qs(parts.query), said))
                self.send_response(check._statuses.pop(0) if check._statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Pings are in `Monitoring.pings`."""

        return Door

    def __enter__(self) -> Self:
        """Start to listen."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
