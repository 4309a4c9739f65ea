"""The HTTP server: sites on loopback addresses, a day that can be set, a log of what was asked, troubles on demand.

    with Replica(day=1) as replica:
        crawl(replica.cqc_url, replica.ccap_url)
        replica.set_day(2)

All sites share 127.0.0.1 on different ports; with `many_hosts` each has a loopback address of its own (127.0.0.1,
127.0.0.2, 127.0.0.3) where the system offers them, for what a crawler keeps by host.
"""

import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from tests.replica import troubles
from tests.replica.answer import Answer, Asked, End
from tests.replica.door import Door, Seen
from tests.replica.folding import world_on
from tests.replica.sites import SITES
from tests.replica.troubles import Trouble
from tests.replica.world import World


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
        self._doors = {site: Door(self, site, host, port) for site, host, port in zip(SITES, hosts, ports, strict=True)}

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
        healthy = _ranged(SITES[asked.site](world, asked, trouble), asked)
        answer = trouble.answer(asked, healthy) if trouble else healthy
        return _not_modified(answer) if _holds(asked, answer) else answer

    def note(self, asked: Asked, status: int) -> Seen:
        """Write a request into the log, and return its line."""
        seen = Seen(asked.site, asked.method, asked.target, asked.headers, status, self.day)
        self.requests.append(seen)
        return seen

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
        return (answer.header("ETag") or "-") in [tag.strip() for tag in known.split(",")]
    since = asked.headers.get("if-modified-since")
    return since is not None and since == answer.header("Last-Modified")


def _ranged(answer: Answer, asked: Asked) -> Answer:
    """The rest of a file for who has its beginning: `Range: bytes=N-` (RFC 9110, 14.2); else the whole."""
    wanted = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
    if not wanted or answer.header("Accept-Ranges") is None:
        return answer
    start, total = int(wanted[1]), len(answer.body)
    validator = asked.headers.get("if-range")
    if start >= total or (validator and validator not in (answer.header("ETag"), answer.header("Last-Modified"))):
        return answer
    rest = replace(answer, status=206, body=answer.body[start:])
    return rest.with_header("Content-Range", f"bytes {start}-{total - 1}/{total}")


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
