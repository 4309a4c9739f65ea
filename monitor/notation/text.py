"""Text as it is compared and as it is searched.

Two foldings, for two needs. `normalise` says which texts count as the same text: width, dashes, quotes and
spaces of typesetting fall away, everything that carries meaning (digits, superscripts, 应, 不) stays. `fold`
keeps the length, so that whatever is found in the folded text can be quoted from the original by the same offsets.
"""

import re
import unicodedata
from functools import lru_cache

DASHES = "-‐‑‒–—―−﹣－⁃﹘─━ー\u00ad"
COLONS = ":：﹕︰∶ː"
SLASHES = "/／∕⁄＼\\"
TILDES = "~～〜∼˜"
_HAN = re.compile("[\u4e00-\u9fff〇]")
_QUOTES = '"“”„‟″＂「」『』﹁﹂﹃﹄〝〞'
_SINGLE_QUOTES = "'‘’‚‛′＇"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_DOTS = "·•・‧∙⋅･"
_KEPT = "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉½⅓⅔¼¾…"
"""Characters that NFKC would change in meaning: 10² is not 102, ½ is not 1⁄2."""

_SPELLED = {"㎡": "m²", "㎥": "m³", "㎝": "cm", "㎞": "km", "㎏": "kg", "…": "...", "−": "-"}
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻"
    "⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿"
    "肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
"""Radicals of the CJK Radicals Supplement and the characters that they are in print (Unicode 14, the property
Equivalent_Unified_Ideograph): PDFs store 车门见民 as ⻋⻔⻅⺠. Kangxi radicals NFKC folds by itself."""

_LOOK_ALIKE = dict(zip(_RADICALS, _IDEOGRAPHS, strict=True))
_SPACE = re.compile(r"\s+")
_BREAK_INSIDE_NUMBER = re.compile(r"(?<=[0-9])\s+(?=[0-9])|(?<=[A-Za-z])\s+(?=[A-Za-z])")


def normalise(text: str) -> str:
    """Return the text by which two printings of the same words are equal.

    Full-width forms become ASCII, dashes, quotes and tildes one form each, repeated dashes one; white space
    stays (as one space) only between two Latin words or two numbers, where it keeps them apart.
    """
    squeezed = text.translate(_normal_form)
    squeezed = re.sub(r"-{2,}", "-", squeezed)
    return _SPACE.sub("", _BREAK_INSIDE_NUMBER.sub("\x00", squeezed)).replace("\x00", " ")


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Return the text with width, dashes, colons, slashes and spaces folded, of exactly the same length.

    Letters keep their case; line breaks stay; every other white space and invisible character is one space.
    """
    return text.translate(_search_form)


def has_han(text: str) -> bool:
    """Return whether the text contains a Chinese character."""
    return _HAN.search(text) is not None


def count_han(text: str) -> int:
    """Return how many Chinese characters the text contains."""
    return len(_HAN.findall(text))


class _NormalForm(dict[int, str]):
    """Character → what it counts as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = form = _normal(chr(code))
        return form


class _SearchForm(dict[int, str]):
    """Character → one character that patterns are written in."""

    def __missing__(self, code: int) -> str:
        self[code] = form = _searched(chr(code))
        return form


def _normal(character: str) -> str:
    if (character in _KEPT and character not in _SPELLED) or "①" <= character <= "⓿":
        return character
    for members, form in _CLASSES:
        if character in members:
            return form
    return _LOOK_ALIKE.get(character) or _SPELLED.get(character) or unicodedata.normalize("NFKC", character)


def _searched(character: str) -> str:
    if character in "\r\n\u2028\u2029\v\f\x85":
        return "\n"
    if character in _INVISIBLE or character.isspace():
        return " "
    form = _normal(character)
    return form if len(form) == 1 else character


_CLASSES = (
    (DASHES, "-"),
    (COLONS, ":"),
    (SLASHES, "/"),
    (TILDES, "~"),
    (_QUOTES, '"'),
    (_SINGLE_QUOTES, "'"),
    (_INVISIBLE, ""),
    (_DOTS, "·"),
    ("〇○◯〇", "〇"),
    ("｡", "。"),
)
_normal_form = _NormalForm()
_search_form = _SearchForm()


@lru_cache(maxsize=1)
def ascii_upper() -> dict[int, int]:
    """Return the table that makes a-z A-Z and touches nothing else, so that lengths stay."""
    return {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}
