"""Fixtures of the crawler's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.made import Watch
from tests.servers.web import Site


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
