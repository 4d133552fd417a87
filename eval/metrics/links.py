"""Whole attributions: source, cue and content together.

Conventions: triples are matched one to one. ``exact`` asks for all three parts equal, as multisets. By ``overlap`` two
triples agree when their contents share at least half of what they cover together (Jaccard 0.5 or more; both empty
agree) and their sources, and their cues, overlap or are both empty; equal ones are paired first, then those that agree,
by largest total overlap of content. ``without_source`` leaves the source out of that, for systems that name somebody
else for the same person. A part that gold does not annotate (null) is not compared.

Roles: frames are matched by overlap of cue, then of source and content together; a role is source or content of a
frame. ``frame_exact`` counts equal roles, ``frame_char`` their characters.

Source: joint and role scores in the manner of the SpkAtt-2023 shared task, with one-to-one frames.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from allegedly.eval.assignment import assignment
from allegedly.eval.columns import Ints, Pieces
from allegedly.eval.metric import Family, LabelView, triple
from allegedly.eval.tasks import Task
from allegedly.schemas.records import Attribution

PLACE = 10
TASKS = ("attribution-links",)
METRICS = (
    {
        "names": (
            "overlap_f1",
            "overlap_precision",
            "overlap_recall",
            "overlap_f1:without_source",
            "overlap_precision:without_source",
            "overlap_recall:without_source",
        ),
        "definition": "triples: content at Jaccard 0.5, source and cue overlap or both empty",
        "source": "this project",
        "primary": {"attribution-links": "overlap_f1"},
    },
    {
        "names": ("exact_f1", "exact_precision", "exact_recall"),
        "definition": "triples: source, cue and content equal",
        "source": "SpkAtt-2023",
    },
    {
        "names": ("frame_exact_f1", "frame_exact_precision", "frame_exact_recall"),
        "definition": "roles of frames matched by cue, equal",
        "source": "SpkAtt-2023",
    },
    {
        "names": ("frame_char_f1", "frame_char_precision", "frame_char_recall"),
        "definition": "characters of roles of frames matched by cue",
        "source": "SpkAtt-2023",
    },
)
_ROLES = ("source", "content")
#: Room below a character of overlap for counting pairs.
_PAIR = 1 << 12


def families(task: Task) -> list[Family]:
    """All from one count."""
    return [FAMILY]


def shared(left: Pieces | None, right: Pieces | None) -> int:
    """Characters that two parts share."""
    return sum(max(0, min(e, f) - max(s, t)) for s, e in left or () for t, f in right or ())


def size(part: Pieces | None) -> int:
    """Characters of a part."""
    return sum(end - start for start, end in part or ())


def meets(gold: Pieces | None, predicted: Pieces | None) -> bool:
    """Whether two parts overlap, or are both empty, or gold does not say."""
    return gold is None or shared(gold, predicted) > 0 or not (gold or predicted)


def agrees(gold: Attribution, predicted: Attribution, *, source: bool = True) -> bool:
    """Whether two triples agree by overlap."""
    if not meets(gold.cue, predicted.cue) or (source and not meets(gold.source, predicted.source)):
        return False
    if gold.content is None or not (gold.content or predicted.content):
        return True
    both = shared(gold.content, predicted.content)
    return 2 * both >= size(gold.content) + size(predicted.content) - both


def triple_of(label: Attribution) -> tuple[Pieces, Pieces, Pieces]:
    """What makes two attributions equal."""
    return (label.content or (), label.cue or (), label.source or ())


def _overlapping(gold: Sequence[Attribution], predicted: Sequence[Attribution], *, source: bool) -> int:
    """How many agree, equal ones paired first."""
    equal = Counter(map(triple_of, gold)) & Counter(map(triple_of, predicted))
    left, right = (_without(side, Counter(equal)) for side in (gold, predicted))
    weight = np.zeros((len(left), len(right)), dtype=np.int64)
    for row, true in enumerate(left):
        for column, answer in enumerate(right):
            if agrees(true, answer, source=source):
                weight[row, column] = shared(true.content, answer.content) * _PAIR + 1
    return equal.total() + int((assigned(weight) >= 0).sum())


def assigned(weight: Ints) -> Ints:
    """The assignment, of the rows and columns that have a pair at all."""
    rows, columns = np.flatnonzero(weight.any(axis=1)), np.flatnonzero(weight.any(axis=0))
    partner = np.full(len(weight), -1)
    if len(rows):
        chosen = assignment(weight[np.ix_(rows, columns)])
        partner[rows] = np.where(chosen >= 0, columns[chosen], -1)
    return partner


def _without(side: Sequence[Attribution], taken: Counter[tuple[Pieces, Pieces, Pieces]]) -> list[Attribution]:
    rest = []
    for label in sorted(side, key=triple_of):
        if taken[triple_of(label)]:
            taken[triple_of(label)] -= 1
        else:
            rest.append(label)
    return rest


def _exact(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> int:
    """Equal triples; parts that gold does not annotate are not compared."""
    right = 0
    waiting = sorted(predicted, key=triple_of)
    # those that say most choose first, so that one that says little takes no other's partner
    for true in sorted(gold, key=lambda label: (sum(part is None for part in _parts(label)), triple_of(label))):
        for place, answer in enumerate(waiting):
            if all(a is None or a == (b or ()) for a, b in zip(_parts(true), _parts(answer), strict=True)):
                right += 1
                del waiting[place]
                break
    return right


def _parts(label: Attribution) -> tuple[Pieces | None, Pieces | None, Pieces | None]:
    return (label.content, label.cue, label.source)


def _frames(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> list[int]:
    """Equal roles, predicted, gold; characters of roles shared, predicted, gold."""
    left, right = sorted(gold, key=triple_of), sorted(predicted, key=triple_of)
    weight = np.zeros((len(left), len(right)), dtype=np.int64)
    for row, true in enumerate(left):
        for column, answer in enumerate(right):
            cue = shared(true.cue, answer.cue)
            roles = sum(shared(getattr(true, role), getattr(answer, role)) for role in _ROLES)
            if cue or (roles and not true.cue and not answer.cue):
                equal = sum(getattr(true, role) == getattr(answer, role) for role in ("cue", *_ROLES))
                weight[row, column] = ((cue << 21) + roles) * _PAIR + 1 + equal
    pairs = [(left[row], right[partner]) for row, partner in enumerate(assigned(weight)) if partner >= 0]
    filled = [(getattr(true, role), getattr(answer, role)) for true, answer in pairs for role in _ROLES]
    return [
        sum(bool(a) and a == b for a, b in filled),
        *(sum(bool(getattr(label, role)) for label in side for role in _ROLES) for side in (right, left)),
        sum(shared(a, b) for a, b in filled),
        *(sum(size(getattr(label, role)) for label in side for role in _ROLES) for side in (right, left)),
    ]


def count(view: LabelView[Attribution]) -> Ints:
    """Right by overlap, predicted, gold; the same without source; exact; frames: (articles, 15)."""
    counts = np.zeros((view.articles, 15), dtype=np.int64)
    for article, (gold, predicted) in enumerate(zip(view.gold, view.predicted, strict=True)):
        if not gold and not predicted:
            continue
        sizes = [len(predicted), len(gold)]
        counts[article] = [
            *(_overlapping(gold, predicted, source=True), *sizes),
            *(_overlapping(gold, predicted, source=False), *sizes),
            *(_exact(gold, predicted), *sizes),
            *_frames(gold, predicted),
        ]
    return counts


FAMILY = Family(
    "links",
    count,
    (
        *triple(prefix="overlap_", options="content=Jaccard 0.5"),
        *triple(column=3, suffix=":without_source", prefix="overlap_", options="content=Jaccard 0.5"),
        *triple(column=6, prefix="exact_"),
        *triple(column=9, prefix="frame_exact_"),
        *triple(column=12, prefix="frame_char_"),
    ),
)
