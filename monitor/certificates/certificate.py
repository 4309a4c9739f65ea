"""Certificate: who holds what, based on which rule, edition and standards, until when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.notation.standards import StandardRef


class Status(StrEnum):
    """How a certificate stands with its authority."""

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Frequency(StrEnum):
    """How often a contact wants to hear, from the most often to the least."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds certificates."""

    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is written to; `frequency` None leaves a known contact's as it is."""

    email: str
    frequency: Frequency | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate.

    `family` and `edition` are those of the rule it rests on (edition None where the certificate names only the
    family), `rule_printed` is how it is written there. `cop_due` is the day of its test of conformity of production;
    `consultant` is who looks after it, by address or name. An empty text is "not known".
    """

    number: str
    holder: Holder
    rule_printed: str
    family: str
    edition: str | None = None
    product: str = ""
    standards: tuple[StandardRef, ...] = ()
    issued: date | None = None
    expires: date | None = None
    next_surveillance: date | None = None
    last_surveillance: date | None = None
    cop_due: date | None = None
    factory: str = ""
    models: str = ""
    consultant: str = ""
    language: str = ""
    time_zone: str = ""
    status: Status = Status.VALID
    contacts: tuple[Contact, ...] = ()

    def ended(self, today: date) -> str | None:
        """Return why the certificate can no longer be concerned by a change, None while it can."""
        return ended_because(self.status, self.expires, today)


def ended_because(status: Status, expires: date | None, today: date) -> str | None:
    """Return why a certificate has ended, None where it has not.

    A suspended certificate can still be saved, so it is concerned.
    """
    if status in (Status.WITHDRAWN, Status.CANCELLED, Status.EXPIRED):
        return f"the certificate is {status.value}"
    if expires is not None and expires < today:
        return f"the certificate expired on {expires.isoformat()}"
    return None
