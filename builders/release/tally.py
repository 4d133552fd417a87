"""The tally: what the card says about records, counted as they pass by, in any number of parts."""

from collections import Counter
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from allegedly.schemas.records import LAYERS, Annotator, Record


@dataclass(slots=True)
class Tally:
    """What the card says about the records: annotators with votes by id, labels that stand by layer and annotator,
    articles by language and outlet, sentences by split, column and class; words of texts, split at white space. Also
    articles whose layer is null, by layer and language."""

    annotators: dict[str, Annotator] = field(default_factory=dict)
    winners: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[str | None] = field(default_factory=Counter)
    outlets: Counter[str | None] = field(default_factory=Counter)
    uncovered: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    classes: Counter[tuple[str | None, str, str | None]] = field(default_factory=Counter)
    words: int = 0

    def add(self, record: Record) -> None:
        """Counts one record."""
        for vote in record.votes:
            if any(getattr(vote.labels, layer) is not None for layer in LAYERS):
                self._know(vote.annotator)
        for layer in LAYERS:
            for label in getattr(record.labels, layer) or ():
                self.winners[layer, label.by] += 1
            if getattr(record.labels, layer) is None:
                self.uncovered[layer, record.article.language] += 1
        # sentences of equal classes are many: each kind of them is counted once
        for names, sentences in Counter(map(attrgetter(*CLASSES), record.sentences)).items():
            for column, name in zip(CLASSES, names, strict=True):
                self.classes[record.split, column, name] += sentences
        article = record.article
        self.languages[article.language] += 1
        self.outlets[article.outlet] += 1
        self.words += len(article.text.split())

    def _know(self, annotator: Annotator) -> None:
        """Notes an annotator, who may supersede others in one article and others again in the next."""
        known = self.annotators.setdefault(annotator.id, annotator)
        if known.supersedes != annotator.supersedes:
            names = tuple(sorted({*known.supersedes, *annotator.supersedes}))
            self.annotators[annotator.id] = replace(known, supersedes=names)

    def merge(self, other: "Tally") -> None:
        """Adds what another part counted."""
        for annotator in other.annotators.values():
            self._know(annotator)
        for name in COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.words += other.words

    def to_json(self) -> dict[str, Any]:
        """As JSON: counters as lists of keys and counts."""
        return {
            "annotators": [annotator.to_json() for annotator in self.annotators.values()],
            **{name: [[key, count] for key, count in getattr(self, name).items()] for name in COUNTERS},
            "words": self.words,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Tally":
        """From what ``to_json`` gave."""
        tally = cls(words=value["words"])
        for annotator in map(Annotator.from_json, value["annotators"]):
            tally.annotators[annotator.id] = annotator
        for name in COUNTERS:
            counter = getattr(tally, name)
            for key, count in value[name]:
                counter[tuple(key) if isinstance(key, list) else key] = count
        return tally


#: The columns of a sentence that hold its classes.
CLASSES = ("claim", "speculation", "attribution")
COUNTERS = ("winners", "languages", "outlets", "uncovered", "classes")
