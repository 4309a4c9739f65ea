"""The optional columns of a certificate, what imports made of each, and how the register is shown."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from monitor.certificates.commands import (
    history_of_certificate,
    import_certificates,
    list_certificates,
    show_certificate,
)
from monitor.certificates.files.header import column_of
from monitor.certificates.files.reading import Problem
from monitor.errors import BadInput
from storage.certificates import CertificateRow
from storage.engine.database import Database
from storage.imports import ImportRow
from tests.monitor.certificates.test_import import GOOD, good, row_of, write_csv

PROJECT = Path(__file__).parents[3]
SCHEMA = json.loads((PROJECT / "docs" / "schemas" / "certificates.schema.json").read_text("utf-8"))
HISTORY = json.loads((PROJECT / "docs" / "schemas" / "certificate_history.schema.json").read_text("utf-8"))
NAMES = ("certificate_no", "holder", "rule")
CHINESE = (
    "证书编号", "持证人", "认证规则", "下次监督日期", "上次监督日期", "CoP到期", "生产企业", "型号", "负责人",
    "语言", "时区",
)  # fmt: skip
CELLS = (
    "CCAP-0001", "阿尔法公司", "CCAP-GZ-5830:2021", "2026年9月30日", "30.09.2025", "2026/12/31", "阿尔法苏州", "A1；A2",
    "Li.Na@Consult.example", "zh_CN", "asia/shanghai",
)  # fmt: skip


def valid(document: Any) -> Any:
    """The document, which fits the schema."""
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    return document


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("next_surveillance 下次监督日期", "next_surveillance"), ("Last surveillance", "last_surveillance"),
        ("CoP到期", "cop_due"), ("生产企业 Factory", "factory"), ("规格型号", "models"),
        ("Consultant in charge", "consultant"),
        ("语言/Language", "language"), ("Time zone", "time_zone"), ("时区", "time_zone"), ("制造商", None),
    ],
)  # fmt: skip
def test_optional_columns_are_known_in_both_languages(header: str, column: str | None) -> None:
    assert column_of(header) == column


def test_a_chinese_table_fills_every_optional_column(database: Database, tmp_path: Path) -> None:
    report = import_certificates(database, write_csv(tmp_path / "c.csv", [CHINESE, CELLS]))
    assert (report.added, [item for item in report.problems if item.rejected]) == (1, [])
    with database.session() as session:
        row = session.query(CertificateRow).one()
        assert (row.next_surveillance, row.last_surveillance, row.cop_due) == (
            date(2026, 9, 30), date(2025, 9, 30), date(2026, 12, 31),
        )  # fmt: skip
        assert (row.factory, row.models, row.consultant) == ("阿尔法苏州", "A1; A2", "li.na@consult.example")
        assert (row.language, row.time_zone) == ("zh-CN", "Asia/Shanghai")
    [shown] = valid(list_certificates(database))
    assert (shown["models"], shown["cop_due"], shown["issued"]) == (["A1", "A2"], "2026-12-31", None)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("language", "Klingon", "not the tag of a language"), ("language", "xx", "not the tag of a language"),
        ("time_zone", "Mars/Base", "not a time zone"), ("time_zone", "localtime", "not a time zone"),
        ("consultant", "li.na@", "not an e-mail address"), ("cop_due", "03/04/2027", "2027-03-04 or 2027-04-03"),
        ("next_surveillance", "soon", "not a date"),
    ],
)  # fmt: skip
def test_a_cell_that_says_nothing_known_is_refused(column: str, cell: str, said: str) -> None:
    problems = row_of({column: cell})
    assert isinstance(problems, tuple)
    assert [problem.column for problem in problems] == [column]
    assert said in problems[0].message


def test_a_surveillance_before_the_last_is_refused() -> None:
    problems = row_of({"last_surveillance": "2026-05-01", "next_surveillance": "2026-04-30"})
    assert problems == (Problem(7, "next_surveillance", "the next surveillance would be before the last"),)


@pytest.mark.parametrize("blank", ["", "-", "无", None])
def test_optional_cells_may_be_blank(blank: str | None) -> None:
    names = ("cop_due", "factory", "consultant", "language", "time_zone")
    certificate = good(dict.fromkeys(names, blank))
    assert [getattr(certificate, name) for name in names] == [None, "", "", "", ""]


def test_a_consultant_may_be_a_name() -> None:
    assert good({"consultant": " 李娜 "}).consultant == "李娜"


def test_each_changed_field_is_kept_with_the_import_that_changed_it(database: Database, tmp_path: Path) -> None:
    names = (*NAMES, "standards", "expires", "consultant")
    first = ("CCAP-0001", "Alpha", "CCAP-GZ-5830:2021", "GB 8410-2006; GB 27887-2011", "2027-03-13", "")
    second = ("CCAP-0001", "Beta", "CCAP-GZ-5830:2026", "GB 27887-2024", "2032-03-13", "Li Na")
    import_certificates(database, write_csv(tmp_path / "2021.csv", [names, first]))
    assert show_certificate(database, "CCAP-0001")["history"] == []
    import_certificates(database, write_csv(tmp_path / "2026.csv", [names, second]))
    import_certificates(database, write_csv(tmp_path / "again.csv", [names, second]))
    shown = valid([show_certificate(database, "CCAP-0001")])[0]
    assert {(item["field"], item["old"], item["new"]) for item in shown["history"]} == {
        ("holder", "Alpha", "Beta"), ("rule", "CCAP-GZ-5830:2021", "CCAP-GZ-5830:2026"),
        ("standards", "GB 27887-2011; GB 8410-2006", "GB 27887-2024"), ("expires", "2027-03-13", "2032-03-13"),
        ("consultant", None, "Li Na"),
    }  # fmt: skip
    assert {item["file"] for item in shown["history"]} == {"2026.csv"}
    assert (shown["family"], shown["edition"]) == ("CCAP-GZ-5830", "CCAP-GZ-5830:2026")
    with database.session() as session:
        made = {row.id: row.file for row in session.query(ImportRow)}
        assert list(made.values()) == ["2021.csv", "2026.csv", "again.csv"]
        row = session.query(CertificateRow).one()
        assert (row.version, made[row.first_import_id or 0]) == (2, "2021.csv")


def test_a_column_that_a_file_lacks_leaves_what_is_known(database: Database, tmp_path: Path) -> None:
    import_certificates(database, write_csv(tmp_path / "whole.csv", [CHINESE, CELLS]))
    before = show_certificate(database, "CCAP-0001")
    report = import_certificates(database, write_csv(tmp_path / "short.csv", [NAMES, CELLS[:3]]))
    assert (report.changed, report.unchanged) == (0, 1)
    assert show_certificate(database, "CCAP-0001") == before
    blank = import_certificates(database, write_csv(tmp_path / "blank.csv", [(*NAMES, "型号"), (*CELLS[:3], "")]))
    assert blank.changed == 1
    assert show_certificate(database, "CCAP-0001")["models"] == []


@pytest.mark.parametrize(
    ("column", "other", "cell", "said"),
    [
        ("expires", "issued", "2021-07-31", "would expire before it was issued (the register has issued 2021-08-01)"),
        ("issued", "expires", "2027-08-02", "would expire before it was issued (the register has expires 2027-08-01)"),
        ("next_surveillance", "last_surveillance", "2025-09-29",
         "surveillance would be before the last (the register has last_surveillance 2025-09-30)"),
        ("last_surveillance", "next_surveillance", "2026-10-01",
         "surveillance would be before the last (the register has next_surveillance 2026-09-30)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_day_is_held_against_those_that_only_the_register_has(
    database: Database, tmp_path: Path, column: str, other: str, cell: str, said: str, dry_run: bool
) -> None:
    known = {"issued": "2021-08-01", "expires": "2027-08-01"}
    known |= {"last_surveillance": "2025-09-30", "next_surveillance": "2026-09-30"}
    cells = (GOOD[0], "Alpha", GOOD[3])
    whole = write_csv(tmp_path / "whole.csv", [(*NAMES, *known), (*cells, *known.values())])
    import_certificates(database, whole)
    rows = [(*cells, cell), (GOOD[0], "Beta", GOOD[3], known[column])]
    report = import_certificates(database, write_csv(tmp_path / "part.csv", [(*NAMES, column), *rows]), dry_run)
    assert (report.rejected, report.changed) == (1, 1)
    assert [(problem.row, problem.column) for problem in report.problems if problem.rejected] == [(2, column)]
    assert said in report.problems[0].message
    if not dry_run:
        assert report.refused_file is not None
        assert said in report.refused_file.read_text("utf-8-sig")
        shown = show_certificate(database, GOOD[0])
        assert (shown["holder"], shown[column], shown[other]) == ("Beta", known[column], known[other])


def test_a_dry_run_leaves_no_import_and_no_history(sqlite_database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [NAMES, (GOOD[0], "Alpha", GOOD[3])])
    import_certificates(sqlite_database, path)
    write_csv(path, [NAMES, (GOOD[0], "Beta", GOOD[3])])
    assert import_certificates(sqlite_database, path, dry_run=True).changed == 1
    assert show_certificate(sqlite_database, GOOD[0])["history"] == []
    with sqlite_database.session() as session:
        assert session.query(ImportRow).count() == 1


def test_an_unknown_number_is_named(sqlite_database: Database) -> None:
    with pytest.raises(BadInput, match="no certificate has the number CCAP-9999"):
        show_certificate(sqlite_database, "CCAP-9999")


def test_the_history_says_since_when_each_value_stood(database: Database, tmp_path: Path) -> None:
    names = (*NAMES, "expires", "consultant")
    files = (("1.csv", "2027-03-13", ""), ("2.csv", "", "Li Na"), ("3.csv", "2032-03-13", "Li Na"))
    for file, expires, consultant in files:
        cells = ("CCAP-0001", "Alpha", "CCAP-GZ-5830:2021", expires, consultant)
        import_certificates(database, write_csv(tmp_path / file, [names, cells]))
    entries = history_of_certificate(database, "ＣＣＡＰ-0001")
    jsonschema.validate(entries, HISTORY, cls=jsonschema.Draft202012Validator)
    said = [(entry["field"], entry["says"], entry["file"]) for entry in entries]
    assert said == [
        ("holder", "Alpha", "1.csv"), ("rule", "CCAP-GZ-5830:2021", "1.csv"),
        ("expires", "2027-03-13", "1.csv"), ("expires", None, "2.csv"), ("expires", "2032-03-13", "3.csv"),
        ("consultant", None, "1.csv"), ("consultant", "Li Na", "2.csv"), ("status", "valid", "1.csv"),
    ]  # fmt: skip
    since = {entry["file"]: entry["since"] for entry in entries}
    assert since["1.csv"] < since["2.csv"] < since["3.csv"]
    with database.session() as session:
        session.query(CertificateRow).one().first_import_id = None
        session.commit()
    assert history_of_certificate(database, "CCAP-0001")[0] == {
        "field": "holder", "says": "Alpha", "since": None, "import": None, "file": None,
    }  # fmt: skip
