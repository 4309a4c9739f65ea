"""Which is the old and which is the new? What a sentence names twice must keep its sides in a translation.

由A调整为B is "from A to B", A代替B is "A replaces B" or "B is replaced by A". Standards, dates and amounts of one unit
keep their order unless the English turns the sentence round; so do old and new, and who does something to whom.
"""

import re
from collections.abc import Iterator, Sequence

from monitor.notation.codes import locate_codes
from monitor.notation.standards import locate_standards
from monitor.translation.english.days import MONTHS
from monitor.translation.machine.concepts import PARTIES
from monitor.translation.machine.names import without_names
from monitor.translation.machine.units import ENGLISH_UNIT, ENGLISH_UNITS

Item = tuple[str, int, int]
"""A value, and where it begins and ends."""


def order_harm(zh: str, en: str) -> Iterator[str]:
    """Yield what has changed sides."""
    yield from _turned("standards", _names(zh), _names(en), zh, en)
    yield from _turned("dates", _days(zh, _CHINESE_DAY), _days(en, _ENGLISH_DAY), zh, en)
    yield from _turned_numbers(_numbers(zh), _numbers(en), en)
    yield from _turned_editions(zh, en)
    yield from _turned_parties(zh, en)


def _turned(what: str, zh_items: Sequence[Item], en_items: Sequence[Item], zh: str, en: str) -> Iterator[str]:
    before, after = _distinct(zh_items), _distinct(en_items)
    if len(before) != len(after) or len(before) != PAIR or {item[0] for item in before} != {item[0] for item in after}:
        return
    same = [item[0] for item in before] == [item[0] for item in after]
    turns = _new_first(_NEW_FIRST_ZH, zh, before) != _new_first(_NEW_FIRST_EN, en, after)
    if same == turns:
        yield f"the {what} have changed sides"


def _new_first(words: re.Pattern[str], text: str, items: Sequence[Item]) -> bool:
    """Whether the words between two items say that the first is the new one."""
    return bool(words.search(text[items[0][2] : items[1][1]]))


def _turned_numbers(zh_items: Sequence[Item], en_items: Sequence[Item], en: str) -> Iterator[str]:
    """Numbers may change places where units tell them apart."""
    before, after = [item[0] for item in zh_items], [item[0] for item in en_items]
    if sorted(before) != sorted(after) or before == after or len(set(before)) == 1:
        return
    units = [_unit_behind(en, item) for item in en_items]
    if "" in units or len(set(units)) < len(units):
        yield "numbers have changed sides"


def _unit_behind(en: str, item: Item) -> str:
    match = ENGLISH_UNIT.match(en, item[2])
    return ENGLISH_UNITS.get(match["unit"].lower(), match["unit"]) if match else ""


def _turned_editions(zh: str, en: str) -> Iterator[str]:
    before, after = _editions(zh, _EDITION_ZH), _editions(en, _EDITION_EN)
    if len(set(before)) == 1 and len(set(after)) == 1 and before[0] != after[0]:
        yield "old and new have changed sides"
    earlier = before.count("old") + len(_EARLIER.findall(zh))
    if after.count("old") > earlier or (earlier and "old" not in before and set(after) == {"new"}):
        yield "old is not in the source"
    if len(set(before)) < PAIR or len(set(after)) < PAIR or _LISTED.search(zh):
        return
    if len({match[1] for match in _HEAD.finditer(zh)}) > 1 and not _NEW_FIRST_ZH.search(zh):
        return
    turns = bool(re.search(r"代替|替代|取代", zh)) and bool(re.search(r"\b(?:replaced|superseded) by\b", en))
    if len(before) == len(after) == PAIR and (before == after) == turns:
        yield "old and new have changed sides"


def _editions(text: str, words: re.Pattern[str]) -> list[str]:
    return ["new" if match["new"] else "old" for match in words.finditer(text)]


def _turned_parties(zh: str, en: str) -> Iterator[str]:
    """Of two parties in one clause, the one that acts is the same."""
    zh, en = without_names(zh), without_names(en)
    before, after = _parties(zh, "zh"), _parties(en, "en")
    names = {name for name, _, _ in before}
    if len(before) > 1 and "的" in zh[before[0][2] : before[1][1]][:OWNED]:
        return
    if len(names) != PAIR or names != {name for name, _, _ in after} or _CLAUSES.search(zh):
        return
    acting = next((item[0] for item in before if zh[item[1] - 1 : item[1]] == "由"), before[0][0])
    by = next((item[0] for item in after if re.search(r"\bby (?:the |a |an |our )?$", en[: item[1]])), after[0][0])
    if acting != by:
        yield "who does it has changed"


def _parties(text: str, side: str) -> list[Item]:
    found: list[Item] = []
    for concept, patterns in PARTIES:
        if pattern := patterns[side]:
            found += [(concept.name, *match.span()) for match in pattern.finditer(text)]
    return sorted(found, key=lambda item: item[1])


def _names(text: str) -> list[Item]:
    named = [(str(at.standard), at.start, at.end) for at in locate_standards(text)]
    named += [(f"{at.code.family}:{at.code.year}{at.code.letter}", at.start, at.end) for at in locate_codes(text)]
    return sorted(named, key=lambda item: item[1])


def _days(text: str, pattern: re.Pattern[str]) -> list[Item]:
    return [(_day(match), *match.span()) for match in pattern.finditer(text)]


def _day(match: re.Match[str]) -> str:
    parts = match.groupdict()
    month = parts.get("m") or parts.get("m1") or parts.get("m2") or ""
    number = MONTHS.index(month) if month in MONTHS else int(month)
    day = parts.get("d") or parts.get("d1") or parts.get("d2") or "0"
    return f"{parts.get('y') or parts.get('y1') or parts.get('y2')}-{number}-{int(day)}"


def _numbers(text: str) -> list[Item]:
    for pattern in (_CHINESE_DAY, _ENGLISH_DAY):
        text = pattern.sub(lambda match: "," * len(match[0]), text)
    for _, start, end in _names(text):
        text = text[:start] + "," * (end - start) + text[end:]
    return [(match[0], *match.span()) for match in re.finditer(r"\d+(?:\.\d+)?", text)]


def _distinct(items: Sequence[Item]) -> list[Item]:
    return list({item[0]: item for item in reversed(items)}.values())[::-1]


PAIR = 2
OWNED = 8
"""Signs within which 的 makes one party the other's: 同一制造商的不同工厂."""
_NEW_FIRST_ZH = re.compile(r"代替|替代|取代(?!为)")
_NEW_FIRST_EN = re.compile(
    r"\b(?:replaces|replacing|supersed(?:es|ing)|tak(?:es|ing) the place of|instead of|in place of|rather than|"
    r"formerly|previously|from)\b",
    re.IGNORECASE,
)
_CHINESE_DAY = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?")
_MONTH = "|".join(MONTHS[1:])
_ENGLISH_DAY = re.compile(
    rf"(?P<d1>\d{{1,2}}) (?P<m1>{_MONTH}),? (?P<y1>\d{{4}})|(?P<m2>{_MONTH}) (?:(?P<d2>\d{{1,2}}), ?)?(?P<y2>\d{{4}})"
)
_EDITION_ZH = re.compile(r"(?P<new>(?<!重)(?<!更)新(?!能源|增))|(?P<old>旧|原(?!因|则|材|理|始))")
_EDITION_EN = re.compile(r"\b(?:(?P<new>new|new-\w+)|(?P<old>old|old-\w+|former|previous|original))\b", re.IGNORECASE)
_EARLIER = re.compile(r"上次|前次|上一|以往|此前|以前|曾")
_HEAD = re.compile(r"[新旧原]版?的?(\w)")
_LISTED = re.compile(r"新旧|旧新|新[^，。；]{0,6}[和或与及、]旧|旧[^，。；]{0,6}[和或与及、]新")
_CLAUSES = re.compile(r"的[，,]|[后时前][，,]|[；;]")
