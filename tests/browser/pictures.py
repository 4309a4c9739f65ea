"""Pictures for the documentation: `python -m tests.browser.pictures` plays the replica and photographs the pages.

They are made anew by hand when pages change; a person looks at them before they are committed.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.test_morning import free_port
from tests.replica.server import Replica
from tests.road.road import PROJECT, Road
from tests.servers.browsing import browser, change_log

PICTURES = PROJECT / "docs" / "pictures"
DAYS = 7
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 400, "height": 860}


def main(folder: Path = PICTURES) -> None:
    """Make every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp()) / "home"
    with Replica(day=1) as replica:
        road = Road(home, replica)
        road.import_certificates()
        for day in range(1, DAYS + 1):
            road.run_day(day)
    with change_log(road.config, free_port()) as address, browser() as opened:
        page = opened.new_page(viewport=DESK)
        take_log(page, address, folder)
        take_digest(page, road, folder)
        take_narrow(opened.new_page(viewport=PHONE, device_scale_factor=2), address, road, folder)
    shutil.rmtree(home.parent)


def take_log(page: Page, address: str, folder: Path) -> None:
    """The three pages of the change log, and the health of the crawl."""
    page.goto(f"{address}/")
    page.screenshot(path=folder / "today.png", full_page=True)
    page.goto(f"{address}/changes")
    page.screenshot(path=folder / "log.png", full_page=True)
    page.goto(f"{address}/changes?kind=new_edition")
    page.locator("a.headline").first.click()
    top = {"x": 0, "y": 0, "width": DESK["width"], "height": 1500}
    page.screenshot(path=folder / "change.png", clip=top, full_page=True)
    page.screenshot(path=folder / "change-whole.png", full_page=True)
    page.goto(f"{address}/health")
    page.screenshot(path=folder / "health.png", full_page=True)


def take_digest(page: Page, road: Road, folder: Path) -> None:
    """The digest about the new edition, as its reader sees it."""
    digest = next(path for path in sorted((road.home / "outbox").glob("*.html")) if "CCAP-GZ-5830" in path.read_text())
    page.set_viewport_size({"width": 760, "height": 900})
    page.goto(digest.as_uri())
    page.screenshot(path=folder / "digest-whole.png", full_page=True)
    top = {"x": 0, "y": 0, "width": 760, "height": 1150}
    page.screenshot(path=folder / "digest.png", clip=top, full_page=True)


def take_narrow(page: Page, address: str, road: Road, folder: Path) -> None:
    """The morning's page and the digest on a telephone."""
    page.goto(f"{address}/")
    page.screenshot(path=folder / "today-phone.png", full_page=True)
    digest = next(path for path in sorted((road.home / "outbox").glob("*.html")) if "CCAP-GZ-5830" in path.read_text())
    page.goto(digest.as_uri())
    page.screenshot(path=folder / "digest-phone.png", full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
