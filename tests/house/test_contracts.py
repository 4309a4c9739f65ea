"""The rules of the house bite: each import contract is seen to fail once on a wrong import of its kind."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("monitor", "crawler", "storage", "tests")

LINT = """
import sys
sys.path.insert(0, ".")
from importlinter.cli import lint_imports_command
lint_imports_command()
"""

FOR_TYPES = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import {}
"""
"""An import that only a type checker follows; a circle of files may not hide behind it."""

WRONG_IMPORTS = [
    ("storage/evidence/store.py", "import crawler.errors", "never back"),
    ("crawler/section.py", "import monitor.errors", "never back"),
    ("monitor/facts/fact.py", "import monitor.changes.change", "only rooms upstream"),
    ("monitor/nowhere.py", "", "only rooms upstream"),
    ("monitor/comparison/diff.py", "import storage.changes", "touch storage"),
    ("monitor/service.py", "import monitor.changes.stage", "The cycle calls stages"),
    ("monitor/documents/reader.py", "import crawler.settings", "monitor sees pages"),
    ("crawler/pages/links.py", "import scrapy", "know no Scrapy"),
    ("crawler/pipelines.py", "import sqlalchemy", "SQL is written in storage"),
    ("monitor/digests/compose.py", "import smtplib", "one door each"),
    ("tests/replica/server.py", "import storage.errors", "shares no code"),
    ("monitor/facts/fact.py", "import monitor.documents.stage", "The cycle calls stages"),
    ("crawler/errors.py", "import crawler.pages.families", "No circles"),
    ("monitor/facts/fact.py", "import monitor.comparison.diff", "only rooms upstream"),
    ("monitor/comparison/diff.py", "import monitor.facts.fact", "only rooms upstream"),
    ("monitor/comparison/comparison.py", "import monitor.comparison.compare", "No circles"),
    ("monitor/documents/structure/lines.py", "import monitor.documents.pdf.page", "No circles"),
    ("crawler/visit/answered.py", FOR_TYPES.format("crawler.middlewares"), "No circles"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code, to be spoilt."""
    for package in PACKAGES:
        shutil.copytree(
            PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "files", "documents*.d")
        )
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    """Hold the import contracts against the copy."""
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def broken(report: str) -> str:
    """What the report says of broken contracts: their names and the imports that break them."""
    return report.partition("Broken contracts")[2]


@pytest.mark.parametrize(("file", "wrong", "contract"), WRONG_IMPORTS)
def test_wrong_import_breaks_its_contract(house: Path, file: str, wrong: str, contract: str) -> None:
    target = house / file
    text = target.read_text(encoding="utf-8") if target.exists() else '"""A file that nobody planned."""\n'
    target.write_text(f"{text}\n{wrong}\n", encoding="utf-8")
    result = lint(house)
    assert result.returncode != 0
    assert contract in broken(result.stdout)


def test_house_keeps_its_contracts(house: Path) -> None:
    result = lint(house)
    assert result.returncode == 0, result.stdout
