"""Cases of tables: cells that wrap, rows that lack cells, tables over pages, rows in another order."""

from collections.abc import Callable

from tests.documents.drawn.case import Case, Comparison, Reading
from tests.documents.drawn.office import converted
from tests.documents.drawn.small import BODY, SCOPE, as_docx, as_page, as_pdf, clause, rule, table

_HEAD = ("序号", "项目", "条件", "条款", "数量")
_LIMITS = (
    _HEAD,
    ("1", "高温存放", "（80±5）℃，24 h", "5.1.5、6.1.5", "3件"),
    ("2", "低温存放", "（-40±3）℃，16 h", "5.1.6、6.1.6", "3件"),
    ("3", "绝缘电阻", "≥0.5 MΩ，500 V", "4.2.1、4.2.3、4.3", "2件"),
)


def wrapped_limits() -> Case:
    """Limits and lists of clauses that wrap in a narrow column are one cell."""
    drawn = {
        "wide.pdf": rule(SCOPE, table(*_LIMITS)),
        "narrow.pdf": rule(SCOPE, table(*_LIMITS), margin=150),
        "sides.pdf": rule(SCOPE, table(*_LIMITS, ruling="sides")),
        "narrow-sides.pdf": rule(SCOPE, table(*_LIMITS, ruling="sides"), margin=150),
        "columns.pdf": rule(SCOPE, table(*_LIMITS), two_columns=True),
    }
    files = {name: as_pdf(one) for name, one in drawn.items()} | {"a.docx": as_docx(rule(SCOPE, table(*_LIMITS)))}
    readings = tuple(Reading(name, tables=(_LIMITS,)) for name in files)
    return Case(
        files, readings, (Comparison("wide.pdf", "narrow.pdf", False), Comparison("a.docx", "narrow.pdf", False))
    )


def ragged_over_pages() -> Case:
    """A table of 36 rows over pages, some without their last cells, is one table."""
    whole = _long_rows()
    files = {
        "a.pdf": as_pdf(rule(*BODY, table(*whole, ragged=True))),
        "b.pdf": as_pdf(rule(*BODY, table(*whole, ragged=True), repeat_table_heads=True, foot="第 {n} 页")),
        "sides.pdf": as_pdf(rule(*BODY, table(*whole, ragged=True, ruling="sides"), foot="- {n} -")),
        "a.docx": as_docx(rule(*BODY, table(*whole))),
    }
    other = tuple((*row[:4], "9件") if row[0] == "24" else row for row in whole)
    files["c.pdf"] = as_pdf(rule(*BODY, table(*other, ragged=True)))
    pairs = (
        Comparison("a.pdf", "b.pdf", False),
        Comparison("a.docx", "a.pdf", False),
        Comparison("a.pdf", "c.pdf", True),
    )
    return Case(files, tuple(Reading(name, tables=(whole,)) for name in files if name != "c.pdf"), pairs)


def wrapped_without_grid() -> Case:
    """The same cells under three lines, and with a line under each row: one table, or at least the same text."""
    files = {"grid.pdf": as_pdf(rule(SCOPE, table(*_LIMITS)))}
    for ruling, margin in (("open", 72), ("three", 72), ("open", 150), ("three", 150)):
        files[f"{ruling}-{margin}.pdf"] = as_pdf(rule(SCOPE, table(*_LIMITS, ruling=ruling), margin=margin))
    return Case(files, tuple(Reading(name, tables=(_LIMITS,)) for name in files))


def ragged_without_grid() -> Case:
    """The long table without a grid."""
    whole = _long_rows()
    files = {
        f"{ruling}.pdf": as_pdf(rule(*BODY, table(*whole, ragged=True, ruling=ruling), foot="- {n} -"))
        for ruling in ("open", "three")
    }
    return Case(files, tuple(Reading(name, tables=(whole,)) for name in files))


def limits_by_office() -> Case:
    """The same tables as LibreOffice prints them from a DOCX."""
    made = [as_docx(rule(*BODY, table(*rows))) for rows in (_LIMITS, _long_rows())]
    limits, long = converted(made, "pdf")
    files = {"limits.pdf": limits, "long.pdf": long}
    return Case(files, (Reading("limits.pdf", tables=(_LIMITS,)), Reading("long.pdf", tables=(_long_rows(),))))


def _long_rows() -> tuple[tuple[str, ...], ...]:
    """A head and 36 rows, some without their last two cells."""
    rows = [_HEAD]
    for number in range(1, 37):
        tail = ("", "") if number in (7, 18, 19, 31) else (f"5.{number}、6.{number}", f"{number % 7 + 1}件")
        rows.append((str(number), ("振动", "盐雾", "阻燃")[number % 3], _LIMITS[number % 3 + 1][2], *tail))
    return tuple(rows)


def rows_swapped() -> Case:
    """Rows of a table in another order are no change of requirement."""
    rows = _LIMITS[0], *(row[1:] for row in _LIMITS[1:])
    head, *body = [rows[0][1:], *rows[1:]]
    files = {}
    for ending, make in (("pdf", as_pdf), ("docx", as_docx), ("html", as_page)):
        files[f"a.{ending}"] = make(rule(*BODY, table(head, *body)))
        files[f"b.{ending}"] = make(rule(*BODY, table(head, *body[::-1])))
    return Case(files, (), tuple(Comparison(f"a.{ending}", f"b.{ending}", False) for ending in ("pdf", "docx", "html")))


def merged_cells() -> Case:
    """A cell for two rows: its text is there once or for both, and a digit in it counts."""

    def drawn(limit: str) -> tuple[tuple[str, ...], ...]:
        return (
            _HEAD,
            ("1", "高温", limit, "5.1", "3件"),
            ("2", "低温", "", "5.2", "4件"),
            ("3", "振动", "2 h", "5.3", "2件"),
        )

    spans = ((1, 2, 2, 1),)
    files = {}
    for ending, make in (("pdf", as_pdf), ("docx", as_docx), ("html", as_page)):
        for name, limit in (("a", "（80±5）℃，24 h"), ("b", "（85±5）℃，24 h")):
            files[f"{name}.{ending}"] = make(rule(*BODY, table(*drawn(limit), spans=spans)))
    pairs = [Comparison(f"a.{ending}", f"b.{ending}", True, "80", "85") for ending in ("pdf", "docx", "html")]
    same = [Comparison("a.docx", "a.html", False), Comparison("a.docx", "a.pdf", False)]
    return Case(files, (), (*pairs, *same))


def table_between_clauses() -> Case:
    """A table in the middle of a chapter leaves the clauses after it where they are."""
    drawn = rule(*BODY, clause("4", "试验", "项目见下表。"), table(*_LIMITS), clause("5", "判定", "全部合格的为合格。"))
    tree = (("1", "适用范围"), ("2", "样品"), ("3", "发证"), ("4", "试验"), ("5", "判定"))
    files = {"a.pdf": as_pdf(drawn), "a.docx": as_docx(drawn), "a.html": as_page(drawn)}
    return Case(files, tuple(Reading(name, clauses=tree, tables=(_LIMITS,)) for name in files))


TABLE_CASES: dict[str, Callable[[], Case]] = {
    made.__name__: made
    for made in (
        wrapped_limits,
        ragged_over_pages,
        rows_swapped,
        merged_cells,
        table_between_clauses,
        wrapped_without_grid,
        ragged_without_grid,
        limits_by_office,
    )
}
