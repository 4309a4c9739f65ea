"""Need a page be read in full, to find the files that it links? A look at its bytes answers for most pages.

Reading a page costs as much as fetching twenty. The crawl needs of an article only its files, which the documents'
reader does not look for; it reads every article again anyway. So a big first visit reads its first articles, all that
hold anything by which `crawler.pages.attachments` could know a file, and all that look unlike those it has read. When
in doubt a page is read: `may_link_files` is wider than every pattern there (tests/crawler/test_hints.py).
"""

import re
from dataclasses import dataclass

from crawler.pages.attachments import EXTENSIONS

READ_AT_LEAST = 50
"""So many articles of a first visit are read whatever they hold: by them a section without bodies is known."""

_NAME = rf"(?:\.|%2e)\s*(?:{EXTENSIONS})(?![a-z0-9_])"
_DOWNLOAD = r"down_?load|file_?id=|attach|/accessor|getfile|fileview|downfile|openfile|filedown|[?&;]\w*file\w*="
_SCRIPT = r"/(?:down|dl|xiazai|getatt|showfile)\.\w"
_ARGUMENT = r"[?&;](?:attid|annexid)="
_SHOWN_INSIDE = r"<(?:iframe|embed|object)"
_WORD = r"(?:attach|fujian|fj|annex|enclosure|accessor|file|appendix|download)"
_BOX = rf"\b(?:class|id)\s*=\s*(?:\"[^\"]*?{_WORD}|'[^']*?{_WORD}|[^\s\"'<>]*?{_WORD})"
_CODED_ASCII = r"&#(?:x0*[2-7][0-9a-f]|0*(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-7]))(?![0-9a-f])"
_ALLOWED_CODES = r"&#(?:x0*2[27]|0*3[249])(?![0-9a-f])"  # quotation marks, which no address is spelt with
_CODED_FU = r"&#(?:x0*9644|0*38468)"
_FU = b"\xe9\x99\x84|\xb8\xbd|\xaa\xfe"  # 附 in UTF-8, in GBK and GB18030, in Big5
_HINT = re.compile(
    "|".join((_NAME, _DOWNLOAD, _SCRIPT, _ARGUMENT, _SHOWN_INSIDE, _BOX, _CODED_FU)).encode() + b"|" + _FU + rb"|[\x00\x1b]",
    re.I,
)
_FILE_NAME = re.compile(_NAME.encode(), re.I)
_CODED = re.compile(rf"(?!{_ALLOWED_CODES}){_CODED_ASCII}".encode(), re.I)
_TAG = re.compile(rb"<[^<>]*>")


@dataclass(slots=True)
class Sample:
    """The articles of a first visit that were read so far: how many, how many had no body, how short the shortest."""

    read: int = 0
    unreadable: int = 0
    shortest: int = 0

    def add(self, body: bytes, is_readable: bool) -> None:
        """Count an article that was read."""
        self.read += 1
        self.unreadable += not is_readable
        if is_readable:
            self.shortest = min(self.shortest or len(body), len(body))

    def speaks_for(self, body: bytes, url: str, title: str | None) -> bool:
        """Whether a page is like those that were read, bears its title, and cannot link a file: it is not read."""
        if self.read < READ_AT_LEAST or self.unreadable or len(body) < self.shortest * 0.9:
            return False
        return _bears(body, title) and not may_link_files(body, url)


def may_link_files(body: bytes, url: str = "") -> bool:
    """Whether anything in a page may be the link of a file; False is certain, True is not.

    A name that begins in one tag and ends in another is seen with the tags taken out, an address that is broken over
    lines with the line breaks taken out; a page in an encoding of which ASCII is no part is in doubt.
    """
    joined = body.translate(None, b"\r\n\t")
    return bool(
        _HINT.search(joined)
        or _CODED.search(joined)
        or _HINT.search(url.encode())
        or _FILE_NAME.search(_TAG.sub(b"", joined))
    )


def _bears(body: bytes, title: str | None) -> bool:
    start = (title or "").strip()[:8]
    if len(start) < 4:
        return False
    return any(start.encode(encoding, "ignore") in body for encoding in ("utf-8", "gb18030"))
