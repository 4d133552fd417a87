"""Duplicates: candidates miss nothing that brute force finds, and similarity is exact."""

import random

import pytest

from allegedly.builders.arrange import collisions
from allegedly.builders.importing import write
from allegedly.builders.text.articles import article
from allegedly.builders.text.grams import PERMUTATIONS, grams, jaccard
from allegedly.schemas.derive import article_id
from allegedly.schemas.records import Block, Labels, Origin, Record

from .arranging import compared


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


def test_grams_are_five_words_case_folded():
    assert grams("One two, THREE four\nfive six") == {"one two three four five", "two three four five six"}
    assert grams("Rain!") == {"rain"}
    assert grams(" ... ") == set()


def test_similarity_of_texts_without_words_is_nought():
    assert jaccard(set(), set()) == 0.0
    assert jaccard({"a", "b"}, {"b", "c"}) == pytest.approx(1 / 3)


@pytest.mark.parametrize("rows", [7, 1000])
@pytest.mark.parametrize("near", [0.5, 0.8, 0.95, 1.0])
def test_near_pairs_are_those_of_brute_force(near, rows, tmp_path):
    # copies are one text; the same words in capitals are another with equal grams
    made = set(texts(80))
    found = sorted({*made, *(text.upper() for text in sorted(made)[:6])}, key=article_id)
    sets = [grams(text) for text in found]
    first = {frozenset(own): number for number, own in reversed(list(enumerate(sets)))}
    leads = [first[frozenset(own)] for own in sets]
    # a text with the grams of an earlier one is tied to that one alone
    expected = {
        (a, b)
        for a in range(len(sets))
        for b in range(a + 1, len(sets))
        if jaccard(sets[a], sets[b]) >= near and leads[a] == a and leads[b] in (a, b)
    }
    got = compared(tmp_path, found, near, rows).pairs.tolist()
    assert {(a, b) for a, b, _ in got} == expected and expected
    assert all(s == jaccard(sets[a], sets[b]) for a, b, s in got)


def test_nearest_pairs_across_splits_come_first(tmp_path):
    """By the manifest of a build whose splits are given."""
    found = sorted(set(texts(60)), key=article_id)
    splits = [("train", "test")[at % 2] for at in range(len(found))]
    manifest = write((imported(text, split) for text, split in zip(found, splits, strict=True)), tmp_path, name="x")
    sets = [grams(text) for text in found]
    across = sorted(
        (-jaccard(sets[a], sets[b]), a, b)
        for a in range(len(found))
        for b in range(a + 1, len(found))
        if splits[a] != splits[b]
    )
    ids = [article_id(text) for text in found]
    expected = [([ids[a], ids[b]], [splits[a], splits[b]], round(-s, 4)) for s, a, b in across[:10] if s]
    got = manifest.leakage["nearest"]
    assert [(pair["articles"], pair["splits"], pair["similarity"]) for pair in got] == expected


def imported(text: str, split: str) -> Record:
    made = article(text, Origin(file_name="x"), blocks=[Block(kind="lead", start=0, end=len(text))], language="en")
    return Record(article=made, labels=Labels(), split=split)


def test_a_crowd_of_equal_bands_is_tied_in_a_chain(tmp_path):
    found = [f"the same five words begin this text and then {at} " + "x " * 3 for at in range(30)]
    arranging = compared(tmp_path, found, 0.01, 1000)
    band = collisions.Band(ranges=arranging.ranges_file, others=str(tmp_path / "others.json"), rows=1, crowd=5)
    (tmp_path / "band").mkdir()
    shard = collisions.Values(name="b", band=0, number=0, bits=0)
    (run,) = band(shard, tmp_path / "band").runs
    assert 0 < run < 30


@pytest.mark.parametrize("texts", [1, 70_000, 5_000_000])
def test_the_band_misses_at_most_one_in_a_thousand_at_the_threshold(texts):
    for near in (0.2, 0.5, 0.8, 0.99):
        rows = collisions.bands(near, texts)
        missed = (1 - near**rows) ** (PERMUTATIONS // rows)
        assert missed <= collisions.MISS or rows == 1
    assert collisions.bands(0.8, texts) == {1: 2, 70_000: 3, 5_000_000: 4}[texts]


@pytest.mark.parametrize("rows", [3, 4])
def test_wider_bands_find_the_same_near_pairs(rows, tmp_path, monkeypatch):
    found = sorted(set(texts(80)), key=article_id)
    expected = compared(tmp_path / "two", found, 0.8, 1000).pairs.tolist()
    monkeypatch.setattr(collisions, "ROWS_A_BAND", ((0, rows),))
    assert compared(tmp_path / "wide", found, 0.8, 7).pairs.tolist() == expected and expected


def test_one_text_has_no_pairs(tmp_path):
    assert compared(tmp_path, ["only one text here"], 0.8, 10).pairs.tolist() == []
