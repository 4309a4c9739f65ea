"""Sheets: a list of rules that an authority keeps as a workbook; each row that carries a code is a row of a list.

A row with a code that is later than every known one is reported as a listing's row is: the rule's text is yet to be
seen, and a consultant looks. A row that is missing from a later sheet says nothing.
"""

import re
from collections.abc import Iterator
from datetime import date

from monitor.changes.identity import Trust, identify, only_code
from monitor.changes.lists.rows import ListVisit, Row, read_rows
from monitor.changes.register import Register
from monitor.changes.sighting import Sighting
from monitor.changes.verdict import Verdict
from monitor.notation.codes import find_codes

FEWEST_ROWS = 3
FEWEST_FAMILIES = 2
"""Rows with codes, and families among them, below which a sheet is an enclosure and no list of rules."""


def read_rule_sheet(
    sighting: Sighting, register: Register, told: frozenset[str], *, baseline: bool = False
) -> Verdict | None:
    """Return what a list of rules kept as a workbook says that is new; None where the sighting is no such list."""
    rows = rows_of_sheet(sighting)
    families = {code.family for row in rows for code in find_codes(row.title)}
    if len(rows) < FEWEST_ROWS or len(families) < FEWEST_FAMILIES:
        return None
    visit = ListVisit(
        visit_id=0,
        authority=sighting.authority,
        section="",
        today=sighting.today,
        rows=rows,
        list_capture_id=sighting.capture_id,
        list_url=sighting.url,
        trusted=True,
        baseline=baseline,
    )
    return read_rows(visit, register, told)


def rows_of_sheet(sighting: Sighting) -> tuple[Row, ...]:
    """Return the rows of a rules section's workbook that carry a code; none where it belongs to a single rule."""
    if sighting.document.kind != "sheet" or sighting.role != "rules":
        return ()
    named = identify(sighting)
    if named is not None and named.trust is not Trust.TEXT:
        return ()
    return tuple(_rows(sighting))


def _rows(sighting: Sighting) -> Iterator[Row]:
    for part in sighting.document.parts:
        for table in part.tables:
            published = _column(table[0], "发布") if table else None
            for cells in table:
                title = _title(cells)
                if title is not None:
                    yield Row(title, sighting.page_url, _day(cells, published))


def _title(cells: tuple[str, ...]) -> str | None:
    """The row as a list would print it: the code, the rule's name, and a mark where it is no longer in force."""
    place, code = next(((at, found) for at, cell in enumerate(cells) if (found := only_code(cell))), (0, None))
    if code is None:
        return None
    others = [cell for at, cell in enumerate(cells) if at != place and not find_codes(cell)]
    names = [cell for cell in others if _RULE.search(cell)] or [cell for cell in others if _CHINESE.search(cell)]
    mark = next((f"（{cell}）" for cell in others if _ENDED.fullmatch(cell)), "")
    own = cells[place] if _CHINESE.search(cells[place]) else f"{code.printed} {names[0] if names else ''}"
    return f"{own.strip()}{mark}"


def _column(header: tuple[str, ...], word: str) -> int | None:
    return next((at for at, cell in enumerate(header) if word in cell), None)


def _day(cells: tuple[str, ...], column: int | None) -> date | None:
    found = _DATE.search(cells[column]) if column is not None and column < len(cells) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


_CHINESE = re.compile(r"[一-鿿]{2}")
_RULE = re.compile(r"规则|细则")
_ENDED = re.compile(r"(?:已)?(?:废止|作废|暂停实施)")
_DATE = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})")
