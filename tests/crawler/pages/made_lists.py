"""Lists made at random: every markup that lists come in, with the rows that are unlike their neighbours.

Made here, not read from any site. Each list knows the titles that a person would see on the page as its rows, in
their order, those of a second list, and those that are no rows at all.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

MARKUPS = ("li", "table", "div", "card", "dl", "nested", "merged")
ODD_ROWS = ("today", "new", "none", "half")
PRODUCTS = (
    "电动自行车充电器",
    "弧焊设备",
    "照明灯具",
    "机动车儿童乘员用约束系统",
    "摩托车乘员头盔",
    "电线电缆",
    "低压开关",
)
THEMES = (
    "关于发布{code}《{product}认证实施规则》的公告",
    "{code} {product}安全认证规则",
    "关于{standard}标准换版认证工作安排的通知",
    "关于暂停受理{product}自愿性认证委托的通知",
    "{product}产品认证收费标准（{year}年修订）",
)
MENU = ("首页", "关于我们", "产品认证", "体系认证", "证书查询", "通知公告", "联系我们")


@dataclass
class MadeList:
    """A list page: its address and text, the rows that a person sees, and those of a second list."""

    seed: int
    html: str = ""
    rows: list[str] = field(default_factory=list)
    second: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)


def make_list(seed: int, today: date) -> MadeList:
    """Return the list of a seed."""
    return _Maker(random.Random(seed), seed, today).made()


class _Maker:
    def __init__(self, chance: random.Random, seed: int, today: date) -> None:
        self.chance, self.today = chance, today
        self.list = MadeList(seed)
        self.number = 1000 * (seed + 1)

    def made(self) -> MadeList:
        markup = self.chance.choice(MARKUPS)
        self.list.traits.append(markup)
        count = self.chance.randint(5, 24)
        rows = [self.row(index) for index in range(count)]
        odd = self.chance.sample(range(count), self.chance.choice((0, 1, 1, 2, 3)))
        if self.chance.random() < 0.5 and odd:
            odd[0] = 0
        for index in odd:
            kind = self.chance.choice(ODD_ROWS)
            self.list.traits.append(f"{kind}@{index}")
            title, url, day = rows[index]
            rows[index] = (title, url, {"today": "今天 09:30", "new": "NEW", "none": "", "half": day[5:]}[kind])
        body = self.grouped(markup, rows) if self.chance.random() < 0.2 else self.block(markup, rows)
        above = self.above() if self.chance.random() < 0.4 else ""
        self.list.rows = [*self.list.rows, *(title for title, _, _ in rows)]
        inner = above + self.advert() + body + self.pager()
        if self.chance.random() < 0.25:
            inner += self.second_list()
        self.list.html = self.frame(
            f'<div class="{self.chance.choice(("main", "con", "right", "box w980"))}">{inner}</div>'
        )
        return self.list

    def row(self, index: int) -> tuple[str, str, str]:
        self.number += 1
        day = self.today - timedelta(days=3 + 9 * index + self.chance.randint(0, 5))
        title = self.chance.choice(THEMES).format(
            code=f"CQC{self.chance.choice((11, 12, 16))}-{self.chance.randint(400000, 499999)}-{day.year}",
            product=self.chance.choice(PRODUCTS), year=day.year, standard=f"GB {self.number + 20000}-{day.year}",
        )  # fmt: skip
        return f"{title}（{self.number}）", self.address(day), day.isoformat()

    def address(self, day: date) -> str:
        shapes = (f"/c/{day}/{self.number}.shtml", f"Show.aspx?id={self.number}", f"./t{day:%Y%m%d}_{self.number}.html")
        return self.chance.choice(shapes)

    def block(self, markup: str, rows: list[tuple[str, str, str]]) -> str:
        return getattr(self, f"_{markup}")(rows)

    def _li(self, rows: list[tuple[str, str, str]]) -> str:
        return (
            "<ul class='list'>"
            + "".join(f"<li><a href='{u}'>{t}</a><span>{d}</span></li>" for t, u, d in rows)
            + "</ul>"
        )

    def _nested(self, rows: list[tuple[str, str, str]]) -> str:
        groups = [rows[i : i + 5] for i in range(0, len(rows), 5)]
        return "<div class='lists'>" + "".join(self._li(group) for group in groups) + "</div>"

    def _table(self, rows: list[tuple[str, str, str]]) -> str:
        lines = "".join(
            f"<tr><td>{i}</td><td><a href='{u}'>{t}</a></td><td>{d}</td></tr>" for i, (t, u, d) in enumerate(rows, 1)
        )
        return f"<table class='t'><tr><th>序号</th><th>标题</th><th>发布日期</th></tr>{lines}</table>"

    def _merged(self, rows: list[tuple[str, str, str]]) -> str:
        lines, at = "", 0
        while at < len(rows):
            size = min(self.chance.randint(1, 3), len(rows) - at)
            for index, (t, u, _) in enumerate(rows[at : at + size]):
                cell = f"<td rowspan='{size}'>{rows[at][2]}</td>" if index == 0 else ""
                lines += f"<tr>{cell}<td><a href='{u}'>{t}</a></td></tr>"
            at += size
        return f"<table class='t'>{lines}</table>"

    def _div(self, rows: list[tuple[str, str, str]]) -> str:
        return (
            "<div class='news'>"
            + "".join(f"<div class='item'><em>{d}</em> <a href='{u}'>{t}</a></div>" for t, u, d in rows)
            + "</div>"
        )

    def _card(self, rows: list[tuple[str, str, str]]) -> str:
        return (
            "<div class='cards'>"
            + "".join(
                f"<a class='card' href='{u}'><h3>{t}</h3><p>各有关单位：现将有关事项通知如下。</p><i>{d}</i></a>"
                for t, u, d in rows
            )
            + "</div>"
        )

    def _dl(self, rows: list[tuple[str, str, str]]) -> str:
        return "<dl>" + "".join(f"<dt><a href='{u}'>{t}</a></dt><dd>{d}</dd>" for t, u, d in rows) + "</dl>"

    def grouped(self, markup: str, rows: list[tuple[str, str, str]]) -> str:
        self.list.traits.append("months")
        size = self.chance.randint(2, 6)
        groups = [rows[i : i + size] for i in range(0, len(rows), size)]
        months = [self.today - timedelta(days=30 * index) for index in range(len(groups))]
        return "".join(
            f"<h3>{month:%Y}年{month.month}月</h3>{self.block(markup, group)}"
            for month, group in zip(months, groups, strict=True)
        )

    def above(self) -> str:
        title, url, day = self.row(0)
        kind = self.chance.choice(("headline", "pinned", "pinned-list"))
        self.list.traits.append(kind)
        self.list.rows.append(title)
        if kind == "headline":
            return f"<div class='headline'><h2><a href='{url}'>{title}</a></h2><p>各有关单位：现通知如下。</p></div>"
        if kind == "pinned":
            return f"<div class='zhiding'><a href='{url}'>[置顶] {title}</a><span>{day}</span></div>"
        more = [self.row(0) for _ in range(self.chance.randint(1, 3))]
        self.list.rows += [each[0] for each in more]
        return (
            "<ul class='toplist'>"
            + "".join(f"<li><a href='{u}'>{t}</a></li>" for t, u, _ in ((title, url, day), *more))
            + "</ul>"
        )

    def second_list(self) -> str:
        self.list.traits.append("second")
        rows = [self.row(index) for index in range(self.chance.randint(3, 8))]
        self.list.second = [title for title, _, _ in rows]
        heading = self.chance.choice(("推荐阅读", "认证动态", "热点新闻", "实施规则"))
        return f"<div class='box2'><h4>{heading}</h4>{self.block(self.chance.choice(('li', 'div', 'dl')), rows)}</div>"

    def advert(self) -> str:
        if self.chance.random() < 0.7:
            return ""
        self.list.traits.append("advert")
        return "<div class='ad'><a href='/ad/2026.html'><img src='/ad.png' alt='广告'></a></div>"

    def pager(self) -> str:
        return "" if self.chance.random() < 0.4 else "<div class='page'><a href='?page=2'>下一页</a></div>"

    def frame(self, body: str) -> str:
        menu = "".join(f"<li><a href='/{index}/'>{name}</a></li>" for index, name in enumerate(MENU))
        name = self.chance.choice(("nav", "menu", "m1", "dh"))
        return (
            f"<html><head><meta charset='utf-8'><title>通知公告_某中心</title></head><body>"
            f"<div class='{name}'><ul>{menu}</ul></div>"
            f"{body}<div class='foot'><a href='/sm/'>网站声明</a> 版权所有 某认证中心</div></body></html>"
        )
