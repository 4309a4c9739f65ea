"""The glossary, titles, sentences and days: what is said in English without any service."""

import re
from datetime import date
from pathlib import Path

import pytest

from monitor.errors import BadInput
from monitor.translation.english.days import last_day, say_last_day
from monitor.translation.english.glossary import load_glossary, read_glossary
from monitor.translation.english.reasons import say_why
from monitor.translation.english.sentences import say_path, say_sentence
from monitor.translation.english.titles import title_in_english
from monitor.translation.machine.check import figure_harm

GLOSSARY = load_glossary()
REPLICA_RULES = Path("tests/replica/rules.yaml")


def test_the_glossary_is_large_and_english() -> None:
    assert len(GLOSSARY.terms) >= 400
    for term in GLOSSARY.terms:
        assert not re.search(r"[\u4e00-\u9fff]", term.en), term
        assert re.search(r"[\u4e00-\u9fff℃]", term.zh), term


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("型式试验", "type test"),
        ("初始工厂检查", "initial factory inspection"),
        ("获证后监督", "post-certification surveillance"),
        ("认证单元", "certification unit"),
        ("换证", "certificate changeover"),
        ("生产者（制造商）", "manufacturer"),
        ("生产者(制造商)", "manufacturer"),
    ],
)
def test_terms_of_certification_are_known(zh: str, en: str) -> None:
    assert GLOSSARY.find(zh) == en


def test_every_product_that_the_replica_names_has_an_english_title() -> None:
    names = re.findall(r"name: ([^,]+), published", REPLICA_RULES.read_text(encoding="utf-8"))
    assert len(names) >= 40
    assert [name for name in names if title_in_english(f"{name}自愿性认证实施规则", GLOSSARY) is None] == []


def test_products_are_put_together_from_known_parts_only() -> None:
    assert GLOSSARY.product("摩托车制动软管") == "motorcycle brake hoses"
    assert GLOSSARY.product("汽车用后视镜") == "automotive rear-view mirrors"
    assert GLOSSARY.product("制动盘、制动器衬片和后视镜") == "brake discs, brake linings and rear-view mirrors"
    assert GLOSSARY.product("汽车量子镜") is None
    assert GLOSSARY.product("制动盘和量子镜") is None


def test_the_version_changes_with_any_entry() -> None:
    one, other = read_glossary("zh,en,kind\n证书,certificate,term\n"), read_glossary("zh,en,kind\n证书,licence,term\n")
    assert one.version != other.version


@pytest.mark.parametrize(
    ("row", "complaint"),
    [("证书,", "row 2"), ("证书,certificate,colour", "row 2"), ("证书,a,term\n证书,b,term", "twice")],
)
def test_a_broken_glossary_is_refused_with_the_place(row: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        read_glossary(f"zh,en,kind\n{row}\n")


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        (
            "工业用插头插座和耦合器安全认证规则",
            "Safety certification rule for industrial plugs, socket-outlets and couplers",
        ),
        ("道路车辆功能安全认证规则", "Certification rule for functional safety of road vehicles"),
        ("CQC16-491278-2019 汽车用制动器衬片认证规则", "Certification rule for automotive brake linings"),
        ("机动车喇叭自愿性认证实施规则（2026版）.pdf", "Implementation rule for horns for motor vehicles"),
        ("关于GB/T 15579.5-2023标准换版工作的通知", "Notice: changeover to GB/T 15579.5-2023"),
        (
            "关于废止《机动车制动软管自愿性认证实施规则》（CCAP-SB-3561:2018A）的公告",
            "Notice: repeal of the implementation rule for brake hoses for motor vehicles (CCAP-SB-3561:2018A)",
        ),
        ("关于发布CQC11-464121-2020《燃料电池电动汽车用燃料电池堆安全认证规则》有关技术决议的通知", None),
        ("自愿性产品认证实施规则 机动车制动软管", "Implementation rule for brake hoses for motor vehicles"),
        ("产品认证实施规则 车载激光雷达认证规则", "Certification rule for automotive LiDAR"),
        ("量子雷达罩安全认证规则", None),
        ("关于清明节期间业务受理安排的通知", None),
    ],
)
def test_titles_are_said_whole_or_not_at_all(zh: str, en: str | None) -> None:
    assert title_in_english(zh, GLOSSARY) == en


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("7.1.2 样品数量", "7.1.2 Number of samples"),
        ("第五条 适用范围", "Article 5 Scope"),
        ("附件2 工厂质量控制检测要求", "Annex 2 Factory quality control testing requirements"),
        ("一、新版规则自2026年7月1日起实施。", "1. This rule applies from 1 July 2026."),
        ("1件", "1 piece"),
        ("本规则适用于机动车制动软管。", "This rule applies to brake hoses for motor vehicles."),
        ("本规则适用于量子镜。", None),
        ("证书有效期为5年", "The certificate is valid for 5 years."),
        ("逾期未完成换证的，我公司将暂停其认证证书。", "Certificates not changed over in time will be suspended."),
        ("座椅安装方式应与实车一致。", None),
    ],
)
def test_known_sentences_are_said_and_unharmed(zh: str, en: str | None) -> None:
    assert say_sentence(zh, GLOSSARY) == en
    assert en is None or figure_harm(zh, en) == ()


@pytest.mark.parametrize(
    ("path", "en"),
    [
        ("3.2.1", "3.2.1"),
        ("第五条", "Article 5"),
        ("第十二章", "Chapter 12"),
        ("附件2", "Annex 2"),
        ("附录A", "Appendix A"),
    ],
)
def test_numbers_of_clauses_are_said(path: str, en: str) -> None:
    assert say_path(path) == en


@pytest.mark.parametrize(
    ("why", "en"),
    [
        ("number 3件 → 5件", "number 3 pieces → 5 pieces"),
        ("standard GB 27887-2011 → GB 27887-2024", "standard GB 27887-2011 → GB 27887-2024"),
        ("wording 应 → 可", "wording “shall” (应) → “may” (可)"),
        ("wording 量子 → 光子", "wording “量子” → “光子”"),
        ("layout only", "layout only"),
        ("应 → 可", "wording “shall” (应) → “may” (可)"),
        ("date 2026年7月1日 → 2026年10月1日", "date 1 July 2026 → 1 October 2026"),
        ("removed 不得", "removed “must not” (不得)"),
        ("row 织带, 数量: number 3件 → 5件", "row “webbing” (织带), “number” (数量): number 3 pieces → 5 pieces"),
        ("row added: 阻燃性能 | 5.3 | 5件", "row added: “resistance to burning” (阻燃性能) | 5.3 | 5 pieces"),
    ],
)
def test_reasons_are_said_with_units_and_terms_or_keep_the_chinese(why: str, en: str) -> None:
    assert say_why(why, GLOSSARY) == en


PUBLISHED, EFFECTIVE = date(2026, 3, 1), date(2026, 8, 31)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2027-06-30", "by 30 June 2027"),
        ("2027-06", "by the end of June 2027"),
        ("next_surveillance", "before your next surveillance inspection"),
        ("certificate_expiry", "before your certificate expires"),
        ("effective+6m", "by 28 February 2027 (6 months after the effective date)"),
        ("published+1y", "by 1 March 2027 (1 year after publication)"),
        ("published+30wd", "within 30 working days of publication (1 March 2026)"),
        ("receipt+15d", "within 15 days of receiving the authority's notification"),
        ("some_day", None),
    ],
)
def test_last_days_are_said(value: str, said: str | None) -> None:
    assert say_last_day(value, PUBLISHED, EFFECTIVE) == said


def test_a_period_of_an_unknown_day_is_not_computed() -> None:
    assert last_day("effective+6m", PUBLISHED, None) is None
    assert say_last_day("effective+6m", PUBLISHED, None) == "within 6 months of the effective date"
