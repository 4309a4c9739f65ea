"""Whole sites drawn by seed that tell the replica's story: the same events on the same days, printed another way.

    with Site(7) as site:
        ...                       # site.settings() is the rulewatch.toml of an operator
        site.go_to_day(2)         # site.truth[2] are the changes to be found now

Both authorities of the replica are served, each in a combination of its own (combination.py). Troubles of the third
day are the replica's: one machine is off, the other shows maintenance and half a list.
"""

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from tests.replica import screens
from tests.replica.answer import Answer, Asked, page
from tests.replica.door import Door, Seen
from tests.replica.folding import day_numbers, world_on
from tests.replica.sites.common import gif, http_date, robots
from tests.replica.world import Article, FileLink, Section, World
from tests.sites.addresses import Addresses, Target, file_name
from tests.sites.combination import Combination, draw
from tests.sites.pagers import Place
from tests.sites.pages import SIDE_PAGES, Printer
from tests.sites.volatile import KINDS
from tests.sites.writing import encoded

AUTHORITIES = ("cqc", "ccap")
_SECOND_HOST = "127.0.0.2"
_TYPES = {".pdf": "application/pdf", ".doc": "application/msword"}
_TYPES[".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HALVED = {"/RuleList.aspx*": "rules", "/NoticeList.aspx*": "notices"}


class Site:
    """Both authorities' sites of a seed on loopback. A context manager; `start` and `close` do the same by hand."""

    def __init__(self, seed: int, combinations: Sequence[Combination] | None = None, day: int = 1) -> None:
        """Prepare the sites of a day, drawn by seed or in two given combinations (CQC's, CCAP's)."""
        self.seed = seed
        drawn = combinations or [draw(2 * seed), draw(2 * seed + 1)]
        self.combinations: Mapping[str, Combination] = dict(zip(AUTHORITIES, drawn, strict=True))
        self.closing = threading.Event()
        self.seen: list[Seen] = []
        self._lock = threading.Lock()
        self._count = 0
        self._doors = {site: Door(self, site, "127.0.0.1", 0) for site in AUTHORITIES}
        self._file_doors = {
            site: Door(self, site, _SECOND_HOST, 0)
            for site, ways in self.combinations.items()
            if ways.files == "second_host"
        }
        self._day = _Day(self, world_on(day))

    def __enter__(self) -> "Site":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Open the doors of the sites that are up on this day."""
        for doors in (self._doors, self._file_doors):
            for site, door in doors.items():
                if site in self._day.world.down:
                    door.shut()
                else:
                    door.open()

    def close(self) -> None:
        """Shut all doors."""
        self.closing.set()
        for door in (*self._doors.values(), *self._file_doors.values()):
            door.release()

    def go_to_day(self, number: int) -> None:
        """Play another day. KeyError where the replica has no such day."""
        self._day = _Day(self, world_on(number))
        self.start()

    @property
    def day(self) -> int:
        """The day that is played."""
        return self._day.world.number

    @property
    def asked(self) -> list[str]:
        """All that was asked so far: authority, method, path with query."""
        return [f"{seen.site} {seen.method} {seen.target}" for seen in self.seen]

    @property
    def truth(self) -> dict[int, list[dict[str, Any]]]:
        """The changes that are to be found on each day, as the replica's days say."""
        return {number: list(world_on(number).expected["changes"]) for number in day_numbers()}

    def url(self, site: str) -> str:
        """A site's base address."""
        return self._doors[site].url

    def files_url(self, site: str) -> str:
        """The base address of a site's second host, or nothing."""
        return self._file_doors[site].url if site in self._file_doors else ""

    def address(self, article: Article) -> str:
        """Where an article stands today, without volatile parts."""
        return self._day.addresses[article.site].article(article)

    def settings(self) -> str:
        """The rulewatch.toml that an operator would write for these sites."""
        head = (
            '[crawl]\ndelay_seconds = 0\ncontact = "mailto:test@rulewatch.example"\n[translation]\nprovider = "none"\n'
        )
        return head + "".join(self._authority(site) for site in AUTHORITIES)

    def _authority(self, site: str) -> str:
        ways = self.combinations[site]
        second = self.files_url(site).removeprefix("http://")
        hosts = f'file_hosts = ["{second}"]\n' if second else ""
        text = f'[authorities.{site}]\nbase_url = "{self.url(site)}"\n{hosts}'
        world = world_on(1)
        addresses = Addresses(ways, site, world)
        for section in world.sections_of(site):
            text += (
                f'[[authorities.{site}.sections]]\nname = "{section.name}"\nrole = "{section.role}"\n'
                f'path = "{addresses.section(section)}"\nfamily = "{ways.family()}"\n'
            )
        return text

    def answer(self, asked: Asked) -> Answer:
        """Return the answer to a request, 304 where its reader has it."""
        with self._lock:
            self._count += 1
            asked = replace(asked, number=self._count)
            day = self._day
        answer = day.answer(asked)
        known = asked.headers.get("if-none-match")
        if answer.status == 200 and known and known == answer.header("ETag"):
            return Answer(b"", 304, tuple(pair for pair in answer.headers if pair[0] == "ETag"))
        return answer

    def note(self, asked: Asked, status: int) -> Seen:
        """Write a request into the log, and return its line."""
        seen = Seen(asked.site, asked.method, asked.target, asked.headers, status, self.day)
        self.seen.append(seen)
        return seen


@dataclass(frozen=True)
class _Day:
    """The sites on one day."""

    host: Site
    world: World

    @cached_property
    def addresses(self) -> dict[str, Addresses]:
        ways = self.host.combinations
        return {site: Addresses(ways[site], site, self.world, self.host.files_url(site)) for site in AUTHORITIES}

    def answer(self, asked: Asked) -> Answer:
        ways, addresses = self.host.combinations[asked.site], self.addresses[asked.site]
        if asked.path == "/robots.txt":
            return robots("User-agent: *\nAllow: /\n")
        if asked.path.startswith("/images/"):
            return gif()
        printer = Printer(ways, asked.site, self.world, asked.number, addresses)
        target = addresses.find(KINDS[ways.kind].strip(asked.target) if printer.is_volatile else asked.target)
        return self._found(asked, printer, target) if target else self._aside(asked, printer)

    def _found(self, asked: Asked, printer: Printer, target: Target) -> Answer:
        if target.section is not None:
            return self._section(asked, printer, target, target.section)
        if target.article is not None:
            return self._page(printer, printer.article_page(target.article))
        if target.what == "landing" and target.link is not None:
            return self._page(printer, printer.landing_page(target.link))
        if target.link is not None:
            on_files = asked.base_url == self.host.files_url(asked.site)
            return (
                self._file(printer.ways, target.link) if on_files or not self.host.files_url(asked.site) else _missing()
            )
        return Answer(b"", 301, (("Location", target.to), ("Content-Type", "text/html")))

    def _aside(self, asked: Asked, printer: Printer) -> Answer:
        side = {"/": "首页", "/pdfjs/web/viewer.html": "PDF.js viewer", **SIDE_PAGES}
        title = side.get(asked.path)
        return self._page(printer, printer.side_page(title)) if title else _missing()

    def _section(self, asked: Asked, printer: Printer, target: Target, section: Section) -> Answer:
        """A page of a list, its frame, or what "load more" brings; on its bad day, what stands there instead."""
        trouble = self._trouble(asked.site, section)
        if trouble == "Maintenance":
            return page(screens.MAINTENANCE)
        if target.what == "frame":
            return self._page(printer, printer.outer_page(section))
        rows = self.world.listed(section)[: 3 if trouble == "HalfList" else None]
        size = len(rows) if printer.ways.paging == "single" else section.page_size
        count = max(1, -(-len(rows) // size))
        number = min(_number(asked, target, printer.ways.paging), count)
        if target.number > count and printer.ways.paging != "endless":
            return _missing()
        place = Place(section, number, count, len(rows), _token(asked.number))
        here = rows[(number - 1) * size : number * size]
        if target.what == "more":
            return self._more(printer, place, here)
        return self._page(printer, printer.list_page(place, here))

    def _more(self, printer: Printer, place: Place, rows: Sequence[Article]) -> Answer:
        if printer.ways.paging == "more_json":
            text = printer.rows_as_json(place, rows)
            return Answer(text.encode(), headers=(("Content-Type", "application/json; charset=utf-8"),))
        if printer.ways.paging == "more_html":
            here = printer.addresses.list(place.section, 1)
            return self._page(printer, printer.rows(rows, here) + printer.pager.button(place))
        return _missing()

    def _trouble(self, site: str, section: Section) -> str:
        return next(
            (p.trouble for p in self.world.troubles if p.site == site and _HALVED.get(p.path) == section.name), ""
        )

    def _page(self, printer: Printer, html: str) -> Answer:
        body, kind = encoded(html, printer.ways.charset)
        answer = Answer(body, headers=(("Content-Type", kind),))
        return _tagged(answer) if printer.ways.validators else answer

    def _file(self, ways: Combination, link: FileLink) -> Answer:
        path: Path = link.path
        known = ways.files not in ("bare", "landing")
        headers = [("Content-Type", _TYPES[path.suffix] if known else "application/octet-stream")]
        if ways.files == "bare":
            headers.append(("Content-Disposition", _disposition(link)))
        headers.append(("Last-Modified", http_date(link.modified)))
        answer = Answer(path.read_bytes(), headers=tuple(headers))
        return _tagged(answer) if ways.validators else answer


def _number(asked: Asked, target: Target, paging: str) -> int:
    """The page asked for: by the address, or by the form whose token was sent back."""
    form = {name: values[-1] for name, values in parse_qs(asked.body.decode("latin-1"), True).items()}
    if asked.method != "POST":
        return target.number
    if paging == "postback" and _is_token(form.get("__VIEWSTATE")) and form.get("__EVENTTARGET") == "pg$next":
        return _whole(form.get("__EVENTARGUMENT"))
    if paging in ("form", "form_script") and _is_token(form.get("csrf")) and form.get("catalog"):
        step = 1 if "next" in form else -1 if "prev" in form else 0
        return max(1, _whole(form.get("pageNo")) + step)
    return 1


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and int(text) > 0 else 1


def _token(number: int) -> str:
    return f"/wEPDw{number:06}" + hashlib.sha256(str(number).encode()).hexdigest()[:12]


def _is_token(text: str | None) -> bool:
    found = re.fullmatch(r"/wEPDw(\d{6,})[0-9a-f]{12}", text or "")
    return bool(found) and text == _token(int(found[1])) if found else False


def _tagged(answer: Answer) -> Answer:
    return answer.with_header("ETag", f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"')


def _disposition(link: FileLink) -> str:
    """The name of a file in GBK bytes, in UTF-8 bytes or as RFC 5987 has it, by the file."""
    name = file_name(link)
    forms = (
        "attachment; filename=" + name.encode("gb18030").decode("latin-1"),
        'attachment; filename="' + name.encode().decode("latin-1") + '"',
        "attachment; filename*=UTF-8''" + quote(name),
    )
    return forms[len(link.at) % len(forms)]


def _missing() -> Answer:
    return page(screens.NOT_FOUND, status=404)
