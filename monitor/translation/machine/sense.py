"""Does a translation say what its source says? Negations, duties, directions, comparisons, parties, old and new, order.

The check of figures (check.py) sees digits; here each concept of concepts.py must be said as often as the source can
mean it. A word that is missing from a list makes a right translation wait, it does not let a wrong one pass.
"""

import re
from collections.abc import Callable, Iterator

from monitor.notation.text import fold
from monitor.translation.machine.concepts import (
    COMPARISONS,
    DIRECTIONS,
    MODALS,
    NEGATION,
    OR,
    PAIRS,
    PARTIES,
    QUANTIFIERS,
    TIMES,
    Concept,
)
from monitor.translation.machine.names import without_days, without_names
from monitor.translation.machine.order import order_harm

Patterns = dict[str, re.Pattern[str] | None]
Entry = tuple[Concept, Patterns]


def sense_harm(source: str, target: str) -> Iterator[str]:
    """Yield what a translation says otherwise than its source."""
    folded, english = fold(source), re.sub(r"\s+", " ", target)
    zh, en = _bare(folded), _plain(_bare(english))
    for reading in _READINGS:
        yield from reading(zh, en)
    yield from order_harm(folded, english)


def signature(text: str) -> tuple[tuple[str, int], ...]:
    """Return how often an English text says each concept that decides: two answers agree where these are equal."""
    counts = []
    text = _plain(_bare(re.sub(r"\s+", " ", text)))
    for concept, patterns in (*COMPARISONS, NEGATION, *MODALS, *DIRECTIONS):
        count, text = _take(patterns["en"], text)
        counts.append((concept.name, count))
    return tuple(counts)


def _said(entries: tuple[Entry, ...]) -> Callable[[str, str], Iterator[str]]:
    """A reading of concepts that do not overlap: each is looked for in the whole text."""

    def read(zh: str, en: str) -> Iterator[str]:
        for entry in entries:
            yield from _compare(entry, zh, en)

    return read


def _logic(zh: str, en: str) -> Iterator[str]:
    """Comparisons first, then negations in what they left: 不少于 and "not less than" deny nothing."""
    for entry in COMPARISONS:
        yield from _compare(entry, zh, en)
        _, zh = _take(entry[1]["zh"], zh)
        _, en = _take(entry[1]["en"], en)
    yield from _compare(OR, zh, en)
    yield from _compare(NEGATION, *_without_pairs(zh, en))


def _without_pairs(zh: str, en: str) -> tuple[str, str]:
    """Return both texts without the words that answer one another: 不合格 and "failed"."""
    for chinese, english in PAIRS:
        count = min(len(chinese.findall(zh)), len(english.findall(en)) if english else 0)
        if count and english:
            zh, en = chinese.sub(" ; ", zh, count=count), english.sub(" ; ", en, count=count)
    return zh, en


def _times(zh: str, en: str) -> Iterator[str]:
    """前 and 后; where the source has only one of them, the English may not have the other."""
    yield from _said(TIMES)(zh, en)
    before, after = (bool(_take(patterns["zh"], zh)[0]) for _, patterns in TIMES)
    if before and not after and not re.search("自|起", zh) and _take(TIMES[1][1]["en"], en)[0]:
        yield '"after" is not in the source'
    if before and after and _first(en) and _first(en) != _first_zh(zh):
        yield "before and after have changed sides"


def _first_zh(zh: str) -> str:
    return _first_of(zh, "zh")


def _first(en: str) -> str:
    return _first_of(en, "en")


def _first_of(text: str, side: str) -> str:
    """Which of before and after stands first, where a text has each of them once; else nothing is told from it."""
    found = [
        (match.start(), concept.name)
        for concept, patterns in TIMES
        if (pattern := patterns[side])
        for match in pattern.finditer(text)
    ]
    return min(found)[1] if len(found) == len({name for _, name in found}) == len(TIMES) else ""


def _comparison_order(zh: str, en: str) -> Iterator[str]:
    """大于A且小于B: the limits keep their order, as their numbers do."""
    before, after = _in_order(zh, "zh"), _in_order(en, "en")
    if len(set(before)) > 1 and sorted(before) == sorted(after) and before != after:
        yield "comparisons have changed sides"


def _in_order(text: str, side: str) -> list[str]:
    found: list[tuple[int, str]] = []
    for concept, patterns in COMPARISONS:
        pattern = patterns[side]
        if pattern:
            found += [(match.start(), concept.name) for match in pattern.finditer(text)]
            text = pattern.sub(lambda match: ";" * len(match[0]), text)
    return [name for _, name in sorted(found)]


def _compare(entry: Entry, zh: str, en: str) -> Iterator[str]:
    concept, patterns = entry
    wanted, left_zh = _take(patterns["zh"], zh)
    given, left_en = _take(patterns["en"], en)
    wanted_more, _ = _take(patterns["zh_maybe"], left_zh)
    given_more, _ = _take(patterns["en_maybe"], left_en)
    if not concept.counted:
        wanted, given = min(wanted, 1), min(given, 1)
    if wanted > given + given_more:
        yield f'"{concept.name}" is missing'
    elif given > wanted + wanted_more:
        yield f'"{concept.name}" is not in the source'


def _bare(text: str) -> str:
    return without_days(without_names(text, " § "))


def _plain(en: str) -> str:
    """Return English with its idioms said plainly: "not later than" denies nothing."""
    for pattern, plain in _IDIOMS:
        en = pattern.sub(plain, en)
    return en


def _take(pattern: re.Pattern[str] | None, text: str) -> tuple[int, str]:
    if pattern is None:
        return 0, text
    left, count = pattern.subn(" ; ", text)
    return count, left


_IDIOMS = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\b(?:not|no) later than\b", "by"),
        (r"\bwithout (?:undue )?delay\b", "promptly"),
    )
)
_READINGS = (_logic, _said(MODALS), _said(DIRECTIONS), _said(PARTIES), _said(QUANTIFIERS), _times, _comparison_order)
