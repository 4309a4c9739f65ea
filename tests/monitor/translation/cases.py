"""One change of every kind, and of the usual variations, with the notices' own wording; golden/ has their English."""

from dataclasses import replace
from datetime import date

from monitor.changes.change import Change, ChangeKind, ReviewReason
from monitor.comparison.comparison import ClauseChange, Edit, Op
from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.translation.summary import Background

CHILD_SEATS = "机动车儿童乘员用约束系统自愿性认证实施规则"
NOTICE_URL = "http://www.ccap.org.cn/NewsDetail.aspx?id=3202"
BACKGROUND = Background(
    captured_on=date(2026, 3, 2),
    sha256="4f2a9be1d84a27a3c57e20d9b81f36f0c1a2b3c4d5e6f708192a3b4c5d6e7f80",
    rule_titles={
        "CCAP-GZ-5830": CHILD_SEATS,
        "CQC11-442551": "电弧焊机及附件认证规则",
        "CQC16-491278": "汽车用制动器衬片认证规则",
        "CCAP-SB-3561": "机动车制动软管自愿性认证实施规则",
        "CCAP-SB-3721": "机动车用喇叭自愿性认证实施规则",
        "CQC16-474031": "车载激光雷达认证规则",
        "CCAP-GZ-3503": "汽车用制动盘自愿性认证实施规则",
    },
    kinds=("html", "pdf"),
)


def _change(kind: ChangeKind, authority: str, family: str | None, title_zh: str, **fields: object) -> Change:
    url = NOTICE_URL if authority == "ccap" else "https://www.cqc.com.cn/www/chinese/c/2026-03-02/558967.shtml"
    given = {"published": date(2026, 3, 1), "detected_on": date(2026, 3, 2), "source_url": url, "captures": (1,)}
    named = {"families_named": (family,) if family else ()}
    return Change(
        kind=kind, authority=authority, family=family, event_key="e", title_zh=title_zh, **{**given, **named, **fields}
    )


def _samples(old: str, new: str) -> ClauseChange:
    return ClauseChange(
        op=Op.MODIFIED,
        old_path="7.1.2",
        new_path="7.1.2",
        old_heading="样品数量",
        new_heading="样品数量",
        old=f"样品数量\n样品数量为{old}。",
        new=f"样品数量\n样品数量为{new}。",
        substantive=True,
        why=(f"number {old} → {new}",),
        edits=(Edit("equal", "样品数量\n样品数量为"), Edit("delete", old), Edit("insert", new), Edit("equal", "。")),
    )


NEW_CLAUSE = ClauseChange(
    op=Op.ADDED,
    old_path=None,
    new_path="8.3",
    old_heading=None,
    new_heading="试验的实施",
    old=None,
    new="试验的实施\n动态试验应在签约实验室进行，座椅安装方式应与实车一致。",
    substantive=True,
)
RENUMBERED = ClauseChange(
    Op.RENUMBERED, "8.3", "8.4", "试验报告", "试验报告", "试验报告", "试验报告", substantive=False, why=("layout only",)
)

COVER = ClauseChange(
    Op.MODIFIED, None, None, "", "", "编号：CCAP-GZ-5830:2021", "编号：CCAP-GZ-5830:2026", substantive=True,
    why=("rule code CCAP-GZ-5830:2021 → CCAP-GZ-5830:2026",),
)  # fmt: skip
FOREWORD = ClauseChange(
    Op.ADDED, None, None, None, "前言", None, "前言\n本规则代替CCAP-GZ-5830:2021。", substantive=True, why=("added",)
)
TABLE = ClauseChange(
    Op.ADDED, None, None, None, "关键零部件清单", None, "关键零部件清单\n名称 | 型号\n织带 | W-1", substantive=True,
    why=("added",),
)  # fmt: skip

NEW_EDITION = _change(
    ChangeKind.NEW_EDITION,
    "ccap",
    "CCAP-GZ-5830",
    f"关于实施新版《{CHILD_SEATS}》（CCAP-GZ-5830:2026）的通知",
    old_edition="CCAP-GZ-5830:2021",
    new_edition="CCAP-GZ-5830:2026",
    effective=date(2026, 7, 1),
    deadline=date(2027, 6, 30),
    accepted_from=date(2026, 7, 1),
    accepted_until=date(2026, 6, 30),
    standards=(StandardChange("GB 27887-2011", "GB 27887-2024"),),
    supersedes=("CCAP-GZ-5830:2021",),
    actions=("changeover", "retest"),
    consequence="suspension",
    facts=(
        Fact(FactType.EFFECTIVE, "2026-07-01", "新版规则自2026年7月1日起实施"),
        Fact(FactType.SUPERSEDES, "CCAP-GZ-5830:2021", "编号为CCAP-GZ-5830:2026，代替CCAP-GZ-5830:2021"),
        Fact(FactType.DEADLINE, "2027-06-30", "应于2027年6月30日前完成换证"),
        Fact(FactType.ACTION, "changeover", "应于2027年6月30日前完成换证"),
        Fact(FactType.ACTION, "retest", "换证时应按GB 27887-2024补充差异试验"),
        Fact(FactType.CONSEQUENCE, "suspension", "逾期未完成换证的，我公司将暂停其认证证书"),
    ),
    clauses=(_samples("3件", "5件"), NEW_CLAUSE, RENUMBERED),
)

CASES: dict[str, Change] = {
    "new_edition": NEW_EDITION,
    "new_edition_with_cover_and_table": replace(
        NEW_EDITION, clauses=(COVER, FOREWORD, _samples("3件", "5件"), NEW_CLAUSE, TABLE, RENUMBERED)
    ),
    "new_edition_whose_cover_alone_differs": replace(NEW_EDITION, clauses=(COVER, FOREWORD, RENUMBERED)),
    "new_edition_without_dates": _change(
        ChangeKind.NEW_EDITION,
        "ccap",
        "CCAP-GZ-5830",
        CHILD_SEATS,
        old_edition="CCAP-GZ-5830:2021",
        new_edition="CCAP-GZ-5830:2026",
        supersedes=("CCAP-SB-5830-2003",),
    ),
    "new_edition_at_next_surveillance": _change(
        ChangeKind.NEW_EDITION,
        "ccap",
        "CCAP-SB-3721",
        "机动车用喇叭自愿性认证实施规则",
        old_edition="CCAP-SB-3721:2018A",
        new_edition="CCAP-SB-3721:2026",
        effective=date(2026, 5, 1),
        deadline_note="next_surveillance",
        actions=("changeover",),
        facts=(
            Fact(FactType.DEADLINE, "next_surveillance", "应在下一次监督检查前完成换证"),
            Fact(FactType.ACTION, "changeover", "应在下一次监督检查前完成换证"),
        ),
    ),
    "new_edition_of_unknown_product": _change(
        ChangeKind.NEW_EDITION,
        "cqc",
        "CQC12-999999",
        "量子雷达罩安全认证规则",
        new_edition="CQC12-999999-2026",
        old_edition="CQC12-999999-2020",
        effective=date(2026, 7, 1),
        deadline=date(2026, 10, 1),
        deadline_note="effective+3m",
        actions=("changeover",),
        consequence="not_accepted",
        facts=(Fact(FactType.DEADLINE, "effective+3m", "自实施之日起3个月内完成换证"),),
    ),
    "revision": _change(
        ChangeKind.REVISION,
        "cqc",
        "CQC16-491278",
        "汽车用制动器衬片认证规则",
        old_edition="CQC16-491278-2019",
        new_edition="CQC16-491278-2019",
        published=None,
        clauses=(_samples("2套", "4套"),),
    ),
    "revision_with_cover": _change(
        ChangeKind.REVISION,
        "cqc",
        "CQC16-491278",
        "汽车用制动器衬片认证规则",
        old_edition="CQC16-491278-2019",
        new_edition="CQC16-491278-2019",
        published=None,
        clauses=(COVER._replace(old="2019年5月20日发布", new="2019年6月20日发布", why=()), _samples("2套", "4套")),
    ),
    "revision_editorial": _change(
        ChangeKind.REVISION,
        "cqc",
        "CQC16-491278",
        "汽车用制动器衬片认证规则",
        old_edition="CQC16-491278-2019",
        new_edition="CQC16-491278-2019",
        published=None,
        clauses=(RENUMBERED,),
    ),
    "new_rule": _change(
        ChangeKind.NEW_RULE,
        "cqc",
        "CQC16-474031",
        "车载激光雷达认证规则",
        new_edition="CQC16-474031-2026",
        effective=date(2026, 6, 1),
        standards_named=("GB/T 18655-2018", "GB/T 28046.3-2011"),
    ),
    "standard_changeover": _change(
        ChangeKind.STANDARD_CHANGEOVER,
        "cqc",
        "CQC11-442551",
        "关于GB/T 15579.5-2023、GB/T 15579.7-2023标准换版工作的通知",
        effective=date(2026, 4, 1),
        deadline=date(2027, 2, 28),
        accepted_until=date(2026, 8, 31),
        standards=(
            StandardChange("GB/T 15579.5-2013", "GB/T 15579.5-2023"),
            StandardChange("GB/T 15579.7-2013", "GB/T 15579.7-2023"),
        ),
        actions=("changeover", "retest"),
        consequence="suspension",
    ),
    "standard_changeover_of_two_rules_in_steps": _change(
        ChangeKind.STANDARD_CHANGEOVER,
        "ccap",
        None,
        "关于GB 27887-2024标准换版的通知",
        families_named=("CCAP-GZ-5830", "CCAP-SB-5811"),
        effective=date(2026, 7, 1),
        deadline=date(2026, 12, 31),
        standards=(StandardChange("GB 27887-2011", "GB 27887-2024"),),
        actions=("changeover", "retest"),
        consequence="suspension",
        facts=(
            Fact(FactType.DEADLINE, "2026-12-31", "应于2026年12月31日前提交换版申请"),
            Fact(FactType.ACTION, "changeover", "应于2026年12月31日前提交换版申请"),
            Fact(FactType.DEADLINE, "2027-06-30", "于2027年6月30日前完成补充差异试验"),
            Fact(FactType.ACTION, "retest", "于2027年6月30日前完成补充差异试验"),
            Fact(FactType.TRANSITION_END, "2027-06-30", "过渡期至2027年6月30日"),
            Fact(FactType.CONSEQUENCE, "suspension", "逾期的暂停证书"),
            Fact(FactType.CONSEQUENCE, "withdrawal", "暂停期满仍未完成的撤销证书"),
        ),
    ),
    "standard_changeover_needs_nothing": _change(
        ChangeKind.STANDARD_CHANGEOVER,
        "cqc",
        "CQC11-442551",
        "关于GB/T 15579.6-2024标准换版的通知",
        effective=date(2026, 4, 1),
        standards=(StandardChange("GB/T 15579.6-2018", "GB/T 15579.6-2024"),),
        actions=("none",),
    ),
    "withdrawal": _change(
        ChangeKind.WITHDRAWAL,
        "ccap",
        "CCAP-SB-3561",
        "关于废止《机动车制动软管自愿性认证实施规则》的公告",
        old_edition="CCAP-SB-3561:2018A",
        effective=date(2026, 4, 1),
        consequence="cancellation",
        facts=(Fact(FactType.CONSEQUENCE, "cancellation", "依据该规则颁发的证书予以注销"),),
    ),
    "suspension_of_a_scope": _change(
        ChangeKind.SUSPENSION,
        "cqc",
        None,
        "关于暂停受理摩托车轮自愿性认证的公告",
        effective=date(2026, 3, 10),
        scope_zh="摩托车轮",
        reasons=(ReviewReason.UNNAMED_RULE,),
    ),
    "notice": _change(
        ChangeKind.NOTICE,
        "ccap",
        "CCAP-GZ-3503",
        "关于CCAP-GZ-3503:2020若干问题解释的通知",
        effective=date(2026, 3, 15),
    ),
    "notice_reinstates": _change(
        ChangeKind.NOTICE,
        "ccap",
        "CCAP-SB-3561",
        "关于恢复实施《机动车制动软管自愿性认证实施规则》的公告",
        new_edition="CCAP-SB-3561:2018A",
    ),
    "no_longer_listed": _change(
        ChangeKind.NO_LONGER_LISTED,
        "ccap",
        "CCAP-GZ-3503",
        "汽车用制动盘自愿性认证实施规则",
        old_edition="CCAP-GZ-3503:2020",
        published=None,
        reasons=(ReviewReason.NO_STATEMENT,),
    ),
    "correction": _change(
        ChangeKind.CORRECTION,
        "ccap",
        "CCAP-GZ-5830",
        f"关于《{CHILD_SEATS}》的更正公告",
        new_edition="CCAP-GZ-5830:2026",
        deadline=date(2027, 9, 30),
        actions=("changeover",),
    ),
}
