"""How like a day or a sentence is to those that stated a fact in the labelled texts: the second look's opinion.

`days.txt` and `sentences.txt` hold what was learned (tests/corpus/learn.py): a line is a trait (traits.py) and how much
it speaks for each fact, in the order of the first line. The opinion makes no fact; it only makes facts sure or unsure.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import exp

from monitor.facts.doubt.traits import Place, traits_of_day, traits_of_sentence
from monitor.facts.moments import Moment
from monitor.facts.text.lines import Sentence


@dataclass(frozen=True, slots=True)
class Learned:
    """What speaks for what: the facts, how likely each is before anything is seen, and each trait's weights."""

    facts: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    def likeness(self, traits: frozenset[str]) -> dict[str, float]:
        """Return the probability of each fact, between 0 and 1."""
        found = [weights for trait in traits if (weights := self.weights.get(trait))]
        totals = [sum(column) for column in zip(self.bias, *found, strict=True)]
        return dict(zip(self.facts, map(_probability, totals), strict=True))


@lru_cache(maxsize=4096)
def likeness_of_day(sentence: Sentence, moment: Moment, place: Place, is_alone: bool) -> dict[str, float]:
    """Return how likely each dated type of fact is of a moment."""
    return learned("days.txt").likeness(traits_of_day(sentence, moment, place, is_alone))


@lru_cache(maxsize=1024)
def likeness_of_sentence(sentence: Sentence, place: Place) -> dict[str, float]:
    """Return how likely a sentence states each action and consequence (`action retest`)."""
    return learned("sentences.txt").likeness(traits_of_sentence(sentence, place))


@cache
def learned(name: str) -> Learned:
    """Return what a file of weights holds."""
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    facts, bias, *rest = (line for line in lines if not line.startswith("#"))
    entries = (line.rpartition("\t") for line in rest)
    return Learned(tuple(facts.split("\t")), _numbers(bias), {trait: _numbers(said) for trait, _, said in entries})


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split()))


def _probability(total: float) -> float:
    return 1 / (1 + exp(-max(min(total, 30.0), -30.0)))
