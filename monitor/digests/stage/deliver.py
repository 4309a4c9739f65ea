"""DELIVER: every digest that waits is handed to the mail server, one by one; what it answers decides about each alone.

Claiming a digest and commits, sending with no transaction open, recording the outcome and commits. Whoever is killed in
between loses nothing: a claim without a living sender is taken up again under the same Message-ID.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from typing import assert_never

import structlog

from monitor.digests.message import make_message
from monitor.digests.replies import Attempt, Outcome, are_own, is_unreachable
from monitor.digests.smtp import Mailer
from storage import digests as storage
from storage.digests import DigestRow
from storage.engine.database import Database
from storage.engine.locks import delivery_lock
from storage.trouble.fence import Fence, fenced

log = structlog.get_logger()


@dataclass
class _Round:
    """What came of handing over the digests that waited: how many, whom the server took, whom it refused, its troubles.

    `refused` is contact and reply by digest: whose fault a refusal is shows only beside the others.
    """

    tally: Counter[str]
    taken: set[int] = field(default_factory=set)
    refused: dict[int, tuple[int, str]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def deliver_digests(database: Database, mailer: Mailer, sender: str, today: date) -> dict[str, int]:
    """Send every digest that waits; take up those whose sender died. One process at a time; the next finds nothing."""
    tally = Counter[str]({"recovered": 0} | {outcome.value: 0 for outcome in Outcome})
    with delivery_lock(database) as held:
        if not held:
            log.info("another process is delivering")
            return dict(tally)
        with fenced(database, "deliver") as fence:
            _deliver_all(database, mailer, sender, today, _Round(tally), fence)
        return dict(tally) | fence.tally


def _deliver_all(database: Database, mailer: Mailer, sender: str, today: date, now: _Round, fence: Fence) -> None:
    with database.session() as session:
        now.tally["recovered"] = storage.recover_claims(session)
        session.commit()
        waiting = storage.waiting_digests(session)
    for digest_id in waiting:
        with fence.unit(f"digest {digest_id}"):
            _deliver(database, mailer, sender, today, digest_id, now)
    _conclude(database, now)
    if now.troubles:
        fence.set_aside("mail server", f"{len(now.troubles)} digests wait. The last answer: {now.troubles[-1]}")
    with database.session() as session:
        unreachable = storage.unreachable_contacts(session)
    for contact, reply in unreachable:
        fence.remark(f"contact {contact.id}", f"not written to any more: {reply}", contact.email)


def _deliver(database: Database, mailer: Mailer, sender: str, today: date, digest_id: int, now: _Round) -> None:
    """Send one digest. The message is made before the claim: what cannot be written was never at the sending."""
    with database.session() as session:
        row = storage.digest_to_send(session, digest_id)
        message, to = _message(row, sender), row.contact.email
        if not storage.claim_digest(session, digest_id, today):
            return
    outcome, reply = mailer.send(message, to)
    with database.session() as session:
        storage.keep_outcome(session, digest_id, _first_called(outcome).value, reply, _status_after(outcome))
    log.info("digest handed over", digest=digest_id, outcome=outcome.value)
    if outcome is Outcome.REFUSED:
        now.refused[digest_id] = row.contact_id, reply
        return
    now.tally[outcome.value] += 1
    if outcome is Outcome.SENT:
        now.taken.add(row.contact_id)
    elif _is_servers_trouble(outcome, is_old=row.made_on < today):
        now.troubles.append(reply)


def _first_called(outcome: Outcome) -> Outcome:
    """A refusal is not held against the address before it is known what the server did with the others."""
    return Outcome.BLOCKED if outcome is Outcome.REFUSED else outcome


def _status_after(outcome: Outcome) -> str:
    return "sent" if outcome is Outcome.SENT else "waiting"


def _is_servers_trouble(outcome: Outcome, *, is_old: bool) -> bool:
    """Whether an outcome speaks of the server; a message put off is normal on its first day, and not after it."""
    match outcome:
        case Outcome.SENT | Outcome.REFUSED:
            return False  # a refusal is judged beside the others
        case Outcome.BLOCKED | Outcome.IN_DOUBT:
            return True
        case Outcome.DEFERRED:
            return is_old
        case _:
            assert_never(outcome)


def _conclude(database: Database, now: _Round) -> None:
    """Hold refusals against the addresses or the server; give up contacts whose own they were once too often."""
    refused = {contact for contact, _ in now.refused.values()}
    if not are_own(len(refused), len(now.taken - refused)):
        now.tally[Outcome.BLOCKED.value] += len(now.refused)
        now.troubles += [reply for _, reply in now.refused.values()]
        return
    now.tally[Outcome.REFUSED.value] += len(now.refused)
    with database.session() as session:
        storage.confirm_refusals(session, now.refused)
        session.commit()
        for contact in storage.contacts_of(session, now.refused):
            if is_unreachable(Attempt(*attempt) for attempt in storage.attempts_of(session, contact)):
                storage.give_up(session, contact)
                log.warning("contact unreachable", contact=contact.id)


def _message(row: DigestRow, sender: str) -> EmailMessage:
    return make_message(
        sender=sender,
        to=row.contact.email,
        subject=row.subject,
        text=row.text,
        html=row.html,
        calendar=row.calendar,
        message_id=row.message_id,
        made_on=row.made_on,
        made_at=row.made_at,
    )
