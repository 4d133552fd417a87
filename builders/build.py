"""Building: raw article files in, a labelled release out.

Conventions: a build is stages: read and label, arrange, pack, finish. A stage maps a task over shards; what has an
article's size lies on disk, and here are sums. Nothing in a release depends on the engine, on how many workers there
are or on the order in which they end.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import files as annotations
from allegedly.builders.annotations.matching import OTHER_TEXT, Matches, matched, not_placed
from allegedly.builders.arrange.arrange import SPOOL, Arranged, arranged
from allegedly.builders.arrange.known import articles, known
from allegedly.builders.asking import asked
from allegedly.builders.engines._lookup import started
from allegedly.builders.gate.admission import Admission
from allegedly.builders.labellers._lookup import Labeller
from allegedly.builders.recipe import Recipe, named_paths, resolve
from allegedly.builders.release.exchange import Place
from allegedly.builders.release.facts import About
from allegedly.builders.release.finish import DECIDING, finish, pack, require
from allegedly.builders.release.ledger import Ledger
from allegedly.builders.release.tally import Tally
from allegedly.builders.sources.find import Source, find
from allegedly.builders.sources.listing import FileShard, listed
from allegedly.builders.sources.pipes import named, poured
from allegedly.builders.sources.workers import cores
from allegedly.builders.spool.labelling import INPUTS, REJECTED, ReadAndLabel, Spooled, identity, resolved
from allegedly.builders.spool.records import Spooled as SpooledRecords
from allegedly.builders.stages import Stages, code_version
from allegedly.builders.systems import Asked, Asking, Connect, connected, parted, shown
from allegedly.builders.watch import SILENT, Watch
from allegedly.builders.work import work_folder
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.manifest import Input, LabellerUsed, Manifest
from allegedly.schemas.paths import readable
from allegedly.schemas.records import LAYERS, Rejected

#: The folder in the work of a build where pipes are poured into.
POURED = "poured"


def build(
    sources: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    recipe: str | Path | Mapping[str, Any] | None = None,
    workers: int | None = None,
    watch: Watch = SILENT,
    connect: Connect | None = None,
    **options: Any,
) -> Manifest:
    """Builds a release of the articles in ``sources`` into the folder ``out`` and returns its manifest.

    ``options`` are the recipe's keys by their last names and win over it; ``connect`` is handed in by the front door, for
    labellers that are systems. UsageError where the call is wrong (a path that is missing, a misspelt key, a folder that
    holds something else), DataError where the data would not; then the folder is as it was.
    """
    plan = resolve([sources] if isinstance(sources, str | Path) else sources or (), recipe, options)
    local, systems = parted(plan.labellers)
    labellers, inputs = resolved(local), named(plan.sources, plan.input.files_from)
    _load()
    asking = _asking(plan, Path(out))
    with (
        connected(systems, connect, asking, watch.note) as askers,
        Place(out, named_paths(plan)) as place,
        work_folder(place.out, plan.engine.work, watch=watch) as work,
        Ledger(work / "ledger.sqlite") as ledger,
        started(plan.engine.spec, workers=workers or cores(), memory=plan.engine.bytes) as engine,
    ):
        about = _about(plan, labellers, askers)
        stages = Stages(engine, work, code_version((*DECIDING, *about.packages)), watch)
        build_ = _Build(plan, local, labellers, askers, asking, stages, ledger, watch)
        notes = annotations.find(plan.annotations, watch.note)
        _note_left_behind(place.out, notes, watch)
        files = find(poured(inputs, work / POURED, plan.limits))
        shards = build_.read(build_.list_files(files, place))
        placed = build_.arrange(shards)
        matches = build_.match(placed, notes)
        answers = asked(placed, askers, work, plan.limits, watch, build_.reject)
        require(sum(placed.articles.values()), ledger.lines, plan.strict)
        written = pack(stages, placed, "voted", matches.by_article, place, watch, answers)
        manifest = finish(place, about, written, ledger, placed.leakage, plan.path)
        build_.note_uncovered(written.tally)
        return manifest


def _note_left_behind(out: Path, notes: Iterable[annotations.Annotation], watch: Watch) -> None:
    """Says whose labels the release that stands there has from annotation files, and this build has no file of."""
    try:
        former = stored.manifest(out)
    except (DataError, UsageError):
        return  # nothing stands there, or nothing that can be read
    made = {labeller["name"] for labeller in former.labellers}
    given = {note.annotator.id for note in notes}
    gone = [one["id"] for one in former.annotators if one["id"] not in made | given]
    if gone:
        watch.note(
            f"--out {readable(out)}: the release there has labels by {', '.join(gone)}, of whom this build has no "
            "annotation file; where their labels are to stay, name the files with --annotations"
        )


def _load() -> None:
    """Loads what every process of a build needs, before the local engine forks them, so that they share it."""
    import pyarrow as pa
    import pyarrow.parquet

    pa.array([0])  # pyarrow looks for pandas at its first array


@dataclass(frozen=True, slots=True)
class _Build:
    """A build under way."""

    plan: Recipe
    local: str
    labellers: Sequence[Labeller]
    systems: Sequence[Asked]
    asking: Asking
    stages: Stages
    ledger: Ledger
    watch: Watch

    def list_files(self, files: Iterable[Source | Rejected], place: Place) -> list[FileShard]:
        """The files to read, in shards on disk; what is none goes to the ledger."""

        def reject(line: Rejected) -> None:
            self.reject(line)
            name = line.origin.file_name
            entry = Input(file_name=name, bytes=None, sha256=None, articles=0, rejected=1)
            self.ledger.take(entry)
            self.watch.took(entry)

        work, answers = self.stages.folder, self.asking.cache

        def excluded(path: Path) -> bool:
            own = path.is_relative_to(work) and POURED not in path.parts
            return own or place.excluded(path) or (answers is not None and path.is_relative_to(answers))

        return listed(
            files,
            work / "listing",
            excluded=excluded,
            rejected=reject,
            choice=self.plan.input.choice,
            passed_over=self._note_passed_over,
        )

    def _note_passed_over(self, files: int) -> None:
        """Says how many files the recipe's globs left out."""
        self.watch.note(f"{files} file{'s' if files != 1 else ''} left out by include and exclude")

    def reject(self, line: Rejected) -> None:
        """A line of the ledger."""
        self.ledger.reject(line)
        self.watch.rejected(line)

    def read(self, shards: list[FileShard]) -> list[Spooled]:
        """Reads and labels every file."""
        task = ReadAndLabel(
            labellers=self.local,
            identity=identity(self.labellers),
            fields=dict(self.plan.fields),
            group_by=list(self.plan.splits.group_by),
            limits=self.plan.limits,
            admission=Admission.of(self.plan.input),
        )
        spooled: list[Spooled] = []

        def files() -> Iterator[None]:
            for shard in self.stages.map(SPOOL, task, shards, Spooled):
                self._account(shard)
                spooled.append(shard)
                yield from [None] * shard.files

        total = sum(shard.files for shard in shards)
        for _ in self.watch.steps(files(), total, "reading and labelling files"):
            pass
        require(sum(shard.articles for shard in spooled), self.ledger.lines, False)
        return spooled

    def _account(self, shard: Spooled) -> None:
        """Takes what a shard says of its files and of what it did not take."""
        folder = self.stages.folder / SPOOL / shard.name
        with (folder / REJECTED).open("rb") as lines:
            for line in lines:
                self.reject(Rejected.from_json(json.loads(line)))
        with (folder / INPUTS).open(encoding="utf-8") as lines_:
            for line_ in lines_:
                name, size, sha256, articles, rejected = json.loads(line_)
                entry = Input(file_name=name, bytes=size, sha256=sha256, articles=articles, rejected=rejected)
                self.ledger.take(entry)
                self.watch.took(entry)

    def arrange(self, shards: Iterable[Spooled]) -> Arranged:
        """What stays, in which group and split."""
        placed = arranged(self.stages, shards, self.plan)
        for gone in placed.gone():
            self.ledger.drop(gone.line)
            self.watch.rejected(gone.line)
        if placed.not_pinned:
            first, count = placed.not_pinned[0], len(placed.not_pinned)
            more = f" and {count - 1} more" if count > 1 else ""
            self.watch.note(
                f"{self.plan.splits.pinned}: no article is of {first!r}{more}; names are those of origin.file_name"
            )
        return placed

    def match(self, placed: Arranged, notes: Sequence[annotations.Annotation]) -> Matches:
        """The annotation files of each article."""
        automatic = {labeller.annotator.id: labeller.layers for labeller in self.labellers}
        automatic |= {system.annotator.id: system.layers for system in self.systems}
        matches = matched(notes, known(placed, notes), automatic)
        matches.ledger += self._not_placed(placed, matches)
        for line in matches.ledger:
            self.reject(line)
        for entry in annotations.inputs(notes, matches.ledger):
            self.ledger.take(entry)
        require(sum(placed.articles.values()), self.ledger.lines, self.plan.strict)
        self._note_empty(placed)
        return matches

    def _not_placed(self, placed: Arranged, matches: Matches) -> list[Rejected]:
        """What annotations of other copies lose here; those of other texts are taken out of the matches."""
        of_others = {
            name: [own for own in notes if own.has_sentences and own.text_id not in (None, name.partition("-")[0])]
            for name, notes in matches.by_article.items()
        }
        of_others = {name: notes for name, notes in of_others.items() if notes}
        lines: list[Rejected] = []
        if not of_others:
            return lines
        with SpooledRecords(self.stages.folder) as spooled:
            for article in sorted(articles(placed, spooled, of_others), key=lambda article: article.id):
                for note in of_others[article.id]:
                    line = not_placed(note, article)
                    lines += [] if line is None else [line]
                    if line is not None and line.rule == OTHER_TEXT:
                        matches.by_article[article.id] = [
                            own for own in matches.by_article[article.id] if own is not note
                        ]
        return lines

    def _note_empty(self, placed: Arranged) -> None:
        """Says so where there are too few articles for the splits that the recipe wants."""
        wanted = [name for name, fraction in self.plan.splits.fractions.items() if fraction > 0]
        empty = [name for name in wanted if not placed.articles[name]]
        if empty:
            groups = f"{placed.groups} group{'s' if placed.groups != 1 else ''}"
            self.watch.note(
                f"too few articles for {len(wanted)} splits: {groups} of articles that must share a split, so "
                f"{' and '.join(empty)} {'are' if len(empty) > 1 else 'is'} empty"
            )

    def note_uncovered(self, tally: Tally) -> None:
        """Says which layers are null in how many articles, by language, of those that the labellers annotate."""
        layers = {layer for labeller in self.labellers for layer in labeller.layers}
        layers |= {layer for system in self.systems for layer in system.layers}
        counts = sorted(
            (LAYERS.index(layer), language or "no language", count)
            for (layer, language), count in tally.uncovered.items()
            if layer in layers
        )
        if counts:
            named = ", ".join(f"{LAYERS[layer]} {language} {count}" for layer, language, count in counts)
            self.watch.note(f"null, since {shown(self.plan.labellers)} does not cover the language or failed: {named}")


def _asking(plan: Recipe, out: Path) -> Asking:
    """How systems are asked: answers are kept beside the release where nobody says where. UsageError for a folder in the
    release, which is replaced."""
    out, given = Path(os.path.realpath(out)), plan.asking.cache
    cache = out.with_name(f".{out.name}.answers") if given is None else Path(os.path.realpath(given))
    if cache.is_relative_to(out):
        raise UsageError(f"--cache {given}: lies inside --out {out}, which is replaced; name a folder outside of it")
    return replace(plan.asking, cache=cache, named=given is not None)


def _about(plan: Recipe, labellers: Sequence[Labeller], systems: Sequence[Asked]) -> About:
    previous = plan.splits.previous
    return About(
        name=plan.name,
        version=plan.version,
        date=plan.date,
        licence=plan.licence,
        recipe=plan.to_json(None if previous is None else stored.manifest(previous).content_sha256),
        labellers=tuple(
            LabellerUsed(
                name=labeller.name, version=labeller.annotator.version, weights_sha256=labeller.weights_sha256()
            )
            for labeller in labellers
        )
        + tuple(map(_used, systems)),
        packages=tuple(sorted({name for labeller in labellers for name in labeller.packages})),
    )


def _used(system: Asked) -> LabellerUsed:
    used = LabellerUsed(name=system.name, version=system.annotator.version, weights_sha256=None)
    if system.prompt_sha256 is not None:
        used["prompt_sha256"] = system.prompt_sha256
    used["options"] = dict(system.options)
    return used
