"""Numbers in either writing, and what they count."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notation.numerals import find_quantities, read_number


@given(st.integers(1, 9999))
def test_positional_numerals_are_read(number: int) -> None:
    assert read_number(cn2an.an2cn(number)) == number


@given(st.integers(1000, 9999))
def test_digit_by_digit_numerals_are_read(number: int) -> None:
    printed = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    assert read_number(printed) == number
    assert read_number(printed.replace("〇", "零")) == number
    assert read_number(printed.replace("〇", "○")) == number


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("１２", 12),
        ("十", 10),
        ("廿三", 23),
        ("两", 2),
        ("三十", 30),
        ("一百零五", 105),
        ("百分", None),
        ("", None),
        ("第三", None),
    ],
)
def test_other_writings(printed: str, number: int | None) -> None:
    assert read_number(printed) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("样品3件", [("3", "件")]),
        ("送样三台，试验30个工作日", [("3", "台"), ("30", "个工作日")]),
        ("限值不大于0.5 MPa", [("0.5", "MPa")]),
        ("CQC16-474031-2022", []),
        ("第三次修订", []),
    ],
)
def test_quantities_keep_number_and_unit_together(text: str, found: list[tuple[str, str]]) -> None:
    assert [(q.number, q.unit) for q in find_quantities(text)] == [(Decimal(n), unit) for n, unit in found]


@given(st.text())
def test_no_text_stops_the_search(text: str) -> None:
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end]
