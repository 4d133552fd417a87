"""What a network is worth on data that training did not see: the figures that the corpora's own papers give.

Conventions: PolNeAR in CofeNet's sense: a part is cut into contiguous pieces, first annotator only. F1 are micro.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.labellers._learned_text import Tokenizer
from allegedly.builders.training.network import FIELDS, Network
from allegedly.schemas.records import Attribution, Part, Record

PARTS = ("source", "cue", "content")


def of_network(network: Network, words: Tokenizer) -> model.Model:
    """The model that a network in torch is, without calibration, for measuring before export."""
    import torch

    def run(ids: np.ndarray, features: np.ndarray) -> np.ndarray:
        mask = torch.ones(ids.shape, dtype=torch.bool)
        with torch.inference_mode():
            output: np.ndarray = network(torch.from_numpy(ids), torch.from_numpy(features), mask).numpy()
            return output

    network.eval()
    near = {"link": network.near_link, "left": network.near_left, "right": network.near_right}
    return model.Model(
        network=run,
        words=words,
        fields=dict(FIELDS),
        moves={name: value.detach().numpy() for name, value in network.moves.items()},
        near={name: value.detach().numpy() for name, value in near.items()},
    )


def f1(right: float, predicted: float, gold: float) -> float:
    """F1; NaN where nothing is there and nothing was predicted."""
    return 2 * right / (predicted + gold) if predicted + gold else float("nan")


def attributions(records: Sequence[Record], readings: Sequence[model.Reading]) -> dict[str, float]:
    """Exact F1 of contiguous pieces by part, of whole triples by overlap, and of contents by Jaccard 0.5."""
    right: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for record, reading in zip(records, readings, strict=True):
        for part in PARTS:
            wanted = Counter(s for a in record.labels.attributions or () for s in getattr(a, part) or ())
            got = Counter(s for a in reading.attributions for s in getattr(a, part))
            right[part] += (wanted & got).total()
            predicted[part] += got.total()
            gold[part] += wanted.total()
        pairs = [(a, g) for a in reading.attributions for g in record.labels.attributions or ()]
        for name, same in (("triples", same_triple), ("contents", same_content)):
            right[name] += matched([(id(a), id(g)) for a, g in pairs if same(a, g)])
            predicted[name] += len(reading.attributions)
            gold[name] += len(record.labels.attributions or ())
    return {name: f1(right[name], predicted[name], gold[name]) for name in gold}


def matched(pairs: Iterable[tuple[int, int]]) -> int:
    """The size of a largest one-to-one matching."""
    to: dict[int, list[int]] = {}
    for a, b in pairs:
        to.setdefault(a, []).append(b)
    taken: dict[int, int] = {}

    def place(a: int, seen: set[int]) -> bool:
        for b in to[a]:
            if b not in seen:
                seen.add(b)
                if b not in taken or place(taken[b], seen):
                    taken[b] = a
                    return True
        return False

    return sum(place(a, set()) for a in to)


def letters(part: Iterable[tuple[int, int]] | None) -> set[int]:
    """The offsets inside a part."""
    return {offset for start, end in part or () for offset in range(start, end)}


def same_content(predicted: model.Attributed, gold: Attribution) -> bool:
    """Whether two contents share at least half of what either holds."""
    ours, theirs = letters(predicted.content), letters(gold.content)
    return len(ours & theirs) * 2 >= len(ours | theirs) > 0


def same_triple(predicted: model.Attributed, gold: Attribution) -> bool:
    """Contents as in ``same_content``; sources and cues overlap, or are both empty."""
    return same_content(predicted, gold) and all(
        bool(letters(ours) & letters(theirs)) or not (ours or theirs)
        for ours, theirs in ((predicted.source, gold.source), (predicted.cue, gold.cue))
    )


def speculations(
    records: Sequence[Record],
    readings: Sequence[model.Reading],
    scopes: Callable[[Record], Sequence[Part | None]] | None = None,
) -> dict[str, float]:
    """Cue F1, cue and scope both right, and scopes exactly right with gold cues where ``scopes`` gives them."""
    right: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for record, reading in zip(records, readings, strict=True):
        wanted = record.labels.speculations or ()
        compared: tuple[tuple[str, Sequence[object], Sequence[object]], ...] = (
            ("cues", [d.cue for d in reading.doubts], [s.cue for s in wanted]),
            ("scopes", [(d.cue, d.scope) for d in reading.doubts], [(s.cue, s.scope) for s in wanted]),
        )
        for name, mine, theirs in compared:
            right[name] += (Counter(mine) & Counter(theirs)).total()
            predicted[name] += len(mine)
            gold[name] += len(theirs)
        if scopes:
            right["pcs"] += sum(a == s.scope for a, s in zip(scopes(record), wanted, strict=True))
            predicted["pcs"] += len(wanted)
            gold["pcs"] += len(wanted)
    return {name: f1(right[name], predicted[name], gold[name]) for name in gold}


def worth(records: Sequence[Record], readings: Sequence[model.Reading]) -> dict[str, float]:
    """Of three classes: F1 of check-worthy, macro F1, and average precision of check-worthy over all sentences."""
    gold, guessed, score = [], [], []
    for record, reading in zip(records, readings, strict=True):
        for sentence, scores in zip(record.sentences, reading.sentences, strict=True):
            if sentence.claim is None or scores is None:
                continue
            gold.append(("no_claim", "unimportant", "check_worthy").index(sentence.claim))
            three = (1 - scores["claim"], scores["claim"] - scores["check_worthy"], scores["check_worthy"])
            guessed.append(int(np.argmax(three)))
            score.append(scores["check_worthy"])
    wanted, got = np.array(gold), np.array(guessed)
    each = [
        f1(
            2 * float(((wanted == kind) & (got == kind)).sum()) / 2,
            float((got == kind).sum()),
            float((wanted == kind).sum()),
        )
        for kind in range(3)
    ]
    return {
        "check_worthy": each[2],
        "macro": float(np.mean(each)),
        "ap": average_precision(wanted == 2, np.array(score)),
    }


def average_precision(gold: np.ndarray, score: np.ndarray) -> float:
    """Average precision of a ranking; NaN without a positive."""
    order = np.argsort(-score, kind="stable")
    hits = gold[order]
    if not hits.any():
        return float("nan")
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def correlation(first: Sequence[float], second: Sequence[float], ranks: bool = False) -> float:
    """Pearson's correlation, or Spearman's of ranks (ties averaged)."""
    a, b = np.array(first, dtype=np.float64), np.array(second, dtype=np.float64)
    if ranks:
        a, b = (_ranks(x) for x in (a, b))
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[where]
