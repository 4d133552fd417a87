"""Building: raw article files in, a labelled release out.

Conventions: files are read and labelled in workers that may die; records wait on disk; what decides about them
(duplicates, groups, splits, annotations) sees one small entry each. Nothing in a release depends on how many workers
there are or on the order in which they end.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import files as annotations
from allegedly.builders.annotations import votes as voting
from allegedly.builders.annotations.merging import merged
from allegedly.builders.arrange.arrange import Arranged, arranged
from allegedly.builders.arrange.spool import Entry, Spool
from allegedly.builders.labellers import _lookup as labelling
from allegedly.builders.readers._reading import parsed
from allegedly.builders.recipe import Recipe, named_paths, resolve
from allegedly.builders.release.exchange import Place
from allegedly.builders.release.finish import About, finish, require
from allegedly.builders.sources import workers
from allegedly.builders.sources.contents import contents
from allegedly.builders.sources.find import Source, find
from allegedly.builders.sources.limits import Refused
from allegedly.builders.watch import SILENT, Watch
from allegedly.schemas import check, stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.records import Article, Origin, Record, Rejected
from allegedly.schemas.schema import errors
from allegedly.schemas.stored import Manifest

#: Articles are handed to labellers so many at a time.
BATCH = 16


def build(
    sources: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    recipe: str | Path | Mapping[str, Any] | None = None,
    workers: int | None = None,
    watch: Watch = SILENT,
    **options: Any,
) -> Manifest:
    """Builds a release of the articles in ``sources`` into the folder ``out`` and returns its manifest.

    ``options`` are the recipe's keys by their last names and win over it. UsageError where the call is wrong (a path
    that is missing, a misspelt key, a folder that holds something else), DataError where the data would not; then the
    folder is as it was.
    """
    plan = resolve([sources] if isinstance(sources, str | Path) else sources or (), recipe, options)
    labellers = labelling.resolve(plan.labellers)
    former = _former(plan)
    workers = workers or _cores()
    files = find(plan.sources)
    with Place(out, named_paths(plan)) as place, closing(Spool(place.spool)) as spool:
        notes = annotations.find(plan.annotations)
        read = _gather(files, place, plan, labellers, spool, workers, watch)
        require(len(read.entries), read.ledger, False)
        found = arranged(read.entries, spool, plan, former.splits)
        automatic = {one.ANNOTATOR.id: one.LAYERS for one in labellers}
        matches = annotations.matched(notes, found.units, found.gone, automatic)
        later = [*found.ledger, *matches.ledger]
        _heard(later, watch)
        read.account(found.ledger)
        require(sum(len(unit.entries) for unit in found.units), [*read.ledger, *later], plan.strict)
        _note_empty(found, plan, watch)
        places = _places(found)
        return finish(
            place,
            _about(plan, labellers, former.content_sha256),
            {split: [(final, entry.length) for final, _, entry in those] for split, those in places.items()},
            lambda split, start, stop: _records(split, places[split][start:stop], matches.by_article, spool),
            workers=workers,
            ledger=[*read.ledger, *later],
            inputs=[*read.inputs, *annotations.inputs(notes, matches.ledger)],
            leakage=found.leakage,
            recipe_file=plan.path,
            watch=watch,
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Former:
    """The release whose splits are kept: the split of each text, and its hash."""

    splits: dict[str, str] = field(default_factory=dict)
    content_sha256: str | None = None


def _former(plan: Recipe) -> _Former:
    path = plan.splits.previous
    if path is None:
        return _Former()
    found = _Former(content_sha256=stored.manifest(path).content_sha256)
    for split in SPLITS:
        for row in stored.rows(path, "articles", split, ["id"]):
            found.splits.setdefault(row["id"].partition("-")[0], split)
    return found


@dataclass(slots=True)
class _Read:
    """What reading gave: entries of articles, ledger lines, and an account of every file."""

    entries: list[Entry] = field(default_factory=list)
    ledger: list[Rejected] = field(default_factory=list)
    inputs: list[dict[str, Any]] = field(default_factory=list)

    def account(self, later: Iterable[Rejected]) -> None:
        """Moves articles that were dropped after reading from the articles of their file to its rejected ones."""
        by_name = {(value["file_name"], value["sha256"]): value for value in self.inputs}
        by_file = {value["file_name"]: value for value in self.inputs}
        for line in later:
            name = line.origin.file_name
            # a member of an archive is accounted for with the archive
            value = by_name.get((name, line.origin.sha256)) or by_file.get(name) or by_file[name.partition("!/")[0]]
            value["articles"] -= 1
            value["rejected"] += 1


@dataclass(frozen=True, slots=True)
class _Result:
    """What a worker labellers back for one file."""

    bytes: int | None
    sha256: str | None
    entries: list[Entry]
    rejected: list[Rejected]


def _gather(
    files: Iterator[Source | Rejected],
    place: Place,
    plan: Recipe,
    labellers: Sequence[Any],
    spool: Spool,
    count: int,
    watch: Watch,
) -> _Read:
    """Reads and labels every file, in workers."""
    out, todo = _Read(), []
    for value in files:
        if isinstance(value, Rejected):
            _take(out, value.origin.file_name, _Result(None, None, [], [value]), watch)
        elif not place.excluded(Path(value.path)):
            todo.append(value)
    task = _task(plan, labellers, spool)
    results = workers.guarded(task, todo, workers=count, limits=plan.limits)
    for source, result in watch.steps(results, len(todo), "reading and labelling files"):
        if isinstance(result, workers.Failed):
            result = _failed(source, result)
        _take(out, source.file_name, result, watch)
    return out


def _take(out: _Read, file_name: str, result: _Result, watch: Watch) -> None:
    out.entries.extend(result.entries)
    out.ledger.extend(result.rejected)
    _heard(result.rejected, watch)
    articles, rejected = len(result.entries), len(result.rejected)
    out.inputs.append(
        {
            "file_name": file_name,
            "bytes": result.bytes,
            "sha256": result.sha256,
            "articles": articles,
            "rejected": rejected,
        }
    )


def _heard(lines: Iterable[Rejected], watch: Watch) -> None:
    for line in lines:
        watch.rejected(line)


def _failed(source: Source, failed: workers.Failed) -> _Result:
    """The file that ended its worker: its hash is taken here, where nothing parses it."""
    path = Path(source.path)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError:
        digest, size = None, None
    origin = Origin(file_name=source.file_name, sha256=digest)
    line = Rejected(origin=origin, stage="read", rule=failed.rule, reason=failed.reason, detail=failed.detail)
    return _Result(size, digest, [], [line])


def _task(plan: Recipe, labellers: Sequence[Any], spool: Spool) -> Callable[[Source, Callable], _Result]:
    fields = dict(plan.fields) or None

    def task(source: Source, beat: Callable[[], None]) -> _Result:
        try:
            data = contents(source, limits=plan.limits)
        except Refused as refused:
            line = refused.rejected(Origin(file_name=source.file_name), "open")
            return _Result(_size(source), None, [], [line])
        result = _Result(len(data), hashlib.sha256(data).hexdigest(), [], [])
        waiting: list[Article] = []
        for value in parsed(data, source.file_name, fields=fields, limits=plan.limits, beat=beat):
            beat()
            if isinstance(value, Rejected):
                result.rejected.append(value)
                continue
            waiting.append(value)
            if len(waiting) == BATCH:
                _label(waiting, labellers, plan, spool, result, beat)
                waiting = []
        _label(waiting, labellers, plan, spool, result, beat)
        return result

    return task


def _size(source: Source) -> int | None:
    try:
        return Path(source.path).stat().st_size
    except OSError:
        return None


def _label(
    articles: list[Article],
    labellers: Sequence[Any],
    plan: Recipe,
    spool: Spool,
    result: _Result,
    beat: Callable[[], None],
) -> None:
    """Labels articles and puts them on the spool; those whose labels cannot stand go to the ledger."""
    beat()
    for article, found in zip(articles, voting.votes(articles, labellers), strict=True):
        if isinstance(found, Rejected):
            result.rejected.append(found)
            continue
        given = [vote.to_json() for vote in found]
        wrong = next((problem for vote in given for problem in _wrong(article, vote)), None)
        if wrong is None:
            result.entries.append(spool.add(article, given, plan.splits.group_by))
        else:
            reason = f"its labels are not valid: {wrong[0]}: found {wrong[1]}, expected {wrong[2]}"
            result.rejected.append(
                Rejected(
                    origin=article.origin,
                    stage="label",
                    rule="invalid-labels",
                    reason=reason,
                    detail={"path": wrong[0]},
                )
            )


def _wrong(article: Article, vote: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What of a labeller's output cannot stand."""
    sentences = [{"start": start, "end": end, "scores": scores} for start, end, scores in vote["sentences"]]
    yield from errors("prediction", {"article": {"id": article.id}, "labels": vote["labels"], "sentences": sentences})
    blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in article.blocks]
    yield from check.labels(vote["labels"], article.text, markup=article.markup, blocks=blocks)


_Place = tuple[str, str, Entry]


def _places(found: Arranged) -> dict[str, list[_Place]]:
    """Final id, group and entry of every article, split by split, in order of id."""
    places: dict[str, list[_Place]] = {}
    for unit in found.units:
        for final, entry in sorted(zip(unit.ids, unit.entries, strict=True), key=itemgetter(0)):
            places.setdefault(unit.split, []).append((final, unit.group, entry))
    return places


def _records(
    split: str, places: Iterable[_Place], by_article: Mapping[str, list[annotations.Annotation]], spool: Spool
) -> Iterator[Record]:
    """The merged records of some articles of a split."""
    for final, group, entry in places:
        article, votes = spool.read(entry)
        article = replace(article, id=final)
        notes = [annotation.vote(article) for annotation in by_article.get(final, ())]
        record = merged(article, [*votes, *notes], [note.annotator.id for note in notes])
        if notes:
            _check(record, by_article[final][0].shown)
        yield replace(record, split=split, group=group)


def _check(record: Record, shown: str) -> None:
    """DataError where annotation left a record that is not valid."""
    wrong = check.record(record.to_json())
    annotations.refuse([f"{shown}: {path}: found {found}, expected {expected}" for path, found, expected in wrong])


def _note_empty(found: Arranged, plan: Recipe, watch: Watch) -> None:
    """Says so where there are too few articles for the splits that the recipe wants."""
    wanted = [name for name, fraction in plan.splits.fractions.items() if fraction > 0]
    having = {unit.split for unit in found.units}
    empty = [name for name in wanted if name not in having]
    if empty:
        groups = len({unit.group for unit in found.units})
        watch.note(
            f"too few articles for {len(wanted)} splits: {groups} group{'s' if groups != 1 else ''} of articles that must "
            f"share a split, so {' and '.join(empty)} {'are' if len(empty) > 1 else 'is'} empty"
        )


def _about(plan: Recipe, labellers: Sequence[Any], previous: str | None) -> About:
    return About(
        name=plan.name,
        version=plan.version,
        date=plan.date,
        licence=plan.licence,
        recipe=plan.to_json(previous),
        labellers=tuple(
            {"name": one.name, "version": one.ANNOTATOR.version, "weights_sha256": one.weights_sha256()}
            for one in labellers
        ),
    )
