"""The learned labeller on texts of every sort: offsets, order, scores, bounded memory."""

import importlib
import itertools
import sys
import tracemalloc

import pytest

pytest.importorskip("onnxruntime")
pytest.importorskip("tokenizers")

from allegedly.builders.labellers import learned
from allegedly.builders.labellers._learned_labels import bare
from allegedly.builders.labellers._tokens import Tokens
from allegedly.builders.text.articles import article
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, Article, Block, Origin, Span

TEXT = (
    "Mayor says bridge may close\n\n"
    'The bridge over the Lonn may close in May, the mayor, Nora Pell, said on Monday. "We have found 40 cracks," she '
    'told the council. "Nobody knows why."\n\n'
    "According to a report by the county, repairs would cost 3 million euros. The engineer denied that the steel was "
    "old. It rained all day."
)


def made(text: str, language: str | None = "en") -> Article:
    blocks, at = [], 0
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            blocks.append(Block(kind="paragraph", start=at, end=at + len(paragraph)))
        at += len(paragraph) + 2
    return article(text, Origin(file_name="a.txt"), blocks=blocks, language=language)


def one_sentence(text: str) -> Article:
    """An article whose text is one sentence, whatever it holds."""
    block = Block(kind="paragraph", start=0, end=len(text))
    return Article(
        id="0" * 16,
        text=text,
        origin=Origin(file_name="a.txt"),
        language="en",
        blocks=(block,),
        sentences=(Span(0, len(text)),),
    )


def checked(found: Article, prediction) -> list:
    """The labels, after a look at every offset, id and probability."""
    every = []
    for layer in LAYERS:
        labels = getattr(prediction.labels, layer)
        if labels is None and found.language not in (None, "en"):
            continue  # a layer that is not covered
        assert labels is not None
        assert [label.id for label in labels] == [f"{layer[0]}{at}" for at in range(1, len(labels) + 1)]
        for label in labels:
            assert label.by == "learned" and label.scheme == "allegedly-1"
            assert label.confidence is None or 0 <= label.confidence <= 1
            for part in label.PARTS:
                spans = getattr(label, part)
                assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
                for start, end in spans:
                    assert 0 <= start < end <= len(found.text)
                    surface = found.text[start:end]
                    assert surface == surface.strip() != ""
            every.append(label)
    for sentence in prediction.sentences or ():
        assert all(0 <= score <= 1 for score in sentence.scores.values())
    return every


def test_a_plain_article_has_what_a_reader_would_mark():
    found = made(TEXT)
    (prediction,) = learned.label([found])
    checked(found, prediction)
    parts = {
        (found.text[a.source[0].start : a.source[-1].end] if a.source else "", found.text[slice(*a.cue[0])])
        for a in prediction.labels.attributions
    }
    assert ("she", "told") in parts
    assert ("a report by the county", "According to") in parts
    assert "may" in {mark.text for mark in prediction.labels.speculations}
    assert len(prediction.sentences) == len(found.sentences)
    assert set(prediction.sentences[0].scores) == {
        "check_worthy",
        "claim",
        "speculative",
        "attributed",
        "certainty",
    }
    told = next(a for a in prediction.labels.attributions if found.text[slice(*a.cue[0])] == "told")
    assert told.form == "direct" and len(told.content) >= 1


def test_the_same_again_in_any_company():
    found, other = made(TEXT), made("The council met. It was late.\n\nNobody spoke, an officer said.")
    alone = next(learned.label([found]))
    first, second = learned.label([other, found])
    assert checked(other, first) == checked(other, next(learned.label([other])))
    assert second.labels.attributions and [a.cue for a in second.labels.attributions] == [
        a.cue for a in alone.labels.attributions
    ]
    assert next(learned.label([found])) == alone


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "🙂",
        "🙂🙂 “Não”, disse o presidente da câmara. 🙂",
        "e\u0301 said a\u0308 that n\u0303o one could\u0301 come.",
        "\u200b\ufeffHe said\u00a0that it was late.",
        "他说，这座桥可能会关闭。市长否认了这一点。",
        "***",
        '"' * 500,
        "said " * 500,
    ],
)
def test_odd_texts_have_right_offsets_or_no_labels(text):
    found = made(text)
    (prediction,) = learned.label([found])
    checked(found, prediction)


def test_other_languages_have_direct_speech_alone():
    found = made("他说，这座桥可能会关闭。市长否认了这一点。", language="zh")
    assert checked(found, next(learned.label([found]))) == []
    found = made("„Die Brücke wird im Mai gesperrt“, sagte die Bürgermeisterin Nora Pell.", language="de")
    (label,) = checked(found, next(learned.label([found])))
    assert label.form == "direct" and found.text[slice(*label.source[0])] == "die Bürgermeisterin Nora Pell"


def test_a_sentence_of_3000_words():
    found = one_sentence("The mayor said that " + "the old bridge near the mill " * 500 + "may close.")
    (prediction,) = learned.label([found])
    checked(found, prediction)


@pytest.mark.slow
@pytest.mark.parametrize("word", ["bridge ", "a", "😀", "said that ", "said “it may” ", '"'])
def test_a_million_characters_without_a_full_stop_in_bounded_memory(word):
    found = one_sentence((word * (1_000_000 // len(word))).strip())
    tracemalloc.start()
    (prediction,) = learned.label([found])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    checked(found, prediction)
    assert peak < 1_500_000_000


def test_what_something_was_for_is_not_what_was_said():
    found = made("The town says that its builder hung from the gallery in 1882 to paint the date.")
    (prediction,) = learned.label([found])
    assert {found.text[slice(*a.cue[0])] for a in prediction.labels.attributions} == {"says"}


@pytest.mark.parametrize(
    "text",
    [
        "Obviously the bridge is closed.",
        "She could not hide her anger.",
        "He can swim and can read four languages.",
        "Under the new rules, trains may carry 40 tons.",
        "Visitors may enter after ten.",
        "The so-called “bridge” is a plank.",
    ],
)
def test_what_a_reader_would_laugh_at(text):
    found = made(text)
    (prediction,) = learned.label([found])
    assert [mark.text for mark in prediction.labels.speculations] == []
    assert {found.text[slice(*a.cue[0])] for a in prediction.labels.attributions} <= {"Under"}


def test_markup_is_neither_read_nor_marked():
    text = "**Nora Pell** said that *the bridge* may close."
    markup = tuple(Span(at, at + size) for at, size in ((0, 2), (11, 2), (24, 1), (35, 1)))
    assert all(set(text[a:b]) == {"*"} for a, b in markup)
    blocks = [Block(kind="paragraph", start=0, end=len(text))]
    found = article(text, Origin(file_name="a.md"), blocks=blocks, markup=markup, language="en")
    (prediction,) = learned.label([found])
    for label in checked(found, prediction):
        for part in label.PARTS:
            for start, end in getattr(label, part):
                assert text[start] != "*" and text[end - 1] != "*"


def test_a_source_ends_before_its_markup_and_the_comma_behind_it():
    text = "The bridge may close, according to **Nora Pell**, who met the council."
    markup = tuple(Span(at, at + 2) for at in (35, 46))
    assert all(text[a:b] == "**" for a, b in markup)
    blocks = [Block(kind="paragraph", start=0, end=len(text))]
    found = article(text, Origin(file_name="a.md"), blocks=blocks, markup=markup, language="en")
    tokens = Tokens(found)
    assert bare(tokens, (Span(35, 49),)) == (Span(37, 46),)
    assert bare(tokens, (Span(37, 69),)) == (Span(37, 69),)
    assert bare(tokens, (Span(35, 37),)) == (Span(35, 37),)


def test_an_opinion_is_found_with_what_it_holds():
    found = made("The engineers were skeptical. In their opinion, the bridge already holds 12 trains. It rained.")
    (prediction,) = learned.label([found])
    contents = {found.text[slice(*a.content[0])] for a in prediction.labels.attributions}
    assert "the bridge already holds 12 trains" in contents
    checked(found, prediction)


def test_a_colon_without_a_source_attributes_nothing():
    found = made("Live: The Tarn Fair Opens\n\nIt rained.")
    (prediction,) = learned.label([found])
    assert prediction.labels.attributions == ()


def test_a_doubt_lies_in_what_its_holder_says():
    found = made(TEXT)
    (prediction,) = learned.label([found])
    said = {item.id: item for item in prediction.labels.attributions}
    held = [doubt for doubt in prediction.labels.speculations if doubt.kind != "doxastic" and doubt.holder]
    assert held
    for doubt in held:
        cue = doubt.cue[0].start
        assert any(start <= cue < end for start, end in said[doubt.holder].content)


def test_scopes_and_factuality_of_what_is_known():
    found = made(TEXT)
    at = found.text.index("may close in")
    (scope,) = learned.scopes(found, [(Span(at, at + 3),)])
    assert scope[0].start <= at and scope[-1].end >= at + 3
    (value,) = learned.factuality(found, [Span(at, at + 3)])
    assert 0 <= value <= 1


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    learned._model.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"pip install 'allegedly\[learned\]'"):
            next(learned.label([made(TEXT)]))
    finally:
        learned._model.cache_clear()


def test_importing_the_labeller_loads_no_runtime():
    for name in [n for n in sys.modules if n.startswith("allegedly.builders.labellers.learned")]:
        importlib.reload(sys.modules[name])
    assert learned.ANNOTATOR.kind == "model"
    assert len(learned.weights_sha256()) == 64
