"""Pages of a small site, made by hand: lists, articles and files of the static-shtml and aspnet families."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from crawler.config import AuthoritySettings, CrawlSettings
from crawler.run import CrawlJob, SectionReport, crawl
from storage.engine.database import Database
from storage.runs import begin_run
from tests.servers.web import Page, Site

DAY = date(2026, 3, 2)
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 40 + b"trailer << >>\n%%EOF\n"
FRAME = "<html><head><meta charset='utf-8'><title>{title}</title></head><body><div class='nav'><a href='/'>首页</a></div>{body}<div class='foot'>版权所有 某认证中心</div></body></html>"  # noqa: E501


def list_page(
    links: Sequence[tuple[str, str, date | None]], next_url: str | None = None, etag: str | None = None
) -> Page:
    """A list of titles, addresses and days; `next_url` is 下一页."""
    rows = "".join(
        f'<li><a href="{url}" title="{title}">{title}</a>{f"<span>{day}</span>" if day else ""}</li>'
        for title, url, day in links
    )
    pager = f'<div class="page"><a href="{next_url}">下一页</a></div>' if next_url else ""
    body = f'<div class="list"><ul>{rows}</ul>{pager}</div>'
    return Page(FRAME.format(title="通知公告", body=body).encode(), etag=etag)


def article_page(title: str, day: date, files: Sequence[tuple[str, str]] = (), etag: str | None = None) -> Page:
    """An article with a paragraph of body and links to files."""
    links = "".join(f'<p><a href="{url}">{name}</a></p>' for name, url in files)
    text = f"各有关单位：{title}现予发布，自发布之日起实施。请持证人按照要求办理，联系电话010-88888888。" * 3
    body = (
        f"<div class='con'><h1>{title}</h1><div class='info'>发布时间：{day} 来源：某认证中心</div>"
        f"<div class='TRS_Editor'><p>{text}</p>{links}</div></div>"
    )
    return Page(FRAME.format(title=title, body=body).encode(), etag=etag)


def section(site: Site, name: str, rows: int = 6, files: bool = False, etags: bool = True) -> None:
    """Put a section on a site: a list at /NAME/, its articles, and a PDF for each where asked."""
    links = []
    for number in range(rows):
        day = DAY - timedelta(days=number + 1)
        url = f"/{name}/c/{day}/{500000 + number}.shtml"
        title = f"关于发布第{number}号产品认证实施规则（{name}）的公告"
        links.append((title, url, day))
        file = f"/{name}/upload/{number}.pdf"
        attached = [(f"第{number}号规则.pdf", file)] if files else []
        site.pages[url] = article_page(title, day, attached, f'"a{number}"' if etags else None)
        if files:
            body = PDF.replace(b"1 0 obj", b"%d 0 obj" % number)
            site.pages[file] = Page(body, "application/pdf", f'"f{number}"' if etags else None)
    site.pages[f"/{name}/"] = list_page(links, etag='"l"' if etags else None)


class Watch:
    """A database, an evidence folder, and one run after the other of an authority that exists only in the settings."""

    def __init__(self, folder: Path) -> None:
        """Make both in a folder."""
        self.url = f"sqlite:///{folder / 'watch.db'}"
        self.evidence = folder / "evidence"
        self.database = Database(self.url)
        self.database.upgrade()
        self.settings = CrawlSettings(delay_seconds=0, timeout_seconds=20, retries=1)

    def job(self, today: date, authorities: dict[str, AuthoritySettings], only: str | None = None) -> CrawlJob:
        """Begin a run and return its job."""
        with self.database.session() as session:
            run_id = begin_run(session, today)
        return CrawlJob(self.url, self.evidence, run_id, today, self.settings, authorities, only or "made")

    def visit(
        self, site: Site, names: Sequence[str], today: date = DAY, family: str = "static-shtml", role: str = "notices",
        **extra: object,
    ) -> dict[str, SectionReport]:  # fmt: skip
        """Crawl the sections of a site in a child process; return the report of each by its name."""
        reports = crawl(self.job(today, {"made": authority(site, names, family, role, **extra)}))
        return {report.section: report for report in reports}


def authority(
    site: Site, names: Sequence[str], family: str = "static-shtml", role: str = "notices", **extra: object
) -> AuthoritySettings:
    """Settings of an authority whose sections are at /NAME/."""
    sections = [{"name": name, "role": role, "path": f"/{name}/", "family": family} for name in names]
    return AuthoritySettings.model_validate({"base_url": site.url, "sections": sections, **extra})
