"""Why facts were read as they were: the frame of each clause and the roles of each day, with their scores."""

from collections.abc import Iterator
from datetime import date

from monitor.facts.extract import look_at
from monitor.facts.frames import frames_of
from monitor.facts.text.lines import Sentence
from monitor.facts.timing import Part


def explained(text: str, published: date | None = None) -> Iterator[str]:
    """Yield a line for each sentence, and under it, indented, one for each clause and for each day in it."""
    look, _ = look_at(text, published)
    for sentence, parts in zip(look.sentences, look.parts, strict=True):
        yield sentence.quote().replace("\n", " ")
        yield from (f"  {frame.describe()}" for frame in frames_of(sentence))
        yield from (f"    {_day(sentence, part)}" for part in parts)


def _day(sentence: Sentence, part: Part) -> str:
    when = part.moment.first or part.moment.last
    roles = ", ".join(f"{scored.role} {scored.score}" for scored in part.roles) or "no role: unexplained"
    printed = sentence.quote(part.moment.start, part.moment.end) if not sentence.is_row else ""
    return f"{when.value if when else '?'} {part.moment.kind.name.lower()} {printed}: {roles}"
