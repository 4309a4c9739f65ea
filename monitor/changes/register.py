"""The register: which editions of which family are known, and which were in force at a date, on which evidence.

An edition is in force from the day its text names (failing that, from its publication; failing both, since before we
watched) until it is ended, or until the next edition of the family, or the rule that replaced it, takes effect.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from monitor.notation.codes import RuleCode, find_codes

_NOT_PRODUCT = re.compile(
    r"《|》|（[^（）]*）|\([^()]*\)|关于|(?:自愿性|产品|质量|安全|环保|节能|性能|标志)*认证|实施|规则|细则|技术|通用|要求|发布|公告"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated issue of a rule as the register knows it; `shown` is its code as the authority prints it.

    `capture_id` is the principal text, `source_capture_id` whatever first named it.
    """

    code: RuleCode
    shown: str
    title_zh: str = ""
    published: date | None = None
    effective: date | None = None
    ended: date | None = None
    end_reason: str | None = None
    superseded_by: str | None = None
    capture_id: int | None = None
    source_capture_id: int | None = None
    first_seen: date = date.min

    @property
    def family(self) -> str:
        """The family's name."""
        return str(self.code.family)

    @property
    def starts(self) -> date:
        """The day from which it is in force, as far as anything says so."""
        return self.effective or self.published or date.min

    @property
    def product(self) -> str:
        """The product that the title names, without the words of every title; "" where too little is left."""
        return product_of(self.title_zh)


@dataclass(frozen=True)
class Register:
    """All editions that are known, by family; and which family each other family was replaced by."""

    editions: Mapping[str, tuple[Edition, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, editions: Iterable[Edition]) -> "Register":
        """Return the register of some editions, in the order of their codes."""
        families: dict[str, list[Edition]] = {}
        for edition in sorted(editions, key=lambda edition: edition.code):
            families.setdefault(edition.family, []).append(edition)
        return cls({family: tuple(found) for family, found in families.items()})

    def knows_family(self, family: str) -> bool:
        """Return whether any edition of the family is known."""
        return family in self.editions

    def of_family(self, family: str) -> tuple[Edition, ...]:
        """Return a family's editions, oldest first."""
        return self.editions.get(family, ())

    def line(self, family: str) -> tuple[str, ...]:
        """Return a family with those that it replaced or was replaced by, over any number of steps."""
        found, pending = {family}, [family]
        while pending:
            at = pending.pop()
            for neighbour in self._replaced_by.get(at, set()) | self._replaces.get(at, set()):
                if neighbour not in found:
                    found.add(neighbour)
                    pending.append(neighbour)
        return tuple(sorted(found))

    @cached_property
    def _replaced_by(self) -> dict[str, set[str]]:
        pairs = (
            (e.family, c) for known in self.editions.values() for e in known for c in find_codes(e.superseded_by or "")
        )
        links: dict[str, set[str]] = {}
        for family, code in pairs:
            links.setdefault(family, set()).add(str(code.family))
        return links

    @cached_property
    def _replaces(self) -> dict[str, set[str]]:
        links: dict[str, set[str]] = {}
        for family, successors in self._replaced_by.items():
            for successor in successors:
                links.setdefault(successor, set()).add(family)
        return links

    def find(self, code: RuleCode) -> Edition | None:
        """Return one edition, None where it is not known."""
        return next((edition for edition in self.editions.get(str(code.family), ()) if edition.code == code), None)

    def newest(self, family: str) -> Edition | None:
        """Return a family's newest edition, None for a family that is not known."""
        known = self.editions.get(family, ())
        return known[-1] if known else None

    def before(self, code: RuleCode) -> Edition | None:
        """Return the newest edition of the family that is earlier than a code."""
        earlier = [edition for edition in self.editions.get(str(code.family), ()) if edition.code < code]
        return earlier[-1] if earlier else None

    def is_newer(self, code: RuleCode) -> bool:
        """Return whether a code names an edition that is not known and later than every known one of its family."""
        if code.year is None or self.find(code) is not None:
            return False
        newest = self.newest(str(code.family))
        return newest is None or newest.code < code

    def about(self, text: str) -> tuple[str, ...]:
        """Return the families whose product a text names, for texts that name no code."""
        return tuple(family for family, product in self.products if product in text)

    @cached_property
    def products(self) -> tuple[tuple[str, str], ...]:
        """Each family that still has an edition, with the product that its newest title names."""
        found = ((family, known[-1].product) for family, known in self.editions.items() if known[-1].ended is None)
        return tuple((family, product) for family, product in found if len(product) >= 4)

    def in_force(self, on: date) -> tuple[Edition, ...]:
        """Return the editions in force on a day, by code."""
        return tuple(
            edition
            for family in sorted(self.editions)
            for edition in self.editions[family]
            if self.is_in_force(edition, on)
        )

    def is_in_force(self, edition: Edition, on: date) -> bool:
        """Return whether an edition was in force on a day."""
        if edition.starts > on or (edition.ended is not None and edition.ended <= on):
            return False
        later = (other for other in self.editions[edition.family] if edition.code < other.code)
        if any((other.starts <= on and other.starts != date.min) or other.starts == date.min for other in later):
            return False
        return not any(successor.starts <= on for successor in self._successors(edition))

    def _successors(self, edition: Edition) -> Iterable[Edition]:
        for code in find_codes(edition.superseded_by or ""):
            if code.family != edition.code.family:
                found = self.find(code) if code.year else self.newest(str(code.family))
                if found is not None:
                    yield found


def product_of(title: str) -> str:
    """Return the product that a rule's title names, "" where none is left."""
    for code in find_codes(title):
        title = title.replace(code.printed, "")
    quoted = re.search(r"《([^》]+)》", title)
    return _NOT_PRODUCT.sub("", quoted[1] if quoted else title).strip(" 　、，,的:：-－第版")


def edition_of(values: Mapping[str, Any]) -> Edition:
    """Return the edition that a row's columns are."""
    family = find_codes(values["family"])[0].family
    return Edition(
        code=RuleCode(family, values["year"] or None, values["letter"] or None, values["edition"]),
        shown=values["edition"],
        **{name: values[name] for name in _COLUMNS},
    )


_COLUMNS = (
    "title_zh",
    "published",
    "effective",
    "ended",
    "end_reason",
    "superseded_by",
    "capture_id",
    "source_capture_id",
    "first_seen",
)
