"""Small cases thought out by hand, each for one way in which a text is lost or a layout is taken for content."""

from collections.abc import Callable

from tests.documents.drawn import pdf
from tests.documents.drawn.case import Case, Comparison, Reading
from tests.documents.drawn.cases_across import ACROSS_CASES
from tests.documents.drawn.cases_cover import COVER_CASES
from tests.documents.drawn.cases_table import TABLE_CASES
from tests.documents.drawn.marks import Mark, Page
from tests.documents.drawn.office import converted
from tests.documents.drawn.page import MENU
from tests.documents.drawn.small import (
    BODY,
    ISSUE,
    SAMPLES,
    SCOPE,
    TITLE,
    annex,
    as_docx,
    as_page,
    as_pdf,
    as_text,
    clause,
    rule,
    spelt,
    xfa,
)
from tests.documents.drawn.values import Block, Rule
from tests.documents.drawn.word import COMMENT, DELETED, HIDDEN, PLACEHOLDER

RADICALS = {"车": "⻋", "门": "⻔", "见": "⻅", "民": "⺠"}
LATER = clause("2", "样品", "每个单元送样9件，由委托人在20个工作日内寄到检测实验室。")
TREE = (("1", "适用范围"), ("2", "样品"), ("3", "发证"))


def radicals_in_pdf() -> Case:
    """A PDF made again whose font names radicals for whole characters."""
    made, later = as_pdf(rule(*BODY)), as_pdf(rule(SCOPE, LATER, ISSUE))
    text = "".join(text for block in rule(*BODY, LATER).blocks for text in (block.path, *block.texts, " "))
    files = {"a.pdf": made, "b.pdf": spelt(made, text, RADICALS), "c.pdf": spelt(later, text, RADICALS)}
    pairs = (Comparison("a.pdf", "b.pdf", False), Comparison("a.pdf", "c.pdf", True, "送样8件", "送样9件"))
    return Case(files, (Reading("b.pdf", clauses=TREE),), pairs)


def radicals_in_text() -> Case:
    """The same in a plain text."""
    text = as_text(rule(*BODY))
    files = {"a.txt": text, "b.txt": text.decode().translate(str.maketrans(RADICALS)).encode()}
    return Case(files, (), (Comparison("a.txt", "b.txt", False), Comparison("b.txt", "a.txt", False)))


def xfa_form() -> Case:
    """A dynamic form: what its page says is no rule."""
    page = Page(
        [Mark("Please wait...", 90, 90, 14), Mark("If this message is not replaced, update your viewer.", 90, 120, 11)]
    )
    files = {"form.pdf": xfa(pdf.printed([page]))}
    return Case(files, (Reading("form.pdf", without=("Please wait",), mentions=("XFA",)),))


def field_value() -> Case:
    """A date that stands in a field of the PDF's form."""
    blocks = [Block("field", ("持证人应于 ", day, " 前完成证书转换。")) for day in ("2027-06-30", "2027-09-30")]
    files = {f"{name}.pdf": as_pdf(rule(*BODY, block)) for name, block in zip("ab", blocks, strict=True)}
    return Case(
        files,
        (Reading("a.pdf", holds=("持证人应于 2027-06-30 前完成证书转换",)),),
        (Comparison("a.pdf", "b.pdf", True, "2027-06-30", "2027-09-30"),),
    )


def field_in_docx() -> Case:
    """A date in a content control."""
    blocks = [Block("field", ("持证人应于 ", day, " 前完成证书转换。")) for day in ("2027-06-30", "2027-09-30")]
    files = {f"{name}.docx": as_docx(rule(*BODY, block)) for name, block in zip("ab", blocks, strict=True)}
    return Case(
        files,
        (Reading("a.docx", holds=("持证人应于 2027-06-30 前完成证书转换",)),),
        (Comparison("a.docx", "b.docx", True, "2027-06-30", "2027-09-30"),),
    )


def watermark() -> Case:
    """A diagonal watermark over full pages."""
    body = (*BODY, *(clause(str(at), "抽样", *[SAMPLES.texts[1]] * 4) for at in range(4, 12)))
    files = {"a.pdf": as_pdf(rule(*body)), "b.pdf": as_pdf(rule(*body, watermark="受控文件"))}
    return Case(
        files,
        (Reading("b.pdf", without=("受控文件",), named=("受控文件",)),),
        (Comparison("a.pdf", "b.pdf", False),),
    )


def sideways() -> Case:
    """A sentence turned by 90 degrees, its font not embedded."""
    said = "侧排说明：各项的允差为±{}%，复测2次。"
    files = {
        f"{name}.pdf": as_pdf(rule(*BODY, Block("sideways", (said.format(value),))))
        for name, value in (("a", 5), ("b", 8))
    }
    return Case(
        files,
        (Reading("a.pdf", kept=(said.format(5),)),),
        (Comparison("a.pdf", "b.pdf", True, "允差为±5%", "允差为±8%"),),
    )


def annotations() -> Case:
    """A remark pinned on a page, and a text laid on it as an annotation."""
    made = as_pdf(rule(*BODY))
    files = {
        "note.pdf": pdf.annotated(made, 1),
        "free.pdf": pdf.annotated(made, 1, "第2章的期限改为25个工作日", free=True),
    }
    readings = (
        Reading("note.pdf", kept=(pdf.ANNOTATION,), clauses=TREE),
        Reading("free.pdf", kept=("第2章的期限改为25个工作日",), clauses=TREE),
    )
    return Case(files, readings)


def unseen_in_word() -> Case:
    """A comment, a deletion, hidden text and a placeholder: none of the rule's text, each by its name."""
    blocks = (SCOPE, clause("2", "样品", *[SAMPLES.texts[1]] * 5), ISSUE)
    kinds = frozenset({"comment", "deleted", "hidden", "placeholder", "inserted"})
    files = {"a.docx": as_docx(rule(*blocks)), "b.docx": as_docx(rule(*blocks, extras=kinds))}
    texts = (COMMENT, DELETED, HIDDEN, PLACEHOLDER)
    return Case(files, (Reading("b.docx", without=texts, named=texts),), (Comparison("a.docx", "b.docx", False),))


def saved_page() -> Case:
    """A page saved from the site: the article is the rule, the page around it is not."""
    annexes = (annex(1, "产品清单", "样品数量为5件。"),)
    files = {"page.html": as_page(rule(*BODY, *annexes)), "rule.docx": as_docx(rule(*BODY, *annexes))}
    later = (annex(1, "产品清单", "样品数量为9件。"),)
    files["later.html"] = as_page(rule(*BODY, *later), 2)
    around = (*MENU, "版权所有", "今日访问", "上一篇", "浏览次数")
    return Case(
        files,
        (Reading("page.html", without=around, title=TITLE, clauses=(*TREE, ("附件1", "产品清单"))),),
        (
            Comparison("page.html", "rule.docx", False),
            Comparison("rule.docx", "page.html", False),
            Comparison("page.html", "later.html", True, "样品数量为5件", "样品数量为9件"),
        ),
    )


def list_items_swapped() -> Case:
    """Items of a list in another order: nothing changed where none is cited, something where one is."""
    items, cited = ("申请书由委托人盖章；", "产品描述附照片；"), clause("4", "核对", "按3 a)提交的文件由认证机构核对。")
    lists = [
        Block("list", tuple(f"{mark}) {text}" for mark, text in zip("ab", order, strict=True)))
        for order in (items, items[::-1])
    ]
    said = clause("3", "文件", "委托时提交下列文件：")
    files = {}
    for ending, make in _WRITERS.items():
        for name, order in zip("ab", lists, strict=True):
            files[f"{name}.{ending}"] = make(rule(SCOPE, SAMPLES, said, order))
            files[f"cited-{name}.{ending}"] = make(rule(SCOPE, SAMPLES, said, order, cited))
    pairs = [Comparison(f"a.{ending}", f"b.{ending}", False) for ending in _WRITERS]
    return Case(
        files, (), (*pairs, *(Comparison(f"cited-a.{ending}", f"cited-b.{ending}", True) for ending in _WRITERS))
    )


def fees_with_leaders() -> Case:
    """A list of fees is no table of contents."""
    files: dict[str, bytes] = {}
    for ending, make in _WRITERS.items():
        for name, amount in (("a", "100"), ("b", "800")):
            fees = Block("fees", ("申请费", "600", "批准与注册费", "300", "年金", amount, "标志使用费", "200"))
            files[f"{name}.{ending}"] = make(rule(*BODY, clause("4", "收费", "收费如下。"), fees))
    readings = tuple(
        Reading(f"a.{ending}", holds=("申请费", "批准与注册费", "年金", "标志使用费", "100")) for ending in _WRITERS
    )
    return Case(files, readings, tuple(Comparison(f"a.{end}", f"b.{end}", True, "100", "800") for end in _WRITERS))


def heading_with_colon() -> Case:
    """The colon at the end of a heading is part of it."""
    drawn = rule(SCOPE, clause("2", "样品：", SAMPLES.texts[1]), ISSUE)
    tree = (TREE[0], ("2", "样品："), TREE[2])
    files = {f"a.{ending}": make(drawn) for ending, make in _WRITERS.items()}
    return Case(files, tuple(Reading(name, clauses=tree) for name in files))


def annexes_of_a_page() -> Case:
    """Annexes of one page each that say nearly the same, under a running head."""
    files = {}
    for name, numbers in (("a", (5, 5, 3, 5, 8)), ("b", (5, 5, 3, 9, 8))):
        annexes = [annex(at, "试验要求", f"样品数量为{number}件。") for at, number in enumerate(numbers, start=1)]
        files[f"{name}.pdf"] = as_pdf(rule(*BODY, *annexes, running="{code}　第{n}页", foot="- {n} -"))
    holds = ("样品数量为5件", "样品数量为3件", "样品数量为8件")
    return Case(
        files, (Reading("a.pdf", holds=holds),), (Comparison("a.pdf", "b.pdf", True, "样品数量为5件", "样品数量为9件"),)
    )


def foot_counts_like_a_clause() -> Case:
    """The last line of each page is a sentence of the rule whose number grows with the pages."""
    annexes = [annex(at, "试验要求", f"样品数量为{at + 2}件。") for at in range(1, 6)]
    files = {"a.pdf": as_pdf(rule(*BODY, *annexes))}
    return Case(files, (Reading("a.pdf", holds=tuple(f"样品数量为{at + 2}件" for at in range(1, 6))),))


def other_page_numbers() -> Case:
    """The same rule with its page numbers and running heads written otherwise."""
    annexes = [annex(at, "试验要求", f"样品数量为{number}件。") for at, number in enumerate((5, 7, 3), start=1)]
    looks = {
        "a": {"foot": "- {n} -", "running": "{title}"},
        "b": {"foot": "第 {n} 页 共 {of} 页", "running": "{code}　第{n}页"},
        "c": {"foot": "{n}/{of}"},
        "d": {"foot": "Page {n} of {of}", "running": "annexes"},
    }
    files = {f"{name}.pdf": as_pdf(rule(*BODY, *annexes, **look)) for name, look in looks.items()}
    return Case(files, (), tuple(Comparison("a.pdf", f"{name}.pdf", False) for name in "bcd"))


def contents_set_aside() -> Case:
    """A real table of contents is set aside by its name."""
    body = (*BODY, annex(1, "产品清单", "样品数量为5件。"))
    files = {"a.pdf": as_pdf(rule(*body)), "b.pdf": as_pdf(rule(*body, contents="."))}
    reading = Reading("b.pdf", without=("目录",), named=("目录",), clauses=(*TREE, ("附件1", "产品清单")))
    return Case(files, (reading,), (Comparison("a.pdf", "b.pdf", False),))


def other_columns() -> Case:
    """The same text in one column and in two, and in larger type on more pages."""
    body = [clause(str(at), "抽样", *(block.texts[1] for block in BODY)) for at in range(1, 14)]
    files = {
        "a.pdf": as_pdf(rule(*body)),
        "b.pdf": as_pdf(rule(*body, two_columns=True)),
        "c.pdf": as_pdf(rule(*body, size=16)),
    }
    return Case(files, (), (Comparison("a.pdf", "b.pdf", False), Comparison("a.pdf", "c.pdf", False)))


def numbers_by_word() -> Case:
    """A .doc whose numbers Word makes, read with and without LibreOffice; DOCX and PDF of it the same."""
    body = (*BODY, clause("3.1", "延续", "期满前6个月提出。"), clause("3.1.1", "审核", "审核在10日内完成。"))
    made = as_docx(rule(*body, numbered_by_word=True))
    files = {"a.docx": made, "a.doc": converted([made], "doc")[0], "a.pdf": converted([made], "pdf")[0]}
    tree = (*TREE, ("3.1", "延续"), ("3.1.1", "审核"))
    readings = [Reading(name, clauses=tree) for name in files]
    pairs = tuple(Comparison("a.docx", name, False) for name in ("a.doc", "a.pdf"))
    return Case(files, (*readings, Reading("a.doc", clauses=tree, without_office=True)), pairs)


def box_and_note() -> Case:
    """A text box (written twice in a DOCX) and a footnote: once each, and a change in either is seen."""

    def drawn(days: int, count: int) -> Rule:
        note = Block("footnote", ("抽样按下列要求。", f"此前受理的{count}个单元不受影响。"))
        return rule(*BODY, Block("box", (f"提示：联系电话变更后应在{days}日内告知。",)), note)

    files = {}
    for ending in ("docx", "pdf"):
        make = _WRITERS[ending]
        files |= {f"a.{ending}": make(drawn(5, 7)), f"b.{ending}": make(drawn(6, 7)), f"c.{ending}": make(drawn(5, 4))}
    readings = tuple(Reading(f"a.{ending}", holds=("应在5日内告知", "此前受理的7个单元")) for ending in ("docx", "pdf"))
    boxes = [Comparison(f"a.{ending}", f"b.{ending}", True, "在5日内", "在6日内") for ending in ("docx", "pdf")]
    notes = [Comparison(f"a.{ending}", f"c.{ending}", True, "7个单元", "4个单元") for ending in ("docx", "pdf")]
    return Case(files, readings, (*boxes, *notes))


_WRITERS: dict[str, Callable[[Rule], bytes]] = {"pdf": as_pdf, "docx": as_docx, "txt": as_text}

CASES: dict[str, Callable[[], Case]] = {
    made.__name__: made
    for made in (
        radicals_in_pdf, radicals_in_text, xfa_form, field_value, field_in_docx, watermark, sideways, annotations,
        unseen_in_word, saved_page, list_items_swapped, fees_with_leaders, heading_with_colon, annexes_of_a_page,
        foot_counts_like_a_clause, other_page_numbers, contents_set_aside, other_columns, numbers_by_word, box_and_note,
    )
} | COVER_CASES | TABLE_CASES | ACROSS_CASES  # fmt: skip
"""Every case by name."""
