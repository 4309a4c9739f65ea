"""What was set aside is seen: in the report of the run, in its exit status, on the page Health."""

import json
from pathlib import Path

import pytest
from starlette.requests import Request
from typer.testing import CliRunner

from monitor.certificates.stage import match_changes
from monitor.cli import app
from monitor.digests.release import ReleaseSettings
from monitor.digests.stage import compose_digests
from monitor.settings import Settings
from monitor.web.app import create_app
from monitor.web.pages import health
from storage.certificates import ContactRow
from storage.engine.database import Database
from tests.monitor.digests.examples import CHANGEOVER, NEW_EDITION, add_certificates, add_change
from tests.monitor.digests.test_stage import SEAT, SENDER, TODAY, WELD


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation with two digests that wait, one of them to an address that no header can name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULEWATCH_HOME", str(tmp_path))
    database = Database(f"sqlite:///{tmp_path / 'rulewatch.db'}")
    database.upgrade()
    add_certificates(database, tmp_path, [SEAT, WELD])
    for change in (NEW_EDITION, CHANGEOVER):
        add_change(database, change)
    match_changes(database, TODAY)
    compose_digests(database, TODAY, ReleaseSettings(), SENDER)
    with database.session() as session:
        session.get_one(ContactRow, 1).email = "a..b@<x>.example"
        session.commit()
    return database


def test_a_run_that_set_something_aside_is_degraded_and_says_so(home: Database) -> None:
    result = CliRunner().invoke(app, ["deliver", "--today", TODAY.isoformat(), "--json"])
    report = json.loads(result.stdout[result.stdout.index("{\n") :])
    assert (result.exit_code, report["status"], report["set_aside"], report["delivered"]) == (1, "degraded", 1, 1)
    told = CliRunner().invoke(app, ["deliver", "--today", TODAY.isoformat()]).output
    assert "1 pieces of work set aside" in told


def test_health_shows_what_was_set_aside_and_why(home: Database, tmp_path: Path) -> None:
    web = create_app(Settings(home=tmp_path), home)
    request = Request(
        {"type": "http", "app": web, "method": "GET", "path": "/health", "headers": [], "router": web.router}
    )
    assert "Set aside" not in bytes(health.show(request).body).decode()
    CliRunner().invoke(app, ["deliver", "--today", TODAY.isoformat()])
    page = bytes(health.show(request).body).decode()
    assert "<h2>Set aside</h2>" in page
    assert "<td>deliver</td><td>digest 1" in page
    assert "<x>" not in page
