"""Reminders: which days of a contact's certificates are near enough to be named again, each distance once.

A day is reminded of when it comes within a distance that the operator sets. What was within it already when the contact
was told of it, or when the certificate was first looked after, needs no reminder: the next shorter distance comes. A
day of the register that is near when a certificate is first seen is the exception: nobody else would name it in time.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DISTANCES = (365, 180, 90, 30, 7)
"""Days before a day that is due at which its contacts are reminded, unless the operator sets others."""
NEAR = 90
"""Days within which a day of the register is named at first sight, too: less than the renewal needs."""
PAUSE = 14
"""Days after a change was told in which its days need no reminder; fewer where the distance itself is short."""
YEAR = 360
"""Distances from here on say nothing of a yearly inspection: it is always nearer."""

Told = tuple[int, str, date, int]
"""What was reminded of: a certificate's id, about what, the day, and the distance."""


class ReminderSettings(BaseModel):
    """[reminders]: at how many days before a day that is due its contacts are reminded; none for no reminders."""

    model_config = ConfigDict(extra="forbid")
    days: tuple[Annotated[int, Field(ge=1, le=3650)], ...] = DISTANCES


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day that may be reminded of: of which certificate, about what, and since when it is known.

    `since` is the last day on which it needed no reminder. `about` is its key, `what` its words; `yearly` of an
    inspection that comes back every year; `note` what is to be said beside it; `of_change` where it is no day of the
    certificate's own calendar.
    """

    certificate_id: int
    number: str
    holder: str
    product: str
    about: str
    what: str
    on: date
    since: date
    reckoned: bool = False
    yearly: bool = False
    named_at_sight: bool = False
    note: str | None = None
    of_change: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day to be named again, because it is within a distance in days."""

    day: Ahead
    distance: int

    @property
    def key(self) -> Told:
        """What makes it one: it is told once."""
        return self.day.certificate_id, self.day.about, self.day.on, self.distance


def reminders_due(
    days: Iterable[Ahead], told: Container[Told], distances: Sequence[int], today: date
) -> tuple[Reminder, ...]:
    """Return what a contact is to be reminded of today, in the order of days; nothing that is over or was told."""
    found = (_reminder(day, distances, today) for day in days)
    due = (reminder for reminder in found if reminder is not None and reminder.key not in told)
    return tuple(sorted(due, key=lambda item: (item.day.on, item.day.what, item.day.number)))


def _reminder(day: Ahead, distances: Sequence[int], today: date) -> Reminder | None:
    """The reminder of the shortest distance that a day is within, None where none is due."""
    left = (day.on - today).days
    within = [distance for distance in distances if distance >= left]
    if left < 0 or not within:
        return None
    distance = min(within)
    if day.yearly and distance >= YEAR:
        return None
    pause = timedelta(days=min(PAUSE, distance // 2)) if day.of_change else timedelta()
    is_reached_since = day.on - timedelta(days=distance) > day.since + pause
    is_named_at_sight = day.named_at_sight and left <= NEAR
    return Reminder(day, distance) if is_reached_since or is_named_at_sight else None
