"""How much harm is shown, and how many right translations are refused: python -m tests.monitor.translation.measure."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator

from monitor.translation.machine.check import find_harm
from tests.monitor.translation.harms import HARMS
from tests.monitor.translation.translations import Sentence, sentences

Check = Callable[[str, str], tuple[str, ...]]


def harmed(part: str) -> Iterator[tuple[str, Sentence, str]]:
    """Yield every harmed translation of a part of the corpus, with its kind."""
    for turn, sentence in enumerate(sentences(part)):
        for reference in sentence.en:
            for kind, harm in HARMS.items():
                said = harm(sentence, reference, turn)
                if said is not None and said not in sentence.en:
                    yield kind, sentence, said


def measure(part: str, check: Check) -> tuple[Counter[str], Counter[str], list[tuple[str, str, tuple[str, ...]]]]:
    """Return by kind how many harmed texts there are and how many pass the check, and the right ones it refuses."""
    asked: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for kind, sentence, said in harmed(part):
        asked[kind] += 1
        shown[kind] += not check(sentence.zh, said)
    right = [(sentence.zh, reference) for sentence in sentences(part) for reference in sentence.en]
    refused = [(zh, en, found) for zh, en in right if (found := check(zh, en))]
    return asked, shown, refused


def main(part: str, verbose: str = "") -> None:
    """Print the measurement of a part."""
    asked, shown, refused = measure(part, find_harm)
    right = 3 * len(sentences(part))
    for kind in HARMS:
        print(f"{kind:40} {shown[kind]:5} shown of {asked[kind]:5}")
    print(f"{'all':40} {shown.total():5} shown of {asked.total():5} = {shown.total() / asked.total():.2%}")
    print(f"right translations refused: {len(refused)} of {right} = {len(refused) / right:.2%}")
    print(f"sentences: {len({sentence.zh for sentence in sentences(part)})}")
    if verbose == "refused":
        seen = set()
        for zh, en, found in refused:
            if (found, zh[-12:]) not in seen:
                seen.add((found, zh[-12:]))
                print(f"{zh}\n    {en}\n    {found}")
    elif verbose:
        seen = set()
        for kind, sentence, said in harmed(part):
            if kind == verbose and not find_harm(sentence.zh, said) and sentence.frame not in seen:
                seen.add(sentence.frame)
                print(f"{sentence.zh}\n    {said}")


if __name__ == "__main__":
    main(*sys.argv[1:])
