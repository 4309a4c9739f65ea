"""Document: what was read from one capture or file, and how well.

The JSON form is a promise to scripts (`rulewatch show --json`) and what the database keeps.
"""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Table = tuple[tuple[str, ...], ...]
"""Rows of cells, as printed."""


class PartRole(StrEnum):
    """What a part of a document is."""

    COVER = "cover"
    REVISION_NOTE = "revision_note"
    CLAUSE = "clause"
    ANNEX = "annex"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of a document, in reading order.

    `path` is the number as printed ("3.2.1", "第五条", "附件2"), None outside clauses. `body` excludes the
    heading and the clauses below it; paragraphs are separated by a line break. `within` is the annex or
    chapter whose numbering the path belongs to, so that "1" of 附件2 is not "1" of the rule.
    """

    role: PartRole
    path: str | None
    heading: str
    body: str
    tables: tuple[Table, ...] = ()
    level: int = 0
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the reader is not sure of: about what, and why."""

    about: str
    why: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Text of a file that is in no part of its document: what it is, where it stood, why it is none, how often."""

    what: str
    where: str
    why: str
    text: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class ReaderMark:
    """Which reader read a document, in which version."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a capture: title, parts, tables, how it was read, how sure we are.

    `kind` is one of html, pdf, docx, doc, sheet, archive, ofd, text. An unreadable file is a Document too:
    `readable` is False and `reason` says why. Code and dates are the document's own, None when it only
    cites others'. `failure` names what of ours was not enough to read it (monitor.documents.errors), None where
    the file itself is the reason. `confidence` is 0 to 1. An archive's `members` are documents with their `name`. What
    the file holds besides its parts is `set_aside`. `is_closed` is False for a page that ends without its closing tag:
    cut off, or built so.
    """

    kind: str
    readable: bool
    reason: str | None
    title: str
    code: str | None
    published: date | None
    effective: date | None
    reader: ReaderMark
    pages: int = 0
    ocr_pages: tuple[int, ...] = ()
    confidence: float = 1.0
    doubts: tuple[Doubt, ...] = ()
    parts: tuple[Part, ...] = ()
    members: tuple["Document", ...] = ()
    name: str | None = None
    issuer: str | None = None
    failure: str | None = None
    set_aside: tuple[SetAside, ...] = ()
    is_closed: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the document as JSON-ready values, in the order that scripts see."""
        content = asdict(self)
        content["published"] = self.published.isoformat() if self.published else None
        content["effective"] = self.effective.isoformat() if self.effective else None
        content["members"] = [member.to_json() for member in self.members]
        if self.failure is None:
            del content["failure"]
        if self.is_closed:
            del content["is_closed"]
        return content

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Document":
        """Return the document that `to_json` wrote."""
        return cls(
            **{
                **content,
                "published": _day(content["published"]),
                "effective": _day(content["effective"]),
                "reader": ReaderMark(**content["reader"]),
                "ocr_pages": tuple(content["ocr_pages"]),
                "doubts": tuple(Doubt(**doubt) for doubt in content["doubts"]),
                "parts": tuple(_part(part) for part in content["parts"]),
                "members": tuple(cls.from_json(member) for member in content["members"]),
                "set_aside": tuple(SetAside(**item) for item in content.get("set_aside", ())),
            }
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _part(content: dict[str, Any]) -> Part:
    tables = tuple(tuple(tuple(row) for row in table) for table in content["tables"])
    return Part(**{**content, "role": PartRole(content["role"]), "tables": tables})
