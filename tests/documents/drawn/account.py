"""Accounts for what was drawn: what a reading kept, what it set aside by name, what it lost."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.documents.drawn.values import Change, Drawn

_DASHES = re.compile(r"[‐-―−－─]")
_LEADERS = re.compile(r"[.·・•∙‧]{3,}")


@dataclass(frozen=True)
class Account:
    """How a file was read.

    `lost`: characters told of the file that stand neither in a part nor in what was set aside or doubted; `lost_lines`
    the same in whole lines. `unnamed`: furniture, contents and extras that vanished without a name, by kind;
    `intruding`: those that stand in the rule's text, by kind. `headings` and `cells`: told and not found so.
    """

    name: str
    readable: bool = True
    confidence: float | None = None
    doubts: int = 0
    lost: str = ""
    lost_lines: tuple[str, ...] = ()
    unnamed: dict[str, int] = field(default_factory=dict)
    intruding: dict[str, int] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    cells: int = 0
    tables: tuple[int, int] = (0, 0)
    title: bool = True
    failed: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what is worth a line: empty findings left out."""
        return {key: value for key, value in asdict(self).items() if value not in ("", (), {}, [])}


def normal(text: str) -> str:
    """Return a text as it is compared: compatibility forms folded, no white space, one dash, no leaders."""
    return _LEADERS.sub("", _DASHES.sub("-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))))


def account(drawn: Drawn, answer: dict[str, Any]) -> Account:
    """Return the account of a drawn file, given what `rulewatch show --json` says of it."""
    if "failed" in answer:
        return Account(drawn.name, readable=False, failed=str(answer["failed"]), lost_lines=drawn.text)
    parts = list(parts_of(answer))
    text, title = normal("".join(strings(parts, _TEXT_KEYS))), normal(str(answer.get("title") or ""))
    kept = text if title in text else title + text
    named = normal("".join(strings([answer.get("set_aside"), answer.get("doubts")], None)))
    aside = normal("".join(strings(answer.get("set_aside"), ("text",))))  # a line may be set aside in pieces
    there = f"{kept}\n{named}\n{aside}"
    found = Counter(kept + named)
    lost_lines = _missing_lines(map(normal, drawn.text), kept + named)
    headings = Counter(normal(f"{part.get('path') or ''}{part.get('heading') or ''}") for part in parts)
    told = Counter(normal(clause.path + clause.heading) for clause in drawn.clauses)
    tables = [table for part in parts for table in part.get("tables") or ()]
    around = [("furniture", line) for line in drawn.furniture] + [("contents", line) for line in drawn.contents]
    around += [(extra.kind, extra.text) for extra in drawn.extras]
    own = "".join(map(normal, drawn.text))
    return Account(
        name=drawn.name,
        readable=bool(answer.get("readable")),
        confidence=answer.get("confidence"),
        doubts=len(answer.get("doubts") or ()),
        lost="".join(sorted((Counter(normal("".join(drawn.text))) - found).elements())),
        lost_lines=lost_lines,
        unnamed=_kinds(around, lambda line: line not in there and _bare(line) not in _bare(aside)),
        intruding=_kinds(around, lambda line: line in text and line not in own and line not in title),
        headings=tuple((told - headings).elements()),
        cells=(_cells(drawn.tables) - _cells(tables)).total(),
        tables=(len(drawn.tables), len(tables)),
        title=normal(drawn.title).removesuffix("产品认证实施规则") in title,
    )


_TEXT_KEYS = ("path", "heading", "body", "tables")


def parts_of(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parts of an answer, those of an archive's members too."""
    yield from answer.get("parts") or ()
    for member in answer.get("members") or ():
        yield from parts_of(member)


def strings(value: object, keys: tuple[str, ...] | None) -> Iterator[str]:
    """Yield every string inside a JSON value, of its objects only those under the keys (None: all)."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in keys if keys is not None else value:
            yield from strings(value.get(key), keys)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from strings(item, keys)


def _missing_lines(lines: Iterable[str], text: str) -> tuple[str, ...]:
    """Lines that the text has less often than they were told."""
    wanted = Counter(line for line in lines if line)
    return tuple(line for line, count in wanted.items() for _ in range(max(0, count - text.count(line))))


def _bare(line: str) -> str:
    """A line without its digits: furniture is told without the number of its page."""
    return re.sub("[0-9]", "", line)


def _kinds(around: list[tuple[str, str]], holds: Any) -> dict[str, int]:
    lines = [(kind, normal(text)) for kind, text in around]
    return dict(Counter(kind for kind, line in lines if len(line) > 3 and holds(line)))


def _cells(tables: Iterable[Iterable[Iterable[str]]]) -> Counter[str]:
    """Cells with text, each with its column."""
    rows = (row for table in tables for row in table)
    return Counter(f"{at}|{normal(cell)}" for row in rows for at, cell in enumerate(row) if cell.strip())


def how_seen(change: Change, answer: dict[str, Any]) -> str:
    """Return how a comparison tells a change: seen, seen with others, elsewhere, not substantive, unseen or failed."""
    if "failed" in answer:
        return "failed"
    entries = [entry for entry in answer.get("clauses") or () if entry.get("op") != "unchanged"]
    told = [entry for entry in entries if _tells(change, entry)]
    substantive = [entry for entry in entries if entry.get("substantive")]
    if any(entry in substantive for entry in told) and answer.get("substantive"):
        return "seen" if len(substantive) == 1 else "seen with others"
    if answer.get("substantive") and substantive:
        return "elsewhere"
    return "not substantive" if told else "unseen"


def _tells(change: Change, entry: dict[str, Any]) -> bool:
    """Whether an entry has the words round the digit before and after."""
    before, after = (normal(_near(text, change.at)) for text in (change.before, change.after))
    old, new = (normal(str(entry.get(key) or "")) for key in ("old", "new"))
    return old.count(before) != new.count(before) and old.count(after) != new.count(after)


def _near(text: str, at: int) -> str:
    return text[max(0, at - 4) : at + 5]
