"""Chinese numerals and quantities: 二〇二六, 十五, 廿三, 两, 半, 3.5万, and the units they count.

Certification texts write the same number in Arabic digits, full-width digits, digit by digit (二〇二六) or
positionally (一百二十). Everything here works on folded text (`text.fold`), which keeps offsets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from monitor.notation.text import fold

DIGITS = "〇零一二三四五六七八九"
NUMERAL = "[〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟廿卅]"
"""A character of a Chinese numeral, for patterns."""

NUMBER = rf"(?:\d{{1,6}}|{NUMERAL}{{1,9}})"
"""A whole number in either writing, for patterns on folded text."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, and where it stands: text[start:end]."""

    start: int
    end: int
    number: Decimal
    unit: str


def read_number(printed: str) -> int | None:
    """Return the whole number that `printed` writes in either writing, or None where it writes none."""
    text = re.sub(r"\s+", "", fold(printed))
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or not re.fullmatch(rf"{NUMERAL}+", text):
        return None
    if all(character in DIGITS for character in text):
        return int("".join(str(max(DIGITS.index(character) - 1, 0)) for character in text))
    return _positional(text)


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers with units that the text states (3件, 三个月, 30个工作日, 5%), in order."""
    return tuple(_quantities(fold(text)))


def _quantities(folded: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(folded):
        number = _decimal(match["arabic"]) if match["arabic"] else _whole(match["chinese"])
        if number is not None:
            yield Quantity(match.start(), match.end(), number, re.sub(r"\s+", "", match["unit"]))


def _decimal(printed: str) -> Decimal | None:
    try:
        return Decimal(printed)
    except InvalidOperation:
        return None


def _whole(printed: str) -> Decimal | None:
    number = read_number(printed)
    return None if number is None else Decimal(number)


def _positional(text: str) -> int | None:
    from cn2an import cn2an  # it takes a third of a second to load, and few commands spell a number

    spelled = text.replace("廿", "二十").replace("卅", "三十").replace("〇", "零")
    try:
        return int(cn2an(spelled, "smart"))
    except (ValueError, KeyError, TypeError):
        return None


_UNITS = (
    "个工作日|工作日|个自然日|自然日|个月|个小时|小时|分钟|季度|周|天|日|年|月|倍|次|件|套|台|只|条|张|份|批|个|项|组|"
    "mm|cm|km|kg|kPa|MPa|kW|kV|mA|ms|min|dB|Hz|℃|°C|%|‰|m/s|m|g|s|h|N|V|A|W"
)
_QUANTITY = re.compile(
    rf"(?<![\d.A-Za-z-])(?:(?P<arabic>\d{{1,12}}(?:\.\d{{1,6}})?)|(?P<chinese>(?<!第){NUMERAL}{{1,9}}))\s?"
    rf"(?P<unit>{_UNITS})(?![A-Za-z])"
)
