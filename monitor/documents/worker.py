"""The reader in a child process, under limits: what strangers send is never parsed in the main process.

A worker reads many documents one after another, because starting Python costs more than reading a small file; it is
replaced after some documents, and after every death. Memory, file size and open files are limited for good,
computing time for each document anew, and the clock is watched from outside.
"""

import contextlib
import json
import os
import queue
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from monitor.documents.document import Document
from monitor.documents.errors import STOPPED, TIME
from monitor.documents.structure.lines import Page

_MIB = 1024 * 1024
_HEAD = struct.Struct(">I")
_HOPELESS = 3
"""So many members, each of which stops its reader, are enough to give an archive up."""
_MORE_PAGES = "ocr_pages_begun"
"""In a message before the answer: so many pages are now read by OCR, and need more time."""


class ReaderLimits(BaseModel):
    """What reading one document may cost. `seconds` is the clock, `cpu_seconds` computing alone.

    Each page that OCR reads adds `ocr_seconds` of computing and twice that of the clock, up to `ocr_pages` pages;
    further pages are left unread, which is said. An archive that stops its reader is read again member by member, for
    `archive_seconds`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = Field(default=120.0, ge=0.5, le=3600)
    cpu_seconds: int = Field(default=60, ge=1, le=3600)
    memory_mib: int = Field(default=3072, ge=512, le=1024 * 1024)
    file_mib: int = Field(default=256, ge=16, le=4096)
    output_mib: int = Field(default=64, ge=1, le=1024)
    documents_a_worker: int = Field(default=100, ge=1, le=100_000)
    workers: int = Field(default=2, ge=1, le=256)
    ocr_seconds: int = Field(default=15, ge=1, le=600)
    ocr_pages: int = Field(default=120, ge=0, le=10_000)
    archive_seconds: float = Field(default=600.0, ge=1, le=24 * 3600)


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One thing to read: a file, or (with a family) an article page at an address; of an archive perhaps one member."""

    data: bytes
    name: str | None = None
    url: str = ""
    family: str | None = None
    content_type: str | None = None
    only: int | None = None


def read_safely(data: bytes, name: str | None = None, *, limits: ReaderLimits | None = None) -> Document:
    """Return what a file says, read in a process of its own; never raises for a bad file."""
    with Reader(limits) as reader:
        return reader.read(ReadJob(data, name))


def read_page_safely(
    data: bytes, url: str, family: str, content_type: str | None = None, *, limits: ReaderLimits | None = None
) -> Document:
    """Return what an article page says, read in a process of its own; never raises for a bad page."""
    with Reader(limits) as reader:
        return reader.read(ReadJob(data, None, url, family, content_type))


class Reader:
    """A few workers kept for a batch; use it in a `with` block. Several threads may read at once."""

    def __init__(self, limits: ReaderLimits | None = None) -> None:
        """Start nothing yet; workers start when they are first needed."""
        self._limits = limits or ReaderLimits()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(max(1, self._limits.workers)):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while True:
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                return
            if worker is not None:
                worker.end()

    def read(self, job: ReadJob) -> Document:
        """Return what one file or page says; an archive that stops its reader is read member by member."""
        document, stopped = self._read(job)
        return self._members_alone(job, document) if stopped and document.kind == "archive" else document

    def _members_alone(self, job: ReadJob, whole: Document) -> Document:
        """Each member by itself, so that only the one that stops its reader is lost."""
        from monitor.documents.reader import archive_of, unreadable

        members: list[Document] = []
        ends_at = time.monotonic() + self._limits.archive_seconds
        while time.monotonic() < ends_at:
            read, _ = self._read(replace(job, only=len(members)))
            if read.readable and not read.members:
                return archive_of(members, job.name)
            members += read.members or [unreadable("text", read.reason or "", f"member {len(members) + 1}", STOPPED)]
            if len(members) >= _HOPELESS and not any(member.readable for member in members):
                return whole
        late = f"reading the archive took longer than {self._limits.archive_seconds:g} seconds"
        return archive_of([*members, unreadable("text", late, "further members", TIME)], job.name)

    def _read(self, job: ReadJob) -> tuple[Document, bool]:
        """What one file or page says, and whether its reader was stopped by it."""
        worker = self._idle.get() or _Worker(self._limits)
        try:
            document, stopped = worker.read(job)
        except BaseException:  # worker process: one that was left in the middle of a job answers no other
            worker.end()
            self._idle.put(None)
            raise
        if worker.is_spent:
            worker.end()
            self._idle.put(None)
        else:
            self._idle.put(worker)
        return document, stopped

    def read_all(self, jobs: Iterable[ReadJob]) -> Iterator[Document]:
        """Yield what each of several files or pages says, in their order, read by all workers."""
        with ThreadPoolExecutor(max(1, self._limits.workers)) as threads:
            yield from threads.map(self.read, jobs)


class _Died(Exception):
    """Raised inside when a worker ended or was ended; the message says why, for a consultant."""


class _Worker:
    """One child process."""

    def __init__(self, limits: ReaderLimits) -> None:
        self._limits = limits
        self._count = 0
        self._lock = threading.Lock()
        self._child = subprocess.Popen(
            [sys.executable, "-s", "-m", "monitor.documents.worker", limits.model_dump_json()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
            env=child_environment(), cwd=Path(__file__).parents[2],
        )  # fmt: skip

    @property
    def is_spent(self) -> bool:
        """Whether the worker has died or read enough."""
        return self._child.poll() is not None or self._count >= self._limits.documents_a_worker

    def read(self, job: ReadJob) -> tuple[Document, bool]:
        """Return what a file says, and whether the worker died of it: that is a reason, not an error."""
        self._count += 1
        try:
            return Document.from_json(self._answer(job)), False
        except _Died as reason:
            self.end()
            return _unread(job, str(reason)), True

    def end(self) -> None:
        """End the process and everything that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._child.wait()

    def _answer(self, job: ReadJob) -> dict[str, Any]:
        ends_at = time.monotonic() + self._limits.seconds
        head = {name: getattr(job, name) for name in ("name", "url", "family", "content_type", "only")}
        try:
            self._send(json.dumps(head).encode())
            self._send(job.data)
        except (BrokenPipeError, OSError):
            raise _Died(self._cause()) from None
        left = self._limits.ocr_pages
        while _MORE_PAGES in (answer := self._frame(ends_at)):
            pages = min(answer[_MORE_PAGES], left)
            left -= pages
            ends_at += 2 * pages * self._limits.ocr_seconds
        return answer

    def _frame(self, ends_at: float) -> dict[str, Any]:
        size = _HEAD.unpack(self._receive(_HEAD.size, ends_at))[0]
        if size > self._limits.output_mib * _MIB:
            raise _Died(f"what was read is larger than {self._limits.output_mib} MB")
        answer: dict[str, Any] = json.loads(self._receive(size, ends_at))
        return answer

    def _send(self, content: bytes) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(_HEAD.pack(len(content)))
        self._child.stdin.write(content)
        self._child.stdin.flush()

    def _receive(self, size: int, ends_at: float) -> bytes:
        assert self._child.stdout is not None
        handle, got = self._child.stdout.fileno(), bytearray()
        while len(got) < size:
            left = ends_at - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise _Died(f"reading took longer than {self._limits.seconds:g} seconds")
            chunk = os.read(handle, min(size - len(got), _MIB))
            if not chunk:
                raise _Died(self._cause())
            got += chunk
        return bytes(got)

    def _cause(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(5)
        code = self._child.returncode
        if code == -signal.SIGXCPU:
            return f"reading took more than {self._limits.cpu_seconds} seconds of computing"
        if code is not None and code < 0:
            return f"the reader was stopped by this file (signal {-code}); it is damaged, or needs too much memory"
        return "the reader stopped on this file"


def child_environment() -> dict[str, str]:
    """What a child sees of the environment: where programs are, and the language; no settings, no secrets.

    Libraries take address space for each thread; on a machine with many cores that alone would pass the limit.
    """
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "HOME", "SYSTEMROOT", "VIRTUAL_ENV")
    given = {name: value for name in kept if (value := os.environ.get(name))}  # noqa: TID251
    return given | {"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}


def _unread(job: ReadJob, reason: str) -> Document:
    from monitor.documents.kinds import document_kind, kind_of
    from monitor.documents.reader import unreadable

    kind = "html" if job.family is not None else document_kind(kind_of(job.data))
    return unreadable(kind, reason, job.name, STOPPED)


# In the child.


def serve(limits: ReaderLimits) -> None:
    """Read documents from standard input until it ends; answer on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    limit_process(limits)
    source = sys.stdin.buffer
    while (head := _taken(source)) is not None and (data := _taken(source)) is not None:
        _allow_seconds(limits.cpu_seconds)
        _give(answers, _read(json.loads(head), data, _Ocr(limits, answers)))


def _give(answers: IO[bytes], answer: dict[str, Any]) -> None:
    content = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    answers.write(_HEAD.pack(len(content)))
    answers.write(content)
    answers.flush()


def _read(head: dict[str, Any], data: bytes, ocr: "_Ocr") -> dict[str, Any]:
    from monitor.documents.reader import read_document, read_page

    if head["family"] is not None:
        return read_page(data, head["url"], head["family"], head["content_type"]).to_json()
    return read_document(data, head["name"], ocr=ocr, only=head["only"]).to_json()


class _Ocr:
    """OCR for one document: asks for the time that its pages need, and stops at the limit of pages."""

    def __init__(self, limits: ReaderLimits, answers: IO[bytes]) -> None:
        self._limits, self._answers, self._left = limits, answers, limits.ocr_pages

    def __call__(self, data: bytes, numbers: Sequence[int]) -> Mapping[int, Page]:
        from monitor.documents.reader import read_by_ocr

        allowed = numbers[: self._left]
        self._left -= len(allowed)
        _allow_more(len(allowed) * self._limits.ocr_seconds)
        _give(self._answers, {_MORE_PAGES: len(allowed)})
        return read_by_ocr(data, allowed)


def _taken(source: Any) -> bytes | None:
    head = source.read(_HEAD.size)
    return source.read(_HEAD.unpack(head)[0]) if len(head) == _HEAD.size else None


def limit_process(limits: ReaderLimits) -> None:
    """Bind this process, a child, to the limits of memory, file size and open files for good."""
    wanted = (
        (resource.RLIMIT_AS, limits.memory_mib * _MIB),
        (resource.RLIMIT_FSIZE, limits.file_mib * _MIB),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _allow_seconds(seconds: int) -> None:
    """Give this document its own computing time, on top of what the process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _allow_more(seconds: int) -> None:
    """Give this document more computing time than it had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_CPU, (soft + seconds, hard))


if __name__ == "__main__":
    serve(ReaderLimits.model_construct(**json.loads(sys.argv[1])))  # the parent has held them against their bounds
