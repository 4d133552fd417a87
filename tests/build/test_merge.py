"""Merging: the strongest vote of each layer wins, links follow, every vote is kept."""

from dataclasses import replace

import pytest

from allegedly.builders.annotations.merging import merged, nearest
from allegedly.builders.annotations.votes import ScoredVote
from allegedly.builders.text.articles import article
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import Annotator, Attribution, Block, Claim, Labels, Origin, Sentence, Span

TEXT = "Ann said the dam broke. Bob denied it.\n\nPhoto: Eve says so."
ORIGIN = Origin(file_name="a.txt")


@pytest.fixture
def dam():
    blocks = [Block(kind="lead", start=0, end=38), Block(kind="author_note", start=40, end=59)]
    return article(TEXT, ORIGIN, blocks=blocks, language="en")


def vote(kind: str, name: str, scores=None, supersedes=(), **layers) -> ScoredVote:
    sentences = () if scores is None else (Sentence(start=0, end=23, scores=scores),)
    annotator = Annotator(id=name, kind=kind, supersedes=tuple(supersedes))
    return ScoredVote(annotator=annotator, labels=Labels(**layers), sentences=sentences)


def said(name="a1", source=(0, 3), content=(9, 22), by="x", cue=(4, 8)) -> Attribution:
    return Attribution(
        id=name, source=(Span(*source),), cue=(Span(*cue),), content=(Span(*content),), by=by, scheme="allegedly-1"
    )


def claim(extent=(9, 22), claimer="a1", by="x") -> Claim:
    return Claim(id="c1", extent=(Span(*extent),), claimer=claimer, by=by, scheme="allegedly-1")


def test_human_beats_import_beats_model_beats_rule_layer_by_layer(dam):
    votes = [
        vote("rule", "rules", claims=(), speculations=(), attributions=()),
        vote("model", "learned", claims=(claim(claimer=None, by="learned"),), speculations=()),
        vote("human", "zoe", claims=(claim(claimer=None, by="zoe"),)),
        vote("human", "amy", claims=(claim((0, 22), None, "amy"),)),
    ]
    record = merged(dam, votes, ["zoe", "amy"])
    assert [label.by for label in record.labels.claims] == ["amy"]
    assert record.labels.speculations == () and record.labels.attributions == ()
    assert [v.annotator.id for v in record.votes] == ["amy", "zoe", "learned", "rules"]
    assert merged(dam, reversed(votes), ["zoe", "amy"]) == record


@pytest.mark.parametrize(
    ("votes", "winner"),
    [
        # whoever settled where two readers differ wins, whatever its kind and its name
        ([("human", "amy", ()), ("human", "bob", ()), ("model", "zoe", ("amy", "bob"))], "zoe"),
        ([("human", "amy", ()), ("human", "bob", ()), ("human", "zoe", ("amy",))], "bob"),
        # of several that settled it, the last of the chain
        ([("human", "amy", ("zoe",)), ("model", "bob", ("amy",)), ("rule", "zoe", ())], "bob"),
        # nobody supersedes himself, nor one who is not there; in a circle the strongest stands
        ([("human", "amy", ("amy", "eve")), ("human", "bob", ())], "amy"),
        ([("human", "amy", ("bob",)), ("human", "bob", ("amy",))], "amy"),
    ],
)
def test_a_vote_that_another_one_supersedes_gives_way(dam, votes, winner):
    given = [
        vote(kind, name, None, gone, claims=(claim(claimer=None, by=name),), attributions=())
        for kind, name, gone in votes
    ]
    for order in (given, given[::-1]):
        record = merged(dam, order, [name for _, name, _ in votes])
        assert [label.by for label in record.labels.claims] == [winner]
        assert len(record.votes) == len(votes)


def test_only_a_vote_on_the_same_layer_supersedes(dam):
    reader = vote("human", "amy", claims=(claim(claimer=None, by="amy"),), speculations=())
    settled = vote("human", "zoe", None, ("amy",), claims=(claim((0, 22), None, "zoe"),))
    labels = merged(dam, [reader, settled], ["amy", "zoe"]).labels
    assert [label.by for label in labels.claims] == ["zoe"] and labels.speculations == ()


def test_layers_that_nobody_annotated_stay_null(dam):
    record = merged(dam, [vote("human", "amy", claims=())], ["amy"])
    assert record.labels.claims == () and record.labels.attributions is None
    assert {s.claim for s in record.sentences} == {"no_claim"} and {s.attribution for s in record.sentences} == {None}


def test_a_link_goes_to_the_winning_attribution_of_equal_parts(dam):
    human = vote("human", "amy", attributions=(said("a1", (24, 27), (28, 37), "amy", (28, 34)), said("a2", by="amy")))
    rules = vote("rule", "rules", claims=(claim(),), attributions=(said(by="rules"),))
    labels = merged(dam, [human, rules], ["amy"]).labels
    assert labels.attributions[0].text == "the dam broke" and labels.claims[0].claimer == "a1"


def test_a_link_goes_to_the_largest_overlap_of_content_else_is_unresolved(dam):
    target = (said("a1", (0, 3), (9, 12)), said("a2", (24, 27), (13, 22)))
    assert nearest(said("a9", (1, 3), (9, 22)), target) == "a2"
    assert nearest(said("a9", (1, 3), (50, 55)), target) == "unresolved"
    assert nearest(said("a9"), ()) == "unresolved"
    human = vote("human", "amy", attributions=())
    rules = vote("rule", "rules", claims=(claim(),), attributions=(said(by="rules"),))
    assert merged(dam, [human, rules], ["amy"]).labels.claims[0].claimer == "unresolved"


def test_ids_are_renumbered_in_order_of_position(dam):
    human = vote(
        "human", "amy", claims=(claim((24, 37), "a7", "amy"), claim((9, 22), None, "amy")), attributions=(said("a7"),)
    )
    labels = merged(dam, [human, vote("rule", "rules", speculations=())], ["amy"]).labels
    assert [(c.id, c.extent[0].start, c.claimer) for c in labels.claims] == [("c1", 9, None), ("c2", 24, "a1")]


def test_labels_at_one_place_keep_their_numbers(dam):
    kinds = ("event", "causal", "rule")
    claims = tuple(replace(claim(claimer=None), id=f"c{n}", kind=kinds[n % 3]) for n in range(1, 13))
    labels = numbered(Labels(claims=claims), dam)
    assert [label.kind for label in labels.claims] == [label.kind for label in claims]
    assert numbered(labels, dam) == labels


def test_scores_come_from_the_vote_that_won_and_are_null_under_annotation(dam):
    scores = {"check_worthy": 0.91234567, "claim": 0.5, "speculative": 0.25, "attributed": 0.125}
    learned = vote("model", "learned", scores, claims=(), speculations=(), attributions=())
    found = merged(dam, [learned]).sentences[0].scores
    assert found == {"check_worthy": 0.9123, "claim": 0.5, "speculative": 0.25, "attributed": 0.125, "certainty": None}
    human = vote("human", "amy", claims=())
    found = merged(dam, [learned, human], ["amy"]).sentences[0].scores
    assert found["check_worthy"] is None and found["claim"] is None and found["speculative"] == 0.25


def test_a_person_s_label_turns_a_silent_block_into_a_paragraph(dam):
    assert len(dam.sentences) == 2
    human = vote("human", "amy", attributions=(said("a1", (47, 50), (56, 58), "amy", (51, 55)),))
    record = merged(dam, [human], ["amy"])
    assert [block.kind for block in record.article.blocks] == ["lead", "paragraph"]
    assert len(record.sentences) == 3 and record.sentences[2].attribution == "attributed"
    rules = vote("rule", "rules", attributions=())
    assert [b.kind for b in merged(dam, [rules]).article.blocks] == ["lead", "author_note"]
