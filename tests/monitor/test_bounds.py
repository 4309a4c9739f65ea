"""Every setting that is a number has a least and a greatest value; nothing outside them is taken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import annotated_types
import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from crawler.config import AuthoritySettings
from monitor.errors import BadSettings
from monitor.settings import Settings, load_settings


def models(kind: Any) -> Iterator[type[BaseModel]]:
    """The models inside an annotation."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from models(inner)


def numbers(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel], str, FieldInfo]]:
    """Every setting that is a number, in a model and in those inside it."""
    for name, field in model.model_fields.items():
        kinds = {field.annotation, *get_args(field.annotation)}
        if kinds & {int, float}:
            yield f"{path}{name}", model, name, field
        for inner in models(field.annotation):
            yield from numbers(inner, f"{path}{name}.")


NUMBERS = list(numbers(Settings))


def test_the_walk_finds_settings_at_every_depth() -> None:
    found = {path for path, *_ in NUMBERS}
    assert {"serve.port", "reader.seconds", "authorities.sections.expect.shrink_at_most"} <= found
    assert len(found) > 30


@pytest.mark.parametrize(("path", "model", "name", "field"), NUMBERS, ids=[path for path, *_ in NUMBERS])
def test_a_number_is_bounded_on_both_sides(path: str, model: type[BaseModel], name: str, field: FieldInfo) -> None:
    bounds = [type(item) for item in field.metadata]
    assert {annotated_types.Ge, annotated_types.Gt} & set(bounds), f"{path} may be as small as one likes"
    assert {annotated_types.Le, annotated_types.Lt} & set(bounds), f"{path} may be as large as one likes"
    for wrong in (-5, 10**15, float("nan"), float("inf")):
        with pytest.raises(ValidationError) as refused:
            model.model_validate({name: wrong})
        assert any(problem["loc"] == (name,) for problem in refused.value.errors())


def test_what_a_model_does_not_know_is_refused_everywhere() -> None:
    for model in (AuthoritySettings, *dict.fromkeys(model for _, model, _, _ in NUMBERS)):
        assert model.model_config.get("extra") == "forbid", model


def test_a_reader_without_time_is_refused_by_name(tmp_path: Path) -> None:
    config = tmp_path / "rulewatch.toml"
    config.write_text("[reader]\nseconds = -5\n", encoding="utf-8")
    with pytest.raises(BadSettings, match=r"reader\.seconds"):
        load_settings(config)
