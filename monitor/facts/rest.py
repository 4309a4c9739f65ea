"""What is left: every date, code and standard that made no fact is named with its role, or is unexplained.

"I did not understand this" is a result; silence is not (DESIGN.md, "Nothing vanishes").
"""

from collections.abc import Iterator

from monitor.facts.fact import Fact, FactType, Named, StandardChange, Unexplained
from monitor.facts.moments import Known, replaced_dates
from monitor.facts.successions import as_printed
from monitor.facts.text.lexicon import grammar
from monitor.facts.text.lines import Sentence
from monitor.facts.text.marks import CODE, STANDARD
from monitor.facts.timing import DEADLINE_LIKE, FACT_ROLES, Part, makes_fact
from monitor.notation.codes import RuleCode
from monitor.notation.dates import PrintedDate
from monitor.notation.standards import StandardRef

TOO_NEAR = 2
"""A day is unexplained where a role that would make a fact is so near behind the role that names it."""


def named_and_unexplained(
    sentences: tuple[Sentence, ...], parts: tuple[tuple[Part, ...], ...], facts: tuple[Fact, ...], known: Known
) -> tuple[tuple[Named, ...], tuple[Unexplained, ...]]:
    """Return what is named and what is unexplained, each once, in the order of the text."""
    named: dict[Named, None] = {}
    left: dict[Unexplained, None] = {}
    published = {str(fact.value) for fact in facts if fact.type is FactType.PUBLISHED}
    signed = {fact.quote for fact in facts if fact.type is FactType.PUBLISHED}
    for sentence, read in zip(sentences, parts, strict=True):
        for found in _dates(sentence, read, signed, published, known):
            (named if isinstance(found, Named) else left).setdefault(found)  # type: ignore[arg-type]
        left.update(dict.fromkeys(_unpaired(sentence, facts)))
    return tuple(named), tuple(left)


def _dates(
    sentence: Sentence, parts: tuple[Part, ...], signed: set[str], published: set[str], known: Known
) -> Iterator[Named | Unexplained]:
    replaced = replaced_dates(sentence)
    marked = sentence.marked
    for place, thing in enumerate(marked.things):
        if not isinstance(thing, PrintedDate):
            continue
        text = marked.original[marked.starts[place] : marked.ends[place]]
        mine = [part for part in parts if marked.starts[place] in part.moment.dates]
        if any(makes_fact(sentence, part, known) for part in mine) or (
            sentence.quote() in signed and not any(part.role for part in mine)
        ):
            continue
        if (
            not any(part.role for part in mine)
            and f"{thing.year}-{thing.month or 0:02}-{thing.day or 0:02}" in published
        ):
            continue
        if place in replaced or (place in replaced.values() and not any(part.role for part in mine)):
            yield Named(text, sentence.quote(), "replaced")
            continue
        role = next((part.role for part in mine if part.role), "")
        role = _withheld(known) if role in FACT_ROLES else role
        role = role or _business(sentence)
        if role and not any(_is_near_a_fact(part) for part in mine):
            yield Named(text, sentence.quote(), _NAMES.get(role, role))
        else:
            yield Unexplained(text, sentence.quote())


def _withheld(known: Known) -> str:
    """What a day is whose role would make a fact in another text: of a draft, of other business, or long past."""
    return "draft" if known.is_draft else "other" if known.is_aside else "history"


def _business(sentence: Sentence) -> str:
    """What a day without a part of its own is most likely of: the other business that its sentence is about."""
    found = (role for role, notation in _BUSINESS if notation.search(sentence.tokens.classes))
    return "other" if sentence.text.endswith("？") else next(found, "")


def _is_near_a_fact(part: Part) -> bool:
    best = part.roles[0].score if part.roles else 0
    return any(scored.role in DEADLINE_LIKE and best - scored.score < TOO_NEAR for scored in part.roles[1:])


def _unpaired(sentence: Sentence, facts: tuple[Fact, ...]) -> Iterator[Unexplained]:
    """Yield the codes and standards of a clause about replacing that no fact took up."""
    if not _REPLACING.search(sentence.tokens.classes) or _DENIED.search(sentence.tokens.classes):
        return
    if not _PAIR.search(sentence.tokens.classes) and sum(map(sentence.text.count, (STANDARD, CODE))) < 2:
        return
    told = set(_told(facts))
    here = [thing for thing in sentence.marked.things if isinstance(thing, StandardRef | RuleCode)]
    standards = [thing for thing in here if isinstance(thing, StandardRef)]
    codes = [thing for thing in here if isinstance(thing, RuleCode)]
    if standards and not any(str(one) in told for one in standards) and not codes:
        yield from (Unexplained(one.printed, sentence.quote()) for one in standards)
    if codes and not any(as_printed(one) in told for one in codes) and not any(str(one) in told for one in standards):
        yield from (Unexplained(one.printed, sentence.quote()) for one in codes)


def _told(facts: tuple[Fact, ...]) -> Iterator[str]:
    for fact in facts:
        if isinstance(fact.value, StandardChange):
            yield from (fact.value.old, fact.value.new)
        elif fact.type in _ABOUT_TEXTS:
            yield fact.value


_ABOUT_TEXTS = {FactType.SUPERSEDES, FactType.STANDARD_ADDED, FactType.STANDARD_DROPPED}
_REPLACING = grammar("replace|(?:S|C)(?:._){0,4}?become")
_DENIED = grammar("(?:no|fail|plan) by_whom? replace|right|wrong|stop")
_BUSINESS = tuple(
    (role, grammar(words))
    for role, words in (
        ("outage", "holiday|outage"),
        ("course", "course|tender"),
        ("comment", "comment"),
        ("fee", "fee"),
    )
)
_PAIR = grammar("replace (?:._){0,4}?(?:S|C)")
_NAMES = {"force_end": "other", "published": "other", "accepted_from": "other", "applicant": "applicant"}
