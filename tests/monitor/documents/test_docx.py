"""DOCX is read as Word prints it: numbers that are computed, cells that are merged, text that is deleted."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from monitor.documents.structure.lines import Grid, Line
from monitor.documents.word.docx import read_docx
from monitor.documents.word.numbering import Level, List, Numbers, formatted

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="a" Type="http://x/numbering" Target="numbering.xml"/>
<Relationship Id="b" Type="http://x/styles" Target="styles.xml"/></Relationships>"""


def read(body: str, numbering: str = "", styles: str = "") -> list[Line | Grid]:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        package.writestr("word/_rels/document.xml.rels", RELATIONS)
        package.writestr("word/numbering.xml", f"<w:numbering {NAMES}>{numbering}</w:numbering>")
        package.writestr("word/styles.xml", f"<w:styles {NAMES}>{styles}</w:styles>")
    return list(read_docx(buffer.getvalue()).pages[0].blocks)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def level(at: int, text: str, style: str = "decimal", more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(at: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="1"/></w:numPr>'


def definition(*levels: str) -> str:
    shared = f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
    return shared + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def texts(blocks: list[Line | Grid]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Line)]


def test_articles_run_through_chapters_where_word_says_so() -> None:
    chapter, article = "chineseCountingThousand", '<w:lvlRestart w:val="0"/>'
    numbering = definition(level(0, "第%1章", chapter), level(1, "第%2条", chapter, article))
    body = "".join(
        paragraph(text, numbered(at)) for at, text in ((0, "总则"), (1, "甲"), (1, "乙"), (0, "附则"), (1, "丙"))
    )
    assert texts(read(body, numbering)) == ["第一章 总则", "第一条 甲", "第二条 乙", "第二章 附则", "第三条 丙"]


def test_a_style_brings_its_number() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = definition(level(0, "%1", "decimal", '<w:pStyle w:val="H1"/>'))
    styled = '<w:pStyle w:val="H1"/>'
    assert texts(read(paragraph("范围", styled) + paragraph("要求", styled), numbering, styles)) == ["1 范围", "2 要求"]


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>样品</w:t></w:r><w:del><w:r><w:delText>2</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>3</w:t></w:r></w:ins><w:r><w:t>件</w:t></w:r></w:p>"
    )
    assert texts(read(body)) == ["样品3件"]


def test_a_merged_cell_stands_once() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    first = cell("类别", '<w:vMerge w:val="restart"/>') + cell("项目", '<w:gridSpan w:val="2"/>')
    second = cell("类别", "<w:vMerge/>") + cell("甲") + cell("乙")
    grid = read(f"<w:tbl><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>")[0]
    assert isinstance(grid, Grid)
    assert grid.rows == (("类别", "项目", ""), ("", "甲", "乙"))


def test_a_table_of_contents_made_by_word_is_left_out() -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1 范围 3</w:t></w:r></w:p>'
        '<w:p><w:r><w:t>2 要求 4</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    assert texts(read(field + paragraph("1 范围"))) == ["1 范围"]


@pytest.mark.parametrize(
    ("number", "style", "printed"),
    [
        (11, "chineseCountingThousand", "十一"), (105, "chineseCountingThousand", "一百零五"), (3, "upperLetter", "C"),
        (28, "lowerLetter", "bb"), (4, "upperRoman", "IV"), (7, "decimalEnclosedCircle", "⑦"), (5, "decimalZero", "05"),
        (3, "chineseLegalSimplified", "叁"), (2, "ideographTraditional", "乙"),
    ],
)  # fmt: skip
def test_numbers_are_printed_in_words_formats(number: int, style: str, printed: str) -> None:
    assert formatted(number, style) == printed


def test_a_deeper_level_starts_again_below_the_next_number() -> None:
    numbers = Numbers({"1": List("a", {0: Level(text="%1"), 1: Level(text="%1.%2")})})
    assert [numbers.next("1", at) for at in (0, 1, 1, 0, 1)] == ["1 ", "1.1 ", "1.2 ", "2 ", "2.1 "]
