"""Makes one call of this process to the outside fail: loaded by Python itself where this folder is on its path.

A point is a call to the file system in the home folder, to the database, the mail server or a child process, counted in
each role (the command, the crawl). FAULTS_COUNT names a folder in which each role keeps its number of points;
FAULT_AT ("crawl:17") names the one that fails. Python's audit events (PEP 578) see the calls; nothing is replaced.
"""

import errno
import os
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

HOME, AT, COUNT = (os.environ.get(name, "") for name in ("FAULTS_HOME", "FAULT_AT", "FAULTS_COUNT"))
FILES = {"open", "os.rename", "os.mkdir", "os.remove", "os.chmod", "os.scandir", "os.truncate"}
OTHERS = {"subprocess.Popen", "smtplib.connect", "smtplib.send", "sqlite3.connect"}
ROLE = "crawl" if sys.orig_argv[-2:] == ["-m", "crawler"] else "main"
lock = threading.Lock()
points = 0


def is_point(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a call is one that may fail here."""
    if event in FILES:
        return bool(arguments) and isinstance(arguments[0], str) and arguments[0].startswith(f"{HOME}{os.sep}")
    return event in OTHERS


def reach() -> bool:
    """Count a point; True where it is the one that fails."""
    global points
    with lock:
        points += 1
        is_chosen = f"{ROLE}:{points}" == AT
    if is_chosen:
        Path(f"{HOME}.failed").write_text(AT, encoding="utf-8")
    return is_chosen


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Fail the chosen call as a full disk, a lost process or a lost connection would."""
    if is_point(event, arguments) and reach():
        if event.startswith("sqlite3"):
            raise sqlite3.OperationalError("made to fail")
        raise OSError(errno.ENOSPC, "made to fail", str(arguments[0]))


def watch_database() -> None:
    """Count every statement and every commit, and fail the chosen one as a full disk would."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def fail(*_arguments: Any) -> None:
        if reach():
            error = sqlite3.OperationalError("database or disk is full (made to fail)")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    event.listen(Engine, "before_cursor_execute", fail)
    event.listen(Engine, "commit", fail)


if HOME:
    import atexit

    watch_database()
    sys.addaudithook(hook)
    if COUNT:
        atexit.register(lambda: Path(COUNT, f"{ROLE}-{os.getpid()}").write_text(str(points), encoding="utf-8"))
