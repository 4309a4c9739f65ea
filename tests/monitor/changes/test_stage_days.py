"""The labelled days of tests/corpus/days.yaml: no missed change, no false one, kinds and dates all right."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from storage.engine.database import Database
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


@pytest.fixture(scope="module")
def baseline(empty: Path) -> tuple[Path, Days]:
    """A database file with the baseline of both sites, and the sites."""
    path = empty.with_name("baseline.db")
    shutil.copy(empty, path)
    database = Database(f"sqlite:///{path}")
    played = Days(database, FIRST)
    played.stand(corpus()["world"])
    played.crawl()
    database.close()
    return path, played


@pytest.fixture
def open_database(tmp_path: Path) -> Iterator[Callable[[Path], Database]]:
    """Open copies of a database file, and close them after the test."""
    opened: list[Database] = []

    def open_copy(path: Path) -> Database:
        shutil.copy(path, tmp_path / "days.db")
        opened.append(Database(f"sqlite:///{tmp_path / 'days.db'}"))
        return opened[-1]

    yield open_copy
    for database in opened:
        database.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_labelled_days_give_the_labelled_log(
    case: dict[str, Any], empty: Path, baseline: tuple[Path, Days], open_database: Callable[[Path], Database]
) -> None:
    if "before" in case:
        days = Days(open_database(empty), FIRST)
        days.stand(corpus()["world"])
        for event in case["before"]:
            days.play(event)
        days.crawl()
    else:
        days = baseline[1].on(open_database(baseline[0]))
    assert days.log() == [], "the baseline reports nothing"
    for events in case["days"]:
        days.day(events)
    labels = [labelled(label) for label in case.get("log") or []]
    found = [described(row, labels[n] if n < len(labels) else {}, FIRST) for n, row in enumerate(days.log())]
    assert found == labels


def test_the_corpus_covers_what_it_must() -> None:
    assert len(CASES) >= 60
    assert len({case["case"] for case in CASES}) == len(CASES)
