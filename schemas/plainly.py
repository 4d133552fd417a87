"""Where a value breaks a schema, told in words that need no knowledge of schemas.

Conventions: findings ``(path, found, expected)`` as ``schema.errors`` gives them. What is found is the value that is wrong
or the key that is missing or unknown, never all that stands around it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allegedly.schemas.schema import errors, shortened, validator

if TYPE_CHECKING:
    import jsonschema_rs

_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
#: So many keys stand in one finding.
_KEYS = 5


def plain_errors(name: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """Where a value breaks the schema of that name."""
    try:
        for error in validator(name).iter_errors(value):
            yield from _told(error, name)
    except ValueError:  # lone surrogates too, and nesting without end
        yield from errors(name, value)


def _told(error: "jsonschema_rs.ValidationError", name: str) -> Iterator[tuple[str, str, str]]:
    """The findings of one error; of several ways in which a value may be right, those of the way that it comes nearest."""
    kind: Any = error.kind
    path = "/" + "/".join(str(step) for step in error.instance_path)
    schema = f"`allegedly schema {name.replace('_', '-')}`"
    match kind.name:
        case "anyOf":
            yield from _nearest(error, name)
        case "required":
            yield path, f"no {shortened(kind.property, 40)}", "it"
        case "additionalProperties":
            keys = ", ".join(shortened(key, 40) for key in kind.unexpected[:_KEYS])
            more = f" and {len(kind.unexpected) - _KEYS} more" if len(kind.unexpected) > _KEYS else ""
            yield path, f"the key {keys}{more}", f"no others than those of {schema}"
        case _:
            yield path, shortened(error.instance), _expected(kind, schema)


def _expected(kind: Any, schema: str) -> str:
    match kind.name:
        case "type":
            return " or ".join(_TYPES.get(each, each) for each in kind.types)
        case "enum":
            options = kind.options
            return f"one of {', '.join(shortened(each, 40) for each in options)}"
        case "minimum":
            return f"at least {kind.limit}"
        case "maximum":
            return f"at most {kind.limit}"
        case "minLength":
            return f"text of at least {kind.limit} character{'s' if kind.limit != 1 else ''}"
        case "pattern":
            return f"text like {kind.pattern}"
    return f"what {schema} says"


def _nearest(error: "jsonschema_rs.ValidationError", name: str) -> Iterator[tuple[str, str, str]]:
    kind: Any = error.kind
    branches = [branch for branch in kind.context if branch]
    if all(branch[0].kind.name == "required" for branch in branches):
        keys = " or ".join(shortened(branch[0].kind.property, 40) for branch in branches)
        yield "/" + "/".join(map(str, error.instance_path)), f"no {keys}", "one of them"
        return
    for each in max(branches, key=lambda branch: max(len(one.instance_path) for one in branch)):
        yield from _told(each, name)
