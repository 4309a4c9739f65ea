"""Merge: one event told by several pages becomes one change with several pieces of evidence, whichever came first.

Which of two accounts comes first makes no difference to what the change says in the end: empty fields are filled,
differing dates are both kept as facts, the earlier one is shown, and a consultant is asked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.notices.terms import day_of
from monitor.facts.fact import Fact, FactType
from monitor.notation.text import normalise

NEW = frozenset({ChangeKind.NEW_EDITION, ChangeKind.NEW_RULE})
SAME_ENDING_DAYS = 45
SAME_CHANGEOVER_DAYS = 200
SAME_NEWS_DAYS = 30
"""Days within which two accounts may be of one ending, one changeover, one piece of news."""

MATERIAL = frozenset(
    {
        "kind",
        "new_edition",
        "effective",
        "deadline",
        "deadline_note",
        "accepted_from",
        "accepted_until",
        "consequence",
        "actions",
        "standards",
    }
)
"""Fields that a holder who was told before would want to hear of again."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A kept change with later evidence, and which of its fields that filled or altered."""

    change: Change
    fields: tuple[str, ...]

    @property
    def is_material(self) -> bool:
        """Whether a holder who was told before would want to know."""
        return bool(MATERIAL & set(self.fields))


def same_event(kept: Change, new: Change) -> bool:
    """Return whether two changes are accounts of one event."""
    if kept.family == new.family and kept.event_key == new.event_key:
        return kept.kind is new.kind or {kept.kind, new.kind} <= NEW
    days = abs((new.detected_on - kept.detected_on).days)
    if kept.kind is new.kind:
        return _SAME[kept.kind](kept, new, days) if kept.kind in _SAME else False
    return {kept.kind, new.kind} == {ChangeKind.NOTICE, ChangeKind.REVISION} and _announces_revision(kept, new, days)


def merge(kept: Change, new: Change, *, has_text: bool = False) -> Merged:
    """Return a kept change with the evidence of another account; `has_text` where the edition's text is at hand."""
    first, second = (kept, new) if _rank(kept) <= _rank(new) else (new, kept)
    captures = _captures(first, second, kept)
    merged = replace(
        first,
        kind=_kind(kept, new),
        event_key=_event_key(kept, new),
        detected_on=kept.detected_on,
        captures=tuple(captures),
        roles=tuple(captures.values()),
        old_edition=kept.old_edition or new.old_edition,
        new_edition=first.new_edition or second.new_edition,
        published=first.published or second.published,
        **{name: _earlier(getattr(kept, name), getattr(new, name)) for name in _DAYS},
        deadline_note=first.deadline_note or second.deadline_note,
        standards=_union(kept.standards, new.standards),
        supersedes=_union(kept.supersedes, new.supersedes),
        actions=_actions(kept, new),
        consequence=first.consequence or second.consequence,
        facts=_union(kept.facts, new.facts),
        clauses=kept.clauses or new.clauses,
        families_named=_union(kept.families_named, new.families_named),
        standards_named=_union(kept.standards_named, new.standards_named),
        scope_zh=first.scope_zh or second.scope_zh,
        substantive=kept.substantive or new.substantive,
        amends=kept.amends or new.amends,
    )
    merged = with_text_reason(replace(merged, reasons=_reasons(kept, new)), has_text)
    return Merged(merged, _differing(kept, merged))


def absorb(kept: Change, other: Change) -> Merged:
    """Return a kept change with all that another says of the same event, as a person has found; it stays what it is."""
    merged = merge(kept, other).change
    families = _union(kept.families_named, _union((other.family,) if other.family else (), other.families_named))
    named = tuple(family for family in families if family != kept.family)
    own = {name: getattr(kept, name) for name in ("kind", "authority", "family", "event_key")}
    absorbed = replace(merged, **own, families_named=named if named != kept.families_named else kept.families_named)
    return Merged(absorbed, _differing(kept, absorbed))


def with_text_reason(change: Change, has_text: bool) -> Change:
    """Return a change that says whether a new edition's text is at hand: where the rules list shows one, it should."""
    if change.kind not in NEW:
        return change
    reasons = set(change.reasons) - ({ReviewReason.UNREADABLE_FILE} if has_text else set())
    if not has_text and {EvidenceRole.PAGE, EvidenceRole.LIST} & set(change.roles):
        reasons.add(ReviewReason.UNREADABLE_FILE)
    return replace(change, reasons=tuple(reason for reason in ReviewReason if reason in reasons))


def amend(kept: Change, fields: dict[str, Any]) -> Merged:
    """Return a kept change with fields that a correction sets right."""
    changed = {name: value for name, value in fields.items() if getattr(kept, name) != value}
    if "facts" in changed:
        told = (fact for fact in changed["facts"] if fact.type is not FactType.PUBLISHED)
        changed["facts"] = _union(told, (fact for fact in kept.facts if not _is_replaced(fact, kept, changed)))
    return Merged(replace(kept, **changed), tuple(changed))


def with_doubts(change: Change, by: Change, *, is_clear: bool) -> Change:
    """Return an amended change with the doubts of the text that amends it, and that it is unclear where it is."""
    reasons = {*change.reasons, *by.reasons, *(() if is_clear else (ReviewReason.UNCLEAR_AMENDMENT,))}
    return replace(change, reasons=tuple(reason for reason in ReviewReason if reason in reasons))


def with_evidence(change: Change, by: Change) -> Change:
    """Return a change whose evidence holds the pages of another account beside its own, which stay the principal."""
    found = dict(zip(change.captures, change.roles, strict=True))
    for capture, role in zip(by.captures, by.roles, strict=True):
        found.setdefault(capture, role)
    return replace(change, captures=tuple(found), roles=tuple(found.values()))


def _is_replaced(fact: Fact, kept: Change, changed: Mapping[str, Any]) -> bool:
    """Whether a fact states the day that became another: it is history now, not what holds."""
    old = {name: day for name in _DAYS if name in changed and (day := getattr(kept, name)) is not None}
    if fact.on is not None:
        return fact.on in {day.isoformat() for day in old.values()}
    return any(fact.type in _FACT_OF[name] and day_of(fact) == day for name, day in old.items())


_DAYS = ("effective", "deadline", "accepted_from", "accepted_until")
_FACT_OF = {
    "effective": (FactType.EFFECTIVE,),
    "deadline": (FactType.DEADLINE, FactType.TRANSITION_END),
    "accepted_from": (FactType.ACCEPTED_FROM,),
    "accepted_until": (FactType.ACCEPTED_UNTIL,),
}
_ORDER = (EvidenceRole.NOTICE, EvidenceRole.FILE, EvidenceRole.PAGE, EvidenceRole.LIST)
_ORDER_OF_REVISIONS = (EvidenceRole.FILE, EvidenceRole.PAGE, EvidenceRole.NOTICE, EvidenceRole.LIST)
_AMENDS = re.compile(
    r"修改单|(?:修订|修改|修正)[^，。]{0,30}(?:规则|细则)|(?:规则|细则)[^，。]{0,12}(?:修订|修改|修正)"
)
_Item = TypeVar("_Item")


def _rank(change: Change) -> int:
    """How well a change's principal evidence tells the event: a notice states duties, a list row only a code."""
    order = _ORDER_OF_REVISIONS if change.kind is ChangeKind.REVISION else _ORDER
    role = change.roles[0] if change.roles else EvidenceRole.LIST
    return order.index(role) if role in order else len(order)


def _kind(kept: Change, new: Change) -> ChangeKind:
    kinds = {kept.kind, new.kind}
    for stronger in (ChangeKind.NEW_EDITION, ChangeKind.REVISION):
        if stronger in kinds:
            return stronger
    return kept.kind


def _event_key(kept: Change, new: Change) -> str:
    return new.event_key if kept.kind is not new.kind and new.kind is ChangeKind.REVISION else kept.event_key


def _captures(first: Change, second: Change, kept: Change) -> dict[int, EvidenceRole]:
    """The evidence of both, the principal first; of lists only the first that showed it."""
    found = dict(zip(first.captures, first.roles, strict=True))
    for capture, role in zip(second.captures, second.roles, strict=True):
        found.setdefault(capture, role)
    lists = [capture for capture, role in found.items() if role is EvidenceRole.LIST]
    earlier = [capture for capture in lists if capture in kept.captures]
    for capture in lists:
        if capture != (earlier or lists)[0]:
            del found[capture]
    return found


def _earlier(kept: Any, new: Any) -> Any:
    return min(day for day in (kept, new) if day is not None) if kept or new else None


def _actions(kept: Change, new: Change) -> tuple[str, ...]:
    both = _union(kept.actions, new.actions)
    return tuple(action for action in both if action != "none") or both


def _reasons(kept: Change, new: Change) -> tuple[ReviewReason, ...]:
    reasons = set(kept.reasons) | set(new.reasons)
    if ReviewReason.NO_STATEMENT not in set(kept.reasons) & set(new.reasons) and {kept.kind, new.kind} <= NEW:
        reasons.discard(ReviewReason.NO_STATEMENT)
    if {kept.kind, new.kind} <= NEW and any(_has_cover(change) for change in (kept, new)):
        reasons.discard(ReviewReason.CODE_NOT_ON_COVER)
    if any(_conflict(kept, new, name) for name in _DAYS):
        reasons.add(ReviewReason.CONFLICTING_DATES)
    return tuple(reason for reason in ReviewReason if reason in reasons)


def _has_cover(change: Change) -> bool:
    """Whether an account is by a file with the code on its cover."""
    return EvidenceRole.FILE in change.roles and ReviewReason.CODE_NOT_ON_COVER not in change.reasons


def _conflict(kept: Change, new: Change, name: str) -> bool:
    """Whether two accounts fix different days, and neither of them states the other's day as well."""
    one, other = getattr(kept, name), getattr(new, name)
    if one is None or other is None or one == other:
        return False
    return not (_states(kept, other, name) or _states(new, one, name))


def _states(change: Change, day: Any, name: str) -> bool:
    return any(fact.type in _FACT_OF[name] and day_of(fact) == day for fact in change.facts)


def _differing(kept: Change, merged: Change) -> tuple[str, ...]:
    names = [name for name in Change.__dataclass_fields__ if name not in ("roles", "detected_on", "amends")]
    return tuple(name for name in names if _value(kept, name) != _value(merged, name))


def _value(change: Change, name: str) -> Any:
    value = getattr(change, name)
    return set(value) if name in ("captures", "reasons") else value


def _union(first: Iterable[_Item], second: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _same_rules(kept: Change, new: Change) -> bool:
    if kept.family or new.family:
        return kept.family == new.family or not (kept.families_named and new.families_named)
    return bool(set(kept.families_named) & set(new.families_named)) or not (kept.families_named or new.families_named)


def _same_changeover(kept: Change, new: Change, days: int) -> bool:
    pairs = {pair.new for pair in kept.standards} & {pair.new for pair in new.standards}
    named = set(kept.standards_named) & set(new.standards_named) if not (kept.standards and new.standards) else set()
    return days <= SAME_CHANGEOVER_DAYS and bool(pairs or named) and _same_rules(kept, new)


def _same_ending(kept: Change, new: Change, days: int) -> bool:
    if days > SAME_ENDING_DAYS or kept.family != new.family:
        return False
    return kept.family is not None or (kept.scope_zh is not None and kept.scope_zh == new.scope_zh)


def _same_news(kept: Change, new: Change, days: int) -> bool:
    return days <= SAME_NEWS_DAYS and kept.family == new.family and normalise(kept.title_zh) == normalise(new.title_zh)


def _same_revision(kept: Change, new: Change, days: int) -> bool:
    """An amendment sheet and the exchanged text that carries it; a page and the file in it, or one file at two
    addresses, that became another in the same clauses. Two exchanges are two revisions."""
    if _says_the_same(kept, new):
        return True
    told = [change for change in (kept, new) if change.roles[:1] == (EvidenceRole.NOTICE,)]
    return days <= SAME_NEWS_DAYS and kept.family == new.family and len(told) == 1


def _says_the_same(kept: Change, new: Change) -> bool:
    """Whether all that one account says became another is in the other account, from the same words to the same words;
    where neither can say it, whether one text stood before both and became two captures of one day."""
    if (kept.family, kept.old_edition, kept.new_edition) != (new.family, new.old_edition, new.new_edition):
        return False
    fewer, more = sorted((_exchanged(kept), _exchanged(new)), key=len)
    if more:
        return bool(fewer) and fewer <= more
    befores = [change.event_key.partition(">")[0] for change in (kept, new)]
    return befores[0] == befores[1] and kept.detected_on == new.detected_on


def _exchanged(change: Change) -> frozenset[tuple[str, str]]:
    return frozenset((normalise(one.old or ""), normalise(one.new or "")) for one in change.clauses if one.substantive)


def _announces_revision(kept: Change, new: Change, days: int) -> bool:
    notice = kept if kept.kind is ChangeKind.NOTICE else new
    return (
        days <= SAME_NEWS_DAYS
        and kept.family is not None
        and kept.family == new.family
        and bool(_AMENDS.search(notice.title_zh))
    )


_SAME = {
    ChangeKind.STANDARD_CHANGEOVER: _same_changeover,
    ChangeKind.WITHDRAWAL: _same_ending,
    ChangeKind.SUSPENSION: _same_ending,
    ChangeKind.NOTICE: _same_news,
    ChangeKind.CORRECTION: _same_news,
    ChangeKind.REVISION: _same_revision,
}
