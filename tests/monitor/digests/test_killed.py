"""A delivery killed between any two steps: nothing is lost, and nothing goes twice that is known to have gone."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.certificates.stage import match_changes
from monitor.digests.commands import list_digests
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests, deliver_digests
from storage.database import Database
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change
from tests.monitor.digests.test_stage import SEAT, SENDER, TODAY, mailer_for
from tests.servers.smtp import TakesEverything

PROJECT = Path(__file__).resolve().parents[3]


def prepared(database: Database, folder: Path) -> None:
    """Two digests that wait for delivery."""
    add_certificates(database, folder, [SEAT, ("CCAP-0009", "Beta Ltd", "q@beta.example", *SEAT[3:])])
    add_change(database, NEW_EDITION)
    match_changes(database, TODAY)
    compose_digests(database, TODAY, ReleaseSettings(), SENDER)


def killed_at(place: str, database: Database, server: TakesEverything) -> None:
    """Deliver in a process of its own and kill it there (SIGKILL)."""
    command = [
        sys.executable,
        "-m",
        "tests.monitor.digests.deliver_once",
        database.url,
        server.url,
        TODAY.isoformat(),
        place,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=PROJECT
    ) as process:
        assert process.stdout is not None
        assert any("stopped" in line for line in iter(process.stdout.readline, ""))
        process.kill()


def test_killed_between_claim_and_sending_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    prepared(database, tmp_path)
    with TakesEverything() as server:
        killed_at("before", database, server)
        assert server.messages == []
        tally = deliver_digests(database, mailer_for(server), SENDER, TODAY)
        assert (tally["recovered"], tally["sent"]) == (1, 2)
        assert deliver_digests(database, mailer_for(server), SENDER, TODAY)["sent"] == 0
    assert sorted(server.recipients) == [["q@beta.example"], ["quality@alpha.example"]]
    assert [(row["status"], row["attempts"]) for row in list_digests(database)] == [("sent", 2), ("sent", 1)]


def test_killed_between_sending_and_recording_the_copy_has_the_same_message_id(
    database: Database, tmp_path: Path
) -> None:
    prepared(database, tmp_path)
    with TakesEverything() as server:
        killed_at("after", database, server)
        assert len(server.messages) == 1
        deliver_digests(database, mailer_for(server), SENDER, TODAY)
    assert len(server.messages) == 3
    assert len(set(server.message_ids)) == 2
    assert server.messages[0].as_bytes() == server.messages[1].as_bytes()


@pytest.mark.parametrize("place", ["before"])
def test_a_sender_that_lives_is_not_taken_for_dead(database: Database, tmp_path: Path, place: str) -> None:
    prepared(database, tmp_path)
    command = [sys.executable, "-m", "tests.monitor.digests.deliver_once", database.url]
    with TakesEverything() as server:
        arguments = [server.url, TODAY.isoformat(), place]
        with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
            assert process.stdout is not None
            assert any("stopped" in line for line in iter(process.stdout.readline, ""))
            tally = deliver_digests(database, mailer_for(server), SENDER, TODAY)
            assert not any(tally.values())
            process.kill()
