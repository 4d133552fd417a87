"""Validation of a release: its files against its manifest, its tables against each other.

Conventions: the config ``articles`` holds everything that the other tables show, so each of their rows is made again
from it and compared. Rows are read in order, one article at a time: memory does not grow with the release.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from allegedly.schemas import arrow, check
from allegedly.schemas.arrow import Row
from allegedly.schemas.hashes import file_sha256
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.prediction_files import parsed
from allegedly.schemas.records import LABELS, LAYERS, Problem
from allegedly.schemas.schema import errors, shortened
from allegedly.schemas.stored import ByArticle, Content, record_of, rows_of, shards_of

DERIVED = tuple(config for config in arrow.CONFIGS if config not in ("articles", "votes"))
#: Makes a problem of a path, what was found and what was expected, in a row that is known.
Problems = Callable[[str, str, str], Problem]


def release(path: Path) -> Iterator[Problem]:
    """Every problem of a release."""
    file = path / "manifest.json"
    value, broken = parsed(file.read_bytes())
    if broken is not None:
        yield Problem(file=str(file), found=broken, expected="a manifest")
        return
    faults = [Problem(file=str(file), path=p, found=f, expected=e) for p, f, e in errors("manifest", value)]
    yield from faults
    if faults:
        return
    manifest = Manifest.from_json(value)
    damaged = list(chain(_files(path, manifest), _tables(path, manifest)))
    yield from damaged
    yield from _ledger(path)
    if not damaged:
        yield from _Rows(path, manifest).problems()


def _files(path: Path, manifest: Manifest) -> Iterator[Problem]:
    """Files that are missing, altered, or in no manifest."""
    listed = {output["path"] for output in manifest.outputs}
    for output in manifest.outputs:
        file = path / output["path"]
        if not file.is_file():
            yield Problem(file=str(file), found="no file", expected="the file that manifest.json lists")
            continue
        if file.stat().st_size != output["bytes"]:
            yield Problem(file=str(file), found=f"{file.stat().st_size} bytes", expected=f"{output['bytes']} bytes")
            continue
        digest = file_sha256(file)
        if digest != output["sha256"]:
            yield Problem(file=str(file), found=f"sha256 {digest}", expected=f"sha256 {output['sha256']}")
    for file in sorted((path / "data").rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and name not in listed:
            yield Problem(file=str(file), found="a file that manifest.json does not list", expected="no such file")


def _tables(path: Path, manifest: Manifest) -> Iterator[Problem]:
    """Parquet files that cannot be read, have other columns or other counts."""
    for config in arrow.CONFIGS:
        for split in arrow.SPLITS:
            rows = 0
            for file in shards_of(path, manifest, config, split):
                problem, count = _table(file, config)
                rows += count
                if problem is not None:
                    yield problem
            counted = manifest.counts.get(config, {}).get(split, 0)
            if rows != counted:
                table = f"{path / 'data' / config}/{split}-*"
                yield Problem(file=table, found=f"{rows} rows", expected=f"{counted} rows, as manifest.json counts")


def _table(file: Path, config: str) -> tuple[Problem | None, int]:
    """What is wrong with a Parquet file, and how many rows it has; 0 where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    expected = arrow.arrow_schema(config)
    try:
        columns, rows = pq.read_schema(file), pq.read_metadata(file).num_rows
    except (pa.ArrowException, OSError) as error:
        return Problem(file=str(file), found=f"no Parquet: {error}", expected="a Parquet file"), 0
    if columns.equals(expected):
        return None, rows
    differ = [f"{column.name}: {column.type}" for column in columns if column not in list(expected)]
    return Problem(file=str(file), found=f"columns {differ}", expected=f"the columns of {config}"), rows


def _ledger(path: Path) -> Iterator[Problem]:
    file = path / "rejected.jsonl"
    if not file.is_file():
        return
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        value, broken = parsed(line)
        faults = errors("rejected", value) if broken is None else [("", broken, "a line of the ledger")]
        for where, found, expected in faults:
            yield Problem(file=str(file), line=number, path=where, found=found, expected=expected)


@dataclass(slots=True)
class _Rows:
    """The rows of all tables, compared as they pass by: what is known of the articles before."""

    path: Path
    manifest: Manifest
    splits: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    content: Content = field(default_factory=Content)
    hashed: bool = True

    def problems(self) -> Iterator[Problem]:
        """Problems of all splits; the hash of all rows at the end, where every row could be hashed."""
        for split in arrow.SPLITS:
            yield from self._split(split)
        if self.hashed and self.content.sha256() != self.manifest.content_sha256:
            what = "the hash of the rows in data/; build the release again, or fetch it again from where it came"
            yield Problem(
                file=str(self.path / "manifest.json"),
                path="/content_sha256",
                found=self.manifest.content_sha256,
                expected=f"{self.content.sha256()}, {what}",
            )

    def _table(self, config: str, split: str) -> Iterator[Row]:
        return rows_of(shards_of(self.path, self.manifest, config, split))

    def _split(self, split: str) -> Iterator[Problem]:
        tables = {config: ByArticle(self._table(config, split)) for config in (*DERIVED, "votes")}
        before = ""
        for number, row in enumerate(self._table("articles", split)):
            problem = partial(_problem, f"{self.path / 'data' / 'articles'}/{split}-*", number)
            yield from self._place(row, split, before, problem)
            before = max(before, row["id"])
            stored = {config: table.of(row["id"]) for config, table in tables.items()}
            yield from _article(row, stored, {annotator["id"] for annotator in self.manifest.annotators}, problem)
            yield from self._hash(split, {"articles": [row], **stored}, problem)
        for config, table in tables.items():
            name = table.left()
            if name is not None:
                self.hashed = False
                file, expected = (
                    f"{self.path / 'data' / config}/{split}-*",
                    f"an article of the split {split}, in order",
                )
                yield Problem(file=file, path="/article_id", found=name, expected=expected)

    def _place(self, row: Row, split: str, before: str, problem: Problems) -> Iterator[Problem]:
        """Whether an article stands once, in order, in the split of its group."""
        name, group = row["id"], row["group"]
        if name in self.splits:
            yield problem("/id", name, f"an id that stands once; it is in {self.splits[name]} too")
        if name <= before:
            yield problem("/id", name, f"an id after {before}: rows are sorted by it")
        self.splits[name] = split
        if self.groups.setdefault(group, split) != split:
            yield problem("/group", group, f"a group in one split; it is in {self.groups[group]} too")

    def _hash(self, split: str, tables: Mapping[str, list[Row]], problem: Problems) -> Iterator[Problem]:
        """Adds the rows of an article to the hash of all."""
        for config, rows in tables.items():
            try:
                self.content.add(config, split, rows)
            except ValueError:
                self.hashed = False
                yield problem(f"/{config}", "a number that is not finite", "numbers; null where there is none")


def _problem(file: str, number: int, path: str, found: str, expected: str) -> Problem:
    return Problem(file=file, line=number, path=path, found=found, expected=expected)


def _article(row: Row, stored: Mapping[str, list[Row]], annotators: set[str], problem: Problems) -> Iterator[Problem]:
    labels = {layer: row[layer] for layer in LAYERS}
    findings = list(_findings({name: row[name] for name in row if name not in (*LAYERS, "group")}, labels))
    yield from (problem(*finding) for finding in findings)
    if findings:
        return
    expected = arrow.rows(record_of(row, stored["sentences"]))
    for config in DERIVED:
        yield from _compared(config, stored[config], expected[config], problem)
    yield from _votes(stored["votes"], labels, annotators, problem)


def _findings(article: Row, labels: Row) -> Iterator[check.Finding]:
    """What is wrong with an article and its labels by themselves."""
    broken = list(check.article(article))
    for layer, kind in (("claims", "claim"), ("speculations", "speculation"), ("attributions", "attribution")):
        for number, label in enumerate(labels[layer] or ()):
            broken += [check.Finding(f"/{layer}/{number}{p}", f, e) for p, f, e in errors(kind, label)]
    yield from broken
    if not broken:
        markup = [(span["start"], span["end"]) for span in article["markup"]]
        yield from check.labels(labels, article["text"], markup=markup, blocks=article["blocks"])


def _compared(config: str, rows: Sequence[Row], expected: Sequence[Row], problem: Problems) -> Iterator[Problem]:
    if len(rows) != len(expected):
        yield problem(f"/{config}", f"{len(rows)} rows", f"{len(expected)} rows, which follow from the article")
        return
    for number, (row, right) in enumerate(zip(rows, expected, strict=True)):
        if row == right:
            continue
        for column, follows in right.items():
            if row[column] != follows:
                where = f"/{config}/{number}/{column}"
                yield problem(where, shortened(row[column]), f"{shortened(follows)}, which follows from the article")


def _votes(rows: Iterable[Row], labels: Row, annotators: set[str], problem: Problems) -> Iterator[Problem]:
    voted: dict[str, set[str]] = {layer: set() for layer in LAYERS}
    for number, row in enumerate(rows):
        layer = row["layer"]
        if layer not in voted:
            yield problem(f"/votes/{number}/layer", shortened(layer), f"one of {', '.join(LAYERS)}")
            continue
        voted[layer].add(row["by"])
        if row["by"] not in annotators:
            yield problem(f"/votes/{number}/by", row["by"], "an annotator that manifest.json lists")
        if not _are_labels(layer, row["labels"]):
            yield problem(f"/votes/{number}/labels", shortened(row["labels"]), "a JSON array of labels")
    for layer in LAYERS:
        if voted[layer]:
            yield from _winners(layer, labels[layer], voted[layer], problem)


def _are_labels(layer: str, text: str) -> bool:
    """Whether a text is a JSON array of labels of a layer."""
    try:
        for label in json.loads(text):
            LABELS[layer].from_json(label)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
    return True


def _winners(layer: str, labels: Sequence[Row] | None, voted: set[str], problem: Problems) -> Iterator[Problem]:
    """Labels of a layer that has votes, but by none of those who voted."""
    if labels is None:
        yield problem(f"/{layer}", "null", "labels, since there are votes on the layer")
    for number, label in enumerate(labels or ()):
        if label["by"] not in voted:
            expected = f"an annotator that voted on the layer: {', '.join(sorted(voted))}"
            yield problem(f"/{layer}/{number}/by", label["by"], expected)
