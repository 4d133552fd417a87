"""Intervals and tests: against scikit-learn resample by resample, by simulation, and digit for digit on any machine."""

import json
import math
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from allegedly.eval import bootstrap, paired_tests, resamples
from allegedly.eval.bootstrap import Job
from allegedly.eval.metric import Family, Measure, ratio, triple
from allegedly.eval.metrics import ranking, sentences

F1 = Family("x", lambda view: view, triple(("f1",)))


def random_items(articles=40, seed=0):
    draw = np.random.default_rng(seed)
    article = np.sort(draw.integers(0, articles, 400))
    gold = draw.integers(0, 2, 400)
    score = np.round(np.clip(gold * 0.3 + draw.random(400) * 0.7, 0, 1), 2)
    return sentences.Items(
        articles, ("certain", "speculative"), 1, article, gold, (score > 0.5).astype(np.int64), score, score, score
    )


@pytest.mark.filterwarnings("ignore")
def test_every_resample_is_scored_as_scikit_learn_scores_it():
    sk = pytest.importorskip("sklearn.metrics")
    items = random_items()
    families = [sentences.family(items.classes), ranking.pooled_family("speculative")]
    jobs = [Job(family, family.count(items), items.articles) for family in families]
    found = bootstrap.resampled(jobs, items.articles, 25, seed=3)
    weights = np.concatenate(list(resamples.weights(items.articles, 25, 3)))
    assert (weights.sum(axis=1) == items.articles).all()
    for at, weight in enumerate(weights):
        of_item = weight[items.article]
        expected = {
            "f1:speculative": sk.f1_score(items.gold, items.predicted, sample_weight=of_item),
            "f1:macro": sk.f1_score(items.gold, items.predicted, average="macro", sample_weight=of_item),
            "mcc": sk.matthews_corrcoef(items.gold, items.predicted, sample_weight=of_item),
            "ap:speculative": sk.average_precision_score(items.gold, items.positive, sample_weight=of_item),
            "roc_auc:speculative": sk.roc_auc_score(items.gold, items.positive, sample_weight=of_item),
        }
        for name, value in expected.items():
            assert {**found[0], **found[1]}[name][at] == pytest.approx(value), name


def test_the_page_says_from_how_many_sentences_on_a_ranking_has_no_interval(root):
    page = (root / "docs" / "decisions.md").read_text(encoding="utf-8")
    most = int(re.search(r"\(([\d,]+) sentences at 10,000 resamples\)", page)[1].replace(",", ""))
    family = ranking.pooled_family("speculative")
    for count, is_resampled in ((most, True), (most + 1, False)):
        zeros = np.zeros(count, dtype=np.int64)
        items = sentences.Items(1, ("certain", "speculative"), 1, *[zeros] * 3, *[zeros / 2] * 3)
        assert bootstrap.is_resampled(Job(family, family.count(items), 1), 10_000) == is_resampled


def test_weights_of_a_seed_are_the_same_for_all():
    items = random_items()
    family = sentences.family(items.classes)
    job = Job(family, family.count(items), items.articles)
    alone = bootstrap.intervals([job], items.articles, 500, 1)[0]
    among = bootstrap.intervals([Job(F1, family.count(items)[:, :3], 40), job] * 3, items.articles, 500, 1)
    assert among[1] == alone == among[5]
    assert bootstrap.intervals([job], items.articles, 500, 2)[0] != alone


def test_no_interval_under_ten_articles_and_where_resamples_are_undefined():
    counts = np.tile([1, 1, 1], (30, 1))
    assert bootstrap.intervals([Job(F1, counts, 30)], 30, 100, 0)[0]["f1"] == (1.0, 1.0)
    assert all(map(math.isnan, bootstrap.intervals([Job(F1, counts, 9)], 30, 100, 0)[0]["f1"]))
    rare = counts * 0
    rare[0] = 1
    assert all(map(math.isnan, bootstrap.intervals([Job(F1, rare, 30)], 30, 1000, 0)[0]["f1"]))
    rare[:4] = 1
    assert bootstrap.intervals([Job(F1, rare, 30)], 30, 1000, 0)[0]["f1"] == (1.0, 1.0)


def test_sums_are_exact_beyond_what_a_float_holds():
    draw = np.random.default_rng(0)
    counts = draw.integers(0, 2**49, (1000, 3))
    weight = next(resamples.weights(1000, 4, 0))
    expected = weight.astype(np.int64) @ counts
    assert np.allclose(resamples.sums(weight, counts), expected, rtol=1e-15)


def test_the_same_on_any_number_of_threads():
    code = (
        "import numpy as np, hashlib; from allegedly.eval import resamples as b;"
        "c=np.random.default_rng(0).integers(0,10**9,(700,40));"
        "print(hashlib.sha256(b''.join(b.sums(w,c).tobytes() for w in b.weights(700,2000,5))).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(found) == 1 and len(next(iter(found))) > 60


def copies(record, articles, each, seed):
    """Articles of equal sentences, and lines of a system that is right on four of five of them."""
    draw = np.random.default_rng(seed)
    records, lines = [], []
    for at in range(articles):
        sentence = f"It may rain in place {at:04d}."
        size = len(sentence)
        places = [(n * (size + 1), n * (size + 1) + size) for n in range(each)]
        made = record(
            " ".join([sentence] * each),
            sentences=places,
            speculations=[{"cue": [(start + 3, start + 6)]} for start, _ in places],
        )
        label = "speculative" if draw.random() < 0.8 else "certain"
        records.append(made)
        for start, _ in places:
            lines.append({"task": "speculation-detection", "id": f"{made.article.id}:{start}", "label": label})
    return records, lines


def test_copies_inside_an_article_are_no_evidence(record, score):
    wide = score(*copies(record, 200, 10, 1), resamples=10_000).row("p", "speculation-detection", "recall:speculative")
    narrow = score(*copies(record, 2000, 1, 1), resamples=10_000).row(
        "p", "speculation-detection", "recall:speculative"
    )
    assert wide["items"] == narrow["items"] == 2000
    spread = [(row["high"] - row["low"]) / math.sqrt(row["value"] * (1 - row["value"])) for row in (wide, narrow)]
    assert spread[0] / spread[1] == pytest.approx(math.sqrt(10), rel=0.1)


def pairs(articles, drop, count, seed):
    """Counts of pairs of systems over the same articles: ten sentences each, accuracy .8 and .8 less a drop."""
    draw = np.random.default_rng(seed)
    for _ in range(count):
        hard = draw.beta(8, 2, articles)
        old = draw.binomial(10, hard)
        new = draw.binomial(10, np.clip(hard - drop, 0, 1))
        yield tuple(np.stack((side, np.full(articles, 10)), axis=1).astype(np.int64) for side in (old, new))


ACCURACY = Family("x", lambda view: view, (Measure("accuracy", lambda c: ratio(c[..., 0], c[..., 1])),))


def fails(old, new, resamples, seed=0):
    from allegedly.eval.gate import verdict_of
    from allegedly.eval.gate_file import Gate

    gate = Gate(task="claim-detection", metric="accuracy", limit="max_drop", allowed=0.0, rule="proved")
    gap = paired_tests.difference(ACCURACY, ACCURACY.measures[0], new, old, len(old), resamples, seed)
    return verdict_of(gap, gate).verdict == "failed"


def test_equal_systems_rarely_fail_a_gate():
    failed = sum(fails(old, new, 1000) for old, new in pairs(200, 0.0, 400, 11))
    assert 4 <= failed <= 20


def test_a_true_drop_fails_the_gate():
    failed = sum(fails(old, new, 400) for old, new in pairs(1000, 0.03, 100, 12))
    assert failed >= 95


def test_randomisation_keeps_its_level_and_finds_differences():
    measure = ACCURACY.measures[0]
    p = [paired_tests.randomisation(ACCURACY, measure, new, old, 400, 0) for old, new in pairs(60, 0.0, 200, 13)]
    assert 0.01 <= np.mean(np.array(p) < 0.05) <= 0.1
    p = [paired_tests.randomisation(ACCURACY, measure, new, old, 400, 0) for old, new in pairs(300, 0.05, 20, 14)]
    assert np.mean(np.array(p) < 0.05) > 0.9
    old = next(pairs(50, 0, 1, 15))[0]
    assert paired_tests.randomisation(ACCURACY, measure, old, old, 100, 0) == 1.0


def test_holm():
    assert paired_tests.holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06]
    corrected = paired_tests.holm([0.01, math.nan, 0.02])
    assert corrected[0] == 0.02 and corrected[2] == 0.02 and math.isnan(corrected[1])


def test_mcnemar_is_the_exact_test():
    assert paired_tests.mcnemar([1] * 10 + [0] * 2, [0] * 10 + [1] * 2) == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert paired_tests.mcnemar([1, 0], [1, 0]) == 1.0


def test_a_report_is_the_same_twice(record, score):
    first, second = (score(*copies(record, 40, 3, 2), resamples=300) for _ in range(2))
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())


@pytest.mark.parametrize(
    ("first", "second"), [(0, 1), (3, 4), (5, 30), (0, 1000), (4_900, 5_100), (5_000, 5_001), (4_000, 6_000)]
)
def test_mcnemar_against_scipy(first, second):
    binomtest = pytest.importorskip("scipy.stats").binomtest
    found = paired_tests.mcnemar([1] * first + [0] * second, [0] * first + [1] * second)
    assert found == pytest.approx(binomtest(first, first + second).pvalue, rel=1e-12, abs=0)


def test_mcnemar_of_a_million_disagreements():
    answers = np.repeat([1, 0], [500_500, 499_500])
    p = paired_tests.mcnemar(answers, 1 - answers)
    # the normal approximation with a correction for continuity: 999 / 1000 standard deviations
    assert p == pytest.approx(math.erfc(0.999 / math.sqrt(2)), rel=1e-5)


def test_mcnemar_of_lists_of_unlike_lengths():
    with pytest.raises(ValueError, match="found 1 and 2 answers"):
        paired_tests.mcnemar([1], [0, 1])
