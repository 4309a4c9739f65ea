"""An installation restored elsewhere goes on where the old one was: nothing is new, nobody is told twice."""

from pathlib import Path

from tests.replica.server import Replica
from tests.road.road import Road, day_of
from tests.servers.smtp import TakesEverything


def test_after_a_restore_the_next_cycle_finds_nothing_new_and_sends_nothing_twice(tmp_path: Path) -> None:
    with Replica(day=1) as replica, TakesEverything() as mailbox:
        road = Road(tmp_path / "old", replica, mailbox.url)
        road.import_certificates()
        road.run_day(1)
        road.run_day(2)
        assert mailbox.messages
        mailbox.messages.clear()
        backup = tmp_path / "backup.tar"
        kept = road.json("backup", str(backup))
        assert kept["damaged"] == []
        assert kept["files"] > 0
        moved = Road(tmp_path / "new", replica, mailbox.url)
        assert moved.json("restore", str(backup)) == kept
        assert moved.json("verify")["sound"] is True
        log, told = road.log(), road.told()
        assert moved.json("run", "--today", day_of(2))["changes"] == 0
        assert (moved.log(), moved.told(), mailbox.messages) == (log, told, [])
        moved.call("restore", str(backup), status=(3,))
