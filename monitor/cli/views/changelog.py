"""The change log as others script against it: one JSON object a change, newest first."""

from typing import Any

from monitor.changes.commands import field_history
from monitor.translation.summary import Summary
from storage.changes import ChangeRow, change_log
from storage.engine.database import Database
from storage.translation import summary_of


def change_log_json(database: Database, authority: str | None = None, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the change log as `rulewatch changes --json` prints it."""
    with database.session() as session:
        rows = change_log(session, authority=authority, kind=kind)
        return [_entry(row, _summary(summary_of(session, row.id))) for row in rows]


def _summary(row: Any) -> Summary | None:
    return Summary.from_json(row.content) if row else None


def _entry(row: ChangeRow, summary: Summary | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "authority": row.authority,
        "family": row.family or None,
        "old_edition": row.old_edition,
        "new_edition": row.new_edition,
        "title_zh": row.title_zh,
        "title_en": summary.title_en if summary else None,
        "published": _day(row.published),
        "effective": _day(row.effective),
        "deadline": _day(row.deadline) or row.deadline_note,
        "accepted_from": _day(row.accepted_from),
        "accepted_until": _day(row.accepted_until),
        "standards": row.standards,
        "supersedes": row.supersedes,
        "actions": row.actions,
        "consequence": row.consequence,
        "needs_review": row.needs_review and row.decision is None,
        "reasons": row.reasons,
        "decision": row.decision,
        "merged_into": row.merged_into,
        "amends": row.amends,
        "history": {name: [stand.to_json() for stand in stands] for name, stands in field_history(row).items()},
        "substantive": row.substantive,
        "deadline_note": row.deadline_note,
        "families_named": row.families_named,
        "standards_named": row.standards_named,
        "scope_zh": row.scope_zh,
        "facts": row.facts,
        "detected_on": row.detected_on.isoformat(),
        "source_url": row.source_url,
        "capture_sha256": row.capture.sha256,
        "summary_en": summary.plain_text() if summary else None,
        "clauses": [clause.content for clause in row.clauses],
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
