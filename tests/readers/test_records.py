"""Records in JSON and tables: what is an article among them, wherever it lies, and what is none."""

import json

import pytest

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Article, Rejected

RAIN = "It may rain in Norhaven on Monday, the harbour master said."
CARS = "The harbour council voted to close the swing bridge to cars."


def parsed(value, name="x.json"):
    source = value if isinstance(value, str) else json.dumps(value)
    return list(_reading.parsed(source.encode(), name))


def articles(values):
    return [value for value in values if isinstance(value, Article)]


def ledger(values):
    return " | ".join(value.reason for value in values if isinstance(value, Rejected))


def blocks(article):
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


# short descriptions


@pytest.mark.parametrize(
    "record",
    [
        {"name": "tram", "version": "1.0.0", "description": RAIN, "author": "Ida Brandt", "license": "MIT"},
        {"name": "a/tram", "description": RAIN, "authors": [{"name": "Ida Brandt"}], "require": {}},
        {"title": "Trams", "version": "2", "description": RAIN, "author": "Ida Brandt"},
        {"openapi": "3.0.0", "info": {"title": "Trams", "version": "1", "description": RAIN}, "paths": {}},
        {"$schema": "https://json-schema.org/x", "title": "Tram", "description": RAIN, "properties": {}},
        {"name": "Norhaven Post", "short_name": "NP", "description": RAIN, "icons": []},
        {"title": "Norhaven Post", "description": RAIN, "url": "https://post.example/", "language": "en"},
        {"features": [{"properties": {"name": "Quay", "description": RAIN}, "geometry": {}}]},
        {"title": "Mug", "description": RAIN, "price": 12, "url": "https://shop.example/mug"},
        {"title": "Wash up", "description": RAIN, "done": False, "created_at": "2024-03-04"},
    ],
)
def test_what_has_a_name_and_a_description_is_no_article(record):
    (refused,) = parsed(record)
    assert isinstance(refused, Rejected) and refused.rule == "no-article" and "no field with a text" in refused.reason
    several = parsed([record, record])
    assert not articles(several) and several


@pytest.mark.parametrize(
    "record",
    [
        {"title": "Rain", "description": RAIN, "url": "https://post.example/rain", "publishedAt": "2024-03-04"},
        {"title": "Rain", "description": RAIN, "url": "https://post.example/rain"},
        {"title": "Rain", "summary": RAIN, "author": "Ida Brandt", "image": None, "language": "en"},
        {"titre": "Rain", "abstract": RAIN, "date_publication": "2024-03-04", "source": {"name": "Post"}},
        {"label": 2, "title": "Rain", "description": RAIN},
        {"@type": "NewsArticle", "headline": "Rain", "description": RAIN, "image": "x.jpg"},
    ],
)
def test_the_description_of_news_is_its_text(record):
    for value in (record, {"articles": [record]}):
        (article,) = parsed(value)
        assert isinstance(article, Article), article
        assert (article.title, article.text) == ("Rain", RAIN)


def test_a_table_of_wares_is_refused_and_one_of_headlines_read():
    rows = f"1,Mug,{CARS},12\n2,Poster,{CARS},20\n"
    assert "has no column of texts" in ledger(parsed(f"sku,name,description,price\n{rows}", "x.csv"))
    assert "has no column of texts" in ledger(parsed(f"sku,title,description,price\n{rows}", "x.csv"))
    news = parsed(f'id,title,description,published_at\n1,Rain,"{RAIN}",2024-03-04\n2,Cars,{CARS},\n', "x.csv")
    assert [article.text for article in articles(news)] == [RAIN, CARS]


@pytest.mark.parametrize(
    "other",
    [
        {"@type": "WebSite", "name": "Post", "description": RAIN, "url": "https://post.example/about"},
        {"@type": ["NewsMediaOrganization", "Brand"], "name": "Post", "description": RAIN},
        {
            "@type": "schema:Person",
            "name": "Ida Brandt",
            "headline": "Reporter",
            "description": RAIN,
            "url": "https://p.example/i",
        },
        {"@type": "Comment", "text": RAIN, "author": "r", "dateCreated": "2024-03-04"},
        {"@type": "Product", "name": "Mug", "description": RAIN},
        {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}]},
    ],
)
def test_what_json_ld_says_is_no_article_is_none_beside_one(other):
    story = {
        "@type": "NewsArticle",
        "headline": "Cars",
        "articleBody": CARS,
        "author": {"@type": "Person", "name": "Ida Brandt"},
    }
    for value in ([other, story], {"@context": "https://schema.org", "@graph": [other, story]}):
        values = parsed(value)
        assert [(article.title, article.authors) for article in articles(values)] == [("Cars", ("Ida Brandt",))]
        assert "in JSON-LD, no article" in ledger(values)
    assert not articles(parsed(other)) and "in JSON-LD, no article" in ledger(parsed(other))
