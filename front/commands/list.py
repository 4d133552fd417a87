"""``allegedly list``: the plugins of a kind, and the tasks and metrics of evaluation."""

import argparse
import ast
import re
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

WHAT = {
    "readers": "formats that `build` and `label` read",
    "importers": "corpora and annotations that `import` reads",
    "exporters": "formats that `export` writes",
    "labellers": "automatic labels: `--labellers`",
    "systems": "what `eval --system` scores",
    "engines": "where `build` runs: `--engine`",
    "tasks": "what systems are scored on: `eval --task`",
    "metrics": "what is computed, for each task",
}
KINDS = tuple(WHAT)
HELP = "List readers, importers, exporters, labellers, systems, engines, tasks or metrics."
EXAMPLES = """  allegedly list
  allegedly list readers
  allegedly list importers
  allegedly list systems --json
  allegedly list metrics --json"""

#: Constants of a plugin's module that its row shows, by kind.
CONSTANTS = {
    "importers": ("LICENCE", "MAY_SHIP", "MAY_TRAIN"),
    "systems": ("TARGET", "TASKS", "NEEDS_TASK", "READS", "OPTIONS", "EXTRA", "CACHED", "LABELS"),
}
#: Of these only ``--json`` shows what they hold: a line has no room.
LONG = ("tasks", "reads", "options", "names")

Row = Mapping[str, object]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The kind."""
    parser.add_argument("kind", nargs="?", help=f"{', '.join(KINDS)} (default: which kinds there are)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print a row for each of the kind. UsageError for an unknown kind, with the nearest."""
    from allegedly import console
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.plugins import unknown

    if args.kind not in (None, *KINDS):
        raise UsageError(unknown("kind", args.kind, list(KINDS)))
    rows = _kinds() if args.kind is None else _rows(args.kind)
    console.dump(rows) if args.json else console.show(_table(rows))
    return 0


def _kinds() -> list[Row]:
    """The kinds, how many there are of each, and their names."""
    named = {kind: [next(iter(row.values())) for row in _rows(kind)] for kind in KINDS}
    return [{"kind": kind, "count": len(names), "what": WHAT[kind], "names": names} for kind, names in named.items()]


def _rows(kind: str) -> list[Row]:
    """A row for each of a kind."""
    return {"tasks": _tasks, "metrics": _metrics}.get(kind, lambda: _plugins(kind))()


def _table(rows: list[Row]) -> list[str]:
    """Columns under their names."""
    if not rows:
        return ["none"]
    from allegedly.render.columns import aligned

    columns = [column for column in rows[0] if column not in LONG]
    return aligned([columns, *([_shown(row[column]) for column in columns] for row in rows)])


def _shown(cell: object) -> str:
    """A cell in words."""
    return {True: "yes", False: "no", None: "-"}[cell] if isinstance(cell, bool | None) else str(cell)


def _plugins(kind: str) -> list[Row]:
    """Name, what the module says of itself, and the first line of its docstring. Modules are parsed, not imported: a
    list costs no library."""
    from allegedly.schemas import plugins

    rows: list[Row] = []
    for name in plugins.names(kind):
        ours = _file(plugins.PACKAGES[kind], name)
        file = ours or _elsewhere(kind, name)
        tree = None if file is None else _head(Path(file).read_text(encoding="utf-8"))
        facts = {constant.casefold(): _constant(tree, constant) for constant in CONSTANTS.get(kind, ())}
        what = _first_line(tree) if tree is not None and ours else "from another package"
        rows.append({"name": name, **facts, "what": what})
    return rows


def _file(package: str, name: str) -> str | None:
    """Where a plugin of ours lies; None for one of another package."""
    stem = name.replace("-", "_")
    specs = (find_spec(f"{package}.{module}") for module in (stem, f"{stem}_"))
    return next((spec.origin for spec in specs if spec is not None), None)


def _elsewhere(kind: str, name: str) -> str | None:
    """Where the plugin of another package lies; None where that cannot be said without running it."""
    from importlib.metadata import entry_points

    for point in entry_points(group=f"allegedly.{kind}", name=name):
        try:
            spec = find_spec(point.module)
        except (ImportError, ValueError):
            return None
        return spec.origin if spec is not None and spec.has_location else None
    return None


def _head(source: str) -> ast.Module:
    """A module down to its first function or class: docstring and constants stand there, and the rest takes long."""
    return ast.parse(re.split(r"^(?:def|class|async|@)", source, maxsplit=1, flags=re.MULTILINE)[0])


def _first_line(tree: ast.Module) -> str:
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def _constant(tree: ast.Module | None, name: str) -> object:
    """The value of a constant of a module, None where it has none that can be read without running it."""
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and name in _names(node):
            try:
                constant: object = ast.literal_eval(node.value)
            except ValueError:
                return None
            return constant
    return None


def _names(node: ast.Assign | ast.AnnAssign) -> Iterable[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _tasks() -> list[Row]:
    from allegedly.eval.tasks import TASKS

    columns = ("name", "gold", "prediction", "primary", "paper")
    return [{column: getattr(task, column) for column in columns} for task in TASKS.values()]


def _metrics() -> list[Row]:
    from allegedly.eval.task_metrics import table

    return list(table())
