"""Krippendorff's alpha from counts that add up article by article.

Conventions: values are numbers from 0, -1 where an annotator gave none; a unit of fewer than two values is left out.
Coincidences are whole numbers: a unit's pairs of values, divided by its number of values less one, times ``scale``, so
that sums are exact. NaN where nothing can be told: no unit left, or all values alike. ``score`` functions take sums of any
shape (..., columns).

Source: Krippendorff (2019), Content Analysis, 4th edition, 12.3; ordinal differences 12.3.3. Unitised: Krippendorff,
Mathet, Bouvry and Widlöcher (2016), "On the reliability of unitizing textual continua", Quality & Quantity 50, the binary
coefficient |u-alpha; Krippendorff (2019), 12.6, equations 32, 33 and 35.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Floats, Ints
from allegedly.eval.metric import ratio


def scale(annotators: int) -> int:
    """What coincidences of so many annotators are multiplied by to be whole."""
    return math.lcm(*range(1, annotators))


def coincidences(units: NDArray[Any], values: int) -> Ints:
    """The coincidence matrix, (values, values), times ``scale``, of units (units, annotators)."""
    counts = np.stack([(units == value).sum(axis=1) for value in range(values)], axis=1)
    given = counts.sum(axis=1)
    counts, given = counts[given > 1], given[given > 1]
    weight = scale(units.shape[1]) // np.maximum(given - 1, 1)
    table = (counts * weight[:, None]).T @ counts
    return np.asarray(table - np.diag((counts * weight[:, None]).sum(axis=0)), dtype=np.int64)


def nominal(table: Floats) -> Floats:
    """Alpha of coincidences, (..., values, values): different values differ wholly."""
    return _alpha(table, 1 - np.eye(table.shape[-1]))


def ordinal(table: Floats) -> Floats:
    """Alpha of coincidences of values in order: they differ by all that lies between them, and half of each."""
    margin = np.asarray(table, dtype=np.float64).sum(axis=-1)
    middle = np.cumsum(margin, axis=-1) - margin / 2
    return _alpha(table, np.square(middle[..., :, None] - middle[..., None, :]))


def _alpha(table: Floats, distance: Floats) -> Floats:
    margin = table.sum(axis=-1)
    observed = (table * distance).sum(axis=(-2, -1))
    expected = (margin[..., :, None] * margin[..., None, :] * distance).sum(axis=(-2, -1))
    different: Floats = (margin.sum(axis=-1) - 1) * ratio(observed, expected)
    return 1 - different


def named(total: Floats) -> Floats:
    """Nominal alpha of two annotators whose values are of one article each, but for one that all share. Columns: pairs,
    pairs alike, values that are the shared one, and over the other values the sum of n (n - 1)."""
    pairs, alike, shared, others = (np.asarray(total[..., column], dtype=np.float64) for column in range(4))
    values = 2 * pairs
    different = values * (values - 1) - shared * (shared - 1) - others
    return 1 - (values - 1) * ratio(2 * (pairs - alike), different)


def unitised_columns(covered: Sequence[NDArray[np.bool_]], units: Sequence[Sequence[int]]) -> list[int]:
    """What |u-alpha needs of one article, four columns: pairs of a marked with an unmarked token at one place, both ways
    round (to be divided by the number of annotators less one), marked tokens, unmarked ones, squared lengths of units.

    ``covered``: of each annotator whether it marks each token; ``units``: the lengths of its units in tokens."""
    marks = np.sum(covered, axis=0, dtype=np.int64)
    many, tokens = len(covered), len(covered[0])
    mixed = int((2 * marks * (many - marks)).sum())
    marked = int(marks.sum())
    return [mixed, marked, many * tokens - marked, sum(length**2 for lengths in units for length in lengths)]


def unitised(total: Floats) -> Floats:
    """|u-alpha from sums of the columns; a unit is whole and meets every other, the tokens between units are single. No
    unit and no single token is expected to meet itself."""
    mixed, marked, unmarked, squares = (np.asarray(total[..., column], dtype=np.float64) for column in range(4))
    tokens = marked + unmarked
    itself = squares + unmarked
    return 1 - mixed * ratio(tokens**2 - itself, 2 * tokens * marked * unmarked)
