"""The backup: one TAR that any program opens and `sha256sum -c SHA256SUMS` verifies, and the way back.

In it, in this order: `manifest.json`, the database's snapshot, every file of evidence under the name of its hash, and
`SHA256SUMS` over all of them. Evidence is never altered and is written before the row that names it, so that what is
named after the snapshot was taken is all that the snapshot names, also while a cycle runs.
"""

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from storage.backup import snapshot
from storage.captures import named_hashes
from storage.engine.database import Database
from storage.engine.upgrade import newest_schema
from storage.errors import EvidenceDamaged, SchemaTooNew, StorageError
from storage.evidence.store import EvidenceStore
from storage.runs import now

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
LARGEST_MANIFEST = 1_000_000
LARGEST_EVIDENCE = 4_000_000_000
"""Bytes; more in one member is no backup of ours."""
_PIECE = 1 << 20
_EVIDENCE = re.compile(r"evidence/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
_SNAPSHOT = re.compile(r"database\.(?:sqlite|pgdump)")

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many (0: not known)."""


class NotABackup(StorageError):
    """Raised for a file that is no backup, is cut short, or was altered; the message says where."""


@dataclass(slots=True)
class Kept:
    """What a backup holds, or what was restored: files of evidence and their bytes; what was damaged is not in it."""

    files: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it as the commands print it."""
        return {"files": self.files, "bytes": self.bytes, "damaged": self.damaged}


def back_up(database: Database, evidence: EvidenceStore, to: Path, progress: Progress = lambda done, of: None) -> Kept:
    """Write a backup to a new file, which appears only when it is whole; a cycle may run meanwhile.

    A damaged file of evidence is left out and named. Raises NotEmpty where the file is there already.
    """
    if to.exists():
        raise snapshot.NotEmpty(f"{to} is there already: give the backup another name")
    with _folder_beside(to) as folder:
        copy = folder / snapshot.kind_of(database)
        snapshot.take(database, copy)
        with database.session() as session:
            named = sorted(named_hashes(session))
        kept = Kept()
        with (folder / "backup").open("wb") as file:
            _write(file, copy, (named, evidence), kept, progress)
            file.flush()
            os.fsync(file.fileno())
        (folder / "backup").rename(to)
    return kept


def restore(backup: Path, url: str, evidence: EvidenceStore, progress: Progress = lambda done, of: None) -> Kept:
    """Make database and evidence of a backup, every byte verified; the database appears last, when all else is there.

    Raises:
        NotABackup: it is none, is cut short or was altered; no database was made.
        NotEmpty: there is a database already.
        SchemaTooNew: a newer Rulewatch made it.
    """
    database = Database(url)
    try:
        snapshot.refuse_one_in_use(database)
        kind = snapshot.kind_of(database)
    finally:
        database.close()
    beside = Path(str(evidence.folder)).absolute()
    beside.parent.mkdir(parents=True, exist_ok=True)
    with _folder_beside(beside) as folder:
        try:
            with tarfile.open(backup, "r|*") as tar:
                kept, sums = _read(tar, kind, folder, evidence, progress)
        except (tarfile.TarError, EOFError, UnicodeDecodeError, json.JSONDecodeError) as reason:
            raise NotABackup(f"{backup} is no backup of Rulewatch, or is cut short: {reason}") from None
        if not sums:
            raise NotABackup(f"{backup} is cut short: it has no {SUMS}")
        snapshot.put_back(folder / kind, url)
    return kept


def _write(
    file: IO[bytes], copy: Path, content: tuple[list[str], EvidenceStore], kept: Kept, progress: Progress
) -> None:
    named, evidence = content
    sums: list[str] = []
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        manifest = {
            "format": FORMAT,
            "made_at": now().isoformat(timespec="seconds"),
            "schema": newest_schema(),
            "database": copy.name,
            "files": len(named),
        }
        _add(tar, MANIFEST, json.dumps(manifest, indent=1).encode(), sums)
        with copy.open("rb") as snapshot_file:
            sums.append(f"{hashlib.file_digest(snapshot_file, 'sha256').hexdigest()}  {copy.name}")
        tar.add(copy, copy.name, filter=_anonymous)
        for done, sha256 in enumerate(named, 1):
            try:
                body = evidence.read(sha256)
            except EvidenceDamaged:
                kept.damaged.append(sha256)
                continue
            _add(tar, f"evidence/{sha256[:2]}/{sha256[2:4]}/{sha256}", body, sums)
            kept.files, kept.bytes = kept.files + 1, kept.bytes + len(body)
            progress(done, len(named))
        _add(tar, SUMS, "".join(f"{line}\n" for line in sums).encode(), [])


def _add(tar: tarfile.TarFile, name: str, body: bytes, sums: list[str]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(body), int(now().timestamp()), 0o444
    tar.addfile(member, io.BytesIO(body))
    sums.append(f"{hashlib.sha256(body).hexdigest()}  {name}")


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _read(
    tar: tarfile.TarFile, kind: str, folder: Path, evidence: EvidenceStore, progress: Progress
) -> tuple[Kept, dict[str, str]]:
    """Keep what the members hold; return what was kept, and the sums once they were seen to hold of every member."""
    kept, seen, of = Kept(), dict[str, str](), 0
    for member in tar:
        body = tar.extractfile(member) if member.isreg() else None
        if body is None:
            raise NotABackup(f"{member.name} is no plain file")
        if member.name == MANIFEST and not seen:
            content = _whole(body, member, LARGEST_MANIFEST)
            seen[MANIFEST] = hashlib.sha256(content).hexdigest()
            of = _check_manifest(json.loads(content), kind)
        elif MANIFEST not in seen:
            raise NotABackup(f"it begins with {member.name}, not with {MANIFEST}")
        elif member.name == SUMS:
            return kept, _check_sums(_whole(body, member, LARGEST_EVIDENCE).decode(), seen)
        elif _SNAPSHOT.fullmatch(member.name):
            seen[member.name] = _copied(body, folder / member.name)
        elif match := _EVIDENCE.fullmatch(member.name):
            content = _whole(body, member, LARGEST_EVIDENCE)
            seen[member.name] = evidence.keep(content)
            if seen[member.name] != match[3]:
                raise NotABackup(f"{member.name} was altered")
            kept.files, kept.bytes = kept.files + 1, kept.bytes + len(content)
            progress(kept.files, of)
        else:
            raise NotABackup(f"it holds {member.name}, which no backup does")
    return kept, {}


def _check_manifest(manifest: Any, kind: str) -> int:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NotABackup("its manifest is of no format that this version knows")
    if str(manifest.get("schema")) > newest_schema():
        raise SchemaTooNew(f"the backup's schema {manifest['schema']} is newer than this version of Rulewatch")
    if manifest.get("database") != kind:
        raise NotABackup(f"it holds {manifest.get('database')}; name a database of that kind in database_url")
    return int(manifest.get("files", 0))


def _check_sums(text: str, seen: dict[str, str]) -> dict[str, str]:
    sums = {name: sha256 for sha256, _, name in (line.partition("  ") for line in text.splitlines())}
    if differing := sorted(name for name in sums.keys() | seen.keys() if sums.get(name) != seen.get(name)):
        raise NotABackup(f"{differing[0]} is missing or was altered ({len(differing)} such files)")
    return sums


def _whole(body: IO[bytes], member: tarfile.TarInfo, largest: int) -> bytes:
    if member.size > largest:
        raise NotABackup(f"{member.name} is larger than any file of a backup")
    return body.read()


def _copied(body: IO[bytes], to: Path) -> str:
    digest = hashlib.sha256()
    with to.open("wb") as file:
        while piece := body.read(_PIECE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".rulewatch-", dir=path.parent))
    try:
        yield folder
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)
