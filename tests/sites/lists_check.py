"""python -m tests.sites.lists_check --reader MODULE:FUNCTION [--seeds 0-299] [--verbose]: a reader on the lists.

The function takes `(html, url)` and returns `(rows, named)`: rows with `title`, `date` (date, ISO text or None) and
`url`, in order; `named` the titles or addresses of what it set aside by name. One JSON line is printed.
"""

import argparse
import importlib
import json
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.sites.lists import COUNT, ListPage, Row, make_list

Reader = Callable[[str, str], tuple[Sequence[Any], Sequence[str]]]


@dataclass
class Score:
    """What became of the rows of some pages. `lost` names each row that is neither kept nor named."""

    rows: int = 0
    kept: int = 0
    out_of_order: int = 0
    named: int = 0
    titles_wrong: int = 0
    dates_wrong: int = 0
    dates_lost: int = 0
    dates_made_up: int = 0
    twice: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    pages_whole: int = 0
    pages: int = 0

    def add(self, page: ListPage, rows: Sequence[Any], named: Iterable[str]) -> list[str]:
        """Add what was read of a page; return what is wrong with it, a line each."""
        before = len(self.lost), self.out_of_order
        read = {str(row.url): row for row in reversed(rows)}
        said = "\n".join(named)
        wrong = [line for row in page.rows if (line := self._row(page, row, read.get(row.url), said))]
        order = {row.url: place for place, row in enumerate(page.rows)}
        places = [order[url] for url in dict.fromkeys(str(row.url) for row in rows) if url in order]
        self.out_of_order += len(places) - _longest_rise(places)
        self.twice += len(rows) - len(read)
        kinds = {other.url: other.kind for other in page.others}
        self.taken.update(kinds.get(url, "nothing on the page") for url in read if url not in order)
        self.pages += 1
        self.pages_whole += before == (len(self.lost), self.out_of_order)
        return wrong

    def _row(self, page: ListPage, row: Row, found: Any, said: str) -> str:
        self.rows += 1
        if found is None:
            if row.url in said or _plain(row.title) in _plain(said):
                self.named += 1
                return f"named: {row.title}"
            self.lost.append(f"{page.seed}: {row.title} {row.date} {row.url}")
            return f"LOST: {row.title}"
        self.kept += 1
        told = date.fromisoformat(found.date) if isinstance(found.date, str) else found.date
        right = _plain(found.title) == _plain(row.title)
        self.titles_wrong += not right
        self.dates_lost += bool(row.date and not told)
        self.dates_wrong += bool(row.date and told and told != row.date)
        self.dates_made_up += bool(told and not row.date and told != page.today)
        return "" if right and told == row.date else f"{row.title} | {row.date} read as {found.title} | {told}"

    def as_json(self) -> dict[str, Any]:
        """The figures, and the first rows that were lost without a word."""
        figures = {name: value for name, value in vars(self).items() if name not in ("lost", "taken")}
        return {**figures, "lost": len(self.lost), "taken": dict(self.taken), "lost_rows": self.lost[:40]}


def _plain(text: str) -> str:
    return re.sub(r"\s|^(?:【置顶】|\[置顶\])", "", str(text))


def _longest_rise(places: Sequence[int]) -> int:
    """The number of rows that can stay where they are when the rest is put in order."""
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def check(read: Reader, seeds: Iterable[int] = range(COUNT), tell: Callable[[str], None] | None = None) -> Score:
    """Feed the lists of some seeds to a reader; a reader that raises has lost the page's rows."""
    score = Score()
    for seed in seeds:
        page = make_list(seed)
        try:
            rows, named = read(page.html, page.url)
        except Exception as reason:
            rows, named = [], []
            score.lost.append(f"{seed}: the reader raised {type(reason).__name__}: {reason}")
        wrong = score.add(page, rows, named)
        if tell and wrong:
            tell(f"--- {seed} {' '.join(page.notes)}\n" + "\n".join(wrong))
    return score


def main() -> int:
    """Return 0 when no row was lost without a word."""
    parser = argparse.ArgumentParser(prog="python -m tests.sites.lists_check", description=__doc__)
    parser.add_argument("--reader", required=True, metavar="MODULE:FUNCTION")
    parser.add_argument("--seeds", default=f"0-{COUNT - 1}")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    module, _, name = options.reader.partition(":")
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    tell = (lambda text: print(text, file=sys.stderr)) if options.verbose else None
    score = check(getattr(importlib.import_module(module), name), seeds, tell)
    print(json.dumps(score.as_json(), ensure_ascii=False))
    return 1 if score.lost else 0


if __name__ == "__main__":
    sys.exit(main())
