"""The datasheet of a release: ``python -m allegedly.datasheet RELEASE FILE`` renews the figures in the file.

Conventions: those of ``allegedly.builders.release.datasheet``; what it needs of the evaluation, the agreement of
annotators, is handed in here.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from allegedly.builders.release import datasheet
from allegedly.eval.agreement.agreement import Comparison, agreement
from allegedly.eval.agreement.sides import compared, of_records
from allegedly.eval.rows import interval, shown
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import Record


def agreed(records: Sequence[Record]) -> str:
    """How far annotators agree, as Markdown."""
    voted = of_records(records)
    if not compared(voted):
        return "One annotator labelled each article; nothing can be said about agreement."
    return "\n\n".join("\n".join(_table(comparison)) for comparison in agreement(voted))


def _table(comparison: Comparison) -> Iterator[str]:
    names = [f"`{name}`" for name in comparison["annotators"]]
    yield f"{', '.join(names[:-1])} and {names[-1]}, {comparison['articles']} articles:\n"
    yield "| layer | of | measure | agreement | 95 % interval | items |"
    yield "|---|---|---|---|---|---|"
    for figure in comparison["figures"]:
        cells = (figure["layer"], figure["of"], figure["measure"], shown(figure["value"], 2), interval(figure, 2))
        yield f"| {' | '.join(cells)} | {figure['items']:,} |"


def main(arguments: Sequence[str]) -> int:
    """Renew the figures of a sheet. UsageError and DataError as the sheet's."""
    if len(arguments) != 2:
        raise UsageError("usage: python -m allegedly.datasheet RELEASE FILE")
    release, sheet = map(Path, arguments)
    records = list(stored.records(release))
    facts = datasheet.Facts(stored.manifest(release), records, agreed(records))
    datasheet.renew(sheet, facts)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (DataError, UsageError) as error:
        sys.exit(f"datasheet: {error}")
