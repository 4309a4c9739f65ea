"""What a person may do to the English: edit a summary, correct a translation. Both win over every program."""

from monitor.errors import BadInput
from monitor.translation.machine.segments import segment_hash
from storage.changes import ChangeRow, ReviewRow
from storage.engine.database import Database, Session
from storage.runs import now
from storage.translation import PERSON, SummaryRow, keep_correction, mark_stale, summary_of, unedited_summaries


def edit_summary(database: Database, change_id: int, by: str, text: str) -> None:
    """Put a consultant's words in place of a change's summary; they are never made anew.

    Raises:
        BadInput: the change has no summary yet, or the name or the text is empty.
    """
    words, who = text.strip(), _name(by)
    if not words:
        raise BadInput("an edited summary cannot be empty")
    with database.session() as session:
        row = summary_of(session, change_id)
        if row is None:
            raise BadInput(f"change {change_id} has no summary yet; run `rulewatch summarise` first")
        row.content = {**row.content, "edited_text": words}
        row.edited_by = who
        session.add(ReviewRow(change_id=change_id, decided_at=now(), by=who, decision="edited", comment=words))
        session.commit()


def correct_translation(database: Database, source_zh: str, text_en: str, by: str) -> None:
    """Keep a person's translation of a Chinese text for ever; summaries that contain it are said again next cycle.

    Raises:
        BadInput: the Chinese, the English or the name is empty.
    """
    source, target, who = source_zh.strip(), text_en.strip(), _name(by)
    if not source or not target:
        raise BadInput("a correction needs the Chinese text and its English")
    values = {
        "source_sha256": segment_hash(source),
        "language": "en",
        "glossary_version": "",
        "provider": PERSON,
        "source": source,
        "target": target,
        "made_by": who,
        "made_at": now(),
    }
    with database.session() as session:
        keep_correction(session, values)
        mark_stale(session, _containing(session, source))
        session.commit()


def _name(by: str) -> str:
    if not by.strip():
        raise BadInput("the name of the person is missing")
    return by.strip()


def _containing(session: Session, source: str) -> list[int]:
    """Return the summaries in whose Chinese (title, scope, clauses) the text stands."""
    return [row.id for row in unedited_summaries(session) if any(source in text for text in _chinese(session, row))]


def _chinese(session: Session, row: SummaryRow) -> list[str]:
    change = session.get_one(ChangeRow, row.change_id)
    texts = [change.title_zh, change.scope_zh or ""]
    for clause in row.content["clauses"]:
        texts += [clause[side] or "" for side in ("heading_zh", "old_zh", "new_zh")]
    return texts
