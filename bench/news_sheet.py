"""The figures of the news set's datasheet, ``dataset/news/README.md``, filled in from a build of it.

    python bench/news_sheet.py RELEASE [README]

Conventions: as in the datasheet of the shipped set, figures stand between ``<!-- figures:NAME -->`` and
``<!-- /figures:NAME -->``. Agreement is what ``allegedly agree`` says of the two blind passes, without intervals.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from news_check import shares
from news_copies import NEWS, Row, selection

from allegedly.schemas import stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import LAYERS, Record

_PLACE = re.compile(r"^<!-- figures:(\w+) -->\n(.*?)^<!-- /figures:\1 -->$", re.M | re.S)
#: Below this alpha a cell is named; cells of fewer items are not.
LEAST, ITEMS = 0.8, 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures are made of; ``agreement`` is what ``allegedly agree`` prints, None where nothing was read twice."""

    manifest: Manifest
    records: Sequence[Record]
    rows: Sequence[Row]
    agreement: list[dict[str, Any]] | None
    verdicts: Sequence[dict[str, Any]]
    check: Sequence[dict[str, Any]]


def facts(release: Path, rows: Sequence[Row], news: Path = NEWS) -> Facts:
    """What a build and the files beside its recipe hold."""
    records = list(stored.records(release))
    blind = sorted({vote.annotator.id for record in records for vote in record.votes if not _supersedes(vote)})
    twice = any(sum(not _supersedes(vote) for vote in record.votes) > 1 for record in records)
    return Facts(
        manifest=stored.manifest(release),
        records=records,
        rows=rows,
        agreement=agreed(release, blind) if twice else None,
        verdicts=_lines(news / "adjudication.jsonl"),
        check=_lines(news / "check.jsonl"),
    )


def _supersedes(vote: Any) -> bool:
    return bool(getattr(vote.annotator, "supersedes", ()))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def agreed(release: Path, annotators: Sequence[str]) -> list[dict[str, Any]]:
    """The comparisons of annotators of a release."""
    argv = ["agree", str(release), "--annotators", ",".join(annotators), "--format", "json", "--resamples", "0"]
    done = subprocess.run([sys.executable, "-m", "allegedly", *argv], capture_output=True, text=True, check=False)
    if done.returncode:
        raise DataError(f"allegedly agree: {done.stderr.strip()}")
    comparisons: list[dict[str, Any]] = json.loads(done.stdout)["comparisons"]
    return comparisons


def weak(comparisons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The alphas below the least, of cells with enough items, lowest first."""
    cells = [
        figure
        for comparison in comparisons
        for figure in comparison["figures"]
        if figure["measure"].startswith("alpha") and figure["items"] >= ITEMS and figure["value"] is not None
    ]
    return sorted(
        (cell for cell in cells if cell["value"] < LEAST), key=lambda cell: (cell["value"], cell["layer"], cell["of"])
    )


def _release(known: Facts) -> str:
    m = known.manifest
    return f"Name `{m.name}`, version {m.version} of {m.date}; content SHA-256 `{m.content_sha256}`."


def _articles(known: Facts) -> str:
    rows = []
    for corpus in sorted({row.corpus for row in known.rows}):
        own = [row for row in known.rows if row.corpus == corpus]
        counts = [sum(row.split == split for row in own) for split in SPLITS]
        rows.append((corpus, len({row.outlet for row in own}), *counts, f"{sum(row.words for row in own):,}"))
    totals = [sum(row.split == split for row in known.rows) for split in SPLITS]
    rows.append(("all", len({row.outlet for row in known.rows}), *totals, f"{sum(row.words for row in known.rows):,}"))
    return _table(("corpus", "outlets", *SPLITS, "words"), rows)


def _labels(known: Facts) -> str:
    rows = []
    for layer in LAYERS:
        counts = Counter({record.split: 0 for record in known.records})
        for record in known.records:
            counts[record.split] += len(getattr(record.labels, layer) or ())
        rows.append((layer, *(f"{counts[split]:,}" for split in SPLITS)))
    without = sum(all(getattr(record.labels, layer) is None for layer in LAYERS) for record in known.records)
    note = f"\n\nArticles without labels: {without}." if without else ""
    return _table(("labels", *SPLITS), rows) + note


def _agreement(known: Facts) -> str:
    if known.agreement is None:
        return "No article of this build has been read twice."
    lines = []
    for comparison in known.agreement:
        names = " and ".join(comparison["annotators"])
        lines.append(f"{names}, {comparison['articles']} articles:\n")
        rows = [
            (figure["layer"], figure["of"], figure["measure"], _shown(figure["value"]), f"{figure['items']:,}")
            for figure in comparison["figures"]
            if figure["measure"].startswith("alpha") or (figure["of"] == "labels" and figure["measure"] == "overlap_f1")
        ]
        lines.append(_table(("layer", "of", "measure", "value", "items"), rows) + "\n")
    cells = weak(known.agreement)
    named = "; ".join(f"{cell['layer']}, {cell['of']} ({cell['measure']} {_shown(cell['value'])})" for cell in cells)
    lines.append(f"Cells of {ITEMS} items and more with an alpha below {LEAST:.2f}: {named or 'none'}.")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.2f}"


def _adjudication(known: Facts) -> str:
    if not known.verdicts:
        return "Nothing has been adjudicated."
    rows = []
    for layer in LAYERS:
        says = Counter(line["verdict"] for line in known.verdicts if line["layer"] == layer)
        names = ("1", "2", "own", "yes", "no")
        rows.append((layer, says.total(), *(says[name] for name in names)))
    header = ("differences", "all", "first is right", "second is right", "neither", "label stays", "label goes")
    return _table(header, rows)


def _check(known: Facts) -> str:
    draws = list(dict.fromkeys(line["draw"] for line in known.check))
    lines = [
        f"- drawn by {draw}: {share}"
        for draw in draws
        for share in shares([line for line in known.check if line["draw"] == draw])
    ]
    return "\n".join(lines) or "No third reading has been made."


FIGURES: dict[str, Callable[[Facts], str]] = {
    "release": _release,
    "articles": _articles,
    "labels": _labels,
    "agreement": _agreement,
    "adjudication": _adjudication,
    "check": _check,
}


def _table(header: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def filled(sheet: str, known: Facts) -> str:
    """The sheet with every figure renewed. DataError names figures that are unknown or not in the sheet."""
    named = sorted(match[1] for match in _PLACE.finditer(sheet))
    if named != sorted(FIGURES):
        raise DataError(
            f"figures in the sheet: {', '.join(named) or 'none'}; expected each once: {', '.join(sorted(FIGURES))}"
        )
    return _PLACE.sub(lambda m: f"<!-- figures:{m[1]} -->\n{FIGURES[m[1]](known)}\n<!-- /figures:{m[1]} -->", sheet)


def renew(sheet: Path, release: Path, rows: Sequence[Row]) -> None:
    """Renews the figures of a sheet."""
    text = filled(sheet.read_text(encoding="utf-8"), facts(release, rows, sheet.parent))
    sheet.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("sheet", type=Path, nargs="?", default=NEWS / "README.md")
    arguments = parser.parse_args()
    renew(arguments.sheet, arguments.release, selection())
