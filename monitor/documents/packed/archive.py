"""Archives: what they hold, under limits of number, size, expansion and depth.

ZIP is read here, whatever its names are written in; RAR by rarfile with a system program (unar or bsdtar); tar, gzip,
bzip2 and xz by the standard library. Bytes are read, never extracted: a member's name is a label, so that a path in
it leads nowhere. Links are not followed. One bad member does not spoil the others.
"""

import bz2
import gzip
import lzma
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase, BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

import rarfile

from monitor.documents.errors import NO_UNAR, Damaged, Encrypted, LimitExceeded, UnarMissing, Unreadable
from monitor.documents.kinds import Kind
from monitor.documents.packed.zips import Zip, ZipLimits

_MIB = 1024 * 1024
_CHUNK = 256 * 1024
DEPTH = 3
"""How deep archives may lie in archives."""
HOW_TO_GET_UNAR = "install unar (Debian: apt-get install unar)"
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$|~\$[^/]*$)", re.IGNORECASE)
_PACKED = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its bytes, or the reason why it has none."""

    name: str
    data: bytes = b""
    reason: str | None = None
    failure: str | None = None


@dataclass(slots=True)
class Allowance:
    """What an archive with everything nested in it may still hold; used up as members are read."""

    members: int = 500
    total_bytes: int = 300 * _MIB
    member_bytes: int = 100 * _MIB

    def take_member(self) -> None:
        """Count one member.

        Raises:
            LimitExceeded: there are too many.
        """
        self.members -= 1
        if self.members < 0:
            raise LimitExceeded("the archive has more members than are allowed")

    def take(self, size: int) -> None:
        """Count unpacked bytes.

        Raises:
            LimitExceeded: there are too many.
        """
        self.total_bytes -= size
        if self.total_bytes < 0:
            raise LimitExceeded("the archive unpacks to more than is allowed")


def members_of(data: bytes, kind: Kind, allowance: Allowance) -> Iterator[Member]:
    """Yield the files of an archive in its order; folders, and what only a file manager left, are passed over.

    Raises:
        Unreadable: the archive as a whole cannot be read.
    """
    reader = _READERS.get(kind)
    if reader is None:
        raise Unreadable("7z archives are not read; ask for the file as ZIP, or unpack it and use `rulewatch show`")
    for member in reader(data, allowance):
        if not _JUNK.search(member.name):
            allowance.take_member()
            yield member


def _reasoned(name: str, read: Callable[[], bytes]) -> Member:
    """A member with its bytes, or with what stands in the way."""
    try:
        return Member(name, read())
    except Unreadable as reason:
        return Member(name, reason=str(reason), failure=reason.failure)


# ZIP.


def _zip_members(data: bytes, allowance: Allowance) -> Iterator[Member]:
    limits = ZipLimits(max(1, 4 * allowance.members), allowance.member_bytes, max(1, allowance.total_bytes))
    archive = Zip(data, limits)
    if not archive.names:
        raise Damaged("the archive is empty")
    for name in archive.names:
        if archive.is_link(name):
            yield Member(name, reason="the member is a link, which is not followed")
            continue
        member = _reasoned(name, lambda name=name: archive.read(name))  # type: ignore[misc]
        allowance.take(len(member.data))
        yield member


# RAR.


def rar_program() -> str | None:
    """Return the program that unpacks RAR, None where none is installed."""
    return shutil.which("unar") or shutil.which("bsdtar") or shutil.which("unrar")


def _rar_members(data: bytes, allowance: Allowance) -> Iterator[Member]:
    try:
        archive = rarfile.RarFile(BytesIO(data))
        if archive.needs_password() and not archive.infolist():
            raise Encrypted("the RAR archive needs a password")
        for info in archive.infolist():
            if not info.is_dir():
                yield _rar_member(archive, info, allowance)
    except (rarfile.Error, OSError, ValueError, IndexError, KeyError) as reason:
        raise Damaged(f"the RAR archive is damaged or cut off ({_said(reason)})") from reason


def _rar_member(archive: rarfile.RarFile, info: Any, allowance: Allowance) -> Member:
    name = info.filename.replace("\\", "/")
    if info.is_symlink() or getattr(info, "file_redir", None):
        return Member(name, reason="the member is a link, which is not followed")
    if info.needs_password():
        return Member(name, reason=f"{name} needs a password")
    if info.compress_type != rarfile.RAR_M0 and rar_program() is None:
        return Member(name, reason=f"unpacking RAR needs a program: {HOW_TO_GET_UNAR}", failure=NO_UNAR)
    return _reasoned(name, lambda: _rar_bytes(archive, info, allowance))


def _rar_bytes(archive: rarfile.RarFile, info: Any, allowance: Allowance) -> bytes:
    if info.file_size is not None and info.file_size > allowance.member_bytes:
        raise LimitExceeded(f"{info.filename} unpacks to {info.file_size // _MIB} MB")
    try:
        with archive.open(info) as member:
            return _bounded(member, info.filename, allowance)
    except rarfile.RarCannotExec as reason:
        raise UnarMissing(f"unpacking RAR needs a program: {HOW_TO_GET_UNAR}") from reason
    except (rarfile.Error, OSError, ValueError, EOFError) as reason:
        raise Damaged(f"{info.filename} in the archive is damaged ({_said(reason)})") from reason


# tar, gzip, bzip2, xz.


def _packed_members(data: bytes, allowance: Allowance) -> Iterator[Member]:
    unpacked, name = _unpacked(data, allowance)
    if unpacked[257:262] != b"ustar":
        yield Member(name or "file", unpacked)
        return
    try:
        with tarfile.open(fileobj=BytesIO(unpacked), mode="r:") as archive:
            for info in archive:
                if not info.isdir():
                    yield _tar_member(archive, info, allowance)
    except (tarfile.TarError, *_PACKED) as reason:
        raise Damaged(f"the tar archive is damaged or cut off ({_said(reason)})") from reason


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, allowance: Allowance) -> Member:
    if not info.isfile():
        return Member(info.name, reason="the member is a link or a device, which is not followed")
    source = archive.extractfile(info)
    assert source is not None
    return _reasoned(info.name, lambda: _bounded(source, info.name, allowance))


def _unpacked(data: bytes, allowance: Allowance) -> tuple[bytes, str | None]:
    if data[257:262] == b"ustar":
        return data, None
    opened, name = _opened(data)
    try:
        with opened:
            return _bounded(opened, "the packed file", allowance), name
    except _PACKED as reason:
        raise Damaged(f"the packed file is damaged or cut off ({_said(reason)})") from reason


def _opened(data: bytes) -> tuple[BufferedIOBase, str | None]:
    source = BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=source), _gzip_name(data)
    if data.startswith(b"BZh"):
        return bz2.BZ2File(source), None
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(source), None
    raise Damaged("files packed in this way (zstandard) are not read")


def _gzip_name(data: bytes) -> str | None:
    """The name that gzip keeps (RFC 1952, FNAME)."""
    if len(data) < 12 or not data[3] & 8 or data[3] & 4:
        return None
    raw = data[10:].split(b"\x00", 1)[0][:255]
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return PurePosixPath(raw.decode(encoding)).name
    return None


def _bounded(source: IO[bytes] | BufferedIOBase, name: str, allowance: Allowance) -> bytes:
    content = bytearray()
    while chunk := source.read(_CHUNK):
        content += chunk
        allowance.take(len(chunk))
        if len(content) > allowance.member_bytes:
            raise LimitExceeded(f"{name} unpacks to more than is allowed")
    return bytes(content)


def _said(reason: BaseException) -> str:
    return (str(reason) or type(reason).__name__).splitlines()[0][:200]


_READERS: dict[Kind, Callable[[bytes, Allowance], Iterator[Member]]] = {
    Kind.ZIP: _zip_members,
    Kind.RAR: _rar_members,
    Kind.PACKED: _packed_members,
}
