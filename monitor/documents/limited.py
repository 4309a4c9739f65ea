"""One thing read by a child process under the limits of all strangers' files, line by line.

For tables, whose rows are too many for one answer: the child prints a line of JSON a row into a file that is thrown
away, and this process reads them from there once the child has ended well.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from monitor.documents.errors import MEMORY, STOPPED, TIME
from monitor.documents.worker import ReaderLimits, child_environment, limit_process

_OUT_OF_MEMORY = 71
"""The status with which a child says so; a foreign library that gets no memory aborts instead."""


class Stopped(Exception):
    """Raised when the child ended before it had read everything; `failure` as in monitor.documents.errors."""

    def __init__(self, failure: str) -> None:
        """Keep what was not enough."""
        super().__init__(failure)
        self.failure = failure


def limited_lines(module: str, argument: str, limits: ReaderLimits) -> Iterator[str]:
    """Yield the lines that `python -m MODULE LIMITS ARGUMENT` prints. Raises Stopped before the first line."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        command = [sys.executable, "-s", "-m", module, limits.model_dump_json(), argument]
        try:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL, check=False,
                env=child_environment(), cwd=Path(__file__).parents[2], timeout=limits.seconds,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Stopped(TIME) from None
        if ended.returncode != 0:
            raise Stopped(MEMORY if ended.returncode in (_OUT_OF_MEMORY, -signal.SIGABRT) else STOPPED)
        said.seek(0)
        yield from said


def begin(limits_json: str) -> None:
    """Bind this process, a child, to the limits that it was started with."""
    limit_process(ReaderLimits.model_validate_json(limits_json))


def out_of_memory() -> None:
    """End this process, a child, so that its parent knows why."""
    sys.exit(_OUT_OF_MEMORY)
