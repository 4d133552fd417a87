"""Agreement of annotators: figures worked out by hand, the package on whole articles, and what must not matter."""

from dataclasses import replace

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allegedly.eval.agreement.agreement import agreement
from allegedly.eval.agreement.differences import differences
from allegedly.eval.agreement.sides import Voted
from allegedly.schemas.derive import article_id
from allegedly.schemas.errors import UsageError
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


def claim(*spans, **values):
    given_values = {"kind": "event", "worth": "check_worthy", "certainty": "certain", "polarity": "positive", **values}
    return Claim(extent=spans, **given_values)


def said(name, span, **values):
    return Attribution(
        **{
            "id": name,
            "source": (),
            "cue": (),
            "content": (span,),
            "form": "direct",
            "act": "speech",
            "negated": False,
            "source_kind": "none",
            **values,
        }
    )


def labels(claims=(), speculations=(), attributions=()):
    return Labels(claims=tuple(claims), speculations=tuple(speculations), attributions=tuple(attributions))


def voted(*sides, article=ARTICLE, name="a"):
    votes = dict(zip(("first", "second", "third"), sides, strict=False))
    return Voted(id=name, name=f"{name}.txt", group=name, votes=votes, article=article)


def figures(*sides, comparison=0, article=ARTICLE):
    (made,) = (agreement([voted(*sides, article=article)], resamples=0)[comparison],)
    return {(f["layer"], f["of"], f["measure"]): f["value"] for f in made["figures"]}


def test_the_same_labels_agree_wholly():
    hedge = Speculation(cue=(Span(0, 3),), scope=(Span(0, 9),), kind="epistemic", certainty="possible")
    quote = said("a1", SENTENCES[1], speaker=(Span(0, 3),))
    same = labels([claim(SENTENCES[0], claimer="a1")], [hedge], [quote, said("a2", SENTENCES[2], form="mixed")])
    found = figures(same, same)
    # where all values are alike, chance alone explains it
    assert {value for value in found.values() if value is not None} == {1.0}
    assert found["attributions", "form", "alpha"] == found["attributions", "speaker", "alpha_u"] == 1.0
    assert found["claims", "kind", "alpha"] is None


def test_figures_worked_out_by_hand():
    first = labels([claim(SENTENCES[0]), claim(SENTENCES[1], kind="causal")])
    second = labels([claim(SENTENCES[0]), claim(Span(10, 13)), claim(SENTENCES[2], worth="unimportant")])
    found = figures(first, second)
    assert found["claims", "extent", "exact_f1"] == pytest.approx(2 * 1 / (2 + 3))
    assert found["claims", "extent", "overlap_f1"] == found["claims", "labels", "overlap_f1"] == pytest.approx(4 / 5)
    assert (
        found["claims", "kind", "exact_f1"] == found["claims", "kind", "overlap_f1"] == pytest.approx(2 * 1 / (2 + 3))
    )
    # event event, causal event: 3 of event, 1 of causal; 2 coincidences differ, 6 of 12 would by chance
    assert found["claims", "kind", "alpha"] == pytest.approx(1 - 3 * 2 / 6)
    # sentences: both, both, only the second, neither: 5 present, 3 absent
    assert found["claims", "sentences", "alpha"] == pytest.approx(1 - 7 * 2 / 30)
    # tokens of three a sentence, 12: 4 both, 5 one alone, 3 neither; units of 3 and 3, of 3, 1 and 3
    marked, gaps, itself = 13, 11, 9 + 9 + 9 + 1 + 9
    chance = 2 * 24 * marked * gaps / (24**2 - itself - gaps)
    assert found["claims", "extent", "alpha_u"] == pytest.approx(1 - 2 * 5 / chance)


def test_a_table_of_confusion_counts_matched_labels():
    first = labels([claim(SENTENCES[0]), claim(SENTENCES[1], kind="causal"), claim(SENTENCES[3])])
    second = labels([claim(SENTENCES[0], kind="other"), claim(SENTENCES[1], kind="causal")])
    (made,) = agreement([voted(first, second)], resamples=0)
    (kinds,) = (table for table in made["confusions"] if table["attribute"] == "kind")
    cells = {
        (row, column): count
        for row, counts in zip(kinds["values"], kinds["counts"], strict=True)
        for column, count in zip(kinds["values"], counts, strict=True)
        if count
    }
    assert cells == {("event", "other"): 1, ("causal", "causal"): 1}


def test_certainty_has_an_order_in_which_unknown_has_no_place():
    sure = ("certain", "possible", "probable", "unknown")
    other = ("certain", "possible", "possible", "certain")
    sides = [
        labels([claim(span, certainty=value) for span, value in zip(SENTENCES, values, strict=True)])
        for values in (sure, other)
    ]
    found = figures(*sides)
    order = ("possible", "probable", "certain")
    known = [[order.index(value) for value in values[:3]] for values in (sure, other)]
    ordinal = krippendorff.alpha(known, level_of_measurement="ordinal", value_domain=[0, 1, 2])
    assert found["claims", "certainty", "alpha:ordinal"] == pytest.approx(ordinal)
    assert found["claims", "sentence certainty", "alpha:ordinal"] == pytest.approx(ordinal)
    nominal = krippendorff.alpha([[2, 0, 1, 3], [2, 0, 0, 2]], level_of_measurement="nominal")
    assert found["claims", "certainty", "alpha"] == pytest.approx(nominal)


def test_links_agree_where_they_lead_to_matched_attributions():
    first = labels(
        [claim(SENTENCES[0], claimer="a1"), claim(SENTENCES[1])],
        (),
        [said("a1", SENTENCES[0]), said("a2", SENTENCES[2])],
    )
    second = replace(
        first,
        claims=(claim(SENTENCES[0], claimer="a7"), claim(SENTENCES[1], claimer="a7")),
        attributions=(said("a7", SENTENCES[0]), said("a8", SENTENCES[3])),
    )
    found = figures(first, second)
    assert found["claims", "claimer", "overlap_f1"] == pytest.approx(1 / 2)
    # values: a1 three times, the author once; as two values of any nominal scale
    assert found["claims", "claimer", "alpha"] == pytest.approx(
        krippendorff.alpha([[0, 1], [0, 0]], level_of_measurement="nominal")
    )


def test_speakers_agree_by_their_words():
    one = labels((), (), [said("a1", SENTENCES[0], speaker=(Span(4, 8),)), said("a2", SENTENCES[1], speaker=())])
    other = labels((), (), [said("a1", SENTENCES[0], speaker=(Span(14, 18),)), said("a2", SENTENCES[1], speaker=())])
    found = figures(one, other)
    assert found["attributions", "speaker", "exact_f1"] == 0  # as spans
    assert found["attributions", "speaker_text", "alpha"] == 1  # "here" both times, nobody both times


def test_a_part_that_one_does_not_annotate_is_not_compared():
    with_speaker = labels((), (), [said("a1", SENTENCES[0], speaker=(Span(0, 3),))])
    without = labels((), (), [said("a1", SENTENCES[0])])
    assert not [key for key in figures(with_speaker, without) if key[1] == "speaker"]


def test_a_layer_that_one_left_out_is_left_out():
    (made,) = agreement([voted(Labels(claims=()), Labels(speculations=()))], resamples=0)
    assert made["figures"] == [] and made["articles"] == 1


def test_without_a_text_labels_alone_are_compared():
    one, other = labels([claim(SENTENCES[0])]), labels([claim(Span(0, 3), kind="other")])
    found, with_text = figures(one, other, article=None), figures(one, other)
    assert {key[1:] for key in with_text.keys() - found.keys() if key[0] == "claims"} == {
        ("sentences", "alpha"),
        ("sentence class", "alpha"),
        ("sentence certainty", "alpha:ordinal"),
        ("extent", "alpha_u"),
    }
    assert found == {key: value for key, value in with_text.items() if key in found}


def test_three_annotators_are_compared_together_and_in_pairs():
    sides = [labels([claim(span)]) for span in SENTENCES[:2]]
    sides.append(labels([claim(SENTENCES[0])]))
    made = agreement([voted(*sides)], resamples=0)
    assert [each["annotators"] for each in made] == [
        ["first", "second", "third"],
        ["first", "second"],
        ["first", "third"],
        ["second", "third"],
    ]
    values = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]])
    theirs = krippendorff.alpha(values, level_of_measurement="nominal")
    together = figures(*sides)
    assert together["claims", "sentences", "alpha"] == pytest.approx(theirs)
    assert together["claims", "extent", "exact_f1"] == pytest.approx(1 / 3)  # one of three pairs of annotators
    (only,) = agreement([voted(*sides)], annotators=["third", "first"], resamples=0)
    assert only["annotators"] == ["first", "third"]
    with pytest.raises(UsageError, match=r"unknown annotator 'thrid'.*third"):
        agreement([voted(*sides)], annotators=["thrid"])


def test_articles_with_least_agreement_come_first():
    same, other = labels([claim(SENTENCES[0])]), labels([claim(SENTENCES[2])])
    articles = [
        voted(labels(), labels(), name="nothing"),
        voted(same, same, name="alike"),
        voted(same, other, name="apart"),
        voted(same, labels([claim(Span(0, 3))]), name="near"),
    ]
    (made,) = agreement(articles, resamples=0)
    assert [(each["id"], each["overlap_f1"]) for each in made["least"]] == [
        ("apart", 0.0),
        ("near", 1.0),
        ("alike", 1.0),
        ("nothing", None),
    ]


def test_intervals_come_from_groups_and_the_seed():
    one, other = labels([claim(SENTENCES[0])]), labels([claim(SENTENCES[0]), claim(SENTENCES[1])])
    articles = [voted(one, other if place % 2 else one, name=f"{place:02}") for place in range(12)]

    def ends(articles, seed):
        (made,) = agreement(articles, resamples=200, seed=seed)
        return [(figure["low"], figure["high"]) for figure in made["figures"] if figure["measure"] == "exact_f1"]

    assert ends(articles, 1) == ends(articles, 1) != ends(articles, 2)
    assert all(low <= 0.8 <= high for low, high in ends(articles, 1))
    few = [replace(each, group=str(place % 9)) for place, each in enumerate(articles)]
    assert set(ends(few, 1)) == {(None, None)}


def test_nobody_to_compare_is_said():
    with pytest.raises(UsageError, match="no article has labels of two annotators"):
        agreement([])


SPANS = st.sampled_from([(0, 9), (10, 19), (20, 31), (32, 42), (10, 13), (4, 13), (0, 19)]).map(
    lambda ends: Span(*ends)
)
CLAIMS = st.lists(
    st.builds(claim, SPANS, kind=st.sampled_from(["event", "causal"]), worth=st.sampled_from(["check_worthy", None])),
    max_size=4,
    unique_by=lambda made: made.extent,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CLAIMS, CLAIMS), min_size=1, max_size=3), st.randoms())
def test_the_package_agrees_and_no_order_matters(sides, random):
    articles = [voted(labels(one), labels(other), name=str(place)) for place, (one, other) in enumerate(sides)]
    (made,) = agreement(articles, resamples=0)
    values = {(f["layer"], f["of"], f["measure"]): f["value"] for f in made["figures"]}
    shuffled = []
    for each in articles:
        votes = {
            name: replace(said, claims=tuple(random.sample(said.claims, len(said.claims))))
            for name, said in each.votes.items()
        }
        shuffled.append(replace(each, votes={"first": votes["second"], "second": votes["first"]}))
    random.shuffle(shuffled)
    (mirrored,) = agreement(shuffled, resamples=0)
    assert {(f["layer"], f["of"], f["measure"]): f["value"] for f in mirrored["figures"]} == pytest.approx(values)
    table = np.concatenate(
        [
            [
                [any(x.extent[0][0] < end and start < x.extent[0][1] for x in said) for start, end in SENTENCES]
                for said in pair
            ]
            for pair in sides
        ],
        axis=1,
    ).astype(float)
    assume(0 < table.sum() < table.size)
    theirs = krippendorff.alpha(table, level_of_measurement="nominal", value_domain=[0.0, 1.0])
    assert values["claims", "sentences", "alpha"] == pytest.approx(theirs)


def test_differences_name_what_each_says():
    first = labels([claim(SENTENCES[0], claimer="a1"), claim(SENTENCES[2])], (), [said("a1", SENTENCES[0])])
    second = labels([claim(Span(0, 3), kind="other")], (), [said("a1", SENTENCES[0])])
    found = [
        (each["what"], each["words"], each["first"], each["second"])
        for each in differences([voted(first, second)], "first", "second")
    ]
    assert found == [
        ("label", "Three here.", "marked", None),
        ("extent", "One here.", "One here.", "One"),
        ("kind", "One here.", "event", "other"),
        ("claimer", "One here.", "no source: One here.", "the author"),
    ]
    assert list(differences([voted(first, first)], "first", "second")) == []


def test_an_adjudicator_is_compared_only_when_named():
    sides = (labels([claim(Span(0, 9))]), labels([claim(Span(10, 19))]), labels([claim(Span(0, 9))]))
    articles = [replace(voted(*sides), adjudicators=frozenset({"third"}))]
    (comparison,) = agreement(articles, resamples=0)
    assert comparison["annotators"] == ["first", "second"]
    (named,) = agreement(articles, annotators=["first", "third"], resamples=0)
    assert named["annotators"] == ["first", "third"]
    with pytest.raises(UsageError, match="no article has labels of two annotators"):
        agreement([replace(articles[0], adjudicators=frozenset({"second", "third"}))], resamples=0)
