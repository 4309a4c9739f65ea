"""Incident: a stretch of time in which a section could not be trusted; what the operator is told of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from monitor.digests.message import one_line, sender_address


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as it stands; `closed_on` is None while it lasts."""

    id: int
    authority: str
    section: str
    status: str
    reason: str | None
    advice: str | None
    opened_on: date
    closed_on: date | None

    @property
    def name(self) -> str:
        """The section, as an operator calls it."""
        return f"{self.authority}/{self.section}"


def operator_message(incidents: Sequence[Incident], sender: str, to: str, at: datetime) -> EmailMessage:
    """Return one message about incidents that began or ended; the same incidents give the same Message-ID."""
    address = sender_address(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = to
    message["Subject"] = one_line(subject(incidents))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<rulewatch.incidents.{_fingerprint(incidents)}@{address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(incidents))
    return message


def subject(incidents: Sequence[Incident]) -> str:
    """Return what happened in one line."""
    begun, over = _begun(incidents), _over(incidents)
    parts = []
    if begun:
        parts.append(f"cannot be trusted: {', '.join(incident.name for incident in begun)}")
    if over:
        parts.append(f"healthy again: {', '.join(incident.name for incident in over)}")
    return f"Rulewatch: {'; '.join(parts)}"


def text(incidents: Sequence[Incident]) -> str:
    """Return what is wrong with which section, what follows from it, and what to do."""
    begun, over = _begun(incidents), _over(incidents)
    lines = [line for incident in begun for line in _beginning(incident)]
    if begun:
        lines += ["While this lasts, nothing is reported as changed or withdrawn from these sections.", ""]
    lines += [line for incident in over for line in _end(incident)]
    return "\n".join([*lines, "To see how a section is read now: rulewatch probe", ""])


def _begun(incidents: Iterable[Incident]) -> list[Incident]:
    return [incident for incident in incidents if incident.closed_on is None]


def _over(incidents: Iterable[Incident]) -> list[Incident]:
    return [incident for incident in incidents if incident.closed_on is not None]


def _beginning(incident: Incident) -> list[str]:
    what = f"{incident.name} is {incident.status} since {incident.opened_on}."
    advice = [f"  What to do: {incident.advice}"] if incident.advice else []
    return [what, f"  Why: {incident.reason or 'not known'}", *advice, ""]


def _end(incident: Incident) -> list[str]:
    return [f"{incident.name} is healthy again since {incident.closed_on} (trouble began on {incident.opened_on}).", ""]


def _fingerprint(incidents: Iterable[Incident]) -> str:
    keys = sorted(f"{incident.id}:{incident.closed_on is None}" for incident in incidents)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
