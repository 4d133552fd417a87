"""Calibration: how probable is right, on documents apart; and from which probability on a sentence is a claim.

Conventions: a logistic curve on the logit of what the network says (Platt 1999), on the documents that the recipe keeps
apart for it: training never saw them, and nothing is measured on them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.training import data, measure
from allegedly.schemas.records import Json, Part, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Slopes and bias of the curves by name, and from which probability on a sentence is of a class."""

    curves: Mapping[str, tuple[float, ...]]
    thresholds: Mapping[str, float]

    def to_json(self) -> Json:
        """The entries of ``model.json``, curves with four decimals."""
        curves = {name: [round(number, 4) for number in curve] for name, curve in self.curves.items()}
        return {"calibration": curves, "thresholds": dict(self.thresholds)}


#: Records, each with what the network says about its article.
Read = Sequence[tuple[Record, model.Reading]]


def calibrate(network: model.Model, corpora: Sequence[data.Corpus]) -> Calibration:
    """The calibration of a model that has none yet, on the corpora whose importers say that they serve for it."""
    curves: dict[str, tuple[float, ...]] = {}
    thresholds: dict[str, float] = {}
    for corpus in corpora:
        importer = data.importer_of(corpus)
        records = [record for record in data.records(corpus) if data.is_calibrating(record, corpus)]
        if not records or importer is None:
            continue
        # without calibration all that may be a cue is one
        readings = model.read(replace(network, thresholds={"cue": 0.0}), [record.article for record in records])
        both = list(zip(records, readings, strict=True))
        if "attributions" in importer.calibrates:
            curves["attribution"] = logistic(_attributions(both))
            curves["attributed"] = logistic(_sentences(both, "attribution", "attributed", "attributed"))
        if "speculations" in importer.calibrates:
            curves["speculation"] = logistic(doubts(network, records))
            curves["speculative"] = logistic(_sentences(both, "speculation", "speculative", "speculative"))
        if "claims" in importer.calibrates:
            power, least = worth(both)
            curves["worth"] = (power, 0.0)
            thresholds.update(least)
    return Calibration(curves=curves, thresholds=thresholds)


def _attributions(both: Read) -> list[tuple[float, bool]]:
    """How probable each attribution of the network is to it, and whether the gold has it."""
    return [
        (read.probability, any(measure.same_triple(read, gold) for gold in record.labels.attributions or ()))
        for record, reading in both
        for read in reading.attributions
    ]


def doubts(network: model.Model, records: Sequence[Record]) -> list[tuple[float, ...]]:
    """Whatever a model without calibration might take for a cue: its probability, how often training saw the words as
    one, and whether it is one."""
    readings = model.read(replace(network, thresholds={"cue": 0.0}), [record.article for record in records])
    return [
        (
            doubt.probability,
            network.cues[surface(record, doubt.cue)],
            any(doubt.cue == gold.cue for gold in record.labels.speculations or ()),
        )
        for record, reading in zip(records, readings, strict=True)
        for doubt in reading.doubts
    ]


def surface(record: Record, cue: Part) -> str:
    """The words of a cue in lower case, its pieces joined by a space."""
    return " ".join(" ".join(record.article.text[start:end] for start, end in cue).lower().split())


def cues(corpora: Sequence[data.Corpus]) -> dict[str, float]:
    """The words of all speculation cues that training saw, and the share of their occurrences that were cues (half an
    occurrence more of either kind); of cues of two pieces, the share of sentences that hold both in order. Articles
    whose speculations nobody annotated do not count."""
    records = [
        record
        for corpus in corpora
        for record in data.records(corpus)
        if record.labels.speculations is not None and data.is_seen(record, corpus)
    ]
    marks = [
        (surface(record, mark.cue), record, mark.cue)
        for record in records
        for mark in record.labels.speculations or ()
        if mark.cue
    ]
    counts = Counter(cue for cue, _, _ in marks)
    pieces = {
        cue: [re.escape(surface(record, (span,))).replace(r"\ ", r"\s+") for span in part]
        for cue, record, part in marks
    }
    text = "\n\n".join(
        record.article.text[start:end] for record in records for start, end in record.article.sentences
    ).lower()
    out = {}
    for cue, count in sorted(counts.items()):
        pattern = r"(?:[^\n]|\n(?!\n))*?".join(rf"(?<!\w){piece}(?!\w)" for piece in pieces[cue])
        seen = sum(1 for _ in re.finditer(pattern, text))
        out[cue] = round((count + 0.5) / (max(seen, count) + 1), 4)
    return out


def _sentences(both: Read, layer: str, name: str, score: str) -> list[tuple[float, bool]]:
    return [
        (scores[score], getattr(sentence, layer) == name)
        for record, reading in both
        for sentence, scores in zip(record.sentences, reading.sentences, strict=True)
        if scores is not None
    ]


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


def worth(both: Read) -> tuple[float, dict[str, float]]:
    """The power of the three classes' probabilities that fits best (Guo et al. 2017, one over the temperature), and then
    from which probabilities on a sentence is check-worthy (best F1), or a claim (best macro F1)."""
    rows = [
        (
            1 - scores["claim"],
            scores["claim"] - scores["check_worthy"],
            scores["check_worthy"],
            data.WORTH[sentence.claim],
        )
        for record, reading in both
        for sentence, scores in zip(record.sentences, reading.sentences, strict=True)
        if scores is not None and sentence.claim is not None
    ]
    gold = np.array([row[3] for row in rows])
    log = np.log(np.maximum(1e-9, np.array([row[:3] for row in rows])))
    powers = [round(0.3 + 0.02 * step, 2) for step in range(61)]
    power = max(powers, key=lambda t: _normal(t * log)[np.arange(len(gold)), gold].sum())
    shares = np.exp(_normal(power * log))
    check, claim = shares[:, 2], shares[:, 1] + shares[:, 2]
    grid = [round(0.2 + 0.025 * step, 3) for step in range(25)]
    first = max(grid, key=lambda t: _f1(check >= t, gold == 2))

    def macro(least: float) -> float:
        guess = np.where(check >= first, 2, np.where(claim >= least, 1, 0))
        return float(np.mean([_f1(guess == kind, gold == kind) for kind in range(3)]))

    return power, {"check_worthy": first, "claim": max(grid, key=macro)}


def _normal(log: np.ndarray) -> np.ndarray:
    """Logarithms of shares, each row's shares summing to one."""
    top = log.max(1, keepdims=True)
    shares: np.ndarray = log - top - np.log(np.exp(log - top).sum(1, keepdims=True))
    return shares


def _f1(guess: np.ndarray, gold: np.ndarray) -> float:
    both = float((guess & gold).sum())
    return 2 * both / max(1.0, float(guess.sum() + gold.sum()))
