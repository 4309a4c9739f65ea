"""Options that several commands have, and how a day is read from one."""

from datetime import date, datetime
from typing import Annotated

import typer

from monitor.errors import BadInput
from monitor.notation.china import CHINA
from monitor.settings import Settings
from storage.engine.database import Database

Today = Annotated[
    str | None, typer.Option("--today", metavar="YYYY-MM-DD", help="The day treated as now (default: China's today).")
]
Authority = Annotated[str | None, typer.Option("--authority", metavar="NAME", help="Only this authority, e.g. cqc.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AnswerLines = Annotated[
    bool, typer.Option("--json-lines", help="Answer standard input, one JSON object a line; no database is needed.")
]


def new_app() -> typer.Typer:
    """Return an empty set of commands for one module."""
    return typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


def china_today() -> date:
    """Return today's date in China."""
    return datetime.now(CHINA).date()


def parse_day(text: str | None, option: str = "--today") -> date | None:
    """Return the day that an option names, None where it is not given. Raises BadInput with the option's name."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f'{option} "{text}" is not a date (expected something like 2026-03-02)') from None


def open_database(settings: Settings) -> Database:
    """Return the database of an installation, its schema up to date."""
    database = Database(settings.database)
    database.upgrade()
    return database
