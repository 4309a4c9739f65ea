"""A delivery killed between any two steps: nothing is lost, and nothing goes twice that is known to have gone."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from monitor.certificates.stage import match_changes
from monitor.digests.commands import list_digests
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests, deliver_digests
from storage.engine.database import Database
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change
from tests.monitor.digests.test_stage import SEAT, SENDER, TODAY, cycle, mailer_for
from tests.monitor.digests.test_update import revise
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


class PowerCut(BaseException):
    """Ends a stage right after one of its commits; nothing of the product catches it."""


@contextmanager
def power_cut_after(commits: int) -> Iterator[None]:
    """End what runs inside once so many of its transactions are committed."""
    done = 0

    def count(session: Session) -> None:
        nonlocal done
        done += 1
        if done == commits:
            raise PowerCut

    event.listen(Session, "after_commit", count)
    try:
        yield
    finally:
        event.remove(Session, "after_commit", count)


def composed_with_a_cut(database: Database, day: date, commits: int) -> bool:
    """Compose until a power cut; return whether it came before the end."""
    try:
        with power_cut_after(commits):
            compose_digests(database, day, ReleaseSettings(), SENDER)
    except PowerCut:
        return True
    return False


@pytest.mark.parametrize("commits", range(1, 6))
def test_killed_in_composing_what_is_over_the_next_day_is_still_told(
    sqlite_database: Database, tmp_path: Path, commits: int
) -> None:
    today = {"deadline": TODAY, "effective": TODAY}
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, {**NEW_EDITION, **today})
    match_changes(sqlite_database, TODAY)
    was_cut = composed_with_a_cut(sqlite_database, TODAY, commits)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server), TODAY + timedelta(days=1))
    assert was_cut or commits > 4
    assert server.recipients == [["quality@alpha.example"]]


@pytest.mark.parametrize("commits", range(1, 6))
def test_killed_in_composing_an_update_that_is_over_the_next_day_is_still_told(
    sqlite_database: Database, tmp_path: Path, commits: int
) -> None:
    later = TODAY + timedelta(days=7)
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, {**NEW_EDITION, "effective": TODAY})
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        revise(sqlite_database, change, {"deadline": later})
        match_changes(sqlite_database, later)
        composed_with_a_cut(sqlite_database, later, commits)
        cycle(sqlite_database, mailer_for(server), later + timedelta(days=1))
        cycle(sqlite_database, mailer_for(server), later + timedelta(days=2))
    assert len(server.messages) == 2
    assert (
        str(server.messages[-1]["Subject"])
        .strip()
        .startswith("Deadline brought forward to 9 March 2026 (was 30 June 2027)")
    )
