"""Where everything is caught, a boundary is named; there are few kinds of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
BROAD = {"Exception", "BaseException"}
KINDS = ("worker process", "foreign parser", "foreign network", "translation service", "last resort")
"""A child that reads strangers' files, a library that parses them, the network under Scrapy, a service that translates,
and the end of a long run that must say that it failed."""


def broad_handlers(source: str) -> Iterator[tuple[int, str]]:
    """The number and the text of each line that catches everything."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in BROAD):
            yield node.lineno, lines[node.lineno - 1]


def unnamed(source: str) -> list[int]:
    """The lines that catch everything and name no boundary of the five kinds."""
    return [number for number, line in broad_handlers(source) if not any(f"# {kind}: " in line for kind in KINDS)]


def product_files() -> list[Path]:
    """Every Python file of the product and its benchmarks."""
    rooms = ("crawler", "monitor", "storage", "benchmarks")
    return [path for room in rooms for path in sorted(PROJECT.glob(f"{room}/**/*.py"))]


@pytest.mark.parametrize("path", product_files(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_what_catches_everything_names_its_boundary(path: Path) -> None:
    assert unnamed(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("handler", ["except Exception:", "except:", "except BaseException as reason:  # whatever"])
def test_broad_handler_without_a_boundary_is_seen(handler: str) -> None:
    assert unnamed(f"try:\n    pass\n{handler}\n    pass\n") == [3]
