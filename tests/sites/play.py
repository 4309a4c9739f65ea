"""python -m tests.sites.play --seed N [--days 1-8]: the days of a drawn site played through the product's commands.

    python -m tests.sites.play --volatile 0..19 | none     the replica itself, its links with volatile parts or without

The product is run as a person runs it, in a temporary folder, each command in a process of its own (one that has its
modules loaded already: half of a play would be spent on that); what it says after each day is compared with the truth
of the site, and one JSON line is printed. `silent` are changes that were missed or late while a section that tells
them said that all is well; `wrong` are fields of found changes that say something else than the truth.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.replica.folding import world_on
from tests.sites.command import run_command
from tests.sites.played import Playable, PlayedReplica
from tests.sites.sites import AUTHORITIES, Site
from tests.sites.volatile import KINDS

PROJECT = Path(__file__).parents[2]
_COMMANDS = multiprocessing.get_context("forkserver")
_MOST_SECONDS = 1800
CERTIFICATES = PROJECT / "tests" / "replica" / "certificates.csv"
_NOT_OF_THE_LOG = ("articles", "clauses", "edition")
_WELL = ("ok", "not_modified")
Change = Mapping[str, Any]
Key = tuple[str, str]


@dataclass
class Played:
    """What was seen: the log's new entries and the sections of each day, and how many requests it took."""

    new: dict[int, list[Change]] = field(default_factory=dict)
    sections: dict[int, dict[str, Any]] = field(default_factory=dict)
    requests: dict[int, int] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


def play(site: Playable, days: Iterable[int], home: Path) -> Played:
    """Run the days in order in a home folder; a command that fails is kept with its last words."""
    config = home / "rulewatch.toml"
    config.write_text(site.settings(), encoding="utf-8")
    environment = {**os.environ, "RULEWATCH_HOME": str(home), "RULEWATCH_CONFIG": str(config)}
    played, known = Played(), set[int]()
    _rulewatch(environment, "certificates", "import", str(CERTIFICATES))
    for day in days:
        site.go_to_day(day)
        before = len(site.seen)
        try:
            report = json.loads(_rulewatch(environment, "run", "--today", world_on(day).on.isoformat(), "--json"))
            log = json.loads(_rulewatch(environment, "changes", "--json"))
        except (RuntimeError, ValueError) as reason:
            played.failed[day] = str(reason)
            report, log = {"sections": []}, []
        played.requests[day] = len(site.seen) - before
        played.sections[day] = {f"{s['authority']}/{s['section']}": s for s in report["sections"]}
        played.new[day] = [entry for entry in log if entry["id"] not in known]
        known |= {entry["id"] for entry in log}
    return played


def _rulewatch(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command and return what it printed; RuntimeError where it ends with neither 0 nor 1."""
    printed, complained = (Path(environment["RULEWATCH_HOME"]) / name for name in ("printed.txt", "complained.txt"))
    _COMMANDS.set_forkserver_preload(["tests.sites.command"])
    process = _COMMANDS.Process(target=run_command, args=(dict(environment), arguments, printed, complained))
    process.start()
    process.join(_MOST_SECONDS)
    if process.exitcode not in (0, 1):
        process.kill()
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.exitcode}: {complained.read_text()[-600:]}")
    return printed.read_text(encoding="utf-8")


def judge(site: Playable, played: Played) -> dict[str, Any]:
    """Compare what was found with the truth; changes are told apart by kind and family."""
    days = sorted(played.new)
    truth = {day: site.truth[day] for day in days}
    where: dict[Key, int] = {}
    left = {day: {_key(entry): entry for entry in played.new[day]} for day in days}
    spare = [(day, entry) for day in days for entry in _doubles(played.new[day])]
    out: dict[str, Any] = {"found": 0, "missed": [], "late": [], "false": [], "silent": [], "wrong": []}
    for day in days:
        for change in truth[day]:
            on = next((d for d in days if d >= day and _key(change) in left[d]), None)
            where[_key(change)] = on or 0
            _enter(out, change, day, on, left[on].pop(_key(change)) if on else None)
            if on != day and _said_well(change, played.sections[day]):
                out["silent"].append(_name(change, day))
    rest = [(day, entry) for day in days for entry in left[day].values()]
    out["false"] = [_told(entry, day) for day, entry in sorted([*rest, *spare], key=lambda pair: pair[0])]
    return out


def _enter(out: dict[str, Any], change: Change, day: int, on: int | None, found: Change | None) -> None:
    if on is None or found is None:
        out["missed"].append(_name(change, day))
        return
    out["found"] += on == day
    if on != day:
        out["late"].append(f"{_name(change, day)} (day {on})")
    for name, value in change.items():
        said = value.isoformat() if isinstance(value, date) else value
        if name not in _NOT_OF_THE_LOG and found.get(name) != said:
            out["wrong"].append(f"{_name(change, day)} {name}: {found.get(name)!r} for {said!r}")
    for words in change.get("clauses", ()):
        if not any(words in (clause["new"] or clause["old"] or "") for clause in found["clauses"]):
            out["wrong"].append(f"{_name(change, day)} clauses: {words!r} is in none")


def _key(change: Change) -> Key:
    return change["kind"], change.get("family") or ""


def _doubles(entries: Iterable[Change]) -> list[Change]:
    """All but the last entry of each key of a day."""
    all_of_day = list(entries)
    last = {_key(entry): entry["id"] for entry in all_of_day}
    return [entry for entry in all_of_day if entry["id"] != last[_key(entry)]]


def _name(change: Change, day: int) -> str:
    return f"day {day} {change['authority']} {change['kind']} {change.get('family')}"


def _told(entry: Change, day: int) -> str:
    held = "held" if entry["needs_review"] else "certain"
    return f"{_name(entry, day)} {held} {'+'.join(entry['reasons'])} {(entry['title_zh'] or '')[:40]}".replace(
        "  ", " "
    )


def _said_well(change: Change, sections: Mapping[str, Any]) -> bool:
    """Whether a section that tells the change said, on its day, that all is well."""
    for article in change.get("articles", ()):
        site, _, number = article.partition(":")
        known = next(a for a in world_on(8).articles if (a.site, a.number) == (site, int(number)))
        status = sections.get(f"{site}/{known.section}", {}).get("status")
        if status in _WELL:
            return True
    return False


def sections_of(played: Played) -> dict[str, list[str]]:
    """Sections by day whose status is not the one that the replica's day expects, with the reason given."""
    out: dict[str, list[str]] = {}
    for day, sections in played.sections.items():
        planned = world_on(day).expected.get("sections", {})
        for name, section in sections.items():
            status = "ok" if section["status"] in _WELL else section["status"]
            if status != planned.get(name, "ok"):
                out.setdefault(f"day {day}", []).append(f"{name} {section['status']}: {section['reason']}")
    return out


def seed_line(seed: int, days: Iterable[int]) -> dict[str, Any]:
    """Play a seed and return its line."""
    with Site(seed) as site:
        combination = {name: site.combinations[name].as_json() for name in AUTHORITIES}
        return {"seed": seed, "combination": combination, **_outcome(site, days)}


def volatile_line(kind: int | None, days: Iterable[int]) -> dict[str, Any]:
    """Play the replica with a volatile kind (None: with its own addresses) and return its line."""
    site = PlayedReplica(kind)
    try:
        return {"volatile": None if kind is None else asdict(KINDS[kind]), **_outcome(site, days)}
    finally:
        site.close()


def _outcome(site: Playable, days: Iterable[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sites-") as home:
        played = play(site, days, Path(home))
    figures = {"requests": played.requests, "failed": played.failed}
    return {**judge(site, played), "sections": sections_of(played), **figures}


def main() -> int:
    """Return 0 when nothing was missed, late or false."""
    parser = argparse.ArgumentParser(prog="python -m tests.sites.play", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", type=int)
    what.add_argument("--volatile", choices=["none", *map(str, range(len(KINDS)))], metavar="KIND")
    parser.add_argument("--days", default="1-8", help="a range, such as 1-8")
    options = parser.parse_args()
    first, _, last = options.days.partition("-")
    days = range(int(first), int(last or first) + 1)
    if options.seed is not None:
        result = seed_line(options.seed, days)
    else:
        result = volatile_line(None if options.volatile == "none" else int(options.volatile), days)
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["missed"] or result["late"] or result["false"] or result["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
