"""How pages are read fast without losing words: what is taken out of them first, and when trafilatura's own way is doubted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from trafilatura import bare_extraction

from allegedly.builders.readers import _page_body, _page_scripts, _page_words, _reading
from allegedly.schemas.records import Article

STORY = (
    "The harbour council voted on Tuesday to close the old swing bridge for nine weeks while its bearings are replaced.",
    "Engineers found cracks in two of the four bearings last month, the works director Tilda Brandvold said.",
    "Fishing boats will be able to leave only at high water, between six and nine, the harbour master said.",
    "Lorries are to take the northern road, where the speed limit will be lowered until the end of October.",
)
#: Elements of which no reading takes words.
EMPTIED = ("nav", "aside", "footer", "select", "textarea", "button", "template", "style")
NEAR = st.lists(
    st.tuples(st.sampled_from((*EMPTIED, "p", "div", "section", "script", "noscript")), st.sampled_from(STORY))
)


def paragraphs(*words):
    return "".join(f"<p>{each}</p>" for each in words)


def tree(body, head=""):
    return html.document_fromstring(f"<html><head><title>Bridge</title>{head}</head><body>{body}</body></html>")


def text_of(page):
    (article,) = _reading.parsed(f"<!doctype html><html><body>{page}</body></html>".encode(), "page.html")
    assert isinstance(article, Article), article
    return article.text


def numbered(count):
    return [f"{STORY[number % 4][:-1]}, as it was on day {number} of the closure." for number in range(count)]


@given(NEAR)
def test_words_outside_menus_and_controls_stay_and_the_page_is_left_as_it_was(parts):
    root = tree(
        "".join(f"<{tag}>[{number}] {words}</{tag}>tail {number}." for number, (tag, words) in enumerate(parts))
    )
    before = etree.tostring(root)
    page = _page_words.stripped(root)
    shown = _page_words.shown(root)
    assert etree.tostring(root) == before
    for number, (tag, words) in enumerate(parts):
        for copied, dropped in ((page, EMPTIED), (shown, (*EMPTIED, "script", "noscript"))):
            assert (f"[{number}] {words}" in copied.text_content()) == (tag not in dropped)
            assert f"tail {number}." in copied.text_content()


@given(st.integers(1, 4), st.integers(0, 3))
def test_running_text_is_counted_without_links_lines_and_the_fewer_comments(told, commented):
    beside = '<p>Read more</p><a href="/">' + STORY[1] + "</a><ul><li>Harbour</li></ul>"
    comments = f'<div class="comments-area"><div>{paragraphs(*STORY[:commented])}</div></div>'
    count = _page_words.running(tree(beside + paragraphs(*STORY[:told]) + comments))
    of_story, of_comments = sum(map(len, STORY[:told])), sum(map(len, STORY[:commented]))
    assert count == (of_story if of_story > of_comments else of_story + of_comments)


def test_scripts_are_silent_but_their_linked_data_is_heard_for_a_while():
    linked = '<script type="application/ld+json">{"headline": "Bridge"}</script>'
    root = tree('<script>var a = "words";</script><style>p {}</style><svg><text>10</text></svg><p>Open.</p>', linked)
    scripts = _page_scripts.silenced(root)
    assert [(script.kind, script.linked, script.text) for script in scripts] == [
        ("application/ld+json", True, '{"headline": "Bridge"}'),
        ("", False, 'var a = "words";'),
    ]
    assert root.text_content() == "BridgeOpen."
    with pytest.raises(KeyError), _page_scripts.heard(scripts):
        assert root.text_content() == 'Bridge{"headline": "Bridge"}Open.'
        raise KeyError
    assert root.text_content() == "BridgeOpen."


def test_linked_data_that_no_tree_takes_is_heard_with_spaces_in_place_of_it():
    root = tree('<script type="application/LD+JSON">{}</script>')
    (script,) = _page_scripts.silenced(root)
    with _page_scripts.heard([script._replace(text="{\x0b\ud800}")]):
        assert script.element.text == "{  }"


@pytest.mark.parametrize(
    ("body", "page", "doubtful"),
    [
        (paragraphs(*STORY), paragraphs(*STORY), False),
        (paragraphs(*STORY), paragraphs(*STORY) + "<a href='/'>Harbour</a>" * 20, False),
        # short, one lump, no paragraph, tables
        (paragraphs(*STORY[:2]), paragraphs(*STORY[:2]), True),
        (paragraphs(" ".join(STORY)), paragraphs(*STORY), True),
        ("".join(f"<list><item>{words}</item></list>" for words in STORY), paragraphs(*STORY), True),
        (f"<table><row><cell>{STORY[0]}</cell></row></table>" * 3 + paragraphs(STORY[1]), paragraphs(*STORY), True),
        # less than another way could find, of all words that are in no link
        (paragraphs(*STORY), paragraphs(*STORY) + "<i>Harbour</i> " * 300, True),
        (paragraphs(*STORY), paragraphs(*STORY) + "<a href='/'>Harbour</a> " * 300, False),
        # what a teaser says, which trafilatura takes only in want of better
        (paragraphs(*STORY), f"<div class='box Teaser-1'> {paragraphs(STORY[0])} </div>{paragraphs(*STORY[1:])}", True),
        (paragraphs(*STORY), f"{paragraphs(*STORY)}<div id='teaser'><p>Ferry to sail on Sundays from June on</p></div>", False),
    ],
)  # fmt: skip
def test_a_body_is_in_doubt_where_another_way_could_better_it(body, page, doubtful):
    found = etree.fromstring(f"<body>{body}</body>")
    assert _page_body._doubtful(found, ["".join(piece.itertext()) for piece in found], tree(page)) is doubtful


@pytest.mark.parametrize("beside", ["", "nav", "article", "comments", "post-comments", "infinite-scroll", "commentary"])
def test_trafilaturas_own_way_finds_the_same_by_its_steps(beside):
    story = "".join(f"<p>{words} <b>So</b> it <a href='/'>is</a>.</p>" for words in numbered(8))
    box = f"<div class='{beside}'><h2>Next</h2>{paragraphs(*STORY)}</div>"
    page = _page_words.shown(
        tree(f"<div><h1>Bridge</h1><article>{story}<table><tr><td>9</td></tr></table></article>{box}</div>")
    )
    before = etree.tostring(page)
    whole = bare_extraction(page, options=_page_body._options(fast=True))
    body, words = _page_body._own(page)
    assert (etree.tostring(body), words) == (etree.tostring(whole.body), whole.raw_text)
    assert etree.tostring(page) == before
    assert _page_words.besides(page) is (beside in ("comments", "post-comments", "infinite-scroll", "commentary"))


@pytest.mark.parametrize(("more", "stands"), [(6, True), (7, True), (24, False)])
def test_a_body_without_most_of_the_running_text_stands_where_another_way_finds_less_than_twice_as_much(more, stands):
    story = f"<article>{paragraphs(*numbered(8))}</article>"
    root = tree(story + "<section>" + paragraphs(*numbered(more)) + "</section>")
    body = etree.fromstring(f"<body>{paragraphs(*numbered(8))}</body>")
    assert _page_body._stands(body, " ".join(body.itertext()), _page_words.shown(root), root) is stands


@pytest.mark.parametrize(("found", "bettered"), [(7, False), (9, True)])
def test_what_another_way_finds_betters_a_body_where_it_is_twice_as_much(found, bettered):
    page = tree(f"<article>{paragraphs(*numbered(found))}</article>")
    assert _page_body._bettered(" ".join(numbered(4)), page) is bettered


@pytest.mark.parametrize(
    "page",
    [
        # a box is called the article, the story stands beside it
        f"<article>{paragraphs(*STORY[:3])}</article><div><div>{paragraphs(*numbered(24))}</div></div>",
        # the story is shown to browsers without scripts alone
        f"<h1>Bridge to close</h1><p>News from the harbour</p><noscript>{paragraphs(*numbered(24))}</noscript>",
        # and in the page's linked data alone
        '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "'
        + " ".join(numbered(24))
        + '"}</script><h1>Bridge to close</h1>',
    ],
)
def test_a_story_that_the_first_way_misses_is_found(page):
    text = text_of(page)
    assert [words for words in numbered(24) if words not in text] == []


@pytest.mark.parametrize(
    "around",
    [
        f'<div class="head"><p>{{}}</p><h1>Bridge to close</h1></div><div class="text">{paragraphs(*STORY)}</div>',
        f'<header><h1>Bridge to close</h1><p class="intro">{{}}</p></header>{paragraphs(*STORY)}',
        f'<div class="text">{paragraphs(*STORY)}</div><div class="end"><p>{{}}</p></div>',
    ],
)
def test_lines_beside_a_long_story_stay(around):
    line = "The council will decide again in autumn."
    text = text_of(f"<main><article>{around.format(line)}</article></main>")
    assert line in text
    assert [words for words in STORY if words not in text] == []
