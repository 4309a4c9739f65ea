"""Trial: what changes would mean for one certificate, told without a database.

A question has the day, a certificate with the columns of the certificate file, and changes as the log prints them; the
answer is what the holder is told of each, why nobody is told of the others, and the certificate's own calendar.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from monitor.certificates.calendar import Due, calendar_of
from monitor.certificates.certificate import Certificate
from monitor.certificates.files.header import read_header
from monitor.certificates.files.reading import read_row
from monitor.certificates.impact import Impact, conflict_of, impact_of
from monitor.certificates.matching import Certainty, LeftOut, Match, Matcher
from monitor.certificates.spoken import Register
from monitor.changes.change import Change
from monitor.changes.kept import change_of_entry
from monitor.errors import BadInput
from monitor.notation.codes import find_codes

UNNAMED = {"certificate_no": "CERTIFICATE", "holder": "HOLDER"}
"""What stands for the number and the holder of a certificate that a question does not name."""


def tell(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the holder of one certificate is told of some changes on a day, as `matches --json-lines` prints it.

    Raises BadInput for what cannot be read, naming it.
    """
    today = _day(question.get("today"))
    certificate = certificate_of(question.get("certificate"))
    entries = _entries(question.get("changes"))
    changes = [change_of_entry(entry, today) for entry in entries]
    register = register_of(changes)
    told, left_out = [], []
    for at, (entry, change) in enumerate(zip(entries, changes, strict=True)):
        number = entry.get("id", at)
        found = _not_told(entry) or Matcher(change, register, today).match(certificate)
        if isinstance(found, Match):
            impact = impact_of(change, found, substantive=change.substantive)
            told.append(told_json(number, change, found, impact, today))
        elif found is not None:
            left_out.append({"change": number, "reason": found.reason if isinstance(found, LeftOut) else found})
    calendar = [due_json(due) for due in calendar_of(certificate, today)]
    return {"matches": told, "left_out": left_out, "calendar": calendar}


def told_json(number: Any, change: Change, match: Match, impact: Impact, today: date) -> dict[str, Any]:
    """Return what a change means for a certificate, in the words of `matches --json` and more."""
    return {
        "change": number,
        "certificate": match.certificate.number,
        "holder": match.certificate.holder.name,
        "certainty": match.certainty.value,
        "because": list(match.because),
        "severity": impact.severity.value,
        "action": impact.action.value,
        "deadline": impact.deadline.isoformat() if impact.deadline else None,
        "deadline_note": impact.deadline_note,
        "consequence": impact.consequence,
        "step": impact.step.value if impact.step else None,
        "days": [{"on": day.on.isoformat(), "step": day.step.value} for day in impact.days],
        "reckoned": impact.reckoned,
        "conflict": conflict_of(match.certificate.expires, impact.deadline, impact.days, today),
        "needs_review": change.needs_review or match.certainty is not Certainty.CERTAIN,
    }


def due_json(due: Due) -> dict[str, Any]:
    """Return a day of a certificate's own calendar as scripts see it."""
    return {"on": due.on.isoformat(), "duty": due.duty.value, "reckoned": due.reckoned}


def certificate_of(cells: Any) -> Certificate:
    """Return the certificate that columns of a certificate file describe; raises BadInput with all that is wrong."""
    if not isinstance(cells, Mapping):
        raise BadInput('"certificate" is missing or not a JSON object')
    row = {**UNNAMED, **{str(name): _cell(value) for name, value in cells.items() if value is not None}}
    header = read_header(tuple(row))
    if header is None:
        raise BadInput('"certificate" has no "rule" (expected something like CCAP-SB-3721:2018A)')
    read = read_row(header, 1, tuple(row.values()))
    if isinstance(read, Certificate):
        return read
    raise BadInput("; ".join(f'"{problem.column}" of the certificate {problem.message}' for problem in read))


def register_of(changes: Sequence[Change]) -> Register:
    """Return what some changes say of families that replaced others."""
    predecessors: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        for old in (code for text in change.supersedes for code in find_codes(text)):
            if change.family and str(old.family) != change.family:
                predecessors[change.family].add(str(old.family))
    return Register({family: frozenset(older) for family, older in predecessors.items()})


def _not_told(entry: Mapping[str, Any]) -> str | None:
    """Why nobody is told of an entry of the log by itself, None where its certificates are."""
    if entry.get("amends") is not None:
        return f"it amends change {entry['amends']}, which tells it"
    if entry.get("merged_into") is not None:
        return f"it was merged into change {entry['merged_into']}"
    return "it was dismissed by a consultant" if entry.get("decision") == "dismissed" else None


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput('"today" is missing or not a day (expected something like 2026-03-02)') from None


def _entries(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return value
    raise BadInput('"changes" is missing or not a list of JSON objects')


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value
