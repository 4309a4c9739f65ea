"""Small rules for the cases: a look without trimmings, blocks by hand, and PDF parts that reportlab does not write."""

from dataclasses import replace
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from tests.documents.drawn import page, pdf, word
from tests.documents.drawn.values import Block, Look, Rule

PLAIN = Look(
    cover="plain",
    contents="",
    leader=".",
    running="",
    foot="",
    watermark="",
    two_columns=False,
    numbered_by_word=False,
    size=12,
    margin=72,
    repeat_table_heads=False,
    extras=frozenset(),
)
TITLE, CODE = "车用电动门锁产品认证实施规则", "CCAP-GZ-4711:2026"
COVER = (
    Block("code", (CODE,)),
    Block("title", (TITLE,)),
    Block("days", ("2026年3月1日发布", "2026年7月1日实施")),
)


def clause(path: str, heading: str, *body: str) -> Block:
    """Return a clause; its level is how many numbers its path has."""
    return Block("clause", (heading, *body), path, path.count(".") + 1)


def annex(number: int, heading: str, *body: str) -> Block:
    """Return an annex on a page of its own."""
    return Block("annex", (heading, *body), f"附件{number}", 1)


def table(*rows: tuple[str, ...], **more: object) -> Block:
    """Return a table of rows of equal length."""
    return Block("table", tuple(cell for row in rows for cell in row), columns=len(rows[0]), **more)  # type: ignore[arg-type]


SCOPE = clause("1", "适用范围", "本规则适用于民用车辆的车门锁，不适用于见证试验用的样件。")
SAMPLES = clause("2", "样品", "每个单元送样8件，由委托人在20个工作日内寄到检测实验室。")
ISSUE = clause("3", "发证", "评价合格的，认证机构在15日内颁发证书，有效期5年。")
BODY = (SCOPE, SAMPLES, ISSUE)


def rule(*blocks: Block, cover: tuple[Block, ...] = COVER, **look: object) -> Rule:
    """Return a rule of a cover and blocks."""
    return Rule(TITLE, CODE, (*cover, *blocks), replace(PLAIN, **look))  # type: ignore[arg-type]


def as_pdf(drawn: Rule) -> bytes:
    """Return a rule as PDF."""
    return pdf.make_pdf(drawn)[0]


def as_docx(drawn: Rule) -> bytes:
    """Return a rule as DOCX."""
    return word.make_docx(drawn)[0]


def as_page(drawn: Rule, seed: int = 1) -> bytes:
    """Return a rule as a saved web page."""
    return page.make_page(drawn, seed)[0]


def as_text(drawn: Rule) -> bytes:
    """Return a rule as plain text, one paragraph a line."""
    lines: list[str] = []
    for block in drawn.blocks:
        texts = list(block.texts)
        if block.kind == "fees":
            texts = [f"{name}{'.' * 24}{amount}" for name, amount in block.rows]
        elif block.path:
            texts = [f"{block.path} {texts[0] or texts[1]}", *texts[1 if texts[0] else 2 :]]
        lines += texts
    return "\n".join(lines).encode()


def spelt(content: bytes, text: str, instead: dict[str, str]) -> bytes:
    """Return a PDF whose fonts say that some characters of a text are others (a ToUnicode map), looking the same."""
    pairs = "\n".join(f"<{ord(sign):04x}> <{ord(instead.get(sign, sign)):04x}>" for sign in sorted(set(text)))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Spelt def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(set(text))} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    stream = DecodedStreamObject()
    stream.set_data(cmap.encode())
    link = writer._add_object(stream)
    for leaf in writer.pages:
        for font in leaf["/Resources"]["/Font"].values():  # type: ignore[index]
            if font.get_object()["/Subtype"] == "/Type0":
                font.get_object()[NameObject("/ToUnicode")] = link
    return _written(writer)


def xfa(content: bytes) -> bytes:
    """Return a PDF that is a dynamic XFA form: its pages only say to wait, the form itself is XML."""
    form = (
        '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">'
        "<subform><draw><value><text>样品数量为8件</text></value></draw></subform></template></xdp:xdp>"
    )
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    stream = DecodedStreamObject()
    stream.set_data(form.encode())
    packets = ArrayObject([TextStringObject("template"), writer._add_object(stream)])
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): packets}
    )
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
