"""What the gate counts in short ways is what its conventions say: hints, lines, passages, prose."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allegedly.builders.gate import look as looking
from allegedly.builders.gate import shapes
from allegedly.builders.gate.hints import Hints
from allegedly.builders.gate.look import Look
from allegedly.builders.gate.rules import rules
from allegedly.builders.text.articles import article as made
from allegedly.schemas.records import Article, Block, Origin

LETTERS = "a. !?\n\r\t\x1c\x85\u2028\xa0\u3000…”)]1٣{#|é語ก"
TEXTS = st.text(LETTERS, max_size=80) | st.text(max_size=40)
HINTS = [hints for rule in rules() for hints in (rule.hints, *(sign.hints for sign in rule.signs)) if hints is not None]


def test_each_hint_is_found_wherever_it_stands_and_nowhere_else():
    for hints in (*HINTS, Hints([r"\d", "a.c", "(", "[x]", "^", "$", "a|b", "/", "-", "\t"])):
        assert not hints.in_text("") and not hints.in_text("0 äöü 0")
        for word in hints.words:
            assert hints.in_text(word) and hints.in_text(f"ä {word} 語")
    assert not Hints([r"\d", "a.c"]).in_text("1 abc")


def test_hints_are_found_beside_half_a_surrogate_pair():
    assert Hints(["cookie"]).in_text("\ud800 cookies")
    assert not Hints(["cookie"]).in_text("\ud800 biscuits")


@given(TEXTS)
def test_lines_and_passages_are_cut_where_the_conventions_say(text):
    look = Look(Article(id="0" * 16, text=text, origin=Origin(file_name="a.txt")))
    assert look.lines == [line for part in re.split(r"[\r\n\u2028\u2029\x0b\x0c]+", text) if (line := part.strip())]
    assert look.passages == [piece for piece in looking._between_stops(text) if piece]


@given(TEXTS | st.lists(st.text(LETTERS, max_size=8)).map(" ".join))
@example("The bridge is closed until the spring.")
@example("The bridge is closed until the 12.3.2024 #5.")
@example("“The bridge is closed until the ٣٣٣ spring.”")
@example("語" * 12 + "。")
@example("The bridge is closed until the spring.[12]")
def test_prose_is_a_sentence_of_six_words_that_ends_and_has_few_symbols(sentence):
    words = sentence.split()
    letters = sum(map(len, words))
    long = len(words) >= 6 or len(looking._WIDE.findall(sentence)) >= 12
    ends = re.search(r"[.!?…。！？।։؟။][\"'”’“»›)\]】」』]*(?:\[\d+\])?$", sentence.rstrip())
    symbols = len(re.findall(r"[{}<>=;_|\\^~`@#$*+/\[\]]|\d", sentence))
    assert looking.prose(sentence) == (letters if long and ends and symbols <= 0.12 * letters else 0)


@pytest.mark.parametrize("url", ["http://[::1", "https://x.example]/tag/rain", "//[", "https://x.example/tag/rain"])
def test_an_address_that_is_none_says_nothing_of_an_article(url):
    text = "Rain is on its way to Rotherby, the mayor said on Monday."
    article = made(
        text,
        Origin(file_name="a.html", reader="html"),
        blocks=(Block(kind="paragraph", start=0, end=len(text)),),
        url=url,
    )
    found = shapes.verdict(Look(article))
    assert (found is None) == ("[" in url or "]" in url)
