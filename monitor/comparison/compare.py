"""Two documents, clause by clause: what was added, removed, amended, moved, renumbered, and whether it matters."""

from monitor.comparison.comparison import Comparison
from monitor.comparison.entries import Entries
from monitor.comparison.pairing.align import Alignment, align
from monitor.comparison.pairing.side import Side, side_of
from monitor.comparison.pairing.splits import with_names_kept
from monitor.documents.document import Document
from monitor.documents.reader import read_text_document


def compare_documents(old: Document, new: Document) -> Comparison:
    """Return what happened to each part of two documents; each part of both is in exactly one entry."""
    before, after = side_of(old), side_of(new)
    alignment = with_names_kept(before, after, align(before, after))
    return Comparison(tuple(Entries(before, after, alignment)), _share(before, after, alignment))


def compare_texts(old: str, new: str) -> Comparison:
    """Compare two plain texts, one paragraph a line."""
    return compare_documents(read_text_document(old), read_text_document(new))


def _share(old: Side, new: Side, alignment: Alignment) -> float:
    """The share of all text that found a counterpart."""
    alone = sum(len(old.texts[i]) for i, j in enumerate(alignment.partner) if j < 0)
    alone += sum(len(new.texts[j]) for j, i in enumerate(alignment.source) if i < 0)
    total = sum(map(len, old.texts)) + sum(map(len, new.texts))
    return 1 - alone / total if total else 1.0
