"""Curves of calibration: how probable is right, from how probable the network calls it.

Conventions: a logistic curve on the logit of what the network says (Platt 1999).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allegedly.schemas.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Slopes and bias of the curves by name, and from which probability on a sentence is of a class."""

    curves: Mapping[str, tuple[float, ...]]
    thresholds: Mapping[str, float]

    def to_json(self) -> Json:
        """The entries of ``model.json``, curves with four decimals."""
        curves = {name: [round(number, 4) for number in curve] for name, curve in self.curves.items()}
        return {"calibration": curves, "thresholds": dict(self.thresholds)}


def logistic(rows: Sequence[tuple[float, ...]], steps: int = 50) -> tuple[float, ...]:
    """Slopes and bias of the logistic curve that fits best, by Newton's method with a little shrinkage to (1, 0, ...). A
    row holds probabilities, on whose logits the curve stands, and last whether it was right."""
    table = np.array(rows, dtype=np.float64)
    p = np.clip(table[:, :-1], 1e-6, 1 - 1e-6)
    x = np.concatenate([np.log(p / (1 - p)), np.ones((len(p), 1))], 1)
    start = np.zeros(x.shape[1])
    start[0] = 1.0
    y = table[:, -1]

    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float((np.logaddexp(0, z) - y * z).sum() + ((w - start) ** 2).sum() / 2)

    w = start.copy()
    for _ in range(steps):
        q = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        curve = (x * (q * (1 - q))[:, None]).T @ x + np.eye(len(w))
        move = np.linalg.solve(curve, x.T @ (q - y) + (w - start))
        share = 1.0
        while share > 1e-6 and loss(w - share * move) > loss(w):  # a whole step may lead too far
            share /= 2
        w = w - share * move
    return tuple(float(value) for value in w)


def f1_of(guess: np.ndarray, gold: np.ndarray) -> float:
    """F1 of what was guessed; 0 where nothing was guessed or is there."""
    both = float((guess & gold).sum())
    return 2 * both / max(1.0, float(guess.sum() + gold.sum()))
