"""Makes one call of a process to the outside fail: once in a run, whichever of its processes comes there first.

A point is a call to the file system in the home folder (its temporary folder included), to the database, the mail
server or a child process. It is named by its role (command, crawl, reader), what is called and from which lines of the
product, and which time that is: `crawl|files|open|storage/evidence/store.py:97 < crawler/pipelines.py:210#1`.
FAULTS_SEEN names the file to which each point is written as it is reached, FAULT_AT the one that fails. Most calls are
seen by Python's audit events (PEP 578); writing and making durable have none, so os.write and os.fsync are wrapped.
"""

import errno
import os
import re
import socket
import sqlite3
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

PROJECT = f"{Path(__file__).parents[2]}{os.sep}"
ROOMS = tuple(f"{PROJECT}{name}{os.sep}" for name in ("monitor", "crawler", "storage"))
ROLES = {"monitor.cli": "main", "crawler": "crawl", "monitor.documents.worker": "reader"}
FILES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.scandir", "os.listdir",
         "os.truncate", "os.link", "os.symlink", "os.utime", "shutil.rmtree"}  # fmt: skip
OTHERS = {
    "subprocess.Popen": "programs", "smtplib.connect": "mail", "smtplib.send": "mail", "sqlite3.connect": "database"
}  # fmt: skip
STATEMENT = re.compile(r"(?:UPDATE|(?:INSERT|SELECT|DELETE)\b.*?\b(?:INTO|FROM))\s+\w+|\w+", re.DOTALL)

write, lock = os.write, threading.Lock()
times: Counter[str] = Counter()


def install(module: str) -> None:
    """Watch the calls of this process, which is about to be the module."""
    role, home = ROLES.get(module, module), os.environ["FAULTS_HOME"]
    point = _Point(role, home, os.environ.get("FAULT_AT", ""), os.environ.get("FAULTS_SEEN", ""))
    _watch_database(point)
    _watch_writing(point)
    sys.addaudithook(point.on_event)


class _Point:
    """Where this process is, and whether it is to fail there."""

    def __init__(self, role: str, home: str, at: str, seen: str) -> None:
        self.role, self.home, self.at = role, home, at
        self.seen = os.open(seen, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC) if seen else None

    def is_reached(self, kind: str, what: str) -> bool:
        """Count a point; True where it is the one that fails, and has not failed in this run."""
        lines = "whoever is first" if what == "sqlite3.connect" else _site()  # pooled: who needs a new one is chance
        site = f"{self.role}|{kind}|{what}|{lines}"
        with lock:
            times[site] += 1
            point = f"{site}#{times[site]}"
        if self.seen is not None:
            write(self.seen, f"{point}\n".encode())
        return point == self.at and self._is_first()

    def _is_first(self) -> bool:
        try:
            os.close(os.open(f"{self.home}.failed", os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Fail the chosen call as a full disk, a lost process or a lost connection would."""
        if event in FILES:
            path = arguments[0] if arguments else None
            is_ours = isinstance(path, (str, Path)) and f"{path}{os.sep}".startswith(f"{self.home}{os.sep}")
            if is_ours and self.is_reached("files", event):
                raise OSError(errno.ENOSPC, "made to fail", str(path))
        elif event in OTHERS and self.is_reached(OTHERS[event], event):
            _fail_other(event, arguments)


def _fail_other(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect":
        raise sqlite3.OperationalError("unable to open database file (made to fail)")
    if event == "smtplib.connect":
        raise ConnectionRefusedError(errno.ECONNREFUSED, "made to fail")
    if event == "smtplib.send":
        arguments[0].sock.shutdown(socket.SHUT_RDWR)  # smtplib finds the connection lost, as it would
        return
    raise OSError(errno.EAGAIN, "made to fail")


def _site() -> str:
    """The innermost line of the product, and the nearest one above it in another file."""
    inner, frame = "", sys._getframe(2)
    walked: FrameType | None = frame
    while walked is not None:
        name = walked.f_code.co_filename
        if name.startswith(ROOMS):
            here = f"{name.removeprefix(PROJECT)}:{walked.f_lineno}"
            if not inner:
                inner, file = here, name
            elif name != file:
                return f"{inner} < {here}"
        walked = walked.f_back
    return inner


def _watch_database(point: _Point) -> None:
    """Fail the chosen statement or commit as a full disk would."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def fail(what: str) -> None:
        if point.is_reached("database", what):
            error = sqlite3.OperationalError("database or disk is full (made to fail)")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    def before_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = STATEMENT.findall(statement)[0].split()
        fail(" ".join(dict.fromkeys((words[0], words[-1]))))

    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "commit", lambda _connection: fail("COMMIT"))


def _watch_writing(point: _Point) -> None:
    """Fail the chosen os.write or os.fsync of the product's own lines as a full disk would."""

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def checked(*arguments: Any) -> Any:
            is_ours = sys._getframe(1).f_code.co_filename.startswith(ROOMS)
            if is_ours and point.is_reached("files", f"os.{call.__name__}"):
                raise OSError(errno.ENOSPC, "made to fail")
            return call(*arguments)

        return checked

    os.write, os.fsync = watched(os.write), watched(os.fsync)


tempfile.tempdir = None  # the caller's, not the nursery's
