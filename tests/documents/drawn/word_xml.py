"""The WordprocessingML that python-docx does not write: fields, revisions, boxes, notes, numbering, watermarks."""

from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_BY = 'w:author="编辑" w:date="2026-01-05T08:00:00Z"'
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def _run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def deleted(text: str):  # type: ignore[no-untyped-def]
    """Return a deletion that nobody has accepted yet."""
    return parse_xml(f'<w:del {W} w:id="901" {_BY}>{_run(text, "delText")}</w:del>')


def inserted(text: str):  # type: ignore[no-untyped-def]
    """Return an insertion that nobody has accepted yet."""
    return parse_xml(f'<w:ins {W} w:id="902" {_BY}>{_run(text)}</w:ins>')


def entry(value: str, placeholder: bool = False):  # type: ignore[no-untyped-def]
    """Return a content control with its value, or showing what to type there."""
    shown = "<w:showingPlcHdr/>" if placeholder else ""
    return parse_xml(
        f'<w:sdt {W}><w:sdtPr><w:alias w:val="日期"/>{shown}<w:text/></w:sdtPr>'
        f"<w:sdtContent>{_run(value)}</w:sdtContent></w:sdt>"
    )


def field_runs(paragraph, text: str) -> None:  # type: ignore[no-untyped-def]
    """Add a text to a paragraph, {n} and {of} as fields that count pages."""
    for at, piece in enumerate(text.replace("{of}", "{n}NUMPAGES|").split("{n}")):
        name, _, rest = piece.rpartition("|")
        if at:
            field = name or "PAGE"
            paragraph._p.append(
                parse_xml(f'<w:fldSimple {W} w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
            )
        paragraph.add_run(rest)


def bookmark(paragraph, number: int) -> None:  # type: ignore[no-untyped-def]
    """Mark a paragraph as the heading of a number."""
    paragraph._p.append(parse_xml(f'<w:bookmarkStart {W} w:id="{500 + number}" w:name="_Toc{9000 + number}"/>'))
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {W} w:id="{500 + number}"/>'))


def page_of(number: int):  # type: ignore[no-untyped-def]
    """Return a field that shows on which page the heading of a number stands; 3 until it is reckoned."""
    return parse_xml(f'<w:fldSimple {W} w:instr=" PAGEREF _Toc{9000 + number} \\h ">{_run("3")}</w:fldSimple>')


def watermark(text: str):  # type: ignore[no-untyped-def]
    """Return a run with a diagonal WordArt, as Word puts it into the head."""
    return parse_xml(
        f'<w:r {W} {_DRAWING}><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:textpath on="t" fitshape="t"/></v:shapetype>'
        '<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" style="position:absolute;width:400pt;height:100pt;'
        'rotation:315;z-index:-1;mso-position-horizontal:center" fillcolor="silver" stroked="f">'
        f'<v:textpath style="font-family:&quot;Noto Sans CJK SC&quot;;font-size:1pt" string="{escape(text)}"/>'
        "</v:shape></w:pict></w:r>"
    )


def text_box(text: str):  # type: ignore[no-untyped-def]
    """Return a run with a text box, written twice as Word does: DrawingML, and VML for older readers."""
    content = f"<w:txbxContent><w:p>{_run(text)}</w:p></w:txbxContent>"
    size = 'cx="4800000" cy="700000"'
    return parse_xml(
        f'<w:r {W} {_DRAWING}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr id="71" name="Text Box"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        '</mc:Choice><mc:Fallback><w:pict><v:shape style="width:378pt;height:55pt" type="#_x0000_t202">'
        f"<v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def add_footnotes(docx, notes: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Add the part that holds footnotes; the first note has number 2, after Word's two separators."""
    marks = "".join(
        f'<w:footnote w:type="{kind}" w:id="{at}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
        for at, (kind, tag) in enumerate(
            (("separator", "separator"), ("continuationSeparator", "continuationSeparator"))
        )
    )
    said = "".join(
        f'<w:footnote w:id="{at}"><w:p><w:r><w:footnoteRef/></w:r>{_run(note)}</w:p></w:footnote>'
        for at, note in enumerate(notes, start=2)
    )
    blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {W}>{marks}{said}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, blob.encode(), docx.part.package)
    docx.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def new_numbering(docx) -> int:  # type: ignore[no-untyped-def]
    """Add a list 1, 1.1, 1.1.1 of Word's own; return its number."""
    root = docx.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{".".join(f"%{n + 1}" for n in range(level + 1))}"/></w:lvl>'
        for level in range(3)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="97">{levels}</w:abstractNum>'))
    number = max((int(item.get(qn("w:numId"))) for item in root.findall(qn("w:num"))), default=0) + 1
    root.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="97"/></w:num>'))
    return number
