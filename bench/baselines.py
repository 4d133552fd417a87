"""Baselines on the shipped release and on the news set, written to docs/baselines.md: constant answers, priors, TF-IDF
with logistic regression, the rules, and the learned labeller where its weights are there.

    python bench/baselines.py [--release dataset] [--news build/news] [--out docs/baselines.md] [--resamples 10000] [--seed 0]

Conventions: of both releases (the news set by ``make news``) the test split; TF-IDF has learned from their training splits.
Constant answers, priors and annotators are those of every report
(``eval/floors.py``). Needs scikit-learn (the extra ``sklearn``).
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from allegedly import compare, evaluate
from allegedly.eval import makers
from allegedly.eval.report import Report
from allegedly.eval.tasks import TASKS, Task
from allegedly.schemas import stored
from allegedly.schemas.derive import surface
from allegedly.schemas.records import Record

BAG = "bag of words"
SENTENCE_TASKS = [task for task in TASKS.values() if task.of_sentences]
#: Rows for training and texts to answer -> label and probability of the class sought.
Fit = Callable[[Sequence[str], Sequence[str], Sequence[str], Task, int], list[tuple[str, float | None]]]


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


def lines(records: Sequence[Record], fit: Fit, seed: int) -> list[dict]:
    """Predictions for every sentence of test by what was fitted on train."""
    out = []
    for task in SENTENCE_TASKS:
        rows = {
            split: [
                (f"{record.article.id}:{one.start}", _text(record, one), getattr(one, task.column))
                for record in records
                if record.split == split
                for one in record.sentences
            ]
            for split in ("train", "test")
        }
        texts, labels = zip(*(row[1:] for row in rows["train"] if row[2] is not None), strict=True)
        found = fit(texts, labels, [text for _, text, _ in rows["test"]], task, seed)
        for (name, _, _), (label, score) in zip(rows["test"], found, strict=True):
            out.append({"task": task.name, "id": name, "label": label, "score": _score(task, label, score)})
    return out


def _text(record: Record, sentence) -> str:
    return surface(record.article.text, ((sentence.start, sentence.end),), record.article.markup)


def _score(task: Task, label: str, sought: float | None) -> float | None:
    """What the format calls a score: of the class sought in a ranking, else of the label where that is it."""
    return sought if task.kind == "ranking" else None


def scored(release: Path, resamples: int, seed: int) -> Report:
    """All systems in one report."""
    records = sorted(stored.records(release), key=lambda record: record.article.id)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tfidf.jsonl"
        said = lines(records, tfidf, seed)
        file.write_text("".join(json.dumps(line) + "\n" for line in said), encoding="utf-8")
        systems = {BAG: f"file:{file}", "rules": "labeller:rules"}
        if learned():
            systems["learned"] = "labeller:learned"
        return evaluate(release, systems, split="test", resamples=resamples, seed=seed)


def learned() -> bool:
    """Whether the learned labeller can run here: its weights lie there, and the extra is installed."""
    from allegedly.builders.labellers.learned import WEIGHTS

    return (WEIGHTS / "model.onnx").is_file() and find_spec("onnxruntime") is not None


def section(report: Report, title: str, texts: str) -> str:
    """What one release shows, as Markdown."""
    dataset = report.dataset
    names = [about["name"] for about in report.systems]
    gaps = {row.task: row.smallest_difference for row in compare(report).rows if {row.a, row.b} == {"rules", "learned"}}
    head = ["task", "metric", "constant", "prior", *names, "annotators", "smallest difference"]
    rows = []
    for task in TASKS.values():
        floor = {row["answer"]: row["value"] for row in report.floors if row["task"] == task.name}
        rows.append(
            [
                task.name,
                f"`{task.primary}`",
                *(_number(floor.get(name)) for name in ("constant", "prior")),
                *(_cell(report, name, task) for name in names),
                _number(floor.get("annotators")),
                _number(gaps.get(task.name)),
            ]
        )
    table = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    sizes = {row["task"]: row for row in report.results if row["primary"] and row["system"] == "rules"}
    return SECTION.format(
        title=title,
        name=f"{dataset['name']} {dataset['version']}",
        gold=dataset["gold_sha256"][:16],
        whose_gold="".join(f"> {text}\n" for text in [*report.whose_gold, *makers.warnings(report.gold_by)]),
        articles=len(report.articles),
        sentences=f"{sizes['speculation-detection']['items']:,}",
        texts=texts,
        table="\n".join(table),
    )


SECTION = """## {title}

{name}, gold `{gold}`: {articles} articles, {sentences} sentences. {texts}

{whose_gold}
{table}
"""

SHIPPED = """The test split, which is small: intervals are wide. The bag of words has learned from the training split of the same
set; the learned labeller has seen that too. The rules learn nothing, and no label was compared with theirs."""
NEWS = """The test split. The bag of words has learned from the training split of the same set; the learned
labeller too, and the rules' cues and weights were chosen on it. Texts are not in this repository
(`dataset/news/README.md`)."""

PAGE = """# Baselines

Primary metric of each task, with its 95 % interval (groups of articles resampled {resamples} times, seed {seed}); `-` where a
system does not run the task, or nobody has answered. First what costs nothing, last what two annotators reach.

{sections}
- **constant**: the best answer that is the same everywhere; **prior**: answers drawn by the shares of the gold.
- **{bag}**: words and pairs of words weighted by TF-IDF, a logistic regression, balanced classes.
- **rules**, **learned**: `labeller:rules`, `labeller:learned`. `docs/labels.md` has their scores on corpora that people
  labelled.
- **annotators**: the second scored against the first, by the same metric.
- **smallest difference**: between the rules and the learned labeller, the one that a two-sided test at 5 percent would find
  in 80 of 100 such test sets. Two systems that lie nearer to each other cannot be told apart here.

Written by (`make news` first):

<!-- skip: next "needs copies of public corpora" -->
```console
$ python bench/baselines.py
```
"""


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


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
    parser.add_argument("--news", type=Path, default=Path("build/news"))
    parser.add_argument("--out", type=Path, default=Path("docs/baselines.md"))
    parser.add_argument("--resamples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    sections = [
        section(scored(args.news, args.resamples, args.seed), "Real news", NEWS),
        section(scored(args.release, args.resamples, args.seed), "The shipped release", SHIPPED),
    ]
    text = PAGE.format(sections="\n".join(sections), resamples=f"{args.resamples:,}", seed=args.seed, bag=BAG)
    args.out.write_text(text, encoding="utf-8")
    print(args.out)


if __name__ == "__main__":
    main()
