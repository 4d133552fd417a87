"""Annotation files carried over to texts that have changed.

    python bench/annotate.py                # dataset/annotations onto the texts as they are read now

Conventions: texts are what the readers make of ``dataset/sources``. Carried over is by quotation: the text that a file
was made for stands in the release in ``dataset``; each span's words are looked for in the new text, and of several
places the one nearest to where the words around it went is taken. Words that are gone are an error, and nothing is
written. New labels are written as drafts (`docs/drafts.md`).
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from allegedly.builders.annotations import filing
from allegedly.builders.annotations.plain import Place, Plain
from allegedly.builders.readers._reading import read
from allegedly.builders.sources.find import find
from allegedly.schemas import derive
from allegedly.schemas.records import LABELS, Annotator, Article, Labels, Part, Span

DATASET = Path(__file__).parent.parent / "dataset"


class Gone(ValueError):
    """Words of a label that no longer stand in the text, or a text that is nowhere kept."""


def texts(dataset: Path) -> dict[tuple[str, int | None], Article]:
    """The articles of ``dataset/sources`` by file name and record."""
    found = {}
    for source in find([dataset / "sources"]):
        for article in read(source):
            if not isinstance(article, Article):
                raise SystemExit(f"{article.origin.file_name}: {article.reason}")
            found[article.origin.file_name, article.origin.record] = article
    return found


def carried(old: Article, new: Article, found: Labels) -> Labels:
    """Labels of one text as labels of another. Gone where words are gone."""
    before, after = Plain.of(old), Plain.of(new)
    moves = SequenceMatcher(None, before.text, after.text, autojunk=False).get_opcodes()
    back = {at: low for low, at in enumerate(before.at)}

    def moved(part: Part | None) -> Part | None:
        return None if part is None else tuple(span(start, end) for start, end in part)

    def span(start: int, end: int) -> Span:
        low, high = back[start], back[end - 1] + 1
        words, there = before.text[low:high], _went(moves, low)
        at = [index for index in range(len(after.text)) if after.text.startswith(words, index)]
        if not at:
            raise Gone(f"{new.origin.file_name}: {words!r} no longer stands in the text")
        nearest = min(at, key=lambda index: abs(index - there))
        return after.span(Place(nearest, nearest + len(words)))

    return derive.numbered(
        Labels(
            **{
                layer: None
                if getattr(found, layer) is None
                else tuple(
                    replace(label, **{name: moved(getattr(label, name)) for name in kind.SPANS})
                    for label in getattr(found, layer)
                )
                for layer, kind in LABELS.items()
            }
        ),
        new,
    )


def _went(moves: Sequence[tuple[str, int, int, int, int]], place: int) -> int:
    """Where a place of the old text lies in the new."""
    return next(there + min(place - low, end - there) for _, low, high, there, end in moves if low <= place < high)


def written(article: Article, annotator: Annotator, found: Labels) -> str:
    """An annotation file as text. ValueError where it is not valid."""
    value = filing.annotation(article, annotator, found)
    for wrong in filing.faults(value, article):
        raise ValueError(f"{article.origin.file_name}: {wrong.path}: found {wrong.found}, expected {wrong.expected}")
    return filing.lines(value)


def reanchored(dataset: Path, articles: dict[tuple[str, int | None], Article]) -> Iterator[tuple[Path, str]]:
    """The annotation files whose text has changed, as they should read now."""
    by_text = {derive.text_sha256(article.text): article for article in articles.values()}
    old = None
    for path in sorted((dataset / "annotations").glob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["text_sha256"] in by_text:
            continue
        old = old or released(dataset)
        if value["text_sha256"] not in old:
            raise Gone(f"{path.name}: the text that it was made for is not in the release; import its draft again")
        former = old[value["text_sha256"]]
        article = articles[former.origin.file_name, former.origin.record]
        annotator = Annotator.from_json(value["annotator"])
        yield path, written(article, annotator, carried(former, article, Labels.from_json(value["labels"])))


def released(dataset: Path) -> dict[str, Article]:
    """The articles of the release by the hash of their text."""
    from allegedly.schemas import stored

    return {derive.text_sha256(record.article.text): record.article for record in stored.records(dataset)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, default=DATASET, help="folder with sources and annotations")
    given = parser.parse_args()
    articles = texts(given.dataset)
    try:
        files = dict(reanchored(given.dataset, articles))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(files)} annotation files written, {len(articles)} articles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
