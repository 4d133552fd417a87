"""The JSON Schemas, by name: loaded, bundled into one document, and compiled into validators.

Conventions: a schema refers to others by file, ``part.schema.json`` or ``claim.schema.json#/properties/kind``;
bundled, the others stand under ``$defs``. Draft 2020-12.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown

FOLDER = Path(__file__).parent


@cache
def names() -> list[str]:
    """Names of all schemas."""
    return sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))


@cache
def schema(name: str) -> dict[str, Any]:
    """One schema as a document of its own. UsageError for an unknown name."""
    if name not in names():
        raise UsageError(unknown("schema", name, names()))
    todo = [name]
    found: dict[str, dict[str, Any]] = {}
    while todo:
        this = todo.pop()
        document = json.loads((FOLDER / f"{this}.schema.json").read_text(encoding="utf-8"))
        found[this] = _local(document, todo, found)
    bundled = found.pop(name)
    for other in found.values():
        other.pop("$schema")
        other.pop("$id")
    return {**bundled, "$defs": dict(sorted(found.items()))} if found else bundled


def _local(node: Any, todo: list[str], found: dict) -> Any:
    """The same document with references to other files turned into references to $defs."""
    if isinstance(node, list):
        return [_local(item, todo, found) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: _local(value, todo, found) for key, value in node.items()}
    target = out.get("$ref")
    if isinstance(target, str):
        file, _, pointer = target.partition("#")
        other = file.removesuffix(".schema.json")
        if other not in found and other not in todo:
            todo.append(other)
        out["$ref"] = f"#/$defs/{other}{pointer}"
    return out


@cache
def validator(name: str):
    """A compiled jsonschema-rs validator of one schema: ``is_valid``, ``iter_errors``."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema(name))


def values(name: str, key: str) -> list[str]:
    """The values of an enumeration in the order of the schema, without null."""
    node = schema(name)["properties"][key]
    return [value for value in node["enum"] if value is not None]


def errors(name: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """Where a value breaks a schema: path (JSON pointer), what was found, what was expected."""
    for error in validator(name).iter_errors(value):
        path = "/" + "/".join(str(step) for step in error.instance_path)
        yield path, shortened(error.instance), error.message


def shortened(value: Any, limit: int = 80) -> str:
    """A value as JSON, cut to a length that fits a line."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= limit else text[: limit - 1] + "…"
