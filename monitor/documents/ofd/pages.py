"""OFD (GB/T 33190-2016): the format of Chinese e-government, XML pages in a ZIP.

Text stands in TextObjects with the place of each character; rules of tables are PathObjects. Both are put on a page
as in a PDF, so that lines, columns and tables are found by the same code. A page that is only a picture goes to OCR.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees
from typing import Any

from monitor.documents.document import Doubt, SetAside
from monitor.documents.errors import Damaged, Encrypted, LimitExceeded
from monitor.documents.ofd.tables import Rule, tables_of
from monitor.documents.packed.zips import Zip
from monitor.documents.pdf.characters import Character
from monitor.documents.pdf.page import blocks_of
from monitor.documents.pdf.text_layer import Ocr
from monitor.documents.pdf.turned import Turned, parted
from monitor.documents.structure.lines import Held, Page, RawText, said_by
from monitor.documents.word.wordml import parse_xml

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000
MOST_NESTING = 20
_POINTS = 72 / 25.4
"""Points in a millimetre, the unit of OFD."""
_A4 = (0.0, 0.0, 210.0, 297.0)
_Matrix = tuple[float, float, float, float, float, float]
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|g", re.ASCII)
_PATH = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def read_ofd(data: bytes, ocr: Ocr) -> RawText:
    """Return the pages of an OFD file.

    Raises:
        Damaged: it is cut off, broken, or has no text.
        Encrypted: it is encrypted.
        LimitExceeded: it has more pages or text than any rule.
    """
    package = Zip(data)
    if any(name.lower().rsplit("/", 1)[-1] in ("encryptions.xml", "decryptseed.dat") for name in package.names):
        raise Encrypted("the OFD file is encrypted")
    pages, held, total = [], [], 0
    doubts: list[Doubt] = []
    set_aside: list[SetAside] = []
    for number, source in enumerate(_sources(_Package(package)), start=1):
        if number > MOST_PAGES:
            raise LimitExceeded(f"the OFD file has more than {MOST_PAGES} pages")
        page, turned, found = _page(source, number, ocr)
        total += sum(len(getattr(block, "text", "")) for block in page.blocks)
        if total > MOST_CHARACTERS:
            raise LimitExceeded(f"the OFD file has more than {MOST_CHARACTERS} characters")
        pages.append(page)
        doubts += [doubt for doubt in found if doubt not in doubts]
        set_aside += turned.set_aside(number)
        text = "\n".join(map(said_by, page.blocks)) if page.ocr else source.text()
        held.append(Held(f"page {number}", text))
    if not any(page.blocks for page in pages):
        raise Damaged("the OFD file has no text that can be read")
    return RawText("ofd", tuple(pages), tuple(doubts), set_aside=tuple(set_aside), held=tuple(held))


# The package: documents, pages, templates, pictures.


class _Package:
    """The files of an OFD package by the paths that they give each other."""

    def __init__(self, package: Zip) -> None:
        self._zip = package
        self._names = {posixpath.normpath(name.lstrip("/")).lower(): name for name in package.names}

    def has(self, path: str) -> bool:
        return path.lower() in self._names

    def bytes_of(self, path: str) -> bytes:
        if not self.has(path):
            raise Damaged(f"the OFD file lacks {path}")
        return self._zip.read(self._names[path.lower()])

    def xml(self, path: str) -> Any:
        return parse_xml(self.bytes_of(path), path)

    @staticmethod
    def beside(path: str, location: str) -> str:
        """The path that a file's location means: from the root, or from the folder of the file that says it."""
        joined = location if location.startswith("/") else posixpath.join(posixpath.dirname(path), location)
        return posixpath.normpath(joined.replace("\\", "/")).lstrip("/")


@dataclass(frozen=True, slots=True)
class _Source:
    """One page: its objects with those of its templates, its box in millimetres, and the pictures it may draw."""

    package: _Package
    contents: tuple[Any, ...]
    box: tuple[float, ...]
    pictures: dict[str, str]

    def text(self) -> str:
        """All that its text objects say, wherever they stand."""
        return "\n".join(code.text or "" for content in self.contents for code in _all(content, "TextCode"))


def _sources(package: _Package) -> Iterator[_Source]:
    root = package.xml("ofd.xml")
    found = [said for said in _all(root, "DocRoot") if said.text]
    if not found:
        raise Damaged("the OFD file names no document")
    for said in found:
        path = package.beside("", said.text.strip())
        yield from _document_sources(package, path)


def _document_sources(package: _Package, path: str) -> Iterator[_Source]:
    document = package.xml(path)
    common = _first(document, "CommonData")
    templates = {
        item.get("ID"): package.beside(path, item.get("BaseLoc", "")) for item in _children(common, "TemplatePage")
    }
    default = _area(common) or _A4
    pictures = _pictures(package, path, common)
    pages = _first(document, "Pages")
    for item in _children(pages, "Page"):
        content = package.xml(package.beside(path, item.get("BaseLoc", "")))
        used = [templates.get(said.get("TemplateID")) for said in _children(content, "Template")]
        layers = [package.xml(name) for name in used if name and package.has(name)]
        yield _Source(package, (*layers, content), _area(content) or default, pictures)


def _pictures(package: _Package, path: str, common: Any) -> dict[str, str]:
    """Which file each picture's number means, by the resource lists of a document."""
    found = {}
    lists = [said for kind in ("DocumentRes", "PublicRes") for said in _children(common, kind) if said.text]
    for said in lists:
        place = package.beside(path, said.text.strip())
        if not package.has(place):
            continue
        resources = package.xml(place)
        base = posixpath.join(posixpath.dirname(place), resources.get("BaseLoc", ""), "x")
        for item in _all(resources, "MultiMedia"):
            media = _first(item, "MediaFile")
            if media is not None and media.text:
                found[item.get("ID", "")] = package.beside(base, media.text.strip())
    return found


def _area(element: Any) -> tuple[float, ...] | None:
    """The physical box of a page: left, top, width, height in millimetres."""
    area = next((item for name in ("Area", "PageArea") for item in _children(element, name)), None)
    box = _first(area, "PhysicalBox")
    numbers = _numbers(box.text) if box is not None and box.text else []
    return tuple(numbers) if len(numbers) == 4 and 0 < numbers[2] <= 1e5 and 0 < numbers[3] <= 1e5 else None


# One page.


@dataclass(slots=True)
class _Found:
    characters: list[Character]
    rules: list[Rule]
    pictures: list[tuple[float, str]]


def _page(source: _Source, number: int, ocr: Ocr) -> tuple[Page, Turned, tuple[Doubt, ...]]:
    width, height = source.box[2] * _POINTS, source.box[3] * _POINTS
    found = _Found([], [], [])
    for content in source.contents:
        for item in _children(_first(content, "Content"), "Layer"):
            _collect(item, found, 0)
    if not found.characters and found.pictures:
        page, doubt = _scanned(source, found, number, ocr)
        return page, Turned([]), (doubt,)
    turned = parted(found.characters, height)
    blocks = (*blocks_of(turned.level, tables_of(found.rules), width), *turned.sideways)
    return Page(number, blocks, width=width, height=height), turned, turned.doubts()


def _scanned(source: _Source, found: _Found, number: int, ocr: Ocr) -> tuple[Page, Doubt]:
    """A page that is a picture: its largest one is read."""
    path = source.pictures.get(max(found.pictures)[1])
    read = ocr(source.package.bytes_of(path), (1,)) if path and source.package.has(path) else {}
    if 1 in read:
        return replace(read[1], number=number), Doubt(f"page {number}", "read by OCR")
    return Page(number, (), confidence=0.0), Doubt(f"page {number}", "the page is a picture, which could not be read")


def _collect(parent: Any, found: _Found, depth: int) -> None:
    if depth > MOST_NESTING:
        raise LimitExceeded("the objects of an OFD page are nested deeper than is allowed")
    for item in parent:
        kind = _name(item)
        if kind == "TextObject":
            _text(item, found.characters)
        elif kind == "PathObject":
            _path(item, found.rules)
        elif kind == "ImageObject":
            box = _boundary(item)
            found.pictures.append((box[2] * box[3], item.get("ResourceID", "")))
        elif kind in ("PageBlock", "Layer"):
            _collect(item, found, depth + 1)


def _text(item: Any, into: list[Character]) -> None:
    """The characters of a TextObject, each at its place (11.2)."""
    box, matrix = _boundary(item), _matrix(item)
    size = _number(item.get("Size"), 3.5)
    weight = _number(item.get("Weight"), 400)
    stretch = _number(item.get("HScale"), 1.0)
    for code in _children(item, "TextCode"):
        said = (code.text or "").strip("\r\n")
        x, y = _number(code.get("X"), 0.0), _number(code.get("Y"), 0.0)
        steps, falls = _steps(code.get("DeltaX"), len(said)), _steps(code.get("DeltaY"), len(said))
        for at, sign in enumerate(said):
            usual = size * stretch * _width(sign)
            step = steps[at] if at < len(steps) else 0.0 if falls else usual
            _put(into, sign, box, matrix, (x, y, min(usual, step) if step > 0 else usual, size), weight >= 600)
            x += step
            y += falls[at] if at < len(falls) else 0.0


def _put(
    into: list[Character], sign: str, box: Sequence[float], matrix: _Matrix, place: Sequence[float], bold: bool
) -> None:
    x, y, width, size = place
    a, b, c, d, e, f = matrix
    left, base = box[0] + a * x + c * y + e, box[1] + b * x + d * y + f
    scale = (b * b + d * d) ** 0.5 or 1.0
    across = (a * a + c * c) ** 0.5 or 1.0
    made = Character(
        sign, left * _POINTS, (left + width * across) * _POINTS, base * _POINTS, size * scale * _POINTS, bold=bold,
        angle=degrees(atan2(b, a)) % 360,
    )  # fmt: skip
    last = into[-1] if into else None
    if last is not None and last.text != "\n" and abs(last.base - made.base) > 0.5 * max(last.size, made.size):
        into.append(Character("\n", 0, 0, 0, 0, made=True))
    into.append(made)


def _width(sign: str) -> float:
    return 0.5 if sign.isascii() else 1.0


def _steps(text: str | None, length: int) -> list[float]:
    """Distances from one character to the next; "g 3 4.5" means 4.5 three times (11.3)."""
    found: list[float] = []
    tokens = iter(_NUMBER.findall(text or ""))
    for token in tokens:
        if len(found) > length:
            break
        if token != "g":
            found.append(float(token))
            continue
        count, value = next(tokens, "0"), next(tokens, "0")
        if "g" not in (count, value):
            found += [float(value)] * max(0, min(int(float(count)), length))
    return found


def _path(item: Any, into: list[Rule]) -> None:
    """The straight lines of a PathObject that lie level or upright (9.1)."""
    data = _first(item, "AbbreviatedData")
    if data is None or not data.text or len(data.text) > 20_000:
        return
    box, (a, b, c, d, e, f) = _boundary(item), _matrix(item)
    for path in _outlines(data.text):
        points = [(box[0] + a * x + c * y + e, box[1] + b * x + d * y + f) for x, y in path]
        into += [
            Rule(x0 * _POINTS, y0 * _POINTS, x1 * _POINTS, y1 * _POINTS) for (x0, y0), (x1, y1) in pairwise(points)
        ]


def _outlines(text: str) -> Iterator[list[tuple[float, float]]]:
    """Points joined by straight lines; a curve ends an outline."""
    tokens, at, path = _PATH.findall(text), 0, list[tuple[float, float]]()
    while at < len(tokens):
        command = tokens[at].upper()
        count = _ARGUMENTS.get(command, -1)
        values = tokens[at + 1 : at + 1 + max(count, 0)]
        if count < 0 or len(values) < count or any(value.isalpha() for value in values):
            at += 1
            continue
        at += 1 + count
        end = [(float(values[-2]), float(values[-1]))] if count else path[:1]
        if command in ("L", "C"):
            path += end
        else:
            yield path
            path = end
    yield path


# XML.


def _boundary(item: Any) -> list[float]:
    numbers = _numbers(item.get("Boundary", ""))
    return numbers if len(numbers) == 4 else [0.0, 0.0, 0.0, 0.0]


def _matrix(item: Any) -> _Matrix:
    numbers = _numbers(item.get("CTM", ""))
    if len(numbers) != 6:
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])


def _numbers(text: str) -> list[float]:
    return [float(token) for token in _NUMBER.findall(text[:400]) if token != "g"]


def _number(text: str | None, default: float) -> float:
    numbers = _numbers(text or "")
    return numbers[0] if numbers else default


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _children(element: Any, name: str) -> list[Any]:
    return [] if element is None else [child for child in element if _name(child) == name]


def _all(element: Any, name: str) -> list[Any]:
    return [item for item in element.iter() if _name(item) == name]


def _first(element: Any, name: str) -> Any:
    return next(iter(_children(element, name)), None)
