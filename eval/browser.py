"""The error browser of a report: articles with gold and what each system made of it, the text once.

Conventions: a row is a gold label and what became of it by each system, or what one system predicted without gold; those
in which nobody is wrong are counted. In the text gold is solid and each system's labels are dashed, coloured by what became
of them; gold that every system missed has that colour too. A label of the first system is marked ``′``, of the second
``″``, and so on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from allegedly.eval.error_pairs import Judged, Pair
from allegedly.eval.examples import Example
from allegedly.render import html, lanes
from allegedly.schemas import derive
from allegedly.schemas.records import LABELS, LAYERS, PREFIX, Label, Part, Span

#: Articles that a page shows, those with most errors, as long as they take so many characters together.
SHOWN, ROOM = 200, 1_500_000
#: Characters of a title, words of a part, and what marks the labels of the systems.
LONGEST, WORDS = 160, 8
PRIMES = ("′", "″", "‴", "⁗")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row by one system; ``words``: what it predicted where that is not the gold; ``differs``: what
    attributes it gave otherwise."""

    kind: str
    words: str = ""
    differs: str = ""

    @property
    def letter(self) -> str:
        """The kind as a class of the style sheet; ``n`` where the system has nothing to do with the row."""
        return LETTERS.get(self.kind, "n")


#: Letters of kinds, on the page.
LETTERS = {"right": "g", "missed": "m", "spurious": "x", "bounds": "b", "attribute": "a"}


@dataclass(slots=True)
class Row:
    """A gold label, or none, and its outcome by each system; ``names``: the marks in the text that belong to it."""

    layer: str
    gold: str
    at: int
    name: str
    names: list[str]
    outcomes: list[Outcome]

    @property
    def letters(self) -> str:
        """What filters ask for: a letter for each system."""
        return "".join(outcome.letter for outcome in self.outcomes)

    @property
    def wrong(self) -> bool:
        """Whether any system is wrong in it."""
        return self.letters.strip("gn") != ""

    @property
    def room(self) -> int:
        """About how many characters of a page it takes."""
        return 90 + len(self.gold) + sum(12 + len(outcome.words) + len(outcome.differs) for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Browsed:
    """An article in the error browser."""

    id: str
    title: str
    where: str
    outlet: str
    counts: str
    text: Markup
    rows: dict[str, list[Row]]
    right: int
    room: int


@dataclass(slots=True)
class Browser:
    """The articles with most errors, of how many, and the style sheet of their texts."""

    systems: list[str]
    articles: list[Browsed] = field(default_factory=list)
    of: int = 0
    sheet: html.Sheet = field(default_factory=html.Sheet)


def browser(systems: Sequence[str], judged: Sequence[Judged]) -> Browser:
    """What a page shows of the examples that lie beside a report."""
    out = Browser(list(systems), of=len(judged))
    room = ROOM
    for example, pairs in sorted(judged, key=lambda each: (-_wrong(each[1]), each[0].article.id))[:SHOWN]:
        article = _browsed(example, pairs, _names(example, systems), out.sheet)
        room -= article.room
        if out.articles and room < 0:
            break
        out.articles.append(article)
    return out


def _wrong(pairs: Sequence[Sequence[Pair]]) -> int:
    return sum(pair.kind != "right" for of_system in pairs for pair in of_system)


def _browsed(example: Example, pairs: Sequence[Sequence[Pair]], names: Mapping[int, str], sheet: html.Sheet) -> Browsed:
    article = example.article
    rows = sorted(_rows(example, pairs, names).values(), key=lambda row: (row.at, row.name))
    kept = {layer: [row for row in rows if row.layer == layer and row.wrong] for layer in LAYERS}
    text = html.text(article.text, article.blocks, article.markup, list(_marks(example, pairs, names)), sheet)
    title = derive.surface(article.title or article.text[:LONGEST], (Span(0, LONGEST),))
    counts = [f"{sum(pair.kind != 'right' for pair in of_system):,} of {len(of_system):,} wrong" for of_system in pairs]
    return Browsed(
        id=article.id,
        title=title or article.id,
        where=" · ".join(filter(None, (article.outlet, article.published, article.id))),
        outlet=article.outlet or "",
        counts=" | ".join(counts),
        text=text,
        rows={layer: these for layer, these in kept.items() if these},
        right=sum(not row.wrong for row in rows),
        room=len(text) + sum(row.room for these in kept.values() for row in these) + 500,
    )


def _rows(
    example: Example, pairs: Sequence[Sequence[Pair]], names: Mapping[int, str]
) -> Mapping[tuple[object, ...], Row]:
    rows: dict[tuple[object, ...], Row] = {}
    for place, of_system in enumerate(pairs):
        for pair in of_system:
            key = _key(pair, place)
            if key not in rows:
                said = pair.gold if pair.gold is not None else pair.predicted
                rows[key] = Row(
                    layer=pair.layer,
                    gold=_words(example, pair.layer, pair.gold),
                    at=_start(pair.layer, said),
                    name=pair.gold.id if pair.gold is not None and not isinstance(pair.gold, tuple) else "",
                    names=[] if pair.gold is None or isinstance(pair.gold, tuple) else [pair.gold.id],
                    outcomes=[Outcome("") for _ in pairs],
                )
            row = rows[key]
            if pair.predicted is not None and not isinstance(pair.predicted, tuple):
                row.names.append(names[id(pair.predicted)])
            other = "" if pair.kind in ("right", "attribute") else _words(example, pair.layer, pair.predicted)
            row.outcomes[place] = Outcome(pair.kind, other, _differs(pair, example))
    return rows


def _key(pair: Pair, place: int) -> tuple[object, ...]:
    """Pairs of one gold label or sentence share a row; what a system predicted without gold has one of its own."""
    if isinstance(pair.gold, tuple):
        return pair.layer, "sentence", pair.gold, tuple(pair.differs)
    if pair.gold is not None:
        return pair.layer, "label", pair.gold.id
    assert pair.predicted is not None and not isinstance(pair.predicted, tuple)  # a pair has one of the two
    return pair.layer, "predicted", place, id(pair.predicted)


def _names(example: Example, systems: Sequence[str]) -> dict[int, str]:
    """What predicted labels are called on the page, by identity: a system's own ids may be anything."""
    return {
        id(label): f"{PREFIX[layer]}{number}{_prime(place)}"
        for place, name in enumerate(systems)
        if name in example.answers
        for layer in LAYERS
        for number, label in enumerate(getattr(example.answers[name].labels, layer) or (), 1)
    }


def _marks(example: Example, pairs: Sequence[Sequence[Pair]], names: Mapping[int, str]) -> Iterator[lanes.Mark]:
    missed = [{pair.gold.id for pair in these if pair.kind == "missed" and _is_label(pair.gold)} for these in pairs]  # type: ignore[union-attr]
    everywhere = set.intersection(*missed) if missed else set()
    for layer in LAYERS:
        for label in getattr(example.gold, layer) or ():
            drawn = lanes.mark(label, layer, tone="missed" if label.id in everywhere else "")
            if drawn is not None:
                yield drawn
    for place, of_system in enumerate(pairs):
        for pair in of_system:
            predicted = pair.predicted
            if predicted is not None and not isinstance(predicted, tuple):
                drawn = lanes.mark(predicted, pair.layer, side=place + 1, name=names[id(predicted)], tone=pair.kind)
                if drawn is not None:
                    yield drawn


def _is_label(label: Label | Part | None) -> bool:
    return label is not None and not isinstance(label, tuple)


def _prime(place: int) -> str:
    return PRIMES[place] if place < len(PRIMES) else f"′{place + 1}"


def _start(layer: str, said: Label | Part | None) -> int:
    if isinstance(said, tuple):
        return said[0].start if said else 0
    spans = [span for name in LABELS[layer].PARTS for span in getattr(said, name) or ()]
    return min((span.start for span in spans), default=0)


def _words(example: Example, layer: str, said: Label | Part | None) -> str:
    """A label in words: its parts with an arrow between them."""
    text, markup = example.article.text, example.article.markup
    if said is None:
        return ""
    if isinstance(said, tuple):
        return _short(derive.surface(text, said, markup))
    parts = [derive.surface(text, getattr(said, name), markup) for name in LABELS[layer].PARTS if getattr(said, name)]
    return " → ".join(map(_short, parts))


def _short(words: str) -> str:
    kept = words.split(" ")
    return words if len(kept) <= WORDS else " ".join(kept[: WORDS - 2]) + " … " + kept[-1]


def _differs(pair: Pair, example: Example) -> str:
    return "; ".join(
        f"{name}: {_known(gold, example)} → {_known(predicted, example)}"
        for name, (gold, predicted) in pair.differs.items()
    )


def _known(attribute: object, example: Example) -> str:
    """An attribute's value; of one that is words of the article, the words."""
    if isinstance(attribute, tuple):
        return derive.surface(example.article.text, attribute, example.article.markup) or "nobody"
    return "not said" if attribute is None else str(attribute).replace("_", " ")
