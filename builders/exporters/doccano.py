"""doccano: lines with the labels that win as entities and relations, the types of both, and how to go on.

Conventions: offsets are UTF-16 code units, which is what doccano's pages count. An entity is one span of one part; several pieces
are joined by the relation ``continues``, parts of a label by ``part-of``, links run from label to attribution
(`builders.annotations.regions`). doccano has no place for attributes: they travel in the line, and come home with the labels that
they went out with.
Source: doccano 1.8, "JSONL(Relation)".
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from allegedly.builders.annotations import items, regions
from allegedly.builders.annotations.units import UTF_16, Utf16
from allegedly.builders.exporters._tools import COLOURS, OPTIONS, losses, offered, put
from allegedly.schemas.records import Json, Record

PATH = "folder"
README = """# Labels for doccano

1. Start it (`pip install doccano "marshmallow<4" "numpy<2"`), the task queue beside it; `doccano webserver` would listen on every
   interface of the machine, gunicorn on this one:

   ```
   doccano init && doccano createuser --username me --password choose-one
   doccano task & (cd $(python -c "import backend, os; print(os.path.dirname(backend.__file__))") && \\
     gunicorn --bind 127.0.0.1:8000 config.wsgi)
   ```

2. At http://127.0.0.1:8000 make a project: sequence labeling, with "Allow overlapping spans" and "Use relation labeling", without
   "Count grapheme clusters as one character", and with "Share annotations across all users", so that annotators see the
   suggestions. Import `span_types.json` and `relation_types.json` under Labels, and `items.jsonl` under Dataset as
   JSONL(Relation).

3. Label, tick off each text that you have looked at, export as JSONL(Relation) with "Export only approved documents", and bring the
   labels home:

   ```
   allegedly import doccano all.jsonl --against RELEASE --by NAME --out annotations/
   ```

- A text that comes back as it went out is taken only with `--option approved=yes`: the file does not say whether anybody looked at
  it. Add it where the file holds approved documents only.
- A part in several pieces is an entity for each, joined by relations `continues`. The parts of a label are joined by `part-of`.
- Offsets are counted in UTF-16 code units, as doccano's pages do where "Count grapheme clusters as one character"
  (`grapheme_mode`) is off. With it on, what you mark behind an emoji is stored elsewhere.
- Attributes (kind, worth, certainty ...) are not shown. They come home with the labels that had them; a new label has none.
- The project has no annotators of its own: one project each.
"""


def write(records: Iterable[Record], path: Path, *, layers: str | None = None) -> None:
    """``items.jsonl``, ``span_types.json``, ``relation_types.json`` and ``README.md``."""
    wanted = offered(layers)
    put(path / "items.jsonl", (json.dumps(_line(record, wanted), allow_nan=False) for record in records))
    spans = [_type(name, COLOURS[name]) for name in regions.names(wanted)]
    relations = [_type(name, "#555555") for name in regions.relations(wanted)]
    for name, types in (("span_types", spans), ("relation_types", relations)):
        put(path / f"{name}.json", [json.dumps(types, indent=1)])
    put(path / "README.md", [README])


def _type(name: str, colour: str) -> Json:
    return {"text": name, "background_color": colour, "text_color": "#000000"}


def _line(record: Record, layers: Sequence[str]) -> Json:
    out = items.outgoing(record, layers, UTF_16, attributes=True)
    numbers = {region.id: number for number, region in enumerate(out.marked.regions)}
    count = Utf16(record.article.text).of
    entities = [
        {
            "id": numbers[region.id],
            "start_offset": count(region.start),
            "end_offset": count(region.end),
            "label": region.name,
        }
        for region in out.marked.regions
    ]
    relations = [
        {"id": number, "from_id": numbers[start], "to_id": numbers[end], "type": name}
        for number, (name, start, end) in enumerate(out.marked.relations)
    ]
    return {"text": record.article.text, "entities": entities, "relations": relations, "allegedly": out.item}


__all__ = ["OPTIONS", "PATH", "losses", "write"]
