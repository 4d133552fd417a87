"""A small release, and systems that all apply one rule, so that all must get the same score."""

import json

import pytest

from allegedly.builders.build import build
from allegedly.schemas import stored
from allegedly.schemas.derive import surface

TASK = "speculation-detection"
HEDGES = (" may ", " could ")
#: Hedges that the rule of the systems knows, hedges that it does not, and none.
VERBS = ("may", "will", "might", "could", "did", "would probably", "is said to")


def rule(text):
    """The rule: two of the hedges."""
    return "speculative" if any(hedge in text for hedge in HEDGES) else "certain"


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A release of fourteen articles, all in the test split, labelled by our rules."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "news").mkdir()
    for at in range(14):
        verb, other = VERBS[at % 7], VERBS[(at + 3) % 7]
        text = (
            f"The harbour bridge {verb} close in {1980 + at}, Mayor Ines Holt said.\n\n"
            f"“It {other} cost {at + 2} million,” said Omar Reyes of the port. He was elected in {1990 + at}.\n\n"
            f"Ferry {at} {verb} sail on Monday. The tunnel opened {at + 3} years ago."
        )
        value = {"id": f"n{at}", "title": f"News number {at}", "text": text, "outlet": f"Post {at % 2}"}
        (folder / "news" / f"{at:02d}.json").write_text(json.dumps(value), encoding="utf-8")
    build([folder / "news"], folder / "release", labellers="rules", workers=1, train=0.0, validation=0.0, test=1.0)
    return folder / "release"


@pytest.fixture(scope="session")
def sentences(small):
    """Id, text and gold class of each sentence."""
    return [
        (
            f"{record.article.id}:{sentence.start}",
            surface(record.article.text, ((sentence.start, sentence.end),), record.article.markup),
            sentence.speculation,
        )
        for record in stored.records(small)
        for sentence in record.sentences
    ]


@pytest.fixture(scope="session")
def expected(sentences):
    """F1 of the rule by scikit-learn."""
    from sklearn.metrics import f1_score

    gold = [label for _, _, label in sentences]
    found = f1_score(gold, [rule(text) for _, text, _ in sentences], pos_label="speculative")
    assert 0.2 < found < 0.9
    return found


def chat(text):
    """A language model's answer in the chat protocol."""
    content = json.dumps({"label": rule(text), "probability": 0.9})
    usage = {"prompt_tokens": 50, "completion_tokens": 5}
    return json.dumps({"choices": [{"message": {"content": content}}], "usage": usage}).encode()
