"""A monitoring service on loopback that speaks Healthchecks' protocol, and keeps what it was told."""

from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.servers.loopback import Loopback, Quiet


@dataclass(frozen=True, slots=True)
class Ping:
    """One ping: `/start`, `/fail` or "" for ended well; the query; what was said."""

    step: str
    query: dict[str, list[str]]
    said: str


class Monitoring(Loopback):
    """One check, at `url`. It answers by the statuses given, one after another, then by 200."""

    PATH = "/ping/3f1c"

    def __init__(self, *statuses: int) -> None:
        """Listen from now on."""
        self.pings: list[Ping] = []
        self._statuses = list(statuses)
        super().__init__(self._door())

    @property
    def url(self) -> str:
        """The address of the check."""
        return f"{self.root}{self.PATH}"

    def _door(self) -> type[BaseHTTPRequestHandler]:
        check = self

        class Door(Quiet):
            def do_POST(self) -> None:
                said = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                parts = urlsplit(self.path)
                check.pings.append(Ping(parts.path.removeprefix(check.PATH), parse_qs(parts.query), said))
                self.send_response(check._statuses.pop(0) if check._statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        return Door
