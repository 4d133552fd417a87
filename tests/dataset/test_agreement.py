"""Agreement of two annotators, held against figures worked out by hand and against scikit-learn."""

from dataclasses import replace

import pytest

from allegedly.builders.annotations.agreement import Pair, agreement, matched, table
from allegedly.schemas.derive import article_id
from allegedly.schemas.records import Article, Attribution, Block, Claim, Labels, Origin, Span, Speculation

TEXT = "One here. Two here. Three here. Four here."
SENTENCES = (Span(0, 9), Span(10, 19), Span(20, 31), Span(32, 42))
ARTICLE = Article(
    id=article_id(TEXT),
    text=TEXT,
    origin=Origin(file_name="a.txt"),
    blocks=(Block(kind="lead", start=0, end=42),),
    sentences=SENTENCES,
)


def claim(span, **values):
    given = {"kind": "event", "worth": "check_worthy", "certainty": "certain", "polarity": "positive", **values}
    return Claim(extent=(span,), **given)


def said(name, span):
    return Attribution(id=name, source=(), cue=(), content=(span,), form="direct", act="speech", negated=False)


def labels(claims, speculations=(), attributions=()):
    return Labels(claims=tuple(claims), speculations=tuple(speculations), attributions=tuple(attributions))


def figures(first, second):
    return {(f.layer, f.what, f.measure): f for f in agreement([Pair(ARTICLE, first, second)] * 3, resamples=20)}


def test_the_same_labels_agree_wholly():
    hedge = Speculation(cue=(Span(0, 3),), scope=(Span(0, 9),), kind="epistemic", certainty="possible")
    same = labels([claim(SENTENCES[0])], [hedge], [said("a1", SENTENCES[1])])
    for figure in figures(same, same).values():
        assert figure.value == 1 or figure.first == 0


def test_figures_worked_out_by_hand():
    first = labels([claim(SENTENCES[0]), claim(SENTENCES[1], kind="causal")])
    second = labels([claim(SENTENCES[0]), claim(Span(10, 13)), claim(SENTENCES[2], worth="unimportant")])
    found = figures(first, second)
    assert found["claims", "extent", "exact F1"].value == pytest.approx(2 * 1 / (2 + 3))
    assert found["claims", "extent", "character F1"].value == pytest.approx(2 * 12 / (18 + 23))
    assert found["claims", "kind", "share equal"].value == pytest.approx(1 / 2)
    assert found["claims", "extent", "exact F1"].first == 6  # three articles


def test_kappa_is_scikit_learns():
    from sklearn.metrics import cohen_kappa_score

    first = labels([claim(SENTENCES[0]), claim(SENTENCES[1])])
    second = labels([claim(SENTENCES[0]), claim(SENTENCES[2], worth="unimportant")])
    expected = cohen_kappa_score(
        ["check_worthy", "check_worthy", "no_claim", "no_claim"],
        ["check_worthy", "no_claim", "unimportant", "no_claim"],
    )
    assert figures(first, second)["claims", "sentences", "kappa"].value == pytest.approx(expected)


def test_links_agree_where_they_lead_to_a_pair():
    first = labels([claim(SENTENCES[0], claimer="a1"), claim(SENTENCES[1])], (), [said("a1", SENTENCES[0])])
    second = replace(
        first,
        claims=(claim(SENTENCES[0], claimer="a7"), claim(SENTENCES[1], claimer="a7")),
        attributions=(said("a7", SENTENCES[0]),),
    )
    assert figures(first, second)["claims", "claimer", "share equal"].value == pytest.approx(1 / 2)


def test_labels_are_paired_by_the_largest_overlap():
    short, long = claim(Span(0, 3)), claim(Span(0, 9))
    assert matched([short, long], [long], "extent") == [(long, long)]


def test_a_layer_that_one_left_out_is_left_out():
    assert list(agreement([Pair(ARTICLE, Labels(claims=()), Labels(speculations=()))])) == []


def test_the_table_says_na_where_nothing_can_be_said():
    text = table(list(agreement([Pair(ARTICLE, labels([]), labels([]))], resamples=5)))
    assert "| claims | extent | exact F1 | n/a | n/a to n/a | 0 / 0 |" in text
