"""Which editions were in force when."""

from datetime import date

import pytest

from monitor.changes.register import Edition, Register, product_of
from monitor.notation.codes import parse_code


def edition(code: str, **known: object) -> Edition:
    """An edition with what is known of it."""
    return Edition(parse_code(code), code, **known)  # type: ignore[arg-type]


SEAT = (
    edition("CCAP-GZ-5830:2021", effective=date(2021, 7, 1)),
    edition("CCAP-GZ-5830:2026", effective=date(2026, 7, 1)),
)
COMPRESSOR = (
    edition("CCAP-SB-8103-2003", superseded_by="CCAP-GZ-8103:2021"),
    edition("CCAP-GZ-8103:2021", effective=date(2021, 9, 1)),
)
HORN = edition("CCAP-SB-3721:2018A", effective=date(2019, 1, 1), ended=date(2026, 6, 1), end_reason="withdrawn")
REGISTER = Register.of([*SEAT, *COMPRESSOR, HORN])


@pytest.mark.parametrize(
    ("on", "in_force"),
    [
        (date(2020, 1, 1), {"CCAP-SB-8103-2003", "CCAP-SB-3721:2018A"}),
        (date(2026, 6, 30), {"CCAP-GZ-5830:2021", "CCAP-GZ-8103:2021"}),
        (date(2026, 5, 31), {"CCAP-GZ-5830:2021", "CCAP-GZ-8103:2021", "CCAP-SB-3721:2018A"}),
        (date(2026, 7, 1), {"CCAP-GZ-5830:2026", "CCAP-GZ-8103:2021"}),
    ],
)
def test_an_edition_is_in_force_until_the_next_takes_effect_or_it_ends(on: date, in_force: set[str]) -> None:
    assert {edition.shown for edition in REGISTER.in_force(on)} == in_force


def test_newer_means_later_than_every_known_edition() -> None:
    assert REGISTER.is_newer(parse_code("CCAP-SB-3721:2018B"))
    assert not REGISTER.is_newer(parse_code("CCAP-SB-3721:2018"))
    assert not REGISTER.is_newer(parse_code("CCAP-GZ-5830:2026"))
    assert REGISTER.is_newer(parse_code("CQC16-491278-2019"))


def test_the_line_of_a_rule_runs_over_the_rules_it_replaced() -> None:
    assert REGISTER.line("CCAP-GZ-8103") == ("CCAP-GZ-8103", "CCAP-SB-8103")
    assert REGISTER.line("CCAP-SB-8103") == ("CCAP-GZ-8103", "CCAP-SB-8103")


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("CQC16-491278-2019 汽车用制动器衬片认证规则", "汽车用制动器衬片"),
        ("《机动车儿童乘员用约束系统自愿性认证实施规则》（CCAP-GZ-5830:2021）", "机动车儿童乘员用约束系统"),
        ("自愿性产品认证实施规则", ""),
    ],
)
def test_the_product_is_what_a_title_says_beside_the_words_of_every_title(title: str, product: str) -> None:
    assert product_of(title) == product


def test_a_text_without_code_is_about_the_products_it_names() -> None:
    register = Register.of([edition("CQC16-491278-2019", title_zh="汽车用制动器衬片认证规则")])
    assert register.about("关于停止开展汽车用制动器衬片认证业务的公告") == ("CQC16-491278",)
    assert register.about("关于调整业务联系电话的通知") == ()
