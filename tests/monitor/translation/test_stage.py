"""SUMMARISE on a real database and a real server: once, again, killed, corrected, edited."""

from dataclasses import replace
from datetime import date

import pytest

from monitor.changes.change import EvidenceRole
from monitor.errors import BadInput
from monitor.translation.commands import correct_translation, edit_summary
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.settings import TranslationSettings
from monitor.translation.machine.translate import Translator
from monitor.translation.stage import change_from_row, summarise_changes
from monitor.translation.summary import Summary
from storage.changes import ChangeRow, ReviewRow
from storage.engine.database import Database
from storage.translation import SegmentRow, summary_of
from tests.monitor.translation.cases import CASES, NEW_CLAUSE, NEW_EDITION
from tests.monitor.translation.rows import keep_change
from tests.servers import translation as servers

WAITING = "动态试验应在签约实验室进行，座椅安装方式应与实车一致。"
NOTHING = {"summaries": 0, "completed": 0, "awaiting": 0, "refused": 0}


def libre(server: servers.Faithful) -> Translator:
    settings = {"provider": "libre", "libre_url": server.url, "retry_pause_seconds": 0, "attempts": 1}
    return make_translator(TranslationSettings.model_validate(settings))


def summary(database: Database, change_id: int) -> Summary:
    with database.session() as session:
        row = summary_of(session, change_id)
        assert row is not None
        return Summary.from_json(row.content)


def test_a_change_is_said_once_from_facts_without_any_service(database: Database, today: date) -> None:
    change_id = keep_change(database, NEW_EDITION)
    assert summarise_changes(database, Translator(None), today)["summaries"] == 1
    said = summary(database, change_id)
    assert said.statements[0].text.startswith("CCAP has issued a new edition of the implementation rule for child")
    assert said.awaiting == (WAITING,)
    deadline = next(statement for statement in said.statements if statement.name == "deadline")
    assert deadline.quotes == ("应于2027年6月30日前完成换证",)
    assert "Page 4 of a scan was read by OCR." in said.plain_text()
    assert summarise_changes(database, Translator(None), today) == {**NOTHING, "awaiting": 1}
    assert summary(database, change_id) == said


@pytest.mark.parametrize("name", CASES)
def test_a_row_gives_the_change_back(sqlite_database: Database, name: str) -> None:
    change_id = keep_change(sqlite_database, CASES[name])
    with sqlite_database.session() as session:
        expected = replace(CASES[name], roles=(EvidenceRole.NOTICE,))
        assert change_from_row(session.get_one(ChangeRow, change_id)) == expected


def test_what_awaited_is_completed_when_a_service_comes_back(database: Database, today: date) -> None:
    change_id = keep_change(database, NEW_EDITION)
    summarise_changes(database, Translator(None), today)
    with servers.Faithful() as server:
        assert summarise_changes(database, libre(server), today) == {**NOTHING, "completed": 1}
        said = summary(database, change_id)
        assert said.awaiting == ()
        assert (said.clauses[1].new_en or "").startswith("Carrying out the tests\nIt says the")
        assert "translated by machine (libre)" in said.plain_text()
        assert summarise_changes(database, libre(server), today) == NOTHING
        assert server.asked == [WAITING]


def test_numbers_that_a_server_altered_are_never_shown(sqlite_database: Database, today: date) -> None:
    text = "动态试验应在30个工作日内完成，加速度不超过50g。"
    change_id = keep_change(sqlite_database, replace(NEW_EDITION, clauses=(NEW_CLAUSE._replace(new=text),)))
    with servers.AltersNumbers() as server:
        assert summarise_changes(sqlite_database, libre(server), today)["refused"] == 1
        assert server.asked == [text]
    said = summary(sqlite_database, change_id)
    assert said.clauses[0].new_en is None
    assert f"After (Chinese, awaiting translation): {text}" in said.plain_text()
    assert "31 working days" not in said.plain_text()
    assert segments(sqlite_database) == []


class KilledAfter(BaseException):
    """Stands for the death of the process; nothing of the product catches it."""


def test_a_kill_between_segments_keeps_what_was_translated(sqlite_database: Database, today: date) -> None:
    for name in ("new_edition", "new_edition_of_unknown_product", "notice"):
        keep_change(sqlite_database, CASES[name])
    with servers.Faithful() as server:
        dying = libre(server)
        (service,) = dying.services
        ask, asked = service.translate, iter(range(3))

        def translate(text: str, *given: object) -> str:
            if next(asked) == 2:
                raise KilledAfter
            return ask(text)

        service.translate = translate  # type: ignore[method-assign]
        with pytest.raises(KilledAfter):
            summarise_changes(sqlite_database, dying, today)
        assert len(segments(sqlite_database)) == 2
        again = summarise_changes(sqlite_database, libre(server), today)
        assert again["awaiting"] == 0
        assert len(server.asked) == len(set(server.asked)) == 3


def test_a_new_revision_of_a_change_gets_its_own_summary(sqlite_database: Database, today: date) -> None:
    change_id = keep_change(sqlite_database, NEW_EDITION)
    summarise_changes(sqlite_database, Translator(None), today)
    with sqlite_database.session() as session:
        row = session.get_one(ChangeRow, change_id)
        row.revision, row.deadline, row.facts = 2, date(2027, 9, 30), []
        session.commit()
    assert summarise_changes(sqlite_database, Translator(None), today)["summaries"] == 1
    assert "30 September 2027" in summary(sqlite_database, change_id).plain_text()


def test_a_persons_translation_wins_for_ever(database: Database, today: date) -> None:
    change_id = keep_change(database, NEW_EDITION)
    with servers.Faithful() as server:
        summarise_changes(database, libre(server), today)
        correct_translation(database, WAITING, "The dynamic test is done with the seat fixed as in the car.", "Li")
        correct_translation(database, WAITING, "The dynamic test is run with the seat fitted as in the car.", "Wang")
        assert summarise_changes(database, libre(server), today)["completed"] == 1
        assert summarise_changes(database, libre(server), today) == NOTHING
    text = summary(database, change_id).clauses[1].new_en
    assert text == "Carrying out the tests\nThe dynamic test is run with the seat fitted as in the car."
    assert [row.made_by for row in segments(database) if row.provider == "person"] == ["Wang"]


def test_an_edited_summary_is_never_made_anew(database: Database, today: date) -> None:
    change_id = keep_change(database, NEW_EDITION)
    summarise_changes(database, Translator(None), today)
    edit_summary(database, change_id, "Li", "CCAP has a new edition. Call us.\n")
    with servers.Faithful() as server:
        correct_translation(database, WAITING, "Corrected.", "Li")
        assert summarise_changes(database, libre(server), today) == NOTHING
    assert summary(database, change_id).plain_text() == "CCAP has a new edition. Call us."
    with database.session() as session:
        review = session.query(ReviewRow).one()
        assert (review.by, review.decision, review.comment) == ("Li", "edited", "CCAP has a new edition. Call us.")


def test_an_edit_without_words_name_or_summary_is_refused(sqlite_database: Database, today: date) -> None:
    change_id = keep_change(sqlite_database, NEW_EDITION)
    with pytest.raises(BadInput, match="no summary yet"):
        edit_summary(sqlite_database, change_id, "Li", "x")
    summarise_changes(sqlite_database, Translator(None), today)
    for by, text in (("", "x"), ("Li", "  ")):
        with pytest.raises(BadInput):
            edit_summary(sqlite_database, change_id, by, text)
        with pytest.raises(BadInput):
            correct_translation(sqlite_database, "样品", text, by)


def test_the_budget_counts_what_was_translated_the_same_day(sqlite_database: Database, today: date) -> None:
    keep_change(sqlite_database, NEW_EDITION)
    with servers.Faithful() as server:
        summarise_changes(sqlite_database, libre(server), today)
        keep_change(sqlite_database, CASES["notice"])
        settings = {"provider": "libre", "libre_url": server.url, "daily_characters": len(WAITING) + 5}
        spent = make_translator(TranslationSettings.model_validate(settings))
        assert summarise_changes(sqlite_database, spent, today)["awaiting"] == 1
        assert summarise_changes(sqlite_database, spent, date(2026, 3, 3))["awaiting"] == 0


def segments(database: Database) -> list[SegmentRow]:
    with database.session() as session:
        return list(session.query(SegmentRow).order_by(SegmentRow.id))
