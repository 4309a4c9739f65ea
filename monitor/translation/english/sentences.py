"""Sentences that certification documents repeat, said in English without any service.

A pattern fits a whole segment or not at all, and every slot in it must be known: a date, a number with its unit,
a code, a product of the glossary. What fits no pattern goes to a translation service, or waits.
"""

import re
from collections.abc import Callable

from monitor.notation.codes import find_codes
from monitor.notation.standards import find_standards
from monitor.notation.text import fold, has_han
from monitor.translation.english.amounts import say_amount
from monitor.translation.english.days import say_day_parts
from monitor.translation.english.glossary import Glossary
from monitor.translation.english.titles import say_list, title_in_english


def say_sentence(zh: str, glossary: Glossary) -> str | None:
    """Return the English of a segment that is a term, a quantity, a title or a known sentence; None otherwise."""
    text = fold(zh).strip()
    numbered = _NUMBERED.match(text)
    if numbered and numbered.end() < len(text) and has_han(text[numbered.end() :]):
        said = _say(text[numbered.end() :].strip(), glossary)
        return f"{_say_number(numbered[0])} {_capital(said)}" if said else None
    return _capital(said) if (said := _say(text, glossary)) else None


def say_path(path: str | None) -> str | None:
    """Return a clause's number in English: 第五条 is "Article 5", 3.2 stays; None where unknown."""
    if path is None:
        return None
    match = _CHINESE_PATH.fullmatch(fold(path).strip())
    if match is None:
        return None if has_han(path) else path
    number = match["number"] or ""
    if not number:
        return None
    noun = _PATH_NOUNS.get(match["noun"] or match["before"] or "", "")
    return f"{noun} {_numeral(number) if has_han(number) else number}".strip()


def _say(text: str, glossary: Glossary) -> str | None:
    if not has_han(text):
        return text
    return _known(text, glossary) or say_path(text) or _patterned(text, glossary)


def _known(text: str, glossary: Glossary) -> str | None:
    """A term, an amount, a product's own name, or a title; a product alone is no title of a rule."""
    bare = text.rstrip(":;,。 ")
    named = glossary.find(bare) or say_amount(text, glossary) or glossary.product(bare)
    return named or (title_in_english(text, glossary) if _TITLED.search(bare) else None)


def _patterned(text: str, glossary: Glossary) -> str | None:
    for pattern, saying in _PATTERNS:
        if match := pattern.fullmatch(text.rstrip("。;")):
            slots = {name: _SLOTS[name](value, glossary) for name, value in match.groupdict().items() if value}
            return saying.format(**slots) if all(slots.values()) else None
    return None


def _say_number(printed: str) -> str:
    number = printed.strip().rstrip(".、)")
    if has_han(number) and re.fullmatch("[一二三四五六七八九十]+", number.strip("(")):
        return f"{_numeral(number.strip('('))}."
    said = say_path(number) or number
    return f"{said})" if printed.rstrip().endswith(")") else said


def _numeral(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    digits = "一二三四五六七八九"
    last = digits.index(ones) + 1 if ones else 0
    return (digits.index(tens) + 1 if tens else 1) * 10 + last if ten else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _date(text: str, _glossary: Glossary) -> str | None:
    return say_day_parts(text)


def _references(text: str, _glossary: Glossary) -> str | None:
    names = [code.printed for code in find_codes(text)] + [str(standard) for standard in find_standards(text)]
    return say_list(names) or None


def _product(text: str, glossary: Glossary) -> str | None:
    return glossary.product(text) or glossary.product(text.removesuffix("产品"))


def _steps(text: str, glossary: Glossary) -> str | None:
    steps = [glossary.find(step.strip(), "term") for step in re.split(r"[+、]", text)]
    return " + ".join(step for step in steps if step) if all(steps) else None


def _end(text: str, _glossary: Glossary) -> str:
    return {"暂停": "suspended", "撤销": "withdrawn", "注销": "cancelled"}[text]


def _sides(text: str, _glossary: Glossary) -> str:
    return "standard" if "标准" in text else "rule"


_SLOTS: dict[str, Callable[[str, Glossary], str | None]] = {
    "day": _date,
    "ref": _references,
    "new": _references,
    "product": _product,
    "quantity": say_amount,
    "steps": _steps,
    "end": _end,
    "side": _sides,
}
_DAY = r"(?P<day>\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d)"
_REF = r"(?P<ref>[A-Z][A-Z0-9 /:.\-]{4,40})"
_QUANTITY = r"(?P<quantity>\d+(?:\.\d+)?\s?\D{0,4})"
_OTHERWISE = r"逾期未完成(?:换证|换版|转换|标准换版|证书转换)的,?(?:我公司|我中心|CCAP|CQC|中心)?(?:将|予以)"
_ADDRESSED = (
    r"(?:各|各位|致)?(?:有关|相关|获证)?(?:企业|单位|组织|持证人|获证组织|获证企业|客户|申请人|认证委托人|机构)"
)
_PATTERNS = tuple(
    (re.compile(pattern), saying)
    for pattern, saying in (
        (rf"{_DAY}", "{day}"),
        (rf"(?:{_ADDRESSED}[、及和]?){{1,3}}[:：]?", "To all concerned:"),
        (r"(?:特此|现予)(?:公告|通知|通告|公布)", "This is hereby announced."),
        (
            r"现(?:就|将)(?:有关|相关|具体)?(?:事项|要求|事宜|内容|情况)(?:公告|通知|通告|说明|明确)如下[:：]?",
            "The particulars are as follows:",
        ),
        (r"其他(?:要求|内容|事项)(?:均)?(?:保持)?不变", "All other requirements remain unchanged."),
        (r"请(?:各)?(?:有关|相关)?(?:企业|单位|组织)?(?:遵照|参照)?执行", "Please comply accordingly."),
        (rf"(?:本|新版)规则自{_DAY}起(?:实施|施行|执行)", "This rule applies from {day}."),
        (rf"实施日期[::]?\s?{_DAY}", "Effective from {day}"),
        (rf"发布日期[::]?\s?{_DAY}", "Published on {day}"),
        (rf"{_DAY}\s?发布", "Published on {day}"),
        (rf"{_DAY}\s?实施", "Effective from {day}"),
        (rf"本规则代替{_REF}", "This rule replaces {ref}."),
        (r"本规则适用于(?P<product>[^,。]{2,40})", "This rule applies to {product}."),
        (
            rf"依据{_REF}获得认证证书的(?:持证人|获证企业|获证组织|组织|企业),?应于{_DAY}前完成(?:换证|换版|证书转换|转换)",
            "Holders of certificates based on {ref} must complete the changeover by {day}.",
        ),
        (_OTHERWISE + r"(?P<end>暂停|撤销|注销)其?认证证书", "Certificates not changed over in time will be {end}."),
        (
            rf"自{_DAY}起,?(?:我公司|我中心)?(?:不再受理|停止受理)依据旧版(?P<side>规则|标准)的认证申请",
            "From {day}, applications under the old edition of the {side} are no longer accepted.",
        ),
        (rf"(?:型式试验)?样品(?:的)?数量为{_QUANTITY}", "The number of samples is {quantity}."),
        (rf"(?:认证)?证书(?:的)?有效期为{_QUANTITY}", "The certificate is valid for {quantity}."),
        (
            r"(?:本产品的)?认证模式为[::]?\s?(?P<steps>[^,。]+)",
            "The certification mode is: {steps}.",
        ),
    )
)
_TITLED = re.compile(r"规则|细则|通知|公告|说明|更正|勘误")
_NUMBERED = re.compile(
    r"\s*(?:附件\s?\d+|第[一二三四五六七八九十\d]+[条章节]|\d+(?:\.\d+){1,5}|\d{1,2}[.、)]|\d{1,2}(?=\s+\D)|\(?[一二三四五六七八九十]+[、)])\s*"
)
_CHINESE_PATH = re.compile(
    r"(?P<ordinal>第)?(?P<before>附件|附录|表)?\s?(?P<number>[一二三四五六七八九十]{1,3}|\d+(?:\.\d+)*|[A-Z])?(?P<noun>条|章|节)?"
)
_PATH_NOUNS = {"条": "Article", "章": "Chapter", "节": "Section", "附件": "Annex", "附录": "Appendix", "表": "Table"}
