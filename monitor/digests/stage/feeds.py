"""FEEDS: each contact's calendar as it stands, kept after composing and written as a file beside the digests."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from monitor.certificates.calendar import Duty
from monitor.certificates.certificate import Status, ended_because
from monitor.certificates.kept import days_of_match
from monitor.changes.days import Day, Step
from monitor.digests.feed import Standing, feed_of, is_current
from monitor.digests.stage.remind import days_of_certificates
from storage.engine.database import Database
from storage.telling import reminders as storage
from storage.telling.reminders import Looked
from storage.trouble.fence import Fence, fenced

SHORT_HASH = 8
MADE_OF = 24
CONTACTS_AT_ONCE = 200
"""Contacts whose certificates are looked at together: most have the feed already that they would get."""


def make_feeds(database: Database, today: date, sender: str, distances: Sequence[int], fence: Fence) -> None:
    """Keep the feed of every contact that ever got a digest, where it differs from the one kept."""
    with database.session() as session:
        contacts = storage.contacts_to_feed(session)
    stale: list[int] = []

    def look(some: Sequence[int]) -> None:
        with database.session() as session:
            heads = storage.feed_heads(session, some)
            for contact_id, looked in storage.looked_at(session, some).items():
                head, file = heads[contact_id]
                if not is_current(head, _made_of(looked, file, sender, today, distances), today):
                    stale.append(contact_id)

    for start in range(0, len(contacts), CONTACTS_AT_ONCE):
        fence.each(contacts[start : start + CONTACTS_AT_ONCE], lambda number: f"calendar of contact {number}", look)
    for contact_id, unit in fence.units(dict.fromkeys(stale), lambda number: f"calendar of contact {number}"):
        with unit, database.session() as session:
            _make_feed(session, contact_id, sender, today, distances)


def _make_feed(session: Any, contact_id: int, sender: str, today: date, distances: Sequence[int]) -> None:
    looked = storage.looked_at(session, [contact_id])[contact_id]
    made_of = _made_of(looked, storage.feed_heads(session, [contact_id])[contact_id][1], sender, today, distances)
    kept = storage.feed_of(session, contact_id)
    since = kept.made_on if kept else date.min
    before = [*([kept.content] if kept else []), *storage.calendars_since(session, contact_id, since)]
    feed = feed_of(before, standing_of(looked, today), sender, today, distances, made_of)
    if kept is None or kept.content != feed:
        storage.keep_feed(session, contact_id, feed, today)
        session.commit()


def _made_of(looked: Looked, file: int, sender: str, today: date, distances: Sequence[int]) -> str:
    """Return a name for all that a feed is made from besides the one before: the same name, the same feed."""
    standing = standing_of(looked, today)
    changes = sorted(
        (change, day.on, day.step.value, sorted(numbers)) for (change, day), numbers in standing.changes.items()
    )
    said = repr((file, sender, tuple(distances), list(standing.own), changes))
    return hashlib.sha256(said.encode()).hexdigest()[:MADE_OF]


def write_feeds(database: Database, folder: Path) -> dict[str, int]:
    """Write each feed into a folder, where the file is not it already; the address is the name. Safe to repeat."""
    written = 0
    with fenced(database, "feeds") as fence:
        with database.session() as session:
            feeds = storage.all_feeds(session)
        for email, content in feeds:
            with fence.unit(f"calendar file of {email}"):
                written += _write(folder / file_name(email), content.encode())
    return {"written": written} | fence.tally


def file_name(email: str) -> str:
    """Return the name of a contact's calendar file: its address, and a hash where that cannot be a file's name."""
    plain = re.sub(r"[^a-z0-9@._+\-]", "_", email)
    if plain == email and len(plain) < 150:
        return f"{plain}.ics"
    return f"{plain[:150]}-{hashlib.sha256(email.encode()).hexdigest()[:SHORT_HASH]}.ics"


def standing_of(looked: Looked, today: date) -> Standing:
    """Return the days that stand for a contact: of its certificates' own calendars, and of what it was told."""
    changes: dict[tuple[int, Day], set[str]] = {}
    rows, told = {row.id: row for row in looked.certificates}, looked.told
    ends = {match.certificate_id for match, _, _ in told if match.step in (Step.RENEW_BY, Step.EXPIRES)}
    days = (day for day in days_of_certificates(rows.values(), told, today) if not day.of_change)
    own = [day for day in days if not (day.about == Duty.EXPIRY and day.certificate_id in ends)]
    ended = {row.id for row in rows.values() if ended_because(Status(row.status), row.expires, today)}
    for match, change, _ in told:
        if match.certificate_id not in ended:
            for day in days_of_match(match):
                changes.setdefault((change.id, day), set()).add(rows[match.certificate_id].number)
    return Standing(own, changes)


def _write(path: Path, data: bytes) -> bool:
    """Write a file whole or not at all; return whether it was other than it is now."""
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(data)
    partial.replace(path)
    return True
