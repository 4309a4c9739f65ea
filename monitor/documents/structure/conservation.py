"""Nothing of a text is lost: the characters of a file against those of its document and of what was set aside.

The file's are counted by a second look that shares no code with the reader. White space, invisible signs and the case
of letters are layout; every other character must be found again as often as the file holds it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from monitor.documents.document import Doubt, Part, SetAside
from monitor.documents.structure.lines import Held

MOST_DOUBTS = 5
_UNPRINTED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]+")

_NO_MEANING = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]")


def squeezed(text: str) -> str:
    """Return what is printed of a text, without white space and in capitals."""
    return _UNPRINTED.sub("", text).upper()


def difference(
    held: Sequence[Held], made: str, parts: Sequence[Part], set_aside: Sequence[SetAside]
) -> tuple[Doubt, ...]:
    """Return a doubt for each place of a file from which characters are missing, and one where some are too many."""
    read = "\n".join(_texts(parts))
    aside = "".join(item.text * item.times for item in set_aside)
    found = Counter(squeezed(read + aside))
    wanted = Counter(squeezed(made + "".join(place.text for place in held)))
    lost, surplus = wanted - found, found - wanted
    doubts = _places_of(lost, held, squeezed(read)) if lost else []
    if surplus:
        why = f"{surplus.total()} characters more were read than the file holds: {_shown(surplus)}"
        doubts.append(Doubt("text", why))
    return tuple(doubts[:MOST_DOUBTS])


def without_meaning(parts: Sequence[Part]) -> Iterator[Doubt]:
    """Yield a doubt for each part with signs that mean nothing: of private use, or not mapped by their font."""
    for part in parts:
        text = "\n".join(_texts([part]))
        if signs := dict.fromkeys(_NO_MEANING.findall(text)):
            found = _NO_MEANING.search(text)
            assert found is not None
            around = text[max(0, found.start() - 15) : found.end() + 15]
            names = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
            yield Doubt(
                f"clause {part.path}" if part.path else "text", f"signs without a meaning ({names}): {_quoted(around)}"
            )


def _texts(parts: Sequence[Part]) -> Iterable[str]:
    for part in parts:
        yield from (part.path or "", part.heading, part.body)
        yield from (cell for table in part.tables for row in table for cell in row)


def _places_of(lost: Counter[str], held: Sequence[Held], read: str) -> list[Doubt]:
    """The lines of the file that hold what is missing and are not found as they are; else only what is missing."""
    left, doubts = lost.copy(), []
    for place in held:
        for line in place.text.splitlines():
            said = squeezed(line)
            own = Counter(said) & left
            if own and said not in read:
                left -= own
                doubts.append(Doubt(place.where, f"{own.total()} characters were not read: {_quoted(line)}"))
    return doubts or [Doubt("text", f"{lost.total()} characters were not read: {_shown(lost)}")]


def _quoted(line: str) -> str:
    said = " ".join(line.split())
    return f"“{said if len(said) <= 60 else said[:59] + '…'}”"


def _shown(signs: Counter[str]) -> str:
    return "".join(sign * min(count, 3) for sign, count in signs.most_common(20))


def gathered(set_aside: Iterable[SetAside]) -> tuple[SetAside, ...]:
    """Return what was set aside with the same text for the same reason once, and how often."""
    ordered: dict[tuple[str, str, str], list[SetAside]] = {}
    for item in set_aside:
        if squeezed(item.text):
            ordered.setdefault((item.what, item.why, item.text.strip()), []).append(item)
    return tuple(
        SetAside(what, _where([item.where for item in items]), why, text, sum(item.times for item in items))
        for (what, why, text), items in ordered.items()
    )


def _where(places: Sequence[str]) -> str:
    different = [place for place, _ in groupby(places)]
    return different[0] if len(different) == 1 else f"{different[0]} … {different[-1]}"
