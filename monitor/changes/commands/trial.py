"""Trial: what notices would be in the log, told without a site and without a database.

A question has the editions that are known and the notices in the order in which they came; the answer is the log as
`rulewatch changes --json` prints it, so that `matches --json-lines` can take it from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from monitor.changes.change import Change
from monitor.changes.classify import Known, classify
from monitor.changes.kept import entry_of
from monitor.changes.merge import amend, with_doubts
from monitor.changes.register import Edition, Register
from monitor.changes.sighting import Sighting
from monitor.comparison.compare import compare_documents
from monitor.documents.reader import read_text_document
from monitor.errors import BadInput
from monitor.facts.extract import facts_of_document
from monitor.notation.codes import find_codes


def log_of(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what some notices, or one, would be in the log, as `changes --json-lines` prints it.

    A notice has `title` and `text`, and may have `published`, `authority` and `url`; `known` are the codes of the
    editions in force. Raises BadInput for what cannot be read, naming it.
    """
    notices = question.get("notices", [question])
    if not isinstance(notices, list) or not all(isinstance(notice, Mapping) for notice in notices):
        raise BadInput('"notices" is not a list of JSON objects')
    register = _register(question.get("known", []))
    log: list[Change] = []
    for number, notice in enumerate(notices, start=1):
        log = _grown(log, _sighting(notice, number), register)
    numbers = {change.event: number for number, change in enumerate(log, start=1)}
    entries = [entry_of(change, numbers[change.event]) for change in log]
    amends = [numbers.get(change.amends) if change.amends else None for change in log]
    return {"changes": [{**entry, "amends": of} for entry, of in zip(entries, amends, strict=True)]}


def _grown(log: Sequence[Change], sighting: Sighting, register: Register) -> list[Change]:
    """The log with what one more notice says: new entries, and what they alter in the earlier ones."""
    newest_first = tuple(reversed(log))
    told = frozenset(change.event_key for change in log)
    verdict = classify(sighting, Known(register, told, lambda: newest_first, lambda edition: None, compare_documents))
    standing = {change.event: change for change in log}
    for amendment in verdict.amendments:
        amended = amend(standing[amendment.event], amendment.fields).change
        by = next((change for change in verdict.changes if change.event == amendment.by), amended)
        standing[amendment.event] = with_doubts(amended, by, is_clear=amendment.is_clear)
    fresh = [change for change in verdict.changes if change.event not in standing]
    return [*standing.values(), *fresh]


def _register(codes: Any) -> Register:
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise BadInput('"known" is not a list of rule codes (expected something like ["CCAP-SB-3721:2018A"])')
    found = [(code, text) for text in codes for code in find_codes(text)]
    return Register.of(Edition(code, text) for code, text in found)


def _sighting(notice: Mapping[str, Any], number: int) -> Sighting:
    title, text = _text(notice, "title"), _text(notice, "text")
    document = replace(read_text_document(f"{title}\n{text}"), title=title)
    published = _day(notice.get("published"))
    url = str(notice.get("url") or f"https://notice.example/{number}")
    return Sighting(
        capture_id=number,
        authority=str(notice.get("authority") or _authority(f"{title}\n{text}")),
        role="notices",
        kind="article",
        url=url,
        page_url=url,
        document=document,
        reading=facts_of_document(document, published),
        today=published or date(1970, 1, 1),
        row_title=title,
        row_published=published,
    )


def _authority(text: str) -> str:
    """The authority whose rules a text names first; where it names none, nobody's."""
    codes = find_codes(text)
    return codes[0].family.authority.lower() if codes else ""


def _text(notice: Mapping[str, Any], name: str) -> str:
    value = notice.get(name, "")
    if not isinstance(value, str) or (name == "text" and not value.strip()):
        raise BadInput(f'"{name}" of a notice is missing or not a text')
    return value


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        raise BadInput('"published" of a notice is not a day (expected something like 2026-03-02)') from None
