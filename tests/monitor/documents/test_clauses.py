"""Which numbered paragraphs are clauses, and what belongs to them."""

import pytest

from monitor.documents.document import Document, PartRole
from monitor.documents.reader import read_text_document


def tree(text: str) -> list[tuple[str | None, str]]:
    return [(part.path, part.heading) for part in read_text_document(text).parts]


def body(document: Document, path: str) -> str:
    return next(part.body for part in document.parts if part.path == path)


def test_a_sentence_after_a_number_is_body_and_a_title_is_heading() -> None:
    assert tree("1 范围\n1.1 样品数量\n3件。\n1.2 型式试验样品应为3件。") == [
        ("1", "范围"),
        ("1.1", "样品数量"),
        ("1.2", ""),
    ]


def test_numbers_that_cannot_follow_are_text() -> None:
    document = read_text_document("1 范围\n2018年1月1日前有效。\n5.1 V的电压。\n2 要求\n7.3 见标准。\n文字。")
    assert [part.path for part in document.parts] == ["1", "2"]
    assert body(document, "2") == "7.3 见标准。\n文字。"


def test_a_number_that_skips_is_taken_and_doubted() -> None:
    document = read_text_document("1 范围\n文字。\n2 要求\n2.1 样品\n文字。\n2.3 试验\n文字。")
    assert [part.path for part in document.parts] == ["1", "2", "2.1", "2.3"]
    assert [doubt.about for doubt in document.doubts] == ["clause 2.3"]


def test_items_of_a_list_stay_in_the_body() -> None:
    document = read_text_document("1 资料\n应提交：\n1）申请书；\n2）图纸；\na）总图；\nb）零件图。\n2 试验\n文字。")
    assert [part.path for part in document.parts] == ["1", "2"]
    assert body(document, "1") == "应提交：\n1）申请书；\n2）图纸；\na）总图；\nb）零件图。"


def test_the_same_numbers_before_titles_with_text_are_clauses() -> None:
    text = "一、检查\n1. 检查内容\n检查质量保证能力。\n2. 检查时间\n一般为2人日。\n二、收费\n按规定收取。"
    assert tree(text) == [("一", "检查"), ("1", "检查内容"), ("2", "检查时间"), ("二", "收费")]
    assert [part.within for part in read_text_document(text).parts] == [None, "一", "一", None]


def test_law_articles_run_through_chapters() -> None:
    text = (
        "第一章 总则\n第一条 为了规范，制定本法。\n第二条 下列情形：\n（一）甲；\n（二）乙。\n"
        "第二章 附则\n第三条 自公布之日起施行。"
    )
    assert tree(text) == [("第一章", "总则"), ("第一条", ""), ("第二条", ""), ("第二章", "附则"), ("第三条", "")]


def test_a_reference_at_the_start_of_a_line_is_no_article() -> None:
    assert tree("第一条 甲。\n第二条 乙。\n第三条规定的情形除外。")[-1] == ("第二条", "")


def test_each_annex_numbers_on_its_own() -> None:
    document = read_text_document("1 范围\n见附件1。\n附件1\n产品描述\n1 型号\n文字。\n附件2 工厂\n1 职责\n文字。")
    assert [(p.path, p.within) for p in document.parts] == [
        ("1", None), ("附件1", None), ("1", "附件1"), ("附件2", None), ("1", "附件2"),
    ]  # fmt: skip
    assert document.parts[1].role is PartRole.ANNEX
    assert document.parts[1].heading == "产品描述"


def test_lettered_clauses_follow_their_annex() -> None:
    assert tree("1 范围\n甲。\n附录A（规范性附录）\n检验\nA.1 总则\n乙。\nA.1.1 样品\n丙。\nA.2 判定\n丁。") == [
        ("1", "范围"), ("附录A", "（规范性附录） 检验"), ("A.1", "总则"), ("A.1.1", "样品"), ("A.2", "判定"),
    ]  # fmt: skip


def test_a_heading_broken_over_lines_is_one() -> None:
    assert tree("1 认证委托人、生产者（制造商）、生产企业（工厂）的\n责任\n文字。\n2\n收费\n文字。")[0] == (
        "1",
        "认证委托人、生产者（制造商）、生产企业（工厂）的责任",
    )


def test_signature_and_list_of_annexes_are_no_clause() -> None:
    document = read_text_document(
        "关于换证的通知\n各持证人：\n一、请于2027年6月30日前换证。\n附件：换证申请书\n中国质量认证中心\n2026年3月2日"
    )
    assert document.parts[-1].path is None
    assert document.parts[-1].body == "附件：换证申请书\n中国质量认证中心\n2026年3月2日"
    assert str(document.published) == "2026-03-02"


def test_a_note_of_revision_is_a_part_of_its_own() -> None:
    document = read_text_document("某某认证规则\n修订说明\n本次修订增加了试验。\n1 范围\n文字。")
    assert [part.role for part in document.parts] == [PartRole.TEXT, PartRole.REVISION_NOTE, PartRole.CLAUSE]


@pytest.mark.parametrize("entry", ["1 范围 ........ 1", "1 范围………………3", "1 范围\t2"])
def test_a_table_of_contents_is_left_out(entry: str) -> None:
    text = f"目 录\n{entry}\n{entry.replace('1 范围', '2 要求')}\n1 范围\n文字。\n2 要求\n文字。"
    assert tree(text) == [("1", "范围"), ("2", "要求")]


def test_a_table_of_contents_without_page_numbers_is_left_out() -> None:
    assert tree("目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。") == [
        ("第一章", "总则"), ("第一条", ""), ("第二章", "附则"), ("第二条", ""),
    ]  # fmt: skip


def test_a_list_of_what_is_attached_is_no_clause() -> None:
    assert tree(
        "关于换证的通知\n请于2026年6月前换证。\n附件：\n1.申请书\n2.试验项目\n中汽认证中心有限公司\n2026年3月2日"
    ) == [(None, "")]


RULE = "\n".join(
    line
    for chapter, title in enumerate(("适用范围", "认证模式", "认证申请", "型式试验", "工厂检查", "认证证书"), 1)
    for line in (
        f"{chapter} {title}",
        *(f"{chapter}.{n} {title}要求之{n}\n应符合本规则的规定，并保存记录。" for n in range(1, 5)),
    )
)
LAW = "\n".join(f"第{'一二三四五六七八九十'[n]}条 获证组织应当符合本办法的规定，并保存记录。" for n in range(10))


STRAYS = (
    "第一条 适用范围|第九条 附则|一、总则|第二章 要求|附录A 试验方法|12 其他|1 检测项目|9.1 目的|（一）样品|1）外观"
)


@pytest.mark.parametrize("stray", STRAYS.split("|"))
@pytest.mark.parametrize("text", [RULE, LAW], ids=["rule", "law"])
def test_a_stray_number_costs_no_more_than_its_neighbours(text: str, stray: str) -> None:
    lines = text.split("\n")
    paths = {path for path, _ in tree(text)}
    for place in range(2, len(lines), 3):
        found = {path for path, _ in tree("\n".join([*lines[:place], stray, *lines[place:]]))}
        assert len(paths - found) <= 1, (place, paths - found)


def test_articles_out_of_place_are_clauses_and_the_count_goes_on() -> None:
    lines = LAW.split("\n")
    document = read_text_document("\n".join([lines[0], *lines[4:8], *lines[1:4], *lines[8:]]))
    assert [part.path for part in document.parts] == [
        f"第{n}条" for n in ("一", "五", "六", "七", "八", "二", "三", "四", "九", "十")
    ]
    assert document.doubts


@pytest.mark.parametrize("text", [RULE, LAW], ids=["rule", "law"])
@pytest.mark.parametrize("damage", ["number lost", "digit misread", "joined to the line before"])
def test_a_damaged_number_costs_no_more_than_its_own_clause(text: str, damage: str) -> None:
    lines = text.split("\n")
    paths = {path for path, _ in tree(text)}
    for place, line in enumerate(lines):
        number, _, rest = line.partition(" ")
        if not rest:
            continue
        damaged = list(lines)
        if damage == "number lost":
            damaged[place] = rest
        elif damage == "digit misread":
            damaged[place] = f"{number[:-1]}l {rest}"
        elif place:
            damaged[place - 1 : place + 1] = [lines[place - 1] + line]
        assert len(paths - {path for path, _ in tree("\n".join(damaged))}) <= 2, line


def test_a_number_missing_in_an_annex_does_not_lead_back_to_the_annex_before() -> None:
    first = "附件1 产品描述\n1 范围\n文字。\n2 参数\n文字。\n3 清单\n文字。"
    document = read_text_document(first + "\n附件2 工厂要求\n1 职责\n文字。\n2 记录\n文字。\n4 检验\n文字。")
    assert [(part.within, part.path) for part in document.parts][-3:] == [
        ("附件2", "1"),
        ("附件2", "2"),
        ("附件2", "4"),
    ]
