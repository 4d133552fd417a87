"""The shipped dataset: enough articles in many formats, as dense as news, labelled in all layers, with gold for every task
in test."""

import json
import re
from collections import Counter
from pathlib import PurePath

import pytest

from allegedly.schemas import stored
from allegedly.schemas.records import LAYERS, SENTENCE_BLOCKS
from allegedly.schemas.schema import values
from allegedly.schemas.validate import validate

ENUMERATIONS = [
    ("claims", "claim", "kind"),
    ("claims", "claim", "worth"),
    ("claims", "claim", "certainty"),
    ("claims", "claim", "polarity"),
    ("speculations", "speculation", "kind"),
    ("attributions", "attribution", "form"),
    ("attributions", "attribution", "act"),
    ("attributions", "attribution", "source_kind"),
]
#: Labels to a thousand words of news that this project had labelled.
NEWS = {"claims": 61, "speculations": 7, "attributions": 26}
READERS = {"first-pass", "second-pass"}


@pytest.fixture(scope="module")
def records(shipped):
    return list(stored.records(shipped))


@pytest.fixture(scope="module")
def test_labels(records):
    return {
        layer: [x for record in records if record.split == "test" for x in getattr(record.labels, layer)]
        for layer in LAYERS
    }


def test_every_source_became_articles(shipped):
    manifest = stored.manifest(shipped)
    assert (shipped / "rejected.jsonl").read_text(encoding="utf-8") == ""
    sources = [one for one in manifest["inputs"] if one["file_name"].startswith("sources/")]
    assert all(one["articles"] for one in sources)


def test_there_are_enough_articles_in_every_split(records):
    splits = Counter(record.split for record in records)
    assert splits.total() >= 60
    assert splits["test"] >= 15 and splits["validation"] >= 6 and splits["train"] >= 15


def test_splits_hold_many_genres(records):
    """A genre is a folder of the sources."""
    genres = {
        split: {PurePath(one.article.origin.file_name).parent.name for one in records if one.split == split}
        for split in ("train", "validation", "test")
    }
    every = set().union(*genres.values())
    assert len(every) >= 25
    assert len(genres["test"]) >= 2 / 3 * len(every)
    assert len(genres["train"]) >= len(every) / 2 and len(genres["validation"]) >= 6


def test_there_are_at_least_eight_formats(records):
    formats = {(record.article.origin.media_type, record.article.origin.encoding) for record in records}
    assert len({media for media, _ in formats}) >= 8
    assert {"text/plain", "text/html", "application/pdf", "application/warc", "text/csv"} <= {m for m, _ in formats}
    assert any(encoding == "windows-1252" for _, encoding in formats)


def words(article):
    """Words of the blocks that hold sentences."""
    body = " ".join(article.text[b.start : b.end] for b in article.blocks if b.kind in SENTENCE_BLOCKS)
    return len(re.findall(r"\w[\w'’-]*", body))


def test_articles_are_of_250_to_900_words(records):
    for record in records:
        assert 250 <= words(record.article) <= 900, record.article.origin.file_name


@pytest.mark.parametrize(("layer", "news"), NEWS.items())
def test_labels_are_as_dense_as_in_news_within_a_quarter(records, layer, news):
    labels = sum(len(getattr(record.labels, layer)) for record in records)
    thousands = sum(len(record.article.text.split()) for record in records) / 1000
    assert 0.75 * news <= labels / thousands <= 1.25 * news


def test_sentences_are_as_long_as_in_news_within_a_quarter(records):
    sentences = sum(len(record.article.sentences) for record in records)
    assert 15 <= sum(len(record.article.text.split()) for record in records) / sentences <= 25


def test_people_are_quoted_who_quote_people_who_quote_people(records):
    def depth(said, labels):
        return 1 + (depth(labels[said.parent], labels) if said.parent else 0)

    deepest = [
        max(depth(said, {one.id: one for one in record.labels.attributions}) for said in record.labels.attributions)
        for record in records
    ]
    assert sum(level >= 3 for level in deepest) >= 10


def test_a_second_annotator_labelled_some_of_test(records):
    twice = [record for record in records if {vote.annotator.id for vote in record.votes} == READERS]
    assert len(twice) >= 12 and {record.split for record in twice} == {"test"}


def test_all_layers_of_all_articles_are_annotated_by_models_that_say_so(records):
    for record in records:
        assert all(getattr(record.labels, layer) for layer in LAYERS), record.article.origin.file_name
        assert {vote.annotator.kind for vote in record.votes} == {"model"}
        assert record.labels.claims[0].by == "first-pass"


def test_metadata_came_along(records):
    for record in records:
        assert record.article.title and record.article.published, record.article.origin.file_name


@pytest.mark.parametrize(("layer", "schema", "name"), ENUMERATIONS, ids="-".join)
def test_test_holds_every_value(test_labels, layer, schema, name):
    found = {getattr(label, name) for label in test_labels[layer]}
    assert set(values(schema, name)) <= found


def test_test_holds_gold_for_every_task(records, test_labels):
    classes = Counter(
        getattr(sentence, column)
        for record in records
        if record.split == "test"
        for sentence in record.sentences
        for column in ("claim", "speculation", "attribution")
    )
    assert min(
        classes[name]
        for name in ("no_claim", "unimportant", "check_worthy", "certain", "speculative", "none", "attributed")
    )
    assert any(claim.claimer for claim in test_labels["claims"])
    assert any(claim.claimer is None for claim in test_labels["claims"])
    assert any(mark.holder for mark in test_labels["speculations"])
    said = test_labels["attributions"]
    assert any(one.negated for one in said) and any(one.parent for one in said)
    assert any(len(one.content) > 1 for one in said)
    assert any(not one.source for one in said) and any(not one.cue for one in said)


def test_cross_posts_share_a_group(records):
    of = {record.article.origin.file_name: record.group for record in records}
    assert of["sources/comment/island-base.txt"] == of["sources/comment/quiet-harbour-original.md"]
    assert of["sources/wire/ferry-aground.txt"] == of["sources/data/estrand-ferry.json"]
    assert max(Counter(of.values()).values()) <= 6


def test_repeated_texts_are_labelled_alike(records):
    of = {record.article.origin.file_name: record for record in records}
    first, second = (of[f"sources/comment/{name}"] for name in ("island-base.txt", "quiet-harbour-original.md"))
    for layer in LAYERS:
        assert [x.text for x in getattr(first.labels, layer)] == [x.text for x in getattr(second.labels, layer)]


def test_the_release_is_valid(shipped):
    assert [str(problem) for problem in validate(shipped)] == []


def test_annotation_files_are_what_the_tool_writes(root):
    for path in sorted((root / "dataset" / "annotations").glob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        assert path.name.endswith(f".{value['annotator']['id']}.json")
        assert value["annotator"]["id"] in READERS
        assert value["annotator"]["guideline"] == "docs/guidelines.md, version 1.2"
