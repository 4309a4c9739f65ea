"""DETECT: documents and healthy lists that nobody has looked at → changes, editions, mentions.

A capture is claimed, judged and kept in one commit, so that a kill at any point leaves it either untouched or done.
What is decided is decided in classify.py and merge.py; here it is fetched (seen.py) and kept (keep.py). A capture
whose document, or whose earlier bytes' document, was not yet made by the present reader waits for the next cycle.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from monitor.changes.classify import classify
from monitor.changes.identity import identify_document
from monitor.changes.lists.rows import (
    ListVisit,
    Row,
    last_showing,
    missing_families,
    no_longer_listed,
    read_rows,
    visits_a_day,
)
from monitor.changes.lists.sheets import read_rule_sheet
from monitor.changes.notices.corrections import RECENT_DAYS
from monitor.changes.reread import Stated, differences
from monitor.changes.stage.keep import keep_mentions, keep_verdict
from monitor.changes.stage.second import ask_second_reader
from monitor.changes.stage.seen import (
    awaits_baseline,
    before_of,
    earlier_of,
    is_baseline,
    is_later,
    is_return,
    known_to,
    looks_at,
    neighbours_of,
    reading_of,
    register_of,
    sighting_of,
    twin_of,
)
from monitor.changes.trust import Standing, is_damaged, is_damaged_file, lost_its_end, standing
from monitor.documents.document import Document
from monitor.documents.means import present_means
from monitor.documents.reader import READER_VERSION
from monitor.facts.extract import FACTS_VERSION
from monitor.facts.second.service import SecondReader
from storage import changes as kept_changes
from storage import detection
from storage.captures import CaptureRow, listings_of
from storage.changes import ChangeRow
from storage.detection import Session
from storage.documents import DocumentRow, claim_reading, document_of, documents_to_read_again, keep_facts, last_reading
from storage.documents import facts_of as facts_of_reading
from storage.engine.database import Database
from storage.runs import VisitRow, baseline_visits
from storage.trouble.fence import Fence, fenced


def detect_changes(database: Database, today: date, second: SecondReader | None = None) -> dict[str, int]:
    """Turn what nobody has looked at into changes; safe to kill, to repeat and to run twice at once.

    `second` is asked about it first, where there is one.
    """
    tally: Counter[str] = Counter()
    with fenced(database, "detect") as fence:
        if second is not None:
            tally.update(ask_second_reader(database, second, fence))
        for capture_id, unit in fence.units(_pending(database), lambda number: f"capture {number}"):
            with unit, database.session() as session:
                found = _examine_capture(session, capture_id, today)
                session.commit()
                tally.update(found)
        with database.session() as session:
            visits = [
                (visit.id, f"{visit.authority}/{visit.section}") for visit in detection.unexamined_visits(session)
            ]
        for visit, unit in fence.units(visits, lambda visit: f"visit {visit[0]}", lambda visit: visit[1]):
            with unit, database.session() as session:
                found = _examine_list(session, visit[0], today)
                session.commit()
                tally.update(found)
        tally.update(read_facts_again(database, fence, today, READER_VERSION, FACTS_VERSION))
    return dict(tally) | fence.tally


def read_facts_again(
    database: Database, fence: Fence, today: date, reader_version: int, facts_version: int
) -> dict[str, int]:
    """Read facts again where an older version read them; return how many documents, and changes that differ.

    A change of which something came out otherwise waits for a consultant and stays as it is: what a better reader finds
    is no event. Safe to kill, to repeat and to run twice at once: the claim and what comes of it are one commit.
    """
    tally: Counter[str] = Counter()
    after = 0
    while True:
        with database.session() as session:
            ids = documents_to_read_again(session, reader_version, facts_version, after)
        if not ids:
            return dict(tally)
        for document_id, unit in fence.units(ids, lambda number: f"document {number}"):
            with unit, database.session() as session:
                found = _read_facts_again(session, document_id, facts_version, today)
                session.commit()
                tally.update(found)
        after = ids[-1]


def _pending(database: Database) -> Iterator[int]:
    after = 0
    while True:
        with database.session() as session:
            batch = detection.unexamined_captures(session, after)
        if not batch:
            return
        yield from batch
        after = batch[-1]


def _examine_capture(session: Session, capture_id: int, today: date) -> dict[str, int]:
    if not detection.claim_capture(session, capture_id, today):
        return {}
    capture = session.get_one(CaptureRow, capture_id)
    earlier = earlier_of(session, capture)
    now = document_of(session, capture, READER_VERSION, present_means())
    then = document_of(session, earlier, READER_VERSION, present_means()) if earlier else None
    if now is None or (earlier is not None and then is None):
        session.rollback()
        return {"waiting": 1}
    if earlier is None and awaits_baseline(session, capture, Document.from_json(now.content)):
        session.rollback()
        return {"waiting": 1}
    what = standing(looks_at(session, capture, earlier is None), _is_damaged(session, capture, now, then))
    if what is Standing.DROP:
        detection.settle_capture(session, capture.id, detection.DROPPED)
        return {"dropped": 1}
    if what is Standing.WAIT or (earlier is not None and detection.examined_as(session, earlier.id) is None):
        session.rollback()
        if what is Standing.WAIT:
            detection.hold_capture(session, session.get_one(CaptureRow, capture_id))
        return {"waiting": 1}
    return _judge_return(session, capture, now, earlier, then) or _judge(session, capture, now, earlier, then, today)


def _is_damaged(session: Session, capture: CaptureRow, now: DocumentRow, then: DocumentRow | None) -> bool:
    """Whether an answer is a damaged one, against itself before; a new page, against its neighbours."""
    document = Document.from_json(now.content)
    if then is None:
        return any(lost_its_end(document, other) for other in neighbours_of(session, capture, document))
    before = Document.from_json(then.content)
    return is_damaged(document, before) if capture.kind == "article" else is_damaged_file(document, before)


def _judge_return(
    session: Session, capture: CaptureRow, now: DocumentRow, earlier: CaptureRow | None, then: DocumentRow | None
) -> dict[str, int]:
    """A state seen before is no news: the operator is told that the address is unstable, the holders nothing."""
    if earlier is None or then is None:
        return {}
    documents = Document.from_json(now.content), Document.from_json(then.content)
    if not is_return(session, capture, documents[0], earlier, documents[1]):
        return {}
    detection.settle_capture(session, capture.id, detection.RETURNED)
    detection.advise(session, capture.visit_id, f"unstable: {capture.url} shows again what it showed before")
    return {"examined": 1, "returned": 1}


def _judge(
    session: Session,
    capture: CaptureRow,
    now: DocumentRow,
    earlier: CaptureRow | None,
    then: DocumentRow | None,
    today: date,
) -> dict[str, int]:
    tally: Counter[str] = Counter(examined=1)
    outcomes = []
    for document in _leaves(Document.from_json(now.content)):
        sighting = sighting_of(session, capture, now, document, today)
        baseline = earlier is None and is_baseline(session, capture, sighting.published)
        known = known_to(session, capture, today)
        verdict = read_rule_sheet(sighting, known.register, known.told, baseline=baseline)
        if verdict is None:
            before = before_of(session, earlier, then, document, today)
            if before is None and not baseline:
                before = twin_of(session, sighting, today)
            verdict = classify(sighting, known, before, baseline=baseline)
        tally.update(keep_verdict(session, verdict, today))
        keep_mentions(session, verdict, capture.id, sighting.title, sighting.published)
        outcomes.append(verdict.outcome)
    detection.settle_capture(session, capture.id, "; ".join(dict.fromkeys(outcomes)))
    return tally


def _leaves(document: Document) -> list[Document]:
    """The rules inside an archive, each by itself; the document itself where it holds none."""
    found = [leaf for member in document.members for leaf in _leaves(member)]
    rules = [leaf for leaf in found if identify_document(leaf) is not None]
    return rules or [document]


def _examine_list(session: Session, visit_id: int, today: date) -> dict[str, int]:
    if not detection.claim_visit(session, visit_id, today):
        return {}
    row = session.get_one(VisitRow, visit_id)
    if row.status != "ok":
        detection.settle_visit(session, visit_id, "not trusted" if row.status != "not_modified" else "not modified")
        return {}
    register, told = register_of(session), kept_changes.told_editions(session, today - timedelta(days=RECENT_DAYS))
    families = _families_by_address(session, row.authority)
    baseline = baseline_visits(session).get((row.authority, row.section))
    earlier = detection.visits_up_to(session, row)
    history = visits_a_day(_list_visit(session, visit, families, baseline) for visit in earlier)
    visit = _list_visit(session, row, families, baseline)
    verdict = read_rows(visit, register, told)
    missing = missing_families(history, register)
    gone = tuple(no_longer_listed(visit, last_showing(history, family), family, register) for family in sorted(missing))
    tally = keep_verdict(session, replace(verdict, changes=(*verdict.changes, *gone)), today)
    if visit.list_capture_id is not None:
        keep_mentions(session, verdict, visit.list_capture_id, row.section, None)
    detection.settle_visit(session, visit_id, verdict.outcome)
    return tally


def _families_by_address(session: Session, authority: str) -> dict[str, frozenset[str]]:
    families: dict[str, set[str]] = {}
    for url, parent, family in kept_changes.texts_by_address(session, authority):
        for address in (url, parent):
            families.setdefault(address or "", set()).add(family)
    return {url: frozenset(found) for url, found in families.items()}


def _list_visit(
    session: Session, row: VisitRow, families: dict[str, frozenset[str]], baseline: int | None
) -> ListVisit:
    lists, place = detection.lists_of(session, row), (row.authority, row.section)
    return ListVisit(
        visit_id=row.id,
        authority=row.authority,
        section=row.section,
        today=row.today,
        rows=tuple(
            Row(each.title, each.url, each.published, is_later(session, *place, baseline, each.published))
            for each in listings_of(session, row.id)
        ),
        list_capture_id=lists[0].id if lists else None,
        list_url=lists[0].url if lists else "",
        trusted=row.status == "ok" and row.complete,
        baseline=baseline is None or row.id <= baseline,
        families_by_url=families,
    )


def _read_facts_again(session: Session, document_id: int, facts_version: int, today: date) -> dict[str, int]:
    row = session.get_one(DocumentRow, document_id)
    earlier = last_reading(session, row, facts_version)
    if earlier is None or not claim_reading(session, row.id, facts_version, earlier.published):
        return {}
    facts = reading_of(session, row, Document.from_json(row.content), earlier.published)
    content = [fact.to_json() for fact in facts.facts]
    keep_facts(session, row.id, facts_version, content, earlier.published)
    old = [(fact.type, fact.value["value"], fact.quote) for fact in facts_of_reading(session, earlier)]
    new = [(fact["type"], fact["value"], fact["quote"]) for fact in content]
    changes = detection.changes_resting_on(session, row, today - timedelta(days=RECENT_DAYS))
    return {
        "facts_read_again": 1,
        "facts_differ": sum(_tell_differences(session, change, old, new) for change in changes),
    }


def _tell_differences(session: Session, change: ChangeRow, old: list[Stated], new: list[Stated]) -> bool:
    stated = [(fact["type"], fact["value"], fact["quote"]) for fact in change.facts]
    words = differences(old, new, stated)
    if words:
        detection.ask_again(session, change, f"A better reader reads otherwise: {'; '.join(words)}")
    return bool(words)
