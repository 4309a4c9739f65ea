"""Translation memories as TMX 1.4, the format that translators' tools exchange (LISA, 2005)."""

from collections.abc import Iterable, Iterator

from lxml import etree

from monitor.errors import BadInput

Unit = tuple[str, str, str]
"""Chinese, English, and who said it."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_tmx(units: Iterable[Unit]) -> bytes:
    """Return the units as a TMX document."""
    root = etree.Element("tmx", version="1.4")
    header = {"creationtool": "rulewatch", "segtype": "sentence", "adminlang": "en", "srclang": "zh-CN"}
    etree.SubElement(
        root, "header", {**header, "datatype": "plaintext", "o-tmf": "rulewatch", "creationtoolversion": "1"}
    )
    body = etree.SubElement(root, "body")
    for zh, en, by in units:
        unit = etree.SubElement(body, "tu", creationid=by)
        for language, text in (("zh-CN", zh), ("en-GB", en)):
            etree.SubElement(etree.SubElement(unit, "tuv", {_LANG: language}), "seg").text = text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def read_tmx(data: bytes) -> Iterator[Unit]:
    """Yield the Chinese-English units of a TMX document.

    Raises:
        BadInput: it is no XML, or no TMX.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as reason:
        raise BadInput(f"this is no TMX: {reason}") from None
    if root.tag != "tmx":
        raise BadInput(f"this is no TMX: its root is {root.tag}")
    for unit in root.iter("tu"):
        texts = {_language(side): "".join(map(str, side.itertext())).strip() for side in unit.iter("tuv")}
        if texts.get("zh") and texts.get("en"):
            yield texts["zh"], texts["en"], unit.get("creationid") or ""


def _language(side: etree._Element) -> str:
    return (side.get(_LANG) or side.get("lang") or "").lower().partition("-")[0]
