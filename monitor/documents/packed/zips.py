"""ZIP containers under limits: archives, and the formats that are ZIP inside (DOCX, XLSX, OFD).

What a container declares is checked before anything is unpacked, and counted again while it is unpacked, because
a declaration may lie. Nothing is ever written to a path that a container names.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from monitor.documents.errors import Damaged, Encrypted, LimitExceeded

_MIB = 1024 * 1024
_CHUNK = 64 * 1024
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError,
    UnicodeError, ValueError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """How much a container may hold: members, bytes of one and of all, and how far it may be compressed.

    `ratio` is unpacked to packed bytes, looked at for members above `ratio_from` bytes.
    """

    members: int = 500
    member_bytes: int = 150 * _MIB
    total_bytes: int = 300 * _MIB
    ratio: int = 200
    ratio_from: int = _MIB


PACKAGE_LIMITS = ZipLimits(members=5000)
"""For Office files, whose pictures are members."""


class Zip:
    """An opened container: names as they should be read, and the bytes behind them."""

    def __init__(self, data: bytes, limits: ZipLimits = PACKAGE_LIMITS) -> None:
        """Open a container.

        Raises:
            Damaged: the bytes are cut off or not a ZIP.
            LimitExceeded: it declares more than the limits allow.
        """
        self.limits = limits
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as reason:
            raise Damaged(f"the ZIP container is damaged or cut off ({_said(reason)})") from reason
        self._unpacked = 0
        self._members = {name_of(info): info for info in self._zip.infolist()}
        self._check_declared()

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names in their order, folders left out."""
        return tuple(name for name, info in self._members.items() if not info.is_dir())

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    def size(self, name: str) -> int:
        """Return the size that a member declares, in bytes."""
        return self._members[name].file_size

    def is_encrypted(self, name: str) -> bool:
        """Whether a member needs a password."""
        return bool(self._members[name].flag_bits & 1)

    def is_link(self, name: str) -> bool:
        """Whether a member is a symbolic link instead of a file."""
        return stat.S_ISLNK(self._members[name].external_attr >> 16)

    def read(self, name: str) -> bytes:
        """Return a member's bytes.

        Raises:
            Damaged: there is no such member, or its bytes are broken.
            Encrypted: it needs a password.
            LimitExceeded: it, or all that was read so far, is larger than allowed.
        """
        if name not in self._members:
            raise Damaged(f"the container has no {name}")
        if self.is_encrypted(name):
            raise Encrypted(f"{name} needs a password")
        self._check_member(name)
        try:
            return b"".join(self._chunks(name))
        except _BROKEN as reason:
            raise Damaged(f"{name} in the container is damaged ({_said(reason)})") from reason

    def _chunks(self, name: str) -> Iterator[bytes]:
        size = 0
        with self._zip.open(self._members[name]) as member:
            while chunk := member.read(_CHUNK):
                size += len(chunk)
                self._unpacked += len(chunk)
                if size > self.limits.member_bytes or self._unpacked > self.limits.total_bytes:
                    raise LimitExceeded(f"{name} unpacks to more than is allowed")
                yield chunk

    def _check_declared(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > self.limits.members:
            raise LimitExceeded(f"the container has {len(infos)} members; {self.limits.members} are allowed")
        total = sum(info.file_size for info in infos)
        if total > self.limits.total_bytes:
            raise LimitExceeded(f"the container unpacks to {_mib(total)}; {_mib(self.limits.total_bytes)} are allowed")

    def _check_member(self, name: str) -> None:
        info = self._members[name]
        limits, size = self.limits, info.file_size
        if size > limits.member_bytes:
            raise LimitExceeded(f"{name} unpacks to {_mib(size)}; {_mib(limits.member_bytes)} are allowed")
        if size > limits.ratio_from and size > limits.ratio * max(info.compress_size, 1):
            raise LimitExceeded(f"{name} ({_mib(size)}) is compressed over {limits.ratio} times: a decompression bomb")


def name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name: UTF-8 where marked so or valid as such, else GB18030, which Chinese Windows writes."""
    if info.flag_bits & 0x800:
        return info.orig_filename if "\x00" not in info.orig_filename else info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _mib(size: int) -> str:
    return f"{size / _MIB:.0f} MB"


def _said(reason: BaseException) -> str:
    return str(reason) or type(reason).__name__
