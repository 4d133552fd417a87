"""Validation of what lies on disk: a release, annotation files, predictions, JSON Lines.

Conventions: problems are values, each with file, line or row, path, what was found and what was expected; a path that
is none of these things is a UsageError.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.schemas import check, prediction_files
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import elsewhere, files_below
from allegedly.schemas.prediction_files import parsed
from allegedly.schemas.records import LAYERS, Problem
from allegedly.schemas.schema import errors, shortened

KNOWN = "a release, an annotation file or a folder of them, predictions (.jsonl, .csv, .tsv, .parquet), a sample, or JSON Lines"


def validate(path: str | Path) -> list[Problem]:
    """Every problem of a release, an annotation file, predictions or JSON Lines; an empty list where there is none.

    UsageError where the path is missing or is nothing that is known.

    >>> validate("dataset")
    []
    """
    return list(problems(Path(path)))


def problems(path: Path) -> Iterator[Problem]:
    """The same, one by one: memory does not grow with the file."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        hint = elsewhere(str(path))
        raise UsageError(f"{path}: no such file or folder; expected {KNOWN}{f' ({hint})' if hint else ''}")
    if path.suffix.lower() == ".json" and not prediction_files.holds_lines(path):
        return _json(path)
    try:
        lines = prediction_files.lines(path)
    except UsageError:
        raise UsageError(f"{path}: not a thing that can be validated; expected {KNOWN}") from None
    return _lines(path, lines)


def _folder(path: Path) -> Iterator[Problem]:
    if os.path.lexists(path / "manifest.json"):
        from allegedly.schemas.validate_release import release

        return release(path)
    files = files_below(path, "*.json")
    if not files or not all(_is_annotation(file) for file in files):
        raise UsageError(f"{path}: a folder with neither manifest.json nor annotation files; expected {KNOWN}")
    return (problem for file in files for problem in _json(file))


def _is_annotation(file: Path) -> bool:
    value, _ = parsed(file.read_bytes())
    return isinstance(value, dict) and "annotator" in value


def _json(path: Path) -> Iterator[Problem]:
    value, broken = parsed(path.read_bytes())
    if broken:
        yield Problem(file=str(path), found=broken, expected="a JSON document")
    elif isinstance(value, list) or prediction_files.is_table(value):
        yield from _lines(path, prediction_files.lines(path))
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


def _lines(path: Path, lines: Iterator[prediction_files.Line]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    empty = True
    for number, value, fault in lines:
        empty = False
        if fault is not None:
            yield from _problems(path, number, iter([fault]))
            continue
        yield from _problems(path, number, _line(value))
        for key in _keys(value):
            if first.setdefault(key, number or 0) != (number or 0):
                found = f"a second answer for {', '.join(key[1:])}, first on line {first[key]}"
                yield Problem(file=str(path), line=number, found=found, expected="one line for each")
                break
    if empty:
        yield Problem(file=str(path), found="no lines", expected="a line for each answer")


def _line(value: Any) -> Iterator[check.Finding]:
    if not isinstance(value, dict):
        return iter([check.Finding("", shortened(value), "a JSON object")])
    if "article" in value:
        return check.record(value)
    if "task" in value:
        return check.sentence_prediction(value)
    if "article_id" in value and "probability" in value:
        return (check.Finding(*error) for error in errors("sample", value))
    if "rule" in value and "stage" in value:
        return (check.Finding(*error) for error in errors("rejected", value))
    return iter(
        [check.Finding("", f"keys {', '.join(sorted(value)) or 'none'}", "an object with article, or with task and id")]
    )


def _keys(value: Any) -> Iterator[tuple[str, ...]]:
    """What a line answers for, so that two answers are found: a sentence in a task, a layer or sentence of an article."""
    if not isinstance(value, dict):
        return
    if "article" not in value:
        if "probability" in value and isinstance(value.get("article_id"), str):
            yield ("the draw of", str(value.get("sentence_id") or value["article_id"]))
        if isinstance(value.get("task"), str) and isinstance(value.get("id"), str):
            yield ("sentence", value["task"], value["id"])
        return
    article = value["article"] if isinstance(value["article"], dict) else {}
    name = article.get("id") or article.get("source_id")
    if not isinstance(name, str):
        return
    # exact copies print the same bare id, each from a file of its own
    origin = article.get("origin")
    kind = f"article {origin.get('file_name')} {origin.get('record')}" if isinstance(origin, dict) else "article"
    labels = value.get("labels")
    for layer in LAYERS:
        if isinstance(labels, dict) and labels.get(layer) is not None:
            yield (kind, name, layer)
    sentences = value.get("sentences")
    for sentence in sentences if isinstance(sentences, list) else ():
        if isinstance(sentence, dict):
            yield (kind, name, f"the sentence at {sentence.get('start')}")


def _problems(path: Path, line: int | None, findings: Iterator[check.Finding]) -> Iterator[Problem]:
    for finding in findings:
        yield Problem(file=str(path), line=line, path=finding.path, found=finding.found, expected=finding.expected)
