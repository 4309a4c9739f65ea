"""What a file is, told by its content; names and declared types are not looked at.

Authorities publish HTML named .doc, DOCX named .doc, error pages named .pdf: only the bytes say what they are.
"""

import re
import zipfile
from enum import StrEnum
from io import BytesIO

import olefile

from crawler.pages.charset import decode

_LOOK_AT = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM")
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|script|style|link|table|div"
    r"|p|span|h[1-6]|center|font|base|ul|ol|br|form|article|section|main)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(r"</?(?:p|div|br|td|tr|table|span|li|ul|h[1-6]|body|html)\b[^<>]*>", re.IGNORECASE)
_OFFICE_XML = re.compile(
    r"<(?:\w+:)?wordDocument\b|<pkg:package\b|<office:document\b|<uof:UOF\b|progid=\"Word\.Document\""
)
_SHEET_XML = re.compile(r"<(?:\w+:)?Workbook\b|progid=\"Excel\.Sheet\"")
_MAIL_HEAD = re.compile(rb"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*MIME-Version:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Kind(StrEnum):
    """What a file is by its content."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    RTF = "rtf"
    OFFICE = "office"
    OFFICE_SHEET = "office-sheet"
    XLSX = "xlsx"
    XLS = "xls"
    OFD = "ofd"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    PACKED = "packed"
    HTML = "html"
    MHT = "mht"
    TEXT = "text"
    SLIDES = "slides"
    PICTURE = "picture"
    ENCRYPTED_OFFICE = "encrypted"
    EMPTY = "empty"
    UNKNOWN = "unknown"


_SHOWN = {
    Kind.PDF: "pdf", Kind.DOCX: "docx", Kind.DOC: "doc", Kind.RTF: "doc", Kind.OFFICE: "doc", Kind.XLSX: "sheet",
    Kind.OFFICE_SHEET: "sheet",
    Kind.XLS: "sheet", Kind.OFD: "ofd", Kind.ZIP: "archive", Kind.RAR: "archive", Kind.SEVEN_ZIP: "archive",
    Kind.PACKED: "archive", Kind.HTML: "html", Kind.MHT: "html", Kind.TEXT: "text",
}  # fmt: skip


def document_kind(kind: Kind) -> str:
    """Return what `Document.kind` says of such a file; "text" for what is no document at all."""
    return _SHOWN.get(kind, "text")


def kind_of(data: bytes) -> Kind:
    """Return what a file is; never fails."""
    if not data.strip(b" \t\r\n\x00"):
        return Kind.EMPTY
    return _by_signature(data) or _by_text(data)


def _by_signature(data: bytes) -> Kind | None:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"{\\rt"):
        return Kind.RTF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data)
    return _packed_or_picture(data) or _late_pdf(data)


def _packed_or_picture(data: bytes) -> Kind | None:
    if data.startswith(b"Rar!\x1a\x07"):
        return Kind.RAR
    if data.startswith(b"7z\xbc\xaf\x27\x1c"):
        return Kind.SEVEN_ZIP
    if data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")) or data[257:262] == b"ustar":
        return Kind.PACKED
    if data.startswith(_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return Kind.PICTURE
    if data.startswith((b"\xdb\xa5", b"\x31\xbe\x00\x00")):
        return Kind.DOC
    return None


def _late_pdf(data: bytes) -> Kind | None:
    """A PDF may have junk before its header within 1,024 bytes (PDF 32000-1, implementation note 13)."""
    at = data.find(b"%PDF-", 0, 1029)
    return Kind.PDF if at > 0 and not data.lstrip().startswith(b"<") and b"obj" in data[at:] else None


def _zip_kind(data: bytes) -> Kind:
    try:
        names = {info.filename for info in zipfile.ZipFile(BytesIO(data)).infolist()[:5000]}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError, OverflowError):
        return _cut_zip_kind(data)
    folders = {name.replace("\\", "/").split("/")[0].lower() for name in names if "/" in name or "\\" in name}
    if "[Content_Types].xml" in names or "_rels/.rels" in names:
        return _office_zip(folders)
    if any(name.lower() in ("ofd.xml", "/ofd.xml") for name in names):
        return Kind.OFD
    if "mimetype" in names:
        return _open_document(data)
    return Kind.ZIP


def _office_zip(folders: set[str]) -> Kind:
    if "xl" in folders:
        return Kind.XLSX
    return Kind.SLIDES if "ppt" in folders else Kind.DOCX


def _cut_zip_kind(data: bytes) -> Kind:
    """The kind of a container whose end is missing, by the names that stand before its members."""
    for mark, kind in ((b"word/", Kind.DOCX), (b"xl/", Kind.XLSX), (b"ppt/", Kind.SLIDES), (b"OFD.xml", Kind.OFD)):
        if mark in data[:_LOOK_AT] or mark in data[-_LOOK_AT:]:
            return kind
    return Kind.DOCX if b"[Content_Types].xml" in data[:_LOOK_AT] else Kind.ZIP


def _open_document(data: bytes) -> Kind:
    head = data[:200]
    if b"opendocument.spreadsheet" in head:
        return Kind.XLSX
    if b"opendocument.text" in head:
        return Kind.OFFICE
    return Kind.SLIDES if b"opendocument.presentation" in head else Kind.ZIP


def _ole_kind(data: bytes) -> Kind:
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            streams = {path[0].lower() for path in ole.listdir(streams=True, storages=False) if len(path) == 1}
            entries = {path[0].lower() for path in ole.listdir(streams=True, storages=True)}
    except Exception:  # foreign parser: olefile raises whatever the damage makes it stumble over
        return _cut_ole_kind(data)
    if "encryptedpackage" in streams:
        return Kind.ENCRYPTED_OFFICE
    for name, kind in (("worddocument", Kind.DOC), ("workbook", Kind.XLS), ("book", Kind.XLS)):
        if name in streams:
            return kind
    if "powerpoint document" in streams:
        return Kind.SLIDES
    return Kind.DOC if {"contents", "matost"} & entries else Kind.UNKNOWN


def _cut_ole_kind(data: bytes) -> Kind:
    for name, kind in (("WordDocument", Kind.DOC), ("Workbook", Kind.XLS), ("EncryptedPackage", Kind.ENCRYPTED_OFFICE)):
        if name.encode("utf-16-le") in data:
            return kind
    return Kind.DOC


def _by_text(data: bytes) -> Kind:
    if _MAIL_HEAD.match(data[:4096].lstrip()) and b"boundary" in data[:8192]:
        return Kind.MHT
    head = decode(data[:_LOOK_AT]).text
    if _OFFICE_XML.search(head[:8192]):
        return Kind.OFFICE
    if _SHEET_XML.search(head[:8192]) and "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return Kind.OFFICE_SHEET
    if _HTML_START.match(head) or len(_HTML_TAG.findall(head)) >= 5:
        return Kind.HTML
    return Kind.TEXT if _is_text(data, head) else Kind.UNKNOWN


def _is_text(data: bytes, head: str) -> bool:
    """Few control characters and few characters that no encoding explains."""
    sample = head[:20000]
    if b"\x00" in data[:2] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return len(_CONTROL.findall(sample)) + 4 * sample.count("\ufffd") <= len(sample) // 50 + 2
