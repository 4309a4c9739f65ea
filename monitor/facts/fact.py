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
    MEASURE = "measure"
    VALIDITY = "validity"
    PENDING = "pending"
    MARK = "mark"
    WAIVED = "waived"
    STANDARD_ADDED = "standard_added"
    STANDARD_DROPPED = "standard_dropped"
    MISPRINT = "misprint"


DECIDING = frozenset(tuple(FactType)[: tuple(FactType).index(FactType.MEASURE)])
"""The types by which changes are told apart, matched and told again; the others only say more of the same text."""


@dataclass(frozen=True, slots=True)
class StandardChange:
    """One pair, old → new: of standards each in its canonical form, of a misprint each as printed."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a text.

    `value` is an ISO date (`YYYY-MM` for a month), a symbol for what is not computable
    (`next_surveillance`, `published+30wd`, `effective+6m`, …), a code, a consequence, an action or a
    StandardChange. `quote` is the stretch of the source that states it, verbatim. `sure` is False where the
    reading could be another. The keys say more where the type has them, and are None or False where it has not:
    `deed` (of a deadline: apply, complete, test, declare, other), `whose` (rule, standard, holder, authority,
    laboratory), `on` (the day of a measure or of the end of a mark), `until` (how long certificates stay valid),
    `partial` (of what is replaced only in part).
    """

    type: FactType
    value: str | StandardChange
    quote: str
    sure: bool = True
    deed: str | None = None
    whose: str | None = None
    on: str | None = None
    until: str | None = None
    partial: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the fact as scripts see it; a key that a fact has not is left out, `until` of validity may be null."""
        value: Any = self.value
        if isinstance(value, StandardChange):
            value = {"old": value.old, "new": value.new}
        keys = {"deed": self.deed, "whose": self.whose, "on": self.on, "until": self.until}
        said: dict[str, Any] = {name: key for name, key in keys.items() if key is not None}
        if self.type is FactType.VALIDITY:
            said["until"] = self.until
        if self.partial:
            said["partial"] = True
        return {"type": self.type.value, "value": value, "quote": self.quote, "sure": self.sure, **said}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Fact":
        """Return the fact that `to_json` wrote."""
        value = content["value"]
        if isinstance(value, dict):
            value = StandardChange(value["old"], value["new"])
        keys = {name: content.get(name) for name in ("deed", "whose", "on", "until")}
        partial = content.get("partial", False)
        return cls(FactType(content["type"]), value, content["quote"], content["sure"], **keys, partial=partial)


@dataclass(frozen=True, slots=True)
class Named:
    """A date that is no fact but is understood: `role` says what it is (docs/facts.md, "Named and unexplained")."""

    text: str
    quote: str
    role: str

    def to_json(self) -> dict[str, str]:
        """Return it as scripts see it."""
        return {"text": self.text, "quote": self.quote, "role": self.role}


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A date, code or standard whose part in the text was not understood, with the sentence that prints it."""

    text: str
    quote: str

    def to_json(self) -> dict[str, str]:
        """Return it as scripts see it."""
        return {"text": self.text, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class FactReading:
    """All that was read from one text: facts, watched rule codes, standards, codes of neighbours, and what is left.

    Every date, code and standard is quoted by a fact, `named` with its role, or `unexplained`.
    """

    facts: tuple[Fact, ...] = ()
    codes: tuple[RuleCode, ...] = ()
    standards: tuple[StandardRef, ...] = ()
    others: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    unexplained: tuple[Unexplained, ...] = ()

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
            "named": [named.to_json() for named in self.named],
            "unexplained": [left.to_json() for left in self.unexplained],
        }
