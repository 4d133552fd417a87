"""Quotations that stand nowhere: predicted, wrong in every metric of labels, and counted in the report."""

import json

import pytest

from allegedly.eval.tasks import TASKS

TEXT = "The mayor said it may rain. It could rain on Monday, Ann Berg said. Nobody knows."
SENTENCES = [(0, 27), (28, 67), (68, 81)]
LAYERS = {
    "claims": [
        {"extent": [(15, 26)], "kind": "prediction", "certainty": "possible", "polarity": "positive", "claimer": "a1"}
    ],
    "speculations": [{"cue": [(18, 21)], "scope": [(15, 26)], "kind": "epistemic"}],
    "attributions": [
        {"id": "a1", "source": [(0, 9)], "cue": [(10, 14)], "content": [(15, 26)], "form": "indirect"},
        {"id": "a2", "source": [(53, 61)], "cue": [(62, 66)], "content": [(28, 51)], "form": "indirect"},
    ],
}
QUOTE = [{"text": "pigs will fly"}]
INVENTED = {
    "claims": {"extent": QUOTE, "kind": "prediction", "certainty": "possible", "polarity": "positive", "claimer": "a3"},
    "speculations": {"cue": QUOTE, "scope": QUOTE, "kind": "epistemic"},
    "attributions": {"source": QUOTE, "cue": QUOTE, "content": QUOTE, "form": "indirect"},
}


@pytest.fixture
def made(record):
    return record(TEXT, sentences=SENTENCES, **LAYERS)


def answer(made, **more):
    """The gold of an article as an answer, with further labels by layer."""
    labels = json.loads(json.dumps(made.to_json()))["labels"]
    return {"article": {"id": made.article.id}, "labels": {k: [*labels[k], *more.get(k, ())] for k in labels}}


def of_labels(report):
    return {
        (row["task"], row["metric"]): row["value"]
        for row in report.rows
        if not TASKS[row["task"]].of_sentences and row["value"] is not None
    }


def test_every_metric_of_labels_sees_them(score, made):
    right = of_labels(score([made], [answer(made)]))
    invented = {layer: [label] * 3 for layer, label in INVENTED.items()}
    invented["attributions"] = [{"id": f"a{n}", **INVENTED["attributions"]} for n in (3, 4, 5)]
    wrong = of_labels(score([made], [answer(made, **invented)]))
    # recall asks what of the gold was predicted, accuracy looks at matched labels alone
    still = {name for name in right if name[1].partition(":")[0].endswith("recall") or name[1] == "accuracy"}
    assert len(right) > 90 and {name for name in right if wrong[name] >= right[name]} == still
    assert all(wrong[name] == right[name] for name in still)
    exact = {name: value for name, value in wrong.items() if name[1].startswith("exact_precision")}
    assert exact["claim-spans", "exact_precision"] == exact["speculation-cues", "exact_precision"] == 1 / 4
    assert exact["attribution-spans", "exact_precision:content"] == 2 / 5


def test_they_are_counted_in_the_report(score, made):
    report = score([made], [answer(made, speculations=[INVENTED["speculations"]] * 3)])
    unplaced = {row["task"]: row["count"] for row in report.left_out if "(unplaced)" in row["reason"]}
    assert unplaced == {task.name: 3 for task in TASKS.values() if task.layer == "speculations"}
    assert report.value("p", "speculation-detection") == score([made], [answer(made)]).value(
        "p", "speculation-detection"
    )


@pytest.mark.parametrize("quote", ["pigs will fly", " ", "\n\t", "may\u00a0not", "(", "x" * 10_000, "\U0001f600"])
def test_what_stands_nowhere_may_be_anything(score, made, quote):
    report = score([made], [answer(made, speculations=[{"cue": [{"text": quote}]}])])
    assert report.value("p", "speculation-cues", "exact_precision") == 0.5


def test_a_part_that_stands_in_part_is_wrong_as_a_whole(score, made):
    cue = [{"start": 18, "end": 21}, {"text": "rather"}]
    for label in ({"cue": cue}, {"cue": cue[::-1], "text": "may rather"}):
        report = score([made], [{"article": {"id": made.article.id}, "labels": {"speculations": [label]}}])
        assert report.value("p", "speculation-cues", "exact_f1") == 0.0
        assert report.value("p", "speculation-cues", "partial_f1") == 0.5
        assert report.value("p", "speculation-detection") == 1.0  # its sentence is known


def test_a_claimer_that_stands_nowhere_is_not_the_authors_nor_nobody(score, made):
    labels = answer(made)["labels"]
    labels["attributions"][0]["source"] = QUOTE
    assert score([made], [{"article": {"id": made.article.id}, "labels": labels}]).value("p", "claimer") == 0.0


def test_copies_keep_to_what_was_said_of_them(score, made, record):
    """An answer serves exact copies: their quotations too, unless they have answers of their own."""
    copy = record(TEXT, id=f"{made.article.id}-2", sentences=SENTENCES, **LAYERS)
    invented = {"article": {"id": made.article.id}, "labels": {"speculations": [INVENTED["speculations"]]}}
    report = score([made, copy], [invented])
    (row,) = (r for r in report.left_out if r["task"] == "speculation-cues" and "(unplaced)" in r["reason"])
    assert row["count"] == 2
    own = {"article": {"id": copy.article.id}, "labels": {"speculations": []}}
    report = score([made, copy], [invented, own])
    (row,) = (r for r in report.left_out if r["task"] == "speculation-cues" and "(unplaced)" in r["reason"])
    assert row["count"] == 1 and report.value("p", "speculation-cues", "exact_precision") == 0.0
