"""Authorities as they are visited: built-in declarations under the settings, and those that exist only there."""

from collections.abc import Mapping

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler.config import AuthoritySettings
from crawler.errors import UnusableSettings
from crawler.section import Authority
from crawler.visit.authority import AuthoritySpider


class ConfiguredSpider(AuthoritySpider):
    """An authority that exists only in the settings (it has no name of its own, so the loader passes it by)."""


def authorities_to_visit(
    settings: Mapping[str, AuthoritySettings], only: str | None = None
) -> tuple[tuple[type[AuthoritySpider], Authority], ...]:
    """Return each authority with the spider that visits it, by name; `only` limits them to one.

    Raises:
        UnusableSettings: an authority is unknown, or one that is not built in lacks its address or its sections.
    """
    built_in = _built_in()
    names = sorted({*built_in, *settings})
    if only is not None and only not in names:
        raise UnusableSettings(f"there is no authority {only!r}; known are {', '.join(names)}")
    chosen = [only] if only is not None else names
    return tuple((built_in.get(name, ConfiguredSpider), _merged(name, built_in, settings)) for name in chosen)


def _built_in() -> dict[str, type[AuthoritySpider]]:
    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["crawler.spiders"]}))
    found = {name: loader.load(name) for name in loader.list()}
    return {name: spider for name, spider in found.items() if issubclass(spider, AuthoritySpider)}


def _merged(
    name: str, built_in: Mapping[str, type[AuthoritySpider]], settings: Mapping[str, AuthoritySettings]
) -> Authority:
    given = settings.get(name, AuthoritySettings())
    declared = built_in[name].declared() if name in built_in else Authority(name, "", ())
    merged = Authority(
        name,
        given.base_url or declared.base_url,
        tuple(section.section() for section in given.sections) if given.sections else declared.sections,
        declared.file_hosts if given.file_hosts is None else tuple(given.file_hosts),
        declared.legacy_tls if given.legacy_tls is None else given.legacy_tls,
        declared.verify_certificates if given.verify_certificates is None else given.verify_certificates,
    )
    if not merged.base_url or not merged.sections:
        raise UnusableSettings(f"[authorities.{name}] is not built in and so needs base_url and sections")
    return merged
