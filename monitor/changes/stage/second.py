"""What a second reader says of new documents, asked before they are judged: its answers are kept, and it is not asked
twice. It reads what may become news; what stood there when a section was first visited is none."""

from collections.abc import Iterator
from datetime import date

from monitor.changes.stage.seen import is_baseline
from monitor.documents.document import Document
from monitor.documents.means import present_means
from monitor.documents.reader import READER_VERSION
from monitor.facts.errors import SecondReaderFailed
from monitor.facts.second.service import SecondReader
from monitor.facts.text.printed import document_text
from storage.captures import CaptureRow, address_of
from storage.detection import unexamined_documents
from storage.documents import DocumentRow, keep_second_answer
from storage.engine.database import Database
from storage.trouble.fence import Fence

SHORTEST, LONGEST = 20, 20_000
"""Characters of what it is asked about: a notice or a rule's text, no book."""


def ask_second_reader(database: Database, reader: SecondReader, fence: Fence) -> dict[str, int]:
    """Ask about documents that nobody has judged; return how many were answered, and how many the budget left out.

    A service that fails is set aside once and asked no more in this run: our own reading stands.
    """
    tally = {"second_answers": 0, "second_left": 0}
    for document_id, text, published in _documents(database):
        if len(text) > reader.characters_left:
            tally["second_left"] += 1
            continue
        try:
            content = reader.answer(text, published)
        except SecondReaderFailed as reason:
            fence.set_aside("second reader", str(reason))
            break
        with database.session() as session:
            row = session.get_one(DocumentRow, document_id)
            tally["second_answers"] += keep_second_answer(session, row, reader.model, content)
            session.commit()
    return tally


def _documents(database: Database) -> Iterator[tuple[int, str, date | None]]:
    with database.session() as session:
        waiting = unexamined_documents(session, READER_VERSION, present_means())
    for document_id, capture_id in waiting:
        with database.session() as session:
            capture = session.get_one(CaptureRow, capture_id)
            document = Document.from_json(session.get_one(DocumentRow, document_id).content)
            address = address_of(session, capture.authority, capture.url)
            published = document.published or (address.published if address else None)
            if document.members or is_baseline(session, capture, published):
                continue
        text = document_text(document)
        if SHORTEST <= len(text) <= LONGEST:
            yield document_id, text, published
