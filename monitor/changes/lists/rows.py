"""Lists: what the rows of a healthy list say that no page or file has said yet, and which rules are missing from it.

A row with a new code is reported even when its page or file cannot be read: silence would be a missed change. A
missing row is no withdrawal: only a family that healthy, complete lists of two days running no longer show is reported,
as no longer listed, for a consultant to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.identity import only_code, shown
from monitor.changes.notices.per_rule import old_edition
from monitor.changes.notices.wording import Theme, is_draft, is_notice_title, row_theme
from monitor.changes.register import Register
from monitor.changes.verdict import EditionSeen, Ending, Mention, Verdict
from monitor.notation.codes import RuleCode, find_codes


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; `is_later` where it is dated after the first visit and so is news in the baseline, too."""

    title: str
    url: str
    published: date | None
    is_later: bool = False


@dataclass(frozen=True)
class ListVisit:
    """One visit of a rules section: its day, its rows, and whether it can miss a rule (healthy and complete).

    The visits up to the baseline fill the register and report nothing.
    """

    visit_id: int
    authority: str
    section: str
    today: date
    rows: tuple[Row, ...]
    list_capture_id: int | None
    list_url: str
    trusted: bool
    baseline: bool = False
    families_by_url: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def families(self) -> frozenset[str]:
        """The families that the list shows, by code in a row's title or by what its page turned out to be."""
        named = {str(code.family) for row in self.rows for code in find_codes(row.title)}
        return frozenset(named.union(*(self.families_by_url.get(row.url, frozenset()) for row in self.rows)))


def read_rows(visit: ListVisit, register: Register, told: frozenset[str]) -> Verdict:
    """Return what the rows of a visit say that is new: editions that no page or file has shown yet."""
    changes: list[Change] = []
    editions: list[EditionSeen] = []
    endings: list[Ending] = []
    mentions: list[Mention] = []
    for row in visit.rows:
        code = only_code(row.title)
        if code is None or is_notice_title(row.title) or is_draft(row.title):
            continue
        evidence = visit.list_capture_id
        if evidence is None:
            continue
        known = register.find(code)
        if known is None:
            editions.append(EditionSeen(code, shown(code), row.title, evidence, False, row.published))
            mentions.append(Mention(str(code.family), code.edition, "list"))
        is_news = not visit.baseline or row.is_later
        if is_news and (code.edition in told or register.is_newer(code)):
            changes.append(_from_row(visit, row, code, register, evidence))
        theme = row_theme(row.title)
        if theme is not None and known is not None and known.ended is None and known == register.newest(known.family):
            endings.append(Ending(known.family, code, visit.today, _ENDED_AS[theme]))
            if is_news:
                changes.append(_ended_row(visit, row, code, theme, evidence))
    outcome = f"{len(changes)} rows with editions that are news" if changes else "rows that are known"
    return Verdict(outcome, tuple(changes), tuple(editions), tuple(endings), tuple(mentions))


def missing_families(visits: Sequence[ListVisit], register: Register) -> frozenset[str]:
    """Return the families that the lists of the last two days no longer show, and an earlier trusted one did.

    `visits` are those of one section up to now, oldest first, one a day. Both days must have a list that can be
    trusted: one that cannot breaks the row, and nothing is said.
    """
    if len(visits) < 3 or not all(visit.trusted and visit.rows for visit in visits[-2:]):
        return frozenset()
    shown_before = frozenset[str]().union(*(visit.families for visit in visits[:-2] if visit.trusted))
    gone = shown_before - visits[-1].families - visits[-2].families
    return frozenset(family for family in gone if _is_expected(family, register))


def last_showing(visits: Sequence[ListVisit], family: str) -> ListVisit:
    """Return the last trusted visit whose list shows a family."""
    return next(visit for visit in reversed(visits) if visit.trusted and family in visit.families)


def no_longer_listed(visit: ListVisit, before: ListVisit, family: str, register: Register) -> Change:
    """Return the change that a family is no longer listed, for a consultant to check."""
    newest = register.newest(family)
    captures = tuple(dict.fromkeys(c for c in (visit.list_capture_id, before.list_capture_id) if c is not None))
    return Change(
        kind=ChangeKind.NO_LONGER_LISTED,
        authority=visit.authority,
        family=family,
        event_key=before.today.isoformat(),
        title_zh=newest.title_zh if newest else family,
        detected_on=visit.today,
        source_url=visit.list_url,
        captures=captures,
        roles=(EvidenceRole.LIST, EvidenceRole.BEFORE)[: len(captures)],
        old_edition=newest.shown if newest else None,
        reasons=(ReviewReason.NO_STATEMENT,),
        families_named=(family,),
    )


def _is_expected(family: str, register: Register) -> bool:
    """Whether a family ought to be listed: it has an edition that was neither ended nor replaced."""
    newest = register.newest(family)
    if newest is None:
        return True
    return newest.ended is None and newest.end_reason is None and newest.superseded_by is None


def _from_row(visit: ListVisit, row: Row, code: RuleCode, register: Register, evidence: int) -> Change:
    old = old_edition(register, code, ())
    return Change(
        kind=ChangeKind.NEW_EDITION if old is not None else ChangeKind.NEW_RULE,
        authority=visit.authority,
        family=str(code.family),
        event_key=code.edition,
        title_zh=row.title,
        detected_on=visit.today,
        source_url=row.url,
        captures=(evidence,),
        roles=(EvidenceRole.LIST,),
        old_edition=old,
        new_edition=shown(code),
        published=row.published,
        reasons=(ReviewReason.UNREADABLE_FILE,),
        families_named=(str(code.family),),
    )


def _ended_row(visit: ListVisit, row: Row, code: RuleCode, theme: Theme, evidence: int) -> Change:
    kind = ChangeKind.WITHDRAWAL if theme is Theme.WITHDRAWAL else ChangeKind.SUSPENSION
    return Change(
        kind=kind,
        authority=visit.authority,
        family=str(code.family),
        event_key=f"{row.url} {visit.today.isoformat()}",
        title_zh=row.title,
        detected_on=visit.today,
        source_url=row.url,
        captures=(evidence,),
        roles=(EvidenceRole.LIST,),
        old_edition=shown(code),
        families_named=(str(code.family),),
    )


_ENDED_AS: dict[Theme, Literal["withdrawn", "suspended"]] = {
    Theme.WITHDRAWAL: "withdrawn",
    Theme.SUSPENSION: "suspended",
}


def visits_a_day(visits: Iterable[ListVisit]) -> list[ListVisit]:
    """Return one visit a day, the last trusted one where there is one: running a day twice proves nothing more."""
    days: dict[date, ListVisit] = {}
    for visit in visits:
        held = days.get(visit.today)
        if held is None or visit.trusted or not held.trusted:
            days[visit.today] = visit
    return [days[day] for day in sorted(days)]
