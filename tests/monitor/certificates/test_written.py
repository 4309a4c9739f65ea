"""Templates and exports: what they say is read back, by this product and by an office program."""

import csv
import random
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.certificate import Certificate
from monitor.certificates.commands import (
    export_certificates,
    import_certificates,
    list_certificates,
    list_contacts,
    make_template,
)
from monitor.certificates.files.explained import COLUMNS
from monitor.certificates.files.header import DAYS, column_of, read_header
from monitor.certificates.files.reading import read_row
from monitor.certificates.files.refused import shown
from monitor.certificates.files.rows import _as_meant
from monitor.errors import BadInput
from storage.engine.database import Database
from tests.monitor.certificates.test_import import write_csv

NAMES = [column.name for column in COLUMNS]
ODD = [
    "=1+1", "'=x", "-", "@a", "007", "1e5", "2027-06-30", "_x000D_", "a\nb", "TRUE", "证书", "holder", "a;b", " ",
]  # fmt: skip
CONTACTS = ["a@x.example", "b@x.example", "c@y.example"]
RULES = ["CCAP-GZ-5830:2021", "CCAP－GZ－5830：2021", "CQC11-442551-2018", "CQC11-442551"]
STANDARDS = ["", "GB 27887-2011; GB 8410", "GB/T 15579.5-2013、GB/T 15579.7-2013", "QC/T 741-2014/XG1"]
SIGNS = (range(1, 0x250), range(0x2000, 0x2100), range(0x4E00, 0x4F00), range(0x1F300, 0x1F600), range(0xFFF0, 0x10000))


def any_row(chance: random.Random, number: int) -> dict[str, str]:
    """A row whose cells hold whatever people and programs write."""

    def text() -> str:
        signs = "".join(chr(chance.choice(chance.choice(SIGNS))) for _ in range(chance.randrange(8)))
        return chance.choice([signs, chance.choice(ODD)])

    def day() -> str:
        return chance.choice(["", str(date(1950, 1, 1) + timedelta(chance.randrange(50_000)))])

    return {
        "certificate_no": f"C{number:05}",
        "holder": f"H {text()}",
        "contact_email": ";".join(chance.sample(CONTACTS, chance.randrange(3))),
        "rule": chance.choice(RULES),
        "standards": chance.choice(STANDARDS),
        **{name: text() for name in ("product", "factory", "models")},
        **{name: day() for name in DAYS},
        "consultant": chance.choice([text().replace("@", "a"), "li@x.example"]),
        "language": chance.choice(["", "de", "zh-CN"]),
        "time_zone": chance.choice(["", "Europe/Berlin"]),
        "status": chance.choice(["", "valid", "暂停"]),
        "frequency": chance.choice(["", "daily", "weekly"]),
    }


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_imports_back_to_no_change(database: Database, tmp_path: Path, ending: str) -> None:
    chance = random.Random(ending)
    written = [any_row(chance, number) for number in range(1500)]
    path = write_csv(tmp_path / "first.csv", [NAMES, *([row[name] for name in NAMES] for row in written)])
    first = import_certificates(database, path)
    assert first.added > 500
    before, contacts = list_certificates(database), list_contacts(database)
    assert export_certificates(database, tmp_path / f"out.{ending}") == first.added
    back = import_certificates(database, tmp_path / f"out.{ending}")
    assert (back.added, back.changed, back.unchanged, back.rejected) == (0, 0, first.added, 0), back.problems
    assert back.absent == []
    assert (list_certificates(database), list_contacts(database)) == (before, contacts)
    again = Database(f"sqlite:///{tmp_path / 'again.db'}")
    again.upgrade()
    assert import_certificates(again, tmp_path / f"out.{ending}").added == first.added
    assert list_certificates(again) == before
    again.close()


@given(st.text(max_size=6) | st.from_regex(r"'{0,3}[=+@\-]x?", fullmatch=True))
def test_an_apostrophe_comes_off_as_it_went_on(text: str) -> None:
    kept = shown(text)
    assert len(text) < 2 or kept[0] not in "=+-@\t\r"
    assert _as_meant(kept) == text


def test_each_column_is_explained_and_its_example_is_read() -> None:
    header = read_header([column.header for column in COLUMNS])
    assert header is not None
    assert [column_of(column.header) for column in COLUMNS] == NAMES
    assert list(header.places) == NAMES
    assert all(column.says and column.example for column in COLUMNS)
    assert isinstance(read_row(header, 1, [column.example for column in COLUMNS]), Certificate)
    for column in COLUMNS:
        for word in column.words:
            cells = [word if other is column else other.example for other in COLUMNS]
            assert isinstance(read_row(header, 1, cells), Certificate)


def test_a_template_is_filled_in_and_imported(sqlite_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "my.xlsx"
    make_template(path)
    book = openpyxl.load_workbook(path)
    sheet = book["certificates"]
    assert all(cell.comment and COLUMNS[place].says in cell.comment.text for place, cell in enumerate(sheet[1]))
    assert sheet.column_dimensions["G"].number_format == "yyyy-mm-dd"
    assert import_certificates(sqlite_database, path).added == 0
    sheet.append([column.example for column in COLUMNS])
    book.save(path)
    report = import_certificates(sqlite_database, path)
    assert (report.added, report.problems, [item.sheet for item in report.unread]) == (1, [], ["columns 说明"])


def test_a_file_that_is_there_is_not_overwritten(sqlite_database: Database, tmp_path: Path) -> None:
    for write in (make_template, lambda path, force=False: export_certificates(sqlite_database, path, force)):
        path = tmp_path / "my.csv"
        path.write_text("precious", encoding="utf-8")
        with pytest.raises(BadInput, match="is there already"):
            write(path)
        assert path.read_text(encoding="utf-8") == "precious"
        write(path, force=True)
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.reader(file)) == [[column.header for column in COLUMNS]]
    with pytest.raises(BadInput, match=r"only \.csv and \.xlsx"):
        make_template(tmp_path / "my.ods")


def test_a_cell_that_a_workbook_cannot_hold_is_said(sqlite_database: Database, tmp_path: Path) -> None:
    emails = ";".join(f"p{each}@alpha.example" for each in range(2000))
    path = write_csv(tmp_path / "c.csv", [NAMES[:4], ["CCAP-0001", "Alpha", emails, "CCAP-GZ-5830:2021"]])
    import_certificates(sqlite_database, path)
    with pytest.raises(BadInput, match=r"CCAP-0001: contact_email has \d+ characters.* export as \.csv"):
        export_certificates(sqlite_database, tmp_path / "out.xlsx")
    assert not list(tmp_path.glob("out*"))
    assert export_certificates(sqlite_database, tmp_path / "out.csv") == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_the_template(tmp_path: Path) -> None:
    make_template(tmp_path / "my.xlsx")
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path / 'profile'}",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    ]
    done = subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "my.xlsx"], capture_output=True, text=True, timeout=300, check=True
    )
    assert "Error" not in done.stderr + done.stdout
    with (tmp_path / "my.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == [column.header for column in COLUMNS]
