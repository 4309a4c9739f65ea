"""Fixtures of the crawler's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.made import Watch
from tests.servers.web import Site


@pytest.fixture(scope="session", autouse=True)
def _compile_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let child processes keep what they compile: where Python is told to write no bytecode, each crawl would spend a
    second or two on compiling the same 900 modules."""
    folder = tmp_path_factory.getbasetemp().parent / "bytecode"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(folder))
        yield


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """A database and an evidence folder to crawl into."""
    watch = Watch(tmp_path)
    yield watch
    watch.database.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site on loopback."""
    with Site() as site:
        yield site
