"""German News Quotes: quotations in German Wikinews with speaker, cue and nesting, in JSON.

Maps: each annotation is an attribution: speaker is the source, cue the cue, quote the content, every span kept. Type
Direct is the form direct, Indirect is indirect; of Reported the form is null. Medium Speech, Writing and SW is the
act speech, Thought is belief; of ST, TW and none the act is null. A nested annotation has as parent the smallest one
around its quote; one that the corpus calls nested because the same words are annotated twice has none. Free indirect
forms (FreeIndirect, IndirectFreeIndirect), which other schemes leave out, have the scheme ``german-news-quotes-free``
and no form. Splits are train, dev (validation) and test; sentences are the corpus's.
Does not map: negated, source_kind (null). The ledger counts addressees and frames, a line a document.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    files,
    joined,
    not_this_corpus,
    paragraphs,
    record,
    rejected,
)
from allegedly.schemas.records import Annotator, Attribution, Json, Labels, Part, Record, Rejected, Span

LICENCE = "CC-BY-NC-SA-4.0"
CITATION = "Petersen-Frey, Biemann (2024): Dataset of Quotation Attribution in German News Articles. LREC-COLING 2024."
MAY_SHIP = True
MAY_TRAIN = False
SCHEME = "german-news-quotes"
CREATORS = "expert-generated"
LANGUAGE = "de"

ANNOTATOR = Annotator(id="german-news-quotes", kind="import", name="German News Quotes")
FORMS = {"Direct": "direct", "Indirect": "indirect"}
ACTS = {"Speech": "speech", "Writing": "speech", "SW": "speech", "Thought": "belief"}
FREE = ("FreeIndirect", "IndirectFreeIndirect")
_NAME = re.compile(r"\d+ - (.*) \((\d{4}-\d\d-\d\d)\)")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Documents of one file, one split, or the folder ``data``."""
    sources = [
        file for file in files(path, SCHEME, "application/json", "**/*.json") if b'"originalText"' in file.data()
    ]
    if not sources:
        raise not_this_corpus(path, 'JSON files with "originalText", "sentences" and "annotations", a document each')
    for file in sources:
        yield from _document(file)


def _document(file: File) -> Iterator[Record | Rejected]:
    try:
        document = json.loads(file.text())
        text, annotations = document["originalText"], document["annotations"]
        labels = _attributions(annotations)
        sentences = [Span(s["charBegin"], s["charEnd"]) for s in document["sentences"]]
        wrong = _outside(text, labels, sentences)
    except (ValueError, KeyError, TypeError) as error:
        yield rejected(file.origin(), "broken-json", f"Not a document of this corpus: {type(error).__name__}: {error}.")
        return
    if wrong:
        yield rejected(file.origin(), "outside-text", f"{wrong} parts lie outside the text or overlap.")
        return
    sentences = [span for span in (_trimmed(text, span) for span in sentences) if span.start < span.end]
    yield from _ledger(file, annotations)
    name = None if document.get("documentName") is None else str(document["documentName"])
    title = _NAME.fullmatch(name or "")
    yield record(
        Annotated(
            text=text,
            origin=file.origin(),
            blocks=joined(paragraphs(text), sentences),
            sentences=sentences,
            labels={ANNOTATOR: Labels(attributions=labels)},
            scheme=SCHEME,
            split=file.split(),
            metadata=Metadata(
                source_id=name,
                title=title[1] if title else name,
                published=title[2] if title else None,
                language=LANGUAGE,
                outlet="Wikinews",
            ),
        )
    )


def _trimmed(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return Span(span.start + len(words) - len(words.lstrip()), span.start + len(words.rstrip()))


def _part(role: Json | None) -> Part:
    return tuple(sorted({Span(span["charBegin"], span["charEnd"]) for span in (role or {}).get("spans", ())}))


def _attributions(annotations: list[Json]) -> tuple[Attribution, ...]:
    return tuple(
        Attribution(
            id=str(a["id"]),
            source=_part(a["speaker"]),
            cue=_part(a["cue"]),
            content=_part(a["quote"]),
            form=FORMS.get(a["type"]),
            act=ACTS.get(a["medium"]),
            parent=_parent(a, annotations) if a["isNested"] else None,
            scheme=f"{SCHEME}-free" if a["type"] in FREE else "",
        )
        for a in annotations
    )


def _parent(nested: Json, annotations: list[Json]) -> str | None:
    """The annotation with the shortest quote that runs around this one's and is longer."""
    inner = _part(nested["quote"])
    around = [
        (outer[-1].end - outer[0].start, number)
        for number, holder in enumerate(annotations)
        if holder["hasNested"] and inner and (outer := _part(holder["quote"]))
        if outer[0].start <= inner[0].start and inner[-1].end <= outer[-1].end
        if (outer[0].start, outer[-1].end) != (inner[0].start, inner[-1].end)
    ]
    return str(annotations[min(around)[1]]["id"]) if around else None


def _outside(text: str, labels: tuple[Attribution, ...], sentences: list[Span]) -> int:
    parts = [part for a in labels for part in (a.source, a.cue, a.content) if part] + [tuple(sentences)]
    return sum(
        any(not 0 <= start <= end <= len(text) for start, end in part)
        or any(here.end > after.start for here, after in pairwise(part))
        for part in parts
    )


def _ledger(file: File, annotations: list[Json]) -> Iterator[Rejected]:
    count = Counter(role for a in annotations for role in ("addressee", "frame") if _part(a.get(role) or None))
    for role, number in sorted(count.items()):
        yield rejected(file.origin(), role, f"Spans of the role {role}: no part holds them.", count=number)
