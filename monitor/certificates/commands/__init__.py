"""What a person may do with certificates: import them, show them, pause a contact and resume it, list what concerns
them."""

from typing import Any

from monitor.certificates.commands.ahead import asked_for, look_ahead
from monitor.certificates.commands.exporting import export_certificates, make_template
from monitor.certificates.commands.importing import import_certificates
from monitor.certificates.commands.listing import history_of_certificate, list_certificates, show_certificate
from monitor.errors import BadInput
from monitor.notation.addresses import as_kept
from storage import certificates as storage
from storage.engine.database import Database

__all__ = (
    "asked_for",
    "export_certificates",
    "history_of_certificate",
    "import_certificates",
    "list_certificates",
    "list_contacts",
    "list_matches",
    "look_ahead",
    "make_template",
    "set_contact_state",
    "show_certificate",
)


def set_contact_state(database: Database, email: str, state: str) -> None:
    """Pause a contact, or make it active again; raises BadInput for an unknown one."""
    if state not in ("active", "paused"):
        raise BadInput(f'"{state}" is not a state of a contact (expected active or paused)')
    with database.session() as session:
        row = storage.contact_of(session, as_kept(email))
        if row is None:
            raise BadInput(f"no contact has the address {email}")
        row.state = state
        session.commit()


def list_contacts(database: Database) -> list[dict[str, Any]]:
    """Return who is written to for whom, as `rulewatch contacts list --json` prints it."""
    with database.session() as session:
        return [
            {
                "contact": row.email,
                "state": row.state,
                "frequency": row.frequency,
                "holders": sorted(holder.name for holder in row.holders),
            }
            for row in storage.all_contacts(session)
        ]


def list_matches(database: Database) -> list[dict[str, Any]]:
    """Return which certificates each change concerns, as `rulewatch matches --json` prints it."""
    with database.session() as session:
        return [
            {
                "change": row.change_id,
                "certificate": row.certificate.number,
                "holder": row.certificate.holder.name,
                "certainty": row.certainty,
                "because": row.because,
                "severity": row.severity,
                "action": row.action,
                "deadline": row.deadline.isoformat() if row.deadline else None,
                "deadline_note": row.deadline_note,
                "consequence": row.consequence,
                "step": row.step,
                "days": row.days,
                "reckoned": row.reckoned,
                "settled_on": row.settled_on.isoformat() if row.settled_on else None,
            }
            for row in storage.all_matches(session)
        ]
