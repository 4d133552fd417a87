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


# texts in parts

PARAGRAPHS = [{"type": "paragraph", "text": RAIN}, {"type": "paragraph", "text": CARS}]
READ = [("lead", RAIN), ("paragraph", CARS)]


@pytest.mark.parametrize("name", ["blocks", "body", "paragraphs", "components", "storyElements", "inhaltsbloecke"])
def test_paragraphs_in_a_list_are_one_article_whatever_the_list_is_called(name):
    beside = {"related": [{"headline": "Old", "text": RAIN}]}
    story = {"headline": "Rain", "byline": "Ida Brandt", "publishedAt": "2024-03-04", name: PARAGRAPHS, **beside}
    values = parsed({"props": {"article": story, "mostRead": [{"title": "Older", "text": CARS}]}})
    (article,) = articles(values)
    assert (article.title, article.authors, article.published) == ("Rain", ("Ida Brandt",), "2024-03-04")
    assert blocks(article) == READ
    assert "holds 2 more objects with a text" in ledger(values)
    assert "related (1)" in ledger(values) and "mostRead (1)" in ledger(values)


def test_several_articles_in_parts_are_several_and_pictures_between_are_captions():
    picture = {"type": "image", "url": "https://post.example/a.jpg", "caption": "The bridge.", "width": 1}
    stories = [{"title": title, "blocks": [PARAGRAPHS[0], picture, PARAGRAPHS[1]]} for title in "AB"]
    values = parsed({"stories": stories})
    assert [article.title for article in values] == ["A", "B"]
    assert all(blocks(article) == [READ[0], ("caption", "The bridge."), READ[1]] for article in values)


def test_lists_of_texts_that_are_no_paragraphs_are_no_body():
    for rows in ([{"text": RAIN, "label": 1}], [{"text": RAIN}, {"text": CARS}], [{"type": "message", "text": RAIN}]):
        values = parsed({"name": "corpus", "version": "1", "rows": rows})
        assert [article.text for article in values] == [row["text"] for row in rows]
    values = parsed({"title": "Rain", "comments": PARAGRAPHS, "text": RAIN})
    assert [article.text for article in articles(values)] == [RAIN]


def _spans(words):
    return [{"type": "text", "text": words[:9]}, {"type": "text", "text": words[9:], "marks": [{"type": "bold"}]}]


def _paragraph(words):
    return {"type": "paragraph", "content": _spans(words)}


def _slate(words):
    return {"type": "paragraph", "children": [{"text": words[:9]}, {"text": words[9:], "bold": True}]}


def _contentful(kind, words):
    return {"nodeType": kind, "data": {}, "content": [{"nodeType": "text", "value": words, "marks": [], "data": {}}]}


EDITORS = {
    "prosemirror": {
        "type": "doc",
        "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Now"}]},
            *map(_paragraph, (RAIN, CARS)),
            {"type": "bulletList", "content": [{"type": "listItem", "content": [_paragraph("Item")]}]},
            {"type": "blockquote", "content": [_paragraph("Quoted.")]},
        ],
    },
    "contentful": {
        "nodeType": "document",
        "data": {},
        "content": [
            _contentful("heading-2", "Now"),
            *(_contentful("paragraph", words) for words in (RAIN, CARS)),
            {"nodeType": "unordered-list", "content": [{"nodeType": "list-item", "content": [_contentful("paragraph", "Item")]}]},
            _contentful("blockquote", "Quoted."),
            {"nodeType": "embedded-asset-block", "data": {"target": {}}, "content": []},
        ],
    },
    "slate": [
        {"type": "heading-two", "children": [{"text": "Now"}]},
        *map(_slate, (RAIN, CARS)),
        {"type": "bulleted-list", "children": [{"type": "list-item", "children": [{"text": "Item"}]}]},
        {"type": "block-quote", "children": [{"text": "Quoted."}]},
    ],
    "lexical": {
        "root": {
            "type": "root",
            "children": [
                {"type": "heading", "tag": "h2", "children": _spans("Now")},
                *({"type": "paragraph", "children": _spans(words)} for words in (RAIN, CARS)),
                {"type": "list", "listType": "bullet", "children": [{"type": "listitem", "children": _spans("Item")}]},
                {"type": "quote", "children": _spans("Quoted.")},
            ],
        }
    },
    "draft": {
        "blocks": [
            {"key": "a", "type": "header-two", "text": "Now"},
            *({"key": "b", "type": "unstyled", "text": words, "inlineStyleRanges": []} for words in (RAIN, CARS)),
            {"key": "c", "type": "unordered-list-item", "text": "Item"},
            {"key": "d", "type": "blockquote", "text": "Quoted."},
            {"key": "e", "type": "atomic", "text": " "},
        ],
        "entityMap": {},
    },
    "editor": {
        "time": 1,
        "version": "2.2",
        "blocks": [
            {"type": "header", "data": {"text": "Now", "level": 2}},
            {"type": "paragraph", "data": {"text": RAIN.replace("rain", "<b>rain</b>")}},
            {"type": "paragraph", "data": {"text": CARS}},
            {"type": "list", "data": {"style": "ordered", "items": ["Item"]}},
            {"type": "quote", "data": {"text": "Quoted."}},
        ],
    },
    "portable text": [
        {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "Now"}]},
        *(
            {"_type": "block", "style": "normal", "markDefs": [], "children": [{"_type": "span", "text": part} for part in parts]}
            for parts in ((RAIN[:9], RAIN[9:]), (CARS,))
        ),
        {"_type": "block", "style": "normal", "listItem": "bullet", "children": [{"_type": "span", "text": "Item"}]},
        {"_type": "block", "style": "blockquote", "children": [{"_type": "span", "text": "Quoted."}]},
        {"_type": "image", "asset": {"_ref": "x"}},
    ],
    "prismic": [
        {"type": "heading2", "text": "Now", "spans": []},
        *({"type": "paragraph", "text": words, "spans": []} for words in (RAIN, CARS)),
        {"type": "list-item", "text": "Item", "spans": []},
        {"type": "quote", "text": "Quoted.", "spans": []},
    ],
    "gutenberg": [
        {"blockName": "core/heading", "attrs": {"level": 2}, "innerBlocks": [], "innerHTML": "<h2>Now</h2>"},
        *({"blockName": "core/paragraph", "innerBlocks": [], "innerHTML": f"<p>{words}</p>"} for words in (RAIN, CARS)),
        {"blockName": None, "innerBlocks": [], "innerHTML": "\n\n"},
        {"blockName": "core/list-item", "attrs": {}, "innerBlocks": [], "innerHTML": "<li>Item</li>"},
        {"blockName": "core/quote", "attrs": {}, "innerBlocks": [], "innerHTML": "<blockquote><p>Quoted.</p></blockquote>"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("editor", EDITORS)
def test_the_tree_of_an_editor_is_headings_and_paragraphs(editor):
    expected = [("heading", "Now"), *READ, ("list", "Item"), ("quote", "Quoted.")]
    for body in (EDITORS[editor], json.dumps(EDITORS[editor])):
        (article,) = parsed({"title": "Rain", "content": body})
        assert isinstance(article, Article), article
        assert blocks(article) == expected


def test_spans_breaks_tables_and_deltas():
    said = [
        {"type": "text", "text": "So says "},
        {"type": "mention", "attrs": {"id": "ida", "label": "Ida"}},
        {"type": "hardBreak"},
        {"type": "text", "text": "Brandt."},
    ]
    row = {
        "type": "tableRow",
        "content": [{"type": "tableCell", "content": [_paragraph(cell)]} for cell in ("Year", "Loss")],
    }
    nodes = [
        {"type": "paragraph", "content": said},
        {"type": "table", "content": [row]},
        {"type": "related_links", "content": [_paragraph("Old story")]},
    ]
    tree = {"type": "doc", "content": nodes}
    (article,) = parsed({"title": "Rain", "body": tree})
    assert article.text == "So says Ida\nBrandt.\n\nYear\n\nLoss"
    (article,) = parsed(
        {"title": "Rain", "body": {"ops": [{"insert": RAIN[:5]}, {"insert": RAIN[5:] + "\n"}, {"insert": CARS}]}}
    )
    assert blocks(article) == READ


def test_a_text_that_begins_like_json_is_a_text():
    for text in (f"[1] {RAIN}", "{" + RAIN, '{"type": "x", "text": "y"}', "[" * 5000):
        (article,) = parsed({"title": "Rain", "text": text})
        assert article.text == text


# nesting


def test_a_text_in_several_forms_is_read_in_the_best():
    forms = {
        "value": f"<p>{RAIN}</p>",
        "format": "full_html",
        "processed": f"<p>{RAIN}</p><p>{CARS}</p>",
        "summary": "Short",
    }
    (article,) = parsed(
        {"data": [{"type": "node--article", "id": "u1", "attributes": {"title": "Rain", "body": forms}}]}
    )
    assert blocks(article) == READ and article.source_id == "u1"
    for body in ({"text": RAIN, "type": "text/plain"}, {"#text": RAIN}, {"value": RAIN, "language": None, "base": ""}):
        (article,) = parsed({"title": "Rain", "content": body})
        assert article.text == RAIN


def test_names_with_the_type_of_a_dynamic_field():
    told = {"content_txt_en": [RAIN], "date_dt": "2024-03-04T06:00:00Z", "author_ss": ["Ida Brandt"]}
    docs = [{"id": f"s{n}", "title_s": [f"Rain {n}"], **told} for n in range(2)]
    values = parsed({"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": docs}})
    assert [(value.source_id, value.title, value.text, value.authors) for value in values] == [
        (f"s{n}", f"Rain {n}", RAIN, ("Ida Brandt",)) for n in range(2)
    ]
    (article,) = parsed(f'title_s,content_t,label_i\nRain,"{RAIN}",1\n', "x.csv")
    assert (article.title, article.text) == ("Rain", RAIN)


def test_questions_about_a_text_are_none_of_it():
    asked = [{"question": "When?", "id": "1", "answers": [{"text": "Monday", "answer_start": 30}]}]
    data = [{"title": "Rain", "paragraphs": [{"context": words, "qas": asked} for words in (RAIN, CARS)]}]
    (article,) = parsed({"version": "2.0", "data": data})
    assert (article.title, blocks(article)) == ("Rain", READ)


# names


def test_the_id_of_an_outlet_is_not_that_of_an_article():
    story = {"source_id": "post", "source_name": "Norhaven Post", "title": "Rain", "content": RAIN}
    for record, number in (
        (story, None),
        ({"article_id": "a1", **story}, "a1"),
        ({"source_id": "a1", "text": RAIN}, "a1"),
    ):
        (article,) = parsed(record)
        assert article.source_id == number
    (article,) = parsed(f'source_id,source_name,title,content\npost,Norhaven Post,Rain,"{RAIN}"\n', "x.csv")
    assert (article.source_id, article.outlet) == (None, "Norhaven Post")


@pytest.mark.parametrize(
    "name", ["chapo", "Chapô", "chapeau", "entradilla", "bajada", "occhiello", "Vorspann", "linha fina"]
)
def test_a_standfirst_in_other_languages_is_a_subtitle(name):
    (article,) = parsed({"titre": "Pluie", name: "Avis", "contenu": RAIN})
    assert article.subtitle == "Avis"


def test_what_a_feed_says_of_itself_holds_for_its_entries():
    about = {"title": "Norhaven Post", "language": "en-GB", "link": "https://post.example/"}
    items = [
        {
            "title": "Rain",
            "description": RAIN,
            "link": "https://post.example/rain",
            "pubDate": "Mon, 4 Mar 2024 06:00:00 GMT",
        },
        {
            "title": "Cars",
            "content": [{"type": "text/html", "language": None, "base": "", "value": f"<p>{CARS}</p>"}],
            "source": "Wire",
        },
    ]
    for value in (
        {"version": "https://jsonfeed.org/version/1", **about, "items": items},
        {"status": "ok", "feed": about, "items": items},
        {"feed": about, "entries": items},
        {"rss": {"@version": "2.0", "channel": {**about, "item": items}}},
    ):
        values = parsed(value)
        assert [(article.title, article.text, article.outlet, article.language) for article in values] == [
            ("Rain", RAIN, "Norhaven Post", "en-GB"),
            ("Cars", CARS, "Wire", "en-GB"),
        ]
    (article,) = parsed({"version": "1.1", **about, "items": items[:1]})
    assert article.outlet is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_blank_lines_end_paragraphs_where_elements_stand_in_lines_only(line_end):
    text = line_end.join(
        (f"<em>{RAIN}</em>", "", f"{CARS} <a href='x'>More</a>", "", "<h2>Now</h2>", "It rains.", "", "It rained.")
    )
    (article,) = parsed({"title": "Rain", "content": text})
    assert blocks(article) == [
        *READ[:1],
        ("paragraph", f"{CARS} More"),
        ("heading", "Now"),
        ("paragraph", "It rains."),
        ("paragraph", "It rained."),
    ]
    (article,) = parsed({"title": "Rain", "content": f"<p>One{line_end}{line_end}line.</p><p>Two.</p>"})
    assert blocks(article) == [("lead", "One line."), ("paragraph", "Two.")]


@pytest.mark.parametrize(
    ("kind", "state"), [("page", "publish"), ("revision", "inherit"), ("post", "draft"), ("attachment", "inherit")]
)
def test_what_a_blog_keeps_beside_its_posts_is_no_article(kind, state):
    post = {
        "ID": 1,
        "post_title": "Rain",
        "post_content": f"[embed]x[/embed]{RAIN}",
        "post_type": "post",
        "post_status": "publish",
    }
    other = {**post, "ID": 2, "post_type": kind, "post_status": state}
    values = parsed([post, other])
    assert [(article.source_id, article.text) for article in articles(values)] == [("1", f"x{RAIN}")]
    assert (
        ledger(values) == f"is no article but a {f'{kind} (post_type)' if kind != 'post' else f'{state} (post_status)'}"
    )
    assert [article.title for article in parsed({"post_title": "Rain", "post_content": RAIN})] == ["Rain"]
