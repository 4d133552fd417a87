"""How unsure a labeller was of each sentence.

Conventions: of a layer it is the entropy of the sentence's classes, 0 to 1 (over the logarithm of their number): by the
scores ``claim`` and ``check_worthy`` together three classes, by one of them, ``speculative`` or ``attributed`` two. Where a
layer has no scores in the sentence, the mean of the entropies of the confidences of the labels that touch it. ``certainty``
says how sure the text is, and does not count. Layers add up, so that a sentence has 0 to 3.

Source: Shannon (1948); uncertainty sampling is Lewis, Gale (1994).
"""

import math
from collections import defaultdict

from allegedly.eval.sampling.disagreement import bounds_of, touched
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import LAYERS, Record, Sentence

#: The layer that each score speaks of.
LAYER = {"claim": "claims", "check_worthy": "claims", "speculative": "speculations", "attributed": "attributions"}


def uncertainty(record: Record) -> list[float | None]:
    """Of each sentence; None where neither scores nor confidences say anything of it. DataError for a score or confidence
    that is no probability."""
    by_labels = [_confidences(record, layer) for layer in LAYERS]
    found: list[float | None] = []
    for number, sentence in enumerate(record.sentences):
        scored = _scores(sentence, record.article.id)
        of_layers = [
            scored[layer] if layer in scored else confident.get(number)
            for layer, confident in zip(LAYERS, by_labels, strict=True)
        ]
        known = [value for value in of_layers if value is not None]
        found.append(sum(known) if known else None)
    return found


def entropy(*probabilities: float) -> float:
    """Of classes whose probabilities sum to 1, over the logarithm of their number: 0 to 1."""
    return -sum(p * math.log(p) for p in probabilities if p > 0) / math.log(len(probabilities))


def _scores(sentence: Sentence, article: str) -> dict[str, float]:
    """By layer, where there are scores."""
    where = f"sentence {article}:{sentence.start}, scores"
    given = {
        name: _probability(value, f"{where}.{name}")
        for name, value in (sentence.scores or {}).items()
        if value is not None and name != "certainty"
    }
    found: dict[str, float] = {}
    claim, worthy = given.get("claim"), given.get("check_worthy")
    if claim is not None and worthy is not None:
        worthy = min(worthy, claim)  # what is worth a check is a claim
        found["claims"] = entropy(1 - claim, claim - worthy, worthy)
    for name, layer in LAYER.items():
        if name in given:
            found.setdefault(layer, _binary(given[name]))
    return found


def _confidences(record: Record, layer: str) -> dict[int, float]:
    """The mean entropy of the confidences of the labels of a layer, by the number of the sentence that they touch."""
    found: defaultdict[int, list[float]] = defaultdict(list)
    bounds = bounds_of(record.article)
    for label in getattr(record.labels, layer) or ():
        if label.confidence is not None:
            chance = _probability(label.confidence, f"article {record.article.id}, {label.id}, confidence")
            for number in touched(label, *bounds):
                found[number].append(_binary(chance))
    return {number: sum(values) / len(values) for number, values in found.items()}


def _binary(chance: float) -> float:
    return entropy(chance, 1 - chance)


def _probability(value: object, where: str) -> float:
    if isinstance(value, int | float) and 0 <= value <= 1:
        return float(value)
    raise DataError(f"{where}: found {value!r:.80}, expected 0 to 1; `allegedly validate` says all that is wrong")
