"""A rule's text: data of one product poured into the build-up of its authority, as a list of blocks."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 to 3; 0 without number), a caption, a table, an annex or a paragraph, in reading order."""

    kind: str
    text: str = ""
    number: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def product(name: str) -> dict[str, Any]:
    """Return a product's data; `base` names the edition that it alters (`set` replaces, by dotted place)."""
    given: dict[str, Any] = yaml.safe_load((HERE / "products" / f"{name}.yaml").read_text("utf-8"))
    if "base" not in given:
        return given
    data = product(given["base"]) | {key: value for key, value in given.items() if key not in ("base", "set")}
    for place, value in given.get("set", {}).items():
        _put(data, place.split("."), value)
    return data


def blocks(data: Mapping[str, Any]) -> list[Block]:
    """Return the text of a rule, without cover and table of contents."""
    counters = _Counters()
    words = {"n": counters.chapter, "s": counters.section, "t": counters.item, "pick": _picker(data["seed"])}
    optional: dict[str, Any] = {"excludes": None, "terms": [], "replaces": None, "changes": [], "extra": []}
    text = _ENVIRONMENT.get_template(f"{data['skeleton']}.txt.j2").render(optional | dict(data) | words)
    return _with_tables([_block(line.strip()) for line in text.splitlines() if line.strip()])


def _put(data: Any, place: list[str], value: Any) -> None:
    key: Any = int(place[0]) if place[0].isdecimal() else place[0]
    if len(place) == 1:
        data[key] = value
    else:
        _put(data[key], place[1:], value)


def _picker(seed: str) -> Callable[..., str]:
    """One of several wordings, always the same for a product, so that two editions differ only where they should."""

    def pick(place: str, *wordings: str) -> str:
        return wordings[hashlib.md5(f"{seed}/{place}".encode()).digest()[0] % len(wordings)]

    return pick


class _Counters:
    """The numbers of chapters, sections and items as they are printed."""

    def __init__(self) -> None:
        self._at = [0, 0, 0]

    def chapter(self) -> str:
        return self._count(0)

    def section(self) -> str:
        return self._count(1)

    def item(self) -> str:
        return self._count(2)

    def _count(self, place: int) -> str:
        self._at[place] += 1
        self._at[place + 1 :] = [0] * (2 - place)
        return ".".join(str(number) for number in self._at[: place + 1])


def _block(line: str) -> Block:
    mark, _, rest = line.partition(" ")
    if mark in ("#", "##", "###"):
        number, _, title = rest.partition(" ")
        return Block("heading", title, number, len(mark))
    if mark == "P:":
        return Block("heading", rest)
    if mark == "T:":
        return Block("caption", rest)
    if mark == "A:":
        return Block("annex", rest)
    if line.startswith("|"):
        return Block("row", rows=(tuple(cell.strip() for cell in line.strip("| ").split("|")),))
    return Block("paragraph", line)


def _with_tables(lines: list[Block]) -> list[Block]:
    """Put rows that follow one another into one table."""
    out: list[Block] = []
    for line in lines:
        if line.kind == "row" and out and out[-1].kind == "table":
            out[-1] = Block("table", rows=(*out[-1].rows, *line.rows))
        else:
            out.append(Block("table", rows=line.rows) if line.kind == "row" else line)
    return out
