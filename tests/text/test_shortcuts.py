"""Shortcuts on the road of an article: each gives what the general way gives, on texts made to set them apart."""

# ruff: noqa: SIM905 - words read better in a row

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allegedly.builders.readers import _reading
from allegedly.builders.sources import encodings
from allegedly.builders.text import articles, grams, language, pieces, sentences
from allegedly.schemas.records import Article, Block, Origin, Rejected, Span

ABBREVIATIONS = (
    "Ms. Mx. Messrs. Govs. Sgt. Sgts. Capts. Cmdr. Drs. Ft. Mt. Inc. Corp. Co. Bros. U.S. U.K. E.U. p.m. a. p.\nm. "
    "May. me. ill. art. miss. fed. ore. ok. con. No. no. Thus. time. xMay. _me. éno. Maymiss. Mr."
).split(" ")
MARKS = [
    *"'’‘‚\"“”„‟«»‹›()[]…\0\r\xa0\u200b\ufeff\t\n\x1c\x85\u2028\u3000 _-.!?",
    "[1]",
    "[1234]",
    "  ",
    "\n\n",
    "\r\n \r\n",
]
WORDS = [*"aAbZéßÄ٣4_", "Friday", "GMT", "said", "He", "the", "and", "İ", "ﬁ", "😀", "- ", "* "]
TEXTS = st.lists(st.sampled_from([*ABBREVIATIONS, *MARKS, *WORDS]), max_size=40).map("".join) | st.text(max_size=30)


@given(TEXTS)
def test_the_copy_for_sentencex_is_that_of_one_expression(text):
    general = re.compile(r"[\"“”„‟«»‹›()「」『』（）]|(?<!\w)['’‘‚]|['’‘‚](?!\w)|\[\d{1,3}\]")
    usual = re.sub("[\0\r\xa0\u200b\ufeff…]", lambda odd: "." if odd[0] == "…" else " ", text)
    assert sentences._plain(text) == general.sub(lambda mark: " " * len(mark[0]), usual)


@given(TEXTS)
def test_a_full_stop_tells_whether_a_word_that_is_no_abbreviation_stands_before_it(text):
    assert bool(sentences._STOP_BEHIND.search(text)) == bool(sentences._NO_ABBREVIATION.search(text))


@pytest.mark.parametrize("word", "May me ill art miss fed ore ok con No no".split())
def test_each_word_that_is_no_abbreviation_is_told_by_its_full_stop(word):
    assert sentences._STOP_BEHIND.search(f"So {word}. Then") and sentences._NO_ABBREVIATION.search(f"So {word}. Then")
    assert not sentences._STOP_BEHIND.search(f"So x{word}. Then")


@given(TEXTS, st.sampled_from(ABBREVIATIONS))
def test_every_abbreviation_that_is_looked_for_ends_as_the_shortcut_says(text, ending):
    text = f"{text}{ending}"
    before = text[max(0, len(text) - 8) :]
    if any(expression.search(before) for expression in (sentences._TITLE, sentences._HOUR, sentences._FIRM)):
        assert text.endswith(sentences._SHORTENED)


@given(TEXTS)
def test_the_next_word_is_where_the_expression_has_it(text):
    for start in range(len(text) + 1):
        word = re.compile(r"[^\W_]").search(text, start)
        assert sentences._word(text, start) == (word.start() if word else len(text))


@given(TEXTS, st.text(st.sampled_from(" \t\n\r\xa0\x1c\x85\u2028\u3000"), min_size=1, max_size=5))
def test_white_space_between_two_sentences_belongs_to_none(text, gap):
    # what the general way looks for in a gap: none of it is white space
    assert gap.isspace() and not gap.strip(sentences._TRIM)
    assert not sentences._TOUCHING.match(gap) and not sentences._LATE_CLOSER.match(gap)
    piece = f"{text}{gap}{text}"
    assert sentences._placed(piece, len(text), len(text) + len(gap)) == (len(text), len(text) + len(gap))


@given(TEXTS)
def test_blank_lines_between_words_part_paragraphs(text):
    general = re.search(r"\S[^\S\n]*\r?\n[^\S\n]*\r?\n\s*\S", text)
    blocks = pieces.paragraphs(text)
    parts = re.split(r"\n[^\S\n]*\n\s*" if general else r"\n", text)
    assert [text[block.start : block.end] for block in blocks] == [part.strip() for part in parts if part.strip()]


@given(TEXTS)
def test_words_of_grams_are_those_of_the_expression(text):
    words = re.findall(r"\w+", text)
    assert grams._words(text) == words
    folded = re.findall(r"\w+", text.casefold())
    slices = [" ".join(folded[at : at + 5]) for at in range(max(1, len(folded) - 4))] if folded else []
    assert list(grams._grams(text)) == slices and grams.grams(text) == set(slices)


def test_every_letter_of_ascii_parts_words_as_the_expression_says():
    for code in range(128):
        text = f"a{chr(code)}b"
        assert grams._words(text) == re.findall(r"\w+", text)


def test_a_signature_does_not_depend_on_order_or_repetition():
    text = " ".join(f"word{number}" for number in range(40))
    assert grams.signature(text) != grams.signature(text + " more words")
    assert grams.signature(f"{text} {text} {text}") == grams.signature(f"{text} {text}")


@given(TEXTS)
def test_words_between_blanks_are_never_more_than_all_english_words(text):
    between_blanks = [word for word in text.split() if word in language._ENGLISH]
    assert len(between_blanks) <= len(language._ENGLISH_WORD.findall(text))


@given(st.lists(st.sampled_from([0, 65, 0xE4]), max_size=40).map(bytes) | st.binary(max_size=40))
def test_a_wide_encoding_is_told_by_noughts_on_one_side(data):
    half = len(data) // 2
    even, odd = data[: 2 * half : 2].count(0), data[1 : 2 * half : 2].count(0)
    expected = None
    if half >= 2 and odd > 0.4 * half and even < 0.05 * half:
        expected = "utf-16-le"
    if half >= 2 and even > 0.4 * half and odd < 0.05 * half:
        expected = "utf-16-be"
    assert encodings.wide(data) == expected


ODD = st.sampled_from(["x", "\ud83d", "\ud83d\ude00", "", None, 5, float("nan"), 1.5, ["x"], {"a": 1}, True, 2**70])


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(["title", "url", "published", "outlet", "source_id", "authors", "id"]), ODD), ODD
)
def test_an_article_that_stands_at_once_stands_when_it_is_looked_through(fields, start):
    """And one that a reader filled with anything is refused for the same reason, or fails the same way."""
    words = "It was said."
    whole = {
        "origin": Origin(file_name="x"),
        "id": "0" * 16,
        "blocks": (Block(kind="lead", start=0, end=12),),
        **fields,
    }
    article = Article(text=words, sentences=(Span(start, 12),), **whole)

    def outcome(check):
        try:
            return check()
        except Exception as error:
            return type(error), str(error)

    # authors that cannot be listed: there is no content to check
    assume(not isinstance(content := outcome(article.to_json), tuple))
    looked_through = outcome(lambda: _reading._looked_through(article, content))
    assert outcome(lambda: _reading._checked(article)) == looked_through


def test_a_title_with_half_a_letter_is_refused():
    made = articles.article(
        "It was.", Origin(file_name="x"), blocks=[Block(kind="lead", start=0, end=7)], title="\ud83d"
    )
    refused = _reading._checked(made)
    assert isinstance(refused, Rejected) and refused.rule == "lone-surrogate"
