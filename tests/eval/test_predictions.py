"""Predictions are checked first: each fault names file and line, what was found, what was expected."""

import json
import re

import pytest

from allegedly.eval import evaluate, predictions, runs
from allegedly.eval.gold import view
from allegedly.schemas.errors import UsageError

TEXT = "The mayor said it may rain. It may rain on Monday. The mayor said no more."
SENTENCES = [(0, 27), (28, 50), (51, 74)]


@pytest.fixture
def made(record):
    labels = {
        "claims": [{"extent": [(28, 49)], "worth": "check_worthy", "kind": "prediction"}],
        "speculations": [{"cue": [(18, 21)]}],
        "attributions": [{"source": [(0, 9)], "cue": [(10, 14)], "content": [(15, 26)]}],
    }
    return record(TEXT, sentences=SENTENCES, metadata={"source_id": "story-1"}, **labels)


def refused(score, records, lines, message, **options):
    with pytest.raises(UsageError) as caught:
        score(records, lines, **options)
    assert re.search(message, str(caught.value)), str(caught.value)
    return str(caught.value)


def said(made, **labels):
    return {"article": {"id": made.article.id}, "labels": labels}


def line_of(made, **other):
    line = {"task": "speculation-detection", "id": f"{made.article.id}:0", "label": "certain"}
    return {key: value for key, value in {**line, **other}.items() if value is not None}


def nested(levels):
    value = {}
    for _ in range(levels):
        value = {"a": value}
    return value


CASES = {
    "unknown-article": (lambda m: {"article": {"id": "0" * 16}, "labels": {}}, "no article '0{16}' in the release"),
    "other-text": (lambda m: {"article": {"id": m.article.id, "text": "x"}}, "another text than that of article"),
    "outside": (lambda m: said(m, claims=[{"extent": [{"start": 0, "end": 900}]}]), "end 900, expected at most 74"),
    "empty-span": (lambda m: said(m, claims=[{"extent": [{"start": 4, "end": 4}]}]), "a start before its end"),
    "overlapping-pieces": (
        lambda m: said(m, claims=[{"extent": [{"start": 0, "end": 5}, {"start": 3, "end": 9}]}]),
        "at least 5, the end of the span before it",
    ),
    "unknown-kind": (lambda m: said(m, claims=[{"extent": [], "kind": "wish"}]), "/labels/claims/0/kind"),
    "unknown-key": (lambda m: said(m, claims=[{"extent": [], "kinds": "event"}]), "kinds"),
    "wrong-text": (
        lambda m: said(m, claims=[{"extent": [{"start": 0, "end": 9}], "text": "A mayor"}]),
        'found "A mayor", expected "The mayor"',
    ),
    "quoted-twice": (
        lambda m: said(m, claims=[{"extent": [{"text": "may rain"}]}]),
        r'2 places \(0: 18-26, 1: 31-39\); say which: "nth": 0',
    ),
    "nth-too-large": (
        lambda m: said(m, claims=[{"extent": [{"text": "may rain", "nth": 2}]}]),
        "expected nth from 0 to 1",
    ),
    "dangling-link": (lambda m: said(m, claims=[{"extent": [], "claimer": "a3"}]), "the id of an attribution"),
    "class-of-sentence": (
        lambda m: {"article": {"id": m.article.id}, "sentences": [{"start": 0, "speculation": "maybe"}]},
        "/sentences/0/speculation",
    ),
    "score-range": (
        lambda m: {"article": {"id": m.article.id}, "sentences": [{"start": 0, "scores": {"claim": 1.5}}]},
        "/sentences/0/scores/claim: found 1.5",
    ),
    "strange-sentence": (
        lambda m: {"article": {"id": m.article.id}, "sentences": [{"start": 3, "claim": "no_claim"}]},
        "no sentence of article [0-9a-f]+ begins at 3",
    ),
    "unknown-task": (
        lambda m: {"task": "speculation-detecton", "id": f"{m.article.id}:0", "label": "certain"},
        "did you mean 'speculation-detection'",
    ),
    "span-task": (lambda m: {"task": "claim-spans", "id": f"{m.article.id}:0"}, "claim-spans is no sentence task"),
    "unknown-sentence": (
        lambda m: {"task": "claim-detection", "id": f"{m.article.id}:30", "label": "no_claim"},
        "has one that begins at 28",
    ),
    "unknown-label": (
        lambda m: {"task": "speculation-detection", "id": f"{m.article.id}:0", "label": "hedged"},
        'found label "hedged", expected one of certain, speculative',
    ),
    "line-score": (
        lambda m: {"task": "speculation-detection", "id": f"{m.article.id}:0", "label": "certain", "score": -0.1},
        "/score: found -0.1",
    ),
    "leading-zeros": (lambda m: line_of(m, id=f"{m.article.id}:028"), "no sentence '[0-9a-f]{16}:028' in the release"),
    "foreign-digits": (lambda m: line_of(m, id=f"{m.article.id}:\u0660"), "does not match"),
    "digits": (lambda m: line_of(m, id=f"{m.article.id}:{'9' * 5000}"), "no sentence '.* begins at 51"),
    "no-task": (
        lambda m: line_of(m, task=None),
        "found no task, expected it in each line, or one task named by --task",
    ),
    "task-list": (lambda m: line_of(m, task=[]), r"unknown sentence task '\[\]'"),
    "class-number": (lambda m: line_of(m, label=1), 'labels = { 0 = "certain", 1 = "speculative" }'),
    "surrogate-id": (lambda m: line_of(m, id="\ud800:0"), "found a lone surrogate"),
    "surrogate-label": (lambda m: line_of(m, label="\ud800"), "found label"),
    "surrogate-text": (lambda m: {"article": {"text": "\ud800"}, "labels": {}}, "found a lone surrogate"),
    "score-alone": (lambda m: line_of(m, label=None, score=0.5), "found scores without labels"),
    "nth-with-a-point": (
        lambda m: said(m, claims=[{"extent": [{"text": "may rain", "nth": 0.0}]}]),
        r"found nth 0\.0, expected a whole number without a point",
    ),
    "nth-without-end": (
        lambda m: said(m, claims=[{"extent": [{"text": "may rain", "nth": 10**30}]}]),
        "expected nth from 0 to 1, found 10{30}",
    ),
    "nested": (lambda m: said(m, claims=[{"extent": [], "kind": nested(400)}]), "Recursion limit reached"),
    "neither": (lambda m: {"labels": {}}, "found keys labels, expected an object with article"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_file_and_line(score, made, line, case):
    bad, message = CASES[case]
    text = refused(score, [made], [bad(made)], message, missing="empty")
    assert re.match(r".*p\.jsonl:1: ", text) or case == "score-alone"


def test_two_answers_for_one_item(score, made):
    twice = said(made, claims=[])
    refused(score, [made], [twice, twice], "p.jsonl:2: a second answer for claims of article")
    task = {"task": "claim-detection", "id": f"{made.article.id}:0", "label": "no_claim"}
    refused(score, [made], [task, task], "p.jsonl:2: a second answer for claim-detection")


def test_layers_may_come_on_lines_of_their_own(score, made):
    report = score([made], [said(made, claims=[]), said(made, speculations=[])])
    assert {"claim-spans", "speculation-cues"} <= set(report.systems[0]["tasks"])


def test_broken_json_and_nan(tmp_path, made):
    for text, message in (("{", "one JSON object a line"), ('{"score": NaN}', "NaN"), ("[1]", "JSON object")):
        file = tmp_path / "x.jsonl"
        file.write_text(f"\n{text}\n")
        found = predictions.Predictions(view([made]))
        with pytest.raises(UsageError, match=message) as caught:
            for where, value in predictions.lines(file):
                found.add(value, where)
        assert "x.jsonl:2" in str(caught.value)


def test_missing_articles_are_counted(score, made, record):
    other = record("It may snow.", claims=[], speculations=[], attributions=[])
    lines = [said(made, speculations=[])]
    refused(score, [made, other], lines, "speculation-detection: 1 of 2 articles have no prediction .*--missing skip")
    report = score([made, other], lines, missing="skip")
    assert report.row("p", "speculation-detection")["articles"] == 1
    report = score([made, other], lines, missing="empty")
    assert report.row("p", "speculation-detection")["articles"] == 2
    assert report.value("p", "speculation-detection", "coverage") == 0.75


def test_other_splits_are_ignored_and_counted(score, made, record):
    other = record("It may snow.", split="train", speculations=[])
    report = score([made, other], [said(made, speculations=[]), said(other, speculations=[])])
    reasons = {row["reason"]: row["count"] for row in report.left_out if row["task"] == "speculation-cues"}
    assert reasons["predictions for articles of other splits, ignored"] == 1


def test_articles_are_found_by_source_id_and_by_text(score, made):
    for name in ({"source_id": "story-1"}, {"id": None, "text": TEXT}, {"id": "elsewhere", "source_id": "story-1"}):
        report = score([made], [{"article": name, "labels": {"claims": []}}])
        assert report.value("p", "claim-spans") == 0.0


def test_an_ambiguous_source_id_is_refused(score, made, record):
    other = record("Other.", claims=[], metadata={"source_id": "story-1"})
    bad = {"article": {"source_id": "story-1"}, "labels": {"claims": []}}
    refused(score, [made, other], [bad], "names several articles")


def test_an_answer_serves_exact_copies(score, made, record):
    labels = {"speculations": [{"cue": [(18, 21)]}]}
    copy = record(TEXT, id=f"{made.article.id}-2", sentences=SENTENCES, **labels)
    whole = said(made, speculations=[{"cue": [{"start": 18, "end": 21}]}])
    report = score([made, copy], [whole])
    assert report.row("p", "speculation-cues")["articles"] == 2 and report.value("p", "speculation-cues") == 1.0
    own = {"article": {"id": copy.article.id}, "labels": {"speculations": []}}
    assert score([made, copy], [whole, own]).value("p", "speculation-cues") == pytest.approx(2 / 3)
    task = "speculation-detection"
    lines = [{"task": task, "id": f"{made.article.id}:{start}", "label": "certain"} for start, _ in SENTENCES]
    assert score([made, copy], lines).row("p", task)["items"] == 6


def test_copies_that_label_prints_under_one_id(score, made, record):
    copy = record(TEXT, id=f"{made.article.id}-2", sentences=SENTENCES, claims=[], speculations=[], attributions=[])
    printed = [
        {
            **said(made, claims=[]),
            "article": {**made.article.to_json(), "origin": {**made.article.origin.to_json(), "file_name": name}},
        }
        for name in ("a.txt", "b.txt")
    ]
    assert score([made, copy], printed).row("p", "claim-spans")["articles"] == 2
    assert score([made], printed).row("p", "claim-spans")["articles"] == 1


def test_quotations_are_located(score, made):
    extent = [{"text": "It may\n rain on Monday"}]
    report = score([made], [said(made, claims=[{"extent": extent}])])
    assert report.value("p", "claim-spans", "exact_f1") == 1.0
    cue = [{"text": "may", "nth": 1}]  # the first stands in "mayor"
    assert score([made], [said(made, speculations=[{"cue": cue}])]).value("p", "speculation-cues") == 1.0


def test_classes_of_sentences_win_over_labels(score, made):
    report = score([made], [said(made, speculations=[{"cue": [{"start": 18, "end": 21}]}])])
    assert report.value("p", "speculation-detection") == 1.0
    whole = said(made, speculations=[])
    whole["sentences"] = [{"start": 0, "speculation": "speculative"}]
    assert score([made], [whole]).value("p", "speculation-detection") == 1.0


def test_a_file_runs_what_it_holds(score, made):
    report = score([made], [said(made, claims=[{"extent": [{"start": 28, "end": 49}]}])])
    assert report.systems[0]["tasks"] == ["claim-detection", "check-worthiness", "claim-spans"]
    assert "claim-kind" in report.systems[0]["absent"]
    refused(
        score, [made], [said(made, claims=[])], "holds no predictions for claim-kind; it holds", tasks=["claim-kind"]
    )
    refused(score, [made], [], "holds no predictions for any task")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet"])
def test_tables(tmp_path, made, ending):
    task, name = "speculation-detection", made.article.id
    rows = [
        {"task": task, "id": f"{name}:0", "label": "speculative", "score": 0.9},
        {"task": task, "id": f"{name}:28", "label": "certain", "score": None},
    ]
    file = tmp_path / f"p{ending}"
    if ending == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), file)
    else:
        mark = "\t" if ending == ".tsv" else ","
        lines = [mark.join(rows[0]), *(mark.join("" if v is None else str(v) for v in row.values()) for row in rows)]
        file.write_text("\n".join(lines) + "\n")
    found = predictions.Predictions(view([made]))
    for where, value in predictions.lines(file):
        found.add(value, where)
    assert found.answers[task] == {0: {0: ("speculative", 0.9), 1: ("certain", None)}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("task,id,lable\na,b,c\n", "did you mean 'label'"),
        ("id,label\na,b\n", "expected task, id, label, score"),
        ("task,id,label,score\nclaim-detection,a:0,no_claim,high\n", "p.csv:2: found score 'high'"),
        ("task,id,label\nclaim-detection,a:0,no_claim,1\n", "p.csv:2: found 1 fields too many"),
    ],
)
def test_broken_tables(tmp_path, text, message):
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(UsageError, match=message):
        list(predictions.lines(tmp_path / "p.csv"))


def test_names_of_labels_are_mapped(score, made):
    lines = [
        {"task": "speculation-detection", "id": f"{made.article.id}:{s}", "label": label}
        for (s, _), label in zip(SENTENCES, ["HEDGE", "FACT", "FACT"], strict=True)
    ]
    options = {"labels": {"HEDGE": "speculative", "FACT": "certain"}}
    assert score([made], lines, options=options).value("p", "speculation-detection") == 1.0


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_numbers_of_classes_without_a_task(score, made, tmp_path, ending):
    pandas = pytest.importorskip("pandas")
    ids = [f"{made.article.id}:{start}" for start, _ in SENTENCES]
    table = pandas.DataFrame({"id": ids, "label": [1, 0, 0], "score": [0.9, None, 0.8]})
    write = {".csv": table.to_csv, ".parquet": table.to_parquet}.get(ending)
    file = tmp_path / f"p{ending}"
    table.to_json(file, orient="records", lines=True) if write is None else write(file)
    task = "speculation-detection"
    for labels in ({"0": "certain", "1": "speculative"}, ["certain", "speculative"]):
        named = {"p": {"labels": labels}}
        with runs.connected({"p": f"file:{file}"}, named) as connected:
            report = evaluate.evaluate(view([made]), connected, tasks=[task], resamples=0, version="0")
        assert report.value("p", task) == 1.0 and report.systems[0]["tasks"] == [task]
    with (
        runs.connected({"p": f"file:{file}"}) as connected,
        pytest.raises(UsageError, match="found no task, expected it in each line, or one task named by --task"),
    ):
        evaluate.evaluate(view([made]), connected, resamples=0, version="0")


def test_nested_json_is_refused(tmp_path, made):
    file = tmp_path / "deep.jsonl"
    file.write_text("[" * 100_000 + "\n")
    with pytest.raises(UsageError, match=r"deep\.jsonl:1"):
        list(predictions.lines(file))


def test_lines_are_json_of_the_printed_shape(score, made):
    printed = json.loads(json.dumps(made.to_json()))
    report = score([made], [printed])
    assert all(row["value"] in (1.0, None) for row in report.rows if row["primary"])
