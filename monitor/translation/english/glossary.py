"""The glossary: terms of certification and names of products, Chinese to English.

`glossary.csv` is data that a person edits: `zh`, `en` and a note whose first word says what the term is (term, product,
part, prefix, unit, wording). Names of products are put together only where every part of them is known; a word-for-word
gloss is never made.
"""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from monitor.errors import BadInput
from monitor.notation.text import normalise

KINDS = frozenset({"term", "product", "part", "prefix", "unit", "wording"})


@dataclass(frozen=True, slots=True)
class Term:
    """One entry: what is said in Chinese, how it is said in English, and what kind of word it is."""

    zh: str
    en: str
    kind: str
    note: str = ""


class Glossary:
    """Terms by their Chinese, found whatever the width of its signs; `version` changes when any entry does."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        """Take the terms; raise BadInput where one stands twice."""
        self.terms = terms
        self._by_kind: dict[tuple[str, str], Term] = {}
        for term in terms:
            key = (term.kind, normalise(term.zh))
            if key in self._by_kind:
                raise BadInput(f'glossary.csv: "{term.zh}" stands twice as {term.kind}')
            self._by_kind[key] = term
        self.version = hashlib.sha256(repr(terms).encode()).hexdigest()[:12]

    def find(self, zh: str, *kinds: str) -> str | None:
        """Return the English of exactly this Chinese among the kinds given (all when none), None where unknown."""
        key = normalise(zh)
        for kind in kinds or ("term", "product", "part", "wording"):
            if term := self._by_kind.get((kind, key)):
                return term.en
        return None

    def product(self, zh: str) -> str | None:
        """Return the English of a product's name, put together from known parts, None where any part is unknown."""
        return self.find(zh, "product", "part") or self._prefixed(zh) or self._listed(zh)

    def _prefixed(self, zh: str) -> str | None:
        for length in range(min(len(zh) - 1, 8), 0, -1):
            prefix, part = self.find(zh[:length], "prefix"), self.find(zh[length:], "part")
            if prefix and part:
                return f"{prefix} {part}"
        return None

    def _listed(self, zh: str) -> str | None:
        names = [name for name in re.split(r"[、和及与]", zh) if name]
        if len(names) < 2:
            return None
        known = [self.find(name, "product", "part") or self._prefixed(name) for name in names]
        said = [name for name in known if name]
        return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) == len(names) else None


@lru_cache(maxsize=1)
def load_glossary() -> Glossary:
    """Return the glossary that comes with the product."""
    return read_glossary(files(__package__).joinpath("glossary.csv").read_text(encoding="utf-8"))


def read_glossary(text: str) -> Glossary:
    """Return the glossary of a CSV text with the columns zh, en and note. Raises BadInput with the row's number."""
    rows = csv.DictReader(io.StringIO(text))
    return Glossary(tuple(_term(row, number) for number, row in enumerate(rows, start=2)))


def _term(row: dict[str, str], number: int) -> Term:
    zh, en = (row.get("zh") or "").strip(), (row.get("en") or "").strip()
    kind, _, note = (row.get("note") or "term").partition(";")
    if not zh or not en:
        raise BadInput(f"glossary.csv, row {number}: the Chinese or the English is missing")
    if kind.strip() not in KINDS:
        raise BadInput(f'glossary.csv, row {number}: "{kind}" is no kind of term (one of {", ".join(sorted(KINDS))})')
    return Term(zh, en, kind.strip(), note.strip())
