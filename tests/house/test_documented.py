"""What users meet is documented: every command, setting, kind of change and review reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel
from typer.core import TyperGroup

from monitor.changes.change import ChangeKind, ReviewReason
from monitor.cli import app
from monitor.cli.listing import HOMES
from monitor.cycle import STAGES
from monitor.facts.fact import FactType
from monitor.settings import Settings

PROJECT = Path(__file__).parents[2]
OPERATORS_GUIDE = (PROJECT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
HOW_DECIDED = (PROJECT / "docs" / "how-changes-are-decided.md").read_text(encoding="utf-8")
FACTS = (PROJECT / "docs" / "facts.md").read_text(encoding="utf-8")


def commands(command: Any, prefix: str = "rulewatch") -> Iterator[str]:
    """Every command as it is typed."""
    if not isinstance(command, TyperGroup):
        yield prefix
        return
    context = typer.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None, f"{prefix} {name} has no module"
        yield from commands(inner, f"{prefix} {name}")


def settings_of(model: type[BaseModel]) -> Iterator[str]:
    """Every setting's own name, of a model and the groups in it."""
    for name, field in model.model_fields.items():
        yield name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation)


@pytest.mark.parametrize("command", list(commands(typer.main.get_command(app))))
def test_command_stands_in_the_operators_guide(command: str) -> None:
    assert f"`{command}" in OPERATORS_GUIDE


def test_every_stage_of_the_cycle_is_a_command() -> None:
    assert {stage.__name__ for stage in STAGES} <= set(HOMES)


@pytest.mark.parametrize("name", sorted(set(settings_of(Settings))))
def test_setting_stands_in_the_operators_guide(name: str) -> None:
    assert f"`{name}`" in OPERATORS_GUIDE or f"[{name}]" in OPERATORS_GUIDE or f"[{name}." in OPERATORS_GUIDE


@pytest.mark.parametrize("kind", ChangeKind)
def test_kind_of_change_is_explained(kind: ChangeKind) -> None:
    assert f"`{kind.value}`" in HOW_DECIDED


@pytest.mark.parametrize("reason", ReviewReason)
def test_review_reason_is_explained(reason: ReviewReason) -> None:
    assert f"`{reason.value}`" in HOW_DECIDED


@pytest.mark.parametrize("fact_type", FactType)
def test_type_of_fact_is_explained(fact_type: FactType) -> None:
    assert f"`{fact_type.value}`" in FACTS
