"""When: the moments that a sentence names, each as from, until, at or between.

A moment is a date, a period from a known day, or an event that only a certificate's own calendar fixes. What
happens at the moment is read elsewhere (`timing.py`).
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from monitor.facts.calendar import BASE, CORRECTION, HINT, LATEST, MOMENT, STILL_NOT, VOID
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
    """A moment in a sentence: text[start:end]. `first` and `last` differ only for a range.

    `is_window`: the words name a transition; `is_reference`: they point at a day that is stated elsewhere;
    `is_pointer`: they only point back at the day named before (此前, 此后).
    """

    kind: Kind
    start: int
    end: int
    first: When | None
    last: When | None
    is_window: bool = False
    is_reference: bool = False
    is_pointer: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the whole text when a sentence is read.

    `years` is the last date with a year before the sentence, `pointed` the day that the sentence before names last;
    `is_aside` says that the title announces something else than a rule or a standard (a holiday, a course, a draft).
    """

    published: date | None = None
    effective: When | None = None
    transition_end: When | None = None
    years: date | None = None
    is_aside: bool = False
    pointed: When | None = None


def moments_of(sentence: Sentence, known: Known) -> tuple[Moment, ...]:
    """Return the moments of a sentence in order; they do not overlap."""
    if not HINT.search(sentence.text):
        return ()
    reader = _Reader(sentence, known)
    found = (reader.read(match) for match in MOMENT.finditer(sentence.text))
    return tuple(moment for moment in found if moment is not None)


class _Reader:
    """Reads the forms of `calendar.MOMENT`, one method a form; remembers the base of the last period."""

    def __init__(self, sentence: Sentence, known: Known) -> None:
        self.sentence = sentence
        self.known = known
        self.days = _days(sentence, known)
        self.base: When | None = None

    def read(self, match: re.Match[str]) -> Moment | None:
        """Return the moment that a match of the grammar is, None where its day is not known."""
        for name in _FORMS:
            if match[name]:
                return getattr(self, f"_{name}")(match)  # type: ignore[no-any-return]
        return None

    def _day(self, match: re.Match[str], group: str, first: bool = False) -> When | None:
        return _when(self.days.get(match.start(group)), first) if match[group] else None

    def _is_over(self, index: int) -> bool:
        """于9月30日24时关闭: the day itself still counts."""
        printed = self.sentence.marked.things[index]
        return isinstance(printed, PrintedDate) and printed.at_midnight

    def _days_after(self, base: When, match: re.Match[str], group: str) -> When | None:
        period = self.sentence.marked.things[match.start(group)]
        name = "effective" if base == self.known.effective else "published"
        return _counted(base, period, name) if isinstance(period, Period) else None

    def _length(self, match: re.Match[str]) -> Moment | None:
        start = self._day(match, "span_date", first=True)
        start = start or (_published(self.known) if match["span_published"] else _in_force(self.known))
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
            first = self.known.effective
        last = self._day(match, "second")
        return Moment(Kind.RANGE, match.start(), match.end(), first, last) if last else None

    def _period_moment(self, match: re.Match[str]) -> Moment | None:
        self.base = self._base_of(match)
        last = self._days_after(self.base, match, "period") if self.base else None
        if last is None:
            return None
        kind = Kind.FROM if match["after_period"] else Kind.UNTIL
        return Moment(kind, match.start(), match.end(), last, last)

    def _base_of(self, match: re.Match[str]) -> When | None:
        if match["base_date"]:
            return self._day(match, "base_date", first=True)
        if match["base_published"]:
            return _published(self.known)
        if match["base_effective"]:
            return _in_force(self.known)
        if match["base_receipt"]:
            return When("receipt")
        return When("certificate_expiry" if match["base_expiry"] else "acceptance")

    def _bare(self, match: re.Match[str]) -> Moment | None:
        """12个月内: counted from the day of the period before, or of what the sentence named before."""
        base = self.base or self._named_base(self.sentence.text[: match.start()])
        last = self._days_after(base, match, "bare_period") if base else None
        return Moment(Kind.UNTIL, match.start(), match.end(), last, last) if last else None

    def _named_base(self, before: str) -> When | None:
        named = list(BASE.finditer(before))
        if not named:
            return None
        if named[-1]["receipt"]:
            return When("receipt")
        return _published(self.known) if named[-1]["published"] else _in_force(self.known)

    def _event(self, match: re.Match[str]) -> Moment | None:
        if match["yearly"] and LATEST.search(self.sentence.text, match.end()):
            return None
        when = When("next_surveillance" if match["surveillance"] else "certificate_expiry")
        return Moment(Kind.UNTIL, match.start(), match.end(), when, when)

    def _pointer(self, match: re.Match[str]) -> Moment | None:
        """此前, 此后: before and after the day that was named last."""
        kind = Kind.UNTIL if match["before_it"] else Kind.AFTER
        named = [day for index, day in sorted(self.days.items()) if index < match.start() and day is not None]
        when = _when(named[-1], first=True) if named else self.known.pointed
        return Moment(kind, match.start(), match.end(), when, when, is_pointer=True) if when else None

    def _window(self, match: re.Match[str]) -> Moment | None:
        end = self.known.transition_end
        return Moment(Kind.UNTIL, match.start(), match.end(), end, end, is_reference=True) if end else None

    def _release_day(self, match: re.Match[str]) -> Moment | None:
        self.base = when = _published(self.known)
        return Moment(Kind.FROM, match.start(), match.end(), when, when)

    def _force_dated(self, match: re.Match[str]) -> Moment | None:
        when = self._day(match, "force_date", first=True)
        return Moment(Kind.FROM, match.start(), match.end(), when, when) if when else None

    def _force_day(self, match: re.Match[str]) -> Moment | None:
        self.base = when = self.known.effective
        return Moment(Kind.FROM, match.start(), match.end(), when, when, is_reference=True) if when else None

    def _dated(self, match: re.Match[str]) -> Moment | None:
        name, kind = next((name, kind) for name, kind in _BOUNDS if match[name])
        if name in ("at", "after") and STILL_NOT.match(self.sentence.text, match.end()):
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
    """Return the last day that a sentence names, for 此前 and 此后 in the next."""
    return next(
        (_when(day, first=True) for _, day in sorted(_days(sentence, known).items(), reverse=True) if day), None
    )


def _days(sentence: Sentence, known: Known) -> dict[int, Day | None]:
    """Resolve each date mark, with the corrections that the sentence makes."""
    days: dict[int, Day | None] = {}
    before: date | None = None
    for index, thing in enumerate(sentence.marked.things):
        if isinstance(thing, PrintedDate):
            day = resolve(thing, before, known.published or known.years)
            days[index] = _doubted(day, thing, before, known)
            before = day.first if day else before
    for match in CORRECTION.finditer(sentence.text):
        days[match.start("wrong")] = days.get(match.start("right"))
    for match in VOID.finditer(sentence.text):
        days[max(match.start("wrong"), match.start("put_off"))] = None
    return days


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


def _when(day: Day | None, first: bool = False) -> When | None:
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


def _in_force(known: Known) -> When:
    return known.effective or When("effective")


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
    "force_dated",
    "force_day",
    "dated",
)
