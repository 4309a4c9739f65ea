"""A small case: files, what must be read in them, how they must compare; and the judging of what the product says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.documents.drawn.account import normal, parts_of, strings
from tests.documents.drawn.product import Answer, Compare, Read
from tests.documents.drawn.values import Table


@dataclass(frozen=True, slots=True)
class Reading:
    """What must be read in a file.

    `holds` stands in the parts, `without` does not; `kept` stands in the parts or was set aside; `named` was set aside;
    `mentions` stands in the reason, a doubt or what was set aside. `clauses`: path and heading, in this order.
    """

    file: str
    holds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    title: str | None = None
    code: str | None = None
    published: str | None = None
    effective: str | None = None
    clauses: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] | None = None
    without_office: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two files must compare: a change of requirement or none, and what an entry says before and after."""

    old: str
    new: str
    substantive: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Files by name, and what is right of them."""

    files: dict[str, bytes]
    readings: tuple[Reading, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


def judged(case: Case, folder: Path, read: Read, compare: Compare) -> list[str]:
    """Return what is wrong, a sentence each; nothing where the case is right."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    wrong: list[str] = []
    for reading in case.readings:
        with _office(not reading.without_office):
            answer = read(folder / reading.file)
        wrong += [f"{reading.file}: {said}" for said in _misread(reading, answer)]
    for pair in case.comparisons:
        answer = compare(folder / pair.old, folder / pair.new)
        wrong += [f"{pair.old} → {pair.new}: {said}" for said in _miscompared(pair, answer)]
    return wrong


@contextmanager
def _office(is_there: bool) -> Iterator[None]:
    """Hide LibreOffice by an empty search path."""
    before = os.environ.get("PATH", "")
    with TemporaryDirectory() as empty:
        os.environ["PATH"] = before if is_there else empty
        try:
            yield
        finally:
            os.environ["PATH"] = before


def _misread(reading: Reading, answer: Answer) -> Iterator[str]:
    if "failed" in answer:
        yield f"no answer ({answer['failed']})"
        return
    parts = list(parts_of(answer))
    text = normal("".join(strings(parts, ("path", "heading", "body", "tables"))))
    aside = normal("".join(strings(answer.get("set_aside"), None)))
    said = normal("".join(strings([answer.get("doubts"), answer.get("reason")], None))) + aside
    yield from (f"lacks {line!r}" for line in reading.holds if normal(line) not in text)
    yield from (f"takes in {line!r}" for line in reading.without if normal(line) in text)
    yield from (f"lost {line!r}" for line in reading.kept if normal(line) not in text + aside)
    yield from (f"sets aside without a name {line!r}" for line in reading.named if normal(line) not in aside)
    yield from (f"does not mention {line!r}" for line in reading.mentions if normal(line) not in said)
    yield from _wrong_values(reading, answer)
    found = [(part["path"], normal(part.get("heading") or "")) for part in parts if part.get("path")]
    told = [(path, normal(heading)) for path, heading in reading.clauses]
    found = [one for one in found if not one[0].startswith("表")]
    if told and found != told:
        missing, surplus = [one for one in told if one not in found], [one for one in found if one not in told]
        yield f"clauses: missing {missing}, surplus {surplus}" if missing or surplus else f"clauses in order {found}"
    tables = tuple(
        tuple(tuple(map(normal, row)) for row in table) for part in parts for table in part.get("tables", ())
    )
    if reading.tables is not None and tables != _normal_tables(reading.tables):
        yield f"tables {[(len(table), len(table[0]) if table else 0) for table in tables]}: {str(tables)[:200]}"


def _normal_tables(tables: tuple[Table, ...]) -> tuple[Any, ...]:
    return tuple(tuple(tuple(map(normal, row)) for row in table) for table in tables)


def _wrong_values(reading: Reading, answer: Answer) -> Iterator[str]:
    if reading.title is not None and normal(reading.title) not in normal(str(answer.get("title"))):
        yield f"title {answer.get('title')!r}"
    for name in ("code", "published", "effective"):
        told = getattr(reading, name)
        if told is not None and answer.get(name) != told:
            yield f"{name} {answer.get(name)!r}"


def _miscompared(pair: Comparison, answer: Answer) -> Iterator[str]:
    if "failed" in answer:
        yield f"no answer ({answer['failed']})"
        return
    entries = [entry for entry in answer.get("clauses") or () if entry.get("op") != "unchanged"]
    if answer.get("substantive") is not pair.substantive:
        shown = [
            (e.get("op"), e.get("old_path"), e.get("new_path"), e.get("why")) for e in entries if e.get("substantive")
        ]
        yield f"substantive {answer.get('substantive')}: {str(shown)[:300]}"
    if pair.after and not any(_tells(pair, entry) for entry in entries):
        yield f"no entry tells {pair.before!r} → {pair.after!r}"


def _tells(pair: Comparison, entry: dict[str, Any]) -> bool:
    old, new = (normal(str(entry.get(key) or "")) for key in ("old", "new"))
    return normal(pair.before) in old and normal(pair.after) in new
