"""The one door of this room: bytes in, Document out.

A file is known by its content. What cannot be read becomes a Document that says why; nothing is raised for a bad
file. `READER_VERSION` rises whenever any reader gives other text for the same bytes: two documents are compared only
when one version read both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from statistics import fmean

from monitor.documents.document import Document, Doubt, ReaderMark
from monitor.documents.errors import MEMORY, Damaged, Encrypted, LimitExceeded, Unreadable
from monitor.documents.html import PageText, read_article_page, read_html, read_mht, read_saved_page
from monitor.documents.kinds import Kind, document_kind, kind_of
from monitor.documents.ofd.pages import read_ofd
from monitor.documents.packed.archive import DEPTH, Allowance, Member, members_of
from monitor.documents.pdf.text_layer import Ocr, read_pdf
from monitor.documents.pdf.triage import Verdict, judge
from monitor.documents.scan.picture_file import read_scan
from monitor.documents.sheet import read_sheets
from monitor.documents.structure.clauses import clause_tree
from monitor.documents.structure.conservation import difference, gathered, without_meaning
from monitor.documents.structure.cover import read_cover
from monitor.documents.structure.furniture import without_furniture
from monitor.documents.structure.lines import Block, Held, Line, Page, RawText, said_by
from monitor.documents.structure.paragraphs import paragraphs
from monitor.documents.text import read_text
from monitor.documents.word.doc import read_doc
from monitor.documents.word.docx import read_docx

READER_VERSION = 6
MOST_BYTES = 100 * 1024 * 1024
MOST_CHARACTERS_A_PARAGRAPH = 300_000

_READERS: dict[Kind, Callable[[bytes], RawText]] = {
    Kind.HTML: read_html,
    Kind.MHT: read_mht,
    Kind.TEXT: read_text,
}
"""Formats that are text."""

_SCANNED: dict[Kind, Callable[[bytes, Ocr], RawText]] = {
    Kind.PDF: read_pdf,
    Kind.PICTURE: read_scan,
    Kind.OFD: read_ofd,
    Kind.DOCX: lambda data, ocr: read_docx(data, ocr=ocr),
    Kind.DOC: lambda data, ocr: _language(read_doc(data, Kind.DOC, ocr)),
    Kind.RTF: lambda data, ocr: _language(read_doc(data, Kind.RTF, ocr)),
    Kind.OFFICE: lambda data, ocr: _language(read_doc(data, Kind.OFFICE, ocr)),
}
"""Formats whose pages, or parts of them, may be pictures."""

_SHEETS = (Kind.XLSX, Kind.XLS, Kind.OFFICE_SHEET)
_ARCHIVES = (Kind.ZIP, Kind.RAR, Kind.SEVEN_ZIP, Kind.PACKED)

_REFUSED = {
    Kind.EMPTY: "the file is empty",
    Kind.ENCRYPTED_OFFICE: "the Office file needs a password",
    Kind.SLIDES: "the file is a presentation, which is not read",
    Kind.UNKNOWN: "the file is of no known kind",
}


def read_by_ocr(data: bytes, numbers: Sequence[int]) -> Mapping[int, Page]:
    """Return pages of a PDF or picture as read by OCR; its libraries are loaded when first needed."""
    from monitor.documents.scan.ocr import read_pages

    return read_pages(data, numbers)


@dataclass(frozen=True, slots=True)
class _Means:
    """What is at hand for a file: OCR, and what archives may still hold; which member alone is wanted of one."""

    ocr: Ocr
    allowance: Allowance = field(default_factory=Allowance)
    depth: int = 0
    only: int | None = None


def read_document(data: bytes, name: str | None = None, *, ocr: Ocr = read_by_ocr, only: int | None = None) -> Document:
    """Return what a file says; `name` is a label only. Never raises for a bad file.

    Of an archive, `only` asks for one member (from 0); there is none beyond the last.
    """
    return _read(data, name, _Means(ocr, only=only))


def _read(data: bytes, name: str | None, means: _Means) -> Document:
    kind = kind_of(data)
    try:
        if len(data) > MOST_BYTES:
            raise LimitExceeded(f"the file has {len(data) // 2**20} MB; {MOST_BYTES // 2**20} are allowed")
        if kind in _ARCHIVES:
            return _read_archive(data, kind, name, means)
        if kind in _SHEETS:
            return _read_workbook(data, kind, name)
        if kind is Kind.HTML and (page := read_saved_page(data)) is not None:
            return _read_article(page, name)
        return assembled(_raw(data, kind, means.ocr), name)
    except Unreadable as reason:
        return unreadable(document_kind(kind), str(reason), name, reason.failure)
    except RecursionError:
        return unreadable(document_kind(kind), "the file is nested deeper than any document", name)
    except MemoryError:
        return unreadable(document_kind(kind), "the file needs more memory than is allowed", name, MEMORY)


def _read_archive(data: bytes, kind: Kind, name: str | None, means: _Means) -> Document:
    if means.depth >= DEPTH:
        raise LimitExceeded(f"the archive lies in more than {DEPTH} others")
    inside = replace(means, depth=means.depth + 1, only=None)
    found = enumerate(members_of(data, kind, means.allowance))
    read = tuple(_read_member(member, inside) for at, member in found if means.only in (None, at))
    return archive_of(read, name) if means.only is None else _archive(read, name)


def _read_member(member: Member, means: _Means) -> Document:
    if member.reason is not None:
        return unreadable(document_kind(kind_of(member.data)), member.reason, member.name, member.failure)
    return _read(member.data, member.name, means)


def archive_of(members: Sequence[Document], name: str | None) -> Document:
    """Return the document that an archive of these members is; what only one of them says, it says itself."""
    if not members:
        return unreadable("archive", "the archive holds no file", name)
    readable = [member for member in members if member.readable]
    if not readable:
        reason = f"no file of the archive can be read: {members[0].name}: {members[0].reason}"
        return replace(unreadable("archive", reason, name), members=tuple(members))
    archive = _archive(members, name)
    if len(readable) > 1:
        return archive
    alone = readable[0]
    return replace(
        archive, title=alone.title, code=alone.code, published=alone.published, effective=alone.effective,
        issuer=alone.issuer,
    )  # fmt: skip


def _archive(members: Sequence[Document], name: str | None) -> Document:
    doubts = tuple(Doubt(str(member.name), str(member.reason)) for member in members if not member.readable)
    confidence = round(fmean(member.confidence for member in members), 3) if members else 0.0
    title = PurePosixPath(name.replace("\\", "/")).stem if name else ""
    return Document(
        "archive", True, None, title, None, None, None, ReaderMark("archive", READER_VERSION),
        confidence=confidence, doubts=doubts, members=tuple(members), name=name,
    )  # fmt: skip


def _read_workbook(data: bytes, kind: Kind, name: str | None) -> Document:
    sheets = read_sheets(data, kind)
    cover = read_cover([replace(part, tables=()) for part in sheets.parts[:1]])
    title = cover.title or next((line for part in sheets.parts for line in part.body.splitlines()), "")
    return Document(
        "sheet", True, None, title, cover.code, cover.published, cover.effective, ReaderMark("sheet", READER_VERSION),
        confidence=1.0 if not sheets.doubts else 0.9, doubts=sheets.doubts, parts=sheets.parts, name=name,
        issuer=cover.issuer, set_aside=gathered(sheets.set_aside),
    )  # fmt: skip


def read_page(data: bytes, url: str, family: str, content_type: str | None = None) -> Document:
    """Return what an article page says, through the page reader of its family; never raises for a bad page."""
    try:
        return _read_article(read_article_page(data, url, family, content_type), None)
    except Unreadable as reason:
        return unreadable("html", str(reason), None, reason.failure)
    except RecursionError:
        return unreadable("html", "the page is nested deeper than any document", None)


def _read_article(page: PageText, name: str | None) -> Document:
    document = assembled(page.raw, name, page.raw.title)
    published = page.article.published or document.published
    return _with(document, title=page.article.title, published=published)


def read_text_document(text: str) -> Document:
    """Return the document that a plain text is, one paragraph a line."""
    return (
        read_document(text.encode("utf-8", "surrogatepass"), None)
        if text.strip()
        else unreadable("text", "the text is empty", None)
    )


def unreadable(kind: str, reason: str, name: str | None, failure: str | None = None) -> Document:
    """Return the Document of a file that cannot be read: it says why, and is put before a consultant."""
    mark = ReaderMark(kind, READER_VERSION)
    doubt = Doubt("file", reason)
    return Document(
        kind, False, reason, "", None, None, None, mark, confidence=0.0, doubts=(doubt,), name=name, failure=failure
    )  # fmt: skip


def assembled(raw: RawText, name: str | None = None, title: str | None = None) -> Document:
    """Return the document of what a format reader found: furniture out, paragraphs whole, clauses in a tree."""
    cleaned = without_furniture(raw.pages, any(item.what == "contents" for item in raw.set_aside))
    joined = paragraphs(cleaned.pages)
    _check_length(joined.blocks)
    tree = clause_tree(joined.blocks)
    cover = read_cover(tree.parts, title, cleaned.running)
    set_aside = (*raw.set_aside, *cleaned.set_aside, *joined.set_aside, *tree.set_aside)
    lost = difference(_held(raw), raw.made, tree.parts, set_aside)
    doubts = (*raw.doubts, *cleaned.doubts, *tree.doubts, *without_meaning(tree.parts), *lost)
    ocr_pages = tuple(page.number for page in raw.pages if page.ocr)
    return Document(
        kind=raw.kind,
        readable=True,
        reason=None,
        title=cover.title or raw.title or "",
        code=cover.code,
        published=cover.published,
        effective=cover.effective,
        reader=ReaderMark(raw.kind, READER_VERSION),
        pages=len(raw.pages) if raw.kind in ("pdf", "ofd") or ocr_pages else 0,
        ocr_pages=ocr_pages,
        confidence=_confidence(raw, doubts),
        doubts=doubts,
        parts=tree.parts,
        name=name,
        issuer=cover.issuer,
        set_aside=gathered(set_aside),
        is_closed=raw.is_closed,
    )


def _held(raw: RawText) -> Sequence[Held]:
    """What the file holds by a second look; of a format without one, what its reader found."""
    if raw.held is not None:
        return raw.held
    return [Held(f"page {page.number}", "\n".join(said_by(block) for block in page.blocks)) for page in raw.pages]


def _check_length(blocks: Sequence[Block]) -> None:
    if any(isinstance(block, Line) and len(block.text) > MOST_CHARACTERS_A_PARAGRAPH for block in blocks):
        raise LimitExceeded(f"a paragraph has more than {MOST_CHARACTERS_A_PARAGRAPH} characters")


def _confidence(raw: RawText, doubts: Sequence[Doubt]) -> float:
    """The mean of the pages, less something for each doubt about the text."""
    mean = sum(page.confidence for page in raw.pages) / max(1, len(raw.pages))
    return round(max(0.0, mean - 0.02 * min(len(doubts), 10)), 3)


def _raw(data: bytes, kind: Kind, ocr: Ocr) -> RawText:
    if kind is Kind.ENCRYPTED_OFFICE:
        raise Encrypted(_REFUSED[kind])
    if kind in _SCANNED:
        return _SCANNED[kind](data, ocr)
    reader = _READERS.get(kind)
    if reader is None:
        raise Damaged(_REFUSED.get(kind, f"files of this kind ({kind.value}) are not read yet"))
    return reader(data)


def _language(raw: RawText) -> RawText:
    """LibreOffice opens damaged files as if they were text: what comes out is no language."""
    said = "".join(block.text for page in raw.pages for block in page.blocks if isinstance(block, Line))
    if judge(said[:20_000], 0.0, True) is Verdict.GARBAGE:
        raise Damaged("the file is damaged: what can be read of it is no language")
    return raw


def _with(document: Document, **changes: object) -> Document:
    return replace(document, **changes)  # type: ignore[arg-type]
