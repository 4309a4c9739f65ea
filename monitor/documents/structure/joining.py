"""Two pieces of text that typesetting took apart, put together as Chinese text needs it.

No space between Chinese characters, one between Latin words; a code, standard or number that was broken over lines
(GB 14166- / 2013) comes back whole.
"""

import re

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f“”‘’…—①-⓿]")
_BROKEN_AFTER = re.compile(r"(?:[A-Za-z0-9][-－—–/:：.．]|[A-Z]{2,}/)$")
_CODE_HEAD = re.compile(r"(?:^|[^A-Za-z])(?:GB|QC|JB|HJ|YD|SJ|CCAP|CQC)(?:/[TZ])?$")


def join(first: str, second: str) -> str:
    """Return the two pieces as one text."""
    before, after = first.rstrip(), second.lstrip()
    if not before or not after:
        return before or after
    return before + _gap(before, after, len(first) > len(before)) + after


def _gap(before: str, after: str, had_space: bool) -> str:
    if _WIDE.match(before[-1]) or _WIDE.match(after[0]):
        return " " if had_space and _CODE_HEAD.search(before) else ""
    if _BROKEN_AFTER.search(before) and after[0].isalnum() and not _ends_words(before, after):
        return ""
    if after[0] in "-－—–/:：.,;)]%" or before[-1] in "([":
        return ""
    if before[-1].isdigit() and after[0].isdigit():
        return " " if had_space else ""
    return " "


def _ends_words(before: str, after: str) -> bool:
    """A full stop or colon between Latin words ends something; between digits it was inside a number."""
    return before[-1] in ".．:：" and not (before[-2].isdigit() and after[0].isdigit())
