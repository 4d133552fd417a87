"""Prints how far the annotators of a release agree, per layer and part, with intervals.

python bench/agreement.py [RELEASE]        # default: dataset
"""

import sys
from pathlib import Path

from allegedly.builders.agreement import agreement, annotators, pairs, table
from allegedly.schemas import stored


def main(release: Path) -> int:
    records = list(stored.records(release))
    compared = annotators(records)
    if not compared:
        print(f"{release}: no article has votes of two annotators")
    for first, second in compared:
        both = pairs(records, first, second)
        print(f"{first} and {second}, {len(both)} articles\n\n{table(list(agreement(both)))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "dataset")))
