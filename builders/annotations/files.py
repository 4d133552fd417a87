"""Annotation files: read, checked, and matched to the articles of a build.

Conventions: one file is one annotator's labels of one article. It is matched by article id, else by source id where
that is unique, else by the hash of the text. Files are named by ``<folder>/<path below it>`` in messages and ledger.
What is wrong with any of them stops the build, all at once.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from allegedly.builders.annotations.votes import ScoredVote, rounded
from allegedly.builders.arrange.arrange import Gone, Unit
from allegedly.builders.sources.contents import file_sha256
from allegedly.schemas import check
from allegedly.schemas.derive import numbered, text_sha256
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Annotator, Article, Labels, Origin, Rejected

SCHEME = "allegedly-1"
#: So many refusals are named, then counted.
NAMED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What an annotation file says of itself; its labels stay on disk until they are needed."""

    path: Path
    shown: str
    annotator: Annotator
    layers: tuple[str, ...]
    article_id: str | None = None
    source_id: str | None = None
    file_name: str | None = None
    text_sha256: str | None = None

    @property
    def text_id(self) -> str | None:
        """The bare id of the text it was made for, as far as it says so."""
        return self.text_sha256[:16] if self.text_sha256 else (self.article_id or "").partition("-")[0] or None

    def vote(self, article: Article) -> ScoredVote:
        """Its labels, checked against the text, with all that follows from it filled in. DataError where they do not
        fit."""
        value = json.loads(self.path.read_text(encoding="utf-8"))
        wrong = [] if self.text_sha256 in (None, text_sha256(article.text)) else [_other_text(self, article.id)]
        wrong += [
            f"{self.shown}: {path}: found {found}, expected {expected}"
            for path, found, expected in check.annotation(value, article.text, article.markup)
        ]
        refuse(wrong)
        return ScoredVote(annotator=self.annotator, labels=numbered(_signed(value["labels"], self.annotator), article))


def _signed(value: dict[str, Any], annotator: Annotator) -> Labels:
    labels = Labels.from_json(value)
    signed = Labels(
        **{
            layer: None
            if found is None
            else tuple(replace(label, by=annotator.id, scheme=label.scheme or SCHEME) for label in found)
            for layer, found in ((layer, getattr(labels, layer)) for layer in LAYERS)
        }
    )
    return rounded(signed)


def refuse(messages: Sequence[str]) -> None:
    """DataError with the first of the messages and a count of the rest, if there are any."""
    if messages:
        more = f"\n... and {len(messages) - NAMED} more" if len(messages) > NAMED else ""
        raise DataError("\n".join(messages[:NAMED]) + more)


def find(folder: Path | None) -> list[Annotation]:
    """The annotation files in a folder, in order of name. UsageError where it is missing, DataError where a file is
    not one."""
    if folder is None:
        return []
    if not folder.exists():
        raise UsageError(f"no such folder of annotations: {str(folder)!r}; name one that is there")
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*.json") if path.is_file())
    found, wrong = [], []
    for path in files:
        inner = "" if path == folder else "/" + path.relative_to(folder).as_posix()
        value = _read(path, folder.resolve().name + inner)
        if isinstance(value, Annotation):
            found.append(value)
        else:
            wrong.extend(value)
    refuse(wrong)
    return found


def _read(path: Path, shown: str) -> Annotation | list[str]:
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return [f"{shown}: not JSON: {error}; expected an annotation file (`allegedly schema annotation`)"]
    wrong = [
        f"{shown}: {where}: found {found}, expected {expected}" for where, found, expected in check.annotation(value)
    ]
    if wrong:
        return wrong
    about = {name: value.get(name) for name in ("article_id", "source_id", "file_name", "text_sha256")}
    layers = tuple(layer for layer in LAYERS if value["labels"].get(layer) is not None)
    return Annotation(path=path, shown=shown, annotator=Annotator.from_json(value["annotator"]), layers=layers, **about)


def inputs(found: Iterable[Annotation], ledger: Iterable[Rejected]) -> Iterator[dict[str, Any]]:
    """The manifest's entries of annotation files."""
    rejected = [line.origin.file_name for line in ledger]
    for annotation in found:
        yield {
            "file_name": annotation.shown,
            "bytes": annotation.path.stat().st_size,
            "sha256": file_sha256(annotation.path),
            "articles": 0,
            "rejected": rejected.count(annotation.shown),
        }


@dataclass(slots=True)
class Matches:
    """The annotations of each article, by its final id, and those that go to the ledger."""

    by_article: dict[str, list[Annotation]] = field(default_factory=dict)
    ledger: list[Rejected] = field(default_factory=list)


def matched(
    found: Sequence[Annotation], units: Sequence[Unit], gone: Gone, automatic: Mapping[str, Sequence[str]]
) -> Matches:
    """Which annotation belongs to which article. ``automatic`` holds the layers of each automatic annotator.

    DataError for one that fits no article, was made for another text, or says again what its annotator has said.
    """
    index = _Index(units, gone)
    out, wrong, strays = Matches(), [], []
    for annotation in found:
        target = index.target(annotation)
        if isinstance(target, str):
            wrong.append(target)
        elif isinstance(target, Rejected):
            out.ledger.append(target)
        elif target[1]:
            out.by_article.setdefault(target[0], []).append(annotation)
        else:
            strays.append((target[0], annotation))
    for article_id, annotation in strays:
        own = out.by_article.setdefault(article_id, [])
        if any(_same(annotation, other) for other in own):
            reason = f"annotates a dropped copy of {article_id}, which its annotator has annotated itself"
            out.ledger.append(_line(annotation, "annotation-of-copy", reason, {"article": article_id}))
        else:
            own.append(annotation)
    wrong.extend(_doubles(out.by_article, automatic))
    refuse(wrong)
    _serve_copies(out.by_article, units)
    return out


def _same(left: Annotation, right: Annotation) -> bool:
    return left.annotator.id == right.annotator.id and bool(set(left.layers) & set(right.layers))


def _doubles(by_article: Mapping[str, list[Annotation]], automatic: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for article_id, found in by_article.items():
        seen: dict[tuple[str, str], str] = {
            (by, layer): f"the labeller {by!r} of this build" for by, layers in automatic.items() for layer in layers
        }
        for annotation in found:
            for layer in annotation.layers:
                key = (annotation.annotator.id, layer)
                if key in seen:
                    yield (
                        f"{annotation.shown}: {annotation.annotator.id!r} annotates the {layer} of article {article_id} "
                        f"a second time, after {seen[key]}; keep one of them, or give the second another annotator id"
                    )
                seen.setdefault(key, annotation.shown)


def _serve_copies(by_article: dict[str, list[Annotation]], units: Sequence[Unit]) -> None:
    """Exact copies without annotations of their own get those of the first copy that has some."""
    for unit in units:
        ids = unit.ids
        having = next((name for name in ids if by_article.get(name)), None)
        if having is None:
            continue
        for name in ids:
            if not by_article.get(name):
                by_article[name] = by_article[having]


def _line(annotation: Annotation, rule: str, reason: str, detail: dict[str, Any]) -> Rejected:
    origin = Origin(file_name=annotation.shown, sha256=file_sha256(annotation.path), media_type="application/json")
    return Rejected(origin=origin, stage="annotate", rule=rule, reason=reason, detail=detail)


def _other_text(annotation: Annotation, article_id: str) -> str:
    made = f" (made for {annotation.file_name})" if annotation.file_name else ""
    return (
        f"{annotation.shown}{made}: was made for another text of article {article_id}: the hash of the text differs; "
        "annotate the article as it is now, or put the former text back"
    )


class _Index:
    """Where an annotation belongs: article ids, source ids and hashes, of what stays and of what is gone."""

    def __init__(self, units: Sequence[Unit], gone: Gone) -> None:
        self.gone = gone
        self.texts = {unit.id: unit for unit in units}
        self.ids = {name for unit in units for name in unit.ids}
        self.files = {entry.origin[0]: unit.id for unit in units for entry in unit.entries}
        self.sources: dict[str, list[str]] = {}
        for unit in units:
            for name, entry in zip(unit.ids, unit.entries, strict=True):
                if entry.source_id is not None:
                    self.sources.setdefault(entry.source_id, []).append(name)
        for source_id, text_id in gone.sources:
            self.sources.setdefault(source_id, []).append(f"gone:{text_id}")

    def target(self, annotation: Annotation) -> tuple[str, bool] | Rejected | str:
        """The final id and whether the annotation is that article's own; or a ledger line; or what is wrong."""
        if annotation.article_id in self.ids:
            return self._checked(annotation, annotation.article_id, True)
        by_source = self.sources.get(annotation.source_id or "", [])
        if len(by_source) == 1:
            name = by_source[0]
            if not name.startswith("gone:"):
                return self._checked(annotation, name, True)
            return self._by_text(annotation, name.removeprefix("gone:"), False)
        if annotation.text_id is not None:
            return self._by_text(annotation, annotation.text_id, annotation.article_id is None)
        return self._unknown(annotation)

    def _checked(self, annotation: Annotation, name: str, own: bool) -> tuple[str, bool] | str:
        if annotation.text_id not in (None, name.partition("-")[0]):
            return _other_text(annotation, name)
        return name, own

    def _by_text(self, annotation: Annotation, text_id: str, own: bool) -> tuple[str, bool] | Rejected | str:
        if text_id in self.texts:
            return self._checked(annotation, text_id, own)
        if text_id in self.gone.rules:
            rule = self.gone.rules[text_id]
            reason = f"annotates article {text_id}, which went to the ledger ({rule})"
            return _line(annotation, "annotation-of-rejected", reason, {"article": text_id, "rule": rule})
        return self._unknown(annotation)

    def _unknown(self, annotation: Annotation) -> str:
        name = annotation.article_id or annotation.source_id or annotation.text_sha256
        if annotation.file_name in self.files:
            now = self.files[annotation.file_name]
            return (
                f"{annotation.shown}: was made for {annotation.file_name} as article {name}, whose text has changed: "
                f"it is article {now} now; annotate it as it is now, or put the former text back"
            )
        made = f"was made for {annotation.file_name} as" if annotation.file_name else "is of"
        return (
            f"{annotation.shown}: {made} article {name}, and no article of this build has that id, source id or text; "
            "add its file to the sources, or take the annotation away"
        )
