"""Can this visit be trusted? The only place that decides it: what was seen, what was expected, what was seen last.

Pure. A list that cannot be trusted says nothing about any rule (DESIGN.md, "Absence is not withdrawal").
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crawler.section import Expectation

_LEAST_LOSS = 2
"""Fewer lost rows than this are an authority's daily work, however short its list: a rule goes, or its new edition
takes its place under another address. To distrust the visit would hold back the new edition, while of the old one
nothing is said before several healthy lists lack it."""


_CORROBORATED = 0.8
"""So large a share of rows that are known from earlier visits says that a page is the list, whatever reader fits."""


class Status(StrEnum):
    """The verdict on a visit."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    DEGRADED = "degraded"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit of one section saw.

    `error` says why no page of the list could be had, `list_trouble` why what came was not the list. `listed`, `dated`
    and `known` (from earlier visits) count rows, `new_kept` new bytes. `fresh_*` are articles and files that failed for
    the first time, `stale_*` those that failed before as well. `not_understood` is what reads like a row and is in no
    list, `first_page` why the list could not be turned, `forbidden` what robots.txt forbids, `is_confirmed` that a
    person confirmed the section as it is read, `none_of_last` that no row of the last healthy visit is there, `moved`
    how many rows stand at other addresses, `volatile` what was learned of addresses. `ended_early` is why the whole
    crawl was stopped.
    """

    declared_family: str
    family: str | None = None
    error: str | None = None
    list_trouble: str | None = None
    listed: int = 0
    dated: int = 0
    known: int = 0
    missing: int = 0
    newest: date | None = None
    complete: bool = False
    unchanged: bool = False
    full: bool = False
    new_kept: int = 0
    fresh_unreadable: int = 0
    fresh_bad_files: int = 0
    fresh_unanswered: int = 0
    stale_failures: int = 0
    gone: int = 0
    foreign_hosts: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    first_page: str | None = None
    forbidden: tuple[str, ...] = ()
    is_confirmed: bool = False
    none_of_last: bool = False
    moved: int = 0
    volatile: tuple[str, ...] = ()
    ended_early: str | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """What the last healthy visit that walked the whole list saw: rows, and the share of them with a date; `is_only`
    where it is the only one, so that what it saw may have been the odd day."""

    listed: int
    dated: float | None = None
    is_only: bool = False


class Trust(StrEnum):
    """What may be judged of a visit that is not healthy (storage.runs.VisitRow.trust has the same words)."""

    NOTHING = ""
    NEW_PAGES = "new"
    ALL_PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a visit can be trusted, why not, what a person should do, and what of it may be judged all the same."""

    status: Status
    reason: str | None = None
    advice: str | None = None
    trust: Trust = Trust.NOTHING


def judge_visit(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict:
    """Return the verdict on one visit of a section."""
    for judge in _JUDGES:
        if verdict := judge(seen, expect, last, today):
            return verdict
    status = Status.NOT_MODIFIED if seen.unchanged and not seen.full and not seen.new_kept else Status.OK
    return Verdict(status, None, _remarks(seen))


def _unreachable(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if seen.error is None:
        return None
    if seen.error.startswith("robots.txt cannot be read: status"):
        advice = "the next run tries again; if it lasts, write to the authority: an answer of 404 would let us in"
        return Verdict(Status.UNREACHABLE, seen.error, advice)
    if "robots.txt forbids" in seen.error:
        return Verdict(Status.DEGRADED, seen.error, "the authority asks not to be visited here: write to it")
    if "host" in seen.error and "does not own" in seen.error:
        advice = "if the host is the authority's, set base_url to it or add it to file_hosts"
        return Verdict(Status.DEGRADED, seen.error, advice)
    return Verdict(Status.UNREACHABLE, seen.error, _network_advice(seen.error))


def _network_advice(error: str) -> str:
    if "TLS" in error or "certificate" in error:
        return "an old server may need legacy_tls = true, a broken certificate verify_certificates = false"
    return "the next run tries again; if it lasts, open the page in a browser and check base_url and path"


def _not_the_list(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if seen.list_trouble is None:
        return None
    advice = "the next run tries again; if it lasts, run rulewatch probe --save and look at the page"
    if seen.list_trouble.startswith("server error"):
        return Verdict(Status.UNREACHABLE, seen.list_trouble, advice)
    if "challenge" in seen.list_trouble:
        advice = "the site asks for a browser: set render = true (rulewatch[browser]), or ask the authority for access"
    return Verdict(Status.DEGRADED, seen.list_trouble, advice)


def _stopped(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if seen.ended_early is None:
        return None
    return Verdict(
        Status.DEGRADED, f"the crawl was stopped: {seen.ended_early}", "the next run goes on from here", Trust.ALL_PAGES
    )


def _general_reader(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if seen.family is None or seen.family == seen.declared_family or seen.is_confirmed:
        return None
    if seen.listed and seen.known >= _CORROBORATED * seen.listed:
        return None  # the rows that are known are there: it is the list, however it is built by now
    reason = f"read by the {seen.family} reader: the page does not fit the declared family {seen.declared_family}"
    advice = f'compare the rows with the page (rulewatch probe); if they are right, set family = "{seen.family}"'
    return Verdict(Status.DEGRADED, reason, advice)


def _too_few(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if seen.listed >= expect.rows_at_least:
        return None
    reason = f"the list has {seen.listed} rows; {expect.rows_at_least} or more are expected"
    return Verdict(Status.DEGRADED, reason, "look at the page; a new layout needs another family, see probe")


def _shrunken(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    """A list that lost more than is plausible. One that lost all its rows with nothing in their place says nothing,
    even if it had but one, and whatever `rows_at_least` allows."""
    if last is None or not seen.complete or was_odd(seen, last):
        return None
    lost = max(last.listed - seen.listed, seen.missing)
    is_emptied = last.listed > 0 and seen.listed == 0
    if not is_emptied and (lost < _LEAST_LOSS or lost <= last.listed * expect.shrink_at_most):
        return None
    reason = f"the list shrank from {last.listed} to {seen.listed} rows"
    if seen.listed >= last.listed:
        reason = f"{seen.missing} of {last.listed} rows are gone and others in their place, as after a redesign"
    advice = "nothing is concluded from it; if the authority really removed them, raise expect.shrink_at_most"
    return Verdict(Status.DEGRADED, reason, advice)


def was_odd(seen: Seen, last: Last) -> bool:
    """Whether the one visit that sets the expectation was the odd day: nothing that it listed is there, and what is
    there was there at the visit before as well."""
    return last.is_only and seen.none_of_last and seen.listed > 0 and seen.known >= _CORROBORATED * seen.listed


def _dates_lost(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if last is None or last.dated is None or last.dated < 0.8 or not seen.listed:
        return None
    if seen.dated >= seen.listed * last.dated / 2:
        return None
    reason = f"the rows lost their dates: {seen.dated} of {seen.listed} have one"
    return Verdict(Status.DEGRADED, reason, "the page was redesigned: run rulewatch probe and compare")


def _too_old(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    if expect.newest_within_days is None or seen.newest is None or not seen.listed:
        return None
    age = (today - seen.newest).days
    if age <= expect.newest_within_days:
        return None
    reason = f"the newest row is {age} days old; something newer than {expect.newest_within_days} days is expected"
    return Verdict(Status.DEGRADED, reason, "the section may have moved: look on the site for where it goes on")


def _failed_pages(seen: Seen, expect: Expectation, last: Last | None, today: date) -> Verdict | None:
    parts = [
        f"{count} {words}"
        for count, words in (
            (seen.fresh_unreadable, "articles without a readable body"),
            (seen.fresh_bad_files, "files cut off or of another type than their name says"),
            (seen.fresh_unanswered, "articles or files that did not answer"),
        )
        if count
    ]
    if not parts:
        return None
    return Verdict(
        Status.DEGRADED,
        "; ".join(parts),
        "the list is as it was; what failed is asked for again next run",
        Trust.NEW_PAGES,
    )


_Judge = Callable[[Seen, Expectation, Last | None, date], Verdict | None]
_JUDGES: tuple[_Judge, ...] = (
    _unreachable,
    _not_the_list,
    _stopped,
    _general_reader,
    _too_few,
    _shrunken,
    _dates_lost,
    _too_old,
    _failed_pages,
)


def _remarks(seen: Seen) -> str | None:
    """What a person may want to know of a visit that can be trusted."""
    remarks = []
    if seen.not_understood:
        shown = "; ".join(seen.not_understood[:3]) + ("; …" if len(seen.not_understood) > 3 else "")
        remarks.append(f"not fully understood: {len(seen.not_understood)} links read like rows, in no list: {shown}")
    if seen.first_page:
        remarks.append(f"first page only: {seen.first_page}; news is seen, of what is missing nothing is concluded")
    if seen.moved:
        remarks.append(f"the site moved its addresses: {seen.moved} rows were known again by title and date")
    if seen.volatile:
        remarks.append(f"learned: {', '.join(seen.volatile)} of its addresses changes from visit to visit")
    if seen.forbidden:
        remarks.append(f"robots.txt forbids {len(seen.forbidden)} addresses ({', '.join(seen.forbidden[:3])})")
    if seen.stale_failures:
        remarks.append(f"{seen.stale_failures} articles or files still cannot be read")
    if seen.gone:
        remarks.append(f"{seen.gone} addresses answer that they are gone")
    if seen.foreign_hosts:
        hosts = ", ".join(seen.foreign_hosts[:5])
        remarks.append(f"links to other hosts were not followed ({hosts}); add those that are its own to file_hosts")
    return "; ".join(remarks) or None
