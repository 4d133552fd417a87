"""Tables of releases that versions before 0.3.0 made, read as those of today.

Conventions: there enumerations are class ids in the tables of labels too, and what came later is missing: columns that
repeat what the article says are null, nobody annotated speakers, and agencies were not looked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from allegedly.schemas.arrow import COLUMNS, Row, arrow_schema
from allegedly.schemas.records import LAYERS
from allegedly.schemas.schema import schema

if TYPE_CHECKING:
    import pyarrow as pa

#: Columns of the tables of labels that came with 0.3.0.
NEW = frozenset({"claimer_kind", "holder_kind", "speaker", "speaker_text", "outlet", "published", "group"})
#: What came with it to the rows of articles, and to their attributions.
OF_ARTICLE, OF_ATTRIBUTION = "agencies", "speaker"


@cache
def enumerations(config: str) -> Mapping[str, Sequence[str]]:
    """The names behind the class ids of a table of labels or votes, in their order, by column."""
    if config == "votes":
        return {"layer": LAYERS}
    if config not in LAYERS:
        return {}
    of_column = {column: source.split("/") for column, source in COLUMNS[config] if source and source.count("/") == 1}
    nodes = {column: schema(name)["properties"][key] for column, (name, key) in of_column.items()}
    return {
        column: [name for name in node["enum"] if name is not None]
        for column, node in nodes.items()
        if "enum" in node and column not in NEW
    }


@cache
def former_schema(config: str) -> "pa.Schema":
    """The ``pyarrow.Schema`` of a config as it was."""
    import pyarrow as pa

    now = arrow_schema(config)
    if config == "articles":
        return pa.schema([_without(field) for field in now if field.name != OF_ARTICLE])
    left = [field for field in now if config == "sentences" or field.name not in NEW]
    classes = enumerations(config)
    return pa.schema([pa.field(field.name, pa.int64()) if field.name in classes else field for field in left])


def _without(field: "pa.Field") -> "pa.Field":
    import pyarrow as pa

    if field.name != "attributions":
        return field
    return pa.field(field.name, pa.list_(pa.struct([f for f in field.type.value_type if f.name != OF_ATTRIBUTION])))


def as_now(config: str, rows: Sequence[Row], columns: Sequence[str] | None) -> Iterator[Row]:
    """Rows of a former table as rows of today; ``columns``: only these. ValueError for a class id that stands for nothing."""
    classes = enumerations(config)
    names = arrow_schema(config).names if columns is None else columns
    for row in rows:
        named: Row = {column: _named(classes[column], row[column]) for column in classes if column in row}
        if config == "articles":
            named |= {OF_ARTICLE: [], "attributions": _with_speaker(row.get("attributions"))}
        yield {column: named[column] if column in named else row.get(column) for column in names}


def _named(names: Sequence[str], number: int | None) -> str | None:
    if number is None:
        return None
    if not 0 <= number < len(names):
        raise ValueError(f"class id {number}, expected one of 0 to {len(names) - 1}")
    return names[number]


def _with_speaker(labels: list[Row] | None) -> list[Row] | None:
    return None if labels is None else [{**label, OF_ATTRIBUTION: None} for label in labels]
