"""Reminders: at which distance, once, in the ordinary digest, and none for what is done or gone."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.stage import match_changes
from monitor.digests.commands import list_digests
from monitor.digests.compose import reminded
from monitor.digests.release import ReleaseSettings
from monitor.digests.reminders import DISTANCES, Ahead, reminders_due
from monitor.digests.stage import compose_digests
from storage.digests import DigestRow, ReminderRow, keep_digest
from storage.engine.database import Database
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change
from tests.monitor.digests.test_stage import SENDER, TODAY, cycle, mailer_for
from tests.servers.smtp import TakesEverything

END = date(2027, 3, 13)
SEAT = ("CCAP-0001", "Alpha GmbH", "quality@alpha.example", "CCAP-GZ-5830:2021", "Child seat", "GB 27887-2011")
DAY = Ahead(1, "C1", "H", "P", "expiry", "expires", END, since=date(2026, 3, 1))


def distance(day: Ahead, today: date, told: tuple[int, ...] = ()) -> int | None:
    """The distance at which a day is reminded of, None where it is not."""
    due = reminders_due([day], {(1, day.about, day.on, at) for at in told}, DISTANCES, today)
    return due[0].distance if due else None


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (366, None),
        (365, 365),
        (364, 365),
        (181, 365),
        (180, 180),
        (90, 90),
        (31, 90),
        (30, 30),
        (7, 7),
        (0, 7),
        (-1, None),
    ],
)
def test_a_day_is_reminded_of_when_it_comes_within_a_distance(left: int, expected: int | None) -> None:
    assert distance(DAY, END - timedelta(days=left)) == expected


def test_what_was_told_is_told_again_at_the_next_distance_only() -> None:
    assert distance(DAY, END - timedelta(days=200), told=(365,)) is None
    assert distance(DAY, END - timedelta(days=150), told=(365,)) == 180


def test_what_was_within_a_distance_when_it_was_told_waits_for_the_next() -> None:
    known = replace(DAY, since=END - timedelta(days=100))
    assert distance(known, END - timedelta(days=99)) is None
    assert distance(known, END - timedelta(days=90)) == 90


def test_what_was_told_of_a_change_lately_needs_no_reminder_yet() -> None:
    told = replace(DAY, of_change=True, since=END - timedelta(days=181))
    assert distance(told, END - timedelta(days=180)) is None
    assert distance(replace(told, since=END - timedelta(days=195)), END - timedelta(days=180)) == 180
    assert distance(replace(told, since=END - timedelta(days=11)), END - timedelta(days=7)) == 7


def test_a_near_day_of_the_register_is_named_at_first_sight() -> None:
    late = replace(DAY, since=END - timedelta(days=20))
    assert distance(late, END - timedelta(days=19)) is None
    assert distance(replace(late, named_at_sight=True), END - timedelta(days=19)) == 30


def test_a_yearly_inspection_is_not_announced_on_the_day_of_the_one_before() -> None:
    assert distance(replace(DAY, yearly=True), END - timedelta(days=365)) is None
    assert distance(replace(DAY, yearly=True), END - timedelta(days=180)) == 180


@given(st.lists(st.integers(0, 60), max_size=40), st.booleans())
def test_however_often_a_cycle_runs_each_distance_is_told_once(steps: list[int], at_sight: bool) -> None:
    told: set[tuple[int, str, date, int]] = set()
    today = date(2026, 3, 2)
    for step in steps:
        today += timedelta(days=step)
        for _ in range(2):
            due = reminders_due([replace(DAY, named_at_sight=at_sight)], told, DISTANCES, today)
            assert not told & {reminder.key for reminder in due}
            told |= {reminder.key for reminder in due}
    assert len(told) <= len(DISTANCES)


class Played:
    """A database with one certificate, and its cycles."""

    def __init__(self, database: Database, folder: Path, *certificate: str) -> None:
        self.database, self.folder = database, folder
        self.register(*certificate)

    def register(self, *certificate: str) -> None:
        """Import the certificate as it is now."""
        add_certificates(self.database, self.folder, [certificate])

    def cycle(self, today: date) -> list[str]:
        """Match and compose once; return the subjects of new digests."""
        match_changes(self.database, today)
        with self.database.session() as session:
            known = {row.id for row in session.query(DigestRow)}
        compose_digests(self.database, today, ReleaseSettings(), SENDER)
        with self.database.session() as session:
            return [row.subject for row in session.query(DigestRow).order_by(DigestRow.id) if row.id not in known]

    def newest(self) -> str:
        """The text of the newest digest."""
        with self.database.session() as session:
            row = session.query(DigestRow).order_by(DigestRow.id.desc()).first()
            assert row is not None
            return row.text


def test_renewal_and_end_are_reminded_of_inside_the_digest_once(database: Database, tmp_path: Path) -> None:
    played = Played(database, tmp_path, *SEAT, "", END.isoformat())
    assert played.cycle(TODAY) == []
    assert played.cycle(date(2026, 11, 12)) == ["Reminder: 13 December 2026, 31 days left: Apply for renewal "
        "(recommended three months before the certificate expires) (1 certificate)"]  # fmt: skip
    assert played.cycle(date(2026, 11, 12)) == []
    assert len(played.cycle(date(2026, 11, 13))) == 1
    assert "13 December 2026 (30 days left): Apply for renewal" in played.newest()
    assert played.cycle(date(2026, 12, 14)) == [
        "Reminder: 13 March 2027, 89 days left: The certificate expires (1 certificate)"
    ]
    assert played.cycle(date(2027, 3, 14)) == []


def test_a_years_cycles_remind_of_each_day_at_each_distance_once(sqlite_database: Database, tmp_path: Path) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "2022-03-14", END.isoformat())
    for week in range(54):
        played.cycle(TODAY + timedelta(days=7 * week))
    with sqlite_database.session() as session:
        told = [(row.about, row.distance) for row in session.query(ReminderRow)]
    assert sorted(told) == [
        ("expiry", 7), ("expiry", 30), ("expiry", 90), ("renewal", 7), ("renewal", 30), ("renewal", 90),
        ("renewal", 180), ("surveillance", 7),
    ]  # fmt: skip


def test_what_is_reckoned_is_not_said_as_sure(sqlite_database: Database, tmp_path: Path) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "2022-03-14", "2028-01-01")
    played.cycle(TODAY)
    (subject,) = played.cycle(date(2026, 3, 7))
    assert subject == "Reminder: about 14 March 2026: Annual surveillance inspection with CoP test (1 certificate)"
    assert "Due about 14 March 2026" in played.newest()
    assert "reckoned, the authority sets the day" in played.newest()


def test_a_day_of_a_change_is_reminded_of_until_it_is_done(sqlite_database: Database, tmp_path: Path) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "", "2031-01-01")
    change = add_change(sqlite_database, NEW_EDITION)
    assert len(played.cycle(TODAY)) == 1, "told as a change, and nothing beside it"
    assert played.cycle(date(2026, 7, 1)) == [
        "Reminder: 30 June 2027, 364 days left: Last day to act: changeover to CCAP-GZ-5830:2026 (1 certificate)"
    ]
    with sqlite_database.session() as session:
        assert [row.about for row in session.query(ReminderRow)] == [f"change {change} act_by"]
    played.register(*SEAT[:3], "CCAP-GZ-5830:2026", *SEAT[4:], "", "2031-01-01")
    assert played.cycle(date(2027, 1, 4)) == []


@pytest.mark.parametrize("status", ["withdrawn", "cancelled"])
def test_nobody_is_reminded_of_what_is_gone(sqlite_database: Database, tmp_path: Path, status: str) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "", END.isoformat())
    add_change(sqlite_database, NEW_EDITION)
    played.cycle(TODAY)
    played.register(*SEAT, "", END.isoformat(), status)
    assert [played.cycle(TODAY + timedelta(days=30 * month)) for month in range(1, 13)] == [[]] * 12


def test_a_digest_of_reminders_alone_is_delivered_until_nobody_is_concerned(
    sqlite_database: Database, tmp_path: Path
) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "", END.isoformat())
    played.cycle(TODAY)
    with TakesEverything() as server:
        assert cycle(sqlite_database, mailer_for(server), date(2026, 11, 13))["sent"] == 1
        assert cycle(sqlite_database, mailer_for(server), date(2026, 11, 13))["sent"] == 0
    assert server.recipients == [["quality@alpha.example"]]
    (row,) = list_digests(sqlite_database)
    assert (row["alerts"], row["reminders"], row["status"]) == ([], 1, "sent")


def test_nothing_falls_due_after_the_day_on_which_a_certificate_ends(sqlite_database: Database, tmp_path: Path) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "2022-04-08", "2028-01-01")
    add_change(sqlite_database, {**NEW_EDITION, "kind": "withdrawal", "effective": date(2026, 4, 1), "deadline": None})
    played.cycle(TODAY)
    played.cycle(date(2026, 3, 25))
    assert "Certification is withdrawn" in played.newest()
    assert "surveillance" not in played.newest()
    assert played.cycle(date(2026, 4, 1)) == []


@pytest.mark.parametrize("is_more", [True, False])
def test_a_day_of_many_certificates_is_one_reminder(is_more: bool) -> None:
    days = [replace(DAY, certificate_id=at, number=f"C{at}", on=END + timedelta(days=at // 2)) for at in range(5)]
    subject = reminded(reminders_due(days, set(), DISTANCES, END), END, is_more=is_more)
    assert subject.endswith("and 3 reminders" if is_more else "(2 certificates), and 2 more reminders")


def test_the_distances_are_the_operators(sqlite_database: Database, tmp_path: Path) -> None:
    played = Played(sqlite_database, tmp_path, *SEAT, "", END.isoformat())
    played.cycle(TODAY)
    compose_digests(sqlite_database, date(2026, 11, 13), ReleaseSettings(), SENDER, ())
    compose_digests(sqlite_database, date(2026, 11, 13), ReleaseSettings(), SENDER, (10,))
    with sqlite_database.session() as session:
        assert session.query(DigestRow).count() == 0


def test_a_reminder_that_another_process_told_is_not_told_again(database: Database, tmp_path: Path) -> None:
    played = Played(database, tmp_path, *SEAT, "", END.isoformat())
    played.cycle(TODAY)
    played.cycle(date(2026, 11, 13))
    with database.session() as session:
        (first,) = session.query(DigestRow)
        (told,) = session.query(ReminderRow)
        value = {column.key: getattr(first, column.key) for column in DigestRow.__table__.columns if column.key != "id"}
        again = {"certificate_id": told.certificate_id, "about": told.about, "on": told.on, "distance": told.distance}
        second = {**value, "period": "2026-11-13.2", "message_id": "<other@example.org>"}
        assert not keep_digest(session, second, (), [again])
    with database.session() as session:
        assert session.query(DigestRow).count() == 1
