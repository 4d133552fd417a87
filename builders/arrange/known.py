"""What annotation files ask about the articles of a build, looked up in what arranging left on disk."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.annotations.files import Annotation
from allegedly.builders.annotations.matching import Known
from allegedly.builders.arrange.arrange import Arranged
from allegedly.builders.arrange.placing import PLACED_COLUMNS, placed_rows
from allegedly.builders.arrange.texts import shown
from allegedly.builders.spool.records import Place, Spooled
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.records import Article

if TYPE_CHECKING:
    import pyarrow as pa


def known(arranged: Arranged, annotations: Sequence[Annotation]) -> Known:
    """What the build holds of what annotations ask for, and no more: their number bounds what is kept."""
    out = Known()
    if not annotations:
        return out
    sources = {annotation.source_id for annotation in annotations if annotation.source_id is not None}
    texts = {annotation.text_id for annotation in annotations if annotation.text_id is not None}
    texts |= {(annotation.article_id or "").partition("-")[0] for annotation in annotations}
    names = {annotation.file_name for annotation in annotations if annotation.file_name is not None}
    placeable = {annotation.file_name for annotation in annotations if annotation.has_sentences}
    for row in _rows(arranged, {"source_id": sources, "file_name": names}):
        text = row["id"].partition("-")[0]
        if row["source_id"] in sources:
            out.sources.setdefault(row["source_id"], []).append(row["id"])
            texts.add(text)
        if row["file_name"] in names:
            out.files[row["file_name"]] = max(text, out.files.get(row["file_name"], text))
        if row["file_name"] in placeable and len(of_file := out.of_file.setdefault(row["file_name"], [])) < 2:
            # a second one says that the name alone leads nowhere
            of_file.append(row["id"])
            texts.add(text)
    for names_of_one in out.sources.values():
        names_of_one.sort(key=_order)
    for row in _rows(arranged, {"text": texts}):
        out.copies.setdefault(row["id"].partition("-")[0], []).append(row["id"])
    for names_of_one in out.copies.values():
        names_of_one.sort(key=_order)
    for gone in arranged.gone():
        text = shown(gone.text)
        if gone.dropped and text in texts:
            out.gone[text] = gone.line.rule
        if gone.source_id in sources:
            out.gone_sources.append((gone.source_id, text))
            if gone.dropped:
                out.gone[text] = gone.line.rule
            elif text not in out.copies:
                out.copies[text] = [row["id"] for row in _rows(arranged, {"text": {text}})]
    return out


def articles(arranged: Arranged, spooled: Spooled, ids: Collection[str]) -> Iterator[Article]:
    """The articles of these final ids, in no order that means anything."""
    texts = {name.partition("-")[0] for name in ids}
    for row in _rows(arranged, {"text": texts}):
        if row["id"] in ids:
            place = Place(file=row["file"], offset=row["offset"], length=row["length"])
            yield replace(spooled.article(place)[0], id=row["id"])


def _order(name: str) -> tuple[str, int]:
    """Copies of a text in the order of their numbers."""
    text, _, number = name.partition("-")
    return text, int(number or 1)


def _rows(arranged: Arranged, wanted: dict[str, set[str]]) -> Iterator[dict[str, Any]]:
    """The rows of articles that have one of the values in one of the columns; ``text`` is an id without number."""
    for folder in arranged.folders:
        for split in SPLITS:
            table = placed_rows(Path(folder), split)
            if table is not None:
                yield from _matching(table, wanted)


def _matching(table: "pa.Table", wanted: dict[str, set[str]]) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = None
    for name, values in wanted.items():
        column = pc.utf8_slice_codeunits(table["id"], 0, 16) if name == "text" else table[name]
        here = pc.is_in(column, value_set=pa.array(sorted(values), pa.string()))
        mask = here if mask is None else pc.or_(mask, here)
    if mask is not None:
        yield from table.select([*PLACED_COLUMNS]).filter(mask).to_pylist()
