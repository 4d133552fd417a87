"""CofeNet's figures for parts: exact, begin and Jaccard.

Conventions: contiguous pieces are looked up by membership, as theirs do: a piece that stands there twice counts twice
and one partner serves both. Shares are summed in billionths. Nothing predicted and nothing gold is NaN, one of them
alone 0.

Source: CofeNet (Wang et al. 2022), ``exe/eval/evaluation.py``.
"""

from collections.abc import Sequence

import numpy as np

from allegedly.eval.columns import Ints, Parts
from allegedly.eval.metric import SCALE, Family, LabelView, Measure, by_part, ratio
from allegedly.eval.tasks import Task
from allegedly.schemas.records import Label

PLACE = 40
TASKS = ("attribution-spans",)
METRICS = (
    {
        "names": ("cofenet_exact_f1:{part}", "cofenet_exact_precision:{part}", "cofenet_exact_recall:{part}"),
        "definition": "contiguous pieces by membership",
        "source": "CofeNet 2022",
    },
    {
        "names": ("cofenet_begin_f1:{part}", "cofenet_begin_precision:{part}", "cofenet_begin_recall:{part}"),
        "definition": "beginnings of contiguous pieces by membership",
        "source": "CofeNet 2022",
    },
    {
        "names": ("cofenet_jaccard:{part}",),
        "definition": "best overlap over hull of each gold piece, stray predictions 0",
        "source": "CofeNet 2022",
    },
)


def families(task: Task) -> list[Family]:
    """Exact, begin and Jaccard of each part of the task."""
    return [family(task.parts)]


def family(parts: Sequence[str]) -> Family:
    """Exact, begin and Jaccard of these parts."""

    def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
        return cofenet(gold, predicted, view.articles)

    jaccard = Measure("cofenet_jaccard", lambda c: ratio(c[..., 6] / SCALE, c[..., 7]))
    return by_part("cofenet", parts, count, [*_found("exact", 0), *_found("begin", 3), jaccard], 8)


def _found(name: str, column: int) -> list[Measure]:
    """F1, precision and recall from three columns: found, gold, strays; what they count as predicted is found and
    strays."""
    return [
        Measure(
            f"cofenet_{name}_f1",
            lambda c: ratio(2 * c[..., column], c[..., column] + c[..., column + 1] + c[..., column + 2]),
        ),
        Measure(f"cofenet_{name}_precision", lambda c: ratio(c[..., column], c[..., column] + c[..., column + 2])),
        Measure(f"cofenet_{name}_recall", lambda c: ratio(c[..., column], c[..., column + 1])),
    ]


def pieces(side: Parts) -> dict[int, list[tuple[int, int]]]:
    """The contiguous pieces of each article, in order, duplicates kept."""
    listed: dict[int, list[tuple[int, int]]] = {}
    article = side.article[side.owners()]
    for key, start, end in sorted(zip(article.tolist(), side.start.tolist(), side.end.tolist(), strict=True)):
        listed.setdefault(key, []).append((start, end))
    return listed


def cofenet(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Contiguous pieces by membership: gold ones found, gold ones, predicted ones that are none; the same by where
    they begin; then Jaccard summed in billionths and its items: (articles, 8)."""
    counts = np.zeros((articles, 8), dtype=np.int64)
    left, right = pieces(gold), pieces(predicted)
    for article in sorted({*left, *right}):
        counts[article] = _cofenet(left.get(article, []), right.get(article, []))
    return counts


def _cofenet(gold: list[tuple[int, int]], predicted: list[tuple[int, int]]) -> list[int]:
    begins = [start for start, _ in gold], [start for start, _ in predicted]
    out = [*_members(gold, predicted), *_members(*begins)]
    exact_gold, exact_predicted = set(gold), set(predicted)
    values = [
        1.0 if piece in exact_predicted else max((_hull(piece, near) for near in predicted), default=0.0)
        for piece in gold
    ]
    strays = sum(piece not in exact_gold and not any(_hull(piece, near) > 0 for near in gold) for piece in predicted)
    return [*out, sum(round(value * SCALE) for value in values), len(gold) + strays]


def _members(gold: Sequence[object], predicted: Sequence[object]) -> list[int]:
    """Gold items among the predicted, gold items, predicted items that are not among the gold."""
    known, given = set(gold), set(predicted)
    return [sum(item in given for item in gold), len(gold), sum(item not in known for item in predicted)]


def _hull(left: tuple[int, int], right: tuple[int, int]) -> float:
    """Shared characters over those from the first to the last of both."""
    shared = min(left[1], right[1]) - max(left[0], right[0])
    return max(0.0, shared / (max(left[1], right[1]) - min(left[0], right[0])))
