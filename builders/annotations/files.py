"""Annotation files: read, checked, and matched to the articles of a build.

Conventions: one file is one annotator's labels of one article. It is matched by article id, else by source id where
that is unique, else by the hash of the text; one that states its sentences also by the name of its file, and its labels
are placed by them where the text is another. Files are named by ``<folder>/<path below it>`` in messages and ledger.
What is wrong with any of them stops the build, all at once.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from allegedly.builders.annotations.placement import Placed, placed
from allegedly.builders.annotations.strangers import EXPECTED, Strangers, passed_over
from allegedly.builders.annotations.votes import ScoredVote, rounded
from allegedly.builders.annotations.wording import Stated
from allegedly.schemas import check
from allegedly.schemas.derive import numbered, text_sha256
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.manifest import Input
from allegedly.schemas.paths import files_below
from allegedly.schemas.records import LAYERS, Annotator, Article, Labels, Rejected

SCHEME = "allegedly-1"
#: So many refusals are named, then counted.
NAMED = 50
#: So many of one file.
NAMED_OF_A_FILE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What an annotation file says of itself; its labels stay on disk until they are needed."""

    path: Path
    shown: str
    bytes: int
    sha256: str
    annotator: Annotator
    layers: tuple[str, ...]
    article_id: str | None = None
    source_id: str | None = None
    file_name: str | None = None
    text_sha256: str | None = None
    has_sentences: bool = False

    @property
    def text_id(self) -> str | None:
        """The bare id of the text it was made for, as far as it says so."""
        return self.text_sha256[:16] if self.text_sha256 else (self.article_id or "").partition("-")[0] or None

    def to_json(self) -> dict[str, Any]:
        """What a task needs to make a vote of it elsewhere."""
        return {
            "path": str(self.path),
            "shown": self.shown,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "annotator": self.annotator.to_json(),
            "layers": list(self.layers),
            "file_name": self.file_name,
            "text_sha256": self.text_sha256,
            "has_sentences": self.has_sentences,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Annotation":
        """From what ``to_json`` gave."""
        return cls(
            path=Path(value["path"]),
            shown=value["shown"],
            bytes=value["bytes"],
            sha256=value["sha256"],
            annotator=Annotator.from_json(value["annotator"]),
            layers=tuple(value["layers"]),
            file_name=value["file_name"],
            text_sha256=value["text_sha256"],
            has_sentences=value["has_sentences"],
        )

    def fits(self, article: Article) -> bool:
        """Whether its offsets are those of the article's text, as far as it says so."""
        return self.text_id is None or text_sha256(article.text).startswith(self.text_sha256 or self.text_id)

    def placed(self, article: Article) -> Placed:
        """Its labels in another copy of the text, by the sentences that it states."""
        value = json.loads(self.path.read_text(encoding="utf-8-sig"))
        sentences = [Stated.from_json(sentence) for sentence in value["sentences"]]
        return placed(signed(Labels.from_json(value["labels"]), self.annotator), sentences, article)

    def vote(self, article: Article) -> ScoredVote:
        """Its labels, checked against the text, with all that follows from it filled in. DataError where they do not
        fit."""
        if self.has_sentences and not self.fits(article):
            return ScoredVote(annotator=self.annotator, labels=numbered(self.placed(article).labels, article))
        value = json.loads(self.path.read_text(encoding="utf-8-sig"))
        wrong = [] if self.text_sha256 in (None, text_sha256(article.text)) else [other_text(self, article.id)]
        wrong += [
            f"{self.shown}: {path}: found {found}, expected {expected}"
            for path, found, expected in check.annotation(value, article.text, article.markup)
        ]
        refuse(wrong)
        return ScoredVote(
            annotator=self.annotator,
            labels=numbered(signed(Labels.from_json(value["labels"]), self.annotator), article),
        )


def signed(labels: Labels, annotator: Annotator) -> Labels:
    """Labels with their annotator as ``by``, our scheme where none is named, and rounded confidences."""
    out = Labels(
        **{
            layer: None
            if layer_labels is None
            else tuple(replace(label, by=annotator.id, scheme=label.scheme or SCHEME) for label in layer_labels)
            for layer, layer_labels in ((layer, getattr(labels, layer)) for layer in LAYERS)
        }
    )
    return rounded(out)


def refuse(messages: Sequence[str]) -> None:
    """DataError with the first of the messages, a line each, and a count of the rest, if there are any."""
    if messages:
        more = [f"... and {len(messages) - NAMED} more"] if len(messages) > NAMED else []
        raise DataError(*messages[:NAMED], *more)


def find(folder: Path | None, note: Callable[[str], None] = lambda _: None) -> list[Annotation]:
    """The annotation files in a folder, in order of name; ``note`` is told of files that are not read. UsageError where
    the folder is missing, DataError where a file is none."""
    if folder is None:
        return []
    if not folder.exists():
        raise UsageError(f"no such folder of annotations: {str(folder)!r}; name one that is there")
    every = [folder] if folder.is_file() else [path for path in files_below(folder) if path.is_file()]
    files = [path for path in every if path == folder or path.suffix == ".json"]
    found: list[Annotation] = []
    strangers = Strangers()
    wrong: list[str] = []
    for path in files:
        inner = "" if path == folder else "/" + path.relative_to(folder).as_posix()
        value = _read(path, folder.resolve().name + inner, strangers)
        if isinstance(value, Annotation):
            found.append(value)
        else:
            wrong.extend(value)
    refuse([*strangers.lines(), *wrong])
    ignored = [path for path in every if path not in set(files) and not path.name.startswith(".")]
    if ignored:
        note(passed_over(folder, ignored))
    return found


def _read(path: Path, shown: str, strangers: Strangers) -> Annotation | list[str]:
    """An annotation file, or what is wrong with it; what is none at all goes to the strangers."""
    data = path.read_bytes()
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return [] if strangers.knows(path, shown, data) else [f"{shown}: not JSON: {error}; {EXPECTED}"]
    if not isinstance(value, dict) or not {"annotator", "labels"} & value.keys():
        strangers.take(path, shown, data, value)
        return []
    if "annotator" not in value and strangers.knows(path, shown, data):
        return []
    wrong = [
        f"{shown}: {where}: found {found}, expected {expected}" for where, found, expected in check.annotation(value)
    ]
    if wrong:
        more = len(wrong) - NAMED_OF_A_FILE
        return [*wrong[:NAMED_OF_A_FILE], *([f"{shown}: {more} more of its kind"] if more > 0 else [])]
    about = {name: value.get(name) for name in ("article_id", "source_id", "file_name", "text_sha256")}
    layers = tuple(layer for layer in LAYERS if value["labels"].get(layer) is not None)
    return Annotation(
        path=path,
        shown=shown,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        annotator=Annotator.from_json(value["annotator"]),
        layers=layers,
        has_sentences=bool(value.get("sentences")),
        **about,
    )


def inputs(annotations: Iterable[Annotation], ledger: Iterable[Rejected]) -> Iterator[Input]:
    """The manifest's entries of annotation files."""
    rejected = Counter(line.origin.file_name for line in ledger)
    for annotation in annotations:
        yield Input(
            file_name=annotation.shown,
            bytes=annotation.bytes,
            sha256=annotation.sha256,
            articles=0,
            rejected=rejected[annotation.shown],
        )


def other_text(annotation: Annotation, article_id: str) -> str:
    """Why an annotation that was made for another text is refused."""
    made = f" (made for {annotation.file_name})" if annotation.file_name else ""
    return (
        f"{annotation.shown}{made}: was made for another text of article {article_id}: the hash of the text differs; "
        "annotate the article as it is now, or put the former text back"
    )
