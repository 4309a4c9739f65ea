"""The days' files, folded one after another into the world of each day.

A day's file says only what is different from the day before; days/README.md explains its words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.replica.rules import SOURCES, rule_article
from tests.replica.world import HERE, SITES, Article, FileLink, Look, PlannedTrouble, Section, World

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TYPES = {".pdf": "application/pdf", ".doc": "application/msword"}


def day_numbers() -> list[int]:
    """Return the numbers of all days that have a file."""
    return sorted(int(path.stem.removeprefix("day")) for path in (HERE / "days").glob("day*.yaml"))


@cache
def world_on(number: int) -> World:
    """Return the sites as they stand on a day; KeyError where no such day is written."""
    if number not in day_numbers():
        raise KeyError(f"there is no day {number}; days are {day_numbers()}")
    content = _load(HERE / "days" / f"day{number}.yaml")
    before = _bare_world() if number == 1 else world_on(number - 1)
    return _changed(replace(before, number=number, on=content["date"], says=content["says"]), content)


def _load(path: Path) -> Any:
    with path.open("rb") as stream:
        return yaml.load(stream, Loader=_LOADER)


def _bare_world() -> World:
    """The sites before the first day: the rules in force, and no notices."""
    sections = tuple(Section(**section) for section in _load(HERE / "sections.yaml"))
    rules = tuple(_rule(entry) for entry in _load(HERE / "rules.yaml"))
    return World(0, date(2026, 3, 1), "", sections, rules, frozenset(), {site: Look() for site in SITES})


def _changed(world: World, content: Mapping[str, Any]) -> World:
    """Apply what a day's file says: new articles, exchanged files, edits, rows gone and back, looks, troubles."""
    articles = [*world.articles, *map(_rule, content.get("rules", ())), *map(_article, content.get("publish", ()))]
    articles = _exchanged(articles, content.get("exchange", ()), world.on)
    articles = _edited(articles, content.get("edit", ()), world.on)
    hidden = world.hidden | {_key(text) for text in content.get("unlist", ())}
    hidden -= {_key(text) for text in content.get("list_again", ())}
    said = content.get("look", {})
    return replace(
        world,
        articles=tuple(articles),
        hidden=frozenset(hidden),
        looks={site: _look(world.looks[site], said.get(site), world.on) for site in SITES},
        troubles=tuple(PlannedTrouble(**entry) for entry in content.get("broken", ())),
        down=frozenset(content.get("down", ())),
        expected=content.get("expected", {}),
    )


def _key(text: str) -> tuple[str, int]:
    site, _, number = text.partition(":")
    return site, int(number)


def _look(before: Look, said: Mapping[str, Any] | None, on: date) -> Look:
    if said is None:
        return before
    given = {"since": on, **said, "views": before.views + said.get("views", 0)}
    if "reorder" in said:
        given["reorder"] = tuple(said["reorder"])
    return replace(before, **given)


def _rule(entry: Mapping[str, Any]) -> Article:
    article = rule_article(entry)
    if "file" not in entry:
        return article
    link = {name: entry[name] for name in ("at", "file", "text", "named") if name in entry}
    return replace(article, files=(_file(article.site, link, article.published),))


def _article(entry: Mapping[str, Any]) -> Article:
    given = dict(entry)
    given["files"] = tuple(_file(given["site"], file, given["published"]) for file in given.get("files", ()))
    given.setdefault("source", SOURCES[given["site"]])
    return Article(**given)


def _file(site: str, entry: Mapping[str, Any], published: date) -> FileLink:
    """Fill in what the site does by habit: CCAP names files in GBK and types none, CQC's /upload/ types them."""
    given = {"modified": published, "text": Path(entry["at"]).name, **entry}
    if site == "ccap":
        given.setdefault("named", "gbk")
    elif "download?ID" in given["at"]:
        given.setdefault("named", "utf8")
        given.setdefault("etag", False)
    else:
        given.setdefault("content_type", _TYPES.get(Path(given["file"]).suffix, "application/octet-stream"))
    return FileLink(**given)


def _exchanged(articles: Iterable[Article], entries: Iterable[Mapping[str, Any]], on: date) -> list[Article]:
    """Put other bytes under the addresses named; link, title and date of the article stay."""
    new = {(entry["site"], entry["at"]): entry["file"] for entry in entries}
    return [replace(a, files=tuple(_other_bytes(f, new.get((a.site, f.at)), on) for f in a.files)) for a in articles]


def _other_bytes(link: FileLink, file: str | None, on: date) -> FileLink:
    return replace(link, file=file, modified=on) if file else link


def _edited(articles: Iterable[Article], entries: Iterable[Mapping[str, Any]], on: date) -> list[Article]:
    by_key = {(entry["site"], entry["number"]): entry for entry in entries}
    return [_edit(a, by_key[a.site, a.number], on) if (a.site, a.number) in by_key else a for a in articles]


def _edit(article: Article, entry: Mapping[str, Any], on: date) -> Article:
    given = {name: value for name, value in entry.items() if name not in ("site", "number")}
    if "files" in given:
        given["files"] = tuple(_file(article.site, file, on) for file in given["files"])
    for old, new in given.pop("swap", {}).items():
        given["body"] = given.get("body", article.body).replace(old, new)
    return replace(article, edited=on, **given)
