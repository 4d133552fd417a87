"""The JSON Schemas, by name: loaded, bundled into one document, and compiled into validators.

Conventions: a schema refers to others by file, ``part.schema.json`` or ``claim.schema.json#/properties/kind``;
bundled, the others stand under ``$defs``. Draft 2020-12.
"""

import json
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown

if TYPE_CHECKING:
    import jsonschema_rs

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
    documents: dict[str, dict[str, Any]] = {}
    todo = {name}
    while todo:
        current = todo.pop()
        text = (FOLDER / f"{current}.schema.json").read_text(encoding="utf-8")
        others: set[str] = set()
        documents[current] = _localised(json.loads(text), others)
        todo |= others - documents.keys()
    whole = documents.pop(name)
    inner = {other: documents[other] for other in sorted(documents)}
    for document in inner.values():
        del document["$schema"], document["$id"]
    return {**whole, "$defs": inner} if inner else whole


def _localised(node: Any, others: set[str]) -> Any:
    """The same document with references to files turned into references to ``$defs``; notes the schemas in the files."""
    if isinstance(node, list):
        return [_localised(item, others) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _localised(child, others) for key, child in node.items()}
    if isinstance(copy.get("$ref"), str):
        file, _, pointer = copy["$ref"].partition("#")
        other = file.removesuffix(".schema.json")
        others.add(other)
        copy["$ref"] = f"#/$defs/{other}{pointer}"
    return copy


@cache
def validator(name: str) -> "jsonschema_rs.Validator":
    """A compiled jsonschema-rs validator of one schema: ``is_valid``, ``iter_errors``."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema(name))


def values(name: str, key: str) -> list[str]:
    """The values of an enumeration in the order of the schema, without null."""
    node = schema(name)["properties"][key]
    return [value for value in node["enum"] if value is not None]


def flag_name(table: str, key: str, keys: Container[str]) -> str:
    """What a key of a recipe's table is called as a flag: its own name, and the table's before it where one of the
    recipe's ``keys`` is called so (``split_near``)."""
    return f"{table.removesuffix('s')}_{key}" if key in keys and table != key else key


def is_valid(name: str, value: Any) -> bool:
    """Whether ``errors`` finds nothing, in half of its time."""
    try:
        return validator(name).is_valid(value)
    except ValueError:
        return False


def errors(name: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """Where a value breaks a schema: path (JSON pointer), what was found, what was expected. What no schema can speak of
    (lone surrogates, nesting without end, values that are not JSON's) is found too, and concerns the whole value."""
    try:
        for error in validator(name).iter_errors(value):
            path = "/" + "/".join(str(step) for step in error.instance_path)
            yield path, shortened(error.instance), _cut(error.message, 500)
    except UnicodeEncodeError:
        yield "/", "a lone surrogate", "text that UTF-8 can hold"
    except ValueError as error:
        yield "/", _cut(str(error), 200), "a JSON value of few levels"


def shortened(value: Any, limit: int = 80) -> str:
    """A value as JSON, cut to a length that fits a line; the name of its type, where JSON cannot hold it."""
    try:
        # what no terminal and no file can hold is shown by its number
        text = json.dumps(value, ensure_ascii=False, default=repr).encode("utf-8", "backslashreplace").decode()
    except (TypeError, ValueError, RecursionError):
        text = f"a {type(value).__name__} that JSON cannot hold"
    return _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
