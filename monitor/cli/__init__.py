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
from monitor.cli.listing import CHAPTERS, HOMES


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

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed. A pipe that breaks anywhere in its work is an error as any other: Typer takes
        it for a terminal that was closed, and says nothing."""
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, EOFError) as error:
            with output.explaining_errors():
                raise error

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands by chapters, each with its line, and load none of them."""
        for title, chapter in CHAPTERS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<12}", entry.line) for name, entry in chapter.items()])


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
