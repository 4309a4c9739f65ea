"""Language: the sentences of our own making in the language of whoever reads them.

The English is the message (gettext), `languages/de.po` its German; a third language is one more file. What a catalogue
lacks is said in English, never left out. Templates name their values, so that a language may order them otherwise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.dates import format_date, get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

ENGLISH = "en"
LOCALES = {ENGLISH: "en_GB"}
"""Where a language's days are written as in one of its countries."""
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def languages() -> tuple[str, ...]:
    """Return the languages that there is a catalogue for, English first."""
    names = sorted(entry.name for entry in _folder().iterdir() if entry.name.endswith(".po"))
    return (ENGLISH, *(name.removesuffix(".po") for name in names))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have everything that is said inside be said in a language; one without a catalogue is English."""
    token = _language.set(language if language in languages() else ENGLISH)
    try:
        yield
    finally:
        _language.reset(token)


def say(message: str, /, **values: object) -> str:
    """Return a message in the present language, its {named} places filled; values are never read as templates."""
    return _catalogue(_language.get()).gettext(message).format(**values)


def say_many(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message for a count, which both may name as {count}."""
    return _catalogue(_language.get()).ngettext(one, many, count).format(count=count, **values)


def say_term(term: str) -> str:
    """Return an English term of the glossary in the present language, the English where the catalogue lacks it."""
    return _catalogue(_language.get()).gettext(term) if term else term


def spell_day(day: date) -> str:
    """Return a day as the present language writes it: `1 July 2026`, `1. Juli 2026`."""
    return format_date(day, format="long", locale=_locale())


def spell_month(month: int) -> str:
    """Return a month's name, 1 for January."""
    return str(get_month_names("wide", context="stand-alone", locale=_locale())[month])


def _locale() -> str:
    return LOCALES.get(_language.get(), _language.get())


def _folder() -> Traversable:
    return files(__package__).joinpath("languages")


@lru_cache(maxsize=8)
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    with _folder().joinpath(f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
