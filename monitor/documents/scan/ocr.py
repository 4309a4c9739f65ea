"""Scanned pages: pictures of text become lines and tables, each with how sure the reading is.

RapidOCR reads (its models come in its package, so no network is needed); its classifier of line direction stays off,
because it turns single upright lines by 180°. What it reads is laid on the page as characters with places, so that
lines, columns and tables are found by the same code as on born-digital pages.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from monitor.documents.pdf.characters import Character
from monitor.documents.pdf.page import blocks_of
from monitor.documents.pdf.tables import Box, TableBox
from monitor.documents.scan.cells import Ruled, dash_in, find_tables
from monitor.documents.scan.picture_file import page_of
from monitor.documents.scan.straighten import DPI, picture_from, picture_of, turned, upright
from monitor.documents.structure.lines import Block, Line, Page

Picture = NDArray[np.uint8]
SIDEWAYS = 0.6
"""Share of boxes taller than wide above which a page lies on its side."""
GOOD_SCORE = 0.9
"""Mean score below which a page may stand on its head."""
MOST_THREADS = 4
_POINTS = 72 / DPI
_LEADER = re.compile(
    r"[.·…．‥﹒•]{3,}|^[.·…．‥﹒•]+$|[.·…]{2,}(?=\s*\d{0,3}$)|(?<=[\u4e00-\u9fff）)])[.·]+(?=\s*\d{0,3}$)"
)
"""Dots that lead from a heading to its page number; a Chinese sentence never ends in a full stop of this kind."""
_MINUS = re.compile(r"(?<=[A-Za-z0-9])一(?=[A-Za-z0-9])|(?<![\u4e00-\u9fff])一(?=\d)|(?<=[为至到在于])一(?=\d)")
"""A hyphen or minus that was read as the number one, which no digit follows in Chinese."""


class Word(NamedTuple):
    """A stretch of text as it was found on a picture: pixels from the upper left, and the score from 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    score: float


def read_pages(data: bytes, numbers: Sequence[int]) -> Mapping[int, Page]:
    """Return pages (by number from 1) of a PDF or of a picture file as read by OCR.

    A page that cannot be drawn or read is left out.
    """
    if not _is_pdf(data):
        return _present({number: _tried(picture_from(page_of(data, number)), number) for number in numbers})
    document = pdfium.PdfDocument(data)
    try:
        return _present({number: _read_page(document, number) for number in numbers})
    finally:
        document.close()


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1029]


def _present(read: Mapping[int, Page | None]) -> Mapping[int, Page]:
    return {number: page for number, page in read.items() if page is not None}


def read_picture(picture: Picture, number: int = 1) -> Page | None:
    """Return one page as read from its picture (grey, DPI dots an inch), None where nothing can be read."""
    reading = _read_upright(upright(picture))
    words = reading.words
    if not words:
        return None
    characters = [character for word in words for character in _characters(word)]
    width, height = reading.width * _POINTS, reading.height * _POINTS
    blocks = _scored(blocks_of(characters, reading.tables, width), words)
    confidence = sum(word.score * len(word.text) for word in words) / sum(len(word.text) for word in words)
    return Page(number, blocks, ocr=True, confidence=round(confidence, 4), width=width, height=height)


def _read_page(document: pdfium.PdfDocument, number: int) -> Page | None:
    try:
        picture = picture_of(document[number - 1])
    except pdfium.PdfiumError:
        return None
    return _tried(picture, number)


def _tried(picture: Picture, number: int) -> Page | None:
    try:
        return read_picture(picture, number)
    except Exception:  # foreign parser: OpenCV and the engine fail in ways of their own on odd pictures
        return None


class _Reading(NamedTuple):
    """What was read of a picture turned one way."""

    words: list[Word]
    tables: tuple[TableBox, ...]
    width: int
    height: int

    @property
    def score(self) -> float:
        """How well it reads, from 0 to 1."""
        return fmean(word.score for word in self.words) if self.words else 0.0

    @property
    def is_sideways(self) -> bool:
        """Whether most boxes are taller than wide, as on a page that lies on its side."""
        tall = sum(word.bottom - word.top > 1.2 * (word.right - word.left) for word in self.words)
        return tall > SIDEWAYS * len(self.words)


def _read_upright(picture: Picture) -> _Reading:
    """The page turned as it reads best: one on its side or head is found out by its boxes and its score."""
    first = _read(picture)
    if not first.words or not (first.is_sideways or first.score < GOOD_SCORE):
        return first
    quarters = (1, 3) if first.is_sideways else (2,)
    return max([first, *(_read(upright(turned(picture, quarter))) for quarter in quarters)], key=lambda it: it.score)


def _read(picture: Picture) -> _Reading:
    ruled = find_tables(picture, _POINTS)
    words = _words(ruled.picture)
    return _Reading([*words, *_dashes(ruled, words)], ruled.tables, picture.shape[1], picture.shape[0])


def _dashes(ruled: Ruled, words: Sequence[Word]) -> list[Word]:
    """A dash alone in a cell, which the engine passes over, but which says that nothing applies."""
    cells = [cell for table in ruled.tables for row in table.rows for cell in row if cell is not None]
    empty = [cell for cell in cells if not any(_lies_in(word, cell) for word in words)]
    found = [(cell, dash_in(ruled.picture, cell, _POINTS)) for cell in empty]
    return [Word("—", *box, score=0.9) for _, box in found if box is not None]


def _lies_in(word: Word, cell: Box) -> bool:
    across, down = (word.left + word.right) / 2 * _POINTS, (word.top + word.bottom) / 2 * _POINTS
    return cell[0] <= across <= cell[2] and cell[1] <= down <= cell[3]


def _words(picture: Picture) -> list[Word]:
    """What the engine reads on a picture, from the top down."""
    result: Any = _engine()(np.repeat(picture[:, :, None], 3, axis=2))
    if result.boxes is None:
        return []
    found = [
        _word(text, box, score)
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
        if text.strip()
    ]
    return [word for row in _rows(found) for word in _without_leaders(row)]


def _word(text: str, box: NDArray[np.float32], score: float) -> Word:
    left, top = box.min(axis=0)
    right, bottom = box.max(axis=0)
    return Word(text, float(left), float(top), float(right), float(bottom), float(score))


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand at one height are one row, read from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom) / 2):
        row = next((row for row in reversed(rows[-4:]) if _beside(row[0], word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    rows.sort(key=lambda row: fmean((word.top + word.bottom) / 2 for word in row))
    return [sorted(row, key=lambda word: word.left) for row in rows]


def _without_leaders(row: Sequence[Word]) -> list[Word]:
    """A row with leaders as one word: its dots are read as anything, and are put right; what follows them stays."""
    at = next((at for at, word in enumerate(row) if _LEADER.search(word.text)), None)
    if at is None:
        return list(row)
    pieces = [_LEADER.sub("\x00", word.text) for word in row]
    said = re.sub(r"[\s.·…]*\x00[\s.·…\x00]*", "\x00", "\x00".join(pieces[at:]))
    whole = "".join(pieces[:at]) + said
    if not whole.strip("\x00 "):
        return []
    text = whole.strip().lstrip("\x00").replace("\x00", "." * 12)
    return [Word(text, row[0].left, row[0].top, row[-1].right, row[0].bottom, max(word.score for word in row))]


def _beside(one: Word, other: Word) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _characters(word: Word) -> list[Character]:
    """The characters of a word, laid out over its box by their usual widths, and the end of its line."""
    widths = [_width(sign) for sign in word.text]
    unit = (word.right - word.left) / sum(widths)
    height = word.bottom - word.top
    left, found = word.left, []
    for sign, width in zip(word.text, widths, strict=True):
        right = left + width * unit
        found.append(
            Character(sign, left * _POINTS, right * _POINTS, (word.bottom - 0.15 * height) * _POINTS, height * _POINTS)
        )
        left = right
    found.append(Character("\n", 0, 0, 0, 0, made=True))
    return found


def _width(sign: str) -> float:
    return 0.52 if sign.isascii() else 1.0


def _scored(blocks: Sequence[Block], words: Sequence[Word]) -> tuple[Block, ...]:
    """Each line with the lowest score of the words in it."""
    scored: list[Block] = []
    for block in blocks:
        if isinstance(block, Line):
            scores = [word.score for word in words if _stands_in(word, block)]
            block = replace(block, confidence=round(min(scores, default=0.5), 3))
        scored.append(block)
    return tuple(scored)


def _stands_in(word: Word, line: Line) -> bool:
    middle = (word.top + word.bottom) / 2 * _POINTS
    inside = line.left - 2 <= word.left * _POINTS and word.right * _POINTS <= line.left + line.width + 2
    return inside and line.top - line.height / 2 <= middle <= line.top + 1.5 * line.height


@cache
def _engine() -> Any:
    """The engine, once a process; more threads than a few cost memory and win nothing."""
    from rapidocr import RapidOCR

    threads = min(MOST_THREADS, os.cpu_count() or 1)
    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
