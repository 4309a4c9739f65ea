"""Whose fault a refusal is: the address's by its own code, else the server's; and when an address is given up."""

from datetime import date

import pytest

from monitor.digests.replies import Attempt, Outcome, Phase, are_own, is_unreachable, judge

ADDRESS = [
    (Phase.RECIPIENT, 550, "5.1.1 no such mailbox"),
    (Phase.RECIPIENT, 550, "5.1.2 bad destination system"),
    (Phase.RECIPIENT, 553, "5.1.3 bad destination syntax"),
    (Phase.RECIPIENT, 551, "5.1.6 mailbox has moved"),
    (Phase.RECIPIENT, 556, "5.1.10 recipient address has null MX"),
    (Phase.RECIPIENT, 550, "5.1.0 address rejected"),
    (Phase.RECIPIENT, 550, "5.2.1 mailbox disabled"),
    (Phase.RECIPIENT, 550, "no such user here"),
    (Phase.RECIPIENT, 551, "user not local"),
    (Phase.RECIPIENT, 553, "mailbox name not allowed"),
    (Phase.MESSAGE, 550, "5.1.1 no such mailbox"),
    (Phase.END, 550, "5.1.1 no such mailbox"),
]
SERVER = [
    (Phase.RECIPIENT, 554, "relay access denied"),
    (Phase.RECIPIENT, 554, "5.7.1 relay access denied"),
    (Phase.RECIPIENT, 550, "5.7.1 your address is listed"),
    (Phase.RECIPIENT, 550, "5.7.26 unauthenticated mail"),
    (Phase.RECIPIENT, 550, "5.4.1 recipient rejected: access denied"),
    (Phase.RECIPIENT, 550, "5.3.0 system trouble"),
    (Phase.RECIPIENT, 552, "5.2.2 mailbox full"),
    (Phase.RECIPIENT, 550, "5.1.8 bad sender's system address"),
    (Phase.RECIPIENT, 553, "5.1.7 bad sender's mailbox address"),
    (Phase.RECIPIENT, 530, "5.7.0 authentication required"),
    (Phase.RECIPIENT, 503, "5.5.1 bad sequence"),
    (Phase.RECIPIENT, 500, "what?"),
    (Phase.SENDER, 550, "5.1.1 no such sender"),
    (Phase.SENDER, 553, "sender not allowed"),
    (Phase.SENDER, 552, "5.3.4 message too big"),
    (Phase.MESSAGE, 554, "no valid recipients"),
    (Phase.END, 554, "looks like spam"),
    (Phase.END, 550, "this looks like spam"),
    (Phase.END, 554, "5.6.0 bad content"),
    (Phase.END, 554, "5.7.1 not wanted"),
]
LATER = [
    (Phase.RECIPIENT, 450, "4.2.0 greylisted"),
    (Phase.RECIPIENT, 451, "4.7.1 try later"),
    (Phase.RECIPIENT, 450, "5.1.1 a temporary code with a permanent status"),
    (Phase.RECIPIENT, 550, "4.1.1 a permanent code with a temporary status"),
    (Phase.RECIPIENT, 421, "closing"),
    (Phase.RECIPIENT, -1, "what a proxy says"),
    (Phase.RECIPIENT, 354, "an answer that does not fit"),
    (Phase.SENDER, 451, "4.3.0 trouble"),
    (Phase.SENDER, -1, ""),
    (Phase.MESSAGE, 250, "an answer that does not fit"),
    (Phase.MESSAGE, -1, ""),
    (Phase.END, 452, "4.3.1 disk full"),
]
IN_DOUBT = [(Phase.END, code, "no reply") for code in (-1, 0, 99, 150, 300, 354, 399, 600, 999)]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        *((answer, Outcome.REFUSED) for answer in ADDRESS),
        *((answer, Outcome.BLOCKED) for answer in SERVER),
        *((answer, Outcome.DEFERRED) for answer in LATER),
        *((answer, Outcome.IN_DOUBT) for answer in IN_DOUBT),
        *(((Phase.END, code, "taken"), Outcome.SENT) for code in (200, 250, 251, 252, 299)),
    ],
    ids=str,
)
def test_reply_means(answer: tuple[Phase, int, str], outcome: Outcome) -> None:
    assert judge(*answer) is outcome


def test_only_a_positive_reply_to_the_final_dot_is_a_success() -> None:
    codes = range(-10, 1000)
    sent = {(phase, code) for phase in Phase for code in codes if judge(phase, code, "") is Outcome.SENT}
    assert sent == {(Phase.END, code) for code in range(200, 300)}


def days(*attempts: tuple[int, str]) -> list[Attempt]:
    """Attempts on days of March."""
    return [Attempt(date(2026, 3, day), outcome) for day, outcome in attempts]


@pytest.mark.parametrize(
    ("attempts", "unreachable"),
    [
        (days((2, "refused"), (3, "refused")), True),
        (days((2, "refused"), (2, "deferred"), (4, "blocked"), (5, "refused")), True),
        (days((2, "refused")), False),
        (days((2, "refused"), (2, "refused"), (2, "refused")), False),
        (days((3, "refused"), (2, "refused"), (3, "refused")), False),
        (days((2, "refused"), (3, "sent"), (4, "refused")), False),
        (days(*((day, "blocked") for day in range(2, 30))), False),
        (days(*((day, "deferred") for day in range(2, 30))), False),
        (days(*((day, "in_doubt") for day in range(2, 30))), False),
        ([], False),
    ],
)
def test_address_is_given_up_only_by_its_own_code_on_two_days(attempts: list[Attempt], unreachable: bool) -> None:
    assert is_unreachable(attempts) is unreachable


@pytest.mark.parametrize(
    ("refused", "taken", "own"),
    [(1, 1, True), (1, 600, True), (60, 600, True), (1, 0, False), (2, 1, False), (2, 19, False), (61, 600, False),
     (600, 0, False), (0, 9, False)],
)  # fmt: skip
def test_refusals_are_the_addresses_own_where_the_server_takes_others(refused: int, taken: int, own: bool) -> None:
    assert are_own(refused, taken) is own
