"""The news set from copies: invented ones here, somebody's own where the corpora are."""

import csv
import dataclasses
import hashlib
import json
import re
import subprocess
from pathlib import PurePosixPath

import pytest

from allegedly.schemas import stored
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.errors import DataError
from allegedly.schemas.validate import validate

STORY = """Harbour to reopen

The harbour will reopen on Monday, the mayor said.

It may close again in winter. “Nobody knows,” she added.

The town had closed it in May after a crane fell.
"""


@pytest.fixture
def news(program):
    return program("news")


@pytest.fixture
def copies(program):
    return program("news_copies")


def annotated(program, rows, texts, folder):
    """Annotation files without text for some articles: the first sentence and the one with ``may`` are claims."""
    from allegedly.schemas.records import Article, Block, Claim, Labels, Origin, Span, Speculation

    gold = program("news_gold")
    folder.mkdir()
    for row in rows:
        text = texts[row.file_name]
        spans = [Span(*match.span()) for match in re.finditer(r"\S[^.\n]*(?:\.|$)”?(?: \w+ \w+\.)?", text, re.M)]
        blocks = tuple(Block(kind="paragraph", start=span.start, end=span.end) for span in spans)
        article = Article(
            id=row.text_sha256[:16], text=text, blocks=blocks, sentences=tuple(spans), origin=Origin(file_name="-")
        )
        start = text.index("may close")
        labels = Labels(
            claims=(
                Claim(id="c1", extent=(spans[1],), kind="event"),
                Claim(id="c2", extent=(Span(start - 3, start + 9),)),
            ),
            speculations=(Speculation(id="s1", cue=(Span(start, start + 3),), scope=()),),
            attributions=(),
        )
        value = {
            "article_id": article.id,
            "annotator": {"id": "reader-1", "kind": "model", "version": None},
            "labels": labels.to_json(),
        }
        for layer in value["labels"].values():
            for label in layer or ():
                label["text"] = None
        (folder / f"{article.id}.json").write_text(gold.lines(gold.bare(value, article, row.file_name)))


@pytest.fixture
def invented(tmp_path, copies):
    """A folder with two invented articles in a deep arrangement, and their rows."""
    texts = {"bbc-raw/tech/900.txt": STORY, "bbc-raw/tech/901.txt": STORY.replace("harbour", "bridge")}
    for name, text in texts.items():
        path = tmp_path / "mine" / "Downloads" / "bbc" / name.removeprefix("bbc-raw/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    rows = [
        copies.Row(
            file_name=name,
            corpus="bbc-raw",
            split="train",
            outlet="x",
            words=len(text.split()),
            text_sha256=text_sha256(text),
            passes=1,
        )
        for name, text in texts.items()
    ]
    return tmp_path / "mine", rows, texts


def test_own_copies_build_in_any_arrangement_and_twice_the_same(news, program, invented, tmp_path):
    folder, rows, texts = invented
    annotated(program, rows, texts, tmp_path / "notes")
    lines = news.built(folder, tmp_path / "out", rows, tmp_path / "notes", 1)
    assert lines == ["2 of 2 articles as they were labelled"]
    records = list(stored.records(tmp_path / "out"))
    assert sorted(record.article.origin.file_name for record in records) == [row.file_name for row in rows]
    assert {claim.text for record in records for claim in record.labels.claims} >= {"It may close"}
    assert {claim.by for record in records for claim in record.labels.claims} == {"reader-1"}
    assert validate(tmp_path / "out") == []
    news.built(folder, tmp_path / "again", rows, tmp_path / "notes", 1)
    assert stored.manifest(tmp_path / "again").content_sha256 == stored.manifest(tmp_path / "out").content_sha256


def test_what_is_missing_and_what_differs_is_told_with_its_share(news, program, invented, tmp_path):
    folder, rows, texts = invented
    annotated(program, rows, texts, tmp_path / "notes")
    first, second = (path for path in sorted(folder.rglob("*.txt")))
    first.write_text(
        STORY.replace("\n", "\r\n").replace("It may close again in winter. ", ""), encoding="utf-8", newline=""
    )
    second.unlink()
    lines = news.built(folder, tmp_path / "out", rows, tmp_path / "notes", 1)
    assert lines[0] == "0 of 2 articles as they were labelled"
    assert lines[1].startswith("missing of bbc-raw: 1 (bbc-raw/tech/901.txt); BBC news articles")
    assert lines[2] == "other than labelled: 1; in 0 of them every sentence has been found"
    assert "bbc-raw/tech/900.txt: 1 of 5 sentences (20%) not found, 2 of 3 labels left out" in lines[3]


def test_a_copy_that_gives_no_article_is_told_with_the_reason(news, program, invented, tmp_path):
    folder, rows, texts = invented
    annotated(program, rows, texts, tmp_path / "notes")
    min(folder.rglob("*.txt")).write_bytes(b"")
    lines = news.built(folder, tmp_path / "out", rows, tmp_path / "notes", 1)
    assert any(line.startswith("refused: bbc-raw/tech/900.txt: ") for line in lines)


def test_without_copies_it_says_what_to_get_from_where(news, copies, invented, tmp_path):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(DataError) as told:
        news.built(tmp_path / "nothing", tmp_path / "out", invented[1])
    assert all(f"{corpus}: " in str(told.value) for corpus in copies.CORPORA)
    assert not (tmp_path / "out").exists()


def test_names_are_kept_but_for_those_that_bear_a_title(copies):
    given = {
        ("bbc-raw", "a/b/tech/001.txt"): "bbc-raw/tech/001.txt",
        ("html-trafilatura", "cache/x.org.html"): "html-trafilatura/x.org.html",
    }
    for (corpus, path), name in given.items():
        assert copies.public_name(corpus, PurePosixPath(path)) == name
    path = PurePosixPath("data/train/text/post_2016-01-02_a-title-of-many-words.txt")
    digest = hashlib.sha256(path.name.encode()).hexdigest()[:8]
    assert copies.public_name("polnear", path) == f"polnear/post_2016-01-02_{digest}.txt"


def test_of_several_copies_the_one_under_the_name_of_the_corpus_is_taken_then_the_largest(copies, tmp_path):
    row = copies.Row(
        file_name="bbc-raw/tech/001.txt", corpus="bbc-raw", split="test", outlet="", words=1, text_sha256="", passes=1
    )
    for name, size in (("Summaries", 10), ("Articles", 30)):
        (tmp_path / name / "tech").mkdir(parents=True)
        (tmp_path / name / "tech" / "001.txt").write_text("x" * size)
    assert copies.found(tmp_path, [row])[row.file_name].parts[-3] == "Articles"
    (tmp_path / "bbc-raw" / "tech").mkdir(parents=True)
    (tmp_path / "bbc-raw" / "tech" / "001.txt").write_text("x")
    assert copies.found(tmp_path, [row])[row.file_name].parts[-3] == "bbc-raw"


@pytest.fixture(scope="module")
def corpora(shared):
    """The folder of real copies, or a skip with the reason."""
    return shared("corpora/bbc-raw").parent


def runs(text: str, length: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_nothing_that_is_committed_holds_five_words_of_an_article(root, corpora, copies):
    rows = copies.selection()
    texts = copies.found(corpora, rows)
    assert len(texts) == len(rows)
    theirs: set[tuple[str, ...]] = set()
    for path in texts.values():
        data = path.read_bytes()
        raw = data.decode("utf-8", "replace")
        theirs |= runs(
            re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", raw, flags=re.S) if path.suffix == ".html" else raw
        )
    assert len(theirs) > 100_000
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "dataset/news"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    committed = [root / name for name in listed.stdout.splitlines()]
    assert root / "dataset" / "news" / "selection.tsv" in committed
    for path in committed:
        held = runs(path.read_text(encoding="utf-8"))
        # what a page says of itself everywhere, as "all rights reserved", would be no article's words; there is none of it
        assert sorted(" ".join(run) for run in held & theirs) == [], path


@pytest.fixture(scope="module")
def whole(corpora, tmp_path_factory, root):
    """The release of real copies."""
    import sys

    sys.path.insert(0, str(root / "bench"))
    try:
        import news
    finally:
        sys.path.remove(str(root / "bench"))
    out = tmp_path_factory.mktemp("news") / "release"
    return out, news.built(corpora, out, news.selection()), news


@pytest.mark.slow
def test_real_copies_build_to_what_the_selection_says_twice_the_same(whole, corpora, tmp_path):
    out, lines, news = whole
    rows = news.selection()
    assert lines == [f"{len(rows)} of {len(rows)} articles as they were labelled"]
    assert (out / "rejected.jsonl").read_text() == ""
    assert validate(out) == []
    placed = {record.article.origin.file_name: record.split for record in stored.records(out)}
    assert placed == {row.file_name: row.split for row in rows}
    news.built(corpora, tmp_path / "again", rows)
    assert stored.manifest(tmp_path / "again").content_sha256 == stored.manifest(out).content_sha256


@pytest.mark.slow
def test_the_sheet_has_the_figures_of_the_build(whole, root):
    out, _, _ = whole
    sheet = (root / "dataset" / "news" / "README.md").read_text(encoding="utf-8")
    assert f"content SHA-256 `{stored.manifest(out).content_sha256}`" in sheet


def test_annotation_files_hold_no_text_and_state_their_sentences(root, copies):
    by_name = {row.file_name: row for row in copies.selection()}
    for path in sorted((root / "dataset" / "news" / "annotations").glob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        assert value["text_sha256"] == by_name[value["file_name"]].text_sha256, path
        assert value["sentences"], path
        labels = [label for own in value["labels"].values() for label in own or ()]
        assert all("text" not in label for label in labels), path
        assert all("speaker" in label for label in value["labels"].get("attributions") or ()), path


def test_the_table_of_pins_is_read(root, copies):
    from allegedly.builders.sources.pins import read_pins

    with (root / "dataset" / "news" / "selection.tsv").open(encoding="utf-8", newline="") as lines:
        names = next(csv.reader(lines, delimiter="\t"))
    assert names == [field.name for field in dataclasses.fields(copies.Row)]
    pins = read_pins(root / "dataset" / "news" / "selection.tsv")
    assert pins == {row.file_name: row.split for row in copies.selection()}
