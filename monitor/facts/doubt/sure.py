"""Which facts are sure: those that a second look at the same words says too.

A dated fact is sure where its role stands alone (roles.py), the second look (likeness.py) finds the day like those of
its type, and the day fits the calendar of the notice. Of facts for which too few texts are labelled to learn from,
the second look is a plain one: the sentence must print the words without which nobody states such a thing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from monitor.facts.doubt.likeness import likeness_of_day, likeness_of_sentence
from monitor.facts.doubt.pairs import is_even
from monitor.facts.doubt.traits import Place
from monitor.facts.fact import Fact, FactType
from monitor.facts.moments import Known, Moment, moments_of
from monitor.facts.text.lexicon import grammar
from monitor.facts.text.lines import Sentence
from monitor.facts.timing import Part
from monitor.notation.codes import RuleCode

LIKE_ENOUGH = {
    FactType.PUBLISHED: 0.4,
    FactType.EFFECTIVE: 0.47,
    FactType.ACCEPTED_FROM: 0.1,
    FactType.ACCEPTED_UNTIL: 0.2,
    FactType.TRANSITION_START: 0.13,
    FactType.TRANSITION_END: 0.3,
    FactType.DEADLINE: 0.5,
    FactType.ACTION: 0.03,
    FactType.CONSEQUENCE: 0.009,
}
"""Below this likeness a fact is unsure. Measured on blind rounds 1 to 3, each as read at first sight and left out of
what was learned: about a tenth of the right facts fall below, and most wrong ones (docs/facts.md, "How sure")."""

UNLIKE = {"published": 0.1, "effective": 0.07, "deadline": 0.1}
"""Below this likeness a role makes no fact at all and its day is unexplained. Measured as above: of the facts that fall
below 19 of 20 are wrong."""

UNLIKELY_MISSED = 0.85
"""A day that made no fact is unexplained where the second look is so certain of one."""


def places_of(sentences: tuple[Sentence, ...]) -> tuple[Place, ...]:
    """Return where each sentence stands."""
    title = sentences[0].text if sentences else ""
    before = ("", *(sentence.text for sentence in sentences))
    return tuple(Place(title, text, number, len(sentences)) for number, (text, _) in enumerate(zip(before, sentences)))  # noqa: B905


def weighed_day(
    fact: Fact, sentence: Sentence, part: Part, parts: tuple[Part, ...], place: Place, known: Known
) -> Fact:
    """Return a dated fact, unsure where the second look does not find its day like those of its type."""
    if not fact.sure:
        return fact
    if fact.type is FactType.EFFECTIVE and _is_old(part.moment, known):
        return replace(fact, sure=False)
    if fact.type in (FactType.EFFECTIVE, FactType.ACCEPTED_UNTIL) and _ENDS.match(part.piece.after):
        return fact  # the end of a rule or of certifying: too few are labelled to know what is like it
    if not sentence.is_row and _MOVED.search(part.piece.sentence[: part.moment.start]):
        return fact  # from a day to another: both are printed, and what the day is of stands beside
    likely = likeness_in(sentence, part, parts, place, known).get(fact.type.value, 1.0)
    return fact if likely >= LIKE_ENOUGH.get(fact.type, 0) else replace(fact, sure=False)


def likeness_in(
    sentence: Sentence, part: Part, parts: tuple[Part, ...], place: Place, known: Known
) -> dict[str, float]:
    """Return the second look's opinion of a moment; that of a cell is looked for in its row."""
    if not sentence.is_row:
        return likeness_of_day(sentence, part.moment, place, len({one.moment for one in parts}) == 1)
    moments = moments_of(sentence, known)
    same = next((one for one in moments if set(one.dates) & set(part.moment.dates)), None)
    return likeness_of_day(sentence, same, place, len(moments) == 1) if same else {}


def believed(sentence: Sentence, parts: tuple[Part, ...], place: Place, known: Known) -> tuple[Part, ...]:
    """Return the parts of a sentence, without a role where the second look finds nothing like it in the day."""
    return tuple(replace(part, roles=()) if _is_unlike(sentence, part, parts, place, known) else part for part in parts)


def _is_unlike(sentence: Sentence, part: Part, parts: tuple[Part, ...], place: Place, known: Known) -> bool:
    least = UNLIKE.get(part.role)
    return least is not None and likeness_in(sentence, part, parts, place, known).get(part.role, 1) < least


def _is_old(moment: Moment, known: Known) -> bool:
    """What came into force long before the notice is its history more often than its news."""
    on = moment.first.on if moment.first else None
    return bool(on and known.published and known.published - on > _LONG)


def weighed(facts: Iterable[Fact], sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield facts that state no day, unsure where the second look does not find them in their sentence."""
    by_quote = {sentence.quote(): at for at, sentence in enumerate(sentences)}
    places = places_of(sentences)
    told = tuple(facts)
    codes = frozenset(thing for one in sentences for thing in one.marked.things if isinstance(thing, RuleCode))
    for fact in told:
        at = by_quote.get(fact.quote)
        at = next((n for n, one in enumerate(sentences) if fact.quote in one.quote()), None) if at is None else at
        is_said = at is None or _is_said(fact, sentences[at], places[at], told, codes)
        yield fact if is_said or not fact.sure else replace(fact, sure=False)


def _is_said(fact: Fact, sentence: Sentence, place: Place, facts: tuple[Fact, ...], codes: frozenset[RuleCode]) -> bool:
    if fact.type in _ABOUT_TEXTS:
        return is_even(fact, sentence, [one for one in facts if one.quote == fact.quote], codes)
    if fact.type in (FactType.ACTION, FactType.CONSEQUENCE):
        likely = likeness_of_sentence(sentence, place)
        return likely.get(f"{fact.type.value} {fact.value}", 1.0) >= LIKE_ENOUGH[fact.type]
    if fact.type is FactType.MEASURE and not _is_threatened(fact, sentence, place):
        return False
    says, denies = _PLAIN.get(f"{fact.type.value} {fact.value}") or _PLAIN.get(fact.type.value) or (_ALWAYS, None)
    text = re.sub(r"\s", "", sentence.quote())
    return bool(says.search(text)) and not (denies and denies.search(text))


def _is_threatened(fact: Fact, sentence: Sentence, place: Place) -> bool:
    likely = likeness_of_sentence(sentence, place)
    return likely.get(f"consequence {fact.value}", 1.0) >= LIKE_ENOUGH[FactType.CONSEQUENCE]


_ENDS = grammar("[,]?(?:stop|abolish|disuse|cancel)")
_MOVED = grammar("D right?\\Z")
_LONG = timedelta(days=365)
_ABOUT_TEXTS = (FactType.STANDARD_CHANGE, FactType.SUPERSEDES)
_ALWAYS = re.compile("")
_PLAIN = {
    name: (re.compile(says), re.compile(denies) if denies else None)
    for name, says, denies in (
        (
            "validity valid",
            "(?:继续|仍|依然|保持|照常|均|前|内|正常)然?(?:有效(?!性|期)|使用|保持)|不受(?:此)?影响|沿用|有效至|[用效]至|有效期(?:限)?不变",
            "(?:为|以)(?:了)?(?:保证|确保|保持|维持)|恢复|有效期截止日期|依赖",
        ),
        ("validity lapses", "失效|无效|不再有效|效力", "不(?:因|会)"),
        (
            "pending",
            "(?:已|前|尚未|未|正在|在)[^。；]{0,16}(?:受理|提交|签订|申请|审|办|完成|[发获出]证)",
            "新提出",
        ),
        ("mark", "标[志识贴签]", "期间|暂停期"),
        ("waived fee", "(?:免|不|无[需须])[^。；，]{0,8}(?:费|收)", "补贴|课|培训|报名"),
        ("waived", "(?:免|不|无)[^。；，]{0,12}(?:[试检查测验厂])", None),
        ("measure", "证书|证", "后[，,]"),
    )
}
