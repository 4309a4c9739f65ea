"""Which parts kept their order: the heaviest run of pairs that goes forward on both sides."""

from collections.abc import Sequence
from operator import lt


def kept_in_order(places: Sequence[int]) -> list[bool] | None:
    """Return for each place whether it belongs to the longest forward run; None where all of them do."""
    if all(map(lt, places, places[1:])):
        return None
    blocks = _blocks(places)
    chosen = _heaviest(blocks)
    kept = [False] * len(places)
    for number in chosen:
        begin, end, _ = blocks[number]
        kept[begin:end] = [True] * (end - begin)
    return kept


def _blocks(places: Sequence[int]) -> list[tuple[int, int, int]]:
    """Stretches that stand together on both sides, as begin, end and rank of their new place."""
    rank = {place: number for number, place in enumerate(sorted(places))}
    ranks = [rank[place] for place in places]
    blocks, begin = [], 0
    for end in range(1, len(ranks) + 1):
        if end == len(ranks) or ranks[end] != ranks[end - 1] + 1:
            blocks.append((begin, end, ranks[begin]))
            begin = end
    return blocks


def _heaviest(blocks: Sequence[tuple[int, int, int]]) -> list[int]:
    """The blocks of the heaviest forward run (a Fenwick tree of the best run that ends before each rank)."""
    size = max(rank for _, _, rank in blocks) + 2
    tree: list[tuple[int, int]] = [(0, -1)] * (size + 1)
    before = [-1] * len(blocks)
    best = (0, -1)
    for number, (begin, end, rank) in enumerate(blocks):
        weight, before[number] = _best_below(tree, rank)
        total = (weight + end - begin, number)
        _raise(tree, rank + 1, total)
        best = max(best, total, key=lambda entry: entry[0])
    chain, at = [], best[1]
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _best_below(tree: list[tuple[int, int]], rank: int) -> tuple[int, int]:
    best = (0, -1)
    while rank > 0:
        best = max(best, tree[rank], key=lambda entry: entry[0])
        rank -= rank & -rank
    return best


def _raise(tree: list[tuple[int, int]], at: int, value: tuple[int, int]) -> None:
    while at < len(tree):
        if tree[at][0] < value[0]:
            tree[at] = value
        at += at & -at
