"""Every printed form of a day is that day; periods follow the Civil Code."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notation.dates import Period, add_period, days_in, locate_dates, locate_periods, parse_date, resolve

days = st.dates(date(1990, 1, 1), date(2059, 12, 31))
DIGITS = "〇一二三四五六七八九"
PUBLISHED = date(2026, 3, 2)


def chinese(number: int) -> str:
    """Print a number below 100 positionally."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def in_han(day: date) -> str:
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{chinese(day.month)}月{chinese(day.day)}日"


def in_wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


FORMS = [
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d.year}年\n{d.month}月{d.day}\n日",
    lambda d: f"{d.year}年{d.month}月{d.day}号",
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}．{d.month:02}．{d.day:02}",
    lambda d: f"{d.year}－{d.month:02}－{d.day:02}",
    lambda d: in_wide(f"{d.year}年{d.month}月{d.day}日"),
    in_han,
    lambda d: in_han(d).replace("〇", "○"),
    lambda d: in_han(d).replace("〇", "零"),
]


@pytest.mark.parametrize("form", FORMS)
@given(day=days)
def test_every_printed_form_is_the_same_day(form, day: date) -> None:  # type: ignore[no-untyped-def]
    text = f"自{form(day)}起实施"
    (found,) = locate_dates(text)
    assert resolve(found) is not None
    assert str(resolve(found)) == day.isoformat()
    assert text[found.start : found.end].strip("自起") == text[found.start : found.end]
    assert parse_date(form(day)) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7月1日", "2026-07-01"),
        ("2026年11月", "2026-11"),
        ("2026年底", "2026-12-31"),
        ("年底前", "2026-12-31"),
        ("今年年底", "2026-12-31"),
        ("2027年3月底", "2027-03-31"),
        ("2028年2月末", "2028-02-29"),
        ("本月底", "2026-03-31"),
        ("下月15日", "2026-04-15"),
        ("次年1月1日", "2027-01-01"),
        ("明年6月底", "2027-06-30"),
        ("2026年第三季度末", "2026-09-30"),
        ("2026年上半年", "2026-06-30"),
        ("2026年7月1日（含）", "2026-07-01"),
        ("2026年7月1日（不含）", "2026-06-30"),
    ],
)
def test_half_and_relative_dates(text: str, meant: str) -> None:
    (found,) = locate_dates(text)
    assert str(resolve(found, None, PUBLISHED)) == meant


def test_a_date_without_year_takes_the_year_before_it() -> None:
    first, second = locate_dates("2027年7月1日至12月31日")
    before = resolve(first)
    assert before is not None
    assert str(resolve(second, before.first, PUBLISHED)) == "2027-12-31"


def test_a_date_that_no_calendar_has_is_not_sure() -> None:
    (found,) = locate_dates("2026年6月31日")
    day = resolve(found)
    assert day is not None
    assert (str(day), day.sure) == ("2026-06-30", False)


@pytest.mark.parametrize("text", ["2026年度", "第10号", "3.5.1", "电话010-63720000", "GB 7258-2017", "2026版", "20周"])
def test_what_is_no_date(text: str) -> None:
    assert list(locate_dates(text)) == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("6个月内", Period(6, "m")),
        ("六个月内", Period(6, "m")),
        ("十二个月", Period(12, "m")),
        ("半年内", Period(6, "m")),
        ("一年内", Period(1, "y")),
        ("一年半", Period(18, "m")),
        ("30个工作日内", Period(30, "wd")),
        ("十五个工作日", Period(15, "wd")),
        ("30日内", Period(30, "d")),
        ("九十天", Period(90, "d")),
        ("两周", Period(2, "w")),
        ("18个月的过渡期", Period(18, "m")),
        ("六（6）个月", Period(6, "m")),
    ],
)
def test_periods_are_read(text: str, period: Period) -> None:
    assert [found.period for found in locate_periods(text)] == [period]


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2026, 3, 2), Period(6, "m"), date(2026, 9, 2)),
        (date(2026, 8, 31), Period(6, "m"), date(2027, 2, 28)),
        (date(2028, 2, 29), Period(1, "y"), date(2029, 2, 28)),
        (date(2026, 3, 2), Period(30, "d"), date(2026, 4, 1)),
        (date(2026, 3, 2), Period(2, "w"), date(2026, 3, 16)),
        (date(2026, 3, 2), Period(30, "wd"), None),
    ],
)
def test_periods_end_as_the_civil_code_says(start: date, period: Period, end: date | None) -> None:
    assert add_period(start, period) == end


@given(days, st.integers(1, 120))
def test_months_end_on_the_corresponding_day_or_the_last(start: date, count: int) -> None:
    end = add_period(start, Period(count, "m"))
    assert end is not None
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == min(start.day, days_in(end.year, end.month))


@given(days, st.integers(1, 30))
def test_a_year_is_twelve_months(start: date, count: int) -> None:
    assert add_period(start, Period(count, "y")) == add_period(start, Period(12 * count, "m"))


@given(days, st.integers(1, 400), st.integers(1, 400))
def test_days_add_up(start: date, one: int, other: int) -> None:
    first = add_period(start, Period(one, "d"))
    assert first is not None
    assert add_period(first, Period(other, "d")) == start + timedelta(days=one + other)


@given(st.text())
def test_no_text_stops_the_search(text: str) -> None:
    for found in locate_dates(text):
        assert 0 <= found.start < found.end <= len(text)
        resolve(found, None, PUBLISHED)
    for period in locate_periods(text):
        assert text[period.start : period.end]


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("2026年第四季度", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026年上半年", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026年第三季度末", date(2026, 9, 30), date(2026, 9, 30)),
        ("2027年元旦", date(2027, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_quarter_has_a_first_and_a_last_day(printed: str, first: date, last: date) -> None:
    (found,) = locate_dates(printed)
    day = resolve(found)
    assert day is not None
    assert (day.first, day.last) == (first, last)
