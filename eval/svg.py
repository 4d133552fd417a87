"""Small drawings as SVG: axes, lines, points and words, without any library.

Conventions: coordinates of a drawing are pixels from its upper left corner, those of axes run from 0 to 1. Numbers have at
most two decimals, so that the same values give the same bytes. Colours are the page's: ``currentColor`` and its variables,
so that a drawing is dark where the page is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from allegedly.schemas import escape

TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
#: Colours of series, light and dark enough for both grounds.
COLOURS = ("#2f7ed8", "#d97706", "#2f9e44", "#c2255c", "#7048e8", "#0c8599", "#868e96", "#a8531e")
#: Points of a line at most: more cannot be seen.
POINTS = 200


def number(value: float) -> str:
    """A coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


@dataclass(slots=True)
class Drawing:
    """What is drawn so far. ``title`` says what it shows to those who do not see it."""

    width: float
    height: float
    title: str
    parts: list[str] = field(default_factory=list)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        colour: str = "currentColor",
        wide: float = 1,
        dashed: bool = False,
        faint: bool = False,
    ) -> None:
        """A straight line."""
        more = (' stroke-dasharray="4 3"' if dashed else "") + (' opacity=".25"' if faint else "")
        ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        self.parts.append(f'<line {ends} stroke="{colour}" stroke-width="{number(wide)}"{more}/>')

    def path(self, points: Sequence[tuple[float, float]], *, colour: str) -> None:
        """A line through points, thinned where there are many."""
        step = max(1, -(-len(points) // POINTS))
        kept = [*points[::step], *points[-1:]]
        through = " ".join(f"{number(x)},{number(y)}" for x, y in kept)
        self.parts.append(f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="1.8"/>')

    def dot(self, x: float, y: float, *, colour: str) -> None:
        """A point."""
        self.parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="4" fill="{colour}"/>')

    def box(self, x: float, y: float, width: float, height: float, *, colour: str, share: float = 1) -> None:
        """A filled rectangle; ``share``: how opaque it is."""
        place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self.parts.append(f'<rect {place} fill="{colour}" fill-opacity="{number(share)}"/>')

    def words(
        self, x: float, y: float, text: str, *, anchor: str = "start", size: float = 12, turned: bool = False
    ) -> None:
        """Words on a line whose foot is at ``y``; ``turned``: from below to above."""
        turn = f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ""
        place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{number(size)}"'
        self.parts.append(f"<text {place}{turn}>{escape.html(text)}</text>")

    def svg(self) -> Markup:
        """The whole drawing."""
        size = f'viewBox="0 0 {number(self.width)} {number(self.height)}" width="{number(self.width)}"'
        inner = "".join(self.parts)
        return Markup(  # nosec B704 # drawn by us, texts escaped
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape.html(self.title)}" '
            f'fill="currentColor" font-family="system-ui, sans-serif">{inner}</svg>'
        )


@dataclass(frozen=True, slots=True)
class Square:
    """Axes from 0 to 1 in both directions, of a drawing of their own."""

    drawing: Drawing
    left: float = 52
    top: float = 12
    side: float = 260

    @classmethod
    def named(cls, title: str, across: str, up: str) -> "Square":
        """New axes with names."""
        out = cls(Drawing(330, 326, title))
        drawing, left, top, side = out.drawing, out.left, out.top, out.side
        for tick in TICKS:
            x, y = out.at(tick, tick)
            drawing.line(x, top, x, top + side, faint=True)
            drawing.line(left, y, left + side, y, faint=True)
            drawing.words(x, top + side + 16, f"{tick:.1f}", anchor="middle", size=11)
            drawing.words(left - 6, y + 4, f"{tick:.1f}", anchor="end", size=11)
        drawing.words(left + side / 2, top + side + 36, across, anchor="middle")
        drawing.words(14, top + side / 2, up, anchor="middle", turned=True)
        return out

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the axes stands."""
        return self.left + self.side * x, self.top + self.side * (1 - y)

    def through(self, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        """Where several stand."""
        return [self.at(x, y) for x, y in points]
