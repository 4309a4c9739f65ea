"""Notice: an announcement, and what its words say of each rule that it names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.notices.terms import Terms, facts_about, read_terms
from monitor.changes.notices.wording import (
    Theme,
    is_about_companies,
    is_draft,
    names_changeover,
    names_publication,
    publishes,
    publishes_rules,
    sentence_theme,
    title_theme,
)
from monitor.changes.register import Register
from monitor.changes.sighting import Sighting, sentences
from monitor.facts.fact import Fact, FactType
from monitor.notation.codes import RuleCode, find_codes, locate_codes
from monitor.notation.standards import find_standards

OLDEST_NEWS_YEARS = 2
"""How far back the year of a rule's code may lie for its first mention in a text to count as its publication."""


@dataclass(frozen=True)
class Notice:
    """A notice and what its words say of each family."""

    sighting: Sighting
    register: Register
    told: frozenset[str]

    @cached_property
    def title(self) -> str:
        """The title that a reader sees; that of the page for a file that only holds the notice's text."""
        sighting = self.sighting
        return (sighting.page_title or sighting.title) if sighting.kind == "file" else sighting.title

    @cached_property
    def text(self) -> str:
        """Title and body."""
        return f"{self.title}\n{self.sighting.text}"

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that were read, in the order of the text."""
        return self.sighting.reading.facts

    @cached_property
    def codes(self) -> tuple[RuleCode, ...]:
        """The watched codes that title and text name."""
        return tuple(dict.fromkeys((*find_codes(self.title), *self.sighting.reading.codes)))

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families that are named, in order."""
        return tuple(dict.fromkeys(str(code.family) for code in self.codes))

    @cached_property
    def superseded(self) -> frozenset[RuleCode]:
        """The codes that the text says are replaced."""
        stated = (fact.value for fact in self.sighting.reading.of_type(FactType.SUPERSEDES))
        return frozenset(code for value in stated if isinstance(value, str) for code in find_codes(value))

    @cached_property
    def news(self) -> dict[str, tuple[RuleCode, ReviewReason | None]]:
        """The newer edition of each family that has one, with a reason where the text does not publish it."""
        if is_draft(self.title):
            return {}
        found: dict[str, tuple[RuleCode, ReviewReason | None]] = {}
        for code in sorted(self.codes):
            family = str(code.family)
            if code.year is None or code in self.superseded:
                continue
            if (verdict := self._is_news(code)) is not None:
                found[family] = (code, None if verdict else ReviewReason.NO_STATEMENT)
        return found

    def _is_news(self, code: RuleCode) -> bool | None:
        """True where the text publishes an edition, False where it only betrays that there is one, else None."""
        published = self._publishes(code)
        if code.edition in self.told:
            return True if published else None
        if not self.register.is_newer(code):
            return None
        if not self.register.knows_family(str(code.family)):
            return True if published and self._is_recent(code) else None
        return published

    def _publishes(self, code: RuleCode) -> bool:
        in_title = find_codes(self.title)
        if code in in_title and self._is_ended_by_title(code):
            return False
        if names_publication(self.title) and code in in_title:
            return True
        if publishes_rules(self.title) and not in_title:
            return True
        return any(code in find_codes(sentence) and publishes(sentence) for sentence in sentences(self.sighting.text))

    def _is_ended_by_title(self, code: RuleCode) -> bool:
        """Whether a title ends or suspends what bears a code, and publishes only other codes: what a rule is called
        (《…认证实施规则》) is no verb, and what leads up to another code speaks of that one."""
        begin = 0
        for at in locate_codes(self.title):
            lead = self.title[begin : at.start]
            begin = at.start + len(at.code.printed)
            if at.code == code:
                verbs = _CALLED.sub("", lead)
                return title_theme(f"{verbs}规则") in _ENDS and not names_publication(_STOPPED.sub("", verbs))
        return False

    def _is_recent(self, code: RuleCode) -> bool:
        day = self.sighting.published
        return code in find_codes(self.title) or day is None or (code.year or 0) >= day.year - OLDEST_NEWS_YEARS

    @cached_property
    def replaced_families(self) -> dict[str, str]:
        """Families that a newer edition of this notice replaces, with the family that does."""
        news = {code.family: family for family, (code, _) in self.news.items()}
        found: dict[str, str] = {}
        for code in self.superseded:
            if code.family not in news and news:
                found[str(code.family)] = self._successor_of(code)
        return found

    def _successor_of(self, old: RuleCode) -> str:
        for sentence in sentences(self.sighting.text):
            named = find_codes(sentence)
            if old in named:
                for family, (code, _) in self.news.items():
                    if code in named:
                        return family
        return next(iter(self.news))

    @cached_property
    def themes(self) -> dict[str, Theme]:
        """What happens to each family that has no newer edition here and is not replaced by one."""
        rest = [f for f in self.families if f not in self.news and f not in self.replaced_families]
        return {family: self._theme(family) for family in rest}

    def _theme(self, family: str) -> Theme:
        named = (s for s in sentences(self.sighting.text) if any(str(c.family) == family for c in find_codes(s)))
        said = next((theme for sentence in named if (theme := sentence_theme(sentence))), None)
        general = title_theme(self.title)
        if said is not None and not is_about_companies(self.title) and not self._is_moving:
            return general if general is not None and general is not said and said is Theme.WITHDRAWAL else said
        if general is not None and self._is_object_of_title(family):
            return general
        return Theme.CHANGEOVER if self._is_moving else Theme.NOTICE

    def _is_object_of_title(self, family: str) -> bool:
        """Whether a title speaks of a family: it names it, or names no rule while no sentence says it of others."""
        in_title = {str(code.family) for code in find_codes(self.title)}
        if in_title:
            return family in in_title
        said = (s for s in sentences(self.sighting.text) if sentence_theme(s) is not None)
        named = {str(code.family) for sentence in said for code in find_codes(sentence)}
        return not named or family in named

    @cached_property
    def restored(self) -> bool:
        """Whether the notice brings something back."""
        return Theme.RESTORED in self.themes.values() or title_theme(self.title) is Theme.RESTORED

    @cached_property
    def _is_moving(self) -> bool:
        """Whether the notice moves certificates from one standard to another."""
        if not self.standards or title_theme(self.title) is not None:
            return False
        pairs = bool(self.sighting.reading.of_type(FactType.STANDARD_CHANGE))
        duties = any(fact.type in _DUTIES for fact in self.facts)
        return (names_changeover(self.title) and (pairs or duties)) or (pairs and duties)

    @property
    def moves(self) -> bool:
        """Whether certificates move from one standard to another, whichever rule they rest on."""
        return self._is_moving

    @cached_property
    def standards(self) -> tuple[str, ...]:
        """The standards that title and text name."""
        named = (*find_standards(self.title), *self.sighting.reading.standards)
        return tuple(dict.fromkeys(str(standard) for standard in named))

    def terms_for(self, family: str | None, *, of_rule: bool) -> tuple[Terms, tuple[Fact, ...]]:
        """Return the terms and facts that concern one family of several."""
        facts = self.facts
        if family is not None:
            own = [old for old, new in self.replaced_families.items() if new == family]
            facts = facts_about(facts, self.text, family, self.families, aliases=own)
        return read_terms(facts, self.text, of_rule=of_rule), facts

    def change(self, kind: ChangeKind, family: str | None, key: str, terms: Terms, facts: Iterable[Fact]) -> Change:
        """Return a change of this notice with everything that is the same for all of them."""
        sighting = self.sighting
        return Change(
            kind=kind,
            authority=sighting.authority,
            family=family,
            event_key=key,
            title_zh=self.title,
            detected_on=sighting.today,
            source_url=sighting.page_url,
            captures=(sighting.capture_id,),
            roles=(EvidenceRole.NOTICE,),
            published=sighting.published or terms.published,
            effective=terms.effective,
            deadline=terms.deadline,
            deadline_note=terms.deadline_note,
            accepted_from=terms.accepted_from,
            accepted_until=terms.accepted_until,
            standards=terms.standards,
            supersedes=terms.supersedes,
            actions=terms.actions,
            consequence=terms.consequence,
            reasons=tuple(dict.fromkeys((*reading_reasons(sighting), *terms.reasons))),
            facts=tuple(facts),
            standards_named=self.standards,
        )


def reading_reasons(sighting: Sighting) -> tuple[ReviewReason, ...]:
    """Return what in the reading itself needs a consultant: OCR, the general reader, a file that could not be read."""
    document = sighting.document
    found = []
    if document.ocr_pages or any(member.ocr_pages for member in document.members):
        found.append(ReviewReason.OCR)
    if sighting.general:
        found.append(ReviewReason.GENERAL_READER)
    if not document.readable:
        found.append(ReviewReason.UNREADABLE_FILE)
    return tuple(found)


_CALLED = re.compile(r"《[^《》]*》?|实施(?:规则|细则)")
_STOPPED = re.compile(r"(?:暂停|停止|终止|中止|暂缓|不再)(?:实施|施行|执行|启用)")
_ENDS = (Theme.WITHDRAWAL, Theme.SUSPENSION)
_DUTIES = frozenset(
    {FactType.DEADLINE, FactType.ACTION, FactType.ACCEPTED_FROM, FactType.ACCEPTED_UNTIL, FactType.TRANSITION_END}
)
