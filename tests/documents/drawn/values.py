"""What a drawn rule is made of (`Block`, `Look`), and what is told about the file made of it (`Drawn`)."""

from dataclasses import dataclass, field

FORMATS = ("pdf", "office-pdf", "docx", "doc", "html", "ofd", "xlsx", "xls")
"""The formats that can be drawn; `office-pdf` and `doc` are made by LibreOffice from the drawn DOCX."""

Row = tuple[str, ...]
Table = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a rule. `texts` are its strings in reading order; whatever prints them adds nothing but marks.

    `texts` of a clause, article or annex: the heading, then its paragraphs. Of a table: the cells row by row,
    `columns` to a row. Of fees: name and amount by turns. Of a field: before, value, after. `fixed` names the texts
    whose digits are no content of their own (row numbers). `spans` are merged cells: row, column, rows, columns.
    `ruling` is how a table is ruled where pages are set: a `grid`, one without its outer `sides`, a line under each
    row (`open`), or `three` lines in all.
    """

    kind: str
    texts: tuple[str, ...]
    path: str = ""
    level: int = 0
    columns: int = 0
    fixed: frozenset[int] = frozenset()
    spans: tuple[tuple[int, int, int, int], ...] = ()
    ragged: bool = False
    ruling: str = "grid"

    @property
    def rows(self) -> Table:
        """The rows of a table or of a list of fees."""
        step = self.columns or 2
        return tuple(self.texts[at : at + step] for at in range(0, len(self.texts), step))


@dataclass(frozen=True, slots=True)
class Look:
    """How the rule is set."""

    cover: str
    contents: str
    leader: str
    running: str
    foot: str
    watermark: str
    two_columns: bool
    numbered_by_word: bool
    size: float
    margin: float
    repeat_table_heads: bool
    extras: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn rule before it is made into a file."""

    title: str
    code: str
    blocks: tuple[Block, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit that can be changed: block and text it stands in, its place there, and what kind of block that is."""

    block: int
    text: int
    at: int
    kind: str


@dataclass(frozen=True, slots=True)
class Change:
    """One digit that is another one in the file: the text it stands in before and after."""

    kind: str
    at: int
    was: str
    now: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, article or annex as it must be read: number as printed, heading, paragraphs."""

    path: str
    heading: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """What stands in a file and is none of the rule's text: watermark, comment, hidden, deleted, placeholder …"""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file and the truth about it.

    `text` has every visible line and cell of the rule in reading order, without `furniture` (running heads, feet, page
    numbers, the page around an article), without `contents` (lines without their page) and without `extras`. Fields'
    values and notes are text.
    """

    bytes: bytes
    name: str
    title: str
    text: tuple[str, ...]
    clauses: tuple[Clause, ...] = ()
    tables: tuple[Table, ...] = ()
    furniture: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    digits: tuple[Digit, ...] = ()
    change: Change | None = None
    features: tuple[str, ...] = field(default=())
