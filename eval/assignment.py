"""The best assignment of one component of pairs, by the Jonker-Volgenant algorithm of ``lap`` in whole numbers.

Conventions: weights are from 0 on; they and their sums are exact in floats.
"""

from collections.abc import Sequence

import numpy as np

from allegedly.eval.columns import Bools, Floats, Ints

#: Whole numbers are exact in floats below this.
_FLOAT = 1 << 53
#: A matrix of so many cells costs less than the lists of a sparse one.
_SMALL = 1 << 12


def weighted(ranks: Sequence[Ints], pairs: int, limit: int) -> Ints:
    """One number a pair for ranks of which up to so many are added; ranks for which there is no room below the limit
    are left out, the last first."""
    base, most = pairs + 1, int(ranks[0].max(initial=0)) + 1
    weight = ranks[0]
    for place, rank in enumerate(ranks[1:], 1):
        if most * base ** (place + 1) >= limit:
            break
        weight = weight * base + rank
    return weight


def assigned(left: Ints, right: Ints, ranks: Sequence[Ints]) -> Bools:
    """Which pairs of one component make its best assignment."""
    rows, row = np.unique(left, return_inverse=True)
    columns, column = np.unique(right, return_inverse=True)
    weight = weighted(ranks, min(len(rows), len(columns)), _FLOAT)
    cells = len(rows) * len(columns)
    if cells > max(_SMALL, 4 * len(left)):
        return np.asarray(_sparse(row, column, weight, len(rows), len(columns))[row] == column)
    matrix = np.zeros((len(rows), len(columns)), dtype=np.int64)
    matrix[row, column] = weight
    return np.asarray(assignment(matrix)[row] == column)


def assignment(weight: Ints) -> Ints:
    """The column of each row in the assignment of largest total weight (weights from 0 on); -1 for a row without one.
    ValueError where sums of the weights are no exact floats."""
    import lap

    rows, columns = weight.shape
    cost = _cost(weight, min(rows, columns))
    partner = np.asarray(lap.lapjv(cost, extend_cost=True, return_cost=False)[0], dtype=np.int64)
    return np.where((partner >= 0) & (weight[np.arange(rows), partner] > 0), partner, -1)


def _sparse(row: Ints, column: Ints, weight: Ints, rows: int, columns: int) -> Ints:
    """The same from a list of pairs, for a component of which few pairs overlap. Each row may go to a column of its own
    that stands for none, each column to such a row; a pair that is taken frees both for each other."""
    import lap

    cost = _cost(weight, min(rows, columns))
    none = _cost(np.append(weight, 0), min(rows, columns))[-1]
    own_row, own_column = columns + np.arange(rows), rows + np.arange(columns)
    source = np.concatenate((row, np.arange(rows), own_column, rows + column))
    target = np.concatenate((column, own_row, np.arange(columns), columns + row))
    costs = np.concatenate((cost, np.full(rows, none), np.zeros(columns + len(row))))
    order = np.lexsort((target, source))
    first = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=rows + columns))))
    chosen = lap.lapmod(
        rows + columns, costs[order], first.astype(np.int32), target[order].astype(np.int32), return_cost=False
    )
    partner = np.asarray(chosen[0], dtype=np.int64)[:rows]
    return np.where(partner < columns, partner, -1)


def _cost(weight: Ints, pairs: int) -> Floats:
    """What is lost by each cell against the best, in floats below 1: powers of two keep them exact. ValueError where
    sums of so many are not."""
    most = int(weight.max(initial=0))
    if most * (pairs + 1) >= _FLOAT:
        raise ValueError(f"weights up to {most} of {pairs} pairs add up to more than a float holds exactly")
    return np.ldexp((most - weight).astype(np.float64), -53)
