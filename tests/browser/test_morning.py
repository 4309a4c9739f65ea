"""A consultant's morning in a real browser: read a held change, edit and approve it; the next run mails it."""

import socket
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.replica.server import Replica
from tests.road.road import Road, day_of
from tests.servers.browsing import CHROMIUM, browser, change_log
from tests.servers.smtp import TakesEverything

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

WORDS = "CCAP has issued a new edition. Our advice: apply for the changeover before the summer."


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def read_change(page: Page, address: str) -> None:
    """Open the log, filter it, and read the new edition: facts with sentences, both texts side by side."""
    page.goto(f"{address}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for your decision")
    page.get_by_role("link", name="Change log").click()
    page.get_by_label("Kind").select_option("new_edition")
    page.get_by_role("button", name="Show").click()
    page.locator("a.headline").first.click()
    expect(page.get_by_role("heading", name="Facts, each with its sentence")).to_be_visible()
    expect(page.locator(".facts-table tbody tr").first).to_be_visible()
    expect(page.locator(".clause ins").first).to_be_visible()
    expect(page.locator(".clause del").first).to_be_visible()


def edit_and_approve(page: Page) -> None:
    """Put a consultant's words in place of the summary, then approve."""
    page.get_by_text("Edit what holders read").click()
    edit = page.locator("form[action$='/edit']")
    edit.get_by_label("Your name").fill("Mei Lin")
    edit.get_by_label("Text").fill(WORDS)
    edit.get_by_role("button").click()
    expect(page.locator(".edited")).to_have_text(WORDS)
    approve = page.locator("form[action$='/approve']")
    expect(approve.get_by_label("Your name")).to_have_value("Mei Lin")
    approve.get_by_role("button").click()
    expect(page.locator(".change-head .state")).to_have_text("Approved")


def bodies(mailbox: TakesEverything) -> list[str]:
    """The plain text of every message that came."""
    texts = [message.get_body(("plain",)) for message in mailbox.messages]
    return [part.get_content() for part in texts if part is not None]


def test_held_change_is_read_edited_approved_and_then_mailed(tmp_path: Path) -> None:
    with Replica(day=1) as replica, TakesEverything() as mailbox:
        road = Road(tmp_path / "home", replica, mailbox.url)
        with road.config.open("a", encoding="utf-8") as settings:
            settings.write('[release]\npolicy = "review"\n')
        road.import_certificates()
        road.run_day(1)
        assert road.run_day(2)["held_for_review"] > 0
        assert mailbox.messages == []
        with change_log(road.config, free_port()) as address, browser() as opened:
            page = opened.new_page()
            read_change(page, address)
            edit_and_approve(page)
        road.json("run", "--today", day_of(2))
        told = bodies(mailbox)
    assert told
    assert all(WORDS in " ".join(text.split()) for text in told)


def test_dismissed_change_is_never_mailed(tmp_path: Path) -> None:
    with Replica(day=1) as replica, TakesEverything() as mailbox:
        road = Road(tmp_path / "home", replica, mailbox.url)
        with road.config.open("a", encoding="utf-8") as settings:
            settings.write('[release]\npolicy = "review"\n')
        road.import_certificates()
        road.run_day(1)
        road.run_day(2)
        with change_log(road.config, free_port()) as address, browser() as opened:
            page = opened.new_page()
            page.goto(f"{address}/changes?kind=new_edition")
            page.locator("a.headline").first.click()
            page.get_by_text("Dismiss", exact=True).first.click()
            dismiss = page.locator("form[action$='/dismiss']")
            dismiss.get_by_label("Your name").fill("Mei Lin")
            dismiss.get_by_label("Reason").fill("not for our holders")
            dismiss.get_by_role("button").click()
            expect(page.locator(".change-head .state")).to_have_text("Dismissed")
            expect(page.locator(".reviews")).to_contain_text("not for our holders")
        road.json("run", "--today", day_of(2))
    assert mailbox.messages == []
