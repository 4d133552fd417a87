"""Comments of readers on a page: they and their dates are none of the article, by whatever the page calls them."""

import pytest

from allegedly.builders.readers import _reading

STORY = [
    "The bridge in Rotherby may close on Friday, the mayor said on Monday.",
    "It was opened in 1961 and has been mended twice since then.",
]
COMMENT = "<p>Joe Marl says: 4 May 2024</p><p>I think the mayor lies, as he always did.</p>"
SHAPES = {
    "heading": f"<h2>Comments</h2>{COMMENT}",
    "count": f"<h3>2 Comments</h3>{COMMENT}<h4>Reply</h4><p>Maybe the bridge was never safe at all.</p>",
    "German": f"<h3>Leserkommentare (2)</h3><ol><li>{COMMENT}</li></ol>",
    "bold line": f"<p><b>Kommentare:</b></p>{COMMENT}",
    "element": f"<div class='user-comments'><h3>Readers say</h3>{COMMENT}</div>",
    "named element": f"<section id='comments'>{COMMENT}</section>",
    "heading in a box": f"<div><div class='head'><h4>Comments (1)</h4></div><div>{COMMENT}</div></div>",
    "two headings": f"<h3>Comments</h3>{COMMENT}<h4>Comments (1)</h4><p>anna_k 3 May 2024 at 10:11</p><p>Reply</p>",
}


def read(body):
    page = f"<html><body><h1>Bridge may close</h1>{body}</body></html>"
    (article,) = _reading.parsed(page.encode(), "a.html")
    return article, [article.text[b.start : b.end] for b in article.blocks if b.kind not in ("title", "heading")]


@pytest.mark.parametrize("shape", SHAPES)
def test_comments_are_none_of_the_article(shape):
    article, paragraphs = read("".join(f"<p>{words}</p>" for words in STORY) + SHAPES[shape])
    assert (paragraphs, article.published) == (STORY, None)


def test_a_story_under_a_line_that_counts_comments_stays():
    long = " ".join([STORY[1]] * 6)
    _, paragraphs = read(f"<p>{STORY[0]}</p><h4>12 Comments</h4><p>{long}</p>")
    assert long in paragraphs


def test_what_follows_the_comments_stays_and_a_heading_of_one_word_is_none():
    _, paragraphs = read(f"<p>{STORY[0]}</p><h2>Comments</h2>{COMMENT}<h2>Background</h2><p>{STORY[1]}</p>")
    assert paragraphs == STORY
    _, paragraphs = read(f"<p>{STORY[0]}</p><h2>Comment</h2><p>{STORY[1]}</p>")
    assert paragraphs[-1] == STORY[1]
