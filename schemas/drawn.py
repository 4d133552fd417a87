"""Values that show themselves: in a notebook as HTML, anywhere else in one line.

Conventions: what draws stands above the schemas, which import nothing of it: the package's front names it to ``by`` when
it is imported. A line is short whatever the value holds, and shows hostile characters as text.
"""

from collections.abc import Callable

#: Characters of a line, and of a title in it.
LINE, TITLE = 160, 50


class Drawn:
    """A value that a notebook draws."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """HTML without scripts; None where nothing draws, by which a notebook shows the line."""
        return None if _draw is None else _draw(self)


_draw: Callable[[Drawn], str | None] | None = None


def by(draw: Callable[[Drawn], str | None]) -> None:
    """Say what draws from now on."""
    global _draw
    _draw = draw


def one_line(value: object, said: str) -> str:
    """The repr of a value, of which there is so much to say."""
    from allegedly.schemas.escape import line

    return f"<{type(value).__name__} {_cut(line(said), LINE)}>"


def title(words: str | None) -> str:
    """The beginning of a title, in quotation marks; nothing for none."""
    shown = " ".join((words or "")[: 2 * TITLE].split())
    return f" “{_cut(shown, TITLE)}”" if shown else ""


def counted(number: int, what: str) -> str:
    """A number of things: ``1 article``, ``1,234 articles``."""
    return f"{number:,} {what}" if number != 1 else f"1 {what.removesuffix('s')}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
