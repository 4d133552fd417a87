"""The contract of every metric: what its file declares, and how its counts and scores behave."""

import ast
from pathlib import Path

import numpy as np
import pytest

from allegedly.eval import bootstrap, declared, task_metrics, tasks
from allegedly.eval.counts import Key
from allegedly.schemas import plugins

FILES = plugins.modules("metrics")
FAMILIES = [(task, family) for task in tasks.TASKS.values() for family in task_metrics.families(task)]
CODE = Path(declared.__file__).parent
#: Measures that a perfect answer need not bring to 1: they divide by k in articles of fewer positives.
BELOW_ONE = ("precision_at_5", "precision_at_10", "precision_at_20")


@pytest.fixture(scope="module")
def articles(record):
    """Articles with labels of all layers: plain, nested and discontinuous ones, certain and uncertain sentences."""
    words = "Mayor Ada Lind said the harbour may open on Monday. The port closed in May. It could rain, she said."
    made = []
    for at in range(12):
        text = f"{words} Ship {at:02d} came."
        length = len(text)
        claims = [
            {"extent": [(20, 51)], "kind": "event", "worth": "check_worthy", "claimer": "a1"},
            {"extent": [(24, 31), (39, 51)], "kind": "prediction", "worth": "unimportant", "claimer": "a1"},
            {"extent": [(52, 75)], "kind": "quantity", "worth": "check_worthy" if at % 2 else "unimportant"},
        ]
        for claim in claims:
            claim |= {"certainty": "certain" if at % 3 else "possible", "polarity": "positive"}
        made.append(
            record(
                text,
                sentences=[(0, 51), (52, 75), (76, length - 14), (length - 13, length)],
                claims=claims,
                speculations=[
                    {"cue": [(32, 35)], "scope": [(20, 51)], "kind": "epistemic"},
                    {"cue": [(79, 84)], "scope": [(76, 89)], "kind": "epistemic" if at % 2 else "doxastic"},
                ],
                attributions=[
                    {
                        "id": "a1",
                        "source": [(0, 14)],
                        "cue": [(15, 19)],
                        "content": [(20, 50)],
                        "form": "indirect",
                        "speaker": [(6, 14)],
                    },
                    {
                        "id": "a2",
                        "source": [(91, 94)],
                        "cue": [(95, 99)],
                        "content": [(76, 89)],
                        "form": "indirect",
                        "speaker": [(6, 14)] if at % 2 else [],
                    },
                ],
            )
        )
    return made


def worse(record):
    """The gold of an article with one label of each layer gone, one moved, and one of another kind; with scores."""
    value = record.to_json()
    labels = value["labels"]
    for layer, part in (("claims", "extent"), ("speculations", "cue"), ("attributions", "content")):
        labels[layer].pop()
        labels[layer][0][part][0]["start"] += 2
        labels[layer][0].pop("text", None)
    labels["claims"][0]["kind"] = "rule"
    value.pop("sentences")
    return value


def perfect(record):
    """The gold of an article, with probabilities that are sure of it."""
    value = record.to_json()
    for sentence in value["sentences"]:
        check_worthy = float(sentence["claim"] == "check_worthy")
        sentence["scores"] = {
            "check_worthy": check_worthy,
            "claim": float(sentence["claim"] != "no_claim"),
            "speculative": float(sentence["speculation"] == "speculative"),
            "attributed": float(sentence["attribution"] == "attributed"),
            "certainty": None,
        }
    return value


@pytest.mark.parametrize("name", FILES)
def test_every_file_declares_what_it_serves(name):
    groups = [group for group in declared.metrics() if group.file == name]
    assert groups
    for group in groups:
        assert set(group.tasks) <= set(tasks.TASKS) and set(group.primary) <= set(group.tasks)
        assert group.definition.strip() and group.source.strip()
        assert all(names for names in group.names)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_without_running_it(name):
    literals = declared._literals(FILES[name])
    assert "METRICS" in literals and "PLACE" in literals


#: The modules that score, cut, gate and compare.
CORE = ("tasks", "declared", "metric", "evaluate", "bootstrap", "compare", "gate", "slices")


@pytest.mark.parametrize("name", CORE)
def test_no_name_of_a_metric_stands_outside_its_file(name):
    names = {measure.name for _, family in FAMILIES for measure in family.measures}
    tree = ast.parse((CODE / f"{name}.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    # what `triple` makes of three columns carries these names
    assert texts & names <= ({"f1", "precision", "recall"} if name == "metric" else set())


def test_perfect_answers_are_the_best_of_all(articles, score):
    best = score(articles, map(perfect, articles), name="best")
    other = score(articles, map(worse, articles), name="other")
    seen = set()
    for row in best.rows:
        low = declared.lower_is_better(row["metric"])
        if row["value"] is not None:
            seen.add((row["task"], row["metric"]))
        if row["value"] is not None and row["metric"] not in BELOW_ONE:
            assert row["value"] == pytest.approx(0.0 if low else 1.0, abs=1e-9), row
        against = other.value("other", row["task"], row["metric"])
        if row["value"] is not None and against is not None:
            assert row["value"] <= against if low else row["value"] >= against, (row, against)
    # a metric that is n/a here says nothing: those are classes that no label of these articles has, and pcs
    silent = {(task.name, m.name) for task, family in FAMILIES for m in family.measures} - seen
    assert {name.partition(":")[0] for _, name in silent} <= {"f1", "precision", "recall", "pcs"}


@pytest.mark.parametrize(("task", "family"), FAMILIES, ids=lambda x: x.name)
def test_counts_of_an_article_do_not_hang_on_the_others(task, family, articles, score):
    """So that they add up: scored apart, articles have the counts, and their sums the scores, of all together."""
    key = family.measures[0].name
    whole = score(articles, map(worse, articles), tasks=[task.name]).counts[Key("p", task.name, key)]
    apart = [score([one], [worse(one)], tasks=[task.name]).counts[Key("p", task.name, key)] for one in articles[:4]]
    for counts in apart:
        (row,), (expected,) = counts.values, whole.of(counts.articles)
        assert np.array_equal(row, expected)
        assert np.asarray(row).dtype == np.int64
    if not family.pooled:
        assert whole.values.shape == (len(articles), whole.values.shape[1])
        halves = whole.values[:6].sum(axis=0) + whole.values[6:].sum(axis=0)
        values = bootstrap.point(family, whole.values)
        for measure in family.measures:
            with np.errstate(invalid="ignore", divide="ignore"):
                assert np.array_equal(measure.score(halves[None, :])[0], values[measure.name], equal_nan=True)


@pytest.mark.parametrize(("task", "family"), FAMILIES, ids=lambda x: x.name)
def test_scores_take_sums_of_any_shape(task, family, articles, score):
    if family.pooled:
        pytest.skip("takes rows with weights")
    key = Key("p", task.name, family.measures[0].name)
    counts = score(articles, map(worse, articles), tasks=[task.name]).counts[key].values
    cube = np.stack([counts[:6], counts[6:]]).astype(np.float64)
    for measure in family.measures:
        with np.errstate(invalid="ignore", divide="ignore"):
            together = measure.score(cube)
            assert together.shape == (2, 6)
            assert np.array_equal(together[1, 2], measure.score(cube[1, 2]), equal_nan=True)
            nothing = measure.score(np.zeros(counts.shape[1]))
        assert np.isnan(nothing) or measure.name.partition(":")[0] == "mcc", measure.name
