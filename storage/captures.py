"""Captures, listings and addresses: what the authority's servers answered, and what is known of each address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, false, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.engine.database import Base, insert_ignore, insert_missing


class CaptureRow(Base):
    """One HTTP answer, kept byte for byte; never rewritten.

    `kind` is list, article or file. `parent_url` is the page that linked to it, `name` the name a reader saw or
    the server gave. An answer whose bytes are those of the newest capture of the same address is not kept
    again (AddressRow.verified_on says that it was seen), so A → B → A is three captures. `trouble` says why an
    answer is evidence but no document: a challenge page, a cut-off file. `family` is the page reader that fits.
    """

    __tablename__ = "captures"
    __table_args__ = (UniqueConstraint("visit_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    authority: Mapped[str]
    section: Mapped[str]
    role: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str] = mapped_column(index=True)
    parent_url: Mapped[str | None]
    name: Mapped[str | None]
    family: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, str]]
    content_type: Mapped[str | None]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    fetched_at: Mapped[datetime]
    today: Mapped[date]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"))
    trouble: Mapped[str | None]


def named_hashes(session: Session) -> dict[str, int]:
    """Return the hash of every kept answer, each with the number of the first capture that has it."""
    query = select(CaptureRow.sha256, func.min(CaptureRow.id)).group_by(CaptureRow.sha256)
    return dict(session.execute(query).all())


class ListingRow(Base):
    """One row of a section as it stood at one visit."""

    __tablename__ = "listings"
    __table_args__ = (UniqueConstraint("visit_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    position: Mapped[int]
    title: Mapped[str]
    url: Mapped[str] = mapped_column(index=True)
    published: Mapped[date | None]
    pinned: Mapped[bool] = mapped_column(default=False)


class AddressRow(Base):
    """What the crawler knows of one address: its newest capture, validators, when it was last verified.

    `first_visit_id` is the visit that first saw a link to it, whether or not it could be fetched: an address known
    since the baseline stays baseline even when its first bytes come later. `verified_on` is the day on which a server
    last said anything about it (304 and 404 included), `hashed_on` the day on which its bytes were last compared.
    `seen_visit_id` is the visit that last saw the bytes of its newest capture. `in_doubt` says that detection waits for
    another look at them. `moved_to` is where the page stands now, if the site gave it another address.
    """

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("authority", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str]
    section: Mapped[str]
    url: Mapped[str]
    kind: Mapped[str]
    parent_url: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str | None]
    published: Mapped[date | None]
    first_visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"))
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    verified_on: Mapped[date | None] = mapped_column(index=True)
    hashed_on: Mapped[date | None]
    seen_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    in_doubt: Mapped[bool] = mapped_column(default=False, server_default=false())
    moved_to: Mapped[str | None]


def listings_of(session: Session, visit_id: int) -> list[ListingRow]:
    """Return a visit's rows in their order."""
    query = select(ListingRow).where(ListingRow.visit_id == visit_id).order_by(ListingRow.position)
    return list(session.scalars(query))


def address_of(session: Session, authority: str, url: str) -> AddressRow | None:
    """Return what is known of an address, None for a new one."""
    return session.scalar(select(AddressRow).where(AddressRow.authority == authority, AddressRow.url == url))


def files_of(session: Session, authority: str, parent_url: str) -> list[AddressRow]:
    """Return the files that an article links, as known now."""
    query = select(AddressRow).where(
        AddressRow.authority == authority, AddressRow.parent_url == parent_url, AddressRow.kind == "file"
    )
    return list(session.scalars(query.order_by(AddressRow.id)))


def known_addresses(session: Session, authority: str) -> Iterator[tuple[AddressRow, CaptureRow | None]]:
    """Yield every address of an authority with its newest good capture."""
    query = select(AddressRow, CaptureRow).outerjoin(CaptureRow, AddressRow.capture_id == CaptureRow.id)
    for row in session.execute(query.where(AddressRow.authority == authority).order_by(AddressRow.id)):
        yield row[0], row[1]


@dataclass(slots=True)
class Batch:
    """What a crawl found since it last wrote, to be kept in one transaction: all of it or nothing.

    `states` are what is now known of addresses, by authority and address. Where one holds `kept_in`, a visit, the
    capture of that visit becomes the newest of the address; where the visit had kept one before, nothing changes.
    """

    addresses: list[dict[str, Any]] = field(default_factory=list)
    listings: list[dict[str, Any]] = field(default_factory=list)
    captures: list[dict[str, Any]] = field(default_factory=list)
    states: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def keep_batch(session: Session, batch: Batch) -> dict[str, int]:
    """Keep a batch and return the ids of its captures by address; what is there already is left as it is."""
    insert_missing(session, AddressRow, batch.addresses)
    insert_missing(session, ListingRow, batch.listings)
    ids = _keep_captures(session, batch.captures)
    _update_addresses(session, batch.states, ids)
    return {url: capture_id for (_, url), capture_id in ids.items()}


def _keep_captures(session: Session, rows: Sequence[dict[str, Any]]) -> dict[tuple[int, str], int]:
    if not rows:
        return {}
    statement = insert_ignore(session, CaptureRow).returning(CaptureRow.visit_id, CaptureRow.url, CaptureRow.id)
    return {(row.visit_id, row.url): row.id for row in session.execute(statement, rows)}


def _update_addresses(
    session: Session, states: Mapping[tuple[str, str], Mapping[str, Any]], ids: Mapping[tuple[int, str], int]
) -> None:
    rows: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for (authority, url), state in states.items():
        values = dict(state)
        kept_in = values.pop("kept_in", None)
        if kept_in is not None:
            if (kept_in, url) not in ids:
                continue
            values["capture_id"] = ids[kept_in, url]
        rows.setdefault(tuple(sorted(values)), []).append(values | {"of_authority": authority, "of_url": url})
    table = AddressRow.__table__.c
    condition = (table.authority == bindparam("of_authority"), table.url == bindparam("of_url"))
    for columns, values_of_each in rows.items():
        statement = update(AddressRow.__table__).where(*condition)  # type: ignore[arg-type]
        session.connection().execute(statement.values({name: bindparam(name) for name in columns}), values_of_each)


def find_capture(session: Session, what: str) -> CaptureRow | None:
    """Return the newest capture of an address, or the one of a number or a SHA-256 (or its first 8 digits or more);
    None where there is none."""
    query = select(CaptureRow).order_by(CaptureRow.id.desc()).limit(1)
    if what.isascii() and what.isdigit() and len(what) < 8:
        return session.get(CaptureRow, int(what))
    if len(what) >= 8 and set(what.lower()) <= set("0123456789abcdef"):
        return session.scalar(query.where(CaptureRow.sha256.startswith(what.lower())))
    return session.scalar(query.where(CaptureRow.url == what))
