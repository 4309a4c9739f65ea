"""List pages drawn by seed, each with the complete truth: `make_list(seed)`.

A page has a frame (menu, breadcrumb, side list, footer) and in it one or two lists, with what such lists have around
and between their rows. Truth stands in page order; whatever else is a link is in `others`, with what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from html import escape
from random import Random

from tests.sites.list_markup import MARKUPS, Item, Style
from tests.sites.titles import titles
from tests.sites.writing import written

TODAY = date(2026, 3, 20)
COUNT = 300
_WRITINGS = (
    *("iso", "cn", "cn_padded", "dots", "slash", "time", "bracket", "round", "english", "american", "labelled"),
    *("md", "md_bracket", "md_slash", "md_cn", "unix"),
)
_LINKS = (
    *("root", "root", "absolute", "relative", "up", "query", "query_only", "protocol"),
    *("onclick", "onclick_double", "javascript"),
)
_CUTS = ("whole", "whole", "attribute", "attribute", "lost")
FEATURES = (
    "undated",
    "pinned_list",
    "pinned_on_top",
    "headline",
    "adverts",
    "second_list",
    "hot",
    "layout_table",
    "base",
)
_ODDS = (0.5, 0.25, 0.25, 0.3, 0.3, 0.2, 0.5, 0.2, 0.08)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands on the page: the whole title where the page has it anywhere, the date or None, the address."""

    title: str
    date: date | None
    url: str


@dataclass(frozen=True, slots=True)
class Other:
    """A link that is no row: menu, crumb, hot, advert, footer, pager, more, or file (a second link within a row)."""

    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page, its address, the day on which it is seen, and what is on it."""

    seed: int
    html: str
    url: str
    rows: tuple[Row, ...]
    others: tuple[Other, ...]
    notes: tuple[str, ...]
    today: date = TODAY


@dataclass
class _Drawing:
    """What is drawn for one page while it is put together."""

    seed: int
    random: Random
    style: Style
    features: frozenset[str]
    folder: str
    host: str
    rows: list[Row] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    number: int = 0

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.folder}" + ("list.asp?col=12" if self.style.link == "query_only" else "")


def make_list(seed: int) -> ListPage:
    """Return the list page of a seed; the same seed gives the same page."""
    drawing = _drawn(seed)
    main = "".join(_parts(drawing))
    html = _framed(drawing, main)
    style = drawing.style
    notes = (style.markup, style.writing, style.link, style.cut, *sorted(drawing.features))
    return ListPage(seed, html, drawing.url, tuple(drawing.rows), tuple(drawing.others), notes)


def _drawn(seed: int) -> _Drawing:
    random = Random(f"list {seed}")
    markup = sorted(MARKUPS)[seed % len(MARKUPS)]
    link, cut = random.choice(_LINKS), random.choice(_CUTS)
    writing = random.choice(_WRITINGS) if random.random() > 0.04 else "none"
    features = {name for name, odds in zip(FEATURES, _ODDS, strict=True) if random.random() < odds}
    if markup in ("months", "table_months", "merged"):
        features -= {"pinned_on_top"}
    if writing == "none" or markup == "merged":
        features -= {"undated"}
    if link in ("query_only", "relative", "up") or "base" not in features:
        features -= {"base"}
    style = Style(markup, writing, link, cut, random.choice(("title", "name", "lnk")), random.random() < 0.5, TODAY)
    folder = random.choice(("/xxgk/tzgg/", "/news/", "/www/zyxrz/gz/", "/gonggao/"))
    return _Drawing(seed, random, style, frozenset(features), folder, f"www.site{seed}.example")


def _parts(drawing: _Drawing) -> Iterator[str]:
    """The main column from top to bottom; rows are entered into the truth as they are printed."""
    kind = drawing.random.choice(("notices", "rules", "mixed"))
    items = _items(drawing, drawing.random.randint(6, 26), kind)
    if "headline" in drawing.features:
        yield _headline(drawing, items.pop(0))
    if "pinned_list" in drawing.features:
        yield _pinned_list(drawing)
    if "pinned_on_top" in drawing.features:
        items = [*_old_items(drawing, drawing.random.randint(1, 3), "【置顶】"), *items]
    if "second_list" in drawing.features:
        yield _heading(drawing, "通知公告")
    yield _list(drawing, items)
    if "second_list" in drawing.features:
        yield _heading(drawing, "认证规则")
        yield _list(drawing, _items(drawing, drawing.random.randint(4, 15), "rules"))
    yield _pager(drawing)


def _items(drawing: _Drawing, count: int, kind: str) -> list[Item]:
    """Rows from the newest to the oldest; some without a date where the page has such."""
    random, day, items = drawing.random, TODAY - timedelta(days=drawing.random.randint(0, 4)), []
    for title in titles(random, count, kind):
        items.append(_item(drawing, title, day))
        day -= timedelta(days=random.choice((0, 1, 3, 9, 30)))
    if drawing.style.writing == "none":
        return [replace(item, day=None, instead="") for item in items]
    if "undated" in drawing.features:
        items[0] = replace(items[0], day=None, instead=random.choice(("今天", "NEW", "", "")))
        for place in random.sample(range(len(items)), min(2, len(items) - 2)):
            items[place] = replace(items[place], day=None, instead=random.choice(("NEW", "")))
    return items


def _old_items(drawing: _Drawing, count: int, mark: str) -> list[Item]:
    chosen = titles(drawing.random, count, "notices")
    old = [_item(drawing, title, date(2021, 5, 1) - timedelta(days=40 * n)) for n, title in enumerate(chosen)]
    if drawing.style.writing == "none":
        old = [replace(item, day=None) for item in old]
    return [replace(item, mark=mark) for item in old]


def _item(drawing: _Drawing, title: str, day: date) -> Item:
    drawing.number += drawing.random.randint(1, 9)
    number, host, folder = 50000 - drawing.number, drawing.host, drawing.folder
    name = f"{day:%Y%m}/t{day:%Y%m%d}_{number}.html"
    href, target = {
        "root": (f"/c/{name}", f"/c/{name}"),
        "absolute": (f"http://{host}/c/{name}", f"/c/{name}"),
        "relative": (f"./{name}", f"{folder}{name}"),
        "up": (f"../{name}", folder.rstrip("/").rpartition("/")[0] + f"/{name}"),
        "query": (f"/show.asp?id={number}", f"/show.asp?id={number}"),
        "query_only": (f"?col=12&id={number}", f"{folder}list.asp?col=12&id={number}"),
        "protocol": (f"//{host}/c/{name}", f"/c/{name}"),
    }.get(drawing.style.link, (f"/c/{name}", f"/c/{name}"))
    return Item(title, day, href, f"http://{host}{target}")


def _list(drawing: _Drawing, items: list[Item]) -> str:
    """One list, its rows entered into the truth; an advert after some row where the page has such."""
    adverts: dict[int, str] = {}
    if "adverts" in drawing.features and len(items) > 4:
        for place in drawing.random.sample(range(1, len(items) - 1), 2):
            adverts[place] = _advert(drawing)
    for item in items:
        _enter(drawing, item)
    return MARKUPS[drawing.style.markup](items, drawing.style, adverts)


def _enter(drawing: _Drawing, item: Item) -> None:
    drawing.rows.append(Row(drawing.style.told(item.title), item.day, item.url))
    if drawing.style.markup == "table_wide":
        drawing.others.append(Other("下载", f"{item.url.partition('?')[0]}.pdf", "file"))


def _advert(drawing: _Drawing) -> str:
    text = drawing.random.choice(
        ("认证咨询热线 400-800-1234，欢迎来电", "专业检测 就选华测联合", "企业服务平台全新上线")
    )
    url = f"http://ads{drawing.random.randint(1, 99)}.example/go?u={drawing.random.randint(1, 9999)}"
    drawing.others.append(Other(text, url, "advert"))
    picture = f'<img src="/ads/b.jpg" alt="{text}">' if drawing.random.random() < 0.5 else text
    return f'<a class="ad" target="_blank" href="{url}">{picture}</a>'


def _headline(drawing: _Drawing, item: Item) -> str:
    """The newest item, set large above the list with the beginning of its text."""
    drawing.rows.append(Row(item.title, item.day, item.url))
    day = f"<em>{written(item.day, 'iso', TODAY)}</em>" if item.day and drawing.style.writing != "none" else ""
    drawing.rows[-1] = replace(drawing.rows[-1], date=item.day if day else None)
    link = replace(drawing.style, cut="whole").anchor(item)
    return f'<div class="headline"><h2>{link}</h2><p>各有关单位：现将有关事项公告如下，请遵照执行…… {day}</p></div>\n'


def _pinned_list(drawing: _Drawing) -> str:
    """Rows that stay on top, in a list of their own."""
    items = _old_items(drawing, drawing.random.randint(1, 3), "")
    for item in items:
        drawing.rows.append(Row(drawing.style.told(item.title), item.day, item.url))
    style = replace(drawing.style, markup="li")
    return '<div class="zd">' + MARKUPS["li"](items, style, {}) + "</div>\n"


def _heading(drawing: _Drawing, text: str) -> str:
    href = f"/more/{len(drawing.others)}/"
    drawing.others.append(Other("更多>>", f"http://{drawing.host}{href}", "more"))
    return f'<div class="lm"><h3>{text}</h3><a href="{href}">更多&gt;&gt;</a></div>\n'


def _pager(drawing: _Drawing) -> str:
    if drawing.random.random() < 0.3:
        return ""
    base = "list_" if drawing.style.link != "query_only" else "p"
    links = [(str(number), f"/pages/{base}{number}.html") for number in (2, 3)] + [("下一页", f"/pages/{base}2.html")]
    drawing.others += [Other(text, f"http://{drawing.host}{href}", "pager") for text, href in links]
    printed = " ".join(f'<a href="{href}">{text}</a>' for text, href in links)
    return f'<div class="page">共 46 条 <span>1</span> {printed}</div>\n'


_MENU = (
    ("首页", "/"),
    ("机构概况", "/about/"),
    ("产品认证", "/cprz/"),
    ("体系认证", "/txrz/"),
    ("通知公告", "/tzgg/"),
    ("认证规则", "/rzgz/"),
    ("证书查询", "/cx/"),
    ("下载中心", "/xz/"),
    ("联系我们", "/lx/"),
)
_FOOT = (("网站地图", "/map/"), ("法律声明", "/law/"), ("国家市场监督管理总局", "http://www.samr.example/"))


def _links(drawing: _Drawing, links: tuple[tuple[str, str], ...], kind: str, around: str) -> str:
    for text, href in links:
        url = href if href.startswith("http") else f"http://{drawing.host}{href}"
        drawing.others.append(Other(text, url, kind))
    return "".join(around.format(f'<a href="{href}">{escape(text)}</a>') for text, href in links)


def _framed(drawing: _Drawing, main: str) -> str:
    """The page around the main column."""
    menu = f'<div class="nav"><ul>{_links(drawing, _MENU, "menu", "<li>{}</li>")}</ul></div>\n'
    crumbs = _links(drawing, (("首页", "/"), ("通知公告", "/tzgg/")), "crumb", "{} &gt; ")
    crumb = f'<div class="pos">当前位置：{crumbs}正文</div>\n'
    foot = f'<div class="footer">{_links(drawing, _FOOT, "footer", "{} | ")}<p>版权所有 京ICP备05000000号</p></div>'
    side = _hot(drawing) if "hot" in drawing.features else ""
    body = f'<div class="left">{side}</div>\n<div class="right">{crumb}{main}</div>\n'
    if "layout_table" in drawing.features:
        body = f'<table width="980"><tr><td valign="top">{side}</td><td valign="top">{crumb}{main}</td></tr></table>\n'
    base = f'<base href="http://{drawing.host}/">' if "base" in drawing.features else ""
    head = f'<head><meta charset="utf-8">{base}<title>通知公告</title></head>'
    return f"<!DOCTYPE html>\n<html>{head}\n<body>\n{menu}{body}{foot}\n</body></html>\n"


def _hot(drawing: _Drawing) -> str:
    """A side list: services, and some rows of the main list once more."""
    service = (("业务指南", "/zn/"), ("收费标准", "/sf/"), ("常见问题", "/faq/"), ("在线申请", "http://apply.example/"))
    again = [row for row in drawing.rows if drawing.random.random() < 0.2][:5]
    drawing.others += [Other(row.title[:14], row.url, "hot") for row in again]
    more = "".join(f'<li><a href="{escape(row.url)}">{escape(row.title[:14])}</a></li>' for row in again)
    return f'<div class="hot"><h4>热点</h4><ul>{_links(drawing, service, "hot", "<li>{}</li>")}{more}</ul></div>'
