"""The one door to the terminal: tables for people, one JSON document for programs, logs, and the exit status.

Whatever passes it is shown, never obeyed: titles and replies come from strangers, and a terminal acts on what it reads.
"""

import errno
import io
import json
import logging
import os
import select
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TextIO, TypeVar

import structlog
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table

from crawler.errors import CrawlError, UnusableSettings
from monitor.errors import BadInput, BadSettings, RulewatchError
from monitor.notation.visible import escaped, visible
from storage.errors import UnusableAddress, in_one_sentence

T = TypeVar("T")

STATUS_COLOURS = {
    "ok": "green",
    "not_modified": "green",
    "sent": "green",
    "degraded": "yellow",
    "unfinished": "yellow",
    "waiting": "yellow",
    "held": "yellow",
    "unreachable": "red",
    "failed": "red",
}


class Exit(IntEnum):
    """Exit status (INTERFACE: 0 done, 1 done but degraded, 2 wrong use or configuration, 3 failed)."""

    DONE = 0
    DEGRADED = 1
    WRONG_USE = 2
    FAILED = 3


class Screen(Console):
    """A console on which text cannot act; colours and the like are the console's own."""

    def on_broken_pipe(self) -> None:
        """Go on without what is said beside the answer; an answer that nobody reads ends the command."""
        self.quiet = True
        if not self.stderr:
            raise BrokenPipeError(errno.EPIPE, "nobody reads the answer")

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Yield the pieces to print, each made visible."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else Segment(visible(piece.text), piece.style)


@dataclass
class Debugging:
    """Whether the person asked for the whole trace of an error."""

    is_on: bool = False


debugging = Debugging()
screen = Screen(highlight=False)
notes = Screen(stderr=True, highlight=False)


def log_to_standard_error(level: int = logging.WARNING) -> None:
    """Send log lines to standard error, so that standard output is the answer and nothing else."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S"),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            lambda _logger, _method, line: visible(str(line)),
        ],
        logger_factory=lambda *_names: _StandardError(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_VisibleFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=level)


class _StandardError:
    """Writes log lines to what standard error is now; one that is closed or gone keeps nobody from his work."""

    def msg(self, line: str) -> None:
        """Write one line."""
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)

    debug = info = warning = error = critical = exception = msg


class _VisibleFormatter(logging.Formatter):
    """Writes a log line of a library so that nothing in it acts."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def never_fail_on_a_character() -> None:
    """Have what a terminal's or a pipe's encoding cannot say written as an escape, whatever prints it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(content: Any, one_line: bool = False) -> None:
    """Print one JSON document and nothing else."""
    sys.stdout.write(_json(content, indent=None if one_line else 2) + "\n")


def _json(content: Any, indent: int | None = None) -> str:
    """JSON that is whole in any encoding: a terminal's own escapes would be none of JSON's."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return escaped(json.dumps(content, ensure_ascii=not is_unicode, indent=indent))


def print_table(headers: Sequence[str], rows: Sequence[Sequence[Any]], nothing: str, title: str | None = None) -> None:
    """Print a table, or, where it has no rows, what `nothing` says: that there is none, and what to do next.

    A cell that is a known status gets its colour. Text is never taken for markup.
    """
    table = Table(*headers, title=title, title_justify="left", header_style="bold", expand=False)
    for row in listed(rows, nothing):
        table.add_row(*(_cell(value) for value in row))
    if rows:
        screen.print(table)


def listed(items: Sequence[T], nothing: str) -> Sequence[T]:
    """Return what is to be listed; where that is nothing, say so, and what to do next."""
    if not items:
        say(nothing)
    return items


def say(text: str, style: str | None = None) -> None:
    """Print one line for a person, without taking anything in it for markup."""
    screen.print(text, style=style, markup=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print one line on standard error."""
    notes.print(text, style="yellow", markup=False)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how far something is; what is given is told how many are done, of how many."""
    if not notes.is_terminal:
        yield lambda _done, _of: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def answer_lines(lines: TextIO, answer: Callable[[dict[str, Any]], dict[str, Any]], fields: Sequence[str]) -> None:
    """Read one JSON object a line and print one answer a line, with the same `id`, in order.

    A line that is no such object is answered by {"id", "error"}; the lines after it are still answered.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            print_json(_answer_line(line, number, answer, fields), one_line=True)
            sys.stdout.flush()


@contextmanager
def explaining_errors() -> Iterator[None]:
    """Turn every error into one sentence with its place and the remedy, and the exit status that scripts expect."""
    try:
        yield
    except BrokenPipeError as error:
        if not _nobody_reads():
            _leave(error, Exit.FAILED)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes there
        sys.exit(Exit.DONE)
    except (BadInput, BadSettings, UnusableSettings, UnusableAddress) as error:
        _leave(error, Exit.WRONG_USE)
    except Exception as error:  # last resort: a trace is never an answer
        _leave(error, Exit.FAILED)


def _nobody_reads() -> bool:
    """Whether standard output is a pipe whose reader has left, as after `| head`."""
    with suppress(OSError, ValueError):
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(events & select.POLLERR for _, events in poll.poll(0))
    return False


def _leave(error: Exception, status: Exit) -> None:
    if debugging.is_on:
        traceback.print_exception(error)
    sentence = in_one_sentence(error, _database(), (RulewatchError, CrawlError))
    notes.print(f"rulewatch: {sentence}", style="red", markup=False, soft_wrap=True)
    sys.exit(status)


def _database() -> str:
    from monitor.settings import load_settings  # both are slow to load, and help needs neither
    from storage.engine.database import address_shown

    try:
        return address_shown(load_settings().database)
    except BadSettings:
        return "named by database_url"


def _answer_line(
    line: str, number: int, answer: Callable[[dict[str, Any]], dict[str, Any]], fields: Sequence[str]
) -> dict[str, Any]:
    identity = None
    try:
        question = json.loads(line)
        if not isinstance(question, dict):
            raise BadInput(f"line {number}: not a JSON object")
        identity = question.get("id")
        for name in fields:
            if not isinstance(question.get(name), str):
                raise BadInput(f'line {number}: "{name}" is missing or not a text')
        return {"id": identity, **answer(question)}
    except json.JSONDecodeError as reason:
        return {"id": identity, "error": f"line {number}: not JSON ({reason})"}
    except RulewatchError as reason:
        return {"id": identity, "error": str(reason)}


def _cell(value: Any) -> Any:
    from rich.text import Text

    text = "" if value is None else str(value)
    return Text(text, style=STATUS_COLOURS.get(text, ""))
