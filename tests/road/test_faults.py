"""Each call to the outside fails once in turn during a day: the next healthy run ends with the same log and mails."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.replica.server import Replica
from tests.road.road import Road, day_of, received
from tests.servers.smtp import TakesEverything

HOOK = Path(__file__).parent / "fault_hook"
POINTS = 200
SAMPLED = 6


@dataclass
class Faulty:
    """A first day done, and what the second day brings where nothing fails."""

    start: Road
    mailbox: TakesEverything
    folder: Path
    points: dict[str, int]
    log: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, str, int]] = field(default_factory=list)

    def chosen(self, number: int) -> list[str]:
        """So many points, spread evenly over what each role does in its order."""
        every = [f"{role}:{at}" for role, most in sorted(self.points.items()) for at in range(1, most + 1)]
        last = len(every) - len(every) // 20  # sites answer in no fixed order: the last calls may not come
        return [every[index * last // number] for index in range(min(number, last))]


def run_faulty(road: Road, monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[int, str]:
    """Run the second day with the hook in every Python process; return exit status and errors."""
    with monkeypatch.context() as patched:
        path = os.pathsep.join((str(HOOK), os.environ.get("PYTHONPATH", "")))
        for name, value in {"PYTHONPATH": path, "FAULTS_HOME": str(road.home), **environment}.items():
            patched.setenv(name, value)
        process = road.start("run", "--today", day_of(2), "--json")
        _, errors = process.communicate(timeout=300)
    return process.returncode, errors


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    """The day before, the day undisturbed, and how many points it has."""
    folder = tmp_path_factory.mktemp("faults")
    with Replica(day=1) as replica, TakesEverything() as mailbox, pytest.MonkeyPatch.context() as monkeypatch:
        start = Road(folder / "start", replica, mailbox.url)
        start.import_certificates()
        start.run_day(1)
        replica.set_day(2)
        counted, undisturbed = folder / "count", start.copy(folder / "undisturbed")
        counted.mkdir()
        status, errors = run_faulty(undisturbed, monkeypatch, FAULTS_COUNT=str(counted))
        assert status == 0, errors
        points = {path.name.split("-")[0]: int(path.read_text()) for path in counted.iterdir()}
        yield Faulty(start, mailbox, folder, points, undisturbed.log(), undisturbed.told())


def assert_recovers(faulty: Faulty, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail one call, run again in health, and compare with the undisturbed day."""
    faulty.mailbox.messages.clear()
    road = faulty.start.copy(faulty.folder / point.replace(":", "-"))
    status, errors = run_faulty(road, monkeypatch, FAULT_AT=point)
    assert status in (0, 1, 3), f"{point}: {errors}"
    assert "Traceback" not in errors or "unit set aside" in errors, f"{point}: {errors}"
    assert Path(f"{road.home}.failed").read_text() == point, "nothing failed: this test would prove nothing"
    road.json("run", "--today", day_of(2))
    assert road.log() == faulty.log, point
    assert road.told() == faulty.told, point
    assert len(received(faulty.mailbox.messages)) == len(faulty.told), f"{point}: a mail was lost, or got a second name"


def test_there_are_enough_points_in_both_processes(faulty: Faulty) -> None:
    assert sum(faulty.points.values()) >= POINTS
    assert set(faulty.points) == {"main", "crawl"}
    assert faulty.log
    assert faulty.told


@pytest.mark.long
@pytest.mark.parametrize("number", range(SAMPLED))
def test_a_call_that_fails_costs_nothing(faulty: Faulty, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_recovers(faulty, faulty.chosen(SAMPLED)[number], monkeypatch)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("number", range(POINTS))
def test_every_call_that_fails_costs_nothing(faulty: Faulty, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_recovers(faulty, faulty.chosen(POINTS)[number], monkeypatch)
