"""A small authority on loopback, watched whole: crawl, read, detect, one day after the other."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from crawler.run import SectionReport
from monitor.changes.stage import detect_changes
from monitor.documents.stage import read_captures
from monitor.documents.worker import ReaderLimits
from storage.changes import ChangeRow
from storage.evidence.store import EvidenceStore
from storage.runs import VisitRow
from tests.crawler.made import FRAME, Watch
from tests.monitor.changes.site import article_bytes, rule_text
from tests.servers.web import Page, Site

FIRST = date(2026, 3, 2)
PRODUCTS = (
    "电动自行车充电器",
    "弧焊设备",
    "照明灯具",
    "家用电器附件",
    "电线电缆",
    "信息技术设备",
    "低压开关",
    "移动电源",
)
NUMBERS = ("471263", "464213", "465192", "448116", "431001", "462001", "439112", "472301")
RULES = tuple(zip(NUMBERS, PRODUCTS, strict=True))


def rule(number: str, product: str, year: int = 2025) -> str:
    """Return the text of a rule of CQC."""
    return rule_text(
        f"CQC11-{number}-{year}", f"{product}安全认证规则", f"{year}-01-10", f"{year}-02-01", "GB 4706.1-2005"
    )


@dataclass
class Watched:
    """A list of eight rules, an article and a text file for each; every address is looked at every day."""

    folder: Path
    site: Site
    rows: list[tuple[str, str, date | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put the rules on the site."""
        self.watch = Watch(self.folder)
        self.watch.settings = self.watch.settings.model_copy(update={"rotation_days": 1})
        for index, (number, product) in enumerate(RULES):
            self.publish(number, product, 2025, date(2025, 3, 10 + index))

    def publish(self, number: str, product: str, year: int, day: date) -> None:
        """Put a rule at the top of the list, with its article and its file."""
        title, url = f"CQC11-{number}-{year} {product}安全认证规则", f"/c/{day}/{number}{year}.shtml"
        self.rows.insert(0, (title, url, day))
        link = f'<p>文本见附件。</p><p><a href="/f/{number}{year}.txt">CQC11-{number}-{year}.txt</a></p>'
        opening = '<div class="TRS_Editor">'
        page = article_bytes(title, "", day).decode().replace(opening, opening + link)
        self.site.pages[url] = Page(page.encode())
        self.site.pages[f"/f/{number}{year}.txt"] = Page(
            rule(number, product, year).encode(), "text/plain; charset=utf-8"
        )
        self.show()

    def show(self, rows: int | None = None) -> None:
        """Show the list, or only so many rows of it."""
        lines = "".join(
            f"<li><a href='{url}'>{title}</a><span>{day or ''}</span></li>" for title, url, day in self.rows[:rows]
        )
        self.site.pages["/rules/"] = Page(FRAME.format(title="认证规则", body=f"<ul>{lines}</ul>").encode())

    def day(self, number: int, **extra: object) -> SectionReport:
        """Visit, read and detect; return how the visit went."""
        today = FIRST + timedelta(days=number - 1)
        report = self.watch.visit(self.site, ["rules"], today, role="rules", **extra)["rules"]
        read_captures(self.watch.database, EvidenceStore(self.watch.evidence), ReaderLimits(), today)
        detect_changes(self.watch.database, today)
        return report

    def log(self) -> list[tuple[str, str | None, str | None]]:
        """Return what was found: kind, family, new edition."""
        with self.watch.database.session() as session:
            rows = session.scalars(select(ChangeRow).order_by(ChangeRow.id)).all()
            return [(row.kind, row.family, row.new_edition) for row in rows]

    def advice(self) -> str:
        """Return what the operator was told with all visits."""
        with self.watch.database.session() as session:
            return "\n".join(visit.advice or "" for visit in session.scalars(select(VisitRow)))
