"""Readers: what each makes of a file of its format."""

import csv
import inspect
import json

import pytest
from drawn_pdf import pdf

from allegedly.builders.readers import _names, _reading, html
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import html_blocks
from allegedly.schemas import plugins, schema
from allegedly.schemas.records import Article, Origin, Rejected

NAMES = plugins.names("readers")


def parsed(data, name, **options):
    data = data.encode() if isinstance(data, str) else data
    return list(_reading.parsed(data, name, **options))


def one(data, name, **options):
    (article,) = parsed(data, name, **options)
    assert isinstance(article, Article), article
    return article


def kinds(article):
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


@pytest.mark.parametrize("name", NAMES)
def test_contract(name):
    """Bytes and an origin in; articles and rejections out, or a verdict on the file, whatever the bytes are."""
    module = plugins.find("readers", name)
    assert module.__doc__
    parameters = inspect.signature(module.read).parameters
    assert list(parameters)[:2] == ["data", "origin"]
    for data in (b"", b"\0\1\2\3" * 50, b"{", b"<", b"\xff\xfe\xfd", b"a", b"%PDF-", b"WARC/1.0\r\n", b"a,b\n1\n"):
        try:
            values = list(module.read(data, Origin(file_name="x")))
        except Refused as refused:
            values = [refused.rejected(Origin(file_name="x"))]
        for value in values:
            kind = "article" if isinstance(value, Article) else "rejected"
            assert isinstance(value, Article | Rejected)
            assert list(schema.errors(kind, value.to_json())) == []


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Ferry runs aground | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta property="article:section" content="Local">
<link rel="canonical" href="https://harbourpost.example/ferry">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "Person", "@id": "#ida", "name": "Ida Brandt"},
 {"@type": ["NewsArticle"], "headline": "Ferry runs aground", "datePublished": "2026-03-14T08:15:00+01:00",
  "author": [{"@id": "#ida"}, {"@type": "Person", "name": "By Tom Hale, Chief Reporter"}], "keywords": ["ferry", "Estrand"]}
]}</script></head><body><header><a href="/">Harbour Post</a><nav><ul><li>News</li><li>Sport</li></ul></nav></header>
<article><h1>Ferry runs aground</h1><p class="standfirst">Coast guard brings 212 people ashore</p>
<p>By Ida Brandt and Tom Hale</p>
<p>A ferry with 212 people on board ran aground off Estrand on Saturday morning, the coast guard said.</p>
<h2>A long scrape</h2>
<p>Nobody was hurt, according to the operator, and the passengers were taken ashore in two lifeboats by noon.</p>
<blockquote><p>“We heard a long scrape and then it was quiet,” said a passenger who was on her way to work.</p></blockquote>
<ul><li>The harbour stays closed until Monday.</li><li>Buses replace the ferry.</li></ul></article>
<footer><p>© Harbour Post</p></footer></body></html>"""


def test_page():
    article = one(PAGE, "ferry.html")
    assert article.title == "Ferry runs aground"
    assert article.subtitle == "Coast guard brings 212 people ashore"
    assert article.authors == ("Ida Brandt", "Tom Hale")
    assert article.published == "2026-03-14T08:15:00+01:00"
    assert article.outlet == "Harbour Post"
    assert article.url == "https://harbourpost.example/ferry"
    assert article.section == "Local"
    assert article.themes == ("ferry", "Estrand")
    assert article.language == "en-GB"
    found = kinds(article)
    assert [kind for kind, _ in found[:4]] == ["title", "subtitle", "byline", "lead"]
    assert ("heading", "A long scrape") in found
    assert found[0][1] == "Ferry runs aground"
    assert article.text.count("Ferry runs aground") == 1
    assert "Sport" not in article.text
    assert "\n\n".join(words for _, words in found) == article.text


def test_page_of_many_elements_is_read_as_it_lies():
    article = one(
        "<html><body><article>" + "<p>The ferry ran aground.</p>" * 21_000 + "</article></body></html>", "a.html"
    )
    assert len(article.blocks) == 21_000


def test_json_is_verbatim():
    text = "  First line.\n\nSecond  paragraph, two blanks.\n"
    article = one(
        json.dumps({"headline": "H", "body": text, "byline": "By Ida Brandt", "date": "2026-03-14"}), "a.json"
    )
    assert article.text == text
    assert (article.title, article.authors, article.published) == ("H", ("Ida Brandt",), "2026-03-14")
    assert kinds(article) == [("lead", "First line."), ("paragraph", "Second  paragraph, two blanks.")]


def test_json_field_map():
    record = {
        "meta": {"who": ["Ida Brandt", "Tom Hale"], "h/l": "Ferry"},
        "payload": [{"x": "A ferry ran aground."}],
        "text": "no",
    }
    fields = {"text": "/payload/0/x", "authors": "/meta/who", "title": "/meta/h~1l"}
    article = one(json.dumps(record), "a.json", fields=fields)
    assert (article.text, article.authors, article.title) == (
        "A ferry ran aground.",
        ("Ida Brandt", "Tom Hale"),
        "Ferry",
    )
    (refused,) = parsed(json.dumps({"text": "A ferry."}), "a.json", fields={"text": "/body"})
    assert "has no text at '/body'; its fields are: text" in refused.reason


@pytest.mark.parametrize(
    "wrap", [lambda r: r, lambda r: {"status": "ok", "articles": r}, lambda r: {"data": {"items": r}}]
)
def test_json_of_several(wrap):
    records = [
        {"title": "A", "content": "The ferry ran aground."},
        {"title": "B"},
        {"title": "C", "content": "It was freed."},
    ]
    found = parsed(json.dumps(wrap(records)), "a.json")
    assert [type(value) for value in found] == [Article, Rejected, Article]
    assert [value.origin.record for value in found] == [0, 1, 2]


def test_json_with_html():
    article = one(
        json.dumps({"title": "T", "content": "<p>The ferry &amp; its crew.</p><h2>Crew</h2><p>All safe.</p>"}), "a.json"
    )
    assert kinds(article) == [("lead", "The ferry & its crew."), ("heading", "Crew"), ("paragraph", "All safe.")]
    assert (
        one(json.dumps({"text": "If a < b and c > d, the ferry sails."}), "a.json").text
        == "If a < b and c > d, the ferry sails."
    )


def test_schema_org_json():
    record = {"@type": "NewsArticle", "headline": "Ferry", "articleBody": "A ferry ran aground.", "datePublished": "2026-03-14",
              "author": {"@type": "Person", "name": "Ida Brandt"}, "publisher": {"name": "Harbour Post"}}  # fmt: skip
    article = one(json.dumps(record), "a.json")
    assert (article.title, article.authors, article.outlet, article.published) == (
        "Ferry",
        ("Ida Brandt",),
        "Harbour Post",
        "2026-03-14",
    )


NINJS = {"uri": "urn:x:1", "type": "text", "headline": "Ferry runs aground", "byline": "By Ida Brandt", "language": "en",
         "versioncreated": "2026-03-14T08:15:00Z", "usageterms": "CC0", "located": "Estrand", "infosource": [{"name": "Wire"}],
         "subject": [{"name": "Shipping"}], "body_html": "<p>A ferry ran aground.</p><p>All safe.</p>"}  # fmt: skip


def test_ninjs():
    article = one(json.dumps(NINJS), "a.json")
    assert article.origin.reader == "ninjs"
    assert article.text == "Ferry runs aground\n\nA ferry ran aground.\n\nAll safe."
    assert (article.source_id, article.licence, article.regions, article.themes) == (
        "urn:x:1",
        "CC0",
        ("Estrand",),
        ("Shipping",),
    )
    assert (article.outlet, article.authors, article.published) == ("Wire", ("Ida Brandt",), "2026-03-14T08:15:00Z")


def test_ninjs_2():
    item = {"uri": "urn:x:2", "headlines": [{"role": "main", "value": "Ferry runs aground"}], "by": "Ida Brandt",
            "bodies": [{"role": "main", "contenttype": "text/html", "value": "<p>A ferry ran aground.</p>"}],
            "subjects": [{"name": "Shipping"}]}  # fmt: skip
    article = one(json.dumps(item), "a.ninjs")
    assert article.text == "Ferry runs aground\n\nA ferry ran aground."
    assert article.title == "Ferry runs aground"
    (refused,) = parsed(json.dumps({**NINJS, "type": "picture", "body_html": ""}), "a.json")
    assert refused.reason == "is a ninjs item (picture) without a body of text"


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Post</title><language>en-gb</language>
<item><title>Ferry &amp; crew</title><link>https://harbourpost.example/1</link><guid>hp-1</guid><dc:creator>Ida Brandt</dc:creator>
<pubDate>Sat, 14 Mar 2026 08:15:00 +0100</pubDate><category>Local</category><description>Teaser</description>
<content:encoded><![CDATA[<p>A ferry ran aground.</p><p>All safe.</p>]]></content:encoded></item>
<item><title>Nothing here</title></item></channel></rss>"""


def test_rss():
    article, refused = parsed(RSS, "a.xml")
    assert article.text == "Ferry & crew\n\nA ferry ran aground.\n\nAll safe."
    assert (article.outlet, article.authors, article.source_id, article.url) == (
        "Harbour Post",
        ("Ida Brandt",),
        "hp-1",
        "https://harbourpost.example/1",
    )
    assert (article.published, article.themes, article.language) == ("2026-03-14T08:15:00+01:00", ("Local",), "en-GB")
    assert refused.reason == "entry 1 has no content"


def test_atom_with_xhtml():
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Sky</title><author><name>Mei Castellan</name></author>
    <entry><id>tag:1</id><title>Glow</title><published>2025-08-05T10:00:00Z</published>
    <link rel="alternate" href="https://sky.example/1"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <p>The moon glows.</p><p>It may hide an ocean.</p></div></content></entry></feed>"""
    article = one(feed, "a.atom")
    assert article.text == "Glow\n\nThe moon glows.\n\nIt may hide an ocean."
    assert (article.authors, article.published, article.source_id) == (
        ("Mei Castellan",),
        "2025-08-05T10:00:00Z",
        "tag:1",
    )


def warc(*responses):
    out = b""
    for uri, head, body in responses:
        http = f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uri}>\r\n"
        head += f"WARC-Target-URI: https://x.example/{uri}\r\nContent-Type: application/http; msgtype=response\r\n"
        out += f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"
    return out


def test_warc():
    page = PAGE.replace('<link rel="canonical" href="https://harbourpost.example/ferry">', "").encode("windows-1252")
    found = parsed(
        warc(
            ("1", "200 OK\r\nContent-Type: text/html; charset=windows-1252", page),
            ("2", "200 OK\r\nContent-Type: image/png", b"\x89PNG"),
            ("3", "404 Not Found\r\nContent-Type: text/html", b"<p>no</p>"),
        ),
        "a.warc",
    )
    assert [getattr(value, "rule", None) for value in found] == [None, "no-article", "no-article"]
    assert found[0].origin.encoding == "windows-1252"
    assert found[0].source_id == "<urn:uuid:1>"
    assert found[0].url == "https://x.example/1"
    assert "“We heard" in found[0].text
    assert found[1].reason == "holds image/png, no HTML page"
    assert "HTTP response with status 404" in found[2].reason


def test_warc_broken_in_the_middle():
    good = ("1", "200 OK\r\nContent-Type: text/html", PAGE.encode())
    data = warc(good) + b"rubbish " * 30 + b"\r\n\r\n" + warc(good)
    found = parsed(data, "a.warc")
    assert [getattr(value, "rule", None) for value in found] == [None, "broken-archive", None]
    assert [value.origin.record for value in found] == [0, 1, 2]


def test_pdf():
    def page(number, *lines):
        head = (50, 780, 9, "Harbour Post, 14 March 2026")
        return [head, *lines, (290, 20, 9, f"- {number} -")]

    article = one(
        pdf(
            page(1, (50, 740, 20, "Ferry runs"), (50, 716, 20, "aground"),
                 (50, 680, 11, "A ferry with 212 people on board ran aground off Estrand on Satur-"),
                 (50, 666, 11, "day morning, the coast guard said. Nobody was hurt."),
                 (50, 640, 11, "The harbour stays closed until Monday, and nobody knows whether it")),
            page(2, (50, 740, 11, "will open then, the operator said.")),
            page(3, (50, 740, 11, "Buses replace the ferry until the harbour opens.")),
        ),
        "a.pdf",
    )  # fmt: skip
    assert kinds(article) == [
        ("title", "Ferry runs aground"),
        (
            "lead",
            "A ferry with 212 people on board ran aground off Estrand on Saturday morning, the coast guard said. Nobody was hurt.",
        ),
        (
            "paragraph",
            "The harbour stays closed until Monday, and nobody knows whether it will open then, the operator said.",
        ),
        ("paragraph", "Buses replace the ferry until the harbour opens."),
    ]


@pytest.mark.parametrize("leading", [26, 34, 40])
def test_pdf_title_of_several_lines(leading):
    title = ["Ferry runs aground off Estrand.", "Rudder fails and", "ninety people are taken ashore"]
    lines = [(50, 760 - leading * at, 24, words) for at, words in enumerate(title)]
    body = [
        (50, 600, 11, "The ferry ran aground off Estrand on Monday evening, and all of its"),
        (50, 587, 11, "ninety passengers were taken ashore by the boats of the coast guard."),
    ]
    article = one(pdf([*lines, *body]), "a.pdf")
    assert article.title == " ".join(title)
    assert [kind for kind, _ in kinds(article)] == ["title", "lead"]


def test_pdf_page_listed_again_is_read_once():
    data = pdf([(50, 700, 11, "The ferry ran aground off Estrand.")])
    data = data.replace(b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * 3000 + b"] /Count 3000")
    (article,) = parsed(data, "a.pdf")
    assert article.text == "The ferry ran aground off Estrand."


def test_csv():
    data = 'id;headline;article_text;author\r\n7;"Ferry; aground";"It ran\naground.";Ida Brandt\r\n'
    article = one(data, "a.csv")
    assert (article.text, article.title, article.source_id, article.authors) == (
        "It ran\naground.",
        "Ferry; aground",
        "7",
        ("Ida Brandt",),
    )
    assert one("x\ty\nA ferry ran aground.\tb\n", "a.tsv", fields={"text": "x", "title": "y"}).title == "b"
    (refused,) = parsed("x\ty\n1\t2\n", "a.tsv", fields={"text": "z"})
    assert refused.reason == "has no column 'z'; its columns are: x, y"


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.tsv", "\t")])
def test_long_cells_leave_the_limit_of_other_tables_alone(name, mark):
    data = f"id{mark}text\n1{mark}{'A ferry ran aground. ' * 10_000}\n2{mark}It ran aground.\n".encode()
    before = csv.field_size_limit()
    values = _reading.parsed(data, name)
    assert len(next(values).text) == 210_000 > before
    # while a table is half read, too: importers and predictions go by the limit of the process
    assert csv.field_size_limit() == before
    assert [value.text for value in values] == ["It ran aground."]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("By Ida Brandt", ("Ida Brandt",)),
        ("by IDA BRANDT and Tom Hale", ("Ida Brandt", "Tom Hale")),
        ("Ida Brandt, Tom Hale & Mei Castellan", ("Ida Brandt", "Tom Hale", "Mei Castellan")),
        ("Ida Brandt, Chief Political Correspondent", ("Ida Brandt",)),
        ("Brandt, Ida", ("Ida Brandt",)),
        ("Brandt, Editor", ("Brandt",)),
        ("von der Leyen, Ursula", ("Ursula von der Leyen",)),
        ("By Von der Leyen, Ursula", ("Ursula von der Leyen",)),
        ("Leyen, Ursula von der", ("Ursula von der Leyen",)),
        ("Von Ursula von der Leyen", ("Ursula von der Leyen",)),
        ("van Gogh, Vincent Willem; de la Cruz, Ana", ("Vincent Willem van Gogh", "Ana de la Cruz")),
        ("Gogh, Vincent van and Vincent van Dyck", ("Vincent van Gogh", "Vincent van Dyck")),
        ("von Brandt, Ida", ("Ida von Brandt",)),
        ("von Ida Brandt, Redakteurin", ("Ida Brandt",)),
        ("bin Salman, Omar & Omar bin Salman", ("Omar bin Salman",)),
        ("Masri, Omar al-; al-Masri, Omar; Omar al-Masri", ("Omar al-Masri",)),
        ("McDonald, Ann; Ann McDonald", ("Ann McDonald",)),
        ("O’Brien, Ann; Ann O’Brien", ("Ann O’Brien",)),
        ("Ida Brandt, Ana Maria de la Cruz, Tom Hale", ("Ida Brandt", "Ana Maria de la Cruz", "Tom Hale")),
        ("Ben Hale, Estrand", ("Ben Hale",)),
        ("Ben Hale, Ida Brandt", ("Ben Hale", "Ida Brandt")),
        ("Ida E Brandt and Tom Y Hale", ("Ida E Brandt", "Tom Y Hale")),
        ("Ida y Tom Hale", ("Ida", "Tom Hale")),
        ("https://x.example/ida", ()),
        (["Ida Brandt", {"name": "Tom Hale"}, "Ida Brandt"], ("Ida Brandt", "Tom Hale")),
        ("Ida Brandt (ida@x.example)", ("Ida Brandt",)),
        ("admin", ()),
        # roles, places, jobs and outlets beside the name
        ("Ida Brandt in Lowmere and Tom Hale in Dunholt", ("Ida Brandt", "Tom Hale")),
        ("Ida Brandt à Paris", ("Ida Brandt",)),
        ("Reporter: Ida Brandt; Editor: Tom Hale", ("Ida Brandt",)),
        ("Text: Ida Brandt, Fotos: Tom Hale", ("Ida Brandt",)),
        ("Words by Ida Brandt. Pictures by Tom Hale.", ("Ida Brandt",)),
        ("Photo: Tom Hale", ()),
        ("Transport correspondent Ida Brandt", ("Ida Brandt",)),
        ("Political Editor Ida Brandt and Health Reporter Tom Hale", ("Ida Brandt", "Tom Hale")),
        ("IDA BRANDT Staff Writer", ("Ida Brandt",)),
        ("Ida Brandt for The Gazette", ("Ida Brandt",)),
        ("Ida Brandt, special to The Gazette", ("Ida Brandt",)),
        ("From Our Correspondent", ()),
        # family names that newspapers have too
        ("Emily Post, Jenny Sun and Maria La Rosa", ("Emily Post", "Jenny Sun", "Maria La Rosa")),
        ("Kofi Mail", ("Kofi Mail",)),
        ("Baltimore Sun", ()),
        ("The Washington Post", ()),
        ("Lowmere Gazette", ()),
        # no people
        ("viewing our video content", ()),
        ("4 Am Pt", ()),
        ("London", ()),
        ("By Our Foreign Staff", ()),
        ("vegolosi.it", ()),
        ("Bundesverband Hafenbau e.V.", ()),
        ("By Ida Brandt and PTI", ("Ida Brandt",)),
        ("The Associated Press", ()),
        ("Ida Brandt and agencies", ("Ida Brandt",)),
        ("Von Ida Brandt | 14.03.2026", ("Ida Brandt",)),
        (None, ()),
    ],
)
def test_names(said, names):
    assert _names.authors(said) == names


def test_fragment():
    source = (
        "Loose<br>words<div><p>One</p>tail</div><ul><li>a</li><li>b</li></ul><script>no()</script><pre> x\n y </pre>"
    )
    assert html_blocks.fragment(source, Limits()) == [
        ("lead", "Loose\nwords"), ("paragraph", "One"), ("paragraph", "tail"), ("list", "a\nb"), ("paragraph", "x y")
    ]  # fmt: skip


def test_pages_of_the_public_corpora_are_read_or_refused(shared):
    pages = sorted(shared("corpora/html-newspaper4k").glob("data/html/*.html"))
    for path in pages:
        (value,) = html.read(path.read_bytes(), Origin(file_name=path.name))
        assert isinstance(value, Article) or value.rule in ("no-article", "script-only")
