"""What facts say is said in the reader's language; a catalogue keeps every place of its messages."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from monitor.translation.english import statements
from monitor.translation.english.statements import say_fact
from monitor.translation.language import languages, say, speaking, spell_day
from tests.monitor.translation.write_examples import FOLDER, SHOWN, example

CATALOGUES = sorted((Path(__file__).parents[3] / "monitor/translation/languages").glob("*.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_keeps_every_place_and_says_every_statement(path: Path) -> None:
    with path.open("rb") as file:
        messages = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    for english, other in messages.items():
        assert other, english
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", other)), english
    said = re.findall(
        r'(?<!")"([^"\n]+\.\)?)"(?!")', Path(statements.__file__).read_text(encoding="utf-8").split("_TELLERS")[1]
    )
    assert [message for message in said if message not in messages] == []


def test_a_fact_is_said_in_german_and_english_alike() -> None:
    deadline = {"type": "deadline", "value": "2027-06-30", "deed": "apply"}
    with speaking("de"):
        assert say_fact(deadline) == "Frist für den Antrag: bis 30. Juni 2027."
        assert spell_day(date(2026, 7, 1)) == "1. Juli 2026"
        assert say("no such message {x}", x="{y}") == "no such message {y}"
    assert say_fact(deadline) == "Deadline to apply: by 30 June 2027."
    assert languages()[:2] == ("en", "de")


def test_an_unknown_language_is_english() -> None:
    with speaking("tlh"):
        assert spell_day(date(2026, 7, 1)) == "1 July 2026"


@pytest.mark.parametrize("name", SHOWN)
def test_the_examples_in_the_documentation_are_those_of_today(name: str) -> None:
    assert (FOLDER / f"{name}.md").read_text(encoding="utf-8") == example(name)
