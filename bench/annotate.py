"""Annotation files: compiled from drafts, or carried over to texts that have changed.

    python bench/annotate.py                                    # dataset/annotations onto the texts as they are read now
    python bench/annotate.py --drafts FOLDER --annotator second-pass   # drafts (see bench/drafts.py) into annotation files

Conventions: texts are what the readers make of ``dataset/sources``. Carried over is by quotation: the text that a file
was made for stands in the release in ``dataset``; each span's words are looked for in the new text, and of several
places the one nearest to where the words around it went is taken. Words that are gone are an error, and nothing is
written.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from drafts import DraftError, Plain, heading, labels

from allegedly.builders.readers._reading import read
from allegedly.builders.sources.find import find
from allegedly.schemas import check, derive
from allegedly.schemas.records import LABELS, LAYERS, Annotator, Article, Labels, Part, Span

DATASET = Path(__file__).parent.parent / "dataset"
GUIDELINE = "docs/guidelines.md, version 1.0"
Place = tuple[str, int | None]


def texts(dataset: Path) -> dict[Place, Article]:
    """The articles of ``dataset/sources`` by file name and record."""
    found = {}
    for source in find([dataset / "sources"]):
        for article in read(source):
            if not isinstance(article, Article):
                raise SystemExit(f"{article.origin.file_name}: {article.reason}")
            found[article.origin.file_name, article.origin.record] = article
    return found


def compiled(folder: Path, articles: dict[Place, Article], annotator: Annotator) -> Iterator[tuple[Article, Labels]]:
    """The labels of each draft in a folder, numbered. DraftError names draft and line."""
    for path in sorted(folder.glob("*.draft")):
        draft = path.read_text(encoding="utf-8")
        place = heading(draft)
        if place not in articles:
            raise DraftError(f"{path.name}: no article {place}; there are {sorted(articles, key=str)}")
        article = articles[place]
        try:
            yield article, derive.numbered(labels(draft, article, annotator), article)
        except DraftError as error:
            raise DraftError(f"{path.name}: {error}") from None


def carried(old: Article, new: Article, found: Labels) -> Labels:
    """Labels of one text as labels of another. DraftError where words are gone."""
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
            raise DraftError(f"{new.origin.file_name}: {words!r} no longer stands in the text")
        return after.span(
            min(at, key=lambda index: abs(index - there)), min(at, key=lambda i: abs(i - there)) + len(words)
        )

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
    """An annotation file as text: a label a line, so that a change of one shows as one. ValueError where it is not
    valid."""
    value = {
        "article_id": article.id,
        "file_name": article.origin.file_name,
        "text_sha256": derive.text_sha256(article.text),
        "annotator": annotator.to_json(),
        "labels": found.to_json(),
    }
    wrong = list(check.annotation(value, article.text, article.markup))
    if wrong:
        raise ValueError(
            f"{article.origin.file_name}: {wrong[0].path}: found {wrong[0].found}, expected {wrong[0].expected}"
        )
    head = [f' "{key}": {json.dumps(value[key], ensure_ascii=False)}' for key in value if key != "labels"]
    layers = [
        f'  "{layer}": [\n'
        + ",\n".join(f"   {json.dumps(x, ensure_ascii=False)}" for x in value["labels"][layer])
        + "\n  ]"
        for layer in LAYERS
    ]
    return "{\n" + ",\n".join([*head, ' "labels": {\n' + ",\n".join(layers) + "\n }"]) + "\n}\n"


def file_name(article: Article, annotator: Annotator) -> str:
    """The name of an annotation file: the source's path, the record and the annotator."""
    stem = article.origin.file_name.removeprefix("sources/").replace("!/", "-").replace("/", "-")
    record = "" if article.origin.record is None else f"-{article.origin.record}"
    return f"{stem}{record}.{annotator.id}.json"


def reanchored(dataset: Path, articles: dict[Place, Article]) -> Iterator[tuple[Path, str]]:
    """The annotation files whose text has changed, as they should read now."""
    by_text = {derive.text_sha256(article.text): article for article in articles.values()}
    old = None
    for path in sorted((dataset / "annotations").glob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["text_sha256"] in by_text:
            continue
        old = old or released(dataset)
        if value["text_sha256"] not in old:
            raise DraftError(
                f"{path.name}: the text that it was made for is not in the release; compile its draft again"
            )
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
    parser.add_argument("--drafts", type=Path, help="folder of drafts to compile")
    parser.add_argument("--annotator", default="first-pass", help="id of the annotator (default: first-pass)")
    parser.add_argument("--name", default="a large language model", help="what the annotator is")
    parser.add_argument("--dataset", type=Path, default=DATASET, help="folder with sources and annotations")
    given = parser.parse_args()
    articles = texts(given.dataset)
    annotator = Annotator(id=given.annotator, kind="model", name=given.name, guideline=GUIDELINE)
    folder = given.dataset / "annotations"
    try:
        if given.drafts:
            files = {
                folder / file_name(article, annotator): written(article, annotator, found)
                for article, found in compiled(given.drafts, articles, annotator)
            }
        else:
            files = dict(reanchored(given.dataset, articles))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    folder.mkdir(exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(files)} annotation files written, {len(articles)} articles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
