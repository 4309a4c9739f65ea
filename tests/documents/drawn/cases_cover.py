"""Cases of covers: title, code and days in every layout."""

from collections.abc import Callable

from tests.documents.drawn.case import Case, Reading
from tests.documents.drawn.small import BODY, CODE, COVER, TITLE, as_docx, as_pdf, clause, rule, table
from tests.documents.drawn.values import Block

PUBLISHED, EFFECTIVE = "2026-03-01", "2026-07-01"
_CODE, _, _DAYS = COVER
_COVERS: dict[str, tuple[Block, ...]] = {
    "spaced_title": (_CODE, Block("spaced", ("产 品 认 证 实 施 规 则",)), Block("title", ("车用电动门锁",)), _DAYS),
    "spaced_title_below": (
        _CODE,
        Block("title", ("车用电动门锁",)),
        Block("spaced", ("产 品 认 证 实 施 规 则",)),
        _DAYS,
    ),
    "title_over_lines": (_CODE, Block("title", ("车用电动门锁", "产品认证实施规则")), _DAYS),
    "bilingual_cover": (
        _CODE,
        Block("title", (TITLE,)),
        Block("english", ("Implementation Rules for Certification of Electric Door Locks for Vehicles",)),
        _DAYS,
    ),
    "edition_on_cover": (_CODE, Block("title", (TITLE,)), Block("edition", ("第A/0版",)), _DAYS),
    "revisions_on_cover": (
        _CODE,
        Block("title", (TITLE,)),
        _DAYS,
        Block("heading", ("修订记录",)),
        table(("版次", "修订内容", "日期"), ("A/0", "首次发布", "2024年5月6日"), ("A/1", "换版", "2026年3月1日")),
    ),
}


def _cover_case(cover: tuple[Block, ...]) -> Callable[[], Case]:
    def made() -> Case:
        drawn = rule(*BODY, cover=cover)
        files = {"a.pdf": as_pdf(drawn), "a.docx": as_docx(drawn)}
        told = {"title": "车用电动门锁", "code": CODE, "published": PUBLISHED, "effective": EFFECTIVE}
        return Case(files, tuple(Reading(name, **told) for name in files))  # type: ignore[arg-type]

    return made


def law_in_two_columns() -> Case:
    """A law in two columns whose cover says when it was passed and from when it is in force."""
    cover = (
        Block("title", ("车用锁具管理办法",)),
        Block("days", ("（2025年3月1日公布　自2025年7月1日起施行）",)),
    )
    articles = [
        Block("clause", ("", *(block.texts[1] for block in BODY)), f"第{number}条", 2)
        for number in "一二三四五六七八九"
    ]
    drawn = rule(Block("clause", ("总则",), "第一章", 1), *articles, cover=cover, two_columns=True)
    tree = (("第一章", "总则"), *((f"第{number}条", "") for number in "一二三四五六七八九"))
    reading = Reading("a.pdf", title="车用锁具管理办法", published="2025-03-01", effective="2025-07-01", clauses=tree)
    return Case({"a.pdf": as_pdf(drawn)}, (reading,))


def cited_code_is_not_its_own() -> Case:
    """A rule whose cover bears no code cites another one's."""
    drawn = rule(*BODY, clause("4", "其他", "本规则未规定的按CCAP-GZ-9999:2020执行。"), cover=COVER[1:])
    return Case({"a.pdf": as_pdf(drawn)}, (Reading("a.pdf", title=TITLE, holds=("CCAP-GZ-9999:2020",)),))


COVER_CASES: dict[str, Callable[[], Case]] = {name: _cover_case(cover) for name, cover in _COVERS.items()} | {
    "law_in_two_columns": law_in_two_columns,
    "cited_code_is_not_its_own": cited_code_is_not_its_own,
}
