"""Label Studio: tasks with the labels that win as predictions, the labelling interface, and how to go on.

Conventions: offsets are code points, as in Label Studio's ``<Text>``. A region is one span of one part; several pieces are
joined by the relation ``continues``, parts of a label by ``part-of``, links run from label to attribution
(`builders.annotations.regions`). Attributes are choices of a region. The id of the label stands in the region's notes.
Source: Label Studio's documentation, "Import pre-annotated data", version 1.23.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from allegedly.builders.annotations import items, regions
from allegedly.builders.annotations.units import CODE_POINTS
from allegedly.builders.exporters._tools import COLOURS, OPTIONS, losses, offered, put
from allegedly.schemas.records import ATTRIBUTES, Json, Record

PATH = "folder"
README = """# Labels for Label Studio

1. Start it (`pip install label-studio`), with a name, a password and a token of your own:

   ```
   export TOKEN=$(openssl rand -hex 20)
   LABEL_STUDIO_USERNAME=me@example.org LABEL_STUDIO_PASSWORD=choose-one LABEL_STUDIO_USER_TOKEN=$TOKEN \\
     label-studio start --internal-host 127.0.0.1 --port 8080 --enable-legacy-api-token
   ```

2. Make a project with the labels of `config.xml`, and import the tasks into it (the number of the project, here 1, stands in
   the first answer):

   ```
   curl -H "Authorization: Token $TOKEN" -F title=allegedly -F "label_config=<config.xml" \\
     -F show_collab_predictions=true http://127.0.0.1:8080/api/projects
   curl -H "Authorization: Token $TOKEN" -H "Content-Type: application/json" --data-binary @tasks.json \\
     http://127.0.0.1:8080/api/projects/1/import
   ```

3. Label, submit each task, export as JSON (JSON-MIN drops relations), and bring the labels home:

   ```
   allegedly import label-studio export.json --against RELEASE --by NAME --out annotations/
   ```

- What the release says already is shown as predictions; it is yours once you submit the task.
- A part in several pieces is a region for each, joined by relations `continues`. The parts of a label are joined by
  `part-of`. Attributes are below the text once a region is selected.
- Offsets are counted in code points.
- Where several people labelled, `--option annotator=...` chooses one: the e-mail address, or the number.
"""


def write(records: Iterable[Record], path: Path, *, layers: str | None = None) -> None:
    """``tasks.json``, ``config.xml`` and ``README.md``."""
    wanted = offered(layers)
    put(path / "tasks.json", _array(_task(record, wanted) for record in records))
    put(path / "config.xml", _config(wanted))
    put(path / "README.md", [README])


def _array(tasks: Iterable[Json]) -> Iterator[str]:
    """The lines of a list, a task a line."""
    before = "["
    for task in tasks:
        yield before + json.dumps(task, allow_nan=False)
        before = ","
    yield before.replace(",", "") + "]"


def _task(record: Record, layers: Sequence[str]) -> Json:
    out = items.outgoing(record, layers, CODE_POINTS)
    data = {
        "text": record.article.text,
        "article_id": record.article.id,
        "title": record.article.title,
        "allegedly": out.item,
    }
    by = sorted({label.by for layer in layers for label in getattr(record.labels, layer) or ()})
    result = list(_result(out))
    prediction = {"model_version": ", ".join(filter(None, by)) or "allegedly", "result": result}
    return {"data": data, "predictions": [prediction] if result else []}


def _result(out: items.Outgoing) -> Iterator[Json]:
    """Each region, the choices of its attributes, and the relations."""
    for region in out.marked.regions:
        span = {"start": region.start, "end": region.end, "text": out.article.text[region.start : region.end]}
        note = {"meta": {"text": [region.label]}}
        common = {"id": region.id, "to_name": "text"}
        yield {**common, "from_name": "labels", "type": "labels", "value": {**span, "labels": [region.name]}, **note}
        layer = regions.NAMES[region.name][0]
        for attribute, word in region.attributes.items():
            value = {**span, "choices": [word]}
            yield {**common, "from_name": f"{layer}-{attribute}", "type": "choices", "value": value, **note}
    for name, start, end in out.marked.relations:
        yield {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [name]}


def _config(layers: Sequence[str]) -> Iterator[str]:
    """The labelling interface: labels, relations, the text, and the attributes of the region that is selected."""
    names = regions.names(layers)
    yield "<View>"
    yield '  <Labels name="labels" toName="text">'
    yield from (f'    <Label value="{name}" background="{COLOURS[name]}"/>' for name in names)
    yield "  </Labels>"
    yield "  <Relations>"
    yield from (f'    <Relation value="{name}"/>' for name in regions.relations(layers))
    yield "  </Relations>"
    yield '  <Text name="text" value="$text"/>'
    for layer in layers:
        own = ",".join(regions.names((layer,)))
        for attribute in ATTRIBUTES[layer]:
            shown = (
                f'perRegion="true" visibleWhen="region-selected" whenTagName="labels" whenLabelValue={quoteattr(own)}'
            )
            yield f'  <Choices name="{layer}-{attribute}" toName="text" choice="single-radio" showInline="true" {shown}>'
            yield f'    <Header value="{attribute}" size="6"/>'
            yield from (f'    <Choice value="{word}"/>' for word in regions.choices(layer, attribute))
            yield "  </Choices>"
    yield "</View>"


__all__ = ["OPTIONS", "PATH", "losses", "write"]
