"""Update: what a change says otherwise than when a contact was told of it: old → new, as mails say it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from monitor.changes.change import ChangeKind
from monitor.digests.digest import Teller, Update
from monitor.digests.wording import day, kind_label, note, otherwise


def update_since(
    notes: Iterable[Mapping[str, Any]],
    now: Mapping[str, Any],
    told_on: date,
    revision: int,
    by: Callable[[int], Teller | None] = lambda change_id: None,
) -> Update | None:
    """Return what material updates after a revision altered, None where there is none.

    `notes` are ChangeRow.updates, `now` the change's fields as they stand; `by` names the entry of the log of a number.
    """
    later = [note for note in notes if note["material"] and note["revision"] > revision]
    if not later:
        return None
    before: dict[str, Any] = {}
    for item in later:
        before = {**item.get("before", {}), **before}
    differing = [name for name in _SAID if name in before and before[name] != _plain(now[name])]
    told_by = next((by(item["by_change"]) for item in reversed(later) if item.get("by_change")), None)
    old = {name: before[name] for name in differing}
    return Update(told_on, old, {name: _plain(now[name]) for name in differing}, told_by, later[-1].get("ended"))


def newest_material(notes: Iterable[Mapping[str, Any]]) -> int:
    """Return the newest revision that those who were told before must hear of, 0 where there is none."""
    return max((note["revision"] for note in notes if note["material"]), default=0)


def what_moved(update: Update) -> str | None:
    """Return the most urgent thing that became another: `Deadline extended to 1 July 2027 (was 1 March 2027)`."""
    for name, (subject, later, earlier) in _MOVES.items():
        if name in update.now:
            words = (_CORRECTED, _CORRECTED) if update.by and update.by.corrects else (later, earlier)
            return _moved(subject, *words, update.before[name], update.now[name])
    if "actions" in update.now:
        return next(iter(_duties(update.before["actions"], update.now["actions"])), None)
    return None


def say_update(update: Update) -> tuple[str, ...]:
    """Return what is otherwise than the contact was told, a sentence each: old → new, by which text, told when."""
    changed = [f"{said}." for name in update.now for said in _arrows(name, update.before[name], update.now[name])]
    by = [f"The authority says so in: {_text(update.by)}"] if update.by else []
    ended = [f"It no longer applies: {update.ended.rstrip('.')}."] if update.ended else []
    more = "." if changed or ended else "; more is known now."
    return (*ended, *changed, *by, f"You were told of this change on {day(update.told_on)}{more}")


def _text(by: Teller) -> str:
    return f"{by.headline.rstrip('.')} ({by.title_zh}), {by.url}"


def _moved(subject: str, later: str, earlier: str, before: str | None, now: str | None) -> str:
    if before and now:
        return f"{subject} {later if now > before else earlier} to {_day(now)} (was {_day(before)})"
    return f"{subject}: {_day(now)} (none was known)" if now else f"{subject} withdrawn (was {_day(before or '')})"


def _arrows(name: str, before: Any, now: Any) -> tuple[str, ...]:
    if name == "actions":
        return _duties(before, now)
    old = _SAID[name](before) if before else "none was known"
    return (f"{_NAMES[name]}: {old} → {_SAID[name](now) if now else 'none any more'}",)


def _duties(before: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """What need not be done any more, and what must be done beside what was told."""
    gone, new = (tuple(x for x in one if x not in other) for one, other in ((before, now), (now, before)))
    said = (("No longer required", gone), ("Now required, too" if before else "Now required", new))
    return tuple(f"{words}: {_actions(duties)}" for words, duties in said if duties)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(value: str) -> str:
    return day(date.fromisoformat(value)) if value else ""


def _actions(values: Iterable[str]) -> str:
    return " and ".join(_ACTIONS.get(value, value) for value in values)


def _consequence(value: str) -> str:
    said = (otherwise(value) or value).rstrip(".")
    return f"{said[:1].lower()}{said[1:]}"


def _standards(pairs: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(f"{pair['old']} replaced by {pair['new']}" for pair in pairs)


_CORRECTED = "corrected"
_MOVES = {
    "deadline": ("Deadline", "extended", "brought forward"),
    "effective": ("Effective date", "postponed", "brought forward"),
    "accepted_until": ("Last day for applications under the old text", "extended", "brought forward"),
    "accepted_from": ("First day for applications under the new text", "postponed", "brought forward"),
}
_SAID: dict[str, Callable[[Any], str]] = {
    "kind": lambda value: kind_label(ChangeKind(value)).lower(),
    "new_edition": str,
    "deadline": _day,
    "deadline_note": note,
    "effective": _day,
    "accepted_from": _day,
    "accepted_until": _day,
    "actions": lambda values: _actions(values),
    "consequence": _consequence,
    "standards": _standards,
}
_NAMES = {
    "kind": "Kind of change",
    "new_edition": "New edition",
    "deadline": "Deadline",
    "deadline_note": "Deadline",
    "effective": "Effective from",
    "accepted_from": "Applications under the new text accepted from",
    "accepted_until": "Applications under the old text accepted until",
    "actions": "What you must do",
    "consequence": "Otherwise",
    "standards": "Standards",
}
_ACTIONS = {
    "changeover": "change the certificate over",
    "retest": "have additional tests done",
    "factory_inspection": "arrange a factory inspection",
    "declaration": "submit a declaration of conformity",
    "contact_authority": "contact the authority",
    "read": "read the text",
    "none": "nothing",
}
