"""XML that no reader knows is refused by its root, whatever elements it holds; pages in XML stay pages."""

import pytest

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Rejected

STORY = (
    "The harbour council of Norhaven voted on Monday to close the old swing bridge.",
    "It may open again in May, said the harbour master, Ida Brandt.",
)
PARAGRAPHS = "".join(f"<p>{words}</p>" for words in STORY)
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
XHTML = "http://www.w3.org/1999/xhtml"


def values(source, name="a.xml"):
    return list(_reading.parsed(source.encode(), name))


@pytest.mark.parametrize("declared", [DECLARED, "", f"{DECLARED}<!-- stories for <body> -->"])
@pytest.mark.parametrize("name", ["a.xml", "a", "a.txt", "a.xlf", "a.nxml"])
@pytest.mark.parametrize(
    ("source", "root"),
    [
        (f"<articles>{2 * f'<article><body>{PARAGRAPHS}</body></article>'}</articles>", "articles"),
        (f"<news><story><title>A</title><body>{STORY[0]}</body></story></news>", "news"),
        (f'<article xmlns:x="x"><front/><body><sec>{PARAGRAPHS}</sec></body></article>', "article"),
        (f'<tt xmlns="http://www.w3.org/ns/ttml"><head/><body><div>{PARAGRAPHS}</div></body></tt>', "tt"),
        (f"<x:file xmlns:x='x'><x:body>{PARAGRAPHS}</x:body></x:file>\n<!-- end -->\n", "file"),
        (f"<export xmlns:h='{XHTML}'><h:body>{PARAGRAPHS}</h:body></export>", "export"),
        (f"<export><page><![CDATA[<html><body>{PARAGRAPHS}</body></html>]]></page></export>", "export"),
    ],
)
def test_xml_of_no_reader_is_refused_by_its_root(source, root, name, declared):
    (refused,) = values(declared + source, name)
    assert isinstance(refused, Rejected)
    assert (refused.rule, refused.reason) == ("unknown-format", f"is XML with the root <{root}>, which no reader knows")


@pytest.mark.parametrize(
    "source",
    [
        f"{DECLARED}<html><body>{PARAGRAPHS}</body></html>",
        f"{DECLARED}<!DOCTYPE html PUBLIC 'x' 'y'>\n<HTML><head/><BODY>{PARAGRAPHS}</BODY></HTML>",
        f"{DECLARED}<html xmlns='{XHTML}'><body>{PARAGRAPHS}</body></html>",
        f"{DECLARED}<h:html xmlns:h='{XHTML}'><body>{PARAGRAPHS}</body></h:html>",
        f"{DECLARED}<article xmlns='{XHTML}'><h1>A</h1>{PARAGRAPHS}</article>",
        f"<article><h1>A</h1>{PARAGRAPHS}</article>",
        f"<div id='x'>{PARAGRAPHS}</div>",
        f"<div>Cookies</div><html><body>{PARAGRAPHS}</body></html>",
        f"<script>1</script><body>{PARAGRAPHS}</body>",
    ],
)
def test_pages_in_xml_and_pieces_of_pages_stay_pages(source):
    (article,) = values(source, "a.xhtml")
    assert not isinstance(article, Rejected) and all(words in article.text for words in STORY)
    assert article.origin.reader == "html"


def test_words_that_begin_with_a_bracket_are_text():
    for source in (f"<Reuters> {STORY[0]}\n\n{STORY[1]}\n", f"<|start|>\n{STORY[0]}\n", f"<b>{STORY[0]}</b>\n"):
        (article,) = values(source, "a.txt")
        assert article.origin.reader == "text"
