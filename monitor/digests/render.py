"""Rendering: a digest → HTML with its styles inline, and the same as plain text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from monitor.certificates.impact import Severity
from monitor.certificates.matching import Certainty
from monitor.changes.days import MEASURES, Day, Step
from monitor.digests import wording
from monitor.digests.digest import Alert, Concern, Digest
from monitor.digests.reminders import Ahead
from monitor.digests.update import say_update, what_moved
from monitor.notation.codes import locate_codes
from monitor.notation.standards import locate_standards
from monitor.translation.english.clauses import ClauseSummary, in_order, those_that_matter
from monitor.translation.summary import Statement

MOST_CLAUSES = 6
"""Clauses shown in a message; the change log has them all."""

MOST_SENTENCES = 20
"""Sentences of a notice shown in a message; the rest is counted."""

MOST_CERTIFICATES_ABOVE = 8
EXCERPT_AROUND = 42
LONGEST_EXCERPT = 420
LONGEST_UNBROKEN = 30
SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class Group:
    """Certificates of an alert that must do the same by the same day."""

    to_do: str
    also: str | None
    by: str | None
    by_label: str
    otherwise: str | None
    otherwise_label: str
    days: tuple[tuple[str, str], ...]
    asks: bool
    because: tuple[str, ...]
    checked: bool
    concerns: tuple[Concern, ...]

    @property
    def is_long(self) -> bool:
        """Whether the certificates are listed at the end, so that what to do and what changed stay together."""
        return len(self.concerns) > MOST_CERTIFICATES_ABOVE


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a clause as shown: op is equal, delete or insert."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause before and after, cut to what differs. English is None where it awaits translation."""

    title: str
    op: str
    why: tuple[str, ...]
    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]
    before_en: str | None
    after_en: str | None
    awaiting: bool


def render_html(digest: Digest, sender: str) -> str:
    """Return the digest as one HTML document that needs nothing from outside."""
    page = _templates().get_template("digest.html").render(_view(digest, sender))
    return _inliner().inline(page)


def render_text(digest: Digest, sender: str) -> str:
    """Return the digest as plain text, lines unbroken, for readers without HTML."""
    return _templates().get_template("digest.txt").render(_view(digest, sender)).strip() + "\n"


def groups_of(alert: Alert, today: date) -> tuple[Group, ...]:
    """Return the certificates grouped by what they must do, the most pressing group first."""
    return tuple(_group(alert, tuple(group), today) for _, group in groupby(alert.concerns, key=_duty))


def excerpt(clause: ClauseSummary) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return before and after of a clause, the stretches that stayed the same cut to their ends."""
    if not clause.edits:
        return _limited(_plain(clause.old_zh)), _limited(_plain(clause.new_zh))
    stretches = [Stretch(edit["op"], edit["text"]) for edit in clause.edits]
    shown = [_shortened(item, at == 0, at == len(stretches) - 1) for at, item in enumerate(stretches)]
    before = tuple(item for item in shown if item.op != "insert")
    return _limited(before), _limited(tuple(item for item in shown if item.op != "delete"))


def unbroken_codes(text: str, css: str = "code") -> Markup:
    """Return escaped text in which no line ends inside a rule code or a standard: each in a span of a CSS class."""
    places = [(at.start, at.end) for at in locate_codes(text)]
    places += [(at.start, at.end) for at in locate_standards(text)]
    pieces, position = Markup(), 0
    for start, end in sorted(places):
        if start >= position and end - start <= LONGEST_UNBROKEN:
            pieces += escape(text[position:start]) + Markup('<span class="{}">{}</span>').format(css, text[start:end])
            position = end
    return pieces + escape(text[position:])


def _view(digest: Digest, sender: str) -> dict[str, Any]:
    today = digest.period.day
    return {
        "digest": digest,
        "lead": _lead(digest),
        "lead_more": _lead_more(digest),
        "alerts": [_alert_view(alert, today) for alert in digest.alerts],
        "reminders": reminders_view(digest),
        "several_holders": len(digest.holders) > 1,
        "sender": sender,
        "today": today,
        "wording": wording,
    }


def reminders_view(digest: Digest) -> list[tuple[str, str, tuple[Ahead, ...]]]:
    """Return what is reminded of: when, what, and which certificates, one entry a day and duty."""
    today = digest.period.day
    said = [(wording.when(item, today), item.day.what, item.day) for item in digest.reminders]
    grouped = groupby(said, key=lambda item: item[:2])
    return [(when, what, tuple(day for _, _, day in items)) for (when, what), items in grouped]


def _lead(digest: Digest) -> str:
    if not digest.alerts:
        first_due = digest.reminders[0].day
        return f"Due {'about' if first_due.reckoned else 'on'} {wording.day(first_due.on)}"
    first = digest.alerts[0]
    if first.gone and not first.concerns:
        return "No longer applies" if first.update and first.update.ended else "No longer concerns you"
    if first.update and (moved := what_moved(first.update)):
        return moved
    if first.severity is Severity.ACT_BY and first.first:
        return wording.said(first.first, digest.period.day)
    if first.severity in (Severity.ACT_BY, Severity.ACT):
        return "Action needed"
    return "For your information"


def _lead_more(digest: Digest) -> str:
    reminders = f"{wording.counted(len(reminders_view(digest)), 'reminder')} below."
    if not digest.alerts:
        return reminders
    return " ".join([_changes_said(digest), *([reminders] if digest.reminders else [])])


def _changes_said(digest: Digest) -> str:
    changes, certificates = len(digest.alerts), digest.certificates
    verb = "concerns" if changes == 1 else "concern"
    if not any(alert.concerns for alert in digest.alerts):
        verb = "no longer " + verb
    return f"{wording.counted(changes, 'change')} {verb} {wording.counted(certificates, 'certificate')}."


def _alert_view(alert: Alert, today: date) -> dict[str, Any]:
    summary = alert.summary
    listed = [clause for clause in summary.clauses if not clause.front]
    clauses = () if alert.update else those_that_matter(listed) or in_order(listed)
    statements = [item for item in summary.statements if item.text and item.name not in _AT_THE_END]
    statements = [item for item in statements if item.text.rstrip(".") != summary.headline.rstrip(".")]
    body = () if summary.edited_text or alert.update else summary.body
    shown = [_clause_view(clause) for clause in clauses[:MOST_CLAUSES]]
    told = [statement.text for statement in statements] + [item.plain_text() for item in body[:MOST_SENTENCES]]
    waits = any(clause.awaiting for clause in shown) or any(zh in text for zh in summary.awaiting for text in told)
    return {
        "alert": alert,
        "severity": wording.severity_label(alert.severity),
        "kind": wording.kind_label(alert.kind),
        "days_left": wording.days_left(alert.last_day, today) if alert.last_day else None,
        "past": alert.last_day is not None and alert.last_day < today,
        "groups": groups_of(alert, today),
        "news": say_update(alert.update) if alert.update else (),
        "edited": summary.edited_text,
        "statements": () if summary.edited_text else tuple(statements),
        "how_read": " ".join(_texts(summary.statements, "how_read")),
        "clauses": shown,
        "more_clauses": max(0, len(listed) - min(len(clauses), MOST_CLAUSES)) if clauses else 0,
        "sentences": body[:MOST_SENTENCES],
        "more_sentences": max(0, len(body) - MOST_SENTENCES),
        "not_known": wording.not_known(alert, waits),
        "hash": alert.source.sha256[:SHORT_HASH],
        "link": _safe_link(alert.source.url),
    }


def _group(alert: Alert, concerns: tuple[Concern, ...], today: date) -> Group:
    first = concerns[0]
    asks = first.severity in (Severity.ACT_BY, Severity.ACT)
    because = dict.fromkeys(reason for concern in concerns for reason in concern.because)
    return Group(
        to_do=wording.what_to_do(alert, concerns),
        also=wording.also_to_do(alert, first.action) if asks else None,
        by=wording.by_when(first, today) if asks else None,
        by_label="From" if first.step in MEASURES else "By when",
        otherwise=wording.otherwise(first.consequence, first.step) if asks else None,
        otherwise_label="Consequence" if first.step in MEASURES else "Otherwise",
        days=tuple((wording.day(item.on), wording.step_name(item.step)) for item in _days(first)),
        asks=asks,
        because=tuple(because)[:4],
        checked=first.certainty is not Certainty.CERTAIN,
        concerns=concerns,
    )


def _days(concern: Concern) -> list[Day]:
    """The days of a change for a certificate, with its own end where that comes first."""
    is_end = concern.step in (Step.RENEW_BY, Step.EXPIRES) and concern.deadline is not None
    own = {Day(concern.deadline, concern.step)} if is_end and concern.deadline and concern.step else set()
    return sorted({*concern.days, *own})


def _duty(concern: Concern) -> tuple[Any, ...]:
    return (
        concern.severity,
        concern.action,
        concern.deadline,
        concern.deadline_note,
        concern.consequence,
        concern.step,
        concern.certainty is Certainty.CERTAIN,
    )


def _clause_view(clause: ClauseSummary) -> ClauseView:
    before, after = excerpt(clause)
    path = clause.new_path or clause.old_path
    heading = clause.heading_en or clause.heading_zh
    missing = (clause.old_zh and clause.old_en is None) or (clause.new_zh and clause.new_en is None)
    return ClauseView(
        title=" ".join(part for part in (path, heading) if part) or "Text outside the clauses",
        op=_renumbered(clause),
        why=clause.why,
        before=before,
        after=after,
        before_en=_cut(clause.old_en),
        after_en=_cut(clause.new_en),
        awaiting=bool(missing),
    )


def _renumbered(clause: ClauseSummary) -> str:
    if clause.old_path and clause.new_path and clause.old_path != clause.new_path:
        return f"{clause.op}, was {clause.old_path}"
    return clause.op


def _plain(text: str | None) -> tuple[Stretch, ...]:
    return (Stretch("equal", text),) if text else ()


def _shortened(item: Stretch, is_first: bool, is_last: bool) -> Stretch:
    text = item.text
    if item.op != "equal" or len(text) <= 2 * EXCERPT_AROUND:
        return item
    head = "" if is_first else text[:EXCERPT_AROUND]
    tail = "" if is_last else text[-EXCERPT_AROUND:]
    return Stretch("equal", f"{head} … {tail}")


def _limited(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    shown, left = [], LONGEST_EXCERPT
    for item in stretches:
        if left <= 0:
            break
        text = item.text if len(item.text) <= left else item.text[:left].rstrip() + " …"
        shown.append(Stretch(item.op, text))
        left -= len(item.text)
    return tuple(shown)


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= 2 * LONGEST_EXCERPT:
        return text
    return text[: 2 * LONGEST_EXCERPT].rstrip() + " …"


def _texts(statements: Iterable[Statement], name: str) -> list[str]:
    return [item.text for item in statements if item.name == name and item.text]


def _safe_link(url: str) -> str | None:
    """Return the address where it is one of the web; anything else is shown as text only."""
    return url if url.lower().startswith(("http://", "https://")) else None


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.digests"),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["codes"] = unbroken_codes
    return environment


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


_AT_THE_END = ("source", "how_read")
