"""What an article costs on its way from a file into the tables of a release: microseconds of CPU for each step.

Conventions: articles are those of ``bench/memory.py`` (twenty sentences of twelve words), without labels or with those
of ``--labellers``; each step does all articles, in this process, and the quickest of ``--rounds`` counts.

    python bench/rows.py [--articles N] [--labellers NAME] [--rounds N]
"""

import argparse
import gc
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import memory

from allegedly.builders.annotations.merging import merged
from allegedly.builders.annotations.votes import ScoredVote, votes
from allegedly.builders.labellers._lookup import resolve
from allegedly.builders.readers._reading import read
from allegedly.builders.sources.find import find
from allegedly.builders.text.grams import signature
from allegedly.schemas import arrow, check, stored
from allegedly.schemas.records import Article
from allegedly.schemas.schema import errors

#: Rows become Arrow arrays after so many articles.
PACK = 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--labellers", default="none")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        memory.write(Path(folder) / "news", arguments.articles)
        rounds = [steps(Path(folder) / "news", arguments.labellers) for _ in range(arguments.rounds)]
    best = {name: min(one[name] for one in rounds) for name in rounds[0]}
    print("| step | µs an article |\n|---|---:|")
    for name, seconds in {**best, "all": sum(best.values())}.items():
        print(f"| {name} | {seconds / arguments.articles * 1e6:.0f} |")


def steps(news: Path, labellers: str) -> dict[str, float]:
    """CPU seconds of each step over all articles, in the order of the road."""
    taken: dict[str, float] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = process_time()
        result = work()
        taken[name] = process_time() - start
        return result

    # everything is held for the next step, which no build does: looking through it again and again is no step's cost
    gc.disable()
    chosen = resolve(labellers)
    articles = step("read", lambda: [article for source in find([str(news)]) for article in read(source)])
    given = step("label", lambda: list(votes(articles, chosen)))
    values = step("to_json", lambda: [_value(*both) for both in zip(articles, given, strict=True)])
    step("validate", lambda: [_validated(*both) for both in zip(articles, values, strict=True)])
    step("signature", lambda: [signature(article.text) for article in articles])
    lines = step("JSON line", lambda: [json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in values])
    back = step("from_json", lambda: [_back(json.loads(line)) for line in lines])
    records = step("merge, classes", lambda: [merged(*both) for both in back])
    tables = step("columns", lambda: _gathered(records))
    step(
        "canonical, digest",
        lambda: [stored.column_digests(config, columns) for table in tables for config, columns in table.items()],
    )
    step("Arrow", lambda: [_arrow(config, columns) for table in tables for config, columns in table.items()])
    return taken


def _value(article: Article, given: list[ScoredVote]) -> dict[str, Any]:
    return {"article": article.to_json(), "votes": [vote.to_json() for vote in given]}


def _validated(article: Article, value: dict[str, Any]) -> None:
    """As a build validates what its labellers give."""
    for vote in value["votes"]:
        sentences = [{"start": start, "end": end, "scores": scores} for start, end, scores in vote["sentences"]]
        given = {"article": {"id": article.id}, "labels": vote["labels"], "sentences": sentences}
        blocks = value["article"]["blocks"]
        wrong = [
            *errors("prediction", given),
            *check.labels(vote["labels"], article.text, markup=article.markup, blocks=blocks),
        ]
        assert not wrong, wrong


def _back(value: dict[str, Any]) -> tuple[Article, list[ScoredVote]]:
    return Article.from_json(value["article"]), [ScoredVote.from_json(vote) for vote in value["votes"]]


def _gathered(records: list[Any]) -> list[dict[str, arrow.Columns]]:
    """The columns of all records, so many articles at a time."""
    tables = []
    for at in range(0, len(records), PACK):
        waiting: dict[str, arrow.Columns] = {
            config: {name: [] for name in arrow.feature_dicts(config)} for config in arrow.CONFIGS
        }
        for record in records[at : at + PACK]:
            for config, columns in arrow.columns(record).items():
                for name, column in columns.items():
                    waiting[config][name] += column
        tables.append(waiting)
    return tables


def _arrow(config: str, columns: arrow.Columns) -> Any:
    import pyarrow as pa

    return pa.Table.from_pydict(columns, schema=arrow.arrow_schema(config)) if any(columns.values()) else None


if __name__ == "__main__":
    main()
