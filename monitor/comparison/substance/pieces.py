"""How each thing that a text may say is printed, and by which value two printings of it are equal.

Everything here works on compact text (compact.py).
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import repeat

from monitor.comparison.substance.quantities import UNIT_PATTERN, read_amount, read_decimal
from monitor.comparison.substance.spelling import PHRASES
from monitor.comparison.substance.tokens import Kind, Token
from monitor.documents.structure.markers import han_value
from monitor.notation.numerals import read_number
from monitor.notation.text import fold


def plain_tokens(text: str, begin: int, end: int) -> Iterator[Token]:
    """Yield the tokens of a stretch of compact text in which no rule code and no standard stands."""
    for match in _PIECE.finditer(text, begin, end):
        group = match.lastgroup
        if group == "plain":
            start, end = match.span()
            yield from map(Token, repeat(Kind.HAN), match[0], range(start, end), range(start + 1, end + 1))
        elif group != "gap":
            yield from _READERS[group or "other"](match)


def canonical_path(printed: str) -> str:
    """Return a clause number as references name it: 第十五条 is 第15条, 附件 2 is 附件2, 3.2. is 3.2."""
    folded = "".join(fold(printed).split()).strip("(").rstrip(".、)")
    return _NUMERALS.sub(_in_digits, folded)


def _in_digits(numeral: re.Match[str]) -> str:
    value = han_value(numeral[0])
    return numeral[0] if value is None else str(value)


def _date(match: re.Match[str]) -> Iterator[Token]:
    numbers = [read_number(part) for part in re.split(r"[年月日号./ -]+", match[0]) if part]
    if len(numbers) == 1 and len(match[0]) == 8 and match[0].isdigit():
        numbers = [int(match[0][:4]), int(match[0][4:6]), int(match[0][6:])]
    year = numbers.pop(0) if "年" in match[0] or len(numbers) == 3 else None
    value = "-".join(["" if year is None else f"{year:04}", *(f"{number or 0:02}" for number in numbers)])
    yield Token(Kind.DATE, value, match.start(), match.end())


def _reference(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.REFERENCE, canonical_path(match[0]), match.start(), match.end())


def _cited(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.REFERENCE, match[0].strip("第条款节章项"), match.start(), match.end())


def _share(match: re.Match[str]) -> Iterator[Token]:
    whole, part = match["whole"], match["part"]
    share = read_decimal(part)
    if whole in ("百", "100", "一百") and share is not None:
        amount = read_amount(part, "%")
    elif whole in ("千", "1000", "一千") and share is not None:
        amount = read_amount(part, "‰")
    else:
        value = f"{read_number(part) or part}/{read_number(whole) or whole}"
        yield Token(Kind.AMOUNT, value, match.start(), match.end())
        return
    if amount is not None:
        yield Token(Kind.AMOUNT, amount.value, match.start(), match.end(), detail=f"{amount.unit} {amount.decimals}")


def _fraction(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.AMOUNT, match[0], match.start(), match.end())


def _half(match: re.Match[str]) -> Iterator[Token]:
    years = read_number(match["years"]) if match["years"] else 0
    yield Token(Kind.AMOUNT, f"{12 * (years or 0) + 6}个月", match.start(), match.end(), detail="年 0")


def _amount(match: re.Match[str]) -> Iterator[Token]:
    number, unit, power = match["number"], match["unit"] or "", match["power"] or ""
    if not unit and "." in number:
        yield Token(Kind.AMOUNT, f"{number}{power}", match.start(), match.end())
        return
    amount = read_amount(number, unit)
    if amount is None:
        yield from _each_sign(match)
        return
    value = f"{amount.value}{power}"
    yield Token(Kind.AMOUNT, value, match.start(), match.end(), detail=f"{amount.unit} {amount.decimals}")


def _range_start(match: re.Match[str]) -> Iterator[Token]:
    """The first number of 5~10件, which shares the unit of the second."""
    amount = read_amount(match["first"], match["last_unit"] or "%")
    if amount is None:
        yield from _each_sign(match)
        return
    yield Token(Kind.AMOUNT, amount.value, match.start(), match.end(), detail=f"{amount.unit} {amount.decimals}")


def _range_joint(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, "~", match.start(), match.end())


def _minus(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, "-", match.start(), match.end())


def _plus_minus(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, "±", match.start(), match.end())


def _area(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.WORD, match[0].replace("2", "²").replace("3", "³"), match.start(), match.end())


def _product(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, "×", match.start(), match.end())


def _comparator(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, _COMPARED[match[0]], match.start(), match.end())


def _after(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, "≥" if "上" in match[0] else "≤", match.start(), match.end(), detail="after")


def _phrase(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.HAN, PHRASES[match[0]], match.start(), match.end())


def _word(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.WORD, match[0].lower() if len(match[0]) > 1 else match[0], match.start(), match.end())


def _roman(match: re.Match[str]) -> Iterator[Token]:
    word = unicodedata.normalize("NFKC", match[0])
    yield Token(Kind.WORD, word.lower() if len(word) > 1 else word, match.start(), match.end())


def _sign(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.SIGN, _SIGNS.get(match[0], match[0]), match.start(), match.end())


def _each_sign(match: re.Match[str]) -> Iterator[Token]:
    for offset, sign in enumerate(match[0]):
        if sign != " ":
            at = match.start() + offset
            yield Token(Kind.HAN, PHRASES.get(sign, sign), at, at + 1)


_READERS = {
    "date": _date,
    "reference": _reference,
    "cited": _cited,
    "share": _share,
    "fraction": _fraction,
    "half": _half,
    "range": _range_start,
    "joint2": _range_joint,
    "amount": _amount,
    "minus": _minus,
    "plusminus": _plus_minus,
    "year_joint": _minus,
    "area": _area,
    "product": _product,
    "compared": _comparator,
    "after": _after,
    "phrase": _phrase,
    "roman": _roman,
    "latin": _word,
    "sign": _sign,
    "other": _each_sign,
}
_DIGIT_SIGNS = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_HAN_NUMBER = f"[{_DIGIT_SIGNS}]"
_NUMERALS = re.compile(f"{_HAN_NUMBER}+")
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
_N12 = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_N31 = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?)"
_DIGITS = r"(?:\d{1,3}(?:[,，\x20]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?(?![.]?\d))"
_NUMBER = rf"(?:{_DIGITS}[十百千]?[万亿]?(?![万亿])|{_HAN_NUMBER}+(?:点{_HAN_NUMBER}+)?)"
_COMPARED = {
    word: sign
    for sign, words in {
        "≥": "≥ ≧ ⩾ >= =>  >或= 大于或等于 大于等于 不小于 不少于 不低于 至少为 至少 最少为 最少 不短于 不早于",
        "≤": "≤ ≦ ⩽ <= =< 小于或等于 小于等于 不大于 不多于 不高于 不超过 至多为 至多 最多为 最多 不长于 不迟于 不晚于",
        ">": "> 大于 多于 高于 超过",
        "<": "< 小于 少于 低于 不足 不满 未满",
    }.items()
    for word in words.split()
}
_WORDS = "|".join(sorted((re.escape(word) for word in _COMPARED), key=len, reverse=True))
_CITING = "|".join(f"(?<={word})" for word in ("本规则", "规则第", *"见按照据合足条款第章行除"))
_CITED = "(?=的?规定|的?要求|所述|中的|的内容|的程序|的条件)"
_SIGNS = {"﹢": "+", "∽": "~", "÷": "/", "至": "~", "到": "~"} | dict.fromkeys("ΦøØ∅", "φ")
_PHRASE = "|".join(sorted((re.escape(phrase) for phrase in PHRASES), key=len, reverse=True))
_FIRST_SIGNS = {word[0] for word in (*PHRASES, *_COMPARED)} | set("第附表图半至到及或以负零正") | set(_DIGIT_SIGNS)
_SPECIAL = "".join(sorted(_FIRST_SIGNS - set("-^")))
"""Signs with which something other than a plain Chinese word may begin."""
_SPELLED = (
    _SPECIAL + "".join({*"".join(PHRASES), *"".join(_COMPARED), *UNIT_PATTERN}) + "的地得了条款项章节编件录分之点份号"
)
TELLING = re.compile("[{}]".format("".join(chr(n) for n in range(0x4E00, 0xA000) if chr(n) not in _SPELLED)))
"""Chinese signs that are part of no other spelling of anything."""
EXACT = re.compile(f"[0-9０-９A-Za-zＡ-Ｚａ-ｚ{_DIGIT_SIGNS}]")
"""Signs of numbers, dates and codes."""
_PIECE = re.compile(
    rf"""
    (?P<plain>(?:(?![{_SPECIAL}])[\u4e00-\u9fff])+)
    | (?P<date>{_YEAR}年(?:{_N12}月(?:份|(?:{_N31}[日号])?))? | {_N12}月{_N31}[日号]
      | (?<![\d.-])(?:19|20)\d\d(?P<joint>[-./])(?:1[0-2]|0?[1-9])(?P=joint)(?:[12]\d|3[01]|0?[1-9])(?![\d.]*\d)
      | (?<![\d.-])20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d.])
      | (?<![\d.〇零一二三四五六七八九十]){_N12}月(?![\u4e00-\u9fff]?均))
    | (?P<reference>第(?:\d{{1,4}}|{_HAN_NUMBER}{{1,6}})[条款项章节编]
      | (?:附件|附录|附表|附图)(?:[A-Z](?:\.\d{{1,2}})*(?![A-Za-z])|\d{{1,2}}(?:\.\d{{1,2}})*
        |[一二三四五六七八九十]{{1,3}}(?![\u4e00-\u9fff]?[份个]))
      | [表图]\d{{1,2}}(?:[-.]\d{{1,2}})*(?!\d)(?![家名个位])
      | [表图][一二三四五六七八九十]{{1,3}}(?![\u4e00-\u9fff]?[份个家名位张]|[览致样般定旦切些并起体经律种类])
      | (?<![A-Za-z])[A-Z](?:\.\d{{1,2}})+(?!\d))
    | (?P<cited>第\d{{1,2}}(?:\.\d{{1,2}})+(?![\d.]*\d)[条款节章项]?
      | (?<![\d.])\d{{1,2}}(?:\.\d{{1,2}}){{2,5}}(?![\d.]*\d)(?!\s?{UNIT_PATTERN})[条款节章项]?
      | (?:{_CITING})\d{{1,2}}(?:\.\d{{1,2}})+(?![\d.]*\d)(?!\s?{UNIT_PATTERN})[条款节章项]?
      | (?<![\d.~±<>≤≥])\d{{1,2}}(?:\.\d{{1,2}})+(?:[条款节章项]|{_CITED}))
    | (?P<share>(?P<whole>[百千十]|\d+|{_HAN_NUMBER}+)分之(?P<part>\d+(?:\.\d+)?|{_HAN_NUMBER}+(?:点{_HAN_NUMBER}+)?))
    | (?P<fraction>(?<![\d/.A-Za-z-])\d{{1,3}}/\d{{1,3}}(?![\d/.]))
    | (?P<half>(?P<years>\d+|{_HAN_NUMBER}+)年半(?![年数成])|(?<![\d第])半年)
    | (?P<compared>(?:{_WORDS})(?=约?为?[±+-]?(?:\d|{_HAN_NUMBER})))
    | (?P<after>[(]含[)]以[上下]|(?:及|或)其?以[上下]|以[上下][(](?:含|包含|含本数|包括)[^()]{{0,6}}[)])
    | (?P<range>(?<![A-Za-z\d.-])(?P<first>{_NUMBER})
        (?=(?:~|至|到|±|-{{1,2}})[+]?(?:(?:{_NUMBER})\s?[)]?(?P<last_unit>{UNIT_PATTERN})|百分之)))
    | (?P<joint2>(?<=[\d%A-Za-z\u4e00-\u9fff])-{{1,2}}(?={_NUMBER}\s?{UNIT_PATTERN}))
    | (?P<minus>(?:负|零下)(?=\d))
    | (?P<amount>(?P<number>{_NUMBER})(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?\s?(?:[)](?=[%°℃A-Za-z]))?(?P<unit>{UNIT_PATTERN})?)
    | (?P<plusminus>[+]/-|正负(?=\d))
    | (?P<year_joint>(?<=[\dA-Za-z])[:-](?=(?:19|20)\d\d(?!\d)))
    | (?P<area>(?<=[/·])(?:mm|cm|dm|m)[23²³](?![A-Za-z\d]))
    | (?P<product>(?<=\d)[x×X*✕](?=\d)|(?<=[\dm]\x20)[xX*](?=\x20?\d)|×)
    | (?P<phrase>{_PHRASE})
    | (?P<roman>[Ⅰ-ⅿ]+)
    | (?P<latin>[A-Za-zα-ωΑ-Ω]+)
    | (?P<sign>[±+=<>≤≥≠≈~至到%‰°/×÷^√∑#@&*⁰¹²³⁴-⁹ΦøØ∅½⅓⅔¼¾−∞] | (?<=[\dA-Za-z])- | -(?=[\dA-Za-z]))
    | (?P<gap>[\s,.;:、。!?"'()\[\]{{}}《》〈〉【】〔〕…·|_—–―~^`、-])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
