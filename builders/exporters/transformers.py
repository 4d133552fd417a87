"""Token classification as JSON Lines: a sentence a line, its words, their offsets, and class ids for each part of a layer.

Writes ``train.jsonl``, ``validation.jsonl`` and ``test.jsonl``, which `datasets.load_dataset("json", ...)` reads, and
``classes.json``, the names of the classes of each column of tags. Words and tags: ``_tagging.py``. Where nobody annotated a
part, its class ids are -100, which losses of PyTorch and transformers leave out. Attributes and links have no place; what
the tags cannot hold of the parts is counted in README.md and on standard error.
"""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from allegedly.builders.exporters._tagging import NAMES, Kind, Run, Tally, Words, names, readme, tags
from allegedly.schemas.records import Json, Record, Span

#: What ``--out`` names.
PATH = "folder"
#: The class id of a word of which nobody said anything.
IGNORED = -100
ABOUT = """# Words with class ids

A sentence a line: `id`, `article_id`, `group` (articles that belong together), `words`, their `starts` and `ends` in the text
of the article, and class ids for each part of a layer, whose names are in `classes.json`. -100: nobody annotated this part
here. The ids say where parts are, not of what kind, nor which belong together."""


def write(records: Iterable[Record], path: Path) -> str | None:
    """A file for each split, the names of classes, and README.md. Says what they do not hold."""
    tally, articles = Tally(), 0
    with ExitStack() as stack:
        files: dict[str, TextIO] = {}
        for record in records:
            articles += 1
            split = record.split or "all"
            if split not in files:
                files[split] = stack.enter_context((path / f"{split}.jsonl").open("w", encoding="utf-8", newline="\n"))
            words = Words(record.article)
            found = {kind: tags(record, words, kind, tally) for kind in NAMES}
            for sentence, run in words.sentences:
                line = _line(record, words, sentence, run, found)
                files[split].write(json.dumps(line, ensure_ascii=False) + "\n")
    classes = {column(kind): names(kind) for kind in NAMES}
    (path / "classes.json").write_text(json.dumps(classes, indent=2) + "\n", encoding="utf-8", newline="\n")
    (path / "README.md").write_text(readme(ABOUT, tally, articles), encoding="utf-8", newline="\n")
    return tally.said()


def column(kind: Kind) -> str:
    """The column of the class ids of a part."""
    return "_".join(kind)


def _line(record: Record, words: Words, sentence: Span, run: Run, found: dict[Kind, list[int] | None]) -> Json:
    article = record.article.id
    return {
        "id": f"{article}:{sentence.start}",
        "article_id": article,
        "group": record.group or article,
        "words": [words.word(place) for place in range(*run)],
        "starts": words.starts[run.first : run.last],
        "ends": words.ends[run.first : run.last],
        **{
            column(kind): [IGNORED] * (run.last - run.first) if of_kind is None else of_kind[run.first : run.last]
            for kind, of_kind in found.items()
        },
    }
