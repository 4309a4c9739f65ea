"""MATCH: changes × certificates → matches with their impact. Safe to kill, to repeat and to run twice at once.

A change is held against the whole register of certificates once for each of its revisions. A certificate that was
imported or altered later is held against the changes that are still open, and only what asks something of its holder
is kept: nobody is flooded with the history of a rule.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import structlog

from monitor.certificates.certificate import Certificate
from monitor.certificates.impact import Severity, impact_of, is_open
from monitor.certificates.kept import certificate_of
from monitor.certificates.matching import CertificateIndex, LeftOut, Match, Matcher
from monitor.certificates.spoken import Register
from monitor.changes.change import Change
from monitor.changes.kept import change_of
from monitor.documents.document import Document
from monitor.errors import BadInput
from monitor.notation.codes import parse_code
from monitor.notation.standards import find_standards
from storage import certificates as storage
from storage.certificates import CertificateRow, MatchRow
from storage.changes import ChangeRow, columns_of
from storage.engine.database import Database, insert_missing
from storage.trouble.fence import Fence, fenced

log = structlog.get_logger()

LEFT_OUT_KEPT = 200


def match_changes(database: Database, today: date) -> dict[str, int]:
    """Match changes nobody has matched, then certificates that came later; return how many of each, and new matches."""
    tally: Counter[str] = Counter(changes=0, matches=0, certificates=0)
    with database.session() as session:
        if not _unmatched_or_later(session):
            return dict(tally)
    with fenced(database, "match") as fence:
        register, products, after = _read_register(database, fence), _Products(database), 0
        while ids := _unmatched(database, after):
            for change_id, unit in fence.units(ids, lambda number: f"change {number}"):
                with unit:
                    tally["matches"] += _match_change(database, change_id, register, today, fence, products)
                    tally["changes"] += 1
            after = ids[-1]
        _match_later(database, register, today, tally, fence)
    return dict(tally) | fence.tally


def _change(row: ChangeRow) -> Change:
    return change_of(columns_of(row), ())


def _unmatched(database: Database, after: int) -> list[int]:
    with database.session() as session:
        return [row.id for row in storage.unmatched_changes(session, after=after)]


def _unit(row: CertificateRow) -> str:
    return f"certificate {row.number}"


class _Products:
    """The products of all certificates, asked for once a run: what comes meanwhile is matched later."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def all(self) -> Sequence[tuple[str, str]]:
        """Every pair of product and rule family."""
        with self._database.session() as session:
            return storage.certified_products(session)


def _match_change(
    database: Database, change_id: int, register: Register, today: date, fence: Fence, products: _Products
) -> int:
    """Hold a change against the register; a certificate that cannot be held against it is taken up again later."""
    with database.session() as session:
        row = session.get_one(ChangeRow, change_id)
        matcher = Matcher(_change(row), register, today)
        fitting = [pair for pair in products.all if matcher.fits_scope(*pair)] if matcher.keys.scope else []
        rows = storage.certificates_for(session, matcher.keys.families, matcher.keys.standards, fitting)
        found, values = _held_against(row, matcher, rows, fence)
        passed_over = [item.id for item in rows if _unit(item) in fence]
        new = storage.keep_matches(session, values, _known(session, change_id, passed_over), today)
        left_out = [item for item in found if isinstance(item, LeftOut)]
        _keep_matched(session, row, today, len(values), left_out)
        storage.mark_certificates_unmatched(session, passed_over)
        session.commit()
    log.info("change matched", change=change_id, matches=len(values), left_out=len(left_out))
    return new


def _held_against(
    row: ChangeRow, matcher: Matcher, rows: Sequence[CertificateRow], fence: Fence
) -> tuple[list[Match | LeftOut], list[dict[str, Any]]]:
    """Return what came of each certificate, and the values of the matches among them."""
    found: list[Match | LeftOut] = []
    values: list[dict[str, Any]] = []

    def hold(some: Sequence[CertificateRow]) -> None:
        held = list(CertificateIndex(certificate_of(item) for item in some).match(matcher))
        matches = [item for item in held if isinstance(item, Match)]
        values.extend(_values(row, matcher.change, matches, {item.number: item.id for item in some}))
        found.extend(held)

    fence.each(rows, _unit, hold, keep_later=True)
    return found, values


def _known(session: Any, change_id: int, passed_over: Collection[int]) -> dict[int, MatchRow]:
    """Return a change's matches by certificate; of certificates that were passed over nothing is known to be over."""
    known = storage.matches_of(session, change_id)
    return {certificate: match for certificate, match in known.items() if certificate not in passed_over}


def _keep_matched(session: Any, row: ChangeRow, today: date, count: int, left_out: Sequence[LeftOut]) -> None:
    reasons = {item.certificate.number: item.reason for item in left_out[:LEFT_OUT_KEPT]}
    details = {"matches": count, "left_out": len(left_out), "reasons": reasons}
    value = {"change_id": row.id, "change_revision": row.revision, "matched_on": today, "details": details}
    insert_missing(session, storage.MatchedRow, [value])


def _match_later(database: Database, register: Register, today: date, tally: Counter[str], fence: Fence) -> None:
    matchers: list[tuple[ChangeRow, Matcher]] = []
    with database.session() as session:
        for row in storage.matched_changes(session):
            with fence.unit(f"change {row.id}", keep_later=True):
                if is_open(change := _change(row), today):
                    matchers.append((row, Matcher(change, register, today)))
    if not matchers:
        with database.session() as session:
            tally["certificates"] += storage.mark_all_certificates_matched(session)
            session.commit()
    after = 0
    while rows := _later(database, after):
        _match_some(database, rows, matchers, tally, fence)
        after = rows[-1].id


def _later(database: Database, after: int) -> Sequence[CertificateRow]:
    with database.session() as session:
        return storage.certificates_to_match(session, after=after)


def _match_some(
    database: Database,
    rows: Sequence[CertificateRow],
    matchers: Sequence[tuple[ChangeRow, Matcher]],
    tally: Counter[str],
    fence: Fence,
) -> None:
    """Hold some certificates against every open change; those that were set aside stay to be matched."""
    known: dict[int, Certificate] = {}
    for row in rows:
        with fence.unit(_unit(row)):
            known[row.id] = certificate_of(row)
    readable = [row for row in rows if row.id in known]
    whole = CertificateIndex(known.values())
    for change, matcher in matchers:

        def hold(some: Sequence[CertificateRow], change: ChangeRow = change, matcher: Matcher = matcher) -> None:
            index = whole if len(some) == len(readable) else CertificateIndex(known[row.id] for row in some)
            matches = [item for item in index.match(matcher) if isinstance(item, Match)]
            tally["matches"] += _keep_later_matches(database, change, matcher, matches, some)

        fence.each(readable, _unit, hold)
    with database.session() as session:
        done = {row.id: row.version for row in readable if _unit(row) not in fence}
        storage.mark_certificates_matched(session, done)
        session.commit()
    tally["certificates"] += len(done)


def _keep_later_matches(
    database: Database, row: ChangeRow, matcher: Matcher, matches: Sequence[Match], among: Sequence[CertificateRow]
) -> int:
    ids = {item.number: item.id for item in among}
    values = _values(row, matcher.change, matches, ids)
    with database.session() as session:
        known = storage.matches_of(session, row.id, ids.values())
        wanted = [value for value in values if value["certificate_id"] in known or _asks(value)]
        new = storage.keep_matches(session, wanted, known, matcher.today)
        session.commit()
    return new


def _asks(value: dict[str, Any]) -> bool:
    return value["severity"] in (Severity.ACT_BY.value, Severity.ACT.value)


def _values(row: ChangeRow, change: Change, matches: Iterable[Match], ids: Mapping[str, int]) -> list[dict[str, Any]]:
    values = []
    for match in matches:
        impact = impact_of(change, match, substantive=row.substantive)
        values.append(
            {
                "change_id": row.id,
                "certificate_id": ids[match.certificate.number],
                "certainty": match.certainty.value,
                "because": list(match.because),
                "severity": impact.severity.value,
                "action": impact.action.value,
                "deadline": impact.deadline,
                "deadline_note": impact.deadline_note,
                "consequence": impact.consequence,
                "step": impact.step.value if impact.step else None,
                "days": [{"on": day.on.isoformat(), "step": day.step.value} for day in impact.days],
                "reckoned": impact.reckoned,
                "settled_on": None,
                "change_revision": row.revision,
            }
        )
    return values


def _read_register(database: Database, fence: Fence) -> Register:
    predecessors: dict[str, set[str]] = defaultdict(set)
    rests_on: dict[str, set[tuple[str, str]]] = defaultdict(set)
    titles: dict[str, str] = {}
    with database.session() as session:
        for row in storage.all_editions(session):
            titles[row.family] = row.title_zh or titles.get(row.family, "")
            successor = _family(row.superseded_by)
            if successor and successor != row.family:
                predecessors[successor].add(row.family)
        for family, content in storage.rule_texts(session):
            with fence.unit(f"text of {family}", keep_later=True):
                for standard in find_standards(_text(Document.from_json(content))):
                    rests_on[standard.undated].add((family, str(standard)))
    return Register(
        {key: frozenset(families) for key, families in predecessors.items()},
        {key: frozenset(pairs) for key, pairs in rests_on.items()},
        titles,
    )


def _unmatched_or_later(session: Any) -> bool:
    return bool(storage.unmatched_changes(session, 1) or storage.certificates_to_match(session, 1))


def _family(code: str | None) -> str | None:
    try:
        return str(parse_code(code).family) if code else None
    except BadInput:
        return code


def _text(document: Document) -> str:
    lines = [document.title]
    for part in document.parts:
        lines += [part.heading, part.body]
        lines += [" ".join(row) for table in part.tables for row in table]
    return "\n".join(lines)
