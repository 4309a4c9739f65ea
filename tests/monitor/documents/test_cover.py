"""What a document says of itself, and what it only cites."""

from datetime import date

import pytest

from monitor.documents.reader import read_text_document
from monitor.documents.structure.cover import read_day


@pytest.mark.parametrize(
    "printed", ["2021年3月1日", "2021-03-01", "2021.3.1", "2021/3/1", "2021 年 3 月 1 日", "二〇二一年三月一日"]
)
def test_every_printed_form_of_a_day(printed: str) -> None:
    assert read_day(printed) == date(2021, 3, 1)


def test_a_day_that_does_not_exist_is_none() -> None:
    assert read_day("2021年2月30日") is None


def test_a_cover_gives_code_and_dates() -> None:
    text = "产品认证实施规则\nCQC16-464213-2014\n汽车蓄电池认证规则\n"
    text += "发布日期：2014年9月15日\n实施日期：2014年10月1日\n中国质量认证中心\n1 范围\n文字。"
    document = read_text_document(text)
    assert (document.code, document.published, document.effective) == (
        "CQC16-464213-2014", date(2014, 9, 15), date(2014, 10, 1),
    )  # fmt: skip
    assert document.title == "产品认证实施规则 汽车蓄电池认证规则"
    assert document.issuer == "中国质量认证中心"


def test_a_code_that_is_replaced_is_not_the_own_one() -> None:
    text = "安全带认证实施规则\nCCAP-GZ-3721:2021\n（代替CCAP-SB-3721:2018A）\n1 范围\n文字。"
    assert read_text_document(text).code == "CCAP-GZ-3721:2021"
    assert read_text_document("安全带认证实施规则\n代替CCAP-SB-3721:2018A\n1 范围\n文字。").code is None


def test_a_notice_has_no_code_and_no_date_of_what_it_cites() -> None:
    text = "关于发布CCAP-GZ-3721:2021《安全带认证实施规则》的通知\n"
    text += "GB 14166-2024已于2024年11月28日发布，2026年7月1日起实施。\n中汽认证中心有限公司\n2026年3月2日"
    document = read_text_document(text)
    assert (document.code, document.published, document.effective) == (None, date(2026, 3, 2), None)


def test_a_sentence_about_the_rule_itself_gives_its_date() -> None:
    assert read_text_document("某办法\n第一条 甲。\n第二条 本办法自2024年5月1日起施行。").effective == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("产 品 认 证 实 施 规 则", "车用电动门锁"), "产品认证实施规则 车用电动门锁"),
        (("CQC11-9734:2019", "产 品 认 证 实 施 规 则", "空气滤芯"), "产品认证实施规则 空气滤芯"),
        (("视镜总成产品认证实施规则", "第A/0版"), "视镜总成产品认证实施规则"),
        (("车用锁具管理办法", "（2025年3月1日公布　自2025年7月1日起施行）"), "车用锁具管理办法"),
    ],
)
def test_a_title_is_the_words_that_name_the_document(lines: tuple[str, ...], title: str) -> None:
    cover = "\n".join((*lines, "2026年3月1日发布 2026年7月1日实施", "1 范围", "文字。"))
    assert read_text_document(cover).title == title
