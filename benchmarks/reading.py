"""How well and how fast documents are read, beside the next best library on the same files.

Each reading runs in a process of its own, so that peak memory is that of one format. The known text is that of
tests/documents; headings and cells are counted only for readers that give them.

The others give plain text with contents, running heads and page numbers, which is no error of theirs: those lines, and
the lines that antiword draws around cells, are taken out before they are compared. What is left of their CER is letters
and order. The scans are made from clean pages by the tests' own scanner: real ones read worse.
"""

import io
import multiprocessing
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
RULE = ROOT / "tests" / "documents" / "rule"
KNOWN = RULE / "known.md"


_FURNITURE = re.compile(r"^(?:目\s*录|CCAP 自愿性产品认证实施规则|第\s*\d+\s*页\s*共\s*\d+\s*页|\d+)$|\.{6,}\s*\d*$")


class Result(NamedTuple):
    """Of one reading: shares from 0 to 1 (None where a reader gives no headings and cells), seconds, megabytes."""

    errors: float
    headings: float | None
    cells: float | None
    seconds: float
    megabytes: int


def ours(data: bytes) -> Result:
    """What Rulewatch reads; without OCR the second reading is timed, with everything loaded."""
    from monitor.documents.document import Document
    from monitor.documents.reader import read_document
    from tests.documents.measure import measured

    documents: list[Document] = []
    seconds = _timed(lambda: documents.append(read_document(data)))
    if not documents[0].ocr_pages:
        seconds = _timed(lambda: read_document(data))
    document = documents[0]
    found = measured(document, KNOWN)
    return Result(found.errors, found.headings, found.cells, seconds, _peak())


def pypdf_text(data: bytes) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def pdfminer_text(data: bytes) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(io.BytesIO(data)))


def docx_text(data: bytes) -> str:
    import docx

    document = docx.Document(io.BytesIO(data))
    said: list[str] = []
    for item in document.iter_inner_content():
        rows = getattr(item, "rows", None)
        said += [item.text] if rows is None else [cell.text for row in rows for cell in row.cells]
    return "\n".join(said)


def antiword_text(data: bytes) -> str:
    with tempfile.NamedTemporaryFile(suffix=".doc") as file:
        file.write(data)
        file.flush()
        command = ["antiword", "-m", "UTF-8.txt", "-w", "0", file.name]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def tesseract_text(data: bytes) -> str:
    import pypdfium2 as pdfium

    texts = []
    for page in pdfium.PdfDocument(data):
        buffer = io.BytesIO()
        page.render(scale=200 / 72).to_pil().save(buffer, "PNG")
        command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "3"]
        texts.append(subprocess.run(command, input=buffer.getvalue(), capture_output=True, check=True).stdout.decode())
    return "\n".join(texts)


OTHERS: dict[str, Callable[[bytes], str]] = {
    "pypdf": pypdf_text,
    "pdfminer.six": pdfminer_text,
    "python-docx": docx_text,
    "antiword": antiword_text,
    "tesseract": tesseract_text,
}


def other(name: str, data: bytes) -> Result:
    """What another reader gives: its text alone, compared with the known one."""
    from tests.documents.known import read_known
    from tests.documents.measure import error_rate, known_text

    text = "\n".join(line for line in OTHERS[name](data).splitlines() if not _FURNITURE.search(line.strip()))
    text = text.replace("|", "") if name == "antiword" else text
    seconds = _timed(lambda: OTHERS[name](data))
    return Result(error_rate(text, known_text(read_known(KNOWN))), None, None, seconds, _peak())


def _timed(read: Callable[[], object]) -> float:
    start = time.perf_counter()
    read()
    return time.perf_counter() - start


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _run(name: str, data: bytes) -> Result:
    return ours(data) if name == "Rulewatch" else other(name, data)


def cases() -> Iterator[tuple[str, str, bytes, int]]:
    """What is read, by which reader, its bytes, its pages."""
    import pypdfium2 as pdfium

    from tests.documents.known import read_known
    from tests.documents.make_ofd import make_ofd
    from tests.documents.scans import Scan, scanned

    pdf = (RULE / "typed.pdf").read_bytes()
    pages = len(pdfium.PdfDocument(pdf))
    rivals = {"pdf": ("pypdf", "pdfminer.six"), "docx": ("python-docx",), "doc": ("antiword",)}
    for ending, others in rivals.items():
        for look in ("typed", "auto"):
            for reader in ("Rulewatch", *others):
                if reader != "antiword" or shutil.which("antiword"):
                    yield f"{ending}, {look}", reader, (RULE / f"{look}.{ending}").read_bytes(), pages
    yield "ofd", "Rulewatch", make_ofd(read_known(KNOWN)), pages
    for name, scan in (
        ("scan 150 dpi, 1° askew", Scan(dpi=150, skew=1.0)),
        ("scan 300 dpi", Scan(dpi=300)),
        ("scan 150 dpi, seal, 1° askew", Scan(dpi=150, skew=1.0, seal_at=(0.6, 0.8))),
        ("scan 200 dpi, seal, 1° askew", Scan(dpi=200, skew=1.0, seal_at=(0.6, 0.8))),
    ):
        data = scanned(pdf, scan)
        yield name, "Rulewatch", data, pages
        if shutil.which("tesseract"):
            yield name, "tesseract", data, pages


def main() -> None:
    """Print one table."""
    table = Table(
        "file", "reader", "CER", "headings", "cells", "pages/s", "peak MB", title="Reading one rule, known text"
    )
    context = multiprocessing.get_context("spawn")
    for name, reader, data, pages in cases():
        with context.Pool(1) as pool:
            result = pool.apply(_run, (reader, data))
        shares = [f"{share:.1%}" if share is not None else "–" for share in (result.headings, result.cells)]
        speed = f"{pages / result.seconds:.1f}"
        table.add_row(name, reader, f"{result.errors:.2%}", *shares, speed, str(result.megabytes))
    Console().print(table)


if __name__ == "__main__":
    main()
