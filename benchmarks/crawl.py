"""How fast the crawl is, beside a bare Scrapy spider that fetches the same pages and throws them away.

    python benchmarks/crawl.py [--pages 2000] [--files 200] [--rounds 3]

Both run in a process of their own against one loopback server that runs in a third. Ours looks for files in every page,
hashes and stores every byte, and keeps its rows; then comes a second visit, on which nothing has changed. Seconds
count from the start of a process to its end. As on an installed machine, no process has to compile its modules: both
are started once, on a small site, before anything is measured. Rounds alternate between the two; of each visit the
median is told. CPU seconds are those of the process and count what a busy machine does not lengthen.
"""

import argparse
import asyncio
import hashlib
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.config import AuthoritySettings, CrawlSettings
from crawler.run import CrawlJob, crawl
from storage.engine.database import Database
from storage.runs import begin_run

ROWS_A_PAGE = 50
DAY = date(2026, 3, 2)
FRAME = (
    "<html><head><meta charset='utf-8'><title>{title}</title></head><body><div class='nav'>{nav}</div>{body}"
    "<div class='foot'>版权所有</div></body></html>"
)
NAV = "".join(f"<a href='/nav/{n}/'>栏目{n}</a>" for n in range(15))
TEXT = "各有关单位：现将认证规则予以发布，自发布之日起实施，持证人应于规定日期前完成换证，逾期未完成的暂停证书。"

BARE = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for line in open(sys.argv[1]):
            yield scrapy.Request(line.strip(), callback=self.drop)
    def drop(self, response):
        pass
process = CrawlerProcess({"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True})
process.crawl(Bare)
process.start()
"""


def main() -> None:
    """Measure and print one table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pages", type=int, default=2000)
    arguments.add_argument("--files", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    answers = make_site(chosen.pages, chosen.files)
    receiver, sender = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.Process(target=serve, args=(answers, sender), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{receiver.recv()}"
    with tempfile.TemporaryDirectory() as folder:
        compile_once(base, Path(folder))
        rounds = [measure_round(base, answers, Path(folder) / str(number)) for number in range(chosen.rounds)]
    server.terminate()
    report([middle(rows) for rows in zip(*rounds, strict=True)])


def compile_once(base: str, folder: Path) -> None:
    """Have both kinds of process compile what they import, also where Python is told to keep no bytecode."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    measure_bare(base, {"/n/": b""}, folder)
    (folder / "first").mkdir()
    measure_ours(base, folder / "first", visits=1, pages=1)


def make_site(pages: int, files: int) -> dict[str, bytes]:
    """Return the bodies of a list in pages of 50 rows, its articles, and PDFs linked from the first of them."""
    answers: dict[str, bytes] = {}
    lists = -(-pages // ROWS_A_PAGE)
    rows = [(f"/n/c/{DAY - timedelta(days=n // 5)}/{500000 + n}.shtml", f"关于发布第{n}号产品认证规则的公告")
            for n in range(pages - lists)]  # fmt: skip
    for number in range(lists):
        here = rows[number * ROWS_A_PAGE : (number + 1) * ROWS_A_PAGE]
        items = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{url[5:15]}</span></li>'
                        for url, title in here)  # fmt: skip
        following = f"<a href='/n/index_{number + 2}.shtml'>下一页</a>" if number + 1 < lists else ""
        body = f"<div class='list'><ul>{items}</ul><div class='page'>{following}</div></div>"
        address = "/n/" if number == 0 else f"/n/index_{number + 1}.shtml"
        answers[address] = FRAME.format(title="公告", nav=NAV, body=body).encode()
    for n, (url, title) in enumerate(rows):
        link = f"<p><a href='/upload/{n}.pdf'>附件：第{n}号规则.pdf</a></p>" if n < files else ""
        text = "".join(f"<p>{TEXT}</p>" for _ in range(12))
        body = f"<h1>{title}</h1><div>发布时间：{url[5:15]}</div><div class='TRS_Editor'>{text}{link}</div>"
        answers[url] = FRAME.format(title=title, nav=NAV, body=body).encode()
        if link:
            answers[f"/upload/{n}.pdf"] = b"%PDF-1.4\n" + hashlib.sha256(url.encode()).digest() * 3000 + b"\n%%EOF\n"
    return answers


def serve(answers: dict[str, bytes], sender: object) -> None:
    """Serve the bodies with ETags, as fast as plain asyncio does."""
    asyncio.run(_serve(answers, sender))


async def _serve(answers: dict[str, bytes], sender: object) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            path = head.split(" ", 2)[1]
            body = answers.get(path)
            tag = f'"{len(body or b"")}-{path}"'
            kind = "application/pdf" if path.endswith(".pdf") else "text/html; charset=utf-8"
            status = "404 Not Found" if body is None else "304 Not Modified" if tag in head else "200 OK"
            sent = body if status == "200 OK" and body else b""
            lines = f"HTTP/1.1 {status}\r\nETag: {tag}\r\nContent-Type: {kind}\r\nContent-Length: {len(sent)}\r\n\r\n"
            writer.write(lines.encode() + sent)
            await writer.drain()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    sender.send(server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
    await server.serve_forever()


@dataclass(frozen=True)
class Row:
    """One visit: how many requests, how long, how much work, how much memory."""

    name: str
    requests: int
    seconds: float
    cpu_seconds: float
    megabytes: float


def middle(rows: Sequence[Row]) -> Row:
    """Return the median of each figure of the same visit in several rounds."""
    figures = (median(getattr(row, name) for row in rows) for name in ("seconds", "cpu_seconds", "megabytes"))
    return Row(rows[0].name, rows[0].requests, *figures)


def measure_round(base: str, answers: dict[str, bytes], folder: Path) -> list[Row]:
    """Measure the bare spider, then both of our visits."""
    folder.mkdir()
    return [measure_bare(base, answers, folder), *measure_ours(base, folder)]


def cpu_of_children() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_bare(base: str, answers: dict[str, bytes], folder: Path) -> Row:
    """Fetch every address with a bare spider."""
    addresses = folder / "addresses"
    addresses.write_text("\n".join(base + path for path in answers), encoding="utf-8")
    started, cpu = time.perf_counter(), cpu_of_children()
    with Peak() as peak:
        subprocess.run([sys.executable, "-c", BARE, str(addresses)], check=True)
    seconds, cpu = time.perf_counter() - started, cpu_of_children() - cpu
    return Row("bare Scrapy, everything discarded", len(answers), seconds, cpu, peak.megabytes)


def measure_ours(base: str, folder: Path, visits: int = 2, pages: int = 200) -> list[Row]:
    """Crawl the site twice: once from nothing, once unchanged. With fewer `pages` only so much of its list is read."""
    url = f"sqlite:///{folder / 'watch.db'}"
    database = Database(url)
    database.upgrade()
    section = {"name": "n", "role": "notices", "path": "/n/", "family": "static-shtml"}
    authorities = {"bench": AuthoritySettings.model_validate({"base_url": base, "sections": [section]})}
    rows: list[Row] = []
    for name, today in (
        ("Rulewatch, everything stored and hashed", DAY),
        ("Rulewatch, nothing changed", DAY + timedelta(days=1)),
    )[:visits]:
        with database.session() as session:
            run_id = begin_run(session, today)
        settings = CrawlSettings(delay_seconds=0, list_pages=pages)
        started, cpu = time.perf_counter(), cpu_of_children()
        with Peak() as peak:
            (visit,) = crawl(CrawlJob(url, folder / "evidence", run_id, today, settings, authorities, "bench"))
        if pages > 1 and visit.status not in ("ok", "not_modified"):
            raise SystemExit(f"the visit was {visit.status}: {visit.reason}")
        seconds, cpu = time.perf_counter() - started, cpu_of_children() - cpu
        rows.append(Row(name, visit.requests, seconds, cpu, peak.megabytes))
    database.close()
    return rows


class Peak:
    """The largest resident memory of this process's youngest child, watched every 20 ms."""

    megabytes = 0.0

    def __enter__(self) -> "Peak":
        self._ended = threading.Event()
        before = {child.pid for child in psutil.Process().children()}
        self._thread = threading.Thread(target=self._watch, args=(before,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self, before: set[int]) -> None:
        while not self._ended.wait(0.02):
            for child in psutil.Process().children():
                if child.pid not in before:
                    try:
                        self.megabytes = max(self.megabytes, child.memory_info().rss / 1e6)
                    except psutil.Error:
                        continue


def report(rows: list[Row]) -> None:
    """Print the table; rates are beside the bare spider's."""
    bare = rows[0]
    table = Table("visit", "requests", "seconds", "pages/s", "of bare", "CPU s", "of bare", "peak MB")
    for row in rows:
        shares = [f"{bare.seconds / row.seconds:.2f}", f"{bare.cpu_seconds / row.cpu_seconds:.2f}"]
        rate, by_cpu = shares if row.requests == bare.requests else ("–", "–")
        table.add_row(
            row.name, str(row.requests), f"{row.seconds:.1f}", f"{row.requests / row.seconds:.0f}", rate,
            f"{row.cpu_seconds:.1f}", by_cpu, f"{row.megabytes:.0f}",
        )  # fmt: skip
    Console(width=120).print(table)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    Console().print(f"this process: {own:.0f} MB; load of the machine: {load}", style="dim")


if __name__ == "__main__":
    main()
