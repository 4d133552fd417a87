"""Examples: articles with gold and predictions, kept beside a report so that its page can be made later.

Conventions: ``examples.jsonl``, one article a line, in order of id: ``{"article", "gold", "systems": {name: {"labels",
"sentences": {task: {start: class}}}}}``. Only what a system said is there.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.eval.gold import Gold
from allegedly.eval.predictions import Predictions
from allegedly.eval.tasks import TASKS
from allegedly.schemas import own_files
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable
from allegedly.schemas.records import Article, Labels, Sentence

if TYPE_CHECKING:
    from allegedly.eval.report import Report  # which brings this module when it saves

FILE = "examples.jsonl"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one system said of one article: labels, and classes of sentences by task and start."""

    labels: Labels
    sentences: dict[str, dict[int, str | None]]


@dataclass(frozen=True, slots=True)
class Example:
    """One article with its gold, and what each system said of it."""

    article: Article
    gold: Labels
    sentences: tuple[Sentence, ...]
    answers: dict[str, Answer]


def write(report: "Report", new: Path, folder: Path) -> None:
    """Keep the examples of a report that was just made, in a new folder. One that was loaded has none to keep: those of
    the ``folder`` whose place the new one takes are kept if they are of the same gold and systems."""
    if report.gold is None:
        if _same(report, folder) and own_files.is_file(folder / FILE):
            shutil.copyfile(folder / FILE, new / FILE, follow_symlinks=False)
        return
    with (new / FILE).open("w", encoding="utf-8", errors="backslashreplace") as file:
        for example in of(report):
            file.write(json.dumps(_json(example), ensure_ascii=False, separators=(",", ":")) + "\n")


def _same(report: "Report", folder: Path) -> bool:
    """Whether the report in a folder is of the same gold and systems."""
    if not own_files.is_file(folder / "report.json"):
        return False
    try:
        value = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return (value["dataset"], value["systems"]) == (report.dataset, report.systems)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def read(folder: Path) -> Iterator[Example]:
    """The examples beside a report; none where there is no such file. UsageError where they are broken."""
    file = folder / FILE
    if not file.is_file():
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _example(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise UsageError(
                    f"{readable(file)}, line {number}: broken ({type(error).__name__}: {error}); remove the file, or score "
                    "again: `eval --out` writes it"
                ) from None


def of(report: "Report") -> Iterator[Example]:
    """The examples of a report that was just made."""
    gold = report.gold
    assert gold is not None  # a report that was loaded has none, and its examples lie beside it
    for place, record in enumerate(gold.records):
        answers = {name: _answer(tasks, gold, place) for name, tasks in report.predictions.items()}
        yield Example(record.article, record.labels, tuple(gold.sentences[place]), answers)


def _answer(tasks: Mapping[str, Predictions], gold: Gold, place: int) -> Answer:
    layers: dict[str, tuple[Any, ...]] = {}
    sentences: dict[str, dict[int, str | None]] = {}
    for name, predicted in tasks.items():
        for layer, labels in predicted.layers.get(place, {}).items():
            # another task of the layer may have been asked apart: the fuller answer is shown
            if len(labels) >= len(layers.get(layer, ())):
                layers[layer] = labels
        task = TASKS[name]
        if task.of_sentences and task.kind == "sentences":
            answered = predicted.answers.get(name, {}).get(place, {})
            classes = {gold.sentences[place][number].start: label for number, (label, _) in answered.items()}
            for number, sentence in predicted.sentences.get(place, {}).items():
                if getattr(sentence, task.column) is not None:
                    classes.setdefault(gold.sentences[place][number].start, getattr(sentence, task.column))
            if classes:
                sentences[name] = dict(sorted(classes.items()))
    return Answer(Labels(**layers), sentences)


def _json(example: Example) -> dict[str, Any]:
    return {
        "article": example.article.to_json(),
        "gold": example.gold.to_json(),
        "sentences": [sentence.to_json(example.article.id) for sentence in example.sentences],
        "systems": {
            name: {"labels": answer.labels.to_json(), "sentences": answer.sentences}
            for name, answer in example.answers.items()
        },
    }


def _example(value: dict[str, Any]) -> Example:
    return Example(
        Article.from_json(value["article"]),
        Labels.from_json(value["gold"]),
        tuple(Sentence.from_json(sentence) for sentence in value["sentences"]),
        {
            name: Answer(
                Labels.from_json(answer["labels"]),
                {
                    task: {int(start): label for start, label in classes.items()}
                    for task, classes in answer["sentences"].items()
                },
            )
            for name, answer in value["systems"].items()
        },
    )


__all__ = ["FILE", "Answer", "Example", "of", "read", "write"]
