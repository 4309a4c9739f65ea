"""What a person may do to the English: edit a summary, correct a translation. Both win over every program."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from monitor.errors import BadInput
from monitor.notation.text import has_han
from monitor.translation.english.body import say_body
from monitor.translation.english.statements import say_fact
from monitor.translation.machine.check import find_harm
from monitor.translation.machine.protect import protect
from monitor.translation.machine.segments import segment_hash, split_segments
from monitor.translation.machine.translate import Memory, Translator
from storage.changes import ChangeRow, ReviewRow
from storage.engine.database import Database, Session
from storage.runs import now
from storage.translation import (
    PERSON,
    SummaryRow,
    all_segments,
    characters_sent,
    keep_correction,
    mark_stale,
    summary_of,
    unedited_summaries,
    unfinished_summaries,
)


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


def explain(
    translator: Translator, memory: Memory, text: str, facts: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return each sentence of a text: Chinese, English, who says it, what was protected, what the check said.

    `facts` are those read from the text. What a service says is kept in the memory, as in a cycle.
    """
    said = [(str(fact["quote"]), say_fact(fact)) for fact in facts]
    known = [(quote, english) for quote, english in said if english]
    return [_explained(segment.text, translator, memory, known) for segment in split_segments(text)]


def spent_today(database: Database, translator: Translator, today: date) -> dict[str, int]:
    """Return how many characters each service of a translator has been paid for on a day."""
    with database.session() as session:
        return {service.name: characters_sent(session, service.name, today) for service in translator.services}


def _explained(zh: str, translator: Translator, memory: Memory, facts: list[tuple[str, str]]) -> dict[str, Any]:
    known = memory.find(zh)
    remembered = known is not None
    stated = () if known is not None and known.by == PERSON else facts  # a person's words win over all
    (sentence,) = say_body([(None, zh)], lambda text: [text], stated, lambda text: None)
    refused = dict(translator.refused)
    translation = translator.translate(zh, memory) if sentence.en is None else None
    english = sentence.en if translation is None else translation.text
    by = [sentence.by] if translation is None else sorted(translation.by)
    harm = find_harm(zh, english) if english and translation and not {PERSON, "phrase"} & translation.by else ()
    was_refused = [f"refused: {name}" for name, count in translator.refused.items() if count > refused.get(name, 0)]
    return {
        "zh": zh,
        "en": english,
        "by": ["memory", *by] if remembered and translation else by,
        "protected": list(protect(zh).kept),
        "check": [*harm, *was_refused] or (["passed"] if english and translation and has_han(zh) else []),
    }


def status(database: Database, translator: Translator) -> dict[str, Any]:
    """Return the services, how many segments each has in the memory, and which sentences still await."""
    with database.session() as session:
        awaiting = [text for row in unfinished_summaries(session) for text in row.content["awaiting"]]
        kept = Counter(row.provider for row in all_segments(session))
    return {
        "services": translator.name,
        "remembered": [f"{name}: {count}" for name, count in sorted(kept.items())],
        "awaiting": list(dict.fromkeys(awaiting)),
    }


def remembered(database: Database) -> list[tuple[str, str, str]]:
    """Return every translation that is kept: Chinese, English, and who said it."""
    with database.session() as session:
        return [(row.source, row.target, row.made_by or row.provider) for row in all_segments(session)]


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
    return texts + [sentence["zh"] for sentence in row.content.get("body", ())]
