"""Labels that leave in a format that holds pieces of a part come home label for label."""

import json
import re
import tempfile
from pathlib import Path

import pytest
from drawn_labels import labelled
from hypothesis import HealthCheck, given, settings
from round_trips import imported

from allegedly import cli
from allegedly.builders.annotations.given import Given
from allegedly.builders.exporters import _lookup
from allegedly.builders.importing import import_corpus
from allegedly.schemas import stored
from allegedly.schemas.derive import numbered, text_sha256
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, Annotator, Labels, Record, Span, replace

FORMATS = ["brat", "web-annotation", "jsonl"]
formats = pytest.mark.parametrize("name", FORMATS)


def plainly(labels: Labels, article) -> Labels:
    """Labels as any annotator gives them: numbered, without who gave them."""
    unsigned = {
        layer: None if found is None else tuple(replace(each, by="") for each in found)
        for layer, found in ((layer, getattr(labels, layer)) for layer in LAYERS)
    }
    return numbered(Labels(**unsigned), article)


def sent(name: str, records: list[Record], folder: Path, **options: str) -> Path:
    """What an exporter writes."""
    exporter = _lookup.resolve(name)
    path = folder / "out"
    if exporter.path == "folder":
        path.mkdir(parents=True)
    exporter.write(iter(records), path, **options)
    return path


def brought(name: str, path: Path, records: list[Record]) -> tuple[dict[str, Labels], list[str]]:
    """Labels by article, and what was told beside."""
    items = imported(name.replace("-", "_"), path, records)
    home = {item.article.id: plainly(item.labels, item.article) for item in items if isinstance(item, Given)}
    return home, [str(item) for item in items if not isinstance(item, Given)]


def carried(record: Record, name: str) -> Labels:
    """The labels of a record that the format holds."""
    losses = _lookup.resolve(name).losses
    told = losses(iter([record])) if losses else ()
    lost = {loss.where for loss in told if loss.what == "a label that marks no words"}
    labels = numbered(record.labels, record.article)
    held = {
        layer: None
        if getattr(labels, layer) is None
        else tuple(each for each in getattr(labels, layer) if f"{record.article.id}:{each.id}" not in lost)
        for layer in LAYERS
    }
    return plainly(Labels(**held), record.article)


@formats
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(pair=labelled())
def test_any_labels_come_home(name, pair):
    article, labels = pair
    record = Record(article=article, labels=numbered(labels, article))
    with tempfile.TemporaryDirectory() as folder:
        home, told = brought(name, sent(name, [record], Path(folder)), [record])
    if any(getattr(labels, layer) is not None for layer in LAYERS):
        assert told == []
        assert home == {article.id: carried(record, name)}


@formats
@pytest.mark.parametrize("labels", ["hard", "shipped_records"])
def test_the_hard_texts_and_the_shipped_release_come_home(name, labels, request, tmp_path):
    records = request.getfixturevalue(labels)
    home, told = brought(name, sent(name, records, tmp_path), records)
    assert told == []
    assert home == {record.article.id: plainly(record.labels, record.article) for record in records}


@pytest.mark.parametrize("name", ["brat", "web-annotation"])
def test_polnear_comes_home_but_for_what_is_listed(name, shared, tmp_path):
    source = shared("corpora/polnear")
    import_corpus("polnear", source / "data" / "dev", tmp_path / "release")
    records = list(stored.records(tmp_path / "release"))
    home, told = brought(name, sent(name, records, tmp_path), records)
    assert told == [] and len(records) == 84
    assert home == {record.article.id: carried(record, name) for record in records}
    lost = _lookup.lost(_lookup.resolve(name), iter(records), {})
    assert lost == (["not carried: a label that marks no words: 1 (cc3a1cc953772e3b:a1)"] if name == "brat" else [])


BRAT = """T1\tAttribution_on_content 0 14;44 52;65 72\tThe new bridge may open in June
E1\tAttribution_on_content:T1 Parent:E3
A1\tAct E1 belief
A2\tNegated E1
"""


def test_brat_holds_pieces_links_and_attributes(hard, tmp_path):
    path = sent("brat", hard, tmp_path)
    article = next(record.article for record in hard if "she hopes" in record.article.text)
    lines = (path / f"{article.id}.ann").read_text(encoding="utf-8")
    assert lines.startswith(BRAT)
    assert (path / f"{article.id}.txt").read_bytes() == article.text.encode()
    notes = [json.loads(line.split("\t")[2]) for line in lines.splitlines() if line.startswith("#")]
    assert {(note["article"], note["text_sha256"]) for note in notes} == {(article.id, text_sha256(article.text))}
    assert [note["label"] for note in notes] == ["a1", "a2", "a3", "s1", "s2", "s3", "c1", "c2", "c3"]
    assert (path / "README.md").read_text(encoding="utf-8").count("\n    ") == 3


def test_an_annotation_quotes_its_words_and_says_who_gave_it(hard, tmp_path):
    path = sent("web-annotation", hard, tmp_path)
    for record in hard:
        text = record.article.text
        page = json.loads((path / f"{record.article.id}.jsonld").read_text(encoding="utf-8"))
        assert page["items"]
        for item in page["items"]:
            assert item["creator"] == {"id": "urn:allegedly:annotator:amy", "type": "Person", "name": "amy"}
            assert item["allegedly:label"]["text_sha256"] == text_sha256(text)
            for target in item["target"] if isinstance(item["target"], list) else [item["target"]]:
                place, quote = target["selector"]
                assert text[place["start"] : place["end"]] == quote["exact"]
                around = quote.get("prefix", "") + quote["exact"] + quote.get("suffix", "")
                assert around in text


#: A change of what went out, and what is told of it.
SLIPS = {
    "brat-words": ("brat", "\tBrandt", "\tBradt", r"ann:\d+: broken-span: found T\d+: the text .*, expected offsets"),
    "brat-type": (
        "brat",
        "Speculation_on_scope",
        "Guess",
        r"ann:19: unknown-type: found E4: no layer .*'Guess', expected",
    ),
    "brat-line": ("brat", "A1\tAct", "A1 Act", r"ann:3: .*found a line that is none"),
    "brat-twice": ("brat", "T2\t", "T1\t", r"ann:\d+: .*or its id a second time"),
    "brat-note": ("brat", '"label": "a1"', '"label": 1', r"ann:\d+: note: found #1, a note .* broken"),
    "brat-value": (
        "brat",
        "Act E3 speech",
        "Act E3 talk",
        r"ann:\d+: unknown-attribute: found E3: no label has Act = talk",
    ),
    "brat-loose": ("brat", " Source:T6", "", r"ann:12: loose: found T6: a Source that no label has, expected a part"),
    "brat-circle": ("brat", "Source:T6", "Source:T6 Parent:E1", r"ann:\d+: circle: found E.: a parent that lies below"),
    "brat-layers": ("brat", '"layers"', '"layer"', r"articles.jsonl:1: .*found a line that is none"),
    "web-words": (
        "web-annotation",
        '"exact": "said"',
        '"exact": "sad"',
        r"jsonld:\d+: broken-span: found urn:.*cue: the words",
    ),
    "web-tag": (
        "web-annotation",
        '"value": "scope"',
        '"value": "place"',
        r"jsonld:\d+: unknown-type: found urn:.*'place'",
    ),
    "web-position": (
        "web-annotation",
        '"end": 14',
        '"end": 1400',
        r"jsonld:\d+: broken-span: .*outside the text of 73 ",
    ),
    "web-note": (
        "web-annotation",
        '"label": "c1"',
        '"label": 1',
        r"jsonld:\d+: annotation: .*`allegedly:label` is broken",
    ),
    "web-json": ("web-annotation", '"items"', '"items', "found no JSON"),
    "jsonl-offsets": ("jsonl", '"end": 14', '"end": 1400', "out:1: /labels/.*: found end 1400, expected at most 73"),
    "jsonl-words": ("jsonl", '"text": "may"', '"text": "can"', 'out:1: /labels/.*/text: found "can", expected "may"'),
    "jsonl-key": (
        "jsonl",
        '"worth"',
        '"worthy"',
        'out:1: /labels/claims/0: found the key "worthy", expected no others',
    ),
    "jsonl-json": ("jsonl", '"labels"', '"labels', "out:1: .*broken JSON"),
}


@pytest.mark.parametrize(("name", "old", "new", "told"), SLIPS.values(), ids=SLIPS)
def test_what_does_not_hold_is_told_with_file_and_line(name, old, new, told, hard, tmp_path):
    records = [record for record in hard if "she hopes" in record.article.text]
    path = sent(name, records, tmp_path)
    files = (
        [path] if path.is_file() else [file for file in path.iterdir() if file.suffix in (".ann", ".jsonld", ".jsonl")]
    )
    for file in files:
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    home, messages = brought(name, path, records)
    assert any(re.search(told, message) for message in messages), messages
    assert home == {} or "layers" in old


#: What is done to a page of annotations, and what is told of it.
LOST = {
    "items": (lambda page: page.update(items=5), "items: found 5, expected annotations"),
    "address": (lambda page: page["items"].append("https://a.example/1"), 'items: found "https://a.example/1"'),
    "type": (lambda page: page["items"][0].update(type="Annotaton"), "items: found {.*, expected annotations"),
    "target": (lambda page: page["items"][0].pop("target"), "its target is not stretches of one text"),
}


@pytest.mark.parametrize(("change", "told"), LOST.values(), ids=LOST)
def test_a_page_with_an_annotation_that_cannot_be_read_is_not_taken(change, told, hard, tmp_path):
    path = sent("web-annotation", hard[:2], tmp_path)
    file = path / f"{hard[0].article.id}.jsonld"
    page = json.loads(file.read_text(encoding="utf-8"))
    change(page)
    file.write_text(json.dumps(page), encoding="utf-8")
    home, messages = brought("web-annotation", path, hard)
    assert list(home) == [hard[1].article.id]
    assert len(messages) == 1 and re.search(told, messages[0]), messages


def test_a_page_that_goes_on_elsewhere_is_told(hard, tmp_path):
    path = sent("web-annotation", hard[:1], tmp_path)
    file = path / f"{hard[0].article.id}.jsonld"
    page = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**page, "next": "https://a.example/2"}), encoding="utf-8")
    home, messages = brought("web-annotation", path, hard)
    assert len(home) == 1 and "it goes on at" in messages[0]


def test_a_file_without_lines_is_told(hard, tmp_path):
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    home, messages = brought("jsonl", tmp_path / "empty.jsonl", hard)
    assert home == {} and "a file without lines" in messages[0]


@formats
def test_a_changed_text_is_refused_and_its_article_named(name, hard, tmp_path):
    path = sent(name, hard[:2], tmp_path)
    article = hard[0].article
    if name == "jsonl":
        path.write_text(path.read_text(encoding="utf-8").replace("Mayor Orla", "Mayor Orly"), encoding="utf-8")
    else:
        (path / f"{article.id}.txt").write_text(article.text.replace("Mayor Orla", "Mayor Orly"), encoding="utf-8")
    home, messages = brought(name, path, hard)
    assert list(home) == [hard[1].article.id]
    assert len(messages) == 1 and f"another text of article {article.id}" in messages[0], messages
    assert 'from character 9 on, "y Brandt' in messages[0]


def test_labels_of_a_text_that_lies_nowhere_are_known_by_what_was_kept(hard, tmp_path):
    for name in ("brat", "web-annotation"):
        path = sent(name, hard, tmp_path / name)
        for file in path.glob("*.txt"):
            file.unlink()
        home, told = brought(name, path, hard)
        assert told == [] and len(home) == len(hard)
        other = [replace(hard[0], article=replace(hard[0].article, text="Another text."))]
        home, told = brought(name, path / f"{hard[0].article.id}.{'ann' if name == 'brat' else 'jsonld'}", other)
        assert home == {} and "another text of article" in told[0]


def test_an_untouched_form_is_not_taken_and_a_label_of_a_person_is(hard, tmp_path):
    path = sent("brat", hard[:1], tmp_path, labels="none")
    article = hard[0].article
    home, told = brought("brat", path, hard)
    assert home == {} and "no labels of article" in told[0] and "not taken" in told[0]
    said, who = article.text.index("said"), article.text.index("Orla")
    (path / f"{article.id}.ann").write_text(
        f"T1\tAttribution {said} {said + 4}\tsaid\nT2\tSource {who} {who + 11}\tOrla Brandt\n"
        f"E1\tAttribution:T1 Source:T2\nA1\tAct E1 speech\n"
        f"E2\tAttribution:T1 Parent:E1\n#1\tAnnotatorNotes E1\tis she?\n",
        encoding="utf-8",
    )
    home, told = brought("brat", path, hard)
    assert [message for message in told if "note" not in message] == []
    first, second = home[article.id].attributions
    assert {first.source, second.source} == {(Span(who, who + 11),), ()} and home[article.id].claims is None
    assert first.cue == second.cue == (Span(said, said + 4),) and first.negated is second.negated is False
    assert "which labels do not hold" in told[0]


def test_each_annotator_has_a_folder(hard, tmp_path):
    path = sent("brat", hard, tmp_path, labels="votes")
    assert sorted(file.name for file in path.iterdir() if file.is_dir()) == ["amy"]
    home, told = brought("brat", path / "amy", hard)
    assert told == [] and len(home) == len(hard)
    dots = replace(hard[0], votes=(replace(hard[0].votes[0], annotator=Annotator(id="../x", kind="human")),))
    path = sent("web-annotation", [dots], tmp_path / "web", labels="votes")
    assert sorted(file.name for file in path.iterdir()) == ["%2E.%2Fx", "README.md"]
    with pytest.raises(UsageError, match="labels=all: expected one of winning, votes, none"):
        sent("brat", hard, tmp_path / "wrong", labels="all")


LINE = {
    "article": {"id": ""},
    "labels": {"claims": [{"extent": [{"text": "the new bridge may"}]}], "speculations": None, "attributions": []},
}


def lines(path: Path, *values: object) -> Path:
    path.write_text("".join(f"{json.dumps(value)}\n" for value in values), encoding="utf-8")
    return path


def test_a_line_needs_the_id_and_labels_alone(hard, tmp_path):
    article = hard[0].article
    line = {**LINE, "article": {"id": article.id}}
    home, told = brought("jsonl", lines(tmp_path / "a.jsonl", line), hard)
    start = article.text.index("the new bridge")
    assert told == [] and home[article.id].claims[0].extent == (Span(start, start + 18),)
    assert home[article.id].speculations is None and home[article.id].attributions == ()
    by_text = {**LINE, "article": {"text": article.text}}
    assert brought("jsonl", lines(tmp_path / "a.jsonl", by_text), hard)[0] == home
    home, told = brought("jsonl", lines(tmp_path / "a.jsonl", line, line, {"article": {"id": "0" * 16}}, [1]), hard)
    assert len(home) == 1 and [message.partition(": ")[0][-1] for message in told] == ["2", "3", "4"]
    assert "of which line 1 has some" in told[0] and "which the release does not have" in told[1]
    nowhere = {**line, "labels": {"claims": [{"extent": [{"text": "the old bridge"}]}]}}
    home, told = brought("jsonl", lines(tmp_path / "a.jsonl", nowhere, {"article": {"id": hard[1].article.id}}), hard)
    assert home == {} and '"the old bridge", which the text does not have' in told[0]
    assert "no layer of article" in told[1]


@formats
def test_the_commands_bring_a_release_home(name, root, tmp_path, capsys):
    dataset, out = str(root / "dataset"), str(tmp_path / "out.jsonl")
    assert cli.main(["export", name, dataset, "--out", out]) == 0
    home = [name, out, "--against", dataset, "--by", "zoe", "--kind", "model", "--out", str(tmp_path / "annotations")]
    assert cli.main(["import", *home, "--layers", "claims,attributions"]) == 0
    written = [json.loads(file.read_text(encoding="utf-8")) for file in (tmp_path / "annotations").glob("*.json")]
    assert len(written) == len(list(stored.rows(dataset, "articles")))
    assert all(value["labels"]["speculations"] is None and value["labels"]["claims"] is not None for value in written)
    assert capsys.readouterr().err.count("speculations not taken; --layers names") > 0
