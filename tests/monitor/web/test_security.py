"""The change log answers its own pages on this machine, and nobody else."""

import hashlib
import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn

from monitor.changes.commands import approve, dismiss
from monitor.settings import Settings
from monitor.web.app import create_app
from monitor.web.security import is_loopback
from storage.changes import ChangeRow
from storage.detection import reopen
from storage.engine.database import Database
from storage.evidence.store import EvidenceStore
from tests.monitor.digests.examples import NEW_EDITION, REVISION, add_change
from tests.monitor.documents.test_stage import keep_capture


@pytest.fixture
def port(sqlite_database: Database, tmp_path: Path) -> Iterator[int]:
    """The change log on a free port of this machine."""
    config = uvicorn.Config(create_app(Settings(home=tmp_path), sqlite_database), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def ask(port: int, method: str, path: str, form: str = "by=x", **headers: str) -> http.client.HTTPResponse:
    """Send one request with exactly these headers and return the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=form.encode() if method == "POST" else None, headers=named)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.mark.parametrize(
    "path", ["/", "/changes", "/health", "/changes?words=%27%3B--&page=999", "/changes?since=never"]
)
def test_pages_answer_with_headers_that_bind_them(port: int, path: str) -> None:
    answer = ask(port, "GET", path)
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.5:80", "", "[::1", "rulewatch"])
def test_foreign_host_is_refused(port: int, host: str) -> None:
    assert ask(port, "GET", "/", Host=host).status in (400, 403)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:1", ""])
def test_change_asked_for_by_a_foreign_page_is_refused(port: int, origin: str) -> None:
    answer = ask(port, "POST", "/changes/1/approve", Origin=origin, Content_Type="application/x-www-form-urlencoded")
    assert answer.status == 403


def test_change_asked_for_by_our_own_page_is_looked_at(port: int) -> None:
    origin = f"http://127.0.0.1:{port}"
    answer = ask(port, "POST", "/changes/1/approve", Origin=origin, Content_Type="application/x-www-form-urlencoded")
    assert answer.status in (400, 404)


@pytest.mark.parametrize(
    ("into", "status"),
    [
        ("1", 303),
        ("#1", 303),
        ("2", 400),
        ("9", 400),
        ("9" * 12, 400),
        ("9" * 19, 400),
        ("9" * 5000, 400),
        ("one", 400),
        ("", 400),
    ],
)
def test_two_records_of_one_event_are_merged_by_the_form(
    port: int, sqlite_database: Database, into: str, status: int
) -> None:
    add_change(sqlite_database, NEW_EDITION)
    add_change(sqlite_database, REVISION)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content_Type": "application/x-www-form-urlencoded"}
    answer = ask(port, "POST", "/changes/2/merge", f"by=Li&sure=yes&into={quote(into)}", **headers)
    assert answer.status == status
    page = ask(port, "GET", "/changes/2").body.decode()  # type: ignore[attr-defined]
    assert ("Merged into 1" in page) is (status == 303)
    assert ('action="/changes/2/approve"' in page) is (status != 303)


def test_form_says_why_a_change_cannot_be_merged(port: int, sqlite_database: Database) -> None:
    dismiss(sqlite_database, add_change(sqlite_database, NEW_EDITION), "Li", "concerns nobody")
    add_change(sqlite_database, REVISION)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content_Type": "application/x-www-form-urlencoded"}
    answer = ask(port, "POST", "/changes/2/merge", "by=Li&into=1", **headers)
    assert answer.status == 400
    assert 'role="alert">change 1 is dismissed: merge it into' in answer.body.decode()  # type: ignore[attr-defined]


def test_form_asks_before_it_merges_changes_of_other_rules(port: int, sqlite_database: Database) -> None:
    for values in (NEW_EDITION, REVISION):
        add_change(sqlite_database, values)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content_Type": "application/x-www-form-urlencoded"}
    answer = ask(port, "POST", "/changes/2/merge", "by=Li&into=1", **headers)
    assert answer.status == 400
    assert "say that you are sure" in answer.body.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("doubt", [False, True])
def test_change_taken_up_again_waits_only_where_it_is_in_doubt(
    port: int, sqlite_database: Database, doubt: bool
) -> None:
    change_id = add_change(sqlite_database, {**NEW_EDITION, "needs_review": doubt})
    approve(sqlite_database, change_id, "Li")
    with sqlite_database.session() as session:
        reopen(session, session.get_one(ChangeRow, change_id), "later evidence: deadline")
        session.commit()
    page = ask(port, "GET", f"/changes/{change_id}").body.decode()  # type: ignore[attr-defined]
    assert ("Why it waits" in page) is doubt
    assert ("<li>later evidence: deadline</li>" in page) is doubt
    assert ("None is needed" in page) is not doubt
    assert ('class="state certain"' in page) is not doubt


@pytest.mark.parametrize("path", ["/changes/1", "/captures/1", "/nowhere", "/static/../app.py"])
def test_what_is_not_there_is_said(port: int, path: str) -> None:
    assert ask(port, "GET", path).status == 404


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_the_page_of_a_damaged_file_says_so(
    port: int, sqlite_database: Database, evidence: EvidenceStore, harm: str
) -> None:
    keep_capture(sqlite_database, evidence, b"as captured")
    path = evidence.path(hashlib.sha256(b"as captured").hexdigest())
    assert ask(port, "GET", "/captures/1").status == 200
    path.unlink()
    if harm == "altered":
        path.write_bytes(b"as forged")
    answer = ask(port, "GET", "/captures/1")
    page = answer.body.decode()  # type: ignore[attr-defined]
    assert answer.status == 410
    assert "not what was captured" in page
    assert harm in page
    assert "from a backup" in page


@pytest.mark.parametrize("number", ["9" * 18, str(2**63), "9" * 20, "9" * 5000], ids=len)
def test_a_number_that_no_row_can_have_is_not_there(port: int, number: str) -> None:
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content_Type": "application/x-www-form-urlencoded"}
    assert ask(port, "GET", f"/changes/{number}").status == 404
    assert ask(port, "GET", f"/captures/{number}").status == 404
    assert ask(port, "POST", f"/changes/{number}/approve", **headers).status == 404
    assert ask(port, "GET", f"/changes?page={number}").status == 200


@pytest.mark.parametrize(
    ("host", "is_ours"), [("localhost", True), ("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), (None, False)]
)
def test_only_this_machine_is_loopback(host: str | None, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours
