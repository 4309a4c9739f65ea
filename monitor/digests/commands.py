"""What a person may do with digests: see what was sent to whom and what waits, and send again what was refused."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from monitor.errors import BadInput
from monitor.notation.addresses import as_kept
from storage import digests as storage
from storage.certificates import ContactRow, contact_of
from storage.digests import AlertRow, DigestRow
from storage.engine.database import Database
from storage.runs import now


def list_digests(database: Database) -> list[dict[str, Any]]:
    """Return what was sent to whom and what waits, as `rulewatch digests --json` prints it.

    `alerts` are the ids of the changes told, `updates` of those among them that were told before and say old → new.
    What is held for a consultant, or waits for the contact's next period, is
    in no message yet: one entry a contact and status, without `id` and `message_id`, its `period` the day since when
    it waits and its `reply` why.
    """
    with database.session() as session:
        composed = [_composed(row) for row in storage.all_digests(session)]
        owed = sorted(storage.all_owed(session), key=_ahead)
        return composed + [_to_come(status, [*items]) for (_, status), items in groupby(owed, key=_ahead)]


def send_again(database: Database, email: str) -> int:
    """Make a contact active again and let what was refused go with the next cycle; return how many digests."""
    with database.session() as session:
        contact = contact_of(session, as_kept(email))
        if contact is None:
            raise BadInput(f"no contact has the address {email}")
        contact.state, contact.active_since = "active", now()
        count = storage.retry_failed(session, contact.id)
        session.commit()
    return count


def _composed(row: DigestRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "contact": row.contact.email,
        "period": row.period,
        **_told([item.alert for item in row.alerts]),
        "reminders": len(row.reminders),
        "status": "waiting" if row.status == "sending" else row.status,
        "attempts": len(row.deliveries),
        "message_id": row.message_id,
        "subject": row.subject,
        "reply": row.deliveries[-1].reply if row.deliveries else None,
    }


def _told(rows: Sequence[AlertRow]) -> dict[str, list[int]]:
    """The changes that alerts tell, and those of them that a holder was told before."""
    updates = dict.fromkeys(row.change_id for row in rows if row.update_of is not None)
    return {"alerts": list(dict.fromkeys(row.change_id for row in rows)), "updates": list(updates)}


def _ahead(item: tuple[ContactRow, AlertRow]) -> tuple[str, str]:
    contact, alert = item
    return contact.email, "waiting" if alert.held_because is None and alert.released_on else "held"


def _to_come(status: str, items: list[tuple[ContactRow, AlertRow]]) -> dict[str, Any]:
    contact, rows = items[0][0], [alert for _, alert in items]
    return {
        "id": None,
        "contact": contact.email,
        "period": min(row.made_on for row in rows).isoformat(),
        **_told(rows),
        "reminders": 0,
        "status": status,
        "attempts": 0,
        "message_id": None,
        "subject": None,
        "reply": "; ".join(sorted({row.held_because for row in rows if row.held_because})) or None,
    }
