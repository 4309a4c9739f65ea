"""The evidence store: bytes kept once by SHA-256, written atomically, verified on reading.

A file is named by the hash of its content and never written again, so what an auditor reads years later
is what the authority's server sent (DESIGN.md, "Evidence").
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from storage.errors import EvidenceDamaged

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


class EvidenceStore:
    """A folder of files named by their hash, two levels deep."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made on first writing."""
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Keep bytes and return their SHA-256 in hexadecimal; bytes already there are not written again."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            self._write(path, content)
        return sha256

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

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside, make durable, then rename: a crash leaves either nothing or the whole file."""
        temporary = f"{path.parent}/.writing-{uuid.uuid4().hex}"
        try:
            handle = os.open(temporary, _NEW_FILE, 0o600)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(temporary, _NEW_FILE, 0o600)
        with os.fdopen(handle, "wb", buffering=0) as file:
            remaining = memoryview(content)
            while remaining:
                remaining = remaining[file.write(remaining) :]
            os.fchmod(handle, 0o444)
            os.fsync(handle)
        Path(temporary).replace(path)
