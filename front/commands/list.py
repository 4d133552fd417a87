"""``allegedly list``: the plugins of a kind, and the tasks and metrics of evaluation."""

import ast
import json
import re
from importlib.util import find_spec
from pathlib import Path

KINDS = ("readers", "importers", "exporters", "labellers", "systems", "engines", "tasks", "metrics")
HELP = "List readers, importers, exporters, labellers, systems, engines, tasks or metrics."
EXAMPLES = """  allegedly list readers
  allegedly list importers
  allegedly list metrics --json"""


def arguments(parser) -> None:
    parser.add_argument("kind", help=", ".join(KINDS))
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args) -> int:
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.plugins import unknown

    if args.kind not in KINDS:
        raise UsageError(unknown("kind", args.kind, list(KINDS)))
    found = {"tasks": _tasks, "metrics": _metrics}.get(args.kind, lambda: _plugins(args.kind))()
    print(json.dumps(found, indent=2, ensure_ascii=False) if args.json else _table(found))
    return 0


def _table(found: list[dict]) -> str:
    """Columns as wide as they need, two spaces between them, under their names."""
    if not found:
        return "none"
    columns = list(found[0])
    rows = [columns, *([_shown(row[column]) for column in columns] for row in found)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _shown(value: object) -> str:
    return (
        {True: "yes", False: "no", None: "-"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)
    )


def _plugins(kind: str) -> list[dict]:
    """Name and first line of the docstring of each; importers say what may be done with their corpus. Modules of ours
    are parsed, not imported: a list costs no library."""
    from allegedly.schemas import plugins

    found = []
    for name in plugins.names(kind):
        file = _file(plugins.PACKAGES[kind], name)
        tree = None if file is None else _head(Path(file).read_text(encoding="utf-8"))
        row: dict[str, object] = {"name": name}
        if kind == "importers":
            row |= {key.casefold(): _constant(tree, key) for key in ("LICENCE", "MAY_SHIP", "MAY_TRAIN")}
        found.append({**row, "what": _first_line(tree) if tree else "from another package"})
    return found


def _file(package: str, name: str) -> str | None:
    """Where a plugin of ours lies; None for one of another package."""
    stem = name.replace("-", "_")
    specs = (find_spec(f"{package}.{module}") for module in (stem, f"{stem}_"))
    return next((spec.origin for spec in specs if spec is not None), None)


def _head(source: str) -> ast.Module:
    """A module down to its first function or class: docstring and constants stand there, and the rest takes long."""
    return ast.parse(re.split(r"^(?:def|class|async|@)", source, maxsplit=1, flags=re.MULTILINE)[0])


def _first_line(tree: ast.Module) -> str:
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def _constant(tree: ast.Module | None, name: str) -> object:
    """The value of a constant of a module, None where it has none that can be read without running it."""
    for node in tree.body if tree else ():
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            try:
                return None if node.value is None else ast.literal_eval(node.value)
            except ValueError:
                return None
    return None


def _tasks() -> list[dict]:
    from allegedly.eval.tasks import TASKS

    columns = ("name", "gold", "prediction", "primary", "paper")
    return [{column: getattr(task, column) for column in columns} for task in TASKS.values()]


def _metrics() -> list[dict]:
    from allegedly.eval.tasks import table

    return list(table())
