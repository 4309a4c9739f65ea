"""Time and connection: slow, cut off, endless, reset."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.replica import screens
from tests.replica.answer import Answer, Asked, End, page
from tests.replica.troubles.trouble import Trouble


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


def _pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def _zeros(total: int) -> Iterator[bytes]:
    chunk = b"\0" * 65536
    for _ in range(total // len(chunk)):
        yield chunk
