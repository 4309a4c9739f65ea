"""SMTP servers on loopback that take mail, and that misbehave: a class named after each trouble.

Each is a context manager: `with TakesEverything() as server:` gives `server.url` and `server.messages`.
"""

import contextlib
import ssl
import subprocess
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _AnyPort(Controller):
    """A controller that knows the port it was given before it knocks at it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class TakesEverything:
    """Takes every message and keeps it as a mailbox would."""

    def __init__(self, **options: Any) -> None:
        """Make the server ready; it starts with the context."""
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.attempts = 0
        self.lock = threading.Lock()
        self.controller = _AnyPort(self, hostname="127.0.0.1", port=0, ready_timeout=30, **options)

    def __enter__(self) -> Self:
        """Start."""
        self.controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.controller.stop()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.controller.server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """What smtp.url is for this server."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of all copies taken."""
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the message."""
        self.keep(envelope)
        return "250 OK: taken"

    def keep(self, envelope: Envelope) -> None:
        """Put a message into the mailbox."""
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self.lock:
            self.messages.append(message)
            self.recipients.append(list(envelope.rcpt_tos))


class RefusesRecipient(TakesEverything):
    """Knows no such mailbox (550)."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse."""
        self.attempts += 1
        return "550 5.1.1 no such mailbox"


class RefusesSome(TakesEverything):
    """Answers some recipients with a refusal of their own, and takes the others."""

    def __init__(self, **answers: str) -> None:
        """Answer as given, by the local part of the recipient's address."""
        super().__init__()
        self.answers = answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse, or take."""
        answer = self.answers.get(address.partition("@")[0])
        if answer:
            self.attempts += 1
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"


class SaysAfterFinalDot(TakesEverything):
    """Takes the message and says something of its own about it."""

    def __init__(self, answer: str) -> None:
        """Say this."""
        super().__init__()
        self.answer = answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message and say it."""
        self.keep(envelope)
        return self.answer


class RefusesMessage(TakesEverything):
    """Takes the recipient, but not the message (554 after the final dot)."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Refuse."""
        return "554 5.7.1 not wanted"


class Greylists(TakesEverything):
    """Defers the first attempts (450), then takes the message."""

    def __init__(self, deferrals: int = 1) -> None:
        """Defer as many attempts."""
        super().__init__()
        self.deferrals = deferrals

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Defer, or take."""
        self.attempts += 1
        if self.attempts <= self.deferrals:
            return "450 4.2.0 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class DropsAfterFinalDot(TakesEverything):
    """Takes the first message, but the connection breaks before it can say so; later ones are answered."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message and break the connection, the first time."""
        self.keep(envelope)
        if len(self.messages) == 1:
            assert server.transport is not None
            server.transport.abort()
        return "250 OK: taken"


class DropsInsideMessage(TakesEverything):
    """Breaks the connection as soon as a message begins."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Break the connection."""
        assert server.transport is not None
        server.transport.abort()
        return "250 OK"


class Hangs(TakesEverything):
    """Never answers the recipient."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Wait for the end of the test."""
        import asyncio

        await asyncio.sleep(3600)
        return "250 OK"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, also what hangs."""
        with contextlib.suppress(Exception):
            super().__exit__(kind, error, trace)


class SpeaksStartTls(TakesEverything):
    """Offers STARTTLS with a certificate for localhost, and takes mail only over TLS."""

    def __init__(self, folder: Path) -> None:
        """Make a key and certificate in the folder."""
        self.certificate = folder / "localhost.pem"
        key = folder / "localhost.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, key)
        super().__init__(tls_context=context, require_starttls=True)
