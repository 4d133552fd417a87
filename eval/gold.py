"""The gold of an evaluation: the records of a split in order of id, and how a prediction finds its article.

Conventions: articles are known by their place in ``records``; ``groups`` names the group of each, articles of one group
being copies or near copies of each other; ``makers`` says who made each of its layers. An article is found by id, else by
source id where that is unique, else by its text. Articles of other splits are known too, so that they are told from
unknown ones.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from allegedly.eval import makers
from allegedly.eval.makers import Maker
from allegedly.schemas.derive import canonical, sentence_classes, text_sha256, with_scores
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, LINK, Annotator, Article, Record, Sentence, part_json

#: Where a sentence starts, as its id spells it.
_OFFSET = re.compile("0|[1-9][0-9]{0,17}")
#: What is found for an article of another split.
ELSEWHERE = -1


@dataclass(frozen=True)
class Gold:
    """A split with its gold, and what is known of the others. ``only``: the kinds of annotators whose gold it is, None
    for all; ``set_aside``: articles of each layer whose gold others made."""

    dataset: Mapping[str, Any]
    split: str
    records: tuple[Record, ...]
    sentences: tuple[tuple[Sentence, ...], ...]
    starts: tuple[Mapping[int, int], ...]
    ids: Mapping[str, int]
    source_ids: Mapping[str, int | None]
    hashes: Mapping[str, tuple[int, ...]]
    sha256: str = field(default="")
    groups: tuple[str, ...] = ()
    makers: tuple[Mapping[str, Maker], ...] = ()
    only: tuple[str, ...] | None = None
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def article(self, place: int) -> Article:
        """The article at a place."""
        return self.records[place].article

    def find(self, given: Mapping[str, Any]) -> int:
        """The place of the article that a prediction names, ELSEWHERE for one of another split. UsageError where it is
        unknown or the source id is ambiguous."""
        name, source, text = (given.get(key) for key in ("id", "source_id", "text"))
        if name is not None and name in self.ids:
            return self.ids[name]
        if source is not None and source in self.source_ids:
            place = self.source_ids[source]
            if place is not None:
                return place
            if text is None:
                raise UsageError(f"the source id {source!r} names several articles; expected the article's id")
        if text is not None and (places := self.hashes.get(text_sha256(text))):
            return places[0]
        raise UsageError(
            f"no article {name or source or '(by text)'!r} in the release; expected an id, source id or text of it"
        )

    def find_sentence(self, name: str) -> tuple[int, int]:
        """Article and number of the sentence that ``<article id>:<start>`` names; (ELSEWHERE, 0) in another split."""
        article, _, start = name.rpartition(":")
        if article not in self.ids:
            raise UsageError(
                f"no article {article[:80]!r} in the release; expected <article id>:<start>, found {name[:80]!r}"
            )
        place = self.ids[article]
        if place == ELSEWHERE:
            return ELSEWHERE, 0
        if not _OFFSET.fullmatch(start) or int(start) not in self.starts[place]:
            known = f"article {article} has {self._near(place, start)}"
            raise UsageError(f"no sentence {name[:80]!r} in the release; {known}")
        return place, self.starts[place][int(start)]

    def _near(self, place: int, start: str) -> str:
        known = sorted(self.starts[place])
        if not known:
            return "no sentences"
        wanted = int(start[:18]) if start.isascii() and start.isdigit() else 0
        return f"one that begins at {min(known, key=lambda value: abs(value - wanted))}"

    def copies(self, place: int) -> tuple[int, ...]:
        """Places of the exact copies of an article, itself among them."""
        return self.hashes[text_sha256(self.article(place).text)]


def view(
    records: Iterable[Record],
    *,
    split: str = "test",
    dataset: Mapping[str, Any] | None = None,
    annotators: Iterable[Annotator] = (),
    only: Iterable[str] | None = None,
) -> Gold:
    """The gold of one split, or of all for ``all``. Records without a split belong to every one, and those without a
    group are a group of their own. ``annotators`` are those of the release; ``only`` leaves the layers that annotators
    of these kinds made, and makes the others null. UsageError where nothing is left, with the splits that have rows, or
    the kinds that made gold."""
    everything = sorted(records, key=lambda record: record.article.id)
    chosen = tuple(r for r in everything if split == "all" or r.split in (None, split))
    kinds = None if only is None else makers.kinds(only)
    known = {annotator.id: annotator for annotator in annotators}
    made: tuple[Mapping[str, Maker], ...] = tuple(makers.makers(record, known) for record in chosen)
    set_aside: Mapping[str, int] = {}
    if kinds is not None:
        chosen, made, set_aside = _only(chosen, made, kinds)
    if not chosen:
        having = sorted({record.split for record in everything if record.split})
        raise UsageError(f"the split {split!r} has no articles; splits with articles: {', '.join(having) or 'none'}")
    ids, source_ids, hashes = _names(everything, chosen)
    sentences = tuple(record.sentences or sentence_classes(record.article, record.labels) for record in chosen)
    return Gold(
        dataset=dict(dataset or {"name": None, "version": None, "content_sha256": None}),
        split=split,
        records=chosen,
        sentences=sentences,
        starts=tuple({sentence.start: number for number, sentence in enumerate(these)} for these in sentences),
        ids=ids,
        source_ids=source_ids,
        hashes={name: _here_first(places) for name, places in hashes.items()},
        sha256=_sha256(chosen, sentences),
        groups=tuple(record.article.id if record.group is None else record.group for record in chosen),
        makers=made,
        only=kinds,
        set_aside=set_aside,
    )


def _names(
    everything: Sequence[Record], chosen: Sequence[Record]
) -> tuple[dict[str, int], dict[str, int | None], dict[str, list[int]]]:
    """Places of articles by id, by source id (None where it names several) and by the hash of their text. UsageError
    where two have one id."""
    ids = {record.article.id: ELSEWHERE for record in everything}
    ids |= {record.article.id: place for place, record in enumerate(chosen)}
    if len(ids) < len(everything):
        twice = next(a for a, b in pairwise(everything) if a.article.id == b.article.id)
        raise UsageError(f"two articles have the id {twice.article.id}; expected ids to be unique")
    source_ids: dict[str, int | None] = {}
    hashes: dict[str, list[int]] = {}
    for record in everything:
        place = ids[record.article.id]
        if (source := record.article.source_id) is not None:
            source_ids[source] = None if source in source_ids else place
        hashes.setdefault(text_sha256(record.article.text), []).append(place)
    return ids, source_ids, hashes


def _only(
    records: Sequence[Record], made: Sequence[Mapping[str, Maker]], kinds: Sequence[str]
) -> tuple[tuple[Record, ...], tuple[Mapping[str, Maker], ...], Mapping[str, int]]:
    """Records with the layers alone whose makers are of these kinds, those makers, and in how many articles each layer
    was set aside. UsageError where no layer is left, with the kinds that made gold."""
    kept, left, aside = [], [], dict.fromkeys(LAYERS, 0)
    for record, of_article in zip(records, made, strict=True):
        others = [layer for layer, maker in of_article.items() if maker.annotator.kind not in kinds]
        for layer in others:
            aside[layer] += 1
        labels = replace(record.labels, **dict.fromkeys(others))
        classes = with_scores(sentence_classes(record.article, labels), record.sentences)
        kept.append(replace(record, labels=labels, sentences=classes) if others else record)
        left.append({layer: maker for layer, maker in of_article.items() if layer not in others})
    if records and not any(left):
        having = sorted({maker.annotator.kind for of_article in made for maker in of_article.values()})
        raise UsageError(
            f"no gold of the split was made by {' or '.join(kinds)}; kinds that made some: {', '.join(having) or 'none'}"
        )
    return tuple(kept), tuple(left), aside


def _here_first(places: Sequence[int]) -> tuple[int, ...]:
    """Places in the split; ELSEWHERE alone where there is none."""
    return tuple(place for place in places if place != ELSEWHERE) or (ELSEWHERE,)


def _sha256(records: Sequence[Record], sentences: Sequence[Sequence[Sentence]]) -> str:
    """SHA-256 of all that scores depend on: texts, sentences with their classes, parts and attributes of labels."""
    hashed = hashlib.sha256()
    for record, these in zip(records, sentences, strict=True):
        value = {
            "id": record.article.id,
            "text": text_sha256(record.article.text),
            "sentences": [[s.start, s.end, s.claim, s.speculation, s.attribution] for s in these],
            "labels": {layer: _facts(record, layer) for layer in LAYERS},
        }
        hashed.update(canonical(value).encode())
    return hashed.hexdigest()


def _facts(record: Record, layer: str) -> list[str] | None:
    """What a layer says, whatever the order and the ids of its labels."""
    labels = getattr(record.labels, layer)
    if labels is None:
        return None
    attributions = {label.id: label for label in record.labels.attributions or ()}
    facts = []
    for label in labels:
        value = {k: v for k, v in label.to_json().items() if k not in ("id", "text", "by", "confidence", "scheme")}
        target = attributions.get(getattr(label, LINK[layer]))
        if target is not None:
            value[LINK[layer]] = [part_json(getattr(target, part)) for part in target.PARTS]
        facts.append(canonical(value))
    return sorted(facts)
