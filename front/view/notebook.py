"""What a notebook shows of an article, a record, a release, a report and a comparison.

Conventions: HTML without scripts, ids, or anything that is loaded; texts stand in it as texts, by the renderer of the pages.
Every rule of its style is for a class that is named after the content, so that outputs of one notebook, each with its own
style, leave each other and the notebook as they are. What is long is folded, or cut with a word of what was left out.
"""

import hashlib
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from allegedly.render import html as renderer
from allegedly.render.pages import render
from allegedly.render.tables import Table
from allegedly.schemas.arrow import CONFIGS, SPLITS
from allegedly.schemas.drawn import Drawn, counted
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import LABELS, LAYERS, Article, Block, Label, Labels, Record
from allegedly.schemas.stored import Release
from allegedly.view.articles import shown
from allegedly.view.items import Item

TEMPLATES = Path(__file__).parent / "templates"
#: Characters from which a text is folded, and those of it that are shown at all; labels that are listed.
LONG, MOST, LISTED = 3_000, 60_000, 200


def html(value: Drawn) -> str | None:
    """A value as HTML; None for one that has no picture."""
    sheet = renderer.Sheet()
    inner: str | None
    match value:
        case Record():
            inner = _record(value, sheet)
        case Article():
            inner = _record(Record(article=value, labels=Labels()), sheet)
        case Manifest():
            inner = _release(value)
        case Release():
            inner = _release(value.manifest)
        case _:
            # what scores brings numpy: only for what was scored
            from allegedly.view import notebook_scores

            inner = notebook_scores.drawn(value)
    return None if inner is None else framed(inner, sheet)


def framed(inner: str, sheet: renderer.Sheet) -> str:
    """What is shown, with its style, in an element whose class is named after it."""
    # a notebook is UTF-8, in which lone surrogates are none
    kept = inner.encode("utf-8", "replace")
    scope = f"allegedly-{hashlib.sha256(kept).hexdigest()[:12]}"
    # named twice, so that its rules outweigh those that a notebook has for tables
    element = f"div.{scope}.{scope}"
    style = (TEMPLATES / "notebook.css").read_text(encoding="utf-8").replace("SCOPE", element)
    # dollar signs are money here, no mathematics
    classes = f"{scope} mathjax_ignore tex2jax_ignore"
    return f'<div class="{classes}"><style>\n{style}{sheet.css(element)}\n</style>\n{kept.decode()}</div>\n'


def _record(record: Record, sheet: renderer.Sheet) -> str:
    article, cut = record.article, _cut(record)
    found = shown(cut, sheet)
    items = [item for of_layer in found.stand.values() for item in of_layer]
    size = counted(len(article.text), "characters")
    if cut is not record:
        size = f"the first {len(cut.article.text):,} of {size}"
    return render(
        TEMPLATES,
        "notebook_article.html",
        title=found.title,
        facts=[*found.facts, article.id],
        counts=None if record.labels == Labels() else record.labels.in_words(),
        usual=found.usual,
        legend=_legend(cut.labels),
        text=found.text,
        size=size,
        folded=len(article.text) > LONG,
        labels=_labels(items, found.usual),
        listed=len(items),
        more=sum(len(getattr(record.labels, layer) or ()) for layer in LAYERS) - min(len(items), LISTED),
    )


def _cut(record: Record) -> Record:
    """A record as far as a notebook shows its text: labels that reach further are left out."""
    article = record.article
    if len(article.text) <= MOST:
        return record
    blocks = tuple(
        Block(kind=block.kind, start=block.start, end=min(block.end, MOST))
        for block in article.blocks
        if block.start < MOST
    )
    kept: dict[str, Any] = {
        layer: None if labels is None else tuple(label for label in labels if _ends(label) <= MOST)
        for layer in LAYERS
        for labels in [getattr(record.labels, layer)]
    }
    return replace(
        record, article=replace(article, text=article.text[:MOST], blocks=blocks), labels=Labels(**kept), votes=()
    )


def _ends(label: Label) -> int:
    return max((end for part in label.SPANS for _, end in getattr(label, part) or ()), default=0)


def _legend(labels: Labels) -> list[tuple[str, str]]:
    """The lines of layers that have labels."""
    letters = {letter: layer for (layer, _), (letter, *_) in renderer.LINES.items()}
    return [(letter, what) for letter, what in renderer.LEGEND if getattr(labels, letters[letter])]


def _labels(items: list[Item], usual: tuple[str, ...]) -> Table:
    """The labels one by one; ``usual``: who gave most of them."""
    rows = []
    for item in islice(items, LISTED):
        words = " · ".join(f"{part} “{text}”" for part, text in item.parts)
        by = "" if item.by == usual else ", ".join(item.by)
        rows.append((item.name, LABELS[item.layer].__name__.lower(), item.said, words, by))
    head = ("", "label", "what it says", "words", "by")
    wide = len(head) if any(by for *_, by in rows) else len(head) - 1
    return Table.of(head[:wide], [row[:wide] for row in rows])


def _release(manifest: Manifest) -> str:
    splits = [split for split in SPLITS if any(manifest.counts.get(config, {}).get(split) for config in CONFIGS)]
    rows = [(split, *(f"{manifest.counts.get(config, {}).get(split, 0):,}" for config in CONFIGS)) for split in splits]
    annotators = [
        (each["id"], each["kind"], each.get("version") or "", each.get("guideline") or "")
        for each in islice(manifest.annotators, LISTED)
    ]
    refused = sum(each["rejected"] for each in manifest.inputs)
    facts = [
        *([manifest.date] if manifest.date else []),
        f"allegedly {manifest.allegedly}",
        f"content {manifest.content_sha256[:12]}",
        counted(len(manifest.inputs), "inputs"),
        *([f"{counted(refused, 'articles')} not taken: rejected.jsonl says why"] if refused else []),
    ]
    return render(
        TEMPLATES,
        "notebook_release.html",
        title=f"{manifest.name} {manifest.version}",
        facts=facts,
        sizes=Table.of(("split", *CONFIGS), rows, range(1, len(CONFIGS) + 1)),
        annotators=Table.of(("annotator", "kind", "version", "guideline"), annotators) if annotators else None,
    )
