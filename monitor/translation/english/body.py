"""A notice's body, sentence by sentence, in its order: what facts say, what is said otherwise, what awaits.

No sentence is left out: one that nothing says stands in Chinese, in its place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.notation.text import count_han, normalise

FACTS = "facts"
Say = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a notice: the paragraph's number, the Chinese, the English (None: awaits), and who says it.

    `by` is "facts" where the English is what was read from the sentence, "" where it is its translation.
    """

    path: str | None
    zh: str
    en: str | None
    by: str = ""

    def plain_text(self) -> str:
        """Return the sentence as a line."""
        number = f"{self.path} " if self.path else ""
        return f"- {number}{self.en}" if self.en else f"- {number}(Chinese, awaiting translation): {self.zh}"


def say_body(
    paragraphs: Sequence[tuple[str | None, str]],
    split: Callable[[str], Sequence[str]],
    facts: Sequence[tuple[str, str]],
    say: Say,
) -> tuple[Sentence, ...]:
    """Return every sentence of the paragraphs (number, text), said by facts (quote, English) or by `say`."""
    return tuple(_sentence(path, zh, facts, say) for path, text in paragraphs for zh in split(text) if zh.strip())


def paragraphs_of(document: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    """Yield number and text of every paragraph of a document as it is stored, tables row by row."""
    for part in document.get("parts", ()):
        texts = [part.get("heading") or "", *(part.get("body") or "").splitlines()]
        yield from ((part.get("path"), text) for text in texts if text.strip())
        yield from ((None, " | ".join(row)) for table in part.get("tables", ()) for row in table)


def _sentence(path: str | None, zh: str, facts: Sequence[tuple[str, str]], say: Say) -> Sentence:
    bare = normalise(zh)
    read = [(normalise(quote), english) for quote, english in facts if _belongs(normalise(quote), bare)]
    if not read:
        return Sentence(path, zh, say(zh))
    said = " ".join(dict.fromkeys(english for _, english in read))
    if _is_left(bare, [quote for quote, _ in read]):
        whole = say(zh)
        said += f" In full: {whole}" if whole else f" In full (Chinese, awaiting translation): {zh}"
    return Sentence(path, zh, said, FACTS)


def _is_left(sentence: str, quotes: Sequence[str]) -> bool:
    """Return whether a sentence says more than the passages of it that facts were read from."""
    for quote in sorted(quotes, key=len, reverse=True):
        sentence = sentence.replace(quote, "") if quote in sentence else ""
    return count_han(sentence) > MOST_AROUND


def _belongs(quote: str, sentence: str) -> bool:
    return bool(quote) and (quote in sentence or (len(sentence) > SHORT and sentence in quote))


MOST_AROUND = 5
"""Chinese characters around what was read that are only joints of the sentence."""
SHORT = 6
"""A sentence shorter than this inside a quote may be anybody's."""
