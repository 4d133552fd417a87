"""A table for a terminal: columns as wide as their widest cell, two spaces between them."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line for each row; all rows have as many cells as the first."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(map(_filled, row, widths)).rstrip() for row in rows]


def width(text: str) -> int:
    """Columns that a terminal gives to a text; none to controls that are not ASCII."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth, wcwidth  # 20 ms: only where a cell needs it

    whole = wcswidth(text)
    return whole if whole >= 0 else sum(max(0, wcwidth(character)) for character in text)


def _filled(cell: str, columns: int) -> str:
    return cell + " " * (columns - width(cell))
