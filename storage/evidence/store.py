"""The evidence store: bytes kept once by SHA-256, written atomically, verified on reading.

A file is named by the hash of its content and never written again, so what an auditor reads years later
is what the authority's server sent (DESIGN.md, "Evidence").
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from storage.errors import EvidenceDamaged

MANY = 20
"""Files from which one sync() of the whole system costs less than waiting for each."""


class EvidenceStore:
    """A folder of files named by their hash, two levels deep."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made on first writing."""
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Keep bytes and return their SHA-256 in hexadecimal; bytes already there are not written again."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.keep_all({sha256: content})
        return sha256

    def keep_all(self, contents: Mapping[str, bytes]) -> None:
        """Keep bytes by their SHA-256, which the caller knows; many are made durable together, in a third of the time.

        Each is written elsewhere, made durable, then renamed: a crash leaves either nothing or the whole file.
        """
        together = len(contents) >= MANY and sys.platform == "linux"  # where sync() returns when all is written
        missing = {path: body for sha256, body in contents.items() if not (path := self.path(sha256)).exists()}
        written = {path: self._written(body, is_durable=not together) for path, body in missing.items()}
        if together and written:
            os.sync()
        for path, temporary in written.items():
            _put(temporary, path)

    def read(self, sha256: str) -> bytes:
        """Return the bytes of a hash; raise EvidenceDamaged where they are gone or altered."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise EvidenceDamaged(f"evidence {sha256} is gone from {self.folder}") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EvidenceDamaged(f"evidence {sha256} in {self.folder} was altered")
        return content

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a hash lie or would lie."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise EvidenceDamaged(f"{sha256!r} is not a SHA-256")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def hashes(self) -> Iterator[str]:
        """Yield every hash that is kept."""
        for path in self.folder.glob("??/??/*"):
            if len(path.name) == 64:
                yield path.name

    def clear_unfinished(self) -> int:
        """Remove what crashes left half written; return how many files. Nobody else may be writing.

        Older versions wrote beside the place of each file: the whole store is looked through once.
        """
        beside = () if self._unfinished.exists() else self.folder.glob("??/??/.writing-*")
        left = [*beside, *self._unfinished.glob("*")]
        for path in left:
            path.unlink()
        if self.folder.exists():
            self._unfinished.mkdir(exist_ok=True)
        return len(left)

    @property
    def _unfinished(self) -> Path:
        return self.folder / ".writing"

    def _written(self, content: bytes, is_durable: bool) -> str:
        temporary = f"{self._unfinished}/{os.urandom(12).hex()}"
        try:
            handle = _opened(temporary)
        except FileNotFoundError:
            self._unfinished.mkdir(parents=True, exist_ok=True)
            handle = _opened(temporary)
        _write(handle, content, is_durable)
        return temporary


def _put(temporary: str, path: Path) -> None:
    try:
        Path(temporary).replace(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(temporary).replace(path)


def _write(handle: int, content: bytes, is_durable: bool) -> None:
    try:
        remaining = memoryview(content)
        while remaining:
            remaining = remaining[os.write(handle, remaining) :]
        if is_durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def _opened(path: str) -> int:
    """A new file that nobody may write to later."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
