"""JSON Lines of this project: an article with its labels a line, as `allegedly label` and `allegedly export jsonl` print them.

Gives annotation files: `allegedly import jsonl FILES|FOLDERS --against RELEASE --by WHO --out DIR`. Of a folder all files
`*.jsonl` below it are read. A line needs no more than the id of its article (or its source id, or its text) and labels; a
part may be offsets or words, ``{"text": "...", "nth": 0}``. A text, and the text of a label, that is given must be right.
Scores and classes of sentences are not read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import given
from allegedly.builders.annotations.about import about
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.schemas import check
from allegedly.schemas.check import Finding
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plainly import plain_errors
from allegedly.schemas.prediction_files import parsed
from allegedly.schemas.quoted import located
from allegedly.schemas.records import LABELS, LAYERS, Article, Json, Labels, Problem
from allegedly.schemas.schema import shortened

_SHAPE = 'one object a line: {"article": {"id": ...}, "labels": {...}} (`allegedly schema prediction`)'

#: No file says what somebody looked at.
SUBMITTED = False
OPTIONS = given.APPROVED


def annotations(path: Path, articles: Articles) -> Iterator[Given | Problem | Note]:
    """The labels of each line of a file, or of the files of a folder."""
    for file in given.files(path, "*.jsonl"):
        if isinstance(file, Problem):
            yield file
            continue
        try:
            yield from _lines(file, articles)
        except OSError as error:
            found = f"a file that cannot be read: {error.strerror}"
            yield Problem(file=str(file), found=found, expected="one that can")


def _lines(file: Path, articles: Articles) -> Iterator[Given | Problem | Note]:
    seen: dict[str, int] = {}
    empty = True
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            empty = False
            value, broken = parsed(line)
            found = Finding("", broken, _SHAPE) if broken is not None else _article(value, articles)
            if isinstance(found, Finding):
                yield _problem(file, number, found)
                continue
            first = seen.setdefault(found.id, number)
            labels = value.get("labels") or {}
            if first != number:
                twice = f"labels of {found.id}, of which line {first} has some"
                yield _problem(file, number, Finding("article", twice, "one line an article"))
            elif all(labels.get(layer) is None for layer in LAYERS):
                yield Note(str(file), number, f"no layer of article {found.id} is annotated: not taken")
            else:
                yield from _given(file, number, found, labels)
    if empty:
        yield Problem(file=str(file), found="a file without lines", expected=_SHAPE)


def _problem(file: Path, line: int, finding: Finding) -> Problem:
    return Problem(file=str(file), line=line, path=finding.path, found=finding.found, expected=finding.expected)


def _article(value: Any, articles: Articles) -> Article | Finding:
    """The article that a line is about. Of exact copies, which `label` prints under one id, the one from the same file."""
    if not isinstance(value, dict) or not isinstance(value.get("article"), dict):
        return Finding("", shortened(value), _SHAPE)
    for wrong in plain_errors("prediction", value):
        return Finding(*wrong)
    of = value["article"]
    found = about(articles, article_id=of.get("id"), source_id=of.get("source_id"), text=of.get("text"))
    origin = of.get("origin")
    if isinstance(found, Finding) or not isinstance(origin, dict):
        return found
    name, record = origin.get("file_name"), origin.get("record")
    if isinstance(name, str) and isinstance(record, int | None):
        copies = articles.by_text[text_sha256(found.text)]
        same = [copy for copy in articles.by_place.get((name, record), ()) if copy in copies]
        return same[0] if len(same) == 1 and found.id == same[0].id.partition("-")[0] else found
    return found


def _given(file: Path, number: int, article: Article, labels: Json) -> Iterator[Given | Problem]:
    """The labels of a line, or all that is wrong with them."""
    try:
        placed = {layer: _placed(layer, labels[layer], article) for layer in LAYERS if labels.get(layer) is not None}
    except UsageError as error:
        where, _, found = str(error).partition(": ")
        yield _problem(file, number, Finding(where, found, "words that stand once in the text, or `nth` of them"))
        return
    wrong = list(check.labels(placed, article.text, markup=article.markup))
    for path, found, expected in wrong:
        yield _problem(file, number, Finding(f"/labels{path}", found, expected))
    if not wrong:
        yield Given(str(file), article, Labels.from_json(placed))


def _placed(layer: str, labels: list[Json], article: Article) -> list[Json]:
    """Labels with offsets in place of words. UsageError where words stand nowhere, or in several places."""
    placed = []
    for number, label in enumerate(labels):
        moved = dict(label)
        for name in LABELS[layer].SPANS:
            path = f"/labels/{layer}/{number}/{name}"
            moved[name] = label.get(name) and located(label[name], article.text, path)
            nowhere = [span["text"] for span in moved[name] or () if "text" in span]
            if nowhere:
                raise UsageError(f"{path}: {shortened(nowhere[0])}, which the text does not have")
        placed.append(moved)
    return placed
