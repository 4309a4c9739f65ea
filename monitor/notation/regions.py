"""Languages and time zones, as settings and tables name them.

A language is a tag of BCP 47 that the Unicode locale data know (CLDR, by Babel), a time zone a name of the IANA
database; both are kept as those write them.
"""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_locale_identifier, parse_locale

from monitor.errors import BadInput


def read_language(text: str) -> str:
    """Return a language's tag (`de`, `zh-Hans`, `pt-BR`). Raises BadInput where it is none that is known."""
    tag = text.strip().replace("_", "-")
    try:
        Locale.parse(tag, sep="-")
        return get_locale_identifier(parse_locale(tag, sep="-"), sep="-")
    except (ValueError, UnknownLocaleError):
        raise BadInput(f'"{text[:40]}" is not the tag of a language (expected something like de or zh-CN)') from None


def read_time_zone(text: str) -> str:
    """Return a time zone's name (`Europe/Berlin`), in any case. Raises BadInput where there is no such zone."""
    zone = _zones().get(text.strip().replace(" ", "_").lower())
    if zone is None:
        raise BadInput(f'"{text[:40]}" is not a time zone (expected something like Europe/Berlin or Asia/Shanghai)')
    return zone


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if name != "localtime"}
