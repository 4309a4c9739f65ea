"""SUMMARISE: each change in English; what awaited translation is completed when it can be.

Every translated segment is kept at once and every summary committed by itself, so that a killed cycle loses nothing.
No transaction stays open while a service is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from monitor.changes.change import Change
from monitor.changes.kept import change_of, clause_of
from monitor.translation.english.body import paragraphs_of
from monitor.translation.machine.segments import segment_hash
from monitor.translation.machine.translate import Rendering, Translator
from monitor.translation.summary import Background, Speech, Summary, summarise
from storage.captures import CaptureRow
from storage.changes import ChangeRow, columns_of, editions_of
from storage.engine.database import Database, Session, insert_missing
from storage.runs import now
from storage.translation import (
    SummaryRow,
    characters_sent,
    keep_translation,
    known_segment,
    newest_reading,
    replace_summary,
    unfinished_summaries,
    unsummarised_changes,
)
from storage.trouble.fence import Fence, fenced

log = structlog.get_logger()


def summarise_changes(database: Database, translator: Translator, today: date) -> dict[str, int]:
    """Say every change that has no summary in English, then complete those that awaited; safe to kill and to repeat."""
    with database.session() as session:
        names = [service.name for service in translator.services]
        translator.begin({name: characters_sent(session, name, today) for name in names})
    with fenced(database, "summarise") as fence:
        made = _make_missing(database, translator, today, fence)
        completed = _complete(database, translator, today, fence)
    with database.session() as session:
        awaiting = sum(row.awaiting > 0 for row in unfinished_summaries(session))
    if translator.trouble:
        log.warning("translation service given up", provider=translator.name, reason=translator.trouble)
    if translator.refused:
        log.warning("translations refused", **{name.partition(":")[0]: n for name, n in translator.refused.items()})
    refused = translator.refused.total()
    return {"summaries": made, "completed": completed, "awaiting": awaiting, "refused": refused} | fence.tally


@dataclass(frozen=True)
class StoredMemory:
    """The translation memory in the database; each segment is committed by itself."""

    database: Database
    glossary_version: str
    today: date

    def find(self, source: str) -> Rendering | None:
        """Return a person's correction, else what a service said under the present glossary."""
        with self.database.session() as session:
            row = known_segment(session, segment_hash(source), self.glossary_version)
            return Rendering(row.target, row.provider) if row else None

    def keep(self, source: str, rendering: Rendering) -> None:
        """Keep one segment at once."""
        values = {
            "source_sha256": segment_hash(source),
            "language": "en",
            "glossary_version": self.glossary_version,
            "provider": rendering.by,
            "source": source,
            "target": rendering.text,
            "made_on": self.today,
            "made_at": now(),
        }
        with self.database.session() as session:
            keep_translation(session, values)
            session.commit()


def _make_missing(database: Database, translator: Translator, today: date, fence: Fence) -> int:
    made = after = 0
    while True:
        with database.session() as session:
            work = [(row.id, row.revision) for row in unsummarised_changes(session, after)]
        if not work:
            return made
        for (change_id, revision), unit in fence.units(work, lambda change: f"change {change[0]}"):
            with unit:
                made += _keep_new(database, change_id, revision, _summary(database, translator, today, change_id))
        after = work[-1][0]


def _keep_new(database: Database, change_id: int, revision: int, summary: Summary) -> int:
    values = {
        "change_id": change_id,
        "revision": revision,
        "content": summary.to_json(),
        "awaiting": len(summary.awaiting),
        "stale": False,
        "made_at": now(),
    }
    with database.session() as session:
        new = insert_missing(session, SummaryRow, [values])
        session.commit()
    return new


def _complete(database: Database, translator: Translator, today: date, fence: Fence) -> int:
    """Say unfinished summaries of present revisions again; write only where something came out otherwise."""
    with database.session() as session:
        work = [(row.id, row.change_id, row.revision) for row in unfinished_summaries(session)]
    completed = 0
    for summary_id, change_id, revision in work:
        with database.session() as session:
            if session.get_one(ChangeRow, change_id).revision != revision:
                continue
        with fence.unit(f"change {change_id}"):
            completed += _say_again(database, summary_id, _summary(database, translator, today, change_id))
    return completed


def _say_again(database: Database, summary_id: int, summary: Summary) -> bool:
    """Keep what an unfinished summary says now, where that is otherwise; return whether it was completed by that."""
    with database.session() as session:
        row = session.get_one(SummaryRow, summary_id)
        if not row.stale and row.content == summary.to_json():
            return False
        done = replace_summary(session, summary_id, summary.to_json(), len(summary.awaiting), now())
        session.commit()
        return done and not summary.awaiting


def _summary(database: Database, translator: Translator, today: date, change_id: int) -> Summary:
    """Return a change's summary. The change is read first; the database is closed while services are asked."""
    change, background = _load(database, change_id)
    memory = StoredMemory(database, translator.glossary.version, today)
    speech = Speech(say=lambda text: None)

    def say(text: str) -> str | None:
        translation = translator.translate(text, memory)
        speech.spoken_by.update(translation.by)
        speech.awaiting.extend(translation.awaiting)
        return translation.text

    return summarise(change, background, translator.glossary, replace(speech, say=say))


def _load(database: Database, change_id: int) -> tuple[Change, Background]:
    with database.session() as session:
        row = session.get_one(ChangeRow, change_id)
        families = tuple(dict.fromkeys(filter(None, (row.family, *row.families_named))))
        titles = {
            family: edition.title_zh
            for family in families
            for edition in editions_of(session, family)
            if edition.title_zh
        }
        captures = [row.capture, *(evidence.capture for evidence in row.evidence if evidence.role != "list")]
        notices = [row.capture, *(evidence.capture for evidence in row.evidence if evidence.role == "notice")]
        documents = [document.content for capture in captures if (document := newest_reading(session, capture))]
        background = Background(
            captured_on=row.capture.today,
            sha256=row.capture.sha256,
            rule_titles=titles,
            kinds=tuple(dict.fromkeys(document["kind"] for document in documents)),
            ocr_pages=tuple(sorted({page for document in documents for page in document["ocr_pages"]})),
            substantive=row.substantive,
            body=_body(session, row.kind, notices),
        )
        return change_from_row(row), background


def _body(session: Session, kind: str, captures: Sequence[CaptureRow]) -> tuple[tuple[str | None, str], ...]:
    """Return the paragraphs of the notice that a change was read from; a rule's own text is compared, not told."""
    if kind in ("revision", "no_longer_listed", "new_rule"):
        return ()
    pages = [capture for capture in captures if capture.role == "notices" and capture.kind != "file"]
    documents = [document.content for capture in pages if (document := newest_reading(session, capture))]
    return tuple(dict.fromkeys(paragraph for document in documents for paragraph in paragraphs_of(document)))


def change_from_row(row: ChangeRow) -> Change:
    """Return the change that a row keeps, with its clauses."""
    change = change_of(columns_of(row), [(piece.capture_id, piece.role) for piece in row.evidence])
    return replace(change, clauses=tuple(clause_of(piece.content) for piece in row.clauses))
