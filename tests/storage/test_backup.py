"""Backup and restore: what goes in comes out, on both engines, while others write, and nothing of a damaged one."""

import io
import random
import shutil
import subprocess
import tarfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, select

from storage.backup.archive import MANIFEST, SUMS, NotABackup, back_up, restore
from storage.backup.snapshot import NotEmpty
from storage.backup.verify import verify
from storage.captures import CaptureRow
from storage.engine.database import Database
from storage.errors import SchemaTooNew, StorageError
from storage.evidence.store import EvidenceStore
from tests.conftest import new_postgres
from tests.storage.test_warc import BODIES, DAY, keep


@dataclass
class Installation:
    """A database with three captures, their evidence, and an empty place for another."""

    database: Database
    evidence: EvidenceStore
    elsewhere: str
    folder: Path

    @property
    def file(self) -> Path:
        """Where its backup goes."""
        return self.folder / "backup.tar"

    @property
    def other(self) -> EvidenceStore:
        """The evidence of the other place."""
        return EvidenceStore(self.folder / "other" / "evidence")


def rows(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, in a fixed order."""
    tables = MetaData()
    tables.reflect(database.engine)
    with database.engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in tables.tables.items()
        }


def has_tables(url: str) -> bool:
    """Whether a database holds anything."""
    database = Database(url)
    try:
        return bool(inspect(database.engine).get_table_names())
    finally:
        database.close()


@pytest.fixture
def made(
    database: Database, evidence: EvidenceStore, tmp_path: Path, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:  # fmt: skip
    """An installation on each engine."""
    keep(database, evidence)
    elsewhere = f"sqlite:///{tmp_path / 'other' / 'rulewatch.db'}"
    if database.engine.dialect.name == "postgresql":
        import pgserver

        programs = Path(pgserver.__file__).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", str(programs), prepend=":")
        elsewhere = new_postgres(request.getfixturevalue("postgres_url"))
    return Installation(database, evidence, elsewhere, tmp_path)


def test_what_goes_in_comes_out_and_standard_tools_verify_it(made: Installation) -> None:
    told: list[tuple[int, int]] = []
    kept = back_up(made.database, made.evidence, made.file, lambda done, of: told.append((done, of)))
    assert (kept.files, kept.damaged, told) == (len(BODIES), [], [(1, 3), (2, 3), (3, 3)])
    unpacked = made.folder / "unpacked"
    unpacked.mkdir()
    subprocess.run(["tar", "-xf", made.file, "-C", unpacked], check=True)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=unpacked, check=True)
    before = rows(made.database)
    assert restore(made.file, made.elsewhere, made.other).files == len(BODIES)
    restored = Database(made.elsewhere)
    assert rows(restored) == before
    assert verify(restored, made.other).is_sound
    restored.close()
    with pytest.raises(NotEmpty, match="not empty"):
        restore(made.file, made.elsewhere, made.other)
    with pytest.raises(NotEmpty, match="another name"):
        back_up(made.database, made.evidence, made.file)
    assert not list(made.folder.glob(".rulewatch-*"))


def test_a_backup_is_whole_while_others_write(made: Installation) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            sha256 = made.evidence.keep(f"body {number}".encode())
            with made.database.session() as session:
                session.add(
                    CaptureRow(
                        visit_id=1, authority="made", section="rules", role="rules", kind="file", family="general",
                        url=f"http://example.org/{number}", status=200, headers={}, sha256=sha256, size=6,
                        fetched_at=datetime(2026, 3, 2, tzinfo=UTC), today=DAY,
                    )
                )  # fmt: skip
                session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for attempt in range(3):
            back_up(made.database, made.evidence, made.folder / f"{attempt}.tar")
    finally:
        stop.set()
        writer.join()
    assert len(rows(made.database)["captures"]) > len(BODIES)
    restore(made.folder / "2.tar", made.elsewhere, made.other)
    restored = Database(made.elsewhere)
    assert verify(restored, made.other).is_sound
    restored.close()


def test_a_damaged_file_is_left_out_by_name_and_verify_tells_it(made: Installation) -> None:
    with made.database.session() as session:
        gone, altered, _ = session.scalars(select(CaptureRow.sha256).order_by(CaptureRow.id))
    made.evidence.path(gone).unlink()
    made.evidence.path(altered).chmod(0o644)
    made.evidence.path(altered).write_bytes(b"other")
    stranger = made.evidence.keep(b"nobody's")
    verdict = verify(made.database, made.evidence)
    assert (verdict.missing, verdict.altered, verdict.unnamed) == ({gone: 1}, {altered: 2}, (stranger,))
    assert not verdict.is_sound
    assert back_up(made.database, made.evidence, made.file).damaged == sorted((gone, altered))
    restore(made.file, made.elsewhere, made.other)
    assert list(made.other.hashes()) == [sha256 for sha256 in made.evidence.hashes() if sha256 not in (
        gone, altered, stranger)]  # fmt: skip


def test_of_a_backup_cut_or_altered_anywhere_no_database_is_made(sqlite_database: Database, tmp_path: Path) -> None:
    evidence = EvidenceStore(tmp_path / "evidence")
    keep(sqlite_database, evidence)
    whole, before = tmp_path / "whole.tar", rows(sqlite_database)
    back_up(sqlite_database, evidence, whole)
    good, chance, refused = whole.read_bytes(), random.Random(7), 0
    for number in range(40):
        at = chance.randrange(len(good))
        bad = (
            good[:at] if number % 4 == 0 else good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1 :]
        )
        home = tmp_path / str(number)
        home.mkdir()
        (home / "bad.tar").write_bytes(bad)
        url = f"sqlite:///{home / 'r.db'}"
        try:
            restore(home / "bad.tar", url, EvidenceStore(home / "evidence"))
        except StorageError:
            assert not has_tables(url), at
            refused += 1
        else:  # the tar's own padding and times say nothing of the content
            restored = Database(url)
            assert rows(restored) == before, at
            assert verify(restored, EvidenceStore(home / "evidence")).is_sound
            restored.close()
    assert refused > 20


def test_a_stranger_s_archive_writes_nowhere(tmp_path: Path) -> None:
    link = tarfile.TarInfo("evidence")
    link.type, link.linkname = tarfile.SYMTYPE, "/"
    manifest = b'{"format": 1, "schema": "0001", "database": "database.sqlite"}'
    newer = b'{"format": 1, "schema": "9999", "database": "database.sqlite"}'
    other = b'{"format": 1, "schema": "0001", "database": "database.pgdump"}'
    wanted: list[tuple[list[tuple[tarfile.TarInfo, bytes]], type[Exception]]] = [
        ([(link, b"")], NotABackup),
        ([(tarfile.TarInfo("../outside"), b"x")], NotABackup),
        ([(tarfile.TarInfo(MANIFEST), manifest), (tarfile.TarInfo("../outside"), b"x")], NotABackup),
        ([(tarfile.TarInfo(MANIFEST), manifest), (tarfile.TarInfo(f"evidence/aa/aa/{'a' * 64}"), b"x")], NotABackup),
        ([(tarfile.TarInfo(MANIFEST), newer)], SchemaTooNew),
        ([(tarfile.TarInfo(MANIFEST), other)], NotABackup),
        ([(tarfile.TarInfo(MANIFEST), b"[]")], NotABackup),
        ([(tarfile.TarInfo(MANIFEST), b"{")], NotABackup),
        ([], NotABackup),
    ]
    for number, (members, refusal) in enumerate(wanted):
        home = tmp_path / str(number)
        home.mkdir()
        with tarfile.open(home / "b.tar", "w") as tar:
            for member, body in members:
                member.size = len(body)
                tar.addfile(member, io.BytesIO(body))
        with pytest.raises(refusal):
            restore(home / "b.tar", f"sqlite:///{home / 'r.db'}", EvidenceStore(home / "evidence"))
        shutil.rmtree(home)
    assert list(tmp_path.iterdir()) == []
