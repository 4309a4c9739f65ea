"""Why facts were read as they were: the frame of each clause and the roles of each day, with their scores."""

from collections.abc import Iterator
from datetime import date

from monitor.facts.doubt.sure import likeness_in, places_of
from monitor.facts.doubt.traits import Place
from monitor.facts.extract import look_at
from monitor.facts.frames import frames_of
from monitor.facts.moments import Known
from monitor.facts.text.lines import Sentence
from monitor.facts.timing import Part


def explained(text: str, published: date | None = None) -> Iterator[str]:
    """Yield a line for each sentence, and under it, indented, one for each clause and for each day in it."""
    look, known = look_at(text, published)
    for sentence, parts, place in zip(look.sentences, look.parts, places_of(look.sentences), strict=True):
        yield sentence.quote().replace("\n", " ")
        yield from (f"  {frame.describe()}" for frame in frames_of(sentence))
        yield from (f"    {_day(sentence, part)}" for part in parts)
        yield from (f"      second look: {_likely(sentence, part, parts, place, known)}" for part in parts if part.role)


def _day(sentence: Sentence, part: Part) -> str:
    when = part.moment.first or part.moment.last
    roles = ", ".join(f"{scored.role} {scored.score}" for scored in part.roles) or "no role: unexplained"
    printed = sentence.quote(part.moment.start, part.moment.end) if not sentence.is_row else ""
    return f"{when.value if when else '?'} {part.moment.kind.name.lower()} {printed}: {roles}"


def _likely(sentence: Sentence, part: Part, parts: tuple[Part, ...], place: Place, known: Known) -> str:
    likely = likeness_in(sentence, part, parts, place, known)
    ranked = sorted(likely.items(), key=lambda item: -item[1])[:2]
    return ", ".join(f"{name} {chance:.2f}" for name, chance in ranked) or "not found in its row"
