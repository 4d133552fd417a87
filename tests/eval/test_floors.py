"""What stands beside a primary number: constant answers, priors and annotators, held against answers written by hand."""

from dataclasses import replace

import pytest

from allegedly.eval.rows import beside
from allegedly.eval.tasks import TASKS
from allegedly.schemas.records import Annotator, Labels, Vote
from allegedly.schemas.schema import errors

TEXT = "One may rain. Two said so. Three came. Four left."
SENTENCES = [(0, 13), (14, 26), (27, 38), (39, 49)]


@pytest.fixture
def articles(record):
    """Twelve articles of four sentences: one speculative, one attributed, two check-worthy claims of three."""
    made = []
    for at in range(12):
        claims = [
            {"extent": [SENTENCES[0]], "kind": "event", "worth": "check_worthy"},
            {"extent": [SENTENCES[1]], "kind": "event", "worth": "check_worthy", "claimer": "a1"},
            {"extent": [(27, 32)], "kind": "quantity", "worth": "unimportant"},
        ]
        for claim in claims:
            claim |= {"certainty": "certain", "polarity": "positive"}
        said = {
            "id": "a1",
            "source": [],
            "cue": [(18, 22)],
            "content": [SENTENCES[1]],
            "form": "indirect",
            "speaker": [],
        }
        speculations = [{"cue": [(4, 7)], "scope": [SENTENCES[0]], "kind": "epistemic"}]
        text = f"{TEXT} {at:02}"
        made.append(record(text, sentences=SENTENCES, claims=claims, speculations=speculations, attributions=[said]))
    return made


def given_back(articles):
    return [article.to_json() for article in articles]


def rows(report, answer):
    return {row["task"]: row["value"] for row in report.floors if row["answer"] == answer}


def test_constants_are_what_a_system_of_that_kind_scores(articles, line, score):
    report = score(articles, given_back(articles))
    found = rows(report, "constant")
    assert set(found) == set(TASKS)
    made = []
    for article in articles:
        whole = [
            {"id": f"a{n}", "source": [], "cue": [], "content": [s], "form": "indirect", "speaker": []}
            for n, s in enumerate(SENTENCES)
        ]
        claims = [
            {
                "extent": [span],
                "kind": "event",
                "worth": "check_worthy",
                "certainty": "certain",
                "polarity": "positive",
                "claimer": f"a{n}",
            }
            for n, span in enumerate(SENTENCES)
        ]
        speculations = [{"cue": [(4, 7)], "scope": [(0, 12)], "kind": "epistemic"}]
        answer = line(article, claims=claims, speculations=speculations, attributions=whole)
        answer["sentences"] = [{"start": start, "speculation": "speculative"} for start, _ in SENTENCES]
        made.append(answer)
    constant = score(articles, made, name="constant")
    assert found == {task: constant.value("constant", task) for task in TASKS}
    assert found["claim-detection"] == pytest.approx(2 * 24 / (24 + 48))
    assert found["claim-kind"] == pytest.approx(2 * 24 / (48 + 36))
    assert found["speaker"] == pytest.approx(2 * 12 / (48 + 12))
    assert found["check-worthiness"] is None  # it tells no two sentences apart
    said = {row["task"]: row["of"] for row in report.floors if row["answer"] == "constant"}
    assert said["claim-detection"] == "check_worthy for every sentence"
    assert said["certainty"] == "a label over every sentence, certain, positive"


def test_priors_are_worked_out_by_hand(articles, score):
    found = rows(score(articles, given_back(articles)), "prior")
    assert found["claim-detection"] == 0.5 and found["speculation-detection"] == found["attribution-detection"] == 0.25
    assert found["claim-kind"] == pytest.approx((2 / 3) ** 2 + (1 / 3) ** 2)
    assert found["quote-form"] == found["speaker"] == found["certainty"] == 1.0
    # two positives of four at each of six pairs of places: mean of (1 / first + 2 / second) / 2
    pairs = [(first, second) for first in range(1, 5) for second in range(first + 1, 5)]
    assert found["check-worthiness"] == pytest.approx(sum((1 / a + 2 / b) / 2 for a, b in pairs) / len(pairs))
    assert found["claim-spans"] is found["claimer"] is None


def voting(record, **sides):
    votes = [Vote(annotator=Annotator(id=name, kind=kind), labels=labels) for name, (kind, labels) in sides.items()]
    return replace(record, votes=tuple(votes))


def test_annotators_are_scored_against_each_other(articles, score):
    made = []
    for article in articles:
        second = replace(article.labels, claims=article.labels.claims[:2], speculations=())
        made.append(
            voting(article, one=("human", article.labels), two=("human", second), rules=("rule", Labels(claims=())))
        )
    report = score(made, given_back(articles), resamples=100)
    found = rows(report, "annotators")
    assert {row["of"] for row in report.floors if row["answer"] == "annotators"} == {"one and two"}
    assert found["claim-kind"] == pytest.approx(2 * 2 / (2 + 3))
    assert found["claim-detection"] == found["attribution-links"] == found["speaker"] == 1.0
    assert found["speculation-cues"] == 0.0
    (agreed,) = report.agreement
    assert agreed["annotators"] == ["one", "two"] and agreed["articles"] == 12
    assert {figure["measure"] for figure in agreed["figures"]} <= {"alpha", "alpha:ordinal", "alpha_u"}
    assert list(errors("report", report.to_json())) == []
    assert beside(report.floors, "claim-kind", 2) == ("0.57", "0.56", "0.80")
    assert beside(report.floors, "claimer", 2)[1:] == ("n/a", "0.83")  # one way 1, the other 2 / 3


def test_several_pairs_are_told_by_the_least_and_the_most(articles, score):
    made = []
    for article in articles:
        fewer = replace(article.labels, claims=article.labels.claims[:1])
        sides = {"one": article.labels, "two": article.labels, "three": fewer}
        made.append(voting(article, **{name: ("human", labels) for name, labels in sides.items()}))
    report = score(made, given_back(articles))
    assert beside(report.floors, "claim-kind", 2)[2] == "0.50 to 1.00"
    assert len(report.agreement) == 4


def test_without_votes_nothing_is_said_of_annotators(articles, score):
    report = score(articles, given_back(articles))
    assert rows(report, "annotators") == {} and report.agreement == []
    assert beside(report.floors, "claim-kind")[2] == ""
    assert beside([], "claim-kind") == ()


def test_only_tasks_that_ran_have_floors(articles, score):
    report = score(articles, given_back(articles), tasks=["claim-kind"])
    assert {row["task"] for row in report.floors} == {"claim-kind"}
