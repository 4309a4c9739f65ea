"""The fence around each unit of a stage: one that raises is set aside by name with its reason, and the rest go on.

A stage opens its fence once and does each unit (a capture, a change, a certificate, a contact, a digest) inside it.
What was set aside stays on record until a run in which it is not; the operator hears of both.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.engine.database import Base, Database, insert_missing
from storage.runs import now

LONGEST_REASON = 300

Item = TypeVar("Item")
log = structlog.get_logger()


class SetAsideRow(Base):
    """A unit of a stage that could not be done, from its first failure to its end; one open record a unit.

    `about` names it for people where `unit` (such as "digest 12") does not. `tries` counts the runs in which it failed.
    `told_begun_at` and `told_over_at` say when the operator's mail server took the message about either.
    """

    __tablename__ = "set_aside"
    __table_args__ = (
        Index(
            "uq_set_aside_open",
            "stage",
            "unit",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str]
    unit: Mapped[str]
    about: Mapped[str | None]
    reason: Mapped[str]
    since: Mapped[datetime]
    last_tried: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=1)
    ended_at: Mapped[datetime | None]
    told_begun_at: Mapped[datetime | None]
    told_over_at: Mapped[datetime | None]


class Fence:
    """What one stage sets aside in one run."""

    def __init__(self, database: Database, stage: str) -> None:
        """Set nothing aside yet."""
        self._database = database
        self._stage = stage
        self._kept: set[str] = set()
        self._remarked: set[str] = set()
        self._later: dict[str, tuple[str, str | None]] = {}
        self._written: set[str] = set()

    def __len__(self) -> int:
        """How many units were set aside."""
        return len(self._kept | self._later.keys())

    def __contains__(self, unit: object) -> bool:
        """Whether a unit was set aside."""
        return unit in self._kept or unit in self._later

    @property
    def tally(self) -> dict[str, int]:
        """How many units were set aside, as a stage reports it: nothing where there were none."""
        return {"set_aside": len(self)} if len(self) else {}

    @contextmanager
    def unit(self, unit: str, about: str | None = None, *, keep_later: bool = False) -> Iterator[None]:
        """Do one unit: what it raises is logged with its trace and set aside.

        `keep_later` is for what is only computed, while a transaction of the caller's is open: it is kept when the
        stage ends. A database that cannot keep what is set aside ends the stage: then it is no unit's fault.
        """
        try:
            yield
        except Exception as reason:  # last resort: a bug or a bad row stops its own unit, named, and no other
            log.exception("unit set aside", stage=self._stage, unit=unit)
            said = f"{type(reason).__name__}: {str(reason).partition(chr(10))[0]}"
            if keep_later:
                self._later[unit] = said, about
            else:
                self.set_aside(unit, said, about)

    def units(
        self, items: Iterable[Item], name: Callable[[Item], str], about: Callable[[Item], str | None] = lambda _: None
    ) -> Iterator[tuple[Item, AbstractContextManager[None]]]:
        """Yield each item with the fence of its unit, then once more those that were set aside: what passes by itself
        (a lock, a full disk, a lost connection) need not wait for the next run."""
        again: list[Item] = []
        for item in items:
            yield item, self.unit(name(item), about(item))
            if name(item) in self:
                again.append(item)
        for item in again:
            self._kept.discard(name(item))
            yield item, self.unit(name(item), about(item))

    def each(
        self,
        items: Sequence[Item],
        name: Callable[[Item], str],
        work: Callable[[Sequence[Item]], None],
        *,
        keep_later: bool = False,
    ) -> None:
        """Do what is faster done together at once; where that raises, one by one, each a unit of its own."""
        try:
            work(items)
        except Exception:  # last resort: the same work follows piece by piece, where what fails is named
            for item in items:
                with self.unit(name(item), keep_later=keep_later):
                    work([item])

    def set_aside(self, unit: str, reason: str, about: str | None = None) -> None:
        """Keep that a unit could not be done, and why; once a run. Commits."""
        self._kept.add(unit)
        if unit not in self._written:
            self._written.add(unit)
            self._write(unit, reason, about)

    def remark(self, unit: str, reason: str, about: str | None = None) -> None:
        """Keep what a person should look at, though nothing in this run failed by it. Commits."""
        self._remarked.add(unit)
        self._write(unit, reason, about)

    def _write(self, unit: str, reason: str, about: str | None) -> None:
        with self._database.session() as session:
            _keep(session, self._stage, unit, reason[:LONGEST_REASON], about)
            session.commit()

    def close(self) -> None:
        """Keep what was left for later, and that everything else which was set aside before is over. Commits."""
        for unit, (reason, about) in self._later.items():
            self.set_aside(unit, reason, about)
        with self._database.session() as session:
            for row in open_units(session, self._stage):
                if row.unit not in self._kept | self._remarked:
                    row.ended_at = now()
            session.commit()


@contextmanager
def fenced(database: Database, stage: str) -> Iterator[Fence]:
    """Give the fence of a stage; one that ends by an error says nothing of the units it did not come to."""
    fence = Fence(database, stage)
    yield fence
    fence.close()


def open_units(session: Session, stage: str | None = None) -> Sequence[SetAsideRow]:
    """Return what is set aside now, of one stage or of all, the longest first."""
    query = select(SetAsideRow).where(SetAsideRow.ended_at.is_(None))
    if stage is not None:
        query = query.where(SetAsideRow.stage == stage)
    return session.scalars(query.order_by(SetAsideRow.since, SetAsideRow.id)).all()


def untold_units(session: Session) -> Sequence[SetAsideRow]:
    """Return what was set aside and the operator was not told of; or was told of, but not that it is over."""
    untold = SetAsideRow.told_begun_at.is_(None) & SetAsideRow.ended_at.is_(None)
    untold_end = SetAsideRow.told_begun_at.is_not(None) & SetAsideRow.told_over_at.is_(None)
    query = select(SetAsideRow).where(untold | (untold_end & SetAsideRow.ended_at.is_not(None)))
    return session.scalars(query.order_by(SetAsideRow.id)).all()


def mark_unit_told(session: Session, row_id: int, *, is_over: bool) -> None:
    """Keep that the operator was told of a unit that was set aside, or that it is over."""
    row = session.get_one(SetAsideRow, row_id)
    row.told_begun_at = row.told_begun_at or now()
    if is_over:
        row.told_over_at = now()


def _keep(session: Session, stage: str, unit: str, reason: str, about: str | None) -> None:
    moment = now()
    value = {"stage": stage, "unit": unit, "about": about, "reason": reason, "since": moment, "last_tried": moment}
    if insert_missing(session, SetAsideRow, [{**value, "tries": 1}]):
        return
    same = select(SetAsideRow).where(SetAsideRow.stage == stage, SetAsideRow.unit == unit)
    for row in session.scalars(same.where(SetAsideRow.ended_at.is_(None))):
        row.reason, row.about, row.last_tried, row.tries = reason, about, moment, row.tries + 1
