"""What happens when: published, effective, accepted from and until, transition, deadline.

Each moment of a sentence is asked for the predicate that it bounds: first the label before it (实施日期：…), then
the clauses after it, up to the next moment. The same words bound differently from a day and until a day.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from monitor.facts import patterns as words
from monitor.facts.actors import Actor, actor_at
from monitor.facts.fact import Fact, FactType
from monitor.facts.moments import Kind, Known, Moment, When, moments_of
from monitor.facts.rows import Table
from monitor.facts.sentences import Sentence

Reading = tuple[FactType, When | None]


@dataclass(frozen=True, slots=True)
class Scope:
    """A moment with the words around it: before it in its sentence, after it up to the next moment."""

    sentence: Sentence
    moment: Moment
    before: str
    after: str
    previous: str
    is_aside: bool

    @property
    def clause_before(self) -> str:
        """The words before the moment in its own clause."""
        return re.split(r"[，：]", self.before)[-1]

    @property
    def clauses(self) -> list[str]:
        """The clauses after the moment; the first is the moment's own."""
        return [clause for clause in self.after.split("，") if clause] or [""]


def read_timing(sentence: Sentence, known: Known, previous: str = "") -> tuple[Fact, ...]:
    """Return the dated facts of one sentence; `previous` is the marked text of the one before."""
    facts: list[Fact] = []
    known = replace(known, is_aside=known.is_aside or bool(words.NOT_OURS.search(sentence.text)))
    for scope in _scopes(sentence, known, previous):
        for fact_type, when in _readings(scope):
            facts.extend(_stated(fact_type, when, _stretch(scope, fact_type), known.is_aside))
    return tuple(_spelled_out(facts) if words.THAT_IS.search(sentence.text) else facts)


def _spelled_out(facts: list[Fact]) -> list[Fact]:
    """Of 6个月后…，即2026年12月1日起… only the day is kept."""
    dated = {fact.type for fact in facts if "+" not in str(fact.value)}
    return [fact for fact in facts if "+" not in str(fact.value) or fact.type not in dated]


def read_row(sentence: Sentence, known: Known, table: Table) -> tuple[Fact, ...]:
    """Return the dated facts of a table's row: what the heads of its columns name, else what the row itself says."""
    facts: list[Fact] = []
    for name, cell in table.labelled(sentence):
        for moment in moments_of(Sentence(cell, sentence.paragraph), known):
            around = "".join(table.heads) + sentence.text
            scope = Scope(Sentence(cell, sentence.paragraph), moment, f"{name}：", "", around, known.is_aside)
            for fact_type, when in list(_labelled(scope)) or _window_named(scope):
                facts.extend(_stated(fact_type, when, sentence.marked.quote(), known.is_aside))
    return tuple(facts) or read_timing(sentence, known)


def _stated(fact_type: FactType, when: When | None, quote: str, is_aside: bool) -> Iterator[Fact]:
    if when is None or not when.value or (is_aside and fact_type in _NEVER_ASIDE):
        return
    yield Fact(fact_type, when.value, quote, when.sure)
    if when.other and fact_type in _AHEAD:
        yield Fact(fact_type, when.other, quote, sure=False)


def _scopes(sentence: Sentence, known: Known, previous: str) -> Iterator[Scope]:
    moments = moments_of(sentence, known)
    text = sentence.text
    ends = _reaches(text, moments)
    for index, moment in enumerate(moments):
        begin = moments[index - 1].end if index else 0
        after = text[moment.end : ends[index]]
        yield Scope(sentence, moment, text[begin : moment.start], after, previous, known.is_aside)


def _reaches(text: str, moments: tuple[Moment, ...]) -> list[int]:
    """How far what a moment bounds goes: to the next moment, or with it where both share one deed."""
    ends = [*(moment.start for moment in moments[1:]), len(text)]
    for index in range(len(moments) - 2, -1, -1):
        here, there = moments[index], moments[index + 1]
        between = text[here.end : there.start]
        if here.kind is there.kind is Kind.UNTIL and words.ENUMERATED.match(between) and not words.DEED.search(between):
            ends[index] = ends[index + 1]
    return ends


def _stretch(scope: Scope, fact_type: FactType) -> str:
    """Quote the clauses that state a fact: from that of its moment, or of what names it, to that of its predicate."""
    text, moment, marked = scope.sentence.text, scope.moment, scope.sentence.marked
    named = words.WINDOW_NAME.search(scope.before) if fact_type in _WINDOW_TYPES else None
    first = moment.start - len(scope.before) + named.start() if named else moment.start
    begin = max(text.rfind(stop, 0, first) for stop in "，。；") + 1
    colon = text.rfind("：", begin, max(moment.start - 1, 0))
    begin = colon + 1 if colon >= 0 and not named else begin
    predicate = _PREDICATES.get(fact_type, words.DEED).search(scope.after)
    last = moment.end + (predicate.end() if predicate else len(scope.after) - len(scope.after.lstrip("，")))
    end = min((at for at in (text.find(stop, last) for stop in "，。；") if at >= 0), default=len(text))
    if fact_type is FactType.DEADLINE and not words.DEED.search(text, begin, end):
        begin = 0
    return marked.quote(begin, end) or marked.quote()


def _readings(scope: Scope) -> Iterator[Reading]:
    for reader in (_window_named, _named_after, _labelled, _answered):
        found = list(reader(scope))
        if found:
            yield from found
            if scope.before.endswith("内（"):
                break
            return
    yield from _BY_KIND[scope.moment.kind](scope)


def _window_named(scope: Scope) -> Iterator[Reading]:
    """过渡期为…至…, …至…为转换期, …12个月为过渡期, 6个月过渡期."""
    moment = scope.moment
    after = words.WINDOW_IS_AFTER if moment.kind is Kind.AT else words.WINDOW_AFTER
    if moment.kind is Kind.UNTIL and words.CHANGE.search(scope.after) and not after.search(scope.after):
        return
    if moment.kind is Kind.FROM and moment.first and words.WINDOW_OVER.match(scope.sentence.text, moment.end):
        yield FactType.TRANSITION_END, moment.first.eve()
        return
    if moment.is_reference or not (
        moment.is_window
        or words.WINDOW_BEFORE.search(scope.before)
        or after.search(scope.after)
        or words.WINDOW_ENDS.match(scope.sentence.text, moment.end)
    ):
        return
    if moment.kind in (Kind.RANGE, Kind.FROM):
        yield FactType.TRANSITION_START, moment.first
    if moment.kind is not Kind.FROM:
        yield FactType.TRANSITION_END, moment.last


def _labelled(scope: Scope) -> Iterator[Reading]:
    """实施日期：…, 发布时间 …, 受理截止日期为 …, 换证截止日期 …."""
    for pattern, name in words.LABELS:
        if pattern.search(scope.before):
            fact_type = FactType(name)
            if fact_type is FactType.PUBLISHED and _is_of_a_standard(scope):
                return
            if fact_type is FactType.ACCEPTED_UNTIL and scope.moment.kind is Kind.RANGE:
                yield FactType.ACCEPTED_FROM, scope.moment.first
            yield fact_type, scope.moment.last if fact_type in _LAST else scope.moment.first
            return


def _answered(scope: Scope) -> Iterator[Reading]:
    """A day alone, after a question."""
    if words.ANSWER.match(scope.before) and not scope.after.strip("。"):
        for pattern, name in words.QUESTIONS:
            if pattern.search(scope.previous):
                fact_type = FactType(name)
                yield fact_type, scope.moment.last if fact_type in _LAST else scope.moment.first
                return


def _named_after(scope: Scope) -> Iterator[Reading]:
    named = words.NAMED_AFTER.match(scope.after)
    if named and words.CHANGE.search(named[0]):
        yield FactType.DEADLINE, scope.moment.last
    elif named and re.search("受理|采信|接受|旧", named[0]):
        yield FactType.ACCEPTED_UNTIL, scope.moment.last


def _is_of_a_standard(scope: Scope) -> bool:
    around = scope.previous + scope.sentence.text
    return bool(words.STANDARDS.search(around)) and not words.OURS.search(around)


def _from_the_day(scope: Scope) -> Iterator[Reading]:
    """What begins on the day, clause by clause; taking that ends is the day before."""
    day, kind = scope.moment.first, scope.moment.kind
    if scope.moment.is_pointer and not words.STOP_TAKING.search(scope.after):
        return
    is_after = kind is Kind.AFTER and not words.AFTER_ALL.match(scope.after)
    if day is None:
        return
    if words.IN_FORCE_DAY.search(scope.sentence.text, scope.moment.start, scope.moment.end):
        yield FactType.EFFECTIVE, day
    if _stops_use(scope):
        yield FactType.ACCEPTED_UNTIL, day if kind is Kind.AFTER else day.eve()
        return
    for index, clause in enumerate(scope.clauses):
        if index == 0 and words.ALLOWED.search(scope.before) and not words.CHANGE.search(clause):
            clause = f"可{clause}"
        if words.STOP_TAKING.search(clause) and words.STILL_UNDONE.search(scope.before):
            continue
        if words.STOP_TAKING.search(clause):
            yield FactType.ACCEPTED_UNTIL, day if kind is Kind.AFTER else day.eve()
        elif words.TAKING.search(clause) or words.TAKES_BY_NEW.search(clause):
            yield FactType.ACCEPTED_FROM, day
        elif index == 0 and _is_release(scope, clause):
            yield FactType.PUBLISHED, day
        if not is_after and _is_force(scope, index, clause):
            yield FactType.EFFECTIVE, day


def _stops_use(scope: Scope) -> bool:
    if words.CERTIFICATE.search(scope.before):
        return False
    return bool(words.STOPS_USE.match(scope.after) and words.OLD_TEXT.search(scope.before))


def _is_release(scope: Scope, clause: str) -> bool:
    if words.TO_COME.search(scope.before):
        return False
    if scope.moment.kind is not Kind.AT or not words.RELEASED.match(clause) or words.RELEASED_PAPER.match(clause):
        return False
    return _last(words.OURS, scope.before) >= _last(words.ENACTED, scope.before)


def _is_force(scope: Scope, index: int, clause: str) -> bool:
    if words.TARIFF.match(clause):
        return True
    if words.OTHER_BUSINESS.search(clause) or words.LAWS.search(scope.before) or words.ENACTMENT.match(clause):
        return False
    if words.FATE.search(clause):
        return False
    if scope.moment.kind is Kind.AT:
        return index == 0 and bool(words.IN_FORCE_AT.match(clause))
    if words.TAKING.search(clause) or words.STOP_TAKING.search(clause) or words.TAKES_BY_NEW.search(clause):
        return bool(words.IN_FORCE_PLAINLY.search(clause))
    return bool(words.IN_FORCE_FROM.search(clause))


def _between_days(scope: Scope) -> Iterator[Reading]:
    moment, after = scope.moment, scope.after
    if words.TAKING_PERIOD.search(scope.before):
        after = scope.clause_before
    if words.TAKES_BOTH.search(after) and not words.CHANGE.search(after):
        both = bool(words.BOTH.search(after))
        if both or words.OLD.search(after):
            yield FactType.ACCEPTED_UNTIL, moment.last
        if both or words.NEW.search(after):
            yield FactType.ACCEPTED_FROM, moment.first
    elif words.IN_TIME.search(after):
        yield from _until_the_day(scope)


def _until_the_day(scope: Scope) -> Iterator[Reading]:
    day = scope.moment.last
    if not scope.moment.is_reference and (_is_takable(scope) or words.REPORT_HOLDS.match(scope.after)):
        yield FactType.ACCEPTED_UNTIL, day
    elif _is_deadline(scope):
        yield FactType.DEADLINE, day


def _is_takable(scope: Scope) -> bool:
    around = scope.clause_before + scope.after
    if words.MARKS.search(scope.after) or words.CERTIFICATE.search(scope.clause_before) or words.CHANGE.search(around):
        return False
    if words.ATTRIBUTE.match(scope.after):
        return False
    if words.OLD_REPORT.search(scope.before) and words.HANDED_IN.match(scope.after):
        return True
    if words.TAKEN_TO.search(scope.before):
        return True
    chosen = words.TAKING.search(scope.after) and words.CHOICE.search(around)
    return bool(chosen or words.STILL_USABLE.search(scope.after))


def _is_deadline(scope: Scope) -> bool:
    after = scope.after
    if words.FAILING.search(after) or words.FAILING_BEFORE.search(scope.clause_before):
        return not words.OTHER_BUSINESS.search(after[:30])
    if words.REPORTED.search(scope.clause_before) or words.HANDED_BEFORE.match(after):
        return False
    if words.ATTRIBUTE.match(after) or words.CONDITION.search(scope.clause_before) or words.NOT_THEIRS.match(after):
        return False
    deed = next(
        (deed for deed in words.DEED.finditer(after) if not words.NOT_ASKED.search(after[: deed.start()])), None
    )
    if deed is None:
        return _is_bare_deadline(scope)
    if scope.moment.is_reference and not words.CHANGE.search(scope.clause_before + after):
        return False
    return _is_for_holders(scope, deed)


def _is_bare_deadline(scope: Scope) -> bool:
    """换证工作将于…截止; 最迟不得晚于…."""
    if words.ENDS.match(scope.after):
        return bool(words.CHANGE.search(scope.before) or words.ENDING.match(scope.after))
    if words.DUE_LABEL.search(scope.before) or words.DUE_HEADING.search(scope.previous):
        return not scope.after.strip("。；，）")
    printed = scope.clause_before + scope.sentence.text[scope.moment.start : scope.moment.end]
    bare = not scope.after.strip("。；，）") or words.CHANGE.search(scope.clause_before)
    return bool(
        bare and words.LATEST.search(printed) and words.CHANGE.search(scope.sentence.text[: scope.moment.start])
    )


def _is_for_holders(scope: Scope, deed: re.Match[str]) -> bool:
    after, text = scope.after, scope.sentence.text
    stop = next((at for at in (after.find(mark, deed.end()) for mark in "，。；") if at >= 0), len(after))
    doing = scope.clause_before + after[:stop]
    changes = bool(words.CHANGE.search(doing))
    if not changes and (scope.is_aside or words.OTHER_BUSINESS.search(doing)):
        return False
    return actor_at(text, scope.moment.end + deed.start()) in (Actor.HOLDER, Actor.NOBODY)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


_BY_KIND: dict[Kind, Callable[[Scope], Iterator[Reading]]] = {
    Kind.FROM: _from_the_day,
    Kind.AFTER: _from_the_day,
    Kind.AT: _from_the_day,
    Kind.RANGE: _between_days,
    Kind.UNTIL: _until_the_day,
}
_WINDOW_TYPES = {FactType.TRANSITION_START, FactType.TRANSITION_END}
_PREDICATES = {
    FactType.ACCEPTED_FROM: words.TAKING,
    FactType.ACCEPTED_UNTIL: re.compile(f"{words.STOP_TAKING.pattern}|{words.TAKING.pattern}"),
    FactType.EFFECTIVE: words.IN_FORCE_FROM,
    FactType.PUBLISHED: words.RELEASED,
    FactType.TRANSITION_START: words.WINDOW_NAME,
    FactType.TRANSITION_END: words.WINDOW_NAME,
}
"""The words that end the stretch which states a fact of each type; for a deadline the deed."""

_LAST = {FactType.ACCEPTED_UNTIL, FactType.DEADLINE, FactType.TRANSITION_END}
_NEVER_ASIDE = {FactType.ACCEPTED_FROM, FactType.ACCEPTED_UNTIL}
_AHEAD = {FactType.DEADLINE, FactType.ACCEPTED_UNTIL, FactType.TRANSITION_END}
