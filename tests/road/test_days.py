"""The days of the replica in order: what was planted is found, nothing else is, and the right people are told once."""

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from tests.replica.folding import world_on
from tests.road.conftest import Walked
from tests.road.road import day_of, last_day, received

DAYS = range(1, last_day() + 1)


SAID_OTHERWISE = ("articles", "clauses", "edition")
"""What a day's file says of a change beside the fields of the JSON."""


def expected_on(day: int) -> list[dict[str, Any]]:
    """The changes that a day's file says a correct reader reports."""
    return [{name: plain(value) for name, value in change.items()} for change in world_on(day).expected["changes"]]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def key(change: dict[str, Any]) -> tuple[str, str]:
    """What tells two changes of a day apart."""
    return change["kind"], change.get("family") or ""


@pytest.mark.parametrize("day", DAYS)
def test_planted_changes_are_found_and_nothing_else(walked: Walked, day: int) -> None:
    expected, found = expected_on(day), walked.new_on(day)
    assert sorted(map(key, found)) == sorted(map(key, expected))
    by_key = {key(change): change for change in found}
    for change in expected:
        reported = by_key[key(change)]
        said = {name: value for name, value in change.items() if name not in SAID_OTHERWISE}
        assert {name: reported[name] for name in said} == said
        for words in change.get("clauses", ()):
            assert any(words in (clause["new"] or clause["old"]) for clause in reported["clauses"])


@pytest.mark.parametrize("day", DAYS)
def test_sections_are_trusted_only_where_they_can_be(walked: Walked, day: int) -> None:
    planned = world_on(day).expected.get("sections", {})
    for section in walked.reports[day]["sections"]:
        name = f"{section['authority']}/{section['section']}"
        status = "ok" if section["status"] == "not_modified" else section["status"]
        assert status == planned.get(name, "ok"), f"{name}: {section}"


def test_baseline_alerts_nobody(walked: Walked) -> None:
    assert walked.logs[1] == []
    assert walked.mails[1] == 0


def test_each_contact_gets_each_change_once(walked: Walked) -> None:
    digests = walked.road.json("digests")
    told = [(row["contact"], change) for row in digests for change in row["alerts"] if change not in row["updates"]]
    assert told
    assert len(told) == len(set(told))
    updated = [(row["contact"], change) for row in digests for change in row["updates"]]
    assert updated
    assert set(updated) <= set(told), "only who was told of it before"
    assert all(count == 1 for count in received(walked.mailbox.messages).values())


def test_running_every_day_again_changes_nothing(walked: Walked) -> None:
    log, mails = walked.road.log(), len(walked.mailbox.messages)
    last = last_day()
    again = walked.road.json("run", "--today", day_of(last))
    assert (again["changes"], again["alerts"], again["digests"], again["delivered"]) == (0, 0, 0, 0)
    assert walked.road.log() == log
    assert len(walked.mailbox.messages) == mails


def test_every_digest_says_what_a_holder_must_know(walked: Walked) -> None:
    matches = walked.road.json("matches")
    changes = {change["id"]: change for change in walked.road.json("changes")}
    by_id = {str(message["Message-ID"]): message for message in walked.mailbox.messages}
    sent = [row for row in walked.road.json("digests") if row["status"] == "sent"]
    assert sent
    for row in sent:
        message = by_id[row["message_id"]]
        texts = [
            part.get_content() for part in message.walk() if part.get_content_type() in ("text/plain", "text/html")
        ]
        assert len(texts) == 2
        for change_id in row["alerts"]:
            certificates = [match["certificate"] for match in matches if match["change"] == change_id]
            edition = changes[change_id]["new_edition"] or changes[change_id]["old_edition"]
            for text in texts:
                assert any(number in text for number in certificates)
                assert edition is None or edition in text


def standing(messages: list[Any]) -> dict[str, list[tuple[str, str, str]]]:
    """What stands in each contact's calendar after every file was imported in order: change, step and day."""
    held: dict[str, dict[str, Any]] = {}
    for message in messages:
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                events = Calendar.from_ical(part.get_content()).walk("VEVENT")
                held.setdefault(str(message["To"]), {}).update({str(event["UID"]): event for event in events})
    return {
        contact: [
            (uid.rpartition("-")[0], str(event["X-RULEWATCH-STEP"]), str(event["DTSTART"].dt))
            for uid, event in sorted(events.items())
            if event.get("STATUS") != "CANCELLED"
        ]
        for contact, events in held.items()
    }


def test_every_duty_stands_once_in_the_calendar_on_its_newest_day(walked: Walked) -> None:
    calendars = standing(walked.mailbox.messages)
    assert calendars
    matches = [match for match in walked.road.json("matches") if match["deadline"]]
    for contact, events in calendars.items():
        assert len(events) == len(set(events)), contact
    days = {day for events in calendars.values() for _, _, day in events}
    assert {match["deadline"] for match in matches} <= days
    assert "2027-12-31" in days
    assert not {"2027-06-30", "2027-02-28"} & days, "what was extended stands nowhere any more"
