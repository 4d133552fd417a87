"""Sentence metrics against scikit-learn and krippendorff, and the rules for abstentions."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allegedly.eval import bootstrap
from allegedly.eval.metrics import calibration, ranking, sentences

CLASSES = ("no_claim", "unimportant", "check_worthy")
ROW = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.integers(0, 1000))
ROWS = st.lists(ROW, min_size=1, max_size=40)


def items(rows, classes=CLASSES):
    """Sentences from (article, gold, predicted, thousandths)."""
    rows = sorted(rows, key=lambda row: row[0])
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    score = table[:, 3] / 1000
    return sentences.Items(4, classes, len(classes) - 1, table[:, 0], table[:, 1], table[:, 2], score, score, score)


def values(family, found):
    return bootstrap.point(family, family.count(found))


@settings(max_examples=150, deadline=None)
@given(ROWS)
@pytest.mark.filterwarnings("ignore")
def test_confusion_against_scikit_learn(rows):
    sk = pytest.importorskip("sklearn.metrics")
    found = items(rows)
    ours = values(sentences.family(CLASSES), found)
    gold, predicted = found.gold, found.predicted
    precision, recall, f1, support = sk.precision_recall_fscore_support(
        gold, predicted, labels=[0, 1, 2], zero_division=np.nan
    )
    for at, name in enumerate(CLASSES):
        seen = (predicted == at).sum()
        for measure, expected, there in (("precision", precision, seen), ("recall", recall, support[at])):
            value = ours[f"{measure}:{name}"]
            assert np.isnan(value) if not there else value == pytest.approx(expected[at])
        both = seen + support[at]
        assert np.isnan(ours[f"f1:{name}"]) if not both else ours[f"f1:{name}"] == pytest.approx(f1[at])
    for average in ("macro", "micro"):
        expected = sk.precision_recall_fscore_support(gold, predicted, average=average, zero_division=0)
        for measure, value in zip(("precision", "recall", "f1"), expected[:3], strict=True):
            assert ours[f"{measure}:{average}"] == pytest.approx(value)
    assert ours["accuracy"] == pytest.approx(sk.accuracy_score(gold, predicted))
    if not np.isnan(ours["mcc"]):
        assert ours["mcc"] == pytest.approx(sk.matthews_corrcoef(gold, predicted))
    if not np.isnan(ours["kappa"]):
        assert ours["kappa"] == pytest.approx(sk.cohen_kappa_score(gold, predicted))


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_alpha_against_krippendorff(rows):
    krippendorff = pytest.importorskip("krippendorff")
    found = items(rows)
    assume(len(set(found.gold.tolist()) | set(found.predicted.tolist())) > 1)
    expected = krippendorff.alpha([found.gold.tolist(), found.predicted.tolist()], level_of_measurement="nominal")
    assert values(sentences.family(CLASSES), found)["alpha"] == pytest.approx(expected)


@settings(max_examples=150, deadline=None)
@given(ROWS)
@pytest.mark.filterwarnings("ignore")
def test_pooled_rankings_against_scikit_learn(rows):
    sk = pytest.importorskip("sklearn.metrics")
    found = items(rows)
    positive = found.gold == 2
    ours = values(ranking.pooled_family("check_worthy"), found)
    if len(set(found.positive.tolist())) < 2 or not positive.any():
        assert np.isnan(ours["ap:check_worthy"])
        return
    assert ours["ap:check_worthy"] == pytest.approx(sk.average_precision_score(positive, found.positive))
    if positive.all():
        assert np.isnan(ours["roc_auc:check_worthy"])
    else:
        assert ours["roc_auc:check_worthy"] == pytest.approx(sk.roc_auc_score(positive, found.positive))


@settings(max_examples=60, deadline=None)
@given(ROWS, st.lists(st.integers(0, 3), min_size=4, max_size=4))
@pytest.mark.filterwarnings("ignore")
def test_pooled_rankings_with_weights_against_scikit_learn(rows, weight):
    sk = pytest.importorskip("sklearn.metrics")
    found = items(rows)
    weights = np.array(weight, dtype=float)[found.article]
    positive = found.gold == 2
    assume(weights[positive].sum() > 0 and weights[~positive].sum() > 0 and len(set(found.positive.tolist())) > 1)
    family = ranking.pooled_family("check_worthy")
    counts = family.count(found)
    scores = {m.name: float(m.score(counts, np.array([weight], dtype=float))[0]) for m in family.measures}
    expected = sk.average_precision_score(positive, found.positive, sample_weight=weights)
    assert scores["ap:check_worthy"] == pytest.approx(expected)
    expected = sk.roc_auc_score(positive, found.positive, sample_weight=weights)
    assert scores["roc_auc:check_worthy"] == pytest.approx(expected)


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_losses_against_scikit_learn(rows):
    sk = pytest.importorskip("sklearn.metrics")
    found = items([(a, g % 2, p % 2, s) for a, g, p, s in rows], ("certain", "speculative"))
    hit = (found.gold == found.predicted).astype(int)
    ours = values(calibration.LOSSES, found)
    assert ours["brier"] == pytest.approx(sk.brier_score_loss(hit, found.confidence, pos_label=1), abs=1e-8)
    # held after the difference is taken: 1 - (1 - 1e-12) is not 1e-12
    of_truth = np.clip(np.where(hit == 1, found.confidence, 1 - found.confidence), 1e-12, 1)
    expected = -np.mean(np.log(of_truth))
    assert ours["log_loss"] == pytest.approx(expected, abs=1e-8)


def test_calibration_worked_example(record, score):
    made, lines = [], []
    rows = [(0.95, True), (0.85, True), (0.75, False), (0.65, True), (0.55, False)]
    for at, (probability, right) in enumerate(rows):
        text = f"Sentence number {at} of the example."
        cue = [{"cue": [(0, 8)]}] if right else []
        made.append(record(text, speculations=cue))
        name = f"{made[-1].article.id}:0"
        lines.append({"task": "speculation-detection", "id": name, "label": "speculative", "score": probability})
    report = score(made, lines)
    assert report.value("p", "speculation-detection", "ece") == pytest.approx(0.37)
    brier = np.mean([(p - r) ** 2 for p, r in rows])
    assert report.value("p", "speculation-detection", "brier") == pytest.approx(brier)


def test_bins_are_closed_above():
    rows = [(0, 1, 1, 100), (0, 1, 1, 300), (0, 1, 1, 0), (0, 1, 1, 1000)]
    counts = calibration.binned(items(rows)).sum(axis=0).reshape(10, 3)[:, 0]
    assert counts.tolist() == [2, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_an_abstention_misses_its_class_and_is_right_for_none():
    found = items([(0, 2, 2, 0), (0, 2, -1, 0), (0, 0, -1, 0)])
    ours = values(sentences.family(CLASSES), found)
    assert ours["recall:check_worthy"] == 0.5 and ours["precision:check_worthy"] == 1.0
    assert ours["recall:no_claim"] == 0.0 and np.isnan(ours["precision:no_claim"])
    assert ours["coverage"] == pytest.approx(1 / 3) and ours["risk"] == 0.0 and ours["accuracy"] == pytest.approx(1 / 3)


def test_all_of_one_class_leaves_agreement_undefined():
    ours = values(sentences.family(CLASSES), items([(0, 1, 1, 0), (1, 1, 1, 0)]))
    assert np.isnan(ours["alpha"]) and np.isnan(ours["kappa"]) and np.isnan(ours["mcc"])
