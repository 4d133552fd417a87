"""Annotation files: they win, serve copies, and are refused with the file they were made for."""

import json

import pytest

from allegedly.builders.build import build
from allegedly.builders.watch import Watch
from allegedly.schemas import stored
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.validate import validate

from .conftest import body, write


def records(out) -> dict:
    return {record.article.id: record for record in stored.records(out)}


def ledger(out) -> list[dict]:
    return [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]


def make(news, tmp_path, **options):
    options = {"labellers": "none", "annotations": tmp_path / "annotations", "workers": 1, **options}
    return build(news, tmp_path / "out", **options)


def test_a_build_without_the_annotations_of_the_release_there_says_whose(news, annotate, tmp_path):
    class Noting(Watch):
        def __init__(self):
            self.notes = []

        def note(self, message):
            self.notes.append(message)

    annotate(body(3))
    told = []
    for options in ({}, {}, {"annotations": None, "labellers": "rules"}, {"annotations": None}):
        watch = Noting()
        make(news, tmp_path, watch=watch, **options)
        told.append([note for note in watch.notes if "labels by" in note])
    assert told[:2] == [[], []] and told[3] == []
    (said,) = told[2]
    assert said == (
        f"--out {tmp_path / 'out'}: the release there has labels by amy, of whom this build has no annotation file; where "
        "their labels are to stay, name the files with --annotations"
    )


def test_an_annotation_wins_its_layer_and_is_a_vote(news, annotate, tmp_path):
    annotate(body(3))
    manifest = make(news, tmp_path)
    record = records(tmp_path / "out")[text_sha256(body(3))[:16]]
    (claim,) = record.labels.claims
    assert (claim.id, claim.text, claim.by, claim.scheme) == ("c1", "The", "amy", "allegedly-1")
    assert record.labels.attributions is None
    assert [vote.annotator.id for vote in record.votes] == ["amy"]
    assert manifest["annotators"] == [{"id": "amy", "kind": "human", "name": None, "version": None, "guideline": None}]
    assert {"annotations/" + p.name for p in (tmp_path / "annotations").iterdir()} <= {
        value["file_name"] for value in manifest["inputs"]
    }
    assert validate(tmp_path / "out") == []


def test_several_annotators_are_several_votes_and_the_first_id_wins(news, annotate, tmp_path):
    annotate(body(3), "zoe", labels={"claims": []})
    annotate(body(3), "amy")
    make(news, tmp_path)
    record = records(tmp_path / "out")[text_sha256(body(3))[:16]]
    assert [label.by for label in record.labels.claims] == ["amy"]
    assert [vote.annotator.id for vote in record.votes] == ["amy", "zoe"]


def test_it_is_matched_by_source_id_and_by_hash(news, annotate, tmp_path):
    annotate(body(3), article_id=None, text_sha256=None, source_id="n3")
    annotate(body(4), article_id=None)
    make(news, tmp_path)
    found = records(tmp_path / "out")
    assert all(found[text_sha256(body(at))[:16]].labels.claims for at in (3, 4))


def test_it_serves_exact_copies_that_have_none_of_their_own(tmp_path, annotate):
    articles = [{"id": f"n{at}", "text": body(0)} for at in range(3)] + [{"id": "x", "text": body(1)}]
    news = write(tmp_path / "news", articles)
    name = text_sha256(body(0))[:16]
    annotate(body(0))
    annotate(body(0), "zoe", article_id=f"{name}-2", labels={"claims": []})
    make(news, tmp_path)
    found = records(tmp_path / "out")
    assert [found[i].labels.claims[0].by for i in (name, f"{name}-3")] == ["amy", "amy"]
    assert found[f"{name}-2"].labels.claims == ()


def test_that_of_a_dropped_exact_copy_goes_to_the_copy_that_stays(tmp_path, annotate):
    news = write(tmp_path / "news", [{"id": f"n{at}", "text": body(0)} for at in range(2)])
    name = text_sha256(body(0))[:16]
    annotate(body(0), article_id=f"{name}-2")
    make(news, tmp_path, duplicates="drop-exact")
    assert [label.by for label in records(tmp_path / "out")[name].labels.claims] == ["amy"]
    assert [line["rule"] for line in ledger(tmp_path / "out")] == ["exact-duplicate"]
    annotate(body(0), name="own")
    make(news, tmp_path, duplicates="drop-exact")
    assert [line["rule"] for line in ledger(tmp_path / "out")] == ["annotation-of-copy", "exact-duplicate"]


def test_that_of_a_near_duplicate_in_the_ledger_gets_a_line_too(tmp_path, annotate):
    long = " ".join(body(at) for at in range(20))
    news = write(tmp_path / "news", [{"id": "a", "text": long}, {"id": "b", "text": long + " More."}])
    annotate(long + " More.")
    make(news, tmp_path, duplicates="drop-near")
    lines = ledger(tmp_path / "out")
    assert [line["rule"] for line in lines] == ["annotation-of-rejected", "near-duplicate"]
    assert lines[1]["detail"]["kept"] == text_sha256(long)[:16] and lines[1]["detail"]["similarity"] > 0.9
    assert validate(tmp_path / "out") == []


def refused(news, tmp_path, message: str, error: type = DataError) -> None:
    make(news, tmp_path, annotations=None)
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    with pytest.raises(error, match=message):
        make(news, tmp_path)
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before


def test_another_text_is_refused_with_the_file_it_was_made_for(news, annotate, tmp_path):
    annotate("Another text.", article_id=None, source_id="n3", name="x")
    refused(news, tmp_path, r"annotations/x\.json \(made for news/news\.jsonl\): was made for another text")


def test_an_unknown_article_is_refused_with_the_file_it_was_made_for(news, annotate, tmp_path):
    annotate("Another text.", file_name="news/gone.txt", name="x")
    refused(news, tmp_path, r"annotations/x\.json: was made for news/gone\.txt as article [0-9a-f]{16}, and no article")


def test_a_file_whose_text_has_changed_is_named(news, annotate, tmp_path):
    annotate("As it was.", name="x")
    refused(news, tmp_path, r"x\.json: was made for news/news\.jsonl as article .* whose text has changed")


def test_one_annotator_may_not_say_a_layer_twice(news, annotate, tmp_path):
    annotate(body(3), name="one")
    annotate(body(3), name="two")
    refused(
        news, tmp_path, r"two\.json: 'amy' annotates the claims of article \w+ a second time, after annotations/one"
    )


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (
            {"claims": [{"extent": [{"start": 0, "end": 99999}]}]},
            r"/labels/claims/0/extent/0: found end 99999, expected at most",
        ),
        ({"claims": [{"extent": [], "kind": "rumour"}]}, r"x\.json: /labels/claims/0/kind: found \"rumour\""),
        ({"claims": [{"extent": [{"start": 0, "end": 3}], "text": "Teh"}]}, r"/labels/claims/0/text: found \"Teh\""),
        ({"clams": []}, r"x\.json: /labels: "),
        ({"claims": [{"extent": [], "claimer": "a4"}]}, r"/labels/claims/0/claimer: found a4"),
    ],
)
def test_what_is_wrong_inside_is_said(news, annotate, tmp_path, labels, message):
    annotate(body(3), labels=labels, name="x")
    refused(news, tmp_path, message)


def test_no_json_and_no_folder(news, annotate, tmp_path):
    annotate(body(3), name="x").write_text("{")
    refused(news, tmp_path, r"annotations/x\.json: not JSON")
    with pytest.raises(UsageError, match="no such folder of annotations: 'nowhere'"):
        make(news, tmp_path, annotations="nowhere")
