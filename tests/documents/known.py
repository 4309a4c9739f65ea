"""The known text of a document: a small Markdown that a person can write and read, and that a Document prints to.

%% cover | revision_note | text   an unnumbered part, with its heading after a bar
# 3.2 | 样品                       a clause: as many # as its level, path, heading
## 表1 | 认证依据标准               a table's caption
| a | b |                         a row; <br> is a line break in a cell
anything else                     a paragraph of the body
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class KnownPart:
    """One part of a known text."""

    role: str
    path: str | None
    heading: str
    level: int
    lines: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.path, re.sub(r"\s", "", self.heading)


def read_known(path: Path) -> list[KnownPart]:
    """Return the parts that a known text has, in order."""
    return list(_parts(path.read_text(encoding="utf-8")))


def _parts(text: str) -> Iterator[KnownPart]:
    part: KnownPart | None = None
    in_table = False
    for line in text.splitlines():
        if not line.strip():
            in_table = False
            continue
        if line.startswith("%%") or re.match(r"#+ ", line):
            if part is not None:
                yield part
            part, in_table = _opened(line), False
        elif part is not None and line.startswith("| "):
            row = [cell.strip().replace("<br>", "\n") for cell in line.strip().strip("|").split(" | ")]
            row[0], row[-1] = row[0].strip("| "), row[-1].strip("| ")
            if not in_table:
                part.tables.append([])
            part.tables[-1].append(row)
            in_table = True
        elif part is not None:
            part.lines.append(line.strip())
            in_table = False
    if part is not None:
        yield part


def _opened(line: str) -> KnownPart:
    mark, _, rest = line.partition(" ")
    name, _, heading = (piece.strip() for piece in rest.partition("|"))
    if mark == "%%":
        return KnownPart(name, None, heading, 0)
    return KnownPart("annex" if name.startswith("附") else "clause", name, heading, len(mark))


def printed(parts: object) -> str:
    """Return the parts of a Document as a known text."""
    out: list[str] = []
    for part in parts:  # type: ignore[attr-defined]
        head = f"%% {part.role.value}" if part.path is None else f"{'#' * max(1, part.level)} {part.path}"
        out.append(f"{head} | {part.heading}" if part.heading or part.path else head)
        out.extend(line for line in part.body.split("\n") if line)
        for table in part.tables:
            out.extend("| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |" for row in table)
            out.append("")
        out.append("")
    return "\n".join(out)
