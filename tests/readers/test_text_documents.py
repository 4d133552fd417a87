"""Texts that hold several documents: each is an article of its own, with the fields of its head."""

import pytest

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Rejected

BODIES = (
    "The bridge may close, the mayor said on Monday. Nobody knows when.",
    "The mayor denied that on Tuesday, Lind wrote. It could be true.",
)
NUMBERED = """Document {0} of 2

{1}
Harbour Post
May {0}, 2024
By Anna Lind

{2}

"""
KEYED = """{head}
Title: {1}
Source: Harbour Post
Date: May {0}, 2024
Author: Anna Lind
{body}{2}

"""


def text(form, **more):
    pairs = zip((1, 2), ("Bridge may close", "Mayor denies"), BODIES, strict=True)
    return "".join(form.format(*pair, **{name: words.format(*pair) for name, words in more.items()}) for pair in pairs)


FORMS = {
    "numbers": text(NUMBERED),
    "numbers, in capitals, with the end": text(NUMBERED.replace("Document", "DOCUMENT") + "End of Document\n"),
    "numbers before the word": text(NUMBERED.replace("Document {0} of 2", "  {0} of 2 DOCUMENTS")),
    "numbers that begin again": text(NUMBERED).replace("2 of 2", "1 of 1"),
    "numbers over keys": text(KEYED, head="Article {0} of 2\n", body="Body:\n"),
    "keys": text(KEYED, head="", body="Text: "),
    "keys and rules": text(KEYED, head="=====", body="Full text: "),
    "keys without one for the body": text(KEYED, head="", body="Pages: 4\n\n"),
}


def values(source):
    return list(_reading.parsed(source.encode(), "a.txt"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_document_is_an_article_with_its_own_fields(form, line_end):
    articles = values(FORMS[form].replace("\n", line_end))
    told = [(a.title, a.authors, a.outlet, a.published, a.origin.record) for a in articles]
    assert told == [
        ("Bridge may close", ("Anna Lind",), "Harbour Post", "2024-05-01", 0),
        ("Mayor denies", ("Anna Lind",), "Harbour Post", "2024-05-02", 1),
    ]
    leads = [[a.text[b.start : b.end] for b in a.blocks if b.kind in ("lead", "paragraph")] for a in articles]
    assert leads == [[body] for body in BODIES]


def test_a_document_without_a_text_and_a_text_before_the_first_are_told():
    stub = "Title: Ferry stops\nDate: May 3, 2024\nText:\n"
    *_, last = values(FORMS["keys"] + stub)
    assert isinstance(last, Rejected)
    assert "document 3 of an export ('Ferry stops') without its text" in last.reason
    first, *_ = values(f"The council met on Monday, Lind said.\n\n{FORMS['numbers']}")
    assert (first.rule, first.detail["count"]) == ("passed-over", 1)
    assert "before its first document" in first.reason


def test_numbers_that_contradict_one_another_are_refused():
    (line,) = values(text(NUMBERED).replace("Document 1 of 2", "Document 3 of 4"))
    assert line.rule == "several-documents"
    assert "2 of 2 behind 3 of 4" in line.reason
    assert "save each as a file of its own" in line.reason


def test_a_story_with_lines_like_these_stays_one_article():
    story = f"Bridge may close\n\n{BODIES[0]}\n\nDocument 1 of 2\n\nDate: May 1\n\n{BODIES[1]}\n\nDate: May 2\n"
    (article,) = values(story)
    assert article.text == story
    told = f"Title: Bridge may close\nText: Anna Lind\n\n{BODIES[0]}\n\nTitle: none, she said.\n"
    (article,) = values(told)
    assert article.text == told
