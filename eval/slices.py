"""Slices: the same numbers where a field has a value.

Conventions: fields of articles (outlet, year, language, section, series, theme, region, length) choose articles. Fields
of labels (kind, worth, certainty, form, act, source_kind, shape) choose gold labels: the others are taken out with what
was matched to them, and of predicted labels without a partner those stay whose own field has the value. ``block``
chooses sentences by the kind of block they lie in. A value that is null makes no slice. Slices are exploratory: nothing
is corrected for how many were looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allegedly.eval.columns import Bools, Items, Pieces
from allegedly.eval.gold import Gold
from allegedly.eval.label_view import Layer
from allegedly.eval.matching import match
from allegedly.eval.tasks import Task
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import LABELS, LAYERS, MAIN_PART, Record


def _length(record: Record) -> str:
    words = len(record.article.text.split())
    return "under 200 words" if words < 200 else "200 to 500 words" if words <= 500 else "over 500 words"


def shape(label: Any, others: Sequence[Any], part: str) -> str:
    """Whether the main part of a label is discontinuous, nested (it lies in another's, or holds one), or plain."""
    this = getattr(label, part) or ()
    if len(this) > 1:
        return "discontinuous"
    for neighbour in others:
        that = getattr(neighbour, part) or ()
        if neighbour is not label and this and that and this != that and (_holds(this, that) or _holds(that, this)):
            return "nested"
    return "plain"


def _holds(outer: Pieces, inner: Pieces) -> bool:
    return outer[0][0] <= inner[0][0] and inner[-1][1] <= outer[-1][1]


#: Fields of articles: each gives the values that an article has.
OF_ARTICLES: dict[str, Callable[[Record], Iterable[str | None]]] = {
    "outlet": lambda record: (record.article.outlet,),
    "year": lambda record: (record.article.published and record.article.published[:4],),
    "language": lambda record: (record.article.language,),
    "section": lambda record: (record.article.section,),
    "series": lambda record: (record.article.series,),
    "theme": lambda record: record.article.themes,
    "region": lambda record: record.article.regions,
    "length": lambda record: (_length(record),),
}
OF_LABELS = ("kind", "worth", "certainty", "form", "act", "source_kind", "shape")
FIELDS = (*OF_ARTICLES, *OF_LABELS, "block")


@dataclass(frozen=True)
class Slice:
    """Fields with their values, all of which must hold."""

    fields: tuple[tuple[str, str], ...]

    @property
    def name(self) -> dict[str, str]:
        """As it stands in a report."""
        return dict(self.fields)

    @property
    def items(self) -> tuple[tuple[str, str], ...]:
        """Those fields that choose labels or sentences, not articles."""
        return tuple((field, value) for field, value in self.fields if field not in OF_ARTICLES)

    def articles(self, gold: Gold) -> Bools:
        """Which articles it holds."""
        keep = np.ones(len(gold.records), dtype=bool)
        for field, value in self.fields:
            if field in OF_ARTICLES:
                keep &= np.array([value in OF_ARTICLES[field](record) for record in gold.records], dtype=bool)
        return keep

    def applies(self, task: Task) -> bool:
        """Whether the task has such labels, or sentences where blocks choose."""
        for field, _ in self.items:
            if (field == "block") != task.of_sentences:
                return False
            if field not in ("block", "shape") and field not in LABELS[task.layer].__slots__:
                return False
        return True


def chosen(wanted: Iterable[str | Mapping[str, Any]], gold: Gold) -> list[Slice]:
    """Slices from fields (every value that gold has), filters (``outlet=Harbour Post&year=2017``) and mappings.
    UsageError for an unknown field, with the nearest."""
    slices: dict[str, Slice] = {}
    for item in wanted:
        for slice_ in _expanded(item, gold):
            slices.setdefault(canonical(slice_.name), slice_)
    return list(slices.values())


def _expanded(item: str | Mapping[str, Any], gold: Gold) -> Iterator[Slice]:
    if isinstance(item, str) and "=" not in item:
        _check(item)
        for value in sorted(_values(item, gold)):
            yield Slice(((item, value),))
        return
    pairs = item.items() if isinstance(item, Mapping) else (part.split("=", 1) for part in item.split("&"))
    fields = []
    for pair in pairs:
        if len(pair) != 2:
            raise UsageError(f"slice {item!r}: expected FIELD=VALUE, several joined by &")
        _check(pair[0].strip())
        fields.append((pair[0].strip(), str(pair[1]).strip()))
    yield Slice(tuple(sorted(fields)))


def _check(field: str) -> None:
    if field not in FIELDS:
        raise UsageError(unknown("field of a slice", field, list(FIELDS)))


def _values(field: str, gold: Gold) -> set[str]:
    if field in OF_ARTICLES:
        return {value for record in gold.records for value in OF_ARTICLES[field](record) if value is not None}
    if field == "block":
        return {block.kind for record in gold.records for block in record.article.blocks}
    if field == "shape":
        return {"discontinuous", "nested", "plain"}
    labels = (x for r in gold.records for name in LAYERS for x in getattr(r.labels, name) or ())
    return {value for label in labels if (value := getattr(label, field, None)) is not None}


def of_sentences(slice_: Slice, items: Items, gold: Gold, numbers: Sequence[int]) -> Items:
    """The sentences of a slice; ``numbers`` is the start of each."""
    keep = slice_.articles(gold)[items.article]
    for _, value in slice_.items:
        blocks = [[(b.start, b.end, b.kind) for b in record.article.blocks] for record in gold.records]
        kinds = [
            next((kind for start, end, kind in blocks[article] if start <= begin < end), None)
            for article, begin in zip(items.article.tolist(), numbers, strict=True)
        ]
        keep &= np.array([kind == value for kind in kinds], dtype=bool)
    return items.only(keep)


def of_labels(slice_: Slice, layer: Layer, gold: Gold) -> Layer:
    """The labels of a slice."""
    layer = layer.only(slice_.articles(gold))
    for field, value in slice_.items:
        layer = _by_label(layer, field, value)
    return layer


def _by_label(layer: Layer, field: str, value: str) -> Layer:
    main = MAIN_PART[layer.task.layer]
    has = [
        [_field(x, these, field, main) == value for these in side for x in these]
        for side in (layer.gold, layer.predicted)
    ]
    gold, predicted = layer.whole()
    pairs = match(gold, predicted)
    is_gold, is_predicted = (np.array(flags, dtype=bool) for flags in has)
    keep = is_predicted.copy()
    keep[predicted.origin[pairs.predicted]] = is_gold[gold.origin[pairs.gold]]
    return replace(layer, gold=_kept(layer.gold, is_gold), predicted=_kept(layer.predicted, keep), _kept={})


def _field(label: Any, others: Sequence[Any], field: str, part: str) -> str | None:
    return shape(label, others, part) if field == "shape" else getattr(label, field, None)


def _kept(side: Sequence[Sequence[Any]], keep: Bools) -> list[list[Any]]:
    flags = iter(keep.tolist())
    return [[label for label in these if next(flags)] for these in side]
