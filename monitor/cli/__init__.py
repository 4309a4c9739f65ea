"""rulewatch: the list of commands. Each is one short function; what it does is done by the rooms."""

import sys

import typer

from monitor.cli import output, reading, registers, running

app = typer.Typer(
    name="rulewatch",
    help="Watches China's certification bodies for changed implementation rules and tells certificate holders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (running, reading, registers):
    room.add_commands(app)


def main() -> None:
    """Run the command line; errors a person can mend are one message and an exit status, never a trace."""
    output.log_to_standard_error()
    with output.explaining_errors():
        app(prog_name="rulewatch", standalone_mode=True)
    sys.exit(0)
