"""Duplicates: candidates miss nothing that brute force finds, and similarity is exact."""

import random

import numpy as np
import pytest

from allegedly.builders.arrange import duplicates


def texts(count: int, seed: int = 0) -> list[str]:
    """Texts of random words, some of them edited copies of others."""
    rng = random.Random(seed)
    made = [[f"w{rng.randrange(3000)}" for _ in range(120)] for _ in range(count)]
    for at in range(0, count - 1, 3):
        copy = list(made[at])
        for _ in range(rng.randrange(0, 8)):
            copy[rng.randrange(len(copy))] = "changed"
        made[at + 1] = copy
    return [" ".join(words) for words in made]


def signatures(found: list[str]):
    joined = b"".join(duplicates.signature(text) for text in found)
    return np.frombuffer(joined, dtype="<u4").reshape(-1, duplicates.PERMUTATIONS)


def test_grams_are_five_words_case_folded():
    assert duplicates.grams("One two, THREE four\nfive six") == {"one two three four five", "two three four five six"}
    assert duplicates.grams("Rain!") == {"rain"}
    assert duplicates.grams(" ... ") == set()


def test_similarity_of_texts_without_words_is_nought():
    assert duplicates.jaccard(set(), set()) == 0.0
    assert duplicates.jaccard({"a", "b"}, {"b", "c"}) == pytest.approx(1 / 3)


@pytest.mark.parametrize("near", [0.5, 0.8, 0.95, 1.0])
def test_near_pairs_are_those_of_brute_force(near):
    found = texts(90)
    sets = [duplicates.grams(text) for text in found]
    expected = {(a, b) for a in range(90) for b in range(a + 1, 90) if duplicates.jaccard(sets[a], sets[b]) >= near}
    got = duplicates.near_pairs(signatures(found), found.__getitem__, near)
    assert {(a, b) for a, b, _ in got} == expected and expected
    assert all(s == duplicates.jaccard(sets[a], sets[b]) for a, b, s in got)


def test_nearest_pairs_across_splits_come_first():
    found = texts(60)
    splits = [("train", "test")[at % 2] for at in range(60)]
    got = duplicates.nearest_across(signatures(found), splits, found.__getitem__, 5)
    sets = [duplicates.grams(text) for text in found]
    across = sorted(
        (-duplicates.jaccard(sets[a], sets[b]), a, b)
        for a in range(60)
        for b in range(a + 1, 60)
        if splits[a] != splits[b]
    )
    assert [(-s, a, b) for a, b, s in got] == across[:5]


def test_a_crowd_of_equal_bands_is_tied_in_a_chain():
    found = [f"the same five words begin this text and then {at} " + "x " * 3 for at in range(30)]
    pairs = duplicates.candidates(signatures(found), 1, crowd=5)
    assert 0 < len(pairs) < 30 * 29 / 2


def test_the_band_misses_at_most_one_in_a_thousand_at_the_threshold():
    for near in (0.2, 0.5, 0.8, 0.99):
        rows = duplicates.rows_per_band(near)
        missed = (1 - near**rows) ** (duplicates.PERMUTATIONS // rows)
        assert missed <= duplicates.MISS or rows == 1


def test_one_text_has_no_pairs():
    found = signatures(["only one text here"])
    assert duplicates.near_pairs(found, lambda at: "", 0.8) == []
    assert duplicates.nearest_across(found, ["train"], lambda at: "") == []
