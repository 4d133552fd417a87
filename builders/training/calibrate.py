"""Calibration: how probable is right, on documents apart; and from which probability on a sentence is a claim.

Conventions: curves as in ``curves``, on the documents that the recipe keeps apart for it: training never saw them, and
nothing is measured on them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.training import calibrate_news, data, measure
from allegedly.builders.training.curves import Calibration, f1_of, logistic
from allegedly.builders.training.parts import WORTH
from allegedly.schemas.records import Part, Record

#: Records, each with what the network says about its article.
Read = Sequence[tuple[Record, model.Reading]]


def calibrate(network: model.Model, corpora: Sequence[data.Corpus]) -> Calibration:
    """The calibration of a model that has none yet, on the corpora whose importers say that they serve for it."""
    curves: dict[str, tuple[float, ...]] = {}
    thresholds: dict[str, float] = {}
    for corpus in corpora:
        importer = data.importer_of(corpus)
        records = [record for record in data.records(corpus) if data.is_calibrating(record, corpus)]
        if not records:
            continue
        if corpus.name == data.NEWS:
            found = calibrate_news.calibrate(network, records)
            curves.update(found.curves)
            thresholds.update(found.thresholds)
        if importer is None:
            continue
        # without calibration all that may be a cue is one
        readings = model.read(
            replace(network, thresholds={"cue": 0.0}), [record.article for record in records], model.CORPORA
        )
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
    readings = model.read(
        replace(network, thresholds={"cue": 0.0}), [record.article for record in records], model.CORPORA
    )
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


def worth(both: Read) -> tuple[float, dict[str, float]]:
    """The power of the three classes' probabilities that fits best (Guo et al. 2017, one over the temperature), and then
    from which probabilities on a sentence is check-worthy (best F1), or a claim (best macro F1)."""
    rows = [
        (
            1 - scores["claim"],
            scores["claim"] - scores["check_worthy"],
            scores["check_worthy"],
            WORTH[sentence.claim],
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
    first = max(grid, key=lambda t: f1_of(check >= t, gold == 2))

    def macro(least: float) -> float:
        guess = np.where(check >= first, 2, np.where(claim >= least, 1, 0))
        return float(np.mean([f1_of(guess == kind, gold == kind) for kind in range(3)]))

    return power, {"check_worthy": first, "claim": max(grid, key=macro)}


def _normal(log: np.ndarray) -> np.ndarray:
    """Logarithms of shares, each row's shares summing to one."""
    top = log.max(1, keepdims=True)
    shares: np.ndarray = log - top - np.log(np.exp(log - top).sum(1, keepdims=True))
    return shares
