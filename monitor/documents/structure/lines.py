"""What every format reader hands to the clause tree: pages of lines and grids, in reading order."""

from dataclasses import dataclass

from monitor.documents.document import Doubt, SetAside, Table


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of text.

    `whole` says that the text is a paragraph already (DOCX, HTML) and must not be joined with its
    neighbours; PDF and OCR lines are visual lines. `left`, `top`, `width` are in points where a page has
    them, `column` counts the columns of a page from the left, `word` is the width of
    the first word, which cannot be broken. `heading_level` is set where the format itself
    says so (Word heading styles, h1…h6).
    """

    text: str
    whole: bool = False
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0
    size: float = 0.0
    bold: bool = False
    centred: bool = False
    heading_level: int | None = None
    confidence: float = 1.0
    column: int = 0
    word: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, lifted out of the text before clauses are looked for."""

    rows: Table
    top: float = 0.0
    left: float = 0.0
    width: float = 0.0
    ends_page: bool = False
    starts_page: bool = False


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """One page; a format without pages (DOCX, HTML, text) is one page. Sizes are in points."""

    number: int
    blocks: tuple[Block, ...]
    ocr: bool = False
    confidence: float = 1.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """Text that a file holds in one place, by a second and simpler look at it."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class RawText:
    """What a format reader got out of a file, before furniture is removed and clauses are found.

    `held` is what the file holds by a second look, `made` what the reader printed that is not in the file as text
    (automatic numbers, marks of notes): held and made together are what must be found again in the document and in
    what was set aside. Where a format knows no second look, `held` is None. `is_closed` says that a page has its end.
    """

    kind: str
    pages: tuple[Page, ...]
    doubts: tuple[Doubt, ...] = ()
    title: str | None = None
    set_aside: tuple[SetAside, ...] = ()
    held: tuple[Held, ...] | None = None
    made: str = ""
    is_closed: bool = True


def said_by(block: Block) -> str:
    """Return all that a line or table says, its cells one after another."""
    return block.text if isinstance(block, Line) else "\n".join(cell for row in block.rows for cell in row)
