"""The text of a document as facts are read from it, and quoted from it."""

import re
from collections.abc import Iterable

from monitor.documents.document import Document, Part


def document_text(document: Document) -> str:
    """Return the text that facts of a document are read from, and quoted from."""
    return "\n".join(_pieces(document))


def _pieces(document: Document) -> Iterable[str]:
    yield document.title
    for part in document.parts:
        yield _first_line(part)
        yield part.body
        for table in part.tables:
            yield from ("\t".join(cell.replace("\n", "") for cell in row) for row in table)
    for member in document.members:
        yield from _pieces(member)


def _first_line(part: Part) -> str:
    """Number and heading as they are printed, so that a quote is found in the source: 一、适用范围, 1.1 适用范围."""
    if not (part.path and part.heading):
        return part.path or part.heading
    return f"{part.path}{'、' if _HAN_NUMBER.fullmatch(part.path) else ' '}{part.heading}"


_HAN_NUMBER = re.compile("[一二三四五六七八九十]+")
