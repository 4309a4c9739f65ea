"""DETECT: documents and healthy lists that nobody has looked at → changes, editions, mentions.

A capture is claimed, judged and kept in one commit, so that a kill at any point leaves it either untouched or done.
What is decided is decided in classify.py and merge.py; this page only fetches and keeps. A capture whose document, or
whose earlier bytes' document, was not yet made by the present reader waits for the next cycle.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from monitor.changes.change import Change
from monitor.changes.classify import Known, classify
from monitor.changes.compare import compare_documents
from monitor.changes.corrections import RECENT_DAYS
from monitor.changes.identity import identify_document
from monitor.changes.kept import change_of, clause_values, values_of
from monitor.changes.listings import (
    ListVisit,
    Row,
    last_showing,
    missing_families,
    no_longer_listed,
    read_rows,
    visits_a_day,
)
from monitor.changes.merge import NEW, SAME_NEWS_DAYS, Merged, absorb, amend, merge, same_event, with_text_reason
from monitor.changes.register import Edition, Register, edition_of
from monitor.changes.reread import Stated, differences
from monitor.changes.sheets import read_rule_sheet
from monitor.changes.sighting import Sighting
from monitor.changes.texts import Before, principal_member
from monitor.changes.verdict import Amendment, EditionSeen, Ending, Mention, Verdict
from monitor.documents.document import Document
from monitor.documents.reader import READER_VERSION
from monitor.facts.extract import FACTS_VERSION, facts_of_document
from monitor.facts.fact import FactReading
from monitor.notation.codes import find_codes
from storage import changes as kept_changes
from storage import detection
from storage.captures import CaptureRow, address_of, listings_of
from storage.changes import ChangeRow
from storage.database import Database
from storage.detection import Session
from storage.documents import DocumentRow, claim_reading, document_of, documents_to_read_again, keep_facts, last_reading
from storage.documents import facts_of as facts_of_reading
from storage.evidence import EvidenceStore
from storage.runs import VisitRow, baseline_visits


def detect_changes(database: Database, today: date, evidence: EvidenceStore | None = None) -> dict[str, int]:
    """Turn what nobody has looked at into changes; safe to kill, to repeat and to run twice at once."""
    tally: Counter[str] = Counter()
    for capture_id in _pending(database):
        with database.session() as session:
            tally.update(_examine_capture(session, capture_id, today))
            session.commit()
    with database.session() as session:
        visits = [visit.id for visit in detection.unexamined_visits(session)]
    for visit_id in visits:
        with database.session() as session:
            tally.update(_examine_list(session, visit_id, today))
            session.commit()
    tally.update(read_facts_again(database, today, READER_VERSION, FACTS_VERSION))
    return dict(tally)


def read_facts_again(database: Database, today: date, reader_version: int, facts_version: int) -> dict[str, int]:
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
        for document_id in ids:
            with database.session() as session:
                tally.update(_read_facts_again(session, document_id, facts_version, today))
                session.commit()
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
    earlier = _earlier(session, capture)
    now = document_of(session, capture, READER_VERSION)
    then = document_of(session, earlier, READER_VERSION) if earlier else None
    if now is None or (earlier is not None and (then is None or not detection.is_examined(session, earlier.id))):
        session.rollback()
        return {"waiting": 1}
    return _judge(session, capture, now, earlier, then, today)


def _judge(
    session: Session,
    capture: CaptureRow,
    now: DocumentRow,
    earlier: CaptureRow | None,
    then: DocumentRow | None,
    today: date,
) -> dict[str, int]:
    baseline = earlier is None and _is_baseline(session, capture)
    tally: Counter[str] = Counter(examined=1)
    outcomes = []
    for document in _leaves(Document.from_json(now.content)):
        sighting = _sighting(session, capture, now, document, today)
        known = _known(session, capture, today)
        verdict = read_rule_sheet(sighting, known.register, known.told, baseline=baseline)
        if verdict is None:
            before = _before(session, earlier, then, document, today)
            if before is None and not baseline:
                before = _twin(session, sighting, today)
            verdict = classify(sighting, known, before, baseline=baseline)
        tally.update(_keep(session, verdict, today))
        _keep_mentions(session, verdict, capture.id, sighting.title, sighting.published)
        outcomes.append(verdict.outcome)
    detection.settle_capture(session, capture.id, "; ".join(dict.fromkeys(outcomes)))
    return tally


def _leaves(document: Document) -> list[Document]:
    """The rules inside an archive, each by itself; the document itself where it holds none."""
    found = [leaf for member in document.members for leaf in _leaves(member)]
    rules = [leaf for leaf in found if identify_document(leaf) is not None]
    return rules or [document]


def _before(
    session: Session, earlier: CaptureRow | None, row: DocumentRow | None, now: Document, today: date
) -> Sighting | None:
    if earlier is None or row is None:
        return None
    document = Document.from_json(row.content)
    found = identify_document(now)
    same = principal_member(document, found.code) if found else document
    return _sighting(session, earlier, row, same, today)


def _twin(session: Session, sighting: Sighting, today: date) -> Sighting | None:
    """The same announcement under an older address: a site that moved its pages says nothing new.

    One that was only just reported is another account of the same event, and joins its evidence.
    """
    for capture in detection.pages_titled(session, sighting.authority, sighting.title, sighting.capture_id):
        row = document_of(session, capture, READER_VERSION)
        examined = detection.examined_as(session, capture.id)
        if row is None or capture.url == sighting.url or examined is None:
            continue
        was_baseline, is_old = examined.outcome == "baseline", (today - examined.examined_on).days > SAME_NEWS_DAYS
        twin = _sighting(session, capture, row, Document.from_json(row.content), today)
        if (was_baseline or is_old) and twin.published == sighting.published:
            return twin
    return None


def _earlier(session: Session, capture: CaptureRow) -> CaptureRow | None:
    """The bytes that stood at the address before and were a document."""
    previous = capture.previous_id
    while previous is not None:
        row = session.get_one(CaptureRow, previous)
        if row.trouble is None:
            return row
        previous = row.previous_id
    return None


def _is_baseline(session: Session, capture: CaptureRow) -> bool:
    address = address_of(session, capture.authority, capture.url)
    section = address.section if address else capture.section
    first_visit = address.first_visit_id if address else capture.visit_id
    baseline = baseline_visits(session).get((capture.authority, section))
    return baseline is None or first_visit <= baseline


def _sighting(session: Session, capture: CaptureRow, row: DocumentRow, document: Document, today: date) -> Sighting:
    address = address_of(session, capture.authority, capture.url)
    page_title, page_published = _page(session, capture)
    is_article = capture.kind == "article"
    published = document.published or page_published or (address.published if address else None)
    return Sighting(
        capture_id=capture.id,
        authority=capture.authority,
        role="rules" if capture.role == "rules" else "notices",
        kind="article" if is_article else "file",
        url=capture.url,
        page_url=capture.url if is_article else (capture.parent_url or capture.url),
        document=document,
        reading=_facts(session, row, document, published),
        today=today,
        row_title=address.title if address and is_article else None,
        row_published=address.published if address else None,
        page_title=page_title,
        page_published=page_published,
        file_name=(document.name or capture.name or (address.title if address else None)) if not is_article else None,
        general=capture.family == "general" and is_article,
    )


def _page(session: Session, capture: CaptureRow) -> tuple[str | None, date | None]:
    """The title and day of the page that links to a file: as it reads now, else as its row reads."""
    if capture.kind == "article" or capture.parent_url is None:
        return None, None
    page = address_of(session, capture.authority, capture.parent_url)
    if page is None:
        return None, None
    newest = session.get(CaptureRow, page.capture_id) if page.capture_id else None
    row = document_of(session, newest, READER_VERSION) if newest is not None and newest.kind == "article" else None
    document = Document.from_json(row.content) if row is not None and row.readable else None
    title = document.title if document else None
    return title or page.title, (document.published if document else None) or page.published


def _facts(session: Session, row: DocumentRow, document: Document, published: date | None) -> FactReading:
    """Read a document's facts, and keep those of all that was captured with the version of their reader."""
    reading = facts_of_document(document, published)
    if claim_reading(session, row.id, FACTS_VERSION, published):
        is_archive = bool(row.content["members"])
        whole = facts_of_document(Document.from_json(row.content), published) if is_archive else reading
        keep_facts(session, row.id, FACTS_VERSION, [fact.to_json() for fact in whole.facts], published)
    return reading


def _known(session: Session, capture: CaptureRow, today: date) -> Known:
    since = today - timedelta(days=RECENT_DAYS)
    return Known(
        register=register_of(session),
        told=kept_changes.told_editions(session, since),
        titled=lambda title: detection.families_of_title(session, title),
        recall=lambda: tuple(_change(session, row) for row in kept_changes.changes_since(session, since)),
        text_of=lambda edition: _text_of(session, edition, capture),
        compare=compare_documents,
    )


def register_of(session: Session) -> Register:
    """Return the register as it stands."""
    return Register.of(edition_of(row._asdict()) for row in kept_changes.all_editions(session))


def _text_of(session: Session, edition: Edition, beside: CaptureRow) -> Before | None:
    """The principal text of an edition, in the present reader's version."""
    if edition.capture_id is None or edition.capture_id == beside.id:
        return None
    capture = session.get_one(CaptureRow, edition.capture_id)
    row = document_of(session, capture, READER_VERSION)
    if row is None:
        return None
    document = principal_member(Document.from_json(row.content), edition.code)
    sibling = (
        capture.parent_url is not None and capture.parent_url == beside.parent_url and capture.today == beside.today
    )
    return Before(capture.id, document, edition.code, capture.kind == "file", sibling)


def _change(session: Session, row: ChangeRow) -> Change:
    return change_of(kept_changes.columns_of(row), kept_changes.evidence_of(session, row.id))


def _keep(session: Session, verdict: Verdict, today: date) -> Counter[str]:
    tally: Counter[str] = Counter()
    for seen in verdict.editions:
        _keep_edition(session, seen, today)
    for ending in verdict.endings:
        _keep_ending(session, ending, today)
    for amendment in verdict.amendments:
        tally.update(_keep_amendment(session, amendment, verdict.changes, today))
    for change in verdict.changes:
        tally.update(_keep_change(session, change, today))
    return tally


def _keep_edition(session: Session, seen: EditionSeen, today: date) -> None:
    capture = session.get_one(CaptureRow, seen.capture_id)
    values = {
        "authority": seen.code.family.authority.lower(),
        "family": str(seen.code.family),
        "year": seen.code.year or 0,
        "letter": seen.code.letter or "",
        "edition": seen.shown,
        "title_zh": seen.title_zh,
        "published": seen.published,
        "effective": seen.effective,
        "capture_id": seen.capture_id,
        "source_capture_id": seen.capture_id,
        "first_seen": today,
    }
    detection.keep_edition(session, values, is_text=seen.is_text, is_file=capture.kind == "file")
    for old in seen.replaces:
        if old.family != seen.code.family and old.year is not None:
            _keep_edition(session, EditionSeen(old, str(old), "", seen.capture_id), today)
        if old != seen.code:
            detection.mark_superseded(session, str(old.family), old.year, old.letter or "", seen.shown)


def _keep_ending(session: Session, ending: Ending, today: date) -> None:
    if ending.reason is None:
        detection.restore_editions(session, ending.family)
        return
    edition = (ending.code.year or 0, ending.code.letter or "") if ending.code else None
    detection.end_editions(session, ending.family, edition, ending.on or today, ending.reason, ending.superseded_by)


def _keep_mentions(session: Session, verdict: Verdict, capture_id: int, title: str, published: date | None) -> None:
    rows = [
        {
            "capture_id": capture_id,
            "family": mention.family,
            "edition": mention.edition,
            "role": mention.role,
            "title_zh": title,
            "published": published,
        }
        for mention in (*verdict.mentions, Mention("", "", "page"))
    ]
    detection.keep_mentions(session, rows)


def _keep_change(session: Session, change: Change, today: date) -> dict[str, int]:
    change = with_text_reason(change, _has_text(session, change))
    row = _account_of(session, change)
    if row is None:
        evidence = [(capture, role.value) for capture, role in zip(change.captures, change.roles, strict=True)]
        if detection.keep_change(session, values_of(change), clause_values(change.clauses), evidence) is not None:
            return {"changes": 1} | _recall_notices(session, change, today)
        row = _account_of(session, change)
        assert row is not None
    merged = _merged(session, row, change)
    row = kept_changes.standing(session, row)
    return _update(session, row, merged, change.captures[0], today, is_told=False)


def _merged(session: Session, row: ChangeRow, change: Change) -> Merged:
    """What an account adds to the change that tells its event: where a consultant merged that one, to the other."""
    if row.merged_into is not None:
        return absorb(_change(session, kept_changes.standing(session, row)), change)
    return merge(_change(session, row), change, has_text=_has_text(session, change))


def _recall_notices(session: Session, change: Change, today: date) -> dict[str, int]:
    """Add what notices said of a new edition before it was a change: those of the baseline reported nothing."""
    tally: Counter[str] = Counter()
    if change.kind not in NEW or change.family is None:
        return tally
    for mention, capture in kept_changes.mentions_of(session, change.family):
        row = document_of(session, capture, READER_VERSION)
        if mention.edition != change.event_key or mention.role != "notice" or row is None:
            continue
        if capture.id not in change.captures and detection.is_examined(session, capture.id):
            sighting = _sighting(session, capture, row, Document.from_json(row.content), today)
            accounts = classify(sighting, _known(session, capture, today)).changes
            for account in accounts:
                if same_event(change, account):
                    tally.update(_keep_change(session, account, today))
    return tally


def _account_of(session: Session, change: Change) -> ChangeRow | None:
    """The kept change that tells the same event, None where it is the first account."""
    kinds = [kind.value for kind in NEW] if change.kind in NEW else [change.kind.value]
    row = kept_changes.find_event(session, kinds, change.family or "", change.event_key)
    if row is not None:
        return row
    since = change.detected_on - timedelta(days=RECENT_DAYS)
    for candidate in kept_changes.changes_since(session, since, (change.family or "",)):
        if same_event(_change(session, candidate), change):
            return candidate
    return None


def _update(
    session: Session, row: ChangeRow, merged: Merged, capture_id: int, today: date, *, is_told: bool
) -> dict[str, int]:
    """Keep what later evidence adds; `is_told` where a change of its own (a correction) tells it to the holders.

    What a consultant decided, was decided on less: a dismissed change is taken up again, and so is an approved one
    that would be told a second time.
    """
    if not merged.fields:
        return {}
    evidence = [(c, role.value) for c, role in zip(merged.change.captures, merged.change.roles, strict=True)]
    note = {
        "on": today.isoformat(),
        "capture": capture_id,
        "fields": list(merged.fields),
        "material": merged.is_material and not is_told,
    }
    if merged.is_material and (row.decision == "dismissed" or (row.decision == "approved" and not is_told)):
        detection.reopen(session, row, f"later evidence: {', '.join(merged.fields)}")
    values = values_of(merged.change)
    values["needs_review"] |= row.needs_review and not row.reasons  # asked for without a reason of the change's own
    detection.update_change(session, row, values, clause_values(merged.change.clauses), evidence, note)
    return {"updates": 1}


def _keep_amendment(session: Session, amendment: Amendment, changes: tuple[Change, ...], today: date) -> dict[str, int]:
    row = kept_changes.find_change(session, amendment.kind.value, amendment.family or "", amendment.event_key)
    if row is None:
        return {}
    row = kept_changes.standing(session, row)
    merged = amend(_change(session, row), amendment.fields)
    source = changes[0].captures[0] if changes else row.capture_id
    return _update(session, row, merged, source, today, is_told=bool(changes))


def _examine_list(session: Session, visit_id: int, today: date) -> dict[str, int]:
    if not detection.claim_visit(session, visit_id, today):
        return {}
    row = session.get_one(VisitRow, visit_id)
    if row.status != "ok":
        detection.settle_visit(session, visit_id, "not trusted" if row.status != "not_modified" else "not modified")
        return {}
    register, told = register_of(session), kept_changes.told_editions(session, today - timedelta(days=RECENT_DAYS))
    families = _families_by_address(session, row.authority)
    history = visits_a_day(_list_visit(session, visit, families) for visit in detection.visits_up_to(session, row))
    visit = _list_visit(session, row, families)
    verdict = read_rows(visit, register, told)
    missing = missing_families(history, register)
    gone = tuple(no_longer_listed(visit, last_showing(history, family), family, register) for family in sorted(missing))
    tally = _keep(session, replace(verdict, changes=(*verdict.changes, *gone)), today)
    if visit.list_capture_id is not None:
        _keep_mentions(session, verdict, visit.list_capture_id, row.section, None)
    detection.settle_visit(session, visit_id, verdict.outcome)
    return tally


def _families_by_address(session: Session, authority: str) -> dict[str, frozenset[str]]:
    families: dict[str, set[str]] = {}
    for url, parent, family in kept_changes.texts_by_address(session, authority):
        for address in (url, parent):
            families.setdefault(address or "", set()).add(family)
    return {url: frozenset(found) for url, found in families.items()}


def _list_visit(session: Session, row: VisitRow, families: dict[str, frozenset[str]]) -> ListVisit:
    baseline = baseline_visits(session).get((row.authority, row.section))
    lists = detection.lists_of(session, row)
    return ListVisit(
        visit_id=row.id,
        authority=row.authority,
        section=row.section,
        today=row.today,
        rows=tuple(Row(row.title, row.url, row.published) for row in listings_of(session, row.id)),
        list_capture_id=lists[0].id if lists else None,
        list_url=lists[0].url if lists else "",
        trusted=row.status == "ok" and row.complete,
        baseline=baseline is None or row.id <= baseline,
        families_by_url=families,
    )


def _has_text(session: Session, change: Change) -> bool:
    codes = find_codes(change.new_edition or "")
    if change.kind not in NEW or not codes or codes[0].year is None:
        return False
    row = kept_changes.edition_of(session, str(codes[0].family), codes[0].year, codes[0].letter or "")
    return row is not None and row.capture_id is not None


def _read_facts_again(session: Session, document_id: int, facts_version: int, today: date) -> dict[str, int]:
    row = session.get_one(DocumentRow, document_id)
    earlier = last_reading(session, row, facts_version)
    if earlier is None or not claim_reading(session, row.id, facts_version, earlier.published):
        return {}
    facts = facts_of_document(Document.from_json(row.content), earlier.published)
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
