"""Parts of labels: exact, SemEval-2013's four schemes, characters, tokens.

Conventions: a whole part is right when all its pieces are equal; duplicates count as often as they stand there
(multisets). Nothing predicted and nothing gold is NaN, one of them alone 0. Overlapping, nested and discontinuous parts
are matched one to one (see ``matching``); characters and tokens are sets (one covered twice counts once).

Source: SemEval-2013 task 9 (strict, exact, partial, type, with ACT = predicted and POS = gold); PARC 3, Pareti (2016).
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from allegedly.eval.columns import Floats, Ints, Parts, tally
from allegedly.eval.matching import equal, match, overlaps
from allegedly.eval.metric import Family, LabelView, Measure, by_part, ratio, triple
from allegedly.eval.tasks import Task
from allegedly.schemas.records import Label

PLACE = 10
TASKS = ("claim-spans", "speculation-cues", "attribution-spans")
METRICS = (
    {
        "names": ("exact_f1:{part}", "exact_precision:{part}", "exact_recall:{part}"),
        "definition": "whole parts, all spans of one equal, as multisets",
        "source": "SemEval-2013 task 9",
        "primary": {"speculation-cues": "exact_f1", "attribution-spans": "exact_f1:macro"},
    },
    {
        "names": ("partial_f1:{part}", "partial_precision:{part}", "partial_recall:{part}"),
        "definition": "equal parts, and matched overlapping ones half",
        "source": "SemEval-2013 task 9",
    },
    {
        "names": ("strict_f1", "strict_precision", "strict_recall"),
        "tasks": ("claim-spans", "speculation-cues"),
        "definition": "equal parts with the same label",
        "source": "SemEval-2013 task 9",
    },
    {
        "names": ("type_f1", "type_precision", "type_recall"),
        "tasks": ("claim-spans", "speculation-cues"),
        "definition": "matched parts, equal or overlapping, with the same label",
        "source": "SemEval-2013 task 9",
    },
    {
        "names": ("char_f1:{part}", "char_precision:{part}", "char_recall:{part}"),
        "definition": "characters covered, each once",
        "source": "PARC 3, Pareti 2016",
    },
    {
        "names": ("token_f1:{part}", "token_precision:{part}", "token_recall:{part}"),
        "definition": "tokens covered, each once",
        "source": "PARC 3, Pareti 2016",
    },
)
TOKEN = re.compile(r"\w+|[^\w\s]")


def families(task: Task) -> list[Family]:
    """Four ways of counting; strict and type only where the labels have a kind."""
    return [
        exact_family(task.parts),
        semeval_family(task.parts, task.attribute or None),
        characters_family(task.parts),
        tokens_family(task.parts),
    ]


def exact_family(parts: Sequence[str]) -> Family:
    """Whole parts that are equal."""

    def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
        return exact(gold, predicted, view.articles)

    return by_part("exact", parts, count, triple(prefix="exact_"), 3)


def semeval_family(parts: Sequence[str], attribute: str | None) -> Family:
    """Partial; strict and type too where labels have this attribute."""

    def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
        return semeval(gold, predicted, view.articles)

    return by_part("semeval", parts, count, semeval_measures(labels=attribute is not None), 8, attribute)


def characters_family(parts: Sequence[str]) -> Family:
    """Characters that are covered."""

    def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
        return characters(gold, predicted, view.articles)

    return by_part("characters", parts, count, triple(prefix="char_"), 3)


def tokens_family(parts: Sequence[str]) -> Family:
    """Tokens that are covered."""

    def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
        return tokens(gold, predicted, view.texts)

    return by_part("tokens", parts, count, triple(prefix="token_", options=f"token={TOKEN.pattern}"), 3)


def exact(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Equal parts, predicted ones, gold ones: (articles, 3)."""
    right, _ = equal(gold, predicted)
    return columns(gold, predicted, articles, tally(gold.article[right], articles))


def columns(gold: Parts, predicted: Parts, articles: int, *more: Ints) -> Ints:
    """These counts, then predicted parts and gold parts: (articles, len(more) + 2)."""
    return np.stack((*more, tally(predicted.article, articles), tally(gold.article, articles)), axis=1)


def semeval(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Pairs that are equal with one label, equal, overlap with one label, overlap; predicted, gold; predicted and gold
    without gold parts whose label is null and what was matched to them: (articles, 8)."""
    pairs = match(gold, predicted)
    label = gold.label[pairs.gold]
    same = (label == predicted.label[pairs.predicted]) & (label >= 0)
    article = gold.article[pairs.gold]
    kinds = (pairs.equal & same, pairs.equal, ~pairs.equal & same, ~pairs.equal)
    labelled = gold.label >= 0
    beside = np.zeros(len(predicted), dtype=bool)
    # where no gold part has a label there is nothing to be wrong about
    beside[pairs.predicted[label < 0]] = True
    left = predicted.article[~beside] if labelled.any() or not len(gold) else predicted.article[:0]
    counts = columns(gold, predicted, articles, *(tally(article[kind], articles) for kind in kinds))
    return np.column_stack((counts, tally(left, articles), tally(gold.article[labelled], articles)))


def semeval_by_label(gold: Parts, predicted: Parts, articles: int, labels: int) -> Ints:
    """The four schemes label by label, matched inside one label: (articles, labels, 4) with equal pairs, overlapping
    pairs, predicted and gold. Strict equals exact there, and type counts both sorts of pairs in full."""

    def split(side: Parts) -> Parts:
        article = side.article * labels + side.label
        order = np.argsort(article, kind="stable")
        return Parts(article[order], np.full(len(side), -1), side.first, side.start[order], side.end[order], order)

    if not (gold.single and predicted.single):
        raise ValueError("scores by label are for parts of one piece")
    truth, answer = split(gold), split(predicted)
    pairs = match(truth, answer)
    article = truth.article[pairs.gold]
    counts = (tally(article[kind], articles * labels) for kind in (pairs.equal, ~pairs.equal))
    return columns(truth, answer, articles * labels, *counts).reshape(articles, labels, 4)


def _scheme(name: str, right: Callable[[Floats], Floats], column: int) -> list[Measure]:
    """F1, precision and recall of a SemEval scheme: what it counts as right, and the columns it is divided by, predicted
    and gold, from ``column`` on."""
    return [
        Measure(f"{name}_f1", lambda c: ratio(2 * right(c), c[..., column] + c[..., column + 1])),
        Measure(f"{name}_precision", lambda c: ratio(right(c), c[..., column])),
        Measure(f"{name}_recall", lambda c: ratio(right(c), c[..., column + 1])),
    ]


def semeval_measures(*, labels: bool) -> list[Measure]:
    """Measures from the columns of ``semeval``; strict and type only where parts carry labels."""
    measures = _scheme("partial", lambda c: c[..., 1] + c[..., 3] / 2, 4)
    if labels:
        measures += _scheme("strict", lambda c: c[..., 0], 6)
        measures += _scheme("type", lambda c: c[..., 0] + c[..., 2], 6)
    return measures


def characters(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Characters of both, of predicted, of gold, each once: (articles, 3)."""
    truth, answer = gold.merged(), predicted.merged()
    left, _, shared = overlaps(truth, answer)
    return np.stack(
        (
            tally(truth.article[left], articles, shared),
            *(tally(side.article, articles, side.end - side.start) for side in (answer, truth)),
        ),
        axis=1,
    )


def tokens(gold: Parts, predicted: Parts, texts: Sequence[str]) -> Ints:
    """Tokens of both, of predicted, of gold, each once: (articles, 3). A token belongs to what it overlaps."""
    counts = np.zeros((len(texts), 3), dtype=np.int64)
    truth, answer = gold.merged(), predicted.merged()
    edges = [np.searchsorted(side.article, np.arange(len(texts) + 1)) for side in (truth, answer)]
    for article, text in enumerate(texts):
        left, right = (slice(edge[article], edge[article + 1]) for edge in edges)
        if left.start == left.stop and right.start == right.stop:
            continue
        spans = np.array([token.span() for token in TOKEN.finditer(text)], dtype=np.int64).reshape(-1, 2)
        is_gold, is_predicted = (
            np.searchsorted(side.start[here], spans[:, 1], side="left")
            > np.searchsorted(side.end[here], spans[:, 0], side="right")
            for side, here in ((truth, left), (answer, right))
        )
        counts[article] = ((is_gold & is_predicted).sum(), is_predicted.sum(), is_gold.sum())
    return counts
