"""Two records of one event that a consultant makes one: nobody hears twice, and later evidence goes to the one."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.changes.commands import approve, dismiss, list_changes, merge_candidates, merge_changes, unmerge_changes
from monitor.errors import BadInput
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.settings import TranslationSettings
from monitor.translation.stage import summarise_changes
from storage.changes import ChangeRow, ReviewRow, standing
from storage.engine.database import Database
from tests.monitor.changes.days import Days, corpus
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change
from tests.monitor.digests.test_stage import SEAT, TODAY, cycle, mailer_for
from tests.servers.smtp import TakesEverything

UNDATED = {**NEW_EDITION, "deadline": None}
NOTICE = {
    **NEW_EDITION,
    "kind": "notice",
    "event_key": "http://www.ccap.org.cn/NewsDetail.aspx?id=3300",
    "new_edition": None,
    "deadline": date(2027, 3, 31),
    "source_url": "http://www.ccap.org.cn/NewsDetail.aspx?id=3300",
}
DOUBT = {"reasons": ["conflicting_dates"], "needs_review": True}


def summarise(database: Database) -> None:
    """Make the summaries of revisions that have none."""
    summarise_changes(database, make_translator(TranslationSettings(provider="none")), TODAY)


def test_who_was_told_hears_what_the_merged_change_adds_once(database: Database, tmp_path: Path) -> None:
    add_certificates(database, tmp_path, [SEAT])
    told = add_change(database, UNDATED)
    with TakesEverything() as server:
        cycle(database, mailer_for(server))
        other = add_change(database, {**NOTICE, **DOUBT})
        cycle(database, mailer_for(server))
        merge_changes(database, other, told, "Li Na")
        summarise(database)
        assert cycle(database, mailer_for(server))["sent"] == 0
        approve(database, told, "Li Na")
        for days in range(3):
            cycle(database, mailer_for(server), TODAY + timedelta(days=days))
    assert len(server.messages) == 2
    body = server.messages[1].get_body(("plain",))
    assert body is not None
    assert "- Deadline: none was known → 31 March 2027." in body.get_content()


def test_both_keep_who_merged_them_and_the_merged_one_is_decided_elsewhere(sqlite_database: Database) -> None:
    one, other = add_change(sqlite_database, UNDATED), add_change(sqlite_database, NOTICE)
    merge_changes(sqlite_database, other, one, " Li Na ")
    with sqlite_database.session() as session:
        reviews = [(r.change_id, r.by, r.decision, r.comment) for r in session.query(ReviewRow).order_by(ReviewRow.id)]
        assert reviews == [
            (other, "Li Na", "merged", f"into change {one}"),
            (one, "Li Na", "merged", f"with change {other}"),
        ]
        gone, kept = session.get_one(ChangeRow, other), session.get_one(ChangeRow, one)
        assert standing(session, gone) is kept
        assert (gone.decision, kept.deadline, kept.kind) == ("dismissed", date(2027, 3, 31), "new_edition")
        assert len(kept.evidence) == 2
    with pytest.raises(BadInput, match=f"merged into change {one}"):
        approve(sqlite_database, other, "Wang")


def test_what_was_told_is_not_merged_away(sqlite_database: Database, tmp_path: Path) -> None:
    add_certificates(sqlite_database, tmp_path, [SEAT])
    told = add_change(sqlite_database, NEW_EDITION)
    with TakesEverything() as server:
        cycle(sqlite_database, mailer_for(server))
    other = add_change(sqlite_database, {**NOTICE, **DOUBT})
    with pytest.raises(BadInput, match="merge the other one into it"):
        merge_changes(sqlite_database, told, other, "Li Na")
    for change_id, into, by in ((told, told, "x"), (99, told, "x"), (other, 99, "x"), (other, told, " ")):
        with pytest.raises(BadInput):
            merge_changes(sqlite_database, change_id, into, by)


def test_a_live_change_is_not_merged_into_a_dismissed_one(sqlite_database: Database) -> None:
    dismissed, live = add_change(sqlite_database, UNDATED), add_change(sqlite_database, NOTICE)
    dismiss(sqlite_database, dismissed, "Li Na", "concerns nobody")
    with pytest.raises(BadInput, match=f"change {dismissed} is dismissed: merge it into the other one, or approve it"):
        merge_changes(sqlite_database, live, dismissed, "Li Na")
    assert {row["id"]: row["decision"] for row in list_changes(sqlite_database)} == {dismissed: "dismissed", live: None}
    approve(sqlite_database, dismissed, "Li Na")
    merge_changes(sqlite_database, live, dismissed, "Li Na")
    with sqlite_database.session() as session:
        assert session.get_one(ChangeRow, live).merged_into == dismissed
        assert session.get_one(ChangeRow, dismissed).decision != "dismissed"


def test_a_dismissed_change_is_merged_into_a_live_one(sqlite_database: Database) -> None:
    dismissed, live = add_change(sqlite_database, UNDATED), add_change(sqlite_database, NOTICE)
    dismiss(sqlite_database, dismissed, "Li Na", "concerns nobody")
    merge_changes(sqlite_database, dismissed, live, "Li Na")
    with sqlite_database.session() as session:
        assert session.get_one(ChangeRow, live).decision is None


def test_later_evidence_of_the_merged_change_goes_to_the_other(sqlite_database: Database) -> None:
    days = Days(sqlite_database, date(2026, 3, 1))
    days.stand(corpus()["world"])
    days.crawl()
    body = "自2026年6月1日起废止CCAP-SB-3721:2018A。"
    notice = {"notice": "关于废止CCAP-SB-3721:2018A的公告", "body": body}
    days.day([notice, {"exchange": "tank", "replace": {"2人日": "3人日"}}])
    withdrawal, revision = sorted(list_changes(sqlite_database), key=lambda change: change["kind"] == "revision")
    merge_changes(sqlite_database, withdrawal["id"], revision["id"], "Li Na", sure=True)
    days.day([{"notice": "关于终止CCAP-SB-3721:2018A的补充通知", "body": f"{body}持证人应于2026年5月15日前申请注销。"}])
    kept, gone = sorted(list_changes(sqlite_database), key=lambda change: change["decision"] == "dismissed")
    assert (kept["id"], gone["id"]) == (revision["id"], withdrawal["id"])
    assert (kept["deadline"], gone["deadline"]) == ("2026-05-15", None)
    assert len(kept["captures"]) == len(revision["captures"]) + 2


def test_a_merger_can_be_taken_back(database: Database) -> None:
    one, other = add_change(database, UNDATED), add_change(database, NOTICE)

    def state() -> tuple[object, ...]:
        with database.session() as session:
            rows = [session.get_one(ChangeRow, number) for number in (one, other)]
            return tuple((r.kind, r.deadline, r.decision, r.merged_into, len(r.evidence), r.event_key) for r in rows)

    before = state()
    merge_changes(database, other, one, "Li Na")
    assert state() != before
    unmerge_changes(database, other, "Li Na")
    assert state() == before
    with pytest.raises(BadInput, match="was not merged"):
        unmerge_changes(database, other, "Li Na")


@pytest.mark.parametrize(
    ("values", "why"),
    [({"authority": "cqc", "family": "CQC11-442551"}, "CQC's and"), ({"family": "CCAP-GZ-9999"}, "CCAP-GZ-9999")],
)
def test_changes_of_other_authorities_or_rules_are_one_only_where_somebody_is_sure(
    sqlite_database: Database, values: dict[str, str], why: str
) -> None:
    one, other = add_change(sqlite_database, UNDATED), add_change(sqlite_database, {**NOTICE, **values})
    with pytest.raises(BadInput, match=why):
        merge_changes(sqlite_database, other, one, "Li Na")
    merge_changes(sqlite_database, other, one, "Li Na", sure=True)


def test_candidates_share_authority_and_rule(sqlite_database: Database) -> None:
    one, other = add_change(sqlite_database, UNDATED), add_change(sqlite_database, NOTICE)
    add_change(sqlite_database, {**NOTICE, "family": "CCAP-GZ-9999", "event_key": "x"})
    add_change(sqlite_database, {**NOTICE, "authority": "cqc", "event_key": "y"})
    assert [found["id"] for found in merge_candidates(sqlite_database, other)] == [one]
