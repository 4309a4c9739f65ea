"""Certificate files as they come: several sheets, headers of two rows or languages, encodings, refused rows."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from monitor.certificates.commands import import_certificates, list_contacts
from monitor.certificates.files.columns import LONGEST_CELL
from monitor.certificates.files.header import column_of, read_header
from monitor.cli import app
from storage.certificates import CertificateRow
from storage.engine.database import Database

NAMES = ("certificate_no", "holder", "contact_email", "rule", "expires")


def row(number: int, **cells: str) -> list[str]:
    """A row of a good certificate, with other cells where given."""
    good = dict(zip(NAMES, (f"CCAP-{number:04}", "Alpha", "q@alpha.example", "CCAP-GZ-5830:2021", ""), strict=True))
    return list({**good, **cells}.values())


def workbook(path: Path, sheets: dict[str, list[Any]]) -> Path:
    """Write a workbook of some sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(path)
    return path


def table(path: Path, *rows: Any) -> Path:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_every_sheet_is_read_or_named(sqlite_database: Database, tmp_path: Path) -> None:
    turned = NAMES[::-1]
    path = workbook(
        tmp_path / "all.xlsx",
        {
            "CCAP": [NAMES, row(1)],
            "notes": [["call me"]],
            "CQC": [turned, row(2)[::-1], row(3, rule="?")[::-1]],
            "x": [],
        },
    )
    report = import_certificates(sqlite_database, path)
    assert (report.added, report.rejected) == (2, 1)
    assert [item.sheet for item in report.unread] == ["notes", "x"]
    assert "no header was found" in str(report.unread[0])
    assert str(report.problems[0]).startswith('sheet "CQC", row 3, column "rule"')


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("证书编号 Certificate No.", "certificate_no"), ("持证人/Holder", "holder"), ("Holder（持证人）", "holder"),
        ("有效期至\nValid until", "expires"), ("产品名称 Standard", None), ("Holder of keys", None), ("x" * 9999, None),
    ],
)  # fmt: skip
def test_a_name_in_two_languages_names_one_column(name: str, column: str | None) -> None:
    assert column_of(name) == column


@pytest.mark.parametrize(
    "rows",
    [
        [("证书编号", "持证人", "邮箱", "认证规则", "有效期至"), NAMES],
        [("证书编号", "持证人", "邮箱", "规则", None), (None, None, None, "rule", "expires")],
        [("证书编号", "持证人", "邮箱", "认证规则", "日期"), (None, None, None, None, "有效期至")],
    ],
)
def test_a_header_may_take_two_rows(sqlite_database: Database, tmp_path: Path, rows: list[Any]) -> None:
    path = table(tmp_path / "c.csv", *rows, row(1, expires="30.06.2027"), *rows, row(2, expires="2027-06-30"))
    report = import_certificates(sqlite_database, path)
    assert (report.added, report.problems) == (2, [])
    with sqlite_database.session() as session:
        assert {str(item.expires) for item in session.query(CertificateRow)} == {"2027-06-30"}


@pytest.mark.parametrize("separator", ["", "sep=;\r\n"])
@pytest.mark.parametrize(
    ("holder", "encoding"),
    [
        ("Müller & Söhne für Größe", "cp1252"),
        ("Société Générale", "cp1252"),
        ("阿尔法公司", "gb18030"),
        ("李镕", "gbk"),
    ],
)
def test_letters_with_marks_are_no_chinese_signs(
    sqlite_database: Database, tmp_path: Path, separator: str, holder: str, encoding: str
) -> None:
    path = tmp_path / "c.csv"
    text = separator + ";".join(NAMES) + "\r\n" + ";".join(row(1, holder=holder)) + "\r\n"
    path.write_bytes(text.encode(encoding))
    assert import_certificates(sqlite_database, path).added == 1
    assert list_contacts(sqlite_database)[0]["holders"] == [holder]


def test_no_cell_is_cut(sqlite_database: Database, tmp_path: Path) -> None:
    many = ";".join(f"p{each}@alpha.example" for each in range(LONGEST_CELL // 10))
    path = table(tmp_path / "c.csv", NAMES, row(1, contact_email=many), row(2, holder="A" * (LONGEST_CELL + 1)))
    report = import_certificates(sqlite_database, path)
    assert len(list_contacts(sqlite_database)) == LONGEST_CELL // 10
    assert [(item.row, item.column) for item in report.problems] == [(3, "holder")]
    assert f"{LONGEST_CELL + 1} characters" in report.problems[0].message


def test_refused_rows_can_be_mended_and_imported(sqlite_database: Database, tmp_path: Path) -> None:
    bad = row(2, holder="=cmd()", expires="03/04/2027")
    report = import_certificates(sqlite_database, table(tmp_path / "c.csv", NAMES, row(1), bad))
    assert report.refused_file == tmp_path / "c.refused.csv"
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        header, refused = csv.reader(file)
    assert read_header(header) is not None
    assert refused[1] == "3"
    assert "2027-03-04 or 2027-04-03?" in refused[2]
    assert refused[4] == "'=cmd()"
    mended = table(tmp_path / "mended.csv", header, [*refused[:-1], "2027-04-03"])
    assert import_certificates(sqlite_database, mended).added == 1


@pytest.mark.parametrize(
    ("rows", "status"), [([row(1)], 0), ([row(1, contact_email="")], 0), ([row(1), row(2, rule="?")], 1),
                         ([row(2, rule="?")], 2), ([], 0)],
)  # fmt: skip
def test_the_status_says_how_much_went_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[Any], status: int
) -> None:
    monkeypatch.setenv("RULEWATCH_HOME", str(tmp_path / "home"))
    path = table(tmp_path / "c.csv", NAMES, *rows)
    assert CliRunner().invoke(app, ["certificates", "import", str(path)]).exit_code == status
