"""Handing a message over: real servers, and what came of it."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.digests.message import make_message
from monitor.digests.smtp import GIVE_UP_AFTER, Mailer, Outcome, SmtpMailer, SmtpSettings, make_mailer
from tests.servers.smtp import (
    DropsAfterFinalDot,
    DropsInsideMessage,
    Greylists,
    Hangs,
    RefusesMessage,
    RefusesRecipient,
    SaysAfterFinalDot,
    SpeaksStartTls,
    TakesEverything,
)

TO = "quality@supplier.example"


def message(text: str = "Act by 30 June 2027.\n") -> EmailMessage:
    """A message as digests are."""
    return make_message(
        sender="China Certification Watch <alerts@example.org>", to=TO, subject="Act by 30 June 2027", text=text,
        html="<p>Act by 30 June 2027 儿童</p>", calendar=None, message_id="<one@example.org>",
        made_on=date(2026, 3, 2), made_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    )  # fmt: skip


def mailer(server: TakesEverything, query: str = "") -> Mailer:
    """The mailer for a server."""
    return make_mailer(SmtpSettings(url=server.url + query, timeout_seconds=5), Path("unused"))


def test_a_server_takes_a_message_and_it_reads_back() -> None:
    with TakesEverything() as server:
        assert mailer(server).send(message(), TO)[0] is Outcome.SENT
    (taken,) = server.messages
    assert server.recipients == [[TO]]
    assert taken["To"] == TO
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"] == "<one@example.org>"
    html = taken.get_body(("html",))
    assert html is not None
    assert "儿童" in html.get_content()


def test_lines_that_begin_with_a_dot_arrive_as_they_were() -> None:
    with TakesEverything() as server:
        assert mailer(server).send(message(".\n..two\nend\n"), TO)[0] is Outcome.SENT
    body = server.messages[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [".", "..two", "end"]


@pytest.mark.parametrize(
    ("trouble", "outcome", "reply"),
    [
        (RefusesRecipient, Outcome.REFUSED, "no such mailbox"),
        (RefusesMessage, Outcome.BLOCKED, "not wanted"),
        (Greylists, Outcome.DEFERRED, "greylisted"),
        (DropsAfterFinalDot, Outcome.IN_DOUBT, ""),
        (DropsInsideMessage, Outcome.DEFERRED, ""),
    ],
)
def test_each_trouble_has_its_outcome(trouble: type[TakesEverything], outcome: Outcome, reply: str) -> None:
    with trouble() as server:
        found, said = mailer(server).send(message(), TO)
    assert found is outcome
    assert reply in said


@pytest.mark.parametrize("answer", ["", "OK", "HTTP/1.1 200 OK", "25O taken", "354 go on", "999 odd", "{json: true}"])
def test_what_is_no_reply_to_the_final_dot_is_in_doubt(answer: str) -> None:
    with SaysAfterFinalDot(answer) as server:
        outcome, said = mailer(server).send(message(), TO)
    assert outcome is Outcome.IN_DOUBT
    assert said.startswith("after the final dot: ")


@pytest.mark.parametrize("answer", ["250 OK", "250-first\r\n250 second", "251 forwarded"])
def test_any_positive_reply_to_the_final_dot_is_a_success(answer: str) -> None:
    with SaysAfterFinalDot(answer) as server:
        assert mailer(server).send(message(), TO)[0] is Outcome.SENT


def test_a_server_that_hangs_is_given_up() -> None:
    with Hangs() as server:
        hurried = make_mailer(SmtpSettings(url=server.url, timeout_seconds=0.3), Path("unused"))
        outcome, reply = hurried.send(message(), TO)
    assert outcome is Outcome.DEFERRED
    assert "timed out" in reply


def test_a_server_that_is_away_is_not_asked_for_every_message() -> None:
    with TakesEverything() as server:
        url = server.url
    away = make_mailer(SmtpSettings(url=url, timeout_seconds=2), Path("unused"))
    replies = [away.send(message(), TO) for _ in range(GIVE_UP_AFTER + 1)]
    assert {outcome for outcome, _ in replies} == {Outcome.BLOCKED}
    assert "not tried again" in replies[-1][1]


def test_starttls_is_used_with_a_checked_certificate(tmp_path: Path) -> None:
    with SpeaksStartTls(tmp_path) as server:
        unknown = mailer(server).send(message(), TO)
        trusted = mailer(server, f"?ca_file={server.certificate}&starttls=required").send(message(), TO)
    assert unknown[0] is Outcome.BLOCKED
    assert "certificate verify failed" in unknown[1].lower()
    assert trusted[0] is Outcome.SENT
    assert len(server.messages) == 1


def test_starttls_can_be_insisted_on() -> None:
    with TakesEverything() as server:
        outcome, reply = mailer(server, "?starttls=required").send(message(), TO)
    assert outcome is Outcome.BLOCKED
    assert "STARTTLS" in reply


def test_check_signs_in_and_leaves() -> None:
    with TakesEverything() as server:
        assert SmtpMailer(SmtpSettings(url=server.url)).check() == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://host:port", "mail.example:25"])
def test_an_unusable_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ValidationError, match=r"smtp\.url is not the address of a server"):
        SmtpSettings(url=url)


@pytest.mark.parametrize("sender", ["nobody", "a b@example.org", "x@", "Name <>"])
def test_a_sender_without_address_is_refused(sender: str) -> None:
    with pytest.raises(ValidationError, match="is not an address"):
        SmtpSettings(sender=sender)


def test_the_outbox_keeps_one_file_a_message(tmp_path: Path) -> None:
    outbox = make_mailer(SmtpSettings(), tmp_path / "outbox")
    first = outbox.send(message(), TO)
    assert outbox.send(message(), TO) == first
    eml, html = sorted((tmp_path / "outbox").iterdir())
    assert (eml.suffix, html.suffix) == (".eml", ".html")
    assert message_from_bytes(eml.read_bytes(), policy=policy.default)["Subject"] == "Act by 30 June 2027"
    assert "儿童" in html.read_text(encoding="utf-8")


def test_a_hostile_address_names_no_path(tmp_path: Path) -> None:
    outbox = make_mailer(SmtpSettings(), tmp_path / "outbox")
    assert outbox.send(message(), "../../../../tmp/x@supplier.example")[0] is Outcome.SENT
    assert {path.parent for path in tmp_path.rglob("*.eml")} == {tmp_path / "outbox"}


def test_an_outbox_that_cannot_be_written_defers(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands where the folder should be")
    assert make_mailer(SmtpSettings(), tmp_path / "outbox").send(message(), TO)[0] is Outcome.DEFERRED
