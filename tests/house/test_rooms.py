"""A folder is a room that a newcomer can hold in mind: few files, each of which says in one line what it is."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
MOST_FILES = 16


def folders() -> list[Path]:
    """Every folder of the product that holds Python files; migrations are a history, not a room."""
    found = {path.parent for room in ("crawler", "monitor", "storage") for path in PROJECT.glob(f"{room}/**/*.py")}
    return sorted(folder for folder in found if "migrations" not in folder.parts)


def crowded(folder: Path) -> bool:
    """Whether a folder holds more Python files than a newcomer can hold in mind."""
    return len(list(folder.glob("*.py"))) > MOST_FILES


@pytest.mark.parametrize("folder", folders(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_folder_holds_few_files(folder: Path) -> None:
    assert not crowded(folder)


def test_seventeenth_file_is_one_too_many(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"verb_{number}.py").touch()
    assert crowded(tmp_path)


@pytest.mark.parametrize("folder", folders(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_file_says_in_its_first_line_what_it_is(folder: Path) -> None:
    for path in sorted(folder.glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert said.split("\n")[0].strip(), f"{path.name} says nothing"
