"""Exporters to train on: what the files hold is what the labels say, read by other programs."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.exporters import bio, spacy, transformers
from allegedly.builders.exporters._tagging import BEGINS, INSIDE, NAMES, Tally, Words, names, tags
from allegedly.cli import main
from allegedly.schemas import stored
from allegedly.schemas.records import Article, Attribution, Block, Claim, Labels, Origin, Record, Span, Speculation

TEXT = "Nora Pell said the **pier** cost two million. It may fall, she said. So be it."
SENTENCES = (Span(0, 45), Span(46, 68), Span(69, 78))
MARKUP = (Span(19, 21), Span(25, 27))
EXTENT = ("claims", "extent")


def article(text=TEXT, sentences=SENTENCES, markup=MARKUP):
    blocks = (Block(kind="paragraph", start=0, end=len(text)),) if text else ()
    origin = Origin(file_name="a.txt")
    return Article(id="0123", text=text, origin=origin, blocks=blocks, sentences=sentences, markup=markup)


def record(*extents, split="train", **layers):
    claims = tuple(
        Claim(id=f"c{n}", extent=tuple(Span(*span) for span in extent)) for n, extent in enumerate(extents, 1)
    )
    return Record(article=article(), labels=Labels(claims=claims, **layers), split=split, group="g")


def counted(*extents):
    """The words that are tagged, run by run, and what was counted but the number of parts."""
    tally, given_ = Tally(), record(*extents)
    words = Words(given_.article)
    found = decoded(tags(given_, words, EXTENT, tally), words)
    return [TEXT[start:end] for start, end in found], dict(tally.parts[EXTENT])


def decoded(ids, words):
    """Runs by hand: a start, and what goes on."""
    runs = []
    for place, tag in enumerate(ids):
        if tag == BEGINS:
            runs.append([words.starts[place], words.ends[place]])
        elif tag == INSIDE:
            runs[-1][1] = words.ends[place]
    return [tuple(run) for run in runs]


def test_a_flat_part_of_one_sentence_is_written_as_it_is():
    assert counted([(15, 44)]) == (["the **pier** cost two million"], {"parts": 1, "as they are": 1})
    assert counted([(15, 44)], [(46, 57)])[1] == {"parts": 2, "as they are": 2}


def test_parts_that_touch_begin_anew():
    assert counted([(0, 9)], [(10, 14)])[0] == ["Nora Pell", "said"]


@pytest.mark.parametrize(
    ("extents", "left", "counts"),
    [
        # the longer of two that overlap stands
        ([[(15, 44)], [(0, 18)]], ["the **pier** cost two million"], {"as they are": 1, "overlapping": 1}),
        ([[(0, 9)], [(0, 9)]], ["Nora Pell"], {"as they are": 1, "repeated": 1}),
        ([[(0, 9), (15, 27)]], ["Nora Pell", "the **pier"], {"in pieces": 1}),
        ([[(28, 57)]], ["cost two million.", "It may fall"], {"cut": 1}),
        ([[(2, 9)]], ["Nora Pell"], {"widened": 1}),
        ([[(45, 46)]], [], {"without words": 1}),
    ],
)
def test_what_tags_cannot_hold_is_counted(extents, left, counts):
    assert counted(*extents) == (left, {"parts": len(extents), **counts})


def test_null_is_not_said():
    words, tally = Words(article()), Tally()
    half = record(speculations=(Speculation(id="s1", cue=(Span(49, 52),), scope=None),))
    assert tags(half, words, ("speculations", "cue"), tally) is not None
    assert tags(half, words, ("speculations", "scope"), tally) is None
    assert tags(half, words, ("attributions", "source"), tally) is None
    assert set(tags(record(attributions=()), words, ("attributions", "source"), tally)) == {0}
    assert tally.left_out == {("speculations", "scope"): 1, ("attributions", "source"): 1}


PLACES = st.lists(st.tuples(st.integers(0, 16), st.integers(1, 6)), max_size=5)


@given(PLACES)
def test_tags_say_the_spans_where_no_two_share_a_word(places):
    words = Words(article())
    first = {place for place, _ in places}
    spans = []
    for place, length in sorted(dict(places).items()):
        after = min([p for p in first if p > place], default=len(words.starts))
        of_sentence = next(run for _, run in words.sentences if place < run.last)
        last = min(place + length, after, of_sentence.last)
        spans.append((words.starts[place], words.ends[last - 1]))
    tally, given_ = Tally(), record(*[[span] for span in spans])
    assert decoded(tags(given_, words, EXTENT, tally), words) == spans
    assert tally.parts[EXTENT]["as they are"] == len(spans)
    assert tally.said() is None


@given(st.lists(st.lists(st.tuples(st.integers(0, 77), st.integers(1, 40)), min_size=1, max_size=3), max_size=6))
def test_no_part_is_lost_in_silence(extents):
    parts = []
    for extent in extents:
        spans, end = [], 0
        for start, length in sorted(extent):
            start = max(start, end)
            if start < 78:
                end = min(start + length, 78)
                spans.append(Span(start, end))
        if spans:
            parts.append(spans)
    tally, given_ = Tally(), record(*parts)
    words = Words(given_.article)
    found = decoded(tags(given_, words, EXTENT, tally), words)
    counts = tally.parts[EXTENT]
    runs = {words.over(Span(*span)) for span in found}
    exact = {words.over(part[0]) for part in parts if len(part) == 1} & runs
    assert counts["parts"] == len(parts)
    assert len(exact) >= counts["as they are"]
    assert (tally.said() is None) == (counts["as they are"] == len(parts))


def lines_of(path):
    return path.read_text(encoding="utf-8").split("\n")


def test_bio_has_a_file_for_each_part_and_split(tmp_path):
    attribution = Attribution(
        id="a1", source=(Span(0, 9),), cue=(Span(10, 14),), content=(Span(15, 44),), speaker=(Span(0, 9),)
    )
    given_ = [record([(15, 44)], split="train"), record(split="test", attributions=(attribution,))]
    assert bio.write(given_, tmp_path) is None
    assert {path.name for path in tmp_path.iterdir()} == {
        "README.md",
        "claims.extent.train.conll",
        "claims.extent.test.conll",
        *(f"attributions.{part}.test.conll" for part in ("source", "cue", "content", "speaker")),
    }
    lines = lines_of(tmp_path / "claims.extent.train.conll")
    assert lines[:5] == ["# newdoc id = 0123", "# sent_id = 0123:0", "Nora\tO", "Pell\tO", "said\tO"]
    assert lines[5:8] == ["the\tB-claim", "pier\tI-claim", "cost\tI-claim"]
    assert lines[8:13] == ["two\tI-claim", "million\tI-claim", ".\tO", "", "# sent_id = 0123:46"]
    assert lines[-2:] == ["", ""]
    assert "cue" in (tmp_path / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shipped(root):
    return list(stored.records(root / "dataset", "test"))


@pytest.fixture(scope="module")
def written(shipped, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bio")
    said = bio.write(shipped, folder)
    assert said is not None and "overlapping" in said and "README.md" in said
    return folder


def columns(path):
    """Words and tags, sentence by sentence, by a reader of four lines."""
    sentences = [[]]
    for line in lines_of(path):
        if line and not line.startswith("# "):
            sentences[-1].append(line.split("\t"))
        elif not line and sentences[-1]:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind[1] != "speaker"], ids=".".join)
def test_seqeval_reads_the_same_runs(written, shipped, kind):
    get_entities = pytest.importorskip("seqeval.metrics.sequence_labeling").get_entities
    sentences = columns(written / f"{kind[0]}.{kind[1]}.test.conll")
    runs = [
        (number, first, last + 1)
        for number, sentence in enumerate(sentences)
        for name, first, last in get_entities([tag for _, tag in sentence])
        if name == NAMES[kind]
    ]
    expected, place, whole = [], 0, 0
    for given_ in shipped:
        words = Words(given_.article)
        spans = {part[0] for label in getattr(given_.labels, kind[0]) if len(part := getattr(label, kind[1])) == 1}
        tally = Tally()
        of_tags = decoded(tags(given_, words, kind, tally), words)
        ours = {(words.starts.index(start), words.ends.index(end) + 1) for start, end in of_tags}
        for number, (_, run) in enumerate(words.sentences):
            expected += sorted(
                (place + number, first - run.first, last - run.first)
                for first, last in ours
                if run.first <= first < run.last
            )
        place += len(words.sentences)
        # those that are counted as written as they are, are there
        assert len(spans & {Span(*span) for span in of_tags}) >= tally.parts[kind]["as they are"]
        whole += tally.parts[kind]["as they are"]
    assert runs == expected and runs and whole
    assert {tag for sentence in sentences for _, tag in sentence} <= set(names(kind))


def test_our_own_importer_reads_what_was_written(written, tmp_path):
    from allegedly.builders.importers import bio as importer

    (tmp_path / "test.conll").write_bytes((written / "speculations.cue.test.conll").read_bytes())
    articles = [value for value in importer.read(tmp_path / "test.conll") if isinstance(value, Record)]
    tagged = sum(tag.startswith("B-") for s in columns(tmp_path / "test.conll") for _, tag in s)
    assert sum(len(value.labels.speculations) for value in articles) == tagged > 0


def test_datasets_loads_the_lines_and_ids_have_names(shipped, tmp_path):
    from datasets import load_dataset

    assert "overlapping" in transformers.write(shipped, tmp_path)
    data = load_dataset("json", data_files=str(tmp_path / "test.jsonl"), split="train", cache_dir=str(tmp_path / "c"))
    classes = json.loads((tmp_path / "classes.json").read_text(encoding="utf-8"))
    assert classes["attributions_cue"] == ["O", "B-cue", "I-cue"]
    texts = {given_.article.id: given_.article.text for given_ in shipped}
    assert data.num_rows == sum(len(Words(given_.article).sentences) for given_ in shipped)
    for row in data:
        text = texts[row["article_id"]]
        assert row["words"] == [text[a:b] for a, b in zip(row["starts"], row["ends"], strict=True)]
        for name in classes:
            assert len(row[name]) == len(row["words"]) and set(row[name]) <= {0, 1, 2, -100}
        assert -100 not in row["attributions_speaker"]
    assert sum(row["claims_extent"].count(1) for row in data) > 50


def test_spacy_loads_words_spans_and_everything_else(shipped, tmp_path):
    loaded = pytest.importorskip("spacy", reason="the extra spacy is not installed")
    from spacy.tokens import DocBin

    assert spacy.write(shipped, tmp_path) is None
    (path,) = tmp_path.iterdir()
    documents = list(DocBin().from_disk(path).get_docs(loaded.blank("en").vocab))
    assert len(documents) == len(shipped)
    for given_, doc in zip(shipped, documents, strict=True):
        assert doc.text == given_.article.text and doc.user_data["article_id"] == given_.article.id
        assert json.loads(json.dumps(doc.user_data["labels"])) == given_.labels.to_json()
        starts = {sent.start_char for sent in doc.sents}
        assert starts >= {sentence.start for sentence in given_.article.sentences}
        claims = [(span.start_char, span.end_char, span.label_, span.id_) for span in doc.spans["claims"]]
        assert claims == [(*span, "claim", label.id) for label in given_.labels.claims for span in label.extent]
        found = [(span.label_, span.id_, span.start_char) for span in doc.spans["attributions"]]
        assert sorted(found) == sorted(
            (part, label.id, span.start)
            for label in given_.labels.attributions
            for part in ("source", "cue", "content")
            for span in getattr(label, part)
        )
        spoken = [(span.id_, span.start_char, span.end_char) for span in doc.spans["speakers"]]
        assert sorted(spoken) == sorted(
            (label.id, *span) for label in given_.labels.attributions for span in label.speaker
        )
    again = tmp_path / "again"
    again.mkdir()
    spacy.write(shipped, again)
    assert (again / path.name).read_bytes() == path.read_bytes()


def test_speakers_that_nobody_annotated_are_told_from_none(shipped, tmp_path):
    unspoken = tuple(replace(label, speaker=None) for label in shipped[0].labels.attributions)
    bare = replace(shipped[0], labels=replace(shipped[0].labels, attributions=unspoken))
    transformers.write([bare], tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "test.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows and {tag for row in rows for tag in row["attributions_speaker"]} == {-100}
    loaded = pytest.importorskip("spacy", reason="the extra spacy is not installed")
    from spacy.tokens import DocBin

    spacy.write([bare], tmp_path)
    (doc,) = DocBin().from_disk(tmp_path / "test.spacy").get_docs(loaded.blank("en").vocab)
    assert "speakers" not in doc.spans


@given(st.text(max_size=40), st.data())
def test_spacy_keeps_every_text(text, data):
    loaded = pytest.importorskip("spacy", reason="the extra spacy is not installed")
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    sentences = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    given_ = Record(article=article(text, sentences, ()), labels=Labels())
    doc, widened = spacy._doc(given_, loaded.vocab.Vocab())
    assert doc.text == text and widened == 0
    packed = loaded.tokens.DocBin(attrs=["ORTH", "SENT_START"], docs=[doc] if len(doc) else []).to_bytes()
    for read in loaded.tokens.DocBin().from_bytes(packed).get_docs(loaded.vocab.Vocab()):
        assert read.text == text


def test_the_command_says_what_is_lost_and_leaves_a_folder(root, capsys, tmp_path):
    assert main(["export", "bio", str(root / "dataset"), "--split", "test", "--out", str(tmp_path / "bio")]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith("allegedly: export bio: ") and printed.err.count("\n") == 1 and not printed.out
    assert "| claims.extent | " in (tmp_path / "bio" / "README.md").read_text(encoding="utf-8")
    assert main(["export", "bio", str(root / "dataset")]) == 2
    assert "name where with --out" in capsys.readouterr().err
