"""Clauses with their frame: who does what to what, in which mode, under which condition.

A clause ends at a comma, colon, semicolon or stop. A clause that ends in 的 or 者, or begins with 如, is a condition
and a node of its own: what it says is supposed, never told.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from monitor.facts.actors import Actor, actor_at
from monitor.facts.text.lexicon import Tokens, grammar, tokens_of
from monitor.facts.text.lines import Sentence


class Mode(StrEnum):
    """How a clause is said."""

    MUST = "must"
    MAY = "may"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Frame:
    """One clause: words begin to end of its sentence."""

    tokens: Tokens
    begin: int
    end: int
    actor: Actor
    mode: Mode
    negated: bool
    is_condition: bool
    is_failing: bool

    @property
    def classes(self) -> str:
        """The classes of the clause."""
        return self.tokens.classes[self.begin : self.end]

    def describe(self) -> str:
        """Return the frame on one line, as --explain prints it."""
        flags = [self.actor.name.lower(), self.mode.value]
        flags += [
            name
            for name, is_so in (("not", self.negated), ("if", self.is_condition), ("failing", self.is_failing))
            if is_so
        ]
        return f"{' '.join(flags)}: {self.tokens.cut(self.begin, self.end).names()}"


@lru_cache(maxsize=64)
def frames_of(sentence: Sentence) -> tuple[Frame, ...]:
    """Return the clauses of a sentence in order."""
    tokens = sentence.tokens
    spans = [match.span() for match in re.finditer("[^,;:.]+", tokens.classes)]
    return tuple(_frame(sentence, begin, end) for begin, end in spans)


def _frame(sentence: Sentence, begin: int, end: int) -> Frame:
    tokens = sentence.tokens
    words = tokens.classes[begin:end]
    deed = _DEED.search(tokens.classes, begin, end)
    actor = actor_at(tokens, deed.start() if deed else end)
    if actor is Actor.NOBODY and sentence.stem:
        above = tokens_of(sentence.stem)
        actor = actor_at(above, len(above.classes))
    mode = Mode.MUST if _MUST.search(words) else Mode.MAY if _MAY.search(words) else Mode.PLAIN
    is_condition = bool(_CONDITION.search(words)) and tokens.classes[end : end + 1] in (",", "", ":")
    return Frame(tokens, begin, end, actor, mode, bool(_NOT.search(words)), is_condition, bool(_FAILING.search(words)))


_DEED = grammar("(?!obtain)@deed|take|@fate|issue")
_MUST = grammar("must|ask")
_MAY = grammar("may")
_NOT = grammar("no|noneed|stop")
_CONDITION = grammar("(?:de|who)$|^if [^,]*during$")
_FAILING = grammar("fail|late|else")
