"""A site made of rows: what a crawl of some days would have left in the database, written by hand in a few words.

Bytes are real (HTML pages and HTML or text files), are kept in an evidence store and read by the product's own
reader, so that only the network is missing. The words of `tests/corpus/days.yaml` are the methods of `Day`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any

from monitor.documents.reader import READER_VERSION, read_document, read_page
from storage.captures import AddressRow, CaptureRow, ListingRow
from storage.documents import DocumentRow
from storage.engine.database import Database, insert_missing
from storage.runs import RunRow, VisitRow

BASES = {"cqc": "https://www.cqc.com.cn", "ccap": "http://www.ccap.org.cn"}
MOMENT = datetime(2026, 3, 1, 1, tzinfo=UTC)
RULE = """{issuer}
{code}
{name}
{published}发布　　{effective}实施
{issuer}　发布
1 适用范围
本规则适用于{product}的自愿性产品认证。
2 认证模式
型式试验＋初始工厂检查＋获证后监督。
3 认证申请
3.1 认证单元划分
同一生产企业、同一型号、结构和主要材料相同的产品为一个认证单元。
3.2 申请资料
认证委托人应提交申请书、产品描述和生产企业的营业执照。
4 型式试验
4.1 样品
每个认证单元送样3件，样品应从合格品中随机抽取。
4.2 依据标准
型式试验依据{standard}进行。
4.3 判定
温度达到120℃时，性能变化率应不大于15%。
5 初始工厂检查
5.1 检查内容
工厂检查的内容为工厂质量保证能力和产品一致性检查，检查时间一般为2人日。
5.2 检查结果
检查结论为不通过的，工厂应在40个工作日内完成整改。
6 获证后监督
6.1 监督频次
从获证后第12个月起，每年至少进行一次监督检查。
6.2 监督内容
监督内容为工厂质量保证能力复查和认证产品一致性检查，必要时抽取样品2件送检。
7 认证证书
7.1 证书有效期
认证证书有效期为5年，有效期届满前应申请换发。
7.2 证书变更
产品名称、型号发生变更的，持证人应向认证机构提出变更申请。
8 认证标志
获证产品可使用认证标志，标志应加施在产品本体明显位置。
9 收费
认证费用按认证机构的收费标准收取。
附件1 关键零部件清单
关键零部件包括基体材料、粘合剂和紧固件。
附件2 工厂质量保证能力要求
工厂应配备满足检验要求的仪器设备和人员。
"""


@dataclass
class Page:
    """One address of a site: its bytes now, and what links to it."""

    url: str
    kind: str
    section: str
    title: str
    data: bytes
    published: date | None = None
    parent: str | None = None
    trouble: str | None = None
    body: str = ""
    first_visit: int = 0
    capture: int | None = None
    sha256: str | None = None


@dataclass
class Site:
    """One authority's site as it stands, and the database that a crawl fills from it, a day at a time."""

    database: Database
    authority: str
    today: date
    pages: dict[str, Page] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    row_titles: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def address(self, suffix: str) -> str:
        """Return a new address on the site."""
        self.number += 1
        return f"{BASES[self.authority]}/{suffix.format(self.number)}"

    def article(
        self, section: str, title: str, body: str, published: date | None, row_title: str | None = None
    ) -> Page:
        """Put a page on the site, at the top of its list."""
        url = self.address("www/chinese/c/2026-03-01/{:06d}.shtml")
        page = Page(url, "article", section, title, article_bytes(title, body, published), published, body=body)
        self.pages[url] = page
        self.rows.setdefault(section, []).insert(0, url)
        self.row_titles[url] = row_title or title
        return page

    def file(self, parent: Page, name: str, data: bytes) -> Page:
        """Put a file on the site, linked by a page."""
        url = self.address("www/chinese/download?ID={}")
        page = Page(url, "file", parent.section, name, data, None, parent.url)
        self.pages[url] = page
        return page

    def crawl(self, statuses: dict[str, str] | None = None) -> None:
        """Do what a crawl does to the database: visits, listings, new bytes, documents."""
        statuses = statuses or {}
        with self.database.session() as session:
            run = RunRow(today=self.today, started_at=MOMENT, status="ok")
            session.add(run)
            session.flush()
            for section in sorted(set(self.rows) | {"rules", "notices"}):
                self._visit(session, run.id, section, statuses.get(section, "ok"))
            session.commit()

    def _visit(self, session: Any, run: int, section: str, status: str) -> None:
        role = "rules" if section == "rules" else "notices"
        visit = VisitRow(
            run_id=run, authority=self.authority, section=section, role=role, family="static-shtml", today=self.today,
            status=status, complete=status == "ok", started_at=MOMENT,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        if status != "ok":
            return
        urls = self.rows.get(section, [])
        shown = "\n".join(f"{url} {self.row_titles[url]}" for url in urls).encode()
        listed = Page(f"{BASES[self.authority]}/{section}/", "list", section, section, shown)
        held = self.pages.setdefault(listed.url, listed)
        held.data = shown
        self._capture(session, visit, held)
        for position, url in enumerate(urls):
            page = self.pages[url]
            session.add(ListingRow(visit_id=visit.id, position=position, title=self.row_titles[url], url=url,
                                   published=page.published))  # fmt: skip
            self._capture(session, visit, page)
            for file in [p for p in self.pages.values() if p.parent == url]:
                self._capture(session, visit, file)

    def _capture(self, session: Any, visit: VisitRow, page: Page) -> None:
        page.first_visit = page.first_visit or visit.id
        sha256 = hashlib.sha256(page.data).hexdigest()
        if page.trouble == "unreachable":
            self._address(session, page)
            return
        if sha256 != page.sha256:
            capture = CaptureRow(
                visit_id=visit.id, authority=self.authority, section=page.section, role=visit.role, kind=page.kind,
                url=page.url, parent_url=page.parent, name=page.title if page.kind == "file" else None,
                family="static-shtml", status=200, headers={}, content_type=None, sha256=sha256, size=len(page.data),
                fetched_at=MOMENT, today=self.today, previous_id=page.capture, trouble=page.trouble,
            )  # fmt: skip
            session.add(capture)
            session.flush()
            page.capture, page.sha256 = capture.id, sha256
            if page.kind != "list" and page.trouble is None:
                _read(session, capture, page.data)
        self._address(session, page)

    def _address(self, session: Any, page: Page) -> None:
        values = {
            "authority": self.authority, "section": page.section, "url": page.url, "kind": page.kind,
            "parent_url": page.parent, "title": self.row_titles.get(page.url, page.title), "published": page.published,
            "first_visit_id": page.first_visit, "capture_id": page.capture, "verified_on": self.today,
        }  # fmt: skip
        insert_missing(session, AddressRow, [values])
        row = session.query(AddressRow).filter_by(authority=self.authority, url=page.url).one()
        row.capture_id, row.title = page.capture, values["title"]
        session.flush()


def rule_text(code: str, name: str, published: str, effective: str, standard: str, replaces: str | None = None) -> str:
    """Return a rule's text in the authorities' build-up."""
    product = name.removesuffix("认证规则").removesuffix("自愿性认证实施规则").removesuffix("安全")
    issuer = "中国质量认证中心" if code.startswith("CQC") else "中汽认证中心有限公司"
    text = RULE.format(code=code, name=name, published=published, effective=effective, product=product,
                       standard=standard, issuer=issuer)  # fmt: skip
    return text.replace("1 适用范围\n", f"代替 {replaces}\n1 适用范围\n", 1) if replaces else text


def article_bytes(title: str, body: str, published: date | None) -> bytes:
    """Return an article page of a static site."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in body.strip().splitlines() if line.strip())
    day = f"发布时间：{published.isoformat()}　来源：认证中心" if published else ""
    return (
        f'<html><head><meta charset="utf-8"><title>{escape(title)}</title></head><body><div class="nav">首页 通知公告'
        f'</div><div class="article"><h1>{escape(title)}</h1><div class="info">{day}</div>'
        f'<div class="TRS_Editor">{paragraphs}</div></div><div class="footer">版权所有 浏览次数：12</div></body></html>'
    ).encode()


def file_bytes(text: str, form: str = "text") -> bytes:
    """Return a file with a text: plain, or HTML (which knows tables: lines of cells between bars)."""
    if form == "text":
        return text.encode()
    out, table = [], False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.strip().startswith("|") else None
        if bool(cells) != table:
            out.append("<table>" if cells else "</table>")
            table = bool(cells)
        tag = "".join(f"<td>{escape(cell)}</td>" for cell in cells) if cells else escape(line)
        out.append(f"<tr>{tag}</tr>" if cells else f"<p>{tag}</p>")
    return (
        "<html><head><meta charset='utf-8'></head><body>"
        + "".join(out)
        + ("</table>" if table else "")
        + "</body></html>"
    ).encode()


def tomorrow(day: date) -> date:
    """Return the next day."""
    return day + timedelta(days=1)


def _read(session: Any, capture: CaptureRow, data: bytes) -> None:
    if capture.kind == "article":
        document = read_page(data, capture.url, capture.family)
    else:
        document = read_document(data, capture.name)
    row = {
        "sha256": capture.sha256, "page_family": capture.family if capture.kind == "article" else "",
        "reader_version": READER_VERSION, "readable": document.readable, "content": document.to_json(),
        "read_at": MOMENT,
    }  # fmt: skip
    insert_missing(session, DocumentRow, [row])
