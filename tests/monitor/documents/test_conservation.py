"""Nothing of a file is lost: what a second look finds in it stands in the document, or was set aside by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.documents.document import Document, Part, PartRole, SetAside
from monitor.documents.reader import read_document, read_page
from monitor.documents.structure.conservation import difference, gathered
from monitor.documents.structure.lines import Held
from monitor.documents.word.doc import office_program
from tests.documents.drawn import office
from tests.documents.drawn.drawing import draw_all
from tests.documents.drawn.values import FORMATS

TESTS = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in (TESTS / "documents", TESTS / "replica" / "files")
    for path in folder.rglob("*.*")
    if path.suffix in (".pdf", ".docx", ".doc", ".xlsx", ".xls", ".zip", ".txt", ".md", ".html")
)
PAGES = sorted((TESTS / "pages").rglob("*.html"))
BY_OFFICE = ("doc", "office-pdf")
DRAWN = [name for name in FORMATS if office.available() or name not in BY_OFFICE]
PART = Part(PartRole.CLAUSE, "1", "范围", "本规则适用于车门锁。")
HELD = (Held("page 1", "1 范围\n本规则适用于车门锁。"), Held("page 2", "样品数量为5件。"))


def uncounted(document: Document) -> list[str]:
    """The doubts that say that characters were lost, or read twice."""
    return [
        f"{one.name}: {doubt.about}: {doubt.why}"
        for one in (document, *document.members)
        for doubt in one.doubts
        if "characters were not read" in doubt.why or "characters more" in doubt.why or "were read" in doubt.why
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_character_of_a_file_is_lost(path: Path) -> None:
    if path.suffix == ".doc" and office_program() is None and path.stem == "auto":
        pytest.skip("no LibreOffice")
    document = read_document(path.read_bytes(), path.name)
    assert not uncounted(document)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_character_of_a_page_is_lost(path: Path) -> None:
    document = read_page(path.read_bytes(), "http://localhost/1.html", "general")
    assert not uncounted(document)


@pytest.mark.parametrize("format", DRAWN)
def test_no_character_of_a_drawn_file_is_lost(format: str) -> None:
    for drawn in draw_all((seed, format, None) for seed in range(4000, 4004)):
        assert not uncounted(read_document(drawn.bytes, drawn.name)), drawn.name


@pytest.mark.slow
@pytest.mark.parametrize("format", DRAWN)
def test_no_character_of_many_drawn_files_is_lost(format: str) -> None:
    for drawn in draw_all((seed, format, None) for seed in range(4004, 4004 + 500 // len(DRAWN))):
        assert not uncounted(read_document(drawn.bytes, drawn.name)), drawn.name


def test_what_is_missing_is_a_doubt_with_its_place() -> None:
    (doubt,) = difference(HELD, "", [PART], ())
    assert (doubt.about, doubt.why) == ("page 2", "8 characters were not read: “样品数量为5件。”")


def test_what_was_set_aside_or_made_counts() -> None:
    aside = SetAside("running foot", "page 2", "it repeats", "样品数量为5件。")
    assert not difference(HELD, "", [PART], [aside])
    assert not difference(HELD, "3.2", [replace(PART, path="3.21")], [aside])
    assert not difference((*HELD, HELD[1]), "", [PART], gathered([aside, aside]))


def test_what_was_read_twice_is_a_doubt() -> None:
    (doubt,) = difference(HELD[:1], "", [PART, PART], ())
    assert "characters more were read" in doubt.why
