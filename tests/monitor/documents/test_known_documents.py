"""Documents whose text is known read as known, in every format (tests/documents)."""

import re
from pathlib import Path

import pytest

from monitor.documents.document import Document
from monitor.documents.reader import assembled, read_document
from monitor.documents.word.doc import office_program
from monitor.documents.word.word97 import read_word97
from tests.documents.known import printed

HERE = Path(__file__).parents[2] / "documents"
FILES = sorted(path for ending in ("docx", "doc", "pdf") for path in HERE.glob(f"*/*.{ending}"))
SETS = {
    "rule": ("产品认证实施规则 机动车辆及其挂车用安全带总成", "CCAP-GZ-5830:2021", "2021-03-01", "2021-07-01"),
    "notice": ("关于实施GB 27887-2024《机动车儿童乘员用约束系统》认证有关要求的通知", None, "2026-03-02", "None"),
    "standard": (
        "产品认证实施规则 电动自行车用充电器安全与性能认证规则",
        "CQC11-464213-2021",
        "2021-10-12",
        "2021-11-01",
    ),
}


def lines(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


def known(path: Path) -> list[str]:
    return lines((path.parent / "known.md").read_text(encoding="utf-8"))


def is_automatic(path: Path) -> bool:
    """Numbers that Word makes by itself need LibreOffice in the binary format."""
    return path.suffix == ".doc" and path.stem == "auto" and office_program() is None


READABLE = [path for path in FILES if path.parent.name in SETS and not is_automatic(path)]


@pytest.mark.parametrize("path", READABLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_known_text_is_read_to_the_letter(path: Path) -> None:
    document = read_document(path.read_bytes(), path.name)
    assert lines(printed(document.parts)) == known(path)
    assert document.confidence > 0.95 or office_program() is None


@pytest.mark.parametrize("path", READABLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_document_says_of_itself(path: Path) -> None:
    document = read_document(path.read_bytes(), path.name)
    title, code, published, effective = SETS[path.parent.name]
    assert (document.title, document.code) == (title, code)
    assert (str(document.published), str(document.effective)) == (published, effective)


@pytest.mark.parametrize("path", [p for p in READABLE if p.suffix == ".doc" and p.stem != "auto"], ids=str)
def test_a_word_file_reads_the_same_without_libreoffice(path: Path) -> None:
    assert lines(printed(assembled(read_word97(path.read_bytes())).parts)) == known(path)


def test_a_document_survives_its_json() -> None:
    document = read_document((HERE / "rule" / "typed.docx").read_bytes(), "rule.docx")
    assert Document.from_json(document.to_json()) == document
