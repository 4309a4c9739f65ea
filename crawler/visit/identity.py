"""Identity: which address of today is which of yesterday, learned from two readings and from no list of names.

Rows are matched by title and date. Where the addresses of many matched rows differ in one part and agree in all
others, that part may be volatile: an argument (`?sid`), or a piece of a path (`/s/{}/*.shtml`, where `*` differs from
row to row and `{}` from visit to visit). It is, when that happens twice; once, the site may have moved its addresses.
Pure.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

Row = tuple[str, date | None, str]
"""Title (folded), day, address."""
Pair = tuple[str, str]
_TOKENS = re.compile(r"([/._;=,~!@+-])")
_PLAIN = r"[^/._;=,~!@+-]*"
_LEAST_PAIRS = 3


def pair_rows(before: Sequence[Row], now: Sequence[Row]) -> list[Pair]:
    """Return the old and the new address of each row that two readings share by title and day; rows of one title and
    day are paired in their order, where there are as many of them in both."""
    old, new = _by_subject(before), _by_subject(now)
    return [
        pair
        for subject, urls in new.items()
        if len(old.get(subject, ())) == len(urls)
        for pair in zip(old[subject], urls, strict=True)
    ]


def is_move(pairs: Sequence[Pair], rows: int) -> bool:
    """Whether so many of the rows of a page stand at new addresses that the site changed them; a single row that bears
    the title of an old one may be news."""
    return len(pairs) >= min(_LEAST_PAIRS, rows) and 2 * len(pairs) >= rows


def volatile_parts(pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the parts in which all addresses of matched rows differ while the rest agrees; empty where that does not
    explain the difference, or where without them rows could not be told apart."""
    if not pairs:
        return frozenset()
    found = _volatile_arguments(pairs) | _volatile_path(pairs)
    keys = [stable(old, found) for old, _ in pairs]
    explains = found and all(stable(new, found) == key for (_, new), key in zip(pairs, keys, strict=True))
    return found if explains and len(set(keys)) == len({old for old, _ in pairs}) else frozenset()


def confirmed(parts: Iterable[str], suspected: Iterable[str]) -> frozenset[str]:
    """Return the parts that were suspected before, each path in the words that fit both readings."""
    both = {part for part in parts if part in suspected}
    for part in parts:
        both |= {merged for other in suspected if (merged := _merged(part, other)) is not None}
    return frozenset(both)


def _merged(one: str, other: str) -> str | None:
    first, second = _TOKENS.split(one), _TOKENS.split(other)
    if not (one.startswith("/") and other.startswith("/") and len(first) == len(second)):
        return None
    if any((a == "{}") != (b == "{}") for a, b in zip(first, second, strict=True)):
        return None
    return "".join(a if a == b else "*" for a, b in zip(first, second, strict=True))


def stable(url: str, volatile: frozenset[str]) -> str:
    """Return an address without its volatile parts."""
    if not volatile:
        return url
    parts = urlsplit(url)
    path = parts.path
    for template in sorted(part for part in volatile if part.startswith("/")):
        if found := _pattern(template).fullmatch(path):
            path = "".join("~" if name and name.startswith("v") else text for name, text in _groups(found))
            break
    return urlunsplit(parts._replace(path=path, query=_stable_query(parts.query, volatile)))


def _groups(found: "re.Match[str]") -> list[tuple[str, str]]:
    names = {index: name for name, index in found.re.groupindex.items()}
    return [(names.get(index, ""), found.group(index)) for index in range(1, found.re.groups + 1)]


def _stable_query(query: str, volatile: frozenset[str]) -> str:
    kept = []
    only = [part[6:].split(",") for part in volatile if part.startswith("?only:")]
    for argument in query.split("&"):
        name = argument.partition("=")[0]
        if argument and f"?{name}" not in volatile and all(name in names for names in only):
            kept.append(argument)
    return "&".join(sorted(kept))


@lru_cache(maxsize=200)
def _pattern(template: str) -> "re.Pattern[str]":
    pieces = re.split(r"(\{\}|\*)", template)
    named = {"{}": lambda i: f"(?P<v{i}>{_PLAIN})", "*": lambda i: f"({_PLAIN})"}
    make: Callable[[int, str], str] = lambda i, p: named[p](i) if p in named else f"({re.escape(p)})"  # noqa: E731
    return re.compile("".join(make(index, piece) for index, piece in enumerate(pieces) if piece))


def _by_subject(rows: Iterable[Row]) -> dict[tuple[str, date | None], list[str]]:
    subjects: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    for title, day, url in rows:
        if title and url not in subjects[title, day]:
            subjects[title, day].append(url)
    return subjects


def _volatile_arguments(pairs: Sequence[Pair]) -> frozenset[str]:
    """Arguments of which the value differs in every pair, and those that only one side has; where each side has names
    of its own, all but the common ones."""
    sides = [(_arguments(old), _arguments(new)) for old, new in pairs]
    common = set.intersection(*({*old} & {*new} for old, new in sides))
    names = {name for old, new in sides for name in (*old, *new)}
    differing = {name for name in common if all(old[name] != new[name] for old, new in sides)}
    lone = {name for name in names if any((name in old) != (name in new) for old, new in sides)}
    if all({*old} - {*new} and {*new} - {*old} for old, new in sides):  # the names themselves change
        return frozenset({f"?{name}" for name in differing} | {f"?only:{','.join(sorted(common))}"})
    return frozenset(f"?{name}" for name in differing | lone)


def _arguments(url: str) -> dict[str, str]:
    return {name: value for name, _, value in (one.partition("=") for one in urlsplit(url).query.split("&")) if name}


def _volatile_path(pairs: Sequence[Pair]) -> frozenset[str]:
    """Templates of the paths, one for each build of path, in which some piece differs in every pair."""
    builds: dict[int, list[tuple[list[str], list[str]]]] = defaultdict(list)
    for old, new in pairs:
        before, now = (_TOKENS.split(urlsplit(url).path) for url in (old, new))
        if len(before) != len(now):
            return frozenset()
        builds[len(before)].append((before, now))
    templates = (_template(tokens) for tokens in builds.values())
    return frozenset(template for template in templates if "{}" in template)


def _template(tokens: Sequence[tuple[list[str], list[str]]]) -> str:
    pieces = []
    for place in range(len(tokens[0][0])):
        here = [(old[place], new[place]) for old, new in tokens]
        if all(old == new == here[0][0] for old, new in here):
            pieces.append(here[0][0])
        else:
            pieces.append("*" if all(old == new for old, new in here) else "{}")
    return "".join(pieces)
