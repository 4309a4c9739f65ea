"""Small documents, each made for one way in which text was lost or taken for what it is not."""

from pathlib import Path

import pytest

from tests.documents.drawn import office, product
from tests.documents.drawn.case import judged
from tests.documents.drawn.cases import CASES

NOT_YET = {
    "ragged_without_grid": "a table without rules between its columns is read as text",
    "wrapped_without_grid": "a table without rules between its columns is read as text",
}


def cases() -> list[object]:
    marks = {name: pytest.mark.xfail(reason=why, strict=True) for name, why in NOT_YET.items()}
    marks["fees_on_scan"] = pytest.mark.slow
    return [pytest.param(name, marks=marks.get(name, ())) for name in sorted(CASES)]


@pytest.mark.parametrize("name", cases())
def test_a_small_document_is_read_as_it_was_made(name: str, tmp_path: Path) -> None:
    try:
        case = CASES[name]()
    except office.NoOffice as missing:
        pytest.skip(str(missing))
    assert not judged(case, tmp_path / name, product.read, product.compare)
