"""A browser and the change log's own server, for tests that look at pages as a person does."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
START_SECONDS = 60
ASK_AGAIN_SECONDS = 0.1


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def change_log(config: Path, port: int) -> Iterator[str]:
    """`rulewatch serve` with the settings of a file; gives its address once it answers."""
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "serve", "--port", str(port)],
        cwd=PROJECT,
        env={**os.environ, "RULEWATCH_CONFIG": str(config)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)


def wait_for(address: str, process: "subprocess.Popen[str]") -> None:
    """Wait until a server answers; fail at once, with what it printed, when it ends before."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        assert process.poll() is None, process.communicate()[1]
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, TimeoutError):
            with suppress(subprocess.TimeoutExpired):
                process.wait(ASK_AGAIN_SECONDS)
        else:
            return
    raise AssertionError(f"{address} did not answer within {START_SECONDS} seconds")
