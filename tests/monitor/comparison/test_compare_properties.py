"""What holds for any two documents: nothing lost, every requirement found, no print taken for one."""

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings

from monitor.comparison.compare import compare_documents, compare_texts
from monitor.comparison.comparison import Comparison
from monitor.comparison.diff import apply_edits
from monitor.comparison.pairing.side import side_of
from monitor.documents.document import Document
from tests.strategies import (
    Edited,
    chinese_texts,
    layout_edits,
    rule,
    rules,
    substantive_edits,
    with_layout_edits,
    with_substantive_edit,
)

CASES = 2000


def assert_nothing_lost(comparison: Comparison, old: Document, new: Document) -> None:
    """Every part of both sides is in one entry, and every entry's edits give both its texts."""
    listed = comparison.clauses
    assert Counter(c.old for c in listed if c.old is not None) == Counter(side_of(old).texts)
    assert [c.new for c in listed if c.new is not None] == list(side_of(new).texts)
    for clause in listed:
        assert apply_edits(clause.edits) == (clause.old or "", clause.new or "")


def test_every_substantive_edit_is_found() -> None:
    """2,000 rules, each with one requirement changed somewhere."""
    missed = []
    for seed in range(CASES):
        edited = with_substantive_edit(seed)
        if not compare_documents(edited.old, edited.new).substantive:
            missed.append((seed, edited.what))
    assert missed == []


def test_no_layout_edit_is_substantive() -> None:
    """2,000 rules printed otherwise."""
    wrong = []
    for seed in range(CASES):
        edited = with_layout_edits(seed)
        comparison = compare_documents(edited.old, edited.new)
        if comparison.substantive:
            wrong.append((seed, edited.what, [c.why for c in comparison.clauses if c.substantive]))
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(substantive_edits())
def test_nothing_is_lost_when_a_requirement_changes(edited: Edited) -> None:
    assert_nothing_lost(compare_documents(edited.old, edited.new), edited.old, edited.new)


@settings(max_examples=60, deadline=None)
@given(layout_edits())
def test_nothing_is_lost_when_print_changes(edited: Edited) -> None:
    assert_nothing_lost(compare_documents(edited.old, edited.new), edited.old, edited.new)


@settings(max_examples=40, deadline=None)
@given(rules(), rules())
def test_nothing_is_lost_between_strangers(old: Document, new: Document) -> None:
    assert_nothing_lost(compare_documents(old, new), old, new)


@settings(max_examples=60, deadline=None)
@given(rules())
def test_a_document_is_no_change_of_itself(document: Document) -> None:
    comparison = compare_documents(document, document)
    assert comparison.unchanged == len(document.parts)
    assert not comparison.substantive
    assert comparison.alignment == 1.0


@settings(max_examples=150, deadline=None)
@given(chinese_texts(), chinese_texts())
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    for clause in compare_texts(old, new).clauses:
        assert apply_edits(clause.edits) == (clause.old or "", clause.new or "")


def test_shuffled_clauses_are_moved_not_rewritten() -> None:
    for seed in range(50):
        document = rule(random.Random(seed))
        parts = list(document.parts)
        random.Random(seed).shuffle(parts)
        assert not compare_documents(document, replace(document, parts=tuple(parts))).substantive
