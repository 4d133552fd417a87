"""The gate on whole texts, all invented: those that it must refuse, by rule, and those that it must let pass."""

import json
from pathlib import Path

import pytest

from allegedly.builders.gate.admission import Admission, admitted
from allegedly.builders.readers._reading import parsed
from allegedly.schemas.records import Article

TEXTS = Path(__file__).parent / "texts"
FILES = sorted(path for path in TEXTS.rglob("*") if path.is_file())


def read(path: Path, **wishes):
    return list(admitted(parsed(path.read_bytes(), path.name), Admission(**wishes)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEXTS)))
def test_what_is_no_article_is_refused_by_rule_and_what_is_one_passes(path):
    values = read(path)
    if "taken" in path.parts:
        assert all(isinstance(value, Article) for value in values), values
    else:
        assert [(value.rule, value.stage) for value in values] == [(path.parent.name, "gate")]
        assert all(value.detail for value in values)


def test_without_the_gate_everything_that_was_read_passes():
    for path in FILES:
        assert all(isinstance(value, Article) for value in read(path, gate=False)), path


def test_a_line_of_the_ledger_says_what_was_seen():
    (line,) = read(TEXTS / "refused" / "truncated" / "newsapi.txt")
    assert (line.rule, line.detail["sign"]) == ("truncated", "[+3121 chars]")
    assert line.reason.startswith("is a preview that was cut off")


@pytest.mark.parametrize(
    ("wanted", "rule"), [(("de",), None), (("DE-de",), "other-language"), (("en",), "other-language"), ((), None)]
)
def test_languages_take_their_own_kinds_and_no_wider_ones(wanted, rule):
    (value,) = read(TEXTS / "taken" / "de-meldung.txt", languages=wanted)
    assert getattr(value, "rule", None) == rule


def test_a_text_whose_language_cannot_be_told_is_in_none_of_those_wanted():
    (value,) = parsed(b"Oh", "a.txt")
    (line,) = admitted([value], Admission(languages=("en",)))
    assert line.reason == "is in a language that cannot be told; only en is wanted"


def test_nothing_is_too_short_unless_somebody_says_so():
    path = TEXTS / "taken" / "headline-only.txt"
    assert isinstance(read(path)[0], Article)
    (line,) = read(path, min_words=5)
    assert (line.rule, line.reason) == ("too-few-words", "has 4 words; at least 5 are wanted")
    assert isinstance(read(path, min_words=4)[0], Article)
    assert isinstance(read(TEXTS / "taken" / "ja.txt", min_words=40)[0], Article)


def test_sentences_that_somebody_collected_are_not_asked_whether_they_are_articles():
    rows = b"text\n404 - Page not found\nCookie settings\nRead more\n"
    values = list(admitted(parsed(rows, "sentences.csv"), Admission()))
    assert [value.text for value in values] == [
        "404 - Page not found",
        "Cookie settings",
        "Read more",
    ]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://harbourpost.example/", "front-page"),
        ("https://harbourpost.example/tag/bridges/page/2", "front-page"),
        ("https://harbourpost.example/en/category/local/", "front-page"),
        ("https://harbourpost.example/?p=3128", None),
        ("https://harbourpost.example/themen/bridges/closed.html", None),
        ("https://harbourpost.example/topics/2024/bridge-may-close", None),
    ],
)
def test_an_address_of_a_site_or_tag_is_one_of_a_story_only_with_date_and_author(address, rule):
    page = (
        f"<html><head><link rel='canonical' href='{address}'></head><body><article><h1>Bridge may close</h1><p>The mayor of "
        "Rotherby said on Monday that the bridge over the Tarn may have to close for two years.</p></article></body></html>"
    )
    (value,) = admitted(parsed(page.encode(), "a.html"), Admission())
    assert getattr(value, "rule", None) == rule
    signed = page.replace("</head>", "<meta name='author' content='Jane Reed'>"
                          "<meta property='article:published_time' content='2024-03-04'></head>")  # fmt: skip
    (value,) = admitted(parsed(signed.encode(), "a.html"), Admission())
    assert isinstance(value, Article)


STORY = "The mayor of Rotherby said on Monday that the bridge over the Tarn may have to close for two years."


def archive(address, head=""):
    page = (
        f"<html><head><title>Bridge may close</title>{head}</head><body><article><p>{STORY}</p></article></body></html>"
    )
    return (
        f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: {address}\r\n"
        f"Content-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n{page}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("file", "data", "rule"),
    [
        ("a.warc", archive("https://harbourpost.example/"), "front-page"),
        ("a.warc", archive("https://harbourpost.example/tag/bridges/"), "front-page"),
        ("a.warc", archive("https://harbourpost.example/2024/bridge"), None),
        # a page that calls itself by the name of its site: the archive knows better
        (
            "a.warc",
            archive(
                "https://harbourpost.example/2024/bridge", "<link rel=canonical href='https://harbourpost.example/'>"
            ),
            None,
        ),
        (
            "a.json",
            json.dumps({"text": STORY, "title": "Bridge", "url": "https://harbourpost.example/"}).encode(),
            None,
        ),
        (
            "a.jsonl",
            json.dumps({"text": STORY, "title": "Bridge", "url": "https://harbourpost.example/"}).encode(),
            None,
        ),
        (
            "a.xml",
            f"<rss version='2.0'><channel><title>Harbour Post</title><item><title>Bridge</title><description>{STORY}"
            "</description><link>https://harbourpost.example/</link></item></channel></rss>".encode(),
            None,
        ),
    ],
)
def test_an_address_of_a_site_speaks_against_a_page_of_an_archive_and_not_against_a_record(file, data, rule):
    (value,) = admitted(parsed(data, file), Admission())
    assert getattr(value, "rule", None) == rule
