"""Cues with their scopes: CoNLL-2010 task 2, percentage of correct scopes, *SEM 2012.

Conventions: an item is a cue with its scope, compared as whole parts and as multisets. Gold labels without a scope
(null) are left out with the predicted label of an equal cue. Scopes are compared token by token where a measure says
so, each scope for itself (a token in two scopes counts twice), punctuation counting in CoNLL's manner and not in *SEM's:
hence two names. A predicted scope belongs to the gold scope of an equal cue.

``pcs`` is exactly right scopes over gold scopes, for systems that were given the gold cues; NaN otherwise.
*SEM: a gold scope is right when cue and all scope tokens are; a wrong scope at a right cue is a miss and left out of
the precision, in the ``b`` variants it counts there.

Source: Farkas et al. (2010), CoNLL-2010 shared task; Morante and Blanco (2012), *SEM shared task.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

import numpy as np

from allegedly.eval.columns import Floats, Ints, Pieces
from allegedly.eval.metric import Family, LabelView, Measure, ratio, triple
from allegedly.eval.metrics.spans import TOKEN
from allegedly.eval.tasks import Task
from allegedly.schemas.records import Speculation

PLACE = 10
TASKS = ("speculation-scopes",)
METRICS = (
    {
        "names": ("exact_f1", "exact_precision", "exact_recall"),
        "definition": "cue and scope both right, as multisets",
        "source": "CoNLL-2010 task 2",
        "primary": {"speculation-scopes": "exact_f1"},
    },
    {
        "names": ("pcs",),
        "definition": "gold scopes exactly right, given gold cues",
        "source": "CoNLL-2010 task 2",
    },
    {
        "names": ("scope_token_f1", "scope_token_precision", "scope_token_recall"),
        "definition": "tokens of scopes, each scope for itself, with punctuation",
        "source": "CoNLL-2010 task 2",
    },
    {
        "names": (
            "starsem_scope_f1",
            "starsem_scope_precision",
            "starsem_scope_recall",
            "starsem_scope_b_f1",
            "starsem_scope_b_precision",
        ),
        "definition": "cue and all scope tokens right, without punctuation; b: wrong scopes count in precision",
        "source": "*SEM 2012",
    },
    {
        "names": ("starsem_token_f1", "starsem_token_precision", "starsem_token_recall"),
        "definition": "tokens of scopes, each scope for itself, without punctuation",
        "source": "*SEM 2012",
    },
)


def families(task: Task) -> list[Family]:
    """All from one count."""
    return [FAMILY]


def _inside(part: Pieces | None, spans: list[tuple[int, int]]) -> frozenset[int]:
    return frozenset(
        number for number, (start, end) in enumerate(spans) if any(start < e and end > s for s, e in part or ())
    )


def _pairs(
    gold: Sequence[Speculation], predicted: Sequence[Speculation]
) -> tuple[list[tuple[Speculation, Speculation]], list[Speculation], list[Speculation]]:
    """Labels of equal cues one to one, those of equal scopes first; and what is left of both sides."""
    left, right = sorted(gold, key=_place), sorted(predicted, key=_place)
    pairs = []
    keys: tuple[Callable[[Speculation], Hashable], ...] = (_place, lambda label: label.cue)
    for key in keys:
        waiting: dict[Hashable, list[Speculation]] = {}
        for label in right:
            waiting.setdefault(key(label), []).append(label)
        alone = []
        for label in left:
            partners = waiting.get(key(label))
            if partners:
                pairs.append((label, partners.pop(0)))
            else:
                alone.append(label)
        left, right = alone, [label for labels in waiting.values() for label in labels]
    return pairs, left, right


def _place(label: Speculation) -> tuple[Pieces, Pieces]:
    return (label.cue or (), label.scope or ())


def _article(text: str, gold: Sequence[Speculation], predicted: Sequence[Speculation]) -> list[int]:
    """Right, predicted, gold; then for tokens with and without punctuation: right scopes, wrong scopes at right cues,
    predicted, gold, and tokens shared, predicted, gold."""
    unscoped = Counter(label.cue for label in gold if label.scope is None)
    scoped = [label for label in gold if label.scope is not None]
    pairs, missed, spurious = _pairs(scoped, predicted)
    # what was left over at the cue of a gold label without a scope was matched to that one
    rest = []
    for label in spurious:
        if unscoped[label.cue]:
            unscoped[label.cue] -= 1
        else:
            rest.append(label)
    right = sum(truth.scope == (answer.scope or ()) for truth, answer in pairs)
    out = [right, len(pairs) + len(rest), len(scoped)]
    tokens = [(token.span(), token.group()[0]) for token in TOKEN.finditer(text)]
    for these in (
        [span for span, _ in tokens],
        [span for span, first in tokens if first.isalnum() or first == "_"],
    ):
        shared = [(_inside(truth.scope, these), _inside(answer.scope, these)) for truth, answer in pairs]
        whole = sum(truth == answer for truth, answer in shared)
        lone_gold = sum(len(_inside(label.scope, these)) for label in missed)
        lone_predicted = sum(len(_inside(label.scope, these)) for label in rest)
        out += [
            whole,
            len(pairs) - whole,
            len(pairs) + len(rest),
            len(scoped),
            sum(len(truth & answer) for truth, answer in shared),
            sum(len(answer) for _, answer in shared) + lone_predicted,
            sum(len(truth) for truth, _ in shared) + lone_gold,
        ]
    return out


def count(view: LabelView[Speculation]) -> Ints:
    """The columns of ``_article``, and at the end gold scopes where the system was given gold cues: (articles, 18)."""
    counts = np.zeros((view.articles, 18), dtype=np.int64)
    for article, (text, gold, predicted) in enumerate(zip(view.texts, view.gold, view.predicted, strict=True)):
        if gold or predicted:
            counts[article, :17] = _article(text, gold, predicted)
    if view.gold_cues:
        counts[:, 17] = counts[:, 2]
    return counts


def _scope_measures(column: int, name: str, options: str) -> list[Measure]:
    """From four columns, ``column`` the first: right scopes, wrong scopes at right cues, predicted, gold."""

    def recall(c: Floats) -> Floats:
        return ratio(c[..., column], c[..., column + 3])

    return [
        Measure(
            f"{name}_f1",
            lambda c: ratio(2 * c[..., column], c[..., column + 2] - c[..., column + 1] + c[..., column + 3]),
            options,
        ),
        Measure(f"{name}_precision", lambda c: ratio(c[..., column], c[..., column + 2] - c[..., column + 1]), options),
        Measure(f"{name}_recall", recall, options),
        Measure(f"{name}_b_f1", lambda c: ratio(2 * c[..., column], c[..., column + 2] + c[..., column + 3]), options),
        Measure(f"{name}_b_precision", lambda c: ratio(c[..., column], c[..., column + 2]), options),
    ]


FAMILY = Family(
    "scopes",
    count,
    (
        *triple(prefix="exact_"),
        Measure("pcs", lambda c: ratio(c[..., 0], c[..., 17]), "cues=gold"),
        *triple(column=7, prefix="scope_token_", options="punctuation=counted"),
        *_scope_measures(10, "starsem_scope", "punctuation=left out"),
        *triple(column=14, prefix="starsem_token_", options="punctuation=left out"),
    ),
)
