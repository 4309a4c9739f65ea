"""What others script against: each JSON document fits its schema in docs/schemas, and exit status says how it went."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.replica.server import Replica
from tests.road.conftest import Walked
from tests.road.road import PROJECT, Road, day_of

SCHEMAS = PROJECT / "docs" / "schemas"


def check(name: str, document: Any) -> None:
    """Hold a document against its schema."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)


def test_run_fits_its_schema_on_every_day(walked: Walked) -> None:
    assert walked.reports
    for report in walked.reports.values():
        check("run", report)


@pytest.mark.parametrize("command", ["changes", "matches", "digests"])
def test_log_and_registers_fit_their_schemas(walked: Walked, command: str) -> None:
    document = walked.road.json(command)
    assert document
    check(command, document)


def test_what_is_held_is_in_no_message_yet(walked: Walked) -> None:
    held = [row for row in walked.road.json("digests") if row["status"] == "held"]
    assert held
    assert all(row["id"] is None and row["message_id"] is None and row["reply"] for row in held)


def test_probe_fits_its_schema_and_names_every_section(walked: Walked) -> None:
    document = walked.road.json("probe")
    check("probe", document)
    visited = {(row["authority"], row["section"]) for row in walked.reports[1]["sections"]}
    assert {(row["authority"], row["section"]) for row in document["sections"]} == visited
    assert any(row["rows"] and row["sample"] for row in document["sections"] if row["status"] == "ok")


def test_register_and_history_answer(walked: Walked) -> None:
    register = walked.road.json("register", "--on", day_of(2))
    assert register
    history = walked.road.json("history", register[0]["family"])
    assert history


def test_show_fits_its_schema_for_a_file_and_for_a_capture(walked: Walked, tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text("关于换版的通知\n一、自2026年7月1日起实施。\n", encoding="utf-8")
    check("show", walked.road.json("show", str(notice)))
    check("show", walked.road.json("show", walked.logs[2][0]["source_url"]))


def test_facts_fits_its_schema(walked: Walked, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("本规则自2026年7月1日起实施，代替CCAP-SB-5830-2003。", encoding="utf-8")
    document = walked.road.json("facts", str(text), "--published", "2026-03-01")
    check("facts", document)
    assert {fact["type"] for fact in document["facts"]} == {"effective", "supersedes"}


def test_compare_fits_its_schema(walked: Walked, tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("1 范围\n样品应为3件。\n", encoding="utf-8")
    new.write_text("1 范围\n样品应为5件。\n", encoding="utf-8")
    document = walked.road.json("compare", str(old), str(new), "--all")
    check("compare", document)
    assert document["substantive"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--today", "tomorrow"), "is not a date"),
        (("run", "--authority", "nobody"), "nobody"),
        (("show", "no-such-file.pdf"), "no-such-file.pdf"),
        (("compare", "a.txt", "b.txt"), "a.txt"),
        (("certificates", "import", "none.csv"), "none.csv"),
        (("changes", "merge", "1", "--into", "2", "--by", "Li Na"), "there is no change 1"),
        (("contacts", "pause", "nobody@supplier.example"), "nobody@supplier.example"),
    ],
)
def test_wrong_use_ends_with_two_and_says_why(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    with Replica(day=1) as replica:
        process = Road(tmp_path / "home", replica).start(*arguments)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert words in errors
    assert "Traceback" not in errors


def test_unknown_setting_ends_with_two_and_names_it(tmp_path: Path) -> None:
    with Replica(day=1) as replica:
        road = Road(tmp_path / "home", replica)
        road.config.write_text("[crawl]\ndelay_secs = 3\n", encoding="utf-8")
        process = road.start("changes")
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "crawl.delay_secs" in errors
