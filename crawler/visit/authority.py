"""One visit of an authority: list → article → attachment, no further than news and the rotation ask for.

A spider of an authority is a declaration; the method is in what it inherits: visiting.py (what is shared), pages.py
(articles and files), lists.py. Nothing is read from an answer that is not the page.
"""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

from crawler.section import Authority, Section
from crawler.settings import can_render
from crawler.visit.asking import NO_BROWSER, first_page
from crawler.visit.lists import ListVisiting, Walk


class AuthoritySpider(ListVisiting):
    """An authority: `base_url` and `sections` are declared by each, the rest is common to all."""

    base_url: ClassVar[str] = ""
    sections: ClassVar[tuple[Section, ...]] = ()
    file_hosts: ClassVar[tuple[str, ...]] = ()
    legacy_tls: ClassVar[bool] = False
    verify_certificates: ClassVar[bool] = True

    @classmethod
    def declared(cls) -> Authority:
        """Return what this class declares."""
        return Authority(cls.name, cls.base_url, cls.sections, cls.file_hosts, cls.legacy_tls, cls.verify_certificates)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of every section."""
        for section in self.authority.sections:
            plan = self.ground.plans[section.name]
            self.note(section, "full", int(plan.is_full))
            if section.render and not can_render():
                self.note(section, "error", NO_BROWSER)
                continue
            yield self.list_request(Walk(section, plan.is_full), first_page(self.authority, section))
