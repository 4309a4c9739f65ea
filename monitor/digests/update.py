"""Update: what a change says otherwise than when a contact was told of it, as the sentence that a digest opens with."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from monitor.changes.change import ChangeKind
from monitor.digests.digest import Update
from monitor.digests.wording import day, kind_label, note, otherwise


def update_since(
    notes: Iterable[Mapping[str, Any]], now: Mapping[str, Any], told_on: date, revision: int
) -> Update | None:
    """Return what material updates after a revision altered, None where there is none.

    `notes` are ChangeRow.updates, `now` the change's fields as they stand.
    """
    later = [note for note in notes if note["material"] and note["revision"] > revision]
    if not later:
        return None
    before: dict[str, Any] = {}
    for item in later:
        before = {**item.get("before", {}), **before}
    differing = [name for name in _SAID if name in before and before[name] != _plain(now[name])]
    return Update(told_on, {name: before[name] for name in differing}, {name: _plain(now[name]) for name in differing})


def newest_material(notes: Iterable[Mapping[str, Any]]) -> int:
    """Return the newest revision that those who were told before must hear of, 0 where there is none."""
    return max((note["revision"] for note in notes if note["material"]), default=0)


def say_update(update: Update) -> str:
    """Return what is new, and what the contact was told before and when."""
    now = ", ".join(_said(name, value) or f"no {_NAMES[name]} any more" for name, value in update.now.items())
    before = ", ".join(filter(None, (_said(name, value) for name, value in update.before.items())))
    told = f"you were told on {day(update.told_on)} of {before}" if before else f"{_TOLD} on {day(update.told_on)}"
    return f"Update: {now or 'more became known'}; {told}."


def _said(name: str, value: Any) -> str | None:
    return _SAID[name](value) if value else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


def _actions(values: Iterable[str]) -> str:
    return " and ".join(_ACTIONS.get(value, value) for value in values)


def _consequence(value: str) -> str:
    said = (otherwise(value) or value).rstrip(".")
    return f"otherwise {said[:1].lower()}{said[1:]}"


def _standards(pairs: Iterable[Mapping[str, str]]) -> str:
    return "standards " + ", ".join(f"{pair['old']} → {pair['new']}" for pair in pairs)


_TOLD = "you were told of this change without that"
_SAID: dict[str, Callable[[Any], str]] = {
    "kind": lambda value: kind_label(ChangeKind(value)).lower(),
    "deadline": lambda value: f"last date {_day(value)}",
    "deadline_note": lambda value: f"last date {note(value)}",
    "effective": lambda value: f"in effect from {_day(value)}",
    "accepted_from": lambda value: f"applications accepted from {_day(value)}",
    "accepted_until": lambda value: f"applications under the old text accepted until {_day(value)}",
    "actions": _actions,
    "consequence": _consequence,
    "standards": _standards,
}
_NAMES = {
    "kind": "kind",
    "deadline": "last date",
    "deadline_note": "other last date",
    "effective": "date of effect",
    "accepted_from": "first day for applications",
    "accepted_until": "last day for applications",
    "actions": "duty",
    "consequence": "consequence",
    "standards": "standards",
}
_ACTIONS = {
    "changeover": "a changeover of the certificate",
    "retest": "additional tests",
    "factory_inspection": "a factory inspection",
    "declaration": "a declaration of conformity",
    "contact_authority": "a question to the authority",
    "read": "a text to be read",
    "none": "nothing to do",
}
