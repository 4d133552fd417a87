"""``allegedly sample`` and ``export --only``: what is drawn from a release, and what goes on with it."""

import json
import shutil
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from allegedly import cli
from allegedly.builders.build import build
from allegedly.schemas.schema import schema
from allegedly.schemas.validate import validate

HERE = Path(__file__).parent
#: What the shipped set holds, and how many of its articles have two annotators.
ARTICLES, SENTENCES, TWICE = 62, 1871, 30
OUTLETS = ("Harbour Post", "Mill Gazette", None)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Thirty short articles, a third of which might be read in two ways; labelled by the rules."""
    folder = tmp_path_factory.mktemp("sampling")
    lines = []
    for number in range(30):
        doubt = "may" if number % 3 else "will"
        text = f"Quay {number} cost {number + 2} million crowns. It {doubt} close in May. Nora Pell said that quay {number} leaked."
        lines.append({"title": f"Quay {number} shut", "text": text, "language": "en", "outlet": OUTLETS[number % 3]})
    (folder / "news.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    build([folder / "news.jsonl"], folder / "release", labellers="rules", workers=1)
    return folder / "release"


def run(capsys, *arguments, code=0):
    assert cli.main([*map(str, arguments)]) == code
    return capsys.readouterr()


def drawn(capsys, *arguments):
    printed = run(capsys, "sample", *arguments)
    return [json.loads(line) for line in printed.out.splitlines()], printed.err


@pytest.mark.parametrize("unit", ["articles", "sentences"])
@pytest.mark.parametrize("by", ["random", "disagreement"])
def test_lines_are_valid_reproducible_and_say_true_probabilities(root, capsys, tmp_path, unit, by):
    arguments = (root / "dataset", "--n", "7", "--by", by, "--unit", unit)
    lines, said = drawn(capsys, *arguments)
    for line in lines:
        jsonschema.validate(line, schema("sample"))
        assert (line["sentence_id"] is None) == (unit == "articles")
        assert unit == "articles" or line["sentence_id"].startswith(f"{line['article_id']}:")
    assert len({line["sentence_id"] or line["article_id"] for line in lines}) == 7
    whole = ARTICLES if unit == "articles" else SENTENCES
    assert f"7 of {whole:,} {unit} drawn by {by}" in said
    if by == "random":
        assert {line["probability"] for line in lines} == {7 / whole}
    assert drawn(capsys, *arguments)[0] == lines
    assert drawn(capsys, *arguments, "--seed", "1")[0] != lines
    run(capsys, "sample", *arguments, "--out", tmp_path / "sample.jsonl")
    assert [json.loads(line) for line in (tmp_path / "sample.jsonl").read_text(encoding="utf-8").splitlines()] == lines
    assert validate(tmp_path / "sample.jsonl") == []


def test_votes_that_differ_are_drawn_more_often(root, capsys):
    told = run(capsys, "agree", root / "dataset", "--differences", "--format", "json").out
    several = {each["article"] for each in json.loads(told)["differences"]}
    counts = Counter()
    for seed in range(10):
        lines, said = drawn(capsys, root / "dataset", "--n", "10", "--by", "disagreement", "--seed", seed)
        counts.update(line["article_id"] in several for line in lines)
        assert all(0 < line["probability"] <= 1 for line in lines)
    assert f"{ARTICLES - TWICE} of {ARTICLES} articles without labels of two annotators" in said
    assert counts[True] > 2 * counts[False] > 0


def test_estimates_from_an_enriched_sample_are_right(root, capsys):
    """Sentences of the shipped set by their weights alone, over some seeds."""
    totals = []
    for seed in range(12):
        lines, _ = drawn(
            capsys, root / "dataset", "--n", "120", "--by", "disagreement", "--unit", "sentences", "--seed", seed
        )
        totals.append(sum(1 / line["probability"] for line in lines))
    assert sum(totals) / len(totals) == pytest.approx(SENTENCES, rel=0.1)


def test_strata_get_their_share(release, capsys):
    lines, said = drawn(capsys, release, "--n", "9", "--by", "random", "--stratify", "outlet")
    every, _ = drawn(capsys, release, "--n", "30", "--by", "random")
    names = run(capsys, "export", "jsonl", release).out.splitlines()
    outlets = {value["article"]["id"]: value["article"]["outlet"] for value in map(json.loads, names)}
    assert Counter(outlets[line["article_id"]] for line in lines) == dict.fromkeys(OUTLETS, 3)
    assert "in 3 strata" in said and {line["probability"] for line in lines} == {0.3}
    assert len(every) == 30
    lines, said = drawn(
        capsys, release, "--n", "12", "--by", "random", "--unit", "sentences", "--stratify", "outlet,layer"
    )
    assert len(lines) == 12 and " strata by random" in said
    assert (
        "expected as many, one for each"
        in run(capsys, "sample", release, "--n", "2", "--by", "random", "--stratify", "outlet", code=2).err
    )


def test_more_than_there_are_is_all_of_them(release, capsys):
    lines, said = drawn(capsys, release, "--n", 10**30, "--by", "random", "--stratify", "outlet")
    assert len(lines) == 30 and {line["probability"] for line in lines} == {1.0}
    assert "there are 30 articles in all: every one is taken" in said


def test_labellers_are_compared_where_there_are_no_two_annotators(release, capsys):
    lines, said = drawn(capsys, release, "--n", "4", "--by", "disagreement", "--labellers", "rules,none")
    assert len(lines) == 4 and "no disagreement anywhere" in said and "30 of 30 articles without labels of two" in said
    lines, said = drawn(
        capsys, release, "--n", "4", "--by", "disagreement", "--labellers", "labellers_of_the_samples:claims"
    )
    assert "compared: the labels of the release, and those that labellers_of_the_samples:claims gives now" in said
    broken, said = drawn(
        capsys, release, "--n", "4", "--by", "disagreement", "--labellers", "labellers_of_the_samples:fails"
    )
    assert "labellers_of_the_samples:fails gave no labels that stand in 30 of the articles" in said and len(broken) == 4
    refused = run(capsys, "sample", release, "--n", "4", "--by", "disagreement", "--labellers", "rules", code=2)
    assert "would be compared with itself" in refused.err


def test_what_the_rules_say_is_compared_with_the_learned_labeller(release, capsys):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    lines, said = drawn(capsys, release, "--n", "4", "--by", "disagreement")
    assert len(lines) == 4 and "those that learned gives now" in said


def test_uncertainty_needs_scores(root, release, capsys, tmp_path):
    lines, _ = drawn(capsys, release, "--n", "4", "--by", "uncertainty")
    assert len({line["probability"] for line in lines}) > 1  # the rules score sentences
    refused = run(capsys, "sample", root / "dataset", "--n", "4", "--by", "uncertainty", code=1)
    assert "neither scores of sentences nor confidences of labels" in refused.err
    assert "--labellers learned" in refused.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--n", "0", "--by", "random"), "--n: found 0, expected 1 or more"),
        (("--n", "-3", "--by", "random"), "--n: found -3"),
        (("--n", "3", "--by", "chance"), "--by: unknown choice 'chance'"),
        (("--n", "3", "--by", "random", "--unit", "sentence"), "did you mean 'sentences'?"),
        (("--n", "3", "--by", "random", "--stratify", "outlets"), "did you mean 'outlet'?"),
        (("--n", "3", "--by", "random", "--split", "dev"), "--split: unknown split 'dev'"),
        (("--n", "3", "--by", "random", "--labellers", "rules"), "leave it out"),
        (("--n", "3", "--by", "disagreement", "--labellers", "ruels"), "did you mean 'rules'?"),
    ],
)
def test_a_wrong_choice_is_told(release, capsys, arguments, words):
    assert words in run(capsys, "sample", release, *arguments, code=2).err


def test_what_is_no_release_is_told(tmp_path, capsys):
    assert "not a release" in run(capsys, "sample", tmp_path, "--n", "3", "--by", "random", code=2).err


def test_a_release_that_was_tampered_with_is_told(release, capsys, tmp_path):
    shutil.copytree(release, tmp_path / "r")
    table = next((tmp_path / "r" / "data" / "articles").glob("train-*"))
    table.write_bytes(table.read_bytes()[:-9] + b"tampered!")
    assert cli.main(["sample", str(tmp_path / "r"), "--n", "3", "--by", "random"]) == 1
    assert "manifest.json says" in capsys.readouterr().err


def named(capsys, release, path, *arguments):
    printed = run(capsys, "export", "jsonl", release, "--only", path, *arguments)
    return [json.loads(line)["article"]["id"] for line in printed.out.splitlines()]


@pytest.mark.parametrize("unit", ["articles", "sentences"])
def test_export_takes_only_what_was_drawn(release, capsys, tmp_path, unit):
    path = tmp_path / "sample.jsonl"
    run(capsys, "sample", release, "--n", "5", "--by", "random", "--unit", unit, "--out", path)
    wanted = {json.loads(line)["article_id"] for line in path.read_text(encoding="utf-8").splitlines()}
    assert set(named(capsys, release, path)) == wanted
    run(capsys, "export", "drafts", release, "--only", path, "--option", "labels=none", "--out", tmp_path / "drafts")
    assert {file.name.partition(".")[0] for file in (tmp_path / "drafts").iterdir()} == wanted


def test_ids_are_enough_and_other_splits_stay_away(release, capsys, tmp_path):
    every = [
        (value["article"]["id"], split)
        for split in ("train", "test")
        for value in map(json.loads, run(capsys, "export", "jsonl", release, "--split", split).out.splitlines())
    ]
    one = {split: article for article, split in every}
    (tmp_path / "only").write_text(
        "\n".join(json.dumps({"article_id": article}) for article in one.values()) + "\n\n", encoding="utf-8"
    )
    assert sorted(named(capsys, release, tmp_path / "only")) == sorted(one.values())
    assert named(capsys, release, tmp_path / "only", "--split", "test") == [one["test"]]
    (tmp_path / "only").write_text(json.dumps({"article_id": one["train"]}), encoding="utf-8")
    refused = run(capsys, "export", "jsonl", release, "--only", tmp_path / "only", "--split", "test", code=2)
    assert "names no article of the split 'test'" in refused.err


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ('{"article_id": "0123456789abcdef"}', 2, 'names "0123456789abcdef", which'),
        ("\n".join(json.dumps({"article_id": f"x{n}"}) for n in range(9)), 2, '"x4" and 4 more, which'),
        ('{"article_id": "{id}", "sentence_id": "{id}:77777"}', 2, ':77777", which'),
        ('{"article_id": "{id}", "sentence_id": "other:0"}', 1, "line 1: found"),
        ('\n{"article_id": 7}', 1, "line 2: found"),
        ('{"article_id": ""}', 1, "line 1: found"),
        ("[1]", 1, "line 1: found [1]"),
        ("{", 1, "line 1: found broken JSON"),
        ("[" * 100_000, 1, "line 1: found JSON nested too deeply"),
        ("\xff", 1, "line 1: found bytes that are no UTF-8"),
        ("", 1, "has no lines"),
        (None, 2, "no such file"),
    ],
)
def test_what_names_nothing_of_the_release_is_told(release, capsys, tmp_path, content, code, words):
    if content is not None:
        first = json.loads(run(capsys, "export", "jsonl", release).out.splitlines()[0])["article"]["id"]
        (tmp_path / "only").write_bytes(content.replace("{id}", first).encode("latin-1"))
    refused = run(capsys, "export", "jsonl", release, "--only", tmp_path / "only", "--out", tmp_path / "out", code=code)
    assert words in refused.err and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"article_id": "a", "sentence_id": None, "probability": 0}, "/probability"),
        ({"article_id": "a", "sentence_id": None, "probability": 1.5}, "/probability"),
        ({"article_id": "a", "sentence_id": "a", "probability": 1}, "/sentence_id"),
        ({"article_id": "a", "probability": 1}, "sentence_id"),
    ],
)
def test_validate_knows_a_sample(tmp_path, line, words):
    (tmp_path / "s.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert any(words in str(problem) for problem in validate(tmp_path / "s.jsonl"))


def test_validate_finds_a_unit_that_was_drawn_twice(tmp_path):
    line = json.dumps({"article_id": "a", "sentence_id": "a:0", "probability": 0.5}) + "\n"
    (tmp_path / "s.jsonl").write_text(line * 2, encoding="utf-8")
    (problem,) = validate(tmp_path / "s.jsonl")
    assert "a second answer for a:0" in str(problem)


def rewritten(release, folder, config, change):
    """A copy of a release, a table of which says something else, and whose manifest agrees."""
    import hashlib

    import pyarrow as pa
    import pyarrow.parquet as pq

    shutil.copytree(release, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for output in manifest["outputs"]:
        if output["path"].startswith(f"data/{config}/"):
            path = folder / output["path"]
            table = pq.read_table(path)
            rows = table.to_pylist()
            for row in rows:
                change(row)
            pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
            output |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


CLAIM = '[{{"id": "c1", "extent": [{{"start": {}, "end": {}}}]}}]'


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (CLAIM.format(10**30, 10**31), "the vote of"),
        (CLAIM.format(0, 10**9), "the vote of"),
        (CLAIM.format(-5, -1), "the vote of"),
        (CLAIM.format('"x"', "null"), "the vote of"),
        (CLAIM.format("[1]", "true"), "the vote of"),
        ('[{"id": "c1", "extent": null}]', "the vote of"),
        ('[{"id": {}, "extent": [], "worth": [], "kind": {}}]', "the vote of"),
        ("{}", "broken"),
        ("[" * 5000, "broken"),
        ('"x"', "broken"),
    ],
)
def test_votes_that_say_nothing_are_told(root, capsys, tmp_path, labels, words):
    def change(row):
        row["labels"] = labels if row["layer"] == "claims" else row["labels"]

    broken = rewritten(root / "dataset", tmp_path / "r", "votes", change)
    refused = run(capsys, "sample", broken, "--n", "3", "--by", "disagreement", "--unit", "sentences", code=1).err
    assert words in refused and "allegedly validate" in refused and "fault" not in refused
    if words == "the vote of":
        run(capsys, "agree", broken, "--resamples", "0", code=1)
        assert any("/votes/" in problem.path and "/labels/0" in problem.path for problem in validate(broken))


@pytest.mark.parametrize("value", [7.0, -1.0, float("nan"), float("inf")])
def test_scores_that_are_no_probability_are_told(release, capsys, tmp_path, value):
    def change(row):
        row["scores"] = {**row["scores"], "speculative": value}

    broken = rewritten(release, tmp_path / "r", "sentences", change)
    refused = run(capsys, "sample", broken, "--n", "3", "--by", "uncertainty", code=1).err
    assert "scores.speculative: found" in refused
