"""How well a document was read, against its known text: characters, headings, cells."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from monitor.documents.document import Document
from tests.documents.known import KnownPart, read_known

_DASHES = re.compile(r"[-‐-―−－─]")
_OUTSIDE = {"cover", "text", "revision_note"}


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares from 0 to 1: wrong characters of the known text, and headings and cells found."""

    errors: float
    headings: float
    cells: float
    wrong: int
    characters: int


def normalised(text: str) -> str:
    """Return a text as character error rates compare it: NFKC, no white space, one kind of dash."""
    return _DASHES.sub("-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))


def error_rate(read: str, known: str) -> float:
    """Return the Levenshtein distance of two texts, normalised, in shares of the known one."""
    truth = normalised(known)
    return Levenshtein.distance(normalised(read), truth) / max(1, len(truth))


def known_text(parts: Iterable[KnownPart]) -> str:
    """Return the plain text of known parts."""
    return "\n".join(_plain(part.path, part.heading, part.lines, part.tables) for part in parts)


def text_of(document: Document) -> str:
    """Return the plain text of what was read."""
    return "\n".join(_plain(part.path, part.heading, [part.body], part.tables) for part in document.parts)


def measured(document: Document, known: Path) -> Measured:
    """Return how well a document was read."""
    parts = read_known(known)
    truth, read = normalised(known_text(parts)), normalised(text_of(document))
    wrong = Levenshtein.distance(read, truth)
    headings = Counter(_heading(part.path, part.heading) for part in parts if part.path is not None)
    found = Counter(_heading(part.path, part.heading) for part in document.parts if part.path is not None)
    cells = _cells(table for part in parts for table in part.tables)
    seen = _cells(table for part in document.parts for table in part.tables)
    return Measured(wrong / max(1, len(truth)), _share(headings, found), _share(cells, seen), wrong, len(truth))


def _plain(path: str | None, heading: str, lines: Iterable[str], tables: Iterable[Iterable[Iterable[str]]]) -> str:
    cells = (cell for table in tables for row in table for cell in row)
    return "\n".join([path or "", heading, *lines, *cells])


def _heading(path: str | None, heading: str) -> str:
    return normalised(f"{path} {heading}")


def _cells(tables: Iterable[Iterable[Sequence[str]]]) -> Counter[str]:
    """Each cell with its column and the first cell of its row."""
    rows = (row for table in tables for row in table)
    return Counter(f"{normalised(row[0])}|{at}|{normalised(cell)}" for row in rows for at, cell in enumerate(row))


def _share(known: Counter[str], found: Counter[str]) -> float:
    return (known & found).total() / known.total() if known else 1.0
