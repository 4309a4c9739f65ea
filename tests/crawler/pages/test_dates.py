"""Dates as lists print them, and the year that a half date is given."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.dates import HalfDate, date_in_url, date_of_attributes, date_of_value, read_date, without_dates
from crawler.pages.families import read_article
from crawler.pages.general import with_years
from crawler.pages.lists.row import Row

DAYS = st.dates(date(2000, 1, 1), date(2039, 12, 31))


@given(
    DAYS, st.sampled_from(["{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m:02}.{d:02}", "{y}年{m}月{d}日", "[{y}-{m}-{d}]"])
)
def test_every_printed_form_of_a_day_is_that_day(day: date, form: str) -> None:
    printed = form.format(y=day.year, m=day.month, d=day.day)
    assert read_date(printed) == day
    assert read_date(f"发布时间：{printed} 09:30:12") == day
    assert without_dates(f"关于换版的公告（{printed.strip('[]')}）") == "关于换版的公告"


@given(st.dates(date(2001, 9, 10), date(2039, 12, 31)))
def test_milliseconds_and_seconds_are_days_in_china(day: date) -> None:
    midnight = (day - date(1970, 1, 1)).days * 86_400 - 8 * 3600
    assert date_of_value(midnight * 1000) == day
    assert date_of_value(str(midnight + 86_399)) == day


@pytest.mark.parametrize(
    ("printed", "half"),
    [("[03-18]", HalfDate(3, 18)), ("3月18日", HalfDate(3, 18)), ("(12/31)", HalfDate(12, 31)), ("第3-18条", None)],
)
def test_half_dates_stand_by_themselves(printed: str, half: HalfDate | None) -> None:
    assert read_date(printed) == half


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("/www/chinese/c/2025-03-18/558213.shtml", date(2025, 3, 18)),
        ("/zwgk/202503/t20250318_558213.html", date(2025, 3, 18)),
        ("/art/2025/3/18/art_12_345.html", date(2025, 3, 18)),
        ("/info/1042/3121.htm", None),
    ],
)
def test_an_address_may_carry_its_day(url: str, day: date | None) -> None:
    assert date_in_url(url) == day


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.integers(0, 300))
def test_a_list_from_new_to_old_gets_its_years_back(gaps: list[int], age: int) -> None:
    today, days = date(2025, 11, 24), []
    day = today - timedelta(days=min(age, 40))
    for gap in gaps:
        days.append(day)
        day -= timedelta(days=gap)
    assert [row.published for row in with_years(_halved(days), today)] == days


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_neighbours_that_changed_places_keep_their_years(gaps: list[int]) -> None:
    today, days = date(2025, 11, 24), [date(2025, 11, 20)]
    for gap in gaps:
        days.append(days[-1] - timedelta(days=gap))
    for index in range(0, len(days) - 1, 2):
        days[index], days[index + 1] = days[index + 1], days[index]
    read = [row.published for row in with_years(_halved(days), today)]
    assert read == days


def _halved(days: list[date]) -> list[Row]:
    return [Row(f"公告{n}", f"http://a.cn/show?id={n}", HalfDate(d.month, d.day), False) for n, d in enumerate(days)]


@pytest.mark.parametrize(
    "text", ["16 Sep 2026", "Sep 16, 2026", "16-September-2026", "Published on 16th Sept. 2026", "september 16 2026"]
)
def test_day_in_english_is_read(text: str) -> None:
    assert read_date(text) == date(2026, 9, 16)


@pytest.mark.parametrize(
    ("attributes", "day"),
    [
        ({"data-time": "1789520400"}, date(2026, 9, 16)),
        ({"datetime": "2026-09-16T09:00:00+08:00"}, date(2026, 9, 16)),
        ({"data-publish-time": "1789520400000"}, date(2026, 9, 16)),
        ({"data-id": "1789520400"}, None),
        ({"data-time": "12"}, None),
    ],
)
def test_day_that_an_element_carries_for_a_script_is_read(attributes: dict[str, str], day: date | None) -> None:
    assert date_of_attributes(attributes) == day


@pytest.mark.parametrize(
    ("info", "url", "day"),
    [
        ("发布时间：03-05 来源：某中心", "/a/558988.html", date(2026, 3, 5)),
        ("发布时间：2026-03-05 09:30", "/a/558988.html", date(2026, 3, 5)),
        ("发布日期 03-04", "/2026/558988.html", date(2026, 3, 4)),
        ("发布日期：03-04", "/a/558988.html", None),
    ],
)
def test_the_day_of_a_head_is_never_that_of_another_notice_in_the_text(info: str, url: str, day: date | None) -> None:
    title = "关于更正《关于标准换版工作的通知》的公告"
    lines = (
        "各获证组织：",
        "我中心2026年3月3日发布的通知有误，现更正如下：期限为5月31日。",
        "某某认证中心",
        "2026年3月5日",
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<title>{title}</title><div><h1>{title}</h1><div>{info}</div><div id=zoom>{body}</div></div>"
    article = read_article(page.encode(), f"http://x.example{url}", "general")
    assert article.published == day
