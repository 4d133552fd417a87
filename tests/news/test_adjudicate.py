"""Adjudication: forms hold every difference; forms filled in give a third reading; slips are told with their lines."""

import argparse
import json
import re
from dataclasses import replace

import pytest

from allegedly.schemas import check
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import LABELS, LAYERS, Labels


@pytest.fixture
def adjudicate(program):
    return program("adjudicate")


@pytest.fixture
def given(root, two_readings, tmp_path):
    def arguments(**more):
        folder, _ = two_readings
        return argparse.Namespace(release=root / "dataset", readings=[folder], **more)

    return arguments


def filled(adjudicate, given, tmp_path, answer, edit=lambda text: text):
    """What comes of forms in which each question has the answer."""
    adjudicate.write_forms(given(out=tmp_path / "forms"))
    for path in (tmp_path / "forms").glob("*.form"):
        text = re.sub(r"^label: \?", "label: " + ("yes" if answer == "1" else "no"), path.read_text(), flags=re.M)
        if answer == "2":
            text = re.sub(r"(# only 2: [^\n]*\n)label: no", r"\1label: yes", text)
        path.write_text(
            edit(
                re.sub(r"^(\w+): \? \| $", rf"\1: {answer} | so says the guideline", text, flags=re.M)
                .replace("yes | ", "yes | a fact")
                .replace("no | ", "no | no fact")
            )
        )
    status = adjudicate.take(
        given(forms=tmp_path / "forms", by="third", out=tmp_path / "out", notes=tmp_path / "notes.jsonl")
    )
    return status, {path.name.partition(".")[0]: json.loads(path.read_text()) for path in (tmp_path / "out").glob("*")}


def bare(labels: Labels) -> dict:
    """Labels without ids of annotators."""
    return {
        layer: [{key: item for key, item in label.items() if key != "by"} for label in own or ()]
        for layer, own in labels.to_json().items()
    }


@pytest.mark.parametrize("side", [1, 2])
def test_one_side_throughout_is_that_reading(adjudicate, given, records, two_readings, tmp_path, side):
    status, files = filled(adjudicate, given, tmp_path, str(side))
    assert status == 0
    known = {record.article.id: record.article for record in records}
    for name, both in two_readings[1].items():
        value = files[name]
        assert value["annotator"] == {
            **value["annotator"],
            "id": "third",
            "kind": "model",
            "supersedes": ["reader-1", "reader-2"],
        }
        value["annotator"].pop("supersedes")
        assert list(check.annotation(value, known[name].text, known[name].markup)) == []
        assert bare(Labels.from_json(value["labels"])) == bare(numbered(both[side - 1], known[name]))


def test_every_difference_has_a_note_without_text(adjudicate, given, records, two_readings, tmp_path):
    filled(adjudicate, given, tmp_path, "1")
    notes = [json.loads(line) for line in (tmp_path / "notes.jsonl").read_text().splitlines()]
    assert {note["what"] for note in notes} >= {"label", "kind", "claimer", "cue", "form"}
    for name, (first, second) in two_readings[1].items():
        own = [note for note in notes if note["article_id"] == name]
        lost = [note["first"] for note in own if note["what"] == "label"]
        assert lost == [f"c{number}" for number in range(1, len(first.claims) + 1, 4)]
        assert {note["second"] for note in own if note["layer"] == "claims"} <= {None, *(c.id for c in second.claims)}


def test_own_readings_are_words_values_and_links(adjudicate, program, records):
    adjudication = program("adjudication")
    record = next(r for r in records if len(r.labels.attributions or ()) > 2 and r.labels.claims)
    both = adjudication.Readings(record.article, record.labels, replace(record.labels, claims=()))
    item = both.differences()[0]
    assert (item.layer, item.what) == ("claims", ("label",))
    start, end = item.base.extent[0]
    words = record.article.text[start:end].split()
    says = {
        "label": "yes",
        "extent": "=" + words[0] + "…" + words[-1],
        "kind": "=rule",
        "claimer": "=A2",
        "polarity": "=negative",
    }
    verdicts = [
        adjudication.Verdict(n, item.number, what, verdict, "mine") for n, (what, verdict) in enumerate(says.items())
    ]
    verdicts += [adjudication.Verdict(9, own.number, "label", "no", "not these") for own in both.differences()[1:]]
    labels, wrong = adjudication.settled(both, verdicts)
    assert wrong == []
    (claim,) = labels.claims
    assert (claim.kind, claim.polarity, claim.extent[0].start) == ("rule", "negative", start)
    second = sorted(record.labels.attributions, key=lambda a: int(a.id[1:]))[1]
    assert claim.claimer == second.id


def test_slips_are_told_and_cost_only_their_article(adjudicate, given, tmp_path, capsys, two_readings):
    name = min(two_readings[1])

    def edit(text):
        if name not in text:
            return text
        text = text.replace("kind: 1 |", "kind: 7 |", 1).replace(
            "cue: 1 | so says the guideline", "cue: =never stood here | odd"
        )
        text = text.replace("form: 1 | so says the guideline", "form: =shouted | odd", 1)
        return text + "\n== 999 claims\nlabel: no | nowhere\nnonsense\n"

    status, files = filled(adjudicate, given, tmp_path, "1", edit)
    told = capsys.readouterr().err
    assert status == 1
    assert set(files) == set(two_readings[1]) - {name}
    for words in (
        "'7', expected 1, 2 or =VALUE",
        "'never stood here' does not stand",
        "'nonsense', expected",
        "item 999",
    ):
        assert words in told


def test_a_form_that_is_not_filled_in_is_told(adjudicate, given, tmp_path, capsys):
    adjudicate.write_forms(given(out=tmp_path / "forms"))
    before = {path: path.read_text() for path in (tmp_path / "forms").iterdir()}
    assert adjudicate.take(given(forms=tmp_path / "forms", by="x", out=tmp_path / "out", notes=tmp_path / "n")) == 1
    assert "no verdict on" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []
    adjudicate.write_forms(given(out=tmp_path / "forms"))
    assert {path: path.read_text() for path in (tmp_path / "forms").iterdir()} == before


def test_a_note_quotes_nothing(program, records):
    adjudication = program("adjudication")
    article = records[0].article
    words = " ".join(re.findall(r"\w+", article.text)[5:8])
    with pytest.raises(adjudication.SlipError, match="words in a row of the article"):
        adjudication.check_note(article, adjudication.Verdict(1, 1, "kind", "1", f"because {words} is a rule"))
    with pytest.raises(adjudication.SlipError, match="a note of 0 words"):
        adjudication.check_note(article, adjudication.Verdict(1, 1, "kind", "1", ""))


def test_an_attribution_left_out_leaves_no_link_behind(program, records):
    adjudication = program("adjudication")
    record = next(r for r in records if any(c.claimer for c in r.labels.claims or ()))
    both = adjudication.Readings(record.article, record.labels, record.labels)
    assert both.differences() == []
    target = next(c.claimer for c in record.labels.claims if c.claimer)
    item = next(i for i in both.items if i.layer == "attributions" and i.base.id == target)
    no = adjudication.Verdict(1, item.number, "label", "no", "nobody speaks")
    _, wrong = adjudication.settled(both, [no])
    assert any("its claimer" in message and "left out" in message for message in wrong)


def test_labels_of_all_layers_are_compared_field_by_field(program):
    adjudication = program("adjudication")
    for layer in LAYERS:
        fields = adjudication.fields(layer)
        assert set(fields) == set(LABELS[layer].__slots__) - {"id", "text", "by", "confidence", "scheme"}
