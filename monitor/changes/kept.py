"""Kept: a change as plain values, the way the database keeps it, and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.comparison.comparison import ClauseChange, Edit, Op
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
