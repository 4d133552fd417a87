"""The tables: Arrow, `datasets` and the schemas say the same."""

import pyarrow as pa
import pytest

from allegedly.schemas import arrow, derive
from allegedly.schemas.records import (
    Annotator,
    Article,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Record,
    Span,
    Speculation,
    Vote,
)

TEXT = "The harbour may close, Ada Lindqvist said."


def record() -> Record:
    article = Article(
        id=derive.article_id(TEXT),
        text=TEXT,
        origin=Origin(file_name="a.txt"),
        blocks=(Block(kind="lead", start=0, end=42),),
        sentences=(Span(0, 42),),
    )
    by = {"by": "rules", "scheme": "allegedly-1"}
    labels = derive.numbered(
        Labels(
            claims=(Claim(extent=(Span(0, 21),), kind="prediction", worth="check_worthy", claimer="x", **by),),
            speculations=(Speculation(cue=(Span(12, 15),), scope=None, kind="epistemic", holder=None, **by),),
            attributions=(
                Attribution(id="x", source=(Span(23, 36),), cue=(Span(37, 41),), content=(Span(0, 21),), **by),
            ),
        ),
        article,
    )
    sentences = derive.sentence_classes(article, labels)
    vote = Vote(annotator=Annotator(id="rules", kind="rule"), labels=labels)
    return Record(article=article, labels=labels, sentences=sentences, votes=(vote,), split="train", group=article.id)


@pytest.mark.parametrize("config", arrow.CONFIGS)
def test_arrow_schema_is_what_datasets_would_write(config):
    theirs = arrow.features(config).arrow_schema
    assert arrow.arrow_schema(config).equals(theirs, check_metadata=True)


@pytest.mark.parametrize("config", arrow.CONFIGS)
def test_rows_have_the_columns_of_the_config_and_fit_its_types(config):
    found = arrow.rows(record())[config]
    assert found
    table = pa.Table.from_pylist(found, schema=arrow.arrow_schema(config))
    assert table.to_pylist() == found
    assert all(list(row) == [name for name, _ in arrow.COLUMNS[config]] for row in found)


def test_columns_hold_what_rows_hold():
    rows, columns = arrow.rows(record()), arrow.columns(record())
    for config in arrow.CONFIGS:
        assert columns[config] == {name: [row[name] for row in rows[config]] for name in arrow.feature_dicts(config)}
    silent = Record(article=record().article, labels=Labels())
    assert list(arrow.columns(silent)) == ["sentences", "articles"]


def test_links_and_texts_in_the_tables():
    found = arrow.rows(record())
    article_id = derive.article_id(TEXT)
    assert found["claims"][0]["claimer"] == f"{article_id}:a1"
    assert found["claims"][0]["claimer_text"] == "Ada Lindqvist"
    assert found["claims"][0]["sentence"] == TEXT
    assert found["speculations"][0]["scope_text"] is None
    assert found["speculations"][0]["holder_text"] is None
    assert found["attributions"][0]["cue_text"] == "said"
    sentence = found["sentences"][0]
    assert arrow.class_names("sentences", "claim")[sentence["claim"]] == "check_worthy"
    assert arrow.class_names("sentences", "block")[sentence["block"]] == "lead"


def test_an_article_row_gives_the_article_back():
    given = record()
    article, labels, group = arrow.article_of(arrow.rows(given)["articles"][0])
    assert (article, labels, group) == (given.article, given.labels, given.group)


def test_a_schema_without_an_arrow_type_is_refused():
    with pytest.raises(TypeError, match="no Arrow type"):
        arrow._feature({"type": "object"}, {})
