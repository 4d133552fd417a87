"""Arranging: which articles stay, in which group and split, and the proof that splits do not leak.

Conventions: what is as long as the articles lies on disk and is looked at by tasks, a range at a time. Here are sums,
and texts that something ties to others: near duplicates, a cross-post and the article that it names as its first
publication, the same address, and what the recipe groups by.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.arrange import collisions, placing, similarity
from allegedly.builders.arrange.collisions import OTHERS, PAIRS, TIES, Alike, Band, Collided, Keys, Tied
from allegedly.builders.arrange.gone import Gone, read_gone, write_gone
from allegedly.builders.arrange.groups import components, grouped
from allegedly.builders.arrange.leakage import Across, Nearest, proof, split_of
from allegedly.builders.arrange.order import Order, Ordered, place_of
from allegedly.builders.arrange.order import ranges as id_ranges
from allegedly.builders.arrange.pinned import check_pins, pinned
from allegedly.builders.arrange.placing import HEADS, NONE, Placed, PlaceTexts, save_json
from allegedly.builders.arrange.similarity import NEAR, Measure, Measured
from allegedly.builders.arrange.splits import Heads, filled
from allegedly.builders.arrange.texts import Ranges, Texts, shown
from allegedly.builders.recipe import Recipe
from allegedly.builders.sources.pins import read_pins
from allegedly.builders.spool.labelling import Spooled as SpooledShard
from allegedly.builders.spool.parts import ROWS
from allegedly.builders.spool.records import Spooled
from allegedly.builders.stages import Stages
from allegedly.schemas import stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError
from allegedly.schemas.hashes import file_sha256

if TYPE_CHECKING:
    import numpy as np

_ID = re.compile(r"[0-9a-f]{16}(-[0-9]+)?")
#: A value is eight bytes and a pair sixteen, where a row of a range takes over a kilobyte: so many times as many of them
#: are held at once.
VALUES, PAIRS_HELD = 128, 32
#: So many pairs of duplicates are named in the manifest.
PAIRS_NAMED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Where the articles stand: the folders of ranges in order, each with a file a split; how many there are by split;
    how many groups; what the manifest says about leakage; the folders in which articles that went are listed; and the
    names in the table of pinned splits of which no article is."""

    folders: list[str]
    articles: dict[str, int]
    groups: int
    leakage: dict[str, Any]
    gone_in: list[str]
    not_pinned: list[str]

    def gone(self) -> Iterator[Gone]:
        """Articles that arranging sends to the ledger."""
        for folder in self.gone_in:
            yield from read_gone(Path(folder))


def arranged(stages: Stages, shards: Iterable[SpooledShard], recipe: Recipe, rows: int = ROWS) -> Arranged:
    """Drops duplicates where the recipe says so, then groups and splits. ``rows`` bounds what one task holds."""
    with _Arranging(stages, recipe, rows) as arranging:
        arranging.order(shards)
        arranging.compare()
        arranging.group()
        return arranging.place()


@dataclass(slots=True)
class _Arranging:
    stages: Stages
    recipe: Recipe
    rows: int
    folder: Path = field(init=False)
    spooled: Spooled = field(init=False)
    ordered: list[Ordered] = field(init=False)
    texts: Texts = field(init=False)
    ranges_file: str = field(init=False)
    firsts: list[similarity.Firsts] = field(init=False)
    alike: "np.ndarray" = field(init=False)
    pairs: "np.ndarray" = field(init=False)
    ties: "np.ndarray" = field(init=False)
    gone: list[Gone] = field(default_factory=list)
    gone_numbers: set[int] = field(default_factory=set)
    near_kept: int = 0
    pins: dict[int, tuple[int, str]] = field(default_factory=dict)
    not_pinned: list[str] = field(default_factory=list)

    def __enter__(self) -> "_Arranging":
        self.folder = self.stages.folder
        self.spooled = Spooled(self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        self.spooled.close()

    def order(self, shards: Iterable[SpooledShard]) -> None:
        """Texts in order of id."""
        parts, articles = [], 0
        for shard in shards:
            parts += [f"{SPOOL}/{shard.name}/{part}" for part in shard.parts]
            articles += shard.articles
        task = Order(
            work=str(self.folder),
            parts=save_json(self.folder / "parts.json", parts),
            drop_copies=self.recipe.duplicates != "keep",
        )
        self.ordered = self.stages.all("order", task, id_ranges(articles, self.rows), Ordered)
        ranges = Ranges.of(self.folder / "order", self.ordered)
        self.ranges_file = str(self.folder / "ranges.json")
        ranges.save(Path(self.ranges_file))
        self.texts = Texts(ranges, self.spooled)

    def compare(self) -> None:
        """Pairs of near duplicates, and ties by keys."""
        import numpy as np

        ranges = self.texts.ranges
        rows = collisions.bands(self._least, ranges.count)
        count, values = ranges.count, VALUES * self.rows
        alike = self.stages.all("alike", Alike(ranges=self.ranges_file), collisions.pieces(count, values), Collided)
        others = [str(self.folder / "alike" / piece.name / OTHERS) for piece in alike]
        band = Band(ranges=self.ranges_file, others=save_json(self.folder / "others.json", others), rows=rows)
        banded = self.stages.all("bands", band, collisions.pieces(count, values, rows), Collided)
        runs = [
            path for stage, collided in (("alike", alike), ("bands", banded)) for path in self._runs(stage, collided)
        ]
        measure = Measure(
            work=str(self.folder),
            ranges=self.ranges_file,
            runs=save_json(self.folder / "runs.json", runs),
            near=self._least,
        )
        self.firsts = similarity.pieces(ranges, [*alike, *banded], PAIRS_HELD * self.rows)
        for _ in self.stages.watched("measure", measure, self.firsts, Measured):
            pass
        self.pairs = self._joined("measure", [piece.name for piece in self.firsts], NEAR)
        runs_alike = [np.load(path) for path in self._runs("alike", alike)]
        self.alike = np.unique(np.concatenate([np.zeros((0, 2), dtype=np.int64), *runs_alike]), axis=0)
        keys = self.stages.all("keys", Keys(ranges=self.ranges_file), collisions.pieces(count, values), Tied)
        self.ties = self._joined("keys", [piece.name for piece in keys], TIES)
        if any(piece.given for piece in self.ordered):
            self.pairs = self.pairs[self._loose(self.pairs["left"]) & self._loose(self.pairs["right"])]
            self.ties = self.ties[self._loose(self.ties[:, 1].astype(np.int64))]

    @property
    def _least(self) -> float:
        """The similarity from which pairs are wanted: those that share a split, those that drop."""
        return min(self.recipe.splits.near, self.recipe.near)

    def _runs(self, stage: str, collided: list[Collided]) -> Iterator[str]:
        for piece in collided:
            for number in range(len(piece.runs)):
                yield str(self.folder / stage / piece.name / PAIRS.format(number))

    def _joined(self, stage: str, names: list[str], file: str) -> "np.ndarray":
        """The rows of all files of a stage, in order."""
        import numpy as np

        return np.concatenate([np.load(self.folder / stage / name / file) for name in names])

    def _loose(self, numbers: "np.ndarray") -> "np.ndarray":
        """Which texts have a copy whose split is not given."""
        import numpy as np

        unique, back = np.unique(numbers, return_inverse=True)
        loose = [any(row["split"] is None for row in self.texts.copies(number)) for number in unique.tolist()]
        return np.asarray(loose, dtype=bool)[back]

    def group(self) -> None:
        """Drops near duplicates where they are to go, and groups what is tied."""
        import numpy as np

        former = self._former()
        near = self.pairs[self.pairs["similarity"] >= self.recipe.near]
        if self.recipe.duplicates == "drop-near":
            self._drop_near(near, former)
        else:
            self.near_kept = _led(near)
        self.pairs = self._that_stay(self.pairs[self.pairs["similarity"] >= self.recipe.splits.near])
        pairs = np.stack([self.pairs["left"], self.pairs["right"]], axis=1)
        if len(former):
            pairs = self._with_twins(pairs)
        numbers = np.unique(np.concatenate([pairs.reshape(-1), self.ties[:, 1].astype(np.int64)]))
        numbers = numbers[~np.isin(numbers, np.asarray(sorted(self.gone_numbers), dtype=np.int64))]
        codes = _codes(former, self.texts.ids(numbers))
        ties = np.array(self.ties[np.isin(self.ties[:, 1].astype(np.int64), numbers)])
        ties[:, 1] = np.searchsorted(numbers, ties[:, 1].astype(np.int64))
        edges = np.searchsorted(numbers, pairs)
        if self.pins:
            ids = self.texts.ids(numbers).tolist()
            check_pins(
                len(numbers), edges, ties, {at: self.pins[own] for at, own in enumerate(ids) if own in self.pins}
            )
        grouping = grouped(len(numbers), edges, ties, codes)
        for number in np.flatnonzero(grouping.group < 0).tolist():
            self._bridge(int(numbers[number]), int(grouping.former[number]))
        stays = grouping.group >= 0
        tied = np.zeros(int(stays.sum()), dtype=[("number", "<i8"), ("group", "<u8"), ("split", "u1")])
        tied["number"] = numbers[stays]
        tied["group"] = self.texts.ids(numbers[grouping.group[stays]])
        tied["split"] = [NONE if not bits else bits.bit_length() - 1 for bits in grouping.former[stays].tolist()]
        np.save(self.folder / "tied.npy", tied)
        np.save(self.folder / "gone.npy", np.asarray(sorted(self.gone_numbers), dtype=np.int64))

    def _with_twins(self, pairs: "np.ndarray") -> "np.ndarray":
        """Pairs, and the same for texts of equal signature to one of them: where that one turns out to be a bridge
        between former splits, they are bridges too."""
        import numpy as np

        near = pairs[~np.isin(pairs[:, 0] * self.texts.ranges.count + pairs[:, 1], self._alike_codes())]
        both = np.concatenate([near, near[:, ::-1]])
        both = both[np.argsort(both[:, 0], kind="stable")]
        more = [pairs]
        for first, twin in self.alike.tolist():
            start, stop = np.searchsorted(both[:, 0], [first, first + 1])
            others = both[start:stop, 1]
            more.append(np.stack([np.full(len(others), twin), others], axis=1))
        return np.concatenate(more)

    def _alike_codes(self) -> "np.ndarray":
        """Pairs of equal signature as numbers."""
        codes: np.ndarray = self.alike[:, 0] * self.texts.ranges.count + self.alike[:, 1]
        return codes

    def _former(self) -> "np.ndarray":
        """The ids of the former release, and of what is pinned, in order, with the codes of their splits."""
        import numpy as np

        kinds = [("id", "<u8"), ("split", "u1")]
        pieces = [np.zeros(0, dtype=kinds)]
        previous = self.recipe.splits.previous
        for code, split in enumerate(SPLITS if previous is not None else ()):
            assert previous is not None
            names = (row["id"] for row in stored.rows(previous, "articles", split, ["id"]))
            while chunk := list(islice(names, self.rows)):
                pieces.append(np.asarray([(_number(name, previous), code) for name in chunk], dtype=kinds))
        pins = {} if self.recipe.splits.pinned is None else read_pins(self.recipe.splits.pinned)
        if pins:
            folders = (str(self.folder / "order" / piece.name) for piece in self.ordered)
            self.pins, self.not_pinned = pinned(folders, pins)
        pieces.append(np.asarray([(text, code) for text, (code, _) in self.pins.items()], dtype=kinds))
        former = np.concatenate(pieces)
        former = former[np.unique(former["id"], return_index=True)[1]]
        np.save(self.folder / "former.npy", former)
        return former

    def _that_stay(self, pairs: "np.ndarray") -> "np.ndarray":
        """Pairs of texts of which none went. What was near one that went is near those of equal signature too, and these
        were not measured."""
        import numpy as np

        if not self.gone_numbers:
            return pairs
        gone = np.asarray(sorted(self.gone_numbers), dtype=np.int64)
        twins = self.alike[np.isin(self.alike[:, 0], gone)]
        more = []
        for first, twin in twins.tolist():
            for own, partner in (("left", "right"), ("right", "left")):
                copied = pairs[(pairs[own] == first) & (pairs[partner] != twin)]
                copied[own] = twin
                more.append(copied)
        whole = np.concatenate([pairs, *more])
        low, high = np.minimum(whole["left"], whole["right"]), np.maximum(whole["left"], whole["right"])
        whole["left"], whole["right"] = low, high
        whole = whole[~np.isin(low, gone) & ~np.isin(high, gone)]
        return whole[np.unique(whole[["left", "right"]], return_index=True)[1]]

    def _drop_near(self, near: "np.ndarray", former: "np.ndarray") -> None:
        """Of each set of texts tied by near pairs only the first stays: one of the former release, else by origin."""
        import numpy as np

        numbers, back = np.unique(np.stack([near["left"], near["right"]]), return_inverse=True)
        pairs = back.reshape(2, -1).T
        sets = components(len(numbers), pairs)
        known = _codes(former, self.texts.ids(numbers)) >= 0
        kept: dict[int, tuple[tuple[Any, ...], int]] = {}
        for position, number in enumerate(numbers.tolist()):
            first = self.texts.first(number)
            rank = (not known[position], first["file_name"], first["record"], first["sha256"], number)
            kept[int(sets[position])] = min(kept.get(int(sets[position]), (rank, position)), (rank, position))
        best: dict[int, tuple[bool, float, int]] = {}
        for (left, right), similarity_ in zip(pairs.tolist(), near["similarity"].tolist(), strict=True):
            for this, partner in ((left, right), (right, left)):
                rank_ = (kept[int(sets[this])][1] == partner, similarity_, partner)
                best[this] = max(best.get(this, rank_), rank_)
        for position, number in enumerate(numbers.tolist()):
            stays = kept[int(sets[position])][1]
            if stays != position:
                _, similarity_, like = best[position]
                self._near(number, int(numbers[stays]), int(numbers[like]), similarity_)

    def _near(self, number: int, kept: int, like: int, similarity_: float) -> None:
        name = shown(int(self.texts.first(kept)["id"]))
        matched = shown(int(self.texts.first(like)["id"]))
        detail = {"kept": name, "matched": matched, "similarity": round(similarity_, 4)}
        reason = f"has nearly the same text as article {name}, which is kept"
        self._drop(number, "duplicates", "near-duplicate", reason, detail)

    def _bridge(self, number: int, bits: int) -> None:
        splits = [split for code, split in enumerate(SPLITS) if bits >> code & 1]
        splits.sort()
        reason = f"belongs together with articles of {' and '.join(splits)}, which the former release keeps apart"
        self._drop(number, "splits", "bridges-splits", reason, {"splits": splits})

    def _drop(self, number: int, stage: str, rule: str, reason: str, detail: dict[str, Any]) -> None:
        """Sends all copies of a text to the ledger."""
        self.gone_numbers.add(number)
        for row in self.texts.copies(number):
            line = self.spooled.rejected(place_of(row), stage=stage, rule=rule, reason=reason, detail=detail)
            self.gone.append(Gone(text=row["id"], source_id=row["source_id"], line=line, dropped=True))

    def place(self) -> Arranged:
        """Every article into its split, twice where a split would be empty."""
        fractions = self.recipe.splits.fractions
        ties = placing.Ties.of(*(self.folder / name for name in ("tied.npy", "gone.npy", "former.npy")))
        task = PlaceTexts(ties=ties, fractions=fractions, salt=self.recipe.splits.salt)
        pieces = placing.pieces(self.texts.ranges)
        stage = "place"
        placed = self.stages.all(stage, task, pieces, Placed)
        sizes = _summed(piece.groups for piece in placed)
        if any(not sizes[split] for split, fraction in fractions.items() if fraction > 0):
            moved = filled(sizes, fractions, map(self._heads, (piece for piece in placed if piece.free)), SPLITS)
            if moved:
                stage = "place-again"
                names = {shown(text_id): split for text_id, split in moved.items()}
                task = PlaceTexts(ties=ties, fractions=fractions, salt=self.recipe.splits.salt, moved=names)
                placed = self.stages.all(stage, task, pieces, Placed)
        return self._arranged(stage, placed)

    def _heads(self, placed: Placed) -> Heads:
        import numpy as np

        heads = np.load(self.folder / "place" / placed.name / HEADS)
        return Heads(ids=heads["id"], places=heads["place"], splits=heads["split"])

    def _arranged(self, stage: str, placed: list[Placed]) -> Arranged:
        folder = self.folder / stage
        instead = self._instead()
        across = Across(
            ranges=self.ranges_file,
            measured=str(self.folder / "measure"),
            placed=str(folder),
            instead=str(instead),
            instead_sha256=file_sha256(instead),
        )
        nearest = self.stages.all("across", across, self.firsts, Nearest)
        crossing = [pair for piece in placed for pair in piece.crossing]
        own = self.folder / "gone"
        own.mkdir(exist_ok=True)
        write_gone(own, self.gone)
        return Arranged(
            folders=[str(folder / piece.name) for piece in placed],
            articles=_summed(piece.articles for piece in placed),
            groups=sum(_summed(piece.groups for piece in placed).values()),
            leakage=proof(nearest, crossing, self.texts, split_of(self.texts, folder))
            | self._duplicates(sum(piece.copies for piece in placed)),
            gone_in=[*(str(self.folder / "order" / piece.name) for piece in self.ordered), str(own)],
            not_pinned=self.not_pinned,
        )

    def _instead(self) -> Path:
        """Texts of equal signature that stand in for those that went, in a file."""
        import numpy as np

        gone = np.asarray(sorted(self.gone_numbers), dtype=np.int64)
        pairs = self.alike[np.isin(self.alike[:, 0], gone) & ~np.isin(self.alike[:, 1], gone)]
        first = np.unique(pairs[:, 0], return_index=True)[1]
        path = self.folder / "instead.npy"
        np.save(path, pairs[first])
        return path

    def _duplicates(self, copies: int) -> dict[str, Any]:
        """What the manifest says about texts that are the same, or nearly so."""
        import numpy as np

        gone = np.asarray(sorted(self.gone_numbers), dtype=np.int64)
        stay = self.pairs[~np.isin(self.pairs["left"], gone) & ~np.isin(self.pairs["right"], gone)]
        named = stay[:PAIRS_NAMED]
        ids = zip(self.texts.ids(named["left"]).tolist(), self.texts.ids(named["right"]).tolist(), strict=True)
        return {
            "near": self.recipe.splits.near,
            "exact_copies": copies,
            "near_copies": self.near_kept,
            "near_pairs": len(stay),
            "near_pairs_named": [
                {"articles": [shown(left), shown(right)], "similarity": round(similarity_, 4)}
                for (left, right), similarity_ in zip(ids, named["similarity"].tolist(), strict=True)
            ],
        }


#: The stage whose folder holds the spool.
SPOOL = "spool"


def _number(name: object, previous: Path) -> int:
    """The number that an article's id in a former release is."""
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise DataError(
            f"{previous}: found the article id {name!r}, expected 16 hex digits; `allegedly validate {previous}` says more"
        )
    return int(name[:16], 16)


def _codes(former: "np.ndarray", ids: "np.ndarray") -> "np.ndarray":
    """The code of each text's split in the former release, -1 where it was not there."""
    import numpy as np

    if not len(former):
        return np.full(len(ids), -1, dtype=np.int64)
    position = np.minimum(np.searchsorted(former["id"], ids), len(former) - 1)
    return np.where(former["id"][position] == ids, former["split"][position].astype(np.int64), -1)


def _led(near: "np.ndarray") -> int:
    """How many texts have a near one before them: so many would go if near duplicates were dropped."""
    import numpy as np

    numbers, back = np.unique(np.stack([near["left"], near["right"]]), return_inverse=True)
    return int((components(len(numbers), back.reshape(2, -1).T) != np.arange(len(numbers))).sum())


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(SPLITS, 0)
    for some in counts:
        for split, count in some.items():
            total[split] += count
    return total
