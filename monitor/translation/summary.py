"""Summary: what a change says in English, in the order of DESIGN.md, "What a summary says".

Built by code from facts; translated text stands only in clauses, scope and title, and is marked as awaiting where
there is none. Everything stated carries the Chinese sentences that it was read from.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from monitor.changes.change import Change, ChangeKind, ReviewReason
from monitor.facts.fact import FactType
from monitor.notation.codes import find_codes
from monitor.translation.english import phrases
from monitor.translation.english.body import Sentence, say_body
from monitor.translation.english.clauses import ClauseSummary, Say, summarise_clause, those_that_matter, with_front
from monitor.translation.english.days import say_day
from monitor.translation.english.glossary import Glossary
from monitor.translation.english.happenings import say_headline, say_what_changed
from monitor.translation.english.statements import say_fact
from monitor.translation.english.subject import AUTHORITIES, Subject, deadlines, facts_of
from monitor.translation.english.titles import RuleTitle, rule_title, say_list, title_in_english, title_of_family
from monitor.translation.machine.segments import split_segments


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a summary says. `name` is one of what_changed, covers, effective, transition, deadline, action,
    consequence, standards, source, how_read; `label` is how a reader sees it; `quotes` are the Chinese sources,
    `quotes_en` what was read from each of them, in the same order."""

    name: str
    label: str
    text: str
    quotes: tuple[str, ...] = ()
    quotes_en: tuple[str, ...] = ()

    def sources(self) -> tuple[tuple[str, str], ...]:
        """Return each Chinese source with the English of what was read from it, "" where the text says just that."""
        said = (*self.quotes_en, *[""] * len(self.quotes))
        return tuple(
            (quote, "" if english.rstrip(".") in self.text else english)
            for quote, english in zip(self.quotes, said, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Background:
    """What a summary needs beside the change: titles in the register, the capture, how it was read, a notice's body
    as its paragraphs (number, text)."""

    captured_on: date
    sha256: str
    rule_titles: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    ocr_pages: tuple[int, ...] = ()
    substantive: bool = True
    body: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """What stands behind the English of free text: how to say it, and, told afterwards, who said it and what waits."""

    say: Say
    spoken_by: set[str] = field(default_factory=set)
    awaiting: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Summary:
    """A change in English. `awaiting` are the Chinese segments without translation; `edited_text` a person's words."""

    headline: str
    title_en: str
    statements: tuple[Statement, ...]
    clauses: tuple[ClauseSummary, ...]
    awaiting: tuple[str, ...]
    edited_text: str | None = None
    body: tuple[Sentence, ...] = ()

    def plain_text(self) -> str:
        """Return the whole summary as text: a person's words where there are any."""
        if self.edited_text is not None:
            return self.edited_text
        return "\n".join([self.headline, "", *self._lines()])

    def _lines(self) -> Iterator[str]:
        """Statements in their order; the clauses stand before the standards."""
        behind = ("standards", "source", "how_read")
        yield from (f"{said.label}: {said.text}" for said in self.statements if said.name not in behind)
        yield from self._clause_lines()
        if self.body:
            yield "The notice, sentence by sentence:"
            yield from (sentence.plain_text() for sentence in self.body)
        yield from (f"{said.label}: {said.text}" for said in self.statements if said.name in behind)

    def _clause_lines(self) -> Iterator[str]:
        mattering = those_that_matter(self.clauses)
        rest = sum(not clause.substantive for clause in self.clauses)
        if mattering:
            yield "Changed requirements:"
            yield from (clause.plain_text() for clause in mattering)
        if rest:
            others = "other clause differs" if rest == 1 else "other clauses differ"
            others = others if mattering else others.removeprefix("other ")
            yield f"{rest} {others} only in wording, numbering or place."

    def to_json(self) -> dict[str, Any]:
        """Return the summary as JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Summary":
        """Return the summary that `to_json` wrote."""
        statements = tuple(_statement_from(said) for said in content["statements"])
        clauses = tuple(
            ClauseSummary(**{**clause, "why": tuple(clause["why"]), "edits": tuple(clause["edits"])})
            for clause in content["clauses"]
        )
        return cls(
            content["headline"],
            content["title_en"],
            statements,
            clauses,
            tuple(content["awaiting"]),
            content.get("edited_text"),
            tuple(Sentence(**sentence) for sentence in content.get("body", ())),
        )


def _statement_from(content: dict[str, Any]) -> Statement:
    quotes = {name: tuple(content.get(name, ())) for name in ("quotes", "quotes_en")}
    return Statement(**{**content, **quotes})


def summarise(change: Change, background: Background, glossary: Glossary, speech: Speech) -> Summary:
    """Return the summary of a change; free text is said by `speech`, which gathers what awaits translation."""
    subject = Subject(change, _rule_of(change, background, glossary))
    title = title_in_english(change.title_zh, glossary) or speech.say(change.title_zh) or change.title_zh
    clauses = tuple(summarise_clause(clause, glossary, speech.say) for clause in change.clauses)
    if change.kind is ChangeKind.NEW_EDITION:
        clauses = with_front(clauses)
    what = _what(subject, background, title, clauses)
    statements = [said for said in _statements(subject, background, glossary, speech, what) if said]
    body = say_body(background.body, _sentences, _facts_said(change), speech.say)
    awaiting = tuple(dict.fromkeys(speech.awaiting))
    how = Statement("how_read", "How this was made", _how(change, background, speech, bool(awaiting)))
    return Summary(say_headline(subject), title, (*statements, how), clauses, awaiting, body=body)


def _sentences(text: str) -> list[str]:
    return [segment.text for segment in split_segments(text)]


def _facts_said(change: Change) -> list[tuple[str, str]]:
    """Every fact's quote with its English; a fact that cannot be said leaves its sentence awaiting."""
    said = [(fact.quote, say_fact(fact.to_json(), change.published, change.effective)) for fact in change.facts]
    return [(quote, english) for quote, english in said if english]


def _rule_of(change: Change, background: Background, glossary: Glossary) -> RuleTitle | None:
    """The rule's name: from the register, else from the change's own title, else the scope that it names."""
    families = [change.family] if change.family else []
    known = [background.rule_titles[family] for family in families if family in background.rule_titles]
    if len(change.families_named) > 1 and not change.family:
        return None
    is_rules_own = len(find_codes(change.title_zh)) < 2
    for zh in (*known, *((change.title_zh,) if is_rules_own else ()), change.scope_zh or ""):
        if zh and (title := rule_title(zh, glossary)):
            return title
    return title_of_family(change.family)


def _statements(
    subject: Subject, background: Background, glossary: Glossary, speech: Speech, what: str
) -> Iterator[Statement | None]:
    change = subject.change
    yield _statement(change, "what_changed", "What changed", what, FactType.SUPERSEDES)
    yield _statement(change, "covers", "Covers", _covers(subject, background, glossary, speech))
    if _is_editorial(change, background):
        yield _statement(change, "action", "What to do", "No action required: no requirement has changed.")
        yield _statement(change, "source", "Source", _source(subject, background), FactType.PUBLISHED)
        return
    effective = phrases.say_effective(subject)
    dated = () if effective == phrases.NO_DAY else (FactType.EFFECTIVE,)
    yield _statement(change, "effective", "Effective", effective, *dated)
    yield _statement(change, "transition", "Transition", phrases.say_transition(subject), *_TRANSITION)
    yield _statement(change, "deadline", "Deadline", phrases.say_deadline(subject), FactType.DEADLINE)
    yield _statement(change, "action", "What to do", phrases.say_action(subject), FactType.ACTION)
    yield _statement(
        change, "consequence", _consequence_label(subject), phrases.say_consequence(subject), FactType.CONSEQUENCE
    )
    yield _statement(change, "standards", "Standards", phrases.say_standards(change), FactType.STANDARD_CHANGE)
    yield _statement(change, "source", "Source", _source(subject, background), FactType.PUBLISHED)


def _is_editorial(change: Change, background: Background) -> bool:
    """Whether a revision changes no requirement; an edition always means a changeover."""
    if change.kind is not ChangeKind.REVISION or change.actions or deadlines(change) or not change.clauses:
        return False
    return not background.substantive or not any(clause.substantive for clause in change.clauses)


def _consequence_label(subject: Subject) -> str:
    decreed = subject.change.kind in (ChangeKind.WITHDRAWAL, ChangeKind.SUSPENSION)
    return "Consequence" if decreed and not deadlines(subject.change) else "Otherwise"


def _notice_title(change: Change, title: str) -> str:
    if title == change.title_zh:
        return f"Its Chinese title awaits translation: {title}"
    return f"Its title: {title.removeprefix('Notice: ')}."


def _statement(change: Change, name: str, label: str, text: str | None, *types: FactType) -> Statement | None:
    quotes = tuple(dict.fromkeys(fact.quote for fact in facts_of(change, *types)))
    said = _facts_said(change)
    english = tuple(" ".join(dict.fromkeys(en for at, en in said if at == quote)) for quote in quotes)
    return Statement(name, label, text, tuple(map(_without_number, quotes)), english) if text else None


def _without_number(quote: str) -> str:
    """A quote without the number of its paragraph, where that stands on a line of its own."""
    number, _, rest = quote.partition("\n")
    return rest if rest.strip() and _NUMBER.fullmatch(number) else quote


def _what(subject: Subject, background: Background, title: str, clauses: Sequence[ClauseSummary]) -> str:
    change, said = subject.change, say_what_changed(subject)
    if change.kind is ChangeKind.NOTICE:
        return said if "reinstated" in said else f"{said} {_notice_title(change, title)}"
    if not clauses:
        return said
    count = len(those_that_matter(clauses))
    if not count or not background.substantive:
        front = "on the cover, in the foreword, " if any(clause.front for clause in clauses) else ""
        return f"{said} No requirement differs: the differences are {front}in wording, numbering or layout."
    where = "clause" if count == 1 else "clauses"
    return f"{said} Requirements change in {count} {where}."


def _covers(subject: Subject, background: Background, glossary: Glossary, speech: Speech) -> str | None:
    change = subject.change
    said = [f"{_capital(subject.rule.product)}."] if subject.rule else []
    if len(change.families_named) > 1:
        said.append(f"{_capital(say_list([_named(f, background, glossary) for f in change.families_named]))}.")
    if change.scope_zh and not (subject.rule and rule_title(change.scope_zh, glossary) == subject.rule):
        product = glossary.product(change.scope_zh)
        scope = f"{_capital(product)}." if product else speech.say(change.scope_zh)
        said.append(scope or f"In Chinese, awaiting translation: {change.scope_zh}")
    if not said and subject.edition:
        title = background.rule_titles.get(change.family or "", change.title_zh)
        said.append(speech.say(title) or f"Not yet known in English. The Chinese title awaits translation: {title}")
    return " ".join(said) or None


def _named(family: str, background: Background, glossary: Glossary) -> str:
    """The products of one of several rules with its code, the code alone where they have no English."""
    title = rule_title(background.rule_titles.get(family, ""), glossary) or title_of_family(family)
    return f"{title.product} ({family})" if title else f"rule {family}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _source(subject: Subject, background: Background) -> str:
    change = subject.change
    name = AUTHORITIES.get(change.authority)
    who = f"{subject.authority}, the {name}" if name else subject.authority
    published = f", published on {say_day(change.published)}" if change.published else ""
    return (
        f"{who}: {change.source_url}{published}, captured on {say_day(background.captured_on)} "
        f"(SHA-256 {background.sha256[:16]}…). Only the Chinese text is legally binding."
    )


def _how(change: Change, background: Background, speech: Speech, is_waiting: bool) -> str:
    kinds = [_KINDS.get(kind, kind) for kind in background.kinds]
    said = [
        f"Dates, codes and obligations were read automatically from {say_list(kinds) or 'the page'}, "
        "without machine translation."
    ]
    if background.ocr_pages:
        pages = say_list([str(page) for page in background.ocr_pages])
        subject = f"Pages {pages} of a scan were" if len(background.ocr_pages) > 1 else f"Page {pages} of a scan was"
        said.append(f"{subject} read by OCR.")
    services = sorted({name.partition(":")[0] for name in speech.spoken_by - {"phrase", "person"}})
    if services:
        said.append(
            f"Other text was translated by machine ({say_list(services)}); "
            "its figures and its sense were checked against the Chinese."
        )
    if is_waiting:
        said.append("Passages marked as awaiting translation are given in Chinese.")
    if change.reasons:
        said.append(f"A consultant must check it: {'; '.join(_REASONS[reason] for reason in change.reasons)}.")
    return " ".join(said)


_NUMBER = re.compile(r"\s*[（(]?第?[一二三四五六七八九十百\d.]+[条款)）]?[、.．]?\s*")
_TRANSITION = (
    FactType.TRANSITION_START,
    FactType.TRANSITION_END,
    FactType.ACCEPTED_FROM,
    FactType.ACCEPTED_UNTIL,
)
_KINDS = {
    "html": "the web page",
    "pdf": "the PDF file",
    "docx": "the Word file",
    "doc": "the Word file",
    "sheet": "the spreadsheet",
    "archive": "the archive's files",
    "ofd": "the OFD file",
    "text": "the text",
}
_REASONS = {
    ReviewReason.OCR: "part of the text was read from a scan",
    ReviewReason.GENERAL_READER: "the page has a layout that no reader of ours was made for",
    ReviewReason.AMBIGUOUS_DATE: "a date could be read in two ways",
    ReviewReason.CODE_NOT_ON_COVER: "the code is not on the document's cover",
    ReviewReason.LOW_ALIGNMENT: "the two texts differ so much that clauses could not be paired with confidence",
    ReviewReason.UNREADABLE_FILE: "a file could not be read",
    ReviewReason.CONFLICTING_DATES: "two sources give different dates",
    ReviewReason.NO_STATEMENT: "the authority has made no statement on it",
    ReviewReason.UNNAMED_RULE: "the rule is not named by its code",
    ReviewReason.UNCLEAR_AMENDMENT: "what it moves or corrects is not clear",
}
