"""The whole road: the product's own commands on the replica, with a real mail server."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.replica.folding import day_numbers, world_on
from tests.replica.server import Replica

PROJECT = Path(__file__).parents[2]
CERTIFICATES = PROJECT / "tests" / "replica" / "certificates.csv"


@dataclass
class Road:
    """One installation: its home folder and settings, and the commands run in it."""

    home: Path
    replica: Replica
    smtp_url: str | None = None
    python: str = sys.executable

    def __post_init__(self) -> None:
        """Write the settings."""
        self.home.mkdir(parents=True, exist_ok=True)
        smtp = f'[smtp]\nurl = "{self.smtp_url}"\n' if self.smtp_url else ""
        self.config.write_text(
            f'home = "{self.home}"\n[crawl]\ndelay_seconds = 0\ncontact = "mailto:test@rulewatch.example"\n'
            f'[authorities.cqc]\nbase_url = "{self.replica.cqc_url}"\n'
            f'[authorities.ccap]\nbase_url = "{self.replica.ccap_url}"\n'
            f'[translation]\nprovider = "none"\n{smtp}',
            encoding="utf-8",
        )

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.home / "rulewatch.toml"

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command in a process group of its own."""
        environment = {**os.environ, "RULEWATCH_CONFIG": str(self.config), "COLUMNS": "160"}
        return subprocess.Popen(
            [self.python, "-m", "monitor.cli", *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def call(self, *arguments: str, status: tuple[int, ...] = (0, 1)) -> str:
        """Run a command to its end and return what it printed; its exit status must be one of `status`."""
        process = self.start(*arguments)
        printed, errors = process.communicate(timeout=300)
        said = f"{arguments} ended with {process.returncode}: {errors[-3000:]}"
        assert process.returncode in status, said
        assert printed or process.returncode not in (0, 1), f"nothing was printed: {said}"
        return printed

    def json(self, *arguments: str) -> Any:
        """Run a command with --json and return its document."""
        return json.loads(self.call(*arguments, "--json"))

    def run_day(self, number: int) -> Any:
        """Set the sites to a day and run that day's cycle; return its report."""
        self.replica.set_day(number)
        return self.json("run", "--today", day_of(number))

    def import_certificates(self) -> None:
        """Import the certificates that go with the replica."""
        self.call("certificates", "import", str(CERTIFICATES))

    def copy(self, home: Path) -> "Road":
        """Return another installation in the same state."""
        shutil.copytree(self.home, home)
        return Road(home, self.replica, self.smtp_url, self.python)

    def log(self) -> list[dict[str, Any]]:
        """The change log in a fixed order, without what only numbers things and without hashes: pages print visit
        counters, so each fetch has bytes of its own."""
        entries = json.loads(re.sub(r"SHA-256 [0-9a-f]+", "SHA-256", json.dumps(self.json("changes"))))
        for entry in entries:
            del entry["id"], entry["capture_sha256"]
            entry["amends"] = entry["amends"] is not None
            del entry["history"]  # which of one day's pages came first is chance, and a kill throws the dice again
            facts = {(fact["type"], json.dumps(fact["value"], sort_keys=True)) for fact in entry["facts"]}
            entry["facts"] = sorted(facts)  # of two that say the same, the page that came first is quoted
            entry |= {name: sorted(entry[name]) for name in ("families_named", "standards_named")}
        return sorted(entries, key=lambda entry: json.dumps(entry, sort_keys=True, ensure_ascii=False))

    def told(self) -> list[tuple[str, str, int]]:
        """Who was told how many changes in which period, in a fixed order."""
        sent = [row for row in self.json("digests") if row["status"] == "sent"]
        return sorted((row["contact"], row["period"], len(row["alerts"])) for row in sent)


def day_of(number: int) -> str:
    """The date of a day of the replica, ISO."""
    return world_on(number).on.isoformat()


def last_day() -> int:
    """The number of the replica's last day."""
    return max(day_numbers())


def received(messages: Iterable[EmailMessage]) -> Counter[tuple[str, str]]:
    """How often each message came, by recipient and Message-ID."""
    return Counter((str(message["To"]), str(message["Message-ID"])) for message in messages)


def kill_group(process: "subprocess.Popen[str]") -> None:
    """SIGKILL a command and everything it started, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
