"""The map leads somewhere: every file and folder that docs/architecture.md names is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TEXT = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
PLACES = sorted(set(re.findall(r"`((?:crawler|monitor|storage|tests)/[\w/.]*)`", TEXT)))


@pytest.mark.parametrize("place", PLACES)
def test_place_on_the_map_is_there(place: str) -> None:
    assert (PROJECT / place).exists()


def test_every_room_is_on_the_map() -> None:
    rooms = {f"monitor/{path.parent.name}" for path in (PROJECT / "monitor").glob("*/__init__.py")}
    drawn = (PROJECT / "docs" / "pictures" / "architecture.svg").read_text(encoding="utf-8")
    assert sorted(room for room in rooms if room.removeprefix("monitor/") not in drawn) == []
