"""What replaces what: rules superseded, standards old → new.

Written for marked text, in which a list of codes is `C、C和C`. A pattern names the group `old`, and for standards
`new` too; a list on both sides pairs in order, several old ones with one new one are a merger.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.facts.marks import CODE, DATE, STANDARD, TITLE, VERSION, Marked
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
    if CODE not in sentence.text and not _REPEALED_IT.search(sentence.text):
        return
    here = [thing for thing in sentence.marked.things if isinstance(thing, RuleCode)]
    if _REPEALED_IT.search(sentence.text):
        yield from _its_predecessor(sentence, [*introduced[-3:], *here])
    for pattern in _SUPERSEDES:
        for match in pattern.finditer(sentence.text):
            if not _NEGATED.search(sentence.text[max(0, match.start() - 6) : match.end()]):
                yield from _olds(sentence, match)
    for match in _CODE_VERSIONS.finditer(sentence.text):
        yield from _version_of_rule(sentence, match)
    for match in _RULE_MOVES.finditer(sentence.text):
        yield from _moved_to_rule(sentence, match)
    for pattern in _REPEALED:
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
    if _SUCCESSOR.search(_NO_SUCCESSOR.sub("", rest)):
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
    for pattern in _CHANGES:
        for match in pattern.finditer(sentence.text):
            if not _NEGATED.search(match[0]):
                old = [t for t in _things(sentence, match, "old") if isinstance(t, StandardRef)]
                new = [t for t in _things(sentence, match, "new") if isinstance(t, StandardRef)]
                yield from _pairs(sentence, old, new)
    for match in _MOVES.finditer(sentence.text):
        old, new = (
            [t for t in _things(sentence, match, name) if isinstance(t, StandardRef)] for name in ("old", "new")
        )
        if [_name(t) for t in old] == [_name(t) for t in new]:
            yield from _pairs(sentence, old, new)
    for pattern in _VERSIONS:
        for match in pattern.finditer(sentence.text):
            yield from _version_pair(sentence, match)
    yield from _repealed_standards(sentence)


def _listed_apart(first: Sentence | None, second: Sentence) -> Iterator[Fact]:
    """旧版标准：…； 新版标准：…。 as two sentences or lines."""
    if first is None:
        return
    for one, other in ((_OLD_LIST, _NEW_LIST), (_NEW_LIST, _OLD_LIST)):
        here, there = one.search(first.text), other.search(second.text)
        if here and there:
            old, new = ((first, here), (second, there)) if one is _OLD_LIST else ((second, there), (first, here))
            yield from _pairs(
                second, *([t for t in _things(*side, "list") if isinstance(t, StandardRef)] for side in (old, new))
            )


def _repealed_standards(sentence: Sentence) -> Iterator[Fact]:
    """旧标准…废止, where the sentence names the later year of the same standard."""
    standards = [t for t in sentence.marked.things if isinstance(t, StandardRef)]
    for match in _REPEALED_STANDARD.finditer(sentence.text):
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
    old = next((i for i, head in enumerate(heads) if _OLD_COLUMN.search(head)), None)
    if old is None:
        return None
    others = [i for i in range(len(heads)) if i != old and not _DATE_COLUMN.search(heads[i])]
    new = next((i for i in others if _NEW_COLUMN.search(heads[i])), None)
    new = new if new is not None else next((i for i in others if _ANY_COLUMN.search(heads[i])), None)
    return (old, new) if new is not None else None


def _row(sentence: Sentence, pair: _Pair) -> Iterator[Fact]:
    old, new = ([t for t in side if isinstance(t, StandardRef)] for side in (pair.old, pair.new))
    yield from _pairs(sentence, old, new)
    for code in pair.old:
        if isinstance(code, RuleCode) and any(isinstance(t, RuleCode) and t != code for t in pair.new):
            yield Fact(FactType.SUPERSEDES, _as_printed(code), sentence.marked.quote())


C, S, D, T, V = CODE, STANDARD, DATE, TITLE, VERSION
_JOIN = r"(?:、|和|及|与|以及|或|，以及|，及)"
_ASIDE = rf"(?:（[^（）{C}{S}]{{0,40}}）|{T}|等?(?:[两一二三四五六七八九十\d]+[个项])?(?:认证)?(?:规则|标准)|等)?"


def _list(mark: str) -> str:
    return rf"(?:{mark}{_ASIDE}(?:{_JOIN}?(?:原|旧版)?{mark}{_ASIDE}){{0,40}})"


_REPLACE = r"(?:代替|替代|取代|替换|替换掉|更替)"
_BECOME = (
    r"(?:更新|变更|调整|修订|升级|换版|升版|改版|更改|更换|替换|改版|转换|修改|改|换|转|过渡|切换|整合|合并|修订合并|归并){1,3}(?:并)?"
    r"(?:为|至|到|成|成为)(?:新版(?:标准|规则)?|新标准|新规则)?"
)
_OF_OLD = (
    r"(?:了)?(?:原有的?|原来的?|原先的?|旧版的?|原|旧|现行的?|已有的?|上一版的?|前版的?)?"
    r"(?:\d{4}年(?:发布|颁布|印发|实施)的)?(?:认证|实施|国家|行业|自愿性认证)?(?:\ue006的?)?(?:规则|标准|细则)?(?:编号)?[：|]?"
)
_ADVERB = r"(?:将|已|已经|现|拟|应|同时|分别|相应|统一|全部|于[^，。；]{0,6}|自[^，。；]{0,4}起)*"
_GAP = rf"[^，。；{C}{S}]{{0,16}}"
_SUPERSEDES = (
    re.compile(rf"(?<!被)(?<!不){_REPLACE}{_OF_OLD}(?P<old>{_list(C)})"),
    re.compile(
        rf"(?P<old>{_list(C)}){_GAP}?{_ADVERB}(?:被|由|改由){_ADVERB}(?P<new>{_list(C)}|新版[^，。；]{{0,12}}|本规则){_ADVERB}(?:所)?{_REPLACE}"
    ),
    re.compile(rf"(?:由|从|将)(?:原|原来的|旧版)?(?P<old>{_list(C)}){_GAP}{_BECOME}{_GAP}(?P<new>{_list(C)})"),
    re.compile(rf"(?P<old>{_list(C)}){_ADVERB}{_BECOME}(?P<new>{_list(C)})"),
    re.compile(
        rf"(?P<old>{_list(C)}){_ADVERB}(?:停止使用|不再使用|不再执行|不再适用|不适用|停用)，(?:改为|改用|改按|统一)?(?:执行|使用|采用|按|由)?(?P<new>{_list(C)})"
    ),
    re.compile(rf"(?:以|用){_GAP}?(?P<new>{_list(C)}){_GAP}?{_REPLACE}{_OF_OLD}(?P<old>{_list(C)})"),
    re.compile(
        rf"(?:旧版|原)(?:认证|实施)*规则(?:编号)?(?:为|：)?(?P<old>{_list(C)})[，；。](?:新版|现)(?:认证|实施)*规则(?:编号)?(?:为|：)?(?P<new>{_list(C)})"
    ),
    re.compile(rf"(?P<old>{_list(C)})(?:→|->|⇒|—>)(?P<new>{_list(C)})"),
)
_AT_ONCE = rf"(?:同时|同日|即行|随即|随之|相应|自{D}起|于{D}|自[^，。；]{{0,10}}起|予以|一并|将|即)*"
_REPEALED = (
    re.compile(
        rf"(?P<old>{_list(C)})[^，。；{C}]{{0,12}}?{_AT_ONCE}(?:废止|作废|失效|停止使用|停止执行|终止使用|不再使用)"
    ),
    re.compile(rf"(?:同时|同日|并|一并|相应)(?:将)?(?:废止|停止使用|停止执行|终止使用){_OF_OLD}(?P<old>{_list(C)})"),
)
_SUCCESSOR = re.compile(
    rf"新版|新规则|本规则|本细则|本规范|本次发布|本次修订|修订后|替代|代替|取代|新的认证规则|新实施规则"
    rf"|(?:改按|改用|改由|改为|按照?|依据|执行|由|采用){C}"
)
_NO_SUCCESSOR = re.compile(
    "(?:不再|尚无|暂无|没有|无|未|不)[^，。；]{0,8}(?:新版|新规则|新的认证规则|替代|代替|取代)[^，。；]{0,4}"
)
_NEGATED = re.compile(rf"(?:拟|计划|不|未|尚未|并不|无法|暂不)(?:能|会|再|予)?(?:被)?{_REPLACE}|并行|应为|更正|误")
_CHANGES = (
    re.compile(
        rf"(?P<new>{_list(S)}){_GAP}?(?<!被)(?<!不){_ADVERB}(?:全部|完全|全面|部分)?(?:{_REPLACE}|修订并代替|废止并代替){_OF_OLD}(?P<old>{_list(S)})"
    ),
    re.compile(rf"(?P<new>{S})[^。；{S}]{{0,60}}，(?:并|同时|将|已)?{_REPLACE}{_OF_OLD}(?P<old>{_list(S)})(?!为|成)"),
    re.compile(
        rf"(?:将|把)?(?:替换|更换|修改|变更)(?:引用|依据|认证依据)*标准(?P<old>{_list(S)})[为成](?P<new>{_list(S)})"
    ),
    re.compile(rf"(?P<new>{_list(S)})（[^（）]{{0,12}}?{_REPLACE}{_OF_OLD}(?P<old>{_list(S)})[^（）]{{0,8}}）"),
    re.compile(
        rf"(?P<old>{_list(S)}){_GAP}?{_ADVERB}(?:被|由|改由|为){_ADVERB}(?:新版标准|新版|新标准)?(?P<new>{_list(S)}){_GAP}?{_ADVERB}(?:所)?(?:{_REPLACE})"
    ),
    re.compile(
        rf"(?P<old>{_list(S)})(?:已|将|现)?(?:于{D})?(?:作废|废止|失效|停止使用)，(?:现|改)?(?:被|由|为|以)(?P<new>{_list(S)}){_GAP}?{_REPLACE}"
    ),
    re.compile(rf"(?P<old>{_list(S)}){_GAP}?(?:，现已?)?{_ADVERB}{_BECOME}(?P<new>{_list(S)})"),
    re.compile(rf"(?P<old>{_list(S)})(?:→|->|⇒|—>|=>)(?P<new>{_list(S)})"),
    re.compile(rf"(?:用|以|采用|使用){_GAP}?(?P<new>{_list(S)}){_GAP}?{_REPLACE}{_OF_OLD}(?P<old>{_list(S)})"),
    re.compile(
        rf"(?:旧版?|原)(?:认证)?(?:依据)?标准(?:编号|号)?(?:为|：|是)?(?P<old>{_list(S)})[，；。、]?(?:对应|对应的)?(?:新版?|现)(?:认证)?(?:依据)?标准(?:编号|号)?(?:为|：|是)?(?P<new>{_list(S)})"
    ),
    re.compile(
        rf"新版?(?:认证)?(?:依据)?标准(?:编号|号)?(?:为|：|是)?(?P<new>{_list(S)})[，；。、]?(?:对应|对应的)?(?:旧版?|原)(?:认证)?(?:依据)?标准(?:编号|号)?(?:为|：|是)?(?P<old>{_list(S)})"
    ),
)
_OLD_LIST = re.compile(rf"(?:旧版?|原)(?:认证)?(?:依据)?标准(?:编号|号)?(?:为|：|是)(?P<list>{_list(S)})")
_NEW_LIST = re.compile(rf"新版?(?:认证)?(?:依据)?标准(?:编号|号)?(?:为|：|是)(?P<list>{_list(S)})")
_MOVES = re.compile(
    rf"(?P<old>{S})[^。；、{S}]{{1,40}}?(?:向|(?:转换|换版|更新|变更|更换|换)[为至到成]|过渡到)(?:按照?|依据|符合|满足)?(?:新版标准|新标准)?(?P<new>{S})"
)
_RULE_MOVES = re.compile(
    rf"(?P<old>{C})[^。；、{C}]{{1,40}}?(?:转换|换版|更新|变更|更换|换发|换)[为至到成](?:按照?|依据|符合|满足)?(?P<new>{C})"
)
_VERSIONS = (
    re.compile(rf"(?P<standard>{S})[^，。；{S}]{{0,4}}?{_BECOME}(?P<new>{V})（原(?:为|版本为?)?(?P<old>{V})）"),
    re.compile(rf"(?P<standard>{_list(S)})(?:标准)?的?{_ADVERB}(?:由|从)(?P<old>{V})(?:标准)?{_BECOME}(?P<new>{V})"),
    re.compile(
        rf"(?P<standard>{_list(S)})(?:标准)?的?(?P<old>{V})(?:标准)?{_ADVERB}(?:由|被)(?P<new>{V})(?:标准)?{_ADVERB}{_REPLACE}"
    ),
    re.compile(rf"(?P<standard>{_list(S)})(?:标准)?的?(?P<old>{V})(?:标准)?{_ADVERB}{_BECOME}(?P<new>{V})"),
)
_CODE_VERSIONS = re.compile(
    rf"(?P<code>{C})(?:认证|实施)*(?:规则)?的?{_ADVERB}(?:由|从)(?P<old>{V})[^，。；]{{0,4}}?{_BECOME}(?P<new>{V})"
)
_REPEALED_STANDARD = re.compile(rf"(?P<old>{S})[^，。；{S}]{{0,12}}?{_AT_ONCE}(?:废止|作废|失效)")
_REPEALED_IT = re.compile("(?:原|旧版?|上述)(?:认证|实施)?规则[^，。；]{0,12}?(?:废止|作废)")
_OLD_COLUMN = re.compile(r"旧版?|原标准|原规则|被代替|代替标准|原版|换版前|修订前|现行标准")
_ANY_COLUMN = re.compile(r"标准(?:编?号)?$|规则(?:编?号)?$|^编号$")
_DATE_COLUMN = re.compile(r"日期|时间|期限|时限")
_NEW_COLUMN = re.compile(r"新版?|替代标准|换版后|修订后|现标准|代替后")
