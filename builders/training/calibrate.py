"""Calibration: how probable is right, on documents apart; and from which probability on a sentence is a claim.

Conventions: a logistic curve on the logit of what the network says (Platt 1999), on the documents that the recipe keeps
apart for it: training never saw them, and nothing is measured on them.
"""

from collections.abc import Sequence

import numpy as np

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.training import data, measure
from allegedly.schemas.records import Record


def calibrate(found: model.Model, corpora: Sequence[data.Corpus]) -> dict[str, dict]:
    """The ``calibration`` and the ``thresholds`` of a model that has none yet."""
    calibration: dict[str, tuple[float, float]] = {}
    thresholds: dict[str, float] = {}
    for corpus in corpora:
        records = [record for record in data.records(corpus) if data.is_calibrating(record, corpus)]
        if not records:
            continue
        said = list(model.read(found, [record.article for record in records]))
        both = list(zip(records, said, strict=True))
        if corpus.name == "polnear":
            calibration["attribution"] = logistic(
                [
                    (a.probability, any(measure.same_triple(a, g) for g in record.labels.attributions or ()))
                    for record, s in both
                    for a in s.attributions
                ]
            )
            calibration["attributed"] = logistic(_sentences(both, "attribution", "attributed", "attributed"))
        elif corpus.name == "bioscope":
            calibration["speculation"] = logistic(
                [
                    (d.probability, any(d.cue == g.cue for g in record.labels.speculations or ()))
                    for record, s in both
                    for d in s.doubts
                ]
            )
            calibration["speculative"] = logistic(_sentences(both, "speculation", "speculative", "speculative"))
        elif corpus.name == "claimbuster":
            thresholds = _thresholds(both)
    return {
        "calibration": {name: tuple(round(x, 4) for x in pair) for name, pair in calibration.items()},
        "thresholds": thresholds,
    }


def cues(corpora: Sequence[data.Corpus]) -> list[str]:
    """The words of all speculation cues that training saw, in lower case, pieces joined by a space."""
    return sorted(
        {
            " ".join(" ".join(record.article.text[a:b] for a, b in mark.cue or ()).lower().split())
            for corpus in corpora
            for record in data.records(corpus)
            if data.is_seen(record, corpus)
            for mark in record.labels.speculations or ()
        }
    )


def _sentences(
    both: Sequence[tuple[Record, model.Said]], layer: str, name: str, score: str
) -> list[tuple[float, bool]]:
    return [
        (scores[score], getattr(sentence, layer) == name)
        for record, said in both
        for sentence, scores in zip(record.sentences, said.sentences, strict=True)
        if scores is not None
    ]


def logistic(pairs: Sequence[tuple[float, bool]], steps: int = 50) -> tuple[float, float]:
    """Slope and bias of the logistic curve that fits best, by Newton's method with a little shrinkage to (1, 0)."""
    p = np.clip(np.array([x for x, _ in pairs], dtype=np.float64), 1e-6, 1 - 1e-6)
    y = np.array([right for _, right in pairs], dtype=np.float64)
    x = np.stack([np.log(p / (1 - p)), np.ones(len(p))], 1)
    start = np.array([1.0, 0.0])
    w = start.copy()
    for _ in range(steps):
        q = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (q - y) + (w - start)
        curve = (x * (q * (1 - q))[:, None]).T @ x + np.eye(2)
        w = w - np.linalg.solve(curve, gradient)
    return float(w[0]), float(w[1])


def _thresholds(both: Sequence[tuple[Record, model.Said]]) -> dict[str, float]:
    """From which probabilities on a sentence is check-worthy (best F1), or a claim (best macro F1 then)."""
    rows = [
        (scores["check_worthy"], scores["claim"], data.WORTH[sentence.claim])
        for record, said in both
        for sentence, scores in zip(record.sentences, said.sentences, strict=True)
        if scores is not None and sentence.claim is not None
    ]
    check, claim, gold = (np.array(column) for column in zip(*rows, strict=True))
    grid = [round(0.2 + 0.025 * at, 3) for at in range(25)]
    first = max(grid, key=lambda t: _f1(check >= t, gold == 2))

    def macro(t: float) -> float:
        guess = np.where(check >= first, 2, np.where(claim >= t, 1, 0))
        return float(np.mean([_f1(guess == k, gold == k) for k in range(3)]))

    return {"check_worthy": first, "claim": max(grid, key=macro)}


def _f1(guess: np.ndarray, gold: np.ndarray) -> float:
    both = float((guess & gold).sum())
    return 2 * both / max(1.0, float(guess.sum() + gold.sum()))
