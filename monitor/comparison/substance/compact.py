"""A text without its print: one width, no white space, no page numbers, no list markers.

A marker of a list (a), （1）, ①) says where an item begins; which sign it is, changes nothing.
"""

import re
from collections.abc import Iterator

from monitor.notation.text import fold


def compact(text: str) -> tuple[str, list[int]]:
    """The text in one form of width, without white space, page numbers and list markers; and where each sign stood.

    A space stays between two Latin letters or digits, where it keeps them apart.
    """
    folded = fold(text).translate(_SUBSCRIPTS)
    signs: list[str] = []
    places: list[int] = []
    opened = False
    for line in _LINE.finditer(folded):
        if _PAGE_NUMBER.fullmatch(folded, line.start(), line.end()) and "\n" in folded.strip():
            continue
        begin = line.start()
        if not opened and (marker := _MARKER.match(folded, begin, line.end())):
            begin = marker.end()
        opened = folded.count("(", begin, line.end()) > folded.count(")", begin, line.end())
        for run in _runs(folded, begin, line.end()):
            if signs and _keeps_apart(signs[-1][-1], folded[run.start()]):
                signs.append(" ")
                places.append(run.start() - 1)
            signs.append(run[0])
            places.extend(range(run.start(), run.end()))
    return "".join(signs), places


def is_page_number(text: str) -> bool:
    """Return whether the whole text only says which page it stands on."""
    return _PAGE_NUMBER.fullmatch(fold(text)) is not None


def _runs(text: str, begin: int, end: int) -> Iterator[re.Match[str]]:
    """The stretches of a line without white space, and without the markers of items that follow one another in it."""
    for marker in _MARKER_INSIDE.finditer(text, begin, end):
        if text.count("(", begin, marker.start()) <= text.count(")", begin, marker.start()):
            yield from _RUN.finditer(text, begin, marker.start())
            begin = marker.end()
    yield from _RUN.finditer(text, begin, end)


def _keeps_apart(before: str, after: str) -> bool:
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


_LINE = re.compile(r"[^\n]*\S[^\n]*?(?=\s*(?:\n|\Z))")
_RUN = re.compile(r"\S+")
_PAGES = r"第\s*\d+\s*页\s*[,/]?\s*共\s*\d+\s*页"
_PAGE_NUMBER = re.compile(
    rf"""\s*(?:第\s*\d+\s*页|(?:[^。;,\n]{{0,40}}\s)?{_PAGES}(?:\s[^。;,\n]{{0,40}})?|-+\s*\d+\s*-+|\d+\s*/\s*\d+
        |[Pp]age\s*\d+(?:\s*of\s*\d+)?)\s*""",
    re.VERBOSE,
)
"""A line that says which page it is on; the running head may stand beside it."""
_MARKER = re.compile(
    r"""\s*(?:[(]\s?(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})\s?[)]
      | (?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})\s?[)]
      | (?:\d{1,2}|[a-z])\s?[.、](?![\d.])(?!\s?(?:\d|[a-z]\b)) | \d{1,2}\.(?=\s\d+\s?[件台个份套批次家])
      | [一二三四五六七八九十]{1,3}、
      | \d{1,2}(?:\.\d{1,2}){1,4}\.?(?=\s+[\u4e00-\u9fff])
        (?!\s*(?:米|倍|元|吨|克|伏|安|瓦|度|级|万|年|个|次|件|台|以[上下]))
      | 第\s?(?:\d{1,4}|[〇零一二三四五六七八九十百千]{1,6})\s?[章节条款](?=\s)
      | [①-⓿]\s?[.、]? | [·●○■□◆◇▪►*]\s? | -{1,2}(?=[\u4e00-\u9fff])
    )""",
    re.VERBOSE,
)
_MARKER_INSIDE = re.compile(
    r"(?<=[:;。])\s*(?:[(](?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)]|(?:\d{1,2}|[a-z])[)]|[①-⓿])"
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
