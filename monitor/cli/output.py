"""What the command line prints: tables for people, one JSON document for programs, and the exit status."""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, TextIO

import structlog
from rich.console import Console
from rich.table import Table

from crawler.errors import CrawlError, UnusableSettings
from monitor.errors import BadInput, BadSettings, RulewatchError
from storage.errors import StorageError

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


screen = Console(highlight=False)
notes = Console(stderr=True, highlight=False)


def log_to_standard_error(level: int = logging.WARNING) -> None:
    """Send log lines to standard error, so that standard output is the answer and nothing else."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s: %(message)s")


def print_json(content: Any, one_line: bool = False) -> None:
    """Print one JSON document and nothing else."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=None if one_line else 2) + "\n")


def print_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
    """Print a table; a cell that is a known status gets its colour. Text is never taken for markup."""
    table = Table(*headers, title=title, title_justify="left", header_style="bold", expand=False)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    screen.print(table)


def say(text: str, style: str | None = None) -> None:
    """Print one line for a person, without taking anything in it for markup."""
    screen.print(text, style=style, markup=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print one line on standard error."""
    notes.print(text, style="yellow", markup=False)


def answer_lines(lines: TextIO, answer: Callable[[dict[str, Any]], dict[str, Any]], fields: Sequence[str]) -> None:
    """Read one JSON object a line and print one answer a line, with the same `id`, in order.

    A line that is no such object is answered by {"id", "error"}; the lines after it are still answered.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            sys.stdout.write(json.dumps(_answer_line(line, number, answer, fields), ensure_ascii=False) + "\n")
            sys.stdout.flush()


@contextmanager
def explaining_errors() -> Iterator[None]:
    """Turn errors that a person can mend into one message and the exit status that scripts expect."""
    try:
        yield
    except (BadInput, BadSettings, UnusableSettings) as error:
        _leave(error, Exit.WRONG_USE)
    except (RulewatchError, StorageError, CrawlError) as error:
        _leave(error, Exit.FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.DONE)


def _leave(error: Exception, status: Exit) -> None:
    notes.print(f"rulewatch: {error}", style="red", markup=False, soft_wrap=True)
    sys.exit(status)


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
