"""Weights of the signs by which the rules judge worth: a logistic regression on train of the gold on real news.

    python bench/signs.py [RELEASE]      # default: build/news, as `make news` builds it

Prints the weights of ``builders/labellers/rules_signs.toml`` and the thresholds at which F1 is best over five folds of articles; of
the validation part, which is not fitted on, F1 and mean average precision. Needs scikit-learn.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import GroupKFold

from allegedly.builders.labellers._signs import WEIGHTS, about, signs
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas import stored

#: How far weights are held back (scikit-learn's C).
HELD_BACK = 0.3
NAMES = [name for name in WEIGHTS if name != "bias"]
GRID = np.arange(0.1, 0.7, 0.02)


def read(release: Path, split: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signs of each sentence, its class, the number of its article."""
    rows: list[list[float]] = []
    classes: list[str] = []
    articles: list[int] = []
    for number, record in enumerate(stored.records(release, split)):
        tokens = Tokens(record.article)
        around = about(tokens)
        gold = {sentence.start: sentence.claim for sentence in record.sentences}
        for first, last in tokens.sentences:
            claim = gold.get(tokens.starts[first])
            if claim is not None:
                counts = signs(tokens, first, last, around)
                rows.append([counts.get(name, 0) for name in NAMES])
                classes.append(claim)
                articles.append(number)
    return np.array(rows), np.array(classes), np.array(articles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path, default=Path("build/news"))
    release = parser.parse_args().release
    rows, classes, articles = read(release, "train")
    held, held_classes, held_articles = read(release, "validation")
    weights = []
    for name, of in (("check_worthy", ["check_worthy"]), ("claim", ["check_worthy", "unimportant"])):
        truth, held_truth = np.isin(classes, of), np.isin(held_classes, of)
        guessed = np.zeros(len(truth))
        for seen, apart in GroupKFold(5).split(rows, truth, articles):
            guessed[apart] = fitted(rows[seen], truth[seen]).predict_proba(rows[apart])[:, 1]
        least = max(GRID, key=lambda least: f1_score(truth, guessed >= least))
        model = fitted(rows, truth)
        weights.append([*model.coef_[0], model.intercept_[0]])
        score = model.predict_proba(held)[:, 1]
        print(
            f"{name}: threshold {least:.2f}, F1 {f1_score(truth, guessed >= least):.3f} over folds, "
            f"{f1_score(held_truth, score >= least):.3f} on validation, "
            f"mean average precision {precision(held_truth, score, held_articles):.3f}"
        )
    for name, check, fact in zip([*NAMES, "bias"], *weights, strict=True):
        print(f'"{name}" = [{check:.2f}, {fact:.2f}]' if " " in name else f"{name} = [{check:.2f}, {fact:.2f}]")


def fitted(rows: np.ndarray, truth: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=HELD_BACK, max_iter=3000).fit(rows, truth)


def precision(truth: np.ndarray, score: np.ndarray, articles: Sequence[int]) -> float:
    """Average precision, a mean over the articles with something to find."""
    of = [articles == number for number in np.unique(articles)]
    return float(np.mean([average_precision_score(truth[one], score[one]) for one in of if truth[one].any()]))


if __name__ == "__main__":
    main()
