"""What the command line says of itself."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import HOMES, app
from monitor.cli.output import screen


def test_the_version_is_the_packages() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"rulewatch {project['version']}\n")


def test_help_lists_every_command() -> None:
    output = CliRunner().invoke(app, ["--help"]).output
    assert [name for name in HOMES if f"\n  {name} " not in output] == []


def test_show_says_what_was_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "width", 200)
    file = Path(__file__).parents[1] / "documents" / "rule" / "typed.docx"
    output = CliRunner().invoke(app, ["show", str(file), "--set-aside"]).output
    assert "running head" in output
    assert "it is printed on every page" in output
