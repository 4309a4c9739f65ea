"""What differs between two fetches of one page though nothing was published: counters, session ids, times, tokens.

Told to a person by `rulewatch probe`: whoever compares pages by their bytes must know what changes by itself.
"""

import re
from collections.abc import Iterable

from crawler.pages.charset import decode

_MOST_LINES = 20_000
_TOKEN = re.compile(r"[^<>\n]+|<[^<>\n]*>?|\n")
_KINDS = (
    ("form state (__VIEWSTATE)", re.compile(r"__VIEWSTATE|__EVENTVALIDATION|__VIEWSTATEGENERATOR", re.I)),
    (
        "form token",
        re.compile(r"csrf|xsrf|_token|name=[\"']?token|nonce|authenticity|org\.apache\.struts", re.I),
    ),
    ("session id", re.compile(r"jsessionid|phpsessid|sessionid|session_id|\bsid=|asp\.net_sessionid", re.I)),
    ("visit counter", re.compile(r"浏览|点击|访问|阅读|人次|次数|hits?\b|count|visit|pv\b|click", re.I)),
    (
        "time the page was made",
        re.compile(r"parse_date|generated|cost=|maketime|render|耗时|生成时间|当前时间|server", re.I),
    ),
    (
        "time stamp in an address",
        re.compile(r"[?&](?:v|_|t|ts|time|timestamp|rnd|rand|random|r|ver)=[\w.]+", re.I),
    ),
    ("challenge or statistics script", re.compile(r"_0x|\$_ts|jsl|hm\.baidu|clearance|eval\(", re.I)),
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?|\d{4}[-/年]\d{1,2}[-/月]\d{1,2}|星期[一二三四五六日]")


def unstable_parts(first: bytes, second: bytes) -> tuple[str, ...]:
    """Return what differs between two fetches of a page, named for a person, with a piece of each; empty where
    nothing does."""
    if first == second:
        return ()
    before, after = _pieces(first), _pieces(second)
    found: dict[str, str] = {}
    for old, new, context in _differences(before, after):
        kind = _kind(old, new, context)
        found.setdefault(kind, f"{kind}: {_short(old, new)} became {_short(new, old)}")
    return tuple(found.values()) or ("bytes that are not text (the encoding or line ends differ)",)


def _pieces(data: bytes) -> list[str]:
    return [piece for piece in _TOKEN.findall(decode(data).text.replace("\r\n", "\n")) if piece.strip()][:_MOST_LINES]


def _differences(before: list[str], after: list[str]) -> Iterable[tuple[str, str, str]]:
    """Pairs of pieces that differ, in step; where one page has more pieces, what only it has."""
    if len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                yield old, new, " ".join(before[max(0, index - 4) : index + 1])
        return
    known_before, known_after = set(before), set(after)
    for index, old in enumerate(before):
        if old not in known_after:
            yield old, "", " ".join(before[max(0, index - 4) : index + 1])
    for index, new in enumerate(after):
        if new not in known_before:
            yield "", new, " ".join(after[max(0, index - 4) : index + 1])


def _kind(old: str, new: str, context: str) -> str:
    text = f"{old} {new}"
    for name, pattern in _KINDS:
        if pattern.search(text):
            return name
    if _CLOCK.search(old) and _CLOCK.search(new):
        return "date or time of day"
    for name, pattern in _KINDS[:5]:
        if pattern.search(context):
            return name
    if old.strip().isdecimal() and new.strip().isdecimal():
        return "number"
    return "text" if not text.lstrip().startswith("<") else "markup"


def _short(text: str, other: str) -> str:
    """The part of a piece where it begins to differ, at most 40 characters."""
    if not text:
        return "nothing"
    start = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    start = max(0, start - 12)
    part = " ".join(text[start : start + 40].split())
    return f"“{part}”"
