"""Incidents: times in which a section could not be trusted, and whether the operator was told of them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.engine.database import Base


class IncidentRow(Base):
    """One stretch of visits of a section that could not be trusted; one open incident a section at the most.

    `status` and `reason` are those of the first such visit. `told_opened_at` and `told_closed_at` say when the
    operator's mail server took the message about its beginning and its end.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "uq_incidents_open",
            "authority",
            "section",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str]
    section: Mapped[str]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), unique=True)
    status: Mapped[str]
    reason: Mapped[str | None]
    advice: Mapped[str | None]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    told_opened_at: Mapped[datetime | None]
    told_closed_at: Mapped[datetime | None]


def open_incidents(session: Session) -> Sequence[IncidentRow]:
    """Return incidents that are not over, by section."""
    query = select(IncidentRow).where(IncidentRow.closed_on.is_(None))
    return session.scalars(query.order_by(IncidentRow.authority, IncidentRow.section)).all()


def untold_incidents(session: Session) -> Sequence[IncidentRow]:
    """Return incidents of which the operator has not heard that they began, or heard that but not that they ended."""
    untold_end = IncidentRow.closed_on.is_not(None) & IncidentRow.told_closed_at.is_(None)
    query = select(IncidentRow).where(IncidentRow.told_opened_at.is_(None) | untold_end)
    return session.scalars(query.order_by(IncidentRow.id)).all()
