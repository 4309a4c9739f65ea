"""The parts of a DOCX package: its XML under limits, its styles, and its lists.

The package is opened as a ZIP and each part is parsed by lxml without entities, DTD or network. python-docx is not
used to open it: it refuses files with macros, templates and dangling relationships, all of which Word opens.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from posixpath import dirname, join, normpath

from lxml import etree

from monitor.documents.errors import Damaged, LimitExceeded
from monitor.documents.packed.zips import Zip
from monitor.documents.word.numbering import Level, List, gap_after

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_TEXTS = (W + "t", W + "p", W + "delText", M + "t", VML + "textpath", f"{{{_DRAWING}}}t")
_SHOWN_NOWHERE = etree.XPath("boolean(ancestor::mc:Fallback[../mc:Choice[*]])", namespaces={"mc": MC[1:-1]})
_PARAGRAPH = W + "p"
_OFF = frozenset(("0", "false", "off", "none"))
_MOST_STYLES_DEEP = 30
_BESIDE = re.compile(r"(header|footer|comments|diagrams/data|charts/chart)\d*\.xml")
Element = etree._Element


def parse_xml(data: bytes, what: str) -> Element:
    """Return the root of an XML part.

    Raises:
        Damaged: it is not well-formed.
        LimitExceeded: it declares entities, or is nested deeper than any document.
    """
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as reason:
        raise _why_not_parsed(reason, data, what) from reason
    except ValueError as reason:
        raise Damaged(f"{what} is not XML") from reason
    if str(getattr(root.getroottree().docinfo, "doctype", "")):
        raise LimitExceeded(f"{what} {_DECLARES}")
    return root


_DECLARES = "declares a document type, as bombs of entities do and office programs never do; it is not read"


def _why_not_parsed(reason: etree.XMLSyntaxError, data: bytes, what: str) -> Damaged | LimitExceeded:
    """The reason in our words: those of the parser speak of its own limits and options."""
    said = str(reason).lower()
    if "depth" in said:
        return LimitExceeded(f"{what} is nested deeper than any document")
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data or "amplification" in said:
        return LimitExceeded(f"{what} {_DECLARES}")
    line = f" in line {reason.lineno}" if reason.lineno else ""
    return Damaged(f"{what} is not well-formed XML{line}")


def text_in(element: Element) -> str:
    """Return all text that an element holds, shown or not, of alternatives the first: a paragraph a line."""
    found: Iterable[Element] = element.iter(*_TEXTS)
    if next(element.iter(MC + "Fallback"), None) is not None:
        found = [item for item in found if not _SHOWN_NOWHERE(item)]
    said = ("\n" if item.tag == _PARAGRAPH else item.text or item.get("string") or "" for item in found)
    return "".join(said).strip("\n")


def value(element: Element | None, name: str, attribute: str = "val") -> str | None:
    """Return an attribute of a child element, such as the `w:val` of `w:jc`; None where either is missing."""
    child = element.find(W + name) if element is not None else None
    return child.get(W + attribute) if child is not None else None


def switched(element: Element | None, name: str) -> bool | None:
    """Return whether a property is on or off, None where it is not given."""
    child = element.find(W + name) if element is not None else None
    return None if child is None else child.get(W + "val", "1") not in _OFF


def whole_number(text: str | None) -> int | None:
    """Return a number as Word writes it, None for none or nonsense."""
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Look:
    """What styles and direct properties say of a paragraph; None means not said. `size` and `indent` in points."""

    list_id: str | None = None
    list_level: int | None = None
    outline: int | None = None
    centred: bool | None = None
    indent: float | None = None
    size: float | None = None
    bold: bool | None = None
    hidden: bool | None = None
    capitals: bool | None = None

    def over(self, below: "Look") -> "Look":
        """Return this look where it says something, the one below where it does not."""
        return _laid_over(self, below)


@lru_cache(maxsize=4096)  # a document has a handful of looks, and thousands of runs that wear them
def _laid_over(above: Look, below: Look) -> Look:
    said = ((name, getattr(above, name)) for name in Look.__slots__)
    return replace(below, **{name: value for name, value in said if value is not None})


PLAIN = Look()


def paragraph_look(properties: Element | None) -> Look:
    """Return what a `w:pPr` says."""
    if properties is None:
        return PLAIN
    numbering = properties.find(W + "numPr")
    alignment, indent = value(properties, "jc"), properties.find(W + "ind")
    left = None
    if indent is not None:
        left = whole_number(indent.get(W + "left") or indent.get(W + "start"))
    return Look(
        list_id=value(numbering, "numId"),
        list_level=whole_number(value(numbering, "ilvl")),
        outline=whole_number(value(properties, "outlineLvl")),
        centred=None if alignment is None else alignment == "center",
        indent=None if left is None else left / 20,
    )


def run_look(properties: Element | None) -> Look:
    """Return what a `w:rPr` says."""
    if properties is None:
        return PLAIN
    half_points = whole_number(value(properties, "sz"))
    return Look(
        size=None if half_points is None else half_points / 2,
        bold=switched(properties, "b"),
        hidden=switched(properties, "vanish"),
        capitals=switched(properties, "caps"),
    )


class Styles:
    """The styles of a document, each resolved through those that it is based on."""

    def __init__(self, root: Element | None) -> None:
        """Take the root of styles.xml, None where the package has none."""
        found = root.iterchildren(W + "style") if root is not None else ()
        self._styles = {style.get(W + "styleId", ""): style for style in found}
        defaults = root.find(f"{W}docDefaults") if root is not None else None
        run = defaults.find(f"{W}rPrDefault/{W}rPr") if defaults is not None else None
        paragraph = defaults.find(f"{W}pPrDefault/{W}pPr") if defaults is not None else None
        self._default_look = run_look(run).over(paragraph_look(paragraph))
        self._default = next((key for key, style in self._styles.items() if _is_default(style)), "")
        self._looks: dict[str, Look] = {}

    def look(self, style_id: str | None) -> Look:
        """Return the look of a paragraph style, the default one where none is named."""
        key = style_id if style_id in self._styles else self._default
        if key not in self._looks:
            look = PLAIN
            for style in self._chain(key):
                look = look.over(run_look(style.find(W + "rPr"))).over(paragraph_look(style.find(W + "pPr")))
            self._looks[key] = look.over(self._default_look)
        return self._looks[key]

    def run_style(self, style_id: str | None) -> Look:
        """Return the look of a character style alone."""
        key = f"run:{style_id}"
        if key not in self._looks:
            look = PLAIN
            for style in self._chain(style_id or ""):
                look = look.over(run_look(style.find(W + "rPr")))
            self._looks[key] = look
        return self._looks[key]

    def name(self, style_id: str | None) -> str:
        """Return a style's name in lower case: "heading 1", "toc 2", "title"."""
        style = self._styles.get(style_id or "")
        return (value(style, "name") or "").lower() if style is not None else ""

    def names(self, style_id: str | None) -> tuple[str, ...]:
        """Return the names of a style and of those that it is based on."""
        return tuple((value(style, "name") or "").lower() for style in self._chain(style_id or ""))

    def numbering_styles(self) -> dict[str, str]:
        """Return the list that each numbering style uses, by style."""
        found = {}
        for key, style in self._styles.items():
            if style.get(W + "type") == "numbering":
                found[key] = paragraph_look(style.find(W + "pPr")).list_id or ""
        return found

    def _chain(self, style_id: str) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen and len(seen) < _MOST_STYLES_DEEP:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = value(self._styles[style_id], "basedOn") or ""


def _is_default(style: Element) -> bool:
    return style.get(W + "type") == "paragraph" and style.get(W + "default", "0") not in _OFF


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a document by id, and the level that a list links to a style."""

    lists: dict[str, List]
    linked: dict[tuple[str, str], int]


def lists_of(root: Element | None, styles: Styles) -> Lists:
    """Return the lists that numbering.xml defines."""
    if root is None:
        return Lists({}, {})
    shared = {item.get(W + "abstractNumId", ""): item for item in root.iterchildren(W + "abstractNum")}
    numbers = {item.get(W + "numId", ""): item for item in root.iterchildren(W + "num")}
    by_style = styles.numbering_styles()
    lists: dict[str, List] = {}
    linked: dict[tuple[str, str], int] = {}
    for list_id, number in numbers.items():
        counters = _definition(number, numbers, shared, by_style)
        if counters not in shared:
            continue
        elements = {int(whole_number(level.get(W + "ilvl")) or 0): level for level in shared[counters].iter(W + "lvl")}
        starts = {}
        for override in number.iterchildren(W + "lvlOverride"):
            at = whole_number(override.get(W + "ilvl")) or 0
            start = whole_number(value(override, "startOverride"))
            if start is not None:
                starts[at] = start
            if (own := override.find(W + "lvl")) is not None:
                elements[at] = own
        for at, level in elements.items():
            if style := value(level, "pStyle"):
                linked[list_id, style] = at
        lists[list_id] = List(counters, {at: _level(level) for at, level in elements.items()}, starts)
    return Lists(lists, linked)


def _definition(
    number: Element, numbers: dict[str, Element], shared: dict[str, Element], by_style: dict[str, str]
) -> str:
    """The id of the definition that a list uses, through numbering styles."""
    for _ in range(_MOST_STYLES_DEEP):
        counters = value(number, "abstractNumId") or ""
        definition = shared.get(counters)
        link = value(definition, "numStyleLink") if definition is not None else None
        target = numbers.get(by_style.get(link or "", ""))
        if not link or target is None or target is number:
            return counters
        number = target
    return counters


def _level(level: Element) -> Level:
    style, picture = value(level, "numFmt"), ""
    custom = level.find(f"{MC}AlternateContent/{MC}Choice/{W}numFmt")
    if custom is not None:
        style, picture = custom.get(W + "val"), custom.get(W + "format") or ""
    text = value(level, "lvlText") or ""
    gap = gap_after(text, value(level, "suff") == "nothing")
    start = whole_number(value(level, "start"))
    return Level(
        start=0 if start is None else start,
        style=style or "decimal",
        text=text,
        restart=whole_number(value(level, "lvlRestart")),
        gap=gap,
        legal=bool(switched(level, "isLgl")),
        picture=picture,
    )


class WordFile:
    """A DOCX package with its parts parsed."""

    def __init__(self, data: bytes) -> None:
        """Open a package.

        Raises:
            Damaged: it is cut off, or has no document in it.
            Encrypted, LimitExceeded: as `Zip` raises them.
        """
        self._zip = Zip(data)
        self._parsed: dict[str, Element] = {}
        self._main = self._main_part()
        self.document = parse_xml(self._zip.read(self._main), "the document")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts."""
        return self._zip.names

    @cached_property
    def styles(self) -> Styles:
        """The styles; none where the package has none."""
        return Styles(self._part("styles", "styles.xml"))

    @cached_property
    def lists(self) -> Lists:
        """The automatic lists; none where the package has none."""
        return lists_of(self._part("numbering", "numbering.xml"), self.styles)

    def notes(self, kind: str) -> dict[str, Element]:
        """Return the `footnote` or `endnote` elements by their id."""
        root = self._part(f"{kind}s", f"{kind}s.xml")
        return {item.get(W + "id", ""): item for item in root.iterchildren(W + kind)} if root is not None else {}

    @cached_property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """The parts that hold text beside that of the document, paragraph by paragraph, with their kind."""
        return tuple(self._beside())

    def _beside(self) -> Iterator[tuple[str, str]]:
        folder = dirname(self._main)
        for name in self.names:
            found = _BESIDE.fullmatch(name.removeprefix(folder + "/"))
            if found is None:
                continue
            yield from ((found[1], text) for text in text_in(self._xml(name)).splitlines() if text)

    def picture(self, relation: str) -> bytes | None:
        """Return the bytes of a picture that the document names by a relation; None where it is not in the package."""
        name = self._pictures.get(relation)
        return self._zip.read(name) if name is not None and name in self._zip else None

    @cached_property
    def _pictures(self) -> dict[str, str]:
        folder, relations = dirname(self._main), self._relations
        if relations not in self._zip:
            return {}
        return {
            relation.get("Id", ""): _target(relation, folder)
            for relation in self._xml(relations).iter(_RELATION)
            if relation.get("Type", "").endswith("/image") and relation.get("TargetMode") != "External"
        }

    def _xml(self, name: str) -> Element:
        """A part, parsed once."""
        if name not in self._parsed:
            self._parsed[name] = parse_xml(self._zip.read(name), name)
        return self._parsed[name]

    @property
    def _relations(self) -> str:
        return join(dirname(self._main), "_rels", self._main.rsplit("/", 1)[-1] + ".rels")

    def _main_part(self) -> str:
        targets = self._related("_rels/.rels", "", "officeDocument")
        for name in (*targets, "word/document.xml"):
            if name in self._zip:
                return name
        raise Damaged("the file has no document in it (no word/document.xml)")

    def _part(self, relation: str, usual: str) -> Element | None:
        folder = dirname(self._main)
        for name in (*self._related(self._relations, folder, relation), join(folder, usual)):
            if name in self._zip:
                return self._xml(name)
        return None

    def _related(self, relations: str, folder: str, kind: str) -> tuple[str, ...]:
        if relations not in self._zip:
            return ()
        found = []
        for relation in self._xml(relations).iter(_RELATION):
            if relation.get("Type", "").endswith("/" + kind) and relation.get("TargetMode") != "External":
                found.append(_target(relation, folder))
        return tuple(found)


def _target(relation: Element, folder: str) -> str:
    """The name of the part that a relation leads to."""
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
