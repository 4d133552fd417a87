"""Calibration on real news: how probable is right by our own scheme, and from which probability a claim is worth a check.

Conventions: as in ``calibrate``; rows hold what the network says, as probabilities, and last whether it was right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from allegedly.builders.labellers import _learned_model as model
from allegedly.builders.training import measure
from allegedly.builders.training.curves import Calibration, f1_of, logistic
from allegedly.schemas.records import Record

#: Records, each with what the network says about its article.
Read = Sequence[tuple[Record, model.Reading]]
#: Rows of a curve.
Rows = list[tuple[float, ...]]
#: Names of our curves begin with this.
PREFIX = "news."


def calibrate(network: model.Model, records: Sequence[Record]) -> Calibration:
    """The calibration of the heads for news of a model that has none yet."""
    # without calibration all that may be a cue is one
    bare = replace(network, thresholds={f"{PREFIX}doubt": 0.0})
    both = list(zip(records, model.read(bare, [record.article for record in records]), strict=True))
    rows: dict[str, Rows] = {
        "attribution": _attributions(both, inner=False),
        "inner": _attributions(both, inner=True),
        "attributed": _sentences(both, "attribution", "attributed"),
        "doubt": _doubts(both),
        "speculative": _sentences(both, "speculation", "speculative"),
        "extent": _extents(both),
        "check": [row for row, *_ in _worth(both)],
        "claim": [row for _, row, *_ in _worth(both)],
        "value": _values(both),
    }
    curves = {f"{PREFIX}{name}": logistic(found) for name, found in rows.items() if found}
    finished = replace(network, calibration={**network.calibration, **curves})
    return Calibration(curves=curves, thresholds={f"{PREFIX}check_worthy": threshold(finished, records)})


def threshold(network: model.Model, records: Sequence[Record]) -> float:
    """From which probability on a claim is worth a check, so that the sentences that hold one are found best (F1)."""
    highest: list[float] = []
    gold: list[bool] = []
    for record, reading in zip(records, model.read(network, [r.article for r in records]), strict=True):
        best = [0.0] * len(record.sentences)
        for item in reading.claims:
            best[item.sentence] = max(best[item.sentence], item.worth)
        highest += best
        gold += [sentence.claim == "check_worthy" for sentence in record.sentences]
    values, wanted = np.array(highest), np.array(gold)
    grid = [round(0.2 + 0.025 * step, 3) for step in range(25)]
    scores = [f1_of(values >= least, wanted) for least in grid]
    # of a few articles the best point is chance: that of the mean of three neighbours is less so
    smooth = np.convolve([scores[0], *scores, scores[-1]], np.ones(3) / 3, mode="valid")
    return grid[int(smooth.argmax())]


def _attributions(both: Read, inner: bool) -> Rows:
    """How probable each attribution is to the network, and whether the gold has it."""
    return [
        (read.probability, any(measure.same_triple(read, gold) for gold in record.labels.attributions or ()))
        for record, reading in both
        for read in reading.attributions
        if (read.parent >= 0) is inner
    ]


def _doubts(both: Read) -> Rows:
    return [
        (doubt.probability, any(doubt.cue == gold.cue for gold in record.labels.speculations or ()))
        for record, reading in both
        if reading.abstract <= 0
        for doubt in reading.doubts
    ]


def _sentences(both: Read, column: str, name: str) -> Rows:
    return [
        (scores[name], getattr(sentence, column) == name)
        for record, reading in both
        for sentence, scores in zip(record.sentences, reading.sentences, strict=True)
        if scores is not None
    ]


def _extents(both: Read) -> Rows:
    """How probable each claim is to the network, and whether one of the gold shares half of what either holds."""
    return [
        (item.probability, any(_half(item, gold) for gold in golds))
        for record, reading in both
        for golds in [[measure.letters(claim.extent) for claim in record.labels.claims or ()]]
        for item in reading.claims
    ]


def _half(item: model.Stated, gold: set[int]) -> bool:
    ours = measure.letters(item.extent)
    return len(ours & gold) * 2 >= len(ours | gold)


def _worth(both: Read) -> Iterator[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Of each sentence a row of how worth a check it is, and one of whether it is a claim."""
    for record, reading in both:
        found = model.weighed(reading)
        for number, row in found.sentences.items():
            claim = record.sentences[number].claim
            if claim is not None:
                yield (*row, claim == "check_worthy"), (found.claims[number], claim != "no_claim")


def _values(both: Read) -> Rows:
    """Of each claim that the gold has too, how worth a check it is."""
    out: Rows = []
    for record, reading in both:
        golds = [(measure.letters(claim.extent), claim.worth) for claim in record.labels.claims or ()]
        for item, row in zip(reading.claims, model.weighed(reading).values, strict=True):
            same = next((worth for letters, worth in golds if _half(item, letters)), None)
            if same is not None:
                out.append((*row, same == "check_worthy"))
    return out
