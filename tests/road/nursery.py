"""A process that has loaded the product and forks each command from there: starting one costs no seconds of importing.

The test that makes hundreds of runs takes it in place of Python (`Nursery.python`): a small program that hands its
arguments, environment and open files to the nursery, waits, and ends as the forked process ends. What is forked has
only imported, has run nothing, and starts its own children by the same door.
"""

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
import warnings
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROJECT = Path(__file__).parents[2]
LOADED = (
    "monitor.cli",
    "monitor.cycle",
    "monitor.documents.reader",
    "monitor.documents.pdf.text_layer",
    "monitor.documents.word.doc",
    "monitor.documents.word.docx",
    "monitor.cli.registers",
    "monitor.cli.running",
    "monitor.web",
    "alembic.command",
    "rich.progress",
    "crawler.extensions",
    "crawler.middlewares",
    "crawler.pipelines",
    "crawler.run",
    "crawler.settings",
    "crawler.spiders.ccap",
    "crawler.spiders.configured",
    "crawler.spiders.cqc",
    "scrapy.core.downloader.handlers.file",
    "scrapy.core.downloader.handlers.ftp",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.downloader.handlers.s3",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.extensions.memusage",
    "aiohttp",
    "protego",
)
DOOR = """#!{python} -IS
import json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
environment = {{**os.environ, **{environment!r}, "NURSERY_DOOR": sys.argv[0]}}
asked = json.dumps([sys.argv[1:], environment, os.getcwd()]).encode()
socket.send_fds(line, [len(asked).to_bytes(4, "big")], [0, 1, 2])
line.sendall(asked)
status = int.from_bytes(line.recv(4) or b"\\0\\0\\0\\x7f", "big", signed=True)
if status < 0:
    os.kill(os.getpid(), -status)
sys.exit(status)
"""


class Nursery:
    """The process that forks, for as long as the `with` block lasts."""

    def __init__(self, folder: Path) -> None:
        """Keep the socket and the doors in a folder."""
        self.folder = folder
        self._address = str(folder / "socket")
        self._errors = folder / "errors"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._start()
        return self

    def _start(self) -> None:
        environment = {**os.environ, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        Path(self._address).unlink(missing_ok=True)
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, self._address],
                cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", self._errors.read_text(errors="replace")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def python(self, name: str, **environment: str) -> str:
        """Return a program to use as Python; it and all that it starts have these variables in their environment.

        A nursery that was ended meanwhile is started anew, and why it ended is said.
        """
        if self._process.poll() is not None:
            why = f"{self._process.returncode}: {self._errors.read_text(errors='replace')[-2000:]}"
            warnings.warn(f"the nursery ended with {why}", stacklevel=2)
            self._start()
        door = self.folder / name
        door.write_text(
            DOOR.format(python=sys.executable, address=self._address, environment=environment), encoding="utf-8"
        )
        door.chmod(0o755)
        return str(door)


def serve(address: str) -> str:
    """Fork for each caller; return only in a forked process that is to be a command, with the name of its module."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            if sys.stdin in select.select([listening, sys.stdin], [], [])[0]:
                os._exit(0)  # whoever made this has ended
            line, _ = listening.accept()
            _bury()
            if os.fork() == 0:
                break
            line.close()
    size, files, _, _ = socket.recv_fds(line, 4, 3)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += line.recv(1 << 20) or os._exit(1)  # whoever asked was killed in the middle
    child = os.fork()
    with suppress(OSError):  # both sides say it, whichever comes first
        os.setpgid(child, child)
    if child:
        _tell_end(line, child)
    line.close()
    return _become(*json.loads(asked), files)


def _bury() -> None:
    """Wait for those of ours that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _tell_end(line: socket.socket, child: int) -> None:
    """Wait for the end of a command and tell its caller; a caller that was killed takes the command's group along."""
    for handle in (0, 1, 2):
        os.close(handle)
    end = os.pidfd_open(child)
    if line in select.select([end, line], [], [])[0]:
        os.killpg(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        line.sendall(status.to_bytes(4, "big", signed=True))
    finally:
        os._exit(0)


def _become(arguments: list[str], environment: dict[str, str], folder: str, files: list[int]) -> str:
    """Take over what the caller has; the program that called is this process's Python."""
    for handle, file in enumerate(files):
        os.dup2(file, handle)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.executable = environment["NURSERY_DOOR"]
    module = arguments.index("-m") + 1
    sys.argv = [arguments[module], *arguments[module + 1 :]]
    return arguments[module]


def main(address: str) -> None:
    """Load the product, serve, and be what was asked for."""
    for name in LOADED:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "a reactor must not be shared"
    gc.collect()
    gc.freeze()
    module = serve(address)
    if "FAULTS_HOME" in os.environ:
        failing: Any = import_module("tests.road.failing")
        failing.install(module)
    _end(_status(module))


def _status(module: str) -> int:
    """Run a module as Python's -m does, and return its exit status."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            return ending.code or 0
        print(ending.code, file=sys.stderr)
        return 1
    except BaseException:  # as Python itself ends
        traceback.print_exc()
        return 1
    return 0


def _end(status: int) -> None:
    """End as Python does, in its order, but without taking apart what was loaded: that alone takes half a second."""
    shut_down: Any = getattr(threading, "_shutdown")  # noqa: B009  (waits for threads)
    shut_down()
    run_exit_functions: Any = getattr(atexit, "_run_exitfuncs")  # noqa: B009
    run_exit_functions()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1])
