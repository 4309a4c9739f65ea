"""Bytes to text: what the bytes are counts for more than what header and meta tag say of them.

Chinese public sites declare gb2312 over GB18030 bytes, UTF-8 over GBK bytes, or nothing. UTF-8 is told from
everything else by its own structure, so it is tried first; GB18030 is a superset of GBK and GB2312 and is what
those two names are always read as (GB 18030-2022, 1).
"""

import codecs
import re
from dataclasses import dataclass

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)|encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LOOK_AT = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read by, and whether some of it was lost (cut off, or stray bytes)."""

    text: str
    encoding: str
    doubtful: bool = False


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Return the text of a page; never fails, says `doubtful` where bytes fitted no encoding."""
    return _by_mark(data) or _as_utf8(data) or _strictly(data, content_type) or _cut_off(data) or _least_lost(data)


def declared_charset(data: bytes, content_type: str | None = None) -> str | None:
    """Return the charset that header or, failing that, the first 4 KB of the page name; lower case."""
    for source in ((content_type or "").encode("ascii", "replace"), data[:_LOOK_AT]):
        if found := _DECLARED.search(source):
            return (found.group(1) or found.group(2)).decode("ascii").lower()
    return None


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return Decoded(text, encoding, "\ufffd" in text)
    return None


def _as_utf8(data: bytes) -> Decoded | None:
    """Text in UTF-8, some bytes of which may be lost: such a page may by chance be valid GB18030 as well."""
    if (text := _try(data, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    chinese = len(_CHINESE.findall(text))
    return Decoded(text, "utf-8", doubtful=True) if lost * 2 <= chinese else None


def _strictly(data: bytes, content_type: str | None) -> Decoded | None:
    simplified = _try(data, "gb18030")
    if (declared_charset(data, content_type) or "").startswith("big5"):
        traditional = _try(data, "big5hkscs")
        if traditional is not None and _common(traditional, "big5") > _common(simplified or "", "gb2312"):
            return Decoded(traditional, "big5")
    return None if simplified is None else Decoded(simplified, "gb18030")


def _cut_off(data: bytes) -> Decoded | None:
    """Text whose only fault is that the last character was cut in the middle."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
        return Decoded(text, encoding, doubtful=True)
    return None


def _least_lost(data: bytes) -> Decoded:
    readings = [Decoded(data.decode(name, "replace"), name, doubtful=True) for name in ("utf-8", "gb18030")]
    return min(readings, key=lambda reading: reading.text.count("\ufffd"))


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _common(text: str, everyday_set: str) -> float:
    """The share of characters outside ASCII that belong to a set of everyday use; 0 to 1."""
    sample = [char for char in text[:20000] if char > "\x7f"]
    if not sample:
        return 0.0
    return sum(_try_encode(char, everyday_set) for char in sample) / len(sample)


def _try_encode(char: str, encoding: str) -> bool:
    """Whether the character is among the frequent ones: level 1 of GB 2312 or of Big5, or punctuation."""
    try:
        code = char.encode(encoding)
    except UnicodeEncodeError:
        return False
    last_frequent = b"\xd7\xff" if encoding == "gb2312" else b"\xc6\x7e"
    return code <= last_frequent
