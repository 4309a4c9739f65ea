"""Files as they arrived: what they are by their first bytes, and whether their end is there. Pure."""

import re
import zlib

_STARTS = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b", "gzip"),
)
_NAMED = {
    "pdf": {"pdf"},
    "docx": {"zip", "ole"},
    "xlsx": {"zip", "ole"},
    "pptx": {"zip", "ole"},
    "ofd": {"zip"},
    "zip": {"zip"},
    "rar": {"rar"},
    "7z": {"7z"},
}
_MARKUP = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|\?xml)", re.I | re.S
)
_END_OF_ZIP = b"PK\x05\x06"


def kind_of(data: bytes) -> str:
    """Return what bytes are: pdf, zip (DOCX, XLSX and OFD too), ole (DOC, XLS), rar, 7z, rtf, image, gzip, html or
    unknown."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t \x00")
    for start, kind in _STARTS:
        if data.startswith(start) or head.startswith(start):
            return kind
    return "html" if _MARKUP.match(data[:4096]) else "unknown"


def specific_kind(data: bytes) -> str:
    """Return what a file is, told apart further: docx, xlsx, ofd in ZIP packages; doc, xls in OLE files."""
    kind = kind_of(data)
    inside = {
        "zip": ((b"word/", "docx"), (b"xl/", "xlsx"), (b"OFD.xml", "ofd")),
        "ole": (("WordDocument".encode("utf-16-le"), "doc"), ("Workbook".encode("utf-16-le"), "xls")),
    }
    return next((name for mark, name in inside.get(kind, ()) if mark in data), kind)


def trouble_of(data: bytes, name: str | None, lost_data: bool) -> str | None:
    """Return why a file is not what it should be: empty, cut off, or of another type than its name says; else None.

    A server that announces a wrong length is forgiven where the file itself is whole. DOC, XLS and WPS may be
    anything (many are HTML); what their names promise is not held against them.
    """
    if not data:
        return "empty file"
    kind = kind_of(data)
    extension = name.rpartition(".")[2].lower() if name and "." in name else ""
    if kind not in _NAMED.get(extension, {kind}):
        return f"mistyped file: named .{extension}, but its content is {kind}"
    whole = is_whole(data, kind)
    if whole is False or (whole is None and lost_data):
        return f"cut-off file: {len(data)} bytes of {kind} without its end"
    return None


def is_whole(data: bytes, kind: str) -> bool | None:
    """Whether the end of a file is there; None where its kind does not say."""
    if kind == "pdf":
        return b"%%EOF" in data[-4096:]
    if kind == "zip":
        return _END_OF_ZIP in data[-66_000:]
    if kind == "html":
        return True if b"</html>" in data[-2048:].lower() else None
    if kind == "ole":
        return len(data) >= 1536 and _ole_is_whole(data)
    return None


def _ole_is_whole(data: bytes) -> bool:
    """Whether all sectors that the allocation table has in use are there ([MS-CFB] 2.2, 2.3): the last used one."""
    size = 1 << int.from_bytes(data[30:32], "little")
    tables = int.from_bytes(data[44:48], "little")
    if size not in (512, 4096):
        return False
    for index in reversed(range(min(tables, 109))):
        sector = int.from_bytes(data[76 + 4 * index : 80 + 4 * index], "little")
        table = data[(sector + 1) * size : (sector + 2) * size]
        if len(table) < size:
            return False
        used = [i for i in range(size // 4) if table[4 * i : 4 * i + 4] != b"\xff\xff\xff\xff"]
        if used:
            last = index * (size // 4) + used[-1]
            return len(data) > (last + 1) * size
    return True


def unpack(data: bytes, encodings: list[str], limit: int) -> bytes | None:
    """Return a body without its content encodings (RFC 9110, 8.4), or None where it ends early, is broken, or is of
    an encoding that we did not ask for. Raises OverflowError where it unfolds to more than `limit` bytes."""
    for encoding in reversed(encodings):
        if encoding in ("identity", ""):
            continue
        if encoding not in ("gzip", "x-gzip", "deflate"):
            return None
        unpacked = _inflated(data, encoding, limit)
        if unpacked is None:
            return None
        data = unpacked
    return data


def _inflated(data: bytes, encoding: str, limit: int) -> bytes | None:
    for window in (31,) if encoding != "deflate" else (15, -15):
        reader = zlib.decompressobj(window)
        try:
            out = reader.decompress(data, limit + 1)
        except zlib.error:
            continue
        if len(out) > limit:
            raise OverflowError(f"the body unfolds to more than {limit} bytes")
        return out if reader.eof else None
    return None
