"""How fast lists of certificates become the register, beside the libraries that do the least that could be called that.

    python benchmarks/register.py [--rows 10000,100000,1000000] [--xlsx 10000,100000]

Each list has fourteen columns: a holder of three certificates on average with two contacts, two standards a
certificate. Rulewatch reads, checks and keeps it, then reads it again (nothing changed). Beside it: `csv` and sqlite3's
executemany, or openpyxl (read-only) and SQLAlchemy's core insert, which put the cells as they stand into one table,
check nothing and know nothing of what was there.

rows/s: by the clock · rows/CPU s: by seconds of computing, the child that reads included · CPU s: those seconds, of the
process and of the child · MB: the most memory of either. The program is started and the database opened before.
"""

import argparse
import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

NAMES = (
    "certificate_no", "holder", "contact_email", "rule", "product", "standards", "issued", "expires", "status",
    "factory", "models", "consultant", "next_surveillance", "language",
)  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", default="10000,100000,1000000")
    parser.add_argument("--xlsx", default="10000,100000")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        _run_one(asked.one[0], Path(asked.one[1]))
        return
    print(f"{'list':<15}{'who':<30}{'rows/s':>9}{'rows/CPU s':>12}{'CPU s':>14}{'MB':>12}")
    for ending, sizes in (("csv", asked.rows), ("xlsx", asked.xlsx)):
        for rows in (int(size) for size in sizes.split(",") if size):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"certificates.{ending}"
                _WRITERS[ending](path, rows)
                for who in ("rulewatch", "rulewatch again", f"peer {ending}"):
                    _print_one(who, path, rows)


def _print_one(who: str, path: Path, rows: int) -> None:
    command = [sys.executable, __file__, "--one", who, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["rows"] == rows, found
    memory = f"{found['mb']:.0f} + {found['child_mb']:.0f}"
    shown = who if who in _RUNS and not who.startswith("peer") else _PEERS[who]
    computing = f"{found['cpu']:.1f} + {found['child_cpu']:.1f}"
    by_clock, by_cpu = rows / found["seconds"], rows / (found["cpu"] + found["child_cpu"])
    print(f"{rows:>9,} {path.suffix[1:]:<5}{shown:<30}{by_clock:>9,.0f}{by_cpu:>12,.0f}{computing:>14}{memory:>12}")


def _run_one(who: str, path: Path) -> None:
    run = _RUNS[who](path)
    start, before = time.perf_counter(), _computed()
    rows = run()
    seconds, after = time.perf_counter() - start, _computed()
    own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "rows": rows,
        "seconds": seconds,
        "cpu": after[0] - before[0],
        "child_cpu": after[1] - before[1],
        "mb": own.ru_maxrss / 1024,
        "child_mb": child.ru_maxrss / 1024,
    }
    print(json.dumps(found))


def _computed() -> tuple[float, float]:
    """Return the seconds of computing so far: of this process, of its children."""
    own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime, child.ru_utime + child.ru_stime


def _rulewatch(path: Path) -> Callable[[], int]:
    from monitor.certificates.commands import import_certificates
    from storage.engine.database import Database

    database = Database(f"sqlite:///{path.with_suffix('.db')}")
    database.upgrade()

    def run() -> int:
        report = import_certificates(database, path)
        assert not report.rejected, report.problems[:3]
        return report.read

    return run


def _peer_csv(path: Path) -> Callable[[], int]:
    def run() -> int:
        with sqlite3.connect(path.with_suffix(".peer")) as database, path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            names = next(rows)
            database.execute(f"CREATE TABLE certificates ({', '.join(names)}, PRIMARY KEY (certificate_no))")
            marks = ", ".join("?" * len(names))
            return database.executemany(f"INSERT INTO certificates VALUES ({marks})", rows).rowcount

    return run


def _peer_xlsx(path: Path) -> Callable[[], int]:
    import openpyxl
    from sqlalchemy import Column, MetaData, String, Table, create_engine, func, insert, select

    engine = create_engine(f"sqlite:///{path.with_suffix('.peer')}")
    columns = (Column(name, String, primary_key=name == NAMES[0]) for name in NAMES)
    table = Table("certificates", MetaData(), *columns)

    def run() -> int:
        table.create(engine)
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        rows = sheet.iter_rows(min_row=2, values_only=True)
        with engine.begin() as connection:
            while some := [dict(zip(NAMES, map(str, row), strict=True)) for row in islice(rows, 5000)]:
                connection.execute(insert(table), some)
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    return run


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(16)
    rules = [f"CQC11-{371000 + number}" for number in range(100)] + [f"CCAP-GZ-{5800 + each}" for each in range(200)]
    standards = [
        f"GB/T {15000 + number}.{part}-{year}" for number in range(100) for part in (1, 2) for year in (2010, 2018)
    ]
    for number in range(count):
        holder, issued = chance.randrange(max(1, count // 3)), date(2018, 1, 1) + timedelta(chance.randrange(2900))
        yield (
            f"CQC{number:010}", f"Holder {holder} GmbH", f"quality{holder}@example.org; office{holder}@example.org",
            f"{chance.choice(rules)}-{chance.randrange(2015, 2024)}", f"Switch unit {chance.randrange(997)}",
            "; ".join(chance.sample(standards, 2)), str(issued), str(issued + timedelta(1826)), "valid",
            f"Factory {holder}", f"M{number}; N{number}", "li.na@consultancy.example",
            str(issued + timedelta(365)), "de",
        )  # fmt: skip


def _write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(NAMES)
        csv.writer(file).writerows(_rows(rows))


def _write_xlsx(path: Path, rows: int) -> None:
    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, NAMES)
        for at, cells in enumerate(_rows(rows), 1):
            sheet.write_row(at, 0, cells)


_WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx}
_PEERS = {"peer csv": "csv + sqlite3", "peer xlsx": "openpyxl + SQLAlchemy core"}
_RUNS: dict[str, Callable[[Path], Callable[[], int]]] = {
    "rulewatch": _rulewatch, "rulewatch again": _rulewatch, "peer csv": _peer_csv, "peer xlsx": _peer_xlsx,
}  # fmt: skip


if __name__ == "__main__":
    main()
