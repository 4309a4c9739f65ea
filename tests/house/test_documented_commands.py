"""Every command that the product's pages name exists and takes the options that they give it."""

from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from monitor.cli import app
from tests.house.documented_commands import PAGES, commands_in_blocks, commands_in_text

BLOCKS = [(page.name, command) for page in PAGES for command in commands_in_blocks(page)]
TEXTS = [(page.name, command) for page in PAGES for command in commands_in_text(page)]


def named(value: Any) -> str:
    """How a case is called."""
    return value if isinstance(value, str) else " ".join(value)


def command_of(arguments: tuple[str, ...]) -> tuple[Any, str, list[str]]:
    """The command that some arguments name, as it is typed, and the arguments left for it."""
    command: Any = typer.main.get_command(app)
    name, left = "rulewatch", list(arguments)
    while isinstance(command, TyperGroup) and left and not left[0].startswith("-"):
        name = f"{name} {left[0]}"
        command = command.get_command(typer.Context(command), left.pop(0))
        assert command is not None, f"there is no {name}"
    return command, name, left


@pytest.mark.parametrize(("page", "arguments"), sorted(set(BLOCKS)), ids=named)
def test_command_in_a_block_is_taken_as_it_is_typed(page: str, arguments: tuple[str, ...]) -> None:
    command, name, left = command_of(arguments)
    assert command.make_context(name, left).info_name == name, page


@pytest.mark.parametrize(("page", "arguments"), sorted(set(TEXTS)), ids=named)
def test_command_between_backticks_exists_with_its_options(page: str, arguments: tuple[str, ...]) -> None:
    command, name, left = command_of(arguments)
    options = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in left if word.startswith("--") and word not in options]
    assert unknown == [], f"{page}: {name} takes no {unknown}"
