"""When: the moments that a sentence names, each as from, until, at or between.

A moment is a date, a period from a known day, or an event that only a certificate's own calendar fixes. What
happens at the moment is read elsewhere (`timing.py`).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from monitor.facts.marks import DATE, PERIOD
from monitor.facts.sentences import Sentence
from monitor.notation.dates import Day, Period, PrintedDate, add_period, resolve


class Kind(Enum):
    """How a moment bounds what the sentence says."""

    FROM = "from"
    AFTER = "after"
    UNTIL = "until"
    AT = "at"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class When:
    """A day or a symbol; `on` is None for a symbol. `other` is a second reading that is as likely."""

    value: str
    on: date | None = None
    sure: bool = True
    other: str = ""

    def eve(self) -> "When":
        """Return the day before."""
        return When((self.on - timedelta(days=1)).isoformat(), None, self.sure) if self.on else self


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in a sentence: text[start:end]. `first` and `last` differ only for a range."""

    kind: Kind
    start: int
    end: int
    first: When | None
    last: When | None
    is_window: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the whole text when a sentence is read."""

    published: date | None = None
    effective: When | None = None
    transition_start: When | None = None
    transition_end: When | None = None
    years: date | None = field(default=None)


def moments_of(sentence: Sentence, known: Known) -> tuple[Moment, ...]:
    """Return the moments of a sentence in order; they do not overlap."""
    days = _days(sentence, known)
    found: list[Moment] = []
    for match in _MOMENT.finditer(sentence.text):
        moment = _moment(match, days, sentence, known)
        if moment is not None:
            found.append(moment)
    return tuple(found)


def last_day(sentence: Sentence, known: Known) -> date | None:
    """Return the last date with a year that the sentence prints."""
    days = [day for day in _days(sentence, known).values() if day]
    return days[-1].first if days else None


def _days(sentence: Sentence, known: Known) -> dict[int, Day | None]:
    """Resolve each date mark; the right date of a correction stands for the wrong one too."""
    days: dict[int, Day | None] = {}
    before: date | None = None
    for index, thing in enumerate(sentence.marked.things):
        if isinstance(thing, PrintedDate):
            day = resolve(thing, before, known.published or known.years)
            days[index] = _doubted(day, thing, before, known)
            before = day.first if day else before
    for match in _CORRECTION.finditer(sentence.text):
        days[match.start("wrong")] = days.get(match.start("right"))
    for match in _POSTPONED.finditer(sentence.text):
        days[match.start("wrong")] = None
    return days


def _doubted(day: Day | None, printed: PrintedDate, before: date | None, known: Known) -> Day | None:
    """A date without year that is past when it is published may be next year's."""
    if day is None or printed.year or printed.reckoned or before or known.published is None:
        return day
    return replace(day, sure=False) if day.last < known.published else day


def _moment(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    for name, read in _READERS:
        if match[name]:
            return read(match, days, sentence, known)
    return None


def _between(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    if match["first"]:
        first = _when(days.get(match.start("first")), first=True)
    else:
        first = _published(known)
    last = _when(days.get(match.start("second")))
    return Moment(Kind.RANGE, match.start(), match.end(), first, last) if last else None


def _period(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    period = sentence.marked.things[match.start("period")]
    if not isinstance(period, Period):
        return None
    first = _base(match, days, known)
    last = _counted(first, period)
    kind = Kind.FROM if match["after_period"] else Kind.UNTIL
    return Moment(kind, match.start(), match.end(), first if kind is Kind.UNTIL else last, last) if last else None


def _base(match: re.Match[str], days: dict[int, Day | None], known: Known) -> When:
    if match["base_date"]:
        return _when(days.get(match.start("base_date")), first=True) or When("")
    if match["base_published"]:
        return _published(known)
    if match["base_effective"]:
        return known.effective or When("effective")
    if match["base_receipt"]:
        return When("receipt")
    return When("certificate_expiry" if match["base_expiry"] else "acceptance")


def _counted(base: When, period: Period) -> When | None:
    if not base.value:
        return None
    if base.on is None or period.unit == "wd":
        name = base.value if not base.value[:1].isdigit() else "published"
        return When(f"{name}+{period}", None, base.sure)
    end = add_period(base.on, period)
    return When(end.isoformat(), end, base.sure) if end else None


def _length(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    """12个月，自…起计算: a window by its length and its beginning."""
    period = sentence.marked.things[match.start("span")]
    if match["span_date"]:
        first = _when(days.get(match.start("span_date")), first=True)
    else:
        first = _published(known) if match["span_published"] else known.effective or When("effective")
    last = _counted(first, period) if first and isinstance(period, Period) else None
    return (
        Moment(Kind.RANGE, match.start(), match.end(), first if first and first.on else None, last, True)
        if last
        else None
    )


def _event(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    value = When("next_surveillance" if match["surveillance"] else "certificate_expiry")
    return Moment(Kind.UNTIL, match.start(), match.end(), value, value)


def _window(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    end = known.transition_end
    return Moment(Kind.UNTIL, match.start(), match.end(), end, end) if end else None


def _release_day(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    when = _published(known)
    return Moment(Kind.FROM, match.start(), match.end(), when, when)


def _force_day(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    when = known.effective
    return Moment(Kind.FROM, match.start(), match.end(), when, when) if when else None


def _dated(match: re.Match[str], days: dict[int, Day | None], sentence: Sentence, known: Known) -> Moment | None:
    for name, kind in (
        ("from", Kind.FROM),
        ("after", Kind.AFTER),
        ("until", Kind.UNTIL),
        ("by", Kind.UNTIL),
        ("at", Kind.AT),
    ):
        if match[name]:
            day = days.get(match.start(f"{name}_date"))
            if name in ("at", "after") and _STILL_NOT.match(sentence.text, match.end()):
                kind = Kind.UNTIL
            when = _when(day, first=kind in (Kind.FROM, Kind.AT))
            return Moment(kind, match.start(), match.end(), when, when) if when else None
    return None


def _when(day: Day | None, first: bool = False) -> When | None:
    if day is None:
        return None
    other = (
        ""
        if day.sure or not day.day
        else str(replace(day, year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day))
    )
    return When(str(day), day.first if first or day.day else day.last, day.sure, other)


def _published(known: Known) -> When:
    if known.published is None:
        return When("published")
    return When(known.published.isoformat(), known.published)


D, P = DATE, PERIOD
_RELEASED = r"(?:本?(?:通知|公告|通告|规则|细则|文件|决定|标准|新版规则|新版标准)?(?:正式)?(?:发布|公布|印发|下发|发文)(?:之日|当日|日|之时)|即日)"
_IN_FORCE = r"(?:(?:本|新|新版|该|上述)?(?:国家|行业)?(?:通知|公告|规则|细则|标准|要求)?(?:正式)?(?:实施|施行|执行|生效)(?:之日|当日|日期|日)?)"
_SURVEILLANCE = (
    r"(?:下一?(?:次|个)?|最近一次|首次|第一次|本次|\ue005度|20\d\d年度|当年度?|年度|例行)?(?:的)?(?:年度|证后|获证后|例行|定期)?(?:的)?"
    r"(?:监督检查|跟踪检查|监督审核|监督评审|获证后监督|监督审查|年度监督|证后监督|跟踪审查|年度检查|年度审核|(?<=下次)监督|(?<=下一次)监督|(?<=下一次)工厂检查|(?<=下次)工厂检查)"
)
_LENGTH = (
    rf"(?P<span>{P})(?:的)?(?:转换|换版)?(?:过渡期限?|转换期限?|换版期)?[，（]?(?:自|从)(?:(?P<span_date>{D})|(?P<span_published>{_RELEASED})|(?P<span_effective>{_IN_FORCE}))"
    r"起?(?:开始)?(?:计算|算起|起算|算|计)?）?(?!，?[至到~-])"
)
_TO = r"(?:截至|截止到?|截止至|截止于|不迟于|不得迟于|不晚于|不得晚于|最迟应?于?|最晚应?于?|延至|延长至|止于|(?<=可)至|(?<=受理)至|(?<=采信)至|(?<=使用)至|(?<=有效)至|(?<=接受)至)"
_STILL_NOT = re.compile(r"，?(?:时)?(?:仍|尚|还)未")
_CORRECTION = re.compile(
    rf"(?P<wrong>{D})(?:[^。；{D}]{{0,30}}?(?:调整|变更|更改|修改|更正|改|顺延|延期|延长|推迟|延后|提前|展期|推后|订正|修正|延)(?:为|至|到)"
    rf"|[^。；{D}]{{0,30}}?(?:应为|应当为|现为|应更正为|系笔误，?(?:应为|正确(?:的)?(?:日期|时间)?(?:应)?[为是])|有误，?(?:应为|正确(?:的)?(?:日期|时间)?(?:应)?[为是])|误写，应为|更正后为))"
    rf"[^。；{D}]{{0,24}}?(?P<right>{D})"
)
_POSTPONED = re.compile(
    rf"(?P<wrong>{D})(?:起|开始)?[^。；{D}]{{0,40}}?(?:推迟|延期|暂缓|延后|延迟)(?!至|到)[^。；{D}]{{0,6}}(?:实施|施行|执行|生效|启用)?(?=[^{D}]*$)"
)
_MOMENT = re.compile(
    rf"""(?P<length>{_LENGTH})|(?P<range>(?:自|从|由|在|于)?(?:(?P<first>{D})(?:起|开始|始)?|(?P<first_release>{_RELEASED}起?))，?(?:至|到|~|-|—|截至|止于|延续至|持续至)(?P<second>{D})(?:止|为止|期间|之间|前|之前|以前|内)?)
      |(?P<period_moment>(?:自|从|于|在)?(?:(?P<base_date>{D})|(?P<base_published>{_RELEASED}|(?:本?(?:通知|公告|规则)?(?:发布|公布|印发))(?=后|起|之后))|(?P<base_receipt>(?:收到|接到|接收|收悉)[^，。；]{{0,14}}?(?:之日|当日|日)?)
           |(?P<base_effective>{_IN_FORCE})|(?P<base_expiry>证书(?:有效期)?(?:届满|到期)(?:之日)?)|(?P<base_acceptance>受理(?:之日)?))(?:起|之后|后|开始|始|起算)?(?:计算|的|，|算)?(?P<period>{P})(?:(?P<after_period>后|以后|之后|届满后)|之内|以内|内|止|期间内)?)
      |(?P<event>(?:在|于|结合|至|到)?(?:(?P<surveillance>{_SURVEILLANCE})(?:实施|进行|完成|开展|结束)?(?:之前|以前|前|时|中|同时|期间|的同时|一并)|(?P<expiry>(?:证书)?(?:的)?有效期(?:届满|到期|截止|满)?(?:日)?(?:之前|以前|前)|证书到期(?:之前|以前|前)|(?:证书)?有效期(?:届满|到期)(?:之日)?止?)))
      |(?P<window>(?:在|于)?(?:上述|该|规定的?|本)?(?:过渡期|转换期|转换期限|换版期|换版期限|过渡期限)(?:结束之?前|届满之?前|内|期间|之内|以内|结束|届满))
      |(?P<release_day>(?:自|从)?{_RELEASED}(?:起|开始)(?!{P}))
      |(?P<force_day>(?:自|从)?{_IN_FORCE}(?<=日|期)(?:起|开始))
      |(?P<dated>(?P<from>(?:自|从|于|在|由)?(?P<from_date>{D})(?:之日)?(?:起|开始|始))
        |(?P<after>(?:自|从|于|在)?(?P<after_date>{D})(?:以后|之后|后))
        |(?P<until>(?:{_TO}|至|到|在|于)?(?P<until_date>{D})(?:之前|以前|前(?!已|后)|止|为止|以内|截止|当日或之前))
        |(?P<by>{_TO}(?P<by_date>{D}))
        |(?P<at>(?P<at_date>{D})))
    """,
    re.VERBOSE,
)
_READERS = (
    ("length", _length),
    ("range", _between),
    ("period_moment", _period),
    ("event", _event),
    ("window", _window),
    ("release_day", _release_day),
    ("force_day", _force_day),
    ("dated", _dated),
)
