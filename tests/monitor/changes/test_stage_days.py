"""The labelled days of tests/corpus/days.yaml: no missed change, no false one, kinds and dates all right."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from storage.database import Database
from tests.monitor.changes.days import Days, corpus, described, labelled

CASES = corpus()["cases"]
FIRST = date(2026, 3, 1)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema and nothing in it."""
    path = tmp_path_factory.mktemp("days") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    return path


@pytest.fixture
def days(empty: Path, tmp_path: Path) -> Iterator[Days]:
    """Two sites on the evening of their baseline."""
    shutil.copy(empty, tmp_path / "days.db")
    database = Database(f"sqlite:///{tmp_path / 'days.db'}")
    played = Days(database, FIRST)
    played.stand(corpus()["world"])
    yield played
    database.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_labelled_days_give_the_labelled_log(case: dict, days: Days) -> None:
    for event in case.get("before", []):
        getattr(days, next(iter(event)))(event)
    days.crawl()
    assert days.log() == [], "the baseline reports nothing"
    for events in case["days"]:
        days.day(events)
    labels = [labelled(label) for label in case.get("log") or []]
    found = [described(row, labels[n] if n < len(labels) else {}, FIRST) for n, row in enumerate(days.log())]
    assert found == labels


def test_the_corpus_covers_what_it_must() -> None:
    assert len(CASES) >= 60
    assert len({case["case"] for case in CASES}) == len(CASES)
