"""What a person may do about sections: see what visits taught of each, and confirm one that is read rightly."""

from datetime import date
from typing import Any

from monitor.errors import BadInput
from storage.changelog import newest_visits
from storage.detection import Session
from storage.sections import confirm_section, section_of, sections_of


def known_sections(session: Session) -> list[dict[str, Any]]:
    """Return every section that was visited: its newest verdict, how it is read, what was learned, if confirmed."""
    taught = {(row.authority, row.section): row for row in sections_of(session)}
    found = []
    for visit in newest_visits(session):
        row = taught.get((visit.authority, visit.section))
        found.append(
            {
                "authority": visit.authority,
                "section": visit.section,
                "status": visit.status,
                "rows": visit.listed,
                "read_as": row.shape if row else visit.family,
                "declared_family": visit.family,
                "volatile": row.volatile if row else [],
                "confirmed_on": row.confirmed_on.isoformat() if row and row.confirmed_on else None,
                "is_confirmed": bool(row and row.is_confirmed),
                "advice": visit.advice,
            }
        )
    return found


def sentence(row: dict[str, Any]) -> str:
    """Return one section of `known_sections` in a sentence."""
    volatile = f"; of its addresses {', '.join(row['volatile'])} changes from visit to visit" if row["volatile"] else ""
    confirmed = f"; confirmed on {row['confirmed_on']}" if row["is_confirmed"] else ""
    if row["confirmed_on"] and not row["is_confirmed"]:
        confirmed = f"; was confirmed on {row['confirmed_on']}, is built in another way now"
    reading = f"read as {row['read_as']}" if row["read_as"] else "never read"
    return f"{row['authority']}/{row['section']}: {row['status']}, {row['rows']} rows, {reading}{volatile}{confirmed}"


def confirm(session: Session, name: str, on: date) -> str:
    """Confirm a section, named as AUTHORITY/SECTION, as it is read now; return how that is.

    Raises:
        BadInput: there is no section of that name, or it was never read.
    """
    authority, _, section = name.partition("/")
    if not confirm_section(session, authority, section, on):
        known = ", ".join(f"{row.authority}/{row.section}" for row in sections_of(session)) or "none yet"
        raise BadInput(f'"{name}" is not a section that was read (known are {known})')
    row = section_of(session, authority, section)
    assert row is not None
    return row.shape
