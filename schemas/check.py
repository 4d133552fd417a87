"""Checks across fields and records that JSON Schema cannot say, as values.

Conventions: each check yields findings ``(path, found, expected)``; ``path`` is a JSON pointer into the value that was
given. Checks take JSON values, and never raise on what the schemas let through.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from allegedly.schemas import derive
from allegedly.schemas.plainly import plain_errors
from allegedly.schemas.records import LABELS, LAYERS, LINK, MAIN_PART, SENTENCE_BLOCKS, Article, Json, Labels, part_of
from allegedly.schemas.schema import errors, shortened

_SURROGATE = re.compile("[\ud800-\udfff]")


class Finding(NamedTuple):
    """What is wrong: where, what was found, what was expected."""

    path: str
    found: str
    expected: str


def article(value: Json) -> Iterator[Finding]:
    """Schema, id, blocks, sentences and markup of one article."""
    broken = [Finding(*error) for error in errors("article", value)]
    yield from broken
    if broken:
        return
    text = value["text"]
    if _SURROGATE.search(text):
        yield Finding("/text", "a lone surrogate", "text that UTF-8 can hold")
        return
    expected = derive.article_id(text)
    if value["id"].partition("-")[0] != expected:
        yield Finding("/id", value["id"], f"{expected}, the hash of the text")
    broken = [f for name in ("blocks", "sentences", "markup") for f in _ordered(value[name], len(text), f"/{name}")]
    yield from broken
    if broken:
        return
    yield from _covered(text, value["blocks"])
    yield from _sentences_in_blocks(value)


def _ordered(spans: Sequence[Json], length: int, path: str) -> Iterator[Finding]:
    """Spans that are empty, outside the text, out of order or overlapping."""
    before = 0
    for number, span in enumerate(spans):
        start, end = span["start"], span["end"]
        if type(start) is not int or type(end) is not int:
            # to JSON Schema 1.0 is an integer
            yield Finding(f"{path}/{number}", f"start {start}, end {end}", "whole numbers without a point")
        elif end > length:
            yield Finding(f"{path}/{number}", f"end {end}", f"at most {length}, the length of the text")
        elif start >= end:
            yield Finding(f"{path}/{number}", f"start {start}, end {end}", "a start before its end")
        elif start < before:
            expected = f"at least {before}, the end of the span before it"
            yield Finding(f"{path}/{number}", f"start {start}", expected)
        before = max(before, end)


def _covered(text: str, blocks: Sequence[Json]) -> Iterator[Finding]:
    before = 0
    for number, (start, end) in enumerate([*((b["start"], b["end"]) for b in blocks), (len(text), len(text))]):
        between = text[before:start].strip()
        if between:
            found = f"text outside blocks: {shortened(between, 40)}"
            yield Finding(f"/blocks/{number}", found, "blocks that cover it")
        before = max(before, end)


def _sentences_in_blocks(value: Json) -> Iterator[Finding]:
    blocks = value["blocks"]
    starts = [block["start"] for block in blocks]
    for number, sentence in enumerate(value["sentences"]):
        before = bisect_right(starts, sentence["start"]) - 1
        block = blocks[before] if before >= 0 else None
        if block is None or sentence["end"] > block["end"] or block["kind"] not in SENTENCE_BLOCKS:
            found = (
                "no block"
                if block is None
                else f"a block of kind {block['kind']} from {block['start']} to {block['end']}"
            )
            yield Finding(f"/sentences/{number}", found, "one block of a kind that holds sentences around it")


def row(value: Json) -> Iterator[Finding]:
    """What is wrong with a row of a release's articles by itself: the article and its labels, layer by layer."""
    broken = list(article({name: value[name] for name in value if name not in (*LAYERS, "group")}))
    broken += _kinds(value)
    yield from broken
    if not broken:
        markup = [(span["start"], span["end"]) for span in value["markup"]]
        layers = {layer: value[layer] for layer in LAYERS}
        yield from labels(layers, value["text"], markup=markup, blocks=value["blocks"])


def _kinds(layers: Json) -> Iterator[Finding]:
    """Labels that break the schema of their layer."""
    for layer in LAYERS:
        for number, label in enumerate(layers.get(layer) or ()):
            for path, found, expected in errors(layer.removesuffix("s"), label):
                yield Finding(f"/{layer}/{number}{path}", found, expected)


def vote(layers: Json, text: str, markup: Sequence[tuple[int, int]] = ()) -> Iterator[Finding]:
    """What is wrong with the labels of one annotator of a release: their schemas, and where their parts lie."""
    broken = list(_kinds(layers))
    yield from broken
    if not broken:
        for layer in LAYERS:
            for number, label in enumerate(layers.get(layer) or ()):
                for part in LABELS[layer].SPANS:
                    yield from _part(label.get(part) or (), text, markup, [], f"/{layer}/{number}/{part}")


def labels(
    value: Json,
    text: str | None,
    *,
    markup: Sequence[tuple[int, int]] = (),
    blocks: Iterable[Json] | None = None,
) -> Iterator[Finding]:
    """Parts inside the text, not beginning or ending in markup, surface texts right, ids unique, links resolved,
    parents acyclic; with ``blocks``, no label where no sentence may stand. Without the text, what holds in any."""
    silent = [] if blocks is None else [block for block in blocks if block["kind"] not in SENTENCE_BLOCKS]
    for layer in LAYERS:
        seen: set[str] = set()
        for number, label in enumerate(value.get(layer) or ()):
            here = f"/{layer}/{number}"
            name = label.get("id")
            if name is not None and name in seen:
                yield Finding(f"{here}/id", name, "an id that no other label of the article has")
            seen.add(name)
            broken = [
                finding
                for part in LABELS[layer].SPANS
                if label.get(part)
                for finding in _part(label[part], text, markup, silent, f"{here}/{part}")
            ]
            yield from broken
            if not broken and text is not None and label.get("text") is not None:
                yield from _text(label, layer, text, markup, here)
    yield from _links(value)


def _part(
    part: Sequence[Json], text: str | None, markup: Sequence[tuple[int, int]], silent: list[Json], path: str
) -> Iterator[Finding]:
    spans = [span for span in part if "start" in span]
    yield from _ordered(spans, sys.maxsize if text is None else len(text), path)
    for number, span in enumerate(spans if markup or silent else ()):
        start, end = span["start"], span["end"]
        if _inside(start, markup) or _inside(end - 1, markup):
            found = f"{start} to {end}, which begins or ends in markup"
            yield Finding(f"{path}/{number}", found, "a part that begins and ends in words")
        for block in silent:
            if block["start"] < end and start < block["end"]:
                found = f"a label in a block of kind {block['kind']}"
                yield Finding(f"{path}/{number}", found, "labels only in blocks that hold sentences")
                break


def _inside(point: int, spans: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(spans, (point, float("inf"))) - 1
    return before >= 0 and spans[before][0] <= point < spans[before][1]


def _text(label: Json, layer: str, text: str, markup: Sequence[tuple[int, int]], here: str) -> Iterator[Finding]:
    part = label.get(MAIN_PART[layer]) or ()
    if not all("start" in span for span in part):
        return
    expected = derive.surface(text, part_of(part), markup)
    if label["text"] != expected:
        yield Finding(f"{here}/text", shortened(label["text"]), f"{shortened(expected)}, the surface text of the part")


def _links(value: Json) -> Iterator[Finding]:
    attributions = value.get("attributions") or ()
    parents = {label.get("id"): label.get("parent") for label in attributions}
    for layer in LAYERS:
        for number, label in enumerate(value.get(layer) or ()):
            link = label.get(LINK[layer])
            if link not in (None, "unresolved") and link not in parents:
                yield Finding(f"/{layer}/{number}/{LINK[layer]}", link, "the id of an attribution of this article")
    for number, label in enumerate(attributions):
        if parents.get(label.get("id")) is None:
            continue
        seen, above = set(), label.get("id")
        while above is not None and above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above is not None and above == label.get("id"):
            found = f"a circle of parents through {above}"
            yield Finding(f"/attributions/{number}/parent", found, "parents without a circle")


def record(value: Json) -> Iterator[Finding]:
    """One article with its labels, in the shape that ``label`` prints; an article that is not whole is checked as far
    as it goes."""
    broken = [Finding(*error) for error in errors("prediction", value)]
    yield from broken
    if broken:
        return
    given = value["article"]
    whole = "blocks" in given and "origin" in given
    text = given.get("text")
    if whole:
        broken = [Finding(f"/article{path}", found, expected) for path, found, expected in article(given)]
        yield from broken
        if broken:
            return
    elif text is not None and given.get("id") and given["id"].partition("-")[0] != derive.article_id(text):
        yield Finding("/article/id", given["id"], f"{derive.article_id(text)}, the hash of the text")
    marked = value.get("labels") or {}
    if text is None:
        yield from (Finding(f"/labels{path}", *rest) for path, *rest in labels(marked, None))
        return
    markup = part_of(given.get("markup") or ())
    wrong = list(labels(marked, text, markup=markup or (), blocks=given.get("blocks")))
    yield from (Finding(f"/labels{path}", *rest) for path, *rest in wrong)
    if whole and not wrong and value.get("sentences") and not _quoted(marked):
        yield from _classes(value)


def _quoted(marked: Json) -> bool:
    return any(
        "start" not in span
        for layer in LAYERS
        for label in marked.get(layer) or ()
        for part in LABELS[layer].SPANS
        for span in label.get(part) or ()
    )


def _classes(value: Json) -> Iterator[Finding]:
    """Sentences whose bounds or classes differ from what follows from the article and its labels."""
    given = Article.from_json(value["article"])
    derived = {s.start: s for s in derive.sentence_classes(given, Labels.from_json(value.get("labels") or {}))}
    for number, sentence in enumerate(value["sentences"]):
        here = f"/sentences/{number}"
        expected = derived.get(sentence["start"])
        if expected is None:
            yield Finding(f"{here}/start", str(sentence["start"]), "the start of a sentence of the article")
            continue
        if sentence.get("end") not in (None, expected.end):
            yield Finding(f"{here}/end", str(sentence["end"]), str(expected.end))
        for name in ("claim", "speculation", "attribution"):
            follows = getattr(expected, name)
            if sentence.get(name) is not None and follows is not None and sentence[name] != follows:
                yield Finding(f"{here}/{name}", sentence[name], f"{follows}, which follows from the labels")


def sentence_prediction(value: Json) -> Iterator[Finding]:
    """One line of predictions for a sentence task."""
    score = value.get("score")
    if isinstance(score, float) and score != score:
        # JSON has no NaN, and the validators let it through
        yield Finding("/score", "score NaN", "a number from 0 to 1")
        return
    yield from (Finding(*error) for error in errors("sentence_prediction", value))


def annotation(value: Json, text: str | None = None, markup: Sequence[tuple[int, int]] = ()) -> Iterator[Finding]:
    """One annotation file; with the text of its article, its offsets too."""
    broken = [Finding(*error) for error in plain_errors("annotation", value)]
    yield from broken
    if not broken:
        # of the text that they were made for, which may be another one, the length is not known
        yield from _ordered(value.get("sentences") or (), sys.maxsize, "/sentences")
        yield from (Finding(f"/labels{path}", *rest) for path, *rest in labels(value["labels"], text, markup=markup))
