"""rulewatch: the list of commands. Each is one short function; what it does is done by the rooms.

Only the module of the command that was typed is loaded, so that a look at the log does not wait for Scrapy.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

import typer
from typer.core import TyperGroup

from monitor.cli import output

HOMES = {
    **dict.fromkeys(("run", "crawl", "read", "detect", "summarise", "match", "compose", "deliver"), "running"),
    "serve": "running",
    **dict.fromkeys(("probe", "discover", "sections", "doctor"), "examining"),
    **dict.fromkeys(("certificates", "contacts", "matches", "digests", "evidence"), "registers"),
    "impact": "ahead",
    **dict.fromkeys(("changes", "register", "history"), "logs"),
    **dict.fromkeys(("show", "facts", "compare", "reread"), "reading"),
    **dict.fromkeys(("translate", "glossary"), "translating"),
}
"""Command → the module of this package in which it lives, in the order in which help lists them."""


class Commands(TyperGroup):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(HOMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, None where there is none of that name."""
        if cmd_name not in HOMES:
            return None
        group = typer.main.get_group(import_module(f"monitor.cli.{HOMES[cmd_name]}").app)
        return group.get_command(ctx, cmd_name)


app = typer.Typer(
    name="rulewatch",
    cls=Commands,
    help="Watches China's certification bodies for changed implementation rules and tells certificate holders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _debug(asked: bool) -> None:
    output.debugging.is_on = asked


def _tell_version(asked: bool) -> None:
    if asked:
        output.say(f"rulewatch {version('rulewatch')}")
        raise typer.Exit


@app.callback()
def _rulewatch(
    _version: bool = typer.Option(
        False, "--version", help="Show which version is installed.", callback=_tell_version, is_eager=True
    ),
    _debugging: bool = typer.Option(
        False, "--debug", help="Show the whole trace of an error.", callback=_debug, is_eager=True
    ),
) -> None:
    """Watches China's certification bodies for changed implementation rules and tells certificate holders."""


def main() -> None:
    """Run the command line; errors a person can mend are one message and an exit status, never a trace."""
    output.never_fail_on_a_character()
    output.log_to_standard_error()
    with output.explaining_errors():
        app(prog_name="rulewatch", standalone_mode=True)
    sys.exit(0)
