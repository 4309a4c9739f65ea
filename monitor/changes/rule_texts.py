"""Rule texts: what a rule's own file or page means: a new edition, another content under the same code, or nothing.

Layout is not content: a text that was only typeset anew, renamed, or put at another address is no change. Where a text
cannot be read or compared, that is said as a reason, and the change waits for a consultant.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.identity import Identity, identify_document, shown
from monitor.changes.notices.notice import reading_reasons
from monitor.changes.notices.per_rule import old_edition
from monitor.changes.notices.terms import Terms, read_terms
from monitor.changes.notices.wording import is_side_file
from monitor.changes.register import Edition, Register
from monitor.changes.sighting import Sighting, paragraph_of
from monitor.changes.verdict import EditionSeen, Mention, Verdict
from monitor.comparison.comparison import ClauseChange, Comparison, Op
from monitor.documents.document import Document, PartRole
from monitor.facts.fact import Fact, FactType
from monitor.facts.text.printed import document_text
from monitor.notation.codes import RuleCode, find_codes
from monitor.notation.standards import find_standards
from monitor.notation.text import normalise

Compare = Callable[[Document, Document], Comparison]

LOW_FOR_REVISION = 0.5
LOW_FOR_EDITION = 0.2
"""Shares of text with a counterpart below which two texts may not be readings of the same rule."""


@dataclass(frozen=True, slots=True)
class Before:
    """What stood at the same address, or as the edition's text, before: its capture, document and code."""

    capture_id: int
    document: Document
    code: RuleCode | None = None
    is_file: bool = True
    is_sibling: bool = False


def read_rule_text(
    sighting: Sighting,
    identity: Identity,
    register: Register,
    told: frozenset[str],
    text_of: Callable[[Edition], Before | None],
    compare: Compare,
) -> Verdict:
    """Return what a rule's text at a new address means."""
    code = identity.code
    known = register.find(code)
    seen = edition_seen(sighting, identity)
    mentions = (Mention(identity.family, code.edition, "text"),)
    if known is None and not register.is_newer(code):
        return Verdict("an older edition of a known rule", editions=(seen,), mentions=mentions)
    if known is None or code.edition in told:
        earlier = register.before(code)
        old = text_of(earlier) if earlier is not None and sighting.document.readable else None
        change = _new_edition(sighting, identity, register, old if is_principal(sighting) else None, compare)
        return Verdict(change.kind.value, (change,), (seen,), mentions=mentions)
    principal = text_of(known)
    if principal is None or principal.is_sibling or principal.is_file != (sighting.kind == "file"):
        return Verdict("text of a known edition", editions=(seen,), mentions=mentions)
    if sighting.role == "notices" and is_supplement(sighting.document, principal.document):
        return Verdict("a supplement of a known edition", mentions=mentions)
    return read_exchanged(sighting, identity, principal, compare)


def is_supplement(document: Document, rule: Document) -> bool:
    """Whether a document beside a notice is no text of the rule whose code it bears, by its shape: less than half of
    the rule's clauses, and less than half its length."""
    if not (document.readable and rule.readable):
        return False
    clauses = [sum(part.role is PartRole.CLAUSE for part in each.parts) for each in (document, rule)]
    return 2 * clauses[0] < clauses[1] and 2 * len(document_text(document)) < len(document_text(rule))


def read_exchanged(sighting: Sighting, identity: Identity, before: Before, compare: Compare) -> Verdict:
    """Return what another text of the same edition means: a revision, or nothing where only its layout differs."""
    mentions = (Mention(identity.family, identity.code.edition, "text"),)
    seen = edition_seen(sighting, identity)
    if not (before.document.readable and sighting.document.readable):
        revision = _revision(sighting, identity, before, None)
        return Verdict("exchanged, and one side cannot be read", (revision,), (seen,), mentions=mentions)
    comparison = without_layout(compare(before.document, sighting.document))
    if not comparison.clauses:
        return Verdict("layout only", editions=(seen,), mentions=mentions)
    revision = _revision(sighting, identity, before, comparison)
    outcome = "revision" if comparison.substantive else "editorial revision"
    return Verdict(outcome, (revision,), (seen,), mentions=mentions)


def without_layout(comparison: Comparison) -> Comparison:
    """Return a comparison without clause changes that are typography, other spellings, or names of linked files."""
    return replace(comparison, clauses=tuple(clause for clause in comparison.changed if not _is_layout(clause)))


def is_principal(sighting: Sighting) -> bool:
    """Return whether a document is the rule itself, not a form or list beside it."""
    document = sighting.document
    if sighting.kind == "file":
        if is_side_file(sighting.file_name or document.title):
            return False
        return document.code is not None or not is_side_file(document.title)
    return any(part.role is PartRole.CLAUSE for part in document.parts) and len(sighting.text) > 600


def edition_seen(sighting: Sighting, identity: Identity) -> EditionSeen:
    """Return what a rule's text tells the register."""
    document = sighting.document
    terms = read_terms(_facts(sighting), sighting.text, of_rule=True)
    published = document.published if sighting.kind == "file" else (terms.published or sighting.published)
    return EditionSeen(
        code=identity.code,
        shown=shown(identity.code),
        title_zh=rule_title(sighting),
        capture_id=sighting.capture_id,
        is_text=document.readable and is_principal(sighting),
        published=published or terms.published,
        effective=document.effective or terms.effective,
        replaces=tuple(old for value in terms.supersedes for old in find_codes(value)),
    )


def rule_title(sighting: Sighting) -> str:
    """Return the rule's title: its own where it has one, else what the site calls it."""
    own = sighting.document.title.strip()
    for title in (own, sighting.page_title, sighting.row_title, sighting.file_name):
        if title and ("规则" in title or "细则" in title):
            return title
    return own or sighting.title


def principal_member(document: Document, code: RuleCode) -> Document:
    """Return the member of an archive that is an edition's text; the document itself where it is no archive."""
    for member in document.members:
        inner = principal_member(member, code)
        found = identify_document(inner)
        if found is not None and found.code == code:
            return inner
    return document


def _new_edition(
    sighting: Sighting, identity: Identity, register: Register, before: Before | None, compare: Compare
) -> Change:
    code, facts = identity.code, _facts(sighting, before)
    terms = read_terms(facts, sighting.text, of_rule=True)
    old = old_edition(register, code, terms.supersedes)
    comparison = compare(before.document, sighting.document) if before and before.document.readable else None
    low = comparison is not None and comparison.alignment < LOW_FOR_EDITION
    linked = [str(c.family) for value in terms.supersedes for c in find_codes(value)]
    reasons = (*_reasons(sighting, identity, terms), *((ReviewReason.LOW_ALIGNMENT,) if low else ()))
    return _change(
        sighting,
        ChangeKind.NEW_EDITION if old is not None else ChangeKind.NEW_RULE,
        identity,
        code.edition,
        terms,
        facts,
        before=before,
        comparison=comparison,
        old=old,
        reasons=reasons,
        families=(identity.family, *linked),
    )


def _revision(sighting: Sighting, identity: Identity, before: Before, comparison: Comparison | None) -> Change:
    facts = _facts(sighting, before)
    low = comparison is not None and comparison.alignment < LOW_FOR_REVISION
    reasons = [*reading_reasons(sighting), *identity.reasons(sighting.kind)]
    if before.document.ocr_pages:
        reasons.append(ReviewReason.OCR)
    if comparison is None:
        reasons.append(ReviewReason.UNREADABLE_FILE)
    if low:
        reasons.append(ReviewReason.LOW_ALIGNMENT)
    terms = replace(read_terms(facts, sighting.text, of_rule=True), published=None, effective=None)
    return _change(
        sighting,
        ChangeKind.REVISION,
        identity,
        f"{before.capture_id}>{sighting.capture_id}",
        terms,
        facts,
        before=before,
        comparison=comparison,
        old=shown(before.code or identity.code),
        reasons=reasons,
        families=(identity.family,),
    )


def _change(
    sighting: Sighting,
    kind: ChangeKind,
    identity: Identity,
    key: str,
    terms: Terms,
    facts: tuple[Fact, ...],
    *,
    before: Before | None,
    comparison: Comparison | None,
    old: str | None,
    reasons: Iterable[ReviewReason],
    families: Iterable[str],
) -> Change:
    role = EvidenceRole.FILE if sighting.kind == "file" else EvidenceRole.PAGE
    captures = (sighting.capture_id,) + ((before.capture_id,) if before else ())
    is_revision = kind is ChangeKind.REVISION
    dated = _own_days(sighting.document, before if is_revision else None)
    return Change(
        kind=kind,
        authority=sighting.authority,
        family=identity.family,
        event_key=key,
        title_zh=rule_title(sighting),
        detected_on=sighting.today,
        source_url=sighting.page_url,
        captures=captures,
        roles=(role, EvidenceRole.BEFORE)[: len(captures)],
        old_edition=old,
        new_edition=shown(identity.code),
        published=dated.published or terms.published or (None if is_revision else sighting.published),
        effective=dated.effective or terms.effective,
        deadline=terms.deadline,
        deadline_note=terms.deadline_note,
        accepted_from=terms.accepted_from,
        accepted_until=terms.accepted_until,
        standards=terms.standards,
        supersedes=terms.supersedes,
        actions=terms.actions,
        consequence=terms.consequence,
        reasons=tuple(dict.fromkeys(reasons)),
        facts=facts,
        clauses=comparison.changed if comparison else (),
        families_named=tuple(dict.fromkeys(families)),
        substantive=comparison is None or not is_revision or comparison.substantive,
    )


def _own_days(document: Document, before: Before | None) -> Document:
    """The document with the days of its cover, but without those that the text before had, too: they are no news."""
    if before is None:
        return document
    old = before.document
    return replace(
        document,
        published=None if document.published == old.published else document.published,
        effective=None if document.effective == old.effective else document.effective,
    )


def _reasons(sighting: Sighting, identity: Identity, terms: Terms) -> tuple[ReviewReason, ...]:
    return (*reading_reasons(sighting), *identity.reasons(sighting.kind), *terms.reasons)


_ABOUT_THE_CHANGEOVER = frozenset(
    {FactType.DEADLINE, FactType.ACTION, FactType.CONSEQUENCE, FactType.ACCEPTED_UNTIL, FactType.ACCEPTED_FROM}
)
_WORDS_OF_CHANGEOVER = ("旧版", "新版", "原版", "换版", "转换", "过渡", "代替", "本规则实施")


def _facts(sighting: Sighting, before: Before | None = None) -> tuple[Fact, ...]:
    """The facts of a rule's text without its general duties: what every holder must always do is no news.

    Nor is what the text before said in the same words.
    """
    old = normalise(document_text(before.document)) if before else ""
    return tuple(
        fact
        for fact in sighting.reading.facts
        if _is_news(fact, sighting) and (fact.type not in _ABOUT_THE_CHANGEOVER or normalise(fact.quote) not in old)
    )


def _is_news(fact: Fact, sighting: Sighting) -> bool:
    if fact.type not in _ABOUT_THE_CHANGEOVER:
        return True
    paragraph = paragraph_of(fact.quote, sighting.text)
    return any(word in paragraph for word in _WORDS_OF_CHANGEOVER)


def _is_layout(clause: ClauseChange) -> bool:
    same_place = clause.op is Op.MODIFIED and clause.old_path == clause.new_path
    return same_place and _canonical(clause.old or "") == _canonical(clause.new or "")


_FILE_LINE = re.compile(r"^.*\.(?:pdf|docx?|wps|xlsx?|et|zip|rar|ofd|txt)\s*$", re.M | re.I)
"""A line that only names a linked file: what the file says is compared by itself."""


def _canonical(text: str) -> str:
    text = _FILE_LINE.sub("", text)
    for code in find_codes(text):
        text = text.replace(code.printed, code.edition)
    for standard in find_standards(text):
        text = text.replace(standard.printed, str(standard))
    return normalise(text)
