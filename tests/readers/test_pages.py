"""Pages as newsrooms write them: what stands inside sentences, over titles, in lists, and in pages of a few lines."""

import json

import pytest

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Article, Rejected

TITLE = "Swing bridge to close for nine weeks"
LEAD = (
    "The harbour council voted on Tuesday to close the old swing bridge for nine weeks while its bearings are replaced."
)
SECOND = "Engineers found cracks in two of the four bearings last month, the works director Tilda Brandvold said."
THIRD = "Fishing boats will be able to leave only at high water, between six and nine, the harbour master said."


def read(article, language="en", title=TITLE, head=""):
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} - Lowmere Gazette</title>{head}'
        '<meta property="og:site_name" content="Lowmere Gazette"></head><body><nav><a href="/">Home</a></nav><main>'
        f"<article>{article}</article></main><footer>Lowmere Gazette</footer></body></html>"
    )
    (outcome,) = _reading.parsed(page.encode(), "page.html")
    return outcome


def blocks(article):
    assert isinstance(article, Article), article
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def story(*inside):
    return f"<h1>{TITLE}</h1>" + "".join(f"<p>{words}</p>" for words in (LEAD, *inside, SECOND, THIRD))


@pytest.mark.parametrize(
    ("language", "source", "words"),
    [
        ("en", "<q>We had no choice</q>, Brandvold told them.", "“We had no choice”, Brandvold told them."),
        ("en", "She said <q>he called it <q>safe</q> twice</q>.", "She said “he called it ‘safe’ twice”."),
        ("de", "<q>Wir müssen</q>, sagte sie am Abend.", "„Wir müssen“, sagte sie am Abend."),
        ("fr", "Elle a dit <q>jamais</q> hier soir.", "Elle a dit « jamais » hier soir."),
        ("en", "He wrote “<q>never again</q>” to the council.", "He wrote “never again” to the council."),
        ("en", "It opens on <time>5 May</time> at <time>9 am</time>.", "It opens on 5 May at 9 am."),
        ("en", "Then press the <button>Open</button> button once more.", "Then press the Open button once more."),
        ("en", "She read <cite>The Tide</cite> to the crowd.", "She read The Tide to the crowd."),
        ("en", "It is 30 m<sup>2</sup> of steel, he said.", "It is 30 m2 of steel, he said."),
        ("en", 'It broke.<sup><a href="#n1">1</a></sup> It was old.', "It broke.[1] It was old."),
        ("en", "It broke.<sup>[2]</sup> It was old.", "It broke.[2] It was old."),
        ("en", "The o\ufb03ce con\ufb01rmed it on Friday evening.", "The office confirmed it on Friday evening."),
    ],
)
def test_what_stands_inside_a_sentence_stays(language, source, words):
    article = read(story(source), language)
    assert ("paragraph", words) in blocks(article)
    assert f"{LEAD}\n\n{words}\n\n{SECOND}" in article.text


def test_footnotes_do_not_join_sentences():
    article = read(story('It broke.<sup id="r"><a href="#n">1</a></sup> It was old.<sup>2</sup> It is gone.'))
    words = [article.text[start:end] for start, end in article.sentences]
    assert words[2:5] == ["It broke.[1]", "It was old.[2]", "It is gone."]


def test_items_of_inner_lists_are_lines_of_their_own():
    inner = "<ul><li>Closed<ul><li>Quay Street<ol><li>East side</li></ol></li><li>Mill Lane</li></ul></li><li>Open</li></ul>"
    article = read(f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{SECOND}</p>{inner}<p>{THIRD}</p>")
    assert ("list", "Closed\nQuay Street\nEast side\nMill Lane\nOpen") in blocks(article)


@pytest.mark.parametrize(
    "heading",
    [
        "Swing bridge<br>to close for nine weeks",
        "<span class='a'>Swing bridge</span><br/><span class='b'>to close for nine weeks</span>",
        '<span class="kicker">Transport</span><span class="headline">Swing bridge to close for nine weeks</span>',
        '<small class="article__overline">Transport:</small> Swing bridge to close for nine weeks',
        "<span class='drop'>S</span><span class='rest'>wing bridge to close for nine weeks</span>",
    ],
)
def test_words_of_a_title_are_neither_glued_nor_a_kicker(heading):
    article = read(f"<h1>{heading}</h1><p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p>")
    assert article.title == TITLE
    assert [block for block in blocks(article) if block[0] != "boilerplate"][:2] == [("title", TITLE), ("lead", LEAD)]


@pytest.mark.parametrize("kicker", ["<div class='kicker'>Transport</div>", "<p>Transport</p>", "<h2>Harbour news</h2>"])
def test_a_kicker_is_no_lead(kicker):
    article = read(f"{kicker}{story()}")
    assert [words for kind, words in blocks(article) if kind == "lead"] == [LEAD]
    assert all(kind == "boilerplate" for kind, words in blocks(article) if words in ("Transport", "Harbour news"))


def test_a_standfirst_keeps_its_lines_apart():
    article = read(
        f"<h1>{TITLE}</h1><p class='standfirst'>Cracks force them.<br>Lorries go north.</p><p>{LEAD}</p><p>{THIRD}</p>"
    )
    assert article.subtitle == "Cracks force them. Lorries go north."
    assert article.text.count("Lorries go north.") == 1


@pytest.mark.parametrize(
    ("language", "title", "byline", "words"),
    [
        ("en", TITLE, '<p class="byline">By Odile Farrant</p>', "The swing bridge is shut until further notice."),
        ("en", TITLE, "", "The swing bridge is shut. It may open on Friday."),
        ("zh", "旧桥将关闭九周", "", "港务委员会周二表示，旧桥将关闭九周，更换轴承。"),
    ],
)
def test_a_story_of_a_line_is_told_from_what_stands_around_it(language, title, byline, words):
    article = read(f"<h1>{title}</h1>{byline}<p>{words}</p>", language, title)
    assert [text for kind, text in blocks(article) if kind not in ("title", "byline")] == [words]
    assert ("lead", words) in blocks(article)


@pytest.mark.parametrize(
    "around", ["", '<p class="byline">By Odile Farrant</p>', "<p>Swing bridge to close for nine weeks</p>"]
)
def test_a_page_without_a_story_is_refused(around):
    outcome = read(f"<h1>{TITLE}</h1>{around}")
    assert isinstance(outcome, Rejected)
    assert outcome.rule == "no-article"


def test_furniture_is_marked_and_sentences_about_it_are_not():
    article = read(story("Foto: Odile Farrant", "Shares in Shutterstock fell 4 percent", "Lees ook: Brug dicht"))
    assert [words for kind, words in blocks(article) if kind == "boilerplate"] == [
        "Foto: Odile Farrant",
        "Lees ook: Brug dicht",
    ]
    assert ("paragraph", "Shares in Shutterstock fell 4 percent") in blocks(article)


CARD = '<div class="card"><h3><a href="{link}">Ferry {n} stays in port</a></h3><p>Crossing {n} was called off on Friday.</p></div>'


def cards(links):
    return "".join(CARD.format(n=n, link=link) for n, link in enumerate(links))


def marked(article):
    return [words for kind, words in blocks(article) if kind == "boilerplate"]


def test_cards_of_other_pages_are_marked_where_they_stand_in_a_row():
    article = read(story() + cards(f"/r{n}.html" for n in range(6)))
    assert marked(article)[-1] == "Crossing 5 was called off on Friday."
    assert [words for kind, words in blocks(article) if kind in ("lead", "paragraph")] == [LEAD, SECOND, THIRD]


@pytest.mark.parametrize(
    ("links", "head"),
    [
        ((f"/r{n}.html" for n in range(4)), ""),  # too few
        ((f"#entry-{n}" for n in range(6)), ""),  # entries of the page itself
        (("/shop",) * 6, ""),  # one page, again and again
        (
            (f"https://elsewhere.example/{n}" for n in range(6)),
            '<link rel="canonical" href="https://lowmere.example/a">',
        ),
        ((f"/r{n}.html" for n in range(6)), '<meta property="og:type" content="article">'),
        ((f"/r{n}.html" for n in range(6)), '<meta property="article:published_time" content="2024-03-04">'),
    ],
)
def test_entries_that_may_be_the_page_s_own_are_its_text(links, head):
    article = read(story() + cards(links), head=head)
    assert not marked(article)
    assert any(words.startswith("Crossing 3") for _, words in blocks(article))


def test_words_that_stand_in_a_card_and_in_the_story_are_of_the_story():
    own = f'<div class="card"><h3><a href="/own.html">Bridge to close</a></h3><p>{LEAD}</p></div>'
    article = read(story() + cards(f"/r{n}.html" for n in range(6)) + own)
    assert ("lead", LEAD) in blocks(article)


def test_a_page_of_one_lump_is_taken_apart():
    article = read(cards(f"/r{n}.html" for n in range(6)), title="Ferries")
    assert len(marked(article)) >= 6


SECRET = "St Brannock's Hospital admitted on Friday that 212 scans were read by software that nobody had approved."


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p hidden>{SECRET}</p>",
        f'<div hidden="hidden"><p>{SECRET}</p></div>',
        f'<div style="color: red; DISPLAY : none !important"><p>{SECRET}</p></div>',
        f'<section style="visibility:hidden"><h2>More</h2><p>{SECRET}</p></section>',
        f"<template><p>{SECRET}</p></template>",
        f"<dialog><p>{SECRET}</p></dialog>",
        f"<div popover><p>{SECRET}</p></div>",
    ],
)
def test_what_nobody_sees_is_no_text(hidden):
    whole = blocks(read(story()))
    assert blocks(read(story(hidden))) == blocks(read(story() + hidden)) == whole
    record = json.dumps({"title": TITLE, "body": f"<p>{LEAD}</p>{hidden}<p>{SECOND}</p>"})
    (article,) = _reading.parsed(record.encode(), "a.json")
    assert SECRET not in article.text
    assert SECOND in article.text


@pytest.mark.parametrize(
    "shown",
    [
        f'<p hidden="until-found">{SECRET}</p>',
        f"<details><summary>More on this</summary><p>{SECRET}</p></details>",
        f'<p style="display:block">{SECRET}</p>',
    ],
)
def test_what_a_reader_may_find_stays(shown):
    assert SECRET in read(story(shown)).text


@pytest.mark.parametrize("how", ["hidden", 'style="display:none"', 'style="visibility: hidden"'])
def test_a_story_that_a_script_shows_stays(how):
    notice = "<div><p>We use small files to learn how our pages are read, and ask you to agree to that.</p></div>"
    body = f"<p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p>"
    for page in (f"{notice}<div {how}>{story()}</div>", f"<h1>{TITLE}</h1><div {how}>{body}</div>"):
        assert [words for _, words in blocks(read(page))[-3:]] == [LEAD, SECOND, THIRD]
    (article,) = _reading.parsed(json.dumps({"title": TITLE, "body": f"<div {how}>{body}</div>"}).encode(), "a.json")
    assert THIRD in article.text
