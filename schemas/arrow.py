"""The tables of a release: JSON Schema -> features -> Arrow, and a record -> rows.

Conventions: contract, section 4. A feature is kept in the form in which `datasets` writes it into Parquet metadata
(``{"dtype": "string", "_type": "Value"}``), so that building a release need not import `datasets`; a test holds both
equal. Enumerations that are columns of their own are class ids, inside nested lists they are strings. Columns follow
from the schemas: a schema that cannot be mapped is refused.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from allegedly.schemas.canonical import canonical
from allegedly.schemas.derive import overlapped, surface, surfaces
from allegedly.schemas.records import LAYERS, LINK, Article, Json, Label, Labels, Part, Record, Sentence
from allegedly.schemas.schema import schema

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

SPLITS = ("train", "validation", "test")
Feature = dict[str, Any]
Row = dict[str, Any]
#: Rows column by column: by name, in the order of a row's keys, an entry a row.
Columns = dict[str, list[Any]]

STRING: Feature = {"dtype": "string", "_type": "Value"}
_SCALARS = {
    "string": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
}

#: Columns of each config: name, and the schema and property it follows; a bare name is a string of our own making.
_LABEL = ("by", "confidence", "scheme")
#: What the tables of labels repeat of the article, so that one table answers a question.
_OF_ARTICLE = (("outlet", "article/outlet"), ("published", "article/published"), ("group", None))
COLUMNS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "sentences": (
        ("id", "sentence/id"),
        ("article_id", None),
        ("start", "sentence/start"),
        ("end", "sentence/end"),
        ("block", "article/blocks/kind"),
        ("text", None),
        ("claim", "sentence/claim"),
        ("speculation", "sentence/speculation"),
        ("attribution", "sentence/attribution"),
        ("scores", "sentence/scores"),
        ("language", "article/language"),
        *_OF_ARTICLE,
    ),
    "articles": (
        *((name, f"article/{name}") for name in schema("article")["properties"]),
        ("claims", "[]claim"),
        ("speculations", "[]speculation"),
        ("attributions", "[]attribution"),
        ("group", None),
    ),
    "claims": (
        ("id", None),
        ("article_id", None),
        ("text", "claim/text"),
        ("extent", "claim/extent"),
        ("sentence", None),
        *((name, f"claim/{name}") for name in ("kind", "worth", "certainty", "polarity", "claimer")),
        ("claimer_text", None),
        ("claimer_kind", "attribution/source_kind"),
        *((name, f"claim/{name}") for name in _LABEL),
        *_OF_ARTICLE,
    ),
    "speculations": (
        ("id", None),
        ("article_id", None),
        ("text", "speculation/text"),
        ("cue", "speculation/cue"),
        ("scope", "speculation/scope"),
        ("scope_text", None),
        ("sentence", None),
        *((name, f"speculation/{name}") for name in ("kind", "certainty", "holder")),
        ("holder_text", None),
        ("holder_kind", "attribution/source_kind"),
        *((name, f"speculation/{name}") for name in _LABEL),
        *_OF_ARTICLE,
    ),
    "attributions": (
        ("id", None),
        ("article_id", None),
        ("text", "attribution/text"),
        ("source", "attribution/source"),
        ("source_text", None),
        ("speaker", "attribution/speaker"),
        ("speaker_text", None),
        ("cue", "attribution/cue"),
        ("cue_text", None),
        ("content", "attribution/content"),
        ("sentence", None),
        *((name, f"attribution/{name}") for name in ("form", "act", "negated", "source_kind", "parent")),
        *((name, f"attribution/{name}") for name in _LABEL),
        *_OF_ARTICLE,
    ),
    "votes": (("article_id", None), ("layer", None), ("by", None), ("labels", None)),
}
CONFIGS = tuple(COLUMNS)


@cache
def feature_dicts(config: str) -> dict[str, Feature]:
    """The features of a config, column by column, in the form of Parquet metadata."""
    # of tables of labels SQL and data frames want words; a model is trained on the classes of sentences
    classes = config == "sentences"
    return {column: _column(source, classes) for column, source in COLUMNS[config]}


def _column(source: str | None, classes: bool) -> Feature:
    if source is None:
        return STRING
    if source.startswith("[]"):
        name = source[2:]
        return {"feature": _feature(schema(name), schema(name)), "_type": "List"}
    name, *steps = source.split("/")
    document = schema(name)
    node = document
    for step in steps:
        node = _resolved(node, document)
        node = (node["items"] if node.get("type") == "array" else node)["properties"][step]
    node = _resolved(node, document)
    if classes and "enum" in node:
        return _class_label(v for v in node["enum"] if v is not None)
    return _feature(node, document)


def _class_label(names: Iterable[str]) -> Feature:
    return {"names": list(names), "_type": "ClassLabel"}


def _resolved(node: Json, document: Json) -> Json:
    """The schema that a node refers to, without the alternative null."""
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    alternatives = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
    return _resolved(alternatives[0], document) if "type" not in node and len(alternatives) == 1 else node


def _feature(node: Json, document: Json) -> Feature:
    node = _resolved(node, document)
    if "enum" in node:
        return STRING
    kind = node.get("type")
    if isinstance(kind, list):
        (kind,) = [name for name in kind if name != "null"]
    if kind in _SCALARS:
        return {"dtype": _SCALARS[kind], "_type": "Value"}
    if kind == "array":
        return {"feature": _feature(node["items"], document), "_type": "List"}
    if kind == "object" and node.get("properties"):
        return {name: _feature(child, document) for name, child in node["properties"].items()}
    raise TypeError(f"no Arrow type for this schema: {json.dumps(node)[:200]}; give it one plain type")


def features(config: str) -> "Features":
    """The same as ``datasets.Features``."""
    from datasets import Features

    whole: Features = Features.from_dict(feature_dicts(config))
    return whole


@cache
def arrow_schema(config: str) -> "pa.Schema":
    """The ``pyarrow.Schema`` of a config, with the metadata that `datasets` reads its features from."""
    import pyarrow as pa

    columns = feature_dicts(config)
    metadata = {"huggingface": json.dumps({"info": {"features": columns}})}
    return pa.schema([(name, _arrow_type(feature)) for name, feature in columns.items()], metadata=metadata)


def _arrow_type(feature: Feature) -> "pa.DataType":
    import pyarrow as pa

    kind = feature.get("_type")
    if kind == "Value":
        return {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}[
            feature["dtype"]
        ]
    if kind == "ClassLabel":
        return pa.int64()
    if kind == "List":
        return pa.list_(_arrow_type(feature["feature"]))
    return pa.struct([(name, _arrow_type(child)) for name, child in feature.items()])


@cache
def class_ids(config: str, column: str) -> dict[str | None, int | None]:
    """From the value of an enumeration to its class id; None stays None."""
    names = feature_dicts(config)[column]["names"]
    return {None: None, **{name: at for at, name in enumerate(names)}}


@cache
def class_names(config: str, column: str) -> tuple[str, ...]:
    """The values of an enumeration in the order of their class ids."""
    return tuple(feature_dicts(config)[column]["names"])


def rows(record: Record) -> dict[str, list[Row]]:
    """The rows of one record in every config, in order of position, class ids as integers."""
    texts = surfaces(record.article.text, record.article.sentences, record.article.markup)
    sentences = _sentence_columns(record, texts)
    in_rows = [dict(zip(sentences, row, strict=True)) for row in zip(*sentences.values(), strict=True)]
    return {"sentences": in_rows, **_other_rows(record, texts)}


def columns(record: Record) -> dict[str, Columns]:
    """The same column by column, since sentences are many, and columns are made sooner than dictionaries; configs
    without rows are left out."""
    texts = surfaces(record.article.text, record.article.sentences, record.article.markup)
    sentences = _sentence_columns(record, texts)
    others = {
        config: {name: [row[name] for row in found] for name in feature_dicts(config)}
        for config, found in _other_rows(record, texts).items()
        if found
    }
    return {"sentences": sentences, **others}


def _other_rows(record: Record, texts: list[str]) -> dict[str, list[Row]]:
    """The rows of all configs but sentences. ``texts``: the words of the article's sentences."""
    labels = record.labels.to_json()
    return {
        "articles": [{**record.article.to_json(), **labels, "group": record.group}],
        "claims": _label_rows(record, "claims", record.labels.claims, labels["claims"], texts),
        "speculations": _label_rows(record, "speculations", record.labels.speculations, labels["speculations"], texts),
        "attributions": _label_rows(record, "attributions", record.labels.attributions, labels["attributions"], texts),
        "votes": list(_vote_rows(record, labels)),
    }


def _sentence_columns(record: Record, texts: list[str]) -> Columns:
    article, sentences = record.article, record.sentences
    text_at = {span.start: text for span, text in zip(article.sentences, texts, strict=True)}
    claim_ids = class_ids("sentences", "claim")
    speculation_ids, attribution_ids = class_ids("sentences", "speculation"), class_ids("sentences", "attribution")
    return {
        "id": [f"{article.id}:{sentence.start}" for sentence in sentences],
        "article_id": [article.id] * len(sentences),
        "start": [sentence.start for sentence in sentences],
        "end": [sentence.end for sentence in sentences],
        "block": list(_blocks_of(record)),
        "text": [text_at[sentence.start] for sentence in sentences],
        "claim": [claim_ids[sentence.claim] for sentence in sentences],
        "speculation": [speculation_ids[sentence.speculation] for sentence in sentences],
        "attribution": [attribution_ids[sentence.attribution] for sentence in sentences],
        "scores": [_scores(sentence) for sentence in sentences],
        "language": [article.language] * len(sentences),
        "outlet": [article.outlet] * len(sentences),
        "published": [article.published] * len(sentences),
        "group": [record.group] * len(sentences),
    }


def _scores(sentence: Sentence) -> Row | None:
    scores = sentence.scores
    return None if scores is None else {name: scores.get(name) for name in values_of_scores()}


def _blocks_of(record: Record) -> Iterator[int | None]:
    """For each sentence the class id of the kind of its block; None behind the last block."""
    block_ids = class_ids("sentences", "block")
    blocks = iter(record.article.blocks)
    block = next(blocks, None)
    for sentence in record.sentences:
        while block is not None and block.end <= sentence.start:
            block = next(blocks, None)
        yield block_ids[None if block is None else block.kind]


@cache
def values_of_scores() -> tuple[str, ...]:
    """Names of the scores of a sentence, in the order of the schema."""
    return tuple(schema("sentence")["properties"]["scores"]["properties"])


class _Columns(NamedTuple):
    """How the columns of a table of labels come about: an empty row in their order, those that are the label's own,
    those that hold the words of a part, and those with the words and the kind of the linked source."""

    blank: Row
    same: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    linked: tuple[str, str] | None


@cache
def _columns(layer: str) -> _Columns:
    features = feature_dicts(layer)
    link = LINK[layer]
    linked = (f"{link}_text", f"{link}_kind") if f"{link}_kind" in features else None
    of_ours = {"id", "article_id", "sentence", link, *(linked or ()), *(name for name, _ in _OF_ARTICLE)}
    left = [column for column in features if column not in of_ours]
    words = [column for column in left if column.endswith("_text")]
    return _Columns(
        dict.fromkeys(features),
        tuple(column for column in left if column not in words),
        tuple((column, column.removesuffix("_text")) for column in words),
        linked,
    )


def _label_rows(
    record: Record, layer: str, labels: Sequence[Label] | None, values: Sequence[Row] | None, texts: list[str]
) -> list[Row]:
    """One row a label. ``values`` are the labels as JSON, ``texts`` the words of the article's sentences."""
    article, columns, link = record.article, _columns(layer), LINK[layer]
    attributions = {label.id: label for label in record.labels.attributions or ()}
    of_article = {"outlet": article.outlet, "published": article.published, "group": record.group}
    bounds = [span.start for span in article.sentences], [span.end for span in article.sentences]
    out = []
    for label, value in zip(labels or (), values or (), strict=True):
        row = columns.blank | of_article
        for column in columns.same:
            row[column] = value[column]
        for column, part in columns.words:
            row[column] = _words(article, getattr(label, part))
        linked = value[link]
        row["id"], row["article_id"] = f"{article.id}:{label.id}", article.id
        row["sentence"] = _sentence(label, bounds, texts)
        row[link] = linked if linked in (None, "unresolved") else f"{article.id}:{linked}"
        if columns.linked is not None and linked in attributions:
            words, kind = columns.linked
            source = attributions[linked]
            row[words], row[kind] = _words(article, source.source), source.source_kind
        out.append(row)
    return out


def _words(article: Article, part: Part | None) -> str | None:
    return None if part is None else surface(article.text, part, article.markup)


def _sentence(label: Label, bounds: tuple[list[int], list[int]], texts: list[str]) -> str:
    """The words of the sentences that a label's parts overlap, in order."""
    numbers = {number for part in label.PARTS for number in overlapped(getattr(label, part), *bounds)}
    return " ".join([texts[number] for number in sorted(numbers) if texts[number]])


def _vote_rows(record: Record, labels: Row) -> Iterator[Row]:
    for layer in LAYERS:
        for vote in record.votes:
            labelled = getattr(vote.labels, layer)
            if labelled is not None:
                same = labelled is getattr(record.labels, layer)
                yield {
                    "article_id": record.article.id,
                    "layer": layer,
                    "by": vote.annotator.id,
                    "labels": canonical(labels[layer] if same else [label.to_json() for label in labelled]),
                }


def article_of(row: Row) -> tuple[Article, Labels, str | None]:
    """Article, labels and group of a row of the config ``articles``."""
    value = dict(row)
    labels = Labels.from_json({layer: value.pop(layer) for layer in LAYERS})
    group = value.pop("group")
    return Article.from_json(value), labels, group


__all__ = [
    "COLUMNS",
    "CONFIGS",
    "SPLITS",
    "arrow_schema",
    "article_of",
    "class_ids",
    "class_names",
    "columns",
    "feature_dicts",
    "features",
    "rows",
]
