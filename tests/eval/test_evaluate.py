"""Evaluation end to end: gold given back, nothing given, order, reports saved and read."""

import json
import random

import pytest

from allegedly.eval import evaluate, runs
from allegedly.eval import report as reports
from allegedly.eval.gold import view
from allegedly.eval.task_metrics import families
from allegedly.eval.tasks import TASKS
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import errors

WORDS = [
    *["the", "mayor", "said", "it", "may", "rain", "on", "monday", "and"],
    *["nobody", "knows", "whether", "the", "harbour", "will", "open", "again", "today"],
]
OUTLETS = ("Harbour Post", "Valley News", None)


def made_up(record, seed, count=12):
    """Articles with labels of all layers, nested, discontinuous, linked, with null attributes here and there."""
    out = []
    for at in range(count):
        draw = random.Random(f"{seed}-{at}")
        words = [draw.choice(WORDS) for _ in range(40)] + [f"end{seed}{at}"]
        text, places = "", []
        for word in words:
            places.append((len(text), len(text) + len(word)))
            text += f"{word} "

        def stretch(draw=draw, places=places):
            first = draw.randrange(len(places) - 6)
            return (places[first][0], places[first + draw.randrange(6)][1])

        def part(draw=draw, places=places, stretch=stretch):
            if draw.random() < 0.2:
                first, second = draw.randrange(0, 15), draw.randrange(20, 40)
                return [places[first], places[second]]
            return [stretch()]

        attributions = [
            {
                "id": f"a{n}",
                "source": draw.choice([[], part()]),
                "cue": draw.choice([[], part()]),
                "content": part(),
                "form": draw.choice(["direct", "indirect", "mixed", None]),
                "speaker": (None, [], [places[n]])[(at + n) % 3],
            }
            for n in range(1, 4)
        ]
        claims = [
            {
                "extent": part(),
                "kind": draw.choice(["quantity", "event", None]),
                "worth": draw.choice(["check_worthy", "unimportant"]),
                "certainty": draw.choice(["certain", "possible", None]),
                "polarity": "positive",
                "claimer": draw.choice([None, "a1", "a2", "a3"]),
            }
            for _ in range(4)
        ]
        claims += [{**claims[0]}, {**claims[1], "kind": "rule", "claimer": "a3"}]
        speculations = [
            {
                "cue": part(),
                "scope": draw.choice([None, part(), part()]),
                "kind": draw.choice(["epistemic", "doxastic", None]),
            }
            for _ in range(3)
        ]
        sentences = [(places[n][0], places[min(n + 7, len(places) - 1)][1]) for n in range(0, len(places), 8)]
        made = record(
            text,
            sentences=sentences,
            claims=claims if at % 5 else None,
            speculations=speculations if at % 7 else [],
            attributions=attributions,
            metadata={"outlet": OUTLETS[at % 3], "published": f"20{10 + at % 2}-01-01"},
        )
        out.append(made)
    return out


@pytest.fixture(scope="module")
def gold(record):
    return made_up(record, 1)


def jsonl(record):
    return record.to_json()


def test_gold_given_back_scores_one(gold, score):
    report = score(gold, map(jsonl, gold))
    assert set(report.systems[0]["tasks"]) == set(TASKS)
    for row in report.rows:
        if row["primary"] or "f1" in row["metric"]:
            assert row["value"] == 1.0 or (row["value"] is None), row
        if row["primary"]:
            assert row["value"] == 1.0, row


def test_gold_given_back_in_another_order_changes_no_digit(gold, score):
    first = score(gold, map(jsonl, gold), resamples=200)
    draw = random.Random(3)
    lines = []
    for one in gold:
        value = one.to_json()
        for labels in filter(None, value["labels"].values()):
            draw.shuffle(labels)
        draw.shuffle(value["sentences"])
        lines.append(value)
    draw.shuffle(lines)
    shuffled = list(gold)
    draw.shuffle(shuffled)
    second = score(shuffled, lines, resamples=200)
    strip = [{**row, "signature": None} for row in first.rows]
    assert [{**row, "signature": None} for row in second.rows] == strip


@pytest.fixture(scope="module")
def others(record, gold):
    """Lines of a system that is sometimes right: labels lost, ends moved."""
    lines = []
    for one in gold:
        value, draw = one.to_json(), random.Random(one.article.id)
        for layer, labels in value["labels"].items():
            kept = (
                [] if labels is None else [label for label in labels if layer == "attributions" or draw.random() < 0.7]
            )
            for label in kept:
                for part in ("extent", "cue", "content"):
                    if label.get(part) and draw.random() < 0.4:
                        label[part] = [{**label[part][0], "end": label[part][0]["end"] + 1}]
                        label.pop("text", None)
            value["labels"][layer] = kept
        value["sentences"] = [{"start": s["start"]} for s in value["sentences"]]
        lines.append(value)
    return lines


def test_order_changes_no_digit(gold, others, score):
    first = score(gold, others, resamples=100, slice_by=["outlet", "kind", "shape"])
    draw = random.Random(5)
    moved = json.loads(json.dumps(others))
    for value in moved:
        for labels in value["labels"].values():
            draw.shuffle(labels)
    draw.shuffle(moved)
    second = score(gold[::-1], moved, resamples=100, slice_by=["outlet", "kind", "shape"])
    assert any(row["value"] not in (0.0, 1.0, None) for row in first.rows)
    strip = [{**row, "signature": None} for row in first.rows]
    assert [{**row, "signature": None} for row in second.rows] == strip


@pytest.mark.parametrize("lines", ["none", "empty layers"])
def test_empty_predictions_score_zero_or_nothing(gold, score, lines):
    layers = ("claims", "speculations", "attributions")
    given = (
        []
        if lines == "none"
        else [{"article": {"id": one.article.id}, "labels": {name: [] for name in layers}} for one in gold]
    )
    report = score(gold, given, missing="empty")
    primary = [row for row in report.rows if row["primary"]]
    assert len(primary) == (15 if lines == "none" else 8)
    assert all(row["value"] in (0.0, None) for row in primary), [row for row in primary if row["value"]]


def test_null_layers_are_left_out_and_counted(gold, score):
    report = score(gold, map(jsonl, gold))
    for row in report.left_out:
        if row["reason"] == "articles whose gold layer is null":
            assert row["count"] == 3 and TASKS[row["task"]].layer == "claims"
    assert report.row("p", "claim-spans")["articles"] == 9


def test_a_report_is_saved_and_read_whole(gold, others, score, tmp_path):
    report = score(gold, others, resamples=50, slice_by=["outlet"])
    report.save(tmp_path / "r")
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        "counts.parquet",
        "examples.jsonl",
        "report.json",
    ]
    assert not list(errors("report", report.to_json()))
    again = reports.load(tmp_path / "r")
    assert again.to_json() == report.to_json()
    assert set(again.counts) == set(report.counts)
    for key, counts in report.counts.items():
        assert again.counts[key].articles == counts.articles
        mine, read = list(counts.values), list(again.counts[key].values)
        assert all((a == b).all() for a, b in zip(mine, read, strict=True))
    assert (reports.load(tmp_path / "r" / "report.json").to_pandas()["value"].notna()).any()


def test_counts_of_every_metric_for_each_article(gold, others, score, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    import numpy as np

    report = score(gold, others)
    report.save(tmp_path)
    table = pq.read_table(tmp_path / "counts.parquet").to_pandas()
    assert list(table.columns) == ["system", "task", "metric", "slice", "article_id", "group", "counts"]
    for row in report.rows:
        rows = table[(table.task == row["task"]) & (table.metric == row["metric"])]
        assert len(rows) == row["articles"]
    task = TASKS["speculation-cues"]
    measure = next(m for f in families(task) for m in f.measures if m.name == "exact_f1")
    total = np.sum(np.stack(table[(table.task == task.name) & (table.metric == "exact_f1")].counts), axis=0)
    assert float(measure.score(total[None, :])[0]) == report.value("p", task.name)


def test_every_number_carries_a_signature(gold, others, score):
    report = score(gold, others, resamples=50, seed=7)
    for row in report.rows:
        fields = dict(field.split("=", 1) for field in row["signature"].split("; "))
        assert {"task", "metric", "dataset", "split", "gold", "system", "version", "seed", "allegedly"} <= set(fields)
    ece = report.row("p", "claim-detection", "ece")
    assert "bins=10,equal width,edges=(a,b],probability=predicted class" in ece["signature"]
    assert ece["signature"].endswith("seed=7; allegedly=0")


def test_a_split_without_articles_names_those_that_have_some(gold):
    with pytest.raises(UsageError, match="'validation' has no articles; splits with articles: test"):
        view(gold, split="validation")


def test_another_gold_has_another_hash(gold, record):
    same = view(gold[::-1])
    assert same.sha256 == view(gold).sha256
    other = made_up(record, 1)
    other[3] = record(other[3].article.text, claims=[], sentences=[tuple(s) for s in other[3].article.sentences])
    assert view(other).sha256 != same.sha256


def test_few_articles_are_warned_about(gold, score):
    report = score(gold, map(jsonl, gold), resamples=20)
    nine, twelve = report.warnings
    assert nine.startswith("9 articles: no intervals under 10 (claim-detection, check-worthiness, claim-spans, ")
    assert twelve.startswith("12 articles: intervals are too narrow under 30 (speculation-detection, ")
    assert report.row("p", "claim-spans")["low"] is None
    assert report.row("p", "attribution-spans")["low"] == 1.0


def test_gold_cues_are_handed_over_where_the_options_say_so(gold):
    seen = []

    def cues_as_scopes(articles, task):
        seen.extend(articles)
        return [
            {
                "speculations": [
                    {"cue": s["cue"], "scope": s["cue"]} for s in article.get("labels", {}).get("speculations", ())
                ]
            }
            for article in articles
        ]

    for cues, defined in (("gold", True), ("predicted", False)):
        seen.clear()
        with runs.connected({"f": cues_as_scopes}, {"f": {"cues": cues}}) as found:
            report = evaluate.evaluate(view(gold), found, tasks=["speculation-scopes"], resamples=0)
        assert all(("labels" in article) == defined for article in seen) and len(seen) == len(gold)
        assert (report.value("f", "speculation-scopes", "pcs") is not None) == defined
