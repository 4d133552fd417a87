"""Annotation files: carried over to a text that has changed."""

import importlib
import json
from dataclasses import replace

import pytest

from allegedly.schemas.derive import article_id, numbered, surface
from allegedly.schemas.records import Annotator, Article, Attribution, Claim, Labels, Origin, Span

OLD = "Rain fell. Rain fell, Holt said, and the dam held."


@pytest.fixture
def annotate(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "bench"))
    return importlib.import_module("annotate")


def an_article(text):
    return Article(id=article_id(text), text=text, origin=Origin(file_name="sources/a/b.jsonl", record=1))


def some_labels(article):
    at = OLD.index("Rain", 3)
    said = Attribution(
        id="a1",
        source=(Span(22, 26),),
        cue=(Span(27, 31),),
        content=(Span(at, at + 9), Span(33, 49)),
        form="indirect",
        act="speech",
        negated=False,
        source_kind="named_person",
        by="first-pass",
        scheme="allegedly-1",
    )
    claim = Claim(extent=(Span(0, 9),), kind="event", worth="check_worthy", by="first-pass", scheme="allegedly-1")
    second = replace(claim, extent=(Span(at, at + 9),), claimer="a1")
    return numbered(Labels(claims=(claim, second), speculations=(), attributions=(said,)), article)


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        "HARROWMERE - Rain fell. Rain fell, Holt said, and the dam held. More follows.",
        "Rain\nfell. Then rain fell again.\n\nRain fell, Holt said, and the dam held.",
    ],
)
def test_labels_follow_their_words(annotate, new):
    old = an_article(OLD)
    found = annotate.carried(old, an_article(new), some_labels(old))
    (said,) = found.attributions
    assert [surface(new, part) for part in (said.source, said.cue, said.content)] == [
        "Holt",
        "said",
        "Rain fell and the dam held",
    ]
    assert [claim.text for claim in found.claims] == ["Rain fell", "Rain fell"]
    assert found.claims[0].extent[0].start < found.claims[1].extent[0].start == said.content[0].start


def test_words_that_are_gone_are_an_error(annotate):
    old = an_article(OLD)
    with pytest.raises(ValueError, match="'Holt' no longer stands in the text"):
        annotate.carried(old, an_article(OLD.replace("Holt", "Lee")), some_labels(old))


def test_a_file_holds_a_label_a_line_and_names_its_text(annotate):
    article = an_article(OLD)
    who = Annotator(id="first-pass", kind="model")
    text = annotate.written(article, who, some_labels(article))
    value = json.loads(text)
    assert value["article_id"] == article.id and value["text_sha256"].startswith(article.id)
    assert [line.strip().startswith('{"id"') for line in text.splitlines()].count(True) == 3


def test_a_label_outside_the_text_is_refused(annotate):
    article = an_article(OLD)
    with pytest.raises(ValueError, match=r"sources/a/b.jsonl: /labels/claims/0"):
        annotate.written(an_article(OLD[:5]), Annotator(id="x", kind="model"), some_labels(article))


def test_from_draft_to_release_to_a_changed_text(annotate, tmp_path, monkeypatch, capsys):
    from allegedly import build
    from allegedly.builders.importing import import_annotations

    body = "A dam at Orrin broke on Monday, the county said. Nobody was hurt, and the road may open again on Friday.\n"
    source, drafted = tmp_path / "data" / "sources" / "a.txt", tmp_path / "drafts"
    source.parent.mkdir(parents=True)
    drafted.mkdir()
    source.write_text("Dam breaks\n\n" + body, encoding="utf-8")
    (drafted / "a.draft").write_text(
        "file: sources/a.txt\nA a1 | the county | said | A dam…Monday | named_organisation\nC | =\n"
        "S | may | may…Friday\nC | Nobody was hurt | negative\n",
        encoding="utf-8",
    )
    (tmp_path / "data" / "recipe.toml").write_text('sources = ["sources"]\nannotations = "annotations"\n')
    build([tmp_path / "data" / "sources"], tmp_path / "unlabelled", labellers="none", workers=1)
    imported = import_annotations(
        "drafts",
        [drafted],
        tmp_path / "data" / "annotations",
        against=tmp_path / "unlabelled",
        annotator=Annotator(id="first-pass", kind="model"),
    )
    assert imported.problems == []
    build([], tmp_path / "data", recipe=tmp_path / "data" / "recipe.toml", labellers="none", workers=1)

    source.write_text("Dam breaks near Orrin\n\n" + body, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["annotate.py", "--dataset", str(tmp_path / "data")])
    assert annotate.main() == 0
    assert "1 annotation files written, 1 articles" in capsys.readouterr().out
    (path,) = (tmp_path / "data" / "annotations").glob("*.json")
    value = json.loads(path.read_text(encoding="utf-8"))
    text = source.read_text(encoding="utf-8")
    assert value["article_id"] == article_id(text)
    assert [text[s["start"] : s["end"]] for c in value["labels"]["claims"] for s in c["extent"]] == [
        "A dam at Orrin broke on Monday",
        "Nobody was hurt",
    ]
    source.write_text("Dam breaks near Orrin\n\nNothing else is known.\n", encoding="utf-8")
    untouched = path.read_text(encoding="utf-8")
    assert annotate.main() == 1
    assert "is not in the release; import its draft again" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == untouched
