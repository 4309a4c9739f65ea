"""Sections: what repeated visits taught of each, and what a person confirmed once and for all."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.engine.database import Base, insert_missing

_NOTHING: dict[str, object] = {"volatile": [], "suspected": [], "shape": ""}


class SectionRow(Base):
    """What is known of a section besides its settings.

    `volatile` are the parts of its addresses that change from visit to visit while the rest agrees, `suspected` those
    that did so once (crawler.visit.identity).
    `shape` is how its pages were read last: the family of its list and that of its articles. A person confirmed the
    section while it had the shape `confirmed_shape`: as long as it has, its reading is no doubt.
    """

    __tablename__ = "sections"

    authority: Mapped[str] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    volatile: Mapped[list[str]] = mapped_column(default=list)
    suspected: Mapped[list[str]] = mapped_column(default=list)
    shape: Mapped[str] = mapped_column(default="")
    confirmed_shape: Mapped[str | None]
    confirmed_on: Mapped[date | None]

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed the section as it is read now."""
        return self.confirmed_shape is not None and self.confirmed_shape == self.shape


def sections_of(session: Session, authority: str | None = None) -> list[SectionRow]:
    """Return what is known of all sections, or of an authority's, by their names."""
    query = select(SectionRow).order_by(SectionRow.authority, SectionRow.section)
    return list(session.scalars(query.where(SectionRow.authority == authority) if authority else query))


def section_of(session: Session, authority: str, section: str) -> SectionRow | None:
    """Return what is known of a section, None before anything was learned."""
    return session.get(SectionRow, (authority, section))


def learn_section(session: Session, authority: str, section: str, shape: str, volatile: Iterable[str]) -> None:
    """Keep how a section was read, and which parts of its addresses are volatile, besides those known before."""
    insert_missing(session, SectionRow, [{"authority": authority, "section": section, **_NOTHING}])
    row = session.get_one(SectionRow, (authority, section))
    row.shape = shape or row.shape
    row.volatile = sorted({*row.volatile, *volatile})
    session.flush()


def suspect_parts(session: Session, authority: str, section: str, parts: Iterable[str]) -> None:
    """Keep which parts of a section's addresses may be volatile: they changed once."""
    row = session.get_one(SectionRow, (authority, section))
    row.suspected = sorted({*row.suspected, *parts})


def confirm_section(session: Session, authority: str, section: str, on: date) -> bool:
    """Confirm a section as it is read now; False where it was never read."""
    confirmed = (
        update(SectionRow)
        .where(SectionRow.authority == authority, SectionRow.section == section, SectionRow.shape != "")
        .values(confirmed_shape=SectionRow.shape, confirmed_on=on)
        .returning(SectionRow.section)
    )
    return len(session.execute(confirmed).all()) == 1
