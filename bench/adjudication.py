"""Two readings of one article: where they differ, and the third reading that settles it.

Conventions: labels are matched one to one by the largest overlap of extent, cue or content, then what is left by the
overlap of any part. Equal labels are taken over from the first reading; speakers of the same words are equal wherever they
stand. Attributions of both readings share numbers ``A1``, ``A2``, ..., in order of position: by them links are compared, and named.
A verdict is ``1`` or ``2`` (that reading is right), ``=VALUE`` (neither is), for a whole label ``yes`` or ``no``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from allegedly.builders.annotations.plain import Plain, Slip, shielded
from allegedly.schemas.derive import folded, numbered, position, surface
from allegedly.schemas.records import ATTRIBUTES, LABELS, LAYERS, LINK, MAIN_PART, Article, Label, Labels, Part, Span
from allegedly.schemas.schema import values

#: Attributions before what links to them.
ORDER = ("attributions", "speculations", "claims")
#: A note says why; it quotes nothing and is short.
NOTE_WORDS, QUOTED = 15, 3
AUTHOR = "author"


class SlipError(ValueError):
    """A verdict that does not hold."""


@dataclass(slots=True)
class Item:
    """One label, or what both readings make of it; ``what`` names the fields that differ, or says ``label`` where only
    one reading has it."""

    number: int
    layer: str
    first: Label | None
    second: Label | None
    what: tuple[str, ...] = ()

    @property
    def base(self) -> Label:
        """The reading that stands where nothing is said."""
        label = self.first or self.second
        assert label is not None
        return label


@dataclass(slots=True)
class Readings:
    """Both readings of an article, matched. ``names`` leads from each reading's ids of attributions to shared ones."""

    article: Article
    first: Labels
    second: Labels
    items: list[Item] = field(default_factory=list)
    names: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))

    def __post_init__(self) -> None:
        pairs = {layer: self._pairs(layer) for layer in ORDER}
        for number, (left, right) in enumerate(pairs["attributions"], 1):
            for side, label in enumerate((left, right)):
                if label is not None:
                    self.names[side][label.id] = f"A{number}"
        self.items = [
            Item(number, layer, left, right, self._what(layer, left, right))
            for number, (layer, (left, right)) in enumerate(
                ((layer, pair) for layer in ORDER for pair in pairs[layer]), 1
            )
        ]

    def differences(self) -> list[Item]:
        """What an adjudicator has to settle."""
        return [item for item in self.items if item.what]

    def _pairs(self, layer: str) -> list[tuple[Label | None, Label | None]]:
        left, right = (list(getattr(side, layer) or ()) for side in (self.first, self.second))
        found: list[tuple[Label | None, Label | None]] = []
        for names in ((MAIN_PART[layer],), LABELS[layer].PARTS):
            for row, column in _matched(left, right, names):
                found.append((left[row], right[column]))
            paired = {id(label) for pair in found for label in pair}
            left, right = ([label for label in side if id(label) not in paired] for side in (left, right))
        found += [(label, None) for label in left] + [(None, label) for label in right]
        return sorted(found, key=lambda pair: position(pair[0] or pair[1])[:3])

    def _what(self, layer: str, left: Label | None, right: Label | None) -> tuple[str, ...]:
        if left is None or right is None:
            return ("label",)
        return tuple(
            name for name in fields(layer) if self.reading(layer, 0, left, name) != self.reading(layer, 1, right, name)
        )

    def reading(self, layer: str, side: int, label: Label, name: str) -> object:
        """A field of a reading's label in a form that compares across readings."""
        value = getattr(label, name)
        if name == "speaker":
            return None if value is None else folded(self.article, value)
        if name == LINK[layer]:
            return self.link(side, value)
        return (value or ()) if name in LABELS[layer].SPANS else value

    def link(self, side: int, value: str | None) -> str:
        """A link by the shared number of its attribution."""
        return AUTHOR if value is None else self.names[side].get(value, "unresolved")


def fields(layer: str) -> tuple[str, ...]:
    """The fields of a layer's labels that an annotator fills in."""
    return (*LABELS[layer].SPANS, *ATTRIBUTES[layer], LINK[layer])


def _matched(left: Sequence[Label], right: Sequence[Label], names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of labels that share characters in a part of one of the names, matched by the largest overlap."""
    if not left or not right:
        return
    shared = np.array([[sum(_overlap(a, b, (name,)) for name in names) for b in right] for a in left])
    weights = np.array([[_weight(a, b, shared[i, j], names) for j, b in enumerate(right)] for i, a in enumerate(left)])
    for row, column in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
        if shared[row, column]:
            yield int(row), int(column)


def _weight(left: Label, right: Label, shared: int, names: Sequence[str]) -> float:
    """Equal parts before all others, then the overlap; what the other parts share decides where that ties."""
    if not shared:
        return 0.0
    equal = all((getattr(left, name) or ()) == (getattr(right, name) or ()) for name in names)
    return 1e7 * equal + 1e3 * shared + min(999, _overlap(left, right, left.PARTS))


def _overlap(left: Label, right: Label, names: Sequence[str]) -> int:
    return sum(
        max(0, min(a.end, b.end) - max(a.start, b.start))
        for name in names
        for a in getattr(left, name) or ()
        for b in getattr(right, name) or ()
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an adjudicator says of a field of an item, and why; ``line`` is where."""

    line: int
    item: int
    what: str
    says: str
    note: str


def settled(readings: Readings, verdicts: Sequence[Verdict]) -> tuple[Labels, list[str]]:
    """The third reading, numbered, and what is wrong with the verdicts; labels mean something only where nothing is."""
    by_item: dict[int, dict[str, Verdict]] = {}
    wrong: list[str] = []
    for verdict in verdicts:
        own = by_item.setdefault(verdict.item, {})
        if verdict.what in own:
            wrong.append(f"line {verdict.line}: a second verdict on {verdict.what} of {verdict.item}; expected one")
        own[verdict.what] = verdict
    kept: dict[str, list[Label]] = {layer: [] for layer in LAYERS}
    for item in readings.items:
        try:
            label = _settled(readings, item, by_item.pop(item.number, {}))
        except SlipError as slip:
            wrong.append(str(slip))
            continue
        if label is not None:
            kept[item.layer].append(label)
    wrong += [f"item {number} is none of this article's" for number in by_item]
    wrong += _dangling(readings, kept)
    layers = {layer: tuple(kept[layer]) if _annotated(readings, layer) else None for layer in LAYERS}
    return (numbered(Labels(**layers), readings.article) if not wrong else Labels()), wrong


def _annotated(readings: Readings, layer: str) -> bool:
    return getattr(readings.first, layer) is not None or getattr(readings.second, layer) is not None


def _settled(readings: Readings, item: Item, verdicts: dict[str, Verdict]) -> Label | None:
    """The label of an item; None where there is none. SlipError names the line or the item."""
    missing = [what for what in item.what if what not in verdicts]
    if missing and verdicts.get("label", Verdict(0, 0, "", "", "")).says != "no":
        raise SlipError(f"item {item.number}: no verdict on {', '.join(missing)}")
    for verdict in verdicts.values():
        check_note(readings.article, verdict)
    if "label" in verdicts and verdicts["label"].says not in ("yes", "no"):
        raise SlipError(f"line {verdicts['label'].line}: {verdicts['label'].says!r}, expected yes or no")
    if "label" in verdicts and verdicts["label"].says == "no":
        return None
    side = 0 if item.first is not None else 1
    changed: dict[str, object] = {LINK[item.layer]: _id(readings.link(side, getattr(item.base, LINK[item.layer])))}
    if item.layer == "attributions":
        changed["id"] = readings.names[side][item.base.id]
    for what, verdict in verdicts.items():
        if what != "label":
            changed[what] = _value(readings, item, verdict)
    return replace(item.base, **changed)


def _id(link: str) -> str | None:
    return None if link == AUTHOR else link


def _value(readings: Readings, item: Item, verdict: Verdict) -> object:
    if verdict.what not in fields(item.layer):
        raise SlipError(
            f"line {verdict.line}: {verdict.what!r}, expected one of {', '.join(fields(item.layer))} or label"
        )
    if verdict.says in ("1", "2"):
        label = item.first if verdict.says == "1" else item.second
        if label is None:
            raise SlipError(f"line {verdict.line}: reading {verdict.says} has no such label")
        value = getattr(label, verdict.what)
        return _id(readings.link(int(verdict.says) - 1, value)) if verdict.what == LINK[item.layer] else value
    if not verdict.says.startswith("="):
        raise SlipError(f"line {verdict.line}: {verdict.says!r}, expected 1, 2 or =VALUE")
    return _own(readings, item, verdict, verdict.says[1:].strip())


def _own(readings: Readings, item: Item, verdict: Verdict, says: str) -> object:
    """A reading that is the adjudicator's own: words of the text, an attribute's value, the number of an attribution."""
    if verdict.what in LABELS[item.layer].SPANS:
        anchors = [
            getattr(label, name)
            for label in (item.first, item.second)
            if label
            for name in (verdict.what, *label.PARTS)
        ]
        near = next((part[0].start for part in anchors if part), 0)
        return quoted(readings.article, says, near, verdict.line)
    if verdict.what == LINK[item.layer]:
        if says not in {AUTHOR, "unresolved", *readings.names[0].values(), *readings.names[1].values()}:
            raise SlipError(f"line {verdict.line}: {says!r}, expected author or the number of an attribution, as A3")
        return _id(says)
    if verdict.what == "negated":
        allowed: Sequence[str] = ("true", "false")
    else:
        allowed = [value for value in values(item.layer.removesuffix("s"), verdict.what) if value is not None]
    if says not in allowed:
        raise SlipError(f"line {verdict.line}: {says!r}, expected one of {', '.join(allowed)}")
    return says == "true" if verdict.what == "negated" else says


def quoted(article: Article, quotation: str, near: int, line: int) -> Part:
    """The place of a quotation, as drafts quote, that is nearest to an offset: pieces are joined by `` + ``, ``-`` is an
    empty part. SlipError where words do not stand in the text."""
    plain = Plain.of(article)
    spans: list[Span] = []
    for piece in () if quotation in ("", "-") else quotation.split(" + "):
        try:
            places = [plain.span(place) for place in plain.places(shielded(piece), 0)]
        except Slip as slip:
            raise SlipError(f"line {line}: {slip}") from None
        after = [span for span in places if not spans or span.start >= spans[-1].end]
        if not after:
            raise SlipError(f"line {line}: {piece!r} does not stand in the text there")
        spans.append(min(after, key=lambda span: abs(span.start - near)))
        near = spans[-1].end
    return tuple(spans)


def check_note(article: Article, verdict: Verdict) -> None:
    """SlipError for a note that is missing, long, or quotes the article."""
    words = re.findall(r"\w+", verdict.note.casefold())
    if not 1 <= len(words) <= NOTE_WORDS:
        raise SlipError(f"line {verdict.line}: a note of {len(words)} words, expected 1 to {NOTE_WORDS} behind `|`")
    text = re.findall(r"\w+", article.text.casefold())
    runs = {tuple(text[at : at + QUOTED]) for at in range(len(text))}
    if any(tuple(words[at : at + QUOTED]) in runs for at in range(len(words) - QUOTED + 1)):
        raise SlipError(
            f"line {verdict.line}: the note has {QUOTED} words in a row of the article; say it without its words"
        )


def _dangling(readings: Readings, kept: dict[str, list[Label]]) -> Iterator[str]:
    """Links of labels that stay to attributions that do not."""
    there = {label.id for label in kept["attributions"]}
    for layer in LAYERS:
        for label in kept[layer]:
            link = getattr(label, LINK[layer])
            if link not in (None, "unresolved") and link not in there:
                words = surface(readings.article.text, getattr(label, MAIN_PART[layer]), readings.article.markup)
                yield (
                    f"{layer}, {words[:60]!r}: its {LINK[layer]} {link} has been left out; add a line "
                    f"`{LINK[layer]}: =A... | note` to its item"
                )
