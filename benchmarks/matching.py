"""How much it costs to hold changes against a large register, beside SQLite answering as many questions.

    python benchmarks/matching.py [--certificates 1000000] [--changes 100]

Certificates of 3,000 rule families, two standards each, all of them matched before. Of the changes two in three are new
editions of a family, one in three moves a standard. Beside it: sqlite3 alone, asked for the certificates of each family
or standard, and writing as many rows into a table like that of the matches.

CPU: seconds of computing · MB: the most memory that the process had by then.
"""

import argparse
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.certificates.stage import match_changes
from storage.engine.database import Database
from tests.monitor.digests.examples import CHANGEOVER, NEW_EDITION, add_change

FAMILIES, STANDARDS, HOLDERS = 3000, 2000, 1000
DAY = date(2026, 3, 2)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--certificates", type=int, default=1_000_000)
    parser.add_argument("--changes", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rulewatch.db"
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        _fill(path, asked.certificates)
        for number in range(asked.changes):
            _add(database, number)
        found: dict[str, int] = {}
        own = _cpu(lambda: found.update(match_changes(database, DAY)))
        alone = _cpu(lambda: _alone(path, asked.changes))
        database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.certificates:,} certificates, {found['changes']} changes, {found['matches']:,} matches")
    print(f"CPU {own:.2f} s · sqlite3 alone {alone:.2f} s · {memory:.0f} MB")


def _cpu(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _fill(path: Path, count: int) -> None:
    with sqlite3.connect(path) as database:
        holders = ((at, f"Holder {at}") for at in range(1, HOLDERS + 1))
        database.executemany("INSERT INTO holders (id, name) VALUES (?, ?)", holders)
        columns = "id, number, holder_id, rule_printed, family, edition, product, imported_at, status, version"
        others = "matched_version, factory, models, consultant, language, time_zone"
        fixed = "'valid', 1, 1, '', '', '', '', ''"
        database.executemany(
            f"INSERT INTO certificates ({columns}, {others}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, {fixed})",
            _certificates(count),
        )
        named = ((at, f"{standard}-2013", standard) for at in range(1, count + 1) for standard in _standards(at))
        database.executemany(
            "INSERT INTO certificate_standards (certificate_id, standard, undated) VALUES (?, ?, ?)", named
        )


def _certificates(count: int) -> Iterator[tuple[object, ...]]:
    for at in range(1, count + 1):
        family = f"CQC11-{100_000 + at % FAMILIES}"
        moment = "2026-01-01 00:00:00.000000"
        yield (
            at,
            f"CQC{at:010}",
            at % HOLDERS + 1,
            f"{family}-2018",
            family,
            f"{family}-2018",
            f"开关{at % 997}号",
            moment,
        )


def _standards(at: int) -> tuple[str, str]:
    return f"GB/T {10_000 + at % STANDARDS}", f"GB/T {20_000 + at % (STANDARDS + 1)}"


def _add(database: Database, number: int) -> None:
    key = {"event_key": str(number), "title_zh": f"公告{number}"}
    if number % 3:
        family = f"CQC11-{100_000 + number * 7}"
        edition = {"family": family, "old_edition": f"{family}-2018", "new_edition": f"{family}-2026", "supersedes": []}
        add_change(database, {**NEW_EDITION, **key, **edition, "authority": "cqc"})
        return
    standard = f"GB/T {10_000 + number * 7}"
    moved = {
        "standards": [{"old": f"{standard}-2013", "new": f"{standard}-2024"}],
        "families_named": [],
        "family": "",
    }
    add_change(database, {**CHANGEOVER, **key, **moved, "authority": "cqc"})


def _alone(path: Path, changes: int) -> None:
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE alone (change_id, certificate_id, because, PRIMARY KEY (change_id, certificate_id))"
        )
        for number in range(changes):
            if number % 3:
                asked = (
                    "SELECT id, family, edition FROM certificates WHERE family = ?",
                    (f"CQC11-{100_000 + number * 7}",),
                )
            else:
                asked = (
                    "SELECT certificates.id, family, edition FROM certificates JOIN certificate_standards "
                    "ON certificates.id = certificate_id WHERE undated = ?", (f"GB/T {10_000 + number * 7}",),
                )  # fmt: skip
            rows = [(number, row[0], row[1]) for row in database.execute(*asked)]
            database.executemany("INSERT OR IGNORE INTO alone VALUES (?, ?, ?)", rows)


if __name__ == "__main__":
    main()
