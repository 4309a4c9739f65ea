"""The second reader in the cycle: asked before a notice is judged, once, of what is news; it adds doubt and no fact."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from monitor.changes.stage import detect_changes
from monitor.facts.second.service import SecondReader
from monitor.facts.second.settings import SecondReaderSettings
from storage.changes import ChangeRow
from storage.documents import FactRow, SecondAnswerRow
from storage.engine.database import Database
from storage.trouble.fence import open_units
from tests.monitor.changes.days import Days, corpus
from tests.monitor.changes.site import tomorrow
from tests.servers.chat import Behaviour, Chat, never_answers, reports, says

TITLE = "关于CCAP-GZ-1101:2021《机动车燃油箱自愿性认证实施规则》换版要求的通知"
BODY = "GB 18296-2026代替GB 18296-2019。持证人应于2027年6月30日前完成换证，逾期未完成的，暂停证书。"
FACTS: tuple[dict[str, Any], ...] = (
    {"type": "deadline", "value": "2027-06-30", "quote": "持证人应于2027年6月30日前完成换证"},
    {"type": "action", "value": "changeover", "quote": "持证人应于2027年6月30日前完成换证"},
    {"type": "consequence", "value": "suspension", "quote": "逾期未完成的，暂停证书"},
    {
        "type": "standard_change",
        "value": {"old": "GB 18296-2019", "new": "GB 18296-2026"},
        "quote": "GB 18296-2026代替GB 18296-2019",
    },
)
OTHERWISE = ({**FACTS[0], "value": "2027-06-29"}, *FACTS[1:])


class Watch:
    """Both sites after their baseline, and detection with a second reader on each further day."""

    def __init__(self, database: Database) -> None:
        self.days = Days(database, date(2026, 3, 1))
        self.days.stand(corpus()["world"])
        self.day(None)

    def day(self, second: SecondReader | None) -> dict[str, int]:
        """Crawl and detect, as on the next day."""
        self.days.today = tomorrow(self.days.today)
        for site in self.days.sites.values():
            site.today = self.days.today
            site.crawl(None)
        return detect_changes(self.days.database, self.days.today, second)

    def notice(self, title: str = TITLE, body: str = BODY) -> None:
        """Publish a notice."""
        self.days.today = tomorrow(self.days.today)
        self.days.notice({"notice": title, "body": body})

    def changes(self) -> list[ChangeRow]:
        """The log."""
        with self.days.database.session() as session:
            return list(session.scalars(select(ChangeRow).order_by(ChangeRow.id)))


def reader(server: Chat, **settings: object) -> SecondReader:
    return SecondReader(SecondReaderSettings(url=server.url, deadline_seconds=1, **settings))  # type: ignore[arg-type]


def detect_with(behave: Behaviour, database: Database, **settings: object) -> tuple[Watch, Chat, dict[str, int]]:
    watch = Watch(database)
    watch.notice()
    with Chat(behave) as server:
        tally = watch.day(reader(server, **settings))
    return watch, server, tally


def test_a_second_reader_that_agrees_is_asked_once_and_of_news_alone(database: Database) -> None:
    watch, server, tally = detect_with(reports(*FACTS), database)
    asked = [json.loads(body["messages"][1]["content"])["notice"] for body in server.asked]
    assert len(asked) == tally["second_answers"] == 1
    assert "2027年6月30日前完成换证" in asked[0]
    [change] = watch.changes()
    assert (change.deadline, change.reasons) == (date(2027, 6, 30), [])
    with Chat(reports(*FACTS)) as server:
        watch.day(reader(server))
    assert server.asked == []
    assert len(watch.changes()) == 1


@pytest.mark.parametrize("behave", [reports(*OTHERWISE), reports(*FACTS[1:])], ids=["another day", "no day"])
def test_one_that_reads_otherwise_has_the_change_wait_as_we_read_it(behave: Behaviour, database: Database) -> None:
    watch, _, _ = detect_with(behave, database)
    [change] = watch.changes()
    assert change.deadline == date(2027, 6, 30)
    assert change.reasons != []


@pytest.mark.parametrize("behave", [never_answers, says("no JSON")], ids=["silent", "talking"])
def test_one_that_fails_is_named_and_our_own_reading_stands(behave: Behaviour, database: Database) -> None:
    watch, server, tally = detect_with(behave, database)
    assert tally["set_aside"] == len(server.asked) == 1
    [change] = watch.changes()
    assert (change.deadline, change.reasons) == (date(2027, 6, 30), [])
    with database.session() as session:
        assert [(row.stage, row.unit) for row in open_units(session)] == [("detect", "second reader")]
        assert session.scalars(select(SecondAnswerRow)).all() == []


def test_what_the_budget_does_not_reach_is_counted(database: Database) -> None:
    watch, server, tally = detect_with(reports(*FACTS), database, characters=10)
    assert (server.asked, tally["second_left"]) == ([], 1)
    assert len(watch.changes()) == 1


def test_a_better_reader_of_ours_still_reads_beside_the_same_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, _, _ = detect_with(reports(*OTHERWISE), database)
    for module in ("monitor.changes.stage", "monitor.changes.stage.seen"):
        monkeypatch.setattr(f"{module}.FACTS_VERSION", 9999)
    assert watch.day(None)["facts_read_again"] > 0
    with database.session() as session:
        deadlines = session.scalars(
            select(FactRow).where(FactRow.type == "deadline", FactRow.quote.contains("2027年6月30日"))
        ).all()
    assert {(row.facts_version == 9999, row.sure) for row in deadlines} == {(False, False), (True, False)}
