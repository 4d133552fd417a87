"""The labels of an article as the page lists them: those that stand, and what other votes say instead.

Conventions: a label of a vote that equals one that stands in all but its id is listed once, with the names of all who
gave it; the others are alternatives, named after their annotators. Links are compared by what they lead to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from allegedly.render import words
from allegedly.schemas.derive import surface
from allegedly.schemas.records import LABELS, LAYERS, LINK, PREFIX, Article, Label, Labels, Part, Record

#: Words of a part that a list shows.
SHOWN_WORDS = 8


@dataclass(frozen=True, slots=True)
class Item:
    """A label in a list. ``name``: its id, empty for an alternative; ``by``: who gave it; ``places``: its spans."""

    name: str
    layer: str
    facts: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    by: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def said(self) -> str:
        """Attributes and links in one line."""
        return ", ".join(self.facts)


@dataclass(frozen=True, slots=True)
class Listed:
    """The labels of an article. ``usual``: who gave most of them, and is then named once; ``second``:
    the labels behind ``other``; ``disagreement``: labels that not everybody gave who labelled their layer."""

    stand: tuple[Item, ...]
    other: tuple[Item, ...]
    usual: tuple[str, ...]
    second: tuple[tuple[str, Label], ...]
    disagreement: int


def listed(record: Record, second: str = "") -> Listed:
    """The list of an article: labels in the order of layers and ids. ``second``: what marks the names of alternatives;
    without it they have none."""
    stand = list(_labels(record.labels))
    found = {_content(layer, label, record.labels): place for place, (layer, label) in enumerate(stand)}
    by: list[list[str]] = [[] for _ in stand]
    others: dict[tuple[object, ...], tuple[str, Label, list[str]]] = {}
    for vote in record.votes:
        for layer, label in _labels(vote.labels):
            content = _content(layer, label, vote.labels)
            if content in found:
                by[found[content]].append(vote.annotator.id)
            else:
                others.setdefault(content, (layer, label, []))[2].append(vote.annotator.id)
    givers = [tuple(of or [label.by]) for (_, label), of in zip(stand, by, strict=True)]
    everybody = tuple(vote.annotator.id for vote in record.votes)
    usual = max(Counter(givers).items(), key=lambda item: (item[1], item[0]))[0] if givers else everybody
    article = record.article
    voters = {layer: sum(getattr(vote.labels, layer) is not None for vote in record.votes) for layer in LAYERS}
    parted = sum(len(of) < voters[layer] for (layer, _), of in zip(stand, by, strict=True) if voters[layer] > 1)
    ordered = _in_order(others.values())
    return Listed(
        tuple(_item(article, layer, label, label.id, of) for (layer, label), of in zip(stand, givers, strict=True)),
        tuple(
            _item(article, layer, label, second and f"{PREFIX[layer]}{number}{second}", of)
            for number, (layer, label, of) in enumerate(ordered, 1)
        ),
        usual,
        tuple((layer, label) for layer, label, _ in ordered),
        parted + len(ordered),
    )


def _labels(labels: Labels) -> Iterator[tuple[str, Label]]:
    for layer in LAYERS:
        for label in getattr(labels, layer) or ():
            yield layer, label


def _in_order(others: Iterable[tuple[str, Label, list[str]]]) -> list[tuple[str, Label, list[str]]]:
    return sorted(others, key=lambda other: (LAYERS.index(other[0]), _places(other[1]), other[2]))


def _content(layer: str, label: Label, labels: Labels) -> tuple[object, ...]:
    """What a label says, whoever gave it, under whatever id."""
    link = getattr(label, LINK[layer])
    target = next((each for each in labels.attributions or () if each.id == link), None) if link else None
    leads = None if target is None else (target.source, target.cue, target.content)
    bare = replace(label, id="", text="", by="", scheme="", confidence=None)
    said = tuple(getattr(bare, name) for name in bare.__slots__ if name != LINK[layer])
    return layer, said, link is None, leads


def _item(article: Article, layer: str, label: Label, name: str, by: Iterable[str]) -> Item:
    parts = tuple(
        (part, _shortened(surface(article.text, spans, article.markup), part in ("source", "speaker")))
        for part in LABELS[layer].SPANS
        if (spans := getattr(label, part)) and not (part == "speaker" and _is_source(article, label, spans))
    )
    sure = [] if label.confidence is None else [f"{label.confidence:.2f}"]
    return Item(name, layer, (*words.facts(label, layer), *sure), parts, tuple(by), _places(label))


def _is_source(article: Article, label: Label, speaker: Part) -> bool:
    source = getattr(label, "source", None)
    return bool(source) and surface(article.text, source, article.markup) == surface(
        article.text, speaker, article.markup
    )


def _places(label: Label) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({(start, end) for part in label.PARTS for start, end in getattr(label, part) or ()}))


def _shortened(text: str, whole: bool = False) -> str:
    most = SHOWN_WORDS * (2 if whole else 1)
    kept = text.split(" ")
    return text if len(kept) <= most else " ".join(kept[:most]) + "…"


def by_layer(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Items of each layer that has some."""
    out: dict[str, list[Item]] = {}
    for item in items:
        out.setdefault(item.layer, []).append(item)
    return out
