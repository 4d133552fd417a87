"""Records with a body in paragraphs and metadata in an object beside it, as crawlers write them."""

import json

import pytest

from allegedly.builders.readers import _reading

PARAGRAPHS = ["The bridge may close, the mayor said.", "It opened in 1961."]
RECORD = {"headline": "Bridge may close", "body_paragraphs": PARAGRAPHS}


def read(record, name="a.json", **options):
    (article,) = _reading.parsed(json.dumps(record).encode(), name, **options)
    return article


@pytest.mark.parametrize("more", [{}, {"uri": "https://harbourpost.example/1"}, {"byline": "Anna Lind", "uri": "a:1"}])
@pytest.mark.parametrize("fields", [None, {"text": "/body_paragraphs"}, {"text": "body_paragraphs"}])
def test_a_list_under_a_name_like_those_of_ninjs_is_paragraphs(more, fields):
    article = read(more | RECORD, fields=fields)
    assert (article.origin.reader, article.title) == ("json", "Bridge may close")
    assert [article.text[block.start : block.end] for block in article.blocks] == PARAGRAPHS


def test_a_field_that_the_user_names_wins_over_ninjs():
    item = {"uri": "a:1", "headline": "Bridge may close", "body_text": "A teaser.", "body_long": PARAGRAPHS[0]}
    assert read(item).origin.reader == "ninjs"
    assert read(item, fields={"text": "/body_long"}).text == PARAGRAPHS[0]
    # a name that the file does not have is another file's
    assert read(item, fields={"text": "/story"}).origin.reader == "ninjs"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_metadata_in_an_object_beside_the_text(name):
    meta = {"title": "Bridge may close", "author": "Anna Lind", "date": "2024-03-04", "name": "crawl 7"}
    article = read({"meta": meta, "article_text": PARAGRAPHS[0], "url": "https://harbourpost.example/1"}, name)
    told = (article.title, article.authors, article.published, article.url, article.text)
    assert told == ("Bridge may close", ("Anna Lind",), "2024-03-04", "https://harbourpost.example/1", PARAGRAPHS[0])
    assert read({"meta": meta, "title": "Bridge shut", "text": PARAGRAPHS[0]}, name).title == "Bridge shut"
