"""Imports: a corpus that others annotated becomes a release like any other; labels of articles that a release holds
become annotation files.

Conventions: the corpus's own splits stand, nothing is shuffled; a corpus without splits falls by hash, as in a build.
The release is called after the importer, carries the corpus's licence and citation, and its ledger says what the
importer left out.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from allegedly.builders.annotations import filing
from allegedly.builders.annotations.bounds import bounded
from allegedly.builders.annotations.given import Articles, Given, Note, approved
from allegedly.builders.arrange.arrange import SPOOL, arranged
from allegedly.builders.engines._lookup import started
from allegedly.builders.importers._lookup import Importer, annotations, read, resolve, says_submitted
from allegedly.builders.recipe import Engine, Recipe
from allegedly.builders.release.exchange import Place
from allegedly.builders.release.facts import About
from allegedly.builders.release.finish import DECIDING, finish, pack, require
from allegedly.builders.release.ledger import Ledger
from allegedly.builders.sources.limits import Limits
from allegedly.builders.spool.labelling import Spooled
from allegedly.builders.spool.parts import Parts, entry
from allegedly.builders.spool.records import record_line
from allegedly.builders.stages import Stages, code_version
from allegedly.builders.watch import SILENT, Watch
from allegedly.builders.work import work_folder
from allegedly.schemas import plugins, stored
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.manifest import Input, Manifest
from allegedly.schemas.paths import require as require_paths
from allegedly.schemas.paths import written
from allegedly.schemas.records import LAYERS, LINK, Annotator, Article, Labels, Problem, Record, Rejected

#: A licence that the card may name; others are told in words.
_LICENCE = re.compile(r"[A-Za-z0-9.+-]+")


def import_corpus(
    name: str,
    source: str | Path,
    out: str | Path,
    *,
    version: str = "0.1.0",
    date: str | None = None,
    watch: Watch = SILENT,
) -> Manifest:
    """Reads a corpus with an importer and writes the release.

    UsageError for an unknown importer or a source that is not there; DataError where the source is not the corpus.
    """
    importer = resolve(name)
    path = Path(source)
    if not path.exists():
        raise UsageError(f"{source}: no such file or folder; name the corpus, or a file of it, as SOURCE")
    sizes: dict[str, int] = {}
    return write(
        _read(importer, path, sizes),
        out,
        name=name,
        version=version,
        date=date,
        licence=importer.licence if _LICENCE.fullmatch(importer.licence) else "other",
        description=_description(importer),
        citation=importer.citation,
        creators=importer.creators,
        sizes=sizes,
        watch=watch,
    )


def write(
    records: Iterable[Record | Rejected],
    out: str | Path,
    *,
    name: str,
    version: str = "0.1.0",
    date: str | None = None,
    licence: str | None = None,
    description: str | None = None,
    citation: str | None = None,
    creators: str = "found",
    sizes: Mapping[str, int] | None = None,
    watch: Watch = SILENT,
) -> Manifest:
    """A release of records whose labels are settled, in any order: an importer's output.

    Their splits stand; those without one fall as in a build with the default recipe. ``sizes`` holds the bytes of
    input files by file name. DataError where there is no record.
    """
    about = About(
        name=name,
        version=version,
        date=date,
        licence=licence,
        description=description,
        citation=citation,
        creators=creators,
    )
    with (
        Place(out) as place,
        work_folder(place.out, None, resume=False) as work,
        Ledger(work / "ledger.sqlite") as ledger,
        started("local", workers=1, memory=Engine().bytes) as engine,
    ):
        stages = Stages(engine, work, code_version(DECIDING), watch)
        # sizes fill up while records are read
        shard = _spooled(
            watch.steps(records, None, "reading articles"),
            work / SPOOL / ONLY,
            ledger,
            watch,
            {} if sizes is None else sizes,
        )
        require(shard.articles, ledger.lines, False)
        found = arranged(stages, [shard], Recipe(name=name))
        written = pack(stages, found, "settled", {}, place, watch)
        leakage = {name: found.leakage[name] for name in ("measure", "nearest")}
        return finish(place, about, written, ledger, leakage, None)


#: An import is one shard of this name.
ONLY = "000000"


def _spooled(
    records: Iterable[Record | Rejected], folder: Path, ledger: Ledger, watch: Watch, sizes: Mapping[str, int]
) -> Spooled:
    """Puts records on the spool, and what is none into the ledger."""
    folder.mkdir(parents=True)
    parts, articles, rejected = Parts(folder), Counter[tuple[str, str | None]](), Counter[tuple[str, str | None]]()
    with (folder / "records.jsonl").open("wb") as lines:
        for given in records:
            record = _bounded(given)
            if isinstance(record, Rejected):
                ledger.reject(record)
                watch.rejected(record)
                rejected[record.origin.file_name, record.origin.sha256] += 1
                continue
            offset, line = lines.tell(), record_line(record)
            lines.write(line)
            parts.add(entry(record.article, (), record.split, "records.jsonl", offset, len(line)))
            origin = record.article.origin
            articles[origin.file_name, origin.sha256 or None] += 1
    parts.flush()
    for name, sha256 in {**articles, **rejected}:
        key = (name, sha256)
        ledger.take(
            Input(file_name=name, bytes=sizes.get(name), sha256=sha256, articles=articles[key], rejected=rejected[key])
        )
    return Spooled(
        name=ONLY,
        parts=parts.names,
        files=len(articles),
        articles=articles.total(),
        rejected=rejected.total(),
    )


def _bounded(record: Record | Rejected) -> Record | Rejected:
    """The record, or the line of the ledger where its labels take more room than any article's may."""
    if isinstance(record, Rejected):
        return record
    refused = bounded(record.article, [record.labels], Limits())
    return record if refused is None else refused.rejected(record.article.origin, "label")


def _read(importer: Importer, path: Path, sizes: dict[str, int]) -> Iterator[Record | Rejected]:
    """What the importer gives. Notes the size of each file that something comes from."""
    above = path.resolve().parent
    try:
        for item in read(importer, path):
            name = (item.article.origin if isinstance(item, Record) else item.origin).file_name
            # a name that is no UTF-8 is written another way, and leads to no file
            if name not in sizes and (above / name).is_file():
                sizes[name] = (above / name).stat().st_size
            yield item
    except csv.Error as error:
        raise DataError(
            f"{path}: a table that breaks off: {error}; look for a quotation mark that never closes"
        ) from error


def _description(importer: Importer) -> str:
    """What the importer says about the corpus, its licence and what may be done with it."""
    page = " ".join(importer.page.split())
    ship = "may be passed on" if importer.may_ship else "is not to be passed on"
    return f"{page} Licence of the corpus: {importer.licence}. What is made of it {ship} on these terms."


@dataclass(slots=True)
class Imported:
    """What came of labels of articles that a release holds: the files written, what could not be read, what may be a
    slip, in the order in which it was met."""

    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def messages(self) -> list[Problem | Note]:
        """Problems and notes by file and line."""
        met: list[Problem | Note] = [*self.problems, *self.notes]
        return sorted(met, key=lambda each: (each.file, each.line or 0))


def import_annotations(
    name: str,
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    against: str | Path,
    annotator: Annotator,
    layers: Sequence[str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Imported:
    """Reads labels of articles of the release ``against`` with an importer, and writes an annotation file for each
    article into ``out``, where it replaces an earlier one of the same annotator. Only ``layers`` become annotated, by
    default those that the file says; ``options`` are the importer's own.

    What cannot be read is a problem of the outcome; the rest is written all the same. Labels that a program gave the
    release, and that come back unchanged as a person's, are noted, and taken only where the file, or the option
    ``approved``, says that somebody looked at them. UsageError for an unknown
    importer, one that reads no such labels, and a path that is not there; DataError where ``out`` cannot be written.
    """
    for layer in layers or ():
        if layer not in LAYERS:
            raise UsageError(plugins.unknown("layer", layer, list(LAYERS)))
    reads = annotations(name, options)
    asks = not says_submitted(name) and not approved((options or {}).get("approved"))
    require_paths(map(str, paths))
    machines: dict[tuple[str, int], str] = {}
    records = stored.records(against)
    if annotator.kind == "human":
        records = (_noted(record, machines) for record in records)
    articles = Articles.of(record.article for record in records)
    imported, seen, unread = Imported(), dict[str, str](), Counter[tuple[str, str]]()
    with written(out):
        folder = filing.Folder(Path(out), annotator)
    for item in (item for path in paths for item in reads(Path(path), articles)):
        if isinstance(item, Problem):
            imported.problems.append(item)
        elif isinstance(item, Note):
            imported.notes.append(item)
        else:
            item = _chosen(item, layers, imported)
            by = machines.get((item.article.id, _content(item.labels, item.article))) if machines else None
            if by is not None:
                unread[item.file, by] += 1
            if by is None or not asks:
                _file(item, folder, seen, imported)
    for (file, by), count in unread.items():
        of = "" if count == 1 else f" of {count:,} articles"
        message = f"every label{of} is that of {by}, a program"
        if asks:
            message += f": not taken; if {annotator.id} read the text and agrees, add --option approved=yes"
        imported.notes.append(Note(file, 1, message))
    return imported


def _chosen(given: Given, layers: Sequence[str] | None, imported: Imported) -> Given:
    """The labels of those layers that are to be annotated; what is left out, and what that leaves without a target, is
    noted."""
    wanted = given.layers if layers is None else layers
    gone = {layer: found for layer in LAYERS if layer not in wanted and (found := getattr(given.labels, layer))}
    labels = Labels(**{layer: getattr(given.labels, layer) if layer in wanted else None for layer in LAYERS})
    where = f"article {given.article.id}"
    for layer, found in gone.items():
        message = f"{where}: {len(found)} {layer} not taken; --layers names the layers that are"
        imported.notes.append(Note(given.file, 1, message))
    if "attributions" in gone:
        targets = {label.id for label in gone["attributions"]}
        links = sum(
            getattr(label, LINK[layer]) in targets for layer in wanted for label in getattr(labels, layer) or ()
        )
        if links:
            message = f"{where}: {links} claimers and holders are unresolved: attributions are not taken"
            imported.notes.append(Note(given.file, 1, message))
    return replace(given, labels=labels)


def _noted(record: Record, machines: dict[tuple[str, int], str]) -> Record:
    """Notes what programs said of an article."""
    for vote in record.votes:
        if vote.annotator.kind in ("rule", "model") and any(getattr(vote.labels, layer) for layer in LAYERS):
            machines[record.article.id, _content(vote.labels, record.article)] = vote.annotator.id
    return record


def _content(labels: Labels, article: Article) -> int:
    """What labels say, whoever gave them."""
    of = numbered(labels, article)
    return hash(
        tuple(
            replace(label, by="", scheme="", confidence=None) for layer in LAYERS for label in getattr(of, layer) or ()
        )
    )


def _file(given: Given, folder: filing.Folder, seen: dict[str, str], imported: Imported) -> None:
    """Writes the annotation file of an article, or notes why it is none."""
    first = seen.setdefault(given.article.id, given.file)
    value = filing.annotation(given.article, folder.annotator, given.labels)
    wrong = [Problem(file=given.file, path=p, found=f, expected=e) for p, f, e in filing.faults(value, given.article)]
    if first != given.file:
        found = f"labels of {given.article.id}, which {first} holds too"
        wrong = [Problem(file=given.file, path="article", found=found, expected="one file an article and annotator")]
    if not wrong:
        path = folder.path_of(given.article.id)
        if path is None:
            found = f"a file {folder.name_of(given.article.id)} in --out that is none of {folder.annotator.id!r}"
            wrong = [Problem(file=given.file, path="out", found=found, expected="that file elsewhere")]
        else:
            with written(folder.path):
                imported.files.append(folder.write(path, value))
    imported.problems += wrong
