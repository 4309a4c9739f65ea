"""Words become classes, and patterns are written over classes.

A clause such as 持证人应于2027年6月30日前完成换证 is read as `holder must at D before finish change`. Which word is
of which class stands in `words.txt`, for a consultant to read and to add to; what classes in a row mean stands in the
notations of the other modules, which `grammar` compiles. Marks of codes, standards, dates and periods (marks.py) are
classes of one capital letter. A class is one character inside, so that a notation is an ordinary expression.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from monitor.facts.text.marks import CITED, CODE, DATE, LAW, OTHER, PERIOD, STANDARD, TITLE, VERSION

MARKS = {"D": DATE, "P": PERIOD, "C": CODE, "S": STANDARD, "O": OTHER, "V": VERSION, "T": TITLE, "L": LAW, "N": CITED}
_STOPS = {"，": ",", "；": ";", "：": ":", "。": ".", "！": ".", "？": "."}
_SKIPPED = frozenset(("adv",))
"""Classes that change nothing about who does what by when; they are left out of what the notations see."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The classes of a marked text, one character a word; word i stands for text[starts[i]:ends[i]]."""

    text: str
    classes: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def at(self, position: int) -> int:
        """Return the index of the first word that begins at or after a place of the text."""
        return bisect_left(self.starts, position)

    def cut(self, begin: int, end: int) -> "Tokens":
        """Return the words from begin to end."""
        return Tokens(self.text, self.classes[begin:end], self.starts[begin:end], self.ends[begin:end])

    def said(self, begin: int, end: int) -> str:
        """Return the text of some words."""
        return self.text[self.starts[begin] : self.ends[end - 1]] if begin < end else ""

    def names(self) -> str:
        """Return the classes by name, as --explain prints them."""
        return " ".join(map(class_name, self.classes))


def class_name(letter: str) -> str:
    """Return the name of a class by its character."""
    return _named().get(letter, letter)


@lru_cache(maxsize=1024)
def tokens_of(text: str) -> Tokens:
    """Return the words of a marked text by class; the longest word wins, what is in no class is one `zz`."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    unknown = _letters()["zz"]
    for start, end, letter in _words(text):
        if letter == unknown and letters and letters[-1] == unknown:
            ends[-1] = end
        elif letter:
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    return Tokens(text, "".join(letters), tuple(starts), tuple(ends))


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    words, unknown = _by_first(), _letters()["zz"]
    position, length = 0, len(text)
    while position < length:
        first = text[position]
        for word, letter in words.get(first, ()):
            if text.startswith(word, position) and not _runs_on(
                word, text[position + len(word) : position + len(word) + 1]
            ):
                yield position, position + len(word), letter
                position += len(word)
                break
        else:
            yield position, position + 1, _plain(first, unknown)
            position += 1


def _runs_on(word: str, following: str) -> bool:
    """CQC in the number of a certificate (CQC24012345678) names nobody."""
    return word.isascii() and word.isalpha() and following.isascii() and following.isdigit()


def _plain(character: str, unknown: str) -> str:
    return _STOPS.get(character) or (character if character in _MARKED else unknown)


@cache
def grammar(notation: str) -> re.Pattern[str]:
    """Compile a notation: names of classes, @groups, `..` anything in the clause, `...` anything in the sentence."""
    return re.compile(_PIECE.sub(_compiled, re.sub(r"\s+", "\x00", notation).replace("\x00", " ")).replace(" ", ""))


def _compiled(match: re.Match[str]) -> str:
    piece = match[0]
    if piece.startswith("(?"):
        return piece
    if piece in _ANY:
        return _ANY[piece]
    if piece.lstrip("@") in GROUPS:
        return f"[{''.join(_letters()[name] for name in GROUPS[piece.lstrip('@')].split())}]"
    return MARKS.get(piece) or _letters()[piece]


GROUPS = {
    "change_work": "change_job change_apply",
    "change": "switch change_job change_apply renew",
    "day": "on_day end_day term",
    "fail": "not_done still_not",
    "test": "trial retrial",
    "report": "any_report test_report",
    "will": "shall plan",
    "use_on": "use keep_use",
    "deed": "finish submit apply sign obtain check switch change_job change_apply renew swap trial retrial inspect "
    "declare",
    "paper": "rule std notice requirement",
    "text": "rule std notice new old",
    "person": "holder who",
    "fate": "suspend withdraw cancel lapse",
    "undo": "stop no",
    "modal": "must ask may",
    "refusal": "stop no",
    "shift": "moved delay",
    "aside": "fee course comment tender holiday outage",
}
_ANY = {"..": "[^,;.:]{0,40}?", "...": "[^.]{0,80}?", "._": "[^,;.:]"}
_PIECE = re.compile(r"\(\?P<[A-Za-z_]+>|\(\?<?[=!:]|\.\.\.|\.\.|\._|@[a-z]+|\b[DPCSOVTLN]\b|[a-z_]{2,}")
_MARKED = frozenset(MARKS.values())


@cache
def _lexicon() -> dict[str, str]:
    """Word → class, as `words.txt` says; a word stands in one class."""
    lines = (files(__package__) / "words.txt").read_text(encoding="utf-8").splitlines()
    return {word: name for name, words in map(_line, filter(_is_entry, lines)) for word in words}


def _is_entry(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _line(line: str) -> tuple[str, list[str]]:
    name, _, words = line.partition(": ")
    return name.strip(), words.split()


@cache
def _letters() -> dict[str, str]:
    """Class → its character; a class whose words change nothing has none."""
    names = dict.fromkeys(["zz", *_lexicon().values()])
    return {name: "" if name in _SKIPPED else chr(0xE100 + index) for index, name in enumerate(names)}


@cache
def _named() -> dict[str, str]:
    return {letter: name for name, letter in _letters().items()} | {letter: name for name, letter in MARKS.items()}


@cache
def _by_first() -> dict[str, tuple[tuple[str, str], ...]]:
    """First character → its words with their characters, longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for word, name in _lexicon().items():
        found.setdefault(word[0], []).append((word, _letters()[name]))
    return {first: tuple(sorted(words, key=lambda item: -len(item[0]))) for first, words in found.items()}
