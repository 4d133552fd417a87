"""Feeds: what stands in them beside their own names, what is no XML in them, and where their links lead."""

import pytest

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Article

STORY = "The harbour council voted to close the bridge."
MODULES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "a10": "http://www.w3.org/2005/Atom",
    }.items()
)


def rss(item: str, *, head: str = "<link>https://x.example/</link>", modules: str = MODULES) -> str:
    return f'<rss version="2.0" {modules}><channel><title>Gazette</title>{head}<item>{item}</item></channel></rss>'


def atom(entry: str, *, head: str = "", base: str = "") -> str:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" {MODULES} {base}><title>Gazette</title>{head}'
    return f"{feed}<entry><title>One</title><content>{STORY}</content>{entry}</entry></feed>"


def parsed(data: str | bytes) -> list:
    return list(_reading.parsed(data if isinstance(data, bytes) else data.encode(), "a.xml"))


def one(data: str | bytes) -> Article:
    (article,) = parsed(data)
    assert isinstance(article, Article), article
    return article


def test_what_another_namespace_names_alike_is_not_the_entrys():
    article = one(
        rss(
            f"<media:title>Picture</media:title><media:content><media:credit>Photo</media:credit></media:content>"
            f"<itunes:title>Show</itunes:title><itunes:author>Gazette Audio</itunes:author><itunes:summary>S</itunes:summary>"
            f"<media:copyright>Agency</media:copyright><media:category>sea</media:category><itunes:category text='talk'/>"
            f"<title>One</title><description>{STORY}</description><dc:creator>Ida Brandt</dc:creator>"
            f"<dc:subject>Bridges</dc:subject><a10:updated>2025-03-11T09:30:00Z</a10:updated><dc:rights>CC0</dc:rights>"
        )
    )
    assert article.text == f"One\n\n{STORY}"
    assert (article.title, article.authors, article.themes, article.licence, article.published) == (
        "One", ("Ida Brandt",), ("Bridges",), "CC0", "2025-03-11T09:30:00Z"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "url"),
    [
        (rss(f"<link>news/1</link><description>{STORY}</description>"), "https://x.example/news/1"),
        (rss(f"<link>//y.example/1</link><description>{STORY}</description>"), "https://y.example/1"),
        (rss(f"<link>/1?a=2&amp;copy=3&amp;sect=4</link><description>{STORY}</description>"),
         "https://x.example/1?a=2&copy=3&sect=4"),
        (rss(f"<link>/1</link><description>{STORY}</description>", head="<link>news</link>"), None),
        (rss(f"<guid>a-1</guid><description>{STORY}</description>"), None),
        (atom('<link href="../1"/>', head='<link rel="self" href="https://x.example/feeds/all"/>'), "https://x.example/1"),
        (atom('<link xml:base="b/" href="1"/>', base='xml:base="https://x.example/a/"'), "https://x.example/a/b/1"),
        (atom('<link rel="enclosure" href="https://x.example/a.mp3"/><link rel="alternate" href="https://x.example/1"/>'),
         "https://x.example/1"),
        (atom('<link rel="enclosure" href="https://x.example/a.mp3"/>'), None),
    ],
)  # fmt: skip
def test_links_lead_to_the_article(feed, url):
    assert one(feed).url == url


@pytest.mark.parametrize(
    "feed",
    [
        rss(f"<title>Caf&eacute; & more &ndash; R&D</title><description>{STORY}</description>"),
        "\n\n<?xml version='1.0' encoding='utf-8'?>" + rss(f"<title>Café & more – R&D</title><description>{STORY}</description>"),
        ("<?xml version='1.0' encoding='utf-8'?>" + rss(f"<title>Café &amp; more &#8211; R&amp;D</title><description>{STORY}"
         "</description>")).encode("latin-1"),
        "<!DOCTYPE rss SYSTEM 'rss-0.91.dtd'>" + rss(f"<title>Caf&eacute; &amp; more &ndash; R&amp;D</title><description>{STORY}"
        "</description>", modules=""),
        rss(f"<title>Café\x03 &amp; more –&#x1F; R&amp;D</title><description>{STORY}</description>"),
        rss(f"<title>Café &amp; more – R&amp;D</title><content:encoded>{STORY}</content:encoded><media:title>x</media:title>",
            modules=""),
        rss(f"<title><![CDATA[Café & more – R&D]]></title><content:encoded><![CDATA[<p>{STORY}</p>]]></content:encoded>&"),
        rss(f"<title>Café &amp;amp; more – R&amp;D</title><description>&amp;lt;p&amp;gt;{STORY}&amp;lt;/p&amp;gt;</description>"),
    ],
)  # fmt: skip
def test_what_is_not_quite_xml_is_mended(feed):
    article = one(feed)
    assert (article.title, article.text) == ("Café & more – R&D", f"Café & more – R&D\n\n{STORY}")


def test_html_that_was_put_into_a_feed_as_it_was():
    article = one(rss(f"<title>One</title><description>{STORY}<br>Two &amp; three.<p>Four</description>"))
    assert article.text == f"One\n\n{STORY}\nTwo & three.\n\nFour"


def test_what_cannot_be_mended_is_refused_with_the_first_complaint():
    (cut,) = parsed(rss(f"<title>A & B</title><description>{STORY}")[:-40])
    assert (cut.rule, cut.reason.partition(":")[0], sorted(cut.detail)) == (
        "broken-xml",
        "is broken XML",
        ["column", "line"],
    )
    (entities,) = parsed(
        "<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss(f"<title>A & B &x;</title><description>{STORY}</description>")
    )
    assert entities.rule == "xml-entities"


@pytest.mark.parametrize(
    ("title", "source", "bare"),
    [
        ("Bridge may close - Kelmouth Echo", "Kelmouth Echo", "Bridge may close"),
        ("Bridge may close | The Kelmouth Echo", "Kelmouth Echo", "Bridge may close"),
        ("Bridge - and ferry - may close", "Kelmouth Echo", "Bridge - and ferry - may close"),
        ("Bridge may close - says Kelmouth Echo", "Kelmouth Echo", "Bridge may close - says Kelmouth Echo"),
        ("Kelmouth Echo", "Kelmouth Echo", "Kelmouth Echo"),
    ],
)
def test_an_outlet_that_an_aggregator_puts_behind_a_title_is_none_of_it(title, source, bare):
    (article,) = parsed(rss(f"<title>{title}</title><description>{STORY}</description><source>{source}</source>"))
    assert (article.title, article.outlet) == (bare, source)
