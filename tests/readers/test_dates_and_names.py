"""Dates and names: what pages, records and files say of their own publication, and who they say wrote."""

import json

import pytest

from allegedly.builders.readers import _reading
from allegedly.builders.text import agencies

STORY = (
    "<p>The harbour council voted on Tuesday to close the old swing bridge for nine weeks while its bearings are renewed.</p>"
    "<p>Lorries will be sent round by the northern road, which adds eleven kilometres to the trip.</p>"
)


def page(before="", story=STORY, after="", head=""):
    source = (
        f"<!doctype html><html><head><title>Swing bridge to close - Gazette</title>{head}</head><body><nav><a href='/'>Home</a>"
        f"</nav><main><article><h1>Swing bridge to close</h1>{before}{story}</article></main>{after}</body></html>"
    )
    (article,) = _reading.parsed(source.encode(), "a.html")
    return article


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        # the story's dates, those of what stands beside it, and copyright lines are none
        ({"after": "<footer>© 2025 Lowmere Gazette</footer>"}, None),
        ({"after": "<p>Copyright 1 January 2025 Gazette</p>"}, None),
        ({"story": STORY + "<p>The bridge was last repaired on 14 June 1998, when the port still ran it.</p>"}, None),
        ({"story": STORY + "<p>It was built in <time datetime='1998-06-14'>June 1998</time>, he said that day.</p>"}, None),
        ({"story": "<p>Die Brücke wurde am 14. Juni 1998 repariert, sagte der Hafenmeister dem Rat.</p>" + STORY}, None),
        ({"after": "<div class='comments'><p class='date'>12 March 2025</p></div>"}, None),
        ({"after": "<aside><time datetime='2025-03-12'>12 March</time></aside>"}, None),
        ({"before": "<p>Member since 12 March 2015</p>"}, None),
        # what the page says of itself
        ({"before": "<p class='meta'>Updated 12 March 2025, 8:00 · Published 11 March 2025, 9:30</p>"}, "2025-03-11T09:30"),
        ({"before": "<p>Published 11 March 2025. Updated 12 March 2025.</p>"}, "2025-03-11"),
        ({"before": "<p>Aktualisiert am 12.03.2025 | Veröffentlicht am 11.03.2025</p>"}, "2025-03-11"),
        ({"before": "<p>Publié le 11 mars 2025 à 9h30, mis à jour le 12 mars 2025</p>"}, "2025-03-11T09:30"),
        ({"before": "<p>11 March 2025</p>"}, "2025-03-11"),
        ({"before": "<div class='byline'>Odile Farrant 11 March 2025</div>"}, "2025-03-11"),
        ({"before": "<span class='post-date'>11.03.25</span>"}, "2025-03-11"),
        ({"before": "<header><time datetime='2025-03-11T09:30:00Z'>Tuesday</time></header>"}, "2025-03-11T09:30:00Z"),
        ({"before": "<p>Updated <time datetime='2025-03-12'>12 March</time></p><p>Published 11 March 2025</p>"}, "2025-03-11"),
        ({"before": "<p>Last updated: 12 March 2025</p>"}, "2025-03-12"),
        ({"head": "<link rel='canonical' href='https://g.example/news/2025/mar/11/bridge'>"}, "2025-03-11"),
        ({"head": "<link rel='canonical' href='https://g.example/2025-03-11-bridge.html'>"}, "2025-03-11"),
        # placeholders give way to what follows
        (
            {
                "head": "<script type='application/ld+json'>"
                '{"@type": "NewsArticle", "datePublished": "0001-01-01T00:00:00"}'
                "</script><meta property='article:published_time' content='Thu, 01 Jan 1970 00:00:00 GMT'>"
                "<meta name='date' content='2025-03-11T09:30:00Z'>"
            },
            "2025-03-11T09:30:00Z",
        ),
        (
            {
                "head": "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"dateCreated\": \"2025-03-09\"}</script>"
                "<meta property='article:published_time' content='2025-03-11'>"
            },
            "2025-03-11",
        ),
    ],
)  # fmt: skip
def test_dates_of_pages(parts, published):
    assert page(**parts).published == published


@pytest.mark.parametrize(
    ("parts", "authors", "named"),
    [
        ({"before": "<p>By Odile Farrant and Rufus Kemble</p>"}, ("Odile Farrant", "Rufus Kemble"), ()),
        ({"head": "<meta name='author' content='Odile Farrant, AFP'>"}, ("Odile Farrant",), ("AFP",)),
        ({"head": "<meta name='author' content='Reuters Staff'>"}, (), ("Reuters Staff",)),
        ({"head": "<meta name='author' content='viewing our video content'>"}, (), ()),
        ({"before": "<p class='byline'>By Harbour Post staff reporter</p>"}, (), ()),
        ({"before": "<p class='byline'>By Messenger Staff Reporter</p>"}, (), ()),
        ({"before": "<p class='byline'>By Gazette correspondent</p>"}, (), ()),
        ({"before": "<p class='byline'>By Emily Post, staff reporter</p>"}, ("Emily Post",), ()),
        ({"before": "<p class='byline'>By Odile Farrant staff reporter</p>"}, ("Odile Farrant",), ()),
        ({"before": "<p class='byline'>Von Birte Sandholt (mit dpa)</p>"}, ("Birte Sandholt",), ("dpa",)),
        (
            {"before": "<p class='byline'>Par Élodie Farrant (avec AFP et Reuters)</p>"},
            ("Élodie Farrant",),
            ("AFP", "Reuters"),
        ),
        (
            {"before": "<p class='byline'>Von Birte Sandholt (dpa/AFP) und Jens Ohlum</p>"},
            ("Birte Sandholt", "Jens Ohlum"),
            ("dpa", "AFP"),
        ),
        (
            {"before": "<p class='byline'>By Odile Farrant (with files from The Associated Press)</p>"},
            ("Odile Farrant",),
            ("The Associated Press",),
        ),
        ({"before": "<p class='byline'>By Odile Farrant (in Lowmere)</p>"}, ("Odile Farrant",), ()),
        ({"story": STORY.replace("<p>The", "<p>LOWMERE, March 11 (Reuters) - The", 1)}, (), ("Reuters",)),
        ({"story": STORY.replace("<p>The", "<p>Lowmere (dpa) - The", 1)}, (), ("dpa",)),
        ({"story": STORY.replace("<p>The", "<p>LOWMERE (Norther) - The", 1)}, (), ()),
    ],
)
def test_people_and_agencies_of_pages(parts, authors, named):
    article = page(**parts)
    assert (article.authors, article.agencies) == (authors, named)


ODILE, RUFUS, TILDA = (
    f"<a rel='author' href='/people/{number}'>{name}</a>"
    for number, name in enumerate(("Odile Farrant", "Rufus Kemble", "Tilda Brandvold"))
)
BOTH = ("Odile Farrant", "Rufus Kemble")


@pytest.mark.parametrize(
    ("parts", "authors"),
    [
        # all that one line names
        ({"before": f"<p>By {ODILE} and {RUFUS}</p>"}, BOTH),
        ({"before": f"<div class='meta'>By {ODILE}, {RUFUS} and {TILDA} <time>8 Mar</time></div>"}, (*BOTH, "Tilda Brandvold")),
        ({"before": "<div><span class='author'>Odile Farrant</span>, <span class='author'>Rufus Kemble</span></div>"}, BOTH),
        ({"before": "<ul><li class='author'>Odile Farrant</li><li class='author'>Rufus Kemble</li></ul>"}, BOTH),
        ({"before": f"<div>{ODILE}<i>Transport reporter</i>{RUFUS}<i>Political editor</i></div>"}, BOTH),
        ({"before": f"<p>Von {ODILE} in Lowmere und {RUFUS} in Hestness</p>"}, BOTH),
        ({"before": f"<p>By {ODILE} and Rufus Kemble</p>"}, BOTH),
        ({"before": f"<p><span class='author'>{ODILE}</span> &amp; <span class='author'>{RUFUS}</span></p>"}, BOTH),
        # nobody beside it
        ({"before": f"<p>By {ODILE} | Lowmere City | 8 March</p>"}, ("Odile Farrant",)),
        ({"before": f"<p>By {ODILE}</p><p>Photographs by {RUFUS}</p>"}, ("Odile Farrant",)),
        ({"before": f"<p>By {ODILE}; edited by {RUFUS}</p>"}, ("Odile Farrant",)),
        ({"before": f"<p>By {ODILE}</p>", "story": f"{STORY}<div>{RUFUS} has written about the port since 1998.</div>"},
         ("Odile Farrant",)),
        ({"before": f"<p>By {ODILE}</p>", "after": f"<div><h3>Cod quota cut</h3><p>By {RUFUS}</p></div>"}, ("Odile Farrant",)),
        ({"after": f"<div><div><h3>Cod quota cut</h3>{ODILE}</div><div><h3>Ferry late</h3>{RUFUS}</div></div>"},
         ("Odile Farrant",)),
    ],
)  # fmt: skip
def test_marked_authors_of_one_line_are_authors_all(parts, authors):
    assert page(**parts).authors == authors


@pytest.mark.parametrize(
    ("site", "outlet"),
    [
        ("Lowmere Gazette", "Lowmere Gazette"), ("https://gazette.example/", None), ("www.gazette.example", None),
        ("Swing bridge to close", None), ("gazette.example/news", None), ("Gazette.com", "Gazette.com"),
    ],
)  # fmt: skip
def test_outlets_are_no_addresses_or_titles(site, outlet):
    head = f"<meta property='og:site_name' content='{site}'><link rel='canonical' href='https://www.gazette.example/a'>"
    assert page(head=head).outlet == outlet


TEXTS = ["The harbour council voted.", "The bridge closed.", "Lorries go north."]


@pytest.mark.parametrize("form", ["a.csv", "a.json", "a.jsonl"])
@pytest.mark.parametrize(
    ("written", "published"),
    [
        (["05/06/2020", "25/12/2020"], ["2020-06-05", "2020-12-25"]),
        (["05/06/2020", "12/25/2020"], ["2020-05-06", "2020-12-25"]),
        (["05/06/2020", "11/12/2020"], [None, None]),
        (["05/06/2020", "25/12/2020", "12/25/2020"], [None, "2020-12-25", "2020-12-25"]),
        (["05.06.2020", "05/06/2020"], ["2020-06-05", None]),
    ],
)
def test_a_file_settles_the_order_of_day_and_month(form, written, published):
    rows = [{"text": text, "date": date} for text, date in zip(TEXTS, written, strict=False)]
    source = {
        "a.csv": "text,date\n" + "".join(f"{row['text']},{row['date']}\n" for row in rows),
        "a.json": json.dumps(rows),
        "a.jsonl": "".join(json.dumps(row) + "\n" for row in rows),
    }[form]
    assert [article.published for article in _reading.parsed(source.encode(), form)] == published


def test_agencies_are_known_by_their_spellings():
    assert agencies.once(("The Associated Press", "AP", "dpa", "DPA")) == ("The Associated Press", "dpa")
    assert all(map(agencies.is_agency, ("AP", "dpa-AFX", "共同通信", "associated press", "Norther News Agency")))
    assert not any(map(agencies.is_agency, ("Ap", "Tina Ap", "Sid", "Norther", "agencies")))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("PARIS, 14 mars (AFP) - Le conseil a voté.", ("AFP",)),
        ("(ANSA) - ROMA, 14 MAR - Il consiglio ha votato.", ("ANSA",)),
        ("MOSCOW, March 14. /TASS/. The council voted.", ("TASS",)),
        ("LOWMERE (AP) — The council voted.", ("AP",)),
        ("Berlin/Lowmere (dpa/AFP) - Der Rat stimmte zu.", ("dpa", "AFP")),
        ("The council (AP) voted to close the bridge - for nine weeks.", ()),
        ("The council told AFP that it had voted.", ()),
        ("NATO (the alliance) - which has a base in Lowmere - objected.", ()),
    ],
)
def test_agencies_of_datelines(words, named):
    assert agencies.in_dateline(words) == named


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("By The Associated Press", ("The Associated Press",)),
        ("By Jane Doe, Reuters", ("Reuters",)),
        ("Quelle: dpa", ("dpa",)),
        ("© 2025 AFP", ("AFP",)),
        ("Mit Material von dpa und AFP", ("dpa", "AFP")),
        ("By Tina Ap", ()),
    ],
)
def test_agencies_of_lines_around_a_story(words, named):
    assert agencies.in_line(words) == named


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("BY ODILE FARRANT AND JUAN DE LA ROSA IN MADRID", ("Odile Farrant", "Juan de la Rosa")),
        ("By JUAN DE LA ROSA", ("Juan de la Rosa",)),
        ("BY VINCENT VAN DER MEER AND URSULA VON BRANDT", ("Vincent van der Meer", "Ursula von Brandt")),
        ("BY MARIA LA ROSA, LUIGI DI MAIO", ("Maria La Rosa", "Luigi Di Maio")),
        ("BY FIONA MCBRIDE AND SEAN O’BRIEN", ("Fiona McBride", "Sean O’Brien")),
        ("By Odile FARRANT", ("Odile FARRANT",)),
    ],
)
@pytest.mark.parametrize("form", ["page", "text"])
def test_names_in_capitals_have_their_small_words(form, byline, authors):
    if form == "page":
        assert page(before=f"<p class='byline'>{byline}</p>").authors == authors
    else:
        (article,) = _reading.parsed(
            f"Bridge to close\n\n{byline}\n\nThe harbour council voted on Tuesday to close the old swing bridge.\n".encode(),
            "a.txt",
        )
        assert article.authors == authors


def test_bylines_and_dates_of_texts():
    body = (
        "\n\nThe harbour council voted on Tuesday to close the old swing bridge for nine weeks.\n\nLorries go north.\n"
    )
    (signed,) = _reading.parsed(
        f"Bridge to close\n\nBy Emily Post and Maria La Rosa\nPublié le 14 mars 2025{body}".encode(), "a.txt"
    )
    assert (signed.authors, signed.outlet, signed.published) == (("Emily Post", "Maria La Rosa"), None, "2025-03-14")
    (agency,) = _reading.parsed(f"Bridge to close\n\nBy The Associated Press{body}".encode(), "a.txt")
    assert (agency.authors, agency.agencies) == ((), ("The Associated Press",))


def test_feeds_name_people_and_agencies_and_dates_of_two_digits():
    entry = (
        "<item><title>Bridge to close</title><description>The harbour council voted to close the bridge.</description>"
        "<author>Odile Farrant, AFP</author><pubDate>Tue, 11 Mar 25 09:30:00 +0100</pubDate></item>"
    )
    (article,) = _reading.parsed(
        f"<rss version='2.0'><channel><title>Gazette</title>{entry}</channel></rss>".encode(), "a.rss"
    )
    assert (article.authors, article.agencies) == (("Odile Farrant",), ("AFP",))
    assert article.published == "2025-03-11T09:30:00+01:00"
