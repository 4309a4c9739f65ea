"""What an authority declares: its address, its sections, and what a healthy visit of each looks like."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from crawler.pages.links import owned
from crawler.pages.records import JsonRows


class Role(StrEnum):
    """What a section lists: rules in force, or notices about them."""

    RULES = "rules"
    NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a healthy visit looks like; outside it the section is degraded and nothing is concluded from its list.

    `shrink_at_most` is the share of rows that may be gone since the last healthy visit; `newest_within_days` the age
    that the newest dated row may have, None for lists that rest for years.
    """

    rows_at_least: int = 1
    shrink_at_most: float = 0.2
    newest_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One list on an authority's site, and how its pages are built; `volatile` are parts of its addresses that say
    nothing, `stable` those that were wrongly taken for such (crawler.visit.identity)."""

    name: str
    role: Role
    path: str
    family: str
    json: JsonRows | None = None
    expect: Expectation = Expectation()
    render: bool = False
    volatile: tuple[str, ...] = ()
    stable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority as it is visited: its declaration, with what the settings changed."""

    name: str
    base_url: str
    sections: tuple[Section, ...]
    file_hosts: tuple[str, ...] = ()
    legacy_tls: bool = False
    verify_certificates: bool = True

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that belong to the authority: that of its pages, and those that its files may come from."""
        return (urlsplit(self.base_url).netloc, *self.file_hosts)

    def owns(self, url: str) -> bool:
        """Whether an address may be fetched."""
        return owned(url, self.hosts)

    def section_url(self, section: Section) -> str:
        """Return the address of a section's first page."""
        return urljoin(self.base_url, section.path)
