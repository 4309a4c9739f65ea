"""Composing and delivering on a real database and a real SMTP server."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.certificates.commands import list_contacts, list_matches
from monitor.certificates.stage import match_changes
from monitor.digests.commands import list_digests, send_again
from monitor.digests.release import ReleaseSettings
from monitor.digests.smtp import Mailer, SmtpSettings, make_mailer
from monitor.digests.stage import compose_digests, deliver_digests
from storage.changes import ChangeRow
from storage.digests import DeliveryRow, DigestRow
from storage.engine.database import Database
from storage.trouble.fence import open_units
from tests.monitor.digests.examples import CHANGEOVER, NEW_EDITION, REVISION, add_certificates, add_change
from tests.servers.smtp import DropsAfterFinalDot, Greylists, RefusesRecipient, RefusesSome, TakesEverything

SENDER = "China Certification Watch <alerts@example.org>"
TODAY = date(2026, 3, 2)
"""A Monday."""

SEAT = ("CCAP-0001", "Alpha GmbH", "quality@alpha.example", "CCAP-GZ-5830:2021", "Child seat", "GB 27887-2011")
WELD = ("CQC-0002", "Weld Oy", "certs@weld.example", "CQC11-442551-2018", "Wire feeder", "GB/T 15579.5-2013")


def mailer_for(server: TakesEverything) -> Mailer:
    """The mailer for a server."""
    return make_mailer(SmtpSettings(url=server.url, sender=SENDER, timeout_seconds=5), Path("unused"))


def cycle(database: Database, mailer: Mailer, today: date = TODAY, policy: str = "auto") -> dict[str, int]:
    """Match, compose and deliver once."""
    match_changes(database, today)
    release = ReleaseSettings.model_validate({"policy": policy})
    made = compose_digests(database, today, release, SENDER)
    return made | deliver_digests(database, mailer, SENDER, today)


def decide(database: Database, change_id: int, decision: str) -> None:
    """What a consultant's command does to a change."""
    with database.session() as session:
        session.get_one(ChangeRow, change_id).decision = decision
        session.commit()


def statuses(database: Database) -> list[tuple[str, str]]:
    """Each digest's contact and status."""
    return [(row["contact"], row["status"]) for row in list_digests(database)]


def test_a_change_reaches_exactly_the_contacts_it_concerns_once(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT, WELD])
    change = add_change(database, NEW_EDITION)
    with TakesEverything() as server:
        first = cycle(database, mailer_for(server))
        again = cycle(database, mailer_for(server))
        later = cycle(database, mailer_for(server), TODAY + timedelta(days=1))
    assert (first["alerts"], first["digests"], first["sent"], first["held"]) == (1, 1, 1, 0)
    assert not any((*again.values(), *later.values()))
    assert server.recipients == [["quality@alpha.example"]]
    (row,) = list_digests(database)
    assert (row["alerts"], row["status"], row["attempts"]) == ([change], "sent", 1)
    assert server.message_ids == [row["message_id"]]


def test_two_holders_with_one_contact_get_one_message(sqlite_database: Database, tmp_path: Path) -> None:
    rows = [SEAT, ("CCAP-0009", "Beta Ltd", "quality@alpha.example", "CCAP-GZ-5830:2021", "Booster", "")]
    add_certificates(sqlite_database, tmp_path, rows)
    add_change(sqlite_database, NEW_EDITION)
    with TakesEverything() as server:
        tally = cycle(sqlite_database, mailer_for(server))
    assert (tally["alerts"], tally["digests"], tally["sent"]) == (2, 1, 1)
    body = server.messages[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "CCAP-0001" in text
    assert "CCAP-0009" in text
    assert text.count("By when:") == 1


def test_every_contact_of_a_holder_is_written_to(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT[:2], "a@alpha.example; b@alpha.example", *SEAT[3:])])
    add_change(sqlite_database, NEW_EDITION)
    with TakesEverything() as server:
        assert cycle(sqlite_database, mailer_for(server))["sent"] == 2
    assert sorted(server.recipients) == [["a@alpha.example"], ["b@alpha.example"]]


def test_a_held_change_leaves_with_the_cycle_after_its_approval(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    change = add_change(database, NEW_EDITION, reasons=["conflicting_dates"])
    with TakesEverything() as server:
        tally = cycle(database, mailer_for(server))
        assert (tally["alerts"], tally["held"], tally["sent"]) == (1, 1, 0)
        (row,) = list_digests(database)
        assert (row["id"], row["message_id"], row["status"], row["attempts"]) == (None, None, "held", 0)
        assert (row["period"], row["alerts"]) == ("2026-03-02", [change])
        assert "conflicting_dates" in row["reply"]
        decide(database, change, "approved")
        assert cycle(database, mailer_for(server))["sent"] == 1
        assert cycle(database, mailer_for(server))["sent"] == 0
    assert statuses(database) == [("quality@alpha.example", "sent")]


def test_under_review_everything_waits(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, NEW_EDITION)
    with TakesEverything() as server:
        assert cycle(sqlite_database, mailer_for(server), policy="review")["sent"] == 0
        decide(sqlite_database, change, "approved")
        assert cycle(sqlite_database, mailer_for(server), policy="review")["sent"] == 1


def test_what_was_dismissed_never_goes(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, NEW_EDITION, reasons=["ocr"])
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        decide(sqlite_database, change, "dismissed")
        tally = cycle(sqlite_database, mailer_for(server))
    assert (tally["sent"], tally["held"]) == (0, 0)
    assert server.messages == []


def test_a_doubtful_certificate_waits_and_the_certain_one_does_not(sqlite_database: Database, tmp_path: Path) -> None:
    notice = {**CHANGEOVER, "family": "", "families_named": []}
    doubtful = ("CQC-0003", "Weld Oy", "certs@weld.example", "CQC11-442552-2018", "Torch", "GB/T 15579.7")
    add_certificates(sqlite_database, tmp_path, [WELD, doubtful])
    change = add_change(sqlite_database, notice)
    with TakesEverything() as server:
        tally = cycle(sqlite_database, mailer_for(server))
        assert (tally["sent"], tally["held"]) == (1, 1)
        decide(sqlite_database, change, "approved")
        cycle(sqlite_database, mailer_for(server))
    texts = [str(message.get_body(("plain",)).get_content()) for message in server.messages]  # type: ignore[union-attr]
    assert [("CQC-0002" in text, "CQC-0003" in text) for text in texts] == [(True, False), (False, True)]
    assert "not certain; released by a consultant" in texts[1]
    assert {match["certainty"] for match in list_matches(sqlite_database)} == {"certain", "likely"}


def test_weekly_contacts_hear_on_mondays_only(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "", "", "", "weekly")])
    with TakesEverything() as server:
        mailer = mailer_for(server)
        add_change(sqlite_database, NEW_EDITION, detected_on=date(2026, 3, 3))
        sent = [cycle(sqlite_database, mailer, date(2026, 3, 3) + timedelta(days=day))["sent"] for day in range(14)]
    assert sent == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [row["period"] for row in list_digests(sqlite_database)] == ["2026-W11"]


def test_a_second_message_on_one_day_has_a_period_of_its_own(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    with TakesEverything() as server:
        add_change(sqlite_database, NEW_EDITION)
        cycle(sqlite_database, mailer_for(server))
        add_change(sqlite_database, {**REVISION, "family": "CCAP-GZ-5830"})
        cycle(sqlite_database, mailer_for(server))
    assert [row["period"] for row in list_digests(sqlite_database)] == ["2026-03-02", "2026-03-02.2"]
    assert len(set(server.message_ids)) == 2


def test_no_new_requirement_makes_no_message_of_its_own(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, {**REVISION, "family": "CCAP-GZ-5830"}, substantive=False)
    with TakesEverything() as server:
        assert cycle(sqlite_database, mailer_for(server))["sent"] == 0
        add_change(sqlite_database, NEW_EDITION)
        assert cycle(sqlite_database, mailer_for(server))["sent"] == 1
    (row,) = list_digests(sqlite_database)
    assert row["alerts"] == [2, 1]


def test_what_was_deferred_goes_again_under_the_same_message_id(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    add_change(database, NEW_EDITION)
    with Greylists(deferrals=2) as server:
        outcomes = [cycle(database, mailer_for(server), TODAY + timedelta(days=day)) for day in range(4)]
    assert [tally["deferred"] for tally in outcomes] == [1, 1, 0, 0]
    assert [tally["sent"] for tally in outcomes] == [0, 0, 1, 0]
    (row,) = list_digests(database)
    assert (row["status"], row["attempts"]) == ("sent", 3)
    assert server.message_ids == [row["message_id"]]


def test_mail_in_doubt_is_sent_again_under_the_same_message_id(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    add_change(database, NEW_EDITION)
    with DropsAfterFinalDot() as server:
        assert cycle(database, mailer_for(server))["in_doubt"] == 1
        assert cycle(database, mailer_for(server))["sent"] == 1
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


DEAD = ("CCAP-0007", "Dead Ltd", "dead@alpha.example", *SEAT[3:])
NEWS = {**REVISION, "family": "CCAP-GZ-5830"}


def states(database: Database) -> dict[str, str]:
    """Each contact's state."""
    return {row["contact"]: row["state"] for row in list_contacts(database)}


def test_a_contact_refused_on_two_days_is_not_written_to_until_a_person_says_so(
    database: Database, tmp_path: Path
) -> None:
    add_certificates(database, tmp_path, [SEAT, DEAD])
    add_change(database, NEW_EDITION)
    with RefusesSome(dead="550 5.1.1 no such mailbox") as server:
        assert cycle(database, mailer_for(server))["refused"] == 1
        assert dict(statuses(database))["dead@alpha.example"] == "waiting"
        assert set(states(database).values()) == {"active"}
        add_change(database, NEWS)
        assert cycle(database, mailer_for(server), TODAY + timedelta(days=1))["refused"] == 2
        assert states(database) == {"dead@alpha.example": "unreachable", "quality@alpha.example": "active"}
        add_change(database, {**NEWS, "event_key": "2-3"})
        cycle(database, mailer_for(server), TODAY + timedelta(days=2))
        assert server.attempts == 3
        assert send_again(database, "dead@alpha.example") == 2
        add_change(database, {**NEWS, "event_key": "3-4"})
        cycle(database, mailer_for(server), TODAY + timedelta(days=3))
        assert set(states(database).values()) == {"active"}
    with TakesEverything() as well:
        cycle(database, mailer_for(well), TODAY + timedelta(days=4))
    assert {status for _, status in statuses(database)} == {"sent"}


@pytest.mark.parametrize(
    "answer",
    [
        "554 relay access denied",
        "554 5.7.1 looks like spam",
        "550 5.7.1 listed",
        "530 5.7.0 authentication required",
        "550 5.4.1 access denied",
        "450 4.7.1 try later",
        "550 5.3.0 trouble",
    ],
)
def test_a_server_that_refuses_everybody_cuts_off_nobody(
    sqlite_database: Database, tmp_path: Path, answer: str
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT, DEAD])
    add_change(sqlite_database, NEW_EDITION)
    with RefusesSome(dead=answer, quality=answer) as server:
        for day in range(5):
            tally = cycle(sqlite_database, mailer_for(server), TODAY + timedelta(days=day))
    assert tally["set_aside"] == 1
    with sqlite_database.session() as session:
        (row,) = open_units(session)
    assert (row.unit, answer.partition(" ")[2] in row.reason) == ("mail server", True)
    assert set(states(sqlite_database).values()) == {"active"}
    with TakesEverything() as well:
        assert cycle(sqlite_database, mailer_for(well), TODAY + timedelta(days=9))["sent"] == 2
    with sqlite_database.session() as session:
        assert open_units(session) == []


def test_a_server_that_calls_every_address_unknown_on_many_days_cuts_off_nobody(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT, DEAD])
    add_change(sqlite_database, NEW_EDITION)
    with RefusesRecipient() as server:
        tallies = [cycle(sqlite_database, mailer_for(server), TODAY + timedelta(days=day)) for day in range(4)]
    assert [tally["refused"] for tally in tallies] == [0, 0, 0, 0]
    assert [tally["set_aside"] for tally in tallies] == [1, 1, 1, 1]
    assert set(states(sqlite_database).values()) == {"active"}


def test_who_is_refused_by_policy_alone_waits_and_the_others_are_served(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT, DEAD])
    add_change(sqlite_database, NEW_EDITION)
    with RefusesSome(dead="550 5.7.1 listed") as server:
        tallies = [cycle(sqlite_database, mailer_for(server), TODAY + timedelta(days=day)) for day in range(4)]
    assert [(tally["sent"], tally["blocked"]) for tally in tallies] == [(1, 1), (0, 1), (0, 1), (0, 1)]
    assert set(states(sqlite_database).values()) == {"active"}


def test_a_certificate_imported_later_is_told_of_what_is_open(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, NEW_EDITION)
    add_change(sqlite_database, {**REVISION, "family": "CCAP-GZ-5830"})
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        later = ("CCAP-0010", "Alpha GmbH", "quality@alpha.example", "CCAP-GZ-5830:2021", "Booster", "")
        add_certificates(sqlite_database, tmp_path, [SEAT, later])
        assert cycle(sqlite_database, mailer_for(server), TODAY + timedelta(days=40))["sent"] == 1
        overdue = ("CCAP-0011", "Alpha GmbH", "quality@alpha.example", "CCAP-GZ-5830:2021", "Carrier", "")
        add_certificates(sqlite_database, tmp_path, [overdue])
        assert cycle(sqlite_database, mailer_for(server), date(2027, 7, 1))["sent"] == 0
    text = str(server.messages[1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "CCAP-0010" in text
    assert "CCAP-0001" not in text
    assert "exchanged" not in text


def test_a_contact_that_comes_later_hears_of_open_changes_only(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, NEW_EDITION)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        add_certificates(sqlite_database, tmp_path, [(*SEAT[:2], "new@alpha.example", *SEAT[3:])])
        assert cycle(sqlite_database, mailer_for(server), TODAY + timedelta(days=9))["sent"] == 1
        add_certificates(sqlite_database, tmp_path, [(*SEAT[:2], "late@alpha.example", *SEAT[3:])])
        assert cycle(sqlite_database, mailer_for(server), date(2027, 7, 1))["sent"] == 0
    assert server.recipients == [["quality@alpha.example"], ["new@alpha.example"]]


def test_who_left_is_sent_neither_what_was_owed_nor_what_waits(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    add_change(database, NEW_EDITION)
    held = add_change(database, {**REVISION, "family": "CCAP-GZ-5830"}, reasons=["ocr"])
    with Greylists() as server:
        assert cycle(database, mailer_for(server))["deferred"] == 1
        add_certificates(database, tmp_path, [(*SEAT[:2], "new@alpha.example", *SEAT[3:])])
        decide(database, held, "approved")
        cycle(database, mailer_for(server), TODAY + timedelta(days=1))
    assert server.recipients == [["new@alpha.example"]]


def test_two_schedulers_at_once_send_one_message_each(database: Database, tmp_path: Path) -> None:
    rows = [(f"CCAP-1{n:03d}", f"Holder {n}", f"q{n}@alpha.example", *SEAT[3:]) for n in range(12)]
    add_certificates(database, tmp_path, rows)
    add_change(database, NEW_EDITION)
    troubles: list[BaseException] = []
    with TakesEverything() as server:

        def run() -> None:
            other = Database(database.url)
            try:
                cycle(other, mailer_for(server))
            except BaseException as trouble:
                troubles.append(trouble)
            other.close()

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cycle(database, mailer_for(server))
    assert troubles == []
    assert sorted(server.recipients) == sorted([f"q{n}@alpha.example"] for n in range(12))


def test_every_attempt_is_kept(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, NEW_EDITION)
    with Greylists() as server:
        cycle(sqlite_database, mailer_for(server))
        cycle(sqlite_database, mailer_for(server))
    with sqlite_database.session() as session:
        deliveries = session.query(DeliveryRow).order_by(DeliveryRow.attempt).all()
        assert [row.outcome for row in deliveries] == ["deferred", "sent"]
        assert all(row.reply and row.finished_at for row in deliveries)
        assert session.query(DigestRow).one().sent_at is not None


@pytest.mark.parametrize("title", ["x\r\nBcc: everyone@evil.example", '</h2><script>alert("1")</script>', "{{ 7*7 }}"])
def test_a_hostile_title_stays_text(sqlite_database: Database, tmp_path: Path, title: str) -> None:
    hostile = (SEAT[0], f"Alpha {title}".replace("\r\n", " "), *SEAT[2:4], title.replace("\r\n", " "), "")
    add_certificates(sqlite_database, tmp_path, [hostile])
    add_change(sqlite_database, {**NEW_EDITION, "title_zh": title, "source_url": "javascript:alert(1)"})
    with TakesEverything() as server:
        assert cycle(sqlite_database, mailer_for(server))["sent"] == 1
    (message,) = server.messages
    html = str(message.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert message["Bcc"] is None
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "49" not in str(message["Subject"])


def test_a_holder_is_told_to_move_each_certificate_to_the_standard_that_it_names(
    database: Database, tmp_path: Path
) -> None:
    torch = ("CQC-0003", "Weld Oy", "certs@weld.example", "CQC11-442551-2018", "Torch", "GB/T 15579.7-2013")
    add_change(database, CHANGEOVER)
    said = []
    for rows in ([WELD], [WELD, torch]):
        add_certificates(database, tmp_path, rows)
        with TakesEverything() as server:
            cycle(database, mailer_for(server), TODAY + timedelta(days=len(said)))
        message = server.messages[0]
        said.append(" ".join(str(message.get_body(("plain",)).get_content()).split()))  # type: ignore[union-attr]
    assert "Change the certificate over to GB/T 15579.5-2023." in said[0]
    assert "Change the certificate over to GB/T 15579.7-2023." in said[1]
