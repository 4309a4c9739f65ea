"""Ways to turn the pages of a list, as HTML below it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from tests.replica.world import Section
from tests.sites.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader is: page `number` of `count`, `total` rows, and a token of this answer."""

    section: Section
    number: int
    count: int
    total: int
    token: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Prints the pager of a site: `to` dresses an address."""

    addresses: Addresses
    to: Callable[[str], str]
    alt: bool = True
    says_total: bool = True

    def html(self, place: Place) -> str:
        """Return what stands below a page of a list."""
        way = getattr(self, f"_{self.addresses.ways.paging}")
        total = f"共{place.total}条 第{place.number}/{place.count}页 " if self.says_total else ""
        return f'<div class="pages">{total}{way(place)}</div>'

    def _href(self, place: Place, number: int) -> str:
        return escape(self.to(self.addresses.list(place.section, number)))

    def _numbers(self, place: Place, mark: Callable[[int], str]) -> str:
        pages = range(1, place.count + 1)
        return " ".join(f"<b>{n}</b>" if n == place.number else f'<a href="{mark(n)}">{n}</a>' for n in pages)

    def _links(self, place: Place) -> str:
        number = place.number
        before = f'<a href="{self._href(place, number - 1)}">上一页</a>' if number > 1 else "<span>上一页</span>"
        after = (
            f'<a href="{self._href(place, number + 1)}">下一页</a>' if number < place.count else "<span>下一页</span>"
        )
        return f'<a href="{self._href(place, 1)}">首页</a> {before} {after}'

    def _numbered(self, place: Place) -> str:
        return self._numbers(place, lambda n: self._href(place, n))

    def _select(self, place: Place) -> str:
        pages = range(1, place.count + 1)
        chosen = {place.number: " selected"}
        options = (f'<option value="{self._href(place, n)}"{chosen.get(n, "")}>第{n}页</option>' for n in pages)
        return f'转到<select onchange="location.href=this.value">{"".join(options)}</select>'

    def _hidden(self, place: Place) -> str:
        fields = (("csrf", place.token), ("catalog", place.section.name), ("pageNo", str(place.number)))
        return "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields)

    def _form(self, place: Place) -> str:
        before = '<input type="submit" name="prev" value="上一页">' if place.number > 1 else ""
        off = "" if place.number < place.count else " disabled"
        after = f'<input type="submit" name="next" value="下一页"{off}>'
        return f'<form method="post" action="{self._href(place, 1)}">{self._hidden(place)}{before}{after}</form>'

    def _form_script(self, place: Place) -> str:
        script = "function goPage(n){var f=document.forms['pageForm'];f.pageNo.value=n;f.submit();}"
        after = f'<a href="javascript:goPage({place.number + 1})">下一页</a>' if place.number < place.count else ""
        numbers = self._numbers(place, lambda n: f"javascript:goPage({n})")
        form = f'<form name="pageForm" method="post" action="{self._href(place, 1)}">{self._hidden(place)}</form>'
        return f"{form}<script>{script}</script>{numbers} {after}"

    def _postback(self, place: Place) -> str:
        after = ""
        if place.number < place.count:
            after = f"<a href=\"javascript:__doPostBack('pg$next','{place.number + 1}')\">下一页</a>"
        return self._numbers(place, lambda n: f"javascript:__doPostBack('pg$next','{n}')") + f" {after}"

    def _more_json(self, place: Place) -> str:
        return self.button(place) + (
            "<script>function loadMore(b){fetch(b.getAttribute('data-url')).then(function(r){return r.json()})"
            ".then(function(d){append(d.list);b.setAttribute('data-url',d.next)})}</script>"
        )

    def _more_html(self, place: Place) -> str:
        return self.button(place) + (
            "<script>function loadMore(b){fetch(b.getAttribute('data-url')).then(function(r){return r.text()})"
            ".then(function(t){b.outerHTML=t})}</script>"
        )

    def button(self, place: Place) -> str:
        """The button that loads what comes next; nothing on the last page."""
        if place.number >= place.count:
            return ""
        url = escape(self.next_more(place))
        return f'<button type="button" class="more" data-url="{url}" onclick="loadMore(this)">加载更多</button>'

    def next_more(self, place: Place) -> str:
        """The address that brings the rows after this page, or nothing."""
        following = place.number + 1
        return self.to(self.addresses.more(place.section, following)) if place.number < place.count else ""

    def _pictures(self, place: Place) -> str:
        def picture(name: str, text: str, number: int) -> str:
            alt = f' alt="{text}"' if self.alt else ""
            return f'<a href="{self._href(place, number)}"><img src="/images/{name}.gif" border="0"{alt}></a>'

        ways: Iterable[str] = (
            picture("first", "首页", 1),
            picture("prev", "上一页", place.number - 1) if place.number > 1 else "",
            picture("next", "下一页", place.number + 1) if place.number < place.count else "",
            picture("last", "尾页", place.count),
        )
        return "".join(ways)

    def _endless(self, place: Place) -> str:
        """A link to the next page on every page, the last one too."""
        return f'<a href="{self._href(place, place.number + 1)}">下一页</a>'

    def _single(self, place: Place) -> str:
        return ""
