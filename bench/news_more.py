"""Draws further articles for the training part of dataset/news.

    python bench/news_more.py CORPORA --bbc 110 --polnear 90 [--seed 29] --work DIR --out names.txt

Candidates are the articles of bbc-raw and of PolNeAR's training part (those of 250 to 900 words) that stand in no group
with an article of the selection: no copy and no near copy of what is validated or tested on (the `near` of ``[splits]``).
Of a group one is taken; topics of bbc-raw and outlets of PolNeAR come in turn. DIR keeps the candidates under their
names in the selection and their release, whose forms readers fill in; the order of lines is that of the draw.
"""

import argparse
import random
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from news_copies import public_name, selection

from allegedly import build
from allegedly.schemas import stored

#: Words between white space: PolNeAR's articles, and the least of any.
POLNEAR = (250, 900)
LEAST = 120


def laid(corpora: Path, out: Path) -> None:
    """Every candidate and every article of the selection, under its name, in a folder that is made anew."""
    shutil.rmtree(out, ignore_errors=True)
    chosen = {row.file_name for row in selection()}
    for path in sorted(corpora.rglob("*")):
        parts = path.relative_to(corpora).parts
        if path.suffix.lower() not in (".txt", ".html", ".htm") or not path.is_file():
            continue
        if parts[0] == "polnear" and "train" not in parts:
            continue
        inner = PurePosixPath(*parts)
        name = public_name(parts[0], inner)
        text = path.suffix == ".txt" and parts[0] in ("bbc-raw", "polnear")
        words = len(path.read_text(encoding="utf-8", errors="replace").split()) if text else 0
        least, most = POLNEAR if parts[0] == "polnear" else (LEAST, sys.maxsize)
        if name in chosen or (text and len(parts) > 2 and least <= words <= most):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, out / name)


def drawn(names: Sequence[str], groups: Mapping[str, str], taken: set[str], seed: int, count: int) -> Iterator[str]:
    """So many of the names, topics or outlets in turn, one of a group, none of a group that is taken already."""
    rng = random.Random(seed)
    parts: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        parts[name.split("/")[1].split("_")[0]].append(name)
    for own in parts.values():
        rng.shuffle(own)
    given = 0
    while given < count and any(parts.values()):
        for part in sorted(parts):
            while parts[part]:
                name = parts[part].pop()
                if groups[name] not in taken:
                    taken.add(groups[name])
                    given += 1
                    yield name
                    break
            if given == count:
                return


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--bbc", type=int, default=110)
    parser.add_argument("--polnear", type=int, default=90)
    parser.add_argument("--seed", type=int, default=29)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    laid(given.corpora, given.work / "candidates")
    build([given.work / "candidates"], given.work / "release", labellers="none")
    groups = {
        record.article.origin.file_name.partition("/")[2]: record.group or record.article.id
        for record in stored.records(given.work / "release")
    }
    chosen = {row.file_name for row in selection()}
    taken = {group for name, group in groups.items() if name in chosen}
    names = [
        name
        for corpus, count in (("bbc-raw", given.bbc), ("polnear", given.polnear))
        for name in drawn(
            [n for n in groups if n.startswith(corpus + "/") and n not in chosen], groups, taken, given.seed, count
        )
    ]
    given.out.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{len(names)} of {len(groups) - len(chosen)} candidates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
