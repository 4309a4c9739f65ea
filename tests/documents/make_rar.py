"""RAR 5 archives with stored members, written by hand after the published description of the format (RAR 5.0 archive
format: blocks of CRC, size, type, flags; numbers in groups of seven bits)."""

import zlib

SIGNATURE = b"Rar!\x1a\x07\x01\x00"
_LINK = 5


def make_rar(members: dict[str, bytes], links: dict[str, str] | None = None, damaged: bool = False) -> bytes:
    """Return a RAR archive of these members, and of symbolic links (name → target)."""
    files = b"".join(_file(name, data, damaged) for name, data in members.items())
    files += b"".join(_link(name, target) for name, target in (links or {}).items())
    return SIGNATURE + _block(b"\x01\x00\x00") + files + _block(b"\x05\x00\x00")


def encrypted_rar() -> bytes:
    """Return the head of an archive whose list of names is encrypted (header type 4)."""
    return SIGNATURE + _block(b"\x04\x00\x00\x00\x0f" + bytes(16)) + bytes(64)


def _file(name: str, data: bytes, damaged: bool) -> bytes:
    label = name.encode()
    head = b"\x02\x02" + number(len(data)) + b"\x04" + number(len(data)) + b"\x00"
    head += (
        zlib.crc32(data + b"x" if damaged else data).to_bytes(4, "little") + b"\x00\x00" + number(len(label)) + label
    )
    return _block(head) + data


def _link(name: str, target: str) -> bytes:
    label, goal = name.encode(), target.encode()
    record = bytes([_LINK, 1, 0]) + number(len(goal)) + goal
    extra = number(len(record)) + record
    head = b"\x02\x03" + number(len(extra)) + b"\x00\x00\x00\x00\x00\x01" + number(len(label)) + label
    return _block(head + extra)


def _block(head: bytes) -> bytes:
    content = number(len(head)) + head
    return zlib.crc32(content).to_bytes(4, "little") + content


def number(value: int) -> bytes:
    """Return a number as RAR 5 writes it: seven bits a byte, the lowest first."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
