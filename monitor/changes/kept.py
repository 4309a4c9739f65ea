"""Kept: a change as plain values, the way the database keeps it, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.comparison.comparison import ClauseChange, Edit, Op
from monitor.errors import BadInput
from monitor.facts.fact import Fact, StandardChange

_PLAIN = (
    "authority",
    "event_key",
    "old_edition",
    "new_edition",
    "title_zh",
    "published",
    "effective",
    "deadline",
    "deadline_note",
    "accepted_from",
    "accepted_until",
    "consequence",
    "detected_on",
    "source_url",
    "scope_zh",
    "substantive",
)


_DATES = ("published", "effective", "deadline", "accepted_from", "accepted_until", "detected_on")
_TEXTS = tuple(name for name in (*_PLAIN, "family") if name not in (*_DATES, "substantive"))
_EMPTY: dict[str, Any] = {
    "authority": "",
    "event_key": "",
    "title_zh": "",
    "source_url": "",
    "family": "",
    "capture_id": 0,
    "substantive": True,
    "standards": [],
    "supersedes": [],
    "actions": [],
    "reasons": [],
    "facts": [],
    "families_named": [],
    "standards_named": [],
}


def values_of(change: Change) -> dict[str, Any]:
    """Return the columns of a change's row, without its clauses and evidence."""
    return {name: getattr(change, name) for name in _PLAIN} | {
        "kind": change.kind.value,
        "family": change.family or "",
        "standards": [{"old": pair.old, "new": pair.new} for pair in change.standards],
        "supersedes": list(change.supersedes),
        "actions": list(change.actions),
        "reasons": [reason.value for reason in change.reasons],
        "needs_review": change.needs_review,
        "facts": [fact.to_json() for fact in change.facts],
        "families_named": list(change.families_named),
        "standards_named": list(change.standards_named),
        "capture_id": change.captures[0],
    }


def change_of(values: Mapping[str, Any], evidence: Iterable[tuple[int, str]]) -> Change:
    """Return the change that a row's columns and evidence are; its clauses are left out."""
    found = dict(evidence)
    principal = values["capture_id"]
    ordered = [principal, *(capture for capture in found if capture != principal)]
    return Change(
        **{name: values[name] for name in _PLAIN},
        kind=ChangeKind(values["kind"]),
        family=values["family"] or None,
        captures=tuple(ordered),
        roles=tuple(EvidenceRole(found.get(capture, EvidenceRole.NOTICE)) for capture in ordered),
        standards=tuple(StandardChange(pair["old"], pair["new"]) for pair in values["standards"]),
        supersedes=tuple(values["supersedes"]),
        actions=tuple(values["actions"]),
        reasons=tuple(ReviewReason(reason) for reason in values["reasons"]),
        facts=tuple(Fact.from_json(fact) for fact in values["facts"]),
        families_named=tuple(values["families_named"]),
        standards_named=tuple(values["standards_named"]),
    )


def entry_of(change: Change, number: int) -> dict[str, Any]:
    """Return a change as `rulewatch changes --json` prints it, as far as a change without captures has it."""
    values = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in values_of(change).items()
    }
    del values["capture_id"], values["event_key"]
    deadline = values["deadline"] or values["deadline_note"]
    said = {"id": number, "family": change.family, "deadline": deadline, "title_en": None, "summary_en": None}
    return {**values, **said, "capture_sha256": None, "clauses": [clause.to_json() for clause in change.clauses]}


def change_of_entry(entry: Mapping[str, Any], today: date) -> Change:
    """Return the change that an entry of `rulewatch changes --json` is, without clauses and evidence.

    What is left out is empty; a change without `detected_on` was found today. Raises BadInput, naming the key.
    """
    given = {name: value for name, value in entry.items() if value is not None}
    values = {**dict.fromkeys(_PLAIN), **_EMPTY, "detected_on": today, **given}
    deadline = values["deadline"]
    if isinstance(deadline, str) and not _is_day(deadline):
        values |= {"deadline": None, "deadline_note": deadline}
    for name in _DATES:
        values[name] = _day(name, values[name])
    for name in _TEXTS:
        if not isinstance(values[name], str | None):
            raise BadInput(f'"{name}" of a change is not a text')
    try:
        return change_of(values, ())
    except (KeyError, TypeError, ValueError, AttributeError) as reason:
        raise BadInput(f"a change cannot be read: {reason} (expected an entry of rulewatch changes --json)") from None


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[:4].isdigit() and text[4] == "-"


def _day(name: str, value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput(f'"{name}" of a change is not a day (expected something like 2026-03-02)') from None


def clause_values(clauses: Iterable[ClauseChange]) -> list[dict[str, Any]]:
    """Return the columns of a change's clauses, in order, without the change's id."""
    return [
        {"position": position, "op": clause.op.value, "substantive": clause.substantive, "content": clause.to_json()}
        for position, clause in enumerate(clauses)
    ]


def clause_of(content: Mapping[str, Any]) -> ClauseChange:
    """Return the clause change that `ClauseChange.to_json` wrote."""
    fields = {**content, "op": Op(content["op"]), "why": tuple(content["why"])}
    return ClauseChange(**{**fields, "edits": tuple(Edit(**edit) for edit in content["edits"])})
