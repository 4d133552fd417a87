"""Croissant: the release's description as JSON-LD that other catalogues and loaders read.

Conventions: one FileObject a Parquet file, with its hash; one RecordSet a config and split, with the columns of the
schema. A field that holds objects has their plain values as sub-fields, and a class is an integer. Labels inside
articles are left out: they are tables of their own.

Source: the Croissant format, version 1.0 (MLCommons).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from allegedly.builders.release.facts import Facts
from allegedly.schemas.arrow import CONFIGS, SPLITS, feature_dicts
from allegedly.schemas.manifest import Output
from allegedly.schemas.records import Json

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"string": "sc:Text", "int64": "sc:Integer", "float64": "sc:Float", "bool": "sc:Boolean"}


def croissant(facts: Facts) -> Json:
    """The whole document. Licence, date and citation are left out where the recipe does not give them."""
    manifest, about = facts.manifest, facts.about
    optional = {"license": about.licence, "datePublished": manifest.date, "citeAs": about.citation}
    files = [output for output in manifest.outputs if output["path"].endswith(".parquet")]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": about.description
        or "News articles, sentence by sentence, with labels for claims, speculation and attribution.",
        "version": manifest.version,
        **{key: value for key, value in optional.items() if value},
        "distribution": [_file(output) for output in files],
        "recordSet": list(_record_sets(files)),
    }


def _file(output: Output) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": output["path"],
        "name": output["path"],
        "contentUrl": output["path"],
        "contentSize": f"{output['bytes']} B",
        "encodingFormat": "application/x-parquet",
        "sha256": output["sha256"],
    }


def _record_sets(files: Sequence[Output]) -> Iterator[Json]:
    for config in CONFIGS:
        for split in SPLITS:
            parts = [o["path"] for o in files if o["path"].startswith(f"data/{config}/{split}-")]
            for number, path in enumerate(parts):
                name = f"{config}-{split}" if len(parts) == 1 else f"{config}-{split}-{number:05d}"
                yield {
                    "@type": "cr:RecordSet",
                    "@id": name,
                    "name": name,
                    "field": [
                        _field(f"{name}/{column}", feature, path, column)
                        for column, feature in feature_dicts(config).items()
                        if not _nested(feature)
                    ],
                }


def _field(name: str, feature: Mapping[str, Any], path: str, column: str) -> Json:
    """A column; of one that holds objects, each plain value of theirs as a sub-field."""
    inner, repeated = _inner(feature)
    out: Json = {"@type": "cr:Field", "@id": name, "name": name, **({"repeated": True} if repeated else {})}
    if inner.get("_type"):
        return {**out, **_value(inner, path, {"column": column})}
    parts = {key: part for key, part in inner.items() if part.get("_type") == "Value"}
    return {
        **out,
        "subField": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{key}",
                "name": f"{name}/{key}",
                **_value(part, path, {"column": column}, {"jsonPath": key}),
            }
            for key, part in parts.items()
        ],
    }


def _value(feature: Mapping[str, Any], path: str, extract: Json, transform: Json | None = None) -> Json:
    source: Json = {"fileObject": {"@id": path}, "extract": extract}
    if transform is not None:
        source["transform"] = transform
    if feature["_type"] == "ClassLabel":
        described = ", ".join(f"{number} {value}" for number, value in enumerate(feature["names"]))
        return {"description": f"Classes: {described}.", "dataType": "sc:Integer", "source": source}
    return {"dataType": TYPES[feature["dtype"]], "source": source}


def _nested(feature: Mapping[str, Any]) -> bool:
    """Whether a column holds lists of objects that hold lists: labels inside articles, which are tables too."""
    inner, _ = _inner(feature)
    return not inner.get("_type") and any(part.get("_type") == "List" for part in inner.values())


def _inner(feature: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    repeated = False
    while feature.get("_type") == "List":
        feature, repeated = feature["feature"], True
    return feature, repeated
