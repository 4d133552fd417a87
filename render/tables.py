"""Tables of a page: what stands in their cells, which columns hold numbers, and how wide they are.

Conventions: texts are as they came; the template ``tables.html`` escapes them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

#: A table of more columns becomes a list on a phone.
NARROW = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A text; ``mark``: classes of the style sheet, or none."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells in the order of the head; ``mark``: a class of the style sheet, or none."""

    cells: tuple[Cell, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; ``numbers``: places of the columns that hold numbers, from 0."""

    head: tuple[str, ...]
    rows: tuple[TableRow, ...]
    numbers: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        head: Sequence[str],
        rows: Iterable[Sequence[str | Cell]],
        numbers: Iterable[int] = (),
        marks: Sequence[str] = (),
    ) -> Self:
        """From texts or cells; ``marks``: one for each row, or none at all."""
        listed = [tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows]
        marked = zip(listed, marks or [""] * len(listed), strict=True)
        return cls(tuple(head), tuple(TableRow(cells, mark) for cells, mark in marked), frozenset(numbers))

    @property
    def wide(self) -> bool:
        """Whether a phone shows it as a list."""
        return len(self.head) > NARROW
