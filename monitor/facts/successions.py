"""What replaces what: rules superseded, standards old → new, standards that join or leave, and misprints.

Notations as in lexicon.py: a list of codes is `C and C`. A notation names the group `old`, and for standards `new` too;
a list on both sides pairs in order (分别 is a table in prose), several old ones with one new one are a merger.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.facts.tables import Pair, Table
from monitor.facts.text.lexicon import grammar
from monitor.facts.text.lines import Sentence
from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef
from monitor.notation.text import fold


def read_successions(sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield the rules superseded, the pairs of standards and what else happens to standards, as the sentences state."""
    table, beside = Table(), Pair()
    previous: Sentence | None = None
    introduced: list[RuleCode] = []
    for sentence in sentences:
        table = table.with_row(sentence)
        beside = table.pair(sentence, beside) if sentence.is_row else Pair()
        yield from _row(sentence, beside)
        yield from _superseded(sentence, introduced, previous.tokens.classes if previous else "")
        yield from _changed(sentence, _first_standard(previous))
        yield from _listed_apart(previous, sentence)
        yield from _misprints(sentence)
        previous = sentence
        introduced.extend(thing for thing in sentence.marked.things if isinstance(thing, RuleCode))


def _superseded(sentence: Sentence, introduced: list[RuleCode], before: str) -> Iterator[Fact]:
    classes = sentence.tokens.classes
    here = [thing for thing in sentence.marked.things if isinstance(thing, RuleCode)]
    if _REPEALED_IT.search(classes):
        yield from _its_predecessor(sentence, [*introduced[-3:], *here])
    if not here:
        return
    for match in _found(_SUPERSEDES, classes):
        if not _NEGATED.search(classes, max(0, match.start() - 3), match.end()):
            yield from _olds(sentence, match)
    for match in _IT_BY.finditer(classes):
        new = _things(sentence, match, "new")
        earlier = [code for code in introduced if code not in new]
        if earlier and match["that"]:
            yield Fact(FactType.SUPERSEDES, as_printed(earlier[-1]), sentence.quote())
    for match in (*_CODE_VERSIONS.finditer(classes), *_VERSION_REPLACED.finditer(classes)):
        yield from _version_of_rule(sentence, match)
    for match in _RULE_MOVES.finditer(classes):
        if _later(_things(sentence, match, "new"), _things(sentence, match, "old")):
            yield from _olds(sentence, match)
    for match in _found(_REPEALED, classes):
        if _has_successor(sentence, match, introduced, before):
            yield from _olds(sentence, match)


def _found(notations: tuple[re.Pattern[str], ...], classes: str) -> Iterator[re.Match[str]]:
    return (match for notation in notations for match in notation.finditer(classes))


def _its_predecessor(sentence: Sentence, codes: list[RuleCode]) -> Iterator[Fact]:
    """原规则同时废止: the earlier of two editions of one number that stand just before."""
    for old in dict.fromkeys(codes):
        if any(_takes_over(code, old) for code in codes):
            yield Fact(FactType.SUPERSEDES, as_printed(old), sentence.quote())


def _olds(sentence: Sentence, match: re.Match[str]) -> Iterator[Fact]:
    new = set(_things(sentence, match, "new"))
    partial = bool(_PARTLY.search(sentence.tokens.classes, max(0, match.start() - 3), match.end()))
    for thing in _things(sentence, match, "old"):
        if isinstance(thing, RuleCode) and thing not in new:
            yield Fact(FactType.SUPERSEDES, as_printed(thing), sentence.quote(), partial=partial)


def as_printed(code: RuleCode) -> str:
    """Return the edition with the separator before its year that this text prints."""
    if code.year is None or not code.printed:
        return code.edition
    return f"{code.family}{':' if ':' in fold(code.printed) else '-'}{code.year}{code.letter or ''}"


def _has_successor(sentence: Sentence, match: re.Match[str], introduced: list[RuleCode], before: str) -> bool:
    """A repeal counts where the text also says what takes over: a new rule, here or just before."""
    classes = sentence.tokens.classes
    old = _things(sentence, match, "old")
    rest = classes[: match.start("old")] + "¦" + classes[match.end("old") :]
    if _NO_SUCCESSOR.search(rest):
        return False
    if _NEWER.search(sentence.text) or _SUCCESSOR.search(rest) or _NEW_IN_FORCE.search(before):
        return True
    here = [thing for thing in sentence.marked.things if isinstance(thing, RuleCode) and thing not in old]
    return _later([*here, *introduced], old)


def _later(new: list[object], old: list[object]) -> bool:
    return any(_takes_over(one, other) for one in new for other in old)


def _takes_over(new: object, old: object) -> bool:
    if not (isinstance(new, RuleCode) and isinstance(old, RuleCode)):
        return False
    return old.family.number == new.family.number and (new.year or 0) > (old.year or 0)


def _things(sentence: Sentence, match: re.Match[str], group: str) -> list[object]:
    if group not in match.re.groupindex or match[group] is None:
        return []
    starts = sentence.tokens.starts
    found = (sentence.marked.things[starts[index]] for index in range(*match.span(group)))
    return [thing for thing in found if thing is not None]


def _standards(sentence: Sentence, match: re.Match[str], group: str) -> list[StandardRef]:
    return [thing for thing in _things(sentence, match, group) if isinstance(thing, StandardRef)]


def _first_standard(sentence: Sentence | None) -> list[StandardRef]:
    things = sentence.marked.things if sentence else ()
    return [thing for thing in things if isinstance(thing, StandardRef)]


def _changed(sentence: Sentence, introduced: list[StandardRef]) -> Iterator[Fact]:
    classes = sentence.tokens.classes
    if not any(isinstance(thing, StandardRef) for thing in sentence.marked.things):
        return
    for match in _found(_CHANGES, classes):
        if not _NEGATED.search(match[0]):
            partial = bool(_PARTLY.search(match[0]))
            olds = _standards(sentence, match, "old")
            olds = olds[-1:] if _BRACKETED.search(match[0]) else olds
            yield from _pairs(sentence, olds, _standards(sentence, match, "new"), partial)
    for match in _BY_BOTH.finditer(classes):
        before = sentence.marked.things[: sentence.tokens.starts[match.start()]]
        new = [thing for thing in before if isinstance(thing, StandardRef)]
        for one in dict.fromkeys(new):
            yield from _pairs(sentence, _standards(sentence, match, "old"), [one])
    for match in _THIS_REPLACES.finditer(classes):
        yield from _pairs(sentence, _standards(sentence, match, "old"), introduced[:1])
    for match in _BY_IT.finditer(classes):
        yield from _pairs(sentence, _standards(sentence, match, "old"), introduced[:1])
    for match in _MOVES.finditer(classes):
        old, new = (_standards(sentence, match, name) for name in ("old", "new"))
        if [_name(one) for one in old] == [_name(one) for one in new]:
            yield from _pairs(sentence, old, new)
    for match in _found(_VERSIONS, classes):
        yield from _version_pair(sentence, match)
    yield from _repealed_standards(sentence)
    for fact_type, notation in (
        *_JOINED,
        (FactType.STANDARD_DROPPED, _DROPPED),
        (FactType.STANDARD_DROPPED, _SET_ASIDE),
        (FactType.STANDARD_ADDED, _NOTED),
    ):
        for match in notation.finditer(classes):
            for standard in _standards(sentence, match, "list"):
                yield Fact(fact_type, str(standard), sentence.quote())


def _listed_apart(first: Sentence | None, second: Sentence) -> Iterator[Fact]:
    """旧版标准：…； 新版标准：…。 as two sentences or lines."""
    if first is None:
        return
    for one, other in ((_OLD_LIST, _NEW_LIST), (_NEW_LIST, _OLD_LIST)):
        here, there = one.search(first.tokens.classes), other.search(second.tokens.classes)
        if here and there:
            sides = _standards(first, here, "list"), _standards(second, there, "list")
            yield from _pairs(second, *(sides if one is _OLD_LIST else sides[::-1]))


def _repealed_standards(sentence: Sentence) -> Iterator[Fact]:
    """旧标准…废止, where the sentence names the later year of the same standard."""
    standards = [thing for thing in sentence.marked.things if isinstance(thing, StandardRef)]
    for match in _REPEALED_STANDARD.finditer(sentence.tokens.classes):
        for old in _standards(sentence, match, "old"):
            later = [one for one in standards if _name(one) == _name(old) and (one.year or 0) > (old.year or 9999)]
            yield from _pairs(sentence, [old], later[:1]) if later else ()


def _pairs(sentence: Sentence, old: list[StandardRef], new: list[StandardRef], partial: bool = False) -> Iterator[Fact]:
    for before, after in _matched(old, new):
        if before != after and after.year is not None:
            change = StandardChange(str(before), str(after))
            yield Fact(FactType.STANDARD_CHANGE, change, sentence.quote(), partial=partial)


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
    old, new = _things(sentence, match, "old"), _things(sentence, match, "new")
    for standard in _standards(sentence, match, "standard"):
        if old and new and isinstance(old[0], int) and isinstance(new[0], int):
            change = StandardChange(f"{standard.undated}-{old[0]}", f"{standard.undated}-{new[0]}")
            yield Fact(FactType.STANDARD_CHANGE, change, sentence.quote())


def _version_of_rule(sentence: Sentence, match: re.Match[str]) -> Iterator[Fact]:
    old = _things(sentence, match, "old")
    for code in _things(sentence, match, "code"):
        if isinstance(code, RuleCode) and old and isinstance(old[0], int):
            yield Fact(FactType.SUPERSEDES, replace(code, year=old[0], letter=None).edition, sentence.quote())


def _row(sentence: Sentence, pair: Pair) -> Iterator[Fact]:
    old, new = ([thing for thing in side if isinstance(thing, StandardRef)] for side in (pair.old, pair.new))
    yield from _pairs(sentence, old, new)
    if pair.is_lone:
        fact_type = FactType.STANDARD_DROPPED if old else FactType.STANDARD_ADDED
        yield from (Fact(fact_type, str(one), sentence.quote()) for one in (*old, *new))
    for code in pair.old:
        if isinstance(code, RuleCode) and any(isinstance(one, RuleCode) and one != code for one in pair.new):
            yield Fact(FactType.SUPERSEDES, as_printed(code), sentence.quote())


def _misprints(sentence: Sentence) -> Iterator[Fact]:
    """“A”应为“B”: the smallest token that was wrong, as printed."""
    for match in _MISPRINT.finditer(sentence.quote()):
        old, new = _smallest(match["old"], match["new"])
        if old != new and old and new:
            yield Fact(FactType.MISPRINT, StandardChange(old, new), sentence.quote())
    for match in _MISWRITTEN.finditer(sentence.quote()):
        old, new = _smallest(match["old"] or match["wrong"], match["new"] or match["meant"])
        yield Fact(FactType.MISPRINT, StandardChange(old, new), sentence.quote())
    for match in _PLAIN_MISPRINT.finditer(sentence.tokens.classes):
        old, new = (sentence.quote(match.start(name), match.end(name)) for name in ("old", "new"))
        if old != new and "“" not in sentence.quote():
            yield Fact(FactType.MISPRINT, StandardChange(old, new), sentence.quote())


def _smallest(old: str, new: str) -> tuple[str, str]:
    """Cut two printings down to the words in which they differ: dates, codes and numbers whole."""
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return "".join(one).strip(), "".join(other).strip()


_ASIDE = "(?:open [^.;CS]{0,20}? close|T|zz|rule|std|holder){0,2}"


def _list(mark: str) -> str:
    return f"(?:{mark}(?:(?:{_ASIDE} and old? rule?|open [^.;CS]{{0,20}}? close|T)?{mark}){{0,40}})"


_C, _S = _list("C"), _list("S")
_GAP = "[^,.;CS]{0,8}?"
_OF_OLD = "(?:old|de|V|rule|std|T|:|release|requirement|force|zz|P|open|D|may|is){0,4}"
_ADVERB = "(?:will|done|D|at|from|start|zz|is|if){0,4}"
_BEFORE_NEW = "(?:new|std|rule|per|is|by_whom|zz|now_per|use|de){0,4}"
_SUPERSEDES = (
    grammar(rf"(?<!by_whom)(?<!no) replace {_OF_OLD}(?P<old>{_C})"),
    grammar(rf"(?P<old>{_C}){_GAP}{_ADVERB} by_whom {_ADVERB}(?P<new>{_C}|new [^,.;]{{0,5}}?|rule){_ADVERB} replace"),
    grammar(rf"(?P<old>{_C}){_GAP}{_ADVERB} become {_BEFORE_NEW}(?P<new>{_C})"),
    grammar(
        rf"(?P<old>{_C}){_ADVERB}(?:disuse|abolish|no force),(?:become|now_per|force|per|by_whom|use"
        rf"|is){{0,2}}(?P<new>{_C})"
    ),
    grammar(rf"by_whom (?P<old>{_C}) revise"),
    grammar(rf"(?P<old>{_C}){_ADVERB}by_whom (?:zz|new|rule|listed){{1,2}} replace"),
    grammar(rf"old rule?(?:is|:)?(?P<old>{_C})[,;.] new rule?(?:is|:)?(?P<new>{_C})"),
)
_REPEALED = (
    grammar(rf"(?P<old>{_C})[^,.;C]{{0,8}}?(?:abolish|disuse|lapse)"),
    grammar("(?P<old>C) from C force zhiri? start? abolish"),
    grammar(rf"(?:abolish|disuse|stop){_OF_OLD}(?P<old>{_C})"),
)
_NEWER = re.compile("新版|新的?(?:认证|实施)*规则|本规则|本细则|修订后|修订版|本次(?:发布|修订)")
_SUCCESSOR = grammar("replace|release de rule|(?:now_per|per|force|by_whom)(?:zz)?C")
_NEW_IN_FORCE = grammar("(?:new|rule) F? [^.]{0,6}force")
_NO_SUCCESSOR = grammar("(?:no|stop|denied_will|fail)[^,.;]{0,6}?(?:new|replace)")
_NEGATED = grammar("(?:plan|no|fail|denied_will) by_whom? replace|right|wrong")
_PARTLY = grammar("partial")
_CHANGES = (
    grammar(
        rf"(?P<new>{_S}){_GAP}(?<!by_whom)(?<!no){_ADVERB} partial? (?:revise and)? (?:abolish and)?"
        rf" replace partial?{_OF_OLD}(?P<old>{_S})"
    ),
    grammar(rf"(?P<new>{_S})[^.;S]{{0,30}}?,(?:done|will|and|is){{0,2}} partial? replace{_OF_OLD}(?P<old>{_S})(?!is)"),
    grammar(rf"replace{_OF_OLD}(?P<old>{_S})(?:is)(?P<new>{_S})"),
    grammar(rf"(?P<old>{_S}){_ADVERB}now_per std?(?P<new>{_S})"),
    grammar(rf"now_per std?(?P<new>{_S})[^.;S]{{0,10}},disuse (?P<old>{_S})"),
    grammar("become (?P<new>S) open old (?P<old>S) close"),
    grammar("(?P<old>S) open by_whom (?P<new>S) replace close"),
    grammar(rf"(?P<new>S) open replace [^.;]{{0,12}}? partial replace (?P<old>{_S})"),
    grammar(
        rf"(?P<old>{_S})(?:{_GAP}|,[^,.;S]{{0,4}}?std?){_ADVERB} by_whom"
        rf" {_BEFORE_NEW}(?P<new>{_S}){_GAP}{_ADVERB}partial? replace"
    ),
    grammar(
        rf"(?P<old>{_S}){_ADVERB}(?:abolish|disuse|lapse),(?:by_whom|is|per|now_per){{1,2}}(?P<new>{_S}){_GAP}replace?"
    ),
    grammar(rf"(?P<old>{_S})(?!close){_GAP},?{_ADVERB} become {_BEFORE_NEW}(?P<new>{_S})"),
    grammar(rf"old std?(?:is|:)?(?P<old>{_S})[,;.]?(?:if)? new std?(?:is|:)?(?P<new>{_S})"),
    grammar(rf"new std?(?:is|:)?(?P<new>{_S})[,;.]?(?:if)? old std?(?:is|:)?(?P<old>{_S})"),
)
_DROPPED = grammar(rf"(?P<list>{_S})(?:open|[^.;S]{{0,3}}(?:disuse|abolish),?) no replace")
_SET_ASIDE = grammar("(?P<list>S)(?:zz)? disuse (?:basis)?(?=[;.]|$|,(?!by_whom|is|now_per))")
_NOTED = grammar("(?P<list>S) open add close")
_OLD_LIST = grammar(rf"old std?(?:is|:)(?P<list>{_S})")
_NEW_LIST = grammar(rf"new std?(?:is|:)(?P<list>{_S})")
_BRACKETED = grammar("open by_whom")
_THIS_REPLACES = grammar(rf"(?:^|[,;.])(?:zz)?std replace{_OF_OLD}(?P<old>{_S})")
_BY_BOTH = grammar(rf",both_of (?:zz)?replace{_OF_OLD}(?P<old>{_S})")
_BY_IT = grammar(rf"(?P<old>{_S}){_ADVERB}by_whom (?:zz|new|std|listed){{1,2}} replace")
"""…均被其代替: by the standard that the sentence before is about."""

_MOVES = grammar(rf"(?P<old>S)[^.;S]{{1,16}}?(?:to|become|change is|change to) {_BEFORE_NEW}(?P<new>S)")
_RULE_MOVES = grammar(rf"(?P<old>C)[^.;C]{{1,16}}?(?:change is|become|to) {_BEFORE_NEW}(?P<new>C)")
_VERSIONS = (
    grammar(r"(?P<standard>S)[^,.;S]{0,3}? become (?P<new>V) open old is?(?P<old>V) close"),
    grammar(rf"(?P<standard>{_S})std? de?{_ADVERB}(?:by_whom|from)(?P<old>V) std?{_ADVERB} become (?P<new>V)"),
    grammar(rf"(?P<standard>{_S})std? de?(?P<old>V) std?{_ADVERB}(?:by_whom)(?P<new>V) std?{_ADVERB} replace"),
    grammar(rf"(?P<standard>{_S})std? de?(?P<old>V) std?{_ADVERB} become (?P<new>V)"),
)
_IT_BY = grammar("(?:^|[,;])(?P<that>(?:zz|listed)? rule)(?:done|will)? by_whom (?P<new>C)[^,.;]{0,2} replace")
_CODE_VERSIONS = grammar(
    r"(?P<code>C) rule? de?(?:will|done|at|D){0,2}(?:by_whom|from)(?P<old>V)[^,.;]{0,2}? become (?P<new>V)"
)
_VERSION_REPLACED = grammar("(?P<code>C)[^.;C]{0,20} replace (?P<old>V)")
_REPEALED_STANDARD = grammar(r"(?P<old>S)[^,.;S]{0,8}?(?:abolish|lapse)")
_REPEALED_IT = grammar("(?:old|that_day|zz) rule? [^,.;C]{0,6}? abolish")
_JOINED = (
    (
        FactType.STANDARD_ADDED,
        grammar(rf"add (?:quoted|std|zz|per|requirement|done|is|:){{0,3}}(?P<list>{_S})(?!{_GAP}(?:replace|become))"),
    ),
    (
        FactType.STANDARD_DROPPED,
        grammar(rf"drop (?:quoted|std|zz|per|requirement|old|if){{0,3}}(?P<list>{_S})(?!{_GAP}(?:replace|become))"),
    ),
)
_MISPRINT = re.compile(
    r"[“\"「『](?P<old>[^”\"」』“]{1,80})[”\"」』][^“\"」』。]{0,16}?(?:系笔误|有误|错误|误)?[，,]?[^“\"。]{0,6}?"
    r"(?:应为|应当为|更正为|应更正为|应改为|订正为|勘误为|修正为|正确(?:的)?(?:日期|内容|应)?为)\s?[：:]?[“\"「『](?P<new>[^”\"」』“]{1,80})[”\"」』]"
)
_PLAIN_MISPRINT = grammar(
    "(?P<old>S|C|D)(?:[^.;SCD]{0,5}?wrong[,]?[^.;SCD]{0,3}?(?:right|is)|[^,.;SCD]{0,2}?right) (?P<new>S|C|D)"
)
_MISWRITTEN = re.compile(
    r"“(?P<new>[^”“]{1,60})”(?:被)?误[写印标]为“(?P<old>[^”“]{1,60})”|“(?P<wrong>[^”“]{1,60})”[系为]“(?P<meant>[^”“]{1,60})”之误"
)
_TOKEN = re.compile(
    r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日|[A-Z]{2,}(?:/[TZ])?[ -]?[A-Z\d][\w.:：/-]*"
    r"|\d[\d.]*(?:[台个件套年月日项只份]|[a-zA-Z%℃]+)?|\s+|."
)
