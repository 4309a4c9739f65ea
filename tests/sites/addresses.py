"""Where lists, articles and files of a site stand on a day, and what stands at an address."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote_to_bytes

from tests.replica.world import Article, FileLink, Section, World
from tests.sites.combination import Combination

_FOLDERS = {"rules": "rzgz", "notices": "tzgg", "changeovers": "bzhb"}


@dataclass(frozen=True, slots=True)
class Target:
    """What stands at an address: one of list, frame, more, article, file, landing or moved, with what belongs to it."""

    what: str
    section: Section | None = None
    article: Article | None = None
    link: FileLink | None = None
    number: int = 1
    to: str = ""


@dataclass(frozen=True)
class Addresses:
    """The addresses of one site on one day, without their volatile parts."""

    ways: Combination
    site: str
    world: World
    files_url: str = ""

    @property
    def renewed(self) -> bool:
        """Whether the site has its other addresses."""
        return 0 < self.ways.renewed_on <= self.world.number

    def section(self, section: Section) -> str:
        """The address of a section as an operator finds it in the menu."""
        if self.ways.frames != "none":
            return f"/{_FOLDERS[section.name]}/"
        return self.list(section, 1)

    def list(self, section: Section, number: int) -> str:
        """The address of a page of a list; that of the page within the frame where there is one."""
        folder = _FOLDERS[section.name]
        inner = "/inc" if self.ways.frames != "none" else ""
        if self.ways.paging == "postback":
            return f"{inner}/{folder.upper()}.aspx"
        if self.ways.addresses == "query":
            return f"{inner}/list.asp?col={folder}" + (f"&page={number}" if number > 1 else "")
        return f"{inner}/{folder}/" + (f"index_{number}.html" if number > 1 else "")

    def more(self, section: Section, number: int) -> str:
        """The address that a "load more" button asks."""
        return f"/ajax/more?col={_FOLDERS[section.name]}&page={number}"

    def article(self, article: Article) -> str:
        """The address of an article today."""
        return self._article(article, self.renewed)

    def _article(self, article: Article, renewed: bool) -> str:
        number = article.number
        if self.ways.addresses == "query":
            return f"/show.asp?id={number}"
        if self.ways.addresses == "argument":
            return f"/detail.jsp?articleId={number}&col={_FOLDERS[article.section]}"
        if self.ways.addresses == "segment":
            return f"/art/{article.published.year}/{number}.html"
        if self.ways.addresses == "new_ids":
            return f"/content/{_digest(f'{article.site}{number}')}" if renewed else f"/content/{number}"
        if self.ways.addresses == "moved" and renewed:
            return f"/xwzx/{_FOLDERS[article.section]}/post_{number}.html"
        return f"/c/{article.published}/{number}.html"

    def file(self, link: FileLink) -> str:
        """The address at which a file's bytes are, whole where they are on the second host."""
        return (self.files_url if self.ways.files == "second_host" else "") + self._file(link, self.renewed)

    def _file(self, link: FileLink, renewed: bool) -> str:
        folder = "attachment" if renewed and self.ways.addresses == "moved" else "upload"
        known = _digest(link.at + ("new" if renewed and self.ways.addresses == "new_ids" else ""))
        if self.ways.files == "bare":
            return f"/{folder}/resource/{known}"
        if self.ways.files == "gbk_name":
            return f"/{folder}/{_digest(link.at)[:4]}/{quote(file_name(link).encode('gb18030'))}"
        return f"/{folder}/{known[:4]}/{known}{link.path.suffix}"

    def landing(self, link: FileLink) -> str:
        """The address of the page between an article and its file."""
        return f"/down/{_digest(link.at)}.html"

    @cached_property
    def known(self) -> dict[str, Target]:
        """All addresses but the later pages of lists."""
        return dict(self._all())

    def _all(self) -> Iterator[tuple[str, Target]]:
        for article in self.world.articles:
            if article.site == self.site:
                yield from self._of_article(article)
        for section in self.world.sections_of(self.site):
            yield self.list(section, 1), Target("list", section)
            if self.ways.frames != "none":
                yield self.section(section), Target("frame", section)

    def _of_article(self, article: Article) -> Iterator[tuple[str, Target]]:
        if self.renewed and self.ways.redirects:
            yield self._article(article, False), Target("moved", to=self.article(article))
        yield self.article(article), Target("article", article=article)
        for link in article.files:
            if self.renewed and self.ways.redirects:
                yield _plain(self._file(link, False)), Target("moved", to=self.file(link))
            yield _plain(self._file(link, self.renewed)), Target("file", link=link)
            yield self.landing(link), Target("landing", link=link)

    def find(self, target: str) -> Target | None:
        """Return what stands at a path with its query, or None."""
        plain = _plain(target)
        if plain in self.known:
            return self.known[plain]
        for section in self.world.sections_of(self.site):
            for what, address in (("list", self.list), ("more", self.more)):
                pattern = re.escape(address(section, 987)).replace("987", r"(\d{1,5})")
                if found := re.fullmatch(pattern, plain):
                    return Target(what, section, number=int(found[1])) if found.groups() else Target(what, section)
        return None


def _plain(target: str) -> str:
    """An address with its characters decoded, be they UTF-8 or GBK."""
    raw = unquote_to_bytes(target)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def file_name(link: FileLink) -> str:
    """The name of a file with its ending, as its link says it."""
    stem = re.sub(r"^附件\d*[:：]", "", link.text)
    return re.sub(r"\.(?:pdf|docx?)$", "", stem).replace("/", "-") + link.path.suffix
