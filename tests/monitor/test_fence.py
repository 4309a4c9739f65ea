"""One that cannot be done never keeps the rest: in each stage a row that nothing can read stands among good ones."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from monitor.certificates.stage import match_changes
from monitor.changes.stage import detect_changes
from monitor.cli.output import log_to_standard_error
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests, deliver_digests
from monitor.incidents.stage import tell_operator
from monitor.translation.machine.translate import Translator
from monitor.translation.stage import summarise_changes
from storage.captures import CaptureRow
from storage.certificates import CertificateRow, ContactRow, MatchRow
from storage.changes import ChangeRow, ExaminedRow
from storage.documents import DocumentRow
from storage.engine.database import Base, Database
from storage.translation import SummaryRow
from storage.trouble.fence import SetAsideRow, fenced, open_units
from tests.monitor.changes.days import Days, corpus
from tests.monitor.digests.examples import CHANGEOVER, NEW_EDITION, REVISION, add_certificates, add_change
from tests.monitor.digests.test_stage import DEAD, SEAT, SENDER, TODAY, WELD, mailer_for
from tests.servers.smtp import TakesEverything

NEWS = {**REVISION, "family": "CCAP-GZ-5830"}
Tally = dict[str, int]


def set_aside(database: Database) -> list[tuple[str, str]]:
    """What is set aside now: stage and unit."""
    with database.session() as session:
        return [(row.stage, row.unit) for row in open_units(session)]


def write(database: Database, row: type[Base], key: int, **values: Any) -> None:
    """Write into the database what the product never writes."""
    with database.session() as session:
        session.execute(update(row).where(row.__table__.c.id == key).values(**values))
        session.commit()


def summarise(database: Database) -> Tally:
    return summarise_changes(database, Translator(None), TODAY)


def compose(database: Database) -> Tally:
    return compose_digests(database, TODAY, ReleaseSettings(), SENDER)


def deliver(database: Database) -> Tally:
    with TakesEverything() as server:
        return deliver_digests(database, mailer_for(server), SENDER, TODAY)


def match(database: Database) -> Tally:
    return match_changes(database, TODAY)


STAGES: dict[str, Callable[[Database], Tally]] = {
    "summarise": summarise, "match": match, "compose": compose, "deliver": deliver,
}  # fmt: skip
BROKEN: list[tuple[str, type[Base], int, dict[str, Any], dict[str, Any], str, str]] = [
    ("summarise", ChangeRow, 1, {"kind": "odd"}, {"kind": "new_edition"}, "change 1", "summaries"),
    ("match", ChangeRow, 1, {"kind": "odd"}, {"kind": "new_edition"}, "change 1", "matches"),
    ("match", CertificateRow, 1, {"status": "odd"}, {"status": "valid"}, "certificate CCAP-0001", "matches"),
    ("compose", MatchRow, 1, {"severity": "odd"}, {"severity": "act_by"}, "change 1", "digests"),
    ("compose", MatchRow, 1, {"certainty": "odd"}, {"certainty": "certain"}, "alert 1", "digests"),
    ("compose", SummaryRow, 1, {"content": {}}, {}, "alert 1", "digests"),
    ("compose", ContactRow, 1, {"frequency": "odd"}, {"frequency": "immediate"}, "contact 1", "digests"),
    ("deliver", ContactRow, 1, {"email": "a..b@x.example"}, {"email": "a@x.example"}, "digest 1", "sent"),
    ("deliver", ContactRow, 1, {"email": "=?utf-8?q?=20?=@x.example"}, {"email": "a@x.example"}, "digest 1", "sent"),
    ("deliver", ContactRow, 1, {"email": "a\r\nb@x.example"}, {"email": "a@x.example"}, "digest 1", "sent"),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "row", "key", "bad", "good", "unit", "counted"), BROKEN)
def test_one_bad_row_is_set_aside_by_name_and_never_keeps_the_rest(
    database: Database, tmp_path: Path, stage: str, row: type[Base], key: int, bad: Any, good: Any, unit: str,
    counted: str,
) -> None:  # fmt: skip
    add_certificates(database, tmp_path, [SEAT, WELD])
    for change in (NEW_EDITION, CHANGEOVER):
        add_change(database, change)
    if stage == "summarise":
        with database.session() as session:
            session.query(SummaryRow).delete()
            session.commit()
    good = good or {"content": _content(database)}
    for earlier in list(STAGES)[1 : list(STAGES).index(stage)]:
        STAGES[earlier](database)
    write(database, row, key, **bad)
    tally = STAGES[stage](database)
    assert (tally[counted], tally["set_aside"]) == (1, 1)
    assert set_aside(database) == [(stage, unit)]
    STAGES[stage](database)
    with database.session() as session:
        (kept,) = open_units(session)
    assert (kept.tries, kept.last_tried > kept.since, bool(kept.reason)) == (2, True, True)
    write(database, row, key, **good)
    after = STAGES[stage](database)
    assert (after[counted], "set_aside" in after) == (1, False)
    assert set_aside(database) == []


def _content(database: Database) -> Any:
    with database.session() as session:
        return session.get_one(SummaryRow, 1).content if session.get(SummaryRow, 1) else None


def test_a_contact_is_still_told_the_changes_that_can_be_told(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    for change in (NEW_EDITION, {**NEW_EDITION, "event_key": "second", "kind": "standard_changeover"}):
        add_change(database, change)
    match(database)
    content = _content(database)
    write(database, SummaryRow, 1, content={})
    assert compose(database)["digests"] == 1
    assert set_aside(database) == [("compose", "alert 1")]
    write(database, SummaryRow, 1, content=content)
    assert compose(database)["digests"] == 1
    with TakesEverything() as server:
        deliver_digests(database, mailer_for(server), SENDER, TODAY)
    assert len(server.messages) == len(set(server.message_ids)) == 2


def test_a_certificate_that_came_later_and_cannot_be_read_keeps_no_other(database: Database, tmp_path: Path) -> None:
    add_change(database, NEW_EDITION)
    match(database)
    add_certificates(database, tmp_path, [SEAT, DEAD])
    write(database, CertificateRow, 1, status="odd")
    tally = match(database)
    assert (tally["matches"], tally["certificates"], tally["set_aside"]) == (1, 1, 1)
    write(database, CertificateRow, 1, status="valid")
    assert match(database) == {"changes": 0, "matches": 1, "certificates": 1}


def test_a_document_that_cannot_be_read_back_keeps_no_other_from_detection(database: Database) -> None:
    days = Days(database, date(2026, 3, 1))
    days.stand(corpus()["world"])
    for site in days.sites.values():
        site.crawl()
    with database.session() as session:
        ids = [document.id for document in session.query(DocumentRow).order_by(DocumentRow.id)]
        content = session.get_one(DocumentRow, ids[0]).content
        captures = session.query(CaptureRow).filter(CaptureRow.kind.in_(("article", "file"))).count()
    write(database, DocumentRow, ids[0], content={"nonsense": True})
    tally = detect_changes(database, days.today)
    bad = tally["set_aside"]
    assert 0 < bad < captures
    assert {stage for stage, _ in set_aside(database)} == {"detect"}
    with database.session() as session:
        assert session.query(ExaminedRow).count() == captures - bad
    write(database, DocumentRow, ids[0], content=content)
    assert "set_aside" not in detect_changes(database, days.today)
    with database.session() as session:
        assert session.query(ExaminedRow).count() == captures


def test_a_thousand_bad_rows_end_no_stage_and_no_loop(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    for number in range(120):
        add_change(sqlite_database, {**NEWS, "event_key": str(number)})
    with sqlite_database.session() as session:
        session.execute(update(ChangeRow).values(kind="odd"))
        session.query(SummaryRow).delete()
        session.commit()
    assert summarise(sqlite_database)["set_aside"] == 120
    assert match(sqlite_database)["set_aside"] == 120


def test_the_operator_hears_once_of_what_was_set_aside_and_once_that_it_is_done(
    database: Database, tmp_path: Path
) -> None:
    add_certificates(database, tmp_path, [SEAT, WELD])
    for change in (NEW_EDITION, CHANGEOVER):
        add_change(database, change)
    match(database)
    compose(database)
    with TakesEverything() as server:
        mailer = mailer_for(server)

        def day(number: int) -> None:
            deliver_digests(database, mailer, SENDER, TODAY + timedelta(days=number))
            tell_operator(database, mailer, SENDER, "ops@x.example", TODAY + timedelta(days=number))

        write(database, ContactRow, 1, email="a..b@x.example")
        for number in range(3):
            day(number)
        write(database, ContactRow, 1, email="a@x.example")
        for number in range(3, 6):
            day(number)
    told = [message for message in server.messages if message["To"] == "ops@x.example"]
    assert [str(message["Subject"]) for message in told] == [
        "Rulewatch: could not be done: deliver: digest 1",
        "Rulewatch: done after all: 1",
    ]
    assert "local-part" in told[0].get_content()


def test_a_database_that_cannot_keep_what_is_set_aside_ends_the_stage(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, {**NEW_EDITION, "kind": "odd"})
    with sqlite_database.engine.begin() as connection:
        SetAsideRow.__table__.drop(connection)  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="no such table: set_aside"):
        match(sqlite_database)


def test_what_was_set_aside_is_logged_with_its_trace(
    sqlite_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, {**NEW_EDITION, "kind": "odd"})
    log_to_standard_error()
    match(sqlite_database)
    printed = capsys.readouterr()
    assert "unit set aside" in printed.err
    assert "ValueError: 'odd' is not a valid ChangeKind" in printed.err


def test_a_standard_error_that_is_gone_keeps_nobody_from_his_work(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, {**NEW_EDITION, "kind": "odd"})
    gone = (tmp_path / "gone").open("w")
    monkeypatch.setattr(sys, "stderr", gone)
    log_to_standard_error()
    gone.close()
    match(sqlite_database)
    assert set_aside(sqlite_database) == [("match", "change 1")]


def test_what_fails_once_is_done_in_the_same_run_and_what_fails_twice_is_set_aside_once(database: Database) -> None:
    left, done = Counter(once=1, always=9), []
    for _run in range(2):
        with fenced(database, "made") as fence:
            for name, unit in fence.units(["once", "well", "always"], str):
                with unit:
                    left[name] -= 1
                    assert left[name] < 0, "not yet"
                    done.append(name)
        assert fence.tally == {"set_aside": 1}
        assert set_aside(database) == [("made", "always")]
    assert done == ["well", "once", "once", "well"]
    with database.session() as session:
        assert [row.tries for row in open_units(session)] == [2]
