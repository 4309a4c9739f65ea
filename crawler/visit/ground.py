"""Known ground: what is known of an authority's addresses before a visit, and so what need not be asked again.

Pure: loaded from storage by run.py, kept up to date by the pipelines while the visit goes on.
"""

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from crawler.items import Kind
from crawler.pages.links import address_key
from crawler.pages.records import ListRow
from crawler.visit.identity import confirmed, is_move, pair_rows, stable, volatile_parts

TRIED_DAILY = 7
"""For so many days an address that never gave anything is asked for at every visit; then once a rotation."""


@dataclass(slots=True)
class Known:
    """One address: its newest good capture (None before the first), its validators, when it was last looked at.

    `hashed_on` is the day on which its bytes were last compared, `verified_on` the day on which a server last said
    anything about it. `is_old` says that an earlier visit already met it, `first_seen_on` on which day. `in_doubt` says
    that what was seen there last waits for another look. `moved_to` is the address at which a site shows it now.
    """

    url: str
    section: str
    kind: Kind
    parent_url: str | None = None
    title: str | None = None
    published: date | None = None
    capture_id: int | None = None
    sha256: str | None = None
    content_type: str | None = None
    family: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    verified_on: date | None = None
    hashed_on: date | None = None
    is_old: bool = False
    first_seen_on: date | None = None
    in_doubt: bool = False
    moved_to: str | None = None

    @property
    def has_validators(self) -> bool:
        """Whether a server can be asked if it has changed."""
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a section is visited this time.

    `is_full`: its list is walked to the last page. `listed`, `dated` (a share) and `urls` are what the last healthy
    complete visit saw. `last_on` is the day of the last healthy visit, which asked for all that was due then.
    `confirmed_shape` is how the section was read when a person confirmed it. `is_only` says that but one healthy
    visit ever saw the whole list.
    """

    visit_id: int
    is_full: bool
    listed: int | None = None
    dated: float | None = None
    urls: frozenset[str] = frozenset()
    last_on: date | None = None
    confirmed_shape: str | None = None
    is_only: bool = False


@dataclass(slots=True)
class Ground:
    """All that is known of one authority. `vital` are the addresses on which certificates depend, `volatile` the parts
    of addresses that change from visit to visit (identity.py), `suspected` those that did once, `stable` those that the
    settings say do not; `suspects` are found at this visit."""

    today: date
    rotation_days: int
    plans: dict[str, Plan]
    vital: frozenset[str] = frozenset()
    certified_rotation_days: int = 3
    volatile: frozenset[str] = frozenset()
    stable: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()
    suspects: set[str] = field(default_factory=set)
    _by_key: dict[str, Known] = field(default_factory=dict)
    _files: dict[str, list[Known]] | None = None

    def add(self, known: Known) -> Known:
        """Make an address known; the first of several that are one page gives its name."""
        if known.moved_to is not None:
            self._by_key.setdefault(self.key(known.moved_to), known)
        return self._by_key.setdefault(self.key(known.url), known)

    def find(self, url: str) -> Known | None:
        """Return what is known of an address, however it is written today (http or https, `?v=`, what is volatile)."""
        return self._by_key.get(self.key(url))

    def key(self, url: str) -> str:
        """Return what the addresses of one page share."""
        return _key(url, self.volatile)

    def recognise(self, section: str, rows: Sequence[ListRow]) -> list[tuple[Known, str]]:
        """Match rows of a list that stand at unknown addresses with those that are known, by title and day; return each
        that stands at another address now. Parts that prove volatile are so from now on."""
        unknown = [row for row in rows if self.find(row.url) is None]
        today = {self.key(row.url) for row in rows}
        before = [known for known in self._rows_of(section) if self.key(known.moved_to or known.url) not in today]
        pairs = pair_rows(
            [(_folded(known.title or ""), known.published, known.moved_to or known.url) for known in before],
            [(_folded(row.title), row.published, row.url) for row in unknown],
        )
        if not is_move(pairs, len(rows)):
            return []
        parts = volatile_parts(pairs) - self.stable
        self.suspects |= parts
        if learned := confirmed(parts, self.suspected):
            self._learn(learned)
        moved = [(known, new) for old, new in pairs if (known := self.find(old)) is not None]
        for known, new in moved:
            self._by_key.setdefault(self.key(new), known)
        return [] if learned else moved

    def recognise_files(self, page_url: str, files: Sequence[tuple[str, str]]) -> None:
        """Know files (name, address) of an article that stand at unknown addresses for those that it linked before and
        does not any more: by their name, or where one is left on each side."""
        shown = [self.find(url) for _, url in files]
        lost = [known for known in self._files_of(page_url) if known not in shown]
        unknown = [file for file, known in zip(files, shown, strict=True) if known is None]
        pairs = pair_rows(
            [(_folded(known.title or ""), None, known.url) for known in lost],
            [(_folded(name), None, url) for name, url in unknown],
        )
        if not pairs and len(lost) == len(unknown) == 1:
            pairs = [(lost[0].url, unknown[0][1])]
        for old, new in pairs:
            if (known := self.find(old)) is not None:
                self._by_key.setdefault(self.key(new), known)

    def _files_of(self, page_url: str) -> list[Known]:
        """The files that an article linked at earlier visits."""
        if self._files is None:
            self._files = defaultdict(list)
            for known in {id(known): known for known in self._by_key.values()}.values():
                if known.kind is Kind.FILE and known.is_old and known.parent_url is not None:
                    self._files[known.parent_url].append(known)
        return self._files.get(page_url, [])

    def _rows_of(self, section: str) -> list[Known]:
        """The addresses that a list of the section showed at earlier visits."""
        lists = {known.url for known in self._by_key.values() if known.kind is Kind.LIST}
        held = {id(known): known for known in self._by_key.values() if known.section == section and known.is_old}
        return [known for known in held.values() if known.kind is not Kind.LIST and known.parent_url in lists]

    def _learn(self, volatile: frozenset[str]) -> None:
        self.volatile |= volatile
        known = list({id(known): known for known in self._by_key.values()}.values())
        self._by_key.clear()
        for one in known:
            self.add(one)

    def name_of(self, url: str) -> str:
        """Return the address under which a page is kept: the one by which it was first known."""
        known = self.find(url)
        return known.url if known else url

    def is_news(self, row: ListRow) -> bool:
        """Whether a row leads to something new: never fetched, or called otherwise or dated otherwise than before."""
        known = self.find(row.url)
        if known is None or not known.is_old:
            return True
        if known.capture_id is None and known.verified_on is None:
            return self._is_tried(known)
        return not _same_title(known.title, row.title) or (known.published != row.published and bool(row.published))

    def due(self, section: str) -> Iterator[Known]:
        """Yield what must be looked at again in a section: what failed, what certificates depend on, the rotation."""
        for known in {id(known): known for known in self._by_key.values()}.values():
            if known.section == section and known.kind is not Kind.LIST and known.is_old and self._is_due(known):
                yield known

    def must_hash(self, known: Known) -> bool:
        """Whether validators are not enough today: the bytes themselves are compared once a rotation, those that
        certificates depend on every `certified_rotation_days`."""
        if known.hashed_on is None or known.in_doubt:
            return True
        rested = self.today - known.hashed_on
        is_certified = known.url in self.vital and rested >= timedelta(days=self.certified_rotation_days)
        return is_certified or rested >= self._turn(known.url)

    def _is_tried(self, known: Known) -> bool:
        """Whether an address that never gave anything is asked for today: every day at first, then by the first visit
        after each of its turns has come round, on whatever day that is."""
        plan = self.plans.get(known.section)
        if known.first_seen_on is None or plan is None or plan.last_on is None:
            return True
        turn = self._turn(known.url)
        age, age_then = self.today - known.first_seen_on, plan.last_on - known.first_seen_on
        return age.days <= TRIED_DAILY or age // turn > age_then // turn

    def _is_due(self, known: Known) -> bool:
        if known.capture_id is not None:
            return known.in_doubt or known.url in self.vital or self.must_hash(known)
        if known.verified_on is None:
            return self._is_tried(known)
        return self.today - known.verified_on >= self._turn(known.url)

    def _turn(self, url: str) -> timedelta:
        """How long an address rests: between half a rotation and a whole one, so that not all come on one day."""
        half = (self.rotation_days + 1) // 2
        return timedelta(days=half + zlib.crc32(url.encode()) % (self.rotation_days - half + 1))


def vital_addresses(known: Iterable[Known], families: Iterable[str], principal: Iterable[str]) -> frozenset[str]:
    """Return the addresses on which certificates depend: the principal texts of their rules, whatever is titled with
    their codes, the articles that link such files, and the files of such articles."""
    known, principal = list(known), set(principal)
    codes = [_folded(family) for family in families if family]
    hit = {k.url for k in known if k.url in principal or any(code in _folded(k.title or "") for code in codes)}
    hit |= {k.parent_url for k in known if k.url in hit and k.parent_url}
    hit |= {k.url for k in known if k.parent_url in hit and k.kind is Kind.FILE}
    return frozenset(k.url for k in known if k.url in hit and k.kind is not Kind.LIST)


@lru_cache(maxsize=20_000)
def _key(url: str, volatile: frozenset[str]) -> str:
    place, mark, fragment = url.partition("#")
    return address_key(stable(place, volatile)) + mark + fragment


def _same_title(old: str | None, new: str) -> bool:
    """Whether two titles are one, width, spaces and cutting aside."""
    before, now = _folded(old or ""), _folded(new)
    shorter, longer = sorted((before, now), key=len)
    return before == now or (shorter.endswith("...") and longer.startswith(shorter[:-3]))


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("…", "...")
    return re.sub(r"\s+", "", re.sub(r"[‐-―−]", "-", text)).upper()
