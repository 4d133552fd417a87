"""What the network says about an article, decoded: attributions, speculation cues with scopes, scores of sentences.

Conventions: everything here has offsets in the article's text already. Probabilities are calibrated where the weights
hold a calibration (logistic, on the logit), and lie strictly between 0 and 1.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from allegedly.builders.labellers import _learned_decode as decode
from allegedly.builders.labellers import _learned_link as link
from allegedly.builders.labellers._learned_run import Run, Section, run, sections
from allegedly.builders.labellers._learned_text import CONTINUED, OFFSETS, Pieces, Tokenizer, pieces
from allegedly.schemas.records import Article, Part, Span

#: What reads like a cue that training saw may be one where each of its words is in a cue with this probability; what does
#: not is taken apart at the second. It is one where it is so by this probability, all known: F1 is best at half of itself.
MAYBE, LIKELY, CUE = 0.2, 0.5, 0.45
#: Pieces of sections that are decoded together: few enough for a build's memory.
GROUP = 4096
#: By how many words a cue may be longer than what the network finds of it.
REACH = 3


@dataclass(frozen=True, slots=True)
class Model:
    """A network with what decoding needs: how wide its fields are, scores of moves between tags, scores of distances,
    calibration and thresholds, and the words of all cues that training saw, each with the share of their occurrences that
    were cues: what reads otherwise is none, since the corpus of cues is of another genre than news. Without words any
    will do."""

    network: Run
    words: Tokenizer
    fields: Mapping[str, int]
    moves: Mapping[str, np.ndarray]
    near: Mapping[str, np.ndarray]
    calibration: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    cues: Mapping[str, float] = field(default_factory=dict)

    def named(self, out: np.ndarray) -> dict[str, np.ndarray]:
        """What the network said, by the names of its fields."""
        edges = np.cumsum([0, *self.fields.values()])
        if not out.shape[1]:
            return {name: np.zeros((0, width), dtype=np.float32) for name, width in self.fields.items()}
        return {name: out[:, edges[number] : edges[number + 1]] for number, name in enumerate(self.fields)}

    def calibrated(self, name: str, *probabilities: float) -> float:
        """A probability as it was right on data apart, from what is known: a logistic curve on their logits."""
        *slopes, bias = self.calibration.get(name, (1.0, *(0.0 for _ in probabilities)))
        score = bias + sum(slope * logit(p) for slope, p in zip(slopes, probabilities, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def logit(probability: float) -> float:
    """The logarithm of the odds, within bounds."""
    return math.log(max(probability, 1e-6) / max(1.0 - probability, 1e-6))


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
class Reading:
    """All that the network says about one article; ``sentences`` has the scores of each of its sentences, None where
    there is nothing in it to score. ``stretches`` are those of which the attributions are made. ``abstract`` is positive
    where the article reads like a scientific abstract."""

    attributions: list[Attributed] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    sentences: list[dict[str, float] | None] = field(default_factory=list)
    stretches: list[tuple[str, Span, float]] = field(default_factory=list)
    abstract: float = 0.0


def read(model: Model, articles: Sequence[Article]) -> Iterator[Reading]:
    """What the network says about each article, in order."""

    def all_sections() -> Iterator[Section]:
        for number, article in enumerate(articles):
            yield from sections(number, article, pieces(article, model.words))

    reading = Reading()
    weight: dict[int, int] = {}
    for section, fields, stretches in _decoded(model, run(all_sections(), model.network)):
        if not reading.sentences:
            reading.sentences = [None] * len(articles[section.article].sentences)
        if len(section.pieces):
            _attributions(model, section, fields, stretches, reading)
            _doubts(model, section, fields, reading)
            _scores(model, section, fields, reading, weight)
            reading.abstract += float(fields["abstract"].sum())
        if section.last:
            yield reading
            reading, weight = Reading(), {}


def _decoded(
    model: Model, outputs: Iterable[tuple[Section, np.ndarray]]
) -> Iterator[tuple[Section, dict[str, np.ndarray], list[decode.Stretch]]]:
    """Each section with what the network says by name, and its stretches. Sections are decoded in groups: the steps of
    all their chains are taken at once, and none hangs on the chains beside it."""
    for group in _groups(outputs):
        fields = [model.named(out) for _, out in group]
        edges = np.cumsum([0, *(len(section.pieces) for section, _ in group)]).tolist()
        blocks = [
            (a + edge, b + edge) for (section, _), edge in zip(group, edges, strict=False) for a, b in section.blocks
        ]
        tags = np.concatenate([by_name["tags"] for by_name in fields])
        stretches, inside = decode.stretches(decode.chains(tags, blocks, model.moves["tags"]))
        starts = [stretch.start for stretch in stretches]
        for (section, _), by_name, (begin, end) in zip(group, fields, pairwise(edges), strict=True):
            by_name["inside"] = inside[begin:end, None]
            own = stretches[bisect_left(starts, begin) : bisect_left(starts, end)]
            yield section, by_name, [replace(s, start=s.start - begin, end=s.end - begin) for s in own]


def _groups(outputs: Iterable[tuple[Section, np.ndarray]]) -> Iterator[list[tuple[Section, np.ndarray]]]:
    """Sections in groups of at least GROUP pieces, the last one aside."""
    group: list[tuple[Section, np.ndarray]] = []
    count = 0
    for section, out in outputs:
        group.append((section, out))
        count += len(section.pieces)
        if count >= GROUP:
            yield group
            group, count = [], 0
    if group:
        yield group


def _span(pieces: Pieces, start: int, end: int) -> Span:
    return Span(int(pieces.start[start]), int(pieces.end[end - 1]))


def _attributions(
    model: Model, section: Section, fields: dict[str, np.ndarray], stretches: Sequence[decode.Stretch], reading: Reading
) -> None:
    pieces = section.pieces
    reading.stretches += [(s.part, _span(pieces, s.start, s.end), s.probability) for s in stretches]
    quoted = pieces.features[:, 2] - OFFSETS[2] > 0
    number = 0
    for _, end in section.blocks:
        own = []
        while number < len(stretches) and stretches[number].start < end:
            own.append(stretches[number])
            number += 1
        vectors = fields["link_from"], fields["link_to"]
        for triple in link.triples(own, *vectors, model.near["link"], pieces.sentence, quoted):
            parts = [triple.cue, *triple.content, *([triple.source] if triple.source else [])]
            raw = triple.link * math.exp(sum(math.log(max(1e-9, s.probability)) for s in parts) / len(parts))
            reading.attributions.append(
                Attributed(
                    source=(_span(pieces, triple.source.start, triple.source.end),) if triple.source else (),
                    cue=(_span(pieces, triple.cue.start, triple.cue.end),),
                    content=tuple(_span(pieces, s.start, s.end) for s in triple.content),
                    probability=model.calibrated("attribution", raw),
                )
            )


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that may be a cue: first piece, piece after the last, how probably they are in one, what they read."""

    start: int
    end: int
    probability: float
    surface: str


def _doubts(model: Model, section: Section, fields: dict[str, np.ndarray], reading: Reading) -> None:
    pieces = section.pieces
    spans = _cues(model, section, fields)
    number = until = 0
    while number < len(spans):
        cue, following = spans[number], spans[number + 1] if number + 1 < len(spans) else None
        number += 1
        if cue.start < until:  # another cue has it already
            continue
        until = cue.end
        words = [cue]
        surface, probability = cue.surface, cue.probability
        if following and pieces.sentence[cue.start] == pieces.sentence[following.start]:
            both = f"{surface} {following.surface}"
            if both in model.cues:
                surface, probability = both, (probability + following.probability) / 2
                words.append(following)
                number += 1
        if surface not in model.cues and model.cues:
            continue
        sure = model.calibrated("speculation", probability, model.cues.get(surface, 0.5))
        if sure >= model.thresholds.get("cue", CUE):
            reading.doubts.append(_doubt(model, pieces, fields, words, sure))


def _cues(model: Model, section: Section, fields: dict[str, np.ndarray]) -> list[_Words]:
    """Runs of words that may be a cue, in order."""
    pieces = section.pieces
    log = fields["cue_tags"].astype(np.float64)
    powers = np.exp(log - log.max(1, keepdims=True))
    powers /= powers.sum(1, keepdims=True)
    # a word is in a cue as a whole or not at all
    firsts = np.flatnonzero(pieces.features[:, 1] != CONTINUED)
    edges = np.append(firsts, len(pieces))
    probability = np.add.reduceat(1.0 - powers[:, 0], firsts) / np.diff(edges)
    fields["doubt"] = np.repeat(probability, np.diff(edges))[:, None]
    # the next word goes on with the cue unless it begins one of its own, or another sentence
    begins = powers[firsts, 1] > powers[firsts, 2]
    begins[1:] |= np.diff(pieces.sentence[firsts]) > 0
    out = []
    for start, end in _runs(probability, begins, 0, len(firsts), MAYBE):
        words = _words(section, edges, probability, start, end)
        if words.surface in model.cues:
            out.append(_longer(model, section, edges, end, words))
            continue
        inner = _runs(probability, begins, start, end, LIKELY)
        out += [_words(section, edges, probability, first, last) for first, last in inner]
    return out


def _longer(model: Model, section: Section, edges: np.ndarray, end: int, words: _Words) -> _Words:
    """The cue, or the longer one that it begins where the text goes on with what mostly is one ("whether or not")."""
    best = words
    for after in edges[end + 1 : end + REACH + 1].tolist():
        surface = _surface(section, words.start, after)
        if model.cues.get(surface, 0.0) > LIKELY:
            best = _Words(words.start, after, words.probability, surface)
    return best


def _runs(probability: np.ndarray, begins: np.ndarray, start: int, end: int, least: float) -> list[tuple[int, int]]:
    """Runs of words between two that are at least so probable."""
    out: list[tuple[int, int]] = []
    for word in (start + np.flatnonzero(probability[start:end] >= least)).tolist():
        if out and out[-1][1] == word and not begins[word]:
            out[-1] = out[-1][0], word + 1
        else:
            out.append((word, word + 1))
    return out


def _words(section: Section, edges: np.ndarray, probability: np.ndarray, start: int, end: int) -> _Words:
    first, after = int(edges[start]), int(edges[end])
    return _Words(first, after, float(probability[start:end].mean()), _surface(section, first, after))


def _surface(section: Section, first: int, after: int) -> str:
    """The words of a range of pieces, in lower case, a space between."""
    surface = section.text[section.pieces.start[first] : section.pieces.end[after - 1]]
    return " ".join(surface.lower().split())


def _doubt(
    model: Model, pieces: Pieces, fields: dict[str, np.ndarray], words: Sequence[_Words], probability: float
) -> Doubt:
    """A cue of one piece, or of two ("either ... or"), with the scope that the network gives it."""
    start, until = words[0].start, words[-1].end
    number = int(pieces.sentence[start])
    first, last = np.searchsorted(pieces.sentence, [number, number + 1])
    left, right, _ = link.ends(start, until - 1, (int(first), int(last)), fields, dict(model.near))
    if len(words) == 2 and words[0].end == words[1].start:
        cue: Part = (_span(pieces, start, until),)
    else:
        cue = tuple(_span(pieces, stretch.start, stretch.end) for stretch in words)
    return Doubt(cue=cue, scope=(_span(pieces, left, right),), probability=probability)


def _pooled(fields: dict[str, np.ndarray], name: str, start: int, end: int) -> np.ndarray:
    weight = fields[f"{name}_weight"][start:end, 0].astype(np.float64)
    powers = np.exp(weight - weight.max())
    mean: np.ndarray = (powers / powers.sum()) @ fields[name][start:end].astype(np.float64)
    return mean


def _scores(
    model: Model, section: Section, fields: dict[str, np.ndarray], reading: Reading, weight: dict[int, int]
) -> None:
    numbers, first = np.unique(section.pieces.sentence, return_index=True)
    edges = [*first.tolist(), len(section.pieces)]
    for stretch, number in enumerate(numbers.tolist()):
        start, end = edges[stretch], edges[stretch + 1]
        # of a sentence that lies in two sections, the longer part counts
        if weight.get(number, 0) >= end - start:
            continue
        weight[number] = end - start
        worth = _pooled(fields, "worth", start, end) * model.calibration.get("worth", (1.0, 0.0))[0]
        powers = np.exp(worth - worth.max())
        powers /= powers.sum()
        reading.sentences[number] = {
            "check_worthy": float(powers[2]),
            "claim": float(powers[1] + powers[2]),
            "speculative": model.calibrated("speculative", float(fields["doubt"][start:end].max())),
            "attributed": model.calibrated("attributed", float(fields["inside"][start:end].max())),
            "certainty": float(1.0 / (1.0 + np.exp(-_pooled(fields, "certainty", start, end)[0]))),
        }


def factuality(model: Model, article: Article, spans: Sequence[Span]) -> list[float]:
    """How factual the event at each span is put, from 0 (it did not happen) to 1 (it did)."""
    return [float(1.0 / (1.0 + np.exp(-row["factuality"][piece, 0]))) for row, _, piece in _at(model, article, spans)]


def scopes(model: Model, article: Article, cues: Sequence[Part]) -> list[Part]:
    """The scopes that the network gives to cues that are known."""
    out: list[Part] = []
    for cue, (fields, part, piece) in zip(cues, _at(model, article, [cue[0] for cue in cues]), strict=True):
        number = int(part.sentence[piece])
        first, last = np.searchsorted(part.sentence, [number, number + 1])
        # a cue of several pieces may reach beyond its sentence, a scope does not
        end = min(int(np.searchsorted(part.start, cue[-1].end)), int(last))
        left, right, _ = link.ends(piece, max(piece, end - 1), (int(first), int(last)), fields, dict(model.near))
        out.append((_span(part, left, right),))
    return out


def _at(model: Model, article: Article, spans: Sequence[Span]) -> Iterator[tuple[dict[str, np.ndarray], Pieces, int]]:
    """For each span the fields and pieces of its section, and the piece where it begins."""
    parts = [
        (section.pieces, model.named(out))
        for section, out in run(sections(0, article, pieces(article, model.words)), model.network)
        if len(section.pieces)
    ]
    for start, _ in spans:
        for part, fields in parts:
            if start < part.end[-1]:
                yield fields, part, int(np.searchsorted(part.end, start, side="right"))
                break
        else:
            raise ValueError(f"{article.id}: no words at {start}")
