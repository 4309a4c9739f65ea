"""Fact: something a machine read and can point to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef


class FactType(StrEnum):
    """The types that are read, each with its meaning for a certificate (docs/facts.md)."""

    PUBLISHED = "published"
    EFFECTIVE = "effective"
    ACCEPTED_FROM = "accepted_from"
    ACCEPTED_UNTIL = "accepted_until"
    TRANSITION_START = "transition_start"
    TRANSITION_END = "transition_end"
    DEADLINE = "deadline"
    SUPERSEDES = "supersedes"
    STANDARD_CHANGE = "standard_change"
    CONSEQUENCE = "consequence"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class StandardChange:
    """One pair of standards, old → new, each as its printed canonical form."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a text.

    `value` is an ISO date (`YYYY-MM` for a month), a symbol for what is not computable
    (`next_surveillance`, `published+30wd`, `effective+6m`, …), a code, a consequence, an action or a
    StandardChange. `quote` is the stretch of the source that states it, verbatim. `sure` is False where the
    reading could be another.
    """

    type: FactType
    value: str | StandardChange
    quote: str
    sure: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the fact as scripts see it."""
        value: Any = self.value
        if isinstance(value, StandardChange):
            value = {"old": value.old, "new": value.new}
        return {"type": self.type.value, "value": value, "quote": self.quote, "sure": self.sure}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Fact":
        """Return the fact that `to_json` wrote."""
        value = content["value"]
        if isinstance(value, dict):
            value = StandardChange(value["old"], value["new"])
        return cls(FactType(content["type"]), value, content["quote"], content["sure"])


@dataclass(frozen=True, slots=True)
class FactReading:
    """All that was read from one text: facts, watched rule codes, standards, codes of neighbours."""

    facts: tuple[Fact, ...] = ()
    codes: tuple[RuleCode, ...] = ()
    standards: tuple[StandardRef, ...] = ()
    others: tuple[str, ...] = ()

    def of_type(self, fact_type: FactType) -> tuple[Fact, ...]:
        """Return the facts of one type, in the order of the text."""
        return tuple(fact for fact in self.facts if fact.type is fact_type)

    def to_json(self) -> dict[str, Any]:
        """Return the reading as `rulewatch facts --json` prints it."""
        return {
            "facts": [fact.to_json() for fact in self.facts],
            "codes": [code.to_json() for code in self.codes],
            "standards": [standard.to_json() for standard in self.standards],
            "others": list(self.others),
        }
