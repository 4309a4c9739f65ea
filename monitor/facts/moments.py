"""When: the moments that a sentence names, each as from, until, at, after or between.

A moment is a date, a period from a known day, a pointer to a day named elsewhere (届时, 实施之日, 过渡期内), or
an event that only a certificate's own calendar fixes. What happens at the moment is decided in roles.py.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from monitor.facts.text.lexicon import MARKS, Tokens, grammar
from monitor.facts.text.lines import Sentence
from monitor.notation.dates import Day, Period, PrintedDate, add_period, resolve


class Kind(Enum):
    """How a moment bounds what the sentence says; the letter stands for it in the notations of roles.txt."""

    FROM = "F"
    AFTER = "X"
    UNTIL = "U"
    AT = "A"
    RANGE = "R"


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
    """A moment in a sentence: words start to end. `first` and `last` differ only for a range.

    `is_window`: the words name a transition; `is_reference`: they point at a day that is stated elsewhere;
    `is_event`: only a certificate's own calendar fixes it; `dates` are the places in the text of the dates that it
    was read from.
    """

    kind: Kind
    start: int
    end: int
    first: When | None
    last: When | None
    is_window: bool = False
    is_reference: bool = False
    is_pointer: bool = False
    is_event: bool = False
    dates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The discourse table of a notice, as far as it is known when a sentence is read.

    `effective` is the day of coming into force, by whose it is ("" where the text has only one); `years` the last
    date with a year before the sentence, `pointed` the day named last; `latest` the latest day on which anything
    is published or comes into force. `is_aside` says that the title announces something else than a rule or a standard
    (a holiday, a course), `is_draft` that it only asks for comments.
    """

    published: date | None = None
    effective: dict[str, When] = field(default_factory=dict)
    transition_end: When | None = None
    deadline: When | None = None
    years: date | None = None
    is_aside: bool = False
    latest: date | None = None
    is_draft: bool = False
    pointed: When | None = None


def moments_of(sentence: Sentence, known: Known) -> tuple[Moment, ...]:
    """Return the moments of a sentence in order; they do not overlap."""
    if not _HINT.search(sentence.tokens.classes):
        return ()
    reader = _Reader(sentence, known)
    found = (reader.read(match) for match in _MOMENT.finditer(sentence.tokens.classes))
    return _bounded_alike([moment for moment in found if moment is not None], sentence.tokens.classes)


def is_fixed(sentence: Sentence) -> bool:
    """Return whether all moments of a sentence are days with their year: what else is known changes nothing."""
    dates = (thing for thing in sentence.marked.things if isinstance(thing, PrintedDate))
    return not _RELATIVE.search(sentence.tokens.classes) and all(date.year and not date.reckoned for date in dates)


def _bounded_alike(moments: list[Moment], classes: str) -> tuple[Moment, ...]:
    """分别应于D、D、D前: what bounds the last day of a list bounds them all."""
    for at in range(len(moments) - 2, -1, -1):
        here, there = moments[at], moments[at + 1]
        if here.kind is Kind.AT and there.kind is Kind.UNTIL and _LIST.fullmatch(classes, here.end, there.start):
            moments[at] = replace(here, kind=Kind.UNTIL)
    return tuple(moments)


def days_of(sentence: Sentence, known: Known) -> dict[int, Day | None]:
    """Return the day of each date by its place in the marked text; None where no day is fixed."""
    days: dict[int, Day | None] = {}
    if MARKS["D"] not in sentence.tokens.classes:
        return days
    before: date | None = None
    for index, thing in enumerate(sentence.marked.things):
        if isinstance(thing, PrintedDate):
            day = resolve(
                thing,
                before or (known.years if thing.reckoned.startswith("same") else None),
                known.published or known.years,
            )
            days[index] = _doubted(day, thing, before, known)
            before = day.first if day else before
    return days


def replaced_dates(sentence: Sentence) -> dict[int, int | None]:
    """Return the dates that a sentence replaces, by place → the place of the right one; None where there is none."""
    tokens = sentence.tokens
    found: dict[int, int | None] = {}
    if MARKS["D"] not in tokens.classes:
        return found
    for match in _CORRECTION.finditer(tokens.classes):
        found[tokens.starts[match.start("wrong")]] = tokens.starts[match.start("right")]
    for match in _FORMERLY.finditer(tokens.classes):
        found[tokens.starts[match.start("wrong")]] = tokens.starts[match.start("right")]
    for match in _VOID.finditer(tokens.classes):
        found.setdefault(tokens.starts[max(match.start("wrong"), match.start("put_off"))], None)
    return found


def letter_of(moment: Moment) -> str:
    """Return the letter that stands for a moment in the notations of roles.txt; E is an event."""
    return "E" if moment.is_event else moment.kind.value


class _Reader:
    """Reads the forms of `_MOMENT`, one method a form; remembers the base of the last period."""

    def __init__(self, sentence: Sentence, known: Known) -> None:
        self.sentence = sentence
        self.tokens: Tokens = sentence.tokens
        self.known = known
        self.days = days_of(sentence, known)
        self.replaced = replaced_dates(sentence)
        self.base: When | None = None

    def read(self, match: re.Match[str]) -> Moment | None:
        """Return the moment that a match of the grammar is, None where its day is not known."""
        for name in _FORMS:
            if match[name]:
                moment = getattr(self, f"_{name}")(match)
                return replace(moment, dates=self._dates(match)) if moment else None
        return None

    def _dates(self, match: re.Match[str]) -> tuple[int, ...]:
        span = range(*match.span())
        places = [self.tokens.starts[index] for index in span]
        return tuple(self.sentence.marked.starts[at] for at in places if at in self.days and at not in self.replaced)

    def _day(self, match: re.Match[str], group: str, first: bool = False) -> When | None:
        if not match[group]:
            return None
        place = self.tokens.starts[match.start(group)]
        if place in self.replaced:
            return None
        return when_of(self.days.get(place), first)

    def _begins_month(self, match: re.Match[str]) -> bool:
        """自次月一日: from the first of a month something begins; who had time had it until the eve."""
        day = self._day(match, "at_date", first=True)
        return bool(day and day.value.endswith("-01"))

    def _is_over(self, index: int) -> bool:
        """于9月30日24时关闭: the day itself still counts."""
        printed = self.sentence.marked.things[self.tokens.starts[index]]
        return isinstance(printed, PrintedDate) and printed.at_midnight

    def _is_span(self, index: int) -> bool:
        """三季度末完成, 上半年提交: what is done within a span is due by its end."""
        return bool(_SPAN.search(self.sentence.quote(index, index + 1)))

    def _days_after(self, base: When, match: re.Match[str], group: str) -> When | None:
        period = self.sentence.marked.things[self.tokens.starts[match.start(group)]]
        name = "effective" if base in self.known.effective.values() else "published"
        return _counted(base, period, name) if isinstance(period, Period) else None

    def _length(self, match: re.Match[str]) -> Moment | None:
        start = self._day(match, "span_date", first=True)
        start = start or (_published(self.known) if match["span_published"] else self._in_force(match))
        return self._windowed(match, start, "span")

    def _length_after(self, match: re.Match[str]) -> Moment | None:
        start = self._day(match, "span_from", first=True)
        return self._windowed(match, start, "span_after") if start else None

    def _windowed(self, match: re.Match[str], start: When, group: str) -> Moment | None:
        end = self._days_after(start, match, group)
        first = start if start.on else None
        return Moment(Kind.RANGE, match.start(), match.end(), first, end, is_window=True) if end else None

    def _range(self, match: re.Match[str]) -> Moment | None:
        first = self._day(match, "first", first=True)
        if match["first_release"]:
            first = _published(self.known)
        elif match["first_force"]:
            first = self._in_force(match)
        last = self._day(match, "second")
        return Moment(Kind.RANGE, match.start(), match.end(), first, last) if last else None

    def _period_moment(self, match: re.Match[str]) -> Moment | None:
        self.base = self._base_of(match)
        last = self._days_after(self.base, match, "period") if self.base else None
        if last is None:
            return None
        if match["base_date"] and self.base and _WINDOW_OF.search(self.tokens.classes, 0, match.start()):
            return self._windowed(match, self.base, "period")
        kind = Kind.FROM if match["after_period"] else Kind.UNTIL
        return Moment(kind, match.start(), match.end(), last, last)

    def _base_of(self, match: re.Match[str]) -> When | None:
        if match["base_date"]:
            return self._day(match, "base_date", first=True)
        if match["base_published"]:
            return _published(self.known)
        if match["base_effective"]:
            return self._in_force(match)
        if match["base_that"]:
            return self._pointed(match.start())
        if match["base_receipt"]:
            return When("receipt")
        return When("certificate_expiry" if match["base_expiry"] else "acceptance")

    def _bare(self, match: re.Match[str]) -> Moment | None:
        """12个月内: counted from the day of the period before, or of what the sentence named before."""
        if self.sentence.text[: self.tokens.starts[match.start()]].endswith(("第", "每")):
            return None
        base = self.base or self._named_base(match.start())
        last = self._days_after(base, match, "bare_period") if base else None
        return Moment(Kind.UNTIL, match.start(), match.end(), last, last) if last else None

    def _named_base(self, index: int) -> When | None:
        named = list(_BASE.finditer(self.tokens.classes, 0, index))
        if not named:
            return None
        if named[-1]["receipt"]:
            return When("receipt")
        return _published(self.known) if named[-1]["published"] else self._in_force(named[-1])

    def _event(self, match: re.Match[str]) -> Moment | None:
        when = When("next_surveillance" if match["surveillance"] else "certificate_expiry")
        return Moment(Kind.UNTIL, match.start(), match.end(), when, when, is_event=True)

    def _pointer(self, match: re.Match[str]) -> Moment | None:
        """此前, 此后, 届时, 同日: before, after, on the day that was named last."""
        kind = Kind.UNTIL if match["before_it"] else Kind.AFTER if match["after_it"] else Kind.AT
        kind = Kind.FROM if match["from_it"] else kind
        when = self._pointed(match.start())
        return Moment(kind, match.start(), match.end(), when, when, is_pointer=True) if when else None

    def _pointed(self, index: int) -> When | None:
        places = sorted(place for place, day in self.days.items() if day is not None)
        named = [place for place in places if place < self.tokens.starts[index] and place not in self.replaced]
        return when_of(self.days[named[-1]], first=True) if named else self.known.pointed

    def _window(self, match: re.Match[str]) -> Moment | None:
        end = self.known.transition_end
        return Moment(Kind.UNTIL, match.start(), match.end(), end, end, is_reference=True) if end else None

    def _release_day(self, match: re.Match[str]) -> Moment | None:
        self.base = when = _published(self.known)
        return Moment(Kind.FROM, match.start(), match.end(), when, when)

    def _force_day(self, match: re.Match[str]) -> Moment | None:
        self.base = when = (self.known.effective and self._in_force(match)) or None
        kind = Kind.UNTIL if match["force_before"] else Kind.AFTER if match["force_after"] else Kind.FROM
        return Moment(kind, match.start(), match.end(), when, when, is_reference=True) if when else None

    def _in_force(self, match: re.Match[str]) -> When:
        """The day of coming into force that the words mean: of the standard, of the rule, or the only one."""
        effective = self.known.effective
        if len(effective) == 1:
            return next(iter(effective.values()))
        words = self.tokens.said(match.start(), match.end())
        for name, pattern in (("standard", "标准|\ue002"), ("rule", "规则|细则|\ue001")):
            if re.search(pattern, words) and name in effective:
                return effective[name]
        return When("effective")

    def _dated(self, match: re.Match[str]) -> Moment | None:
        name, kind = next((name, kind) for name, kind in _BOUNDS if match[name])
        if (
            name in ("at", "after")
            and _STILL_NOT.match(self.tokens.classes, match.end())
            and not self._begins_month(match)
        ):
            kind = Kind.UNTIL
        if name == "at" and self._is_span(match.start("at_date")) and _DUE.match(self.tokens.classes, match.end()):
            kind = Kind.UNTIL
        if kind in (Kind.FROM, Kind.AT) and self._is_over(match.start(f"{name}_date")):
            kind = Kind.AFTER
        when = self._day(match, f"{name}_date", first=kind in (Kind.FROM, Kind.AT))
        return Moment(kind, match.start(), match.end(), when, when) if when else None


def last_year(sentence: Sentence, known: Known) -> date | None:
    """Return the last date that the sentence prints with its year."""
    printed = [t for t in sentence.marked.things if isinstance(t, PrintedDate) and t.year and t.month]
    day = resolve(printed[-1]) if printed else None
    return day.first if day else known.years


def last_day(sentence: Sentence, known: Known) -> When | None:
    """Return the last day that a sentence names, for 此前, 届时 and 同日 in the next."""
    replaced = replaced_dates(sentence)
    days = sorted(days_of(sentence, known).items(), reverse=True)
    return next((when_of(day, first=True) for place, day in days if day and place not in replaced), None)


def _doubted(day: Day | None, printed: PrintedDate, before: date | None, known: Known) -> Day | None:
    """A date without year that is past when it is published may be next year's."""
    if day is None or printed.year or printed.reckoned or before or known.published is None:
        return day
    return replace(day, sure=False) if day.last < known.published else day


def _counted(base: When, period: Period, dated: str) -> When | None:
    if base.on is None or period.unit == "wd":
        name = dated if base.value[:1].isdigit() else base.value
        return When(f"{name}+{period}", None, base.sure) if base.value else None
    end = add_period(base.on, period)
    return When(end.isoformat(), end, base.sure) if end else None


def when_of(day: Day | None, first: bool = False) -> When | None:
    """Return a day as the value of a fact: ISO, or YYYY-MM where only the month is named."""
    if day is None:
        return None
    on = day.first if first else day.last
    value = on.isoformat() if day.day else str(day)
    return When(value, on, day.sure, "" if day.sure else _a_year_later(day))


def _a_year_later(day: Day) -> str:
    later = add_period(day.first, Period(1, "y"))
    return later.isoformat() if later and day.day else ""


def _published(known: Known) -> When:
    if known.published is None:
        return When("published")
    return When(known.published.isoformat(), known.published)


_BOUNDS = (
    ("from", Kind.FROM),
    ("after", Kind.AFTER),
    ("until", Kind.UNTIL),
    ("by", Kind.UNTIL),
    ("at", Kind.AT),
)
_FORMS = (
    "length",
    "length_after",
    "range",
    "period_moment",
    "bare",
    "event",
    "pointer",
    "window",
    "release_day",
    "force_day",
    "dated",
)

_RELEASED = "(?:(?:zz? (?:@paper|new)? release|zz? notice) zhiri|today)"
_LOOSELY = f"(?:{_RELEASED}|zz? notice? release(?= after|start))"
_FORCE = "(?:zz?(?:@text|T|S|C|V){0,3} de? force (?:zhiri|day)?)"
_FORCE_DAY = "(?:zz?(?:@text|T|S|C|V){0,3} de? force (?:zhiri|day))"
_RECEIVED = "(?:receive [^,;.:]{0,6}?(?:zhiri|(?=after|P|within)))"
_SURV = "(?:next* de?(?:surv|yearly_surv|(?<=next)inspect))"
_NEXT = "(?:next+ de?(?:surv|yearly_surv|inspect)|yearly_surv)"
_BEFORE = "(?:force|finish|start|expire|zz)? before"
_DURING = "(?:during|within|end)"
_EXPIRES = (
    "(?:cert? de?(?:expiry expire?|(?<=cert)expire) zhiri? before|(?:at|until) old? cert? expiry expire zhiri? end?)"
)
_NOTE = "(?:open [^D]{0,6}? close)?"
_NAMED = "(?:[^,;.D]{0,5}? zhiri open)?"
_MOMENT = grammar(
    rf"""
    (?P<length>(?P<span>P) de? change? window? (?:,|open)? from (?:(?P<span_date>D)
      |(?P<span_published>{_RELEASED})|{_FORCE}) (?:start)? close? (?!start|,? until))
  | (?P<length_after>from?(?P<span_from>D) start ,?(?:zz|is|day){{1,2}}(?P<span_after>P)(?!within|after) de? window?)
  | (?P<range>(?:from|at|by_whom)?(?:{_NAMED}(?P<first>D) close? start?|(?P<first_release>{_RELEASED}) start?
    |(?P<first_force>{_FORCE_DAY}) start?)
        ,?(?:until|close) {_NAMED}(?P<second>D) close?(?:end|during|before|within)?)
  | (?P<period_moment>(?:from|at)?(?:(?P<base_date>D)|(?P<base_published>{_LOOSELY})
    |(?P<base_receipt>{_RECEIVED})|(?P<base_effective>{_FORCE}|zz? requirement zhiri)
        |(?P<base_expiry>expiry expire? zhiri?|cert expire zhiri?)|(?P<base_that>that_day|this_after)|take zhiri?)
        {_NOTE}(?:start|after)?(?:de|,)?(?P<period>P)(?:(?P<after_period>expire? after)|within|end|before)?)
  | (?P<bare>at?(?P<bare_period>P) within)
  | (?P<event>(?:at|along|until|to)?(?:(?P<surveillance>{_SURV} {_BEFORE}|{_NEXT} {_DURING}
        |(?<=along)next+ de?(?:surv|yearly_surv)(?=finish)|(?<=after de){_NEXT}(?=finish|zz))|{_EXPIRES}))
  | (?P<pointer>(?:at|from)?(?:(?P<before_it>this_before|that_day before)|(?P<after_it>this_after
    |that_day after)|(?P<from_it>that_day start)|that_day))
  | (?P<window>(?:at|that_day|zz)?window (?:expire? before|within (?!open)))
  | (?P<release_day>from?{_RELEASED} (?:start|after) (?!P))
  | (?P<force_day>(?:from|at)?{_FORCE_DAY}(?:start|(?P<force_before>before)|(?P<force_after>after)))
  | (?P<dated>
        (?P<from>(?:by|from|at|by_whom|is|moved_to)?(?P<from_date>D) close? zhiri? start)
      | (?P<after>(?:from|at)?(?P<after_date>D) after)
      | (?P<until>(?:by|until|close at?|at|moved_to)?(?P<until_date>D){_NOTE}(?:before|end|within|close
        |this_before)(?:open [^D]{{0,3}} close)?)
      | (?P<by>(?:by at?|until|close (?:until|at|is)?|moved_to)(?P<by_date>D))
      | (?P<at>at?(?P<at_date>D)))
    """
)
_HINT = grammar("D|P|today|zhiri|surv|yearly_surv|next|expiry|expire|window|this_before|this_after|that_day|force")
_RELATIVE = grammar(
    "P|today|zhiri|surv|yearly_surv|next|expiry|expire|window|this_before|this_after|that_day|force day"
)
_BASE = grammar(
    "(?P<receipt>receive)|(?P<published>notice release after|release zhiri)|(?P<effective>"
    + _FORCE
    + " (?:after|start|,))"
)
_LIST = grammar("and")
_WINDOW_OF = grammar("window(?:is|:)?$")
_SPAN = re.compile("(?:末|底|半年|年内|月内)$")
_DUE = grammar("zz?(?:finish|submit|apply|change|obtain)")
_STILL_NOT = grammar(",? during? still_not")
_RIGHT = "(?:right|become|moved_to|shift (?:P ,? is?)?(?:until|is|become))"
_CORRECTION = grammar(
    rf"""(?P<wrong>D)(?:(?:(?!,[^,.;]{{0,4}}(?:window|change|end_day|close|product|take|old
      |cert))[^.;D]){{0,16}}?{_RIGHT}|[^.;D]{{0,12}}? wrong [,;.]?[^.;D]{{0,4}}? (?:right
      |is))[^.;D]{{0,12}}?(?P<right>D)"""
)
"""The right date of a correction, or the later one of a postponement, stands for the wrong one too."""

_FORMERLY = grammar("(?P<right>D)[^D,;.]{0,3} open old is? (?P<wrong>D) close")
_VOID = grammar(
    r"""(?:original|old) at? (?P<wrong>D)(?=[^.;D]{0,10}?(?:stop|abolish|no))
      |original? (?P<put_off>D) start?(?:(?!submit|finish|apply|not_done)[^.;D]){0,20}?(?:(?<!stop)(?<!no)(?<!fail)
        delay(?! apply)|denied_will)
        (?!until|is|become|[^.]{0,12}D)"""
)
"""A date that no longer holds and has no successor."""
