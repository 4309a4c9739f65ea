"""Every kind of change in English, compared with files that a person has read (golden/*.txt).

RULEWATCH_REWRITE_GOLDEN=1 writes the files anew; read the difference before keeping it.
"""

import os
from pathlib import Path

import pytest

from monitor.changes.change import ChangeKind
from monitor.translation.english.glossary import load_glossary
from monitor.translation.english.sentences import say_sentence
from monitor.translation.summary import Speech, Summary, summarise
from tests.monitor.translation.cases import BACKGROUND, CASES

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", CASES)
def test_summary_reads_as_golden(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    said = made(name).plain_text() + "\n"
    if os.environ.get("RULEWATCH_REWRITE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_there_is_a_golden_summary_for_every_kind_and_no_other() -> None:
    assert {change.kind for change in CASES.values()} == set(ChangeKind)
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_summary_survives_json(name: str) -> None:
    assert Summary.from_json(made(name).to_json()) == made(name)


def made(name: str) -> Summary:
    """Return the summary of a case without any translation service."""
    glossary = load_glossary()
    awaiting: list[str] = []

    def say(text: str) -> str | None:
        said = [say_sentence(line, glossary) for line in text.splitlines()]
        awaiting.extend(line for line, english in zip(text.splitlines(), said, strict=True) if english is None)
        return None if None in said else "\n".join(line or "" for line in said)

    return summarise(CASES[name], BACKGROUND, glossary, Speech(say, awaiting=awaiting))
