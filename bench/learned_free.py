"""What other weights are worth, such as those of the recipe on freely licensed data.

    python bench/learned_free.py RUN/weights

Conventions: as ``docs/labels.md``: PolNeAR development documents, exact pieces and whole triples; BioScope abstracts that
the main recipe holds out, cues and, with gold cues, scopes.
"""

import argparse
from pathlib import Path

import gold
import numpy as np
from held_out import parted

from allegedly.builders.labellers import learned
from allegedly.schemas.records import Labels


def main() -> None:
    """Prints one line a corpus."""
    parser = argparse.ArgumentParser(description="Other weights of the learned labeller.")
    parser.add_argument("weights", type=Path)
    model = learned.load(parser.parse_args().weights)
    learned._model = lambda: model
    data = list(gold.polnear())
    said = [prediction.labels for prediction in learned.label([article for article, _ in data])]
    pairs = [(truth, found) for (_, truth), found in zip(data, said, strict=True)]
    scores = {part: gold.f1(sum(gold.exact(t, f, part) for t, f in pairs)) for part in ("source", "cue", "content")} | {
        "triples": gold.f1(sum(gold.triples(t, f) for t, f in pairs))
    }
    print("PolNeAR:", shown(scores))
    _, apart = parted("bioscope")
    said = [prediction.labels for prediction in learned.label([article for article, _ in apart])]
    cues = gold.f1(sum(gold.cues(t, f) for (_, t), f in zip(apart, said, strict=True)))
    given = sum((scopes(article, truth) for article, truth in apart), np.zeros(2))
    print("BioScope:", shown({"cues": cues, "scopes with gold cues": gold.mean(given)}))


def scopes(article: object, truth: Labels) -> np.ndarray:
    """[right, number] of the scopes of gold cues."""
    from labels import given_cues

    return gold.scopes_given_cues(truth, given_cues("learned", article, truth), article.text)


def shown(scores: dict[str, float]) -> str:
    """Names and percentages."""
    return ", ".join(f"{name} {100 * value:.1f}" for name, value in scores.items())


if __name__ == "__main__":
    main()
