"""Who goes with whom, so that the sum of all scores is as large as it can be.

Pairs that are each other's best by a margin are settled first: with real amendments that is nearly all of them. The
rest, where two parts want the same partner, is solved exactly by shortest augmenting paths (Jonker and Volgenant 1987),
or greedily where that would take too long.
"""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
EXACT_UP_TO = 300
"""Rows for which the exact assignment is computed; a document rewritten in more places is paired greedily."""
MARGIN = 12.0


def assign(scores: Scores) -> list[tuple[int, int]]:
    """Return pairs of row and column; a negative score is never paired."""
    pairs = _settled(scores)
    rows = np.setdiff1d(np.arange(scores.shape[0]), [row for row, _ in pairs])
    columns = np.setdiff1d(np.arange(scores.shape[1]), [column for _, column in pairs])
    rest = scores[np.ix_(rows, columns)]
    rows, columns = rows[(rest >= 0).any(axis=1)], columns[(rest >= 0).any(axis=0)]
    rest = scores[np.ix_(rows, columns)]
    if rest.size:
        solve = _exact if min(rest.shape) <= EXACT_UP_TO else _greedy
        pairs += [(int(rows[row]), int(columns[column])) for row, column in solve(rest)]
    return pairs


def _settled(scores: Scores) -> list[tuple[int, int]]:
    """Pairs that are each other's best by a margin."""
    best_column, best_row = scores.argmax(axis=1), scores.argmax(axis=0)
    pairs = []
    for row, column in enumerate(best_column):
        score = scores[row, column]
        if best_row[column] != row or score < 0:
            continue
        if score - _second(scores[row]) >= MARGIN and score - _second(scores[:, column]) >= MARGIN:
            pairs.append((row, int(column)))
    return pairs


def _second(values: Scores) -> float:
    return float(np.partition(values, -2)[-2]) if values.size > 1 else -100.0


def _greedy(scores: Scores) -> list[tuple[int, int]]:
    order = np.argsort(-scores, axis=None)
    rows, columns, pairs = set(), set(), []
    for flat in order:
        row, column = divmod(int(flat), scores.shape[1])
        if scores[row, column] < 0:
            break
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append((row, column))
    return pairs


def _exact(scores: Scores) -> list[tuple[int, int]]:
    """The best assignment: each row may also stay alone, at a cost of nothing."""
    if scores.shape[0] > scores.shape[1]:
        return [(row, column) for column, row in _exact(np.ascontiguousarray(scores.T))]
    count, width = scores.shape
    alone = np.zeros((count, count), dtype=np.float64)
    cost = np.hstack([np.where(scores < 0, 1e6, -scores.astype(np.float64)), alone])
    taken = _shortest_paths(cost)
    return [(row, int(column)) for row, column in enumerate(taken) if column < width and scores[row, column] >= 0]


def _shortest_paths(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """The column of each row in the cheapest assignment of all rows."""
    count, width = cost.shape
    row_price, column_price = np.zeros(count), np.zeros(width)
    column_of, row_of = np.full(count, -1), np.full(width, -1)
    for start in range(count):
        distance, parent = np.full(width, np.inf), np.full(width, start)
        done = np.zeros(width, dtype=bool)
        row, reached, seen = start, 0.0, [start]
        while True:
            through = reached + cost[row] - row_price[row] - column_price
            shorter = ~done & (through < distance)
            distance[shorter], parent[shorter] = through[shorter], row
            column = int(np.argmin(np.where(done, np.inf, distance)))
            reached = float(distance[column])
            done[column] = True
            if row_of[column] < 0:
                break
            row = int(row_of[column])
            seen.append(row)
        row_price[start] += reached
        for other in seen[1:]:
            row_price[other] += reached - distance[column_of[other]]
        column_price[done] += distance[done] - reached
        while True:
            row = int(parent[column])
            row_of[column] = row
            column_of[row], column = column, int(column_of[row])
            if row == start:
                break
    return column_of
