"""The commands of the product's own pages: every `rulewatch …` in a block or between backticks."""

import re
import shlex
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGES = (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^ {4,}(?:\.venv/bin/)?(rulewatch .+)$", re.MULTILINE)
_INLINE = re.compile(r"`(?:\.venv/bin/)?(rulewatch [^`]+)`")


def commands_in_blocks(page: Path) -> list[tuple[str, ...]]:
    """Return the commands of a page's blocks in their order, each as its arguments without `rulewatch`."""
    return [_arguments(line) for line in _BLOCK.findall(page.read_text(encoding="utf-8"))]


def commands_in_text(page: Path) -> list[tuple[str, ...]]:
    """Return the commands between backticks of a page."""
    return [_arguments(line) for line in _INLINE.findall(page.read_text(encoding="utf-8"))]


def _arguments(line: str) -> tuple[str, ...]:
    """The arguments of a typed line, up to a remark, a redirection, or the prose of two spaces and more."""
    words = shlex.split(re.split(r" {2,}| <", line)[0], comments=True)
    return tuple(words[1:])
