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
from datetime import UTC, date, datetime
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
from monitor.translation.summary import Statement, Summary
from storage.captures import CaptureRow
from storage.changes import ChangeRow
from storage.database import Database
from storage.runs import VisitRow, begin_run
from storage.translation import SummaryRow

FAMILIES = [f"CQC11-{371000 + number}" for number in range(20)]
STANDARD = ("GB 4706.1-2005", "GB 4706.1-2024")
DAY, MOMENT = date(2026, 3, 2), datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
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
                (f"CQC{number:010}", f"Holder {holder}", contacts, rule, product, STANDARD[0], "2029-12-31")
            )


def _add_changes(database: Database, count: int) -> None:
    """Keep changes as the stages before leave them."""
    with database.session() as session:
        run = begin_run(session, DAY)
        visit = VisitRow(
            run_id=run,
            authority="cqc",
            section="notices",
            role="notices",
            family="static-shtml",
            today=DAY,
            started_at=MOMENT,
        )
        session.add(visit)
        session.flush()
        for number in range(count):
            change = ChangeRow(capture=_capture(visit.id, number), **_change(number))
            session.add(change)
            session.flush()
            summary = _summary(change)
            session.add(SummaryRow(change_id=change.id, revision=1, content=summary.to_json(), made_at=MOMENT))
        session.commit()


def _capture(visit_id: int, number: int) -> CaptureRow:
    return CaptureRow(
        visit_id=visit_id,
        authority="cqc",
        section="notices",
        role="notices",
        kind="article",
        url=f"https://www.cqc.example/c/{number}.shtml",
        family="static-shtml",
        status=200,
        headers={},
        sha256=f"{number:064x}",
        size=9_000,
        fetched_at=MOMENT,
        today=DAY,
    )


def _change(number: int) -> dict[str, Any]:
    family = FAMILIES[number % len(FAMILIES)]
    common: dict[str, Any] = {
        "supersedes": [],
        "reasons": [],
        "facts": [],
        "families_named": [],
        "standards_named": [],
        "authority": "cqc",
        "published": DAY,
        "effective": date(2026, 7, 1),
        "deadline": date(2027, 6, 30),
        "actions": ["changeover", "retest"],
        "consequence": "suspension",
        "needs_review": False,
        "detected_on": DAY,
        "source_url": f"https://www.cqc.example/c/{number}.shtml",
        "event_key": str(number),
        "revision": 1,
    }
    if number == 0:
        pair = {"old": STANDARD[0], "new": STANDARD[1]}
        return {
            **common,
            "kind": "standard_changeover",
            "family": "",
            "standards": [pair],
            "title_zh": "关于标准换版工作的通知",
        }
    editions = {"old_edition": f"{family}-2021", "new_edition": f"{family}-2026"}
    return {**common, "kind": "new_edition", "family": family, "standards": [], "title_zh": "认证规则", **editions}


def _summary(change: ChangeRow) -> Summary:
    headline = f"{change.new_edition or STANDARD[1]} is to be used from 1 July 2026"
    statements = [
        Statement("what_changed", "What changed", f"{headline}.", ()),
        Statement(
            "deadline", "Last date", "Complete the changeover by 30 June 2027.", ("应于2027年6月30日前完成换证",)
        ),
        Statement("how_read", "How read", "Read from a web page.", ()),
    ]
    return Summary(headline, headline, tuple(statements), (), (), None)


if __name__ == "__main__":
    main()
