"""Replies of a mail server: what came of a message, and whose fault it is where it was not taken.

A reply is three digits (RFC 5321, 4.2), mostly with an enhanced status code (RFC 3463: class.subject.detail), which
says whether the recipient's address is wrong, or the server, the network, a policy or our own standing is the cause.
Only its own code, more than once, makes an address unreachable.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum, StrEnum
from typing import NamedTuple

REFUSALS = 2
"""Refusals of an address, each on a later day than the one before, after which it is not written to any more."""
REFUSED_IN = 10
"""Refusals are the addresses' own where there is at most one in so many messages taken at the same time."""


class Outcome(Enum):
    """What came of handing over a message."""

    SENT = "sent"
    """The server took the responsibility for it."""
    REFUSED = "refused"
    """The recipient's address is not wanted, by its own code."""
    BLOCKED = "blocked"
    """Refused for a reason that is not the recipient's: our account, a policy, the network; or no server to be had."""
    DEFERRED = "deferred"
    """Not taken for now."""
    IN_DOUBT = "in_doubt"
    """The server may have taken it: again, under the same Message-ID."""


class Phase(StrEnum):
    """Where in handing over a message a reply came."""

    SENDER = "sender not accepted"
    RECIPIENT = "recipient not accepted"
    MESSAGE = "message not accepted"
    END = "after the final dot"


class Attempt(NamedTuple):
    """One attempt to reach a contact, on a day of the cycle."""

    day: date
    outcome: str


def judge(phase: Phase, code: int, text: str) -> Outcome:
    """Return what a reply means. What is no reply at all (-1, or a code that does not fit) is never a success."""
    if phase is Phase.END and 200 <= code < 300:
        return Outcome.SENT
    if not 400 <= code < 600:
        return Outcome.IN_DOUBT if phase is Phase.END else Outcome.DEFERRED
    status = _STATUS.match(text)
    if code < 500 or (status and status["kind"] == "4"):
        return Outcome.DEFERRED
    return Outcome.REFUSED if _is_about_address(phase, code, status) else Outcome.BLOCKED


def are_own(refused: int, taken: int) -> bool:
    """Return whether refusals are the addresses' own, by how many contacts a server refused and took at one time.

    A server that takes nobody, or refuses many, has trouble of its own, whatever its codes say.
    """
    return 0 < refused <= max(1, taken // REFUSED_IN) and taken > 0


def is_unreachable(attempts: Iterable[Attempt]) -> bool:
    """Return whether a contact's attempts, in their order, show that its address does not exist any more.

    A message that was taken forgets what was before it. A day before the last one (a clock set back) is no new day.
    """
    refused: list[date] = []
    for attempt in attempts:
        if attempt.outcome == Outcome.SENT.value:
            refused.clear()
        elif attempt.outcome == Outcome.REFUSED.value and attempt.day > max(refused, default=date.min):
            refused.append(attempt.day)
    return len(refused) >= REFUSALS


def _is_about_address(phase: Phase, code: int, status: re.Match[str] | None) -> bool:
    if phase is Phase.SENDER:
        return False
    if status is None:
        return phase is Phase.RECIPIENT and code in _MAILBOX_CODES
    if status["subject"] == "1":
        return status["detail"] not in _SENDERS_DETAILS
    return (status["subject"], status["detail"]) == _MAILBOX_DISABLED


_STATUS = re.compile(r"\s*(?P<kind>[245])\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})(?![\d.])")
_MAILBOX_CODES = (550, 551, 553)
"""RFC 5321, 4.2.3: mailbox unavailable, user not local, mailbox name not allowed."""
_SENDERS_DETAILS = ("7", "8", "9")
"""RFC 3463, 3.2 and RFC 5248: bad sender's mailbox, bad sender's system, relayed to a non-compliant mailer."""
_MAILBOX_DISABLED = ("2", "1")
