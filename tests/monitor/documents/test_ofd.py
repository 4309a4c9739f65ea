"""OFD files: text, tables, templates and pictures at their places; what is broken says so."""

from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from monitor.documents.ofd.pages import read_ofd
from monitor.documents.reader import read_by_ocr, read_document
from tests.documents.known import printed, read_known
from tests.documents.make_ofd import (
    NAMESPACE,
    document_xml,
    make_ofd,
    ofd_xml,
    packed,
    page_xml,
    path_object,
    text_object,
)
from tests.documents.measure import measured

HERE = Path(__file__).parents[2] / "documents"
RULE = HERE / "rule" / "known.md"


def one_page(*objects: str, **files: str | bytes) -> bytes:
    named = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in files.items()}
    files = {"OFD.xml": ofd_xml(), "Doc_0/Document.xml": document_xml(1)}
    return packed(files | {"Doc_0/Pages/Page_0/Content.xml": page_xml(list(objects))} | named)


def text_read(data: bytes) -> str:
    page = read_ofd(data, read_by_ocr).pages[0]
    return "\n".join(getattr(block, "text", "") or str(block) for block in page.blocks)


def squeezed(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("folder", ["rule", "notice", "standard"])
def test_a_known_text_is_read_to_the_letter(folder: str) -> None:
    known = HERE / folder / "known.md"
    document = read_document(make_ofd(read_known(known)), "规则.ofd")
    assert squeezed(printed(document.parts)) == squeezed(known.read_text(encoding="utf-8"))
    assert measured(document, known).errors == 0
    assert (document.kind, document.confidence, document.ocr_pages) == ("ofd", 1.0, ())


def test_the_running_head_of_a_template_is_left_out() -> None:
    data = make_ofd(read_known(RULE))
    assert "自愿性产品认证实施规则" not in printed(read_document(data).parts)


def test_characters_stand_where_their_steps_and_matrix_put_them() -> None:
    moved = text_object("第二行在下", 30, 40, 4.2).replace("<ofd:TextObject ", '<ofd:TextObject CTM="1 0 0 1 0 60" ')
    read = text_read(one_page(moved, text_object("第一行在上", 30, 60, 4.2)))
    assert read == "第二行在下\n第一行在上"


def test_ruled_lines_make_a_table() -> None:
    rules = [path_object(20, y, 120, y) for y in (20, 30, 40)] + [path_object(x, 20, x, 40) for x in (20, 60, 120)]
    texts = [text_object(text, x, y, 4) for text, x, y in
             (("序号", 22, 22), ("名称", 62, 22), ("1", 22, 32), ("带扣", 62, 32))]  # fmt: skip
    document = read_document(one_page(*rules, *texts))
    assert [table for part in document.parts for table in part.tables] == [(("序号", "名称"), ("1", "带扣"))]


@pytest.mark.slow
def test_a_page_that_is_a_picture_is_read_by_ocr() -> None:
    pdf = pdfium.PdfDocument((HERE / "notice" / "bare.pdf").read_bytes())
    buffer = BytesIO()
    pdf[0].render(scale=200 / 72).to_pil().convert("L").save(buffer, "PNG", dpi=(200, 200))
    resources = (
        f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image">'
        "<ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    data = packed(
        {
            "OFD.xml": ofd_xml(),
            "Doc_0/Document.xml": document_xml(1, resources="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"),
            "Doc_0/DocumentRes.xml": resources,
            "Doc_0/Res/scan.png": buffer.getvalue(),
            "Doc_0/Pages/Page_0/Content.xml": page_xml(
                ['<ofd:ImageObject ID="7" Boundary="0 0 210 297" ResourceID="5"/>']
            ),
        }
    )
    document = read_document(data)
    assert document.ocr_pages == (1,)
    assert "机动车儿童乘员用约束系统" in printed(document.parts)
    assert any(doubt.why == "read by OCR" for doubt in document.doubts)


BROKEN = {
    "no document": (packed({"OFD.xml": f"<ofd:OFD {NAMESPACE}/>"}), "names no document"),
    "document missing": (packed({"OFD.xml": ofd_xml()}), "lacks Doc_0/Document.xml"),
    "no text": (one_page(), "no text"),
    "encrypted": (one_page(Encryptions_xml="<a/>"), "encrypted"),
    "cut off": (make_ofd(read_known(RULE))[:-400], "damaged or cut off"),
    "entities": (
        one_page(Doc_0__Pages__Page_0__Content_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "declares a document type",
    ),
    "no XML": (one_page(Doc_0__Pages__Page_0__Content_xml="\x00\x01"), "not"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_what_is_wrong(name: str) -> None:
    data, reason = BROKEN[name]
    document = read_document(data)
    assert not document.readable
    assert reason in (document.reason or "")
    assert document.kind == "ofd"


def test_a_path_that_leaves_the_package_finds_nothing() -> None:
    document = ofd_xml().replace("Doc_0/Document.xml", "../../etc/passwd")
    assert not read_document(packed({"OFD.xml": document})).readable
