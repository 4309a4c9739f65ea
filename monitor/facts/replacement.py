"""What replaces what: rules superseded, standards old → new.

Written for marked text, in which a list of codes is `C、C和C`. A pattern names the group `old`, and for standards
`new` too; a list on both sides pairs in order, several old ones with one new one are a merger.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.facts import successions as words
from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.facts.marks import CODE, STANDARD, Marked
from monitor.facts.rows import Table, cells_of
from monitor.facts.sentences import Sentence
from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef
from monitor.notation.text import fold


def read_replacements(sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield the rules superseded and the pairs of standards that the sentences state."""
    table, spanned = Table(), _Pair((), ())
    previous: Sentence | None = None
    introduced: list[RuleCode] = []
    for sentence in sentences:
        table = table.with_row(sentence)
        spanned = _pair_of(sentence, table, spanned)
        yield from _row(sentence, spanned)
        yield from _superseded(sentence, introduced)
        yield from _changed(sentence)
        yield from _listed_apart(previous, sentence)
        previous = sentence
        introduced.extend(thing for thing in sentence.marked.things if isinstance(thing, RuleCode))


def _superseded(sentence: Sentence, introduced: list[RuleCode]) -> Iterator[Fact]:
    if CODE not in sentence.text and not words.REPEALED_IT.search(sentence.text):
        return
    here = [thing for thing in sentence.marked.things if isinstance(thing, RuleCode)]
    if words.REPEALED_IT.search(sentence.text):
        yield from _its_predecessor(sentence, [*introduced[-3:], *here])
    for pattern in words.SUPERSEDES:
        for match in pattern.finditer(sentence.text):
            if not words.NEGATED.search(sentence.text[max(0, match.start() - 6) : match.end()]):
                yield from _olds(sentence, match)
    for match in words.CODE_VERSIONS.finditer(sentence.text):
        yield from _version_of_rule(sentence, match)
    for match in words.RULE_MOVES.finditer(sentence.text):
        yield from _moved_to_rule(sentence, match)
    for pattern in words.REPEALED:
        for match in pattern.finditer(sentence.text):
            if _has_successor(sentence, match, introduced):
                yield from _olds(sentence, match)


def _its_predecessor(sentence: Sentence, codes: list[RuleCode]) -> Iterator[Fact]:
    """原规则同时废止: the earlier of two editions of one number that stand just before."""
    for old in dict.fromkeys(codes):
        if any(_takes_over(code, {old}) for code in codes):
            yield Fact(FactType.SUPERSEDES, _as_printed(old), sentence.marked.quote())


def _olds(sentence: Sentence, match: re.Match[str]) -> Iterator[Fact]:
    new = {thing for thing in _things(sentence, match, "new") if thing}
    for thing in _things(sentence, match, "old"):
        if isinstance(thing, RuleCode) and thing not in new:
            yield Fact(FactType.SUPERSEDES, _as_printed(thing), sentence.marked.quote())


def _as_printed(code: RuleCode) -> str:
    """The edition with the separator before its year that this text prints."""
    if code.year is None or not code.printed:
        return code.edition
    return f"{code.family}{':' if ':' in fold(code.printed) else '-'}{code.year}{code.letter or ''}"


def _has_successor(sentence: Sentence, match: re.Match[str], introduced: list[RuleCode]) -> bool:
    """A repeal counts where the text also says what takes over: a new rule, here or just before."""
    old = set(_things(sentence, match, "old"))
    rest = sentence.text[: match.start("old")] + "¦" + sentence.text[match.end("old") :]
    if words.SUCCESSOR.search(words.NO_SUCCESSOR.sub("", rest)):
        return True
    here = [thing for thing in sentence.marked.things if isinstance(thing, RuleCode) and thing not in old]
    return any(_takes_over(code, old) for code in [*here, *introduced])


def _takes_over(code: RuleCode, olds: set[object]) -> bool:
    return any(
        isinstance(old, RuleCode) and old.family.number == code.family.number and (code.year or 0) > (old.year or 0)
        for old in olds
    )


def _things(sentence: Sentence, match: re.Match[str], group: str) -> list[object]:
    if group not in match.re.groupindex or match[group] is None:
        return []
    start, end = match.span(group)
    return [thing for thing in sentence.marked.things[start:end] if thing is not None]


def _changed(sentence: Sentence) -> Iterator[Fact]:
    if STANDARD not in sentence.text:
        return
    for pattern in words.CHANGES:
        for match in pattern.finditer(sentence.text):
            if not words.NEGATED.search(match[0]):
                old = [t for t in _things(sentence, match, "old") if isinstance(t, StandardRef)]
                new = [t for t in _things(sentence, match, "new") if isinstance(t, StandardRef)]
                yield from _pairs(sentence, old, new)
    for match in words.MOVES.finditer(sentence.text):
        old, new = (
            [t for t in _things(sentence, match, name) if isinstance(t, StandardRef)] for name in ("old", "new")
        )
        if [_name(t) for t in old] == [_name(t) for t in new]:
            yield from _pairs(sentence, old, new)
    for pattern in words.VERSIONS:
        for match in pattern.finditer(sentence.text):
            yield from _version_pair(sentence, match)
    yield from _repealed_standards(sentence)


def _listed_apart(first: Sentence | None, second: Sentence) -> Iterator[Fact]:
    """旧版标准：…； 新版标准：…。 as two sentences or lines."""
    if first is None:
        return
    for one, other in ((words.OLD_LIST, words.NEW_LIST), (words.NEW_LIST, words.OLD_LIST)):
        here, there = one.search(first.text), other.search(second.text)
        if here and there:
            old, new = ((first, here), (second, there)) if one is words.OLD_LIST else ((second, there), (first, here))
            yield from _pairs(
                second, *([t for t in _things(*side, "list") if isinstance(t, StandardRef)] for side in (old, new))
            )


def _repealed_standards(sentence: Sentence) -> Iterator[Fact]:
    """旧标准…废止, where the sentence names the later year of the same standard."""
    standards = [t for t in sentence.marked.things if isinstance(t, StandardRef)]
    for match in words.REPEALED_STANDARD.finditer(sentence.text):
        for old in (t for t in _things(sentence, match, "old") if isinstance(t, StandardRef)):
            later = [t for t in standards if _name(t) == _name(old) and (t.year or 0) > (old.year or 9999)]
            yield from _pairs(sentence, [old], later[:1]) if later else ()


def _pairs(sentence: Sentence, old: list[StandardRef], new: list[StandardRef]) -> Iterator[Fact]:
    for before, after in _matched(old, new):
        if before != after and after.year is not None:
            change = StandardChange(str(before), str(after))
            yield Fact(FactType.STANDARD_CHANGE, change, sentence.marked.quote())


def _matched(old: list[StandardRef], new: list[StandardRef]) -> list[tuple[StandardRef, StandardRef]]:
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    if len(new) == 1 or len(old) == 1:
        return [(before, after) for before in old for after in new]
    by_name = {_name(standard): standard for standard in new}
    return [(before, by_name[_name(before)]) for before in old if _name(before) in by_name]


def _name(standard: StandardRef) -> str:
    """What stays the same when a mandatory standard becomes a recommended one."""
    return standard.undated.replace("/T", "").replace("/Z", "")


def _version_pair(sentence: Sentence, match: re.Match[str]) -> Iterator[Fact]:
    standards = [t for t in _things(sentence, match, "standard") if isinstance(t, StandardRef)]
    old, new = _things(sentence, match, "old"), _things(sentence, match, "new")
    for standard in standards:
        if old and new and isinstance(old[0], int) and isinstance(new[0], int):
            change = StandardChange(f"{standard.undated}-{old[0]}", f"{standard.undated}-{new[0]}")
            yield Fact(FactType.STANDARD_CHANGE, change, sentence.marked.quote())


def _moved_to_rule(sentence: Sentence, match: re.Match[str]) -> Iterator[Fact]:
    """依据A颁发的证书换发为依据B的证书, where B is a later edition of A."""
    old, new = _things(sentence, match, "old"), _things(sentence, match, "new")
    for code in old:
        if isinstance(code, RuleCode) and any(isinstance(t, RuleCode) and _takes_over(t, {code}) for t in new):
            yield Fact(FactType.SUPERSEDES, _as_printed(code), sentence.marked.quote())


def _version_of_rule(sentence: Sentence, match: re.Match[str]) -> Iterator[Fact]:
    old = _things(sentence, match, "old")
    for code in _things(sentence, match, "code"):
        if isinstance(code, RuleCode) and old and isinstance(old[0], int):
            edition = replace(code, year=old[0], letter=None).edition
            yield Fact(FactType.SUPERSEDES, edition, sentence.marked.quote())


@dataclass(frozen=True, slots=True)
class _Pair:
    """The old and the new of a row."""

    old: tuple[object, ...]
    new: tuple[object, ...]


def _pair_of(sentence: Sentence, table: Table, above: _Pair) -> _Pair:
    """Return what a row sets side by side; a cell that was merged with the one above repeats it."""
    columns = _columns(table.heads) if sentence.is_row else None
    if columns is None or not sentence.marked.text:
        return _Pair((), ())
    cells = cells_of(sentence)
    if len(cells) != len(table.heads):
        return _in_order(sentence, columns)
    old, new = (_named(cells[column]) for column in columns)
    return _Pair(old or (above.old if new else ()), new or (above.new if old else ()))


def _in_order(sentence: Sentence, columns: tuple[int, int]) -> _Pair:
    """A row with fewer cells than its head: two standards or two codes stand in the order of the columns."""
    for kind in (StandardRef, RuleCode):
        things = tuple(thing for thing in sentence.marked.things if isinstance(thing, kind))
        if len(things) == 2:
            first, second = things if columns[0] < columns[1] else things[::-1]
            return _Pair((first,), (second,))
    return _Pair((), ())


def _named(cell: Marked) -> tuple[object, ...]:
    return tuple(thing for thing in cell.things if isinstance(thing, StandardRef | RuleCode))


def _columns(heads: tuple[str, ...]) -> tuple[int, int] | None:
    """Return the columns of the old and of the new, where a head names both."""
    old = next((i for i, head in enumerate(heads) if words.OLD_COLUMN.search(head)), None)
    if old is None:
        return None
    others = [i for i in range(len(heads)) if i != old and not words.DATE_COLUMN.search(heads[i])]
    new = next((i for i in others if words.NEW_COLUMN.search(heads[i])), None)
    new = new if new is not None else next((i for i in others if words.ANY_COLUMN.search(heads[i])), None)
    return (old, new) if new is not None else None


def _row(sentence: Sentence, pair: _Pair) -> Iterator[Fact]:
    old, new = ([t for t in side if isinstance(t, StandardRef)] for side in (pair.old, pair.new))
    yield from _pairs(sentence, old, new)
    for code in pair.old:
        if isinstance(code, RuleCode) and any(isinstance(t, RuleCode) and t != code for t in pair.new):
            yield Fact(FactType.SUPERSEDES, _as_printed(code), sentence.marked.quote())
