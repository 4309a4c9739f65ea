"""Mail chaos: a server with moods, killed processes, several at once, a clock set back; then one healthy day.

Nothing is lost, nobody gets a second copy but under the same Message-ID, and no contact is cut off.
"""

import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.certificates.stage import match_changes
from monitor.digests.commands import list_digests
from monitor.notation.china import CHINA
from storage.certificates import ContactRow
from storage.digests import DeliveryRow, DigestRow
from storage.engine.database import Database
from storage.trouble.fence import open_units
from tests.monitor.digests.examples import NEW_EDITION, REVISION, add_certificates, add_change
from tests.monitor.digests.stages_once import SENDER, once
from tests.servers.moods import MOODS, Moody

PROJECT = Path(__file__).resolve().parents[3]
OPERATOR = "ops@watch.example"
OF_MAIL = ("match", "compose", "deliver")
"""The captures of these changes were never made: reading sets them aside, rightly."""
BAD_HOURS = ("relay denied", "spam", "no such mailbox", "authentication wanted", "listed", "no service")


@dataclass
class Chaos:
    """An installation whose mail goes to a server with moods, and what was done to it."""

    database: Database
    folder: Path
    server: Moody
    contacts: int
    dice: random.Random
    base: date = field(default_factory=lambda: datetime.now(CHINA).date())
    killed: int = 0
    runs: int = 0
    changes: list[int] = field(default_factory=list)

    def prepare(self) -> None:
        """Import as many contacts, each of a holder of its own, and tell of a first change."""
        rows = [
            (f"CCAP-{n:05d}", f"Holder {n}", f"q{n}@h{n}.example", "CCAP-GZ-5830:2021", "Child seat", "GB 27887-2011")
            for n in range(self.contacts)
        ]
        add_certificates(self.database, self.folder, rows)
        self.news()

    def news(self) -> None:
        """One more change that concerns every contact."""
        number = len(self.changes)
        kind = NEW_EDITION if number == 0 else {**REVISION, "family": "CCAP-GZ-5830"}
        later = {"deadline": self.base + timedelta(days=300), "effective": self.base + timedelta(days=90)}
        self.changes.append(add_change(self.database, {**kind, **later, "event_key": f"chaos {number}"}))

    def day(self, number: int) -> date:
        """A day of the cycle; every fifth time the clock is set back by one."""
        self.runs += 1
        return self.base + timedelta(days=number - (self.runs % 5 == 4))

    def once(self, number: int, *stages: str) -> None:
        """Do stages of a day here, to their end."""
        day = self.day(number)
        match_changes(self.database, day)
        once(self.database, self.server.url, day, *stages)

    def child(self, number: int, *stages: str) -> "subprocess.Popen[bytes]":
        """Do stages of a day in a process of its own."""
        day = self.day(number).isoformat()
        return self._start("tests.monitor.digests.stages_once", self.database.url, self.server.url, day, *stages)

    def command(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a command as a person does."""
        return self._start("monitor.cli", *words)

    def _start(self, module: str, *words: str) -> "subprocess.Popen[bytes]":
        settings = {
            "HOME": str(self.folder), "DATABASE_URL": self.database.url, "SMTP__URL": self.server.url,
            "SMTP__TIMEOUT_SECONDS": "1", "SMTP__SENDER": SENDER, "TRANSLATION__PROVIDER": "none",
            "OPERATOR__EMAIL": OPERATOR, "CRAWL__DELAY_SECONDS": "0", "CRAWL__RETRIES": "0",
            "CRAWL__TIMEOUT_SECONDS": "1", "AUTHORITIES__CQC__BASE_URL": "http://127.0.0.1:1",
            "AUTHORITIES__CCAP__BASE_URL": "http://127.0.0.1:1",
            "SERVE__RUN_AT": f"{datetime.now(CHINA) + timedelta(minutes=2):%H:%M}",
        }  # fmt: skip
        environment = os.environ | {f"RULEWATCH_{name}": value for name, value in settings.items()}
        with (self.folder / "said.txt").open("ab") as said:
            command = [sys.executable, "-m", module, *words]
            return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=said, stderr=said)

    def ended(self, process: "subprocess.Popen[bytes]") -> bool:
        """Whether a process that nobody kills is done, degraded, or kept away by another one."""
        if process.wait(timeout=1200) in (0, 1, 3):
            return True
        raise AssertionError((self.folder / "said.txt").read_text(errors="replace")[-4000:])

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill a process at a connection, or between a message taken and the answer to it."""
        event, count = self.dice.choice(["connected", "kept"]), self.dice.randint(1, max(2, self.contacts // 20))
        self.server.promise(event, count, process.kill)
        self.killed += process.wait(timeout=1200) == -9
        self.server.promise(event, 0, None)

    def kill_composing(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill a process while it composes."""
        wanted = self.composed() + self.dice.randint(1, self.contacts // 3)
        while process.poll() is None and self.composed() < wanted:
            pass
        process.kill()
        self.killed += process.wait(timeout=60) == -9

    def composed(self) -> int:
        """How many digests there are."""
        with self.database.session() as session:
            return session.scalar(select(func.count(DigestRow.id))) or 0

    @contextmanager
    def bad_hour(self, mood: str) -> Iterator[None]:
        """The server treats everybody alike for a while."""
        self.server.force = mood
        yield
        self.server.force = None

    @contextmanager
    def serving(self) -> Iterator[None]:
        """`rulewatch serve` beside everything else; its own cycle comes within some minutes."""
        process = self.command("serve", "--port", "0")
        yield
        assert process.poll() is None, "serve did not live to the end"
        process.terminate()
        process.wait(timeout=60)

    def end(self, number: int) -> None:
        """Healthy days, until nothing waits."""
        self.server.well = True
        for more in range(6):
            self.once(number + more, "compose", "deliver")
            if {row["status"] for row in list_digests(self.database)} == {"sent"}:
                return


def check(chaos: Chaos) -> str:
    """Hold what really arrived against what the database says; return it in figures."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for to, message_id, data in chaos.server.taken:
        if to != OPERATOR:
            taken[to][message_id] += 1
            bodies[message_id].add(data)
    rows = list_digests(chaos.database)
    assert {row["status"] for row in rows} == {"sent"}
    told: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        told[row["contact"]].update(row["alerts"])
        assert taken[row["contact"]][row["message_id"]] >= 1, "counted as sent, and never arrived"
    with chaos.database.session() as session:
        contacts = session.query(ContactRow).all()
        unsure = (
            select(DigestRow.message_id, func.count(DeliveryRow.id))
            .join(DeliveryRow, DeliveryRow.digest_id == DigestRow.id)
            .where(DeliveryRow.outcome.is_(None) | (DeliveryRow.outcome == "in_doubt"))
            .group_by(DigestRow.message_id)
        )
        doubts = {row[0]: row[1] for row in session.execute(unsure)}
        units = [f"{row.unit}: {row.reason}" for row in open_units(session) if row.stage in OF_MAIL]
    assert {contact.state for contact in contacts} == {"active"}, "somebody was cut off"
    assert len(contacts) == chaos.contacts == len(told)
    assert all(counts == Counter(chaos.changes) for counts in told.values()), "a change was lost, or told twice"
    assert sum(map(len, taken.values())) == len(rows), "a Message-ID that no digest has"
    copies = [(message_id, count) for counts in taken.values() for message_id, count in counts.items() if count > 1]
    assert all(count <= 1 + doubts.get(message_id, 0) for message_id, count in copies), "a copy without a doubt"
    assert all(len(found) == 1 for found in bodies.values()), "copies that differ"
    assert units == []
    return (
        f"{chaos.contacts} contacts, {len(chaos.changes)} changes, {len(rows)} digests, {len(chaos.server.met)} moods "
        f"met {sum(chaos.server.met.values())} times, {chaos.runs} processes, {chaos.killed} killed, {len(copies)} "
        f"messages with a copy under the same Message-ID"
    )


@pytest.mark.timeout(300)
def test_a_little_chaos_loses_nothing_and_repeats_nothing(database: Database, tmp_path: Path) -> None:
    with Moody(seed=7, share_of_trouble=0.5) as server:
        chaos = Chaos(database, tmp_path, server, contacts=24, dice=random.Random(7))
        chaos.prepare()
        chaos.once(0, "compose")
        chaos.kill(chaos.child(0, "deliver"))
        both = [chaos.child(day, "deliver") for day in (1, 2)]
        assert all(chaos.ended(process) for process in both)
        chaos.end(3)
        print(check(chaos))


@pytest.mark.long
@pytest.mark.timeout(5400)
def test_chaos_loses_nothing_and_repeats_nothing(database: Database, tmp_path: Path) -> None:
    with Moody(seed=19) as server:
        chaos = Chaos(database, tmp_path, server, contacts=600, dice=random.Random(19))
        chaos.prepare()
        match_changes(database, chaos.base)
        with chaos.serving():
            turn = 0
            while chaos.killed < 25:
                assert turn < 200, f"only {chaos.killed} killed"
                day = turn // 3
                if turn in (8, 16):
                    chaos.news()
                    match_changes(database, chaos.base)
                if turn in (0, 8, 16):
                    chaos.kill_composing(chaos.child(day, "compose"))
                    chaos.once(day, "compose")
                if turn % 4 == 3:
                    with chaos.bad_hour(BAD_HOURS[turn // 4 % len(BAD_HOURS)]):
                        chaos.kill(chaos.child(day, "deliver"))
                elif turn % 10 == 5:
                    chaos.kill(chaos.command("run", "--today", chaos.day(day).isoformat()))
                else:
                    chaos.kill(chaos.child(day, "compose", "deliver"))
                if turn % 9 == 4:
                    today = chaos.day(day).isoformat()
                    at_once = [chaos.command("run", "--today", today) for _ in range(2)]
                    assert all(chaos.ended(process) for process in [*at_once, chaos.child(day, "compose", "deliver")])
                turn += 1
            chaos.end(turn // 3 + 1)
        assert len(server.met) >= 19 <= len(MOODS)
        print(check(chaos))
