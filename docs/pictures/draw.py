"""Draws the pictures of README and documentation: ``python docs/pictures/draw.py`` writes them beside this file.

The lanes are those of our own renderer (``render/lanes.py``). Every line of text is stretched to the width that the lanes
were laid out for, so that they stand under their words whatever font a reader has. Colours are those of its style
sheet, and follow the reader's theme.
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from allegedly.render.lanes import GAP, Laid, Mark, Stroke, laid
from allegedly.schemas.records import Block

HERE = Path(__file__).parent
FERRY = (
    "The ferry Maid of Orrin sank on Monday, Della Royce, the harbour master, said. "
    '"We saw it," she added. "It may have hit a rock."'
)
#: Labels of the text by their words: name, layer, and pieces with their parts.
LABELS = (
    ("c1", "claims", [("The ferry Maid of Orrin sank on Monday", "extent")]),
    ("c2", "claims", [("We saw it", "extent")]),
    ("c3", "claims", [("It may have hit a rock", "extent")]),
    ("s1", "speculations", [("may", "cue"), ("may have hit a rock", "scope")]),
    (
        "a1",
        "attributions",
        [
            ("The ferry Maid of Orrin sank on Monday", "content"),
            ("Della Royce, the harbour master,", "source"),
            ("said", "cue"),
        ],
    ),
    (
        "a2",
        "attributions",
        [('"We saw it,"', "content"), ("she", "source"), ("added", "cue"), ('"It may have hit a rock."', "content")],
    ),
)
#: How a part is drawn: class of its colour, thickness, dashes.
LINES = {
    ("claims", "extent"): ("claim", 2.5, ""),
    ("speculations", "cue"): ("doubt", 5, ""),
    ("speculations", "scope"): ("doubt", 2.5, "2 3"),
    ("attributions", "source"): ("who", 5, ""),
    ("attributions", "cue"): ("who", 3.5, "6 3"),
    ("attributions", "content"): ("said", 2.5, ""),
    ("attributions", GAP): ("said", 1, "1 4"),
}
LEGEND = (
    ("claims", "extent", "claim"),
    ("speculations", "cue", "cue of a doubt"),
    ("speculations", "scope", "its scope"),
    ("attributions", "source", "who said it"),
    ("attributions", "cue", "words of saying"),
    ("attributions", "content", "what was said"),
)
STYLE = """
svg { --ground: #ffffff; --ink: #1b1f24; --quiet: #5b6470; --line: #c9d0d8; --claim: #1f8a4c; --doubt: #c2410c; --who: #1d4ed8;
 --said: #7c3aed; }
@media (prefers-color-scheme: dark) { svg { --ground: #14171b; --ink: #e6e9ed; --quiet: #a3adb8; --line: #414a54; --claim: #5fce8f;
 --doubt: #ffa657; --who: #7ab0ff; --said: #c792ff; } }
.ground { fill: var(--ground); stroke: var(--line); } .ink { fill: var(--ink); } .quiet { fill: var(--quiet); }
.mono { font: 15px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
.sans { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; } .middle { text-anchor: middle; } .bold { font-weight: 600; }
.claim { stroke: var(--claim); } .doubt { stroke: var(--doubt); } .who { stroke: var(--who); } .said { stroke: var(--said); }
.plain { stroke: var(--quiet); }
.box { fill: none; stroke: var(--line); stroke-width: 1.5; } .head { fill: var(--quiet); } line { fill: none; }
"""
CHARACTER, COLUMNS, PITCH, MARGIN = 9, 80, 8, 20


def main() -> None:
    """Write every picture."""
    for name, picture in pictures().items():
        (HERE / name).write_text(picture, encoding="utf-8")


def pictures() -> dict[str, str]:
    """Every picture by the name of its file."""
    return {"paragraph.svg": paragraph(), "road.svg": road(), "groups.svg": groups()}


def svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """A picture with a ground of its own, so that it is read on any page."""
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}">\n<style>{STYLE}</style>\n'
        f'<rect class="ground" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>\n{inside}\n</svg>\n'
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str, thick: float, dashes: str = "") -> str:
    """A line; ``kind`` is the class of its colour."""
    pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line class="{kind}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke-width="{thick:g}"{pattern}/>'


def words(x: float, y: float, text: str, kinds: str, wide: float | None = None) -> str:
    """A line of text; ``wide``: stretched to this width."""
    length = "" if wide is None else f' textLength="{wide:g}" lengthAdjust="spacingAndGlyphs"'
    return f'<text class="{kinds}" x="{x:g}" y="{y:g}"{length}>{escape(text, quote=False)}</text>'


def paragraph() -> str:
    """A labelled paragraph, with a legend."""
    (region,) = laid(FERRY, [Block(kind="paragraph", start=0, end=len(FERRY))], [], list(_marks()))
    parts, y = [], 38.0
    for left, right in _lines(FERRY):
        text = FERRY[left:right].rstrip()
        parts.append(words(MARGIN, y, text, "mono ink", len(text) * CHARACTER))
        parts += _strokes(region, left, left + len(text), y + 9)
        y += 30 + PITCH * region.rows
    x = MARGIN
    for layer, part, name in LEGEND:
        kind, thick, dashes = LINES[layer, part]
        parts += [line(x, y - 4, x + 26, y - 4, kind, thick, dashes), words(x + 32, y, name, "sans quiet")]
        x += 32 + 6.4 * len(name) + 14
    title = f"A labelled paragraph: {FERRY}"
    return svg(2 * MARGIN + COLUMNS * CHARACTER, round(y + 20), title, parts)


def _marks() -> Iterator[Mark]:
    for name, layer, pieces in LABELS:
        found = [(FERRY.index(quoted), FERRY.index(quoted) + len(quoted), part) for quoted, part in pieces]
        yield Mark(name, layer, 0, tuple(sorted(found)))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Bounds of lines of at most so many columns, cut between words."""
    start = 0
    while len(text) - start > COLUMNS:
        end = text.rindex(" ", start, start + COLUMNS + 1) + 1
        yield start, end
        start = end
    yield start, len(text)


def _strokes(region: Laid, left: int, right: int, top: float) -> Iterator[str]:
    """The lanes under one line of text."""
    for stretch in region.stretches:
        start, end = max(stretch.start, left), min(stretch.end, right)
        if start < end:
            for stroke in stretch.strokes:
                yield _stroke(
                    stroke, start - left, end - left, top + PITCH * (region.rows - 1 - stroke.row), end == stretch.end
                )


def _stroke(stroke: Stroke, start: int, end: int, y: float, last: bool) -> str:
    kind, thick, dashes = LINES[stroke.layer, stroke.part]
    short = 3 if stroke.ends and last else 0
    return line(MARGIN + start * CHARACTER, y, MARGIN + end * CHARACTER - short, y, kind, thick, dashes)


#: Rooms of the road: what each is called, and what it does.
ROAD = (
    ("sources", "files, archives"),
    ("readers", "bytes to articles"),
    ("gate", "is it an article?"),
    ("text", "blocks, sentences"),
    ("labels", "programs, people"),
    ("splits", "groups, no leaks"),
    ("release", "Parquet, manifest"),
    ("eval", "scores, gates"),
)


def road() -> str:
    """From files to a score, and where what is dropped goes."""
    wide, high, gap = 148, 54, 24
    parts = []
    for at, (name, what) in enumerate(ROAD):
        x = MARGIN + (at % 4) * (wide + gap)
        y = 20 + (at // 4) * 150
        parts += [
            f'<rect class="box" x="{x}" y="{y}" width="{wide}" height="{high}" rx="6"/>',
            words(x + wide / 2, y + 23, name, "sans ink middle bold"),
            words(x + wide / 2, y + 42, what, "sans quiet middle"),
        ]
        if at % 4 < 3:
            parts += _arrow(x + wide + 2, y + high / 2, x + wide + gap - 2, y + high / 2)
    middle = [MARGIN + at * (wide + gap) + wide / 2 for at in range(4)]
    # from the end of the first row to the beginning of the second
    parts += [
        line(middle[3], 74, middle[3], 152, "plain", 1.5),
        line(middle[3], 152, middle[0], 152, "plain", 1.5),
        *_arrow(middle[0], 152, middle[0], 168),
    ]
    # what gives no article
    for x in middle[1:3]:
        parts += _arrow(x, 76, x, 98)
    left = middle[1] - wide / 2
    parts += [
        f'<rect class="box" x="{left}" y="100" width="{2 * wide + gap}" height="32" rx="6" stroke-dasharray="4 3"/>',
        words(left + wide + gap / 2, 120, "rejected.jsonl: what was dropped, why", "sans quiet middle"),
    ]
    return svg(2 * MARGIN + 4 * wide + 3 * gap, 246, "The road from files to scores", parts)


def _arrow(x1: float, y1: float, x2: float, y2: float) -> list[str]:
    points = (
        f"{x2:g},{y2:g} {x2 - 7:g},{y2 - 4:g} {x2 - 7:g},{y2 + 4:g}"
        if y1 == y2
        else f"{x2:g},{y2:g} {x2 - 4:g},{y2 - 7:g} {x2 + 4:g},{y2 - 7:g}"
    )
    return [line(x1, y1, x2, y2, "plain", 1.5), f'<polygon class="head" points="{points}"/>']


def groups() -> str:
    """Articles that share a text, and the splits that they go to."""
    parts = []
    rows = (
        ("train", ("ferry sinks", "ferry sinks (cross-post)", "ferry sinks, rewritten"), ("mill to close",)),
        ("validation", ("bakery closes",)),
        ("test", ("vaccine for ash trees",), ("bees and masts", "bees and masts (copy)")),
    )
    y = 20
    for name, *inside in rows:
        parts.append(words(MARGIN, y + 32, name, "sans ink bold"))
        x = 110
        for group in inside:
            wide = sum(8 * len(title) + 22 for title in group) + 10
            parts.append(
                f'<rect class="box said" x="{x}" y="{y}" width="{wide}" height="54" rx="8" stroke-dasharray="5 4"/>'
            )
            inner = x + 10
            for title in group:
                parts += [
                    f'<rect class="box" x="{inner}" y="{y + 10}" width="{8 * len(title) + 12}" height="34" rx="4"/>',
                    words(inner + 4 * len(title) + 6, y + 32, title, "sans ink middle"),
                ]
                inner += 8 * len(title) + 22
            x += wide + 16
        y += 70
    parts.append(
        words(
            110, y + 6, "a dashed box is a group: its articles share a text, and go to one split together", "sans quiet"
        )
    )
    return svg(880, y + 26, "Groups of articles and their splits", parts)


if __name__ == "__main__":
    main()
