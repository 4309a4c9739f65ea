"""Rule codes: every printed form is one edition, neighbours are never mistaken for a rule."""

import csv
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import BadInput
from monitor.notation.codes import RuleCode, RuleFamily, find_codes, find_other_codes, parse_code
from monitor.notation.standards import find_standards

HARD = Path(__file__).parents[2] / "corpus" / "hard_codes.yaml"
PUBLISHED = Path(__file__).parents[2] / "corpus" / "published_codes.csv"


def published_codes() -> list[str]:
    """The codes as a consultancy published them, misprints and all."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def test_the_list_of_published_codes_is_whole() -> None:
    assert len(published_codes()) == 113


@pytest.mark.parametrize("printed", sorted(set(published_codes())))
def test_published_code_parses_and_keeps_its_parts_when_printed(printed: str) -> None:
    code = parse_code(printed)
    assert parse_code(code.edition) == code
    assert code.year is not None
    assert find_codes(f"依据《{printed}》实施") == (code,)


ccap = st.builds(
    RuleFamily,
    st.just("CCAP"),
    st.sampled_from(["GZ", "SB", "SBM", "CAMRA"]),
    st.from_regex(r"[0-9]{3,6}", fullmatch=True),
)
cqc = st.builds(
    RuleFamily, st.just("CQC"), st.from_regex(r"[1-9][0-9]", fullmatch=True), st.from_regex(r"[0-9]{6}", fullmatch=True)
)
families = st.one_of(ccap, cqc)
years = st.integers(1990, 2060)
editions = st.builds(RuleCode, families, years, st.one_of(st.none(), st.sampled_from("ABCDE")))
codes = st.one_of(editions, st.builds(RuleCode, families))

DASHES = "-－–—‐‒―−﹣"
COLONS = ":：﹕-－—"


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(codes)
def test_printing_then_parsing_gives_the_same_parts(code: RuleCode) -> None:
    assert parse_code(code.edition) == code


@given(
    editions,
    st.sampled_from(DASHES),
    st.sampled_from(COLONS),
    st.sampled_from(["", " ", "\n", "\u3000", "\u00a0"]),
    st.booleans(),
)
def test_every_printed_form_is_one_edition(code: RuleCode, dash: str, colon: str, gap: str, wide: bool) -> None:
    body = str(code.family).replace("-", f"{gap}{dash}{gap}")
    printed = f"{body}{gap}{colon}{gap}{code.year}{code.letter or ''}"
    printed = _wide(printed) if wide else printed
    text = f"依据{printed}/实施"
    found = find_codes(text)
    assert found == (code,)
    assert found[0].printed == printed
    assert found[0].printed in text


@given(st.text())
def test_no_text_stops_the_search(text: str) -> None:
    for code in find_codes(text):
        assert code.printed in text
    find_other_codes(text)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("依据CNCA-C11-01:2020和CNCA-00C-008", ("CNCA-C11-01:2020", "CNCA-00C-008")),
        ("《CCAP－C11－01：2020》", ("CCAP-C11-01:2020",)),
        ("CQC-C1101-2014细则、CNAS-CL01", ("CQC-C1101-2014", "CNAS-CL01")),
        ("CNAS-CL01-G001:2018", ("CNAS-CL01-G001:2018",)),
        ("CNCA/CTS 0013-2008技术规范", ("CNCA/CTS 0013-2008",)),
        ("国市监认证〔2023〕12号文", ("国市监认证〔2023〕12号",)),
        ("证书CQC2016010703748148，电话010-83886666，CQC16001234567", ()),
        ("型号ABC-1234-2020，GB 27887-2024", ()),
    ],
)
def test_neighbours_are_kept_apart(text: str, others: tuple[str, ...]) -> None:
    assert find_codes(text) == ()
    assert find_other_codes(text) == others


@pytest.mark.parametrize(
    "text", ["", "CCAP-3721", "GB 27887-2024", "CCAP-GZ-5830:2021和CCAP-GZ-5101:2020", "CQC2016010703748148"]
)
def test_what_is_no_code_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match="expected something like"):
        parse_code(text)


def test_editions_are_ordered_by_year_then_letter_none_before_a() -> None:
    printed = ["CCAP-SB-3721:2018", "CCAP-SB-3721-2009B", "CCAP-SB-3721-2009A", "CCAP-SB-3721-2009"]
    assert [str(code) for code in sorted(map(parse_code, printed), reverse=True)] == printed


def test_a_list_inherits_the_series() -> None:
    text = "CQC16-491275-2010、491274-2010和491273-2010"
    assert [c.edition for c in find_codes(text)] == ["CQC16-491275-2010", "CQC16-491274-2010", "CQC16-491273-2010"]


def test_a_code_is_found_in_running_text_titles_and_file_names() -> None:
    text = """关于发布CCAP-GZ-5830:2026《机动车儿童乘员用约束系统》的公告
    附件：CQC16-464213-2014_终稿.pdf ccap_gz_5101_2020.docx"""
    assert [c.edition for c in find_codes(text)] == ["CCAP-GZ-5830:2026", "CQC16-464213-2014", "CCAP-GZ-5101:2020"]


def test_json_has_the_parts_that_scripts_see() -> None:
    assert find_codes("CCAP－GZ－5830：2021")[0].to_json() == {
        "printed": "CCAP－GZ－5830：2021",
        "authority": "CCAP",
        "series": "GZ",
        "number": "5830",
        "year": 2021,
        "letter": None,
        "family": "CCAP-GZ-5830",
    }


def hard_print() -> list[dict[str, object]]:
    """Strings in hard print with the codes, standards and neighbours' codes that they name."""
    cases: list[dict[str, object]] = yaml.safe_load(HARD.read_text(encoding="utf-8"))["cases"]
    return cases


@pytest.mark.parametrize("case", hard_print(), ids=lambda case: str(case["text"])[:24])
def test_hard_print_names_what_its_label_says(case: dict[str, object]) -> None:
    text = str(case["text"])
    assert [code.edition for code in find_codes(text)] == case.get("codes", [])
    assert [str(standard) for standard in find_standards(text)] == case.get("standards", [])
    assert list(find_other_codes(text)) == case.get("others", [])
