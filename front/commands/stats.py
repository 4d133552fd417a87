"""``allegedly stats``: what a release holds, in figures."""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

HELP = "Print what a release holds: rows, classes, kinds, languages, outlets, annotators, ledger."
EXAMPLES = """  allegedly stats release
  allegedly stats release --json"""


class Figures(TypedDict):
    """All figures of a release: ``rows`` by config and split, ``values`` by ``config.column`` and what stands there."""

    name: str
    version: str
    date: str | None
    content_sha256: str
    rows: Mapping[str, Mapping[str, int]]
    values: Mapping[str, Mapping[str, int]]
    annotators: Sequence[Mapping[str, Any]]
    inputs: int
    rejected: Mapping[str, int]


#: Columns counted by value, config by config.
COUNTED = {
    "sentences": ("claim", "speculation", "attribution"),
    "claims": ("kind", "worth", "certainty", "polarity", "by", "scheme"),
    "speculations": ("kind", "certainty", "by", "scheme"),
    "attributions": ("form", "act", "source_kind", "by", "scheme"),
    "articles": ("language", "outlet"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The release."""
    parser.add_argument("release", help="the folder of a release")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the figures."""
    from allegedly import console

    figures = stats(args.release)
    console.dump(figures) if args.json else console.show(_text(figures))
    return 0


def stats(release: str) -> Figures:
    """All figures of a release, as JSON."""
    from allegedly.schemas import stored

    manifest = stored.manifest(release)
    return {
        "name": manifest.name,
        "version": manifest.version,
        "date": manifest.date,
        "content_sha256": manifest.content_sha256,
        "rows": manifest.counts,
        "values": {
            f"{config}.{column}": _values(release, config, column) for config, cs in COUNTED.items() for column in cs
        },
        "annotators": manifest.annotators,
        "inputs": len(manifest.inputs),
        "rejected": _ledger(release),
    }


def _values(release: str, config: str, column: str) -> dict[str, int]:
    """How many rows have each value, most first; null stands for what is not said."""
    from allegedly.schemas import stored
    from allegedly.schemas.arrow import class_names, feature_dicts

    names = class_names(config, column) if feature_dicts(config)[column]["_type"] == "ClassLabel" else None
    counts: Counter[str] = Counter()
    for row in stored.rows(release, config, columns=[column]):
        value = row[column]
        counts["null" if value is None else names[value] if names else value] += 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _ledger(release: str) -> dict[str, int]:
    from pathlib import Path

    from allegedly.schemas import stored

    counts: Counter[str] = Counter()
    with (stored.home(Path(release)) / "rejected.jsonl").open("rb") as file:
        for line in file:
            counts[json.loads(line)["rule"]] += 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _text(figures: Figures) -> list[str]:
    lines = [f"{figures['name']} {figures['version']}" + (f", {figures['date']}" if figures["date"] else ""), ""]
    lines.append(f"{'rows':<16}{'train':>10}{'validation':>12}{'test':>10}")
    for config, rows in figures["rows"].items():
        lines.append(f"{config:<16}{rows['train']:>10}{rows['validation']:>12}{rows['test']:>10}")
    lines.append("")
    for name, values in figures["values"].items():
        if values:
            shown = [f"{value} {count}" for value, count in list(values.items())[:12]]
            more = [f"and {len(values) - 12} more"] if len(values) > 12 else []
            lines.append(f"{name}: {', '.join(shown + more)}")
    lines.append("")
    annotators = ", ".join(f"{annotator['id']} ({annotator['kind']})" for annotator in figures["annotators"])
    lines.append(f"annotators: {annotators or 'none'}")
    rejected = ", ".join(f"{rule} {count}" for rule, count in figures["rejected"].items()) or "nothing"
    lines.append(f"input files: {figures['inputs']}; rejected: {rejected}")
    return lines
