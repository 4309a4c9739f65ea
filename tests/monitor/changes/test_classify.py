"""What an announcement means: themes, scopes, corrections, in the words of certification bodies."""

from datetime import date

import pytest

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.classify import Known, classify
from monitor.changes.notices.corrections import Swap, swaps_in
from monitor.changes.notices.ending import decree_in, ended_on
from monitor.changes.notices.wording import Theme, row_theme, sentence_theme, title_theme
from monitor.changes.register import Edition, Register
from monitor.comparison.compare import compare_documents
from monitor.facts.fact import StandardChange
from monitor.notation.codes import parse_code
from tests.monitor.changes.examples import TODAY, file, notice

RULES = {
    "CQC16-491278-2019": "汽车用制动器衬片认证规则",
    "CQC11-442551-2018": "电弧焊机及附件安全认证规则",
    "CCAP-GZ-5830:2021": "机动车儿童乘员用约束系统自愿性认证实施规则",
    "CCAP-SB-3721:2018A": "机动车用喇叭自愿性认证实施规则",
}
REGISTER = Register.of([Edition(parse_code(code), code, title_zh=title) for code, title in RULES.items()])


def known(*log: Change, told: tuple[str, ...] = ()) -> Known:
    """What detection knows: four rules, and a log."""
    return Known(REGISTER, frozenset(told), lambda: log, lambda edition: None, compare_documents)


def found(title: str, body: str = "") -> list[tuple[str, str | None]]:
    """Kinds and families of what an announcement means."""
    return [(change.kind.value, change.family) for change in classify(notice(title, body), known()).changes]


ANNOUNCEMENTS = [
    (
        "关于CQC16-491278-2019认证规则换版的通知",
        "CQC16-491278-2019将由CQC16-491278-2026代替。",
        "new_edition CQC16-491278",
    ),
    (
        "公告（2026年第3号）",
        "我公司决定自2026年5月1日起终止CCAP-SB-3721:2018A认证业务。",
        "withdrawal CCAP-SB-3721",
    ),
    (
        "关于注销CCAP-SB-3721:2018A自愿性认证规则的公告",
        "",
        "withdrawal CCAP-SB-3721",
    ),
    (
        "关于不再开展电弧焊机安全认证的通知",
        "我中心不再开展电弧焊机及附件安全认证。",
        "withdrawal CQC11-442551",
    ),
    (
        "关于停止使用旧版认证标志的通知",
        "自2026年5月1日起停止使用旧版认证标志。",
        None,
    ),
    (
        "关于暂停受理春节期间业务的通知",
        "2月15日至23日暂停受理认证申请。",
        None,
    ),
    (
        "关于废止部分文件的通知",
        "废止《认证标志管理办法》。",
        None,
    ),
    (
        "关于收费标准调整的通知",
        "自2026年4月1日起，工厂检查费调整为每人日2500元。",
        None,
    ),
    (
        "关于GB 7258-2017第3号修改单实施的通知",
        "CCAP-SB-3721:2018A持证人应于2026年12月31日前完成差异试验。",
        "standard_changeover CCAP-SB-3721",
    ),
    (
        "关于撤销CCAP-SB-3721:2018A的公告",
        "自2026年6月1日起撤销。证书于2026年12月31日前转换到CCAP-GZ-5830:2021。",
        "withdrawal CCAP-SB-3721",
    ),
    (
        "关于CQC16-491278-2019修订的说明",
        "CQC16-491278-2019正在修订，预计2026年底前发布新版规则。",
        "notice CQC16-491278",
    ),
    (
        "关于启用新版证书的通知",
        "自2026年4月1日起启用新版CQC16-491278-2019认证证书样式。",
        "notice CQC16-491278",
    ),
]


UNKNOWN_RULES = [
    ("关于废止《离合器自愿性认证实施规则》（CCAP-SB-1601-2005）的公告", [("withdrawal", "CCAP-SB-1601")]),
    ("关于废止离合器自愿性认证实施规则（CCAP-SB-1601-2005）的公告", [("withdrawal", "CCAP-SB-1601")]),
    ("关于暂停实施《控制器自愿性认证实施规则》（CCAP-GZ-499422:2020）的公告", [("suspension", "CCAP-GZ-499422")]),
    ("关于发布《离合器自愿性认证实施规则》（CCAP-SB-1601-2025）的公告", [("new_rule", "CCAP-SB-1601")]),
    (
        "关于发布《离合器规则》（CCAP-GZ-1601:2026）及废止《离合器实施规则》（CCAP-SB-1602-2005）的公告",
        [("new_rule", "CCAP-GZ-1601"), ("withdrawal", "CCAP-SB-1602")],
    ),
]


@pytest.mark.parametrize(("title", "expected"), UNKNOWN_RULES)
def test_end_of_a_rule_that_was_never_seen_is_an_end(title: str, expected: list[tuple[str, str]]) -> None:
    assert found(title, "本公告自2026年4月1日起施行。") == expected


@pytest.mark.parametrize(("title", "body", "expected"), ANNOUNCEMENTS)
def test_what_an_announcement_means(title: str, body: str, expected: str | None) -> None:
    """`expected` is the kind and the family of the one change, None where nothing is to be said."""
    assert found(title, body) == ([tuple(expected.split(" "))] if expected else [])


def test_a_batch_of_new_rules_is_published_by_its_table() -> None:
    body = (
        "1 CCAP-GZ-5830:2026 机动车儿童乘员用约束系统\n2 CCAP-SB-3721:2026 机动车用喇叭\n上述规则自2026年7月1日起实施。"
    )
    changes = classify(notice("关于发布2026年第一批自愿性认证实施规则的公告", body), known()).changes
    assert [(c.new_edition, c.effective, c.reasons) for c in changes] == [
        ("CCAP-GZ-5830:2026", date(2026, 7, 1), ()),
        ("CCAP-SB-3721:2026", date(2026, 7, 1), ()),
    ]


def test_a_changeover_of_the_compulsory_scheme_waits_and_names_no_rule() -> None:
    body = "强制性产品认证依据的GB 27887-2011由GB 27887-2024代替，CNCA-00C-008相应调整。"
    changes = classify(notice("关于强制性产品认证依据标准换版的公告", body), known()).changes
    assert [(c.kind, c.family, c.families_named, c.reasons) for c in changes] == [
        (ChangeKind.NOTICE, None, (), (ReviewReason.UNNAMED_RULE,))
    ]


def test_the_baseline_fills_the_register_and_reports_nothing() -> None:
    verdict = classify(
        notice("关于废止CCAP-SB-3721:2018A的公告", "自2026年3月2日起废止CCAP-SB-3721:2018A。"), known(), baseline=True
    )
    assert verdict.changes == ()
    assert [(ending.family, ending.reason) for ending in verdict.endings] == [("CCAP-SB-3721", "withdrawn")]


def test_an_unreadable_file_with_a_new_code_is_reported_and_doubted() -> None:
    changes = classify(file(readable=False, name="CCAP-GZ-5830-2026.pdf"), known()).changes
    assert [(c.kind, c.new_edition) for c in changes] == [(ChangeKind.NEW_EDITION, "CCAP-GZ-5830-2026")]
    assert set(changes[0].reasons) == {ReviewReason.CODE_NOT_ON_COVER, ReviewReason.UNREADABLE_FILE}


def test_a_correction_amends_the_change_that_states_the_wrong_day() -> None:
    wrong = Change(
        kind=ChangeKind.STANDARD_CHANGEOVER,
        authority="ccap",
        family="CQC16-491278",
        event_key="GB 5763-2025",
        title_zh="关于GB 5763-2025标准换版的通知",
        detected_on=TODAY,
        source_url="http://x/7",
        captures=(7,),
        roles=(EvidenceRole.NOTICE,),
        deadline=date(2026, 6, 30),
        standards=(StandardChange("GB 5763-2018", "GB 5763-2025"),),
        families_named=("CQC16-491278",),
    )
    verdict = classify(
        notice("更正公告", "CQC16-491278-2019换版期限“2026年6月30日”应为“2027年6月30日”。"), known(wrong)
    )
    (amendment,) = verdict.amendments
    assert amendment.event == wrong.event
    assert {**amendment.fields, "facts": ()} == {"deadline": date(2027, 6, 30), "facts": ()}
    assert [c.event for c in verdict.changes] == [amendment.by]
    assert [(c.kind, c.family, c.deadline) for c in verdict.changes] == [
        (ChangeKind.CORRECTION, "CQC16-491278", date(2027, 6, 30))
    ]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("“2026年6月30日”应为“2027年6月30日”", [("2026年6月30日", "2027年6月30日")]),
        ("将“GB 5763-2024”更正为“GB 5763-2025”", [("GB 5763-2024", "GB 5763-2025")]),
        ("期限由2026年12月31日延长至2027年6月30日", [("2026年12月31日", "2027年6月30日")]),
        ("自2026年12月31日起实施。截止2027年6月30日", []),
    ],
)
def test_wrong_and_right_are_read_as_printed(text: str, pairs: list[tuple[str, str]]) -> None:
    assert swaps_in(text) == tuple(Swap(*pair) for pair in pairs)


@pytest.mark.parametrize(
    ("sentence", "theme"),
    [
        ("自2026年6月1日起废止CCAP-SB-3721:2018A。", Theme.WITHDRAWAL),
        ("暂停受理CQC11-442551-2018的认证申请。", Theme.SUSPENSION),
        ("恢复受理CQC11-442551-2018的认证申请。", Theme.RESTORED),
        ("逾期未完成换证的，CCAP将暂停依据CCAP-GZ-5830:2021颁发的证书。", None),
        ("不再受理依据旧版标准CCAP-GZ-5830:2021的认证申请。", None),
        ("原检测报告继续有效。", None),
    ],
)
def test_a_sentence_decrees_or_does_not(sentence: str, theme: Theme | None) -> None:
    assert sentence_theme(sentence) is theme


def test_titles_about_companies_are_about_no_rule() -> None:
    assert title_theme("关于撤销部分企业CCAP-SB-3721:2018A认证证书的公告") is None
    assert title_theme("关于暂停某某汽车零部件有限公司认证证书的公告") is None


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("喇叭规则（已废止）", Theme.WITHDRAWAL),
        ("【暂停实施】喇叭规则", Theme.SUSPENSION),
        ("喇叭规则（2018版）", None),
    ],
)
def test_a_row_may_be_marked(title: str, theme: Theme | None) -> None:
    assert row_theme(title) is theme


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("自2026年6月1日起废止CCAP-SB-3721:2018A。", date(2026, 6, 1)),
        ("CCAP-SB-3721:2018A自发布之日起废止。", TODAY),
        ("即日起停止受理CCAP-SB-3721:2018A的申请。", TODAY),
        ("废止CCAP-SB-3721:2018A，证书有效期至2027年1月1日。", None),
    ],
)
def test_the_day_of_an_end_is_read_beside_its_verb(text: str, day: date | None) -> None:
    assert ended_on(text, "CCAP-SB-3721", TODAY) == day


def test_what_an_end_decrees_for_certificates_is_quoted() -> None:
    decree = decree_in("废止该规则。依据该规则颁发的认证证书予以注销，获证企业应停止使用标志。")
    assert decree is not None
    assert decree.value == "cancellation"
    assert "予以注销" in decree.quote
    assert decree_in("已颁发的证书在有效期内继续有效。") is None
