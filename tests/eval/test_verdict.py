"""What a report answers: constructed systems of which it is known who is better."""

import json
from dataclasses import replace

import pytest

from allegedly.cli import main
from allegedly.schemas import stored

TASK = "speculation-detection"


@pytest.fixture(scope="module")
def sentences(root):
    """Sentences of the test part of the shipped release, with their class."""
    return [
        (f"{record.article.id}:{sentence.start}", sentence.speculation)
        for record in stored.records(root / "dataset", "test")
        for sentence in record.sentences
    ]


def other(label):
    return "certain" if label == "speculative" else "speculative"


def answered(sentences, path, wrong):
    """Predictions that are wrong in each sentence whose number ``wrong`` says."""
    rows = [
        {"task": TASK, "id": name, "label": other(label) if wrong(number) else label}
        for number, (name, label) in enumerate(sentences)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return f"file:{path}"


@pytest.fixture
def scored(root, sentences, tmp_path, capsys):
    """``scored(a, b)``: the terminal's comparison and the page of two systems, by which sentences they have wrong."""

    def run(first, second):
        systems = [
            f"a={answered(sentences, tmp_path / 'a.jsonl', first)}",
            f"b={answered(sentences, tmp_path / 'b.jsonl', second)}",
        ]
        out = tmp_path / "report"
        line = ["eval", str(root / "dataset"), "--task", TASK, "--out", str(out), "--resamples", "500"]
        assert main([*line, "--system", systems[0], "--system", systems[1]]) == 0
        capsys.readouterr()
        assert main(["compare", str(out)]) == 0
        said = capsys.readouterr().out
        assert max(map(len, said.splitlines())) <= 100
        page = (out / "report.html").read_text(encoding="utf-8")
        answer = page[
            page.index('<section id="answer">') : page.index("</section>", page.index('<section id="answer">'))
        ]
        return said, answer

    return run


def test_one_that_is_better_leads(scored):
    said, page = scored(lambda n: n % 3 == 0, lambda n: n % 11 == 0)
    assert "b leads in 1 of 1 task" in said and "b leads by ." in said
    assert '<span class="leader">' in page and "b leads by ." in page


def test_two_that_are_equally_good_cannot_be_told_apart(scored):
    said, page = scored(lambda n: n % 10 == 0, lambda n: n % 10 == 5)
    for text in (said, page):
        assert "cannot be told with" in text and "are invisible" in text
        assert "leads by" not in text
    assert "No system can be told to lead" in said and "No system can be told to lead" in page


def test_two_that_say_the_same_are_identical(scored):
    said, page = scored(lambda n: n % 7 == 0, lambda n: n % 7 == 0)
    assert "identical predictions" in said and "identical predictions of a and b" in page


def test_the_floors_stand_beside(scored):
    _, page = scored(lambda n: n % 7 == 0, lambda n: n % 5 == 0)
    for name in ("constant", "prior"):
        assert f">{name}</th>" in page


def test_too_few_articles_are_said_to_be_too_few(root, sentences, tmp_path, capsys):
    from allegedly.eval.compare import Pair
    from allegedly.eval.verdict import leader, told

    known = {"task": TASK, "metric": "f1", "a": "a", "b": "b", "articles": 3, "groups": 2, "identical": False}
    few = Pair(**dict.fromkeys(Pair.__slots__) | known)
    assert told(few) == "cannot be told with 3 articles in 2 groups: too few to test"
    assert leader(few) is None


def test_a_difference_that_could_be_shown_and_is_not_is_no_invisible_one():
    from allegedly.eval.compare import Pair
    from allegedly.eval.verdict import told

    known = {"task": TASK, "metric": "f1", "a": "a", "b": "b", "articles": 37, "groups": 37, "identical": False}
    tested = {"difference": 0.2, "p": 0.005, "p_holm": 0.075, "smallest_difference": 0.08}
    pair = Pair(**dict.fromkeys(Pair.__slots__) | known | tested)
    assert told(pair) == "cannot be told with 37 articles: p .075, corrected after Holm over all comparisons"
    assert "differences under .08 are invisible" in told(replace(pair, difference=0.05))
