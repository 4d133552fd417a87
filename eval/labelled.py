"""Labelled: what a system answers to the task ``labels``, as labels of an article and what of it cannot stand.

Conventions: an answer is an object of labels (contract, section 3), inside ``{"labels": ...}`` or bare. A part holds spans
with offsets, ``{"text": ..., "nth": ...}`` or bare quotations; those are placed by `allegedly.eval.placing`. A label that
says what cannot be is left out with a reason, and costs no other label anything; an attribute that it leaves out is null.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allegedly.eval.aligned import Place, Text
from allegedly.eval.placing import Placer
from allegedly.schemas import check
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LABELS, LAYERS, LINK, Article, Json, Labels
from allegedly.schemas.schema import errors, schema, shortened

#: Rules of the ledger: a quotation that stands nowhere, and a label that says what cannot be.
NOWHERE, INVALID = "quotation-nowhere", "invalid-label"
#: Labels of a layer of one answer at most: each is looked for in the text.
MOST_LABELS = 10_000
SCHEME = "allegedly-1"
_KIND = {layer: layer.removesuffix("s") for layer in LAYERS}
_WHERE = re.compile(r"/(\w+)/(\d+)(?:/|\Z)")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a label is left out: a rule of the ledger, a reason, and which label of the answer it was."""

    rule: str
    reason: str
    layer: str
    number: int


class _LeftOut(Exception):
    """A label that cannot stand."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


@dataclass(slots=True)
class Reading:
    """An answer on its way into labels."""

    article: Article
    by: str
    #: Our names by theirs, of attributions.
    names: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    text: Text = field(init=False)

    def __post_init__(self) -> None:
        self.text = Text(self.article.text, [(span.start, span.end) for span in self.article.markup])

    def labels(self, answer: Mapping[str, Any], covered: Sequence[str]) -> Labels:
        """The labels that stand. UsageError where the answer is no object of labels."""
        self._name(answer)
        kept = {layer: self._layer(answer.get(layer), layer) for layer in LAYERS if answer.get(layer) is not None}
        kept = {layer: labels for layer, labels in kept.items() if layer in covered}
        self._check(kept)
        self._link(kept)
        found = Labels.from_json({layer: [label for _, label in labels] for layer, labels in kept.items()})
        return numbered(found, self.article)

    def _name(self, answer: Mapping[str, Any]) -> None:
        """Ids of attributions as they may be written here."""
        for number, label in enumerate(_list(answer.get("attributions"), "attributions"), 1):
            if isinstance(label, Mapping) and isinstance(label.get("id"), str):
                self.names.setdefault(label["id"], f"a{number}")

    def _layer(self, value: Any, layer: str) -> list[tuple[int, Json]]:
        placer = Placer(self.text)
        seen: dict[str, int] = {}
        labels = []
        for number, label in enumerate(_list(value, layer), 1):
            try:
                made = self._label(label, layer, number, placer)
                first = seen.setdefault(repr([made[name] for name in LABELS[layer].SPANS]), number)
                if first != number:
                    raise _LeftOut(INVALID, f"has the parts of number {first}")
                labels.append((number, made))
            except _LeftOut as fault:
                self.faults.append(Fault(fault.rule, str(fault), layer, number))
        return labels

    def _label(self, given: Any, layer: str, number: int, placer: Placer) -> Json:
        if not isinstance(given, Mapping):
            raise _LeftOut(INVALID, f"found {shortened(given)}, expected an object")
        strange = [name for name in given if name not in schema(_KIND[layer])["properties"]]
        if strange:
            raise _LeftOut(INVALID, f"unknown key {shortened(strange[0])}")
        made: Json = dict.fromkeys(schema(_KIND[layer])["properties"]) | {"by": self.by, "scheme": SCHEME}
        parts = LABELS[layer].SPANS
        made |= {name: given[name] for name in given if name not in (*parts, "id", "text", "by", "scheme")}
        made |= self._parts({part: given.get(part) for part in parts}, placer)
        link = given.get(LINK[layer])
        made[LINK[layer]] = self.names.get(link, "unresolved") if isinstance(link, str) and link else None
        made |= {"id": f"{layer[0]}{number}", "text": ""}
        for path, found, expected in errors(_KIND[layer], made):
            raise _LeftOut(INVALID, f"{path}: found {found}, expected {expected}")
        if not any(made[part] for part in LABELS[layer].PARTS):
            raise _LeftOut(INVALID, "marks no words")
        return made

    def _parts(self, given: Mapping[str, Any], placer: Placer) -> dict[str, list[Json] | None]:
        """The parts of a label as spans: those that have offsets, and those that quote."""
        spans = {part: self._spans(items) for part, items in given.items()}
        quotations = {part: [item for item in items or () if isinstance(item, str)] for part, items in spans.items()}
        of_speakers = quotations.pop("speaker", [])
        places, nowhere = placer.label(quotations)
        # a speaker is named where the article first has the fullest name
        places["speaker"] = [found[0] for quote in of_speakers if (found := self.text.places(quote))]
        nowhere["speaker"] = [quote for quote in of_speakers if not self.text.places(quote)]
        for part, lost in nowhere.items():
            if lost:
                raise _LeftOut(NOWHERE, f"{part}: {shortened(lost[0])} stands nowhere in the article")
        whole: dict[str, list[Json] | None] = {}
        for part, items in spans.items():
            own = [item for item in items or () if not isinstance(item, str)] + places.get(part, [])
            whole[part] = None if items is None else self._apart(own)
        return whole

    def _spans(self, items: Any) -> list[str | Place] | None:
        """A part's quotations and places; None where the part is not annotated."""
        if items is None:
            return None
        out: list[str | Place] = []
        for item in [items] if isinstance(items, str) else _list(items, "a part"):
            if isinstance(item, str):
                out += [item] if item.strip() else []
            elif isinstance(item, Mapping) and isinstance(item.get("text"), str) and "start" not in item:
                out.append(item["text"] if item.get("nth") is None else self._nth(item["text"], item["nth"]))
            else:
                out.append(self._given(item))
        return out

    def _given(self, item: Any) -> Place:
        start, end = (item.get("start"), item.get("end")) if isinstance(item, Mapping) else (None, None)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(self.article.text):
            length = len(self.article.text)
            raise _LeftOut(INVALID, f"found {shortened(item)}, expected a quotation, or start and end up to {length}")
        return start, end

    def _nth(self, quotation: str, nth: Any) -> Place:
        places = self.text.places(quotation)
        if not places:
            raise _LeftOut(NOWHERE, f"{shortened(quotation)} stands nowhere in the article")
        if type(nth) is not int or not 0 <= nth < len(places):
            raise _LeftOut(
                INVALID, f"{shortened(quotation)} stands in {len(places)} places, found nth {shortened(nth)}"
            )
        return places[nth]

    def _apart(self, places: Sequence[Place]) -> list[Json]:
        """Spans in order; those that overlap are one. None of them begins or ends with white space or in markup."""
        apart: list[list[int]] = []
        for start, end in sorted(place for place in map(self._trimmed, places) if place[0] < place[1]):
            if apart and start < apart[-1][1]:
                apart[-1][1] = max(apart[-1][1], end)
            else:
                apart.append([start, end])
        return [{"start": start, "end": end} for start, end in apart]

    def _trimmed(self, place: Place) -> Place:
        (start, end), text = place, self.article.text
        before = -1, -1
        while before != (start, end):
            before = start, end
            while start < end and text[start].isspace():
                start += 1
            while start < end and text[end - 1].isspace():
                end -= 1
            for low, high in self.text.markup:
                if low <= start < high:
                    start = min(high, end)
                if low < end <= high:
                    end = max(low, start)
        return start, end

    def _check(self, kept: dict[str, list[tuple[int, Json]]]) -> None:
        """Leave out what stands where no label may."""
        blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in self.article.blocks]
        value = {
            layer: [{name: label[name] for name in LABELS[layer].SPANS} for _, label in labels]
            for layer, labels in kept.items()
        }
        wrong: dict[tuple[str, int], str] = {}
        for path, found, expected in check.labels(value, self.article.text, markup=self.text.markup, blocks=blocks):
            where = _WHERE.match(path)
            if where is not None:
                wrong.setdefault((where[1], int(where[2])), f"found {found}, expected {expected}")
        for layer, labels in kept.items():
            for place, (number, _) in enumerate(labels):
                if (layer, place) in wrong:
                    self.faults.append(Fault(INVALID, wrong[layer, place], layer, number))
            kept[layer] = [pair for place, pair in enumerate(labels) if (layer, place) not in wrong]

    def _link(self, kept: dict[str, list[tuple[int, Json]]]) -> None:
        """Links to attributions that are left out, or that lead in a circle, are unresolved."""
        attributions = {label["id"]: label for _, label in kept.get("attributions", ())}
        for layer, labels in kept.items():
            for _, label in labels:
                link = label[LINK[layer]]
                if link is not None and link not in attributions:
                    label[LINK[layer]] = "unresolved"
        settled: set[str] = set()
        for name, label in attributions.items():
            seen, above = {name}, label["parent"]
            while above in attributions and above not in seen and above not in settled:
                seen.add(above)
                above = attributions[above]["parent"]
            if above in seen:
                attributions[name]["parent"] = "unresolved"
            settled.add(name)


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise UsageError(f"{what}: found {shortened(value)}, expected a list")
    if len(value) > MOST_LABELS:
        raise UsageError(f"{what}: {len(value)} of them, expected {MOST_LABELS} at most")
    return value


def read(article: Article, answer: Any, by: str, covered: Sequence[str] = LAYERS) -> tuple[Labels, list[Fault]]:
    """The labels of an answer that stand, signed, and what is left out of it. UsageError where it is no answer."""
    labels = answer.get("labels", answer) if isinstance(answer, Mapping) else answer
    if not isinstance(labels, Mapping):
        raise UsageError(f"found {shortened(labels)}, expected an object of labels")
    strange = [name for name in labels if name not in LAYERS]
    if strange or not labels:
        raise UsageError(f"found keys {shortened(strange)}, expected some of {', '.join(LAYERS)}")
    reading = Reading(article, by)
    found = reading.labels(labels, covered)
    return found, reading.faults


def reasons(faults: Sequence[Fault], most: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Rule, reason and detail of ledger lines, in the order of the answer; a count stands for those beyond ``most``."""
    for fault in faults[:most]:
        where = f"{fault.layer.removesuffix('s')} {fault.number} of its answer"
        yield fault.rule, f"{where} is left out: {fault.reason}"[:300], {"layer": fault.layer, "number": fault.number}
    if len(faults) > most:
        yield INVALID, f"{len(faults) - most} more labels of its answer are left out", {"count": len(faults) - most}
