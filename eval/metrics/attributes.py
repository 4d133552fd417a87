"""Attributes of labels: kind, form, certainty, claimer, speaker.

Conventions: labels are matched one to one by their main part (see ``matching``; cues only where they are equal). A gold
label whose attribute is null is taken out together with what was matched to it. Right is a pair whose attributes are
equal; over the predicted and the gold labels that are left. Speakers are equal by their words, case folded.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from allegedly.eval.columns import Bools, Floats, Ints, Parts, tally
from allegedly.eval.matching import Pairs, equal, match
from allegedly.eval.metric import Family, LabelView, Measure, ratio, triple
from allegedly.eval.tasks import Task, attribute_classes
from allegedly.schemas.records import Label

PLACE = 10
METRICS = (
    {
        "names": ("f1", "precision", "recall"),
        "tasks": ("claim-kind", "speculation-kind", "quote-form", "certainty"),
        "definition": "matched labels whose attribute is right, null gold taken out",
        "source": "this project",
        "primary": {"claim-kind": "f1", "speculation-kind": "f1", "quote-form": "f1", "certainty": "f1"},
    },
    {
        "names": ("f1", "precision", "recall"),
        "tasks": ("claimer",),
        "definition": "matched claims whose claimers overlap, null gold taken out",
        "source": "NewsClaims 2022",
        "primary": {"claimer": "f1"},
    },
    {
        "names": ("f1", "precision", "recall"),
        "tasks": ("speaker",),
        "definition": "matched attributions whose speakers' words are equal, null gold taken out",
        "source": "this project",
        "primary": {"speaker": "f1"},
    },
    {
        "names": ("accuracy",),
        "tasks": ("claim-kind", "claimer", "speculation-kind", "quote-form", "certainty", "speaker"),
        "definition": "sentences right; of attributes, matched labels right",
        "source": "scikit-learn",
    },
    {
        "names": (
            "f1:{class}",
            "f1:macro",
            "precision:{class}",
            "precision:macro",
            "recall:{class}",
            "recall:macro",
        ),
        "tasks": ("claim-kind", "speculation-kind", "quote-form", "certainty"),
        "definition": "matched labels whose attribute is right, null gold taken out",
        "source": "this project",
    },
)
_NAMES = ("f1", "precision", "recall")


def families(task: Task) -> list[Family]:
    """What is counted of a task's attribute."""
    if task.kind == "claimer":
        return [claimer_family()]
    return [family(task.parts[0], task.attribute, attribute_classes(task), overlap=task.overlap)]


def matched(gold: Parts, predicted: Parts, *, overlap: bool) -> Pairs:
    """The matching, of equal parts alone where ``overlap`` is false."""
    if overlap:
        return match(gold, predicted)
    left, right = equal(gold, predicted)
    return Pairs(left, right, np.zeros(len(left), dtype=np.int64), np.ones(len(left), dtype=bool))


def counted(
    gold: Parts,
    predicted: Parts,
    articles: int,
    classes: int,
    *,
    overlap: bool,
    same: Callable[[Ints, Ints], Bools] | None = None,
) -> tuple[Ints, int]:
    """Right, predicted, gold and matched, then right, predicted and gold of each class, (articles, 4 + 3 * classes);
    and how many gold labels were taken out. ``same`` tells of matched places whether they are right, where equality of
    labels is not the rule."""
    pairs = matched(gold, predicted, overlap=overlap)
    out = gold.label < 0
    left_out = np.zeros(len(predicted), dtype=bool)
    left_out[pairs.predicted[out[pairs.gold]]] = True
    keep = ~out[pairs.gold]
    left, right = pairs.gold[keep], pairs.predicted[keep]
    hit = gold.label[left] == predicted.label[right] if same is None else same(left, right)
    columns = [
        tally(gold.article[left[hit]], articles),
        tally(predicted.article[~left_out], articles),
        tally(gold.article[~out], articles),
        tally(gold.article[left], articles),
    ]
    for value in range(classes):
        columns += [
            tally(gold.article[left[hit & (gold.label[left] == value)]], articles),
            tally(predicted.article[~left_out & (predicted.label == value)], articles),
            tally(gold.article[~out & (gold.label == value)], articles),
        ]
    return np.stack(columns, axis=1), int(out.sum())


def family(part: str, attribute: str, classes: Sequence[str], *, overlap: bool) -> Family:
    """F1, precision and recall of an attribute, over all and for each of its classes; accuracy over matched pairs."""

    def count(view: LabelView[Label]) -> Ints:
        gold, predicted = view.parts(part, attribute)
        return counted(gold, predicted, view.articles, len(classes), overlap=overlap)[0]

    def macro(total: Floats, measure: int) -> Floats:
        columns = np.asarray(total, dtype=np.float64)[..., 4:].reshape(*total.shape[:-1], len(classes), 3)
        right, predicted, gold = (columns[..., k] for k in range(3))
        present = predicted + gold > 0
        below = (predicted + gold, predicted, gold)[measure]
        score = np.nan_to_num(ratio((2 if measure == 0 else 1) * right, below))
        return ratio(np.where(present, score, 0).sum(axis=-1), present.sum(axis=-1))

    measures = [*triple(), Measure("accuracy", lambda c: ratio(c[..., 0], c[..., 3]), "over matched labels")]
    for place, value in enumerate(classes):
        measures += triple(column=4 + 3 * place, suffix=f":{value}")
    if classes:
        measures += [Measure(f"{name}:macro", partial(macro, measure=place)) for place, name in enumerate(_NAMES)]
    return Family("attribute", count, tuple(measures))


def claimer_family() -> Family:
    """F1 of who claims it: matched claims whose claimers' sources overlap, or are both empty and their contents
    overlap."""

    def count(view: LabelView[Label]) -> Ints:
        gold, predicted = view.parts("extent", "claimer")
        same = view.same_claimer(gold, predicted)
        return counted(gold, predicted, view.articles, 0, overlap=True, same=same)[0]

    measures = (*triple(), Measure("accuracy", lambda c: ratio(c[..., 0], c[..., 3]), "over matched labels"))
    return Family("claimer", count, measures)
