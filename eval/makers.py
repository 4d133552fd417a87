"""Who made the gold: the annotator whose labels won each layer of each article, counted, and in words.

Conventions: kinds are human, import, model, rule, and ``unknown`` where nothing says who it was. A layer that is null has
no maker. Where an article has votes, the maker is the annotator of the vote whose labels stand; else whoever signed the
labels (``by``).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from allegedly.eval.label_numbers import facts
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import LAYERS, Annotator, Label, Record

UNKNOWN = "unknown"
KINDS = ("human", "import", "model", "rule")
#: Kinds in words, by which ``--gold`` may name them too.
WORDS = {"human": "people", "import": "an import", "model": "a model", "rule": "rules", UNKNOWN: "unknown annotators"}
_NAMES = {**{kind: kind for kind in KINDS}, "people": "human", "rules": "rule"}
#: Kinds that are no judgement of people.
_AUTOMATIC = ("model", "rule")


class GoldRow(TypedDict):
    """Articles of the split in which one annotator made the gold of a layer; ``by`` is None where nobody knows whom."""

    layer: str
    kind: str
    by: str | None
    version: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a layer of an article, and all who signed its labels, themselves among them."""

    annotator: Annotator
    signed: frozenset[str]


def makers(record: Record, annotators: Mapping[str, Annotator]) -> dict[str, Maker]:
    """The maker of each layer that is not null. ``annotators``: those of the release, by id."""
    return {
        layer: _maker(record, layer, labels, annotators)
        for layer in LAYERS
        if (labels := getattr(record.labels, layer)) is not None
    }


def _maker(record: Record, layer: str, labels: Sequence[Label], annotators: Mapping[str, Annotator]) -> Maker:
    signed = frozenset(label.by for label in labels if label.by)
    votes = [vote for vote in record.votes if getattr(vote.labels, layer) is not None]
    if len(votes) > 1:
        stand = sorted(map(facts, labels))
        votes = [vote for vote in votes if sorted(map(facts, getattr(vote.labels, layer))) == stand] or votes
    voters = sorted((vote.annotator for vote in votes), key=lambda voter: (voter.id not in signed, *_strength(voter)))
    if voters:
        return Maker(voters[0], signed | {voters[0].id})
    if not signed:
        return Maker(Annotator(id="", kind=UNKNOWN), signed)
    first = min(signed)
    return Maker(annotators.get(first, Annotator(id=first, kind=UNKNOWN)), signed)


def _strength(annotator: Annotator) -> tuple[int, str]:
    """The order in which votes win."""
    return KINDS.index(annotator.kind) if annotator.kind in KINDS else len(KINDS), annotator.id


def counted(made: Iterable[Mapping[str, Maker]]) -> list[GoldRow]:
    """A row for each layer and annotator, in the order of layers, the most articles first."""
    counts = Counter(
        (layer, maker.annotator.kind, maker.annotator.id or None, maker.annotator.version)
        for of_article in made
        for layer, maker in of_article.items()
    )
    order = sorted(counts, key=lambda row: (LAYERS.index(row[0]), -counts[row], row[1], row[2] or "", row[3] or ""))
    return [
        GoldRow(layer=layer, kind=kind, by=by, version=version, articles=counts[layer, kind, by, version])
        for layer, kind, by, version in order
    ]


def kinds(wanted: Iterable[str]) -> tuple[str, ...]:
    """Kinds of annotators by name, each once, in the order of ``KINDS``. UsageError for an unknown name, or none."""
    names = [name.strip() for name in wanted]
    for name in names:
        if name not in _NAMES:
            raise UsageError(f"gold: {unknown('kind of annotator', name, list(KINDS))}")
    if not names:
        raise UsageError(f"gold: names no kind of annotator; expected some of {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in {_NAMES[name] for name in names})


def lines(rows: Sequence[GoldRow], only: Sequence[str] | None = None) -> Iterator[str]:
    """Whose labels the gold are, a line for all layers that are alike; ``only``: the kinds that ``--gold`` named."""
    alike: dict[str, list[str]] = {}
    for layer in dict.fromkeys(row["layer"] for row in rows):
        alike.setdefault(_shares([row for row in rows if row["layer"] == layer]), []).append(layer)
    chosen = f" (only gold by: {', '.join(only)})" if only else ""
    for shares, layers in alike.items():
        yield f"gold of {', '.join(layers)}: {shares}{chosen}"
    if not rows:
        yield "gold: this report does not say who made it"


def _shares(rows: Sequence[GoldRow]) -> str:
    """Articles by kind, with who they were."""
    shares = []
    for kind in (*KINDS, UNKNOWN):
        these = [row for row in rows if row["kind"] == kind]
        if these:
            names = dict.fromkeys(row["by"] for row in these if row["by"])
            who = f" ({', '.join(_shortened(list(names)))})" if names else ""
            shares.append(f"{_articles(these)} by {WORDS[kind]}{who}")
    return ", ".join(shares)


def _shortened(names: list[str], most: int = 3) -> list[str]:
    return names if len(names) <= most else [*names[:most], f"{len(names) - most} more"]


def _articles(rows: Iterable[GoldRow]) -> str:
    count = sum(row["articles"] for row in rows)
    return f"{count:,} article{'' if count == 1 else 's'}"


def warnings(rows: Sequence[GoldRow]) -> list[str]:
    """What a reader must know where gold was made by rules or by a model; empty where none was."""
    out = []
    for kind in _AUTOMATIC:
        of_layer: Counter[str] = Counter()
        for row in rows:
            of_layer[row["layer"]] += row["articles"] if row["kind"] == kind else 0
        where = ", ".join(f"{layer} in {count:,}" for layer, count in of_layer.items() if count)
        if where:
            out.append(
                f"gold by {WORDS[kind]}, not by people ({where} articles): "
                f"numbers there say how far a system agrees with {WORDS[kind]}"
            )
    return out
