"""The calendar feed: every standing day of a contact, under UIDs that stay, cancelled where a day stands no more."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy.event import listen

from monitor.certificates.commands import import_certificates
from monitor.certificates.stage import match_changes
from monitor.changes.commands import dismiss
from monitor.digests.feed import Standing, feed_of
from monitor.digests.release import ReleaseSettings
from monitor.digests.reminders import DISTANCES, Ahead
from monitor.digests.stage import compose_digests, write_feeds
from monitor.digests.stage.feeds import file_name, standing_of
from storage.digests import DigestRow
from storage.engine.database import Database
from storage.telling.reminders import FeedRow, all_feeds, looked_at
from tests.monitor.certificates.test_import import write_csv
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change
from tests.monitor.digests.test_stage import SENDER, TODAY

END = date(2027, 3, 13)
SEAT = ("CCAP-0001", "Alpha GmbH", "quality@alpha.example", "CCAP-GZ-5830:2021", "Child seat", "GB 27887-2011")
OTHER = ("CCAP-0002", *SEAT[1:])


def cycle(database: Database, today: date) -> dict[str, Any]:
    """Match and compose once; return the events of the one feed by UID."""
    match_changes(database, today)
    compose_digests(database, today, ReleaseSettings(), SENDER)
    with database.session() as session:
        feeds = all_feeds(session)
    return events_of(feeds[0][1]) if feeds else {}


def events_of(text: str) -> dict[str, Any]:
    """The events of a calendar by UID; every one is whole, and no line is longer than 75 octets (RFC 5545, 3.1)."""
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    calendar = Calendar.from_ical(text)
    assert not calendar.errors
    events = calendar.walk("VEVENT")
    found = {str(event["UID"]): event for event in events}
    assert len(found) == len(events)
    assert all({"DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY"} <= set(event) for event in events)
    return found


def standing(events: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands: UID without its domain, and day."""
    items = ((uid.partition("@")[0], str(event["DTSTART"].dt)) for uid, event in events.items())
    return sorted(
        item for item, event in zip(items, events.values(), strict=True) if event.get("STATUS") != "CANCELLED"
    )


def test_the_feed_has_the_certificates_own_days_and_those_of_its_changes(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "2022-03-14", "2028-03-13")])
    change = add_change(sqlite_database, NEW_EDITION)
    assert standing(cycle(sqlite_database, TODAY)) == [
        ("certificate-1-expiry", "2028-03-13"),
        ("certificate-1-renewal", "2027-12-13"),
        ("certificate-1-surveillance", "2026-03-14"),
        (f"change-{change}-1", "2027-06-30"),
    ]


def test_the_file_that_came_with_the_digest_and_the_feed_are_one_calendar(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, NEW_EDITION)
    feed = cycle(sqlite_database, TODAY)
    with sqlite_database.session() as session:
        (digest,) = session.query(DigestRow)
        assert digest.calendar is not None
        assert events_of(digest.calendar).keys() <= feed.keys()


def test_a_certificate_that_ends_before_the_deadline_has_its_end_once(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "", END.isoformat())])
    change = add_change(sqlite_database, NEW_EDITION)
    assert standing(cycle(sqlite_database, TODAY)) == [
        ("certificate-1-renewal", "2026-12-13"),
        (f"change-{change}-1", "2027-03-13"),
        (f"change-{change}-2", "2027-06-30"),
    ]


def test_next_years_surveillance_moves_the_event(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "2022-03-14", "2028-03-13")])
    add_change(sqlite_database, NEW_EDITION)
    cycle(sqlite_database, TODAY)
    event = cycle(sqlite_database, date(2026, 3, 15))["certificate-1-surveillance@example.org"]
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (date(2027, 3, 14), 1)


def test_a_certificate_that_was_changed_over_is_taken_out(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT, OTHER])
    change = add_change(sqlite_database, NEW_EDITION)
    uid = f"change-{change}-1@example.org"
    assert "2 certificates" in cycle(sqlite_database, TODAY)[uid]["SUMMARY"]
    done = (*SEAT[:3], "CCAP-GZ-5830:2026", *SEAT[4:])
    add_certificates(sqlite_database, tmp_path, [done, OTHER])
    event = cycle(sqlite_database, TODAY + timedelta(days=1))[uid]
    assert (event["SEQUENCE"], "1 certificate" in event["SUMMARY"], "STATUS" in event) == (1, True, False)
    assert "CCAP-0001" not in event["DESCRIPTION"]
    add_certificates(sqlite_database, tmp_path, [done, ("CCAP-0002", *done[1:])])
    event = cycle(sqlite_database, TODAY + timedelta(days=2))[uid]
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CANCELLED")


def test_a_withdrawn_certificate_has_no_days_any_more(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "2022-03-14", "2028-03-13")])
    add_change(sqlite_database, NEW_EDITION)
    cycle(sqlite_database, TODAY)
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "2022-03-14", "2028-03-13", "withdrawn")])
    assert standing(cycle(sqlite_database, TODAY + timedelta(days=1))) == []


def test_the_same_days_are_the_same_file(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [(*SEAT, "2022-03-14", "2028-03-13")])
    add_change(database, NEW_EDITION)
    cycle(database, TODAY)
    outbox = tmp_path / "outbox"
    assert write_feeds(database, outbox) == {"written": 1}
    first = (outbox / "quality@alpha.example.ics").read_bytes()
    cycle(database, TODAY)
    assert write_feeds(database, outbox) == {"written": 0}
    (outbox / "quality@alpha.example.ics").unlink()
    assert write_feeds(database, outbox) == {"written": 1}
    assert (outbox / "quality@alpha.example.ics").read_bytes() == first


@pytest.mark.parametrize(
    "email", ["../../etc/passwd@x.example", "a/b@x.example", "ü@x.example", "a" * 300 + "@x.example"]
)
def test_no_address_leads_out_of_the_folder(email: str) -> None:
    assert Path(file_name(email)).name == file_name(email)
    assert file_name(email) != f"{email.replace('/', '_')}.ics"


days = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def ahead(about: str, on: date) -> Ahead:
    """A day of a certificate's own calendar."""
    return Ahead(7, "C7", "Höfer & Söhne, Prüfstelle", "儿童约束系统 " * 9, about, "Apply; for, renewal", on, date.min)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(("renewal", "expiry", "cop_test")), days), min_size=1, max_size=5))
def test_whatever_happens_each_duty_stands_once_and_its_sequence_rises(states: list[dict[str, date]]) -> None:
    feed, known = "", dict[str, Any]()
    for number, state in enumerate(states):
        today = date(2026, 1, 1) + timedelta(days=number)
        own = [ahead(about, on) for about, on in state.items() if on >= today]
        feed = feed_of([feed] if feed else [], Standing(own, {}), SENDER, today, DISTANCES)
        events = events_of(feed)
        assert {(f"certificate-7-{day.about}", str(day.on)) for day in own} <= set(standing(events))
        for uid, event in events.items():
            before = known.get(uid)
            if before is not None and event.to_ical() != before.to_ical():
                assert event["SEQUENCE"] > before["SEQUENCE"]
        known = events
        assert feed_of([feed], Standing(own, {}), SENDER, today, DISTANCES) == feed


def test_a_feed_that_is_left_as_it_is_is_the_one_that_would_be_made(sqlite_database: Database, tmp_path: Path) -> None:
    dated = ("certificate_no", "holder", "contact_email", "rule", "issued", "expires")
    rows = [("C-1001", *SEAT[1:4], "2024-05-11", "2027-03-13"), ("C-1002", *SEAT[1:4], "2023-04-20", "2026-04-19")]
    import_certificates(sqlite_database, write_csv(tmp_path / "dated.csv", [dated, *rows]))
    change = add_change(sqlite_database, NEW_EDITION)
    made = set()
    for day in range(0, 800, 5):
        today = TODAY + timedelta(days=day)
        if day == 300:
            dismiss(sqlite_database, change, "Li", "not ours")
        cycle(sqlite_database, today)
        with sqlite_database.session() as session:
            kept = session.query(FeedRow).one()
            (looked,) = looked_at(session, [kept.contact_id]).values()
            again = feed_of([kept.content], standing_of(looked, today), SENDER, today, DISTANCES)
            assert without_origin(kept.content) == again
            made.add(kept.made_on)
    assert len(made) > 5


def test_a_quiet_day_asks_few_questions_however_many_contacts_there_are(
    sqlite_database: Database, tmp_path: Path
) -> None:
    seats = [(f"CCAP-{at:04}", f"Holder {at}", f"q{at}@x.example", *SEAT[3:]) for at in range(300)]
    add_certificates(sqlite_database, tmp_path, seats)
    add_change(sqlite_database, NEW_EDITION)
    cycle(sqlite_database, TODAY)
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    listen(sqlite_database.engine, "before_cursor_execute", count)
    compose_digests(sqlite_database, TODAY + timedelta(days=1), ReleaseSettings(), SENDER)
    assert statements < 100


def without_origin(feed: str) -> str:
    """A feed without the line that names what it was made from."""
    return "".join(line for line in feed.splitlines(keepends=True) if not line.startswith("X-RULEWATCH-MADE-OF"))
