"""Killed at random points, with everything it started, and run again: the same log, and no second mail."""

import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.replica.server import Replica
from tests.road.road import Road, day_of, kill_group, received
from tests.servers.smtp import TakesEverything

KILLS_AN_INSTALLATION = 5
INSTALLATIONS = 4


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

        for number in range(INSTALLATIONS):
            mailbox.messages.clear()
            road = start.copy(tmp_path / f"killed{number}")
            for _ in range(KILLS_AN_INSTALLATION):
                process = road.start("run", "--today", day_of(2), "--json")
                wait_at_most(process, chance.uniform(0.05, seconds))
                kill_group(process)
            road.json("run", "--today", day_of(2))
            assert road.log() == log
            assert road.told() == told
            assert len(received(mailbox.messages)) == len(told), "a message got a second Message-ID, or was lost"


def wait_at_most(process: "subprocess.Popen[str]", seconds: float) -> None:
    """Let a command work for a while."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
