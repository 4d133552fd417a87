"""What the network says about an article, decoded: attributions, speculation cues with scopes, scores of sentences.

Conventions: everything here has offsets in the article's text already. Probabilities are calibrated where the weights
hold a calibration (logistic, on the logit), and lie strictly between 0 and 1.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allegedly.builders.labellers import _learned_decode as decode
from allegedly.builders.labellers import _learned_link as link
from allegedly.builders.labellers._learned_run import Run, Section, run, sections
from allegedly.builders.labellers._learned_text import OFFSETS, Pieces, pieces
from allegedly.schemas.records import Article, Part, Span

#: A piece that more probably than this is in a speculation cue, is.
CUE = 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """A network with what decoding needs: how wide its fields are, scores of moves between tags, scores of distances,
    calibration and thresholds, and the words of all cues that training saw: what reads otherwise is none, since the corpus
    of cues is of another genre than news. Without words any will do."""

    network: Run
    words: Any
    fields: Mapping[str, int]
    moves: np.ndarray
    near: Mapping[str, np.ndarray]
    calibration: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    cues: frozenset[str] = frozenset()

    def named(self, out: np.ndarray) -> dict[str, np.ndarray]:
        """What the network said, by the names of its fields."""
        edges = np.cumsum([0, *self.fields.values()])
        if not out.shape[1]:
            return {name: np.zeros((0, width), dtype=np.float32) for name, width in self.fields.items()}
        return {name: out[:, edges[at] : edges[at + 1]] for at, name in enumerate(self.fields)}

    def calibrated(self, name: str, probability: float) -> float:
        """A probability as it was right on data apart."""
        slope, bias = self.calibration.get(name, (1.0, 0.0))
        logit = math.log(max(probability, 1e-6) / max(1.0 - probability, 1e-6))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, slope * logit + bias))))


@dataclass(frozen=True, slots=True)
class Attributed:
    """An attribution as parts of the text, and how probable it is."""

    source: Part
    cue: Part
    content: Part
    probability: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A speculation cue with its scope, and how probable the cue is."""

    cue: Part
    scope: Part
    probability: float


@dataclass(slots=True)
class Said:
    """All that the network says about one article; ``sentences`` has the scores of each of its sentences, None where
    there is nothing in it to score. ``pieces`` are the stretches of which the attributions are made."""

    attributions: list[Attributed] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    sentences: list[dict[str, float] | None] = field(default_factory=list)
    stretches: list[tuple[str, Span, float]] = field(default_factory=list)


def read(model: Model, articles: Sequence[Article]) -> Iterator[Said]:
    """What the network says about each article, in order."""

    def all_sections() -> Iterator[Section]:
        for number, article in enumerate(articles):
            yield from sections(number, article, pieces(article, model.words))

    said = Said()
    weight: dict[int, int] = {}
    for section, out in run(all_sections(), model.network):
        if not said.sentences:
            said.sentences = [None] * len(articles[section.article].sentences)
        fields = model.named(out)
        if len(section.pieces):
            _attributions(model, section, fields, said)
            _doubts(model, section, fields, said)
            _scores(model, section, fields, said, weight)
        if section.last:
            yield said
            said, weight = Said(), {}


def _span(found: Pieces, start: int, end: int) -> Span:
    return Span(int(found.start[start]), int(found.end[end - 1]))


def _attributions(model: Model, section: Section, fields: dict[str, np.ndarray], said: Said) -> None:
    found = section.pieces
    chains = decode.chains(fields["tags"], section.blocks, model.moves)
    stretches, inside = decode.stretches(chains)
    fields["inside"] = inside[:, None]
    said.stretches += [(s.part, _span(found, s.start, s.end), s.probability) for s in stretches]
    quoted = found.features[:, 2] - OFFSETS[2] > 0
    at = 0
    for _, end in section.blocks:
        here = []
        while at < len(stretches) and stretches[at].start < end:
            here.append(stretches[at])
            at += 1
        vectors = fields["link_from"], fields["link_to"]
        for t in link.triples(here, *vectors, model.near["link"], found.sentence, quoted):
            parts = [t.cue, *t.content, *([t.source] if t.source else [])]
            raw = t.link * math.exp(sum(math.log(max(1e-9, s.probability)) for s in parts) / len(parts))
            said.attributions.append(
                Attributed(
                    source=(_span(found, t.source.start, t.source.end),) if t.source else (),
                    cue=(_span(found, t.cue.start, t.cue.end),),
                    content=tuple(_span(found, s.start, s.end) for s in t.content),
                    probability=model.calibrated("attribution", raw),
                )
            )


def _doubts(model: Model, section: Section, fields: dict[str, np.ndarray], said: Said) -> None:
    found = section.pieces
    spans = list(_cues(model, section, fields))
    at = 0
    while at < len(spans):
        start, end, probability, surface = spans[at]
        also = None
        if at + 1 < len(spans):
            other = spans[at + 1]
            together = found.sentence[start] == found.sentence[other[0]]
            also = other if together and f"{surface} {other[3]}" in model.cues else None
        if also is not None or surface in model.cues or not model.cues:
            said.doubts.append(doubt(model, found, fields, start, end, probability, also))
        at += 1 if also is None else 2


def _cues(model: Model, section: Section, fields: dict[str, np.ndarray]) -> Iterator[tuple[int, int, float, str]]:
    """Runs of pieces that are likely in a cue: start, end, probability, words."""
    found = section.pieces
    log = fields["cue_tags"].astype(np.float64)
    powers = np.exp(log - log.max(1, keepdims=True))
    powers /= powers.sum(1, keepdims=True)
    probability = 1.0 - powers[:, 0]
    fields["doubt"] = probability[:, None]
    likely = np.flatnonzero(probability >= model.thresholds.get("cue", CUE)).tolist()
    at = 0
    while at < len(likely):
        start = likely[at]
        end = start + 1
        at += 1
        while at < len(likely) and likely[at] == end and found.sentence[end] == found.sentence[start]:
            # a new cue begins where B is likelier than I, at the beginning of a word
            if powers[end, 1] > powers[end, 2] and _begins_word(found, end):
                break
            end += 1
            at += 1
        words = section.text[found.start[start] : found.end[end - 1]]
        yield start, end, float(probability[start:end].mean()), " ".join(words.lower().split())


def _begins_word(found: Pieces, at: int) -> bool:
    return bool(found.start[at] > found.end[at - 1])


def doubt(
    model: Model,
    found: Pieces,
    fields: dict[str, np.ndarray],
    start: int,
    end: int,
    probability: float,
    also: tuple[int, int, float, str] | None = None,
) -> Doubt:
    """A cue with the scope that the network gives it; ``also`` is its second piece ("either ... or")."""
    number = int(found.sentence[start])
    first, last = np.searchsorted(found.sentence, [number, number + 1])
    cue = [_span(found, start, end), *([_span(found, also[0], also[1])] if also else [])]
    until = also[1] if also else end
    left, right, _ = link.ends(start, until - 1, (int(first), int(last)), fields, dict(model.near))
    return Doubt(
        cue=tuple(cue),
        scope=(_span(found, left, right),),
        probability=model.calibrated("speculation", probability),
    )


def _pooled(fields: dict[str, np.ndarray], name: str, start: int, end: int) -> np.ndarray:
    weight = fields[f"{name}_weight"][start:end, 0].astype(np.float64)
    powers = np.exp(weight - weight.max())
    return (powers / powers.sum()) @ fields[name][start:end].astype(np.float64)


def _scores(model: Model, section: Section, fields: dict[str, np.ndarray], said: Said, weight: dict[int, int]) -> None:
    numbers, first = np.unique(section.pieces.sentence, return_index=True)
    edges = [*first.tolist(), len(section.pieces)]
    for at, number in enumerate(numbers.tolist()):
        start, end = edges[at], edges[at + 1]
        # of a sentence that lies in two sections, the longer part counts
        if weight.get(number, 0) >= end - start:
            continue
        weight[number] = end - start
        worth = _pooled(fields, "worth", start, end) * model.calibration.get("worth", (1.0, 0.0))[0]
        powers = np.exp(worth - worth.max())
        powers /= powers.sum()
        said.sentences[number] = {
            "check_worthy": float(powers[2]),
            "claim": float(powers[1] + powers[2]),
            "speculative": model.calibrated("speculative", float(fields["doubt"][start:end].max())),
            "attributed": model.calibrated("attributed", float(fields["inside"][start:end].max())),
            "certainty": float(1.0 / (1.0 + np.exp(-_pooled(fields, "certainty", start, end)[0]))),
        }


def factuality(model: Model, article: Article, spans: Sequence[Span]) -> list[float]:
    """How factual the event at each span is put, from 0 (it did not happen) to 1 (it did)."""
    return [float(1.0 / (1.0 + np.exp(-row["factuality"][at, 0]))) for row, _, at in _at(model, article, spans)]


def scopes(model: Model, article: Article, cues: Sequence[Part]) -> list[Part]:
    """The scopes that the network gives to cues that are known."""
    out: list[Part] = []
    for cue, (fields, found, at) in zip(cues, _at(model, article, [cue[0] for cue in cues]), strict=True):
        number = int(found.sentence[at])
        first, last = np.searchsorted(found.sentence, [number, number + 1])
        # a cue of several pieces may reach beyond its sentence, a scope does not
        end = min(int(np.searchsorted(found.start, cue[-1].end)), int(last))
        left, right, _ = link.ends(at, max(at, end - 1), (int(first), int(last)), fields, dict(model.near))
        out.append((_span(found, left, right),))
    return out


def _at(model: Model, article: Article, spans: Sequence[Span]) -> Iterator[tuple[dict[str, np.ndarray], Pieces, int]]:
    """For each span the fields and pieces of its section, and the piece where it begins."""
    found = [
        (section.pieces, model.named(out))
        for section, out in run(sections(0, article, pieces(article, model.words)), model.network)
        if len(section.pieces)
    ]
    for start, _ in spans:
        for part, fields in found:
            if start < part.end[-1]:
                yield fields, part, int(np.searchsorted(part.end, start, side="right"))
                break
        else:
            raise ValueError(f"{article.id}: no words at {start}")
