"""Which articles of a release a page shows: all, a sample that a seed decides, or those that are named.

Conventions: a sample holds the articles whose ids have the smallest hashes with the seed, whatever their order.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from heapq import nsmallest

from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import Record
from allegedly.schemas.stored import Release, check_split

#: A page of more articles is slow to open; without ``--sample`` so many are drawn.
MOST = 500


def splits(release: Release, split: str | None) -> tuple[str, ...]:
    """The splits that are meant. UsageError for one that is none, or has no rows."""
    if split in (None, "all"):
        return SPLITS
    if split not in SPLITS:
        raise UsageError(f"--split: {unknown('split', split, [*SPLITS, 'all'])}")
    check_split(release.manifest, split)
    return (split,)


def ids(
    release: Release, split: str | None, sample: int | None, seed: int, only: Collection[str] | None
) -> frozenset[str]:
    """The ids of the articles to show. UsageError for a sample of less than one, and for ids that the release does not
    have in these splits."""
    there = [row["id"] for name in splits(release, split) for row in release.rows("articles", name, ["id"])]
    if only is not None:
        if missing := sorted(set(only) - set(there)):
            raise UsageError(f"--only: {len(missing)} articles are not there: {', '.join(missing[:5])}")
        there = [name for name in there if name in only]
    return sampled(there, sample, seed)


def sampled(there: Sequence[str], sample: int | None, seed: int) -> frozenset[str]:
    """So many of some ids; of more than a page can hold, as many as it can. UsageError for a sample of less than one."""
    if sample is not None and sample < 1:
        raise UsageError(f"--sample: found {sample}, expected 1 or more")
    most = sample if sample is not None else MOST
    if len(there) <= most:
        return frozenset(there)
    return frozenset(nsmallest(most, there, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest()))


def records(release: Release, split: str | None, wanted: Collection[str] | None = None) -> Iterator[Record]:
    """The records of these articles, or of all, split by split, in order of id."""
    for name in splits(release, split):
        for record in release.records(name):
            if wanted is None or record.article.id in wanted:
                yield record
