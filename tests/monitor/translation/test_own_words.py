"""Words of our own making say what the Chinese says: amounts, negation, signs, cells, what is replaced."""

import re
from dataclasses import replace
from datetime import date

import pytest

from monitor.changes.change import ChangeKind
from monitor.comparison.compare import compare_texts
from monitor.facts.fact import Fact, FactType
from monitor.translation.english.amounts import say_amount
from monitor.translation.english.clauses import summarise_clause
from monitor.translation.english.context import sides_of
from monitor.translation.english.families import products_by_family
from monitor.translation.english.glossary import load_glossary
from monitor.translation.english.happenings import say_headline, say_what_changed
from monitor.translation.english.phrases import say_consequence
from monitor.translation.english.reasons import say_why
from monitor.translation.english.sentences import say_sentence
from monitor.translation.english.subject import Subject
from monitor.translation.english.titles import title_in_english
from monitor.translation.machine.segments import split_segments
from monitor.translation.machine.translate import Translator
from tests.monitor.translation.cases import CASES
from tests.monitor.translation.test_providers import Remembered

GLOSSARY = load_glossary()


def why(old: str, new: str) -> list[str]:
    """What is said of a clause that changed."""
    (clause,) = compare_texts(old, new).clauses
    return [say_why(reason, GLOSSARY, sides_of(clause.old, clause.new, clause.edits)) for reason in clause.why]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("每年3月前提交报告。", "每年4月前提交报告。", "date March → April"),
        ("自2026年起执行。", "自2027年起执行。", "date 2026 → 2027"),
        ("每月15日前提交。", "每月20日前提交。", "number day 15 of the month → day 20 of the month"),
        ("收到通知后15日内整改。", "收到通知后20日内整改。", "number 15 days → 20 days"),
        ("应在3个月内完成。", "应在4个月内完成。", "number 3 months → 4 months"),
        ("低温为-40℃。", "低温为-30℃。", "number -40℃ → -30℃"),
        ("低温−40℃", "低温−30℃", "number −40℃ → −30℃"),
        ("公差±2%", "公差±5%", "number ±2% → ±5%"),
        ("温度-30～-40℃", "温度-30～-45℃", "number -40℃ → -45℃"),
        ("样品不应有裂纹。", "样品不宜有裂纹。", "wording “shall not” (不应) → “should not” (不宜)"),
        ("产品的应用范围", "产品的可用范围", "wording “应用” → “may” (可)"),
        ("耐久性试验10000次。", "耐久性试验20000次。", "durability test: 10000 cycles → 20000 cycles"),
        ("每年监督1次。", "每年监督2次。", "surveillance: 1 time → 2 times"),
        ("样品数量为3件。", "样品数量为5件。", "samples: 3 → 5"),
        ("证书有效期为3年。", "证书有效期为5年。", "validity of the certificate: 3 years → 5 years"),
        ("长度大于5mm", "长度小于5mm", "limit “greater than” (大于) → “less than” (小于)"),
        ("样品3件以上。", "样品3件以下。", "wording “and above” (以上) → “and below” (以下)"),
        ("连续检查", "检查", "removed “consecutive” (连续)"),
        ("必要时进行检查", "进行检查", "removed “where necessary” (必要时)"),
        ("出口产品除外。", "出口产品。", "removed “except” (除外)"),
        ("A和B", "A或B", "wording “and” (和) → “or” (或)"),
        ("产品无裂纹", "产品裂纹", "removed “without” (无)"),
    ],
)
def test_a_reason_says_the_value_with_what_binds_to_it(old: str, new: str, said: str) -> None:
    assert said in why(old, new)


def test_every_word_that_turns_a_requirement_round_is_known() -> None:
    words = re.findall(
        r"\S+", "不 无 和 或 以上 以下 大于 小于 任一 所有 连续 必要时 除外 不应 不宜 不得 应 宜 可 须 及 均 仅 未"
    )
    assert [word for word in words if GLOSSARY.find(word, "wording") is None] == []


@pytest.mark.parametrize("zh", ["15日", "5次"])
def test_an_amount_that_its_words_do_not_settle_stays_chinese(zh: str) -> None:
    assert say_amount(zh, GLOSSARY) is None
    assert say_why(f"number {zh} → 20日", GLOSSARY) == f"number “{zh}” → “20日”"


def test_a_product_in_a_cell_is_the_product() -> None:
    assert say_sentence("汽车用接插件", GLOSSARY) == "Automotive connectors"


def test_a_row_is_translated_cell_by_cell_without_its_bars() -> None:
    row = "名称 | 型号 |  | 织带"
    assert [segment.text for segment in split_segments(row)] == ["名称", "型号", "|", "织带"]
    said = Translator(None).translate(row, Remembered())
    assert said.text == "Name | Model |  | Webbing"


def test_what_is_replaced_is_said_once() -> None:
    change = replace(CASES["new_edition"], supersedes=("CCAP-GZ-5830：2021", "CCAP-GZ-5830"))
    assert "also replaces" not in say_what_changed(Subject(change))
    alone = replace(change, old_edition=None, supersedes=("CCAP-SB-5830-2003", "CCAP—SB—5830:2003"))
    assert say_what_changed(Subject(alone)).endswith(" It replaces CCAP-SB-5830-2003.")


def test_a_certification_that_rests_has_no_old_requirements() -> None:
    refused = (Fact(FactType.CONSEQUENCE, "not_accepted", "不再受理"),)
    change = replace(CASES["suspension_of_a_scope"], consequence="not_accepted", facts=refused)
    assert say_consequence(Subject(change)) == "CQC will no longer accept applications or reports."
    moved = replace(CASES["standard_changeover"], consequence="not_accepted", deadline=date(2027, 2, 28))
    assert "under the old requirements" in (say_consequence(Subject(moved)) or "")


def test_a_rule_is_repealed_and_a_certificate_withdrawn() -> None:
    change = CASES["withdrawal"]
    assert change.kind is ChangeKind.WITHDRAWAL
    assert say_headline(Subject(change)).startswith("Repealed: ")
    assert "has repealed" in say_what_changed(Subject(change))
    ended = replace(change, title_zh="关于撤销《机动车制动软管自愿性认证实施规则》的公告")
    assert say_headline(Subject(ended)).startswith("Withdrawn: ")
    assert GLOSSARY.find("废止") == "repeal"
    assert GLOSSARY.find("撤销") == "withdrawal"


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("机动车辆产品CCAP标志认证实施规则 汽车用接插件", "Implementation rule for automotive connectors"),
        ("汽车用接插件安全与电磁兼容认证规则", "Safety and EMC certification rule for automotive connectors"),
        ("汽车用接插件标志认证实施规则", "Implementation rule for automotive connectors"),
        ("汽车用接插件CQC标志认证规则", "Certification rule for automotive connectors"),
        ("汽车用接插件认证实施细则", "Detailed implementation rule for automotive connectors"),
        ("关于废止《量子镜认证规则》（CCAP-SB-3561:2018A）的公告",
         "Notice: repeal of the implementation rule for brake hoses for motor vehicles (CCAP-SB-3561:2018A)"),
    ],
)  # fmt: skip
def test_the_forms_of_real_titles_are_known(zh: str, en: str) -> None:
    assert title_in_english(zh, GLOSSARY) == en


def test_certification_mode_is_no_scheme() -> None:
    said = say_sentence("认证模式为型式试验+获证后监督", GLOSSARY)
    assert said == "The certification mode is: type test + post-certification surveillance."
    assert GLOSSARY.find("认证方案") == "certification scheme"


def test_every_published_family_has_a_product() -> None:
    assert len(products_by_family()) == 105


def test_a_clause_is_said_with_its_context() -> None:
    (clause,) = compare_texts("样品不应有裂纹。", "样品不宜有裂纹。").clauses
    said = summarise_clause(clause, GLOSSARY, lambda text: None)
    assert said.why == ("wording “shall not” (不应) → “should not” (不宜)",)
