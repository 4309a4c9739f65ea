"""Digest: one message to one contact for one period, made of alerts; an alert is one change and whom it concerns."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitor.certificates.impact import Action, Severity
from monitor.certificates.matching import Certainty
from monitor.changes.change import ChangeKind
from monitor.changes.days import Day, Step
from monitor.digests.reminders import Reminder
from monitor.facts.fact import StandardChange
from monitor.translation.summary import Summary


@dataclass(frozen=True, slots=True)
class Concern:
    """One certificate that a change concerns, and what it means for it."""

    number: str
    holder: str
    product: str
    rule: str
    certainty: Certainty
    because: tuple[str, ...]
    severity: Severity
    action: Action
    deadline: date | None = None
    deadline_note: str | None = None
    consequence: str | None = None
    expires: date | None = None
    suspended: bool = False
    step: Step | None = None
    days: tuple[Day, ...] = ()
    reckoned: bool = False
    names: frozenset[str] = frozenset()
    """The standards of the certificate, undated, where the change moves several."""

    @property
    def calendar(self) -> tuple[Day, ...]:
        """The days that belong into a calendar: those that bite this certificate, and the end of the old text."""
        own = {Day(self.deadline, self.step or Step.ACT_BY)} if self.deadline else set()
        return tuple(sorted(own | {day for day in self.days if day.bites or day.step is Step.LAST_OLD_APPLICATION}))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change stands: the page, the day it was captured, the hash of the bytes kept."""

    url: str
    captured_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Teller:
    """A text of an authority that says otherwise than an earlier one: a correction, or a decision of its own."""

    headline: str
    title_zh: str
    url: str
    corrects: bool


@dataclass(frozen=True, slots=True)
class Update:
    """What a change says otherwise than when a contact was told of it: each differing field, before and now.

    `by` is the authority's later text, where one says it; `ended` why the change holds no
    more, where a consultant found that it does not.
    """

    told_on: date
    before: dict[str, Any]
    now: dict[str, Any]
    by: Teller | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A certificate that a contact was told of, and that the change as it stands now does not concern."""

    number: str
    holder: str
    product: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One change for one contact. `ids` are the alerts kept for it, one a holder; `update` says what is new to those
    who were told before."""

    ids: tuple[int, ...]
    change_id: int
    kind: ChangeKind
    authority: str
    title_zh: str
    summary: Summary
    source: Source
    concerns: tuple[Concern, ...]
    family: str | None = None
    old_edition: str | None = None
    new_edition: str | None = None
    published: date | None = None
    effective: date | None = None
    deadline: date | None = None
    standards: tuple[StandardChange, ...] = ()
    actions: tuple[str, ...] = ()
    released_by: str | None = None
    update: Update | None = None
    gone: tuple[Gone, ...] = ()

    @property
    def certificates(self) -> tuple[tuple[str, str], ...]:
        """Number and holder of each certificate that the alert speaks of, concerned or no longer."""
        concerned = tuple((item.number, item.holder) for item in self.concerns)
        return concerned + tuple((item.number, item.holder) for item in self.gone)

    @property
    def severity(self) -> Severity:
        """The most urgent severity among the certificates; for information where none is concerned any more."""
        return min((concern.severity for concern in self.concerns), key=list(Severity).index, default=Severity.KNOW)

    @property
    def last_day(self) -> date | None:
        """The earliest day by which a certificate must act."""
        return min((concern.deadline for concern in self.concerns if concern.deadline), default=None)

    @property
    def first(self) -> Day | None:
        """The earliest day that bites a certificate, and what happens on it."""
        days = (Day(item.deadline, item.step or Step.ACT_BY) for item in self.concerns if item.deadline)
        return min(days, default=None)

    @property
    def title(self) -> str:
        """What the change is about, in English, shortest first: a code, standards, a title."""
        code = self.new_edition or self.old_edition or self.family
        if self.standards and (self.kind is ChangeKind.STANDARD_CHANGEOVER or not code):
            return ", ".join(dict.fromkeys(pair.new for pair in self.standards))
        return code or self.summary.title_en or self.authority.upper()


@dataclass(frozen=True, slots=True)
class Period:
    """What a digest covers: its key is unique a contact; `day` is the cycle's day."""

    key: str
    day: date


@dataclass(frozen=True, slots=True)
class Digest:
    """One message: subject, alerts in order of urgency, reminders in order of days, the certificates counted once."""

    contact: str
    period: Period
    subject: str
    alerts: tuple[Alert, ...]
    holders: tuple[str, ...] = field(default=())
    reminders: tuple[Reminder, ...] = ()

    @property
    def certificates(self) -> int:
        """How many certificates the digest speaks of."""
        return len({number for alert in self.alerts for number, _ in alert.certificates})
