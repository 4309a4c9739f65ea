"""What detection looks at: a capture as it is read, what stood before it, and what is known already."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from monitor.changes.change import Change, ChangeKind
from monitor.changes.classify import Known
from monitor.changes.identity import identify_document
from monitor.changes.kept import change_of, clause_of
from monitor.changes.merge import SAME_NEWS_DAYS
from monitor.changes.notices.corrections import RECENT_DAYS
from monitor.changes.register import Edition, Register, edition_of
from monitor.changes.rule_texts import Before, principal_member
from monitor.changes.sighting import Sighting
from monitor.changes.trust import Looks, same_text
from monitor.comparison.compare import compare_documents
from monitor.documents.document import Document
from monitor.documents.means import present_means
from monitor.documents.reader import READER_VERSION
from monitor.facts.extract import FACTS_VERSION, facts_of_document
from monitor.facts.fact import FactReading
from monitor.facts.second.answer import checked, compared
from monitor.facts.text.printed import document_text
from storage import changes as kept_changes
from storage import detection
from storage.captures import CaptureRow, address_of
from storage.changes import ChangeRow
from storage.detection import Session
from storage.documents import DocumentRow, claim_reading, document_of, keep_facts, second_answer_about
from storage.runs import HEALTHY, VisitRow, baseline_visits, first_days, is_trusted
from storage.sections import section_of

_LEAST_OF_AN_ARTICLE = 40
"""Characters under which what a general reader found may not be all of an article."""


def before_of(
    session: Session, earlier: CaptureRow | None, row: DocumentRow | None, now: Document, today: date
) -> Sighting | None:
    if earlier is None or row is None:
        return None
    document = Document.from_json(row.content)
    found = identify_document(now)
    same = principal_member(document, found.code) if found else document
    return sighting_of(session, earlier, row, same, today)


def twin_of(session: Session, sighting: Sighting, today: date) -> Sighting | None:
    """The same announcement under an older address: a site that moved its pages says nothing new.

    One that was only just reported is another account of the same event, and joins its evidence. Of each older address
    the newest state counts: what it was before that was exchanged there already.
    """
    newest: set[str] = set()
    for capture in detection.pages_titled(session, sighting.authority, sighting.title, sighting.capture_id):
        row = document_of(session, capture, READER_VERSION, present_means())
        examined = detection.examined_as(session, capture.id)
        if row is None or capture.url == sighting.url or examined is None or capture.url in newest:
            continue
        newest.add(capture.url)
        was_baseline, is_old = examined.outcome == "baseline", (today - examined.examined_on).days > SAME_NEWS_DAYS
        twin = sighting_of(session, capture, row, Document.from_json(row.content), today)
        if (was_baseline or is_old) and twin.published == sighting.published:
            return twin
    return None


def earlier_of(session: Session, capture: CaptureRow) -> CaptureRow | None:
    """The bytes that stood at the address before and were a document: not those of a damaged answer, nor a return."""
    previous = capture.previous_id
    while previous is not None:
        row = session.get_one(CaptureRow, previous)
        examined = detection.examined_as(session, row.id)
        is_no_state = examined is not None and examined.outcome in (detection.DROPPED, detection.RETURNED)
        if row.trouble is None and not is_no_state:
            return row
        previous = row.previous_id
    return None


def looks_at(session: Session, capture: CaptureRow, is_new: bool) -> Looks:
    """How far a capture can be trusted by now; `is_new` where it is the first of its address."""
    visit = session.get_one(VisitRow, capture.visit_id)
    last, stands = detection.confirming_visit(session, capture)
    if last is None or last.id <= visit.id or last.status not in HEALTHY:
        return Looks(is_trusted(visit, is_new), stands)
    return Looks(is_trusted(visit, is_new), stands, True, (last.today - capture.today).days)


def neighbours_of(session: Session, capture: CaptureRow, document: Document) -> Iterator[Document]:
    """Other articles of a page's section, which tell whether it was cut off; none for a page that has its end."""
    if document.is_closed or capture.kind != "article":
        return
    for other in detection.beside(session, capture):
        row = document_of(session, other, READER_VERSION, present_means())
        if row is not None:
            yield Document.from_json(row.content)


def is_return(session: Session, capture: CaptureRow, now: Document, earlier: CaptureRow, then: Document) -> bool:
    """Whether an address shows again, in bytes or in text, what it showed before the state that stood last."""
    if capture.sha256 != earlier.sha256 and same_text(now, then):
        return False
    for state in detection.earlier_states(session, capture):
        if state.id == earlier.id:
            continue
        row = document_of(session, state, READER_VERSION, present_means()) if state.sha256 != capture.sha256 else None
        if state.sha256 == capture.sha256 or (row is not None and same_text(now, Document.from_json(row.content))):
            return True
    return False


def is_baseline(session: Session, capture: CaptureRow, published: date | None) -> bool:
    """Whether a page belongs to what stood there when its section was first visited. The baseline is a moment: what is
    dated after the first visit is news, even if no visit was trusted for some days."""
    address = address_of(session, capture.authority, capture.url)
    section = address.section if address else capture.section
    first_visit = address.first_visit_id if address else capture.visit_id
    baseline = baseline_visits(session).get((capture.authority, section))
    if baseline is not None and first_visit > baseline:
        return False
    return not is_later(session, capture.authority, section, baseline, published)


def is_later(session: Session, authority: str, section: str, baseline: int | None, published: date | None) -> bool:
    """Whether a day lies after a section's first visit, where its baseline came only after that."""
    first = first_days(session).get((authority, section))
    if published is None or first is None or baseline is None or published <= first:
        return False
    return first < session.get_one(VisitRow, baseline).today


def awaits_baseline(session: Session, capture: CaptureRow, document: Document) -> bool:
    """Whether a page is dated after the first visit of a section that was not seen whole yet: what it is, baseline or
    news, is known when it was."""
    address = address_of(session, capture.authority, capture.url)
    place = (capture.authority, address.section if address else capture.section)
    first, published = first_days(session).get(place), document.published or (address.published if address else None)
    if baseline_visits(session).get(place) is not None or first is None or published is None:
        return False
    return first < published


def sighting_of(session: Session, capture: CaptureRow, row: DocumentRow, document: Document, today: date) -> Sighting:
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
        general=(
            capture.family == "general"
            and is_article
            and is_in_doubt(document, published)
            and not _is_confirmed(session, capture)
        ),
    )


def _is_confirmed(session: Session, capture: CaptureRow) -> bool:
    row = section_of(session, capture.authority, capture.section)
    return row is not None and row.is_confirmed


def is_in_doubt(document: Document, published: date | None) -> bool:
    """Whether the general reader leaves a doubt: no title, no day, or next to nothing under the title."""
    return not document.title.strip() or published is None or len(document_text(document)) < _LEAST_OF_AN_ARTICLE


def _page(session: Session, capture: CaptureRow) -> tuple[str | None, date | None]:
    """The title and day of the page that links to a file: as it reads now, else as its row reads."""
    if capture.kind == "article" or capture.parent_url is None:
        return None, None
    page = address_of(session, capture.authority, capture.parent_url)
    if page is None:
        return None, None
    newest = session.get(CaptureRow, page.capture_id) if page.capture_id else None
    row = (
        document_of(session, newest, READER_VERSION, present_means())
        if newest is not None and newest.kind == "article"
        else None
    )
    document = Document.from_json(row.content) if row is not None and row.readable else None
    title = document.title if document else None
    return title or page.title, (document.published if document else None) or page.published


def reading_of(session: Session, row: DocumentRow, document: Document, published: date | None) -> FactReading:
    """Return the facts of a document or of a part of it, beside what a second reader answered about the whole."""
    reading, content = facts_of_document(document, published), second_answer_about(session, row)
    return compared(reading, checked(content, document_text(document), published)) if content else reading


def _facts(session: Session, row: DocumentRow, document: Document, published: date | None) -> FactReading:
    """Read a document's facts, and keep those of all that was captured with the version of their reader."""
    reading = reading_of(session, row, document, published)
    if claim_reading(session, row.id, FACTS_VERSION, published):
        is_archive = bool(row.content["members"])
        whole = facts_of_document(Document.from_json(row.content), published) if is_archive else reading
        keep_facts(session, row.id, FACTS_VERSION, [fact.to_json() for fact in whole.facts], published)
    return reading


def known_to(session: Session, capture: CaptureRow, today: date) -> Known:
    since = today - timedelta(days=RECENT_DAYS)
    return Known(
        register=register_of(session),
        told=kept_changes.told_editions(session, since),
        titled=lambda title: detection.families_of_title(session, title),
        recall=lambda: tuple(change_from(session, row) for row in kept_changes.changes_since(session, since)),
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
    row = document_of(session, capture, READER_VERSION, present_means())
    if row is None:
        return None
    document = principal_member(Document.from_json(row.content), edition.code)
    sibling = (
        capture.parent_url is not None and capture.parent_url == beside.parent_url and capture.today == beside.today
    )
    return Before(capture.id, document, edition.code, capture.kind == "file", sibling)


def change_from(session: Session, row: ChangeRow) -> Change:
    """The change of a row, with the event that it amends where it is an entry of another one's history, and with its
    clauses where they tell the event."""
    change = change_of(kept_changes.columns_of(row), kept_changes.evidence_of(session, row.id))
    if change.kind is ChangeKind.REVISION:
        change = replace(change, clauses=tuple(clause_of(clause.content) for clause in row.clauses))
    if row.amends is None:
        return change
    amended = session.get_one(ChangeRow, row.amends)
    return replace(change, amends=(ChangeKind(amended.kind), amended.family or None, amended.event_key))
