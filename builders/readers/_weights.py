"""Weights: how many bytes the rows of a table are when they are written out, told from lengths and from nothing else.

Conventions: a dictionary, a run or a view may say the same words a million times in a few bytes; they weigh as often as they
are said. A number weighs 8 bytes, nothing none.
Source: Apache Arrow, Columnar Format 1.5.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

Weights: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
NUMBER = 8


def of(column: "pa.Array") -> Weights:
    """The bytes of each row of a column."""
    import pyarrow as pa

    kind, types = column.type, pa.types
    if isinstance(column, pa.ExtensionArray):
        return of(column.storage)
    if types.is_dictionary(kind):
        indices = column.indices.fill_null(0).to_numpy(zero_copy_only=False)
        return of(column.dictionary)[indices] if len(column.dictionary) else _same(column, 0)
    if types.is_run_end_encoded(kind):
        rows = np.arange(column.offset, column.offset + len(column))
        return of(column.values)[np.searchsorted(column.run_ends.to_numpy(), rows, side="right")]
    if types.is_struct(kind):
        return sum((of(column.field(number)) for number in range(kind.num_fields)), _same(column, 0))
    if types.is_union(kind):
        # a row may hold any value of any of its columns, others the same one
        inner = (of(column.field(number)) for number in range(kind.num_fields))
        return _same(column, max((float(weights.max(initial=0)) for weights in inner), default=0))
    return _of_lists(column) if types.is_nested(kind) else _of_values(column)


def _of_lists(column: "pa.Array") -> Weights:
    """The bytes of rows that are lists of others."""
    import pyarrow as pa

    kind, types = column.type, pa.types
    inner = of(column.keys) + of(column.items) if types.is_map(kind) else of(column.values)
    before = np.concatenate(([0], np.cumsum(inner)))
    if types.is_fixed_size_list(kind):
        starts = (np.arange(len(column)) + column.offset) * kind.list_size
        ends = starts + kind.list_size
    elif types.is_list_view(kind) or types.is_large_list_view(kind):
        starts = column.offsets.to_numpy()
        ends = starts + column.sizes.to_numpy()
    else:
        starts, ends = column.offsets.to_numpy()[:-1], column.offsets.to_numpy()[1:]
    weights: Weights = before[ends] - before[starts]
    return weights


def _of_values(column: "pa.Array") -> Weights:
    """The bytes of rows that are words, bytes or numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind, types = column.type, pa.types
    if types.is_null(kind):
        return _same(column, 0)
    if types.is_string_view(kind) or types.is_binary_view(kind):
        # 16 bytes a row, of which the first four are its length
        lengths = np.frombuffer(column.buffers()[1], np.int32)[::4][column.offset : column.offset + len(column)]
        return np.asarray(np.where(column.is_valid().to_numpy(zero_copy_only=False), lengths, 0), np.float64)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        lengths = pc.binary_length(column).fill_null(0).to_numpy(zero_copy_only=False)
        return np.asarray(lengths, np.float64)
    return _same(column, kind.byte_width if types.is_fixed_size_binary(kind) else NUMBER)


def _same(column: "pa.Array", weight: float) -> Weights:
    return np.full(len(column), weight, np.float64)
