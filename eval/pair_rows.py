"""The rows of the error browser: each pair of labels in words.

Conventions: what a system left unsaid is said to be so; a label is shown by its id and its parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from allegedly.eval.error_pairs import MEANING, Pair
from allegedly.schemas import derive
from allegedly.schemas.records import LABELS, Label, Part, Span


@dataclass(frozen=True, slots=True)
class Words:
    """Words of an article, as the part of that name; ``name`` is empty for a sentence."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class LabelWords:
    """A label in words: its id, and its parts that are not empty; no parts where there is no label."""

    name: str = ""
    parts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in words."""

    kind: str
    layer: str
    gold: LabelWords
    predicted: LabelWords
    differs: str

    @property
    def what(self) -> str:
        """Its kind in words."""
        return MEANING[self.kind]


def row(text: str, pair: Pair, markup: Sequence[Span] = ()) -> PairRow:
    """A pair as a row: what became of it, gold, predicted, what differs."""
    return PairRow(
        kind=pair.kind,
        layer=pair.layer,
        gold=_in_words(text, pair.layer, pair.gold, markup),
        predicted=_in_words(text, pair.layer, pair.predicted, markup),
        differs="; ".join(
            f"{name}: {_known(gold, text, markup)} → {_known(predicted, text, markup)}"
            for name, (gold, predicted) in pair.differs.items()
        ),
    )


def _known(attribute: object, text: str, markup: Sequence[Span]) -> str:
    """An attribute's value; of one that is words of the article, the words."""
    if isinstance(attribute, tuple):
        return derive.surface(text, attribute, markup) or "nobody"
    return "not said" if attribute is None else str(attribute)


def _in_words(text: str, layer: str, label: Label | Part | None, markup: Sequence[Span]) -> LabelWords:
    if label is None:
        return LabelWords()
    if isinstance(label, tuple):  # a sentence
        return LabelWords(parts=(Words("", derive.surface(text, label, markup)),))
    parts = [
        Words(name, derive.surface(text, getattr(label, name), markup))
        for name in LABELS[layer].PARTS
        if getattr(label, name)
    ]
    return LabelWords(label.id, tuple(parts))
