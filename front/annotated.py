"""Annotated: articles with the labels of several annotators, from a release or from folders of annotation files.

Conventions: files are matched by article id, against a release also by source id where it is unique, then by the hash of
the text. Annotators are known by their ids; where two folders hold the same id, by id and folder.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import files
from allegedly.builders.annotations.files import Annotation
from allegedly.eval.agreement.sides import Voted, of_records
from allegedly.schemas import stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import LAYERS, Labels, Record


def annotated(paths: Sequence[str], *, against: str | None = None, split: str | None = None) -> list[Voted]:
    """The articles that two or more annotators labelled. UsageError for paths that are neither one release nor folders of
    annotation files, DataError for files that do not fit."""
    if split not in (None, "all", *SPLITS):
        raise UsageError(unknown("split", split, [*SPLITS, "all"]))
    releases = [path for path in paths if (stored.home(Path(path)) / stored.MANIFEST).exists()]
    if releases and (len(paths) > 1 or against is not None):
        raise UsageError(
            f"{readable(releases[0])}: is a release; name it alone, or folders of annotation files --against it"
        )
    if releases:
        return of_records(stored.records(paths[0], split))
    if split is not None and against is None:
        raise UsageError("--split: annotation files have no splits; name the release that has them: --against RELEASE")
    records = None if against is None else _all_of(against, split)
    return _of_folders([Path(path) for path in paths], records, None if split == "all" else split)


def _all_of(against: str, split: str | None) -> list[Record]:
    """The articles of a release, of all its splits: files may be about any. UsageError for a split without rows."""
    release = stored.Release(against)
    if split not in (None, "all"):
        stored.check_split(release.manifest, split)
    return [record for name in SPLITS for record in release.records(name)]


def _of_folders(folders: Sequence[Path], records: Sequence[Record] | None, split: str | None) -> list[Voted]:
    found = [(folder, annotation) for folder in folders for annotation in files.find(folder)]
    names = _names(found)
    articles = {} if records is None else {record.article.id: record for record in records}
    index = None if records is None else _index(records)
    votes, wrong = _matched(found, index, names)
    files.refuse([*wrong, *_twice(votes)])
    meant = (
        [article for article in sorted(votes) if split in (None, articles[article].split)]
        if articles
        else sorted(votes)
    )
    return [_voted(article, votes[article], articles.get(article)) for article in meant if len(votes[article]) > 1]


def _matched(
    found: Iterable[tuple[Path, Annotation]],
    index: Mapping[tuple[str, str], str] | None,
    names: Mapping[tuple[Path, str], str] | None = None,
) -> tuple[dict[str, dict[str, list[Annotation]]], list[str]]:
    """Files by article and annotator, and what is wrong with those that fit none."""
    votes: defaultdict[str, dict[str, list[Annotation]]] = defaultdict(lambda: defaultdict(list))
    wrong = []
    for folder, annotation in found:
        article = annotation.article_id or annotation.text_id if index is None else index.get(_key(annotation, index))
        if article is None:
            wrong.append(
                f"{annotation.shown}: is of article {annotation.article_id or annotation.source_id or annotation.text_id}, "
                "which is not among those that are compared; name the release that has it, or take the file away"
            )
            continue
        if index is not None and annotation.text_sha256 and annotation.text_id != article.partition("-")[0]:
            wrong.append(files.other_text(annotation, article))
        by = annotation.annotator.id if names is None else names[folder, annotation.annotator.id]
        votes[article][by].append(annotation)
    return votes, wrong


def of_one(folder: Path, records: Sequence[Record]) -> dict[str, Labels]:
    """The labels of one annotator's files on articles of a release, by article id. UsageError where a folder holds files of
    several annotators, DataError for files that do not fit."""
    found = list(files.find(folder))
    ids = sorted({annotation.annotator.id for annotation in found})
    if len(ids) > 1:
        raise UsageError(
            f"{readable(folder)}: holds annotation files of {len(ids)} annotators ({', '.join(ids)}); name one folder "
            "for each of them"
        )
    votes, wrong = _matched([(folder, annotation) for annotation in found], _index(records))
    files.refuse([*wrong, *_twice(votes)])
    articles = {record.article.id: record for record in records}
    return {name: _labels(these, articles[name]) for name, by in votes.items() for these in by.values()}


def _names(found: Iterable[tuple[Path, Annotation]]) -> dict[tuple[Path, str], str]:
    """What annotators are called, by folder and id."""
    keys = dict.fromkeys((folder, annotation.annotator.id) for folder, annotation in found)
    ids = Counter(by for _, by in keys)
    return {(folder, by): by if ids[by] == 1 else f"{by} ({readable(folder)})" for folder, by in keys}


def _index(records: Sequence[Record]) -> dict[tuple[str, str], str]:
    """Articles of a release by id, by source id where it is unique, and by text: the first of exact copies."""
    sources = Counter(record.article.source_id for record in records)
    index: dict[tuple[str, str], str] = {}
    for record in records:
        article = record.article
        index["id", article.id] = article.id
        index.setdefault(("text", article.id.partition("-")[0]), article.id)
        if article.source_id is not None and sources[article.source_id] == 1:
            index["source", article.source_id] = article.id
    return index


def _key(annotation: Annotation, index: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    keys = [("id", annotation.article_id), ("source", annotation.source_id), ("text", annotation.text_id)]
    return next(((kind, name) for kind, name in keys if name is not None and (kind, name) in index), ("", ""))


def _twice(votes: Mapping[str, Mapping[str, Sequence[Annotation]]]) -> Iterable[str]:
    for article, of_article in votes.items():
        for by, annotations in of_article.items():
            counts = Counter(layer for annotation in annotations for layer in annotation.layers)
            for layer, count in counts.items():
                if count > 1:
                    shown = " and ".join(a.shown for a in annotations if layer in a.layers)
                    yield f"{shown}: {by!r} annotates the {layer} of article {article} {count} times; keep one of them"


def _voted(article: str, votes: Mapping[str, Sequence[Annotation]], record: Record | None) -> Voted:
    return Voted(
        id=article,
        name=next((a.file_name for these in votes.values() for a in these if a.file_name), article),
        group=article if record is None else record.group or article,
        votes={by: _labels(annotations, record) for by, annotations in votes.items()},
        article=None if record is None else record.article,
        adjudicators=frozenset(by for by, these in votes.items() if any(a.annotator.supersedes for a in these)),
    )


def _labels(annotations: Sequence[Annotation], record: Record | None) -> Labels:
    """One annotator's labels of an article, from one file or a file a layer; checked where the text is at hand."""
    layers: dict[str, Any] = {}
    for annotation in annotations:
        if record is None:
            labels = Labels.from_json(json.loads(annotation.path.read_text(encoding="utf-8-sig"))["labels"])
        else:
            labels = annotation.vote(record.article).labels
        layers |= {layer: getattr(labels, layer) for layer in LAYERS if layer in annotation.layers}
    return Labels(**layers)
