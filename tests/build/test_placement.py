"""Placement: labels keep their words in an edited copy, and what has no place is left out and counted."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.annotations.placement import placed, stated
from allegedly.builders.annotations.wording import Stated, Wording, words_hash
from allegedly.builders.build import build
from allegedly.schemas import stored
from allegedly.schemas.derive import article_id, numbered, surface, text_sha256
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import Article, Attribution, Block, Claim, Labels, Origin, Span, Speculation
from allegedly.schemas.validate import validate

WORDS = ("mayor", "said", "the", "“harbour”", "may", "close", "it's", "1,200", "''open''", "jobs")


def article(sentences: list[str], joint: str = " ", kinds: dict[int, str] | None = None) -> Article:
    """An article of one block a sentence."""
    text, spans = "", []
    for sentence in sentences:
        text += joint if text else ""
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence
    blocks = tuple(
        Block(kind=(kinds or {}).get(number, "paragraph"), start=span.start, end=span.end)
        for number, span in enumerate(spans)
    )
    kept = tuple(span for number, span in enumerate(spans) if number not in (kinds or {}))
    return Article(id=article_id(text), text=text, blocks=blocks, sentences=kept, origin=Origin(file_name="a.txt"))


@st.composite
def edits(draw):
    """Sentences, labels as (first sentence, last sentence, words cut at either end), which sentences stay, what is
    inserted before which, and how the copy is written."""
    count = draw(st.integers(1, 8))
    sentences = [
        f"Number {number} {' '.join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)))}."
        for number in range(count)
    ]
    spans = []
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, count - 1))
        last = draw(st.integers(first, min(count - 1, first + 2)))
        spans.append((first, last, draw(st.integers(0, 1)), draw(st.integers(0, 1))))
    stay = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    inserted = draw(st.dictionaries(st.integers(0, count), st.sampled_from(["New words here.", "Correction: none."])))
    return sentences, spans, stay, inserted, draw(st.sampled_from(["plain", "quotes", "crlf", "spaces", "double"]))


def rewritten(sentence: str, how: str) -> str:
    if how == "quotes":
        return sentence.replace("“", '"').replace("”", '"').replace("''", '"').replace("'", "’")
    if how == "crlf":
        return sentence.replace(" ", "\r\n", 1)
    if how == "spaces":
        return sentence.replace(" ", "  \t")
    return sentence.replace("“", "''").replace("”", "''") if how == "double" else sentence


def words(text: str) -> str:
    return Wording.of(text).words


@given(edits())
def test_labels_whose_sentences_stay_keep_their_words_and_all_others_are_counted(edit):
    sentences, spans, stay, inserted, how = edit
    before = article(sentences)
    claims = []
    for number, (first, last, cut, cut_end) in enumerate(spans, 1):
        start = before.sentences[first].start + cut * len("Number ")
        end = before.sentences[last].end - cut_end
        claims.append(Claim(id=f"c{number}", extent=(Span(start, end),), kind="event"))
    labels = Labels(claims=tuple(claims), speculations=())
    statements = list(stated(before, labels))
    lines = []
    for number in range(len(sentences) + 1):
        lines += [inserted[number]] if number in inserted else []
        lines += [rewritten(sentences[number], how)] if number < len(sentences) and stay[number] else []
    after = article(lines or ["Nothing."], "\r\n\r\n" if how == "crlf" else "\n\n")
    moved = placed(labels, statements, after)
    assert moved.sentences_lost == stay.count(False)
    inside = set(inserted)
    expected = [
        number
        for number, (first, last, _, _) in enumerate(spans)
        if all(stay[first : last + 1]) and not inside & set(range(first + 1, last + 1))
    ]
    assert moved.labels_lost == len(spans) - len(expected)
    assert moved.labels.speculations == ()
    assert moved.labels.attributions is None
    for number, label in zip(expected, moved.labels.claims, strict=True):
        (old,), (new,) = claims[number].extent, label.extent
        assert words(after.text[new.start : new.end]) == words(before.text[old.start : old.end])
        assert label.id == claims[number].id


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), st.data())
def test_places_in_words_lead_back_to_the_text(text, data):
    text = data.draw(st.sampled_from(["  ", "", "\n"])) + text.replace("the", "  the\r\n") + " "
    wording = Wording.of(text)
    assert words(wording.words) == wording.words == wording.words.strip()
    assert "  " not in wording.words
    span = Span(0, len(text))
    statement = Stated.of(text, span)
    assert Stated.from_json(json.loads(json.dumps(statement.to_json()))) == statement
    assert statement.length == len(wording.words)
    for place, start in enumerate(wording.starts):
        assert statement.place(start) == place
    skipped = sum(high - low for low, high in wording.skips(span))
    assert skipped + len(wording.words) == len(text)


def test_what_is_no_word_makes_no_difference():
    same = [
        'He said:\r\n"It’s  late"',
        "He said: “It's late”",
        "He said: ''It's late''",
        " He said:\u00a0«It´s\tlate» ",
    ]
    assert len({words_hash(words(text)) for text in same}) == 1
    assert words_hash(words("He said: It's late")) != words_hash(words(same[0]))
    bold = "He **said** so"
    assert Wording.of(bold, None, (Span(3, 5), Span(9, 11))).words == "He said so"


def test_other_bounds_of_sentences_and_moved_ones_are_found():
    before = article(["Headline here", "One was sold.", "Two were kept; three fell.", "The end came."])
    quote = Attribution(id="a1", source=(), cue=(), content=(Span(before.sentences[1].start, before.sentences[2].end),))
    after = article(["The end came.", "Headline here One was sold. Two were kept;", "three fell."], " ")
    moved = placed(Labels(attributions=(quote,)), list(stated(before, Labels())), after)
    assert (moved.sentences_lost, moved.labels_lost) == (0, 0)
    (label,) = moved.labels.attributions
    assert surface(after.text, label.content) == "One was sold. Two were kept; three fell."


def test_no_label_is_placed_where_none_may_stand():
    before = article(["One was sold.", "Two were kept."])
    claims = tuple(Claim(id=f"c{number}", extent=(span,)) for number, span in enumerate(before.sentences, 1))
    after = article(["One was sold.", "Two were kept."], "\n\n", {1: "boilerplate"})
    moved = placed(Labels(claims=claims), list(stated(before, Labels())), after)
    assert [label.id for label in moved.labels.claims] == ["c1"]
    assert (moved.sentences_lost, moved.labels_lost) == (1, 1)


def test_a_block_without_sentences_that_a_label_touches_is_stated_too():
    before = article(["One was sold.", "By Ines Holt"], "\n\n", {1: "byline"})
    byline = Span(before.blocks[1].start, before.blocks[1].end)
    touched = Labels(claims=(Claim(id="c1", extent=(byline,)),))
    assert [(s.start, s.end) for s in stated(before, touched)] == [tuple(before.sentences[0]), tuple(byline)]
    assert len(list(stated(before, Labels(claims=())))) == 1


TEXT = (
    "The harbour reopened on Monday. Mayor Ines Holt said it may close again. “It's open,” she said. Nobody asked why."
)


@pytest.fixture
def release(tmp_path):
    """``release(text, **changes)``: what a build makes of a text with an annotation that was made for TEXT."""
    folder, notes = tmp_path / "news", tmp_path / "notes"
    folder.mkdir()
    notes.mkdir()

    def make(text: str, name: str = "a.txt", **changes):
        (folder / name).write_text(text, encoding="utf-8", newline="")
        (folder / "other.txt").write_text("Another story\n\n" + " ".join(f"Item {n} was told." for n in range(30)))
        original = article([part.strip() for part in re.split(r"(?<=\.) ", TEXT)])
        assert original.text == TEXT
        at = TEXT.index
        holt = Span(at("Mayor"), at(" said it"))
        labels = Labels(
            claims=(
                Claim(id="c1", extent=(Span(0, at(" on Monday")),), kind="event", claimer=None),
                Claim(id="c2", extent=(Span(at("it may"), at(" again")),), kind="prediction", claimer="a1"),
                Claim(id="c3", extent=(Span(at("It's"), at(",”")),), kind="event", claimer="a2"),
            ),
            speculations=(Speculation(id="s1", cue=(Span(at("may"), at(" close")),), scope=(), holder="a1"),),
            attributions=(
                Attribution(
                    id="a1",
                    source=(holt,),
                    cue=(Span(at("said it"), at(" it may")),),
                    content=(Span(at("it may"), at(". “")),),
                    speaker=(holt,),
                ),
                Attribution(
                    id="a2",
                    source=(Span(at("she"), at(" said. N")),),
                    cue=(),
                    content=(Span(at("“"), at(" she")),),
                    speaker=(holt,),
                ),
            ),
        )
        value = {
            "article_id": article_id(TEXT),
            "file_name": "news/a.txt",
            "text_sha256": text_sha256(TEXT),
            "annotator": {"id": "r1", "kind": "model"},
            "sentences": [sentence.to_json() for sentence in stated(original, labels)],
            "labels": {
                layer: [{key: item for key, item in label.items() if key != "text"} for label in own]
                for layer, own in numbered(labels, original).to_json().items()
            },
            **changes,
        }
        (notes / "a.json").write_text(json.dumps({k: v for k, v in value.items() if v is not None}))
        build(folder, tmp_path / "out", labellers="none", annotations=notes, workers=1)
        assert validate(tmp_path / "out") == []
        record = next(r for r in stored.records(tmp_path / "out") if "other" not in r.article.origin.file_name)
        lines = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
        return record, lines

    return make


def test_a_build_places_an_annotation_in_an_edited_copy_and_says_what_is_lost(release):
    edited = TEXT.replace("Nobody asked why.", "Nothing else.").replace("“It's open,” she said. ", "")
    record, lines = release("A headline\r\n\r\n" + edited.replace(" Mayor", "\r\n\r\nMayor"))
    assert [claim.text for claim in record.labels.claims] == ["The harbour reopened", "it may close"]
    (line,) = [line for line in lines if line["rule"] == "annotation-of-other-copy"]
    assert line["origin"]["file_name"] == "notes/a.json"
    assert line["detail"] == {
        "article": record.article.id,
        "sentences": 4,
        "sentences_not_found": 2,
        "share_not_found": 0.5,
        "labels": 6,
        "labels_left_out": 2,
    }
    assert "2 of 4 sentences (50%) not found, 2 of 6 labels left out" in line["reason"]


def test_a_link_to_an_attribution_that_is_lost_is_unresolved(release):
    record, _ = release("A headline\n\n" + TEXT.replace("Mayor Ines Holt said", "Ines Holt of the council said"))
    # with the sentence about the mayor goes who spoke, so what she said next has no speaker either
    assert [(claim.text, claim.claimer) for claim in record.labels.claims] == [
        ("The harbour reopened", None),
        ("It's open", "unresolved"),
    ]
    assert record.labels.attributions == ()


def test_the_same_words_in_another_dress_lose_nothing_and_need_no_line(release):
    record, lines = release("A headline\n\n" + TEXT.replace("“", '"').replace("”", '"').replace(". ", ".\r\n"))
    assert len(record.labels.claims) == 3
    assert lines == []


def test_another_text_gets_no_label_at_all(release):
    record, lines = release(
        "A headline\n\nThe harbour reopened on Monday. Then came rain, wind and long hours of waiting."
    )
    assert record.labels == Labels()
    assert [line["rule"] for line in lines] == ["annotation-of-other-text"]


def test_a_missing_article_is_a_line_of_the_ledger(release):
    _, lines = release("A headline\n\n" + TEXT, name="b.txt")
    assert [line["rule"] for line in lines] == ["annotation-of-missing"]


def test_files_without_sentences_are_refused_as_ever(release):
    with pytest.raises(DataError, match="whose text has changed"):
        release("A headline\n\n" + TEXT, sentences=None)


def test_broken_sentences_are_refused_or_lead_nowhere(release):
    with pytest.raises(DataError, match="/sentences/0/hash"):
        release("A headline\n\n" + TEXT, sentences=[{"start": 0, "end": 5, "hash": "x"}])
    unordered = [{"start": 32, "end": 70, "hash": "0" * 16}, {"start": 0, "end": 31, "hash": "0" * 16}]
    with pytest.raises(DataError, match="/sentences/1: found start 0"):
        release("A headline\n\n" + TEXT, sentences=unordered)
    wrong = [{"start": 0, "end": 31, "hash": words_hash(TEXT[:31]), "skips": [{"start": 2, "end": 9}]}]
    record, lines = release("A headline\n\n" + TEXT, sentences=wrong)
    assert record.labels == Labels()
    assert [line["rule"] for line in lines] == ["annotation-of-other-text"]
