"""Tables are read as grids before sentences: what a cell means is said by the head of its column, or by the row's name.

Cells that were merged over several rows are empty after the first and stand for the cell above.
"""

import re
from dataclasses import dataclass

from monitor.facts.moments import Known
from monitor.facts.text.lines import Sentence
from monitor.facts.text.marks import CODE, DATE, STANDARD, Marked
from monitor.facts.timing import Part, parts_of, row_parts
from monitor.notation.codes import RuleCode
from monitor.notation.standards import StandardRef


@dataclass(frozen=True, slots=True)
class Pair:
    """The old and the new that a row sets side by side; `is_lone`: the other cell says that there is none."""

    old: tuple[object, ...] = ()
    new: tuple[object, ...] = ()
    is_lone: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The table that a sentence stands in: the heads of its columns, none where it has no head."""

    heads: tuple[str, ...] = ()

    def with_row(self, sentence: Sentence) -> "Table":
        """Return the table as it stands after a sentence: a row without data is a head, no row ends the table."""
        if not sentence.is_row:
            return Table()
        if any(mark in sentence.text for mark in (CODE, STANDARD, DATE)) or (self.heads and not _is_head(sentence)):
            return self
        return Table(tuple(cell.text for cell in sentence.cells))

    def parts(self, sentence: Sentence, known: Known) -> tuple[Part, ...]:
        """Return the moments of a row, each read under what names it."""
        return tuple(
            part for label, cell in self._labelled(sentence) for part in self._read(sentence, label, cell, known)
        )

    def _read(self, row: Sentence, label: str, cell: Marked, known: Known) -> tuple[Part, ...]:
        inside = Sentence(cell, row.paragraph, row.stem)
        around = row.tokens.classes
        own = parts_of(inside, known) if len(cell.text) > _ALONE or "：" in cell.text else ()
        if any(part.role for part in own):
            return own
        if _GENERIC.fullmatch(label) and _VERSIONS.search("".join(self.heads)):
            return row_parts(inside, "历次修订", known, around)
        found = row_parts(inside, "" if _GENERIC.fullmatch(label) else label, known, around)
        if any(part.role for part in found):
            return found
        beside = (other.text for other in row.cells if len(other.text) > 1 and DATE not in other.text)
        tried = (row_parts(inside, name, known, around) for name in beside)
        return next((parts for parts in tried if any(part.role for part in parts)), found)

    def _labelled(self, sentence: Sentence) -> list[tuple[str, Marked]]:
        """Return the cells of a row that print a date, each with what names it."""
        cells = sentence.cells
        if len(cells) == len(self.heads):
            return [(head, cell) for head, cell in zip(self.heads, cells, strict=True) if DATE in cell.text]
        dated = [cell for cell in cells if DATE in cell.text]
        heads = [head for head in self.heads if _DATED_HEAD.search(head)]
        if self.heads and len(heads) == len(dated):
            return list(zip(heads, dated, strict=True))
        return [(cells[i - 1].text if i else "", cell) for i, cell in enumerate(cells) if DATE in cell.text]

    def pair(self, sentence: Sentence, above: Pair) -> Pair:
        """Return what a row sets side by side; a cell that was merged with the one above repeats it."""
        columns = self._columns()
        if columns is None or not sentence.text:
            return Pair()
        if len(sentence.cells) != len(self.heads):
            return _in_order(sentence, columns)
        old, new = (_named(sentence.cells[column]) for column in columns)
        if any(_NONE.fullmatch(sentence.cells[column].text) for column in columns):
            return Pair(old, new, bool(old) is not bool(new))
        return Pair(old, new or (above.new if old else ()))

    def _columns(self) -> tuple[int, int] | None:
        """Return the columns of the old and of the new, where a head names both."""
        old = next((i for i, head in enumerate(self.heads) if _OLD.search(head) and not _DATED_HEAD.search(head)), None)
        if old is None:
            return None
        others = [i for i in range(len(self.heads)) if i != old and not _DATED_HEAD.search(self.heads[i])]
        new = next((i for i in others if _NEW.search(self.heads[i])), None)
        new = new if new is not None else next((i for i in others if _ANY.search(self.heads[i])), None)
        return (old, new) if new is not None else None


def _is_head(sentence: Sentence) -> bool:
    return sum(bool(_HEAD.search(cell.text)) for cell in sentence.cells) >= 2


def _in_order(sentence: Sentence, columns: tuple[int, int]) -> Pair:
    """A row with fewer cells than its head: two standards or two codes stand in the order of the columns."""
    for kind in (StandardRef, RuleCode):
        things = tuple(thing for thing in sentence.marked.things if isinstance(thing, kind))
        if len(things) == 2:
            first, second = things if columns[0] < columns[1] else things[::-1]
            return Pair((first,), (second,))
    return Pair()


def _named(cell: Marked) -> tuple[object, ...]:
    return tuple(thing for thing in cell.things if isinstance(thing, StandardRef | RuleCode))


_GENERIC = re.compile("(?:日期|时间|节点|时间节点|时间要求|时间安排|期限|时限|截止|截止时间|截止日期|备注|完成时间)?")
_VERSIONS = re.compile("版本|版次")
_ALONE = 6
"""Marks of a cell that prints a date and little else (2027年6月30日前)."""

_NONE = re.compile(r"[-—/－无]+")
"""A cell that says that there is no such standard or rule."""

_HEAD = re.compile("日期|时间|编号|标准|规则|序号|名称|备注|产品|要求|节点|期限")
_DATED_HEAD = re.compile("(?:日期|时间|期限|时限|日|截止|期|节点)$|日期|时间")
_OLD = re.compile(
    "旧版?|原标准|原(?:认证)?依据|原规则|被代替|被替代|代替标准|^代替$|^替代$|代替规则|替代标准号?|替代规则|替代标准|原版|换版前|修订前|变更前|调整前|现行(?:标准|依据|规则)|代替编号|替代编号|代替的|被取代"
)
_ANY = re.compile("标准(?:编?号)?$|规则(?:编?号)?$|^编号$|标准$|规则$")
_NEW = re.compile("新版?|替代后|现(?:认证)?依据|换版后|修订后|变更后|调整后|现标准|代替后|现规则")
