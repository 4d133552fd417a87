"""The pieces that importers share: texts composed of sentences, brat's lines, tags in columns, marks and links."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.importers import _brat, _corpus, _factuality, bio, sci_certainty
from allegedly.builders.importers._marks import Mark, Marked, Scheme, labels
from allegedly.schemas.records import Span

WORDS = st.lists(st.text(alphabet="ab.,\"'()$%ñ😀", min_size=1, max_size=4), min_size=1, max_size=12)
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda p: (p[0], p[0] + p[1])), max_size=6)


@given(WORDS)
def test_tokens_stand_where_they_are_said_to(words):
    for text, spans in (_corpus.detokenised(words), _corpus.tokens(words)):
        assert [text[start:end] for start, end in spans] == words


def test_english_is_set_as_english():
    words = re.findall(r"\S+", """She said , " we ca n't go ( yet ) , it 's late ! " and paid $ 5 .""")
    assert _corpus.detokenised(words)[0] == "She said, \"we can't go (yet), it's late!\" and paid $5."


@given(st.lists(st.tuples(st.booleans(), st.text(min_size=1, max_size=8)), min_size=1, max_size=8))
def test_a_page_knows_its_blocks_and_sentences(given_sentences):
    page = _corpus.Page()
    for new_block, words in given_sentences:
        if new_block:
            page.block("paragraph")
        start, end = page.sentence(words)
        assert page.text[start:end] == words
    assert [page.text[s:e] for s, e in page.sentences] == [w.strip() for _, w in given_sentences if w.strip()]
    assert all(any(b.start <= s.start and s.end <= b.end for b in page.blocks) for s in page.sentences)


@given(SPANS)
def test_united_spans_cover_the_same_and_never_overlap(spans):
    united = _corpus.united(spans)
    assert {at for s, e in united for at in range(s, e)} == {at for s, e in spans for at in range(s, e)}
    assert all(here.end <= after.start for here, after in pairwise(united))


@given(st.text(alphabet="ab \n\t\r", max_size=40), st.booleans())
def test_paragraphs_cover_all_words(text, lines):
    blocks = list(_corpus.paragraphs(text, lines=lines))
    left = list(text)
    for block in blocks:
        left[block.start : block.end] = " " * (block.end - block.start)
    assert not "".join(left).strip()
    assert [b.kind for b in blocks] == ["lead", *["paragraph"] * len(blocks)][: len(blocks)]


@pytest.mark.parametrize(
    ("source", "file", "split"),
    [
        ("corpus", "train.jsonl", "train"),
        ("corpus", "train-00000-of-00002.jsonl", "train"),
        ("corpus", "dev/a.json", "validation"),
        ("corpus", "data/val/text/a.json", "validation"),
        ("corpus", "test_annotated/a.tsv", "test"),
        ("corpus", "dev/train.jsonl", "train"),
        ("corpus", "developers/a.txt", None),
        ("corpus", "a.tsv", None),
        ("dev", "a.tsv", "validation"),
        ("test_of_mine", "a.tsv", None),
        ("test_of_mine", "train/a.tsv", "train"),
        ("train/corpus", "a.tsv", None),
        ("training/a.tsv", "", "train"),
    ],
)
def test_files_and_folders_tell_the_split(tmp_path, source, file, split):
    path = tmp_path / source / file
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    (found,) = _corpus.files(tmp_path / source, "x", "text/plain", "**/*.*")
    assert found.split(by_name=True) == split


def test_names_of_documents_tell_no_split(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "test.txt").write_text("", encoding="utf-8")
    (found,) = _corpus.files(tmp_path / "corpus", "x", "text/plain", "*.txt")
    assert found.split() is None


def test_a_brat_record_may_spill_over_lines():
    found = _brat.parse("T1\tContent 0 5;9 12\tone \ntwo\nT2\tCue 6 8\tsa\nE1\tAttribution:T2 Content:T1 Content2:T9\n")
    assert found.mentions["T1"].text == "one \ntwo"
    assert found.mentions["T1"].part == (Span(0, 5), Span(9, 12))
    assert found.links["E1"].roles == (("Content", "T1"), ("Content2", "T9"))
    assert found.broken == []


def test_brat_keeps_the_order_of_the_file_to_compare_texts():
    mention = _brat.parse("T1\tContent 6 9;0 3\tdog cat\n").mentions["T1"]
    assert _brat.wrong(mention, "cat - dog") is None
    assert mention.part == (Span(0, 3), Span(6, 9))


def test_brat_names_lines_that_are_none():
    found = _brat.parse("E1\tAttribution:T1\nthis is nothing\nR1\tnonsense\n")
    assert found.broken == [2, 3]


@pytest.mark.parametrize(
    ("line", "fault"),
    [("T1\tCue 0 99\tcat", "outside"), ("T1\tCue 2 2\t", "empty"), ("T1\tCue 0 3\tdog", "not the text")],
)
def test_what_is_wrong_with_a_mention_is_said(line, fault):
    assert fault in _brat.wrong(_brat.parse(line).mentions["T1"], "cat - dog")


@pytest.mark.parametrize(
    ("tags", "runs"),
    [
        ("B-a I-a O", [("a", 0, 2)]),
        ("I-a I-a I-b", [("a", 0, 2), ("b", 2, 3)]),
        ("B-a B-a", [("a", 0, 1), ("a", 1, 2)]),
        ("B-a E-a S-a", [("a", 0, 2), ("a", 2, 3)]),
        ("B-a L-a U-b _", [("a", 0, 2), ("b", 2, 3)]),
        ("O O", []),
        ("B-a I-a I-a E-a I-a", [("a", 0, 4), ("a", 4, 5)]),
    ],
)
def test_runs_of_tags(tags, runs):
    assert list(bio._runs(tags.split())) == runs


@pytest.mark.parametrize(
    ("value", "certainty", "polarity"),
    [
        (3, "certain", "positive"),
        (-2.5, "certain", "negative"),
        (2.49, "probable", "positive"),
        (-1.5, "probable", "negative"),
        (0.5, "possible", "positive"),
        (-0.49, "unknown", "unknown"),
        (0, "unknown", "unknown"),
    ],
)
def test_factuality_becomes_certainty_and_polarity(value, certainty, polarity):
    assert (_factuality.certainty(value), _factuality.polarity(value)) == (certainty, polarity)


def test_certainty_of_findings_is_cut_in_thirds():
    found = [sci_certainty.certainty(value) for value in (1, 2.6, 8 / 3, 4.3, 13 / 3, 6)]
    assert found == ["possible", "possible", "probable", "probable", "certain", "certain"]


def settled(marked: Marked):
    scheme = Scheme()
    scheme.add(marked)
    return labels(marked, scheme)


def test_marks_that_links_join_are_one_label():
    marked = Marked(
        marks={
            "1": Mark("Quote", (Span(9, 12),)),
            "2": Mark("speaker", (Span(0, 3),)),
            "3": Mark("Claim", (Span(9, 12),)),
        },
        links=[("said by", "2", "1"), ("claimer", "3", "2"), ("near", "3", "1")],
    )
    found = settled(marked)
    (attribution,), (claim,) = found.attributions, found.claims
    assert (attribution.source, attribution.content, attribution.cue) == ((Span(0, 3),), (Span(9, 12),), None)
    assert claim.claimer == attribution.id
    assert found.speculations is None
    assert [(name, rule) for name, rule, _ in marked.dropped] == [("3", "unknown-link")]


def test_a_part_that_others_have_is_empty_and_one_that_nobody_has_is_null():
    marked = Marked(
        marks={
            "1": Mark("content", (Span(9, 12),)),
            "2": Mark("source", (Span(0, 3),)),
            "3": Mark("content", (Span(20, 22),)),
        },
        links=[("of", "1", "2")],
    )
    first, second = settled(marked).attributions
    assert (second.source, second.cue) == ((), None)
    assert first.source == (Span(0, 3),)


def test_parents_in_a_circle_are_cut():
    marked = Marked(
        marks={"1": Mark("content", (Span(0, 9),)), "2": Mark("content", (Span(2, 5),))},
        links=[("Parent", "2", "1"), ("Parent", "1", "2")],
    )
    outer, inner = settled(marked).attributions
    assert (outer.parent, inner.parent) == (None, outer.id)
    assert [rule for _, rule, _ in marked.dropped] == ["circle"]


def test_a_comment_in_xml_is_no_text(tmp_path):
    from allegedly.builders.importers import bioscope

    path = tmp_path / "a.xml"
    path.write_text(
        "<A><DocumentSet><Document><DocID>1</DocID><DocumentPart type='Text'><sentence>We <!-- so --><xcope id='x'>"
        "<cue type='speculation' ref='x'>may</cue> go</xcope>.</sentence></DocumentPart></Document></DocumentSet></A>",
        encoding="utf-8",
    )
    path.write_text(re.sub("<cue type", "<cue  type", path.read_text(encoding="utf-8")), encoding="utf-8")
    (record,) = bioscope.read(path)
    assert record.article.text == "We may go."
    assert record.labels.speculations[0].text == "may"


def test_entities_of_a_document_type_are_not_expanded(tmp_path):
    from allegedly.builders.importers import bioscope

    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    path = tmp_path / "a.xml"
    path.write_text(
        f"<!DOCTYPE A [<!ENTITY e SYSTEM '{secret.as_uri()}'>]><A><Document><DocumentPart type='Text'><sentence>We &e;"
        "<xcope id='x'><cue type='speculation' ref='x'>may</cue> go</xcope>.</sentence></DocumentPart></Document></A>",
        encoding="utf-8",
    )
    (record,) = bioscope.read(path)
    assert "secret" not in record.article.text
