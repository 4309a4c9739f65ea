"""Need a page be read in full, to find the files that it links? A look at its bytes answers for most pages.

Reading a page costs as much as fetching twenty. The crawl needs of an article only its files, which the documents'
reader does not look for; it reads every article again anyway. So a big first visit reads its first articles, all that
hold anything by which `crawler.pages.articles.attachments` could know a file, and all that look unlike those it has
read. When in doubt a page is read: `may_link_files` is wider than every pattern there (tests/crawler/test_hints.py).

A site's frame may hold such a thing itself (a menu with 下载中心). What every article of the sample carries, letter
for letter and by an absolute address, was looked at with each of them, and is left out of the look at the others.
"""

import re
from dataclasses import dataclass

from crawler.pages.articles.attachments import EXTENSIONS

READ_AT_LEAST = 50
"""So many articles of a first visit are read whatever they hold: by them a section without bodies is known."""

_WORDS = (b"fujian", b"fj", b"annex", b"enclosure", b"file", b"appendix")  # of a box; more of them are in _SURE
_SURE = (
    *(b"download", b"down_load", b"downfile", b"filedown", b"fileid=", b"file_id=", b"attach", b"accessor"),
    *(b"getfile", b"fileview", b"openfile", b"attid=", b"annexid=", b"<iframe", b"<embed", b"<object"),
    *(b"onclick", b"\xe4\xb8\x8b\xe8\xbd\xbd", b"\xcf\xc2\xd4\xd8"),  # 下载 in UTF-8 and in GBK
    *(b"\xe9\x99\x84", b"\xb8\xbd", b"\xaa\xfe"),  # 附 in UTF-8, in GBK and GB18030, in Big5
    *(b"\x00", b"\x1b"),  # an encoding of which ASCII is no part
)
_NAME = re.compile(rf"\.\s*(?:{EXTENSIONS})(?![a-z0-9_])".encode())
_SCRIPT = re.compile(rb"(?<![a-z0-9])(?:down|dl|xiazai|getatt|showfile)\.(?:aspx?|ashx|php|jsp|do|action|cgi)")
_FILE_ARGUMENT = re.compile(rb"[?&;]\w*file\w*=")
_WORD = "|".join(word.decode() for word in _WORDS)
_BOX = re.compile(rf"\b(?:class|id)\s*=\s*(?:\"[^\"]*?(?:{_WORD})|'[^']*?(?:{_WORD})|[^\s\"'<>]*?(?:{_WORD}))".encode())
_CODED_ASCII = r"&#(?:x0*[2-7][0-9a-f](?![0-9a-f])|0*(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-7])(?![0-9]))"
_ALLOWED_CODES = r"&#(?:x0*2[27](?![0-9a-f])|0*3[249](?![0-9]))"  # quotation marks, which no address is spelt with
_CODED = re.compile(rf"(?!{_ALLOWED_CODES}){_CODED_ASCII}|&#(?:x0*9644|0*38468)".encode())
_BROKEN_BY_TAG = re.compile(rb"\.[\s0-9a-z]*<")
_LEAST_TITLE = 10
_TAG = re.compile(rb"<[^<>]*>")
_END_IN_VALUE = re.compile(rb"<\w+\s[^<>]*=\s*(?:\"[^\">]*>|'[^'>]*>)")  # such a tag is longer than _TAG takes it to be
_LINK = re.compile(
    rb"<a\s[^<>]*>[^<]*(?:<(?!/?a\b)[^<]*){0,20}</a>|<script\s[^<>]*>\s*</script>|<link\s[^<>]*>",
)
_ABSOLUTE = re.compile(rb"<\w+\s(?:[^<>]*\s)?(?:href|src)\s*=\s*[\"']?\s*(?:/|https?:)")


@dataclass(slots=True)
class Sample:
    """The articles of a first visit that were read so far: how many, how many had no body, how short the shortest,
    and the links that all of them carry."""

    read: int = 0
    unreadable: int = 0
    shortest: int = 0
    frame: frozenset[bytes] = frozenset()

    def add(self, body: bytes, is_readable: bool) -> None:
        """Count an article that was read."""
        links = _fixed_links(_plain(body))
        self.frame = self.frame & links if self.read else links
        self.read += 1
        self.unreadable += not is_readable
        if is_readable:
            self.shortest = min(self.shortest or len(body), len(body))

    def speaks_for(self, body: bytes, url: str, title: str | None) -> bool:
        """Whether a page is like those that were read, bears its title, and cannot link a file: it is not read."""
        if self.read < READ_AT_LEAST or self.unreadable or len(body) < self.shortest * 0.9:
            return False
        return _bears(body, title) and not may_link_files(body, url, self.frame)


def may_link_files(body: bytes, url: str = "", frame: frozenset[bytes] = frozenset()) -> bool:
    """Whether anything in a page may be the link of a file; False is certain, True is not.

    A name that begins in one tag and ends in another is seen with the tags taken out, an address that is broken over
    lines with the line breaks taken out; a page in an encoding of which ASCII is no part is in doubt. `frame` are the
    links of the site's frame, which say nothing of this page.
    """
    page = _plain(body)
    if _hints(url.encode().lower()):
        return True
    if not _hints(page):
        return False
    return not frame or b"<base" in page or _hints(_LINK.sub(lambda link: b"" if link[0] in frame else link[0], page))


def _hints(page: bytes) -> bool:
    """Whether a page, in lower case and on one line, holds anything by which a file is known; cheap looks first."""
    return (
        any(word in page for word in _SURE)
        or bool(_NAME.search(page) or _SCRIPT.search(page))
        or (b"file" in page and bool(_FILE_ARGUMENT.search(page)))
        or (any(word in page for word in _WORDS) and bool(_BOX.search(page)))
        or (b"&#" in page and bool(_CODED.search(page)))
        or (bool(_BROKEN_BY_TAG.search(page)) and _is_named_over_tags(page))
    )


def _is_named_over_tags(page: bytes) -> bool:
    """Whether a name may begin in one tag and end in another, or go on behind a comment."""
    texts = (_TAG.sub(b"", page), _TAG.sub(b"", _without_comments(page)))
    return any(_NAME.search(text) for text in texts) or bool(_END_IN_VALUE.search(page))


def _without_comments(page: bytes) -> bytes:
    first, *others = page.split(b"<!--")
    return first + b"".join(other.partition(b"-->")[2] for other in others)


def _plain(body: bytes) -> bytes:
    return body.translate(None, b"\r\n\t").lower()


def _fixed_links(page: bytes) -> frozenset[bytes]:
    """The links of a page that lead to the same place from every other page."""
    if b"<base" in page:
        return frozenset()
    links = (link[0] for link in _LINK.finditer(page))
    return frozenset(link for link in links if _ABSOLUTE.match(link) and b"onclick" not in link)


def bears_title(body: bytes, title: str | None) -> bool:
    """Whether a page shows the whole title of the row that led to it, spaces and tags aside."""
    wanted = re.sub(rb"\s", b"", (title or "").strip().rstrip("….").encode())
    if len(title or "") < _LEAST_TITLE:
        return False
    shown = re.sub(rb"\s", b"", _TAG.sub(b"", body))
    return any(wanted.decode().encode(encoding, "ignore") in shown for encoding in ("utf-8", "gb18030"))


def _bears(body: bytes, title: str | None) -> bool:
    start = (title or "").strip()[:8]
    if len(start) < 4:
        return False
    return any(start.encode(encoding, "ignore") in body for encoding in ("utf-8", "gb18030"))
