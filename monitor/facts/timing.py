"""Dated facts: every moment of a sentence is given its role, and the role makes the fact or names the day."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.facts.actors import Actor, actor_at
from monitor.facts.fact import Fact, FactType
from monitor.facts.moments import Kind, Known, Moment, When, is_fixed, letter_of, moments_of, replaced_dates
from monitor.facts.roles import NEARLY, Piece, Scored, roles_of, shape_of
from monitor.facts.text.lexicon import grammar, tokens_of
from monitor.facts.text.lines import Sentence


@dataclass(frozen=True, slots=True)
class Part:
    """What one clause makes of a moment: its roles, the best first; words begin to end are the clause."""

    moment: Moment
    roles: tuple[Scored, ...]
    piece: Piece
    begin: int
    end: int

    @property
    def role(self) -> str:
        """The best role, empty where none fits."""
        return self.roles[0].role if self.roles else ""

    @property
    def is_sure(self) -> bool:
        """Whether no other role is nearly as good."""
        return len(self.roles) < 2 or self.roles[0].score - self.roles[1].score >= NEARLY


def parts_of(sentence: Sentence, known: Known) -> tuple[Part, ...]:
    """Return every moment of a sentence with every clause that it governs."""
    return _fixed_parts(sentence) if is_fixed(sentence) else _parts_with(sentence, known)


@lru_cache(maxsize=4096)
def _fixed_parts(sentence: Sentence) -> tuple[Part, ...]:
    return _parts_with(sentence, Known())


def _parts_with(sentence: Sentence, known: Known) -> tuple[Part, ...]:
    moments = moments_of(sentence, known)
    if not moments:
        return ()
    shape = shape_of(sentence.tokens, [(moment.start, moment.end, letter_of(moment)) for moment in moments])
    stem = tokens_of(sentence.stem).classes
    return tuple(part for index in range(len(moments)) for part in _parts(sentence, moments, index, shape, stem))


def row_parts(cell: Sentence, label: str, known: Known, around: str) -> tuple[Part, ...]:
    """Return the moments of a cell, read under the label of its column or of the cell beside it."""
    before = tokens_of(label).classes.rstrip(":") + ":"
    found: list[Part] = []
    for moment in moments_of(cell, known):
        letter = letter_of(moment)
        here = cell.tokens.classes
        pieces = (
            Piece(letter, before + here[: moment.start], here[moment.end :], Actor.NOBODY, around, around),
            Piece("F" if letter == "A" else letter, "", before.rstrip(":"), Actor.NOBODY, around, around),
            Piece("U", before, "", Actor.NOBODY, around, around),
        )
        for piece in pieces:
            roles = roles_of(piece)
            if roles or piece is pieces[-1]:
                found.append(Part(moment, roles, piece, 0, len(here)))
                break
    return tuple(found)


def _parts(sentence: Sentence, moments: tuple[Moment, ...], index: int, shape: str, stem: str) -> Iterator[Part]:
    classes, moment = sentence.tokens.classes, moments[index]
    replaced = _replaced_by(sentence, moment)
    first = moments[index - 1].end if index else 0
    last = _reach(classes, moments, index)
    begin = _clause_start(classes, first, min([moment.start, *replaced]))
    begin = _shared_start(classes, moments, index, begin)
    before = "".join(classes[i] for i in range(begin, moment.start) if i not in replaced)
    before = before.replace(",", "") if replaced or _BARE.fullmatch(before.rpartition(",")[2]) else before
    position = moment.end
    letter = letter_of(moment)
    for clause in _clauses(classes[moment.end : last]):
        start, end = position + clause.start(), position + clause.end()
        start += classes[start:end][:1] in (",", ":") and (letter != "A" or not before)
        deed = _DEED.search(classes, start, end)
        actor = _actor(sentence, deed.start() if deed else end, begin if replaced else 0)
        piece = Piece(letter, before if letter.isupper() else "", classes[start:end], actor, shape, stem)
        roles = _allowed(roles_of(piece), moment, piece)
        yield Part(moment, roles, piece, begin if letter.isupper() else start, end)
        if roles and roles[0].role in _QUALIFIERS:
            return
        letter = letter.lower()


def _replaced_by(sentence: Sentence, moment: Moment) -> list[int]:
    """The words that print the dates which a moment takes the place of."""
    starts = sentence.marked.starts
    pairs = replaced_dates(sentence).items() if moment.dates else ()
    return [sentence.tokens.at(place) for place, right in pairs if right is not None and starts[right] in moment.dates]


def _allowed(roles: tuple[Scored, ...], moment: Moment, piece: Piece) -> tuple[Scored, ...]:
    """此后 only repeats a day: what begins after it is told of that day already."""
    dropped: tuple[str, ...] = ()
    if moment.is_pointer and moment.kind is Kind.AFTER:
        dropped = ("effective", "accepted_from")
    elif moment.is_reference and moment.kind is Kind.UNTIL:
        dropped = (
            "accepted_until",
            "accepted_range",
            "transition_end",
            *(() if _CHANGE.search(piece.shape) else ("deadline",)),
        )
    if moment.kind is Kind.AT and moment.first and moment.first.value.endswith("-01"):
        dropped = ("deadline",)
    if moment.is_window and not any(scored.role.startswith("transition") for scored in roles):
        return (Scored("transition_range", _WINDOW_SCORE), *roles)
    return tuple(scored for scored in roles if scored.role not in dropped)


def _clauses(after: str) -> list[re.Match[str]]:
    """The clauses after a moment; a comma or colon right behind it parts nothing, a bracket closed does."""
    found = list(_CLAUSE.finditer(after))
    return [clause for index, clause in enumerate(found) if index == 0 or clause[0].strip(",;.:")][:6]


def _clause_start(classes: str, first: int, start: int) -> int:
    """Where the words that belong to a moment begin: after the comma before it, or one clause earlier for 最迟…."""
    begin = max(classes.rfind(stop, first, start) for stop in ",;.") + 1 or first
    begin = max(begin, first)
    colon = classes.rfind(":", begin, start)
    begin = colon + 1 if 0 <= colon < start - 2 else begin
    if _BARE.fullmatch(classes, begin, start) and begin > first:
        earlier = max(classes.rfind(stop, first, begin - 1) for stop in ",;.") + 1 or first
        return max(earlier, first)
    return begin


def _shared_start(classes: str, moments: tuple[Moment, ...], index: int, begin: int) -> int:
    """分别为D和D: what stands before the first of a list of days stands before all."""
    if index == 0 or moments[index - 1].kind is not moments[index].kind:
        return begin
    between = classes[moments[index - 1].end : moments[index].start]
    if not _LISTED.fullmatch(between):
        return begin
    earlier = _clause_start(classes, moments[index - 2].end if index > 1 else 0, moments[index - 1].start)
    return _shared_start(classes, moments, index - 1, earlier)


def _reach(classes: str, moments: tuple[Moment, ...], index: int) -> int:
    """How far what a moment bounds goes: to the next moment, or with it where both share one deed."""
    if index + 1 == len(moments):
        return len(classes)
    here, there = moments[index], moments[index + 1]
    between = classes[here.end : there.start]
    if here.kind is there.kind is Kind.UNTIL and _ENUMERATED.fullmatch(between) and not _DEED.search(between):
        return _reach(classes, moments, index + 1)
    return there.start


def _actor(sentence: Sentence, index: int, begin: int) -> Actor:
    """Who acts at a word; a statement that is quoted to be corrected names its own actor or none."""
    if begin:
        return actor_at(sentence.tokens.cut(begin, index), index - begin)
    actor = actor_at(sentence.tokens, index)
    return actor if actor is not Actor.NOBODY or not sentence.stem else _of_stem(sentence.stem)


def _of_stem(stem: str) -> Actor:
    tokens = tokens_of(stem)
    return actor_at(tokens, len(tokens.classes))


def facts_of_part(sentence: Sentence, part: Part, known: Known) -> Iterator[Fact]:
    """Yield the facts that the best role of a part makes."""
    make = None if is_past(part, known) else _MAKERS.get(part.role)
    if make is None or (known.is_aside and part.role in _NEVER_ASIDE):
        return
    if known.is_draft and part.role != "published":
        return
    if known.is_aside and part.role == "deadline" and not _CHANGE.search(sentence.tokens.classes):
        return
    for fact_type, when in make(part.moment):
        yield from _stated(fact_type, when, sentence, part)


def makes_fact(sentence: Sentence, part: Part, known: Known) -> bool:
    """Return whether a part makes a fact in this text: no draft, no other business, nothing long past."""
    if part.role in _MAKERS:
        return any(True for _ in facts_of_part(sentence, part, known))
    return part.role in FACT_ROLES and not (known.is_draft or known.is_aside)


def is_past(part: Part, known: Known) -> bool:
    """A deadline before the day of publication is history, and so is what came into force years before it."""
    on = part.moment.last.on if part.moment.last else None
    now = max((day for day in (known.published, known.latest) if day), default=None)
    if on is None or now is None:
        return False
    if part.role == "deadline":
        return known.published is not None and on < known.published and bool(part.moment.last and part.moment.last.sure)
    if part.role == "published" and known.published is not None:
        return not -_AHEAD_DAYS <= (known.published - on).days <= _YEARS_AGO
    return part.role in ("effective", "published") and (now - on).days > _YEARS_AGO


def _stated(fact_type: FactType, when: When | None, sentence: Sentence, part: Part) -> Iterator[Fact]:
    if when is None or not when.value:
        return
    deed = deed_of(part.piece, sentence.stem) if fact_type is FactType.DEADLINE else None
    whose, quote = _whose(fact_type, sentence, part), quote_of(sentence, part)
    yield Fact(fact_type, when.value, quote, when.sure and part.is_sure, deed=deed, whose=whose)
    if when.other and fact_type in _AHEAD:
        yield Fact(fact_type, when.other, quote, False, deed=deed, whose=whose)


def quote_of(sentence: Sentence, part: Part) -> str:
    """Quote the clause that states a part; a deadline whose deed stands earlier is quoted with it."""
    if sentence.is_row:
        return sentence.quote()
    classes = sentence.tokens.classes
    begin, end = min(part.begin, part.moment.start), part.end
    if not _DEED.search(classes, begin, end) and part.role == "deadline":
        begin = 0
    colon = classes.rfind(":", begin, max(part.moment.start - 1, begin))
    begin = colon + 1 if colon >= 0 and part.moment.start - colon > 1 else begin
    while begin < end and classes[begin] in ",;.:":
        begin += 1
    while end > begin and classes[end - 1] in ",;.:":
        end -= 1
    return sentence.quote(begin, end) or sentence.quote()


def deed_of(piece: Piece, stem: str = "") -> str:
    """Return what a deadline is for: apply, complete, test, declare or other."""
    after = piece.after
    for text in (after, piece.before, tokens_of(stem).classes):
        for deed, notation in _DEEDS:
            if notation.search(text):
                return deed
    return "other"


def _whose(fact_type: FactType, sentence: Sentence, part: Part) -> str | None:
    if fact_type is FactType.DEADLINE:
        return "holder"
    if fact_type not in (FactType.EFFECTIVE, FactType.PUBLISHED):
        return "authority"
    if fact_type is FactType.PUBLISHED:
        return "rule"
    before = part.piece.before if sentence.is_row else sentence.tokens.classes[: part.moment.start]
    named = list(_SUBJECT.finditer(before)) or list(_SUBJECT.finditer(part.piece.after))[:1]
    return "standard" if named and _STANDARD.match(named[-1][0]) else "rule"


def _first(fact_type: FactType) -> Callable[[Moment], list[tuple[FactType, When | None]]]:
    return lambda moment: [(fact_type, moment.first)]


def _last(fact_type: FactType) -> Callable[[Moment], list[tuple[FactType, When | None]]]:
    return lambda moment: [(fact_type, moment.last)]


def _eve(fact_type: FactType) -> Callable[[Moment], list[tuple[FactType, When | None]]]:
    return lambda moment: [
        (fact_type, moment.first.eve() if moment.first and moment.kind is not Kind.AFTER else moment.first)
    ]


def _range(one: FactType, two: FactType) -> Callable[[Moment], list[tuple[FactType, When | None]]]:
    return lambda moment: [(one, moment.first), (two, moment.last)]


_MAKERS: dict[str, Callable[[Moment], list[tuple[FactType, When | None]]]] = {
    "published": _first(FactType.PUBLISHED),
    "effective": _first(FactType.EFFECTIVE),
    "published_effective": lambda moment: [(FactType.PUBLISHED, moment.first), (FactType.EFFECTIVE, moment.first)],
    "accepted_from": _first(FactType.ACCEPTED_FROM),
    "accepted_until": _last(FactType.ACCEPTED_UNTIL),
    "accepted_until_eve": _eve(FactType.ACCEPTED_UNTIL),
    "accepted_range": _range(FactType.ACCEPTED_FROM, FactType.ACCEPTED_UNTIL),
    "transition_range": _range(FactType.TRANSITION_START, FactType.TRANSITION_END),
    "transition_start": _first(FactType.TRANSITION_START),
    "transition_end": _last(FactType.TRANSITION_END),
    "transition_end_eve": _eve(FactType.TRANSITION_END),
    "deadline": _last(FactType.DEADLINE),
}
_WINDOW_SCORE, _YEARS_AGO, _AHEAD_DAYS = 15, 900, 60
_QUALIFIERS = {"condition", "pending", "certificate"}
"""What a day only qualifies is not told of the clauses that follow."""

FACT_ROLES = frozenset((*_MAKERS, "measure", "validity", "mark"))
"""Roles that make facts; all others name a day."""

DEADLINE_LIKE = frozenset(("deadline", "effective", "accepted_until", "accepted_until_eve"))
_NEVER_ASIDE = {"accepted_from", "accepted_until", "accepted_until_eve", "accepted_range"}
_AHEAD = {FactType.DEADLINE, FactType.ACCEPTED_UNTIL, FactType.TRANSITION_END}
_CHANGE = grammar("change")
_CLAUSE = grammar("^close|^[,:]?[^,;.:]*|[^,;.]+")
_DEED = grammar("(?!obtain)@deed|take|@fate|issue")
_BARE = grammar("(?:by|is|at|until|from|close|become|original|old|zz)*")
_LISTED = grammar("and")
_ENUMERATED = grammar("[,]?(?:and)?._{1,12}")
_SUBJECT = grammar("S|std|C|T|rule|notice|O")
_STANDARD = grammar("S|std")
_DEEDS = tuple(
    (deed, grammar(notation))
    for deed, notation in (
        ("apply", "(?:submit|apply)(?:._){0,12}?(?:apply|change)|apply|change_apply"),
        ("complete", "finish(?:._){0,12}?(?:change|cert|std|apply)|change|obtain"),
        ("test", "test"),
        ("declare", "declare|sign"),
        ("complete", "finish"),
    )
)
