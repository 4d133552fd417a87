"""Validation: what breaks a rule is found, where it stands; what does not, is not."""

import copy
import csv
import json

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.schemas import check, derive
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import (
    Article,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Record,
    Span,
    Speculation,
)
from allegedly.schemas.schema import names, schema, validator
from allegedly.schemas.validate import validate

TEXT = "Ports [reopen](/a)\n\nThe harbour may close, Ada Lindqvist said.\n\nBy staff"


def valid() -> dict:
    article = Article(
        id=derive.article_id(TEXT),
        text=TEXT,
        origin=Origin(file_name="a.md"),
        blocks=(
            Block(kind="title", start=0, end=18),
            Block(kind="lead", start=20, end=62),
            Block(kind="byline", start=64, end=72),
        ),
        sentences=(Span(0, 18), Span(20, 62)),
        markup=(Span(6, 7), Span(13, 18)),
    )
    by = {"by": "rules", "scheme": "allegedly-1"}
    labels = derive.numbered(
        Labels(
            claims=(Claim(extent=(Span(20, 41),), worth="check_worthy", claimer="x", **by),),
            speculations=(Speculation(cue=(Span(32, 35),), **by),),
            attributions=(
                Attribution(id="x", source=(Span(43, 56),), cue=(Span(57, 61),), content=(Span(20, 41),), **by),
            ),
        ),
        article,
    )
    sentences = derive.sentence_classes(article, labels)
    return Record(article=article, labels=labels, sentences=sentences).to_json()


def changed(path: str, new) -> dict:
    value = valid()
    *steps, last = path.strip("/").split("/")
    node = value
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[int(last) if isinstance(node, list) else last] = new
    return value


def test_a_sound_record_has_no_problem():
    assert list(check.record(valid())) == []


@pytest.mark.parametrize(
    ("path", "new", "where", "expected"),
    [
        ("/article/id", "0" * 16, "/article/id", "the hash of the text"),
        ("/article/blocks/1/end", 999, "/article/blocks/1", "the length of the text"),
        ("/article/blocks/1/start", 10, "/article/blocks/1", "the end of the span before it"),
        ("/article/blocks/1/start", 20.0, "/article/blocks/1", "whole numbers"),
        ("/labels/claims/0/extent/0/end", 41.0, "/labels/claims/0/extent/0", "whole numbers"),
        ("/article/blocks/1/start", 24, "/article/blocks/1", "blocks that cover it"),
        ("/article/blocks/1/kind", "byline", "/article/sentences/1", "holds sentences"),
        ("/article/published", "27 May", "/article/published", "match"),
        ("/labels/claims/0/extent/0/end", 999, "/labels/claims/0/extent/0", "the length of the text"),
        (
            "/labels/claims/0/extent",
            [{"start": 30, "end": 40}, {"start": 20, "end": 25}],
            "/labels/claims/0/extent/1",
            "",
        ),
        ("/labels/claims/0/text", "The harbour", "/labels/claims/0/text", "the surface text"),
        ("/labels/claims/0/kind", "rumour", "/labels/claims/0/kind", "quantity"),
        ("/labels/claims/0/claimer", "a7", "/labels/claims/0/claimer", "the id of an attribution"),
        ("/labels/attributions/0/parent", "a1", "/labels/attributions/0/parent", "without a circle"),
        (
            "/labels/attributions/0/source",
            [{"start": 64, "end": 72}],
            "/labels/attributions/0/source/0",
            "hold sentences",
        ),
        ("/labels/attributions/0/source", [{"start": 7, "end": 14}], "/labels/attributions/0/source/0", "in words"),
        ("/labels/speculations/0/confidence", 1.5, "/labels/speculations/0/confidence", "1"),
        ("/sentences/1/claim", "no_claim", "/sentences/1/claim", "follows from the labels"),
        ("/sentences/1/start", 21, "/sentences/1/start", "the start of a sentence"),
    ],
)
def test_what_breaks_a_rule_is_found_where_it_stands(path, new, where, expected):
    found = list(check.record(changed(path, new)))
    assert any(finding.path == where and expected in finding.expected for finding in found), found


def test_ids_are_unique():
    value = valid()
    value["labels"]["claims"].append(copy.deepcopy(value["labels"]["claims"][0]))
    assert "no other label" in next(check.record(value)).expected


def test_a_lone_surrogate_is_a_finding():
    value = valid()["article"]
    value["text"] += "\ud800"
    assert list(check.article(value))


@pytest.mark.parametrize("name", names())
def test_every_schema_is_a_schema_with_title_and_descriptions(name):
    document = schema(name)
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["title"]
    for key, node in document.get("properties", {}).items():
        assert "description" in node or "$ref" in node, f"{name}: {key} has no description"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 200)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("abc1-"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=5,
)


def paths(node, here=()):
    yield here
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from paths(child, (*here, key))


PATHS = [path for path in paths(valid()) if path]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PATHS), JSON)
def test_jsonschema_agrees_with_jsonschema_rs(path, new):
    value = valid()
    node = value
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = new
    for name, part in (("prediction", value), ("article", value.get("article"))):
        reference = jsonschema.Draft202012Validator(schema(name))
        theirs = {tuple(error.absolute_path) for error in reference.iter_errors(part)}
        ours = {tuple(error.instance_path) for error in validator(name).iter_errors(part)}
        assert ours == theirs


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PATHS), JSON)
def test_checks_never_raise(path, new):
    value = valid()
    node = value
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = new
    for finding in check.record(value):
        assert finding.found is not None
        assert finding.expected


def test_json_lines_are_checked_line_by_line(tmp_path):
    file = tmp_path / "labels.jsonl"
    good = json.dumps(valid())
    bad = json.dumps(changed("/labels/claims/0/extent/0/end", 999))
    sentence = json.dumps({"task": "speculation-detection", "id": f"{derive.article_id(TEXT)}:20", "label": "maybe"})
    file.write_text(f"{good}\n{bad[:-5]}\n\n{sentence}\n[1]\n", encoding="utf-8")
    found = validate(file)
    assert [problem.line for problem in found] == [2, 4, 5]
    assert "broken JSON" in found[0].found
    assert found[1].path == "/label"
    assert str(found[1]).startswith(f'{file}:4: /label: found "maybe", expected')


def test_a_second_answer_is_found(tmp_path):
    file = tmp_path / "labels.jsonl"
    file.write_text(f"{json.dumps(valid())}\n{json.dumps(valid())}\n", encoding="utf-8")
    assert "first on line 1" in validate(file)[0].found


@pytest.mark.parametrize("text", ["null", "[" * 100_000, '{"a": NaN}', "{", "\ufeff[]", '"\\ud800"'])
def test_hostile_json_is_a_problem_not_a_crash(tmp_path, text):
    for ending in (".json", ".jsonl"):
        file = tmp_path / f"x{ending}"
        file.write_text(text, encoding="utf-8")
        assert validate(file)


def test_csv_and_parquet_predictions(tmp_path):
    rows = [
        {"task": "claim-detection", "id": "a:0", "label": "check_worthy", "score": "0.5"},
        {"task": "claim-detection", "id": "a:9", "label": "checkworthy", "score": "nan"},
        {"task": "claim-detection", "id": "a:10", "label": "no_claim", "score": "2"},
    ]
    file = tmp_path / "p.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, ["task", "id", "label", "score"])
        writer.writeheader()
        writer.writerows(rows)
    assert [problem.line for problem in validate(file)] == [3, 4]
    other = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist([{**row, "score": float(row["score"])} for row in rows]), other)
    assert [problem.line for problem in validate(other)] == [1, 2]


def test_annotation_files(tmp_path):
    value = {
        "article_id": "0" * 16,
        "annotator": {"id": "x", "kind": "human"},
        "labels": {"claims": [{"extent": [{"start": 0, "end": 4}], "kind": "rumour"}]},
    }
    (tmp_path / "a.json").write_text(json.dumps(value))
    found = validate(tmp_path)
    assert [problem.path for problem in found] == ["/labels/claims/0/kind"]
    assert "quantity" in found[0].expected


@pytest.mark.parametrize(
    ("extent", "expected"),
    [
        ([{"start": 0.0, "end": 5}], "whole numbers without a point"),
        ([{"start": 5, "end": 5}], "a start before its end"),
        ([{"start": 4, "end": 9}, {"start": 0, "end": 3}], "at least 9"),
    ],
)
def test_spans_that_stand_in_no_text_are_found_without_it(extent, expected):
    labels = {"claims": [{"extent": extent}]}
    of_annotator = {"article_id": "0" * 16, "annotator": {"id": "amy", "kind": "human"}, "labels": labels}
    for found in (check.annotation(of_annotator), check.record({"article": {"id": "0" * 16}, "labels": labels})):
        (finding,) = found
        assert finding.path.startswith("/labels/claims/0/extent/") and expected in finding.expected


def test_what_is_nothing_known_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        validate(tmp_path / "absent")
    (tmp_path / "a.doc").write_text("x")
    with pytest.raises(UsageError, match="not a thing that can be validated"):
        validate(tmp_path / "a.doc")
    with pytest.raises(UsageError, match=r"neither manifest\.json nor annotation files"):
        validate(tmp_path)
