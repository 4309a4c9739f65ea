"""One door to the terminal and one to iCalendar: whatever a stranger writes is shown there, never obeyed."""

import ast
import json
import re
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from monitor.certificates.stage import match_changes
from monitor.cli import main, output
from monitor.cli.listing import HOMES
from monitor.digests.deadlines import calendar_of
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests
from monitor.notation.visible import blank, escaped, visible
from storage.changes import EditionRow
from storage.engine.database import Database
from tests.monitor.digests.examples import NEW_EDITION, add_certificates, add_change, summary_of
from tests.monitor.digests.test_compose import ALERT, SENDER, digest_of
from tests.monitor.digests.test_stage import SEAT, TODAY

PROJECT = Path(__file__).parents[2]
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]")
HOSTILE = "规则\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b1m\u202egpj.exe\u2066\u2028next\x85\x08\x7f\r换版"
LOOKS = (
    "changes", "changes --json", "register", "register --json", "history CCAP-GZ-5830", "history CCAP-GZ-5830 --json",
    "matches", "matches --json", "digests", "digests --json", "contacts list", "contacts list --json", "show FILE",
    "show FILE --json", "facts FILE", "facts FILE --json", "compare FILE OTHER", "compare FILE OTHER --json",
    "compare FILE OTHER --all", "certificates import TABLE", "certificates import TABLE --json", "doctor",
    "certificates list", "certificates list --json", "certificates show CCAP-0001",
    "certificates show CCAP-0001 --json", "certificates show HOSTILE", "certificates history CCAP-0001",
    "certificates history CCAP-0001 --json", "certificates history HOSTILE",
    "contacts pause HOSTILE", "history HOSTILE", "show HOSTILE", "changes merge 1 --into 9 --by HOSTILE",
    "translate FILE", "translate HOSTILE --json", "glossary check TABLE", "sections",
    "impact", "impact --json", "impact --standard HOSTILE", "verify", "verify --json", "backup b.tar",
    "restore HOSTILE",
)  # fmt: skip
"""Every command that shows what strangers wrote, or what a person typed."""
SILENT = {
    "run",
    "serve",
    "crawl",
    "read",
    "detect",
    "summarise",
    "match",
    "compose",
    "deliver",
    "probe",
    "reread",
    "discover",
}
"""Commands that print counts and reasons of sections, through the same tables; `evidence` writes a file."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in which every text is hostile."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"HOME": str(tmp_path), "TRANSLATION__PROVIDER": "none"}.items():
        monkeypatch.setenv(f"RULEWATCH_{name}", value)
    database = Database(f"sqlite:///{tmp_path / 'rulewatch.db'}")
    database.upgrade()
    plain = HOSTILE.replace("\r", " ")
    add_certificates(database, tmp_path, [(SEAT[0], f"Alpha {plain}", *SEAT[2:4], plain, SEAT[5])])
    change = {**NEW_EDITION, "title_zh": HOSTILE, "source_url": f"http://x/{HOSTILE}", "reasons": [HOSTILE]}
    add_change(database, change, summary_of({**change, "kind": "notice"}))
    add_change(database, {**change, "reasons": [], "event_key": "2"}, summary_of({**change, "kind": "notice"}))
    with database.session() as session:
        session.add(
            EditionRow(
                authority="ccap", family="CCAP-GZ-5830", year=2026, letter="", edition=HOSTILE, title_zh=HOSTILE,
                first_seen=date(2026, 1, 1), effective=date(2026, 1, 1), capture_id=1, source_capture_id=1,
            )
        )  # fmt: skip
        session.commit()
    match_changes(database, TODAY)
    compose_digests(database, TODAY, ReleaseSettings(), SENDER)
    database.close()
    (tmp_path / "FILE").write_text(f"第一章 {HOSTILE}\n1 范围\n{HOSTILE}CCAP-GZ-5830:2021{HOSTILE}\n")
    (tmp_path / "OTHER").write_text(f"第一章 {HOSTILE}\n1 范围\n二{HOSTILE}\n")
    (tmp_path / "TABLE").write_text(f"certificate_no,holder,rule\n{HOSTILE},x,{HOSTILE}\n".replace("\r", ""))
    return tmp_path


@pytest.mark.parametrize("words", LOOKS)
def test_nothing_that_a_stranger_wrote_acts_on_the_terminal(home: Path, words: str) -> None:
    arguments = [HOSTILE if word == "HOSTILE" else word for word in words.split()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["rulewatch", *arguments])
        printed = StringIO()
        patch.setattr("sys.stdout", printed)
        patch.setattr("sys.stderr", printed)
        with pytest.raises(SystemExit):
            main()
    found = ACTING.findall(printed.getvalue())
    assert found == []
    assert printed.getvalue().strip()


def test_every_command_is_looked_at() -> None:
    assert {words.split()[0] for words in LOOKS} | SILENT | {"evidence"} == set(HOMES)


def test_only_the_door_writes_to_the_terminal() -> None:
    for path in sorted(path for room in ("crawler", "monitor", "storage") for path in PROJECT.glob(f"{room}/**/*.py")):
        if path == Path(output.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "Console", "typer.echo", "click.echo", "sys.stdout.write"), path


def test_a_log_line_is_shown_and_carries_no_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    kept = structlog.get_config()
    try:
        output.log_to_standard_error()
        password = "-".join(["hunter", "two"])
        try:
            raise ValueError(HOSTILE[: len(password)])
        except ValueError:
            structlog.get_logger().exception("unit set aside", unit=HOSTILE)
    finally:
        structlog.configure(**kept)
    printed = capsys.readouterr().err
    assert "ValueError" in printed
    assert "hunter-two" not in printed
    assert ACTING.findall(printed) == []


@given(st.text())
def test_visible_text_cannot_act_and_keeps_the_rest(text: str) -> None:
    assert not ACTING.search(visible(text))
    assert not ACTING.search(blank(text))
    assert len(visible(text)) == len(blank(text)) == len(text)
    assert [a for a, b in zip(text, visible(text), strict=True) if a != b] == re.findall(
        f"{ACTING.pattern}|[\ud800-\udfff]", text
    )


@given(st.text())
def test_json_keeps_its_value(text: str) -> None:
    document = escaped(json.dumps({"title": text}, ensure_ascii=False))
    assert json.loads(document) == {"title": text}
    assert not ACTING.search(document)


HELD = "\x00\x07\x1b[31m\x85\x9b\u2028\u2029\u202e\x0b\x0c\x1c\x1d\x1e"


def test_nothing_acts_in_a_calendar_file_and_its_lines_end_where_it_says() -> None:
    hostile = replace(ALERT, title_zh=f"规则{HELD}换版", source=replace(ALERT.source, url=f"http://x/{HELD}"))
    concern = replace(ALERT.concerns[0], number=f"CCAP{HELD}\r\nEND:VCALENDAR\rX\nY", consequence=HELD)
    text = calendar_of(digest_of(replace(hostile, concerns=(concern,))), SENDER)
    assert text is not None
    assert ACTING.findall(text.replace("\r\n", "")) == []
    assert text.split("\r\n") == [*text.splitlines(), ""]
    assert len(list(Calendar.from_ical(text).walk("VEVENT"))) == 1
