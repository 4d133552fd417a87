"""The house keeps its shape: who imports whom, what no code does, how fast the door opens."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("front", "schemas", "render", "builders", "eval")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
#: What a folder may import of the others: dependencies point one way.
MAY_IMPORT = {
    "schemas": {"schemas"},
    "render": {"render", "schemas"},
    "builders": {"builders", "schemas"},
    "eval": {"eval", "render", "schemas"},
    "front": {"front", "builders", "eval", "render", "schemas"},
}


def imported(path: Path):
    """Names of modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def home(module: str) -> str | None:
    """The folder that a module of ours lives in."""
    if module == "allegedly":
        return None
    name = module.removeprefix("allegedly.").partition(".")[0] if module.startswith("allegedly.") else None
    return name if name in MAY_IMPORT else ("front" if name else None)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_dependencies_point_one_way(path):
    folder = path.relative_to(ROOT).parts[0]
    of_package = {"__version__"}
    for module in imported(path):
        if module.rpartition(".")[2] in of_package:
            continue
        where = home(module)
        assert where is None or where in MAY_IMPORT[folder], f"{folder} imports {module}"


#: The rooms of builders/ in the order of the road, with the modules between them: each imports only what stands before
#: it, or itself. Readers build articles with what `text` has, so `text` stands before them.
ROAD = (
    *(
        "disk",
        "watch",
        "sources",
        "systems",
        "recipe",
        "engines",
        "stages",
        "text",
        "readers",
        "gate",
        "labellers",
        "annotations",
    ),
    *(
        "spool",
        "arrange",
        "asking",
        "release",
        "work",
        "exporters",
        "importers",
        "label",
        "build",
        "importing",
        "training",
    ),
)
#: What a room's front page says.
TOLD = ("In: ", "Out: ", "alled ")


def room(module: str) -> str | None:
    """The room of builders/, or the module beside the rooms, that a module of ours lives in."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["allegedly", "builders"] and len(parts) > 2 else None


@pytest.mark.parametrize("path", [path for path in MODULES if path.is_relative_to(ROOT / "builders")], ids=str)
def test_imports_run_one_way_along_the_road(path):
    inner = path.relative_to(ROOT / "builders")
    if inner == Path("__init__.py"):
        return
    own = ROAD.index(inner.parts[0].removesuffix(".py"))
    for module in imported(path):
        where = room(module)
        assert where is None or ROAD.index(where) <= own, f"{inner} imports {module}, which stands behind it"


def test_the_road_names_every_room():
    rooms = {path.name.removesuffix(".py") for path in (ROOT / "builders").iterdir() if path.suffix in ("", ".py")}
    assert rooms - {"__init__", "__pycache__"} == set(ROAD)


@pytest.mark.parametrize("path", sorted((ROOT / "builders").glob("*/__init__.py")), ids=lambda path: path.parent.name)
def test_a_room_says_what_comes_in_what_goes_out_and_who_calls_it(path):
    page = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert all(word in page for word in TOLD), f"{path.parent.name}: {page}"


def _dotted(path: Path) -> str:
    parts = ["allegedly", *path.relative_to(ROOT).with_suffix("").parts]
    if parts[1] == "front":
        del parts[1]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_module_imports_itself_through_others():
    """By what is imported anywhere in a module, but for what only type checkers see."""
    names = {_dotted(path): path for path in MODULES}
    edges = {}
    for name, path in names.items():
        found = set(imported_at_run_time(path))
        # a name taken from a module imports the module, not what stands beside it
        edges[name] = {module for module in found if module in names} - {name}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"a circle: {' -> '.join([*trail[trail.index(name) :], name])}"
        if name not in done:
            for other in sorted(edges[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(names):
        visit(name, ())


def imported_at_run_time(path: Path):
    """Names of modules that a file imports, but for those under ``if TYPE_CHECKING``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FORBIDDEN_CALLS = {"eval", "exec", "extractall", "unsafe_load", "full_load"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "yaml"}
#: Places that may, each with its reason.
ALLOWED = {
    ("eval/systems/sklearn.py", "pickle"): "a bare pickle is loaded where the user asks for it by name",
    ("builders/sources/workers.py", "pickle"): "messages between a build and the workers it forked itself",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_data_becomes_code(path):
    where = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            # only bare names: torch's model.eval() runs nothing that data brings
            name = node.func.id if isinstance(node.func, ast.Name) else None
            attribute = node.func.attr if isinstance(node.func, ast.Attribute) else None
            assert name not in FORBIDDEN_CALLS, f"{where}:{node.lineno} calls {name}"
            assert attribute not in FORBIDDEN_CALLS - {"eval", "exec"}, f"{where}:{node.lineno} calls {attribute}"
    for module in imported(path):
        base = module.partition(".")[0]
        assert base not in FORBIDDEN_MODULES or (where, base) in ALLOWED, f"{where} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_say_what_they_are(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"


HEAVY = ("pyarrow", "numpy", "datasets", "trafilatura", "jsonschema", "tqdm", "lxml", "torch", "onnxruntime", "asyncio")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["list", "readers"], 0),
        (["list", "tasks"], 0),
        (["nothing"], 2),
        (["build"], 2),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_used(arguments, code):
    program = (
        "import sys; from allegedly.cli import main\n"
        "try: code = main(sys.argv[1:])\n"
        "except SystemExit as error: code = error.code or 0\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(heavy, code, file=sys.stderr); sys.exit(9 if heavy else code)"
    )
    found = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert found.returncode == code, found.stderr


def test_the_package_list_is_whole():
    import tomllib

    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {str(path.parent.relative_to(ROOT)) for path in MODULES if path.name == "__init__.py"}
    assert set(table["package-dir"].values()) == folders
    assert set(table["packages"]) == set(table["package-dir"])
