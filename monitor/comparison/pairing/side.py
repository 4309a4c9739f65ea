"""One of the two documents of a comparison, as lists that run in parallel: the text, number and parent of each part."""

from dataclasses import dataclass
from functools import cached_property

from monitor.documents.document import Document, Part, PartRole

CELL_JOINT = " | "
"""What stands between the cells of a table's row where the row is shown as one line of the clause's text."""


@dataclass(frozen=True)
class Side:
    """The parts of a document in reading order."""

    parts: tuple[Part, ...]
    texts: tuple[str, ...]
    paths: tuple[str | None, ...]
    headings: tuple[str, ...]

    @cached_property
    def annexes(self) -> tuple[int, ...]:
        """The places of the annexes, inside which numbers begin again."""
        return tuple([place for place, part in enumerate(self.parts) if part.role is PartRole.ANNEX])

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """For each part the place of the nearest part before it that stands higher, -1 for none."""
        return _parents(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def side_of(document: Document) -> Side:
    """Return the document as it is compared; the members of an archive follow one another."""
    parts = tuple(_parts(document))
    return Side(
        parts=parts,
        texts=tuple([part_text(part) for part in parts]),
        paths=tuple([part.path for part in parts]),
        headings=tuple([part.heading for part in parts]),
    )


def part_text(part: Part) -> str:
    """Return a part's own text: heading, paragraphs, then each table row as a line with its cells joined."""
    if not part.tables:
        return f"{part.heading}\n{part.body}" if part.heading and part.body else part.heading or part.body
    return "\n".join(line for line in (part.heading, part.body, *row_lines(part)) if line)


def words_of(part: Part) -> str:
    """Return heading and paragraphs, without the tables."""
    return f"{part.heading}\n{part.body}" if part.heading and part.body else part.heading or part.body


def row_lines(part: Part) -> list[str]:
    """Return the rows of the part's tables, each as one line."""
    return [CELL_JOINT.join(row) for table in part.tables for row in table]


def _parts(document: Document) -> list[Part]:
    parts = list(document.parts)
    for member in document.members:
        parts.extend(_parts(member))
    return parts


def _parents(parts: tuple[Part, ...]) -> tuple[int, ...]:
    parents: list[int] = []
    open_parts: list[int] = []
    for place, part in enumerate(parts):
        if part.role not in _NUMBERED:
            parents.append(-1)
            continue
        while open_parts and parts[open_parts[-1]].level >= part.level:
            open_parts.pop()
        parents.append(open_parts[-1] if open_parts else -1)
        open_parts.append(place)
    return tuple(parents)


_NUMBERED = (PartRole.CLAUSE, PartRole.ANNEX)
