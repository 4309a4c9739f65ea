"""Incident: a stretch of time in which a section could not be trusted, or a piece of work could not be done; what the
operator is told of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from monitor.digests.message import one_line, sender_address

NAMED = 20
"""So many units that were set aside are named in a message; the page Health has all of them."""


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


@dataclass(frozen=True, slots=True)
class SetAside:
    """A unit of a stage that could not be done; `is_over` where a later run did it."""

    id: int
    stage: str
    unit: str
    about: str | None
    reason: str
    since: datetime
    is_over: bool

    @property
    def name(self) -> str:
        """The unit, as an operator calls it."""
        return f"{self.stage}: {self.unit}" + (f" ({self.about})" if self.about else "")


def operator_message(
    incidents: Sequence[Incident], sender: str, to: str, at: datetime, set_aside: Sequence[SetAside] = ()
) -> EmailMessage:
    """Return one message about what began or ended; the same incidents and units give the same Message-ID."""
    address = sender_address(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = to
    message["Subject"] = one_line(subject(incidents, set_aside))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<rulewatch.incidents.{_fingerprint(incidents, set_aside)}@{address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(incidents, set_aside))
    return message


def subject(incidents: Sequence[Incident], set_aside: Sequence[SetAside] = ()) -> str:
    """Return what happened in one line."""
    begun, over = _begun(incidents), _over(incidents)
    failed, done = _failed(set_aside)
    parts = []
    if begun:
        parts.append(f"cannot be trusted: {', '.join(incident.name for incident in begun)}")
    if failed:
        parts.append(f"could not be done: {failed[0].name}{f' and {len(failed) - 1} more' if failed[1:] else ''}")
    if over:
        parts.append(f"healthy again: {', '.join(incident.name for incident in over)}")
    if done:
        parts.append(f"done after all: {len(done)}")
    return f"Rulewatch: {'; '.join(parts)}"


def text(incidents: Sequence[Incident], set_aside: Sequence[SetAside] = ()) -> str:
    """Return what is wrong, what follows from it, and what to do."""
    begun, over = _begun(incidents), _over(incidents)
    lines = [line for incident in begun for line in _beginning(incident)]
    if begun:
        lines += ["While this lasts, nothing is reported as changed or withdrawn from these sections.", ""]
    lines += [line for incident in over for line in _end(incident)]
    lines += _set_aside(set_aside)
    return "\n".join([*lines, "To see how a section is read now: rulewatch probe", ""])


def _set_aside(units: Sequence[SetAside]) -> list[str]:
    failed, done = _failed(units)
    lines = []
    if failed:
        lines += ["Could not be done and was set aside; everything else went on, and each run tries it again:", ""]
        lines += [f"  {unit.name}, since {unit.since:%Y-%m-%d %H:%M} UTC\n    {unit.reason}" for unit in failed[:NAMED]]
        lines += [f"  and {len(failed) - NAMED} more, on the page Health"] if failed[NAMED:] else []
        lines.append("")
    if done:
        more = f" and {len(done) - NAMED} more" if done[NAMED:] else ""
        lines += [f"Done after all, or no longer wanted: {', '.join(unit.name for unit in done[:NAMED])}{more}", ""]
    return lines


def _failed(units: Iterable[SetAside]) -> tuple[list[SetAside], list[SetAside]]:
    """Return those that still fail, and those that are over."""
    all_units = list(units)
    return [unit for unit in all_units if not unit.is_over], [unit for unit in all_units if unit.is_over]


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


def _fingerprint(incidents: Iterable[Incident], units: Iterable[SetAside]) -> str:
    keys = sorted(f"{incident.id}:{incident.closed_on is None}" for incident in incidents)
    keys += sorted(f"set aside {unit.id}:{unit.is_over}" for unit in units)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
