"""W3C Web Annotations: a text and a page of annotations in JSON-LD an article.

Conventions: `builders/annotations/web.py`. An annotation a line, with the id of its article, the hash of its text and the id
of its label under `allegedly:label`. `allegedly import web-annotation FOLDER --against RELEASE --by WHO` reads it again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from allegedly.builders.annotations.kept import Kept
from allegedly.builders.annotations.web import ARTICLE, CONTEXT, LABEL, TAGS
from allegedly.builders.exporters import _sets
from allegedly.builders.exporters._sets import Labelled
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.records import ATTRIBUTES, LAYERS, LINK, MAIN_PART, Article, Json, Part, Record

#: What ``--out`` names.
PATH = "folder"
OPTIONS = _sets.OPTIONS
#: So many code points stand before and behind a quotation.
AROUND = 32

README = """# Articles with labels as W3C Web Annotations

An article is a text (`*.txt`) and a page of annotations (`*.jsonld`) whose targets are that text, in code points. Leave the
texts as they are.

    python -m json.tool FOLDER/ID.jsonld          # look at one
    allegedly import web-annotation FOLDER --against RELEASE --by WHO --out annotations/
    allegedly build ARTICLES --annotations annotations/ --out RELEASE

An annotation is a part of a label: its body tags it as claim; speculation, scope; source, cue, content or speaker name. Several
targets are the pieces of one part. A body with the purpose linking joins it to the annotation that holds the first part of its
label; with the value claimer, holder or parent it leads to the attribution that says it. Other tags are attributes,
`worth=check_worthy`. What stands under `allegedly:label` brings labels home as they were.
"""


def write(records: Iterable[Record], path: Path, *, labels: str = "winning", by: str | None = None) -> None:
    """Texts and pages into a folder. UsageError for an option that is not one."""
    for given, folder in _sets.texts("web-annotation", records, path, labels, by):
        _sets.write(folder / f"{given.record.article.id}.jsonld", page(given))
    _sets.write(path / "README.md", README)


def page(given: Labelled) -> str:
    """The page of one article, an annotation a line."""
    article = given.record.article
    head = {
        "@context": CONTEXT,
        "id": _urn(article.id),
        "type": "AnnotationPage",
        ARTICLE: {
            "article_id": article.id,
            "file_name": article.origin.file_name,
            "text_sha256": text_sha256(article.text),
            "unit": "code points",
            "layers": given.layers,
        },
    }
    lines = [f" {json.dumps(key)}: {_json(value)}" for key, value in head.items()]
    items = ",\n".join(f"  {_json(item)}" for item in annotations(given))
    return "{\n" + ",\n".join([*lines, f' "items": [\n{items}\n ]']) + "\n}\n"


def annotations(given: Labelled) -> Iterator[Json]:
    """The annotations of one article, label by label."""
    article = given.record.article
    kinds = {vote.annotator.id: vote.annotator.kind for vote in given.record.votes}
    found = [(layer, label) for layer in LAYERS for label in getattr(given.labels, layer) or ()]
    first = {label.id: _id(article, label, next(iter(_parts(layer, label)))) for layer, label in found}
    for layer, label in found:
        for part, spans in _parts(layer, label).items():
            name = _id(article, label, part)
            yield {
                "id": name,
                "type": "Annotation",
                "motivation": "tagging",
                **_creator(label.by, kinds),
                "body": [_tag(TAGS[layer, part]), *_bodies(layer, label, name, first)],
                "target": _targets(article, spans),
                LABEL: Kept.of(article, layer, label, _shown).to_json(),
            }


def _shown(_: str, part: Part) -> Part:
    """Any part can be shown as it is."""
    return part


def _parts(layer: str, label: Any) -> dict[str, Part]:
    """The parts that have words; where none has, the main one, empty."""
    parts = {part: spans for part in label.SPANS if (spans := getattr(label, part))}
    return parts or {MAIN_PART[layer]: ()}


def _bodies(layer: str, label: Any, name: str, first: Mapping[str, str]) -> Iterator[Json]:
    """What else is said of a part: of the first of a label all, of the others which the first is."""
    if name != first[label.id]:
        yield _link(first[label.id])
        return
    for key in ATTRIBUTES[layer]:
        value = getattr(label, key)
        if value is not None:
            yield _tag(f"{key}={str(value).lower() if isinstance(value, bool) else value}")
    link = getattr(label, LINK[layer])
    if link in first:
        yield {**_link(first[link]), "value": LINK[layer]}


def _tag(value: str) -> Json:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def _link(name: str) -> Json:
    return {"type": "SpecificResource", "purpose": "linking", "source": name}


def _targets(article: Article, part: Part) -> Json | list[Json]:
    """Where a part stands; the whole text for one without words."""
    source = f"{article.id}.txt"
    if not part:
        return {"type": "SpecificResource", "source": source}
    targets: list[Json] = []
    for start, end in part:
        around = {
            "prefix": article.text[max(0, start - AROUND) : start],
            "suffix": article.text[end : end + AROUND],
        }
        words = {"type": "TextQuoteSelector", "exact": article.text[start:end]}
        selectors = [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {**words, **{key: value for key, value in around.items() if value}},
        ]
        targets.append({"type": "SpecificResource", "source": source, "selector": selectors})
    return targets[0] if len(targets) == 1 else targets


def _creator(by: str, kinds: Mapping[str, str]) -> Json:
    """Who gave the label, as far as it says."""
    if not by:
        return {}
    kind = "Person" if kinds.get(by) == "human" else "Software" if kinds.get(by) in ("rule", "model") else "Agent"
    return {"creator": {"id": f"urn:allegedly:annotator:{quote(by, safe='')}", "type": kind, "name": by}}


def _id(article: Article, label: Any, part: str) -> str:
    return _urn(f"{article.id}:{label.id}:{part}")


def _urn(name: str) -> str:
    return f"urn:allegedly:{name}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
