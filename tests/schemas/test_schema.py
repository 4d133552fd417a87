"""Schemas as documents of their own: every reference leads to what the files say, by another resolver."""

import json

import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import FOLDER, names, schema

FILES = {name: json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")) for name in names()}
REGISTRY = Registry().with_resources((d["$id"], DRAFT202012.create_resource(d)) for d in FILES.values())


def alike(one, other, mine, theirs, seen):
    """Two nodes say the same, references followed by ``referencing`` on both sides."""
    if isinstance(one, dict) and "$ref" in one:
        key = (one["$ref"], other["$ref"])
        if key not in seen:
            seen.add(key)
            here, there = mine.lookup(one["$ref"]), theirs.lookup(other["$ref"])
            alike(bare(here.contents), bare(there.contents), here.resolver, there.resolver, seen)
        one, other = ({k: v for k, v in node.items() if k != "$ref"} for node in (one, other))
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            alike(one[name], other[name], mine, theirs, seen)
    elif isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            alike(left, right, mine, theirs, seen)
    else:
        assert one == other


def bare(node):
    """Without what belongs to a document, not to what it says."""
    return {key: value for key, value in node.items() if key not in ("$schema", "$id", "$defs")}


@pytest.mark.parametrize("name", names())
def test_references_lead_to_what_the_files_say(name):
    bundled = schema(name)
    seen = set()
    mine = Registry().with_resource("", DRAFT202012.create_resource(bundled)).resolver()
    theirs = REGISTRY.resolver(FILES[name]["$id"])
    alike(bare(bundled), bare(FILES[name]), mine, theirs, seen)
    assert {ours.split("/")[2] for ours, _ in seen} <= set(bundled.get("$defs", ()))


@pytest.mark.parametrize("name", names())
def test_a_document_needs_no_file(name):
    bundled = schema(name)
    assert ".schema.json" not in json.dumps({**bundled, "$id": None})
    assert list(bundled.get("$defs", ())) == sorted(bundled.get("$defs", ()))


def test_an_unknown_schema_is_told_the_known_ones():
    with pytest.raises(UsageError, match=r"unknown schema 'claims'; did you mean 'claim'\?"):
        schema("claims")
