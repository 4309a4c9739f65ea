"""One document told by a page and by the file in it, or by one file at two addresses, is one event."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.monitor.changes.site import article_bytes
from tests.monitor.changes.watched import RULES, Watched, rule
from tests.servers.web import Page, Site

NUMBER, PRODUCT = RULES[0]
FILE = f"/f/{NUMBER}2025.txt"
ARTICLE = f"/c/2025-03-10/{NUMBER}2025.shtml"


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The small authority on its first day, before anything was visited."""
    with Site() as site:
        yield Watched(tmp_path, site)


def _show(watched: Watched, text: str, *files: str) -> None:
    """Print a rule on its page, and as the files that the page embeds."""
    title = f"CQC11-{NUMBER}-2025 {PRODUCT}安全认证规则"
    embedded = "".join(f'<p><iframe src="{file}"></iframe></p>' for file in files)
    page = article_bytes(title, text, date(2025, 3, 10)).decode()
    opening = '<div class="TRS_Editor">'
    watched.site.pages[ARTICLE] = Page(page.replace(opening, opening + embedded).encode())
    for file in files:
        watched.site.pages[file] = Page(text.encode(), "text/plain; charset=utf-8")


@pytest.mark.parametrize("files", [(FILE,), (FILE, "/g/1.txt")], ids=["page and file", "page and two files"])
def test_page_and_file_in_it_are_exchanged_once(watched: Watched, files: tuple[str, ...]) -> None:
    old = rule(NUMBER, PRODUCT)
    _show(watched, old, *files)
    watched.day(1)
    new = old.replace("3件", "5件")
    assert new != old
    _show(watched, new, *files)
    watched.day(2)
    watched.day(3)
    assert watched.log() == [("revision", f"CQC11-{NUMBER}", f"CQC11-{NUMBER}-2025")]
    _show(watched, new.replace("5年", "4年"), *files)
    watched.day(4)
    assert len(watched.log()) == 2


def test_file_that_is_exchanged_and_moved_the_day_after_is_told_once(watched: Watched) -> None:
    old = rule(NUMBER, PRODUCT)
    _show(watched, old, FILE)
    watched.day(1)
    new = old.replace("3件", "5件")
    _show(watched, new, FILE)
    watched.day(2)
    _show(watched, new, "/g/1.txt")
    watched.day(3)
    watched.day(4)
    assert watched.log() == [("revision", f"CQC11-{NUMBER}", f"CQC11-{NUMBER}-2025")]
