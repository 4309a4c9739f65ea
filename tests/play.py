"""`make run`: plays the days of the built-in copy of both sites, one after another, and says what came of each.

Everything is real: an HTTP server on this machine, the product's own commands, a database, files in an outbox.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from storage.runs import HEALTHY
from tests.replica.folding import day_numbers, world_on
from tests.replica.server import Replica

PROJECT = Path(__file__).parents[1]
HOME = Path("var") / "play"
CERTIFICATES = Path(__file__).parent / "replica" / "certificates.csv"
INTRODUCTION = """\
Two Chinese certification bodies, CQC and CCAP, publish the rules on which product certificates rest: in Chinese, on \
their websites, without telling anybody. A supplier who misses a change can lose the certificate.

Rulewatch visits both sites every day and tells each supplier in English what changed, what to do and by when. Here \
it does so on a copy of both sites that runs on this machine, for {certificates} certificates of {holders} suppliers, \
for {days} days in a row."""
KINDS = {
    "new_edition": "new edition of a rule",
    "revision": "rule changed silently, under the same link",
    "new_rule": "new rule",
    "standard_changeover": "certificates move to a newer standard",
    "withdrawal": "rule withdrawn",
    "suspension": "rule suspended",
    "notice": "notice",
    "no_longer_listed": "rule no longer listed",
    "correction": "correction of an earlier notice",
}
screen = Console(highlight=False)


def main() -> int:
    """Play every day; return 0 when all of them ran."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    with Replica(day=1) as replica:
        write_settings(replica.cqc_url, replica.ccap_url)
        imported = rulewatch("certificates", "import", str(CERTIFICATES), "--json")
        introduce(imported["added"])
        seen = Seen()
        for number in day_numbers():
            replica.set_day(number)
            play_day(number, seen)
    say_where_things_are()
    return 0


def write_settings(cqc_url: str, ccap_url: str) -> None:
    """Write the settings of the play: the two copies, no waiting, no translation service, an outbox."""
    text = f"""\
# Made by `make run`; the addresses lead to the copy of the sites and answer only while it runs.
home = "{HOME.resolve()}"
[crawl]
delay_seconds = 0
contact = "mailto:operator@rulewatch.example"
[authorities.cqc]
base_url = "{cqc_url}"
[authorities.ccap]
base_url = "{ccap_url}"
[translation]
provider = "none"
"""
    (HOME / "rulewatch.toml").write_text(text, encoding="utf-8")


def rulewatch(*arguments: str) -> Any:
    """Run one of the product's commands and return its JSON; its errors go to the screen and end the play."""
    environment = {**os.environ, "RULEWATCH_CONFIG": str(HOME / "rulewatch.toml")}
    command = [sys.executable, "-m", "monitor.cli", *arguments]
    answer = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode > 1 or not answer.stdout:
        screen.print(f"rulewatch {' '.join(arguments)} ended with status {answer.returncode}", style="red")
        raise SystemExit(answer.returncode)
    return json.loads(answer.stdout)


def introduce(certificates: int) -> None:
    """Say what is about to be seen to somebody who has never heard of it."""
    with CERTIFICATES.open(encoding="utf-8-sig", newline="") as file:
        holders = {row["holder"] for row in csv.DictReader(file)}
    text = INTRODUCTION.format(certificates=certificates, holders=len(holders), days=len(day_numbers()))
    screen.print(
        Panel(Text(text), title="Rulewatch", border_style="blue", padding=(1, 2), width=min(screen.width, 100))
    )


@dataclass
class Seen:
    """What earlier days brought: the numbers of changes, and of digests that were sent."""

    changes: set[int] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)

    def new_changes(self) -> list[dict[str, Any]]:
        """Return the changes that were not there before, the oldest first."""
        new = [change for change in rulewatch("changes", "--json") if change["id"] not in self.changes]
        self.changes |= {change["id"] for change in new}
        return sorted(new, key=lambda change: change["id"])

    def new_digests(self) -> list[dict[str, Any]]:
        """Return the digests that were sent since."""
        digests = rulewatch("digests", "--json")
        new = [digest for digest in digests if digest["status"] == "sent" and digest["id"] not in self.sent]
        self.sent |= {digest["id"] for digest in new}
        return new


def play_day(number: int, seen: Seen) -> None:
    """Run one day's cycle and say what happened on the sites, what was found and who was told."""
    world = world_on(number)
    screen.rule(f"[bold]Day {number}[/] · {world.on}", align="left", style="blue")
    screen.print(Text(f"On the sites: {world.says.strip()}", style="italic"))
    with screen.status("Visiting both sites, reading, comparing, writing …"):
        report = rulewatch("run", "--today", world.on.isoformat(), "--json")
    say_sections(report["sections"])
    say_changes(seen.new_changes(), number)
    say_told(seen.new_digests(), report["held_for_review"])
    screen.print()


def say_sections(sections: list[dict[str, Any]]) -> None:
    """Say how many sections were seen, and name those that could not be trusted."""
    troubled = [section for section in sections if section["status"] not in HEALTHY]
    fetched = sum(section["fetched"] for section in sections)
    screen.print(f"Visited {len(sections)} lists, fetched {fetched} new or changed pages and files.")
    for section in troubled:
        name = f"{section['authority'].upper()} {section['section']}"
        screen.print(Text(f"  ! {name}: {section['status']}: {section['reason']}", style="yellow"))
    if troubled:
        screen.print("  What could not be seen says nothing about a rule: nothing is reported as changed or withdrawn.")


def say_changes(changes: list[dict[str, Any]], number: int) -> None:
    """Say each change in a few words, or why there is none."""
    if not changes:
        first = "The first visit fills the register of rules and alerts nobody." if number == 1 else "Nothing changed."
        screen.print(Text(first, style="green"))
        return
    for change in changes:
        screen.print(change_panel(change))


def change_panel(change: dict[str, Any]) -> Panel:
    """Return one change as a panel: kind, headline, dates, clauses."""
    table = Table.grid(padding=(0, 2))
    summary = str(change["summary_en"] or change["title_zh"]).strip().splitlines()
    table.add_row(Text("What", style="bold"), Text(summary[0]))
    for label, name in (("From", "effective"), ("Act by", "deadline"), ("Otherwise", "consequence")):
        value = change[name]
        if value:
            table.add_row(Text(label, style="bold"), Text(str(value)))
    changed = [clause for clause in change["clauses"] if clause["substantive"]]
    if changed:
        why = "; ".join(reason for clause in changed for reason in clause["why"])
        table.add_row(Text("Clauses", style="bold"), Text(f"{len(changed)} with a changed requirement: {why}"[:300]))
    if change["needs_review"]:
        waits = Text("waits for a consultant before anybody is told", style="yellow")
        table.add_row(Text("Review", style="bold"), waits)
    rule = change["new_edition"] or change["old_edition"] or change["family"] or "no rule named"
    title = f"{KINDS[change['kind']]}: {rule}"
    return Panel(table, title=title, title_align="left", border_style="cyan", width=width())


def width() -> int:
    """Return how wide panels are: as the screen, but no wider than reads well."""
    return min(screen.width, 110)


def say_told(digests: list[dict[str, Any]], held: int) -> None:
    """Say who was mailed today, and what waits for a consultant."""
    for digest in digests:
        count = len(digest["alerts"])
        what = "1 change" if count == 1 else f"{count} changes"
        screen.print(Text(f"  → mailed to {digest['contact']}: {what}", style="green"))
    if not digests:
        screen.print("  Nobody was mailed.")
    if held:
        alerts = "1 alert waits" if held == 1 else f"{held} alerts wait"
        screen.print(Text(f"  {alerts} for a consultant's decision.", style="yellow"))


def say_where_things_are() -> None:
    """Say where the digests lie and how to look at them and at the change log."""
    outbox = HOME / "outbox"
    pages = sorted(outbox.glob("*.html"))
    lines = [f"{len(pages)} digests were written to {outbox}. Open one in a browser:", ""]
    lines += [f"  {page}" for page in pages[-3:]]
    lines += ["", "The change log in a browser (stop it with Ctrl-C):", ""]
    lines += [
        f"  RULEWATCH_CONFIG={HOME}/rulewatch.toml .venv/bin/rulewatch serve",
        "",
        "  then open http://127.0.0.1:8730/",
    ]
    screen.print(Panel(Text("\n".join(lines)), title="Look at it", border_style="green", padding=(1, 2)))


if __name__ == "__main__":
    sys.exit(main())
