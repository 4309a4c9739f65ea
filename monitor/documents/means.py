"""By which means a document was read, and whether a failure to read it is ours or the file's.

Word files of the older formats say more through LibreOffice than without it, so two readings of them are compared only
where both had it or neither. What fails for time, memory or a program that is missing says nothing about the file: it
is tried again, and taken for a trait of the file only where it fails on several days on which others were read.
"""

from collections.abc import Iterator

from monitor.documents.document import Document
from monitor.documents.errors import NO_OFFICE, NO_UNAR
from monitor.documents.packed.archive import rar_program
from monitor.documents.word.doc import office_program

DAYS_TRIED = 3
"""On so many days reading must have failed before a person is told that the file cannot be read."""
ALARMING_NUMBER = 5
ALARMING_FALL = 0.2
"""So many unreadable documents in one run, and a share so much above the usual, are our fault until shown otherwise."""


def present_means() -> tuple[str, ...]:
    """Return the means of all readings that this machine would make again in the same way."""
    office = "+soffice" if office_program() else "-soffice"
    return ("", office) if rar_program() else ("", office, "-unar")


def means_of(document: Document) -> str:
    """Return by which means a document was read, just now and on this machine."""
    leaves = tuple(_leaves(document))
    if any(leaf.failure == NO_UNAR for leaf in leaves):
        return "-unar"
    if any(leaf.kind == "doc" or leaf.failure == NO_OFFICE for leaf in leaves):
        return "+soffice" if office_program() else "-soffice"
    return ""


def failure_of(document: Document) -> Document | None:
    """Return the document, or the member of it, that could not be read through a failure of ours; None where none."""
    return next((leaf for leaf in _leaves(document) if leaf.failure is not None), None)


def has_fallen(read: int, unreadable: int, read_before: int, unreadable_before: int) -> bool:
    """Return whether one run could read so much less than those before that the reader is to be doubted."""
    if unreadable < ALARMING_NUMBER:
        return False
    before = read_before + unreadable_before
    usual = read_before / before if before else 1.0
    return read / (read + unreadable) < usual - ALARMING_FALL


def _leaves(document: Document) -> Iterator[Document]:
    yield document
    for member in document.members:
        yield from _leaves(member)
