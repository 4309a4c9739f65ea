"""What is wrong with a setting, in words: its place, its name, the nearest right one; never the value of a secret."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import EnumMeta
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr

FILE = "RULEWATCH_CONFIG"
"""Names the settings file; no setting itself."""
OF_TESTS = "RULEWATCH_TEST_"


def explain(
    model: type[BaseModel], problem: Any, place: str, prefix: str, step: str, environment: Mapping[str, str]
) -> str:
    """Return one problem that pydantic found as a sentence with the place, the name and what would be right."""
    steps: Sequence[str | int] = problem["loc"]
    name = ".".join(str(part) for part in steps)
    variable = prefix + step.join(str(part) for part in steps).upper()
    where = variable if variable in {key.upper() for key in environment} else place
    if problem["type"] == "extra_forbidden":
        known = _names(_kind_at(model, steps[:-1]))
        return f"{where}: {name} is not a setting of Rulewatch{_nearest(str(steps[-1]), known)} ({_ALL})"
    kind, value = _kind_at(model, steps), problem.get("input")
    shown = f" = {value!r}" if _may_be_shown(kind, value) else ""
    meant = _nearest(str(value), _choices(kind)) if shown else ""
    return f"{where}: {name}{shown}: {_said(problem)}{meant}"


def _said(problem: Any) -> str:
    """Return what a problem says; the words of a library, which may repeat the value, are none of it."""
    return "cannot be used as it is" if problem["type"] == "value_error" else str(problem["msg"])


def unknown_variables(model: type[BaseModel], environment: Mapping[str, str], prefix: str, step: str) -> list[str]:
    """Return a sentence for each variable of the prefix that names no setting, with the nearest that does."""
    said = []
    for variable in sorted(environment):
        name = variable.upper()
        if not name.startswith(prefix) or name == FILE or name.startswith(OF_TESTS):
            continue
        if _kind_at(model, name.removeprefix(prefix).lower().split(step)) is None:
            known = [*(prefix + step.join(path).upper() for path in _paths(model)), FILE]
            said.append(f"{variable} is not a setting of Rulewatch{_nearest(name, known)} ({_ALL})")
    return said


def unreadable_variable(said: str, prefix: str) -> str:
    """Return a sentence on a variable that should hold a whole group as JSON and does not."""
    field = re.search(r'field "(\w+)"', said)
    name = f"{prefix}{field[1]}".upper() if field else "a variable"
    return (
        f"{name} is a group of settings and not JSON; name one setting of it, e.g. {name}__…, two underscores between"
    )


def _kind_at(kind: Any, steps: Sequence[str | int]) -> Any:
    """Return the declared kind of a setting, None where there is none of that name."""
    for at in steps:
        kind = _inner(kind, at)
    return kind


def _inner(kind: Any, step: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(step))
        return field.annotation if field else None
    if get_origin(kind) in (dict, list, tuple):
        return get_args(kind)[-1]
    return next((found for part in get_args(kind) if (found := _inner(part, step)) is not None), None)


def _paths(kind: Any) -> Iterator[list[str]]:
    """Yield the path of every setting; a name that is free stands as NAME."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield [name]
            yield from ([name, *path] for path in _paths(field.annotation))
    elif get_origin(kind) is dict:
        yield from (["name", *path] for path in _paths(get_args(kind)[1]))
    else:
        for part in get_args(kind):
            yield from _paths(part)


def _names(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(kind.model_fields)
    return [name for part in get_args(kind) for name in _names(part)]


def _choices(kind: Any) -> list[str]:
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    if isinstance(kind, EnumMeta):
        return [str(member.value) for member in kind]  # type: ignore[var-annotated]
    return [name for part in get_args(kind) for name in _choices(part)]


def _may_be_shown(kind: Any, value: Any) -> bool:
    """Whether a value is one plain setting that is no secret and holds no credentials."""
    if kind is None or not isinstance(value, str | int | float | bool) or _names(kind):
        return False
    return SecretStr not in (kind, *get_args(kind)) and not (isinstance(value, str) and "://" in value and "@" in value)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else ""


_ALL = "docs/operators-guide.md lists all of them"
