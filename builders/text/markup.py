"""Markup in a text: blanked out, so that what looks for words sees none of it and offsets stay."""

from collections.abc import Iterable


def masked(text: str, markup: Iterable[tuple[int, int]], by: str = " ") -> str:
    """The same text, of the same length, with another letter in place of markup (spans in order, not overlapping)."""
    pieces: list[str] = []
    end = 0
    for start, stop in markup:
        pieces += (text[end:start], by * (stop - start))
        end = stop
    return "".join((*pieces, text[end:])) if pieces else text
