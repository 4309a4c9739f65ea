"""What the second look sees: the characters and words around a day, or of a whole sentence, each trait a name.

It knows no roles and no notations; which traits go with which fact is learned from the labelled texts (likeness.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.facts.moments import Moment, letter_of
from monitor.facts.text.lexicon import class_name, tokens_of
from monitor.facts.text.lines import Sentence

_CHARACTERS_BEFORE, _CHARACTERS_AFTER, _WORDS = 24, 30, 16
_STOPS, _CLASS_STOPS = "，；：。！？", ",;:."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: marked title and sentence before it, its number and how many there are."""

    title: str
    before: str
    number: int
    count: int


def traits_of_day(sentence: Sentence, moment: Moment, place: Place, is_alone: bool) -> frozenset[str]:
    """Return the traits of a moment; `is_alone`: its sentence names no other."""
    tokens = sentence.tokens
    start, end = tokens.starts[moment.start], tokens.ends[moment.end - 1]
    return frozenset(
        (
            *_characters(sentence.text[max(0, start - _CHARACTERS_BEFORE) : start], sentence.text[end:]),
            *_words(tokens.classes, moment.start, moment.end, letter_of(moment)),
            *_surroundings(sentence, place),
            f"number {min(place.number, 3)}",
            f"left {min(place.count - place.number, 3)}",
            "alone" if is_alone else "among others",
        )
    )


def traits_of_sentence(sentence: Sentence, place: Place) -> frozenset[str]:
    """Return the traits of a sentence as a whole."""
    classes = sentence.tokens.classes
    return frozenset(
        (
            *(f"g {pair}" for pair in _pairs(sentence.text)),
            *(f"w {_named(classes[at : at + size])}" for size in (1, 2, 3) for at in range(len(classes) - size + 1)),
            *_surroundings(sentence, place),
            *(f"before {class_name(letter)}" for letter in set(tokens_of(place.before).classes)),
            "first" if place.number == 0 else "later",
            f"long {min(len(classes) // 8, 4)}",
            f"ends {sentence.text[-1:]}",
        )
    )


def _characters(before: str, after: str) -> Iterator[str]:
    after = after[:_CHARACTERS_AFTER]
    near, on = _last_clause(before, _STOPS), _first_clause(after, _STOPS)
    yield from (f"b {pair}" for pair in _pairs(near))
    yield from (f"a {pair}" for pair in _pairs(on))
    yield from (f"B {pair}" for pair in _pairs(before[: len(before) - len(near)]))
    yield from (f"A {pair}" for pair in _pairs(after[len(on) :]))
    yield from (f"b1 {before[-1:]}", f"a1 {after[:1]}", f"b2 {before[-2:]}", f"a2 {after[:2]}")


def _words(classes: str, start: int, end: int, letter: str) -> Iterator[str]:
    before, after = classes[max(0, start - _WORDS) : start], classes[end : end + _WORDS]
    near, on = _last_clause(before, _CLASS_STOPS), _first_clause(after, _CLASS_STOPS)
    far, beyond = before[: len(before) - len(near)], after[len(on) :]
    for name, words in (("wb", near), ("wa", on), ("wB", far), ("wA", beyond)):
        yield from (f"{name} {class_name(word)}" for word in words)
        yield from (f"{name} {_named(pair)}" for pair in _pairs(words))
    yield from (f"{letter} wb1 {_named(before[-1:])}", f"{letter} wa1 {_named(after[:1])}", f"day {letter}")
    yield from (f"{letter} wa {class_name(word)}" for word in set(on))
    yield from (f"{letter} wb {class_name(word)}" for word in set(near))


def _surroundings(sentence: Sentence, place: Place) -> Iterator[str]:
    yield from (f"s {pair}" for pair in _pairs(sentence.stem))
    yield from (f"ws {class_name(letter)}" for letter in set(tokens_of(sentence.stem).classes))
    yield from (f"t {class_name(letter)}" for letter in set(tokens_of(place.title).classes))
    yield "row" if sentence.is_row else "prose"


def _pairs(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


@lru_cache(maxsize=8192)
def _named(letters: str) -> str:
    return " ".join(map(class_name, letters))


def _last_clause(text: str, stops: str) -> str:
    return text[max(text.rfind(stop) for stop in stops) + 1 :]


def _first_clause(text: str, stops: str) -> str:
    return text[: min((at for at in map(text.find, stops) if at >= 0), default=len(text))]
