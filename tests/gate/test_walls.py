"""Pages that ask for consent, a payment, a login or a browser check, in seven languages; and stories about these things."""

import tomllib
from pathlib import Path

import pytest

from allegedly.builders.gate.admission import Admission, admitted
from allegedly.builders.readers._reading import parsed

TABLES = tomllib.loads(Path(__file__).with_name("walls.toml").read_text(encoding="utf-8"))


def verdict(text):
    heading, *paragraphs = text.strip().split("\n")
    body = f"<h1>{heading}</h1>" + "".join(f"<p>{line}</p>" for line in paragraphs)
    page = f"<html><head><title>Harbour Post</title></head><body><article>{body}</article></body></html>"
    (value,) = admitted(parsed(page.encode(), "page.html"), Admission())
    return getattr(value, "rule", None)


@pytest.mark.parametrize("wall", TABLES["wall"], ids=lambda wall: f"{wall['rule']}-{wall['text'].split()[-3:]}")
def test_a_page_that_only_asks_for_something_is_no_article(wall):
    assert verdict(wall["text"]) == wall["rule"]


@pytest.mark.parametrize("story", TABLES["story"], ids=lambda story: story["text"][:30].strip())
def test_a_story_about_passwords_payments_or_consent_is_one(story):
    assert verdict(story["text"]) is None
