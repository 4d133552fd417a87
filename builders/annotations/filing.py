"""Annotation files, written: one JSON file an article and annotator, a label a line, so that a change of one shows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from allegedly.builders.annotations.files import signed
from allegedly.schemas import check, own_files
from allegedly.schemas.derive import numbered, text_sha256
from allegedly.schemas.records import Annotator, Article, Labels


def annotation(article: Article, annotator: Annotator, labels: Labels) -> dict[str, Any]:
    """An annotation file as JSON; labels are numbered and signed, and those without a scheme get ours."""
    return {
        "article_id": article.id,
        "file_name": article.origin.file_name,
        "text_sha256": text_sha256(article.text),
        "annotator": annotator.to_json(),
        "labels": signed(numbered(labels, article), annotator).to_json(),
    }


def faults(value: dict[str, Any], article: Article) -> Iterator[check.Finding]:
    """What is wrong with an annotation file of an article."""
    return check.annotation(value, article.text, article.markup)


def lines(value: dict[str, Any]) -> str:
    """The text of an annotation file: labels, and sentences where it states them, a line each."""
    head = [
        f' "{key}": {_listed(value[key], " ") if key == "sentences" else _json(value[key])}'
        for key in value
        if key != "labels"
    ]
    layers = [f'  "{layer}": {_listed(labels, "  ")}' for layer, labels in value["labels"].items()]
    labels = "{\n" + ",\n".join(layers) + "\n }" if layers else "{}"
    return "{\n" + ",\n".join([*head, f' "labels": {labels}']) + "\n}\n"


def _listed(values: list[Any] | None, margin: str) -> str:
    if not values:
        return _json(values)
    return "[\n" + ",\n".join(f"{margin} {_json(value)}" for value in values) + f"\n{margin}]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class Folder:
    """A folder of annotation files of one annotator among those of others."""

    def __init__(self, path: Path, annotator: Annotator) -> None:
        """Looks through what is there: a file of this annotator about an article gives way to the next about it."""
        self.path, self.annotator = path, annotator
        self._own: dict[str, Path] = {}
        for file in sorted(path.glob("*.json")) if path.is_dir() else ():
            name = _article_of(file, annotator.id)
            if name is not None:
                self._own.setdefault(name, file)

    def name_of(self, article_id: str) -> str:
        """The name of a new file about an article."""
        return f"{article_id}.{quote(self.annotator.id, safe='')}.json"

    def path_of(self, article_id: str) -> Path | None:
        """Where the labels of an article go: to this annotator's earlier file about it, else to a new one; None where
        something else has its name."""
        new = self.path / self.name_of(article_id)
        return self._own.get(article_id) or (None if new.exists() else new)

    def write(self, path: Path, value: dict[str, Any]) -> Path:
        """Writes an annotation file, whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        own_files.write(path, lines(value))
        return path


def _article_of(file: Path, by: str) -> str | None:
    """The article that a file of an annotator is about; None for any other file."""
    try:
        value = json.loads(file.read_text(encoding="utf-8-sig"))
        own = value["annotator"]["id"] == by
        return str(value["article_id"]) if own else None
    except (OSError, ValueError, RecursionError, TypeError, LookupError):
        return None
