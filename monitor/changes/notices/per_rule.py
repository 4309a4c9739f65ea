"""Notices: what an announcement means for each rule that it names.

Every family that the text names gets one theme: a newer edition, an end, a suspension, a return, a changeover of
standards, or plain news. Families with the same event share a change where the event is the notice's own; each new
edition and each ending is a change of its own, so that two rules in one notice are two changes.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from monitor.changes.change import Change, ChangeKind, ReviewReason
from monitor.changes.identity import shown
from monitor.changes.notices.ending import decree_in, ended_on
from monitor.changes.notices.notice import Notice
from monitor.changes.notices.terms import Terms, facts_about
from monitor.changes.notices.wording import (
    Theme,
    is_about_companies,
    is_compulsory,
    quoted_rules,
    scope_of,
    title_theme,
)
from monitor.changes.register import Register
from monitor.changes.sighting import Sighting, sentences
from monitor.changes.verdict import EditionSeen, Ending, Mention, Verdict
from monitor.facts.fact import DECIDING, Fact, FactType, StandardChange
from monitor.notation.codes import RuleCode, find_codes, locate_codes


def read_notice(sighting: Sighting, register: Register, told: frozenset[str]) -> Verdict:
    """Return what a notice means; `told` are the editions that changes have reported already."""
    notice = Notice(sighting, register, told)
    changes = [*_new_editions(notice), *_endings(notice), *_changeover(notice)]
    changes += list(_news(notice, beside=bool(changes)))
    outcome = "+".join(dict.fromkeys(change.kind.value for change in changes)) or "names no rule, standard or scope"
    return Verdict(
        outcome,
        tuple(changes),
        tuple(_editions_seen(notice)),
        tuple(_register_endings(notice)),
        tuple(_mentions(notice)),
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


def _news(notice: Notice, *, beside: bool) -> Iterable[Change]:
    """Anything else that names a rule, a standard or a product scope; what came back counts here, too.

    Beside changes of other rules only what the text says of a rule by itself is news: a mention in passing is none.
    """
    families = tuple(family for family, theme in notice.themes.items() if theme in (Theme.NOTICE, Theme.RESTORED))
    if beside:
        themes = notice.themes
        spoken = (f for f in families if _speaks_of(notice, f, *_SAID_OF_ONE) and not _is_goal(notice, f))
        families = tuple(dict.fromkeys((*(f for f in families if themes[f] is Theme.RESTORED), *spoken)))
        if not families:
            return
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


def _is_goal(notice: Notice, family: str) -> bool:
    """Whether a rule is only named as the one that certificates move to: …转换到CCAP-GZ-5830:2021."""
    text = notice.text
    before = [text[max(0, at.start - 8) : at.start] for at in locate_codes(text) if str(at.code.family) == family]
    return all(_MOVES_TO.search(words) for words in before)


_MOVES_TO = re.compile(r"(?:转换|换证|换版|换发|变更|转移|转)(?:到|为|至|成)[新版依据按《\s]*$")
_SAID_OF_ONE = tuple(DECIDING - {FactType.PUBLISHED, FactType.SUPERSEDES})


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
