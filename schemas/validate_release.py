"""Validation of a release: its files against its manifest, its tables against each other.

Conventions: the config ``articles`` holds everything that the other tables show, so each of their rows is made again
from it and compared. Rows are read in order, one article at a time: memory does not grow with the release.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from allegedly.schemas import arrow, card, check
from allegedly.schemas.arrow import Row
from allegedly.schemas.manifest import Manifest, Output
from allegedly.schemas.opening import Unsound, checked, regular
from allegedly.schemas.own_files import is_folder
from allegedly.schemas.prediction_files import parsed
from allegedly.schemas.records import LAYERS, Problem
from allegedly.schemas.schema import errors, shortened
from allegedly.schemas.stored import (
    LEDGER,
    MANIFEST,
    MOST_LINE,
    MOST_MANIFEST,
    ByArticle,
    Content,
    Release,
    manifest_faults,
    record_of,
)

DERIVED = tuple(config for config in arrow.CONFIGS if config not in ("articles", "votes"))
#: Makes a problem of a path, what was found and what was expected, in a row that is known.
Problems = Callable[[str, str, str], Problem]


def release(path: Path) -> Iterator[Problem]:
    """Every problem of a release."""
    file = path / MANIFEST
    try:
        with regular(path, MANIFEST) as stream:
            value, broken = parsed(stream.read(MOST_MANIFEST))
    except Unsound as error:
        yield Problem(file=str(file), found=error.found, expected=error.expected)
        return
    if broken is not None:
        yield Problem(file=str(file), found=broken, expected="a manifest")
        return
    faults = [Problem(file=str(file), path=p, found=f, expected=e) for p, f, e in manifest_faults(value)]
    yield from faults
    if faults:
        return
    manifest = Manifest.from_json(value)
    damaged = list(chain(_files(path, manifest), _tables(path, manifest)))
    yield from damaged
    yield from _ledger(path, manifest)
    yield from card.problems(path, manifest)
    if not damaged:
        yield from _Rows(path, manifest).problems()


def _files(path: Path, manifest: Manifest) -> Iterator[Problem]:
    """Files that are missing, altered, or in no manifest."""
    for output in manifest.outputs:
        try:
            checked(path, output).close()
        except Unsound as error:
            yield Problem(file=str(error.file), found=error.found, expected=error.expected)
    listed = {output["path"] for output in manifest.outputs}
    for here, folders, files in os.walk(path / "data"):
        for entry in sorted(Path(here, name) for name in (*folders, *files)):
            if not is_folder(entry) and entry.relative_to(path).as_posix() not in listed:
                yield Problem(file=str(entry), found="a file that manifest.json does not list", expected="no such file")


def _tables(path: Path, manifest: Manifest) -> Iterator[Problem]:
    """Parquet files that cannot be read, have other columns or other counts."""
    opened = Release(path, manifest)
    for config in arrow.CONFIGS:
        for split in arrow.SPLITS:
            rows = 0
            for output in opened.tables(config, split):
                problem, count = _table(opened, output)
                rows += count
                if problem is not None:
                    yield problem
            counted = manifest.counts.get(config, {}).get(split, 0)
            if rows != counted:
                name = f"{path / 'data' / config}/{split}-*"
                yield Problem(file=name, found=f"{rows} rows", expected=f"{counted} rows, as manifest.json counts")


def _table(opened: Release, output: Output) -> tuple[Problem | None, int]:
    """What is wrong with a Parquet file, and how many rows it has; 0 where it cannot be read."""
    try:
        table = opened.looked_through(output)
        if table.former:
            file, by = str(opened.folder / output["path"]), opened.manifest.allegedly
            expected = f"those of this version; build it anew, or validate it with allegedly {by}"
            return Problem(file=file, found=f"the columns of allegedly {by}", expected=expected), table.rows
        return None, table.rows
    except Unsound as error:
        file = str(opened.folder / output["path"])
        return Problem(file=file, found=error.found, expected=error.expected), 0


def _ledger(path: Path, manifest: Manifest) -> Iterator[Problem]:
    try:
        with Release(path, manifest).opened(LEDGER) as file:
            for number, line in enumerate(iter(partial(file.readline, MOST_LINE), b""), 1):
                value, broken = parsed(line)
                faults = errors("rejected", value) if broken is None else [("", broken, "a line of the ledger")]
                for where, found, expected in faults:
                    yield Problem(file=str(path / LEDGER), line=number, path=where, found=found, expected=expected)
    except Unsound:
        return  # told with the other files


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

    def _split(self, split: str) -> Iterator[Problem]:
        opened = Release(self.path, self.manifest)
        tables = {config: ByArticle(opened.rows(config, split)) for config in (*DERIVED, "votes")}
        before = ""
        for number, row in enumerate(opened.rows("articles", split)):
            problem = partial(_problem, f"{self.path / 'data' / 'articles'}/{split}-*", number)
            yield from self._place(row, split, before, problem)
            before = max(before, row["id"] or "")
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
        if name is None or group is None:
            yield problem("/id" if name is None else "/group", "null", "a string")
            return
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
    findings = list(check.row(row))
    yield from (problem(*finding) for finding in findings)
    if findings:
        return
    expected = arrow.rows(record_of(row, stored["sentences"]))
    for config in DERIVED:
        yield from _compared(config, stored[config], expected[config], problem)
    yield from _votes(stored["votes"], row, annotators, problem)


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


def _votes(rows: Iterable[Row], article: Row, annotators: set[str], problem: Problems) -> Iterator[Problem]:
    voted: dict[str, set[str]] = {layer: set() for layer in LAYERS}
    for number, row in enumerate(rows):
        layer = row["layer"]
        if layer not in voted:
            yield problem(f"/votes/{number}/layer", shortened(layer), f"one of {', '.join(LAYERS)}")
            continue
        voted[layer].add(str(row["by"]))
        if row["by"] not in annotators:
            yield problem(f"/votes/{number}/by", str(row["by"]), "an annotator that manifest.json lists")
        yield from _vote(row, article, partial(_inside, problem, f"/votes/{number}/labels"))
    for layer in LAYERS:
        if voted[layer]:
            yield from _winners(layer, article[layer], voted[layer], problem)


def _vote(row: Row, article: Row, problem: Problems) -> Iterator[Problem]:
    """Labels of one annotator that are none, or not of this text."""
    labels, broken = parsed(str(row["labels"]).encode("utf-8", "surrogatepass"))
    if broken or not isinstance(labels, list):
        yield problem("", broken or shortened(row["labels"]), "a JSON array of labels")
        return
    markup = [(span["start"], span["end"]) for span in article["markup"]]
    for path, found, expected in check.vote({row["layer"]: labels}, article["text"], markup):
        yield problem(path.removeprefix(f"/{row['layer']}"), found, expected)


def _inside(problem: Problems, where: str, path: str, found: str, expected: str) -> Problem:
    """A problem in what stands at a path."""
    return problem(f"{where}{path}", found, expected)


def _winners(layer: str, labels: Sequence[Row] | None, voted: set[str], problem: Problems) -> Iterator[Problem]:
    """Labels of a layer that has votes, but by none of those who voted."""
    if labels is None:
        yield problem(f"/{layer}", "null", "labels, since there are votes on the layer")
    for number, label in enumerate(labels or ()):
        if label["by"] not in voted:
            expected = f"an annotator that voted on the layer: {', '.join(sorted(voted))}"
            yield problem(f"/{layer}/{number}/by", label["by"], expected)
