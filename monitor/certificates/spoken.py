"""Spoken: what a change speaks of: the families it states or replaces, the standards it moves, its scope."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.changes.change import Change, ChangeKind
from monitor.errors import BadInput
from monitor.facts.fact import FactType, StandardChange
from monitor.notation.codes import RuleCode, parse_code
from monitor.notation.standards import StandardRef, find_standards


@dataclass(frozen=True, slots=True)
class Register:
    """What the register of rules adds: families that others replaced, standards that rules rest on, titles.

    `predecessors` maps a family to those it replaced, `rests_on` an undated standard to the families whose text names
    it, each with the standard as named there, `titles` a family to its Chinese title.
    """

    predecessors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rests_on: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def replaced_by(self, family: str) -> frozenset[str]:
        """Return every family that this one replaced, directly or over others."""
        found: set[str] = set()
        waiting = [family]
        while waiting:
            for older in self.predecessors.get(waiting.pop(), frozenset()) - found - {family}:
                found.add(older)
                waiting.append(older)
        return frozenset(found)


def families_stated(change: Change) -> frozenset[str]:
    """Return the families that the change is about; a new text's mentions of other rules are not."""
    stated = {change.family} if change.family else set()
    if change.kind in _ANNOUNCEMENTS:
        stated.update(_family(code) for code in change.families_named)
    return frozenset(stated)


def families_replaced(change: Change, register: Register) -> dict[str, str]:
    """Return the families that the change, or one before it, replaced: each with by what."""
    replaced = {_family(code): f"superseded by {change.new_edition or change.family}" for code in change.supersedes}
    for family in tuple(replaced) + ((change.family,) if change.family else ()):
        for older in register.replaced_by(family):
            replaced.setdefault(older, f"superseded by {family}")
    replaced.pop(change.family or "", None)
    return replaced


def families_replaced_in_part(change: Change) -> frozenset[str]:
    """Return the families that the change says are replaced in part only."""
    stated = (fact.value for fact in change.facts if fact.type is FactType.SUPERSEDES and fact.partial)
    return frozenset(_family(value) for value in stated if isinstance(value, str))


def standards_moved(change: Change) -> tuple[tuple[StandardRef, ...], tuple[StandardRef, ...]]:
    """Return the standards that certificates move from, and those that they move to."""
    old = [standard for pair in change.standards for standard in find_standards(pair.old)]
    new = [standard for pair in change.standards for standard in find_standards(pair.new)]
    return tuple(old), tuple(new)


def standards_moved_in_part(change: Change) -> frozenset[StandardRef]:
    """Return the old standards that the change says are replaced in part only."""
    stated = [fact.value for fact in change.facts if fact.type is FactType.STANDARD_CHANGE and fact.partial]
    pairs = [value for value in stated if isinstance(value, StandardChange)]
    return frozenset(standard for pair in pairs for standard in find_standards(pair.old))


def standards_spoken_of(change: Change, old: tuple[StandardRef, ...]) -> tuple[StandardRef, ...]:
    """Return the standards an announcement moves; those it merely names only where it names no rule either."""
    if change.kind not in _ANNOUNCEMENTS or old or change.family or change.families_named:
        return old if change.kind in _ANNOUNCEMENTS else ()
    return tuple(standard for text in change.standards_named for standard in find_standards(text))


def families_resting(
    standards: Mapping[str, StandardRef], new: tuple[StandardRef, ...], register: Register
) -> dict[str, list[str]]:
    """Return the families whose text names a standard that is moved, not yet in its new edition."""
    done = {str(standard) for standard in new}
    resting: dict[str, list[str]] = defaultdict(list)
    for key in sorted(standards) if new else ():
        for family, named in sorted(register.rests_on.get(key, ())):
            if named not in done:
                resting[family].append(named)
    return dict(resting)


def speaks_by_scope(change: Change) -> bool:
    """Return whether the change names no rule, so that its scope says whom it concerns."""
    is_open = change.kind in _ANNOUNCEMENTS and not change.family and not change.families_named
    return is_open or change.kind is ChangeKind.NEW_RULE


def product_of(title: str) -> str:
    """Return the product that a rule's title names."""
    name = title.partition("《")[2].partition("》")[0] or title
    for ending in ("自愿性认证实施规则", "自愿性产品认证实施规则", "产品认证实施规则", "认证实施规则", "认证规则"):
        name = name.removesuffix(ending)
    return name


def _family(code: str) -> str:
    parsed = code_of(code)
    return str(parsed.family) if parsed else code


def code_of(text: str | None) -> RuleCode | None:
    """Return the code that a text is, None where it is none."""
    try:
        return parse_code(text) if text else None
    except BadInput:
        return None


EDITIONS = (ChangeKind.NEW_EDITION, ChangeKind.NEW_RULE)
_ANNOUNCEMENTS = (
    ChangeKind.NOTICE,
    ChangeKind.STANDARD_CHANGEOVER,
    ChangeKind.WITHDRAWAL,
    ChangeKind.SUSPENSION,
    ChangeKind.CORRECTION,
)
