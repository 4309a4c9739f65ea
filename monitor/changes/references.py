"""Cross references that only follow a renumbering: 见5.2 becomes 见5.3 because 5.2 now is 5.3."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from monitor.changes.pieces import canonical_path

Numbers = Iterable[tuple[str | None, str | None]]
"""Old and new number of what is on both sides."""

_CAPTION = re.compile(r"^[^\S\n]*(?P<number>[表图]\s*[A-Z]?\d+(?:[-.]\d+)*)[^\S\n]+(?P<title>\S.*?)\s*$", re.MULTILINE)


class Renumbering:
    """Which clause, annex, table or figure number became which; worked out when first asked for.

    A number that stands for two clauses (1 of 附件1, 1 of 附件2) is followed only where both became the same.
    """

    def __init__(self, pairs: Callable[[], Numbers] = tuple) -> None:
        self._pairs = pairs

    def follows(self, old: str, new: str) -> bool:
        """Return whether a reference to `new` is the old reference after the renumbering."""
        before, after = canonical_path(old), canonical_path(new)
        return before != after and self._became.get(before) == after

    @cached_property
    def _became(self) -> dict[str, str | None]:
        became: dict[str, str | None] = {}
        for old, new in self._pairs():
            if old is not None and new is not None:
                before, after = canonical_path(old), canonical_path(new)
                became[before] = after if became.get(before, after) == after else None
        return became


def captions(old_text: str, new_text: str) -> list[tuple[str, str]]:
    """Return old and new number of the tables and figures whose caption stands in both texts."""
    there = {match["title"]: match["number"] for match in _CAPTION.finditer(new_text)}
    return [(m["number"], there[m["title"]]) for m in _CAPTION.finditer(old_text) if m["title"] in there]
