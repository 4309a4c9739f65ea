"""What later evidence alters in a change that was told: a second message where it matters, once, and none elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from monitor.certificates.stage import match_changes
from monitor.changes.commands import approve, correct_date, dismiss
from monitor.digests.commands import list_digests
from monitor.digests.digest import Teller, Update
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests
from monitor.digests.update import say_update, what_moved
from storage import detection
from storage.alerts import keep_update
from storage.changes import ChangeRow
from storage.digests import AlertRow
from storage.engine.database import Database
from storage.translation import SummaryRow
from tests.monitor.digests.examples import MOMENT, NEW_EDITION, add_certificates, add_change, summary_of
from tests.monitor.digests.test_stage import SEAT, SENDER, TODAY, cycle, mailer_for
from tests.servers.smtp import TakesEverything

UNDATED = {**NEW_EDITION, "deadline": None, "consequence": None}
LATER = TODAY + timedelta(days=7)
WEEKLY = (*SEAT, "", "", "", "weekly")
DEADLINE = {"deadline": date(2027, 6, 30), "consequence": "suspension"}


def revise(database: Database, change_id: int, values: Mapping[str, Any], *, material: bool = True) -> None:
    """What detection keeps of later evidence, and the summary that is made of it."""
    with database.session() as session:
        row = session.get_one(ChangeRow, change_id)
        note = {"on": LATER.isoformat(), "capture": None, "fields": list(values), "material": material}
        detection.update_change(session, row, values, (), (), note)
        content = summary_of({**UNDATED, **values}).to_json()
        session.add(SummaryRow(change_id=change_id, revision=row.revision, content=content, made_at=MOMENT))
        session.commit()


def last_text(server: TakesEverything) -> str:
    """The newest message as plain text."""
    body = server.messages[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_deadline_that_comes_later_is_told_once_more(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    change = add_change(database, UNDATED)
    with TakesEverything() as server:
        cycle(database, mailer_for(server))
        assert "NEW SINCE WE LAST WROTE" not in last_text(server)
        revise(database, change, DEADLINE)
        first = cycle(database, mailer_for(server), LATER)
        again = cycle(database, mailer_for(server), LATER)
        later = cycle(database, mailer_for(server), LATER + timedelta(days=1))
    assert (first["alerts"], first["digests"], first["sent"]) == (1, 1, 1)
    assert not any((*again.values(), *later.values()))
    assert (
        "- Deadline: none was known → 30 June 2027.\n- Otherwise: none was known → suspension of the certificate.\n"
        "- You were told of this change on 2 March 2026." in last_text(server)
    )
    assert (
        str(server.messages[-1]["Subject"])
        .strip()
        .startswith("Deadline: 30 June 2027 (none was known): CCAP-GZ-5830:2026 (1 certificate)")
    )
    assert "CCAP-0001" in last_text(server)


def test_a_corrected_day_was_not_extended_and_the_correction_is_named() -> None:
    notice = Teller("Correction: rule X", "关于更正…的公告", "http://a.example/8", corrects=True)
    update = Update(TODAY, {"deadline": "2027-02-28"}, {"deadline": "2027-05-31"}, notice)
    assert what_moved(update) == "Deadline corrected to 31 May 2027 (was 28 February 2027)"
    assert say_update(update)[1] == (
        "The authority says so in: Correction: rule X (关于更正…的公告), http://a.example/8"
    )
    decided = replace(update, by=replace(notice, corrects=False))
    assert what_moved(decided) == "Deadline extended to 31 May 2027 (was 28 February 2027)"


def test_a_message_speaks_of_nothing_that_does_not_stand_in_it(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    change = add_change(database, UNDATED)
    with database.session() as session:
        row = session.query(SummaryRow).one()
        row.content = {**row.content, "awaiting": ["本通知另有说明。"]}
        session.commit()
    with TakesEverything() as server:
        cycle(database, mailer_for(server))
        assert "shown in Chinese" not in last_text(server)
        revise(database, change, DEADLINE)
        cycle(database, mailer_for(server), LATER)
    assert not re.search(r"\bbelow\b", last_text(server).split("WHAT IS NEW")[1])


def last_events(server: TakesEverything) -> list[tuple[str, date, int, str]]:
    """The events of the newest message's calendar file: UID, day, sequence, status."""
    (calendar,) = [part for part in server.messages[-1].walk() if part.get_content_type() == "text/calendar"]
    events = Calendar.from_ical(str(calendar.get_content())).walk("VEVENT")
    return [(str(e["UID"]), e["DTSTART"].dt, int(e["SEQUENCE"]), str(e.get("STATUS", ""))) for e in events]


def test_another_deadline_moves_the_event_in_the_calendar_and_none_cancels_it(
    database: Database, tmp_path: Path
) -> None:
    add_certificates(database, tmp_path, [SEAT, ("CCAP-0002", *SEAT[1:])])
    change = add_change(database, {**UNDATED, "deadline": date(2027, 6, 30)})
    with TakesEverything() as server:
        cycle(database, mailer_for(server))
        ((uid, on, sequence, _),) = last_events(server)
        assert (on, sequence) == (date(2027, 6, 30), 0)
        revise(database, change, {"deadline": date(2027, 3, 31)})
        cycle(database, mailer_for(server), LATER)
        assert last_events(server) == [(uid, date(2027, 3, 31), 1, "")]
        revise(database, change, {"deadline": None})
        cycle(database, mailer_for(server), LATER + timedelta(days=1))
        assert last_events(server) == [(uid, date(2027, 3, 31), 2, "CANCELLED")]


def test_who_left_a_holder_hears_no_more_of_its_certificates(sqlite_database: Database, tmp_path: Path) -> None:
    alpha, beta = [
        (number, holder, "c@x.example", *SEAT[3:]) for number, holder in (("CCAP-0001", "Alpha"), ("CCAP-0002", "Beta"))
    ]
    add_certificates(sqlite_database, tmp_path, [alpha, beta])
    change = add_change(sqlite_database, {**UNDATED, "deadline": date(2027, 6, 30)})
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        add_certificates(sqlite_database, tmp_path, [(*beta[:2], "new@beta.example", *beta[3:])])
        revise(sqlite_database, change, {"deadline": date(2027, 3, 31)})
        cycle(sqlite_database, mailer_for(server), LATER)
    (update,) = [message for message in server.messages[1:] if "c@x.example" in message["To"]]
    parts = [part.get_content() for part in update.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 3
    assert all("CCAP-0001" in part and "CCAP-0002" not in part for part in map(str, parts))


def test_another_deadline_is_told_with_the_one_told_before(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, {**UNDATED, "deadline": date(2027, 6, 30)})
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        revise(sqlite_database, change, {"deadline": date(2027, 5, 31)})
        revise(sqlite_database, change, {"deadline": date(2027, 3, 31)})
        cycle(sqlite_database, mailer_for(server), LATER)
        assert "- Deadline: 30 June 2027 → 31 March 2027.\n- You were told of this change on 2 March 2026." in (
            last_text(server)
        )
        revise(sqlite_database, change, {"deadline": date(2027, 2, 28)})
        cycle(sqlite_database, mailer_for(server), LATER + timedelta(days=1))
        assert "- Deadline: 31 March 2027 → 28 February 2027.\n- You were told of this change on 9 March 2026." in (
            last_text(server)
        )
    assert len(server.messages) == 3


def test_an_update_that_matters_to_nobody_is_told_to_nobody(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, UNDATED)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        revise(sqlite_database, change, {"published": date(2026, 3, 2)}, material=False)
        assert not any(cycle(sqlite_database, mailer_for(server), LATER).values())
    assert len(server.messages) == 1


def test_who_was_not_told_yet_is_told_all_at_once(sqlite_database: Database, tmp_path: Path) -> None:
    tuesday = TODAY + timedelta(days=1)
    add_certificates(sqlite_database, tmp_path, [WEEKLY])
    change = add_change(sqlite_database, UNDATED)
    with TakesEverything() as server:
        assert cycle(sqlite_database, mailer_for(server), tuesday)["sent"] == 0
        revise(sqlite_database, change, DEADLINE)
        assert cycle(sqlite_database, mailer_for(server), tuesday)["sent"] == 0
        assert cycle(sqlite_database, mailer_for(server), LATER)["sent"] == 1
        assert "NEW SINCE WE LAST WROTE" not in last_text(server)
        assert last_text(server).count("CCAP-0001") == 1
    (row,) = list_digests(sqlite_database)
    assert row["alerts"] == [change]


def test_an_update_passes_the_release_gate_like_an_alert(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, UNDATED)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        doubt = {"reasons": ["conflicting_dates"], "needs_review": True}
        revise(sqlite_database, change, {**DEADLINE, **doubt})
        held = cycle(sqlite_database, mailer_for(server), LATER)
        assert (held["held"], held["sent"]) == (1, 0)
        approve(sqlite_database, change, "Li Wei")
        assert cycle(sqlite_database, mailer_for(server), LATER)["sent"] == 1
    assert len(server.messages) == 2


def test_an_update_waits_for_its_matches_and_its_summary(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, UNDATED)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        revise(sqlite_database, change, DEADLINE)
        unmatched = compose_digests(sqlite_database, LATER, ReleaseSettings(), SENDER)
        assert unmatched == {"alerts": 0, "digests": 0, "held": 0}
        correct_date(sqlite_database, change, "Li Wei", "deadline", date(2027, 5, 31))
        match_changes(sqlite_database, LATER)
        unsaid = compose_digests(sqlite_database, LATER, ReleaseSettings(), SENDER)
        assert unsaid == {"alerts": 1, "digests": 0, "held": 1}
        revise(sqlite_database, change, {"published": None}, material=False)
        assert cycle(sqlite_database, mailer_for(server), LATER)["sent"] == 1
    assert "- Deadline: none was known → 31 May 2027." in last_text(server)


def test_one_revision_cannot_be_told_twice(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    add_change(database, UNDATED)
    match_changes(database, TODAY)
    compose_digests(database, TODAY, ReleaseSettings(), SENDER)
    with database.session() as session:
        (alert,) = session.query(AlertRow).all()
        assert [keep_update(session, alert, 2, "act_by", LATER) for _ in range(2)] == [1, 0]
        assert keep_update(session, alert, 3, "act_by", LATER) == 1


@pytest.mark.parametrize("values", [{"deadline": None}, {"standards": []}, {"actions": ["retest"]}])
def test_what_no_longer_holds_is_said_too(sqlite_database: Database, tmp_path: Path, values: dict[str, Any]) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, NEW_EDITION)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
        revise(sqlite_database, change, values)
        cycle(sqlite_database, mailer_for(server), LATER)
    said = {
        "deadline": "Deadline: 30 June 2027 → none any more.",
        "standards": "Standards: GB 27887-2011 replaced by GB 27887-2024 → none any more.",
        "actions": "No longer required: change the certificate over.",
    }
    assert f"- {said[next(iter(values))]}\n- You were told of this change on 2 March 2026." in last_text(server)


def test_who_is_concerned_no_more_is_told_so_once_and_the_day_leaves_the_calendar(
    database: Database, tmp_path: Path
) -> None:
    add_certificates(database, tmp_path, [SEAT, ("CCAP-0002", SEAT[1], SEAT[2], "CCAP-GZ-9999:2021", *SEAT[4:])])
    change = add_change(database, {**UNDATED, "deadline": date(2027, 6, 30), "supersedes": ["CCAP-GZ-9999:2021"]})
    with TakesEverything() as server:
        cycle(database, mailer_for(server))
        assert "CCAP-0002" in last_text(server)
        revise(database, change, {"supersedes": []}, material=False)
        cycle(database, mailer_for(server), LATER)
        text = last_text(server)
        again = cycle(database, mailer_for(server), LATER + timedelta(days=1))
    assert "No longer concerned by this change:\n  CCAP-0002" in text
    assert not any(again.values())


def test_dismissing_what_was_told_takes_it_back(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    change = add_change(database, {**UNDATED, "deadline": date(2027, 6, 30)})
    with TakesEverything() as server:
        cycle(database, mailer_for(server))
        ((uid, on, sequence, _),) = last_events(server)
        dismiss(database, change, "Anna Keller", "The notice is of another body")
        cycle(database, mailer_for(server), LATER)
        again = cycle(database, mailer_for(server), LATER + timedelta(days=1))
        assert last_events(server) == [(uid, on, sequence + 1, "CANCELLED")]
    assert str(server.messages[-1]["Subject"]).startswith("No longer applies: new edition CCAP-GZ-5830:2026")
    assert "It no longer applies: The notice is of another body." in last_text(server)
    assert "Nothing is to be done any more for:\n  CCAP-0001" in last_text(server)
    assert not any(again.values())


def test_dismissing_what_nobody_was_told_tells_nobody(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    change = add_change(database, UNDATED)
    dismiss(database, change, "Anna Keller", "The notice is of another body")
    with TakesEverything() as server:
        assert not any(cycle(database, mailer_for(server)).values())
    assert server.messages == []
