"""What a probe says to a person: a sentence a section first, then the details; nothing cut, noise only where asked."""

from collections.abc import Iterator
from typing import Any

from monitor.notation.codes import find_codes


def sentence(section: dict[str, Any]) -> str:
    """Return in one sentence whether a section is understood."""
    name = f"{section['authority']}/{section['section']}"
    rows = section["rows"]
    if not rows:
        return f"{name}: not understood: {section['reason'] or 'no list was found'}"
    doubts = [one for one in section["set_aside"] if one["is_doubt"]]
    verdict = "understood" if section["status"] == "ok" and not doubts else "not fully understood"
    why = "" if section["status"] == "ok" else f" ({section['reason']})"
    what = "rules" if section["role"] == "rules" else "notices"
    newest = max((row["date"] for row in rows if row["date"]), default=None)
    coded = sum(bool(find_codes(row["title"])) for row in rows)
    parts = [f"{len(rows)} {what}", f"newest {newest}" if newest else "no row has a date"]
    parts += [f"codes in {coded} of {len(rows)}"] if coded or what == "rules" else []
    parts += [f"{len(doubts)} links in doubt"] if doubts else []
    return f"{name}: {verdict}{why}: {', '.join(parts)}; {_files(section)}"


def details(section: dict[str, Any], noise: bool) -> Iterator[str]:
    """Yield the lines under a section's sentence."""
    rows, sample = section["rows"], section["sample"]
    if rows:
        declared = "" if section["family"] == section["declared_family"] else f", declared {section['declared_family']}"
        yield f"read as {section['family']}{declared}, in {section['encoding']}"
        yield f"first row: {_row(rows[0])}"
        yield f"last row: {_row(rows[-1])}"
        pages = f" of {section['pages']}" if section["pages"] else ""
        yield f"goes on at {section['next_page']}" if section["next_page"] else f"no further page{pages}"
    if sample:
        day = sample["published"] or "no day found"
        yield f"article read: {sample['title']} ({day}, {sample['body_characters']} characters) {sample['url']}"
        yield from (f"file: {file['name']} ({file['kind'] or 'not had'}) {file['url']}" for file in sample["files"])
    if section["volatile"]:
        yield f"addresses change from visit to visit in {', '.join(section['volatile'])}; runs learn it by themselves"
    aside = [one for one in section["set_aside"] if one["is_doubt"] or noise]
    yield from (f"set aside: {one['what']} ({one['reason']}) {one['url'] or ''}".rstrip() for one in aside)
    yield from (f"advice: {line}" for line in section["advice"])
    if noise:
        yield from (f"differs between two fetches: {line}" for line in section["unstable"])


def _files(section: dict[str, Any]) -> str:
    sample = section["sample"]
    if sample is None:
        return "no article could be read"
    return "files found" if sample["files"] else "the newest article links no file"


def _row(row: dict[str, Any]) -> str:
    return f"{row['date'] or 'no date'} {row['title']} {row['url']}"
