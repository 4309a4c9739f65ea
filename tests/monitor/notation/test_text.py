"""Characters that look alike are one for comparison and search, and stay as they were printed."""

import pytest

from monitor.notation.text import fold, normalise


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("⻋⻔⻅⺠", "车门见民"), ("⾃⾏⽉⽇", "自行月日"), ("⻓⻛⻢", "长风马"), ("豈更", "豈更"), ("ＧＢ／Ｔ", "GB/T")],
)
def test_look_alikes_are_the_characters_that_they_are_in_print(printed: str, meant: str) -> None:
    assert fold(printed) == meant
    assert normalise(printed) == normalise(meant)


def test_folding_keeps_the_length_so_that_quotes_are_as_printed() -> None:
    printed = "2026年⽉⻋①㎡½"
    assert len(fold(printed)) == len(printed)
