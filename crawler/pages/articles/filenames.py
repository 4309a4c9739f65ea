"""The name of a file, as `Content-Disposition` gives it or means to give it.

RFC 6266 and RFC 5987 say how it should be done (`filename*=UTF-8''…`). Old servers put raw GBK or UTF-8 bytes,
percent-encoded UTF-8 or GBK, or an RFC 2047 word into `filename=`; a library may hand on any of these as Latin-1.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_to_bytes, urlsplit

from crawler.pages.charset import decode

_EXTENDED = re.compile(rb"filename\*\s*=\s*\"?\s*([\w-]*)'[^']*'([^;\"\r\n]+)", re.IGNORECASE)
_QUOTED = re.compile(rb"filename\s*=\s*\"((?:[^\"\\]|\\.)*)\"", re.IGNORECASE)
_PLAIN = re.compile(rb"filename\s*=\s*([^;\"\r\n]+)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:\"|?*\\/]+")
_LONGEST_LABEL = 120


def name_from_disposition(header: bytes | str | None) -> str | None:
    """Return the file's name, or None where the header has none; a path in front of the name is dropped."""
    if not header:
        return None
    raw = header if isinstance(header, bytes) else _as_bytes(header)
    if found := _EXTENDED.search(raw):
        name = _text(unquote_to_bytes(found.group(2).strip()), found.group(1).decode("ascii", "replace"))
    elif found := _QUOTED.search(raw):
        name = _loose(re.sub(rb"\\([\"\\])", rb"\1", found.group(1)))
    elif found := _PLAIN.search(raw):
        name = _loose(found.group(1).strip())
    else:
        return None
    return re.split(r"[\\/]", name)[-1].strip() or None


def name_from_url(url: str) -> str | None:
    """Return the last part of the path, decoded, if it looks like a file's name (it has an extension)."""
    last = urlsplit(url).path.rsplit("/", 1)[-1]
    name = decode(unquote_to_bytes(last)).text
    return name if re.search(r"\.\w{2,5}$", name) else None


def safe_label(name: str) -> str:
    """Return a name fit for a report or an archive member: one line, no path, no control characters, at most
    120 characters with its extension kept; "file" where nothing is left."""
    clean = " ".join(_UNSAFE.sub("_", name).split()).strip(" ._")
    if len(clean) > _LONGEST_LABEL:
        stem, dot, extension = clean.rpartition(".")
        keep = _LONGEST_LABEL - len(extension) - 1
        clean = f"{stem[:keep]}{dot}{extension}" if stem and len(extension) <= 8 else clean[:_LONGEST_LABEL]
    return clean or "file"


def _as_bytes(header: str) -> bytes:
    """Undo the Latin-1 reading that HTTP libraries give a header; keep what was never Latin-1."""
    try:
        return header.encode("latin-1")
    except UnicodeEncodeError:
        return header.encode("utf-8")


def _loose(raw: bytes) -> str:
    if raw.startswith(b"=?") and b"?=" in raw:
        return _encoded_word(raw)
    if re.search(rb"%[0-9A-Fa-f]{2}", raw) and raw.isascii():
        raw = unquote_to_bytes(raw)
    return _unspoiled(_text(raw, ""))


def _encoded_word(raw: bytes) -> str:
    try:
        parts = decode_header(raw.decode("ascii", "replace"))
    except HeaderParseError:
        return raw.decode("ascii", "replace")
    return "".join(part if isinstance(part, str) else _text(part, charset or "") for part, charset in parts)


def _text(raw: bytes, charset: str) -> str:
    if charset.lower() in ("gb2312", "gbk", "gb18030"):
        return raw.decode("gb18030", "replace")
    return decode(raw).text


def _unspoiled(name: str) -> str:
    """Undo one more round of "UTF-8 bytes read as Latin-1", as some servers store it."""
    if not any("\x80" <= char <= "\xff" for char in name):
        return name
    try:
        raw = name.encode("latin-1")
    except UnicodeEncodeError:
        return name
    again = decode(raw)
    return name if again.doubtful else again.text
