"""The labelled corpus as test cases: a text and every fact that it states."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from monitor.facts.fact import DECIDING, Fact, FactReading, StandardChange

CORPUS = Path(__file__).parents[2] / "corpus"
Said = tuple[str, str, bool]
LABELLED = DECIDING
"""The types that these files label; what the later types say of the same texts is labelled in tests/corpus/blind."""


@dataclass(frozen=True)
class Case:
    """One labelled text. `facts` are (type, value, sure)."""

    text: str
    published: date | None
    facts: frozenset[Said]

    def __str__(self) -> str:
        return self.text[:24].replace("\n", " ")


def cases(file: str) -> list[Case]:
    """Return the cases of a file of the corpus, all its parts."""
    parts = yaml.safe_load((CORPUS / file).read_text(encoding="utf-8"))
    return [_case(item) for part in parts.values() for item in part]


def said(reading: FactReading) -> frozenset[Said]:
    """Return what a reading says of the labelled types, in the form of the labels."""
    facts = (fact for fact in reading.facts if fact.type in LABELLED)
    return frozenset((fact.type.value, _value(fact), fact.sure) for fact in facts)


def _value(fact: Fact) -> str:
    if isinstance(fact.value, StandardChange):
        return f"{fact.value.old} → {fact.value.new}"
    return fact.value


def _case(item: dict[str, Any]) -> Case:
    facts = {
        (name, str(value).rstrip("?"), not str(value).endswith("?"))
        for name, values in (item["facts"] or {}).items()
        for value in values
    }
    return Case(item["text"], item.get("published"), frozenset(facts))
