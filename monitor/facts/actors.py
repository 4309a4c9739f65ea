"""Who acts in a clause: a holder of certificates, the authority, a laboratory, or somebody new who applies."""

from enum import Enum
from functools import lru_cache

from monitor.facts.text.lexicon import Tokens, grammar


class Actor(Enum):
    """The parties of a certification notice; NOBODY where none is named. The digit stands for it in roles.txt."""

    HOLDER = "1"
    AUTHORITY = "2"
    LABORATORY = "3"
    NEWCOMER = "4"
    NOBODY = "0"


def actor_at(tokens: Tokens, index: int) -> Actor:
    """Return who acts at a word: the party named last before it that is no addressee and owns nothing."""
    return next((actor for at, actor in reversed(_actors(tokens)) if at < index), Actor.NOBODY)


@lru_cache(maxsize=256)
def _actors(tokens: Tokens) -> tuple[tuple[int, Actor], ...]:
    found = [match for match in _PARTY.finditer(tokens.classes) if match.lastgroup]
    return tuple((match.end() - 1, Actor[match.lastgroup.upper()]) for match in found if match.lastgroup)


_PARTY = grammar(
    """(?:to|receive|along|per|notice|cooperate|and(?=authority check))(?:zz|and|until|holder|authority|lab
      |adv)*(?:holder|authority|lab)
     |(?:approve|zz)?(?:authority|lab)(?=(?:zz)?(?:issue|release|approve|obtain|take) de|de|open? (?:rule|cert
       |mark|std)|(?:rule|cert|mark)|and|course|outage)
     |(?P<newcomer>newcomer (?:de|zz|cert|apply){0,3}(?:product|holder)?)
     |(?P<laboratory>lab)|(?P<authority>authority)|(?P<holder>holder
       |(?:old|done|obtain) (?:S|C|per|std)* cert|done? obtain product|done obtain)"""
)
