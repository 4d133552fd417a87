"""Agreement on sentences and on tokens.

Conventions: a layer is present in a sentence where a label's extent, cue, or for attributions any of source, cue and
content overlaps it. The class of a sentence is that of the contract, null left out. Its certainty is that of the least
certain claim that overlaps it, of sentences in which an annotator sees no claim, or none of known certainty, not given.
Tokens are runs of letters and digits and single other signs, of blocks that hold sentences, without markup; a part marks
a token that it overlaps. Units are the spans of a part: those of one annotator that overlap are one unit (a quotation
inside a quotation), those that only touch are two.

Source: see ``alpha``.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from allegedly.eval.agreement import alpha
from allegedly.eval.agreement.kinds import Kind, Scored
from allegedly.eval.agreement.sides import Sides, silent_on
from allegedly.eval.columns import Bools, Floats, Ints
from allegedly.eval.metrics.spans import TOKEN
from allegedly.schemas.derive import overlapped, sentence_classes
from allegedly.schemas.records import LABELS, SENTENCE_BLOCKS, Article, Label, Labels, Part

CLAIM = ("no_claim", "unimportant", "check_worthy")
#: From least to most; ``unknown`` has no place among them.
CERTAINTY = ("possible", "probable", "certain")
#: Values of the sentences of an article, from its labels of a layer; -1 where none is given.
Values = Callable[[Article, Sequence[Label]], Sequence[int]]


def kinds(layer: str, annotators: int) -> Iterator[Kind]:
    """Presence of the layer in sentences; of claims the sentences' classes and certainty too; tokens of each part."""
    yield _sentences("sentences", presence, 2, annotators)
    if layer == "claims":
        yield _sentences("sentence class", claim_class, len(CLAIM), annotators)
        yield _sentences("sentence certainty", certainty, len(CERTAINTY), annotators, ordered=True)
    for part in LABELS[layer].SPANS:
        yield _tokens(part, annotators)


def presence(article: Article, labels: Sequence[Label]) -> list[int]:
    """Whether a label overlaps each sentence."""
    starts, ends = [span.start for span in article.sentences], [span.end for span in article.sentences]
    values = [0] * len(starts)
    for label in labels:
        for part in label.PARTS:
            if part != "scope":
                for number in overlapped(getattr(label, part), starts, ends):
                    values[number] = 1
    return values


def claim_class(article: Article, labels: Sequence[Label]) -> list[int]:
    """The class of each sentence by its claims."""
    classes = sentence_classes(article, Labels(claims=tuple(labels)))  # type: ignore[arg-type]
    return [-1 if sentence.claim is None else CLAIM.index(sentence.claim) for sentence in classes]


def certainty(article: Article, labels: Sequence[Label]) -> list[int]:
    """The certainty of the least certain claim of each sentence."""
    starts, ends = [span.start for span in article.sentences], [span.end for span in article.sentences]
    values = [-1] * len(starts)
    for label in labels:
        sure = getattr(label, "certainty", None)
        if sure in CERTAINTY:
            for number in overlapped(getattr(label, "extent", None), starts, ends):
                place = CERTAINTY.index(sure)
                values[number] = place if values[number] < 0 else min(values[number], place)
    return values


def _sentences(of: str, values: Values, many: int, annotators: int, *, ordered: bool = False) -> Kind:
    """Units, then coincidences of the sentences' values."""

    def count(sides: Sides) -> Ints:
        counts = np.zeros((len(sides.articles), 1 + many**2), dtype=np.int64)
        for place, article, said in _texts(sides):
            given = [[-1] * len(article.sentences) if these is None else values(article, these) for these in said]
            units = np.array(given, dtype=np.int64).T
            counts[place, 0] = ((units >= 0).sum(axis=1) > 1).sum()
            counts[place, 1:] = alpha.coincidences(units, many).ravel()
        return counts

    def score(total: Floats) -> Floats:
        table = np.asarray(total[..., 1:], dtype=np.float64) / alpha.scale(annotators)
        return (alpha.ordinal if ordered else alpha.nominal)(table.reshape(*total.shape[:-1], many, many))

    return Kind(of, count, (Scored("alpha:ordinal" if ordered else "alpha", score, lambda total: int(total[0])),))


def _tokens(part: str, annotators: int) -> Kind:
    """Tokens, then what |u-alpha needs."""

    def count(sides: Sides) -> Ints:
        counts = np.zeros((len(sides.articles), 5), dtype=np.int64)
        for place, article, said in _texts(sides):
            tokens = tokens_of(article)
            speaking = [these for these in said if these is not None and not silent_on(these, part)]
            if len(tokens) and len(speaking) > 1:
                marks = [marked(tokens, [getattr(label, part) for label in these]) for these in speaking]
                covered, units = zip(*marks, strict=True)
                columns = alpha.unitised_columns(covered, units)
                columns[0] *= alpha.scale(annotators) // (len(marks) - 1)
                counts[place] = [len(tokens), *columns]
        return counts

    def score(total: Floats) -> Floats:
        columns = np.asarray(total[..., 1:], dtype=np.float64)
        return alpha.unitised(columns / np.array([alpha.scale(annotators), 1, 1, 1]))

    return Kind(part, count, (Scored("alpha_u", score, lambda total: int(total[0])),))


def _texts(sides: Sides) -> Iterator[tuple[int, Article, list[Sequence[Label] | None]]]:
    """Articles that count and whose text is at hand: place, article, what each annotator said."""
    for place, enters in enumerate(sides.enter):
        article = sides.articles[place].article
        if enters and article is not None:
            yield place, article, [side[place] for side in sides.labels]


def tokens_of(article: Article) -> Ints:
    """The tokens of blocks that hold sentences, without those of markup: (tokens, 2), starts and ends."""
    spans = [
        token.span()
        for block in article.blocks
        if block.kind in SENTENCE_BLOCKS
        for token in TOKEN.finditer(article.text, block.start, block.end)
    ]
    tokens = np.array(spans, dtype=np.int64).reshape(-1, 2)
    markup = np.array(article.markup, dtype=np.int64).reshape(-1, 2)
    inside = np.searchsorted(markup[:, 0], tokens[:, 0], side="right") > np.searchsorted(
        markup[:, 1], tokens[:, 0], side="right"
    )
    return np.asarray(tokens[~inside])


def marked(tokens: Ints, parts: Sequence[Part | None]) -> tuple[Bools, list[int]]:
    """Which tokens an annotator's parts mark, and the lengths in tokens of the units that they make."""
    spans = sorted(span for part in parts for span in part or ())
    first = np.searchsorted(tokens[:, 1], [start for start, _ in spans], side="right")
    last = np.searchsorted(tokens[:, 0], [end for _, end in spans], side="left")
    covered = np.zeros(len(tokens), dtype=bool)
    units: list[list[int]] = []
    for begin, end in sorted(zip(first.tolist(), last.tolist(), strict=True)):
        if begin < end:
            covered[begin:end] = True
            if units and begin < units[-1][1]:
                units[-1][1] = max(units[-1][1], end)
            else:
                units.append([begin, end])
    return covered, [end - begin for begin, end in units]
