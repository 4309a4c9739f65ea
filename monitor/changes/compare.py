"""Two documents, clause by clause: what was added, removed, amended, moved, renumbered, and whether it matters."""

from collections.abc import Iterator

from monitor.changes.align import Alignment, align
from monitor.changes.change import ClauseChange, Comparison, Edit, Op
from monitor.changes.diff import diff_texts
from monitor.changes.side import Side, side_of
from monitor.changes.substance import judge
from monitor.documents.document import Document
from monitor.notation.text import normalise


def compare_documents(old: Document, new: Document) -> Comparison:
    """Return what happened to each part of two documents; each part of both is in exactly one entry."""
    before, after = side_of(old), side_of(new)
    alignment = align(before, after)
    return Comparison(tuple(_entries(before, after, alignment)), _share(before, after, alignment))


def compare_texts(old: str, new: str) -> Comparison:
    """Compare two plain texts, one paragraph a line."""
    from monitor.documents.reader import read_text_document

    return compare_documents(read_text_document(old), read_text_document(new))


def _entries(old: Side, new: Side, alignment: Alignment) -> Iterator[ClauseChange]:
    """The entries in the order of the new document, what was removed after what stood before it."""
    source = {j: i for i, j in enumerate(alignment.partner) if j >= 0}
    removed_before = _removed(alignment)
    yield from (_removed_entry(old, i) for i in removed_before.get(-1, ()))
    for j in range(len(new)):
        if j in source:
            yield _paired(old, new, source[j], j, source[j] in alignment.moved)
        else:
            yield _added_entry(new, j)
        yield from (_removed_entry(old, i) for i in removed_before.get(j, ()))


def _removed(alignment: Alignment) -> dict[int, list[int]]:
    removed: dict[int, list[int]] = {}
    last = -1
    for i, j in enumerate(alignment.partner):
        if j < 0:
            removed.setdefault(last, []).append(i)
        elif i not in alignment.moved:
            last = j
    return removed


def _paired(old: Side, new: Side, i: int, j: int, moved: bool) -> ClauseChange:
    before, after = old.texts[i], new.texts[j]
    op, substantive, why = _kind_of_place(old, new, i, j, moved), False, ()
    if before != after and normalise(before) != normalise(after):
        op = Op.MODIFIED
        substantive, why = judge(before, after)
    return ClauseChange(
        op,
        old.paths[i],
        new.paths[j],
        old.headings[i],
        new.headings[j],
        before,
        after,
        substantive,
        why,
        diff_texts(before, after),
    )


def _kind_of_place(old: Side, new: Side, i: int, j: int, moved: bool) -> Op:
    if moved:
        return Op.MOVED
    return Op.UNCHANGED if old.paths[i] == new.paths[j] else Op.RENUMBERED


def _removed_entry(side: Side, i: int) -> ClauseChange:
    text = side.texts[i]
    edits = (Edit("delete", text),) if text else ()
    return ClauseChange(Op.REMOVED, side.paths[i], None, side.headings[i], None, text, None, True, ("removed",), edits)


def _added_entry(side: Side, j: int) -> ClauseChange:
    text = side.texts[j]
    edits = (Edit("insert", text),) if text else ()
    return ClauseChange(Op.ADDED, None, side.paths[j], None, side.headings[j], None, text, True, ("added",), edits)


def _share(old: Side, new: Side, alignment: Alignment) -> float:
    total = sum(map(len, old.texts)) + sum(map(len, new.texts))
    pairs = ((i, j) for i, j in enumerate(alignment.partner) if j >= 0)
    return sum(len(old.texts[i]) + len(new.texts[j]) for i, j in pairs) / total if total else 1.0
