"""Captures as a WARC file (ISO 28500): what an auditor opens with any replay tool, without us.

Each capture becomes a response record with the headers as the server sent them. Bodies are kept as they were read:
where a server had compressed one, its Content-Encoding and length are told as X-Archive-Orig headers, so that no tool
unpacks twice.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.captures import CaptureRow
from storage.changes import EvidenceRow
from storage.evidence.store import EvidenceStore

_FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


def captures_of_change(session: Session, change_id: int) -> Sequence[CaptureRow]:
    """Return the captures that a change rests on, oldest first, with the pages that linked to them."""
    query = select(CaptureRow).join(EvidenceRow, EvidenceRow.capture_id == CaptureRow.id)
    rows = list(session.scalars(query.where(EvidenceRow.change_id == change_id)))
    parents = {row.parent_url for row in rows if row.parent_url}
    around = session.scalars(select(CaptureRow).where(CaptureRow.url.in_(parents)))
    return sorted({row.id: row for row in (*rows, *around)}.values(), key=lambda row: row.id)


def captures_of_period(session: Session, first: date, last: date, authority: str | None = None) -> Sequence[CaptureRow]:
    """Return everything that was captured from one day to another, both included, oldest first."""
    query = select(CaptureRow).where(CaptureRow.today >= first, CaptureRow.today <= last)
    if authority is not None:
        query = query.where(CaptureRow.authority == authority)
    return session.scalars(query.order_by(CaptureRow.id)).all()


def write_warc(captures: Iterable[CaptureRow], evidence: EvidenceStore, path: Path) -> int:
    """Write captures into a gzipped WARC file and return how many; raise EvidenceDamaged where bytes are gone."""
    written = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(_about(writer, path.name))
        for capture in captures:
            writer.write_record(_response(writer, capture, evidence.read(capture.sha256)))
            written += 1
    return written


def _about(writer: WARCWriter, name: str) -> Any:
    fields = {"software": "Rulewatch", "format": "WARC File Format 1.0", "isPartOf": "captures of watched sections"}
    return writer.create_warcinfo_record(name, fields)


def _response(writer: WARCWriter, capture: CaptureRow, body: bytes) -> Any:
    headers = {
        "WARC-Date": _moment(capture.fetched_at),
        "WARC-Identified-Payload-Type": capture.content_type or "application/octet-stream",
    }
    return writer.create_warc_record(
        capture.url.partition("#")[0], "response", payload=BytesIO(body), http_headers=_http(capture, len(body)),
        warc_headers_dict=headers,
    )  # fmt: skip


def _http(capture: CaptureRow, size: int) -> StatusAndHeaders:
    lines = [
        (f"X-Archive-Orig-{name}" if name.lower() in _FRAMING else name, value)
        for name, value in capture.headers.items()
    ]
    return StatusAndHeaders(f"{capture.status} OK", [*lines, ("Content-Length", str(size))], protocol="HTTP/1.1")


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
