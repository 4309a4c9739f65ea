"""Killed at random points, with everything it started, and run again: the same log, and no second mail."""

import random
import subprocess
import time
from itertools import count
from pathlib import Path

import pytest

from tests.replica.server import Replica
from tests.road.road import Road, day_of, kill_group, received
from tests.servers.smtp import TakesEverything

KILLS = 20
KILLS_AN_INSTALLATION = 5


@pytest.mark.slow
def test_twenty_kills_leave_the_same_log_and_no_second_mail(tmp_path: Path) -> None:
    chance = random.Random(20260303)
    with Replica(day=1) as replica, TakesEverything() as mailbox:
        start = Road(tmp_path / "start", replica, mailbox.url)
        start.import_certificates()
        start.run_day(1)

        undisturbed = start.copy(tmp_path / "undisturbed")
        began = time.monotonic()
        undisturbed.run_day(2)
        seconds = time.monotonic() - began
        log, told = undisturbed.log(), undisturbed.told()
        assert log
        assert told

        killed, homes = 0, count()
        while killed < KILLS:
            mailbox.messages.clear()
            road = start.copy(tmp_path / f"killed{next(homes)}")
            for _ in range(KILLS_AN_INSTALLATION):
                if not was_killed(road, chance.uniform(0.1, seconds)):
                    break
                killed += 1
            road.json("run", "--today", day_of(2))
            assert road.log() == log
            assert road.told() == told
            assert len(received(mailbox.messages)) == len(told), "a message got a second Message-ID, or was lost"


def was_killed(road: Road, seconds: float) -> bool:
    """Kill a day's run after a while; False where it had ended before."""
    process = road.start("run", "--today", day_of(2), "--json")
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(process)
        return True
    process.communicate()
    return False
