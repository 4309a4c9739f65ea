"""What a person may do with changes."""

from datetime import date

import pytest
from sqlalchemy import select

from monitor.changes.commands import approve, comment, correct_date, dismiss, history_of, list_changes, register_at
from monitor.errors import BadInput
from storage.changes import ChangeRow, ReviewRow
from storage.engine.database import Database
from tests.monitor.changes.days import Days, corpus


@pytest.fixture
def log(sqlite_database: Database) -> Database:
    """A log with a held change (its file cannot be read) and a withdrawal."""
    days = Days(sqlite_database, date(2026, 3, 1))
    days.stand(corpus()["world"])
    days.crawl()
    days.day(
        [
            {
                "rule": "vest 2026",
                "code": "CQC16-267111-2026",
                "name": "机动车乘员用反光背心认证规则",
                "unreadable": True,
            },
            {"notice": "关于废止CCAP-SB-3721:2018A的公告", "body": "自2026年6月1日起废止CCAP-SB-3721:2018A。"},
            {"exchange": "tank", "replace": {"2人日": "3人日"}},
        ]
    )
    return sqlite_database


def test_decisions_are_added_and_the_newest_counts(log: Database) -> None:
    held = list_changes(log, waiting=True)[0]["id"]
    approve(log, held, "Li Na", "the cover was checked by hand")
    dismiss(log, held, "Wang", "it was the wrong file after all")
    with log.session() as session:
        reviews = session.scalars(select(ReviewRow).order_by(ReviewRow.id)).all()
        assert [(r.by, r.decision, r.comment) for r in reviews] == [
            ("Li Na", "approved", "the cover was checked by hand"),
            ("Wang", "dismissed", "it was the wrong file after all"),
        ]
        assert session.get_one(ChangeRow, held).decision == "dismissed"
    assert list_changes(log, waiting=True) == []


def test_a_comment_decides_nothing(log: Database) -> None:
    held = list_changes(log, waiting=True)[0]["id"]
    comment(log, held, "Li Na", "asked CQC by phone")
    assert [change["id"] for change in list_changes(log, waiting=True)] == [held]


def test_a_date_set_right_raises_the_revision(log: Database) -> None:
    held = list_changes(log, waiting=True)[0]["id"]
    correct_date(log, held, "Li Na", "effective", date(2026, 9, 1), "from the printed copy")
    with log.session() as session:
        row = session.get_one(ChangeRow, held)
        assert (row.effective, row.decision) == (date(2026, 9, 1), None)
        assert row.updates[-1]["fields"] == ["effective"]
        assert row.revision == row.updates[-1]["revision"]


@pytest.mark.parametrize(
    "act",
    [
        lambda log: approve(log, 999, "Li Na"),
        lambda log: approve(log, 1, "  "),
        lambda log: dismiss(log, 1, "Li Na", ""),
        lambda log: comment(log, 1, "Li Na", " "),
        lambda log: correct_date(log, 1, "Li Na", "kind", None),
        lambda log: history_of(log, "no rule"),
    ],
)
def test_what_cannot_be_done_is_said(log: Database, act: object) -> None:
    with pytest.raises(BadInput):
        act(log)  # type: ignore[operator]


def test_the_register_shows_what_is_in_force_and_on_which_evidence(log: Database) -> None:
    before = {entry["family"]: entry for entry in register_at(log, date(2026, 5, 31))}
    after = {entry["family"] for entry in register_at(log, date(2026, 6, 1))}
    assert before["CCAP-SB-3721"]["edition"] == "CCAP-SB-3721:2018A"
    assert len(before["CCAP-SB-3721"]["capture_sha256"]) == 64
    assert before["CCAP-GZ-1101"]["source_url"].startswith("http://")
    assert "CCAP-SB-3721" not in after


def test_a_rules_history_has_editions_notices_and_changes(log: Database) -> None:
    line = history_of(log, "CCAP-GZ-1101:2021")
    assert [entry["type"] for entry in line] == ["edition", "in_force", "notice", "change"]
    assert [entry["on"] for entry in line] == ["2021-06-01", "2021-09-01", "2026-02-02", "2026-03-02"]
    assert "若干问题解释" in line[2]["what"]
    end = [entry for entry in history_of(log, "CCAP-SB-3721") if entry["type"] == "end"]
    assert end[0]["on"] == "2026-06-01"
