"""Delivers once in a process of its own, and can be made to stop where a test wants to kill it.

python -m tests.monitor.digests.deliver_once DATABASE_URL SMTP_URL TODAY PLACE

PLACE is `before` (claimed, nothing sent), `after` (taken by the server, nothing recorded) or `none`.
"""

import signal
import sys
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from monitor.digests.smtp import Outcome, SmtpSettings, make_mailer
from monitor.digests.stage import deliver_digests
from storage.engine.database import Database

SENDER = "China Certification Watch <alerts@example.org>"


class StopsAt:
    """A mailer that says where it is and waits for its end."""

    def __init__(self, url: str, place: str) -> None:
        """Speak with a server, stop at a place."""
        self._mailer = make_mailer(SmtpSettings(url=url, sender=SENDER), Path("unused"))
        self._place = place

    def send(self, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        """Send, and stop before or after."""
        self._stop_at("before")
        outcome = self._mailer.send(message, to)
        self._stop_at("after")
        return outcome

    def _stop_at(self, place: str) -> None:
        if place == self._place:
            print("stopped", flush=True)
            signal.pause()


if __name__ == "__main__":
    url, smtp, today, place = sys.argv[1:]
    deliver_digests(Database(url), StopsAt(smtp, place), SENDER, date.fromisoformat(today))
