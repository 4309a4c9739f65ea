"""Mailer: hands a message to an SMTP server, or writes it into a folder, and says what came of it.

Whose fault a refusal is, is read from the reply in replies.py. After the final dot only a positive reply is a success:
a broken connection, or an answer that is no reply, leaves it open whether the server took the message.
"""

import re
import smtplib
import socket
import ssl
from contextlib import ExitStack, suppress
from difflib import get_close_matches
from email import policy
from email.generator import BytesGenerator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from monitor.digests.message import sender_address
from monitor.digests.replies import Outcome, Phase, judge
from monitor.errors import BadSettings
from monitor.notation.addresses import ENCODE, credentials_hint

PORTS = {"smtp": 25, "smtps": 465}
STARTTLS = ("offered", "required", "never")
GIVE_UP_AFTER = 3
"""Connections that failed in a row after which the server is left alone until the next cycle."""

LONGEST_REPLY = 500
_FAILURES = (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)


class Mailer(Protocol):
    """Whatever takes a message for a recipient; the reply is for people."""

    def send(self, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        """Hand the message over and return what came of it."""
        ...


class SmtpSettings(BaseModel):
    """[smtp]: without `url` messages are written to the outbox folder.

    `smtps://` speaks TLS from the start. `smtp://` changes to TLS where the server offers it; `?starttls=required`
    insists, `?starttls=never` does not, `?ca_file=…` names the certificates to trust.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    url: SecretStr | None = None
    sender: str = "China Certification Watch <rulewatch@localhost>"
    timeout_seconds: float = Field(default=60, gt=0, le=3600)

    @field_validator("url")
    @classmethod
    def _check_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        try:
            _parts(value.get_secret_value())
        except BadSettings as reason:
            raise PydanticCustomError("setting", "{why}", {"why": str(reason)}) from None
        return value

    @field_validator("sender")
    @classmethod
    def _check_sender(cls, value: str) -> str:
        try:
            sender_address(value)
        except BadSettings as reason:
            raise PydanticCustomError("setting", "{why}", {"why": str(reason)}) from None
        return value


def make_mailer(settings: SmtpSettings, outbox: Path) -> Mailer:
    """Return the mailer that the settings ask for."""
    return SmtpMailer(settings) if settings.url else OutboxMailer(outbox)


class OutboxMailer:
    """Writes each message as .eml and its HTML beside it; the same message again is the same files."""

    def __init__(self, folder: Path) -> None:
        """Write into a folder, which is made when the first message comes."""
        self._folder = folder

    def send(self, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        """Write the message and return where it lies."""
        name = _file_name(message, to)
        html = message.get_body(("html",))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if html is not None:
                _write(self._folder / f"{name}.html", html.get_content().encode())
            _write(self._folder / f"{name}.eml", _bytes_of(message))
        except OSError as reason:
            return Outcome.DEFERRED, f"the outbox cannot be written: {reason.strerror}"
        return Outcome.SENT, f"written to {name}.eml"


class SmtpMailer:
    """Speaks SMTP with one server, a connection for each message."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Read the server's address; nothing is connected yet."""
        self._url = _parts(settings.url.get_secret_value() if settings.url else "")
        self._sender = sender_address(settings.sender).addr_spec
        self._timeout = settings.timeout_seconds
        self._failures = 0

    def send(self, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        """Hand the message to the server and return what it said."""
        if self._failures >= GIVE_UP_AFTER:
            return Outcome.BLOCKED, f"the server failed {GIVE_UP_AFTER} times in a row; not tried again in this cycle"
        try:
            server = self._connect()
        except (*_FAILURES, smtplib.SMTPException, BadSettings) as reason:
            self._failures += 1
            return Outcome.BLOCKED, _said(reason)
        self._failures = 0
        try:
            return self._hand_over(server, message, to)
        except (*_FAILURES, smtplib.SMTPException) as reason:
            return Outcome.DEFERRED, _said(reason)
        finally:
            _close(server)

    def check(self) -> str:
        """Connect, sign in and leave; return the server's name. Raises OSError, SMTPException or BadSettings."""
        server = self._connect()
        _close(server)
        return f"{self._url.hostname}:{self._port}"

    @property
    def _port(self) -> int:
        return self._url.port or PORTS[self._url.scheme]

    def _connect(self) -> smtplib.SMTP:
        host = self._url.hostname or "localhost"
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._port, timeout=self._timeout, context=self._context())
        else:
            server = smtplib.SMTP(host, self._port, timeout=self._timeout)
        with ExitStack() as opened:
            opened.callback(_close, server)
            self._greet(server)
            opened.pop_all()
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        option = parse_qs(self._url.query).get("starttls", ["offered"])[0]
        secure = self._url.scheme == "smtps"
        if not secure and option != "never" and server.has_extn("starttls"):
            server.starttls(context=self._context())
            server.ehlo()
            secure = True
        if not secure and option == "required":
            raise BadSettings("the server offers no STARTTLS, which smtp.url requires")
        if self._url.username:
            if not secure and not _is_loopback(self._url.hostname):
                raise BadSettings("the server offers no TLS; the password is not sent in the clear")
            server.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _context(self) -> ssl.SSLContext:
        ca_file = parse_qs(self._url.query).get("ca_file", [None])[0]
        return ssl.create_default_context(cafile=ca_file)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        data = _bytes_of(message)
        size = [f"size={len(data)}"] if server.has_extn("size") else []
        code, reply = server.mail(self._sender, size)
        if not 200 <= code < 300:
            return _judged(Phase.SENDER, code, reply)
        code, reply = server.rcpt(to)
        if not 200 <= code < 300:
            return _judged(Phase.RECIPIENT, code, reply)
        code, reply = server.docmd("data")
        if code != 354:
            return _judged(Phase.MESSAGE, code, reply)
        server.send(_dotted(data))
        return _finish(server)


def _finish(server: smtplib.SMTP) -> tuple[Outcome, str]:
    """Send the final dot: from here on only a reply says whether the server took the message."""
    try:
        server.send(b".\r\n")
        code, reply = server.getreply()
    except _FAILURES as reason:
        return Outcome.IN_DOUBT, _said(reason)
    return _judged(Phase.END, code, reply)


def _judged(phase: Phase, code: int, reply: bytes) -> tuple[Outcome, str]:
    text = reply.decode("utf-8", "replace")
    outcome = judge(phase, code, text)
    said = "taken" if outcome is Outcome.SENT else phase.value
    return outcome, f"{said}: {code if code > 0 else 'no reply code'} {text}"[:LONGEST_REPLY]


def _said(reason: Exception) -> str:
    if isinstance(reason, smtplib.SMTPResponseException):
        error = reason.smtp_error
        return f"{reason.smtp_code} {error.decode('utf-8', 'replace') if isinstance(error, bytes) else error}"[
            :LONGEST_REPLY
        ]
    if isinstance(reason, TimeoutError | socket.timeout):
        return "the server did not answer in time"
    return (str(reason) or type(reason).__name__)[:LONGEST_REPLY]


def _dotted(data: bytes) -> bytes:
    lines = re.sub(rb"(?m)^\.", b"..", data)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _bytes_of(message: EmailMessage) -> bytes:
    buffer = BytesIO()
    BytesGenerator(buffer, policy=policy.SMTP).flatten(message)
    return buffer.getvalue()


def _close(server: smtplib.SMTP) -> None:
    """Leave politely, but do not wait: what matters was said before."""
    with suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(2)
        server.quit()
    server.close()


def _parts(url: str) -> SplitResult:
    """Return the parts of the server's address. Raises BadSettings, which never says what stands in it."""
    expected = "expected smtp://user:pass@host:587 or smtps://…"
    if hint := credentials_hint(url):
        raise BadSettings(f"smtp.url is not the address of a server ({expected}): {hint}")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/") or parts.port == 0:
        raise BadSettings(f"smtp.url is not the address of a server ({expected})")
    if not unquote(parts.netloc).isascii():
        raise BadSettings("smtp.url: user name, password and host are sent to the server in ASCII only")
    options = parse_qs(parts.query, keep_blank_values=True)
    if unknown := options.keys() - {"starttls", "ca_file"}:
        said = f"{len(unknown)} unknown options after the question mark; {ENCODE}"
        raise BadSettings(f"smtp.url has {said} (known are starttls and ca_file)")
    if (chosen := options.get("starttls", ["offered"])[0]) not in STARTTLS:
        meant = f'; did you mean "{near[0]}"?' if (near := get_close_matches(chosen, STARTTLS, 1)) else ""
        raise BadSettings(f"smtp.url: starttls is one of {', '.join(STARTTLS)}{meant}")
    return parts


def _is_loopback(host: str | None) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _file_name(message: EmailMessage, to: str) -> str:
    identity = re.sub(r"[^A-Za-z0-9.\-]", "", str(message["Message-ID"]).partition("@")[0].removeprefix("<rulewatch."))
    return re.sub(r"[^A-Za-z0-9@._+\-]", "_", f"{identity.rpartition('.')[0]} {to}")[:150] + f"-{identity[-8:]}"


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(data)
    partial.replace(path)
