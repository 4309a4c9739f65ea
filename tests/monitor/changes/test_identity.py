"""Which edition a document is, and how far that is trusted."""

import pytest

from monitor.changes.change import ReviewReason
from monitor.changes.identity import Trust, identify, only_code, shown
from monitor.notation.codes import find_codes
from tests.monitor.changes.examples import file, notice
from tests.monitor.changes.site import rule_text

COVER = rule_text(
    "CCAP-GZ-5830:2026", "机动车儿童乘员用约束系统自愿性认证实施规则", "2026-03-01", "2026-07-01", "GB 27887-2024"
)
BARE = COVER.replace("CCAP-GZ-5830:2026\n", "")


def test_the_code_on_the_cover_is_trusted_most() -> None:
    found = identify(file(COVER, name="CCAP-GZ-5830-2021.pdf", page_title="CCAP-GZ-5830:2021 旧版"))
    assert found is not None
    assert (found.code.edition, found.trust) == ("CCAP-GZ-5830:2026", Trust.COVER)
    assert found.reasons("file") == ()


@pytest.mark.parametrize(
    ("given", "trust"),
    [
        (file(BARE, page_title="CCAP-GZ-5830:2026 实施规则"), Trust.TITLE),
        (file(BARE, name="CCAP-GZ-5830：2026.pdf"), Trust.FILE_NAME),
        (file(readable=False, name="CCAP-GZ-5830-2026.pdf"), Trust.FILE_NAME),
    ],
)
def test_a_code_beside_the_cover_is_found_and_doubted(given: object, trust: Trust) -> None:
    found = identify(given)  # type: ignore[arg-type]
    assert found is not None
    assert (found.code.edition, found.trust) == ("CCAP-GZ-5830:2026", trust)
    assert found.reasons("file") == (ReviewReason.CODE_NOT_ON_COVER,)


def test_a_page_is_named_by_its_title() -> None:
    found = identify(notice("CCAP-SB-3721:2018B 机动车用喇叭自愿性认证实施规则"))
    assert found is not None
    assert found.reasons("article") == ()


@pytest.mark.parametrize(
    "text",
    ["CNCA-C11-01:2020", "CCAP-C11-01:2020", "CQC-C1101-2014", "证书CQC18011199201", "GB 5763-2018", "010-83886412"],
)
def test_codes_of_neighbours_and_other_numbers_name_nothing(text: str) -> None:
    assert only_code(text) is None


def test_two_rules_in_one_title_name_neither() -> None:
    assert only_code("CCAP-SB-3721:2018A、CCAP-GZ-1101:2021") is None


def test_an_old_and_a_new_edition_in_one_title_name_the_new_one() -> None:
    code = only_code("CCAP-GZ-5830:2026（代替CCAP-GZ-5830:2021）")
    assert code is not None
    assert code.edition == "CCAP-GZ-5830:2026"


@pytest.mark.parametrize(
    ("printed", "as_shown"),
    [
        ("CCAP－GZ－5830：2021", "CCAP-GZ-5830:2021"),
        ("CCAP-GZ-8100-2021", "CCAP-GZ-8100-2021"),
        ("CQC16 — 491278 — 2019", "CQC16-491278-2019"),
        ("CCAP-SB-3721:2018A/", "CCAP-SB-3721:2018A"),
    ],
)
def test_a_code_is_shown_as_its_authority_prints_it(printed: str, as_shown: str) -> None:
    assert shown(find_codes(printed)[0]) == as_shown
