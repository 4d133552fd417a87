"""Arranging: entries into texts with their copies, duplicates dropped where wanted, groups, splits, and the proof.

Conventions: a unit is one text with all its exact copies, in order of origin: the first has the bare id, the others
``-2``, ``-3``. Units are in order of id. Links between units: near duplicates, a cross-post and the article that it
names as its first publication, the same address, and what the recipe groups by.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from allegedly.builders.arrange.duplicates import PERMUTATIONS, near_pairs, nearest_across
from allegedly.builders.arrange.splits import assign, grouped
from allegedly.builders.arrange.spool import Entry, Spool
from allegedly.builders.recipe import Recipe
from allegedly.schemas.records import Record, Rejected

#: So many pairs of duplicates, and of nearest texts across splits, are named in the manifest.
PAIRS_NAMED, NEAREST_NAMED = 1000, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One text: its copies in order of origin, its group and split."""

    id: str
    entries: tuple[Entry, ...]
    group: str = ""
    split: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Final ids of the copies."""
        return (self.id, *(f"{self.id}-{number}" for number in range(2, len(self.entries) + 1)))


@dataclass(slots=True)
class Gone:
    """What went to the ledger: the rule by text id, and source ids with their text ids."""

    rules: dict[str, str] = field(default_factory=dict)
    sources: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Arranged:
    """The units that stay, what went to the ledger, and what the manifest says about duplicates and leakage."""

    units: list[Unit]
    ledger: list[Rejected]
    gone: Gone
    leakage: dict[str, Any]


def units(entries: Iterable[Entry], spool: Spool) -> list[Unit]:
    """Entries as units, in order of id, copies in order of origin, then of what they hold."""
    found = []
    for text_id, copies in groupby(sorted(entries, key=lambda entry: (entry.id, entry.origin)), lambda e: e.id):
        ordered = list(copies)
        if len({entry.origin for entry in ordered}) < len(ordered):
            ordered.sort(key=lambda entry: (entry.origin, spool.line(entry)))
        found.append(Unit(id=text_id, entries=tuple(ordered)))
    return found


def arranged(entries: Iterable[Entry], spool: Spool, recipe: Recipe, former: Mapping[str, str]) -> Arranged:
    """Drops duplicates where the recipe says so, then groups and splits. ``former`` is the split of each text of the
    release before."""
    out = Arranged(units(entries, spool), [], Gone(), {})
    if recipe.duplicates != "keep":
        _drop_copies(out, spool)
    pairs = _near(out.units, spool, recipe.near)
    if recipe.duplicates == "drop-near":
        pairs = _drop_near(out, pairs, spool, former)
    out.units = _split(out, pairs, spool, recipe, former)
    out.leakage = _leakage(out.units, pairs, spool, recipe.near)
    return out


def _signatures(entries: Sequence[Entry]):
    import numpy as np

    joined = b"".join(entry.signature for entry in entries)
    return np.frombuffer(joined, dtype="<u4").reshape(-1, PERMUTATIONS)


Pairs = list[tuple[str, str, float]]


def _near(found: Sequence[Unit], spool: Spool, near: float) -> Pairs:
    pairs = near_pairs(
        _signatures([unit.entries[0] for unit in found]), lambda at: spool.text(found[at].entries[0]), near
    )
    return [(found[a].id, found[b].id, similarity) for a, b, similarity in pairs]


def _drop_copies(out: Arranged, spool: Spool) -> None:
    kept = []
    for unit in out.units:
        first, *others = unit.entries
        kept.append(replace(unit, entries=(first,)))
        for entry in others:
            reason = f"has the same text as article {unit.id}, which is kept"
            _reject(out, spool, entry, "duplicates", "exact-duplicate", reason, kept=unit.id, similarity=1.0)
    out.units = kept


def _drop_near(out: Arranged, pairs: Pairs, spool: Spool, former: Mapping[str, str]) -> Pairs:
    """Of each set of texts tied by near pairs only the first stays: one of the former release, else by origin."""
    at = {unit.id: number for number, unit in enumerate(out.units)}
    sets = grouped(len(at), [(at[a], at[b]) for a, b, _ in pairs], [()] * len(at)).group
    members: dict[int, list[Unit]] = {}
    for number, unit in enumerate(out.units):
        members.setdefault(sets[number], []).append(unit)
    stays = set()
    for found in members.values():
        first, *others = sorted(found, key=lambda unit: (unit.id not in former, unit.entries[0].origin))
        stays.add(first.id)
        for unit in others:
            like, similarity = _most_like(unit.id, first.id, pairs)
            out.gone.rules[unit.id] = "near-duplicate"
            for entry in unit.entries:
                reason = f"has nearly the same text as article {first.id}, which is kept"
                more = {"kept": first.id, "matched": like, "similarity": round(similarity, 4)}
                _reject(out, spool, entry, "duplicates", "near-duplicate", reason, **more)
    out.units = [unit for unit in out.units if unit.id in stays]
    return []


def _most_like(this: str, kept: str, pairs: Pairs) -> tuple[str, float]:
    """The text that a dropped one matched: the kept one if near, else the most similar."""
    found = [(b if a == this else a, similarity) for a, b, similarity in pairs if this in (a, b)]
    return max(found, key=lambda pair: (pair[0] == kept, pair[1], pair[0]))


def _reject(out: Arranged, spool: Spool, entry: Entry, stage: str, rule: str, reason: str, **detail: Any) -> None:
    out.ledger.append(Rejected(origin=spool.origin(entry), stage=stage, rule=rule, reason=reason, detail=detail))
    if entry.source_id is not None:
        out.gone.sources.append((entry.source_id, entry.id))


def _split(out: Arranged, pairs: Pairs, spool: Spool, recipe: Recipe, former: Mapping[str, str]) -> list[Unit]:
    found = out.units
    at = {unit.id: number for number, unit in enumerate(found)}
    sets = grouped(
        len(found),
        [(at[a], at[b]) for a, b, _ in pairs],
        _keys(found),
        {number: former[unit.id] for number, unit in enumerate(found) if unit.id in former},
    )
    for number, splits in sets.bridges.items():
        unit = found[number]
        out.gone.rules[unit.id] = "bridges-splits"
        for entry in unit.entries:
            reason = f"belongs together with articles of {' and '.join(splits)}, which the former release keeps apart"
            _reject(out, spool, entry, "splits", "bridges-splits", reason, splits=list(splits))
    groups = sorted({found[number].id for number in sets.group.values()})
    standing = {found[number].id: split for number, split in sets.former.items()}
    assigned = assign(groups, recipe.splits.fractions, recipe.splits.salt, standing)
    return [
        replace(found[number], group=found[first].id, split=former.get(found[number].id) or assigned[found[first].id])
        for number, first in sorted(sets.group.items())
    ]


def _keys(found: Sequence[Unit]) -> list[list[int]]:
    """What ties a unit to others. A title and outlet tie only where some article names them as first publication."""
    referred = {key for unit in found for entry in unit.entries for key in entry.refers}
    return [
        sorted({key for entry in unit.entries for key in (*entry.keys, *entry.refers, *_named(entry, referred))})
        for unit in found
    ]


def _named(entry: Entry, referred: set[int]) -> Iterable[int]:
    return (key for key in entry.offers if key in referred)


def _leakage(found: Sequence[Unit], pairs: Pairs, spool: Spool, near: float) -> dict[str, Any]:
    """The proof, and which texts matched which."""
    stay = {unit.id for unit in found}
    pairs = [pair for pair in pairs if pair[0] in stay and pair[1] in stay]
    named = [{"articles": [a, b], "similarity": round(s, 4)} for a, b, s in pairs[:PAIRS_NAMED]]
    return {
        **proof([(unit.id, unit.split, unit.entries[0]) for unit in found], spool),
        "near": near,
        "exact_copies": sum(len(unit.entries) - 1 for unit in found),
        "near_pairs": len(pairs),
        "near_pairs_named": named,
    }


def proof(places: Sequence[tuple[str, str, Entry]], spool: Spool) -> dict[str, Any]:
    """The nearest pairs of texts in different splits, of articles given by id, split and entry."""
    across = nearest_across(
        _signatures([entry for _, _, entry in places]),
        [split for _, split, _ in places],
        lambda at: spool.text(places[at][2]),
        NEAREST_NAMED,
    )
    nearest = [
        {
            "articles": [places[a][0], places[b][0]],
            "splits": [places[a][1], places[b][1]],
            "similarity": round(similarity, 4),
        }
        for a, b, similarity in across
    ]
    return {"measure": "Jaccard index of word 5-grams", "nearest": nearest}


def placed_records(
    entries: Sequence[Entry], spool: Spool
) -> tuple[dict[str, list[tuple[str, int]]], Callable[[str, int, int], Iterator[Record]], dict[str, Any]]:
    """Records whose labels are settled: ids and sizes split by split, the records from one number to another, and what
    the manifest says about leakage.

    A corpus's own splits stand, and such articles are groups of their own; the others fall as in a build."""
    loose = arranged([entry for entry in entries if entry.split is None], spool, Recipe(name="import"), {})
    by_text = {unit.id: unit for unit in loose.units}
    places: dict[str, list[tuple[str, str, Entry]]] = {}
    for unit in units(entries, spool):
        home = by_text.get(unit.id)
        for final, entry in sorted(zip(unit.ids, unit.entries, strict=True), key=itemgetter(0)):
            split = entry.split or (home.split if home else "train")
            group = final if entry.split is not None or home is None else home.group
            places.setdefault(split, []).append((final, group, entry))

    def records(split: str, start: int, stop: int) -> Iterator[Record]:
        for final, group, entry in places[split][start:stop]:
            record = spool.read_record(entry)
            yield replace(record, article=replace(record.article, id=final), split=split, group=group)

    sizes = {split: [(final, entry.length) for final, _, entry in found] for split, found in places.items()}
    everywhere = sorted((final, split, entry) for split, found in places.items() for final, _, entry in found)
    return sizes, records, proof(everywhere, spool)
