"""Tables of two documents, row by row: a row is found again by its key column where there is one.

The key is the first column that tells rows apart: not a running number, no two rows alike, most values on both sides.
Rows in another order and another running number are no change of a requirement; a row more, a row less and a cell that
says something else are.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from monitor.comparison.comparison import Edit
from monitor.comparison.diff import diff_texts, joined_edits
from monitor.comparison.pairing.order import kept_in_order
from monitor.comparison.substance.judge import judge
from monitor.comparison.substance.references import Renumbering
from monitor.documents.document import Table
from monitor.notation.text import normalise

Row = tuple[str, ...]
MOST_PAIRS = 250_000
"""Rows on one side times rows on the other beyond which rows without a key are not compared one by one."""
LIKE = 60
"""Likeness (0 to 100) at which two rows without a key are one row amended."""


@dataclass(frozen=True, slots=True)
class RowPair:
    """A row on both sides, or on one: places in the lists of rows.

    A row that left the order of the others stands alone at its old and at its new place; `elsewhere` is the other.
    """

    old: int | None
    new: int | None
    elsewhere: int | None = None


def rows_of(tables: Sequence[Table]) -> list[Row]:
    """Return the rows of all tables of a part, in order."""
    return [row for table in tables for row in table]


def pair_rows(old: Sequence[Row], new: Sequence[Row]) -> list[RowPair]:
    """Return every row of both sides in one pair, in the order in which a person reads them."""
    partner = _partners(old, new)
    pairs = sorted(partner.items())
    kept = kept_in_order([j for _, j in pairs]) or [True] * len(pairs)
    fixed = {i: j for (i, j), stays in zip(pairs, kept, strict=True) if stays}
    moved = {i: j for (i, j), stays in zip(pairs, kept, strict=True) if not stays}
    return list(_in_order(len(old), len(new), fixed, moved))


def diff_lines(
    words: Sequence[Edit], begun: tuple[bool, bool], old: Sequence[str], new: Sequence[str], pairs: Sequence[RowPair]
) -> tuple[Edit, ...]:
    """Return the edits of a text that ends in table rows; `words` are those of the words before the rows.

    `begun` says whether each side has words. A row that moved is deleted where it stood and inserted where it
    stands, so that both texts can be read off.
    """
    before, after = _with_breaks(old, begun[0]), _with_breaks(new, begun[1])
    edits = list(words)
    for pair in pairs:
        left = before[pair.old] if pair.old is not None else ""
        edits.extend(diff_texts(left, after[pair.new] if pair.new is not None else ""))
    return joined_edits(edits)


def judge_tables(
    old: Sequence[Row], new: Sequence[Row], pairs: Sequence[RowPair], numbers: Renumbering
) -> tuple[list[str], list[str]]:
    """Return what differs between the rows: what changes a requirement, and what does not."""
    serious: list[str] = []
    harmless: list[str] = []
    serial = _serial_columns(old) & _serial_columns(new)
    columns = _columns(old, new)
    for pair in pairs:
        i, j = pair.old, pair.new
        if i is not None and j is None and pair.elsewhere is not None:
            j = pair.elsewhere
            harmless.append("order of rows")
        if i is None or j is None:
            serious.extend(_lone_row(old, new, pair))
            continue
        for column, is_serious, reason in _cells(old[i], new[j], columns, serial, numbers):
            where = f"row {_name(old[i], serial)}, {_header(old, column)}: " if i else ""
            (serious if is_serious else harmless).append(f"{where}{reason}")
    return serious, harmless


def _with_breaks(lines: Sequence[str], begun: bool) -> list[str]:
    """Each line with the line break before it; an empty line takes no room."""
    broken = []
    for line in lines:
        broken.append(f"\n{line}" if line and begun else line)
        begun = begun or bool(line)
    return broken


def _partners(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    """Old row → new row: equal rows, then rows of one key, then rows alike."""
    serial_old, serial_new = _serial_columns(old), _serial_columns(new)
    old_keys = [_said(row, serial_old) for row in old]
    new_keys = [_said(row, serial_new) for row in new]
    partner = _by_key(enumerate(old_keys), enumerate(new_keys))
    column = _key_column(old, new, serial_old | serial_new)
    if column is not None:
        partner |= _by_key(_cells_at(old, column, partner.keys()), _cells_at(new, column, partner.values()))
    return partner | _by_likeness(old_keys, new_keys, partner)


def _by_key(old: Iterator[tuple[int, str]], new: Iterator[tuple[int, str]]) -> dict[int, int]:
    there: dict[str, list[int]] = {}
    for place, key in new:
        there.setdefault(key, []).append(place)
    return {place: there[key].pop(0) for place, key in old if there.get(key)}


def _cells_at(rows: Sequence[Row], column: int, taken: object) -> Iterator[tuple[int, str]]:
    used = set(taken)  # type: ignore[call-overload]
    return ((i, normalise(row[column])) for i, row in enumerate(rows) if i not in used and len(row) > column)


def _by_likeness(old_keys: list[str], new_keys: list[str], partner: dict[int, int]) -> dict[int, int]:
    """Pairs of what is left, the most alike first."""
    rest_old = [i for i in range(len(old_keys)) if i not in partner]
    rest_new = sorted(set(range(len(new_keys))) - set(partner.values()))
    if len(rest_old) * len(rest_new) > MOST_PAIRS:
        return {}
    scored = sorted(
        ((ratio(old_keys[i], new_keys[j]), -abs(i - j), i, j) for i in rest_old for j in rest_new), reverse=True
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, i, j in scored:
        if score >= LIKE and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _key_column(old: Sequence[Row], new: Sequence[Row], serial: frozenset[int]) -> int | None:
    """The first column whose values tell the rows apart and mostly stand on both sides."""
    width = min((len(row) for row in (*old, *new)), default=0)
    for column in range(width):
        if column in serial:
            continue
        left = Counter(normalise(row[column]) for row in old)
        right = Counter(normalise(row[column]) for row in new)
        single = max(left.values(), default=0) == 1 == max(right.values(), default=0)
        if single and "" not in left and 2 * len(left & right) >= min(len(left), len(right)):
            return column
    return None


def _serial_columns(rows: Sequence[Row]) -> frozenset[int]:
    """Columns that only number the rows."""
    width = min((len(row) for row in rows), default=0)
    return frozenset(column for column in range(width) if _is_serial(rows, column))


def _is_serial(rows: Sequence[Row], column: int) -> bool:
    if re.fullmatch(r"序号|编号|项次|No\.?|№", normalise(rows[0][column]), re.IGNORECASE):
        return column == 0 or normalise(rows[0][column]) == "序号"
    values = [normalise(row[column]) for row in rows[1:]]
    return column == 0 and len(values) > 1 and values == [str(number + 1) for number in range(len(values))]


def _said(row: Row, serial: frozenset[int]) -> str:
    return "\x1f".join(normalise(cell) for column, cell in enumerate(row) if column not in serial)


def _in_order(size: int, other: int, fixed: dict[int, int], moved: dict[int, int]) -> Iterator[RowPair]:
    source = {j: i for i, j in moved.items()}
    at = 0
    for i in range(size + 1):
        upto = fixed.get(i, other if i == size else None)
        if upto is not None:
            for j in range(at, upto):
                yield RowPair(None, j, source.get(j))
            at = upto + 1
        if i < size:
            yield RowPair(i, fixed.get(i), moved.get(i))


def _columns(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    """Old column → new column: by place where both tables are as wide, else by what the header says."""
    if not old or not new or len(old[0]) == len(new[0]):
        return {column: column for column in range(len(old[0]) if old else 0)}
    there = {normalise(cell): column for column, cell in reversed(list(enumerate(new[0])))}
    return {column: there[normalise(cell)] for column, cell in enumerate(old[0]) if normalise(cell) in there}


def _cells(
    old: Row, new: Row, columns: dict[int, int], serial: frozenset[int], numbers: Renumbering
) -> Iterator[tuple[int, bool, str]]:
    """What each cell of a row differs in."""
    matched = columns if len(old) != len(new) else {column: column for column in range(len(old))}
    for column, cell in enumerate(old):
        other = new[matched[column]] if column in matched and matched[column] < len(new) else ""
        if cell == other:
            continue
        if column in serial:
            yield column, False, "running number"
            continue
        is_serious, why = judge(cell, other, numbers)
        yield from ((column, is_serious, reason) for reason in why)
    for column in sorted(set(range(len(new))) - set(matched.values())):
        if new[column].strip():
            yield column, True, f"added {_short(new[column])}"


def _lone_row(old: Sequence[Row], new: Sequence[Row], pair: RowPair) -> Iterator[str]:
    if pair.elsewhere is not None:
        return
    row = old[pair.old] if pair.old is not None else new[pair.new or 0]
    if any(cell.strip() for cell in row):
        yield f"row {'removed' if pair.new is None else 'added'}: {_short(' | '.join(row))}"


def _name(row: Row, serial: frozenset[int]) -> str:
    said = [cell for column, cell in enumerate(row) if column not in serial and cell.strip()]
    return _short(said[0], 20) if said else "without name"


def _header(rows: Sequence[Row], column: int) -> str:
    title = rows[0][column].strip() if rows and column < len(rows[0]) else ""
    return _short(title, 20) or f"column {column + 1}"


def _short(text: str, limit: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
