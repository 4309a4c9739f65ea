"""Changes, summaries and certificates as earlier stages leave them, for tests of matching, composing and delivering."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from monitor.certificates.commands import import_certificates
from monitor.translation.english.clauses import ClauseSummary
from monitor.translation.summary import Statement, Summary
from storage.captures import CaptureRow
from storage.changes import ChangeRow
from storage.engine.database import Database
from storage.runs import VisitRow, begin_run
from storage.translation import SummaryRow

MOMENT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SHA256 = "9f2b7c41d05e8a36" * 4
CERTIFICATE_COLUMNS = (
    "certificate_no", "holder", "contact_email", "rule", "product", "standards", "issued", "expires", "status",
    "frequency",
)  # fmt: skip

NEW_EDITION: dict[str, Any] = {
    "kind": "new_edition",
    "authority": "ccap",
    "family": "CCAP-GZ-5830",
    "event_key": "CCAP-GZ-5830:2026",
    "old_edition": "CCAP-GZ-5830:2021",
    "new_edition": "CCAP-GZ-5830:2026",
    "title_zh": "关于实施新版《机动车儿童乘员用约束系统自愿性认证实施规则》（CCAP-GZ-5830:2026）的通知",
    "published": date(2026, 3, 1),
    "effective": date(2026, 7, 1),
    "deadline": date(2027, 6, 30),
    "standards": [{"old": "GB 27887-2011", "new": "GB 27887-2024"}],
    "actions": ["changeover", "retest"],
    "consequence": "suspension",
    "source_url": "http://www.ccap.org.cn/NewsDetail.aspx?id=3202",
}
CHANGEOVER: dict[str, Any] = {
    "kind": "standard_changeover",
    "authority": "cqc",
    "family": "CQC11-442551",
    "event_key": "558967",
    "title_zh": "关于GB/T 15579.5-2023、GB/T 15579.7-2023标准换版工作的通知",
    "published": date(2026, 3, 2),
    "effective": date(2026, 4, 1),
    "deadline": date(2027, 2, 28),
    "standards": [
        {"old": "GB/T 15579.5-2013", "new": "GB/T 15579.5-2023"},
        {"old": "GB/T 15579.7-2013", "new": "GB/T 15579.7-2023"},
    ],
    "actions": ["changeover", "retest"],
    "consequence": "suspension",
    "families_named": ["CQC11-442551"],
    "source_url": "https://www.cqc.com.cn/www/chinese/c/2026-03-02/558967.shtml",
}
REVISION: dict[str, Any] = {
    "kind": "revision",
    "authority": "cqc",
    "family": "CQC16-491278",
    "event_key": "1-2",
    "old_edition": "CQC16-491278-2019",
    "new_edition": "CQC16-491278-2019",
    "title_zh": "汽车用制动器衬片认证规则",
    "source_url": "https://www.cqc.com.cn/www/chinese/contentcore/resource/download?ID=55871",
}
HEADLINES = {
    "new_edition": "CCAP-GZ-5830:2026 replaces CCAP-GZ-5830:2021: child restraint systems for motor vehicles",
    "standard_changeover": "CQC moves certificates from GB/T 15579.5-2013 and GB/T 15579.7-2013 to the 2023 editions",
    "revision": "The text of CQC16-491278-2019 was exchanged under its old link: brake linings for motor vehicles",
}


def add_change(database: Database, values: dict[str, Any], summary: Summary | None = None, **other: Any) -> int:
    """Keep a change with its capture and, unless `summary` is False, its summary; return its id."""
    defaults: dict[str, Any] = {
        "standards": [], "supersedes": [], "actions": [], "reasons": [], "needs_review": False, "facts": [],
        "families_named": [], "standards_named": [], "detected_on": date(2026, 3, 2), "revision": 1,
    }  # fmt: skip
    content = {**defaults, **values, **other}
    content["needs_review"] = bool(content["reasons"]) or content["needs_review"]
    with database.session() as session:
        run = begin_run(session, content["detected_on"])
        visit = VisitRow(
            run_id=run, authority=content["authority"], section="notices", role="notices", family="static-shtml",
            today=content["detected_on"], started_at=MOMENT,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        capture = CaptureRow(
            visit_id=visit.id, authority=content["authority"], section="notices", role="notices", kind="article",
            url=content["source_url"], family="static-shtml", status=200, headers={}, sha256=SHA256, size=8211,
            fetched_at=MOMENT, today=content["detected_on"],
        )  # fmt: skip
        session.add(capture)
        session.flush()
        change = ChangeRow(capture_id=capture.id, **content)
        session.add(change)
        session.flush()
        session.add(
            SummaryRow(
                change_id=change.id, revision=1, content=(summary or summary_of(content)).to_json(), made_at=MOMENT
            )
        )
        session.commit()
        return change.id


def add_certificates(database: Database, folder: Path, rows: Iterable[Sequence[str]]) -> None:
    """Import certificates by way of a file, columns in the order of CERTIFICATE_COLUMNS, trailing ones left out."""
    path = folder / "certificates.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CERTIFICATE_COLUMNS)
        writer.writerows([*row, *[""] * (len(CERTIFICATE_COLUMNS) - len(row))] for row in rows)
    report = import_certificates(database, path)
    assert not [problem for problem in report.problems if problem.rejected], report.problems


def summary_of(change: dict[str, Any], clauses: Sequence[ClauseSummary] = ()) -> Summary:
    """Return a summary as the translation room makes it of the facts of a change."""
    headline = HEADLINES.get(change["kind"], change["title_zh"])
    statements = [Statement("what_changed", "What changed", headline + ".", ())]
    if change.get("effective"):
        text = f"From {change['effective'].day} {change['effective']:%B %Y} applications follow the new text only."
        statements.append(Statement("effective", "Effective", text, ("新版规则自2026年7月1日起实施",)))
    if change.get("deadline"):
        text = f"Holders must complete the changeover by {change['deadline'].day} {change['deadline']:%B %Y}."
        statements.append(Statement("deadline", "Last date", text, ("持证人应于2027年6月30日前完成换证",)))
        statements.append(
            Statement("action", "What to do", "Apply for the changeover; additional tests for the differences.",
                      ("换证时应按GB 27887-2024补充差异试验",))
        )  # fmt: skip
        statements.append(
            Statement(
                "consequence",
                "Otherwise",
                "The certificate is suspended.",
                ("逾期未完成换证的，我公司将暂停其认证证书",),
            )
        )
    if change.get("standards"):
        pairs = "; ".join(f"{pair['old']} → {pair['new']}" for pair in change["standards"])
        statements.append(Statement("standards", "Standards", pairs, ()))
    statements.append(Statement("how_read", "How read", "Read from a web page; facts by rule, no OCR.", ()))
    return Summary(headline, headline, tuple(statements), tuple(clauses), (), None)


CLAUSE = ClauseSummary(
    op="modified", old_path="5.2.1", new_path="5.2.1", heading_zh="样品数量", heading_en="Number of samples",
    old_zh="样品数量 型式试验的样品由委托人按认证机构的要求选送，每个认证单元送样3件，并对样品负责。",
    new_zh="样品数量 型式试验的样品由委托人按认证机构的要求选送，每个认证单元送样5件，并对样品负责。",
    old_en="The applicant selects the samples for the type test as the certification body asks: 3 pieces for each "
    "certification unit.",
    new_en="The applicant selects the samples for the type test as the certification body asks: 5 pieces for each "
    "certification unit.",
    substantive=True, why=("number 3件 → 5件",),
    edits=(
        {"op": "equal", "text": "样品数量 型式试验的样品由委托人按认证机构的要求选送，每个认证单元送样"},
        {"op": "delete", "text": "3"}, {"op": "insert", "text": "5"},
        {"op": "equal", "text": "件，并对样品负责。"},
    ),
)  # fmt: skip
"""A clause of a rule with one number changed."""
