"""Corrections: a later notice or an edited page sets right, or moves, what an earlier one said.

The earlier change is amended, so that every certificate shows the right date; and the correction is a change of its
own, because a holder who acted on the wrong date must hear of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from monitor.changes.change import Change, ChangeKind, ReviewReason
from monitor.changes.identity import shown
from monitor.changes.notices.notice import Notice
from monitor.changes.notices.terms import Terms
from monitor.changes.verdict import Amendment
from monitor.facts.fact import Fact
from monitor.notation.codes import RuleCode, find_codes
from monitor.notation.text import normalise

DATES = ("effective", "deadline", "accepted_from", "accepted_until", "published")
ONE_DAY = timedelta(days=1)
RECENT_DAYS = 400
"""How long after its detection a change can still be corrected by a notice."""


@dataclass(frozen=True, slots=True)
class Swap:
    """What was wrong and what is right, as a correction prints them."""

    wrong: str
    right: str


def swaps_in(text: str) -> tuple[Swap, ...]:
    """Return the pairs of wrong and right that a correction states: “A”应为“B”, 由A延长至B."""
    found = [Swap(match["wrong"], match["right"]) for pattern in _SWAPS for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(found))


def correct(notice: Notice, log: Sequence[Change], kind: ChangeKind) -> tuple[Change, tuple[Amendment, ...]]:
    """Return the change that a correction or a moved date is, and what it amends."""
    swaps = swaps_in(notice.sighting.text)
    targets = targets_of(notice, log, swaps)
    terms, facts = notice.terms_for(None, of_rule=True)
    amendments = tuple(_amendment(target, swaps, terms, facts) for target in targets)
    first = _amended(targets[0], amendments) if targets else None
    family = first.family if first else (notice.families[0] if len(notice.families) == 1 else None)
    named = tuple(dict.fromkeys((*notice.families, *(f for t in targets for f in t.families_named))))
    change = notice.change(kind, family, notice.sighting.page_url, terms, facts)
    change = replace(change, families_named=named, reasons=_doubts(change, notice, targets))
    if first is None:
        return change, ()
    change = replace(_with_state(change, first), amends=targets[0].event)
    return change, tuple(replace(amendment, by=change.event) for amendment in amendments)


def targets_of(notice: Notice, log: Sequence[Change], swaps: Sequence[Swap]) -> tuple[Change, ...]:
    """Return the earlier changes that a correction is about, the newest first."""
    near = [change for change in log if _is_near(change, notice)]
    wrong = [change for change in near if _states(change, swaps)]
    return tuple(wrong or near[:1])


def quoted_titles(text: str) -> tuple[str, ...]:
    """Return the titles of notices that a text quotes; a rule's title may be quoted inside."""
    return tuple(dict.fromkeys(re.findall(r"《(关于(?:[^《》]|《[^《》]*》){4,160})》", text)))


def edited(old: Change, new: Change) -> Amendment:
    """Return what an edited page changes of a change that its earlier text made."""
    names = (*DATES, "deadline_note", "standards", "supersedes", "actions", "consequence", "new_edition", "facts")
    fields = {name: getattr(new, name) for name in names if getattr(old, name) != getattr(new, name)}
    return Amendment(old.event, fields | {"facts": new.facts}, is_clear=bool(set(fields) - {"facts"}))


_QUOTED = r"[“\"「『‘]"
_QUOTED_END = r"[”\"」』’]"
_DAY = r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}[-./]\d{1,2}[-./]\d{1,2})"
_RIGHT = r"(?:应为|应改为|更正为|修正为|改为|订正为|正确(?:的)?(?:日期|内容|时间|表述|编号)?(?:应)?为)"
_INTO = rf"[^“”\"「」。\n]{{0,16}}?{_RIGHT}[^“”\"「」。\n]{{0,6}}?"
_MOVED = r"[^。；\n]{0,16}?(?:延长|延期|推迟|顺延|调整|变更|改|提前)(?:至|到|为)[^。；\n]{0,6}?"
_SWAPS = (
    re.compile(
        rf"{_QUOTED}(?P<wrong>[^“”\"「」『』‘’]+?){_QUOTED_END}{_INTO}{_QUOTED}(?P<right>[^“”\"「」『』‘’]+?){_QUOTED_END}"
    ),
    re.compile(rf"(?P<wrong>{_DAY}){_INTO}(?P<right>{_DAY})"),
    re.compile(rf"(?P<wrong>{_DAY}){_MOVED}(?P<right>{_DAY})"),
)
_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})")


def _is_near(change: Change, notice: Notice) -> bool:
    sighting = notice.sighting
    if change.kind is ChangeKind.CORRECTION or change.amends is not None:
        return False
    if (sighting.today - change.detected_on).days > RECENT_DAYS:
        return False
    if change.source_url == sighting.page_url:
        return False
    quoted = {normalise(title) for title in quoted_titles(notice.text)}
    if any(normalise(change.title_zh).startswith(title[:40]) for title in quoted):
        return True
    named = {change.family, *change.families_named} - {None}
    if notice.families:
        return bool(named & set(notice.families))
    shared = set(change.standards_named) & set(notice.standards)
    return bool(shared) or (normalise(change.title_zh)[:30] in normalise(notice.text))


def _states(change: Change, swaps: Sequence[Swap]) -> bool:
    return any(getattr(change, name) == wrong for swap in swaps for wrong, _ in _days(swap) for name in DATES) or any(
        wrong in find_codes(change.new_edition or "") for swap in swaps for wrong, _ in _codes(swap)
    )


def _doubts(change: Change, notice: Notice, targets: Sequence[Change]) -> tuple[ReviewReason, ...]:
    found = dict.fromkeys(change.reasons)
    if not (targets or notice.families or notice.standards):
        found[ReviewReason.UNNAMED_RULE] = None
    return tuple(found)


def _amendment(target: Change, swaps: Sequence[Swap], terms: Terms, facts: tuple[Fact, ...]) -> Amendment:
    fields: dict[str, Any] = {}
    is_known = False
    for swap in swaps:
        for wrong, right in _days(swap):
            fields |= _moved(target, wrong, right)
            is_known |= bool(_moved(target, right, right))
        for wrong_code, right_code in _codes(swap):
            if wrong_code in find_codes(target.new_edition or ""):
                fields |= {"new_edition": shown(right_code), "event_key": right_code.edition}
    if not fields:
        fields = {
            name: stated
            for name in ("effective", "deadline", "accepted_from", "accepted_until")
            if (stated := getattr(terms, name)) is not None and getattr(target, name) not in (None, stated)
        }
    return Amendment(target.event, fields | {"facts": facts}, is_clear=bool(fields) or is_known)


def _moved(target: Change, wrong: date, right: date) -> dict[str, date]:
    """The days of a change that a correction sets right; 自…起不再受理 names the day after the last one."""
    found = {name: right for name in DATES if getattr(target, name) == wrong}
    if target.accepted_until == wrong - ONE_DAY:
        found["accepted_until"] = right - ONE_DAY
    return found


def _amended(target: Change, amendments: Iterable[Amendment]) -> Change:
    for amendment in amendments:
        if amendment.event == target.event:
            return replace(target, **amendment.fields)
    return target


def _with_state(change: Change, target: Change) -> Change:
    """Return the correction with the corrected state of its target, so that one mail says all that now holds."""
    return replace(
        change,
        old_edition=target.old_edition,
        new_edition=target.new_edition,
        effective=target.effective or change.effective,
        deadline=target.deadline or change.deadline,
        deadline_note=target.deadline_note or change.deadline_note,
        accepted_from=target.accepted_from or change.accepted_from,
        accepted_until=target.accepted_until or change.accepted_until,
        standards=change.standards or target.standards,
        supersedes=change.supersedes or target.supersedes,
        actions=tuple(dict.fromkeys((*target.actions, *change.actions))),
        consequence=change.consequence or target.consequence,
        standards_named=tuple(dict.fromkeys((*change.standards_named, *target.standards_named))),
        scope_zh=change.scope_zh or target.scope_zh,
    )


def _days(swap: Swap) -> tuple[tuple[date, date], ...]:
    return tuple(pair for pair in zip(_dates(swap.wrong), _dates(swap.right), strict=False) if pair[0] != pair[1])


def _dates(text: str) -> list[date]:
    found = []
    for match in _DATE.finditer(text):
        try:
            found.append(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            continue
    return found


def _codes(swap: Swap) -> tuple[tuple[RuleCode, RuleCode], ...]:
    pairs = zip(find_codes(swap.wrong), find_codes(swap.right), strict=False)
    return tuple((wrong, right) for wrong, right in pairs if wrong != right)
