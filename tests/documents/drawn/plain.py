"""Other eyes: the characters of a file by the simplest means that libraries have, to test what was drawn."""

import re
import unicodedata
from io import BytesIO
from zipfile import ZipFile

import olefile
import openpyxl
from bs4 import BeautifulSoup, Comment
from lxml import etree
from pdfminer.high_level import extract_text
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

_WORD_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def squeezed(text: str) -> str:
    """Return a text without white space, compatibility forms folded."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def plain_text(content: bytes, name: str) -> str:
    """Return all text of a file, squeezed, in the order of the file."""
    ending = name.rpartition(".")[2]
    return squeezed(_READERS[ending](content))


def _pdf(content: bytes) -> str:
    fields = PdfReader(BytesIO(content)).get_fields() or {}
    return "\n".join([extract_text(BytesIO(content)), *(str(field.value) for field in fields.values())])


def _docx(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as package:
        names = [
            name for name in package.namelist() if re.match(r"word/(document|footnotes|header|footer)\d*\.xml", name)
        ]
        roots = [etree.fromstring(package.read(name)) for name in names]
    return "".join(node.text or "" for root in roots for node in root.iter(_WORD_TEXT))


def _doc(content: bytes) -> str:
    """The text of Word 97 stands in its stream in UTF-16 wherever it has Chinese."""
    with olefile.OleFileIO(BytesIO(content)) as storage:
        return storage.openstream("WordDocument").read().decode("utf-16-le", "ignore")


def _html(content: bytes) -> str:
    soup = BeautifulSoup(content, "lxml")
    for node in soup.find_all(["script", "style"]) + soup.find_all(string=lambda text: isinstance(text, Comment)):
        node.extract()
    for node in soup.find_all("input"):
        node.replace_with(str(node.get("value")))
    return soup.get_text()


def _ofd(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as package:
        pages = sorted(
            (name for name in package.namelist() if "Page_" in name), key=lambda name: int(name.split("_")[2][:-12])
        )
        roots = [etree.fromstring(package.read(name)) for name in pages]
    return "".join(node.text or "" for root in roots for node in root.iter("{*}TextCode"))


def _xlsx(content: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(content))
    return "".join(sheet.title + "".join(str(cell.value or "") for row in sheet for cell in row) for sheet in book)


def _xls(content: bytes) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    text = ""
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        text += name + "".join(_number(cell) for row in rows for cell in row)
    return text


def _number(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


_READERS = {"pdf": _pdf, "docx": _docx, "doc": _doc, "html": _html, "ofd": _ofd, "xlsx": _xlsx, "xls": _xls}
