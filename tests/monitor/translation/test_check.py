"""A translation keeps every figure of its source, or is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.translation.english.days import MONTHS, say_day
from monitor.translation.machine.check import find_harm
from monitor.translation.machine.protect import protect, restore
from monitor.translation.machine.segments import join_segments, split_segments

UNHARMED = [
    ("本规则自2026年7月1日起实施。", "This rule applies from July 1, 2026."),
    ("样品数量为5件。", "The number of samples is five."),
    (
        "证书有效期为三年，期满前90天内提出。",
        "The certificate is valid for 3 years; apply within 90 days before expiry.",
    ),
    ("高温试验：-40℃～85℃，保持24h。", "High-temperature test: -40 °C to 85 °C, held for 24 hours."),
    ("依据GB 27887—2024和CCAP-GZ-5830：2026。", "According to GB 27887-2024 and CCAP-GZ-5830:2026."),
    ("从获证后的12个月起，每年至少进行一次监督。", "From 12 months after certification, at least once a year."),
    ("二〇二六年七月一日起", "From 1 July 2026"),
    ("拉力不小于5.0kN，误差±2%。", "Pull of not less than 5.0 kN, tolerance ±2 percent."),
    ("按第3.2.1条，5～10mm。", "According to clause 3.2.1, 5 mm to 10 mm."),
    ("第五条　范围", "Article 5 Scope"),
    ("收费1000元", "A fee of 1,000 yuan"),
    ("于5月底前", "by the end of May"),
]
HARMED = [
    ("本规则自2026年7月1日起实施。", "This rule applies from July 7, 2026."),
    ("本规则自2026年7月1日起实施。", "This rule applies from 1 July."),
    ("样品数量为5件。", "The number of samples is 3."),
    ("样品数量为5件。", "The number of samples is six."),
    ("应在20个工作日内完成。", "Must be completed within 20 days."),
    ("证书有效期为三年。", "The certificate is valid for five years."),
    ("依据GB 27887—2024。", "According to GB 27887-2011."),
    ("依据GB 27887—2024。", "According to GB/T 27887-2024."),
    ("依据CCAP-SB-3721：2018A。", "According to CCAP-SB-3721:2018."),
    ("依据GB 27887—2024。", "According to the standard."),
    ("保持24h", "held for 24 min"),
    ("限值5.0kN", "limit 50 kN"),
    ("限值5kN", "limit 5 MPa"),
    ("-40℃", "40 °C"),
    ("应及时完成。", "Must be completed within six months."),
    ("样品", "样品 sample"),
    ("样品", "<b>Sample</b>"),
    ("样品", ""),
    ("样品", "Sample " * 40),
]


@pytest.mark.parametrize(("source", "target"), UNHARMED)
def test_a_faithful_translation_passes(source: str, target: str) -> None:
    assert find_harm(source, target) == ()


@pytest.mark.parametrize(("source", "target"), HARMED)
def test_a_harmed_translation_is_refused_with_the_reason(source: str, target: str) -> None:
    assert find_harm(source, target)


UNITS = [("mm", "mm"), ("kN", "kN"), ("个月", "months"), ("个工作日", "working days"), ("℃", "°C"), ("小时", "hours")]


@given(st.integers(2, 999), st.integers(2, 999), st.sampled_from(UNITS))
def test_a_number_with_its_unit_passes_only_unchanged(number: int, other: int, unit: tuple[str, str]) -> None:
    harm = find_harm(f"不得超过{number}{unit[0]}。", f"Not more than {other} {unit[1]}.")
    assert (harm == ()) == (number == other)


@given(st.integers(2, 999), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_a_unit_passes_only_unchanged(number: int, unit: tuple[str, str], other: tuple[str, str]) -> None:
    harm = find_harm(f"不得超过{number}{unit[0]}。", f"Not more than {number} {other[1]}.")
    assert (harm == ()) == (unit == other)


days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(days, days)
def test_a_date_passes_only_unchanged_in_any_spelling(day: date, other: date) -> None:
    source = f"自{day.year}年{day.month}月{day.day}日起实施。"
    american = f"{MONTHS[other.month]} {other.day}, {other.year}"
    for spelled in (say_day(other), american, other.isoformat()):
        assert (find_harm(source, f"Applies from {spelled}.") == ()) == (day == other)


years = st.integers(1990, 2035)
standards = st.builds("{}{}-{}".format, st.sampled_from(["GB ", "GB/T ", "QC/T "]), st.integers(1000, 39999), years)
codes = st.builds("CCAP-GZ-{}:{}".format, st.integers(1000, 9999), st.integers(2018, 2035))
words = st.sampled_from(
    ["试验按", "的规定，", "样品应符合", "和", "。", "5件", "XQ", "见https://www.cqc.com.cn/a?b=1 ", "\n"]
)
texts = st.lists(st.one_of(standards, codes, words), max_size=12).map("".join)


@given(texts)
def test_what_is_shielded_comes_back_unchanged(text: str) -> None:
    shielded = protect(text)
    assert restore(shielded.text, shielded.kept) == text


@given(standards, codes)
def test_nothing_that_must_not_change_is_shown_to_a_service(standard: str, code: str) -> None:
    shielded = protect(f"按{standard}和{code}的规定，见https://www.ccap.org.cn/a。")
    assert shielded.text == "按XQ1X和XQ2X的规定，见XQ3X。"


@pytest.mark.parametrize("answer", ["see XQ1X", "see XQ1X and XQ1X", "see XQ1X and XQ3X", "see XQ1X, XQ2X, XQ3X"])
def test_a_lost_doubled_or_invented_mark_is_noticed(answer: str) -> None:
    assert restore(answer, ("GB 1-2020", "GB 2-2020")) is None


@given(texts)
def test_segments_joined_are_the_text(text: str) -> None:
    assert join_segments(split_segments(text)).strip() == text.strip()


@given(st.text(alphabet="样品应当，。；\n|5 ", max_size=1500))
def test_no_segment_is_empty_or_too_long_for_a_request(text: str) -> None:
    segments = split_segments(text)
    assert all(segment.text.strip() and len(segment.text) <= 400 for segment in segments)
    assert "".join(join_segments(segments).split()) == "".join(text.split())
