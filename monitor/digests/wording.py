"""Wording: how a digest says dates, actions, consequences and what is not known, in plain English."""

from collections.abc import Sequence
from datetime import date

from monitor.certificates.calendar import Duty
from monitor.certificates.impact import Action, Severity, conflict_of
from monitor.changes.change import ChangeKind
from monitor.changes.days import DUTIES, Day, Step
from monitor.digests.digest import Alert, Concern
from monitor.digests.reminders import Reminder
from monitor.facts.fact import StandardChange
from monitor.notation.standards import find_standards


def day(on: date) -> str:
    """Return a day that nobody can misread: `30 June 2027`."""
    return f"{on.day} {on:%B %Y}"


def days_left(on: date, today: date) -> str:
    """Return how far a day lies ahead or behind."""
    count = (on - today).days
    if count == 0:
        return "today"
    if count < 0:
        return f"{_days(-count)} ago"
    return f"{_days(count)} left"


def said(what: Day, today: date) -> str:
    """Return what happens on a day as a call: `Apply by 31 May 2027`, `Suspended from 16 March 2026`; or that it is
    over."""
    if what.step in DUTIES and what.on < today:
        return f"Overdue since {day(what.on)}" if what.step is not Step.RENEW_BY else f"Expired on {day(what.on)}"
    if what.step is Step.EXPIRES and what.on < today:
        return f"Expired on {day(what.on)}"
    since = " since " if what.on < today else " from "
    return f"{_STEPS[what.step].replace(' from ', since)} {day(what.on)}".replace("  ", " ")


def call(step: Step) -> str:
    """Return what happens on a day as the first words of a calendar's entry: `Apply by this day`."""
    words = _STEPS[step].strip()
    return f"{words} this day" if words.endswith((" by", " from", " before", " on")) else words


def step_name(step: Step) -> str:
    """Return what happens on a day as the heading of a row: `Last day to apply`."""
    return _STEP_NAMES[step]


def duty_name(duty: Duty) -> str:
    """Return what falls due of itself as the heading of a row: `Apply for renewal`."""
    return _DUTY_NAMES[duty]


def when(reminder: Reminder, today: date) -> str:
    """Return a day to be named again, with the days left: `13 December 2026 (30 days left)`."""
    reckoned = "; reckoned, the authority sets the day" if reminder.day.reckoned else ""
    return f"{day(reminder.day.on)} ({days_left(reminder.day.on, today)}{reckoned})"


def counted(count: int, noun: str) -> str:
    """Return `1 certificate`, `3 certificates`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def authority(name: str) -> str:
    """Return an authority's name as it writes itself."""
    return name.upper()


def what_to_do(alert: Alert, concerns: Sequence[Concern], step: Step | None = None) -> str:
    """Return what a holder is to do with certificates of which the same is asked, as a sentence that names the target.

    `step` is what happens on their day: a certificate that expires first is renewed, not changed over.
    """
    action, count, step = concerns[0].action, len(concerns), step or concerns[0].step
    if action is Action.CHANGEOVER:
        these = "the certificate" if count == 1 else f"these {count} certificates"
        is_renewed = step is Step.RENEW_BY
        target = _target(alert, concerns)
        return f"Renew {these} on {target}." if is_renewed else f"Change {these} over to {target}."
    if action is Action.CONTACT_AUTHORITY:
        these = "this certificate" if count == 1 else f"these {count} certificates"
        is_suspension = alert.kind is ChangeKind.SUSPENSION
        about = f"when {these} can be used again" if is_suspension else f"whether {these} can be transferred"
        return f"Contact {authority(alert.authority)} now to find out {about}."
    return _TO_DO[action]


def also_to_do(alert: Alert, action: Action) -> str | None:
    """Return what the source asks beside the leading action, the end of the mark first."""
    others = [_TO_DO[other] for other in Action if other.value in alert.actions and other is not action]
    days = {on for concern in alert.concerns for on in concern.days if on.step is Step.STOP_MARK}
    marks = [f"Stop using the certification mark from {day(on.on)}." for on in sorted(days)]
    return " ".join(said for said in (*marks, *others) if said) or None


def conflict(concern: Concern, today: date) -> str | None:
    """Return what a consultant would say first of a certificate that ends before the change's own last day."""
    return conflict_of(concern.expires, concern.deadline, concern.days, today)


def by_when(concern: Concern, today: date) -> str | None:
    """Return by when a certificate must act, with the days left; None where no time is stated."""
    if concern.deadline is not None:
        reckoned = "; reckoned, the authority sets the day" if concern.reckoned else ""
        return f"{day(concern.deadline)} ({days_left(concern.deadline, today)}{reckoned})"
    return note(concern.deadline_note) if concern.deadline_note else None


def note(symbol: str) -> str:
    """Return a deadline that only the certificate's own calendar or a receipt fixes."""
    if symbol in _NOTES:
        return _NOTES[symbol]
    start, _, period = symbol.partition("+")
    length, unit = period[: len(period.rstrip("wdm"))], period[len(period.rstrip("wdm")) :]
    if start in _STARTS and length.isdigit() and unit in _UNITS:
        return f"within {length} {_UNITS[unit]} {_STARTS[start]}"
    return symbol


def otherwise(consequence: str | None, step: Step | None = None) -> str | None:
    """Return what happens to those who do not act; None where nothing is stated. What ends before, expires."""
    if step is Step.RENEW_BY:
        return "The certificate expires."
    return _OTHERWISE.get(consequence or "", consequence)


def kind_label(kind: ChangeKind) -> str:
    """Return the kind of change as a heading says it."""
    return _KINDS[kind]


def severity_label(severity: Severity) -> str:
    """Return the severity as a badge says it."""
    return _SEVERITIES[severity]


def not_known(alert: Alert, shows_chinese: bool) -> tuple[str, ...]:
    """Return what a reader would look for and the source does not say, or what is not sure.

    `shows_chinese` says whether Chinese text stands in the message in place of a translation.
    """
    unknown = []
    asks = alert.severity in (Severity.ACT_BY, Severity.ACT)
    if asks and not any(concern.deadline or concern.deadline_note for concern in alert.concerns):
        unknown.append("No last date was found in the source.")
    if alert.effective is None and alert.kind in _HAVE_EFFECT:
        unknown.append("No date from which it applies was found in the source.")
    if asks and not any(concern.consequence for concern in alert.concerns):
        unknown.append("What happens to a certificate that is not changed in time was not found in the source.")
    if alert.summary.awaiting and shows_chinese:
        unknown.append("Some Chinese text awaits translation; it is shown in Chinese.")
    return tuple(unknown)


def _days(count: int) -> str:
    return f"{count:,} day" if count == 1 else f"{count:,} days"


def _target(alert: Alert, concerns: Sequence[Concern]) -> str:
    """What certificates are changed over to: of several standards those that they name, all where they name none."""
    if alert.kind is not ChangeKind.STANDARD_CHANGEOVER or not alert.standards:
        return alert.new_edition or "the new edition"
    moved = {concern: _moved(alert.standards, concern.names) for concern in concerns}
    new = dict.fromkeys(pair.new for pair in alert.standards if any(pair in pairs for pairs in moved.values()))
    is_shared = len(set(moved.values())) == 1
    return " and ".join(new) if is_shared else f"{' or '.join(new)}, whichever each names"


def _moved(pairs: tuple[StandardChange, ...], names: frozenset[str]) -> tuple[StandardChange, ...]:
    """The pairs whose old standard is among those named, undated; all where none is."""
    found = tuple(p for p in pairs if any(one.undated in names for one in find_standards(p.old)))
    return found or pairs


_TO_DO = {
    Action.CHANGEOVER: "",
    Action.RETEST: "Arrange the supplementary tests.",
    Action.FACTORY_INSPECTION: "Arrange the factory inspection.",
    Action.DECLARATION: "Submit the declaration of conformity.",
    Action.CONTACT_AUTHORITY: "",
    Action.READ: "Check whether your product or process is affected by what changed.",
    Action.UNKNOWN: "No action identified. We have not read this notice closely yet; its Chinese text decides.",
    Action.NONE: "The text says that nothing is to be done.",
}
_STEPS = {
    Step.ACCEPTED_FROM: "Applications accepted from ",
    Step.EFFECTIVE: "In force from ",
    Step.LAST_OLD_APPLICATION: "Last application under the old text",
    Step.APPLY_BY: "Apply by",
    Step.TEST_BY: "Complete the tests by",
    Step.DECLARE_BY: "Submit the declaration by",
    Step.COMPLETE_BY: "Complete the changeover by",
    Step.ACT_BY: "Act by",
    Step.SURVEILLANCE: "Act before the surveillance on ",
    Step.RENEW_BY: "Renew before",
    Step.EXPIRES: "Expires on ",
    Step.STOP_MARK: "Stop using the mark from ",
    Step.SUSPENSION: "Suspended from ",
    Step.WITHDRAWAL: "Withdrawn from ",
    Step.CANCELLATION: "Cancelled from ",
    Step.LAPSE: "Lapsed from ",
}
_STEP_NAMES = {
    Step.ACCEPTED_FROM: "First day for applications under the new text",
    Step.EFFECTIVE: "In force",
    Step.LAST_OLD_APPLICATION: "Last day for applications under the old text",
    Step.APPLY_BY: "Last day to apply",
    Step.TEST_BY: "Last day for the tests",
    Step.DECLARE_BY: "Last day for the declaration",
    Step.COMPLETE_BY: "Last day to complete the changeover",
    Step.ACT_BY: "Last day to act",
    Step.SURVEILLANCE: "The surveillance inspection before which to act",
    Step.RENEW_BY: "The certificate expires",
    Step.EXPIRES: "The certificate expires",
    Step.STOP_MARK: "The certification mark may no longer be used",
    Step.SUSPENSION: "Certificates are suspended",
    Step.WITHDRAWAL: "Certification is withdrawn",
    Step.CANCELLATION: "Certificates are cancelled",
    Step.LAPSE: "Certificates lapse",
}
_DUTY_NAMES = {
    Duty.RENEWAL: "Apply for renewal (recommended three months before the certificate expires)",
    Duty.EXPIRY: "The certificate expires",
    Duty.SURVEILLANCE: "Annual surveillance inspection with CoP test",
    Duty.COP_TEST: "Test of conformity of production (CoP)",
}
_NOTES = {
    "next_surveillance": "before the next surveillance inspection of the certificate",
    "certificate_expiry": "before the certificate expires",
}
_STARTS = {
    "published": "after publication",
    "receipt": "after receiving the authority's letter",
    "effective": "after it comes into effect",
}
_UNITS = {"wd": "working days", "d": "days", "m": "months"}
_OTHERWISE = {
    "suspension": "Suspension of the certificate.",
    "withdrawal": "Withdrawal of the certificate.",
    "cancellation": "Cancellation of the certificate.",
    "not_accepted": "Applications are no longer accepted.",
}
_KINDS = {
    ChangeKind.NEW_EDITION: "New edition of a rule",
    ChangeKind.REVISION: "Rule changed without a new edition",
    ChangeKind.NEW_RULE: "New rule",
    ChangeKind.STANDARD_CHANGEOVER: "Standard changeover",
    ChangeKind.WITHDRAWAL: "Withdrawal",
    ChangeKind.SUSPENSION: "Suspension",
    ChangeKind.NOTICE: "Notice",
    ChangeKind.NO_LONGER_LISTED: "No longer listed",
    ChangeKind.CORRECTION: "Correction",
}
_SEVERITIES = {
    Severity.ACT_BY: "Act in time",
    Severity.ACT: "Act",
    Severity.KNOW: "For information",
    Severity.EDITORIAL: "Editorial",
}
_HAVE_EFFECT = (ChangeKind.NEW_EDITION, ChangeKind.STANDARD_CHANGEOVER, ChangeKind.NEW_RULE)
