"""The operator hears of an incident once when it begins and once when it is over."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest

from monitor.digests.smtp import Outcome
from monitor.incidents.stage import follow_incidents, tell_operator
from storage.engine.database import Database
from storage.runs import VisitRow, begin_run

SENDER = "Watch <alerts@rulewatch.example>"
OPERATOR = "operator@rulewatch.example"
DAY = date(2026, 3, 2)


class Desk:
    """A mail server that answers as told and keeps what it took."""

    def __init__(self, outcome: Outcome = Outcome.SENT) -> None:
        self.outcome = outcome
        self.taken: list[EmailMessage] = []

    def send(self, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        if self.outcome is Outcome.SENT:
            self.taken.append(message)
        return self.outcome, "said so"


def run_with(database: Database, today: date, **statuses: str) -> int:
    """Keep a run whose visits of CQC's sections ended as given."""
    with database.session() as session:
        run = begin_run(session, today)
        for section, status in statuses.items():
            session.add(
                VisitRow(
                    run_id=run,
                    authority="cqc",
                    section=section,
                    role="rules",
                    family="static-shtml",
                    today=today,
                    status=status,
                    reason="a maintenance page" if status == "degraded" else None,
                    advice="wait a day" if status == "degraded" else None,
                    started_at=datetime.now(UTC),
                )
            )
        session.commit()
    return run


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def cycle(database: Database, desk: Desk, number: int, **statuses: str) -> None:
    """What the daily cycle does with the verdicts of a day."""
    follow_incidents(database, run_with(database, day(number), **statuses), day(number))
    tell_operator(database, desk, SENDER, OPERATOR, day(number))


def test_operator_hears_once_of_the_beginning_and_once_of_the_end(database: Database) -> None:
    desk = Desk()
    cycle(database, desk, 0, rules="ok", notices="ok")
    assert desk.taken == []
    cycle(database, desk, 1, rules="degraded", notices="ok")
    cycle(database, desk, 2, rules="degraded", notices="ok")
    assert [str(message["Subject"]) for message in desk.taken] == ["Rulewatch: cannot be trusted: cqc/rules"]
    body = desk.taken[0].get_content()
    assert desk.taken[0]["Date"].datetime.tzinfo is not None
    assert "a maintenance page" in body
    assert "wait a day" in body
    cycle(database, desk, 3, rules="not_modified", notices="ok")
    cycle(database, desk, 4, rules="ok", notices="ok")
    assert [str(message["Subject"]) for message in desk.taken[1:]] == ["Rulewatch: healthy again: cqc/rules"]


def test_second_incident_of_a_section_is_told_again(database: Database) -> None:
    desk = Desk()
    for number, status in enumerate(["unreachable", "ok", "unreachable"]):
        cycle(database, desk, number, rules=status)
    assert len(desk.taken) == 3
    assert len({str(message["Message-ID"]) for message in desk.taken}) == 3


def test_message_that_was_not_taken_goes_again(database: Database) -> None:
    cycle(database, Desk(Outcome.DEFERRED), 0, rules="degraded")
    desk = Desk()
    cycle(database, desk, 1, rules="degraded")
    assert len(desk.taken) == 1


def test_same_run_twice_opens_one_incident(database: Database) -> None:
    run = run_with(database, DAY, rules="degraded")
    assert follow_incidents(database, run, DAY) == {"opened": 1, "closed": 0}
    assert follow_incidents(database, run, DAY) == {"opened": 0, "closed": 0}


@pytest.mark.parametrize("status", ["unfinished"])
def test_interrupted_visit_says_nothing_about_a_section(database: Database, status: str) -> None:
    run = run_with(database, DAY, rules=status)
    assert follow_incidents(database, run, DAY) == {"opened": 0, "closed": 0}
