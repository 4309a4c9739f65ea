"""Cases of one rule in several forms: every format of it, a scan of it, other characters that look the same."""

from collections.abc import Callable
from dataclasses import replace

from tests.documents.drawn.case import Case, Comparison, Reading
from tests.documents.drawn.content import clauses_of, draw_rule
from tests.documents.drawn.office import converted
from tests.documents.drawn.small import BODY, as_docx, as_page, as_pdf, as_text, clause, rule
from tests.documents.drawn.values import Block, Rule
from tests.documents.scans import Scan, scanned

_AGREEING = (11, 26, 47)
"""Seeds of three drawn rules that have chapters, annexes and tables between them."""


def _agree(seed: int) -> Callable[[], Case]:
    def made() -> Case:
        drawn = _in_every_format(draw_rule(seed))
        word = as_docx(drawn)
        files = {"a.docx": word, "a.doc": converted([word], "doc")[0], "office.pdf": converted([word], "pdf")[0]}
        files |= {"a.pdf": as_pdf(drawn), "a.html": as_page(drawn)}
        tree = tuple((one.path, one.heading) for one in clauses_of(drawn))
        tables = tuple(block.rows for block in drawn.blocks if block.kind == "table")
        readings = [Reading(name, clauses=tree, tables=tables) for name in files]
        readings.append(Reading("a.doc", clauses=tree, tables=tables, without_office=True))
        return Case(
            files, tuple(readings), tuple(Comparison("a.docx", name, False) for name in files if name != "a.docx")
        )

    return made


def _in_every_format(drawn: Rule) -> Rule:
    """The rule with what all formats can hold alike: no merged cells, a grid, no colon after headings,
    nothing sideways, no editor's extras."""
    kept = (block for block in drawn.blocks if block.kind not in ("sideways", "box", "footnote"))
    blocks = tuple(
        replace(
            block, spans=(), ragged=False, ruling="grid", texts=tuple(text.removesuffix("：") for text in block.texts)
        )
        for block in kept
    )
    return replace(drawn, blocks=blocks, look=replace(drawn.look, extras=frozenset(), watermark="", two_columns=False))


def lookalikes_in_text() -> Case:
    """Characters that mean the same and are coded otherwise."""
    said = "适用于工厂用件，厚度8 mm，温度40 ℃，共3件。"
    plain = rule(*BODY, clause("4", "其他", said))
    other = (
        as_text(plain).decode().translate(str.maketrans("用工8", "⽤⼯８")).replace("8 mm", "8㎜").replace("℃", "°C")
    )
    files = {"a.txt": as_text(plain), "b.txt": other.encode()}
    return Case(files, (Reading("b.txt", title="车用电动门锁"),), (Comparison("a.txt", "b.txt", False),))


def fees_on_scan() -> Case:
    """A scanned list of fees with leaders: the dots are no digits."""
    names = ("申请费", "600元", "批准与注册费", "300元", "年金", "100元", "标志使用费", "200元")
    made = as_pdf(rule(clause("1", "收费", "收费按下列标准，自2026年3月1日起执行。"), Block("fees", names), cover=()))
    files = {"a.pdf": made, "scan.pdf": scanned(made, Scan(noise=3, quality=85))}
    holds = tuple(text for text in names if "费" in text or "元" in text)
    return Case(
        files,
        (Reading("scan.pdf", holds=holds, without=("..0", "0: ", "元0")),),
        (Comparison("a.pdf", "scan.pdf", False),),
    )


def signs_without_meaning() -> Case:
    """A character of the private use area, and one that the font maps to nothing: a doubt, not silence."""
    body = (*BODY[:2], clause("3", "试验", "绝缘电阻不小于\ue5e5 5 MΩ。"))
    files = {"a.txt": as_text(rule(*body)), "a.docx": as_docx(rule(*body))}
    return Case(files, tuple(Reading(name, mentions=("\ue5e5",)) for name in files))


ACROSS_CASES: dict[str, Callable[[], Case]] = {f"formats_agree_{seed}": _agree(seed) for seed in _AGREEING} | {
    made.__name__: made for made in (lookalikes_in_text, fees_on_scan, signs_without_meaning)
}
