"""The sentence tasks as tasks of inspect_ai, over a release: ``inspect eval allegedly/speculation_detection -T release=dataset``.

Conventions: one sample a sentence; the prompt is the one that ``openai:`` sends, the text goes as data in a message of
its own, and the answer is the same JSON object. An answer that is none of the classes is a miss. The metrics are
accuracy, and the task's F1 of the class sought as ``allegedly eval`` defines it; its standard error is by article.
Needs the extra ``inspect``.
"""

import json
from collections.abc import Iterable
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import CORRECT, INCORRECT, Metric, SampleScore, Score, Target, accuracy, metric, scorer, stderr
from inspect_ai.solver import TaskState, generate

from allegedly.eval.prompting import answers_in, prompt
from allegedly.eval.tasks import TASKS
from allegedly.schemas import stored
from allegedly.schemas.derive import surface
from allegedly.schemas.records import Span


@task
def claim_detection(release: str = "dataset", split: str = "test") -> Task:
    """Sentences: no_claim, unimportant or check_worthy."""
    return _task("claim-detection", release, split)


@task
def speculation_detection(release: str = "dataset", split: str = "test") -> Task:
    """Sentences: certain or speculative."""
    return _task("speculation-detection", release, split)


@task
def attribution_detection(release: str = "dataset", split: str = "test") -> Task:
    """Sentences: none or attributed."""
    return _task("attribution-detection", release, split)


def _task(name: str, release: str, split: str) -> Task:
    return Task(
        dataset=MemoryDataset(list(samples(name, release, split)), name=name),
        solver=generate(),
        scorer=classes(name),
    )


def samples(name: str, release: str, split: str) -> Iterable[Sample]:
    """One sample for each sentence of the split whose class is annotated."""
    of = TASKS[name]
    words = prompt(name)
    if split != "all":
        stored.check_split(stored.manifest(release), split)
    for record in sorted(stored.records(release, None if split == "all" else split), key=lambda r: r.article.id):
        for sentence in record.sentences:
            label = getattr(sentence, of.column)
            if label is None:
                continue
            assert sentence.end is not None  # only a prediction may lack it
            text = surface(record.article.text, (Span(sentence.start, sentence.end),), record.article.markup)
            yield Sample(
                input=[
                    ChatMessageSystem(content=words),
                    ChatMessageUser(content=json.dumps({"text": text}, ensure_ascii=False)),
                ],
                target=label,
                id=f"{record.article.id}:{sentence.start}",
                metadata={"article": record.article.id},
            )


def label_of(completion: str, name: str) -> str | None:
    """The class that an answer names; None where it names none."""
    for value in answers_in(completion):
        label = value.get("label") if isinstance(value, dict) else None
        if isinstance(label, str) and label in TASKS[name].classes:
            return label
    return None


@metric
def f1(sought: str) -> Metric:
    """F1 of the class sought: twice the right ones over those predicted and those in gold; NaN where there are none."""

    def compute(scores: list[SampleScore]) -> float:
        pairs = [(sample.score.metadata["gold"], sample.score.answer) for sample in scores if sample.score.metadata]
        right = sum(gold == answer == sought for gold, answer in pairs)
        both = sum((gold == sought) + (answer == sought) for gold, answer in pairs)
        return 2 * right / both if both else float("nan")

    return compute


def classes(name: str) -> Any:
    """The scorer of a task: right where the class is the gold one."""

    @scorer(metrics=[accuracy(), stderr(cluster="article"), f1(TASKS[name].sought)], name=name.replace("-", "_"))
    def made() -> Any:
        async def score(state: TaskState, target: Target) -> Score:
            label = label_of(state.output.completion, name)
            return Score(
                value=CORRECT if label == target.text else INCORRECT,
                answer=label,
                metadata={"gold": target.text},
            )

        return score

    return made()


__all__ = ["attribution_detection", "claim_detection", "label_of", "samples", "speculation_detection"]
