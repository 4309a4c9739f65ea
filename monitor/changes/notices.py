"""Notices: what an announcement means for each rule that it names.

Every family that the text names gets one theme: a newer edition, an end, a suspension, a return, a changeover of
standards, or plain news. Families with the same event share a change where the event is the notice's own; each new
edition and each ending is a change of its own, so that two rules in one notice are two changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from monitor.changes.change import Change, ChangeKind, EvidenceRole, ReviewReason
from monitor.changes.ending import decree_in, ended_on
from monitor.changes.identity import shown
from monitor.changes.register import Register
from monitor.changes.sighting import Sighting, sentences
from monitor.changes.terms import Terms, facts_about, read_terms
from monitor.changes.verdict import EditionSeen, Ending, Mention, Verdict
from monitor.changes.wording import (
    Theme,
    is_about_companies,
    is_compulsory,
    is_draft,
    names_changeover,
    names_publication,
    publishes,
    publishes_rules,
    quoted_rules,
    scope_of,
    sentence_theme,
    title_theme,
)
from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.notation.codes import RuleCode, find_codes
from monitor.notation.standards import find_standards

OLDEST_NEWS_YEARS = 2
"""How far back the year of a rule's code may lie for its first mention in a text to count as its publication."""


def read_notice(sighting: Sighting, register: Register, told: frozenset[str]) -> Verdict:
    """Return what a notice means; `told` are the editions that changes have reported already."""
    notice = Notice(sighting, register, told)
    changes = [*_new_editions(notice), *_endings(notice), *_changeover(notice)]
    changes += [] if changes and not notice.restored else list(_news(notice))
    outcome = "+".join(dict.fromkeys(change.kind.value for change in changes)) or "names no rule, standard or scope"
    return Verdict(
        outcome,
        tuple(changes),
        tuple(_editions_seen(notice)),
        tuple(_register_endings(notice)),
        tuple(_mentions(notice)),
    )


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
        if names_publication(self.title) and code in in_title:
            return True
        if publishes_rules(self.title) and not in_title:
            return True
        return any(code in find_codes(sentence) and publishes(sentence) for sentence in sentences(self.sighting.text))

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


_DUTIES = frozenset(
    {FactType.DEADLINE, FactType.ACTION, FactType.ACCEPTED_FROM, FactType.ACCEPTED_UNTIL, FactType.TRANSITION_END}
)
_ENDS = {Theme.WITHDRAWAL: ChangeKind.WITHDRAWAL, Theme.SUSPENSION: ChangeKind.SUSPENSION}


def _new_editions(notice: Notice) -> Iterable[Change]:
    for family, (code, reason) in notice.news.items():
        terms, facts = notice.terms_for(family, of_rule=True)
        old = old_edition(notice.register, code, terms.supersedes)
        kind = ChangeKind.NEW_EDITION if old is not None else ChangeKind.NEW_RULE
        change = notice.change(kind, family, code.edition, terms, facts)
        linked = [str(c.family) for value in terms.supersedes for c in find_codes(value)]
        yield replace(
            change,
            old_edition=old,
            new_edition=shown(code),
            families_named=tuple(dict.fromkeys((family, *linked))),
            reasons=tuple(dict.fromkeys((*change.reasons, *((reason,) if reason else ())))),
        )


def old_edition(register: Register, code: RuleCode, supersedes: Iterable[str]) -> str | None:
    """Return the edition that a newer one follows: that of its own family, else the one it says it replaces."""
    earlier = register.before(code)
    if earlier is not None:
        return earlier.shown
    stated = [old for value in supersedes for old in find_codes(value)]
    for old in sorted(stated, key=lambda old: old.family != code.family):
        known = register.find(old) or (register.newest(str(old.family)) if old.year is None else None)
        return known.shown if known else shown(old)
    return None


def _endings(notice: Notice) -> Iterable[Change]:
    for family, theme in notice.themes.items():
        if theme in _ENDS:
            terms, facts = notice.terms_for(family, of_rule=True)
            terms, facts = _with_decree(notice, terms, facts)
            change = notice.change(_ENDS[theme], family, notice.sighting.page_url, terms, facts)
            effective = ended_on(notice.text, family, notice.sighting.published) or terms.effective
            old = _named_edition(notice, family)
            yield replace(change, effective=effective, old_edition=old, families_named=(family,))
    yield from _unnamed_ending(notice)


def _with_decree(notice: Notice, terms: Terms, facts: tuple[Fact, ...]) -> tuple[Terms, tuple[Fact, ...]]:
    """The terms with what the notice decrees for certificates, where the facts name no consequence."""
    decree = decree_in(notice.sighting.text) if terms.consequence is None else None
    return (replace(terms, consequence=str(decree.value)), (*facts, decree)) if decree else (terms, facts)


def _named_edition(notice: Notice, family: str) -> str | None:
    """The edition of a family that the text names, else the newest that is known."""
    named = [code for code in notice.codes if str(code.family) == family and code.year]
    newest = notice.register.newest(family)
    return shown(max(named)) if named else (newest.shown if newest else None)


def _unnamed_ending(notice: Notice) -> Iterable[Change]:
    """An end or suspension of certification for a product, without a rule's code."""
    theme = title_theme(notice.title)
    scope = scope_of(notice.title) or next(iter(quoted_rules(notice.title)), None)
    if theme not in _ENDS or notice.families or scope is None or is_compulsory(notice.text):
        return
    terms, facts = _with_decree(notice, *notice.terms_for(None, of_rule=True))
    change = notice.change(_ENDS[theme], None, notice.sighting.page_url, terms, facts)
    about = notice.register.about(notice.text)
    yield replace(
        change,
        family=about[0] if len(about) == 1 else None,
        effective=ended_on(notice.text, None, notice.sighting.published) or terms.effective,
        scope_zh=scope,
        families_named=about,
        reasons=(*change.reasons, ReviewReason.UNNAMED_RULE),
    )


def _changeover(notice: Notice) -> Iterable[Change]:
    families = tuple(family for family, theme in notice.themes.items() if theme is Theme.CHANGEOVER)
    if not notice.moves or (notice.families and not families):
        return
    if notice.news and not any(_speaks_of(notice, family, FactType.STANDARD_CHANGE) for family in families):
        return
    family = families[0] if len(families) == 1 else None
    terms, facts = notice.terms_for(family if notice.news else None, of_rule=False)
    if is_compulsory(notice.text) and not families:
        return
    key = changeover_key(terms.standards, notice.standards, families)
    change = notice.change(ChangeKind.STANDARD_CHANGEOVER, family, key, terms, facts)
    yield replace(change, families_named=families)


def changeover_key(pairs: Iterable[StandardChange], named: Iterable[str], families: Iterable[str]) -> str:
    """Return the event of a changeover: the new standards, and the rules where several are named."""
    standards = sorted({pair.new for pair in pairs}) or sorted(named)
    several = sorted(families)
    return "|".join(standards) + ("@" + ",".join(several) if len(several) > 1 else "")


def _speaks_of(notice: Notice, family: str, *types: FactType) -> bool:
    """Whether a fact of some types stands where a family is named, and not only in the notice at large."""
    everything = facts_about(notice.facts, notice.text, family, notice.families)
    elsewhere = facts_about(notice.facts, notice.text, "", notice.families)
    return any(fact.type in types and fact not in elsewhere for fact in everything)


def _news(notice: Notice) -> Iterable[Change]:
    """Anything else that names a rule, a standard or a product scope; what came back counts here, too."""
    families = tuple(family for family, theme in notice.themes.items() if theme in (Theme.NOTICE, Theme.RESTORED))
    about = () if families else notice.register.about(notice.text)
    scope = None if families or is_compulsory(notice.text) else _scope(notice)
    standards = notice.standards
    if not (families or standards or ((about or scope) and not is_about_companies(notice.title))):
        return
    terms, facts = notice.terms_for(families[0] if len(families) == 1 else None, of_rule=bool(families))
    family = families[0] if len(families) == 1 else (about[0] if len(about) == 1 else None)
    change = notice.change(ChangeKind.NOTICE, family, notice.sighting.page_url, terms, facts)
    back = ended_on(notice.text, family, notice.sighting.published) if notice.restored else None
    doubt = not families and (bool(about or scope) or is_compulsory(notice.text))
    yield replace(
        change,
        effective=back or change.effective,
        families_named=families or about,
        scope_zh=scope,
        new_edition=_named_edition(notice, family)
        if family in families and Theme.RESTORED in notice.themes.values()
        else None,
        reasons=(*change.reasons, *((ReviewReason.UNNAMED_RULE,) if doubt else ())),
    )


def _scope(notice: Notice) -> str | None:
    quoted = quoted_rules(notice.title)
    return quoted[0] if quoted else None


def _editions_seen(notice: Notice) -> Iterable[EditionSeen]:
    for family, (code, _) in notice.news.items():
        terms, _facts = notice.terms_for(family, of_rule=True)
        replaces = tuple(old for value in terms.supersedes for old in find_codes(value))
        title = _rule_title(notice, code)
        yield EditionSeen(code, shown(code), title, notice.sighting.capture_id, False, None, terms.effective, replaces)


def _rule_title(notice: Notice, code: RuleCode) -> str:
    """The rule's own title as the notice quotes it, else the notice's title."""
    for sentence in (notice.title, *sentences(notice.sighting.text)):
        quoted = quoted_rules(sentence)
        if code in find_codes(sentence) and len(quoted) == 1:
            return quoted[0]
    return notice.title


def _register_endings(notice: Notice) -> Iterable[Ending]:
    for family, theme in notice.themes.items():
        on = ended_on(notice.text, family, notice.sighting.published)
        if theme is Theme.WITHDRAWAL:
            yield Ending(family, None, on, "withdrawn")
        elif theme is Theme.SUSPENSION:
            yield Ending(family, None, on, "suspended")
        elif theme is Theme.RESTORED:
            yield Ending(family, None, on, None)


def _mentions(notice: Notice) -> Iterable[Mention]:
    for code in notice.codes:
        yield Mention(str(code.family), code.edition if code.year else "", "notice")
