"""Validation of what lies on disk: a release, annotation files, predictions, JSON Lines.

Conventions: problems are values, each with file, line or row, path, what was found and what was expected; a path that
is none of these things is a UsageError.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.schemas import check
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Problem
from allegedly.schemas.schema import errors, shortened

KNOWN = "a release, an annotation file or a folder of them, predictions (.jsonl, .csv, .parquet), or JSON Lines"
_SENTENCE_COLUMNS = ("task", "id", "label", "score")


def validate(path: str | Path) -> list[Problem]:
    """Every problem of a release, an annotation file, predictions or JSON Lines; an empty list where there is none.

    UsageError where the path is missing or is nothing that is known.
    """
    return list(problems(Path(path)))


def problems(path: Path) -> Iterator[Problem]:
    """The same, one by one: memory does not grow with the file."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise UsageError(f"{path}: no such file or folder; expected {KNOWN}")
    endings = {".jsonl": _lines, ".ndjson": _lines, ".json": _json, ".csv": _csv, ".parquet": _parquet}
    if path.suffix.lower() not in endings:
        raise UsageError(f"{path}: not a thing that can be validated; expected {KNOWN}")
    return endings[path.suffix.lower()](path)


def _folder(path: Path) -> Iterator[Problem]:
    if (path / "manifest.json").is_file():
        from allegedly.schemas.validate_release import release

        return release(path)
    files = sorted(path.glob("*.json"))
    if not files or not all(_is_annotation(file) for file in files):
        raise UsageError(f"{path}: a folder with neither manifest.json nor annotation files; expected {KNOWN}")
    return (problem for file in files for problem in _json(file))


def _is_annotation(file: Path) -> bool:
    value, _ = _parsed(file.read_bytes())
    return isinstance(value, dict) and "annotator" in value


def _parsed(data: bytes) -> tuple[Any, str | None]:
    """A JSON value, or None and what is wrong with it."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant), None
    except UnicodeDecodeError as error:
        return None, f"bytes that are no UTF-8 at {error.start}"
    except RecursionError:
        return None, "JSON nested too deeply"
    except ValueError as error:
        return None, f"broken JSON: {error}"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _json(path: Path) -> Iterator[Problem]:
    value, broken = _parsed(path.read_bytes())
    if broken:
        yield Problem(file=str(path), found=broken, expected="a JSON document")
    elif isinstance(value, dict) and "annotator" in value:
        yield from _problems(path, None, check.annotation(value))
    elif isinstance(value, dict) and "article" in value:
        yield from _problems(path, None, check.record(value))
    elif isinstance(value, dict) and "content_sha256" in value:
        yield from _problems(path, None, (check.Finding(*error) for error in errors("manifest", value)))
    else:
        yield Problem(
            file=str(path), found=shortened(value), expected=f"an annotation file or an article; in all, {KNOWN}"
        )


def _lines(path: Path) -> Iterator[Problem]:
    seen: dict[Any, int] = {}
    count = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            count += 1
            value, broken = _parsed(line)
            if broken:
                yield Problem(file=str(path), line=number, found=broken, expected="one JSON object a line")
                continue
            yield from _problems(path, number, _line(value))
            key = _key(value)
            if key is not None and key in seen:
                found = f"a second answer for {key[-1]}, first on line {seen[key]}"
                yield Problem(file=str(path), line=number, found=found, expected="one line for each")
            seen.setdefault(key, number)
    if not count:
        yield Problem(file=str(path), found="no lines", expected="one JSON object a line")


def _line(value: Any) -> Iterator[check.Finding]:
    if not isinstance(value, dict):
        return iter([check.Finding("", shortened(value), "a JSON object")])
    if "article" in value:
        return check.record(value)
    if "task" in value:
        return (check.Finding(*error) for error in errors("sentence_prediction", value))
    if "rule" in value and "stage" in value:
        return (check.Finding(*error) for error in errors("rejected", value))
    return iter(
        [check.Finding("", f"keys {', '.join(sorted(value)) or 'none'}", "an object with article, or with task and id")]
    )


def _key(value: Any) -> tuple | None:
    """What a line answers for, so that two answers are found."""
    if not isinstance(value, dict):
        return None
    if "task" in value:
        return ("sentence", value["task"], value.get("id")) if isinstance(value.get("id"), str) else None
    article = value.get("article")
    if not isinstance(article, dict):
        return None
    # exact copies print the same bare id, each from a file of its own
    origin = article.get("origin")
    where = (origin.get("file_name"), origin.get("record")) if isinstance(origin, dict) else ()
    name = article.get("id") or article.get("source_id")
    return ("article", *map(str, where), name) if isinstance(name, str) else None


def _csv(path: Path) -> Iterator[Problem]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.DictReader(file)
        if not set(reader.fieldnames or ()) >= {"task", "id"}:
            found = f"columns {', '.join(reader.fieldnames or ()) or 'none'}"
            yield Problem(file=str(path), line=1, found=found, expected="columns task, id, label, score")
            return
        for row in reader:
            yield from _problems(path, reader.line_num, _row(row))


def _row(row: dict[str, Any]) -> Iterator[check.Finding]:
    value: dict[str, Any] = {name: row[name] or None for name in _SENTENCE_COLUMNS if name in row}
    if value.get("score") is not None:
        try:
            value["score"] = float(value["score"])
        except ValueError:
            return iter([check.Finding("/score", shortened(value["score"]), "a number from 0 to 1")])
        if value["score"] != value["score"]:
            return iter([check.Finding("/score", "NaN", "a number from 0 to 1")])
    return (check.Finding(*error) for error in errors("sentence_prediction", value))


def _parquet(path: Path) -> Iterator[Problem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        yield Problem(file=str(path), found=f"no Parquet: {error}", expected="a Parquet file of predictions")
        return
    names = set(file.schema_arrow.names)
    if not names >= {"task", "id"}:
        yield Problem(
            file=str(path), found=f"columns {', '.join(sorted(names))}", expected="columns task, id, label, score"
        )
        return
    number = 0
    for batch in file.iter_batches(columns=[name for name in _SENTENCE_COLUMNS if name in names]):
        for row in batch.to_pylist():
            yield from _problems(path, number, _row(row))
            number += 1


def _problems(path: Path, line: int | None, findings: Iterator[check.Finding]) -> Iterator[Problem]:
    for finding in findings:
        yield Problem(file=str(path), line=line, path=finding.path, found=finding.found, expected=finding.expected)
