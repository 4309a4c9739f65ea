"""The drawn files hold what is told about them, as read by libraries that are none of the product's readers."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.documents.drawn import office
from tests.documents.drawn.drawing import draw, draw_all
from tests.documents.drawn.plain import plain_text, squeezed
from tests.documents.drawn.values import FORMATS, Drawn

SEEDS = range(4)
BY_OFFICE = {"doc", "office-pdf"}
DRAWN = [
    pytest.param(
        format, marks=pytest.mark.skipif(format in BY_OFFICE and not office.available(), reason="no LibreOffice")
    )
    for format in FORMATS
]


def missing(drawn: Drawn) -> Counter[str]:
    """Characters that are told of a file and that the library does not find in it; a number by Word is in no text."""
    by_word = {clause.path for clause in drawn.clauses} if drawn.name.endswith(("docx", "doc")) else set()
    told = Counter("".join(squeezed(line) for line in drawn.text if line not in by_word))
    return told - Counter(plain_text(drawn.bytes, drawn.name))


@pytest.mark.parametrize("format", DRAWN)
def test_every_character_told_is_in_the_file(format: str) -> None:
    for drawn in draw_all((seed, format, None) for seed in SEEDS):
        assert not missing(drawn), drawn.name


def test_a_character_left_out_is_noticed() -> None:
    drawn = draw(1, "pdf")
    assert missing(replace(drawn, text=(*drawn.text, "龘"))) == Counter("龘")


@pytest.mark.parametrize("format", DRAWN)
def test_furniture_and_contents_are_in_the_file(format: str) -> None:
    for drawn in draw_all((seed, format, None) for seed in SEEDS):
        if format == "xlsx":
            continue
        there = Counter(plain_text(drawn.bytes, drawn.name))
        told = Counter(sign for line in drawn.contents for sign in squeezed(line) if sign.isalnum())
        assert not told - there, drawn.name
        assert not {sign for line in drawn.furniture for sign in squeezed(line)} - set(there), drawn.name


@pytest.mark.parametrize("format", DRAWN)
def test_one_digit_is_all_that_a_change_changes(format: str) -> None:
    wishes = [(seed, format, change) for seed in SEEDS for change in (None, (17 * seed + 3, seed))]
    drawn = draw_all(wishes)
    for old, new in zip(drawn[::2], drawn[1::2], strict=True):
        assert new.change is not None
        assert new.change.before in "\n".join((*old.text, *("".join(old.text),)))
        before, after = (Counter(plain_text(one.bytes, one.name)) for one in (old, new))
        assert before - after == Counter(new.change.was), (new.name, new.change)
        assert after - before == Counter(new.change.now), (new.name, new.change)


@pytest.mark.parametrize("format", [format for format in FORMATS if format not in BY_OFFICE])
def test_a_seed_gives_the_same_text_each_time(format: str) -> None:
    first, again = draw(5, format), draw(5, format)
    assert replace(first, bytes=b"") == replace(again, bytes=b"")
    assert plain_text(first.bytes, first.name) == plain_text(again.bytes, again.name)


def test_the_kinds_of_content_all_occur() -> None:
    features = {feature for seed in range(40) for feature in draw(seed, "html").features}
    assert features >= {
        "fees",
        "table",
        "list",
        "note",
        "field",
        "box",
        "footnote",
        "annex",
        "two columns",
        "watermark",
    }
    assert features >= {f"cover {name}" for name in ("spaced", "lines", "bilingual", "edition", "revisions", "plain")}
