"""Dates and periods as certification texts print them, and what day they mean.

Two steps, because the meaning of 12月31日, 次年 or 下月 rests on what stands before: `locate_dates` says what is
printed and where, `resolve` says which day that is. Periods follow the Civil Code, articles 200 to 204.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.notation.numerals import NUMBER, NUMERAL, read_number
from monitor.notation.text import fold

YEARS = range(1949, 2100)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a month where `day` is None. `sure` is False where it could be another.

    `months` is how many months the words name that the day ends: three for 第四季度, six for 下半年.
    """

    year: int
    month: int
    day: int | None = None
    sure: bool = True
    months: int = 0

    @property
    def first(self) -> date:
        """The day itself, the first of the month, or the first of the quarter or half year."""
        if self.months:
            return date(self.year, self.month - self.months + 1, 1)
        return date(self.year, self.month, self.day or 1)

    @property
    def last(self) -> date:
        """The day itself, or the last of the month."""
        return date(self.year, self.month, self.day or days_in(self.year, self.month))

    def __str__(self) -> str:
        return self.last.isoformat() if self.day else f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed: text[start:end]. What is not printed is None.

    `reckoned` is what a relative word rests on: next_year, this_year, next_month, this_month, same_day, same_year
    … `edge` says which day of its month a date without day is. `months` is the length of the quarter or half year
    that the words name; `at_midnight` says that the day is over (24时).
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    reckoned: str = ""
    edge: str = ""
    excluded: bool = False
    months: int = 0
    at_midnight: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: a count of d, wd (working days), w, m or y."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class PrintedPeriod:
    """A period and where it stands."""

    start: int
    end: int
    period: Period


def days_in(year: int, month: int) -> int:
    """Return how many days the month has."""
    return calendar.monthrange(year, month)[1]


def add_period(start: date, period: Period) -> date | None:
    """Return the last day of a period counted from `start` (Civil Code 200-204); None for working days.

    The first day is not counted; a period of months or years ends on the corresponding day, or on the last
    day of the month where there is none.
    """
    try:
        if period.unit in ("d", "w"):
            return start + timedelta(days=period.count * (7 if period.unit == "w" else 1))
        if period.unit in ("m", "y"):
            return add_months(start, period.count * (12 if period.unit == "y" else 1))
    except (OverflowError, ValueError):
        return None
    return None


def add_months(start: date, months: int) -> date:
    """Return the corresponding day some months later, or the end of that month (Civil Code, article 202)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, days_in(year, month + 1)))


def locate_dates(text: str) -> Iterator[PrintedDate]:
    """Yield every printed date with its place; a year alone is none."""
    folded = fold(text)
    for match in _DATE.finditer(folded):
        printed = _printed(match)
        if printed is not None:
            yield printed


def locate_periods(text: str) -> Iterator[PrintedPeriod]:
    """Yield every printed length of time with its place (6个月, 三十日, 半年, 一年, 30个工作日)."""
    for match in _PERIOD.finditer(fold(text)):
        period = _period(match)
        if period is not None:
            yield PrintedPeriod(match.start(), match.end(), period)


def parse_date(text: str) -> date | None:
    """Return the one full date that a cell or label prints, or None."""
    found = list(locate_dates(text))
    day = resolve(found[0]) if len(found) == 1 else None
    return day.first if day and day.day else None


def resolve(printed: PrintedDate, before: date | None = None, published: date | None = None) -> Day | None:
    """Return the day that is meant; None where the text alone does not fix one.

    `before` is the date that stands before in the text; without it a date without year takes the year of
    publication (FACTS.md, "Dates").
    """
    base = before or published
    if printed.reckoned in ("this_year", "coming_year", "next_month", "this_month", ""):
        base = published or before if printed.reckoned else base
    if printed.reckoned == "same_day":
        return Day(base.year, base.month, base.day) if base else None
    year, month = _year_and_month(printed, base)
    if year is None or month is None or year not in YEARS:
        return None
    return _in_month(year, month, printed)


def _in_month(year: int, month: int, printed: PrintedDate) -> Day:
    if printed.edge == "end":
        return Day(year, month, days_in(year, month), months=printed.months)
    if printed.day is None:
        return Day(year, month, sure=printed.edge != "vague")
    last = days_in(year, month)
    day = Day(year, month, min(printed.day, last), sure=printed.day <= last)
    if not printed.excluded:
        return day
    eve = day.first - timedelta(days=1)
    return Day(eve.year, eve.month, eve.day, day.sure)


def _year_and_month(printed: PrintedDate, base: date | None) -> tuple[int | None, int | None]:
    year, month = printed.year, printed.month
    if year is None and base is not None:
        year = base.year + (1 if printed.reckoned in ("next_year", "coming_year") else 0)
    if month is None and base is not None and printed.reckoned.endswith("month"):
        ahead = base.month + (1 if printed.reckoned == "next_month" else 0)
        return base.year + (ahead - 1) // 12, (ahead - 1) % 12 + 1
    return year, month


def _printed(match: re.Match[str]) -> PrintedDate | None:
    year = _year(match["year"] or match["iso_year"])
    if (match["year"] or match["iso_year"]) and year is None:
        return None
    month = _number(match["month"] or match["iso_month"])
    day = _number(match["day"] or match["iso_day"] or match["bare_day"] or match["span_day"])
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    place = PrintedDate(
        match.start(),
        match.end(),
        year,
        month,
        day,
        reckoned=_reckoned(match),
        excluded="不含" in (match["note"] or ""),
        at_midnight=bool(re.search("24时|二十四时|24:00", match["note"] or "")),
    )
    return _with_edge(place, match)


def _with_edge(place: PrintedDate, match: re.Match[str]) -> PrintedDate | None:
    if match["this_end"]:
        return replace(place, edge="end")
    if match["month_edge"]:
        return replace(place, edge="end" if match["month_edge"] in ("底", "末") else "vague")
    if match["year_edge"]:
        return replace(place, month=12, day=31)
    if match["new_year"]:
        return replace(place, month=1, day=1)
    if match["quarter"]:
        months = 0 if match["quarter_end"] else 3
        return replace(place, month=3 * (_number(match["quarter"]) or 4), edge="end", months=months)
    if match["half"]:
        months = 0 if match["half_end"] else 6
        return replace(place, month=6 if match["half"] == "上" else 12, edge="end", months=months)
    return place


def _reckoned(match: re.Match[str]) -> str:
    if match["same_day"]:
        return "same_day"
    if match["span_day"]:
        return "same_month"
    word = match["relative"] or match["relative_month"] or ""
    return _RECKONED.get(re.sub(r"[\s的]", "", word), "")


def _year(printed: str | None) -> int | None:
    year = _number(printed)
    return year if year in YEARS else None


def _number(printed: str | None) -> int | None:
    return read_number(printed.translate(_SPELLED)) if printed else None


def _period(match: re.Match[str]) -> Period | None:
    if match["half"]:
        return Period(6, "m")
    count = read_number(match["count"])
    unit = _UNITS[re.sub(r"\s", "", match["unit"])]
    if not 0 < (count or 0) <= _LONGEST[unit] or count is None:
        return None
    if unit == "q":
        return Period(3 * count, "m")
    if match["and_half"] and unit == "y":
        return Period(12 * count + 6, "m")
    return Period(count, unit)


_RECKONED = {
    "今年": "this_year",
    "本年": "this_year",
    "本年度": "this_year",
    "当年": "same_year",
    "同年": "same_year",
    "该年": "same_year",
    "次年": "next_year",
    "翌年": "next_year",
    "第二年": "next_year",
    "明年": "coming_year",
    "下月": "next_month",
    "下个月": "next_month",
    "次月": "next_month",
    "本月": "this_month",
    "这个月": "this_month",
    "当月": "same_month",
    "同月": "same_month",
}
_UNITS = {
    "个工作日": "wd",
    "工作日": "wd",
    "个自然日": "d",
    "自然日": "d",
    "日历日": "d",
    "个日历日": "d",
    "日": "d",
    "天": "d",
    "周": "w",
    "个星期": "w",
    "星期": "w",
    "个月": "m",
    "个自然月": "m",
    "月": "m",
    "个季度": "q",
    "年": "y",
    "个年度": "y",
}
_SPELLED = str.maketrans({"元": "一", "O": "〇", "о": "〇", "О": "〇"})
"""元月 is January; the letter O of three alphabets stands for a zero."""

_LONGEST = {"d": 3650, "wd": 3650, "w": 520, "m": 240, "q": 80, "y": 30}
"""Of each unit, the longest length of time; 2026年 is a year, not a period."""

_W = r"\s{0,3}"
_HAN_YEAR = r"[一二两][〇零一二三四五六七八九OoОо](?:[〇零一二三四五六七八九OОо]){2}"
_NUM = rf"(?:\d{{1,2}}|{NUMERAL}{{1,3}})"
_NOTE = (
    rf"(?:{_W}[(（]{_W}(?:不?含|包含|不包含|含当[日天]|包括当[日天]|星期[一二三四五六日天]|周[一二三四五六日天]|下同|北京时间)"
    rf"[^()（）]{{0,4}}[)）])?(?:{_W}(?:零时|零点|0时|0点|0?0:00|24时|二十四时|24:00))?"
)
_DATE = re.compile(
    rf"""(?<!\d)(?:(?<!\.)|(?<=\d\.)(?=(?:19|20)\d\d\s{{0,3}}年))(?:
        (?P<iso_year>(?:19|20)\d\d){_W}(?P<sep>[-./]){_W}(?P<iso_month>[01]?\d){_W}(?P=sep){_W}(?P<iso_day>[0-3]?\d)(?![\d]|\.\d)
      | (?:(?P<year>(?:\d\s?){{3}}\d|{_HAN_YEAR}){_W}年{_W}
          | (?P<relative>(?:今|明|次|翌|当|同|该|本)年|本年度|第二年){_W}的?{_W}
          | (?<![\d年]))
        (?:
          (?P<month>元|{_NUM}){_W}月(?!{_W}刊)(?:份)?{_W}(?:
              (?P<day>{_NUM}){_W}[日号](?!内)
            | (?P<month_edge>底|末|初|上旬|中旬|下旬)
            | (?=[^\d]|$))
          | (?P<year_edge>(?<=年)(?<!半年)(?:年)?{_W}[底末终](?!端|级)|年[底末终]|(?<=年)12月底)
          | 第?(?P<quarter>[一二三四1-4]){_W}季度{_W}(?P<quarter_end>末|底)?
          | (?P<half>[上下])半年{_W}(?P<half_end>末|底)?
          | (?P<new_year>元旦)
        )
      | (?P<relative_month>下个?月|本月|这个月|次月|当月|同月){_W}的?{_W}
          (?:(?P<bare_day>{_NUM}){_W}[日号]|(?P<this_end>底|末))
      | (?:(?<=日至)|(?<=日到)|(?<=日-)|(?<=日~))(?P<span_day>{_NUM}){_W}日(?!内)
      | (?P<same_day>同日|当日)(?=起|实施|施行|生效|废止|作废|停止|失效|执行|启用|终止|予以|,|，)
    )(?P<note>{_NOTE})""",
    re.VERBOSE,
)
_PERIOD = re.compile(
    rf"""(?<![\d.年月第〇零一二三四五六七八九十])(?:(?P<half>半年)|(?P<count>{NUMBER}){_W}(?:\(\d{{1,3}}\){_W})?(?P<unit>个工作日|工作日|个自然日|自然日|
        个?日历日|个自然月|个月|个季度|个年度|个?星期|周|天|日|年|月)(?P<and_half>半)?)
        (?=[^\d底末初]|$)""",
    re.VERBOSE,
)
