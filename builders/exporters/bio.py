"""CoNLL columns with BIO tags: a word a line, a tab, its tag; one file for each part of a layer and split.

Writes ``claims.extent.train.conll`` and so on, for what is annotated: `# newdoc id = ` before each article, `# sent_id = `
before each sentence, a blank line behind it. Words and tags: ``_tagging.py``. Attributes and links have no place; what the
tags cannot hold of the parts is counted in README.md and on standard error. `allegedly import bio` reads the files.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from allegedly.builders.exporters._tagging import NAMES, Kind, Tally, Words, names, readme, tags
from allegedly.schemas.records import Record

#: What ``--out`` names.
PATH = "folder"
ABOUT = """# Words with BIO tags

A word a line, a tab, its tag; a blank line between sentences. A file for each part of a layer and split; an article stands in
those of the parts that were annotated in it. The tags say where parts are, not of what kind, nor which belong together."""


def write(records: Iterable[Record], path: Path) -> str | None:
    """The files of all parts and splits, and README.md. Says what they do not hold."""
    tally, articles = Tally(), 0
    with ExitStack() as stack:
        files: dict[tuple[Kind, str], TextIO] = {}
        for record in records:
            articles += 1
            words = Words(record.article)
            for kind in NAMES:
                found = tags(record, words, kind, tally)
                if found is not None:
                    key = kind, record.split or "all"
                    if key not in files:
                        name = ".".join((*kind, key[1], "conll"))
                        files[key] = stack.enter_context((path / name).open("w", encoding="utf-8", newline="\n"))
                    files[key].write(_lines(record.article.id, words, found, names(kind)))
    (path / "README.md").write_text(readme(ABOUT, tally, articles), encoding="utf-8", newline="\n")
    return tally.said()


def _lines(article: str, words: Words, found: list[int], called: list[str]) -> str:
    """The sentences of one article."""
    lines = [f"# newdoc id = {article}"]
    for sentence, run in words.sentences:
        lines.append(f"# sent_id = {article}:{sentence.start}")
        lines += [f"{words.word(place)}\t{called[found[place]]}" for place in range(*run)]
        lines.append("")
    return "".join(f"{line}\n" for line in lines)
