"""DOC, WPS, RTF and other Word files: made DOCX by LibreOffice where it is installed, then read as DOCX.

Without LibreOffice the text of a Word 97 file is read by `word97`, with a doubt that says so. LibreOffice runs with
a profile of its own in a folder that is thrown away, without macros, and is killed when it takes too long.
"""

import re
import resource
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from monitor.documents.document import Doubt
from monitor.documents.errors import Damaged, Encrypted, OfficeMissing, OutOfTime
from monitor.documents.kinds import Kind
from monitor.documents.pdf.text_layer import Ocr
from monitor.documents.structure.lines import Grid, Held, Line, RawText
from monitor.documents.word.docx import read_docx
from monitor.documents.word.word97 import is_encrypted, read_word97

MOST_SECONDS = 60
_START_AGAIN = 81
HOW_TO_GET = "install LibreOffice (Debian: apt-get install libreoffice-writer-nogui)"
_BESIDE = ("head of pages", "foot of pages", "margin")
_ENDINGS = {Kind.DOC: "doc", Kind.RTF: "rtf", Kind.OFFICE: "xml"}


def read_doc(data: bytes, kind: Kind = Kind.DOC, ocr: Ocr | None = None) -> RawText:
    """Return the paragraphs and tables of a Word file in one of the older formats; pictures of text as in a DOCX.

    Raises:
        Damaged, Encrypted, LimitExceeded: as for every format.
        OfficeMissing: only LibreOffice could read it, and it is not installed.
    """
    if kind is Kind.DOC and is_encrypted(data):
        raise Encrypted("the Word file needs a password")
    program = office_program()
    if program is None:
        return _without_office(data, kind)
    try:
        converted = convert(program, data, _ENDINGS.get(kind, "doc"))
    except Damaged:
        if kind is not Kind.DOC:
            raise
        return _doubtful(read_word97(data), "LibreOffice could not open the file")
    read = read_docx(converted, kind="doc", ocr=ocr)
    return checked(read, data) if kind is Kind.DOC else read


def checked(read: RawText, data: bytes) -> RawText:
    """Return what LibreOffice made, held against the file's own text: a table that it lost is taken from there.

    What was read off pictures is not in the file's own text, and stays out of the comparison.
    """
    try:
        own = read_word97(data)
    except (Damaged, Encrypted):
        return read
    typed = replace(read, pages=tuple(page for page in read.pages if not page.ocr))
    converted, plain = _said(typed), _said(own)
    if converted == plain and _tables(own) > _tables(typed):
        if typed == read:
            return replace(read, pages=own.pages)
        return replace(read, doubts=(*read.doubts, Doubt("table", "LibreOffice did not show every table of the file")))
    if len(plain) > 1.05 * len(converted) + 20:
        lost = len(plain) - len(converted)
        why = f"the file holds about {lost} characters more than LibreOffice showed"
        return replace(read, doubts=(*read.doubts, Doubt("text", why)))
    return replace(read, held=_held(read, own, data)) if typed == read and read.held != own.held else read


def _held(read: RawText, own: RawText, data: bytes) -> tuple[Held, ...]:
    """What the file itself holds; heads and comments as LibreOffice wrote them, which repeats them for each section.

    Where the file refers to pages by fields, LibreOffice counts them anew, and only what it wrote can be counted.
    """
    beside = [item for item in read.set_aside if item.where in _BESIDE]
    if b"P\0A\0G\0E\0R\0E\0F\0" in data or b"PAGEREF" in data:
        return read.held or ()
    stories = [place for place in own.held or () if place.where not in ("head", "head box", "comment")]
    return (*stories, *(Held(item.where, item.text) for item in beside))


def _said(read: RawText) -> str:
    texts = (block.text if isinstance(block, Line) else _cells(block) for page in read.pages for block in page.blocks)
    return re.sub(r"\s+", "", "".join(texts))


def _cells(grid: Grid) -> str:
    return "".join(cell for row in grid.rows for cell in row)


def _tables(read: RawText) -> int:
    return sum(isinstance(block, Grid) for page in read.pages for block in page.blocks)


def office_program() -> str | None:
    """Return the path of LibreOffice, None where it is not installed.

    The program itself is preferred to the scripts before it, so that one process is all there is to end.
    """
    script = shutil.which("soffice") or shutil.which("libreoffice")
    if script is None:
        return None
    binary = Path(script).resolve().parent / "soffice.bin"
    return str(binary) if binary.exists() else script


def _without_office(data: bytes, kind: Kind) -> RawText:
    if kind is Kind.DOC:
        return _doubtful(read_word97(data), f"LibreOffice is not installed; {HOW_TO_GET}")
    raise OfficeMissing(f"this Word format needs LibreOffice: {HOW_TO_GET}")


def _doubtful(read: RawText, why: str) -> RawText:
    doubt = Doubt("text", f"read by the simple reader: {why}; hidden text and tracked changes are not told apart")
    return replace(read, doubts=(*read.doubts, doubt))


def convert(program: str, data: bytes, ending: str, target: str = "docx") -> bytes:
    """Return a file converted by LibreOffice.

    Raises:
        Damaged: LibreOffice could not open it.
        OutOfTime: it took longer than is allowed.
    """
    with tempfile.TemporaryDirectory(prefix="rulewatch-office-") as folder:
        source = Path(folder) / f"file.{ending}"
        source.write_bytes(data)
        _run(_command(program, folder, source, target))
        made = Path(folder) / "out" / f"file.{target}"
        if not made.exists() or not made.stat().st_size:
            raise Damaged("the file is damaged: LibreOffice could not open it")
        return made.read_bytes()


def _command(program: str, folder: str, source: Path, target: str) -> list[str]:
    filters = {"docx": "docx:MS Word 2007 XML"}
    return [
        program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nologo",
        "--nodefault", "--nolockcheck", "--convert-to", filters.get(target, target),
        "--outdir", f"{folder}/out", str(source),
    ]  # fmt: skip


def _run(command: list[str]) -> None:
    """Run LibreOffice; with a new profile it may end with 81, which asks to be started once more."""
    for _ in range(3):
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=_own_limits,
        )  # fmt: skip
        try:
            if child.wait(MOST_SECONDS) != _START_AGAIN:
                return
        except subprocess.TimeoutExpired:
            raise OutOfTime(f"LibreOffice took more than {MOST_SECONDS} seconds") from None
        finally:
            child.kill()
            child.wait()


def _own_limits() -> None:
    """LibreOffice has its own computing time; the hard limits, which the worker set for all, still hold."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
