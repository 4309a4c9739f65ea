"""A trouble: what is laid over an address. It never touches a socket itself."""

from collections.abc import Sequence
from typing import TypeVar

from tests.replica.answer import Answer, Asked

Row = TypeVar("Row")


class Trouble:
    """The healthy case: rows and answer pass unaltered."""

    def rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of a list as the site prints them today."""
        return rows

    def answer(self, asked: Asked, healthy: Answer) -> Answer:
        """Return what is sent instead of the healthy answer."""
        return healthy
