"""The text of an article in HTML, with the lanes of its labels.

Conventions: the text stands there once, as it is but for its markup: what a page shows as an element's text equals the
article's text without markup, character for character, line ends and blank lines too (``white-space: pre-wrap``). What is
not of the text (names of labels, numbers of characters that nobody sees) is drawn by the style sheet from attributes. A
character that would turn the direction of others stands in an element of its own, where it turns nothing.

Each label over a stretch gives it two classes: how it is drawn (``k0c``: the row from the lowest, the letter of the part),
which means the same in every sheet, so that several texts can stand in one page; and the label's name.
"""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from markupsafe import Markup

from allegedly.render.lanes import GAP, Laid, Mark, Stretch, Stroke, laid
from allegedly.schemas.escape import UNSEEN
from allegedly.schemas.records import LAYERS, Block, Span

FOLDER = Path(__file__).parent / "templates"
#: Pixels from one lane to the next.
PITCH = 5
#: A letter for each part of each layer, how thick its line is, and the pattern: solid, dashed, dotted.
LINES = {
    ("claims", "extent"): ("c", 2, "solid"),
    ("claims", GAP): ("d", 1, "dotted"),
    ("speculations", "cue"): ("p", 4, "solid"),
    ("speculations", "scope"): ("q", 2, "dotted"),
    ("speculations", GAP): ("r", 1, "dotted"),
    ("attributions", "source"): ("s", 4, "solid"),
    ("attributions", "cue"): ("t", 3, "dashed"),
    ("attributions", "content"): ("u", 2, "solid"),
    ("attributions", GAP): ("v", 1, "dotted"),
}
#: Lines that a legend explains: letter, and what it stands under.
LEGEND = (
    ("c", "claim"),
    ("p", "cue of a doubt"),
    ("q", "its scope"),
    ("s", "source"),
    ("t", "cue of an attribution"),
    ("u", "what is said"),
)
#: Names of tones that a class can hold.
TONES = {"": "", "right": "g", "missed": "m", "spurious": "x", "bounds": "b", "attribute": "a"}
_PATTERNS = {
    "solid": "linear-gradient({0},{0})",
    "dashed": "repeating-linear-gradient(90deg,{0} 0 5px,#0000 5px 8px)",
    "dotted": "repeating-linear-gradient(90deg,{0} 0 2px,#0000 2px 4px)",
}
#: Values of attributes that need no quotation marks.
_BARE = re.compile("[a-z0-9_,-]+")


class Sheet:
    """The classes that texts use, and the rules that draw them; one for a page, or for what a notebook shows."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[int, str, str]] = {}

    def classes_of(self, strokes: Sequence[Stroke]) -> list[str]:
        """The classes that draw these strokes, one each."""
        codes = list(map(_code, strokes))
        self._lines.update(
            {code: (stroke.row, stroke.layer, _line(stroke)) for code, stroke in zip(codes, strokes, strict=True)}
        )
        return [f"k{code}" for code in codes]

    def css(self, scope: str) -> Markup:
        """The style sheet of texts, for what stands inside elements that a selector names. Where ``data-layer`` of such an
        element names a layer, that one alone is drawn."""
        basis = (FOLDER / "text.css").read_text(encoding="utf-8").replace("SCOPE", scope)
        ordered = sorted(self._lines.items())
        lines = "".join(f"--{code}:{line};" for code, (_, _, line) in ordered)
        alone = [
            f"{scope}[data-layer={layer}]{{{''.join(f'--{code}:none;' for code in hidden)}}}"
            for layer in LAYERS
            if (hidden := [code for code, (_, of, _) in ordered if of != layer])
        ]
        # each class says what stands in its row, and words are drawn with all rows
        rows = 1 + max((row for row, _, _ in self._lines.values()), default=-1)
        drawn = f"{scope} u{{background:{','.join(f'var(--r{row},none)' for row in range(rows))}}}" if rows else ""
        classes = [f"{scope} .k{code}{{--r{row}:var(--{code})}}" for code, (row, _, _) in ordered]
        return Markup("\n".join([basis, f"{scope}{{{lines}}}", *alone, drawn, *classes]))  # nosec B704 # of names that are ours


def _line(stroke: Stroke) -> str:
    """One line as a layer of a background: pattern, place and size."""
    letter, thick, pattern = LINES[stroke.layer, stroke.part]
    if stroke.side and pattern == "solid":
        pattern = "dashed"
    colour = f"var(--t-{stroke.tone})" if stroke.tone else f"var(--p-{letter})"
    width = "calc(100% - 2px)" if stroke.ends else "100%"
    place = f"0 calc(100% - {stroke.row * PITCH}px)/{width} {thick}px"
    return f"{_PATTERNS[pattern].format(colour)} {place} no-repeat"


def text(
    words: str,
    blocks: Sequence[Block],
    markup: Sequence[Span],
    marks: Sequence[Mark],
    sheet: Sheet,
    *,
    direction: str = "auto",
) -> Markup:
    """A text with its labels: one element of the class ``text``."""
    inner = "".join(_region(words, region, sheet) for region in laid(words, blocks, markup, marks))
    return Markup(f'<div class="text" dir="{escape(direction)}">{inner}</div>')  # nosec B704 # every text in it is escaped


def shown(words: str) -> str:
    """Words as HTML that gives them back character for character."""
    return UNSEEN.sub(_odd, escape(words, quote=False).replace("\r", "&#13;"))


def _odd(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0 or 0xD800 <= code <= 0xDFFF:
        inner = "\ufffd"  # no page can hold these
    elif 0x80 <= code <= 0x9F:
        inner = match[0]  # a reference by number would mean a letter of Windows there
    else:
        inner = f"&#{code};"  # by number, so that the file itself acts on no terminal
    return f'<bdi class="odd" data-u="{code:04X}">{inner}</bdi>'


def _region(words: str, region: Laid, sheet: Sheet) -> str:
    inner = "".join(_stretch(words, stretch, sheet) for stretch in region.stretches)
    if not region.kind and not region.rows:
        return inner
    kind = f" {region.kind}" if region.kind in _SET_APART else ""
    rows = f" style=--n:{region.rows}" if region.rows else ""
    return f"<span class={_attribute('b' + kind)}{rows}>{inner}</span>"


#: Kinds of blocks that a page sets apart.
_SET_APART = frozenset(
    {
        "title",
        "subtitle",
        "heading",
        "quote",
        "caption",
        "byline",
        "dateline",
        "boilerplate",
        "disclaimer",
        "author_note",
    }
)


def _stretch(words: str, stretch: Stretch, sheet: Sheet) -> str:
    inner = shown(words[stretch.start : stretch.end])
    if not stretch.strokes:
        return inner
    classes = escape(" ".join((*sheet.classes_of(stretch.strokes), *stretch.names)), quote=True)
    begin = " ".join(mark.name for mark in sorted(stretch.begin, key=lambda mark: (mark.layer, mark.side, mark.name)))
    return f'<u class="{classes}"{f" data-n={_attribute(begin)}" if begin else ""}>{inner}</u>'


def _attribute(value: str) -> str:
    """The value of an attribute, quoted where it must be."""
    return value if _BARE.fullmatch(value) else f'"{escape(value, quote=True)}"'


def _code(stroke: Stroke) -> str:
    letter = LINES[stroke.layer, stroke.part][0]
    side = str(stroke.side) if stroke.side else ""
    return f"{stroke.row}{letter}{TONES[stroke.tone]}{'z' if stroke.ends else ''}{'_' if side else ''}{side}"
