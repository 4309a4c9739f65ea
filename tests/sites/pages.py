"""The pages of a drawn site: lists, frames, articles, pages between an article and its file."""

import json
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from random import Random
from urllib.parse import quote, urlsplit

from tests.replica.sites.common import body_html, cut, printed
from tests.replica.world import Article, FileLink, Look, Section, World
from tests.sites.addresses import Addresses, file_name
from tests.sites.combination import Combination
from tests.sites.list_markup import MARKUPS, Item, Style
from tests.sites.pagers import Pager, Place
from tests.sites.volatile import KINDS, Moment
from tests.sites.writing import written

NAMES = {"cqc": "中国质量认证中心", "ccap": "中汽认证中心有限公司"}
SIDE_PAGES = {"/about/": "机构概况", "/txrz/": "体系认证", "/cx/": "证书查询", "/lx/": "联系我们", "/top.html": "页头"}
_BODIES = ("content", "TRS_Editor", "zw", "article-con", "news_txt", "xl_main")
_INFOS = ("发布时间：{} 来源：{}", "{} | {}", "来源：{1} 日期：{0}", "<i>{}</i><em>{}</em>")
_POSTBACK = (
    "<script>function __doPostBack(t,a){var f=document.forms['form1'];f.__EVENTTARGET.value=t;"
    "f.__EVENTARGUMENT.value=a;f.submit();}</script>"
)


@dataclass(frozen=True)
class Printer:
    """Prints the pages of one site on one day for one request; `{charset}` is left for `writing.encoded`."""

    ways: Combination
    site: str
    world: World
    request: int
    addresses: Addresses

    @property
    def look(self) -> Look:
        """How the site is printed today."""
        return self.world.looks[self.site]

    @property
    def chance(self) -> Random:
        """The site's own small habits: the same on every page and day."""
        return Random(f"habits {self.site} {self.ways}")

    @property
    def is_volatile(self) -> bool:
        """Whether its addresses differ from one request to the next."""
        return self.ways.addresses in ("argument", "segment")

    def to(self, address: str) -> str:
        """Return an address as it is printed on this request."""
        if not self.is_volatile:
            return address
        return KINDS[self.ways.kind].dress(address, Moment(self.world.number, self.request))

    @property
    def pager(self) -> Pager:
        """How its lists are turned."""
        chance = self.chance
        return Pager(self.addresses, self.to, alt=chance.random() < 0.5, says_total=chance.random() < 0.5)

    def list_page(self, place: Place, rows: Sequence[Article]) -> str:
        """A page of a list."""
        here = self.addresses.list(place.section, place.number)
        main = f'<div class="pos">当前位置：首页 &gt; {place.section.title}</div>\n{self.rows(rows, here)}'
        pager = self.pager.html(place)
        if self.ways.paging == "postback":
            hidden = (("__EVENTTARGET", ""), ("__EVENTARGUMENT", ""), ("__VIEWSTATE", place.token))
            fields = "".join(f'<input type="hidden" name="{n}" id="{n}" value="{v}">' for n, v in hidden)
            main = (
                f'{_POSTBACK}<form method="post" id="form1" name="form1" action="{here}">{fields}{main}{pager}</form>'
            )
        else:
            main += pager
        if self.ways.frames != "none":
            return _html(place.section.title, "", f'<div class="inner">{main}</div>')
        return self._framed(place.section.title, main)

    def rows(self, rows: Sequence[Article], here: str) -> str:
        """The rows of a list in its markup."""
        items = [self._item(article, here) for article in rows]
        return MARKUPS[self.ways.markup](items, self._style(), {})

    def rows_as_json(self, place: Place, rows: Sequence[Article]) -> str:
        """What "load more" answers where it answers JSON."""
        listed = [
            {"title": self._title(a), "href": self.to(self.addresses.article(a)), "date": a.shown_on.isoformat()}
            for a in rows
        ]
        return json.dumps({"list": listed, "next": self.pager.next_more(place) or None}, ensure_ascii=False)

    def _item(self, article: Article, here: str) -> Item:
        href = self.to(self.addresses.article(article))
        if self.ways.row_link == "relative" and not self.is_volatile:
            href = _relative(href, here)
        return Item(self._title(article), article.shown_on, href, href, mark="【置顶】" if article.pinned else "")

    def _title(self, article: Article) -> str:
        return printed(article.row_title or article.title, self.look)

    def _style(self) -> Style:
        link = "onclick" if self.ways.row_link == "onclick" else "root"
        css = "tit" if self.look.skin == 1 else "news-title v2"
        first = self.chance.random() < 0.4
        return Style(self.ways.markup, self.ways.list_date, link, self.ways.cut, css, first, self.world.on)

    def outer_page(self, section: Section) -> str:
        """The page around a framed list."""
        inner = escape(self.to(self.addresses.list(section, 1)))
        if self.ways.frames == "iframe":
            frame = f'<iframe src="{inner}" width="100%" height="900" frameborder="0" scrolling="no"></iframe>'
            return self._framed(section.title, frame)
        frames = f'<frame src="/top.html" name="top"><frame src="{inner}" name="main">'
        head = f"<html><head>{{charset}}<title>{section.title}</title></head>"
        without = "<noframes><body>请使用支持框架的浏览器</body></noframes>"
        return f'{head}\n<frameset rows="80,*">{frames}{without}</frameset></html>'

    def article_page(self, article: Article) -> str:
        """The page of an article with its files in the site's way."""
        title = printed(article.title, self.look)
        meta = f'<meta name="PubDate" content="{article.published} 10:12">' if self.ways.head_date == "meta" else ""
        body = _BODIES[self.chance.randrange(len(_BODIES))] + ("" if self.look.skin == 1 else " v2")
        text = str(body_html(article, self.look))
        within = "" if self.ways.files == "block" else "".join(self._file(link) for link in article.files)
        main = (
            f'<div class="pos">当前位置：首页 &gt; 正文</div>\n<div class="art"><h1>{escape(title)}</h1>\n'
            f'<div class="info">{self._info(article)}</div>\n'
            f'<div class="{body}" id="zoom">\n{text}\n{within}</div>\n</div>\n'
            f"{self._neighbours(article)}"
        )
        return self._framed(title, main, meta, self._block(article) if self.ways.files == "block" else "")

    def _info(self, article: Article) -> str:
        shape = self.chance.choice(_INFOS)
        if self.ways.head_date == "meta":
            return f"来源：{article.source}"
        return shape.format(written(article.published, self.ways.head_date, self.world.on), article.source)

    def _neighbours(self, article: Article) -> str:
        pairs = zip(("上一篇", "下一篇"), self.world.neighbours(article), strict=True)
        links = (
            f'<p>{word}：<a href="{escape(self.to(self.addresses.article(other)))}">{escape(other.title)}</a></p>'
            for word, other in pairs
            if other
        )
        return f'<div class="prevnext">{"".join(links)}</div>\n'

    def _file(self, link: FileLink) -> str:
        """One file of an article within its body."""
        url = self._file_url(link)
        href, name = escape(url), escape(link.text)
        whole = escape(quote(url, safe=""))
        opened = self.chance.choice(
            (
                f'<a href="javascript:void(0)" onclick="window.open(\'{href}\')">{name}</a>',
                f'<a href="#" onclick="downFile(\'{href}\');return false;">{name}</a>',
                f'<span class="dl" onclick="location.href=\'{href}\'">{name}</span>',
            )
        )
        ways = {
            "onclick": f"<p>附件：{opened}</p>",
            "viewer": f'<p>{name}</p><iframe src="/pdfjs/web/viewer.html?file={whole}" height="800"></iframe>',
            "embed": f'<p>{name}</p><embed src="{href}" width="100%" height="800">',
            "object": f'<p>{name}</p><object data="{href}" width="100%" height="800"></object>',
        }
        return ways.get(self.ways.files, f'<p>附件：<a href="{href}">{name}</a></p>') + "\n"

    def _file_url(self, link: FileLink) -> str:
        landing = self.ways.files == "landing"
        address = self.addresses.landing(link) if landing else self.addresses.file(link)
        return self.to(address) if self.ways.volatile_files else address

    def _block(self, article: Article) -> str:
        """The files of an article in a block of their own under the body of the page."""
        if not article.files:
            return ""
        links = (f'<li><a href="{escape(self._file_url(link))}">{escape(link.text)}</a></li>' for link in article.files)
        return f'<div class="fj"><h3>附件下载</h3><ul>{"".join(links)}</ul></div>\n'

    def landing_page(self, link: FileLink) -> str:
        """The page between an article and its file."""
        href = escape(self.to(self.addresses.file(link)) if self.ways.volatile_files else self.addresses.file(link))
        name = escape(file_name(link))
        main = f'<h2>文件下载</h2><p>{name}</p><p><a href="{href}">点击下载</a></p>'
        return self._framed("文件下载", main)

    def side_page(self, title: str) -> str:
        """A page that says nothing of rules; also the site's home."""
        return self._framed(title, f"<h2>{title}</h2><p>欢迎访问{NAMES[self.site]}网站。</p>")

    def _framed(self, title: str, main: str, meta: str = "", below: str = "") -> str:
        sections = self.world.sections_of(self.site)
        menu = [("首页", "/"), *((s.title, self.addresses.section(s)) for s in sections)]
        menu += [(text, path) for path, text in SIDE_PAGES.items() if path.endswith("/")]
        links = "".join(f'<li><a href="{escape(path)}">{text}</a></li>' for text, path in menu)
        foot = self.look.footer or f"版权所有：{NAMES[self.site]}"
        counter = "" if self.ways.validators else f"<p>您是第{self.request + 30217}位访问者</p>"
        wrap: Callable[[str], str] = partial("<div class='main v{}'>{}</div>\n".format, self.look.skin)
        body = (
            f'<div class="top">{NAMES[self.site]}</div>\n<div class="nav"><ul>{links}</ul></div>\n{wrap(main)}{below}'
        )
        return _html(title, meta, f'{body}<div class="foot"><p>{foot}</p>{counter}</div>')


def _html(title: str, meta: str, body: str) -> str:
    head = f"<head>{{charset}}{meta}<title>{escape(cut(title, 60))}</title></head>"
    return f"<!DOCTYPE html>\n<html>{head}\n<body>\n{body}\n</body></html>\n"


def _relative(href: str, here: str) -> str:
    """An address of the same site, relative to the page on which it stands."""
    parts = urlsplit(href)
    folder = urlsplit(here).path.rpartition("/")[0] or "/"
    path = posixpath.relpath(parts.path, folder)
    return (path if path.startswith("..") else f"./{path}") + (f"?{parts.query}" if parts.query else "")
