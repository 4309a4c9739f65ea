"""Lists that have lost rows, order or dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.replica.answer import Answer, Asked
from tests.replica.troubles.trouble import Row, Trouble


@dataclass(frozen=True)
class HalfList(Trouble):
    """Only the first rows of the list are there, and it claims to be complete."""

    rows_kept: int = 3

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        return rows[: self.rows_kept]


class ReorderedList(Trouble):
    """The same rows in another order."""

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [*rows[1::2], *rows[0::2]]


@dataclass(frozen=True)
class PinnedNotices(Trouble):
    """Old notices are shown above the newest ones (置顶)."""

    count: int = 2

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        pinned: list[Any] = [replace(row, pinned=True) for row in rows[-self.count :]]  # type: ignore[type-var]
        return [*pinned, *rows[: -self.count]]


class Redesigned(Trouble):
    """Another content system prints the same rows: no list, no table, no class name of yesterday."""

    names = {b"ul": b"section", b"li": b"article", b"table": b"section", b"tr": b"article", b"td": b"div"}

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        def renamed(found: re.Match[bytes]) -> bytes:
            return found[1] + self.names[found[2]] + b">" if found[1] == b"</" else b"<" + self.names[found[2]] + b">"

        return replace(healthy, body=re.sub(rb"(</?)(ul|li|table|tr|td)\b[^>]*>", renamed, healthy.body))


class ListWithoutDates(Trouble):
    """The rows have lost their dates."""

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        pattern = rb"(?:<span[^>]*>|<td[^>]*>|\[)\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}\s*(?:</span>|</td>|\])"
        return replace(healthy, body=re.sub(pattern, b"", healthy.body))
