"""``allegedly stats``: what a release holds, in figures."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from allegedly.schemas.stored import Release

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

    opened = stored.Release(release)
    manifest = opened.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "date": manifest.date,
        "content_sha256": manifest.content_sha256,
        "rows": manifest.counts,
        "values": {
            f"{config}.{column}": counts
            for config, columns in COUNTED.items()
            for column, counts in _values(opened, config, columns).items()
        },
        "annotators": manifest.annotators,
        "inputs": len(manifest.inputs),
        "rejected": _ordered(Counter(line["rule"] for line in opened.lines())),
    }


def _values(release: "Release", config: str, columns: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many rows have each value of each column, most first; null stands for what is not said."""
    from allegedly.schemas.arrow import SPLITS, class_names, feature_dicts

    features = feature_dicts(config)
    names = {c: class_names(config, c) if features[c]["_type"] == "ClassLabel" else None for c in columns}
    counts: dict[str, Counter[str]] = {column: Counter() for column in columns}
    for split in SPLITS:
        for row in release.rows(config, split, columns):
            for column in columns:
                counts[column][_shown(row[column], names[column])] += 1
    return {column: _ordered(counted) for column, counted in counts.items()}


def _shown(value: Any, names: Sequence[str] | None) -> str:
    """A value as a word; a class id that is none as itself."""
    if value is None:
        return "null"
    if names is None:
        return str(value)
    return names[value] if 0 <= value < len(names) else str(value)


def _ordered(counts: Counter[str]) -> dict[str, int]:
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
