"""What the command line says of itself."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from click import Command
from typer.main import get_group
from typer.testing import CliRunner

from monitor.cli import app
from monitor.cli.listing import CHAPTERS, HOMES
from monitor.cli.output import screen


def test_the_version_is_the_packages() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"rulewatch {project['version']}\n")


def test_help_lists_every_command() -> None:
    output = CliRunner().invoke(app, ["--help"]).output
    assert [name for name in HOMES if f"\n  {name} " not in output] == []


def test_each_command_lives_where_help_says_and_no_module_has_another() -> None:
    modules = {home: get_group(import_module(f"monitor.cli.{home}").app) for home in set(HOMES.values())}
    assert {(name, home) for home, group in modules.items() for name in group.commands} == set(HOMES.items())


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_help_loads_no_command(asked: str) -> None:
    code = f"import sys; from monitor.cli import main; sys.argv = ['rulewatch', {asked!r}]; main()"
    show = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {code}"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert {"scrapy", "sqlalchemy.orm", "lxml", "requests", "monitor.settings"} & set(done.stderr.split()) == set()


LISTS = {
    "certificates list": "", "contacts list": "", "matches": "", "impact": "--days 90", "digests": "", "changes": "",
    "register": "", "sections": "", "history": "CCAP-GZ-5830",
}  # fmt: skip
LISTS_NOT = ("certificates show", "certificates history", "doctor", "translate", "facts", "show", "compare", "probe",
    "discover", "verify", "run", "backup", "restore", "reread", "certificates import", "glossary check")  # fmt: skip


def test_a_command_that_shows_something_either_lists_the_register_or_does_not() -> None:
    looked_at = {*LISTS, *LISTS_NOT, *CHAPTERS["Stages of the cycle, one by one"]}
    shown = {name for name, command in _commands() if any("--json" in option.opts for option in command.params)}
    assert shown - looked_at == set()


@pytest.mark.parametrize("command", LISTS)
def test_a_list_without_entries_says_so_and_what_to_do_next(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULEWATCH_HOME", str(tmp_path))
    monkeypatch.setattr(screen, "width", 100)
    result = CliRunner().invoke(app, f"{command} {LISTS[command]}".split())
    assert result.exit_code == 0
    assert re.fullmatch(r"[A-Z][^┏┃|]*\. `rulewatch [^┏┃|]*\.\n", result.output), result.output


def _commands() -> Iterator[tuple[str, Command]]:
    for name, home in HOMES.items():
        command = get_group(import_module(f"monitor.cli.{home}").app).commands[name]
        yield name, command
        for part, inner in getattr(command, "commands", {}).items():
            yield f"{name} {part}", inner


def test_show_says_what_was_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "width", 200)
    file = Path(__file__).parents[1] / "documents" / "rule" / "typed.docx"
    output = CliRunner().invoke(app, ["show", str(file), "--set-aside"]).output
    assert "running head" in output
    assert "it is printed on every page" in output
