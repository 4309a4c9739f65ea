"""READ: captures that no reader of this version has read become documents; reading again with a newer reader.

Each document is kept in a commit of its own, so that a kill loses at most the one that was being read. Reading twice
is prevented by the constraint on documents, not by looking first. What could not be read through a failure of ours is
no reading: it is tried again in the next run, and the run says so.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from monitor.documents.document import Document
from monitor.documents.means import DAYS_TRIED, failure_of, has_fallen, means_of, present_means
from monitor.documents.reader import READER_VERSION
from monitor.documents.worker import Reader, ReaderLimits, ReadJob
from storage.captures import CaptureRow
from storage.documents import (
    DocumentRow,
    count_unread,
    keep_failure,
    others_were_read,
    page_family_of,
    readings_before,
    unread_captures,
)
from storage.engine.database import Database, insert_missing
from storage.errors import EvidenceDamaged
from storage.evidence.store import EvidenceStore
from storage.runs import now
from storage.trouble.fence import Fence, fenced

_AT_ONCE = 20


def read_captures(database: Database, evidence: EvidenceStore, limits: ReaderLimits, today: date) -> dict[str, int]:
    """Read every capture that this version has not read; return how many were read, unreadable, or damaged.

    `failed` are those that a failure of ours kept from being read, `fallen` is 1 where far fewer than usual could be
    read. Safe to kill, to repeat, and to run twice at once.
    """
    return _read(database, evidence, limits, today, lambda done: None)


def reread_captures(
    database: Database,
    evidence: EvidenceStore,
    limits: ReaderLimits,
    today: date,
    progress: Callable[[int, int], None],
) -> dict[str, int]:
    """Read stored captures again with the present reader; `progress` is told how many of how many are done.

    Older documents stay: a change is detected only between two documents of one reader version.
    """
    with database.session() as session:
        total = count_unread(session, READER_VERSION, present_means())
    progress(0, total)
    return _read(database, evidence, limits, today, lambda done: progress(min(done, total), total))


def _read(
    database: Database, evidence: EvidenceStore, limits: ReaderLimits, today: date, told: Callable[[int], None]
) -> dict[str, int]:
    tally = Counter({"read": 0, "unreadable": 0, "damaged": 0})
    began = now()
    done = 0
    with Reader(limits) as reader, fenced(database, "read") as fence:
        for captures in _batches(database):
            jobs = _jobs(captures, evidence, fence, tally)
            fence.each(jobs, lambda job: f"capture {job[0].id}", partial(_read_some, database, reader, tally, today))
            done += len(captures)
            told(done)
    with database.session() as session:
        if has_fallen(tally["read"], tally["unreadable"], *readings_before(session, began)):
            tally["fallen"] = 1
    return dict(tally) | fence.tally


def _read_some(
    database: Database, reader: Reader, tally: Counter[str], today: date, jobs: Sequence[tuple[CaptureRow, ReadJob]]
) -> None:
    documents = reader.read_all(job for _, job in jobs)
    for (capture, _), document in zip(jobs, documents, strict=True):
        tally.update(_keep(database, capture, document, today))


def _batches(database: Database) -> Iterator[Sequence[CaptureRow]]:
    """Unread captures, some at a time; one that is set aside is passed over, not asked for again."""
    after, means = 0, present_means()
    while True:
        with database.session() as session:
            captures = unread_captures(session, READER_VERSION, means, _AT_ONCE, after)
        if not captures:
            return
        yield captures
        after = captures[-1].id


def _jobs(
    captures: Sequence[CaptureRow], evidence: EvidenceStore, fence: Fence, tally: Counter[str]
) -> list[tuple[CaptureRow, ReadJob]]:
    """What is to be read, once for each text; a capture whose evidence is damaged is set aside."""
    jobs: dict[tuple[str, str], tuple[CaptureRow, ReadJob]] = {}
    for capture in captures:
        key = (capture.sha256, page_family_of(capture))
        if key in jobs:
            continue
        with fence.unit(f"capture {capture.id}", capture.url):
            try:
                jobs[key] = capture, _job(capture, evidence.read(capture.sha256))
            except EvidenceDamaged:
                tally["damaged"] += 1
                raise
    return list(jobs.values())


def _job(capture: CaptureRow, data: bytes) -> ReadJob:
    if capture.kind == "article":
        return ReadJob(data, None, capture.url, capture.family, capture.content_type)
    return ReadJob(data)


def _keep(database: Database, capture: CaptureRow, document: Document, today: date) -> dict[str, int]:
    row = {
        "sha256": capture.sha256,
        "page_family": page_family_of(capture),
        "reader_version": READER_VERSION,
        "means": means_of(document),
        "readable": document.readable,
        "content": document.to_json(),
        "read_at": now(),
    }
    failed = failure_of(document)
    with database.session() as session:
        if failed is not None and failed.failure is not None:
            days, since = keep_failure(session, row, today, failed.failure, failed.reason or "")
            if days < DAYS_TRIED or not others_were_read(session, since):
                session.commit()
                return {"failed": 1}
        new = insert_missing(session, DocumentRow, [row])
        session.commit()
    return {"read" if document.readable else "unreadable": new}
