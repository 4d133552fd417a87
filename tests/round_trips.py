"""Out and home: what each tool's exporter writes, submitted as it is, and read by its importer."""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from allegedly.builders.annotations.given import Articles, Given
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import LAYERS, Labels, Record


def submit_label_studio(folder: Path) -> Path:
    """An export of tasks whose predictions somebody submitted."""
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    for number, task in enumerate(tasks):
        result = [entry for prediction in task["predictions"] for entry in prediction["result"]]
        task |= {"id": number, "annotations": [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": result}]}
    (folder / "export.json").write_text(json.dumps(tasks), encoding="utf-8")
    return folder / "export.json"


def submit_doccano(folder: Path) -> Path:
    """An export of approved documents; the database gives ids of its own."""
    path = folder / "all.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number, line in enumerate((folder / "items.jsonl").read_text(encoding="utf-8").split("\n")[:-1]):
            value = json.loads(line)
            first = 1000 * number + 7
            for entity in value["entities"]:
                entity["id"] += first
            for relation in value["relations"]:
                relation |= {"from_id": relation["from_id"] + first, "to_id": relation["to_id"] + first}
            out.write(json.dumps({"id": number, **value, "Comments": []}) + "\n")
    return path


def submit_prodigy(folder: Path) -> Path:
    """The answers of somebody who accepts every line."""
    path = folder / "answers.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for line in (folder / "items.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
            out.write(json.dumps({**json.loads(line), "answer": "accept", "_annotator_id": "allegedly-amy"}) + "\n")
    return path


def submit_cas(folder: Path) -> Path:
    """Documents that somebody looked at."""
    for path in (folder / "documents").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('checked="false"', 'checked="true"'), encoding="utf-8")
    return folder / "documents"


#: For each tool a function from the folder of an export to what is imported, and options of the importer.
TOOLS = {
    "label_studio": (submit_label_studio, {}),
    "doccano": (submit_doccano, {"approved": "yes"}),
    "prodigy": (submit_prodigy, {}),
    "cas": (submit_cas, {}),
}


def exported(tool: str, records: list[Record], folder: Path, **options: str) -> Path:
    """The folder that an exporter fills."""
    folder.mkdir(parents=True, exist_ok=True)
    import_module(f"allegedly.builders.exporters.{tool}").write(iter(records), folder, **options)
    return folder


def imported(tool: str, path: Path, records: list[Record], **options: str) -> list:
    """What an importer gives."""
    articles = Articles.of(record.article for record in records)
    return list(import_module(f"allegedly.builders.importers.{tool}").annotations(path, articles, **options))


def home(tool: str, records: list[Record], folder: Path) -> dict[str, Labels]:
    """Labels by article after the whole way; everything else that is told is an error."""
    submit, options = TOOLS[tool]
    items = imported(tool, submit(exported(tool, records, folder)), records, **options)
    assert [str(item) for item in items if not isinstance(item, Given)] == []
    return {item.article.id: as_home(item.labels, item.article) for item in items}


def as_home(labels: Labels, article) -> Labels:
    """Labels as they are compared: numbered, unsigned; a layer that was offered and is empty says that nothing is there."""
    whole = Labels(**{layer: tuple(replace(each, by="") for each in getattr(labels, layer) or ()) for layer in LAYERS})
    return numbered(whole, article)
