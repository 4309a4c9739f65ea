"""What stands outside clauses: cover, foreword, note of revision, the opening and the close of a notice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.documents.document import Part, PartRole, Table
from monitor.documents.structure.lines import Block, Grid, Line
from monitor.documents.structure.titles import is_title
from monitor.notation.codes import find_codes

_REVISION = re.compile(
    r"^(?:文件|规则|本规则|版本)?(?:修订|修改|变更|更改|换版|改版)(?:的)?(?:说明|记录|历史|情况|一览|概要|内容|履历|编制说明)+表?$"
)
_NAMED = re.compile(r"^(?:前言|引言|序言|编制说明|版本说明|版权声明|声明|发布说明|说明)$")
_DATE = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
    r"|[一二〇○零三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_DATE_ONLY = re.compile(rf"^\s*[（(]?{_DATE}\s*(?:印发|发布)?[）)]?\s*$")
_BODY = re.compile(
    r"(?:中心|公司|局|委员会|总局|部|院|协会|学会|办公室|所|厅|处|CQC|CCAP)(?:\s*[（(][^）)]*[）)])?\s*$"
)
_ATTACHED = re.compile(r"^附\s*件?\s*\d{0,2}\s*[:：]|^\d{1,2}\s*[.．、]")
_COVER = re.compile(rf"(?:发\s*布|实\s*施|施\s*行)\s*$|^\s*(?:{_DATE})\s*(?:发\s*布|实\s*施|修\s*订)")


def squeezed(text: str) -> str:
    """Return a text without any white space: 前　言 is 前言."""
    return re.sub(r"\s+", "", text)


def is_named_part(text: str) -> bool:
    """Return whether a line is the title of an unnumbered part: 前言, 修订说明 …"""
    said = squeezed(text)
    return bool(_NAMED.match(said) or _REVISION.match(said))


def ends_document(*lines: str) -> bool:
    """Return whether these lines, to the last, are the close of a notice: what is attached, who signs, the date."""
    if not lines:
        return False
    texts = [line.strip() for line in lines]
    if re.match(r"^附\s*件\s*[:：]", texts[0]):
        return all(_is_close(text) or is_title(text) for text in texts[1:])
    return _is_signed(texts) and all(_is_close(text) for text in texts)


def _is_signed(texts: Sequence[str]) -> bool:
    return len(texts) <= 5 and any(_DATE_ONLY.match(text) for text in texts) and not _ATTACHED.match(texts[0])


def _is_close(text: str) -> bool:
    return bool(_DATE_ONLY.match(text) or _ATTACHED.match(text)) or (len(text) <= 40 and bool(_BODY.search(text)))


def outside_parts(blocks: Sequence[Block], opens: bool = False) -> tuple[Part, ...]:
    """Return the parts that unnumbered text falls into; `opens` says that it begins the document."""
    return tuple(
        section.part() for section in _sections(blocks, opens) if section.body or section.tables or section.heading
    )


@dataclass(slots=True)
class _Section:
    role: PartRole
    heading: str = ""
    body: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def part(self) -> Part:
        return Part(self.role, None, self.heading, "\n".join(self.body), tuple(self.tables))


def _sections(blocks: Sequence[Block], opens: bool) -> Iterator[_Section]:
    start = next((at for at, block in enumerate(blocks) if isinstance(block, Line) and is_named_part(block.text)), None)
    opening = blocks if start is None else blocks[:start]
    section = _Section(PartRole.COVER if opens and is_cover(opening) else PartRole.TEXT)
    for block in blocks:
        if isinstance(block, Grid):
            section.tables.append(block.rows)
        elif is_named_part(block.text):
            yield section
            revised = _REVISION.match(squeezed(block.text))
            section = _Section(PartRole.REVISION_NOTE if revised else PartRole.TEXT, block.text)
        else:
            section.body.append(block.text)
    yield section


def is_cover(blocks: Sequence[Block]) -> bool:
    """Return whether the first text is a cover: short lines, with a code of its own or 发布 / 实施."""
    lines = [block.text for block in blocks if isinstance(block, Line)]
    if not lines or len(lines) > 40 or any(len(line) > 90 for line in lines):
        return False
    marked = any(_COVER.search(line) for line in lines) or any(find_codes(line) for line in lines[:12])
    return marked and sum(line.rstrip().endswith(("。", "；")) for line in lines) <= len(lines) // 3
