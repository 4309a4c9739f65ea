"""Which family and edition a document is: the code on its cover, in its title, its row, its file name, its text.

In that order of trust. A code that stands only beside a file, not on its cover, is a reason to let a consultant
look (ReviewReason.CODE_NOT_ON_COVER). Codes of neighbours (CNCA, the compulsory scheme) are not codes here at all.
"""

from dataclasses import dataclass
from enum import IntEnum

from monitor.changes.change import ReviewReason
from monitor.changes.sighting import Sighting, front_text
from monitor.documents.document import Document
from monitor.notation.codes import RuleCode, find_codes
from monitor.notation.text import fold


class Trust(IntEnum):
    """Where a code stood; a smaller number is trusted more."""

    COVER = 1
    TITLE = 2
    ROW = 3
    FILE_NAME = 4
    TEXT = 5


@dataclass(frozen=True, slots=True)
class Identity:
    """A document's code, and where it stood."""

    code: RuleCode
    trust: Trust

    @property
    def family(self) -> str:
        """The family as changes and certificates name it."""
        return str(self.code.family)

    def reasons(self, kind: str) -> tuple[ReviewReason, ...]:
        """Return why this identity needs a consultant: a page's title is its cover, a file's is not."""
        enough = Trust.COVER if kind == "file" else Trust.ROW
        return (ReviewReason.CODE_NOT_ON_COVER,) if self.trust > enough else ()


def identify(sighting: Sighting) -> Identity | None:
    """Return which edition the document is, None where nothing on or about it names one watched rule."""
    for trust, text in _places(sighting):
        code = only_code(text)
        if code is not None:
            return Identity(code, trust)
    return None


def identify_document(document: Document) -> Identity | None:
    """Return which edition a document says that it is, with nothing around it known."""
    for trust, text in ((Trust.COVER, document.code), (Trust.TITLE, document.title), (Trust.FILE_NAME, document.name)):
        code = only_code(text or "")
        if code is not None:
            return Identity(code, trust)
    return None


def only_code(text: str) -> RuleCode | None:
    """Return the one edition that a text names; None for none, for several, and for a family without year.

    Several editions of one family in a title ("…:2026 代替 …:2021") name the newest.
    """
    codes = [code for code in find_codes(text) if code.year is not None]
    if not codes or len({code.family for code in codes}) > 1:
        return None
    return max(codes)


def shown(code: RuleCode) -> str:
    """Return a code as its authority prints it: joints cleaned, the separator before the year as printed."""
    if code.year is None or code.family.authority != "CCAP":
        return code.edition
    tail = fold(code.printed)[-7:]
    if ":" in tail:
        return f"{code.family}:{code.year}{code.letter or ''}"
    if "-" in tail:
        return f"{code.family}-{code.year}{code.letter or ''}"
    return code.edition


def _places(sighting: Sighting) -> tuple[tuple[Trust, str], ...]:
    document = sighting.document
    titles = [document.title, sighting.page_title or ""] if sighting.kind == "file" else [sighting.title]
    return (
        (Trust.COVER, document.code or ""),
        *((Trust.TITLE, title) for title in titles),
        (Trust.ROW, sighting.row_title or ""),
        (Trust.FILE_NAME, sighting.file_name or document.name or ""),
        (Trust.TEXT, front_text(document)),
        (Trust.TEXT, sighting.text[:2000]),
    )
