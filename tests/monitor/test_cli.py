"""What the command line says of itself."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group
from typer.testing import CliRunner

from monitor.cli import app
from monitor.cli.listing import HOMES
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


def test_show_says_what_was_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "width", 200)
    file = Path(__file__).parents[1] / "documents" / "rule" / "typed.docx"
    output = CliRunner().invoke(app, ["show", str(file), "--set-aside"]).output
    assert "running head" in output
    assert "it is printed on every page" in output
