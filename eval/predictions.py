"""Predictions: read from files, checked against the gold, and kept by article.

Conventions: contract, sections 3 and 7. Everything that is wrong is a UsageError with file and line (or the system that
gave it), what was found, what was expected. ``Predictions`` takes lines in any order; an answer for an article serves
its exact copies that have none of their own.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from allegedly.eval import chances
from allegedly.eval.gold import ELSEWHERE, Gold
from allegedly.eval.quotations import Unplaced, behind, parted, read_loosely
from allegedly.eval.tasks import TASKS, Task
from allegedly.schemas import check, prediction_files
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.quoted import located
from allegedly.schemas.records import LABELS, LAYERS, Json, Label, Sentence
from allegedly.schemas.schema import errors, shortened

_SENTENCE_TASKS = [name for name, task in TASKS.items() if task.of_sentences]
#: A layer's labels as they are kept.
Layer = tuple[Label, ...]


def lines(path: Path, *, needs_task: bool = True) -> Iterator[tuple[str, Any]]:
    """What each line of a predictions file holds, with where it stands. UsageError for the first that is broken, and for a
    table without a column task unless it needs none."""
    for number, value, fault in prediction_files.lines(path, needs_task=needs_task):
        where = str(path) if number is None else f"{path}:{number}"
        if fault is not None:
            raise UsageError(f"{where}: found {fault.found}, expected {fault.expected}")
        yield where, value


class _Answer(NamedTuple):
    """What an article was first answered with: file name and record number (None where the answer names none), labels
    by layer."""

    file: tuple[object, object] | None
    labels: dict[str, list[Json]]


class Predictions:
    """What a system said, by article: labels layer by layer, sentences, and lines of sentence tasks.

    ``labels`` names classes of lines, theirs = ours. ``task`` is that of lines which name none. ``threshold`` decides by
    the probability of the class sought, lines too unless they are ``settled``: put under it before they came here.
    """

    def __init__(
        self,
        gold: Gold,
        labels: Mapping[str, str] | None = None,
        *,
        task: str | None = None,
        threshold: float | None = None,
        settled: bool = False,
    ) -> None:
        self.gold = gold
        self.names = dict(labels or {})
        self.task = task
        self.threshold = threshold
        self.settled = settled
        self.layers: dict[int, dict[str, Layer]] = {}
        self.sentences: dict[int, dict[int, Sentence]] = {}
        self.answers: dict[str, dict[int, dict[int, tuple[str | None, float | None]]]] = {}
        #: Of each article whose labels were given: quotations that stand nowhere in it.
        self.unplaced: dict[int, Unplaced] = {}
        #: Articles for which the system gave no answer that can be read, by task.
        self.unanswered: dict[str, set[int]] = {}
        self.elsewhere: set[str] = set()
        self._seen: set[Hashable] = set()
        self._origins: dict[int, _Answer] = {}

    def add(self, value: Any, where: str) -> None:
        """One line of predictions. UsageError where it is broken."""
        if not isinstance(value, dict):
            raise UsageError(f"{where}: found {shortened(value)}, expected a JSON object")
        try:
            if "article" in value:
                self._article(value, where)
            elif "task" in value or "id" in value:
                self._line(value)
            else:
                keys = ", ".join(sorted(map(str, value))) or "none"
                raise UsageError(f"found keys {keys}, expected an object with article, or with task and id")
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from None
        except RecursionError:
            raise UsageError(f"{where}: nested too deeply") from None
        except UnicodeEncodeError:
            raise UsageError(f"{where}: found a lone surrogate, expected text that UTF-8 can hold") from None

    def _line(self, value: Json) -> None:
        task = value.get("task")
        if task is None:
            if self.task is None:
                raise UsageError("found no task, expected it in each line, or one task named by --task")
            task = self.task
        if not isinstance(task, str) or task not in _SENTENCE_TASKS:
            if isinstance(task, str) and task in TASKS:
                raise UsageError(f"{task} is no sentence task; expected a line with article and labels")
            raise UsageError(unknown("sentence task", str(task)[:80], _SENTENCE_TASKS))
        value = {**value, "task": task, "label": self._class(value.get("label"), TASKS[task])}
        for path, given, expected in check.sentence_prediction(value):
            raise UsageError(f"{path}: found {given}, {expected}")
        index, number = self.gold.find_sentence(value["id"])
        self._once(("line", task, value["id"]), f"{task}, {value['id']}")
        if index == ELSEWHERE:
            self.elsewhere.add(value["id"].rpartition(":")[0])
            return
        decided = self._decided(TASKS[task], value["label"], value.get("score"))
        self.answers.setdefault(task, {}).setdefault(index, {})[number] = decided

    def _class(self, given: Any, task: Task) -> Any:
        """Our name of the class of a line."""
        ours = chances.named(given, self.names)
        if ours is not None and ours not in task.classes:
            numbers = ", ".join(f'{number} = "{name}"' for number, name in enumerate(task.classes))
            hint = f"; map numbers in the options: labels = {{ {numbers} }}" if chances.is_number(given) else ""
            raise UsageError(f"found label {shortened(given)}, expected one of {', '.join(task.classes)}{hint}")
        return ours

    def _decided(self, task: Task, label: str | None, score: float | None) -> tuple[str | None, float | None]:
        """A line under the threshold."""
        if self.threshold is None or self.settled or label is None or task.kind == "ranking":
            return label, score
        return chances.by_threshold(label, score, task.classes, task.sought, self.threshold)

    def _once(self, key: Hashable, what: str) -> None:
        if key in self._seen:
            raise UsageError(f"a second answer for {what}; expected one for each")
        self._seen.add(key)

    def _article(self, value: Json, where: str) -> None:
        given = value["article"]
        reduced = value
        if isinstance(given, dict):
            # the whole article is printed by `label`: only what names it matters here
            reduced = {**value, "article": {k: given[k] for k in ("id", "source_id", "text") if k in given}}
        for path, stated, expected in errors("prediction", reduced):
            raise UsageError(f"{path}: found {stated}, {expected}")
        _refuse_nan(value.get("sentences") or ())
        index = self.gold.find(given)
        if index == ELSEWHERE:
            self.elsewhere.add(str(given.get("id") or given.get("source_id") or where))
            return
        article = self.gold.article(index)
        if given.get("text") is not None and given["text"] != article.text:
            raise UsageError(f"/article/text: another text than that of article {article.id} in the release")
        labels = value.get("labels") or {}
        origin = given.get("origin")
        place = self._place(index, [layer for layer in LAYERS if labels.get(layer) is not None], origin, value)
        if place is None:
            return
        labelled, nowhere = self._labels(labels, place)
        if labelled:
            self.layers.setdefault(place, {}).update(labelled)
            self.unplaced.setdefault(place, {}).update(nowhere)
        for sentence in value.get("sentences") or ():
            self._sentence(place, sentence)

    def _place(self, index: int, layers: list[str], origin: object, value: Json) -> int | None:
        """The article that an answer is for: `label` prints exact copies under one id, each from a file of its own, so
        a second answer from another file goes to a copy that has none, or is nothing new (None)."""
        labels = {layer: value["labels"][layer] for layer in layers}
        file = (origin.get("file_name"), origin.get("record")) if isinstance(origin, dict) else None
        first = self._origins.get(index)
        if first is not None and file is not None and first.file not in (None, file):
            free = next((copy for copy in self.gold.copies(index) if copy not in self._origins), None)
            if free is None and first.labels == labels:
                return None
            index = index if free is None else free
        for layer in layers:
            self._once(("layer", index, layer), f"{layer} of article {self.gold.article(index).id}")
        if layers:
            self._origins.setdefault(index, _Answer(file, labels))
        return index

    def _labels(self, labels: Json, index: int) -> tuple[dict[str, Layer], Unplaced]:
        article = self.gold.article(index)
        placed: Json = {
            layer: [
                {
                    name: located(part, article.text, f"/labels/{layer}/{number}/{name}")
                    if name in LABELS[layer].SPANS and part is not None
                    else part
                    for name, part in label.items()
                }
                for number, label in enumerate(labels[layer])
            ]
            for layer in LAYERS
            if labels.get(layer) is not None
        }
        for finding in check.labels(read_loosely(placed), article.text, markup=article.markup):
            # where a person would not begin a part a system may: it is wrong there, not broken
            if finding.expected != "a part that begins and ends in words":
                raise UsageError(f"/labels{finding.path}: found {finding.found[:200]}, expected {finding.expected}")
        layers, nowhere = parted(placed)
        kept = {layer: tuple(LABELS[layer].from_json(label) for label in these) for layer, these in layers.items()}
        return kept, nowhere

    def counted(self, index: int) -> tuple[dict[str, Layer], str]:
        """The labels of an article as metrics count them, and the text that they are spans of: where quotations stand
        nowhere, longer than the article's."""
        text = self.gold.article(index).text
        return behind(self.layers.get(index, {}), self.unplaced.get(index, {}), text)

    def left_out(self, task: Task, enter: Iterable[int]) -> dict[str, int]:
        """What of the articles that enter stands for nothing, by reason."""
        articles = set(enter)
        labels = {
            (index, number)
            for index in articles & self.unplaced.keys()
            for layer, number, _ in self.unplaced[index]
            if layer == task.layer
        }
        how = "" if task.of_sentences else ", counted as predicted and wrong"
        return {
            f"labels with a quotation that stands nowhere (unplaced){how}": len(labels),
            "articles that the system could not answer, scored as abstentions": len(
                articles & self.unanswered.get(task.name, set())
            ),
        }

    def abstain(self, task: Task, article: str) -> None:
        """Keep that the system could not answer for an article, by its id: it marks nothing there, and abstains on its
        sentences."""
        index = self.gold.ids[article]
        self.unanswered.setdefault(task.name, set()).add(index)
        if task.of_sentences:
            silent = dict.fromkeys(range(len(self.gold.sentences[index])), (None, None))
            self.answers.setdefault(task.name, {})[index] = dict(silent)
        else:
            self.layers.setdefault(index, {})[task.layer] = ()
            self.unplaced.setdefault(index, {})

    def _sentence(self, index: int, value: Json) -> None:
        article = self.gold.article(index)
        number = self.gold.starts[index].get(value["start"])
        if number is None:
            raise UsageError(
                f"/sentences: no sentence of article {article.id} begins at {shortened(value['start'])}; expected the release's "
                "sentences (leave `sentences` out, and classes follow from the labels)"
            )
        end = self.gold.sentences[index][number].end
        if value.get("end") not in (None, end):
            raise UsageError(f"/sentences: sentence {article.id}:{value['start']} ends at {end}, not {value['end']}")
        self._once(("sentence", index, number), f"sentence {article.id}:{value['start']}")
        self.sentences.setdefault(index, {})[number] = Sentence.from_json(value)

    def finish(self) -> "Predictions":
        """Let answers serve exact copies that have none of their own. UsageError for scores of which none has a label."""
        for task, lines in self.answers.items():
            said = [line for numbered in lines.values() for line in numbered.values() if line != (None, None)]
            if said and TASKS[task].kind != "ranking" and all(label is None for label, _ in said):
                raise UsageError(
                    f"{task}: found scores without labels, expected the label whose probability the score is"
                )
        answers: tuple[dict[int, Any], ...] = (self.layers, self.unplaced, self.sentences, *self.answers.values())
        for copies in self.gold.hashes.values():
            for kept in answers if len(copies) > 1 else ():
                answered = next((index for index in copies if index in kept), None)
                if answered is not None:
                    for index in copies:
                        kept.setdefault(index, kept[answered])
        return self

    def holds(self, task: Task) -> bool:
        """Whether there is anything for a task."""
        if task.name in self.answers:
            return True
        if task.of_sentences and any(_says(s, task) for all_of in self.sentences.values() for s in all_of.values()):
            return True
        layers = [layers[task.layer] for layers in self.layers.values() if task.layer in layers]
        if task.kind in ("attribute", "claimer", "scopes"):
            return any(getattr(label, task.attribute) is not None for labels in layers for label in labels)
        return bool(layers)

    def answered(self, task: Task, index: int) -> bool:
        """Whether the system said anything for a task on an article; one without sentences asks for nothing."""
        if task.layer in self.layers.get(index, {}):
            return True
        if not task.of_sentences:
            return False
        if index in self.answers.get(task.name, {}) or not self.gold.sentences[index]:
            return True
        return any(_says(sentence, task) for sentence in self.sentences.get(index, {}).values())


def _says(sentence: Sentence, task: Task) -> bool:
    scores = sentence.scores or {}
    return getattr(sentence, task.column) is not None or (task.kind == "ranking" and scores.get(task.score) is not None)


def _refuse_nan(sentences: Iterable[Json]) -> None:
    for number, sentence in enumerate(sentences):
        for name, score in (sentence.get("scores") or {}).items():
            if score is not None and score != score:
                raise UsageError(f"/sentences/{number}/scores/{name}: found NaN, expected a number from 0 to 1")
