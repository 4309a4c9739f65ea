"""Scratch: what a file that is being imported names, kept in a nameless file on disk and gone afterwards.

A list of a million certificates has a million numbers and some hundred thousand holders: more than is to be held.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Self

from storage.engine.database import ROWS_A_STATEMENT

_MOST_CACHED_KIB = 16_000


class Scratch:
    """The numbers that a file names, each with its place and the hash of what was said there, and holders' contacts."""

    def __init__(self) -> None:
        """Open an empty one."""
        self._database = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", f"cache_size=-{_MOST_CACHED_KIB}"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE numbers (number PRIMARY KEY, place, said) WITHOUT ROWID")
        self._database.execute("CREATE TABLE contacts (holder, email, PRIMARY KEY (holder, email)) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Throw it away."""
        self._database.close()

    def name(self, numbers: Sequence[tuple[str, str, int]]) -> dict[str, tuple[str, int]]:
        """Keep numbers, each with its place and hash; return those named at another place before, with its own."""
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO numbers VALUES (?, ?, ?)", numbers)
        if self._database.total_changes - before == len(numbers):
            return {}
        asked = [number for number, _, _ in numbers]
        return {number: (place, said) for number, place, said in self._rows("number, place, said", asked)}

    def unnamed(self, numbers: Iterable[str]) -> list[str]:
        """Return those of some numbers that the file does not name, sorted."""
        wanted = sorted(set(numbers))
        named = {number for (number,) in self._rows("number", wanted)}
        return [number for number in wanted if number not in named]

    def add_contacts(self, pairs: Collection[tuple[str, str]]) -> None:
        """Keep that a holder has a contact."""
        self._database.executemany("INSERT OR IGNORE INTO contacts VALUES (?, ?)", pairs)

    def holders(self) -> Iterator[Mapping[str, set[str]]]:
        """Yield the contacts of each holder that has any, some holders at a time, by name."""
        rows = self._database.execute("SELECT holder, email FROM contacts ORDER BY holder, email")
        some: dict[str, set[str]] = {}
        for holder, group in groupby(rows, key=lambda row: row[0]):
            some[holder] = {email for _, email in group}
            if len(some) == ROWS_A_STATEMENT:
                yield some
                some = {}
        yield some

    def _rows(self, columns: str, numbers: Sequence[str]) -> Iterator[Any]:
        for start in range(0, len(numbers), ROWS_A_STATEMENT):
            some = numbers[start : start + ROWS_A_STATEMENT]
            marks = ", ".join("?" * len(some))
            yield from self._database.execute(f"SELECT {columns} FROM numbers WHERE number IN ({marks})", some)
