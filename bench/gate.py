"""The gate on labelled files: how many articles it refuses, how much of the rest it takes.

    python bench/gate.py ../shared/corpora

Conventions: ``gate.tsv`` names files of the corpora, with their SHA-256, and says of each whether it is an article
(a story, a post of a blog, a page of text with something to say) or something other; whoever labelled them read them.
What was doubtful (a product's page, a preview of which half is there) is not in it. To these come the invented texts of
``tests/gate/texts``: ``refused`` and ``taken`` were written together with the rules, ``held-out`` after them. A file is
taken where it gives an article. ``--all`` adds every file of bbc-raw.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from allegedly.builders.gate.admission import Admission, admitted
from allegedly.builders.readers._reading import read
from allegedly.builders.sources.find import Source
from allegedly.schemas.records import Article

LABELS = Path(__file__).with_name("gate.tsv")
TEXTS = Path(__file__).parent.parent / "tests" / "gate" / "texts"
#: At most so many articles may be refused, at least so much of the rest must be caught.
MOST_REFUSED, LEAST_CAUGHT = 0.01, 0.95


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file, the set that it belongs to, and whether it is an article."""

    path: Path
    group: str
    article: bool


def of_corpora(corpora: Path) -> Iterator[Labelled]:
    """The files of ``gate.tsv``. SystemExit for one that is not as it was when it was labelled."""
    with LABELS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            path = corpora / row["file"]
            if hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
                raise SystemExit(f"{path}: is not the file that was labelled")
            yield Labelled(path, "corpora", row["verdict"] == "article")


def invented() -> Iterator[Labelled]:
    """The texts of the tests."""
    for path in sorted(path for path in TEXTS.rglob("*") if path.is_file()):
        parts = path.relative_to(TEXTS).parts
        yield Labelled(path, "held out" if parts[0] == "held-out" else "invented", "taken" in parts)


def verdict(path: Path) -> str | None:
    """The first rule that refuses a file; None where it gives an article."""
    values = list(admitted(read(Source(path=str(path), file_name=path.name)), Admission()))
    if any(isinstance(value, Article) for value in values):
        return None
    return values[0].rule


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpora", type=Path, help="the folder of the public corpora")
    parser.add_argument("--all", action="store_true", help="every file of bbc-raw too")
    args = parser.parse_args()
    files = [*of_corpora(args.corpora), *invented()]
    if args.all:
        files += [Labelled(path, "bbc-raw", True) for path in sorted(args.corpora.glob("bbc-raw/**/*.txt"))]
    rules = {file: verdict(file.path) for file in files}
    print(f"{'files':<12}{'articles':>10}{'refused':>10}{'other':>10}{'caught':>10}")
    for group in [*dict.fromkeys(file.group for file in files), "all"]:
        chosen = [file for file in files if group in (file.group, "all")]
        articles = [rules[file] for file in chosen if file.article]
        others = [rules[file] for file in chosen if not file.article]
        refused, caught = sum(map(bool, articles)), sum(map(bool, others))
        print(f"{group:<12}{len(articles):>10}{refused:>10}{len(others):>10}{caught:>10}")
    for file in files:
        if (rules[file] is None) != file.article:
            print(f"{'refused' if file.article else 'taken'}: {file.path.name} {rules[file] or ''}")
    passed = refused <= MOST_REFUSED * len(articles) and caught >= LEAST_CAUGHT * len(others)
    print(f"articles refused {refused / len(articles):.2%}, others caught {caught / len(others):.2%}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
