"""Subject: what a change is about, as its sentences name it."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.changes.change import Change, ChangeKind
from monitor.facts.fact import Fact, FactType
from monitor.translation.english.days import say_last_day
from monitor.translation.english.titles import RuleTitle, say_list

AUTHORITIES = {
    "cqc": "China Quality Certification Centre",
    "ccap": "China Certification Centre for Automotive Products",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A change and the English of its rule's title; `rule` is None where that title has no English yet."""

    change: Change
    rule: RuleTitle | None = None

    @property
    def authority(self) -> str:
        """The authority's short name: CCAP, CQC."""
        return self.change.authority.upper()

    @property
    def is_changeover(self) -> bool:
        """Whether certificates move from something old to something new."""
        return self.change.kind in (ChangeKind.NEW_EDITION, ChangeKind.STANDARD_CHANGEOVER)

    @property
    def edition(self) -> str:
        """The code that the rule goes by: the newest edition known, else its family."""
        return self.change.new_edition or self.change.old_edition or self.change.family or ""

    @property
    def is_named(self) -> bool:
        """Whether the change names any rule by its code."""
        return bool(self.edition or self.change.families_named)

    @property
    def named(self) -> str:
        """The rule in a sentence: "the implementation rule for brake hoses (CCAP-SB-3561:2018A)"."""
        return self.name_with(self.edition)

    @property
    def named_or_scope(self) -> str:
        """The rule in a sentence, or the product where no rule is named by its code."""
        if self.is_named:
            return self.named
        return f"certification for {self.rule.product}" if self.rule else "certification for a product"

    def name_with(self, code: str) -> str:
        """Return the rule in a sentence, with a code beside its title, or by the code where it has no English title."""
        if self.rule is None:
            return f"rule {code}" if code else self._several
        return f"the {self.rule} ({code})" if code else f"the {self.rule}"

    @property
    def _several(self) -> str:
        named = self.change.families_named
        return f"rule{'s' if len(named) > 1 else ''} {say_list(named)}" if named else "certification"


def facts_of(change: Change, *types: FactType) -> list[Fact]:
    """Return the change's facts of some types, in the order of the text."""
    return [fact for fact in change.facts if fact.type in types]


def deadlines(change: Change) -> list[tuple[str, str]]:
    """Return each last day for holders: its value as read, and how it is said."""
    values = [str(fact.value) for fact in facts_of(change, FactType.DEADLINE)]
    if not values:
        values = [change.deadline.isoformat() if change.deadline else change.deadline_note or ""]
    said = {value: say_last_day(value, change.published, change.effective) for value in dict.fromkeys(values)}
    return [(value, when or "by the day in the quoted Chinese sentence") for value, when in said.items() if value]


def new_standards(change: Change) -> Sequence[str]:
    """Return the standards that certificates move to, each once."""
    return list(dict.fromkeys(pair.new for pair in change.standards))
