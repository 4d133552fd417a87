"""Arranging on small things: groups and splits from lists and dictionaries, pairs of texts by the stages themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from allegedly.builders.arrange import groups, splits
from allegedly.builders.arrange.arrange import SPOOL, _Arranging
from allegedly.builders.recipe import Recipe, Splits
from allegedly.builders.spool.labelling import Spooled
from allegedly.builders.spool.parts import Parts, entry
from allegedly.builders.spool.records import article_line
from allegedly.builders.stages import Stages
from allegedly.builders.text.articles import article
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.records import Block, Origin


@dataclass
class Grouped:
    """Groups by text, former splits by group, bridges with the splits between which they stand."""

    group: dict[int, int]
    former: dict[int, str]
    bridges: dict[int, tuple[str, ...]]


def grouped(
    count: int,
    pairs: Iterable[tuple[int, int]],
    keys: Sequence[Sequence[object]],
    former: Mapping[int, str] | None = None,
) -> Grouped:
    """What ``groups.grouped`` says of texts 0 to count - 1."""
    names = {name: number for number, name in enumerate(sorted({repr(key) for own in keys for key in own}))}
    ties = [(names[repr(key)], text) for text, own in enumerate(keys) for key in sorted(set(own), key=repr)]
    codes = [-1 if text not in (former or {}) else SPLITS.index((former or {})[text]) for text in range(count)]
    edges = np.asarray(list(pairs), dtype=np.int64).reshape(-1, 2)
    found = groups.grouped(count, edges, np.asarray(ties, dtype=np.int64).reshape(-1, 2), np.asarray(codes))
    held = {
        text: tuple(sorted(s for at, s in enumerate(SPLITS) if int(found.former[text]) >> at & 1))
        for text in range(count)
    }
    group = {text: int(first) for text, first in enumerate(found.group) if first >= 0}
    return Grouped(
        group=group,
        former={first: held[first][0] for first in set(group.values()) if held[first]},
        bridges={text: held[text] for text in range(count) if text not in group},
    )


def assign(
    keys: Iterable[str], fractions: Mapping[str, float], salt: str = "", former: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The split of each group, by its key; keys are hex digits. ``former`` holds groups whose split stands."""
    former = former or {}
    free = {key: splits.place(key, salt) for key in sorted(keys) if key not in former}
    fallen = {key: splits.fall(where, fractions) for key, where in free.items()}
    out = {**fallen, **former}
    sizes = {name: list(out.values()).count(name) for name in SPLITS}
    heads = [
        splits.Heads(
            ids=np.asarray([int(key, 16) for key in piece], dtype=np.uint64),
            places=np.asarray([free[key] for key in piece], dtype=np.float64),
            splits=np.asarray([SPLITS.index(fallen[key]) for key in piece], dtype=np.uint8),
        )
        for piece in (list(free)[::2], list(free)[1::2])
    ]
    moved = splits.filled(sizes, fractions, heads, SPLITS)
    by_id = {int(key, 16): key for key in free}
    return {**out, **{by_id[text_id]: name for text_id, name in moved.items()}}


class Serial:
    """An engine without processes."""

    def map(self, task, shards, *, work):
        return map(task, shards)


def compared(folder: Path, texts: Sequence[str], near: float, rows: int) -> _Arranging:
    """The stages that order and compare texts, run on these; ``rows`` is what a task may hold."""
    spool = folder / SPOOL / "000000"
    spool.mkdir(parents=True)
    parts, offset = Parts(spool), 0
    with (spool / "records.jsonl").open("wb") as lines:
        for number, text in enumerate(texts):
            made = article(
                text,
                Origin(file_name=f"{number:06d}.txt"),
                blocks=[Block(kind="lead", start=0, end=len(text))],
                language="en",
            )
            line = article_line(made.to_json(), [])
            lines.write(line)
            parts.add(entry(made, (), None, "records.jsonl", offset, len(line)))
            offset += len(line)
    parts.flush()
    shard = Spooled(name="000000", parts=parts.names, files=len(texts), articles=len(texts), rejected=0)
    arranging = _Arranging(
        Stages(Serial(), folder, "test"), Recipe(name="test", near=near, splits=Splits(near=near)), rows
    )
    arranging.__enter__()
    arranging.order([shard])
    arranging.compare()
    return arranging
