"""Matching: which certificates a change concerns, how certain that is, and because of what.

    certain    the rule's family is the same, or the one it replaces; or the notice moves the very standard edition
               that the certificate names
    likely     the certificate names the standard undated or in another edition, its rule rests on the standard,
               or something in the certificate speaks against a match by family
    possible   only the product or the scope agrees, or the standard in another authority's notice

What cannot be concerned any more (withdrawn, expired) is left out with the reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from monitor.certificates.certificate import Certificate
from monitor.certificates.spoken import (
    EDITIONS,
    Register,
    code_of,
    families_replaced,
    families_replaced_in_part,
    families_resting,
    families_stated,
    product_of,
    speaks_by_scope,
    standards_moved,
    standards_moved_in_part,
    standards_spoken_of,
)
from monitor.changes.change import Change, ChangeKind
from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef
from monitor.notation.text import has_han, normalise

WATCHED = ("CQC", "CCAP")
"""Authorities whose notices speak of their own certificates only; others (of the state) speak of all."""

SHORTEST_PRODUCT = 3
"""Chinese characters that two product names must share to be more than a coincidence."""


class Certainty(StrEnum):
    """How certain a match is; only certain ones go out without a consultant."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Match:
    """Why a change concerns a certificate, and how certain that is."""

    certificate: Certificate
    certainty: Certainty
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A certificate that the change would concern, and why it does not."""

    certificate: Certificate
    reason: str


@dataclass(frozen=True, slots=True)
class Keys:
    """By what certificates are looked up for a change: families, undated standards, and whether by scope."""

    families: frozenset[str]
    standards: frozenset[str]
    scope: str | None


class Matcher:
    """One change, made ready to be held against any number of certificates."""

    def __init__(self, change: Change, register: Register, today: date) -> None:
        """Work out what the change speaks of: done once, so that each certificate costs a few look-ups."""
        self.change = change
        self.today = today
        self._register = register
        self._stated = families_stated(change)
        self._older = families_replaced(change, register)
        self._partly = families_replaced_in_part(change)
        self._old, self._new = standards_moved(change)
        self._partly_moved = standards_moved_in_part(change)
        self._standards = {standard.undated: standard for standard in standards_spoken_of(change, self._old)}
        self._resting = families_resting(self._standards, self._new, register)
        self._new_edition = code_of(change.new_edition)
        self._scope = normalise(change.scope_zh or "") if speaks_by_scope(change) else ""

    @property
    def keys(self) -> Keys:
        """The keys without which no certificate can match."""
        families = self._stated | self._older.keys() | self._resting.keys()
        return Keys(frozenset(families), frozenset(self._standards), self._scope or None)

    def match(self, certificate: Certificate) -> Match | LeftOut | None:
        """Return why the change concerns the certificate, why it is left out, or None where nothing links them."""
        found = self._by_family(certificate) or self._by_standard(certificate) or self._by_scope(certificate)
        if found is None or isinstance(found, LeftOut):
            return found
        ended = certificate.ended(self.today)
        return LeftOut(certificate, ended) if ended else found

    def fits_scope(self, product: str, family: str) -> bool:
        """Return whether the change's scope names the product, or the product of the rule."""
        return bool(self._scope) and any(
            name in self._scope or self._scope in name for name in self._product_names(product, family)
        )

    def _by_family(self, certificate: Certificate) -> Match | LeftOut | None:
        family = certificate.family
        if family in self._stated:
            return self._refined(self._stated_match(certificate))
        if family in self._older:
            is_partial = family in self._partly
            sure = self.change.kind in (ChangeKind.NEW_EDITION, ChangeKind.NEW_RULE) and not is_partial
            because = f"rule family {family}, {self._older[family]}{' in part' if is_partial else ''}"
            return Match(certificate, Certainty.CERTAIN if sure else Certainty.LIKELY, (because,))
        return None

    def _stated_match(self, certificate: Certificate) -> Match:
        family = certificate.family
        if self.change.kind in EDITIONS and family in self._partly:
            return Match(certificate, Certainty.LIKELY, (f"rule family {family}, superseded in part",))
        return Match(certificate, Certainty.CERTAIN, (f"rule family {family}",))

    def _refined(self, match: Match) -> Match | LeftOut:
        kind = self.change.kind
        if kind is ChangeKind.STANDARD_CHANGEOVER:
            return self._refined_by_standard(match)
        edition = code_of(match.certificate.edition)
        if kind in EDITIONS:
            return self._refined_by_edition(match, edition)
        ended = code_of(self.change.old_edition)
        is_ending = kind in (ChangeKind.WITHDRAWAL, ChangeKind.SUSPENSION)
        if is_ending and edition and ended and ended.year and edition != ended:
            return _add(match, f"the certificate names {edition}, the notice {ended}", certainty=Certainty.LIKELY)
        return match

    def _refined_by_edition(self, match: Match, edition: RuleCode | None) -> Match | LeftOut:
        if edition and self._new_edition and edition >= self._new_edition:
            return LeftOut(match.certificate, f"the certificate already rests on {edition}")
        new = self._meets_new(match.certificate)
        if edition is None and new and not self._old_named(match.certificate):
            return _add(match, f"the certificate already names {_listed(new)}", certainty=Certainty.LIKELY)
        return match

    def _refined_by_standard(self, match: Match) -> Match | LeftOut:
        named = match.certificate.standards
        if not named or not self._standards:
            return match
        old, new = self._old_named(match.certificate), self._meets_new(match.certificate)
        if old:
            return self._less_sure(_add(match, *(f"standard {standard}" for standard in old)), old, new)
        if new:
            return LeftOut(match.certificate, f"the certificate already names {_listed(new)}")
        touched = [standard for standard in named if standard.undated in self._standards]
        if touched:
            return _add(match, *(f"standard {standard}" for standard in touched))
        return LeftOut(match.certificate, "the certificate names none of the standards that the notice moves")

    def _by_standard(self, certificate: Certificate) -> Match | None:
        if not self._standards:
            return None
        found = self._standard_match(certificate)
        if found is None or self._is_own(certificate):
            return found
        return _add(found, f"the notice is {self.change.authority.upper()}'s", certainty=Certainty.POSSIBLE)

    def _standard_match(self, certificate: Certificate) -> Match | None:
        touched = [standard for standard in certificate.standards if standard.undated in self._standards]
        if self.change.kind is not ChangeKind.STANDARD_CHANGEOVER:
            return self._named_standard(certificate, touched)
        old = self._old_named(certificate)
        if old:
            because = tuple(f"standard {standard}" for standard in old)
            if self._stated:
                return Match(certificate, Certainty.LIKELY, (*because, "the notice names other rules"))
            return self._less_sure(Match(certificate, Certainty.CERTAIN, because), old, self._meets_new(certificate))
        if touched:
            return self._touched_match(certificate, touched)
        return self._resting_match(certificate)

    def _less_sure(self, match: Match, old: list[StandardRef], new: list[StandardRef]) -> Match:
        """A match by a standard that is replaced in part only, or whose new edition the certificate names as well."""
        if self._partly_moved.issuperset(old):
            match = _add(match, "the standard is replaced in part", certainty=Certainty.LIKELY)
        if new:
            match = _add(match, f"the certificate already names {_listed(new)}", certainty=Certainty.LIKELY)
        return match

    def _touched_match(self, certificate: Certificate, touched: list[StandardRef]) -> Match | None:
        if self._meets_new(certificate):
            return None
        said = "without a year" if touched[0].year is None else "in another edition"
        return Match(certificate, Certainty.LIKELY, tuple(f"standard {standard}, named {said}" for standard in touched))

    def _resting_match(self, certificate: Certificate) -> Match | None:
        rests = self._resting.get(certificate.family)
        if rests is None:
            return None
        because = (f"rule {certificate.family} rests on {', '.join(rests)}",)
        if certificate.standards:
            return Match(certificate, Certainty.POSSIBLE, (*because, "the certificate names other standards"))
        return Match(certificate, Certainty.LIKELY, because)

    def _named_standard(self, certificate: Certificate, touched: list[StandardRef]) -> Match | None:
        if not touched:
            return None
        same = [standard for standard in touched if standard == self._standards[standard.undated]]
        certainty = Certainty.LIKELY if same else Certainty.POSSIBLE
        return Match(certificate, certainty, tuple(f"standard {standard}" for standard in same or touched))

    def _old_named(self, certificate: Certificate) -> list[StandardRef]:
        return [standard for standard in certificate.standards if standard in self._old and standard.year is not None]

    def _meets_new(self, certificate: Certificate) -> list[StandardRef]:
        return [standard for standard in certificate.standards if standard in self._new]

    def _by_scope(self, certificate: Certificate) -> Match | None:
        if not self._is_own(certificate) or not self.fits_scope(certificate.product, certificate.family):
            return None
        return Match(certificate, Certainty.POSSIBLE, (f"product scope {self.change.scope_zh}",))

    def _is_own(self, certificate: Certificate) -> bool:
        authority = self.change.authority.upper()
        return authority not in WATCHED or certificate.family.startswith(authority)

    def _product_names(self, product: str, family: str) -> Iterator[str]:
        for name in (product, product_of(self._register.titles.get(family, ""))):
            name = normalise(name)
            if has_han(name) and len(name) >= SHORTEST_PRODUCT:
                yield name


class CertificateIndex:
    """Certificates by what matching looks them up by, for many changes against many certificates."""

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        """Sort the certificates into the index, keeping their order."""
        self._all = tuple(certificates)
        self._by_family: dict[str, list[int]] = defaultdict(list)
        self._by_standard: dict[str, list[int]] = defaultdict(list)
        self._by_product: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, certificate in enumerate(self._all):
            self._by_family[certificate.family].append(place)
            self._by_product[certificate.product, certificate.family].append(place)
            for standard in certificate.standards:
                self._by_standard[standard.undated].append(place)

    def match(self, matcher: Matcher) -> Iterator[Match | LeftOut]:
        """Yield what matching the change with each certificate gives, in the order of the certificates."""
        for place in sorted(self._candidates(matcher)):
            found = matcher.match(self._all[place])
            if found is not None:
                yield found

    def _candidates(self, matcher: Matcher) -> set[int]:
        keys = matcher.keys
        found = {place for family in keys.families for place in self._by_family.get(family, ())}
        found.update(place for key in keys.standards for place in self._by_standard.get(key, ()))
        if keys.scope:
            fitting = (product for product in self._by_product if matcher.fits_scope(*product))
            found.update(place for product in fitting for place in self._by_product[product])
        return found


def _add(match: Match, *because: str, certainty: Certainty | None = None) -> Match:
    return replace(
        match,
        because=(*match.because, *because),
        certainty=certainty or match.certainty,
    )


def _listed(standards: list[StandardRef]) -> str:
    return ", ".join(str(standard) for standard in standards)
