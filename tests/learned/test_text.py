"""Pieces stand where their words stand, and windows cover them all."""

import itertools

import numpy as np
import pytest

pytest.importorskip("tokenizers")

from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.builders.labellers import learned
from allegedly.builders.labellers._learned_text import COUNTS, OFFSETS, pieces, tokenizer, windows
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Article, Block, Origin, Span


def words():
    return tokenizer(learned.WEIGHTS / "tokenizer.json")


def made(text: str) -> Article:
    block = Block(kind="paragraph", start=0, end=len(text))
    return article(text, Origin(file_name="a.txt"), blocks=[block] if text.strip() else [], language="en")


def test_pieces_slice_to_their_words():
    text = 'The Café’s “über-chef” said 1,234 times: "No." 🙂 Then he left.'
    found = pieces(made(text), words())
    surfaces = [text[a:b] for a, b in zip(found.start, found.end, strict=True)]
    assert "".join(surfaces) == "".join(text.split())
    assert found.bounds[0] == 0 and found.bounds[-1] == len(found)


def test_features_tell_casing_and_quotation():
    text = 'He said "We Win" NATO 5.'
    found = pieces(made(text), words())
    column = {text[a:b]: row for a, b, row in zip(found.start, found.end, found.features, strict=True)}
    quotation = {word: int(row[2]) - OFFSETS[2] for word, row in column.items()}
    casing = {word: int(row[0]) - OFFSETS[0] for word, row in column.items()}
    assert (quotation["said"], quotation["We"], quotation["5"]) == (0, 1, 0)
    assert (casing["said"], casing["We"], casing["NATO"], casing["5"]) == (0, 1, 2, 4)
    assert all(low <= value < low + count for low, count in zip(OFFSETS, COUNTS, strict=True) for value in [low])


def test_markup_has_no_pieces():
    text = "**Bold** words."
    block = Block(kind="paragraph", start=0, end=len(text))
    marked = article(text, Origin(file_name="a.md"), blocks=[block], markup=(Span(0, 2), Span(6, 8)), language="en")
    found = pieces(marked, words())
    assert [text[a:b] for a, b in zip(found.start, found.end, strict=True)] == ["Bold", "words", "."]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=30), st.integers(20, 220), st.data())
def test_windows_cover_everything_in_bounded_pieces(lengths, size, data):
    overlap = data.draw(st.integers(0, size // 2 - 1))
    bounds = np.cumsum([0, *lengths])
    found = windows(bounds, size, overlap)
    covered = np.zeros(int(bounds[-1]), dtype=bool)
    for start, end in found:
        assert 0 < end - start <= size
        covered[start:end] = True
    assert covered.all()
    for (a, b), (c, d) in itertools.pairwise(found):
        assert a < c <= b < d and b - c <= overlap
