"""Annotation files of real news as they are committed: without its text.

    python bench/news_gold.py RELEASE FOLDERS... --out dataset/news/annotations [--notes VERDICTS.jsonl ...]

RELEASE holds the articles that FOLDERS' annotation files were made for. Surface texts, and what follows anyway (``by``,
null), are left out; the article's sentences are stated by the hashes of their words; files go by the names of
``selection.tsv``. ``--notes`` joins files of verdicts into ``adjudication.jsonl`` beside the folder, in order of article.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from news_copies import selection

from allegedly.builders.annotations.placement import stated
from allegedly.schemas import check, stored
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.records import LAYERS, Article, Labels


def bare(value: Mapping[str, Any], article: Article, file_name: str) -> dict[str, Any]:
    """An annotation file without text, with the sentences of its article stated. SystemExit where it does not fit."""
    wrong = next(check.annotation(dict(value), article.text, article.markup), None)
    if wrong is not None:
        raise SystemExit(f"{file_name}: {wrong.path}: found {wrong.found}, expected {wrong.expected}")
    sentences = stated(article, Labels.from_json(value["labels"]))
    return {
        "article_id": article.id,
        "file_name": file_name,
        "text_sha256": text_sha256(article.text),
        "annotator": {name: item for name, item in value["annotator"].items() if item is not None},
        "sentences": [sentence.to_json() for sentence in sentences],
        "labels": {
            layer: None if own is None else [_label(label) for label in own]
            for layer, own in ((layer, value["labels"].get(layer)) for layer in LAYERS)
        },
    }


def _label(label: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in label.items() if name not in ("text", "by") and item is not None}


def lines(value: Mapping[str, Any]) -> str:
    """The text of a file: a label and a sentence a line, so that a change shows where it is."""

    def block(items: Iterable[Any], indent: str) -> str:
        rows = [f"{indent} {_json(item)}" for item in items]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]" if rows else "[]"

    head = [f' "{name}": {_json(value[name])}' for name in ("article_id", "file_name", "text_sha256", "annotator")]
    layers = [f'  "{layer}": {"null" if own is None else block(own, "  ")}' for layer, own in value["labels"].items()]
    body = [f' "sentences": {block(value["sentences"], " ")}', ' "labels": {\n' + ",\n".join(layers) + "\n }"]
    return "{\n" + ",\n".join([*head, *body]) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--notes", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    known = {record.article.id: record.article for record in stored.records(given.release)}
    names = {row.text_sha256: row.file_name for row in selection()}
    given.out.mkdir(parents=True, exist_ok=True)
    files = 0
    for path in sorted(path for folder in given.folders for path in folder.rglob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8-sig"))
        if value.get("article_id") not in known:
            raise SystemExit(f"{path}: is no annotation of an article of {given.release}")
        article = known[value["article_id"]]
        out = given.out / f"{article.id}.{value['annotator']['id']}.json"
        out.write_text(lines(bare(value, article, names[text_sha256(article.text)])), encoding="utf-8")
        files += 1
    notes = [json.loads(line) for path in given.notes for line in path.read_text(encoding="utf-8").splitlines()]
    if given.notes:
        ordered = sorted(notes, key=lambda note: (names[text_sha256(known[note["article_id"]].text)], note["layer"]))
        told = "".join(f"{_json(note)}\n" for note in ordered)
        (given.out.parent / "adjudication.jsonl").write_text(told, encoding="utf-8")
    print(f"{given.out}: {files} files, {len(notes)} verdicts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
