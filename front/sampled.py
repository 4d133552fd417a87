"""Sampled: the articles or sentences of a release that are drawn for a person to look at, each with its probability.

Conventions: a line is what ``sample.schema.json`` describes; lines stand in the order of the release. What there is to see in
an article is the mean of its sentences. Strata are outlets, and the layers of which a unit has labels by anybody.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, islice

from allegedly.builders.annotations.votes import DEFAULT, votes
from allegedly.builders.labellers._lookup import Labeller, resolve
from allegedly.eval.agreement.sides import Voted, of_record
from allegedly.eval.sampling.design import allocated, draw, sizes
from allegedly.eval.sampling.disagreement import bounds_of, disagreement, touched
from allegedly.eval.sampling.uncertainty import uncertainty
from allegedly.schemas import stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Json, Labels, Record

BY = ("disagreement", "uncertainty", "random")
UNITS = ("articles", "sentences")
STRATA = ("outlet", "layer")
#: Records looked at together.
BATCH = 32
#: Digits of what there is to see in a unit: fewer than those in which machines differ.
DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is drawn, and how."""

    n: int
    by: str
    unit: str = "articles"
    stratify: tuple[str, ...] = ()
    split: str | None = None
    seed: int = 0
    labellers: str | None = None


@dataclass(slots=True)
class Sample:
    """The lines, and what is to be said of how they came about."""

    lines: list[Json] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Unit:
    article: str
    start: int | None
    stratum: str
    interest: float | None

    @property
    def name(self) -> str:
        return self.article if self.start is None else f"{self.article}:{self.start}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A record, what its labellers said beside its own labels, and what there is to see in each sentence."""

    record: Record
    labels: Sequence[Labels]
    interest: Sequence[float | None]


def sample(path: str, plan: Plan) -> Sample:
    """The units drawn. UsageError for a plan that the release cannot meet, DataError where it has nothing to go by."""
    release = stored.Release(path)
    if plan.split not in (None, "all"):
        stored.check_split(release.manifest, str(plan.split))
    records = chain.from_iterable(release.records(name) for name in _splits(plan.split))
    made = Sample()
    units = [unit for seen in _seen(release, records, plan, made.notes) for unit in _units(seen, plan)]
    if not units:
        raise DataError(f"{release.folder}: has no {plan.unit} to draw from; expected one at least")
    _check_interest(units, plan, made.notes, str(release.folder))
    for place, probability in sorted(_drawn(units, plan, made.notes)):
        unit = units[place]
        sentence = None if unit.start is None else unit.name
        made.lines.append({"article_id": unit.article, "sentence_id": sentence, "probability": probability})
    return made


def _splits(split: str | None) -> tuple[str, ...]:
    return SPLITS if split in (None, "all") else (str(split),)


def _seen(release: stored.Release, records: Iterator[Record], plan: Plan, notes: list[str]) -> Iterator[_Seen]:
    """Records with what there is to see in them, by the plan."""
    if plan.by == "disagreement":
        yield from _disputed(records, _compared(release, plan, notes), notes)
        return
    for record in records:
        unsure = uncertainty(record) if plan.by == "uncertainty" else [None] * len(record.article.sentences)
        yield _Seen(record, (), unsure)


def _compared(release: stored.Release, plan: Plan, notes: list[str]) -> tuple[Labeller, ...]:
    """The labellers whose labels are made now to be compared; none where the votes of the release are."""
    own = {annotator["id"] for annotator in release.manifest.annotators}
    if plan.labellers is None and _has_votes(release, plan.split):
        return ()
    spec = plan.labellers or ("learned" if "rules" in own else "rules")
    chosen = resolve(spec)
    if len(chosen) == 1:
        if own == {chosen[0].annotator.id}:
            raise UsageError(
                f"--labellers {spec}: made the labels of the release, and would be compared with itself; name another, or two"
            )
        notes.append(f"compared: the labels of the release, and those that {spec} gives now")
    else:
        notes.append(f"compared: the labels that {' and '.join(labeller.name for labeller in chosen)} give now")
    return chosen


def _has_votes(release: stored.Release, split: str | None) -> bool:
    """Whether some article has votes of two annotators, who settled what others had said aside."""
    adjudicators = {annotator["id"] for annotator in release.manifest.annotators if annotator.get("supersedes")}
    voters: defaultdict[str, set[str]] = defaultdict(set)
    for name in _splits(split):
        for row in release.rows("votes", name, ["article_id", "by"]):
            voters[row["article_id"]].add(row["by"])
    return any(len(by - adjudicators) > 1 for by in voters.values())


def _disputed(records: Iterator[Record], labellers: Sequence[Labeller], notes: list[str]) -> Iterator[_Seen]:
    """Records with how far annotators, or labellers, part on their sentences."""
    failed: Counter[str] = Counter()
    while batch := list(islice(records, BATCH)):
        voted = _labelled(batch, labellers, failed) if labellers else [of_record(record) for record in batch]
        for record, said, score in zip(batch, voted, disagreement(voted), strict=True):
            none: list[float | None] = [None] * len(record.article.sentences)
            yield _Seen(record, list(said.votes.values()), none if score is None else score)
    notes += [f"{name} gave no labels that stand in {count} of the articles" for name, count in sorted(failed.items())]


def _labelled(batch: Sequence[Record], labellers: Sequence[Labeller], failed: Counter[str]) -> list[Voted]:
    """Records with the votes of labellers, of one labeller beside the labels of the release."""
    ballots = votes([record.article for record in batch], labellers, lambda: None, DEFAULT)
    voted = []
    for record, ballot in zip(batch, ballots, strict=True):
        failed.update(line.detail["labeller"] for line in ballot.lines if "labeller" in line.detail)
        said = {vote.annotator.id: vote.labels for vote in ballot.votes}
        own = {"": record.labels} if len(labellers) == 1 else {}
        article = record.article
        voted.append(
            Voted(
                id=article.id, name=article.origin.file_name, group=article.id, votes={**own, **said}, article=article
            )
        )
    return voted


def _units(seen: _Seen, plan: Plan) -> Iterator[_Unit]:
    """The units of one record."""
    article = seen.record.article
    layers = _layers(seen) if "layer" in plan.stratify else None
    outlet = (article.outlet or "outlet not said") if "outlet" in plan.stratify else None
    if plan.unit == "articles":
        known = [value for value in seen.interest if value is not None]
        interest = math.fsum(known) / len(known) if known else None
        yield _Unit(article.id, None, _stratum(outlet, None if layers is None else set().union(*layers)), interest)
        return
    for number, (sentence, value) in enumerate(zip(article.sentences, seen.interest, strict=True)):
        yield _Unit(article.id, sentence.start, _stratum(outlet, None if layers is None else layers[number]), value)


def _stratum(outlet: str | None, layers: Set[str] | None) -> str:
    """The name of a stratum; one that nobody asked for is None."""
    shown = None if layers is None else "+".join(filter(layers.__contains__, LAYERS)) or "no labels"
    return ", ".join(filter(None, (outlet, shown)))


def _layers(seen: _Seen) -> list[set[str]]:
    """The layers of which each sentence has labels, by anybody."""
    bounds = bounds_of(seen.record.article)
    found: list[set[str]] = [set() for _ in seen.record.article.sentences]
    for labels in (seen.record.labels, *(vote.labels for vote in seen.record.votes), *seen.labels):
        for layer in LAYERS:
            for label in getattr(labels, layer) or ():
                for number in touched(label, *bounds):
                    found[number].add(layer)
    return found


def _check_interest(units: Sequence[_Unit], plan: Plan, notes: list[str], where: str) -> None:
    """DataError where nothing says how sure the labels are."""
    if plan.by == "random":
        return
    unknown = sum(unit.interest is None for unit in units)
    if plan.by == "uncertainty" and unknown == len(units):
        raise DataError(
            f"{where}: has neither scores of sentences nor confidences of labels; build it with a labeller that gives them "
            "(`--labellers learned`), or draw --by disagreement or random"
        )
    if unknown:
        what = "labels of two annotators" if plan.by == "disagreement" else "scores or confidences"
        notes.append(f"{unknown:,} of {len(units):,} {plan.unit} without {what}: they have the least probability")
    if not any(unit.interest for unit in units):
        notes.append(f"no {plan.by} anywhere: all {plan.unit} of a stratum are as probable")


def _drawn(units: Sequence[_Unit], plan: Plan, notes: list[str]) -> Iterator[tuple[int, float]]:
    """Places of units and their probabilities, stratum by stratum."""
    strata: defaultdict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        strata[unit.stratum].append(place)
    n = min(plan.n, len(units))
    if n < plan.n:
        notes.append(f"there are {len(units):,} {plan.unit} in all: every one is taken")
    if n < len(strata):
        raise UsageError(
            f"--n {plan.n}: --stratify {','.join(plan.stratify)} makes {len(strata)} strata; expected as many, one for each"
        )
    sure = 0
    for name, many in allocated({name: len(places) for name, places in strata.items()}, n).items():
        places = strata[name]
        seen = sizes([round(units[place].interest or 0.0, DIGITS) for place in places])
        for drawn in draw([units[place].name for place in places], seen, many, plan.seed, name):
            sure += drawn.probability == 1
            yield places[drawn.unit], drawn.probability
    strata_ = f" in {len(strata)} strata" if plan.stratify else ""
    notes.append(f"{n:,} of {len(units):,} {plan.unit} drawn{strata_} by {plan.by}, {sure:,} of them with certainty")
