"""How fast changes reach those they concern, beside SQLite writing the same rows without us.

    python benchmarks/telling.py [--certificates 10000] [--holders 3000] [--changes 40]

Holders with two contacts each hold certificates of twenty rule families. The first change concerns every certificate
(a standard they all name), the others one family each, as on the worst morning of a year. Each stage of the cycle runs
as in a cycle, on a database of its own; the mails go to a folder.

seconds: from the call to its return · rows: what the stage left in its tables · sqlite3: seconds in which Python's
sqlite3 alone writes these rows, in one transaction · MB: the most memory that the process had by then.
"""

import argparse
import csv
import logging
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.certificates.commands import import_certificates
from monitor.certificates.stage import match_changes
from monitor.digests.release import ReleaseSettings
from monitor.digests.smtp import SmtpSettings, make_mailer
from monitor.digests.stage import compose_digests, deliver_digests
from storage.engine.database import Database
from tests.monitor.digests.examples import CHANGEOVER, NEW_EDITION, add_change

FAMILIES = [f"CQC11-{371000 + number}" for number in range(20)]
STANDARDS = {"old": "GB 4706.1-2005", "new": "GB 4706.1-2024"}
DAY = date(2026, 3, 2)
SENDER = "rulewatch@example.org"


@dataclass(frozen=True)
class Stage:
    """One stage: its name, what it does, and the tables in which it leaves rows."""

    name: str
    run: Callable[[Database], object]
    tables: tuple[str, ...]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--certificates", type=int, default=10_000)
    parser.add_argument("--holders", type=int, default=3_000)
    parser.add_argument("--changes", type=int, default=40)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    table = Table("stage")
    for column in ("seconds", "rows", "rows/s", "sqlite3", "ratio", "MB"):
        table.add_column(column, justify="right")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'rulewatch.sqlite'}")
        database.upgrade()
        _add_changes(database, asked.changes)
        measured = [_measured(stage, database) for stage in _stages(folder, asked.certificates, asked.holders)]
        database.close()
        for name, seconds, memory, tables in measured:
            table.add_row(name, f"{seconds:.2f}", *_beside_sqlite(folder, tables, seconds), f"{memory:.0f}")
    Console().print(table)


def _stages(folder: Path, certificates: int, holders: int) -> Iterator[Stage]:
    path = folder / "certificates.csv"
    _write_certificates(path, certificates, holders)
    mailer = make_mailer(SmtpSettings(sender=SENDER), folder / "outbox")
    held = ("holders", "contacts", "holder_contacts", "certificates", "certificate_standards")
    yield Stage("import", lambda database: import_certificates(database, path), held)
    yield Stage("match", lambda database: match_changes(database, DAY), ("matches",))
    told = ("alerts", "digest_alerts", "digests")
    yield Stage("compose", lambda database: compose_digests(database, DAY, ReleaseSettings(), SENDER), told)
    yield Stage("deliver", lambda database: deliver_digests(database, mailer, SENDER, DAY), ("deliveries",))
    yield Stage("compose, again", lambda database: compose_digests(database, DAY, ReleaseSettings(), SENDER), ())


def _measured(stage: Stage, database: Database) -> tuple[str, float, float, Sequence[str]]:
    start = time.perf_counter()
    stage.run(database)
    seconds = time.perf_counter() - start
    return stage.name, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, stage.tables


def _beside_sqlite(folder: Path, tables: Sequence[str], seconds: float) -> Sequence[str]:
    if not tables:
        return "", "", "", ""
    rows, alone = _written_alone(folder, tables)
    return f"{rows:,}", f"{rows / seconds:,.0f}", f"{alone:.2f}", f"{seconds / alone:.0f}"


def _written_alone(folder: Path, tables: Sequence[str]) -> tuple[int, float]:
    """How many rows the tables hold, and how long sqlite3 alone takes to write them into tables of the same schema."""
    count, seconds = 0, 0.0
    with sqlite3.connect(folder / "rulewatch.sqlite") as source:
        for name in tables:
            rows = source.execute(f"SELECT * FROM {name}").fetchall()
            schema = source.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            copy = folder / f"{name}-{time.monotonic_ns()}.sqlite"
            start = time.perf_counter()
            with sqlite3.connect(copy) as target:
                target.execute("PRAGMA journal_mode=WAL")
                target.execute(schema)
                if rows:
                    target.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)
            seconds += time.perf_counter() - start
            count += len(rows)
    return count, seconds


def _write_certificates(path: Path, certificates: int, holders: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("certificate_no", "holder", "contact_email", "rule", "product", "standards", "expires"))
        for number in range(certificates):
            holder = number % holders
            contacts = f"quality{holder}@example.org; office{holder}@example.org"
            rule = f"{FAMILIES[number % len(FAMILIES)]}-2021"
            product = f"Switch unit {number % 97}"
            writer.writerow(
                (f"CQC{number:010}", f"Holder {holder}", contacts, rule, product, STANDARDS["old"], "2029-12-31")
            )


def _add_changes(database: Database, count: int) -> None:
    """Keep changes as the stages before leave them."""
    for number in range(count):
        at = {"event_key": str(number), "source_url": f"https://www.cqc.example/c/{number}.shtml"}
        add_change(database, {**_change(number), **at})


def _change(number: int) -> dict[str, Any]:
    if number == 0:
        return {**CHANGEOVER, "family": "", "families_named": [], "standards": [STANDARDS]}
    family = FAMILIES[number % len(FAMILIES)]
    editions = {"old_edition": f"{family}-2021", "new_edition": f"{family}-2026"}
    return {**NEW_EDITION, "authority": "cqc", "family": family, "standards": [], **editions}


if __name__ == "__main__":
    main()
