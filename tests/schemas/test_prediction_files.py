"""Files of predictions: ``allegedly validate`` and ``allegedly eval --system file:`` read them with one reader."""

import decimal
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allegedly.eval import predictions
from allegedly.schemas.errors import UsageError
from allegedly.schemas.prediction_files import lines
from allegedly.schemas.validate import validate

TASK = {"task": "claim-detection", "id": "a:0", "label": "no_claim"}
ARTICLE = {"article": {"id": "a"}, "labels": {"claims": [{"extent": [{"start": 0, "end": 4}], "kind": None}]}}
HEAD = "task,id,label,score\n"


def text(content):
    return lambda file: file.write_bytes(content if isinstance(content, bytes) else content.encode())


def packed(content):
    return lambda file: file.write_bytes(gzip.compress(content.encode()))


def table(*rows):
    return lambda file: pq.write_table(pa.Table.from_pylist(list(rows)), file)


SOUND = {
    "jsonl": ("p.jsonl", text(json.dumps(TASK) + "\n" + json.dumps(ARTICLE)), 2),
    "ndjson with a byte order mark": ("p.NDJSON", text("\ufeff" + json.dumps(TASK)), 1),
    "one object as json": ("p.json", text(json.dumps(ARTICLE, indent=1)), 1),
    "lines as json": ("p.json", text(json.dumps(TASK) + "\n" + json.dumps(ARTICLE)), 2),
    "another ending": ("p.txt", text(json.dumps(TASK)), 1),
    "csv": ("p.csv", text(HEAD + "claim-detection,a:0,no_claim,0.5\n\nclaim-detection,a:9,,0.5\n"), 2),
    "tsv": ("p.tsv", text((HEAD + "claim-detection,a:0,no_claim,\n").replace(",", "\t")), 1),
    "parquet": ("p.parquet", table({**TASK, "score": 1}), 1),
    "an array": ("p.json", text(json.dumps([TASK, ARTICLE], indent=1)), 2),
    "columns in json": ("p.json", text(json.dumps({key: {"0": cell} for key, cell in TASK.items()})), 1),
    "csv with an index": ("p.csv", text(",task,id,label\n0,claim-detection,a:0,no_claim\n"), 1),
    "csv with an index read back": ("p.csv", text("Unnamed: 0,task,id,label\n0,claim-detection,a:0,no_claim\n"), 1),
    "csv with semicolons": ("p.csv", text("task;id;label;score\nclaim-detection;a:0;no_claim;0,5\n"), 1),
    "csv with tabs": ("p.csv", text("task\tid\tlabel\nclaim-detection\ta:0\tno_claim\n"), 1),
    "csv with Mac line ends": ("p.csv", text("task,id,label\rclaim-detection,a:0,no_claim\r"), 1),
    "packed csv": ("p.csv.gz", packed(HEAD + "claim-detection,a:0,no_claim,0.5\n"), 1),
    "packed jsonl": ("p.jsonl.gz", packed(json.dumps(TASK) + "\n" + json.dumps(ARTICLE)), 2),
    "packed json": ("p.json.gz", packed(json.dumps([TASK])), 1),
    "parquet with an index": ("p.parquet", table({**TASK, "__index_level_0__": 3}), 1),
    "parquet of objects": ("p.parquet", table(ARTICLE, {**ARTICLE, "article": {"id": "b"}}), 2),
}


@pytest.mark.parametrize("case", SOUND)
def test_both_take_what_is_sound(tmp_path, case):
    name, write, count = SOUND[case]
    write(tmp_path / name)
    assert validate(tmp_path / name) == []
    assert len(list(predictions.lines(tmp_path / name))) == count


BROKEN = {
    "a long field": (
        "p.csv",
        text(HEAD + f"claim-detection,a:0,{'x' * 200_000},1\n"),
        2,
        "field larger than field limit",
    ),
    "bytes that are no UTF-8": ("p.csv", text(HEAD.encode() + b"claim-detection,a:0,n\xff,1\n"), 2, "no UTF-8"),
    "a column nobody knows": ("p.csv", text("task,id,lable\nclaim-detection,a:0,x\n"), 1, "columns task, id, lable"),
    "neither label nor score": ("p.csv", text("task,id\nclaim-detection,a:0\n"), 1, "columns task, id"),
    "a column twice": (
        "p.csv",
        text("task,id,id,label\nclaim-detection,a:0,a:1,x\n"),
        1,
        "columns task, id, id, label",
    ),
    "a table without a line": ("p.tsv", text(""), 1, "columns none"),
    "too many fields": ("p.tsv", text("task\tid\tlabel\nclaim-detection\ta:0\tx\ty\n"), 2, "1 fields too many"),
    "a score in words": ("p.csv", text(HEAD + "claim-detection,a:0,no_claim,high\n"), 2, "score 'high'"),
    "an article in CSV": ("p.csv", text("article,labels\na,b\n"), 1, "columns article, labels"),
    "no Parquet": ("p.parquet", text("PAR1"), None, "no Parquet"),
    "Parquet with another column": ("p.parquet", table({**TASK, "why": "x"}), None, "columns task, id, label, why"),
    "Parquet with ids that are numbers": ("p.parquet", table({**TASK, "id": 7}), None, "a column of int64"),
    "an article beside a task": ("p.parquet", table({**TASK, **ARTICLE}), None, "columns task, id, label, article"),
    "bytes in an article": ("p.parquet", table({"article": {"id": b"a"}}), 0, "not JSON serializable"),
    "too few fields": ("p.csv", text(HEAD + "claim-detection,a:0\n"), 2, "2 fields too few"),
    "a quotation mark left open": ("p.csv", text(HEAD + 'claim-detection,a:0,"no_claim,1\n'), 2, "unexpected end"),
    "a score with an underscore": ("p.csv", text(HEAD + "claim-detection,a:0,no_claim,0_1\n"), 2, "score '0_1'"),
    "a table in UTF-16": ("p.csv", text((HEAD + "a").encode("utf-16")), 1, "UTF-16"),
    "lines in UTF-16": ("p.jsonl", text("{}".encode("utf-16")), 1, "UTF-16"),
    "nothing but zero bytes": ("p.csv", text(b"\0" * 100), 1, "columns"),
    "a key twice": ("p.jsonl", text('{"task": "a", "task": "b"}'), 1, "the key 'task' stands twice"),
    "a key twice inside": ("p.json", text('[{"article": {"id": "a", "id": "b"}}]'), None, "the key 'id' stands twice"),
    "a number of 5000 digits": ("p.jsonl", text('{"score": %s}' % ("1" * 5000)), 1, "broken JSON: Exceeds the limit"),
    "too much when unpacked": (
        "p.csv.gz",
        packed(f"{' ' * 99}\n" * 60_000),
        None,
        "more than 4194304 bytes when unpacked",
    ),
    "too much of one line": ("p.jsonl.gz", packed(" " * 6_000_000), None, "more than 4194304 bytes when unpacked"),
    "too much of a document": ("p.json.gz", packed("[" * 6_000_000), None, "more than 4194304 bytes when unpacked"),
    "cut gzip": ("p.csv.gz", text(gzip.compress(HEAD.encode())[:-4]), None, "no gzip, or cut"),
    "no gzip": ("p.csv.gz", text(HEAD), None, "no gzip, or cut"),
    "decimals": ("p.parquet", table({**TASK, "score": decimal.Decimal("0.5")}), None, "a column of decimal128"),
    "bytes": ("p.parquet", table({**TASK, "id": b"a:0"}), None, "a column of binary"),
    "nested ids": ("p.parquet", table({**TASK, "id": [{"a": 1}]}), None, "a column of list"),
    "cells without end": ("p.parquet", table(*[{**TASK, "id": "a" * 100_000}] * 300), None, "cells of more than 65536"),
    "broken JSON": ("p.jsonl", text('{"task": 1}\n{"task'), 2, "broken JSON"),
    "a number that is none": ("p.jsonl", text('{"score": NaN}'), 1, "NaN is no JSON value"),
    "JSON nested too deeply": ("p.jsonl", text("[" * 100_000), 1, "JSON nested too deeply"),
    "a broken document": ("p.json", text('{\n"article": {\n'), None, "broken JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_both_refuse_what_is_broken_and_say_where(tmp_path, case):
    name, write, line, found = BROKEN[case]
    file = tmp_path / name
    write(file)
    problem = next(problem for problem in validate(file) if found in problem.found)
    assert problem.line == line and problem.expected
    with pytest.raises(UsageError) as caught:
        list(predictions.lines(file))
    where = str(file) if line is None else f"{file}:{line}"
    assert str(caught.value) == f"{where}: found {problem.found}, expected {problem.expected}"


@pytest.mark.parametrize("name", ["absent.csv", "p.doc", "p.pdf"])
def test_both_refuse_what_is_no_predictions(tmp_path, name):
    (tmp_path / "p.doc").write_text("x")
    (tmp_path / "p.pdf").write_bytes(b"\x25PDF")
    for read in (validate, lambda file: list(predictions.lines(file))):
        with pytest.raises(UsageError, match=name):
            read(tmp_path / name)


def test_scores_that_are_no_numbers_are_found_in_every_format(tmp_path):
    text(HEAD + "claim-detection,a:0,no_claim,nan\n")(tmp_path / "p.csv")
    table({**TASK, "score": float("nan")})(tmp_path / "p.parquet")
    for name, line in (("p.csv", 2), ("p.parquet", 0)):
        (problem,) = validate(tmp_path / name)
        assert (problem.line, problem.path, problem.found) == (line, "/score", "score NaN")


def test_layers_may_come_on_lines_of_their_own_but_once_each(tmp_path):
    file = tmp_path / "p.jsonl"
    claims, speculations = ({"article": {"id": "a"}, "labels": {layer: []}} for layer in ("claims", "speculations"))
    file.write_text("\n".join(map(json.dumps, (claims, speculations))))
    assert validate(file) == []
    file.write_text("\n".join(map(json.dumps, (claims, speculations, claims))))
    (problem,) = validate(file)
    assert (problem.line, problem.found) == (3, "a second answer for a, claims, first on line 1")


def test_lines_are_read_as_they_are_asked_for(tmp_path):
    file = tmp_path / "p.jsonl"
    file.write_text(json.dumps(TASK) + "\n{\n")
    first = next(lines(file))
    assert (first.number, first.value, first.fault) == (1, TASK, None)
