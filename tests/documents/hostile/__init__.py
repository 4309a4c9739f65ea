"""Files that strangers may send to stop or fool a reader, and what must be said of each.

`HOSTILE` has a maker for each; a maker returns the same bytes each time. `reason` is part of what an unreadable
Document says; where it is None the file is read all the same, and `doubt` is part of a doubt of it or of a member.
"""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import msoffcrypto
import openpyxl
from PIL import Image
from pypdf import PdfReader, PdfWriter

from tests.documents.make_ofd import document_xml, ofd_xml, packed, page_xml
from tests.documents.make_rar import encrypted_rar, make_rar

HERE = Path(__file__).parents[1]
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a 'haha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


class Hostile(NamedTuple):
    """How a file is made, and what must be said of it."""

    make: Callable[[], bytes]
    reason: str | None = None
    doubt: str | None = None


def _sample(name: str) -> bytes:
    return (HERE / name).read_bytes()


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _word(xml: str | bytes, **more: str) -> bytes:
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": xml} | more)


def _book(sheet: str | bytes) -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    with zipfile.ZipFile(buffer) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return packed(files | {"xl/worksheets/sheet1.xml": sheet})


def _ofd(page: str) -> bytes:
    return packed({"OFD.xml": ofd_xml(), "Doc_0/Document.xml": document_xml(1), "Doc_0/Pages/Page_0/Content.xml": page})


def _pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def _pdf_stream(unit: bytes, times: int) -> bytes:
    """A page whose content is a unit many times over, packed small."""
    packer = zlib.compressobj(1)
    many = unit * (1024 * 1024 // len(unit))
    stream = b"".join(packer.compress(many) for _ in range(times)) + packer.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>"
    content = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream)
    return _pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content)


def _pdf_locked() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(HERE / "notice" / "bare.pdf"))
    writer.encrypt("secret", "owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def _office_locked(data: bytes) -> bytes:
    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt("secret", out)
    return out.getvalue()


def _zip_locked() -> bytes:
    data = bytearray(_zip({"a.txt": b"1 abc"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _book_of_one() -> bytes:
    buffer, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["规则", "CCAP-GZ-5830:2021"])
    book.save(buffer)
    return buffer.getvalue()


def _cell(row: int, column: str) -> str:
    return f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'


def _nested(depth: int) -> bytes:
    data = _zip({"a.txt": b"1 abc"})
    for level in range(depth):
        data = _zip({f"{level}.zip": data})
    return data


def _overlapping() -> bytes:
    """Many entries that all point at one member (after David Fifield's bomb)."""
    kernel = _zip({"a": bytes(10 * 1024 * 1024)})
    start = kernel.index(b"PK\x01\x02")
    entry = kernel[start : kernel.index(b"PK\x05\x06")]
    directory = b"".join(entry[:46] + b"%c" % (33 + n) + entry[47:] for n in range(60))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 60, 60, len(directory), start, 0)
    return kernel[:start] + directory + end


def _lying() -> bytes:
    """A member that unpacks to more than it declares."""
    data = bytearray(_zip({"a.txt": bytes(50 * 1024 * 1024)}))
    small = struct.pack("<I", 1000)
    data[22:26] = small
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = small
    return bytes(data)


def _linked_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("rule.txt", "1 范围\n本规则适用于安全带。")
    return buffer.getvalue()


def _linked_tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "hard"), (tarfile.CHRTYPE, "device")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        text = "1 范围\n本规则适用于安全带。".encode()
        info = tarfile.TarInfo("../../rule.txt")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    return buffer.getvalue()


def _picture(width: int, height: int, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (width, height), 1).save(buffer, kind, compress_level=1)
    return buffer.getvalue()


def _many_frames() -> bytes:
    buffer = io.BytesIO()
    frame = Image.new("1", (8, 8), 1)
    frame.save(buffer, "TIFF", save_all=True, append_images=[frame] * 300)
    return buffer.getvalue()


def _gzip_bomb() -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=6, mtime=0) as packer:
        for _ in range(400):
            packer.write(bytes(1024 * 1024))
    return buffer.getvalue()


def _with_macros(name: str, path: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_sample(name) if name.endswith("docx") else _book_of_one())) as package:
        files: dict[str, str | bytes] = {member: package.read(member) for member in package.namelist()}
    return packed(files | {path: b"\xd0\xcf\x11\xe0" + bytes(500)})


def _wide_table() -> str:
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>" * 100 + "</w:tr>"
    return WORD + "<w:tbl>" + row * 12_000 + "</w:tbl></w:body></w:document>"


def _rule_zip(**more: bytes) -> bytes:
    return _zip({"rule.txt": "1 范围\n本规则适用于安全带。".encode()} | more)


HOSTILE: dict[str, Hostile] = {
    "nothing": Hostile(lambda: b"", "empty"),
    "zeros": Hostile(lambda: bytes(100_000), "empty"),
    "random": Hostile(lambda: Random(1).randbytes(100_000), "no known kind"),
    "program": Hostile(lambda: b"MZ" + b"\x90\x00\x03\x00" * 500, "no known kind"),
    "PDF cut": Hostile(lambda: _sample("rule/typed.pdf")[:40_000], "damaged or cut off"),
    "PDF by name": Hostile(lambda: b"%PDF-1.7\n" + Random(2).randbytes(5_000), "damaged or cut off"),
    "PDF locked": Hostile(_pdf_locked, "password"),
    "PDF page loop": Hostile(lambda: _pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>"), "pages"),
    "PDF of millions of pages": Hostile(
        lambda: _pdf(CATALOG, b"<</Type/Pages/Count 2000000/Kids[%s]>>" % (b"3 0 R " * 50_000), PAGE), "pages"
    ),
    "PDF of 1 GiB": Hostile(lambda: _pdf_stream(b" ", 1024), "memory"),
    "PDF of operators": Hostile(lambda: _pdf_stream(b"BT (a) Tj ET\n", 150), ""),
    "PDF with a huge page": Hostile(
        lambda: _pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE.replace(b"600 800", b"9999999 9999999")),
        "blank",
    ),
    "picture with a fake head": Hostile(lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "picture is damaged"),
    "picture bomb": Hostile(lambda: _picture(20_000, 20_000), "million pixels"),
    "picture of one line": Hostile(lambda: _picture(60_000, 3), "nothing can be read"),
    "picture cut": Hostile(lambda: _picture(2_000, 2_000)[:-60], "damaged or cut off"),
    "picture of many pages": Hostile(_many_frames, "pages"),
    "DOCX cut": Hostile(lambda: _sample("rule/typed.docx")[:20_000], "damaged or cut off"),
    "DOCX locked": Hostile(lambda: _office_locked(_sample("notice/bare.docx")), "password"),
    "DOCX bomb": Hostile(lambda: _word(WORD.encode() + b"<w:p/>" * 20_000_000), "bomb"),
    "DOCX laughs": Hostile(lambda: _word(LAUGHS + WORD + "&j;</w:body></w:document>"), "declares a document type"),
    "DOCX reads files": Hostile(lambda: _word(OUTSIDE + WORD + "&b;</w:body></w:document>"), "document type"),
    "DOCX deep": Hostile(lambda: _word(WORD + "<w:tbl><w:tr><w:tc>" * 2_000), "nested deeper than any document"),
    "DOCX huge table": Hostile(lambda: _word(_wide_table()), ""),
    "DOCX with macros": Hostile(lambda: _with_macros("notice/bare.docx", "word/vbaProject.bin"), None, "macros"),
    "XLSX with macros": Hostile(lambda: _with_macros("book", "xl/vbaProject.bin"), None, "macros"),
    "XLSX locked": Hostile(lambda: _office_locked(_book_of_one()), "password"),
    "XLSX cut": Hostile(lambda: _book_of_one()[:2_000], "damaged or cut off"),
    "XLSX laughs": Hostile(lambda: _book(LAUGHS + SHEET + "<row><c><v>&j;</v></c></row></sheetData></worksheet>"), ""),
    "XLSX of far corners": Hostile(
        lambda: _book(f"{SHEET}{_cell(1, 'A')}{_cell(1_048_576, 'XFD')}</sheetData></worksheet>"),
        "cells",
    ),
    "XLSX bomb": Hostile(lambda: _book(SHEET.encode() + b'<row r="1"/>' * 12_000_000), "bomb"),
    "XLSX empty": Hostile(lambda: _book(SHEET + "</sheetData></worksheet>"), "no cell"),
    "DOC cut": Hostile(lambda: _sample("rule/typed.doc")[:9_000], "damaged"),
    "DOC with a fake head": Hostile(
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(3).randbytes(9_000), "damaged"
    ),
    "RTF junk": Hostile(lambda: b"{\\rtf1" + b"{\\*\\" * 50_000, ""),
    "HTML deep": Hostile(lambda: b"<html><body>" + b"<div>" * 100_000 + b"x", "deep"),
    "HTML huge": Hostile(lambda: b"<html><body>" + b"<p>x</p>" * 3_000_000, "allowed"),
    "MHT junk": Hostile(
        lambda: b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n' + b"--x\n\n" * 20_000, ""
    ),
    "text of one line": Hostile(lambda: "安".encode() * 400_000, "paragraph"),
    "text of many lines": Hostile(lambda: b"1\n" * 500_000, "lines"),
    "OFD laughs": Hostile(lambda: _ofd(LAUGHS + "<a>&j;</a>"), "declares a document type"),
    "OFD deep": Hostile(lambda: _ofd(page_xml(["<ofd:PageBlock>" * 100 + "</ofd:PageBlock>" * 100])), "deeper"),
    "OFD of far pages": Hostile(lambda: packed({"OFD.xml": ofd_xml().replace("Doc_0/D", "../../D")}), "lacks"),
    "ZIP empty": Hostile(lambda: _zip({}), "empty"),
    "ZIP cut": Hostile(lambda: _rule_zip()[:-30], "damaged or cut off"),
    "ZIP locked": Hostile(_zip_locked, "password"),
    "ZIP bomb": Hostile(lambda: _zip({"a.txt": bytes(140 * 1024 * 1024)}), "allowed"),
    "ZIP bomb beside a rule": Hostile(lambda: _rule_zip(**{"a.txt": bytes(90 * 1024 * 1024)}), None, "bomb"),
    "ZIP that lies": Hostile(_lying, ""),
    "ZIP that overlaps": Hostile(_overlapping, "allowed"),
    "ZIP in ZIP in ZIP": Hostile(lambda: _nested(12), "lies in"),
    "ZIP of thousands": Hostile(lambda: _zip({f"{n}.txt": b"1" for n in range(5_000)}), "members"),
    "ZIP with evil paths": Hostile(
        lambda: _zip(
            {"../../etc/cron.d/x": "1 范围".encode(), "C:\\Windows\\x": b"1 a", "/abs": b"1 a", "CON": b"1 a"}
        ),
        None,
    ),
    "ZIP with a link": Hostile(_linked_zip, None, "link"),
    "ZIP with a bad member": Hostile(lambda: _rule_zip(**{"bad.pdf": b"%PDF-1.4 junk"}), None, "damaged"),
    "ZIP with a deadly member": Hostile(lambda: _rule_zip(**{"bad.pdf": _pdf_stream(b" ", 90)}), None),
    "RAR junk": Hostile(lambda: b"Rar!\x1a\x07\x01\x00" + Random(4).randbytes(2_000), ""),
    "RAR locked": Hostile(encrypted_rar, "password"),
    "RAR with a link": Hostile(
        lambda: make_rar({"a.txt": "1 范围".encode()}, {"../../link": "/etc/passwd"}), None, "link"
    ),
    "RAR with a broken member": Hostile(lambda: make_rar({"a.txt": b"1 abc"}, damaged=True), "damaged"),
    "7z": Hostile(lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(100), "7z"),
    "gzip bomb": Hostile(_gzip_bomb, "allowed"),
    "gzip cut": Hostile(lambda: gzip.compress(_sample("rule/typed.pdf"))[:5_000], "damaged or cut off"),
    "tar with links": Hostile(_linked_tar, None, "link"),
}
