"""``allegedly build``: raw article files in, a labelled release out."""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from allegedly.parsing import pairs

if TYPE_CHECKING:
    from allegedly.progress import Terminal
    from allegedly.schemas.manifest import Manifest

HELP = "Build a labelled dataset release from raw news-article files."
EXAMPLES = """  allegedly build news --out release
  allegedly build news feed.xml archive.warc.gz --out release --labellers rules --train 0.7 --validation 0.1 --test 0.2
  allegedly build dump.jsonl --field text=/body --field title=/headline --out release
  allegedly build --recipe recipe.toml --out release
  allegedly build news --out release-2 --previous release
  allegedly build news --out release --labellers openai:my-model@http://localhost:8000/v1 --max-requests 500"""

#: Flags that a recipe's keys do not give by their type alone.
_METAVARS = {
    "previous": "RELEASE",
    "pinned": "TABLE",
    "annotations": "DIR",
    "version": "X.Y.Z",
    "group_by": "NAME",
    "labellers": "NAMES",
}
_METAVARS |= {"labeller_options": "FILE", "max_cost": "COST", "max_requests": "N", "cache": "DIR"}
_METAVARS |= {"include": "GLOB", "exclude": "GLOB", "languages": "TAG", "min_words": "N", "files_from": "LIST"}
_METAVARS |= {"pinned": "TABLE", "engine": "NAME|ADDRESS", "work": "DIR", "memory": "SIZE"}
#: The groups of the help, by the recipe's tables and what else they hold; what is asked for daily stands before them.
GROUPS = {
    "about": "what the release says of itself",
    "input": "which files are read, and what of them is taken",
    "splits": "copies and splits",
    "limits": "limits for one file",
    "engine": "where it runs",
}
TABLES = {"name": "about", "version": "about", "date": "about", "licence": "about"}
TABLES |= {"duplicates": "splits", "near": "splits"}
#: Other names of flags.
ALIASES = {"version": ["--data-version"], "salt": ["--seed"]}
#: Keys that hold names with commas between them in one string.
LISTS = ("labellers",)
#: Flags that name what is only read: names of any bytes will do.
_READ = ("annotations", "previous", "pinned", "files_from", "labeller_options", "cache")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Sources, and the recipe's keys as flags."""
    parser.add_argument(
        "sources",
        nargs="*",
        help="files and folders to read, - for standard input; left out where the recipe names them",
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="where the release goes; replaced in one step")
    parser.add_argument("--recipe", metavar="FILE", help="a TOML recipe; flags win over it")
    parser.add_argument("--json", action="store_true", help="print the manifest as JSON")
    groups = {table: parser.add_argument_group(title) for table, title in GROUPS.items()}
    # the recipe's schema is read where the command runs, not here: help and usage errors stay quick, and complete
    for key in _keys():
        group = groups.get(key.table, parser)
        flags = [f"--{key.name.replace('_', '-')}", *ALIASES.get(key.name, ())]
        if key.kind == "boolean":
            group.add_argument(*flags, action="store_true", help=key.help, default=None, dest=key.name)
        elif key.kind == "array" or key.name in LISTS:
            metavar = _METAVARS.get(key.name)
            group.add_argument(*flags, action="append", metavar=metavar, help=key.help, default=None, dest=key.name)
        else:
            cast: Callable[[str], object] = {"number": float, "integer": int}.get(key.kind or "", str)
            metavar = _METAVARS.get(key.name, key.name.upper())
            group.add_argument(*flags, type=cast, metavar=metavar, help=key.help, default=None, dest=key.name)
    groups["input"].add_argument(
        "--field", action="append", metavar="OURS=THEIRS", help="where a field stands: text=/body"
    )
    groups["engine"].add_argument(
        "--workers", type=int, metavar="N", help="processes that read and label (default: all cores)"
    )


class _Key(NamedTuple):
    """A key of a recipe that is a flag of its own; ``kind``: its type in JSON Schema, None where it has several;
    ``table``: where help shows it."""

    name: str
    help: str
    kind: str | None
    table: str


def _keys() -> Iterator[_Key]:
    """Every key of a recipe that is a flag; of a table with fixed keys, each of these, its ``name`` under the
    table's."""
    import json

    from allegedly.schemas.schema import FOLDER, flag_name

    keys = json.loads((FOLDER / "recipe.schema.json").read_text(encoding="utf-8"))["properties"]
    for name, node in keys.items():
        if name in ("sources", "fields"):  # the paths, and --field
            continue
        for inner, described in node.get("properties", {name: node}).items():
            if inner != "address":  # an engine is named by its address too
                own = name if inner == "name" else flag_name(name, inner, keys)
                yield _Key(own, _help(described), described.get("type"), TABLES.get(name, name))


def _help(node: Mapping[str, Any]) -> str:
    allowed = node.get("enum") or node.get("items", {}).get("enum")
    text = str(node["description"]).rstrip(".") + (f": {', '.join(allowed)}" if allowed else "")
    return text.replace("%", "%%") + (f" (default: {node['default']})" if node.get("default") else "")


def run(args: argparse.Namespace) -> int:
    """Build, and print what came of it."""
    from allegedly.schemas.paths import require_sources, require_text

    require_sources(source for source in args.sources if source != "-")
    options = {key.name: getattr(args, key.name) for key in _keys()}
    require_text({"out": args.out, "field": args.field} | {k: v for k, v in options.items() if k not in _READ})
    for name in ("group_by", "languages"):
        if options[name] is not None:
            options[name] = [part.strip() for value in options[name] for part in value.split(",")]
    for name in LISTS:
        options[name] = options[name] and ",".join(options[name])
    if args.workers is not None and args.workers < 1:
        from allegedly.schemas.errors import UsageError

        raise UsageError(f"--workers {args.workers}: expected 1 or more")
    options["fields"] = pairs(args.field, "--field", "OURS=THEIRS, such as text=/body") if args.field else None
    from allegedly.builders.recipe import resolve

    resolve(args.sources, args.recipe, options)  # what is wrong is reported before the builder is loaded
    from allegedly import console
    from allegedly.labelling import build
    from allegedly.progress import Terminal

    watch = Terminal()
    started = time.monotonic()
    try:
        manifest = build(
            args.sources,
            args.out,
            recipe=args.recipe,
            workers=args.workers,
            watch=watch,
            **options,
        )
    finally:
        watch.close()
    if args.json:
        console.dump(manifest.to_json())
    console.show(_summary(manifest, watch, args.out, time.monotonic() - started), beside=args.json)
    return 0


def _summary(manifest: "Manifest", watch: "Terminal", out: str, seconds: float) -> list[str]:
    """What the build found, in a few lines."""
    from allegedly.schemas.drawn import counted
    from allegedly.schemas.paths import readable

    counts = manifest.counts
    articles = sum(counts["articles"].values())
    splits = ", ".join(f"{name} {rows}" for name, rows in counts["articles"].items())
    labels = ", ".join(f"{sum(counts[layer].values())} {layer}" for layer in ("claims", "speculations", "attributions"))
    made = f"{readable(out)}: {manifest.name} {manifest.version}"
    notes = len(manifest.inputs) - watch.files
    beside = f" and {counted(notes, 'annotation files')}" if notes else ""
    lines = [
        f"{made}, {counted(articles, 'articles')} from {counted(watch.files, 'files')}{beside} in {seconds:.1f} s",
        f"splits: {splits}",
        f"labels: {labels}; {sum(counts['sentences'].values())} sentences",
    ]
    if watch.rules:
        rules = ", ".join(f"{count} {rule}" for rule, count in watch.rules.most_common())
        lines.append(f"rejected: {sum(watch.rules.values())} ({rules}), see {readable(out)}/rejected.jsonl")
    copies, near = manifest.leakage.get("exact_copies", 0), manifest.leakage.get("near_copies", 0)
    if copies or near:
        kept = f"copies kept: {copies} exact, {near} near, each in the split of its like"
        lines.append(f"{kept}; --duplicates drop-exact leaves out the exact ones, drop-near both")
    return lines
