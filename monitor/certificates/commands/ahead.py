"""Looking ahead: whom a standard, a rule or a holder's days would hit, and what falls due by when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from monitor.certificates.forecast import Asked, DueDay, Hit, Known, Standing, forecast
from monitor.certificates.kept import certificate_of, days_of_match
from monitor.certificates.matching import LeftOut
from monitor.documents.document import Document
from monitor.errors import BadInput
from monitor.facts.text.printed import document_text
from monitor.notation.codes import RuleCode, find_codes
from monitor.notation.standards import StandardRef, find_standards
from storage import certificates as storage
from storage.certificates import CertificateRow
from storage.engine.database import Database, Session
from storage.telling.reminders import standing_matches

CERTIFICATES_A_QUERY = 500
LONGEST_LOOK = 36_500
"""Days: a hundred years."""


def asked_for(standard: str | None, rule: str | None, holder: str | None, days: int | None) -> Asked:
    """Return what a person asks for; raises BadInput where nothing is, or what is named is no standard or rule."""
    if standard is None and rule is None and holder is None and days is None:
        raise BadInput("name at least one of --standard, --rule, --holder and --days")
    if days is not None and not 0 <= days <= LONGEST_LOOK:
        raise BadInput(f"--days {days} is not a number of days from 0 to {LONGEST_LOOK}")
    return Asked(_standard(standard), _rule(rule), holder.strip() if holder else None, days)


def look_ahead(database: Database, asked: Asked, today: date) -> dict[str, Any]:
    """Return who would be hit and what falls due, as `rulewatch impact --json` prints it."""
    with database.session() as session:
        replaced, resting = _replaced(session, asked.rule), _resting(session, asked.standard)
        rows = _rows(session, asked, replaced | resting)
        known = Known(replaced, resting, _standing(session, rows))
        hits, left_out = forecast((certificate_of(row) for row in rows), asked, known, today)
    until = today + timedelta(days=asked.days) if asked.days is not None else None
    return {
        "today": today.isoformat(),
        "until": until.isoformat() if until else None,
        "asked": {
            "standard": str(asked.standard) if asked.standard else None,
            "rule": str(asked.rule) if asked.rule else None,
            "holder": asked.holder,
            "days": asked.days,
        },
        "certificates": [_hit_json(hit, today) for hit in hits],
        "left_out": [_left_out_json(item) for item in left_out],
        "holders": len({hit.certificate.holder for hit in hits}),
    }


def _standard(text: str | None) -> StandardRef | None:
    if text is None:
        return None
    found = find_standards(text)
    if len(found) != 1:
        raise BadInput(f'--standard "{text}" is not a standard (expected something like GB 27887 or GB 27887-2011)')
    return found[0]


def _rule(text: str | None) -> RuleCode | None:
    if text is None:
        return None
    found = find_codes(text)
    if len(found) != 1:
        raise BadInput(f'--rule "{text}" is not a rule (expected something like CCAP-GZ-5830 or CCAP-GZ-5830:2021)')
    return found[0]


def _replaced(session: Session, rule: RuleCode | None) -> frozenset[str]:
    """The families that the rule replaced, directly or over others."""
    if rule is None:
        return frozenset()
    older: dict[str, set[str]] = defaultdict(set)
    for row in storage.all_editions(session):
        for code in find_codes(row.superseded_by or ""):
            older[str(code.family)].add(row.family)
    found, waiting = set[str](), [str(rule.family)]
    while waiting:
        new = older[waiting.pop()] - found - {str(rule.family)}
        found |= new
        waiting += new
    return frozenset(found)


def _resting(session: Session, standard: StandardRef | None) -> frozenset[str]:
    """The families whose newest text names the standard."""
    if standard is None:
        return frozenset()
    return frozenset(
        family
        for family, content in storage.rule_texts(session)
        if any(named.undated == standard.undated for named in find_standards(_text(content)))
    )


def _text(content: dict[str, Any]) -> str:
    return document_text(Document.from_json(content))


def _rows(session: Session, asked: Asked, families: Iterable[str]) -> Sequence[CertificateRow]:
    if asked.standard is None and asked.rule is None:
        return storage.all_certificates(session)
    named = {str(asked.rule.family)} if asked.rule else set()
    return storage.certificates_for(session, named | set(families), {asked.standard.undated} if asked.standard else ())


def _standing(session: Session, rows: Sequence[CertificateRow]) -> dict[str, list[Standing]]:
    numbers = {row.id: row.number for row in rows}
    ids, found = list(numbers), defaultdict[str, list[Standing]](list)
    for start in range(0, len(ids), CERTIFICATES_A_QUERY):
        for match, change in standing_matches(session, ids[start : start + CERTIFICATES_A_QUERY]):
            title = change.new_edition or change.title_zh
            standing = Standing(change.id, title, days_of_match(match), match.deadline, match.reckoned)
            found[numbers[match.certificate_id]].append(standing)
    return found


def _hit_json(hit: Hit, today: date) -> dict[str, Any]:
    certificate = hit.certificate
    return {
        "certificate": certificate.number,
        "holder": certificate.holder.name,
        "product": certificate.product,
        "rule": certificate.edition or certificate.family,
        "status": certificate.status.value,
        "expires": certificate.expires.isoformat() if certificate.expires else None,
        "certainty": hit.certainty.value,
        "because": list(hit.because),
        "due": [_due_json(due, today) for due in hit.due],
    }


def _due_json(due: DueDay, today: date) -> dict[str, Any]:
    return {
        "on": due.on.isoformat(),
        "days": (due.on - today).days,
        "what": due.what,
        "reckoned": due.reckoned,
        "change": due.change,
        "about": due.about,
        "conflict": due.conflict,
    }


def _left_out_json(item: LeftOut) -> dict[str, Any]:
    certificate = item.certificate
    return {"certificate": certificate.number, "holder": certificate.holder.name, "reason": item.reason}
