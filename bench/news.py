"""Builds the gold on real news from somebody's own copies of the corpora: ``make news``.

    python bench/news.py CORPORA [--out build/news] [--sheet]

Copies are looked for in CORPORA, laid out beside the release, and built by ``dataset/news/recipe.toml``. What is missing,
and what differs by how much, is told. Without any copy nothing is built, and it says what to get from where. ``--sheet``
renews the figures of ``dataset/news/README.md``; it needs every copy as it was labelled.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from news_copies import CORPORA, NEWS, Row, found, laid_out, selection, where_to_get

from allegedly import build
from allegedly.schemas import stored
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.errors import DataError

#: So many articles of a kind are named.
NAMED = 10


def built(
    corpora: Path, out: Path, rows: Sequence[Row], annotations: Path = NEWS / "annotations", workers: int | None = None
) -> list[str]:
    """Builds the release, and says what of the selection is not in it as it was labelled. DataError without copies."""
    copies = found(corpora, rows)
    if not copies:
        raise DataError(f"{corpora}: holds none of the {len(rows)} articles; get their corpora:\n{where_to_get()}")
    sources = laid_out(copies, out.parent / f"{out.name}-copies")
    build(sources, out, recipe=NEWS / "recipe.toml", annotations=annotations, workers=workers)
    return list(told(out, rows, copies))


def told(out: Path, rows: Sequence[Row], copies: Mapping[str, Path]) -> Iterator[str]:
    """What a person should know of the copies: what is missing, refused or other than it was."""
    texts = {record.article.origin.file_name: record.article.text for record in stored.records(out)}
    lines = [json.loads(line) for line in (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines()]
    refused = {line["origin"]["file_name"]: line["reason"] for line in lines if line["stage"] != "annotate"}
    by_article = {record.article.id: record.article.origin.file_name for record in stored.records(out)}
    differing: dict[str, list[str]] = {}
    for line in lines:
        if line["rule"] in ("annotation-of-other-copy", "annotation-of-other-text"):
            differing.setdefault(by_article[line["detail"]["article"]], []).append(line["reason"])
    same = [row for row in rows if row.file_name in texts and text_sha256(texts[row.file_name]) == row.text_sha256]
    yield f"{len(same)} of {len(rows)} articles as they were labelled"
    for corpus in CORPORA:
        missing = [row.file_name for row in rows if row.corpus == corpus and row.file_name not in copies]
        if missing:
            yield f"missing of {corpus}: {len(missing)} ({_some(missing)}); {CORPORA[corpus]}"
    lost = [
        f"{row.file_name}: {refused.get(row.file_name, 'gave no article')}"
        for row in rows
        if row.file_name in copies and row.file_name not in texts
    ]
    yield from (f"refused: {line}" for line in lost[:NAMED])
    others = [row.file_name for row in rows if row.file_name in texts and row not in same]
    if others:
        whole = [name for name in others if name not in differing]
        yield f"other than labelled: {len(others)}; in {len(whole)} of them every sentence has been found"
        yield from (f"  {line}" for name in others for line in sorted(set(differing.get(name, []))))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=NEWS.parent.parent / "build" / "news")
    parser.add_argument("--sheet", action="store_true", help="renew the figures of dataset/news/README.md")
    given = parser.parse_args()
    rows = selection()
    try:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        lines = built(given.corpora, given.out, rows)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    if given.sheet:
        if len(lines) > 1:
            print(
                "the figures need every copy as it was labelled; dataset/news/README.md is left as it is",
                file=sys.stderr,
            )
            return 1
        from news_sheet import renew

        renew(NEWS / "README.md", given.out, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
