"""On the worst day every command says one sentence with place and remedy, and ends with 3, or 2 for settings."""

import errno
import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from signal import SIGTERM

import pytest
from sqlalchemy import text

from monitor.cli import main
from storage.engine.database import Database, address_shown
from storage.errors import NoRoom, NotWritable, explained, in_one_sentence
from tests.servers.smtp import TakesEverything

PROJECT = Path(__file__).parents[2]
EVERY_COMMAND = (
    ("run", "--json"), ("deliver",), ("serve", "--port", "0"), ("changes", "--json"), ("register",),
    ("history", "CCAP-GZ-5830"), ("matches",), ("digests",), ("contacts", "list"), ("reread",),
    ("certificates", "import", "tests/replica/certificates.csv"),
)  # fmt: skip


def rulewatch(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run one command on a home, with nothing of the network."""
    given = {
        "RULEWATCH_HOME": str(home),
        "RULEWATCH_TRANSLATION__PROVIDER": "none",
        "RULEWATCH_CRAWL__TIMEOUT_SECONDS": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "monitor.cli", *arguments],
        cwd=PROJECT,
        env={**os.environ, **given, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )


def assert_one_sentence(answer: "subprocess.CompletedProcess[str]", status: int, *words: str) -> None:
    """The exit status, one line on standard error that holds the words, nothing on standard output."""
    assert (answer.returncode, answer.stdout) == (status, ""), answer.stderr
    lines = [line for line in answer.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, answer.stderr
    for word in ("rulewatch: ", *words):
        assert word in lines[0], lines[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty database."""
    database = Database(f"sqlite:///{tmp_path / 'home' / 'rulewatch.db'}")
    database.upgrade()
    database.close()
    return tmp_path / "home"


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command[0])
def test_a_newer_database_is_one_sentence_in_every_command(home: Path, command: tuple[str, ...]) -> None:
    database = Database(f"sqlite:///{home / 'rulewatch.db'}")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    assert_one_sentence(rulewatch(home, *command), 3, "9999", "newer", "install the version")


@pytest.mark.parametrize("command", [("run",), ("matches",), ("serve", "--port", "0")], ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("postgresql://watch:hush@127.0.0.1:1/none", 3, ("127.0.0.1:1", "cannot be opened", "is its server running")),
        ("postgres://watch:hush@127.0.0.1:1/none", 2, ("postgres://", "postgresql://")),
        ("mysql://watch:hush@127.0.0.1/none", 2, ("mysql://", "sqlite:///")),
        ("rulewatch.db", 2, ("database_url", "sqlite:///")),
        ("postgresql://watch:hush@127.0.0.1:port/none", 2, ("database_url",)),
        ("postgresql+nonesuch://watch:hush@127.0.0.1/none", 2, ("postgresql+nonesuch",)),
        ("sqlite:////proc/none/rulewatch.db", 3, ("/proc/none",)),
    ],
)
def test_an_address_that_leads_nowhere(
    tmp_path: Path, command: tuple[str, ...], url: str, status: int, words: tuple[str, ...]
) -> None:
    answer = rulewatch(tmp_path, *command, RULEWATCH_DATABASE_URL=url)
    assert_one_sentence(answer, status, *words)
    assert "hush" not in answer.stderr


@pytest.mark.parametrize("command", [("run",), ("changes",), ("contacts", "list")], ids=lambda command: command[0])
def test_a_locked_database_is_waited_for_then_said_to_be_in_use(home: Path, command: tuple[str, ...]) -> None:
    url = f"sqlite:///{home / 'rulewatch.db'}?timeout=0.2"
    holder = sqlite3.connect(home / "rulewatch.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    assert_one_sentence(rulewatch(home, *command, RULEWATCH_DATABASE_URL=url), 3, "in use", "try again")
    holder.close()


def test_a_home_that_cannot_be_written_to_names_the_place() -> None:
    for command in (("run",), ("register",)):
        assert_one_sentence(rulewatch(Path("/proc/none"), *command), 3, "/proc/none")


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    assert_one_sentence(rulewatch(tmp_path / "home", "run"), 3, str(tmp_path / "home"), "name another home")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "rulewatch.db").write_text("certificate_no,holder\n" * 200)
    assert_one_sentence(rulewatch(tmp_path, "changes"), 3, "rulewatch.db", "restore it from a backup")


def test_a_full_disk(tmp_path: Path) -> None:
    script = f"mount -t tmpfs -o size=300k none {tmp_path} && exec {sys.executable} -m monitor.cli run"
    answer = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        cwd=PROJECT,
        env={**os.environ, "RULEWATCH_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in answer.stderr or "mount" in answer.stderr:
        pytest.skip("this system lets nobody mount a small disk")
    assert_one_sentence(answer, 3, "disk is full", str(tmp_path), "make room")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_is_told_with_its_place(code: int) -> None:
    said = explained(OSError(code, os.strerror(code), "/var/rulewatch/evidence/x"), "")
    assert isinstance(said, NoRoom)
    assert "/var/rulewatch/evidence/x" in str(said)


def test_a_read_only_database_is_told_with_its_place(home: Path) -> None:
    database = Database(f"sqlite:///file:{home / 'rulewatch.db'}?mode=ro&uri=true")
    with pytest.raises(Exception, match="readonly") as caught, database.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    database.close()
    assert isinstance(explained(caught.value, "rulewatch.db"), NotWritable)


def test_a_fault_of_ours_shows_its_place_and_no_content(tmp_path: Path) -> None:
    try:
        raise KeyError("someone@holder.example")
    except KeyError as error:
        said = in_one_sentence(error, "", ())
    assert "KeyError" in said
    assert "test_door.py, line" in said
    assert "someone" not in said


def test_debug_shows_the_trace(tmp_path: Path) -> None:
    answer = rulewatch(tmp_path, "--debug", "changes", RULEWATCH_DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert answer.returncode == 3
    assert "Traceback" in answer.stderr


def test_passwords_of_addresses_are_not_shown() -> None:
    assert "hush" not in address_shown("postgresql://watch:hush@db.example/rules")
    assert "hush" not in address_shown("watch:hush@db.example:port")


def test_a_cycle_that_fails_outright_is_told_to_the_operator_by_mail(tmp_path: Path) -> None:
    with TakesEverything() as mailbox:
        answer = rulewatch(
            tmp_path, "run", "--today", "2026-03-02", RULEWATCH_SMTP__URL=mailbox.url,
            RULEWATCH_OPERATOR__EMAIL="ops@watch.example", RULEWATCH_DATABASE_URL="postgresql://a:hush@127.0.0.1:1/none",
        )  # fmt: skip
        assert_one_sentence(answer, 3, "127.0.0.1:1")
        (message,) = mailbox.messages
    assert message["To"] == "ops@watch.example"
    assert "2026-03-02 failed" in message["Subject"]
    body = message.get_content()
    assert "127.0.0.1:1" in body
    assert "hush" not in body


def test_a_mail_server_that_is_down_too_hides_nothing(tmp_path: Path) -> None:
    answer = rulewatch(
        tmp_path, "run", RULEWATCH_SMTP__URL="smtp://127.0.0.1:1", RULEWATCH_OPERATOR__EMAIL="ops@watch.example",
        RULEWATCH_DATABASE_URL="postgresql://127.0.0.1:1/none",
    )  # fmt: skip
    assert answer.returncode == 3
    assert "Traceback" not in answer.stderr
    assert "is its server running" in answer.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "gb18030", "utf-8"])
def test_no_character_stops_an_answer(home: Path, tmp_path: Path, encoding: str) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text("CCAP－GZ－5830：2021 焊机认证规则😀ä 应于2027年6月30日前完成换证", encoding="utf-8")
    for command in (("show", str(notice)), ("facts", str(notice)), ("register",), ("--help",)):
        answer = rulewatch(home, *command, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert answer.returncode == 0, answer.stderr
    environment = {**os.environ, "RULEWATCH_HOME": str(home), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    shown = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "show", str(notice), "--json"],
        cwd=PROJECT, env=environment, capture_output=True, check=True,
    )  # fmt: skip
    assert "焊机认证规则😀ä" in json.dumps(json.loads(shown.stdout.decode(encoding)), ensure_ascii=False)


def test_settings_saved_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    config = tmp_path / "rulewatch.toml"
    config.write_text(f'home = "{tmp_path / "home"}"\n', encoding="utf-8-sig")
    answer = rulewatch(tmp_path / "other", "changes", RULEWATCH_CONFIG=str(config), RULEWATCH_HOME="")
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "home" / "rulewatch.db").exists()


def test_serve_says_that_its_port_is_taken_and_nothing_else(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_sentence(rulewatch(home, "serve", "--port", str(port)), 3, f"127.0.0.1:{port}", "--port")


def test_serve_answers_as_soon_as_it_has_said_where_it_is(home: Path) -> None:
    service = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "serve", "--port", "0"],
        cwd=PROJECT, env={**os.environ, "RULEWATCH_HOME": str(home)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert service.stderr is not None
        said = service.stderr.readline()
        port = int(said.split("http://127.0.0.1:")[1].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as asked:
            asked.sendall(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            assert asked.recv(64).startswith(b"HTTP/1.1 ")
    finally:
        service.send_signal(SIGTERM)
        service.communicate(timeout=60)


def test_a_reader_who_leaves_ends_a_command_without_a_word_and_a_closed_log_keeps_it_from_nothing(home: Path) -> None:
    command = [sys.executable, "-m", "monitor.cli"]
    environment = {**os.environ, "RULEWATCH_HOME": str(home), "RULEWATCH_TRANSLATION__PROVIDER": "none"}
    reading, writing = os.pipe()
    os.close(reading)
    for answer in (["changes", "--json"], ["changes"]):
        left = subprocess.run(
            [*command, *answer], cwd=PROJECT, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False
        )
        assert (left.returncode, left.stderr) == (0, b""), answer
    unheard = subprocess.run(
        [*command, "deliver", "--json"], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=writing,
        check=False,
    )  # fmt: skip
    os.close(writing)
    assert unheard.returncode == 0
    assert json.loads(unheard.stdout)["status"] == "ok"


@pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "the service hung up"), EOFError("the reader ended")])
def test_a_pipe_that_breaks_in_the_work_is_never_taken_for_a_closed_terminal(
    error: Exception, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def breaking(*_arguments: object) -> None:
        raise error

    monkeypatch.setenv("RULEWATCH_HOME", str(home))
    monkeypatch.setattr("monitor.service.serve_forever", breaking)
    monkeypatch.setattr(sys, "argv", ["rulewatch", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert capfd.readouterr().err.startswith("rulewatch: ")
