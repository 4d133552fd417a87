"""What there is to see in a sentence, against figures by hand: disagreement of annotators, uncertainty of a labeller."""

import math

import pytest

from allegedly.eval.agreement.sides import Voted
from allegedly.eval.sampling.disagreement import disagreement
from allegedly.eval.sampling.uncertainty import entropy, uncertainty
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import (
    Article,
    Attribution,
    Claim,
    Labels,
    Origin,
    Record,
    Sentence,
    Span,
    Speculation,
)

TEXT = "The pier cost two million. It may fall. Nora Pell said so."
ARTICLE = Article(
    id="a", text=TEXT, origin=Origin(file_name="a.txt"), sentences=(Span(0, 26), Span(27, 39), Span(40, 58))
)


def claim(start, end, worth="check_worthy", confidence=None):
    return Claim(id="c1", extent=(Span(start, end),), worth=worth, confidence=confidence)


def voted(adjudicators=(), **votes):
    return Voted(id="a", name="a", group="a", votes=votes, article=ARTICLE, adjudicators=frozenset(adjudicators))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Labels(claims=(claim(0, 25),)), Labels(claims=(claim(0, 25),)), [0, 0, 0]),
        # the class differs (half a point), and the only label has no counterpart (half a point)
        (Labels(claims=(claim(0, 25),)), Labels(claims=()), [1, 0, 0]),
        # the class is the same, the two labels overlap: each counts half
        (Labels(claims=(claim(0, 25),)), Labels(claims=(claim(4, 25),)), [0.25, 0, 0]),
        # equal extents of another worth: only the class differs
        (Labels(claims=(claim(0, 25),)), Labels(claims=(claim(0, 25, "unimportant"),)), [0.5, 0, 0]),
        # null worth says nothing of the class
        (Labels(claims=(claim(0, 25),)), Labels(claims=(claim(0, 25, None),)), [0, 0, 0]),
        # layers add up; one that only one of them annotated is not compared
        (
            Labels(claims=(), speculations=(Speculation(id="s1", cue=(Span(30, 33),)),), attributions=()),
            Labels(claims=(claim(27, 38),), speculations=()),
            [0, 2, 0],
        ),
        (Labels(claims=()), Labels(attributions=(Attribution(id="a1", cue=(Span(50, 54),)),)), None),
    ],
)
def test_disagreement_of_two(first, second, expected):
    assert disagreement([voted(one=first, two=second)]) == [expected]
    assert disagreement([voted(one=second, two=first)]) == [expected]


def test_disagreement_of_three_is_the_mean_over_pairs_and_who_settles_is_not_asked():
    votes = {"one": Labels(claims=(claim(0, 25),)), "two": Labels(claims=()), "three": Labels(claims=())}
    assert disagreement([voted(**votes)]) == [[pytest.approx(2 / 3), 0, 0]]
    assert disagreement([voted(("one",), **votes)]) == [[0, 0, 0]]
    assert disagreement([voted(one=votes["one"]), voted(**votes), voted()])[::2] == [None, None]


def record(scores, labels=None):
    sentences = tuple(Sentence(start=start, end=end, scores=scores) for start, end in ARTICLE.sentences)
    return Record(article=ARTICLE, labels=labels or Labels(), sentences=sentences)


def test_entropy_by_hand():
    assert entropy(0.5, 0.5) == pytest.approx(1) == entropy(1 / 3, 1 / 3, 1 / 3)
    assert entropy(1, 0) == 0
    assert entropy(0.9, 0.1) == pytest.approx(0.4689956, abs=1e-6)


def test_uncertainty_of_scores():
    three = -(0.2 * math.log(0.2) + 0.3 * math.log(0.3) + 0.5 * math.log(0.5)) / math.log(3)
    assert uncertainty(record({"claim": 0.8, "check_worthy": 0.5})) == [pytest.approx(three)] * 3
    assert uncertainty(record({"check_worthy": 0.5, "speculative": 0.5, "certainty": 0.5})) == [pytest.approx(2)] * 3
    assert uncertainty(record({"claim": 0.2, "check_worthy": 0.9})) == [pytest.approx(entropy(0.8, 0, 0.2))] * 3
    assert uncertainty(record({"certainty": 0.5})) == uncertainty(record(None)) == [None] * 3


def test_uncertainty_of_confidences_where_a_layer_has_no_scores():
    labels = Labels(claims=(claim(0, 25, confidence=0.5), claim(4, 25, confidence=1.0), claim(27, 38)))
    assert uncertainty(record(None, labels)) == [pytest.approx(0.5), None, None]
    assert uncertainty(record({"claim": 1.0, "attributed": 0.5}, labels)) == [pytest.approx(1)] * 3


@pytest.mark.parametrize("wrong", [1.5, -0.1, math.nan, math.inf, "much", 10**400])
def test_a_score_that_is_no_probability_is_told(wrong):
    with pytest.raises(DataError, match=r"sentence a:0, scores\.claim: found .*, expected 0 to 1"):
        uncertainty(record({"claim": wrong}))
