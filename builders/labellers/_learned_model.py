"""What the network says about an article, decoded: attributions, speculation cues with scopes, scores of sentences.

Conventions: everything here has offsets in the article's text already. Probabilities are calibrated where the weights
hold a calibration (logistic, on the logit), and lie strictly between 0 and 1.
"""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from allegedly.builders.labellers import _learned_decode as decode
from allegedly.builders.labellers import _learned_heads as heads
from allegedly.builders.labellers import _learned_link as link
from allegedly.builders.labellers import _learned_news as news
from allegedly.builders.labellers._learned_news import Attributed as Attributed
from allegedly.builders.labellers._learned_news import Chained, span
from allegedly.builders.labellers._learned_news import Stated as Stated
from allegedly.builders.labellers._learned_run import Run, Section, run, sections
from allegedly.builders.labellers._learned_text import CONTINUED, OFFSETS, Pieces, Tokenizer, pieces
from allegedly.schemas.records import Article, Part, Span

#: What reads like a cue that training saw may be one where each of its words is in a cue with this probability; what does
#: not is taken apart at the second. It is one where it is so by this probability, all known: F1 is best at half of itself.
MAYBE, LIKELY, CUE = 0.2, 0.5, 0.45
#: A doubt of news is kept from this probability on: below CUE it is one only where the rules find it too.
SEEN = 0.3
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
        return sigmoid(score)


def logit(probability: float) -> float:
    """The logarithm of the odds, within bounds."""
    return math.log(max(probability, 1e-6) / max(1.0 - probability, 1e-6))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A speculation cue with its scope, how probable the cue is, and, by the scheme of news, what kind of doubt it is."""

    cue: Part
    scope: Part
    probability: float
    kind: str = "epistemic"
    certainty: str = "possible"


@dataclass(slots=True)
class Reading:
    """All that the network says about one article; ``sentences`` has the scores of each of its sentences, None where
    there is nothing in it to score. ``stretches`` are those of which the attributions are made. ``abstract`` is positive
    where the article reads like a scientific abstract. ``odds`` are, of each sentence that has any, those of its classes
    by the scheme of news, as logarithms."""

    attributions: list[Attributed] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    claims: list[Stated] = field(default_factory=list)
    sentences: list[dict[str, float] | None] = field(default_factory=list)
    stretches: list[tuple[str, Span, float]] = field(default_factory=list)
    abstract: float = 0.0
    odds: dict[int, np.ndarray] = field(default_factory=dict)


#: By which scheme an article is read: that of our guidelines, or those of the corpora that came before it.
NEWS, CORPORA = "news", "corpora"


def read(model: Model, articles: Sequence[Article], scheme: str = NEWS) -> Iterator[Reading]:
    """What the network says about each article, in order."""

    def all_sections() -> Iterator[Section]:
        for number, article in enumerate(articles):
            yield from sections(number, article, pieces(article, model.words))

    reading = Reading()
    weight: dict[int, int] = {}
    for section, fields, chained in _decoded(model, run(all_sections(), model.network), scheme):
        if not reading.sentences:
            reading.sentences = [None] * len(articles[section.article].sentences)
        if len(section.pieces):
            abstract = float(fields["abstract"].sum())
            reading.abstract += abstract
            if scheme == NEWS:
                _news(model, section, fields, chained, reading)
            else:
                _attributions(model, section, fields, chained.outer, reading)
            # what reads like an abstract is read by the scheme of abstracts
            _doubts(model, section, fields, reading, NEWS if scheme == NEWS and abstract <= 0 else CORPORA)
            _scores(model, section, fields, reading, weight, scheme)
        if section.last:
            if scheme == NEWS:
                _finish(model, reading)
            yield reading
            reading, weight = Reading(), {}


def _decoded(
    model: Model, outputs: Iterable[tuple[Section, np.ndarray]], scheme: str
) -> Iterator[tuple[Section, dict[str, np.ndarray], Chained]]:
    """Each section with what the network says by name, and its stretches. Sections are decoded in groups: the steps of
    all their chains are taken at once, and none hangs on the chains beside it."""
    for group in _groups(outputs):
        fields = [model.named(out) for _, out in group]
        edges = np.cumsum([0, *(len(section.pieces) for section, _ in group)]).tolist()
        parts = [section for section, _ in group]
        blocks = [(a + edge, b + edge) for s, edge in zip(parts, edges, strict=False) for a, b in s.blocks]
        field = "outer_tags" if scheme == NEWS else "tags"
        outer, inside = decode.stretches(_chains(model, fields, field, blocks))
        claims: list[decode.Stretch] = []
        if scheme == NEWS:
            sentences = [
                (a + edge, b + edge)
                for s, edge in zip(parts, edges, strict=False)
                for a, b in pairwise(np.unique(s.pieces.bounds).tolist())
            ]
            claims, _ = decode.stretches(_chains(model, fields, "claim_tags", sentences), heads.EXTENT)
        cut = [(stretches, [stretch.start for stretch in stretches]) for stretches in (outer, claims)]
        for section, by_name, (begin, end) in zip(parts, fields, pairwise(edges), strict=True):
            by_name["inside"] = inside[begin:end, None]
            own = (
                [replace(s, start=s.start - begin, end=s.end - begin) for s in stretches[left:right]]
                for stretches, starts in cut
                for left, right in [(bisect_left(starts, begin), bisect_left(starts, end))]
            )
            yield section, by_name, Chained(*own)


def _chains(
    model: Model, fields: Sequence[dict[str, np.ndarray]], name: str, ranges: Sequence[tuple[int, int]]
) -> decode.Chains:
    return decode.chains(np.concatenate([by_name[name] for by_name in fields]), ranges, model.moves[name])


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


def _news(model: Model, section: Section, fields: dict[str, np.ndarray], chained: Chained, reading: Reading) -> None:
    pieces = section.pieces
    first = len(reading.attributions)
    found = news.attributions(
        pieces, section.blocks, fields, chained.outer, model.near["link"], model.moves["inner_tags"]
    )
    reading.attributions += [
        replace(
            item,
            probability=model.calibrated("news.attribution" if item.parent < 0 else "news.inner", item.probability),
            parent=item.parent if item.parent < 0 else item.parent + first,
        )
        for item in found
    ]
    reading.claims += news.claims(pieces, section.text, fields, chained.claims)


def _attributions(
    model: Model, section: Section, fields: dict[str, np.ndarray], stretches: Sequence[decode.Stretch], reading: Reading
) -> None:
    pieces = section.pieces
    reading.stretches += [(s.part, span(pieces, s.start, s.end), s.probability) for s in stretches]
    quoted = pieces.features[:, 2] - OFFSETS[2] > 0
    number = 0
    for _, end in section.blocks:
        own = []
        while number < len(stretches) and stretches[number].start < end:
            own.append(stretches[number])
            number += 1
        vectors = fields["link_from"], fields["link_to"]
        for triple in link.triples(own, *vectors, model.near["link"], pieces.sentence, quoted):
            assert triple.cue is not None
            parts = [triple.cue, *triple.content, *([triple.source] if triple.source else [])]
            raw = triple.link * math.exp(sum(math.log(max(1e-9, s.probability)) for s in parts) / len(parts))
            reading.attributions.append(
                Attributed(
                    source=(span(pieces, triple.source.start, triple.source.end),) if triple.source else (),
                    cue=(span(pieces, triple.cue.start, triple.cue.end),),
                    content=tuple(span(pieces, s.start, s.end) for s in triple.content),
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


def _doubts(model: Model, section: Section, fields: dict[str, np.ndarray], reading: Reading, scheme: str) -> None:
    pieces = section.pieces
    if scheme == NEWS:
        for words in _cues(model, section, fields, "doubt_tags", ()):
            sure = model.calibrated("news.doubt", words.probability)
            if sure >= model.thresholds.get("news.doubt", SEEN):
                reading.doubts.append(_guided(model, pieces, fields, words, sure))
        return
    spans = _cues(model, section, fields, "cue_tags", model.cues)
    number = until = 0
    while number < len(spans):
        cue, following = spans[number], spans[number + 1] if number + 1 < len(spans) else None
        number += 1
        if cue.start < until:  # another cue has it already
            continue
        until = cue.end
        cues = [cue]
        surface, probability = cue.surface, cue.probability
        if following and pieces.sentence[cue.start] == pieces.sentence[following.start]:
            both = f"{surface} {following.surface}"
            if both in model.cues:
                surface, probability = both, (probability + following.probability) / 2
                cues.append(following)
                number += 1
        if surface not in model.cues and model.cues:
            continue
        sure = model.calibrated("speculation", probability, model.cues.get(surface, 0.5))
        if sure >= model.thresholds.get("cue", CUE):
            reading.doubts.append(_doubt(model, pieces, fields, cues, sure))


def _cues(
    model: Model, section: Section, fields: dict[str, np.ndarray], name: str, known: Collection[str]
) -> list[_Words]:
    """Runs of words that may be a cue, in order. ``known``: what reads like one of these is one as a whole."""
    pieces = section.pieces
    log = fields[name].astype(np.float64)
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
        if words.surface in known:
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
        cue: Part = (span(pieces, start, until),)
    else:
        cue = tuple(span(pieces, stretch.start, stretch.end) for stretch in words)
    return Doubt(cue=cue, scope=(span(pieces, left, right),), probability=probability)


def _guided(model: Model, pieces: Pieces, fields: dict[str, np.ndarray], words: _Words, probability: float) -> Doubt:
    """A doubt by the scheme of news."""
    places = range(words.start, words.end)
    sentence = np.searchsorted(pieces.sentence, [pieces.sentence[words.start], pieces.sentence[words.start] + 1])
    looking = "doubt_left", "doubt_right"
    ends = int(sentence[0]), int(sentence[1])
    left, right, _ = link.ends(words.start, words.end - 1, ends, fields, dict(model.near), looking)
    return Doubt(
        cue=(span(pieces, words.start, words.end),),
        scope=(span(pieces, left, right),),
        probability=probability,
        kind=heads.DOUBTS[news.best(fields, "doubt_kind", places)],
        certainty=heads.CERTAINTIES[news.best(fields, "doubt_certainty", places)],
    )


def _pooled(fields: dict[str, np.ndarray], name: str, start: int, end: int) -> np.ndarray:
    weight = fields[f"{name}_weight"][start:end, 0].astype(np.float64)
    powers = np.exp(weight - weight.max())
    mean: np.ndarray = (powers / powers.sum()) @ fields[name][start:end].astype(np.float64)
    return mean


def _scores(
    model: Model,
    section: Section,
    fields: dict[str, np.ndarray],
    reading: Reading,
    weight: dict[int, int],
    scheme: str,
) -> None:
    numbers, first = np.unique(section.pieces.sentence, return_index=True)
    edges = [*first.tolist(), len(section.pieces)]
    prefix = "news." if scheme == NEWS else ""
    for stretch, number in enumerate(numbers.tolist()):
        start, end = edges[stretch], edges[stretch + 1]
        # of a sentence that lies in two sections, the longer part counts
        if weight.get(number, 0) >= end - start:
            continue
        weight[number] = end - start
        scores: dict[str, float] = {}
        if scheme == NEWS:
            reading.odds[number] = _pooled(fields, "class", start, end)
        else:
            odds = _pooled(fields, "worth", start, end) * model.calibration.get("worth", (1.0, 0.0))[0]
            powers = np.exp(odds - odds.max())
            powers /= powers.sum()
            scores = {"check_worthy": float(powers[2]), "claim": float(powers[1] + powers[2])}
        reading.sentences[number] = {
            **scores,
            "speculative": model.calibrated(f"{prefix}speculative", float(fields["doubt"][start:end].max())),
            "attributed": model.calibrated(f"{prefix}attributed", float(fields["inside"][start:end].max())),
            "certainty": float(1.0 / (1.0 + np.exp(-_pooled(fields, "certainty", start, end)[0]))),
        }


@dataclass(frozen=True, slots=True)
class Weighed:
    """What tells how worth a check the sentences and claims of an article are, as probabilities. Of a sentence: that it
    is check-worthy, the mean of that over the article, the same of its weightiest claim (LEAST where it has none). Of a
    claim: that it is worth a check, that its sentence is, and the mean. ``claims`` are those that a sentence is a claim."""

    sentences: Mapping[int, tuple[float, float, float]]
    values: Sequence[tuple[float, float, float]]
    claims: Mapping[int, float]


def weighed(reading: Reading) -> Weighed:
    """What tells how worth a check things are: what an article is about tells much of that, so all of it counts."""
    shares = {}
    for number, odds in reading.odds.items():
        powers = np.exp(odds - odds.max())
        shares[number] = powers / powers.sum()
    around = float(np.mean([share[2] for share in shares.values()])) if shares else 0.0
    best = dict.fromkeys(shares, LEAST)
    for item in reading.claims:
        best[item.sentence] = max(best[item.sentence], item.worth)
    return Weighed(
        {number: (float(share[2]), around, best[number]) for number, share in shares.items()},
        [(item.worth, float(shares[item.sentence][2]), around) for item in reading.claims],
        {number: float(share[1] + share[2]) for number, share in shares.items()},
    )


def _finish(model: Model, reading: Reading) -> None:
    """Says how probable each sentence is worth a check, or a claim, now that all of the article was read."""
    found = weighed(reading)
    for number, row in found.sentences.items():
        scores = reading.sentences[number]
        assert scores is not None
        check = model.calibrated("news.check", *row)
        scores["check_worthy"] = check
        scores["claim"] = max(check, model.calibrated("news.claim", found.claims[number]))
    reading.claims = [
        replace(
            item,
            probability=model.calibrated("news.extent", item.probability),
            worth=model.calibrated("news.value", *row),
        )
        for item, row in zip(reading.claims, found.values, strict=True)
    ]


#: How worth a check the claims of a sentence count that has none.
LEAST = 0.02


def sigmoid(odds: float) -> float:
    """The probability of the logarithm of its odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


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
        out.append((span(part, left, right),))
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
