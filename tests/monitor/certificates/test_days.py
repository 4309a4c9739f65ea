"""Days of a column, read by how its writer writes them, and never guessed."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel import Locale, localedata
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.commands import import_certificates
from monitor.certificates.files.days import USUAL, Order, read_day, writing_of
from monitor.errors import BadInput
from storage.certificates import CertificateRow
from storage.engine.database import Database
from tests.monitor.certificates.test_sheets import NAMES, row, table, workbook

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
FORMS = {
    Order.DAY_FIRST: "{0.day:02}{1}{0.month:02}{1}{0.year}",
    Order.MONTH_FIRST: "{0.month:02}{1}{0.day:02}{1}{0.year}",
}


DOTTED = re.compile(r"\W*(d+|M{1,2})\. ?(d+|M{1,2})\. ?y+\W*")


def written(day: date, order: Order, sign: str) -> str:
    """A day as a writer of one order puts it."""
    return FORMS[order].format(day, sign)


def refused(cell: str, orders: dict[str, Order]) -> bool:
    """Whether a cell is read as no day."""
    try:
        read_day(cell, orders)
    except BadInput:
        return True
    return False


def test_no_locale_but_one_puts_the_month_first_between_dots() -> None:
    month_first = set()
    day_first = 0
    for name in localedata.locale_identifiers():
        locale = Locale.parse(name)
        for form in (*locale.date_formats.values(), *locale.datetime_skeletons.values()):
            if found := DOTTED.fullmatch(re.sub("'[^']*'", "", form.pattern)):
                day_first += found[1].startswith("d")
                month_first |= {locale.language} if found[1].startswith("M") else set()
    assert month_first == {"jgo"}
    assert day_first > 100


@given(st.lists(days, min_size=1), st.sampled_from(Order), st.sampled_from("/-."))
def test_a_column_of_one_writer_is_read_as_he_meant_or_not_at_all(meant: list[date], order: Order, sign: str) -> None:
    cells = [written(day, order, sign) for day in meant]
    writing = writing_of(cells)
    forced = sum(writing.forced.values())
    equal = sum(day.day == day.month for day in meant)
    assert forced + writing.either[sign] + equal == len(cells), "a date was not counted"
    if forced:
        assert [read_day(cell, writing.orders) for cell in cells] == meant
        assert len(writing.said) == (1 if writing.either[sign] else 0)
    elif sign == ".":
        assert not writing.said
    else:
        assert [refused(cell, writing.orders) for cell in cells] == [day.day != day.month for day in meant]


@given(st.lists(days, min_size=1), st.sampled_from("/-."))
def test_where_two_writers_contradict_each_other_nothing_is_guessed(meant: list[date], sign: str) -> None:
    cells = [written(day, Order.DAY_FIRST, sign) for day in meant]
    against = [written(date(2027, 6, 30), order, sign) for order in Order]
    orders = writing_of([*cells, *against]).orders
    for cell, day in zip(cells, meant, strict=True):
        assert refused(cell, orders) == (day.day <= 12 and day.day != day.month)


@pytest.mark.parametrize(("cell", "day"), [("03.04.2027", date(2027, 4, 3)), ("3. 4. 2027", date(2027, 4, 3))])
def test_dots_say_day_first(cell: str, day: date) -> None:
    assert read_day(cell) == day
    assert read_day("06.30.2027") == date(2027, 6, 30)
    assert refused("03/04/2027", dict(USUAL))
    assert refused("03-04-2027", dict(USUAL))


def test_one_date_of_a_column_says_how_the_others_are_written(sqlite_database: Database, tmp_path: Path) -> None:
    path = table(tmp_path / "c.csv", NAMES, row(1, expires="03/04/2027"), row(2, expires="04/30/2027"), NAMES,
                 row(3, expires="05/06/2027"))  # fmt: skip
    report = import_certificates(sqlite_database, path)
    assert (report.added, report.rejected) == (3, 0)
    assert report.said == [
        'column "expires": 2 dates with “/” that could be read two ways are read month first, as 1 others of the '
        "column can only be (04/30/2027)"
    ]
    with sqlite_database.session() as session:
        read = {str(item.expires) for item in session.query(CertificateRow)}
    assert read == {"2027-03-04", "2027-04-30", "2027-05-06"}


def test_a_sheet_says_nothing_of_another(sqlite_database: Database, tmp_path: Path) -> None:
    sheets = {"CCAP": [NAMES, row(1, expires="30/04/2027")], "CQC": [NAMES, row(2, expires="03/04/2027")]}
    report = import_certificates(sqlite_database, workbook(tmp_path / "c.xlsx", {**sheets}))
    assert (report.added, report.rejected) == (1, 1)
    assert "2027-03-04 or 2027-04-03?" in report.problems[0].message
