"""The glossary: terms of certification and names of products, Chinese to English.

`glossary.csv` is data that a person edits: the Chinese, the English, the kind of word (term, product, part, prefix,
unit, wording), its part of speech, where the English comes from, what it must not be called, a note. Names of products
are put together only where every part of them is known; a word-for-word gloss is never made.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from monitor.errors import BadInput
from monitor.notation.text import normalise

KINDS = frozenset({"term", "product", "part", "prefix", "unit", "wording"})
NAMING = ("term", "product", "part")
"""Kinds that name a thing; `wording` (不, 应, 以上) only tells what was exchanged and is no text of its own."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry. `forbidden` are English words that would say something else: "withdrawal" for 暂停."""

    zh: str
    en: str
    kind: str
    pos: str = ""
    source: str = ""
    forbidden: tuple[str, ...] = ()
    note: str = ""


class Glossary:
    """Terms by their Chinese, found whatever the width of its signs; `version` changes when any entry does."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        """Take the terms; raise BadInput where two clash."""
        self.terms = terms
        for fault in clashes(terms):
            raise BadInput(f"glossary.csv: {fault}")
        self._by_kind = {(term.kind, normalise(term.zh)): term for term in terms}
        self.version = hashlib.sha256(repr(terms).encode()).hexdigest()[:12]

    def find(self, zh: str, *kinds: str) -> str | None:
        """Return the English of exactly this Chinese among the kinds given (those that name things when none)."""
        term = self.entry(zh, *kinds)
        return term.en if term else None

    def entry(self, zh: str, *kinds: str) -> Term | None:
        """Return the entry of exactly this Chinese, None where unknown; kinds as for `find`."""
        key = normalise(zh)
        return next((term for kind in kinds or NAMING if (term := self._by_kind.get((kind, key)))), None)

    def product(self, zh: str) -> str | None:
        """Return the English of a product's name, put together from known parts, None where any part is unknown."""
        return self.find(zh, "product", "part") or self._prefixed(zh) or self._listed(zh)

    def terms_in(self, zh: str) -> list[Term]:
        """Return the terms and products that a text names, the longest at each place, in its order."""
        found = (self._named[match[0]] for match in self._anywhere.finditer(normalise(zh)))
        return list(dict.fromkeys(found))

    @cached_property
    def _named(self) -> dict[str, Term]:
        return {normalise(term.zh): term for term in self.terms if term.kind in NAMING and len(term.zh) > 1}

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile("|".join(sorted(map(re.escape, self._named), key=len, reverse=True)) or r"(?!)")

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


def clashes(terms: Iterable[Term]) -> Iterator[str]:
    """Yield what cannot be: a term twice, two names for one thing, and a name that the term's own entry forbids."""
    by_kind: dict[tuple[str, str], Term] = {}
    names: dict[str, Term] = {}
    forbidding = []
    for term in terms:
        key = normalise(term.zh)
        if (term.kind, key) in by_kind:
            yield f'"{term.zh}" stands twice as {term.kind}'
        by_kind[term.kind, key] = term
        other = names.setdefault(key, term)
        if _singular(other.en) != _singular(term.en) and "unit" not in (term.kind, other.kind):
            yield f'"{term.zh}" is "{other.en}" and "{term.en}"'
        if term.forbidden:
            forbidding.append(term)
    for term in by_kind.values():
        yield from (f'"{term.zh}": {fault}' for fault in misnamed(term.zh, term.en, forbidding) if term.kind in NAMING)


def misnamed(zh: str, en: str, terms: Iterable[Term]) -> Iterator[str]:
    """Yield each term of a Chinese text that its English calls by a forbidden name, and not by its own."""
    said = en.lower()
    for term in terms:
        if term.kind not in NAMING or term.zh not in zh or _singular(term.en).lower() in said:
            continue
        for wrong in term.forbidden:
            if wrong.lower() in said:
                yield f'{term.zh} is "{term.en}", never "{wrong}"'


def _singular(en: str) -> str:
    return en.removesuffix("s")


@lru_cache(maxsize=1)
def load_glossary() -> Glossary:
    """Return the glossary that comes with the product."""
    return read_glossary(files(__package__).joinpath("glossary.csv").read_text(encoding="utf-8"))


def read_glossary(text: str) -> Glossary:
    """Return the glossary of a CSV text (zh, en, kind …). Raises BadInput with the row's number."""
    rows = csv.DictReader(io.StringIO(text))
    return Glossary(tuple(_term(row, number) for number, row in enumerate(rows, start=2)))


def faults_of(text: str) -> list[str]:
    """Return everything that is wrong with a glossary's CSV text, a sentence each; empty where it can be used."""
    terms, faults = [], []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            terms.append(_term(row, number))
        except BadInput as reason:
            faults.append(str(reason))
    return faults + list(dict.fromkeys(clashes(terms)))


def _term(row: dict[str, str], number: int) -> Term:
    zh, en, kind, pos, source, note = (
        (row.get(name) or "").strip() for name in ("zh", "en", "kind", "pos", "source", "note")
    )
    if not zh or not en:
        raise BadInput(f"glossary.csv, row {number}: the Chinese or the English is missing")
    if kind not in KINDS:
        raise BadInput(f'glossary.csv, row {number}: "{kind}" is no kind of term (one of {", ".join(sorted(KINDS))})')
    forbidden = tuple(word.strip() for word in (row.get("forbidden") or "").split(";") if word.strip())
    return Term(zh, en, kind, pos, source, forbidden, note)
