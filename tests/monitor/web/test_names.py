"""Names and words in any script, in every form of the change log: kept as they were typed, and remembered."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import pytest
import uvicorn
from bs4 import BeautifulSoup, Tag

from monitor.settings import Settings
from monitor.web.app import create_app
from monitor.web.pages.change import ACTIONS, LONGEST_NAME
from storage.changes import ReviewRow
from storage.engine.database import Database
from tests.monitor.digests.examples import NEW_EDITION, REVISION, add_change

NAMES = [
    "李雷", "田中 さくら", "김철수", "Ольга Ёлкина", "محمد علي", "José; Path=/x", "Zoë 👩‍🔬", 'a"b,c=d%E6',
    "李" * LONGEST_NAME,
]  # fmt: skip


@pytest.fixture
def port(database: Database, tmp_path: Path) -> Iterator[int]:
    """The change log on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(home=tmp_path), database), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def ask(port: int, method: str, path: str, form: dict[str, str] | None = None, cookie: str = "") -> HTTPResponse:
    """Send what a browser sends of a form and return the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Cookie": cookie}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body=urlencode(form).encode() if form else None, headers=headers)
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return answer


def forms(port: int, path: str) -> list[tuple[str, str, dict[str, str]]]:
    """Every form of a page as a browser fills it in Chinese: method, address, values."""
    page = BeautifulSoup(ask(port, "GET", path).text, "lxml")  # type: ignore[attr-defined]
    return [
        (str(form.get("method", "get")).upper(), str(form.get("action") or path), _filled(form))
        for form in page.find_all("form")
    ]


def _filled(form: Tag) -> dict[str, str]:
    named = [field for field in form.find_all(["input", "textarea", "select"]) if field.get("name")]
    ticked = {str(field["name"]): str(field["value"]) for field in named if field.get("type") == "checkbox"}
    values = {str(field["name"]): "需要复核：标准换版" for field in named} | ticked
    return values | {name: given for name, given in {"by": "王小明", "into": "2"}.items() if name in values}


def test_every_form_of_every_page_takes_chinese(port: int, database: Database) -> None:
    add_change(database, NEW_EDITION)
    add_change(database, {**REVISION, "family": "CCAP-GZ-5830"})
    pages = ["/", "/changes", "/changes/1", "/health"]
    found = [form for path in pages for form in forms(port, path)]
    posted = {action for method, action, _ in found if method == "POST"}
    assert posted == {f"/changes/1/{action}" for action in ACTIONS if action != "unmerge"}
    for method, action, values in sorted(found, key=lambda form: form[1].endswith("/merge")):
        if method == "POST":
            assert ask(port, "POST", action, values).status == 303, action
        else:
            assert ask(port, "GET", f"{action}?{urlencode(values)}").status == 200, action
    merged = {action: values for _, action, values in forms(port, "/changes/1")}
    assert ask(port, "POST", "/changes/1/unmerge", merged["/changes/1/unmerge"]).status == 303
    with database.session() as session:
        assert {row.by for row in session.query(ReviewRow)} == {"王小明"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_kept_and_remembered(port: int, database: Database, name: str) -> None:
    add_change(database, NEW_EDITION)
    answer = ask(port, "POST", "/changes/1/comment", {"by": name, "text": f"看过了 {name}"})
    assert answer.status == 303
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    assert unquote(cookie.partition("=")[2].strip('"')) == name
    page = BeautifulSoup(ask(port, "GET", "/changes/1", cookie=cookie).text, "lxml")  # type: ignore[attr-defined]
    assert {str(field["value"]) for field in page.find_all("input", {"name": "by"})} == {name}
    with database.session() as session:
        assert [(row.by, row.comment) for row in session.query(ReviewRow)] == [(name, f"看过了 {name}")]


@pytest.mark.parametrize("name", ["x\x00y", "x\r\nSet-Cookie: a=b", "\x1b[31mred", "\u202eright", "\ud800"])
def test_a_name_that_could_act_is_made_visible(port: int, database: Database, name: str) -> None:
    add_change(database, NEW_EDITION)
    encoded = quote(name, errors="surrogatepass")
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/changes/1/comment", body=f"by={encoded}&text=x", headers=headers)
    answer = connection.getresponse()
    assert (answer.status, len(answer.headers.get_all("Set-Cookie") or [])) == (303, 1)
    connection.close()
    with database.session() as session:
        (row,) = session.query(ReviewRow)
    assert row.by.isprintable() or "�" in row.by


def test_a_name_that_is_too_long_is_refused_with_the_reason(port: int, database: Database) -> None:
    add_change(database, NEW_EDITION)
    answer = ask(port, "POST", "/changes/1/approve", {"by": "李" * (LONGEST_NAME + 1)})
    assert (answer.status, "at most 100 characters" in answer.text) == (400, True)  # type: ignore[attr-defined]
