"""Limits: no server can stall a run, fill the memory or outlive its parent, and a killed crawl loses nothing."""

import hashlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from sqlalchemy import select

from storage.captures import AddressRow, CaptureRow, ListingRow
from storage.evidence.store import EvidenceStore
from tests.crawler.made import DAY, Watch, authority, section
from tests.servers.web import GzipBomb, Hangs, SendsTwoGigabytes, Site

MEGABYTE = 1_000_000


class Children:
    """The crawl processes of this one: their largest memory, and a wish to kill one when something is seen."""

    peak = 0

    @contextmanager
    def watched(self) -> Iterator["Children"]:
        """Watch every 20 ms."""
        ended = threading.Event()
        thread = threading.Thread(target=self._watch, args=(ended,))
        thread.start()
        yield self
        ended.set()
        thread.join()

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(0.02):
            for child in psutil.Process().children():
                try:
                    self.peak = max(self.peak, child.memory_info().rss)
                except psutil.Error:
                    continue


def peak_of_visit(watch: Watch, site: Site, names: list[str]) -> tuple[int, list[str]]:
    with Children().watched() as children:
        reports = watch.visit(site, names)
    return children.peak, [reports[name].reason or "" for name in names]


def test_two_gigabytes_and_a_gzip_bomb_cost_less_than_100_megabytes(watch: Watch, site: Site) -> None:
    for name in ("healthy", "endless", "announced", "bomb"):
        section(site, name, rows=2)
    quiet, _ = peak_of_visit(watch, site, ["healthy"])
    site.troubles = {
        "/endless/": SendsTwoGigabytes(),
        "/announced/": SendsTwoGigabytes(announced=True),
        "/bomb/": GzipBomb(),
    }
    loud, reasons = peak_of_visit(watch, site, ["endless", "announced", "bomb"])
    assert "larger than allowed" in reasons[0]
    assert "larger than allowed" in reasons[1]
    assert "too large" in reasons[2]
    assert loud - quiet < 100 * MEGABYTE


def test_server_that_hangs_cannot_hold_a_run_beyond_its_limit(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    section(site, "other", rows=2)
    site.troubles["/notices/"] = Hangs()
    watch.settings = watch.settings.model_copy(update={"longest_minutes": 3 / 60, "timeout_seconds": 5})
    reports = watch.visit(site, ["notices", "other"])
    assert reports["notices"].status == "degraded"
    assert "longest_minutes" in (reports["notices"].reason or "")


def test_the_limit_of_memory_is_the_crawls_own_and_not_what_its_parent_once_needed(watch: Watch, site: Site) -> None:
    section(site, "rules", rows=2)
    watch.settings = watch.settings.model_copy(update={"memory_megabytes": 400})
    once = bytearray(b"x") * (500 * MEGABYTE)
    del once
    assert watch.visit(site, ["rules"])["rules"].status == "ok"
    watch.settings = watch.settings.model_copy(update={"memory_megabytes": 20})
    assert "more than memory_megabytes" in (watch.visit(site, ["rules"])["rules"].reason or "")


@pytest.mark.parametrize("after", [3, 8])
def test_killed_crawl_loses_nothing_and_the_next_goes_on(watch: Watch, site: Site, after: int) -> None:
    section(site, "rules", rows=6, files=True)
    ended = threading.Event()
    killer = threading.Thread(target=_kill_when, args=(site, after, ended))
    killer.start()
    killed = watch.visit(site, ["rules"])["rules"]
    ended.set()
    killer.join()
    assert killed.status == "degraded"
    assert "status -9" in (killed.reason or "")
    assert watch.visit(site, ["rules"])["rules"].status == "ok"
    with watch.database.session() as session:
        addresses = session.scalars(select(AddressRow)).all()
        rows = session.scalars(select(CaptureRow)).all()
    assert sorted(row.kind for row in addresses if row.capture_id) == ["article"] * 6 + ["file"] * 6 + ["list"]
    assert len({row.url for row in rows}) == len(rows) == 13
    for row in rows:
        assert len(EvidenceStore(watch.evidence).read(row.sha256)) == row.size


def _kill_when(site: Site, asked: int, ended: threading.Event) -> None:
    """Kill this process's crawl as soon as a site was asked so often."""
    while len(site.asked) < asked:
        if ended.wait(0.001):
            return
    for child in psutil.Process().children():
        if "crawler" in child.cmdline():
            child.send_signal(signal.SIGKILL)


def kept(watch: Watch) -> list[int]:
    """How many captures, list rows and addresses there are."""
    with watch.database.session() as session:
        return [len(session.scalars(select(row.id)).all()) for row in (CaptureRow, ListingRow, AddressRow)]


def test_visit_of_which_the_only_batch_cannot_be_written_is_not_trusted(watch: Watch, site: Site) -> None:
    section(site, "rules", rows=6)
    watch.evidence.write_bytes(b"a file where the folder has to be")
    report = watch.visit(site, ["rules"])["rules"]
    assert (report.status, kept(watch)) == ("degraded", [0, 0, 0])
    assert "could not be kept: NotADirectoryError" in (report.reason or "")
    watch.evidence.unlink()
    assert watch.visit(site, ["rules"])["rules"].status == "ok"
    assert kept(watch) == [7, 6, 7]


def test_nothing_is_kept_after_a_batch_that_failed(watch: Watch, site: Site) -> None:
    """The first batch holds the list; those behind it would speak of addresses that nobody knows."""
    section(site, "rules", rows=40)
    watch.settings = watch.settings.model_copy(update={"delay_seconds": 0.05})
    first = watch.evidence / hashlib.sha256(site.pages["/rules/"].body).hexdigest()[:2]
    watch.evidence.mkdir()
    first.write_bytes(b"a file where a folder of the list has to be")
    report = watch.visit(site, ["rules"])["rules"]
    assert (report.status, kept(watch)) == ("degraded", [0, 0, 0])
    assert "could not be kept: NotADirectoryError" in (report.reason or "")
    assert len(site.targets()) < 41


def test_crawl_dies_with_its_parent(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    site.troubles["/notices/"] = Hangs()
    code = (
        "import sys, pickle; from crawler.run import crawl\n"
        "crawl(pickle.loads(bytes.fromhex(sys.stdin.read())))\n"
    )  # fmt: skip
    job = pickle.dumps(watch.job(DAY, {"made": authority(site, ["notices"])})).hex()
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, text=True)
    assert parent.stdin is not None
    parent.stdin.write(job)
    parent.stdin.close()
    while not site.asked and parent.poll() is None:
        site.closing.wait(0.01)
    (child,) = psutil.Process(parent.pid).children()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    child.wait(timeout=20)
    assert not child.is_running()
