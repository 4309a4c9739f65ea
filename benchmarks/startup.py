"""How long commands take to start, beside what any program with the same libraries pays.

    python benchmarks/startup.py [--rounds 5]

CPU seconds of a process from its start to its end (user and system), the least of some rounds: what others do on the
machine only adds. The floor is Python that loads SQLAlchemy's ORM, pydantic-settings and typer and does nothing; the
peer is Alembic's own command line. Commands look at an empty database, made before anything is measured.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
FLOOR = ("-c", "import pydantic_settings, sqlalchemy.orm, typer")
OTHERS = {
    "Python alone": ("-c", ""),
    "the libraries alone": FLOOR,
    "alembic --help": ("-m", "alembic.config", "--help"),
}
OURS = (
    *("--help", "--version", "changes", "changes --json", "register", "history CCAP-GZ-5830", "matches", "digests"),
    *("contacts list", "certificates --help", "sections", "doctor", "facts --help", "run --help"),
)


def cpu_seconds(arguments: tuple[str, ...], home: Path) -> float:
    """Run Python once; return the CPU seconds that it took."""
    environment = {**os.environ, "RULEWATCH_HOME": str(home), "PYTHONPATH": str(ROOT)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=home, env=environment, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a table: command, CPU seconds, and how often the floor that is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    asked = {**OTHERS, **{f"rulewatch {words}": ("-m", "monitor.cli", *words.split()) for words in OURS}}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        cpu_seconds(("-m", "monitor.cli", "changes"), home)
        least = {name: min(cpu_seconds(words, home) for _ in range(rounds)) for name, words in asked.items()}
    table = Table("command", "CPU s", "of the libraries alone", title="Start-up")
    for name, seconds in least.items():
        table.add_row(name, f"{seconds:.2f}", f"{seconds / least['the libraries alone']:.1f} ×")
    Console().print(table)


if __name__ == "__main__":
    main()
