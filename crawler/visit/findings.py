"""What a visit finds out about each section, kept in Scrapy's stats until health judges it."""

from typing import Any

import scrapy

from crawler.section import Section


class NotingSpider(scrapy.Spider):
    """A spider that keeps figures and findings of each section."""

    def count(self, section: Section, name: str, value: int = 1) -> None:
        """Add to one of the section's figures, kept in Scrapy's stats."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"visit/{section.name}/{name}", value)

    def note(self, section: Section, name: str, value: Any) -> None:
        """Set one of the section's findings, kept in Scrapy's stats."""
        assert self.crawler.stats is not None
        self.crawler.stats.set_value(f"visit/{section.name}/{name}", value)

    def noted(self, section: Section, name: str) -> Any:
        """Return one of the section's findings, None where nothing was noted."""
        assert self.crawler.stats is not None
        return self.crawler.stats.get_value(f"visit/{section.name}/{name}")
