"""Baselines on the shipped release, written to docs/baselines.md: majority, random by prior, the rules, TF-IDF with
logistic regression, and the learned labeller where its weights are there.

    python bench/baselines.py [--release dataset] [--out docs/baselines.md] [--resamples 10000] [--seed 0]

Conventions: all splits together, since the test split alone is small. Majority, random and TF-IDF are cross-validated:
each article is answered by what was learned from articles of other groups. Needs scikit-learn (the extra ``sklearn``).
"""

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from allegedly import evaluate
from allegedly.eval import makers
from allegedly.eval.report import Report
from allegedly.eval.tasks import TASKS, Task
from allegedly.schemas import stored
from allegedly.schemas.derive import surface
from allegedly.schemas.records import Record

FOLDS = 5
SENTENCE_TASKS = [task for task in TASKS.values() if task.of_sentences]
#: Rows for training and texts to answer -> label and probability of the class sought.
Fit = Callable[[Sequence[str], Sequence[str], Sequence[str], Task, int], list[tuple[str, float | None]]]


def majority(texts, labels, asked, task, seed):
    """The most frequent class, for everything."""
    counts = Counter(labels)
    label = max(task.classes, key=lambda name: (counts[name], -task.classes.index(name)))
    return [(label, counts[task.sought] / len(labels))] * len(asked)


def by_prior(texts, labels, asked, task, seed):
    """A class drawn as often as it is in the gold of the others."""
    draw = random.Random(f"{seed}:{task.name}:{len(texts)}")
    counts = Counter(labels)
    weights = [counts[name] for name in task.classes]
    # a number drawn for each, so that a ranking is a random one too
    return [(label, draw.random()) for label in draw.choices(task.classes, weights, k=len(asked))]


def tfidf(texts, labels, asked, task, seed):
    """Words and pairs of words, weighted by TF-IDF, in a logistic regression with balanced classes."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b|[“”\"?%$£€]")
    model = make_pipeline(words, LogisticRegression(C=10, max_iter=1000, class_weight="balanced"))
    model.fit(list(texts), list(labels))
    sought = list(model.classes_).index(task.sought)
    found = model.predict_proba(list(asked))
    return [(str(model.classes_[row.argmax()]), float(row[sought])) for row in found]


def folds(records: Sequence[Record]) -> list[int]:
    """The fold of each record: whole groups, the largest first, each to the fold with the fewest sentences."""
    size = Counter()
    for record in records:
        size[record.group or record.article.id] += len(record.sentences)
    held, fold = [0] * FOLDS, {}
    for group, count in sorted(size.items(), key=lambda item: (-item[1], item[0])):
        fold[group] = min(range(FOLDS), key=lambda at: (held[at], at))
        held[fold[group]] += count
    return [fold[record.group or record.article.id] for record in records]


def lines(records: Sequence[Record], fit: Fit, seed: int) -> list[dict]:
    """Predictions for every sentence, made by what was fitted on the other folds."""
    where = folds(records)
    out = []
    for task in SENTENCE_TASKS:
        rows = [
            (fold, f"{record.article.id}:{one.start}", _text(record, one), getattr(one, task.column))
            for fold, record in zip(where, records, strict=True)
            for one in record.sentences
        ]
        for this in range(FOLDS):
            known = [(text, label) for fold, _, text, label in rows if fold != this and label is not None]
            asked = [(name, text) for fold, name, text, _ in rows if fold == this]
            texts, labels = zip(*known, strict=True)
            found = fit(texts, labels, [text for _, text in asked], task, seed)
            for (name, _), (label, score) in zip(asked, found, strict=True):
                out.append({"task": task.name, "id": name, "label": label, "score": _score(task, label, score)})
    return out


def _text(record: Record, sentence) -> str:
    return surface(record.article.text, ((sentence.start, sentence.end),), record.article.markup)


def _score(task: Task, label: str, sought: float | None) -> float | None:
    """What the format calls a score: of the class sought in a ranking, else of the label where that is it."""
    return sought if task.kind == "ranking" else None


def scored(release: Path, resamples: int, seed: int) -> Report:
    """All baselines in one report, over all splits."""
    records = sorted(stored.records(release), key=lambda record: record.article.id)
    with tempfile.TemporaryDirectory() as folder:
        systems = {}
        for name, fit in (
            ("majority", majority),
            ("random by prior", by_prior),
            ("TF-IDF, logistic regression", tfidf),
        ):
            file = Path(folder) / f"{len(systems)}.jsonl"
            file.write_text("".join(json.dumps(line) + "\n" for line in lines(records, fit, seed)), encoding="utf-8")
            systems[name] = f"file:{file}"
        systems["rules"] = "labeller:rules"
        if learned():
            systems["learned"] = "labeller:learned"
        return evaluate(release, systems, split="all", resamples=resamples, seed=seed)


def learned() -> bool:
    """Whether the learned labeller can run here: its weights lie there, and the extra is installed."""
    from allegedly.builders.labellers.learned import WEIGHTS

    return (WEIGHTS / "model.onnx").is_file() and find_spec("onnxruntime") is not None


def page(report: Report, command: str) -> str:
    """The page, as Markdown."""
    dataset = report.dataset
    names = [about["name"] for about in report.systems]
    head = ["task", "metric", *names]
    rows = []
    for task in TASKS.values():
        cells = [_cell(report, name, task) for name in names]
        rows.append([f"{task.name}", f"`{task.primary}`", *cells])
    table = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    sizes = {row["task"]: row for row in report.results if row["primary"] and row["system"] == "rules"}
    sentences = sizes["speculation-detection"]["items"]
    trained = (
        "- **learned**: `labeller:learned`, trained on public corpora and, a little, on the 15 articles of this release's\n"
        "  training split, which are among those scored here: that flatters it. `docs/labels.md` has what it never saw.\n"
    )
    return PAGE.format(
        name=f"{dataset['name']} {dataset['version']}",
        gold=dataset["gold_sha256"][:16],
        whose_gold="".join(f"> {text}\n" for text in [*report.whose_gold, *makers.warnings(report.gold_by)]),
        articles=len(report.articles),
        sentences=f"{sentences:,}",
        resamples=f"{report.resamples:,}",
        seed=report.seed,
        table="\n".join(table),
        learned=trained if "learned" in names else "",
        folds=FOLDS,
        command=command,
    )


PAGE = """# Baselines

On the shipped release ({name}, gold `{gold}`), all splits together: {articles} articles, {sentences} sentences. The test
split alone has too few articles for narrow intervals.

{whose_gold}
Primary metric of each task, with its 95 % interval (groups of articles resampled {resamples} times, seed {seed}); `-` where a
baseline does not run the task.

{table}

- **majority**: the most frequent class of the other folds. Its score is the same for all sentences, so that a ranking by
  it is one tie.
- **random by prior**: a class drawn as often as the other folds have it.
- **TF-IDF, logistic regression**: words and pairs of words, balanced classes.
- **rules**: `labeller:rules`. They learn nothing, but the labels were compared once with their output to find slips, and
  both follow the same guidelines (`DATASHEET.md`, 27): their scores here flatter them. `docs/labels.md` has their scores
  on corpora that people labelled.
{learned}
The first three are cross-validated over {folds} folds that keep groups (near duplicates, cross-posts) together: no
article is answered by what was fitted on its own group.

Written by:

```console
$ {command}
```
"""


def _cell(report: Report, name: str, task: Task) -> str:
    found = [
        row
        for row in report.results
        if row["system"] == name and row["task"] == task.name and row["primary"] and row["slice"] is None
    ]
    if not found:
        return "-"
    (row,) = found
    if row["value"] is None:
        return "n/a"
    interval = "" if row["low"] is None else f" ({row['low']:.3f} to {row['high']:.3f})"
    return f"{row['value']:.3f}{interval}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--release", type=Path, default=Path("dataset"))
    parser.add_argument("--out", type=Path, default=Path("docs/baselines.md"))
    parser.add_argument("--resamples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    report = scored(args.release, args.resamples, args.seed)
    args.out.write_text(page(report, "python bench/baselines.py"), encoding="utf-8")
    print(args.out)


if __name__ == "__main__":
    main()
