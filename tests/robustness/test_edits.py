"""Edits that keep the labels: what was carried over still says what it said, and the same seed gives the same edits."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly import UsageError, robustness
from allegedly.cli import main
from allegedly.eval.carrying import Edit, carried
from allegedly.eval.edits import KINDS, _allowed, edited
from allegedly.eval.hedging import PERHAPS
from allegedly.schemas import check, stored
from allegedly.schemas.derive import article_id, numbered, sentence_classes
from allegedly.schemas.records import (
    LABELS,
    LAYERS,
    Article,
    Attribution,
    Block,
    Claim,
    Labels,
    Origin,
    Record,
    Span,
    Speculation,
)

TEXT = "Bridge to close\n\nThe bridge opened in 1931. It is not safe. “It may fall,” said Ines Holt. Holt did not say when."


def at(words, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return (Span(start, start + len(words)),)


def bridge():
    """One article with a label for each kind of edit to find."""
    sentences = ("Bridge to close", "The bridge opened in 1931.", "It is not safe.", "“It may fall,” said Ines Holt.")
    article = Article(
        id=article_id(TEXT),
        text=TEXT,
        title="Bridge to close",
        origin=Origin(file_name="bridge.txt"),
        sentences=tuple(at(words)[0] for words in (*sentences, "Holt did not say when.")),
        blocks=(Block(kind="title", start=0, end=15), Block(kind="lead", start=17, end=len(TEXT))),
    )
    labels = Labels(
        claims=(
            Claim(id="c1", extent=at("The bridge opened in 1931"), certainty="certain", worth="check_worthy"),
            Claim(id="c2", extent=at("It may fall"), certainty="possible", claimer="a1", worth="check_worthy"),
        ),
        speculations=(Speculation(id="s1", cue=at("may"), scope=at("may fall"), kind="epistemic", holder="a1"),),
        attributions=(
            Attribution(
                id="a1",
                source=at("Ines Holt"),
                cue=at("said"),
                content=at("“It may fall,”"),
                form="direct",
                source_kind="named_person",
            ),
        ),
    )
    labels = numbered(labels, article)
    return Record(article=article, labels=labels, sentences=sentence_classes(article, labels), split="test")


def test_each_kind_says_what_it_should():
    texts = {kind: edited(bridge(), kind).record.article.text for kind in KINDS}
    assert texts["quotes"] == TEXT.replace("“", '"').replace("”", '"')
    assert texts["capitals"] == TEXT.replace("Bridge to close", "BRIDGE TO CLOSE")
    assert texts["contractions"] == TEXT.replace("is not", "isn't").replace("did not", "didn't")
    assert texts["hedge-inserted"] == TEXT.replace("The bridge", "Perhaps the bridge")
    assert texts["hedge-removed"] == TEXT.replace("may", "will")
    assert "Holt" not in texts["names"] and texts["names"].startswith(TEXT[: TEXT.index("Ines")])
    new = edited(bridge(), "names").record
    last = new.labels.attributions[0].source[0]
    words = new.article.text[last.start : last.end].split()
    assert len(words) == 2 and new.article.text.count(words[1]) == 2


def test_the_title_moves_with_the_text():
    assert edited(bridge(), "capitals").record.article.title == "BRIDGE TO CLOSE"
    assert edited(bridge(), "names").record.article.title == "Bridge to close"


def test_a_hedge_brings_its_label():
    new = edited(bridge(), "hedge-inserted").record
    first, second = new.labels.speculations
    text = new.article.text
    assert [text[s:e] for s, e in first.cue] == [PERHAPS.strip()]
    assert [text[s:e] for s, e in first.scope] == ["Perhaps the bridge opened in 1931"]
    assert [text[s:e] for s, e in second.cue] == ["may"]
    assert [claim.certainty for claim in new.labels.claims] == ["possible", "possible"]
    assert [s.speculation for s in new.sentences] == ["certain", "speculative", "certain", "speculative", "certain"]


def test_a_hedge_takes_its_label_along():
    new = edited(bridge(), "hedge-removed").record
    assert new.labels.speculations == ()
    assert [claim.certainty for claim in new.labels.claims] == ["certain", "certain"]
    assert {s.speculation for s in new.sentences} == {"certain"}


def test_an_edit_that_cuts_an_edge_is_left_out():
    record = bridge()
    labels = replace(record.labels, claims=(Claim(id="c1", extent=at("not safe")),))
    new = edited(replace(record, labels=labels), "contractions")
    assert new.record.article.text == TEXT.replace("did not", "didn't")


@pytest.fixture(scope="module")
def records(root):
    return list(stored.records(root / "dataset"))


def parts(record):
    return [
        (layer, name, getattr(label, name))
        for layer in LAYERS
        for label in getattr(record.labels, layer) or ()
        for name in LABELS[layer].PARTS
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_articles_stay_valid(records, kind):
    count = 0
    for record in records:
        new = edited(record, kind, seed=3)
        assert new == edited(record, kind, seed=3)
        count += len(new.edits)
        assert new.record.article.id == record.article.id
        assert len(new.record.article.sentences) == len(record.article.sentences)
        valid = replace(new.record.article, id=article_id(new.record.article.text))
        assert not list(check.article(valid.to_json()))
        assert not list(check.labels(new.record.labels.to_json(), valid.text, markup=valid.markup))
        if not new.edits:
            assert new.record == record
    assert count > 20


@pytest.mark.parametrize("kind", ["quotes", "capitals", "contractions", "names"])
def test_carried_parts_slice_to_the_carried_words(records, kind):
    for record in records:
        new = edited(record, kind, seed=1)
        before, after = parts(record), parts(new.record)
        assert len(before) == len(after)
        for (layer, name, old), (_, _, fresh) in zip(before, after, strict=True):
            assert (old is None) == (fresh is None), (layer, name)
            for span, moved in zip(old or (), fresh or (), strict=True):
                said = record.article.text[span.start : span.end]
                for edit in reversed(new.edits):
                    if span.start <= edit.start and edit.end <= span.end:
                        said = said[: edit.start - span.start] + edit.words + said[edit.end - span.start :]
                if not any(e.start < span.start < e.end or e.start < span.end < e.end for e in new.edits):
                    assert new.record.article.text[moved.start : moved.end] == said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 110), st.integers(1, 6), st.text("ab ", max_size=9)), max_size=8))
def test_any_edits_carry_offsets(found):
    record = bridge()
    made = _allowed([Edit(s, min(len(TEXT), s + n), words) for s, n, words in found if s < len(TEXT)], record)
    new = carried(record, made)
    assert len(new.article.text) == len(TEXT) + sum(len(e.words) - (e.end - e.start) for e in made)
    touched = {at for edit in made for at in range(edit.start, edit.end)}
    for (_, _, old), (_, _, fresh) in zip(parts(record), parts(new), strict=True):
        for span, moved in zip(old or (), fresh or (), strict=True):
            assert 0 <= moved.start <= moved.end <= len(new.article.text)
            if not touched & set(range(*span)):
                assert new.article.text[moved.start : moved.end] == TEXT[span.start : span.end]


def test_the_command_shows_what_moved(root, tmp_path, capsys):
    out = tmp_path / "moved.md"
    command = ["robustness", str(root / "dataset"), "--system", "labeller:rules", "--task", "speculation-detection"]
    command += ["--edit", "hedge-inserted", "--edit", "quotes", "--resamples", "200", "--out", str(out), "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["edit"] for row in found["rows"]} | set(found["unchanged"]) == {"hedge-inserted", "quotes"}
    for row in found["rows"]:
        assert row["difference"] == pytest.approx(row["after"] - row["before"])
        assert row["articles"] > 0 and row["edits"] >= row["articles"]
    assert out.read_text(encoding="utf-8").count("speculation\\-detection") == len(found["rows"])


def test_what_cannot_answer_new_texts_is_refused(root, tmp_path):
    file = tmp_path / "p.jsonl"
    file.write_text("{}\n")
    with pytest.raises(UsageError, match="edited articles need a system"):
        robustness.robustness(root / "dataset", {"p": f"file:{file}"})
    with pytest.raises(UsageError, match="did you mean 'quotes'"):
        robustness.robustness(root / "dataset", "labeller:none", edits=["quots"])
