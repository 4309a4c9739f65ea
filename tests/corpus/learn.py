"""Learn the second look's weights from the labelled texts: python tests/corpus/learn.py [--without ROUND] [--to FOLDER]

Learned from all labelled files and the blind rounds but the fourth, which is held out and stays so. One logistic
regression a fact, by AdaGrad in a fixed order, so that the same texts always give the same weights.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.facts.doubt.sure import places_of
from monitor.facts.doubt.traits import traits_of_day, traits_of_sentence
from monitor.facts.extract import facts_of, look_at
from monitor.facts.moments import Moment, moments_of
from monitor.facts.text.lines import Sentence

CORPUS = Path(__file__).parent
DAYS = ("published", "effective", "accepted_from", "accepted_until", "transition_start", "transition_end", "deadline")
SAID = tuple(
    f"{kind} {value}"
    for kind, values in (
        ("action", ("changeover", "retest", "factory_inspection", "declaration", "none")),
        ("consequence", ("suspension", "withdrawal", "cancellation", "not_accepted")),
    )
    for value in values
)
PLAIN = ("sentences", "notices", *(f"{name}_held_out" for name in (
    "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")))  # fmt: skip
ROUNDS = (1, 2, 3, 5)
EPOCHS, RATE, SHRINK, SEEN, SMALL = 12, 0.06, 1e-4, 2, 0.04


@dataclass(frozen=True)
class Labelled:
    """A text with the (type, value) of every fact that it states."""

    text: str
    published: date | None
    facts: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Example:
    """Traits, whether each fact is stated (1, 0), and whether that is known (1, 0)."""

    traits: frozenset[str]
    stated: tuple[int, ...]
    known: tuple[int, ...]


def plain(name: str) -> Iterator[Labelled]:
    """Yield the texts of a labelled file."""
    for part in yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8")).values():
        for item in part:
            facts = {
                (kind, str(value).rstrip("?")) for kind, values in (item["facts"] or {}).items() for value in values
            }
            yield Labelled(item["text"], item.get("published"), frozenset(facts))


def blind(number: int) -> Iterator[Labelled]:
    """Yield the texts of a blind round."""
    for case in yaml.safe_load((CORPUS / "blind" / f"round{number}.yaml").read_text(encoding="utf-8")):
        facts = {(str(f["type"]), str(f["value"])) for f in case.get("facts") or () if not isinstance(f["value"], dict)}
        yield Labelled(case["text"], _day(case.get("published")), frozenset(facts))


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if value else None


def days(labelled: Iterable[Labelled]) -> Iterator[Example]:
    """Yield an example for each moment."""
    for one in labelled:
        look, known = look_at(one.text, one.published)
        for sentence, place in zip(look.sentences, places_of(look.sentences), strict=True):
            moments = moments_of(sentence, known)
            for moment in moments:
                stated = tuple(int(any((kind, value) in one.facts for value in _values(moment))) for kind in DAYS)
                yield Example(traits_of_day(sentence, moment, place, len(moments) == 1), stated, (1,) * len(DAYS))


def _values(moment: Moment) -> set[str]:
    whens = [when for when in (moment.first, moment.last) if when]
    return {said for when in whens for said in (when.value, when.other, when.eve().value) if said}


def sentences(labelled: Iterable[Labelled]) -> Iterator[Example]:
    """Yield an example for each sentence; where a fact stands in another sentence, this one's part is not known."""
    for one in labelled:
        look, _ = look_at(one.text, one.published)
        quotes: dict[str, list[str]] = {}
        for fact in facts_of(one.text, one.published).facts:
            quotes.setdefault(f"{fact.type.value} {fact.value}", []).append(fact.quote)
        labels = {" ".join(fact) for fact in one.facts}
        for sentence, place in zip(look.sentences, places_of(look.sentences), strict=True):
            alone = len(look.sentences) == 1
            parts = [_part(name, name in labels, quotes, sentence, alone) for name in SAID]
            yield Example(traits_of_sentence(sentence, place), *(tuple(side) for side in zip(*parts, strict=True)))


def _part(name: str, is_label: bool, quotes: dict[str, list[str]], sentence: Sentence, alone: bool) -> tuple[int, int]:
    quote = sentence.quote()
    if not is_label:
        return 0, 1
    if any(quote in one or one in quote for one in quotes.get(name, ())) or (name not in quotes and alone):
        return 1, 1
    return 0, 0


def fit(examples: list[Example]) -> tuple[dict[str, Any], Any]:
    """Return the weights of each trait and the bias."""
    counted = Counter(trait for example in examples for trait in example.traits)
    traits = sorted(trait for trait, count in counted.items() if count >= SEEN)
    numbers = {trait: number for number, trait in enumerate(traits)}
    rows = [np.array(sorted(numbers[t] for t in example.traits if t in numbers), int) for example in examples]
    stated, known = (np.array([getattr(e, name) for e in examples], float) for name in ("stated", "known"))
    weights = np.zeros((len(traits), stated.shape[1]))
    squares, bias = np.full_like(weights, 1e-2), np.zeros(stated.shape[1])
    order = np.random.default_rng(0)
    for _ in range(EPOCHS):
        for at in order.permutation(len(rows)):
            row = rows[at]
            slope = (1 / (1 + np.exp(-(weights[row].sum(0) + bias))) - stated[at]) * known[at]
            step = slope + SHRINK * weights[row]
            squares[row] += step**2
            weights[row] -= RATE * step / np.sqrt(squares[row])
            bias -= 0.05 * slope
    return {trait: weights[numbers[trait]] for trait in traits}, bias


def written(names: tuple[str, ...], weights: dict[str, Any], bias: Any, source: str) -> str:
    """Return a file of weights."""
    lines = [f"# Learned by tests/corpus/learn.py; not written by hand. Texts: {source}", "\t".join(names), _row(bias)]
    lines += [f"{trait}\t{_row(row)}" for trait, row in weights.items() if abs(row).max() >= SMALL]
    return "\n".join(lines) + "\n"


def _row(numbers: Any) -> str:
    return " ".join(f"{number:.2f}".replace("-0.00", "0").replace("0.00", "0") for number in numbers)


def source_of(rounds: tuple[int, ...]) -> str:
    """Return the fingerprint of the texts that are learned from."""
    names = [*(f"{name}.yaml" for name in PLAIN), *(f"blind/round{number}.yaml" for number in rounds)]
    return sha256(b"".join((CORPUS / name).read_bytes() for name in names)).hexdigest()[:16]


def main() -> None:
    """Write both files of weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--without", type=int, nargs="*", default=[])
    parser.add_argument("--to", type=Path, default=CORPUS.parents[1] / "monitor" / "facts" / "doubt")
    asked = parser.parse_args()
    rounds = tuple(number for number in ROUNDS if number not in asked.without)
    texts = [*(text for name in PLAIN for text in plain(name)), *(text for number in rounds for text in blind(number))]
    for file, names, examples in (("days.txt", DAYS, days), ("sentences.txt", SAID, sentences)):
        weights, bias = fit(list(examples(texts)))
        (asked.to / file).write_text(written(names, weights, bias, source_of(rounds)), encoding="utf-8")


if __name__ == "__main__":
    main()
