"""The road walked once: all days of the replica in order, what each command answered after each day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.replica.server import Replica
from tests.road.nursery import Nursery
from tests.road.road import Road, last_day
from tests.servers.smtp import TakesEverything


@dataclass
class Walked:
    """What was seen on the way: reports by day, the log after each day, messages that came."""

    road: Road
    mailbox: TakesEverything
    reports: dict[int, Any] = field(default_factory=dict)
    logs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    mails: dict[int, int] = field(default_factory=dict)

    def new_on(self, day: int) -> list[dict[str, Any]]:
        """The changes that a day brought."""
        known = {entry["id"] for entry in self.logs.get(day - 1, [])}
        return [entry for entry in self.logs[day] if entry["id"] not in known]


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where commands are forked; those of the documentation are started anew, each as people start it."""
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture(scope="package")
def walked(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Walked]:
    """All days, one after another, on one installation with a mail server."""
    home: Path = tmp_path_factory.mktemp("road") / "home"
    with Replica(day=1) as replica, TakesEverything() as mailbox:
        walked = Walked(Road(home, replica, mailbox.url, nursery.python("python")), mailbox)
        walked.road.import_certificates()
        for day in range(1, last_day() + 1):
            walked.reports[day] = walked.road.run_day(day)
            walked.logs[day] = walked.road.json("changes")
            walked.mails[day] = len(mailbox.messages)
        yield walked
