"""Validation of a release: its files against its manifest, its tables against each other.

Conventions: the config ``articles`` holds everything that the other tables show, so each of their rows is made again
from it and compared. Rows are read in order, one article at a time: memory does not grow with the release.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from allegedly.schemas import arrow, check, derive
from allegedly.schemas.records import LABELS, LAYERS, Problem, Record, Sentence
from allegedly.schemas.schema import errors, shortened
from allegedly.schemas.stored import Content

DERIVED = tuple(config for config in arrow.CONFIGS if config not in ("articles", "votes"))


def release(path: Path) -> Iterator[Problem]:
    """Every problem of a release."""
    file = path / "manifest.json"
    try:
        manifest = json.loads(file.read_bytes())
    except ValueError as error:
        yield Problem(file=str(file), found=f"broken JSON: {error}", expected="a manifest")
        return
    broken = [Problem(file=str(file), path=p, found=f, expected=e) for p, f, e in errors("manifest", manifest)]
    yield from broken
    if broken:
        return
    damaged = list(chain(_files(path, manifest), _tables(path, manifest)))
    yield from damaged
    yield from _ledger(path, manifest)
    if not damaged:
        yield from _rows(path, manifest)


def _files(path: Path, manifest: dict) -> Iterator[Problem]:
    """Files that are missing, altered, or in no manifest."""
    listed = {output["path"] for output in manifest["outputs"]}
    for output in manifest["outputs"]:
        file = path / output["path"]
        if not file.is_file():
            yield Problem(file=str(file), found="no file", expected="the file that manifest.json lists")
            continue
        if file.stat().st_size != output["bytes"]:
            yield Problem(file=str(file), found=f"{file.stat().st_size} bytes", expected=f"{output['bytes']} bytes")
            continue
        with file.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        if digest != output["sha256"]:
            yield Problem(file=str(file), found=f"sha256 {digest}", expected=f"sha256 {output['sha256']}")
    for file in sorted((path / "data").rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and name not in listed:
            yield Problem(file=str(file), found="a file that manifest.json does not list", expected="no such file")


def shards(manifest: dict, config: str, split: str) -> list[str]:
    """Paths of the Parquet files of a config and split, in order."""
    start = f"data/{config}/{split}-"
    return sorted(output["path"] for output in manifest["outputs"] if output["path"].startswith(start))


def _tables(path: Path, manifest: dict) -> Iterator[Problem]:
    """Parquet files that cannot be read, have other columns or other counts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for config in arrow.CONFIGS:
        expected = arrow.arrow_schema(config)
        for split in arrow.SPLITS:
            rows = 0
            for name in shards(manifest, config, split):
                try:
                    found = pq.read_schema(path / name)
                    rows += pq.read_metadata(path / name).num_rows
                except (pa.ArrowException, OSError) as error:
                    yield Problem(file=str(path / name), found=f"no Parquet: {error}", expected="a Parquet file")
                    continue
                if not found.equals(expected):
                    differ = [f"{f.name}: {f.type}" for f in found if f not in list(expected)]
                    yield Problem(file=str(path / name), found=f"columns {differ}", expected=f"the columns of {config}")
            counted = manifest["counts"].get(config, {}).get(split, 0)
            if rows != counted:
                where = f"{path / 'data' / config}/{split}-*"
                yield Problem(file=where, found=f"{rows} rows", expected=f"{counted} rows, as manifest.json counts")


def _ledger(path: Path, manifest: dict) -> Iterator[Problem]:
    file = path / "rejected.jsonl"
    if not file.is_file():
        return
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            found: Iterable[tuple[str, str, str]] = errors("rejected", json.loads(line))
        except ValueError as error:
            found = [("", f"broken JSON: {error}", "a line of the ledger")]
        for where, what, expected in found:
            yield Problem(file=str(file), line=number, path=where, found=what, expected=expected)


def table(path: Path, manifest: dict, config: str, split: str) -> Iterator[dict[str, Any]]:
    """Rows of a config and split, as they are stored."""
    import pyarrow.parquet as pq

    for name in shards(manifest, config, split):
        with pq.ParquetFile(path / name) as file:
            for batch in file.iter_batches(batch_size=256):
                yield from batch.to_pylist()


def _rows(path: Path, manifest: dict) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    groups: dict[str, str] = {}
    annotators = {annotator["id"] for annotator in manifest["annotators"]}
    content, whole = Content(), True
    for split in arrow.SPLITS:
        tables = {c: _Grouped(table(path, manifest, c, split)) for c in (*DERIVED, "votes")}
        before = ""
        for number, row in enumerate(table(path, manifest, "articles", split)):
            name = row["id"]
            file = f"{path / 'data' / 'articles'}/{split}-*"

            def problem(where: str, found: str, expected: str, file=file, number=number) -> Problem:
                return Problem(file=file, line=number, path=where, found=found, expected=expected)

            if name in seen:
                yield problem("/id", name, f"an id that stands once; it is in {seen[name]} too")
            if name <= before:
                yield problem("/id", name, f"an id after {before}: rows are sorted by it")
            before = max(before, name)
            seen[name] = split
            if groups.setdefault(row["group"], split) != split:
                yield problem("/group", row["group"], f"a group in one split; it is in {groups[row['group']]} too")
            stored = {config: grouped.of(name) for config, grouped in tables.items()}
            yield from _article(row, stored, annotators, problem)
            broken = list(_hashed(content, split, {"articles": [row], **stored}, problem))
            whole = whole and not broken
            yield from broken
        for config, grouped in tables.items():
            for name in grouped.left():
                whole = False
                where = f"{path / 'data' / config}/{split}-*"
                yield Problem(
                    file=where, path="/article_id", found=name, expected=f"an article of the split {split}, in order"
                )
    # where some rows could not be hashed, that has been told
    if whole:
        yield from _content(path, manifest, content.sha256())


def _hashed(content: Content, split: str, tables: dict[str, list[dict]], problem) -> Iterator[Problem]:
    """Adds the rows of an article to the hash of all."""
    for config, found in tables.items():
        try:
            content.add(config, split, found)
        except ValueError:
            yield problem(f"/{config}", "a number that is not finite", "numbers; null where there is none")


def _content(path: Path, manifest: dict, sha256: str) -> Iterator[Problem]:
    if manifest["content_sha256"] != sha256:
        what = "the hash of the rows in data/; build the release again, or fetch it again from where it came"
        yield Problem(
            file=str(path / "manifest.json"),
            path="/content_sha256",
            found=manifest["content_sha256"],
            expected=f"{sha256}, {what}",
        )


class _Grouped:
    """Rows of a table in the order of its articles, taken one article at a time."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self.rows = rows
        self.next = next(rows, None)

    def of(self, article_id: str) -> list[dict[str, Any]]:
        found = []
        while self.next is not None and self.next["article_id"] == article_id:
            found.append(self.next)
            self.next = next(self.rows, None)
        return found

    def left(self) -> Iterator[str]:
        if self.next is not None:
            yield self.next["article_id"]


def _article(row: dict, stored: dict[str, list[dict]], annotators: set[str], problem) -> Iterator[Problem]:
    value = {key: item for key, item in row.items() if key not in (*LAYERS, "group")}
    labels = {layer: row[layer] for layer in LAYERS}
    findings = list(check.article(value))
    for layer, kind in (("claims", "claim"), ("speculations", "speculation"), ("attributions", "attribution")):
        for at, label in enumerate(labels[layer] or ()):
            findings += [check.Finding(f"/{layer}/{at}{p}", f, e) for p, f, e in errors(kind, label)]
    if not findings:
        markup = [(span["start"], span["end"]) for span in value["markup"]]
        findings = list(check.labels(labels, value["text"], markup=markup, blocks=value["blocks"]))
    yield from (problem(*finding) for finding in findings)
    if findings:
        return
    article, read, group = arrow.article_of(row)
    scored = [Sentence(start=s["start"], scores=s["scores"]) for s in stored["sentences"]]
    sentences = derive.with_scores(derive.sentence_classes(article, read), scored)
    expected = arrow.rows(Record(article=article, labels=read, sentences=sentences, group=group))
    for config in DERIVED:
        yield from _compared(config, stored[config], expected[config], problem)
    yield from _votes(stored["votes"], labels, annotators, problem)


def _compared(config: str, found: list[dict], expected: list[dict], problem) -> Iterator[Problem]:
    if len(found) != len(expected):
        yield problem(f"/{config}", f"{len(found)} rows", f"{len(expected)} rows, which follow from the article")
        return
    for at, (here, there) in enumerate(zip(found, expected, strict=True)):
        for column, value in there.items():
            if here[column] != value:
                where = f"/{config}/{at}/{column}"
                yield problem(where, shortened(here[column]), f"{shortened(value)}, which follows from the article")


def _votes(found: list[dict], labels: dict[str, Any], annotators: set[str], problem) -> Iterator[Problem]:
    voted: dict[str, set[str]] = {layer: set() for layer in LAYERS}
    names = arrow.class_names("votes", "layer")
    for at, row in enumerate(found):
        layer = names[row["layer"]] if row["layer"] is not None and 0 <= row["layer"] < len(names) else None
        if layer is None:
            yield problem(f"/votes/{at}/layer", str(row["layer"]), f"a class id of {', '.join(names)}")
            continue
        voted[layer].add(row["by"])
        if row["by"] not in annotators:
            yield problem(f"/votes/{at}/by", row["by"], "an annotator that manifest.json lists")
        try:
            for label in json.loads(row["labels"]):
                LABELS[layer].from_json(label)
        except (ValueError, TypeError, KeyError, AttributeError):
            yield problem(f"/votes/{at}/labels", shortened(row["labels"]), "a JSON array of labels")
    for layer in LAYERS:
        if labels[layer] is not None and voted[layer]:
            for at, label in enumerate(labels[layer]):
                if label["by"] not in voted[layer]:
                    expected = f"an annotator that voted on the layer: {', '.join(sorted(voted[layer]))}"
                    yield problem(f"/{layer}/{at}/by", label["by"], expected)
        if labels[layer] is None and voted[layer]:
            yield problem(f"/{layer}", "null", "labels, since there are votes on the layer")
