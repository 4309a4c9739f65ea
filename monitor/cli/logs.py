"""Commands on what was found: the change log, the register of editions, the line of one rule."""

import sys
from datetime import date
from typing import Annotated

import typer

from monitor.changes import commands as changes
from monitor.cli.options import AnswerLines, AsJson, china_today, new_app, open_database, parse_day
from monitor.cli.output import answer_lines, listed, print_json, say
from monitor.cli.views import screens
from monitor.cli.views.changelog import change_log_json
from monitor.settings import load_settings

app = new_app()
log_app = typer.Typer(help="The change log.", invoke_without_command=True, rich_markup_mode=None)
app.add_typer(log_app, name="changes")


@log_app.callback()
def log(
    context: typer.Context,
    authority: Annotated[str | None, typer.Option(help="Only this authority.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind, e.g. new_edition.")] = None,
    as_json: AsJson = False,
    as_json_lines: AnswerLines = False,
) -> None:
    """Show the change log; or, with a command, set it right; or, of notices a line, say what they would be in it."""
    if context.invoked_subcommand is not None:
        return
    if as_json_lines:
        from monitor.changes.commands.trial import log_of  # it reads notices, which takes a second to load

        answer_lines(sys.stdin, log_of, fields=())
        return
    entries = change_log_json(open_database(load_settings()), authority=authority, kind=kind)
    if as_json:
        print_json(entries)
    else:
        screens.print_change_log(entries)


@log_app.command()
def merge(
    change: Annotated[int, typer.Argument(help="The number of the change that is to go; nobody was told of it yet.")],
    into: Annotated[
        int | None,
        typer.Option("--into", help="The number of the change that tells the same event; left out: which may."),
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Your name, for the log.")] = "",
    sure: Annotated[bool, typer.Option("--sure", help="Also where authority or rule differ.")] = False,
) -> None:
    """Merge a change into another that tells the same event; without --into, list those that may."""
    database = open_database(load_settings())
    if into is None:
        others = changes.merge_candidates(database, change)
        for other in listed(others, "No other may tell the same event. `rulewatch changes` lists all."):
            say(f"{other['id']:>5}  {other['detected_on']}  {other['kind']}  {other['title_zh']}")
        return
    changes.merge_changes(database, change, into, by, sure=sure)
    say(f"change {change} is part of change {into} now; what it adds leaves with the next cycle")


@log_app.command()
def unmerge(
    change: Annotated[int, typer.Argument(help="The number of the change that was merged into another.")],
    by: Annotated[str, typer.Option("--by", help="Your name, for the log.")],
) -> None:
    """Take a merger back: both changes are again what they were."""
    changes.unmerge_changes(open_database(load_settings()), change, by)
    say(f"change {change} stands for itself again and waits for a decision")


@app.command()
def register(
    on: Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="At this day (default: today).")] = None,
    as_json: AsJson = False,
) -> None:
    """Show which editions of which rules were in force at a date, and on which evidence."""
    day: date = parse_day(on, "--on") or china_today()
    entries = changes.register_at(open_database(load_settings()), day)
    if as_json:
        print_json(entries)
    else:
        screens.print_register(entries, day)


@app.command()
def history(
    family: Annotated[str, typer.Argument(help="A rule family or code, e.g. CCAP-GZ-5830.")], as_json: AsJson = False
) -> None:
    """Draw the line of a rule family: editions, standards and notices."""
    entries = changes.history_of(open_database(load_settings()), family)
    if as_json:
        print_json(entries)
    else:
        screens.print_history(entries, family)
