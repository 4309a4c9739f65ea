"""The markups of a list: each prints items with their dates; `adverts` stand after the row of their place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from tests.sites.writing import written

Adverts = Mapping[int, str]
_CUT_AT = 18
_NEW = '<img src="/images/new.gif" alt="">'


@dataclass(frozen=True, slots=True)
class Item:
    """A row to be printed: `href` as printed, `url` as meant; `instead` stands where the date would."""

    title: str
    day: date | None
    href: str
    url: str
    instead: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a list prints its rows."""

    markup: str
    writing: str
    link: str
    cut: str
    css: str
    date_first: bool
    today: date

    def told(self, title: str) -> str:
        """The title as a reader of the page can know it."""
        return title if self.cut != "lost" else self.shown(title)

    def shown(self, title: str) -> str:
        """The title as the link's text."""
        return title if self.cut == "whole" or len(title) <= _CUT_AT else title[:_CUT_AT] + "…"

    def attributes(self, item: Item) -> str:
        """The attributes by which a link leads to its article, and its whole title where it is cut."""
        title = f' title="{escape(item.title)}"' if self.cut == "attribute" else ""
        href = escape(item.href)
        ways = {
            "onclick": f'href="javascript:;" onclick="window.open(\'{href}\')"',
            "onclick_double": f'href="#" onclick="window.open(&quot;{href}&quot;,&quot;_blank&quot;);return false;"',
            "javascript": f"href=\"javascript:window.open('{href}');\"",
        }
        return ways.get(self.link, f'href="{href}"') + title

    def anchor(self, item: Item) -> str:
        """A row's link."""
        text = item.mark + self.shown(item.title)
        return f'<a class="{self.css}" {self.attributes(item)} target="_blank">{escape(text)}</a>'

    def day(self, item: Item) -> str:
        """A row's date as HTML, or what stands in its place."""
        if item.day is None:
            return _NEW if item.instead == "NEW" else item.instead
        return written(item.day, self.writing, self.today)


def _with_adverts(rows: Sequence[str], adverts: Adverts, around: str) -> str:
    out = []
    for place, row in enumerate(rows):
        out.append(row)
        if place in adverts:
            out.append(around.format(adverts[place]))
    return "\n".join(out)


def _li(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    def row(item: Item) -> str:
        day = style.day(item)
        day = f'<span class="date">{day}</span>' if day else ""
        return f"<li>{day}{style.anchor(item)}</li>" if style.date_first else f"<li>{style.anchor(item)}{day}</li>"

    return f'<ul class="newslist">\n{_with_adverts([row(i) for i in items], adverts, "<li>{}</li>")}\n</ul>\n'


def _ol_bare(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """Dates as bare text beside the link."""
    rows = [f"<li>· {style.anchor(item)} {style.day(item)}</li>" for item in items]
    return f'<ol id="list">\n{_with_adverts(rows, adverts, "<li>{}</li>")}\n</ol>\n'


def _table(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    rows = [
        f'<tr><td width="10">·</td><td>{style.anchor(i)}</td><td align="right">{style.day(i)}</td></tr>' for i in items
    ]
    return f'<table width="100%">\n{_with_adverts(rows, adverts, "<tr><td colspan=3>{}</td></tr>")}\n</table>\n'


def _table_header(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    head = "<thead><tr><th>序号</th><th>标题</th><th>发布时间</th></tr></thead>"
    rows = [f"<tr><td>{n}</td><td>{style.anchor(i)}</td><td>{style.day(i)}</td></tr>" for n, i in enumerate(items, 1)]
    body = _with_adverts(rows, adverts, "<tr><td colspan=3>{}</td></tr>")
    return f'<table class="tb">{head}<tbody>\n{body}\n</tbody></table>\n'


def _table_wide(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """Several columns, and a second link in each row that leads to its file."""
    head = "<tr><td>发布单位</td><td>名称</td><td>发布日期</td><td>点击</td><td>附件</td></tr>"
    rows = [
        f"<tr><td>产品{'一二三'[n % 3]}部</td><td>{style.anchor(i)}</td><td>{style.day(i)}</td><td>{n * 37 + 12}</td>"
        f'<td><a href="{escape(i.url.partition("?")[0])}.pdf">下载</a></td></tr>'
        for n, i in enumerate(items)
    ]
    return f'<table border="1">\n{head}\n{_with_adverts(rows, adverts, "<tr><td colspan=5>{}</td></tr>")}\n</table>\n'


def _merged(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """Rows of one day share a date cell."""
    rows = []
    for _, group in groupby(items, key=lambda item: item.day):
        same = list(group)
        for place, item in enumerate(same):
            cell = f'<td rowspan="{len(same)}">{style.day(item)}</td>' if place == 0 else ""
            rows.append(f"<tr>{cell}<td>{style.anchor(item)}</td></tr>")
    return f'<table class="gg">\n{_with_adverts(rows, {}, "{}")}\n</table>\n' + "".join(adverts.values())


def _div(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    rows = [
        f'<div class="item clearfix"><div class="fl">{style.anchor(i)}</div><div class="fr">{style.day(i)}</div></div>'
        for i in items
    ]
    return f'<div class="list-box">\n{_with_adverts(rows, adverts, "<div>{}</div>")}\n</div>\n'


def _div_flat(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """Links and dates one after another in a single block, parted by line breaks."""
    rows = [f"{style.anchor(item)}&nbsp;&nbsp;{style.day(item)}<br>" for item in items]
    return f'<div class="txt">\n{_with_adverts(rows, adverts, "{}<br>")}\n</div>\n'


def _card(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """A date leaf beside title and beginning."""

    def leaf(item: Item) -> str:
        if item.day is None or style.writing == "none":
            return style.day(item)
        return f"<b>{item.day:%d}</b><em>{item.day:%Y-%m}</em>"

    rows = [
        f'<div class="card"><div class="leaf">{leaf(i)}</div><h3>{style.anchor(i)}</h3><p>现将有关事项通知……</p></div>'
        for i in items
    ]
    return f'<div class="cards">\n{_with_adverts(rows, adverts, "<div class=card>{}</div>")}\n</div>\n'


def _card_link(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """The whole card is the link."""
    heads = [escape(i.mark + style.shown(i.title)) for i in items]
    rows = [
        f"<a class=card {style.attributes(i)}><h4>{head}</h4><p>查看详情</p><i>{style.day(i)}</i></a>"
        for i, head in zip(items, heads, strict=True)
    ]
    return f"<section>\n{_with_adverts(rows, adverts, '{}')}\n</section>\n"


def _dl(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    rows = [f"<dt>{style.day(i)}</dt><dd>{style.anchor(i)}</dd>" for i in items]
    return f"<dl>\n{_with_adverts(rows, adverts, '<dd>{}</dd>')}\n</dl>\n"


def _dl_title(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    rows = [f"<dl class=xx><dt>{style.anchor(i)}</dt><dd>{style.day(i)}</dd></dl>" for i in items]
    return f"<div>\n{_with_adverts(rows, adverts, '<dl><dd>{}</dd></dl>')}\n</div>\n"


def _by_month(items: Sequence[Item]) -> Iterator[tuple[str, list[Item]]]:
    """Groups under the month of their first dated row."""
    month = ""
    for key, group in groupby(items, key=lambda item: item.day and f"{item.day.year}年{item.day.month}月"):
        month = key or month
        yield month or "近期", list(group)


def _leaf_day(item: Item, style: Style) -> str:
    if item.day is None or style.writing == "none":
        return style.day(item)
    return f"{item.day.day}日" if style.date_first else style.day(item)


def _months(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """A heading for each month, a list below it; some styles write the day alone there."""
    out = []
    for month, group in _by_month(items):
        rows = "".join(f"<li>{style.anchor(i)}<span>{_leaf_day(i, style)}</span></li>" for i in group)
        out.append(f"<h4>{month}</h4>\n<ul>{rows}</ul>")
    return "\n".join(out) + "".join(adverts.values()) + "\n"


def _table_months(items: Sequence[Item], style: Style, adverts: Adverts) -> str:
    """A table with a row for each month above the rows of it."""
    out = []
    for month, group in _by_month(items):
        rows = "\n".join(f"<tr><td>{_leaf_day(i, style)}</td><td>{style.anchor(i)}</td></tr>" for i in group)
        out.append(f'<tr><td colspan="2" class="m">{month}</td></tr>\n{rows}')
    return "<table>" + "\n".join(out) + "</table>" + "".join(adverts.values()) + "\n"


MARKUPS: dict[str, Callable[[Sequence[Item], Style, Adverts], str]] = {
    "li": _li,
    "ol_bare": _ol_bare,
    "table": _table,
    "table_header": _table_header,
    "table_wide": _table_wide,
    "merged": _merged,
    "div": _div,
    "div_flat": _div_flat,
    "card": _card,
    "card_link": _card_link,
    "dl": _dl,
    "dl_title": _dl_title,
    "months": _months,
    "table_months": _table_months,
}
