"""Whether a replacement comes out even: the second look at old → new knows numbers and years, not how it is said."""

import re
from collections.abc import Iterator

from monitor.facts.fact import Fact, StandardChange
from monitor.facts.text.lines import Sentence
from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef


def is_even(fact: Fact, sentence: Sentence, beside: list[Fact], codes: frozenset[RuleCode]) -> bool:
    """Return whether a replacement follows from the numbers alone, or uses up each text of its clauses once.

    `beside` are the facts of the same sentence, `codes` all rule codes of the text.
    """
    if isinstance(fact.value, StandardChange):
        return _is_next(fact.value, sentence) or _is_used_up(sentence, beside)
    return _has_newer(fact.value, codes) or _is_announced(sentence)


def _is_next(change: StandardChange, sentence: Sentence) -> bool:
    """The same number with a later year, and none of that number in between."""
    old, new = (_year(side) for side in (change.old, change.new))
    if not (old and new and _number(change.old) == _number(change.new) and old < new):
        return False
    standards = (thing for thing in sentence.marked.things if isinstance(thing, StandardRef))
    return not any(old < (one.year or 0) < new for one in standards if _number(str(one)) == _number(change.new))


def _is_used_up(sentence: Sentence, facts: list[Fact]) -> bool:
    """Every standard of the clauses is in a pair: one for each, or all tied to one another."""
    pairs = {fact.value for fact in facts if isinstance(fact.value, StandardChange)}
    old, new = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    printed = {name for clause in _clauses(sentence) if clause & (old | new) for name in clause}
    if _NONE.search(sentence.quote()) or printed != old | new:
        return False
    return len(pairs) == len(printed) - 1 or len(old) == len(new) == len(pairs)


def _clauses(sentence: Sentence) -> Iterator[set[str]]:
    """Yield the standards of each clause."""
    for match in re.finditer("[^，；]+", sentence.text):
        things = sentence.marked.things[match.start() : match.end()]
        yield {str(thing) for thing in things if isinstance(thing, StandardRef)}


def _has_newer(code: object, codes: frozenset[RuleCode]) -> bool:
    """The text prints a later edition of the same number."""
    plain = str(code).replace(":", "-")
    old = next((one for one in codes if one.edition.replace(":", "-") == plain), None)
    return old is not None and any(
        one.family.number == old.family.number and (one.year or 0, one.letter or "") > (old.year or 0, old.letter or "")
        for one in codes
    )


def _is_announced(sentence: Sentence) -> bool:
    """The sentence says 代替 or the like, denies nothing, and has something to take over."""
    text = sentence.quote()
    codes = {thing for thing in sentence.marked.things if isinstance(thing, RuleCode)}
    replaces = _REPLACES.search(text) and not _NONE.search(text)
    return bool(replaces and (len(codes) > 1 or _THIS.search(text)))


def _number(standard: str) -> str:
    return re.sub(r"/[TZ]|-(?:19|20)\d\d.*|\s", "", standard)


def _year(standard: str) -> int:
    found = re.search(r"-((?:19|20)\d\d)", standard)
    return int(found[1]) if found else 0


_NONE = re.compile(
    r"无(?:代替|替代|对应)|[不未](?:被)?[代替取]|没有"
    r"|(?:^|[\t|｜ ])(?:[—－-]+|无|删除|新增)(?:$|[\t|｜ ])|误"
)
_REPLACES = re.compile(
    "代替|替代|取代|替换|更新为|修订为|变更为|调整为|升级|转换|合并|整合|归并|废止|作废|停止|失效|改版|换版|原"
)
_THIS = re.compile(r"本规则|本细则|新版|新规则|新的|该规则|发布的规则|修订|更新|》|\d版")
