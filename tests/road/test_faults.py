"""Each call to the outside fails once in turn during a day: the next healthy run ends with the same log and mails."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.replica.server import Replica
from tests.road.nursery import Nursery
from tests.road.road import Road, day_of, received
from tests.servers.smtp import TakesEverything

POINTS = 200
KINDS = ("files", "database", "mail", "programs")
VARIES = re.compile(r'^ +"[^"]*"$|SHA-256 [0-9a-f]+', re.MULTILINE)
"""In a mail: bytes (pages count their visitors), and the sentence quoted for what two documents say alike: that of the
document which answered first, which is chance."""


@dataclass
class Faulty:
    """A first day done, and what the second day brings where nothing fails."""

    start: Road
    nursery: Nursery
    mailbox: TakesEverything
    folder: Path
    times: Counter[str] = field(default_factory=Counter)
    log: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, str, int]] = field(default_factory=list)
    mails: list[tuple[str, str, str]] = field(default_factory=list)

    def run(self, road: Road, **watched: str) -> tuple[int, str]:
        """Run the second day with each call to the outside watched; return exit status and errors."""
        temporary = road.home / "tmp"
        temporary.mkdir()
        road.python = self.nursery.python(road.home.name, FAULTS_HOME=str(road.home), TMPDIR=str(temporary), **watched)
        process = road.start("run", "--today", day_of(2), "--json")
        _, errors = process.communicate(timeout=300)
        road.python = self.start.python
        return process.returncode, errors

    @property
    def points(self) -> list[str]:
        """One point for each line that calls: the middle one of the times it did, when some is done and some is not."""
        sites = sorted(self.times, key=lambda site: ("|database|" in site, site))
        return [f"{site}#{(self.times[site] + 1) // 2}" for site in sites]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Faulty]:
    """The day before, the day undisturbed, and the points it has."""
    folder = tmp_path_factory.mktemp("faults")
    with Replica(day=1) as replica, TakesEverything() as mailbox:
        start = Road(folder / "start", replica, mailbox.url, nursery.python("python"))
        start.import_certificates()
        start.run_day(1)
        replica.set_day(2)
        faulty = Faulty(start, nursery, mailbox, folder)
        seen, undisturbed = folder / "seen", start.copy(folder / "undisturbed")
        status, errors = faulty.run(undisturbed, FAULTS_SEEN=str(seen))
        assert status == 0, errors
        faulty.times = Counter(line.partition("#")[0] for line in seen.read_text(encoding="utf-8").splitlines())
        faulty.log, faulty.told, faulty.mails = undisturbed.log(), undisturbed.told(), said_in(mailbox.messages)
        yield faulty


def said_in(messages: Iterable[EmailMessage]) -> list[tuple[str, str, str]]:
    """What the messages say to whom, each once, in a fixed order."""
    once = {str(message["Message-ID"]): message for message in messages}.values()
    return sorted((str(message["To"]), str(message["Subject"]), _lasting(message)) for message in once)


def _lasting(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return VARIES.sub("", str(body.get_content()).replace("\r\n", "\n"))


def assert_recovers(faulty: Faulty, point: str) -> None:
    """Fail one call, run again in health, and compare with the undisturbed day."""
    faulty.mailbox.messages.clear()
    road = faulty.start.copy(faulty.folder / re.sub(r"\W+", "-", point))
    status, errors = faulty.run(road, FAULT_AT=point)
    assert status in ((2,) if "monitor/settings.py" in point else (0, 1, 3)), f"{point}: {status} {errors}"
    assert "Traceback" not in errors or "unit set aside" in errors, f"{point}: {errors}"
    assert Path(f"{road.home}.failed").exists(), f"{point}: nothing failed, this would prove nothing"
    road.json("run", "--today", day_of(2))
    assert road.log() == faulty.log, point
    assert road.told() == faulty.told, point
    assert len(received(faulty.mailbox.messages)) == len(faulty.told), f"{point}: a mail was lost, or got a second name"
    assert said_in(faulty.mailbox.messages) == faulty.mails, point


def test_there_are_enough_points_of_every_kind_in_both_processes(faulty: Faulty) -> None:
    assert len(faulty.points) >= POINTS
    assert {tuple(point.split("|")[:2]) for point in faulty.points} >= {("main", kind) for kind in KINDS} | {
        ("crawl", kind) for kind in KINDS if kind != "mail"
    }
    assert faulty.log
    assert faulty.told


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_of_each_kind_that_fails_costs_nothing(faulty: Faulty, kind: str) -> None:
    of_kind = [point for point in faulty.points if f"|{kind}|" in point]
    assert_recovers(faulty, of_kind[len(of_kind) // 2])


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("number", range(POINTS))
def test_every_call_that_fails_costs_nothing(faulty: Faulty, number: int) -> None:
    for point in faulty.points[number::POINTS]:
        print(point)  # shown where it fails
        assert_recovers(faulty, point)
