"""Cross references that only follow a renumbering: 见5.2 becomes 见5.3 because 5.2 now is 5.3."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from monitor.comparison.substance.pieces import canonical_path

Numbers = Iterable[tuple[str | None, str | None]]
"""Old and new number of what is on both sides."""


class Renumbering:
    """Which clause, annex, table or figure number became which; worked out when first asked for.

    A number that stands for two clauses (1 of 附件1, 1 of 附件2) is followed only where both became the same.
    """

    def __init__(self, pairs: Callable[[], Numbers] = tuple) -> None:
        self._pairs = pairs

    def follows(self, old: str, new: str) -> bool:
        """Return whether a reference to `new` is the old reference after the renumbering."""
        before, after = canonical_path(old), canonical_path(new)
        became = self._became.get(before)
        return before != after and became is not None and canonical_path(became) == after

    @cached_property
    def _became(self) -> dict[str, str | None]:
        became: dict[str, str | None] = {}
        for old, new in self._pairs():
            if old is not None and new is not None:
                before = canonical_path(old)
                became[before] = new if became.get(before, new) == new else None
        return became


def numbered_lines(old_text: str, new_text: str) -> Iterator[tuple[str, str]]:
    """Yield old and new number of the lines that stand in both texts: captions of tables, clauses inside a text."""
    there = {match["words"]: match["number"] for match in _NUMBERED_LINE.finditer(new_text)}
    for match in _NUMBERED_LINE.finditer(old_text):
        if match["words"] in there:
            yield match["number"], there[match["words"]]


_NUMBERED_LINE = re.compile(
    r"""^[^\S\n]*(?P<number>(?:表|图|附件|附录|附表)\s*[A-Z]?\d+(?:[-.]\d+)*|\d+(?:\.\d+)+|第[\d一二三四五六七八九十百零]+[章条])
        [^\S\n]+(?P<words>\S.*?)\s*$""",
    re.MULTILINE | re.VERBOSE,
)
