"""A section that only the general reader fits is degraded until a person confirms it, once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from monitor.errors import BadInput
from monitor.incidents.commands import confirm, known_sections, sentence
from tests.monitor.changes.watched import FIRST, Watched
from tests.servers.web import Site


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The small authority on its first day, before anything was visited."""
    with Site() as site:
        yield Watched(tmp_path, site)


def test_confirmed_section_is_trusted_and_delivers(watched: Watched) -> None:
    assert watched.day(1, family="aspnet").status == "degraded"
    with watched.watch.database.session() as session:
        with pytest.raises(BadInput, match="known are made/rules"):
            confirm(session, "made/news", FIRST)
        assert confirm(session, "made/rules", FIRST) == "general"
        session.commit()
    assert watched.day(2, family="aspnet").status == "ok"
    watched.publish("471263", "电动自行车充电器", 2026, date(2026, 3, 4))
    watched.day(3, family="aspnet")
    assert watched.log() == [("new_edition", "CQC11-471263", "CQC11-471263-2026")]
    with watched.watch.database.session() as session:
        (row,) = known_sections(session)
    assert row["is_confirmed"]
    assert sentence(row) == "made/rules: ok, 9 rows, read as general; confirmed on 2026-03-02"
