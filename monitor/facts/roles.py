"""Which part a day plays: one scored table of roles (roles.txt) over the words around it.

Every clause that a moment governs is a piece: who acts, the words before the moment, its letter, the words after it.
All lines of the table are tried; the role with the highest score wins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from monitor.facts.actors import Actor
from monitor.facts.text.lexicon import Tokens, grammar

NEARLY = 1
"""How many points a second role may be behind the best and still make it unsure."""

_FAR = 48
"""Words before and after a moment that are looked at, so that time stays linear."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A moment with one clause that it governs: the words before it, after it, and whose deed the clause tells."""

    letter: str
    before: str
    after: str
    actor: Actor
    sentence: str
    stem: str

    @property
    def shape(self) -> str:
        """What the notations of roles.txt are tried on."""
        return f"{self.actor.value}{self.before[-_FAR:]}{self.letter}{self.after[:_FAR]}"


@dataclass(frozen=True, slots=True)
class Scored:
    """A role with its score."""

    role: str
    score: int


@lru_cache(maxsize=4096)
def roles_of(piece: Piece) -> tuple[Scored, ...]:
    """Return the roles that fit a piece, the best first, each once."""
    shape = piece.shape
    best: dict[str, int] = {}
    for line in _table():
        if line.score > best.get(line.role, 0) and line.fits(shape, piece):
            best[line.role] = line.score
    ranked = sorted(best.items(), key=lambda item: -item[1])
    return tuple(Scored(role, score) for role, score in ranked)


@dataclass(frozen=True, slots=True)
class _Line:
    role: str
    score: int
    notation: re.Pattern[str]
    beside: tuple[tuple[str, bool, re.Pattern[str]], ...]

    def fits(self, shape: str, piece: Piece) -> bool:
        if not self.notation.search(shape):
            return False
        return all(
            bool(notation.search(piece.sentence if where == "sentence" else piece.stem)) is wanted
            for where, wanted, notation in self.beside
        )


@cache
def _table() -> tuple[_Line, ...]:
    return tuple(_lines())


def _lines() -> Iterator[_Line]:
    parts: dict[str, str] = {}
    for entry in (files(__package__) / "roles.txt").read_text(encoding="utf-8").splitlines():
        if entry.startswith("%"):
            name, _, notation = entry.partition(" ")
            parts[name] = _filled(notation, parts)
        elif entry and not entry.startswith("#"):
            head, _, rest = entry.partition(": ")
            role, _, score = head.partition(" ")
            first, *beside = re.split(r" (?=&)", rest)
            yield _Line(
                role, int(score), grammar(_filled(first, parts)), tuple(_beside(item, parts) for item in beside)
            )


def _beside(item: str, parts: dict[str, str]) -> tuple[str, bool, re.Pattern[str]]:
    sign, where, notation = item.split(" ", 2)
    return where, sign == "&", grammar(_filled(notation, parts))


def _filled(notation: str, parts: dict[str, str]) -> str:
    return re.sub(r"%[a-z]+", lambda name: parts[name[0]], notation)


def shape_of(tokens: Tokens, places: list[tuple[int, int, str]]) -> str:
    """Return the classes of a sentence with each moment as one letter."""
    pieces: list[str] = []
    position = 0
    for start, end, letter in places:
        pieces += [tokens.classes[position:start], letter]
        position = end
    return "".join([*pieces, tokens.classes[position:]])
