"""Sources and contents find their cues; a cue has one source."""

import numpy as np

from allegedly.builders.labellers._learned_decode import Stretch
from allegedly.builders.labellers._learned_link import BUCKETS, buckets, ends, triples

ONE = np.zeros(60, dtype=int)


def near(best: int) -> np.ndarray:
    """Scores of distances with a peak at one."""
    distances = np.arange(-200, 201)
    out = np.zeros(BUCKETS)
    for distance in distances:
        out[buckets(np.array([distance]))[0]] = -abs(distance - best) / 5
    return out


def test_buckets_are_exact_nearby_and_keep_the_sign():
    found = buckets(np.arange(-15, 16))
    assert len(set(found.tolist())) == 31
    assert set(found[:15].tolist()) & set(found[15:].tolist()) == set()
    assert buckets(np.array([100_000, -100_000])).tolist() == [BUCKETS - 1, BUCKETS // 2 - 1]


def test_each_cue_gets_the_nearest_source_and_all_its_contents():
    vectors = np.zeros((60, 8), dtype=np.float32)
    found = [
        Stretch("content", 0, 8, 0.9),
        Stretch("source", 9, 10, 0.9),
        Stretch("cue", 10, 11, 0.9),
        Stretch("content", 12, 20, 0.9),
        Stretch("source", 40, 41, 0.9),
        Stretch("cue", 41, 42, 0.9),
        Stretch("content", 42, 50, 0.9),
    ]
    one, other = triples(found, vectors, vectors, near(0), ONE, ONE > 0)
    assert (one.source, one.cue, one.content) == (found[1], found[2], (found[0], found[3]))
    assert (other.source, other.cue, other.content) == (found[4], found[5], (found[6],))
    assert 0 < one.link <= 1


def test_a_cue_without_content_is_none_and_cues_of_a_sentence_share_a_source():
    vectors = np.zeros((60, 8), dtype=np.float32)
    found = [
        Stretch("source", 9, 10, 0.9),
        Stretch("cue", 10, 11, 0.9),
        Stretch("content", 12, 14, 0.9),
        Stretch("cue", 15, 16, 0.9),
        Stretch("content", 17, 20, 0.9),
    ]
    one, other = triples(found, vectors, vectors, near(0), ONE, ONE > 0)
    assert (one.source, other.source) == (found[0], found[0])
    apart = triples(found, vectors, vectors, near(0), (np.arange(60) >= 15).astype(int), ONE > 0)
    assert [t.source for t in apart] == [found[0], None]
    assert triples(found[:2], vectors, vectors, near(0), ONE, ONE > 0) == []


def test_a_scope_holds_its_cue_and_stays_in_its_sentence():
    rng = np.random.default_rng(1)
    names = ("scope_cue_left", "scope_left", "scope_cue_right", "scope_right")
    fields = {name: rng.normal(size=(30, 8)).astype(np.float32) for name in names}
    for cue in range(10, 20):
        start, end, probability = ends(cue, cue + 1, (8, 25), fields, {"left": near(0), "right": near(0)})
        assert 8 <= start <= cue and cue + 2 <= end <= 25
        assert 0 < probability <= 1
