"""Amounts: a number with what stands behind it, told apart by grammar.

3月 is March and 3个月 three months; 2026年 is a year and 2年 two years; 每月15日前 names a day and 15日内 counts days;
每年1次 is "1 time" and 10000次 of a test are cycles. What the words around an amount do not settle stays Chinese.
"""

import re
from dataclasses import dataclass

from monitor.notation.text import fold, has_han
from monitor.translation.english.glossary import Glossary
from monitor.translation.language import say, say_term, spell_month


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as printed, its sign, its unit, and the words before and after it."""

    sign: str
    number: str
    unit: str
    before: str = ""
    after: str = ""


def say_amount(zh: str, glossary: Glossary, before: str = "", after: str = "") -> str | None:
    """Return `5件` as "5 pieces", None where it is no number with a known unit or its words settle no reading.

    `before` and `after` are what stands around it in its sentence; empty for a cell or a text of its own.
    """
    match = _AMOUNT.fullmatch(fold(zh).strip())
    if match is None:
        return None
    amount = Amount(match["sign"] or "", match["number"], match["unit"].strip(), fold(before), fold(after))
    if not amount.unit:
        return amount.sign + amount.number
    reader = _BY_GRAMMAR.get(amount.unit)
    return reader(amount, glossary) if reader else _measure(amount, glossary)


def _measure(amount: Amount, glossary: Glossary, unit: str | None = None) -> str | None:
    known = unit or glossary.find(amount.unit, "unit") or (None if has_han(amount.unit) else amount.unit)
    if known is None:
        return None
    is_word = has_han(amount.unit)
    single = known.removesuffix("s") if is_word and amount.number == "1" else known
    sign = amount.sign.replace("−", "-")
    return f"{sign}{amount.number} {say_term(single) if is_word else single.replace('℃', '°C')}"


def _year(amount: Amount, glossary: Glossary) -> str | None:
    return amount.number if re.fullmatch(r"(?:19|20)\d\d", amount.number) else _measure(amount, glossary)


def _month(amount: Amount, glossary: Glossary) -> str | None:
    if _DURING.match(amount.after):
        return _measure(amount, glossary)
    return spell_month(int(amount.number)) if re.fullmatch(r"0?[1-9]|1[0-2]", amount.number) else None


def _day(amount: Amount, glossary: Glossary) -> str | None:
    if _DURING.match(amount.after) or _COUNTED.search(amount.before):
        return _measure(amount, glossary)
    if amount.before.endswith("月") and 1 <= float(amount.number) <= 31:
        return say("day {number} of the month", number=amount.number)
    return None


def _times(amount: Amount, glossary: Glossary) -> str | None:
    """A frequency (每年2次) is counted in times, the endurance of a part in cycles."""
    if re.search(r"每[^,。;]{0,12}$", amount.before) or re.match(r"[/每]", amount.after):
        return _measure(amount, glossary, "times")
    if _CYCLES.search(f"{amount.before}{amount.after}") or float(amount.number) >= MANY:
        return _measure(amount, glossary, "cycles")
    return None


MANY = 100
"""So often nothing is inspected or surveyed in a year: a count of test cycles."""
_DURING = re.compile(r"以?内|之内|以上|期满|期限|的?期间")
_COUNTED = re.compile(r"(?:满|达|不超过|不少于|不多于|至少|期限为|时限为|为期|间隔|提前|持续|历时)$")
_CYCLES = re.compile(r"循环|耐久|寿命|插拔|开关|操作|弯曲|折叠|开闭|往复|冲击|振动|试验|启闭|疲劳")
_AMOUNT = re.compile(r"(?P<sign>[-−±+≥≤<>])?\s?(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>\D{0,4})")
_BY_GRAMMAR = {"年": _year, "月": _month, "月份": _month, "日": _day, "号": _day, "次": _times}
