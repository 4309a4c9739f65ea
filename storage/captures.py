"""Captures, listings and addresses: what the authority's servers answered, and what is known of each address."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base


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
    since the baseline stays baseline even when its first bytes come later.
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
