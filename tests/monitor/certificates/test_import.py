"""Importing certificate files as consultants and Chinese offices write them."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from sqlalchemy import event

from monitor.certificates.certificate import Certificate, Frequency, Status
from monitor.certificates.commands import import_certificates, importing, list_contacts, set_contact_state
from monitor.certificates.files import reading
from monitor.certificates.files.header import Header, read_header
from monitor.certificates.files.reading import Problem, read_row
from monitor.certificates.files.report import MOST_PROBLEMS
from monitor.certificates.files.tables import Begun, Line, read_tables
from monitor.documents.worker import ReaderLimits
from monitor.errors import BadInput
from storage.certificates import CertificateRow, ContactRow, HolderRow
from storage.engine.database import Database

ENGLISH = ("certificate_no", "holder", "contact_email", "rule", "product", "standards", "issued", "expires", "status")
CHINESE = ("认证规则", "证书编号", "邮箱", "持证人", "备注", "产品名称", "标准", "发证日期", "有效期至", "状态", "频率")
CHINESE_ROW = (
    "CCAP－GZ－5830：2021", "CCAP2021 5830 001", "a@x.example；b@x.example", "阿尔法公司", "无关", "儿童约束系统",
    "GB 27887-2011、GB 8410-2006", "2021年8月1日", "长期", "有效", "每周",
)  # fmt: skip
GOOD = (
    "CCAP-0001",
    "Alpha",
    "q@alpha.example",
    "CCAP-GZ-5830:2021",
    "Seat",
    "GB 27887-2011",
    "2021-08-01",
    "2027-08-01",
    "valid",
)


def row_of(values: dict[str, Any]) -> Certificate | tuple[Problem, ...]:
    """What a row gives, with good cells for every column that is not given."""
    cells = {**dict(zip(ENGLISH, GOOD, strict=True)), **values}
    header = read_header(list(cells))
    assert header is not None
    return read_row(header, 7, list(cells.values()))


def good(values: dict[str, Any]) -> Certificate:
    """The certificate of a row."""
    read = row_of(values)
    assert isinstance(read, Certificate), read
    return read


def write_csv(path: Path, rows: list[Any], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write a table of text."""
    buffer = StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_chinese_table_reads_in_every_encoding(
    sqlite_database: Database, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write_csv(tmp_path / "证书.csv", [CHINESE, CHINESE_ROW], encoding, delimiter)
    report = import_certificates(sqlite_database, path)
    assert (report.added, report.problems) == (1, [])
    with sqlite_database.session() as session:
        row = session.query(CertificateRow).one()
        assert (row.number, row.holder.name, row.family) == ("CCAP20215830001", "阿尔法公司", "CCAP-GZ-5830")
        assert (row.edition, row.issued, row.expires, row.status) == (
            "CCAP-GZ-5830:2021",
            date(2021, 8, 1),
            None,
            "valid",
        )
        assert sorted(item.standard for item in row.standards) == ["GB 27887-2011", "GB 8410-2006"]
        contacts = session.query(ContactRow).order_by(ContactRow.email).all()
        assert [(row.email, row.frequency) for row in contacts] == [
            ("a@x.example", "weekly"),
            ("b@x.example", "weekly"),
        ]


def test_a_workbook_reads_below_its_title_and_with_real_dates(sqlite_database: Database, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["only a note"])
    sheet = book.create_sheet("证书")
    for row in (["证书一览表"], [], ["", *ENGLISH], ["", *GOOD[:6], date(2021, 8, 1), "2027/8/1", "有效"], [],
                ["", 20250107, *GOOD[1:5], "", 44409, None, None]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    report = import_certificates(sqlite_database, tmp_path / "list.xlsx")
    assert (report.added, report.problems) == (2, [])
    with sqlite_database.session() as session:
        rows = {row.number: row for row in session.query(CertificateRow)}
        assert rows["CCAP-0001"].issued == rows["20250107"].issued == date(2021, 8, 1)


def test_good_rows_are_imported_and_every_bad_row_is_reported(sqlite_database: Database, tmp_path: Path) -> None:
    rows = [
        ENGLISH, GOOD,
        ("CCAP-0002", *GOOD[1:3], "CCAP-3721", *GOOD[4:]),
        ("CCAP-0003", "", "not an address", *GOOD[3:]),
        ("CCAP-0004", *GOOD[1:7], "03/04/2027", "valid"),
        ("CCAP-0005", *GOOD[1:6], "2027-08-01", "2021-08-01", "valid"),
        ("CCAP-0006", *GOOD[1:8], "perhaps"),
        ("CCAP-0001", "Another", *GOOD[2:]),
        GOOD,
    ]  # fmt: skip
    report = import_certificates(sqlite_database, write_csv(tmp_path / "c.csv", rows))
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 6)
    places = [(problem.row, problem.column) for problem in report.problems]
    assert places == [(3, "rule"), (4, "holder"), (4, "contact_email"), (5, "expires"), (6, "expires"), (7, "status"),
                      (8, "certificate_no")]  # fmt: skip
    assert str(report.problems[0]).startswith('row 3, column "rule": "CCAP-3721" is not a rule code')


def test_importing_again_changes_nothing_and_a_new_value_changes_one(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [ENGLISH, GOOD, ("CCAP-0002", *GOOD[1:])])
    assert import_certificates(database, path).added == 2
    again = import_certificates(database, path)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    write_csv(path, [ENGLISH, GOOD, ("CCAP-0002", "Beta", *GOOD[2:5], "GB 27887-2024", *GOOD[6:])])
    changed = import_certificates(database, path)
    assert (changed.added, changed.changed, changed.unchanged) == (0, 1, 1)
    with database.session() as session:
        row = session.query(CertificateRow).filter_by(number="CCAP-0002").one()
        assert (row.holder.name, [item.standard for item in row.standards]) == ("Beta", ["GB 27887-2024"])


def test_a_dry_run_reports_the_same_and_keeps_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [ENGLISH, GOOD, ("?", *GOOD[1:])])
    dry = import_certificates(sqlite_database, path, dry_run=True)
    with sqlite_database.session() as session:
        assert session.query(HolderRow).count() == session.query(CertificateRow).count() == 0
    real = import_certificates(sqlite_database, path)
    assert dry.refused_file is None
    assert real.refused_file is not None
    assert {**dry.to_json(), "dry_run": False, "refused_file": str(real.refused_file)} == real.to_json()


def test_a_pause_outlives_an_import(sqlite_database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [ENGLISH, GOOD])
    import_certificates(sqlite_database, path)
    set_contact_state(sqlite_database, "Q@alpha.example", "paused")
    import_certificates(sqlite_database, path)
    with sqlite_database.session() as session:
        assert session.query(ContactRow).one().state == "paused"
    with pytest.raises(BadInput, match="no contact"):
        set_contact_state(sqlite_database, "nobody@alpha.example", "paused")


SECOND = ("CCAP-0002", *GOOD[1:])


def contacts_of(database: Database) -> dict[str, list[str]]:
    """Each contact's holders."""
    return {row["contact"]: row["holders"] for row in list_contacts(database)}


def with_contacts(row: tuple[str, ...], contacts: str) -> tuple[str, ...]:
    """A row with other contacts."""
    return (*row[:2], contacts, *row[3:])


def test_a_contact_that_left_is_removed_when_the_file_speaks_for_its_holder(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [ENGLISH, GOOD, SECOND, ("CCAP-0003", "Beta", *GOOD[2:])])
    import_certificates(database, path)
    write_csv(path, [ENGLISH, with_contacts(GOOD, "new@alpha.example"), with_contacts(SECOND, "")])
    dry = import_certificates(database, path, dry_run=True)
    assert [str(item) for item in dry.absent] == ["q@alpha.example is no longer a contact of Alpha"]
    assert contacts_of(database) == {"q@alpha.example": ["Alpha", "Beta"]}
    assert import_certificates(database, path).absent == dry.absent
    assert contacts_of(database) == {"q@alpha.example": ["Beta"], "new@alpha.example": ["Alpha"]}
    assert import_certificates(database, path).absent == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([with_contacts(GOOD, "new@alpha.example")], "it does not name certificate CCAP-0002 either"),
        (
            [with_contacts(GOOD, "new@alpha.example"), with_contacts(SECOND, ""), ("?", *GOOD[1:])],
            "rows of the file could not be used",
        ),
        ([with_contacts(GOOD, ""), with_contacts(SECOND, "")], None),
    ],
)
def test_a_contact_stays_where_the_file_may_not_be_the_whole_truth(
    sqlite_database: Database, tmp_path: Path, rows: list[Any], said: str | None
) -> None:
    path = write_csv(tmp_path / "c.csv", [ENGLISH, GOOD, SECOND])
    import_certificates(sqlite_database, path)
    report = import_certificates(sqlite_database, write_csv(path, [ENGLISH, *rows]))
    assert [item.kept_because for item in report.absent] == ([said] if said else [])
    assert contacts_of(sqlite_database)["q@alpha.example"] == ["Alpha"]


def test_a_certificate_that_has_ended_need_not_be_named(sqlite_database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [ENGLISH, GOOD, (*SECOND[:7], "2025-12-31", "")])
    import_certificates(sqlite_database, path)
    write_csv(path, [ENGLISH, with_contacts(GOOD, "new@alpha.example")])
    report = import_certificates(sqlite_database, path, today=date(2026, 3, 2))
    assert [(item.email, item.kept_because) for item in report.absent] == [("q@alpha.example", None)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "no such file"),
        ("c.pdf", b"x", r"only \.csv and \.xlsx"),
        ("c.csv", b"", "empty"),
        ("c.csv", b"name,colour\nx,red\n", "no header was found"),
        ("c.csv", b"certificate_no,holder\nx,y\n", "lacks the columns rule"),
        ("c.csv", b"certificate_no,holder,rule\n\x80\xff\xfe\x00,", "neither UTF-8 nor GB18030"),
        ("c.xlsx", b"PK not a workbook", "no XLSX workbook"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(
    sqlite_database: Database, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said):
        import_certificates(sqlite_database, tmp_path / name)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("2027-06-30", date(2027, 6, 30)), ("2027/6/3", date(2027, 6, 3)), ("2027.06.30", date(2027, 6, 30)),
        ("2027年6月30日", date(2027, 6, 30)), ("20270630", date(2027, 6, 30)),
        ("２０２７－０６－３０", date(2027, 6, 30)), ("长期", None), ("", None), (None, None),
        ("2027-06-30 00:00:00", date(2027, 6, 30)), ("30.06.2027", date(2027, 6, 30)),
        ("30. 6. 2027", date(2027, 6, 30)),
        ("06/30/2027", date(2027, 6, 30)), ("6/6/2027", date(2027, 6, 6)), ("30 June 2027", date(2027, 6, 30)),
        ("June 30, 2027", date(2027, 6, 30)), ("30. Juni 2027", date(2027, 6, 30)),
        ("2027 年 6 月 30 日", date(2027, 6, 30)), (46203.0, date(2026, 6, 30)),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(printed: Any, read: date | None) -> None:
    assert good({"expires": printed}).expires == read


@pytest.mark.parametrize(
    "printed", ["03/06/2027", "03-06-2027", "31.31.2027", "2027-13-01", "2027-02-30", "June 2027", "2027112", "soon"]
)
def test_a_date_that_could_be_another_is_a_problem(printed: str) -> None:
    read = row_of({"expires": printed})
    assert isinstance(read, tuple)
    assert "one way only" in read[0].message


@pytest.mark.parametrize(
    ("printed", "status"),
    [("", Status.VALID), ("暂停", Status.SUSPENDED), ("Withdrawn", Status.WITHDRAWN), ("注销", Status.CANCELLED)],
)
def test_statuses_in_both_languages(printed: str, status: Status) -> None:
    assert good({"status": printed}).status is status


def test_a_rule_cell_may_carry_its_title() -> None:
    certificate = good({"rule": "《机动车儿童乘员用约束系统自愿性认证实施规则》（CCAP-GZ-5830:2021）"})
    assert certificate.edition == "CCAP-GZ-5830:2021"
    assert good({"rule": "CCAP-GZ-5830"}).edition is None


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("CNCA-C11-01:2020", "schemes that are watched"),
        ("CCAP-GZ-5830:2021, CCAP-GZ-5101:2020", "names 2 rules"),
        ("", "is empty"),
    ],
)
def test_a_rule_that_is_not_watched_is_a_problem(rule: str, said: str) -> None:
    read = row_of({"rule": rule})
    assert isinstance(read, tuple)
    assert said in read[0].message


def test_a_number_that_the_spreadsheet_rounded_is_a_problem() -> None:
    read = row_of({"certificate_no": 2025010703748148.0})
    assert isinstance(read, tuple)
    assert "format the column as text" in read[0].message


@pytest.mark.parametrize(
    "email",
    [
        "a@x.example\nBcc: b@x.example",
        "a@b@c.example",
        "<a@x.example>",
        "a@x",
        "aaron..doe@x.example",
        ".a@x.example",
        "a.@x.example",
        "=?utf-8?q?a?=@x.example",
        "b@x.example; aaron..doe@x.example",
    ],
)
def test_an_address_that_could_break_a_header_is_a_problem(email: str) -> None:
    (problem,) = cast("tuple[Problem, ...]", row_of({"contact_email": email}))
    assert str(problem).startswith('row 7, column "contact_email": "')
    assert "is not an e-mail address" in problem.message


def test_a_contact_with_a_domain_in_any_script_is_kept_and_found_by_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "certificates.csv"
    write_csv(path, [ENGLISH, with_contacts(GOOD, "Q@Müller.example")])
    assert import_certificates(sqlite_database, path).added == 1
    set_contact_state(sqlite_database, "q@müller.example", "paused")
    assert [(row["contact"], row["state"]) for row in list_contacts(sqlite_database)] == [
        ("q@xn--mller-kva.example", "paused")
    ]


def test_standards_are_separated_in_every_way() -> None:
    certificate = good({"standards": "GB/T 15579.5-2013；GB/T 15579.7-2013\nQC/T 741-2014、JB/T 9125-2012"})
    assert [str(standard) for standard in certificate.standards] == [
        "GB/T 15579.5-2013", "GB/T 15579.7-2013", "QC/T 741-2014", "JB/T 9125-2012",
    ]  # fmt: skip


def test_the_frequency_belongs_to_the_contact() -> None:
    certificate = good({"frequency": "每日"})
    assert [contact.frequency for contact in certificate.contacts] == [Frequency.DAILY]


@pytest.mark.parametrize(
    "names", [ENGLISH, CHINESE, ("Certificate No.", "Company", "Rule Code"), ("证书号码", "获证企业", "实施规则")]
)
def test_headers_in_both_languages_and_any_order(names: tuple[str, ...]) -> None:
    assert isinstance(read_header(names), Header)
    assert isinstance(read_header(names[::-1]), Header)


def test_what_a_cell_says_does_not_hang_on_the_rows_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_REMEMBERED", 3)
    header = read_header(ENGLISH)
    assert header is not None
    cells = (1, 1.0, True, "1", "1.0", "True", None, "", "2027-08-01", 46235, "x" * 300, "-", "GB 27887-2011", "无")
    rows = [(*GOOD[:4], product, GOOD[5], day, None, "valid") for product in cells for day in cells]
    reader = reading.RowReader(header)
    together = [[reader.read(at, row) for at, row in enumerate(rows)] for _ in range(2)]
    assert together == [[read_row(header, at, row) for at, row in enumerate(rows)]] * 2


def test_many_rows_are_imported_in_units(sqlite_database: Database, tmp_path: Path) -> None:
    rows = [ENGLISH, *((f"CCAP-{n:06d}", f"Holder {n % 500}", *GOOD[2:]) for n in range(3000))]
    report = import_certificates(sqlite_database, write_csv(tmp_path / "big.csv", rows))
    assert (report.added, report.problems) == (3000, [])


@pytest.mark.parametrize("far", ["XFD1048576", "XFD1", "A1048576", "ZZ900000"])
def test_a_cell_far_from_the_table_stops_no_process(sqlite_database: Database, tmp_path: Path, far: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (ENGLISH, GOOD):
        sheet.append(row)
    sheet[far] = " "
    book.save(tmp_path / "far.xlsx")
    if far in ("XFD1", "A1048576"):
        assert import_certificates(sqlite_database, tmp_path / "far.xlsx").added == 1
        return
    with pytest.raises(BadInput, match=r"far\.xlsx: a sheet reaches over .* far away from the table"):
        import_certificates(sqlite_database, tmp_path / "far.xlsx")


def test_a_file_that_ends_its_reader_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "long.csv", [ENGLISH, *([GOOD] * 60_000)])
    with pytest.raises(BadInput, match="takes more time"):
        next(read_tables(path, ReaderLimits(seconds=0.5)))


def test_days_and_numbers_of_a_workbook_come_through_the_child(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(ENGLISH)
    sheet.append((7, "Alpha", None, True, 1.5, "GB 27887-2011", date(2021, 8, 1), "2027-08-01", "valid"))
    book.save(tmp_path / "kinds.xlsx")
    begun, line = read_tables(tmp_path / "kinds.xlsx")
    assert begun == Begun(sheet.title, 1, ())
    assert isinstance(line, Line)
    at, cells = line.at, line.cells
    assert at == 2
    assert cells[0] == 7
    assert cells[3:5] == [True, 1.5]
    assert (cells[6].year, cells[6].month, cells[6].day) == (2021, 8, 1)


def test_sixty_thousand_contacts_of_one_holder_cost_few_statements(sqlite_database: Database, tmp_path: Path) -> None:
    rows = [
        (f"CCAP-{row:04}", GOOD[1], ";".join(f"p{row}-{each}@one.example" for each in range(100)), *GOOD[3:], "daily")
        for row in range(600)
    ]
    path = write_csv(tmp_path / "many.csv", [(*ENGLISH, "frequency"), *rows])
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(sqlite_database.engine, "before_cursor_execute", count)
    assert import_certificates(sqlite_database, path).added == 600
    assert statements < 3000
    assert len(list_contacts(sqlite_database)) == 60_000


def test_refused_rows_are_listed_up_to_a_bound_and_all_are_in_their_file(
    sqlite_database: Database, tmp_path: Path
) -> None:
    bad = [(f"CCAP-{n:06d}", "", *GOOD[2:]) for n in range(MOST_PROBLEMS + 5)]
    told: list[tuple[int, int]] = []
    path = write_csv(tmp_path / "bad.csv", [ENGLISH, GOOD, *bad])
    report = import_certificates(sqlite_database, path, progress=lambda done, of: told.append((done, of)))
    assert (report.added, report.rejected) == (1, MOST_PROBLEMS + 5)
    assert (len(report.problems), report.unlisted) == (MOST_PROBLEMS, 5)
    assert report.to_json()["problems_not_listed"] == 5
    assert report.refused_file is not None
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        assert [line[3] for line in csv.reader(file)][1:] == [cells[0] for cells in bad]
    assert told == [(0, MOST_PROBLEMS + 6), (MOST_PROBLEMS + 6, MOST_PROBLEMS + 6)]


def test_a_certificate_named_again_far_below_is_met(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ROWS_A_COMMIT", 10)
    many = [(f"CCAP-{n:06d}", *GOOD[1:]) for n in range(25)]
    path = write_csv(tmp_path / "c.csv", [ENGLISH, *many, many[3], (many[4][0], "Other", *GOOD[2:])])
    for dry_run in (True, False):
        report = import_certificates(sqlite_database, path, dry_run)
        assert (report.added, report.unchanged, report.rejected) == (25, 1, 1)
        assert "stands in row 6 already" in report.problems[0].message
