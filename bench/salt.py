"""Prints the first salts under which test of the shipped dataset holds gold of every kind that a task asks for, and
articles from two thirds of the folders of the sources, which are its genres.

    python bench/salt.py [RELEASE] [--least 2]      # default: dataset

Conventions: salts are tried in the order 0, 1, 2, ...; the fractions are those of the release's recipe. No system is
looked at. ``least`` is how many labels of every kind test must hold at least; every split must hold its fraction of the
articles within a twentieth.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from allegedly.builders.arrange.splits import fall, place
from allegedly.schemas import stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.records import LINK, Record
from allegedly.schemas.schema import values

#: So much of the folders must be in test.
FOLDERS = 2 / 3
ENUMERATIONS = {
    "claims": ("claim", ("kind", "worth", "certainty", "polarity")),
    "speculations": ("speculation", ("kind",)),
    "attributions": ("attribution", ("form", "act", "source_kind")),
}


def kinds(record: Record) -> Counter:
    """What an article adds to each kind that test must hold."""
    found: Counter = Counter()
    for layer, (_, names) in ENUMERATIONS.items():
        for label in getattr(record.labels, layer):
            found.update((layer, name, getattr(label, name)) for name in names)
            found[layer, LINK[layer], getattr(label, LINK[layer]) is not None] += 1
    for said in record.labels.attributions:
        found["attributions", "negated", said.negated] += 1
        found["attributions", "source", bool(said.source)] += 1
        found["attributions", "cue", bool(said.cue)] += 1
        found["attributions", "pieces", len(said.content) > 1] += 1
    return found


def wanted(records: Sequence[Record]) -> set:
    """The kinds: every value of the schemas, and both sides of every yes or no that the dataset knows."""
    listed = {
        (layer, name, value)
        for layer, (schema, names) in ENUMERATIONS.items()
        for name in names
        for value in values(schema, name)
    }
    return listed | set().union(*(kinds(record) for record in records))


def folder(record: Record) -> str:
    """The genre of an article: the folder of its file."""
    return Path(record.article.origin.file_name).parent.name


def salts(records: Sequence[Record], fractions: dict[str, float], least: int) -> Iterator[int]:
    """Salts that do, in order."""
    needed, of = wanted(records), [kinds(record) for record in records]
    folders = {folder(record) for record in records}
    for salt in count():
        split = {record.group: fall(place(record.group, str(salt)), fractions) for record in records}
        sizes = Counter(split[record.group] for record in records)
        if any(abs(sizes[name] / len(records) - fractions[name]) > 0.05 for name in SPLITS):
            continue
        held = sum((k for k, record in zip(of, records, strict=True) if split[record.group] == "test"), Counter())
        if len({folder(record) for record in records if split[record.group] == "test"}) < FOLDERS * len(folders):
            continue
        if all(held[kind] >= least for kind in needed):
            yield salt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path, default=Path(__file__).parent.parent / "dataset")
    parser.add_argument("--least", type=int, default=2)
    given = parser.parse_args()
    records = list(stored.records(given.release))
    fractions = {name: stored.manifest(given.release)["recipe"]["splits"][name] for name in SPLITS}
    for salt in islice(salts(records, fractions, given.least), 3):
        print(salt)
    return 0


if __name__ == "__main__":
    sys.exit(main())
