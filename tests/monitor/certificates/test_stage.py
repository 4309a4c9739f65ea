"""Matching on a real database: once for each revision, and later certificates with what is open."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import event

from monitor.certificates.commands import list_matches
from monitor.certificates.stage import match_changes
from storage.certificates import MatchedRow
from storage.changes import ChangeRow, EditionRow
from storage.engine.database import Database
from tests.monitor.digests.examples import CHANGEOVER, NEW_EDITION, REVISION, add_certificates, add_change

TODAY = date(2026, 3, 2)
SEAT = ("CCAP-0001", "Alpha GmbH", "quality@alpha.example", "CCAP-GZ-5830:2021", "Child seat", "GB 27887-2011")


def numbers(database: Database) -> list[str]:
    """The numbers of the matched certificates."""
    return [row["certificate"] for row in list_matches(database)]


def test_a_change_is_matched_once_and_again_when_its_revision_rises(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT, ("CCAP-0002", *SEAT[1:3], "CCAP-GZ-5101:2020")])
    change = add_change(database, NEW_EDITION)
    assert match_changes(database, TODAY) == {"changes": 1, "matches": 1, "certificates": 2}
    assert match_changes(database, TODAY) == {"changes": 0, "matches": 0, "certificates": 0}
    with database.session() as session:
        row = session.get_one(ChangeRow, change)
        row.revision, row.family, row.deadline = 2, "CCAP-GZ-5101", date(2026, 12, 31)
        session.commit()
    assert match_changes(database, TODAY) == {"changes": 1, "matches": 1, "certificates": 0}
    assert [(row["certificate"], row["deadline"]) for row in list_matches(database)] == [("CCAP-0002", "2026-12-31")]


def test_a_match_tells_what_the_interface_promises(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    change = add_change(sqlite_database, NEW_EDITION)
    match_changes(sqlite_database, TODAY)
    (row,) = list_matches(sqlite_database)
    assert row == {
        "change": change, "certificate": "CCAP-0001", "holder": "Alpha GmbH", "certainty": "certain",
        "because": ["rule family CCAP-GZ-5830"], "severity": "act_by", "action": "changeover", "deadline": "2027-06-30",
        "deadline_note": None, "consequence": "suspension", "step": "act_by", "reckoned": False, "settled_on": None,
        "days": [{"on": "2026-07-01", "step": "effective"}, {"on": "2027-06-30", "step": "act_by"}],
    }  # fmt: skip


def test_a_later_certificate_meets_only_what_is_open_and_asks_something(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_change(sqlite_database, NEW_EDITION)
    add_change(sqlite_database, {**REVISION, "family": "CCAP-GZ-5830"})
    match_changes(sqlite_database, TODAY)
    add_certificates(sqlite_database, tmp_path, [SEAT])
    assert match_changes(sqlite_database, TODAY + timedelta(days=200))["matches"] == 1
    add_certificates(sqlite_database, tmp_path, [SEAT, ("CCAP-0002", *SEAT[1:])])
    assert match_changes(sqlite_database, date(2027, 7, 1))["matches"] == 0


def test_a_certificate_that_is_withdrawn_later_loses_its_untold_match(
    sqlite_database: Database, tmp_path: Path
) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, NEW_EDITION)
    match_changes(sqlite_database, TODAY)
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "", "", "withdrawn")])
    match_changes(sqlite_database, TODAY)
    assert numbers(sqlite_database) == []


def test_what_was_left_out_is_kept_with_the_reason(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [(*SEAT, "", "2025-01-01"), ("CCAP-0002", *SEAT[1:])])
    add_change(sqlite_database, NEW_EDITION)
    match_changes(sqlite_database, TODAY)
    with sqlite_database.session() as session:
        details = session.query(MatchedRow).one().details
    assert details == {"matches": 1, "left_out": 1, "reasons": {"CCAP-0001": "the certificate expired on 2025-01-01"}}


def test_the_register_links_families(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [("CCAP-0003", *SEAT[1:3], "CCAP-SB-5830-2003")])
    with sqlite_database.session() as session:
        session.add(
            EditionRow(
                authority="ccap", family="CCAP-SB-5830", year=2003, letter="", edition="CCAP-SB-5830-2003", title_zh="",
                superseded_by="CCAP-GZ-5830:2021", first_seen=TODAY,
            )
        )  # fmt: skip
        session.commit()
    add_change(sqlite_database, NEW_EDITION)
    match_changes(sqlite_database, TODAY)
    (row,) = list_matches(sqlite_database)
    assert (row["certainty"], row["because"]) == ("certain", ["rule family CCAP-SB-5830, superseded by CCAP-GZ-5830"])


def test_a_changeover_finds_certificates_by_standard(database: Database, tmp_path: Path) -> None:
    rows = [
        ("CQC-0001", "W", "w@w.example", "CQC11-442551-2018", "", "GB/T 15579.5-2013"),
        ("CQC-0002", "W", "w@w.example", "CQC11-442552-2018", "", "GB/T 15579.7-2013、GB 1-2000"),
        ("CQC-0003", "W", "w@w.example", "CQC11-442552-2018", "", "GB/T 15579.7-2023"),
    ]
    add_certificates(database, tmp_path, rows)
    add_change(database, {**CHANGEOVER, "family": "", "families_named": []})
    match_changes(database, TODAY)
    assert numbers(database) == ["CQC-0001", "CQC-0002"]
    assert {row["certainty"] for row in list_matches(database)} == {"certain"}


def test_a_dismissed_change_is_not_matched(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    add_change(sqlite_database, NEW_EDITION, decision="dismissed")
    assert match_changes(sqlite_database, TODAY)["changes"] == 0


def test_a_certificate_imported_while_there_was_nothing_to_do_is_matched_by_the_whole_register(
    sqlite_database: Database, tmp_path: Path
) -> None:
    earlier = EditionRow(
        authority="ccap", family="CCAP-SB-5830", year=2003, letter="", edition="CCAP-SB-5830:2003", title_zh="",
        superseded_by="CCAP-GZ-5830:2021", first_seen=TODAY,
    )  # fmt: skip
    add_change(sqlite_database, {**NEW_EDITION, "standards": []})
    with sqlite_database.session() as session:
        session.add(earlier)
        session.commit()
    match_changes(sqlite_database, TODAY)
    importing = [("CCAP-0009", "Beta GmbH", "quality@beta.example", "CCAP-SB-5830:2003", "Seat", "")]

    def import_between(*_: object) -> None:
        if importing:
            other = Database(sqlite_database.url)
            add_certificates(other, tmp_path, [importing.pop()])
            other.close()

    event.listen(sqlite_database.engine, "rollback", import_between)
    match_changes(sqlite_database, TODAY)
    event.remove(sqlite_database.engine, "rollback", import_between)
    match_changes(sqlite_database, TODAY)
    assert not importing
    assert [row["certificate"] for row in list_matches(sqlite_database)] == ["CCAP-0009"]
