"""A cycle that failed outright: the operator is told at once, by every way there is.

Nothing of the database is needed for it, because the database may be what failed. A way that fails itself keeps no
other from being tried.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import structlog

from monitor.digests.message import one_line, sender_address
from monitor.digests.replies import Outcome
from monitor.digests.smtp import Mailer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CycleFailure:
    """The day of a cycle that ended before its time, and why in one sentence."""

    today: date
    sentence: str


Way = Callable[[CycleFailure], bool]
"""Tells the operator; answers whether that went well."""


def tell_failure(failure: CycleFailure, ways: Sequence[Way]) -> int:
    """Try every way to tell the operator that a cycle failed; return how many went well."""
    return sum(_told(failure, way) for way in ways)


def mail_way(mailer: Mailer, sender: str, operator: str, at: datetime) -> Way:
    """Return the way by mail to the operator's address."""

    def tell(failure: CycleFailure) -> bool:
        outcome, reply = mailer.send(failure_message(failure, sender, operator, at), operator)
        if outcome is not Outcome.SENT:
            log.warning("the operator was not told of a failed cycle", reply=reply)
        return outcome is Outcome.SENT

    return tell


def failure_message(failure: CycleFailure, sender: str, to: str, at: datetime) -> EmailMessage:
    """Return the message; the same failure of the same day has the same Message-ID, so that mailboxes fold it."""
    address = sender_address(sender)
    key = hashlib.sha256(f"{failure.today}\n{failure.sentence}".encode()).hexdigest()[:24]
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = to
    message["Subject"] = one_line(f"Rulewatch: the daily cycle of {failure.today} failed")
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<rulewatch.failure.{key}@{address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"The daily cycle of {failure.today} did not come to its end.\n\nWhy: {failure.sentence}\n\n"
        "What was done before is kept; the next cycle goes on from there. "
        "Until one ends well, nobody is told of changes.\n"
        "To see how this installation is: rulewatch doctor\n"
    )
    return message


def _told(failure: CycleFailure, way: Way) -> bool:
    try:
        return way(failure)
    except Exception as reason:  # last resort: what fails to tell must not hide what it was to tell
        log.warning("the operator was not told of a failed cycle", reason=type(reason).__name__)
        return False
