"""Recipes: a TOML file and options made into one resolved value.

Conventions: options win over the file. Paths in a recipe are relative to it, in options to the current folder. Every
key is also an option by its last name (``train=0.7``, ``seconds=10``); ``field`` and ``fields`` hold the map of
fields. A key that nobody knows is a UsageError with the nearest name.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from allegedly.builders.sources.choice import Choice
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.pins import pins_sha256, read_pins
from allegedly.builders.sources.pipes import STANDARD_INPUT
from allegedly.builders.systems import Asking, refuse_secrets
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import errors, flag_name, schema

SPLITS = ("train", "validation", "test")
DEFAULT_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """How articles fall into splits; texts of similarity ``near`` or more share one; ``previous`` is the former release
    whose splits are kept, or None; ``pinned`` a table of files with their splits, or None."""

    near: float = 0.5
    train: float = 0.8
    validation: float = 0.1
    test: float = 0.1
    salt: str = ""
    group_by: tuple[str, ...] = ()
    previous: Path | None = None
    pinned: Path | None = None

    @property
    def fractions(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in SPLITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Where a build runs: the engine's name or the address that it joins, the folder that all its nodes share, and
    what each process may hold (``1GiB``). None of it decides what a release holds."""

    name: str = "local"
    address: str | None = None
    work: Path | None = None
    memory: str = "1GiB"

    @property
    def spec(self) -> str:
        """Name or address."""
        return self.address or self.name

    @property
    def bytes(self) -> int:
        """``memory`` in bytes. UsageError where it is no size, or less than a build needs."""
        number = _SIZE.fullmatch(self.memory.strip())
        if number is None:
            raise UsageError(f"--memory {self.memory}: expected a size such as 1GiB, 512MiB or a number of bytes")
        size = int(float(number[1]) * 1024 ** _UNITS[(number[2] or "").lower()[:1]])
        if size < LEAST_MEMORY:
            raise UsageError(f"--memory {self.memory}: a build needs at least {LEAST_MEMORY >> 20} MiB")
        return size


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Which files are read, by globs of their names and by the list ``files_from`` (``-``: standard input), and what of
    them is taken: articles of so many words and in these languages, through the gate or without it."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_words: int = 0
    languages: tuple[str, ...] = ()
    gate: str = "default"
    files_from: Path | None = None

    @property
    def choice(self) -> Choice:
        """Which files are read."""
        return Choice(include=self.include, exclude=self.exclude)

    def to_json(self) -> dict[str, Any]:
        """What the manifest keeps: everything but the path."""
        return {name: value for name, value in asdict(self).items() if name != "files_from"}


_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]i?B?|B)?", re.I)
_UNITS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4}
#: Reading one file, and packing one row group, take about so much.
LEAST_MEMORY = 512 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a release is built; see ``recipe.schema.json``. ``path`` is the recipe's own file, or None."""

    name: str
    version: str = DEFAULT_VERSION
    date: str | None = None
    licence: str | None = None
    sources: tuple[Path, ...] = ()
    annotations: Path | None = None
    labellers: str = "rules"
    duplicates: str = "keep"
    near: float = 0.8
    strict: bool = False
    asking: Asking = field(default_factory=Asking)
    splits: Splits = field(default_factory=Splits)
    input: Input = field(default_factory=Input)
    fields: tuple[tuple[str, str], ...] = ()
    limits: Limits = field(default_factory=Limits)
    engine: Engine = field(default_factory=Engine)
    path: Path | None = None

    def to_json(self, previous: str | None = None) -> dict[str, Any]:
        """What the manifest keeps: everything but paths, the engine and what systems may cost; ``previous`` is that release's
        content_sha256, ``pinned`` a hash of names and splits."""
        splits = {
            "near": self.splits.near,
            **self.splits.fractions,
            "salt": self.splits.salt,
            "group_by": list(self.splits.group_by),
        }
        if self.splits.pinned is not None:
            splits["pinned"] = pins_sha256(read_pins(self.splits.pinned))
        return {
            "name": self.name,
            "version": self.version,
            "date": self.date,
            "licence": self.licence,
            "labellers": self.labellers,
            "duplicates": self.duplicates,
            "near": self.near,
            "strict": self.strict,
            "splits": {**splits, "previous": previous or ""},
            "input": self.input.to_json(),
            "fields": dict(self.fields),
            "limits": {name: limit for name, limit in asdict(self.limits).items() if name != "memory"},
        }


def resolve(sources: Iterable[str | Path], recipe: Any = None, options: Mapping[str, Any] | None = None) -> Recipe:
    """One recipe from a file (or a mapping), the sources named, and options. UsageError where anything is wrong."""
    path = None if recipe is None or isinstance(recipe, Mapping) else Path(recipe)
    given = dict(recipe) if isinstance(recipe, Mapping) else {} if path is None else _parsed(path)
    where = "the recipe" if path is None else str(path)
    _check_keys(given, where)
    flags = _nested(options or {})
    value = _merged(given, flags)
    _check_values(value, "the recipe" if path is None else str(path))
    base = Path() if path is None else path.parent
    named = [_source(Path(), source) for source in sources]
    input_ = _input(value.get("input", {}), flags, base)
    if not named and "files_from" not in flags.get("input", {}):
        named = [_source(base, source) for source in value.get("sources", ())]
    if not named and input_.files_from is None:
        raise UsageError("no sources: name files or folders, or give a recipe with sources = [...]")
    if STANDARD_INPUT in named and input_.files_from == STANDARD_INPUT:
        raise UsageError("standard input is named twice, as a source and as --files-from: it is one or the other")
    return _recipe(value, flags, base, named, input_, path)


def _source(base: Path, named: str | Path) -> Path:
    """A source's path; standard input where it is ``-``. A file of that name is ``./-``, which a Path would shorten."""
    if str(named) == str(STANDARD_INPUT):
        return STANDARD_INPUT
    path = base / named
    return path.absolute() if path == STANDARD_INPUT else path


def _input(table: Mapping[str, Any], flags: Mapping[str, Any], home: Path) -> Input:
    base = Path() if "files_from" in flags.get("input", {}) else home
    lists = {name: tuple(table.get(name, ())) for name in ("include", "exclude", "languages")}
    listing = table.get("files_from")
    return Input(
        **lists,
        min_words=table.get("min_words", 0),
        gate=table.get("gate", "default"),
        files_from=_source(base, listing) if listing else None,
    )


def _recipe(
    value: Mapping[str, Any],
    flags: Mapping[str, Any],
    base: Path,
    named: list[Path],
    input_: Input,
    path: Path | None,
) -> Recipe:
    def placed(table: Mapping[str, Any], given: Mapping[str, Any], key: str) -> Path | None:
        return None if not table.get(key) else (Path() if key in given else base) / table[key]

    splits = value.get("splits", {})
    fractions = {name: float(splits[name]) for name in SPLITS if name in splits}
    plain = {key: value[key] for key in _PLAIN if key in value}
    splits_ = Splits(
        **fractions,
        near=float(splits.get("near", 0.5)),
        salt=splits.get("salt", ""),
        group_by=tuple(splits.get("group_by", ())),
        previous=placed(splits, flags.get("splits", {}), "previous"),
        pinned=placed(splits, flags.get("splits", {}), "pinned"),
    )
    if splits_.pinned is not None:
        if splits_.previous is not None:
            raise UsageError("pinned and previous both say in which splits articles go: give one of them")
        read_pins(splits_.pinned)  # what is wrong with it is told now
    refuse_secrets(plain.get("labellers", ""))
    total = math.fsum(splits_.fractions.values())
    if abs(total - 1) > 1e-9:
        shown = ", ".join(f"{name} {part:g}" for name, part in splits_.fractions.items())
        raise UsageError(f"the fractions of the splits must sum to 1, not {total:g} ({shown})")
    return Recipe(
        **{"name": _name(named or [path for path in [input_.files_from] if path is not None]), **plain},
        sources=tuple(named),
        annotations=placed(value, flags, "annotations"),
        asking=Asking(
            options=placed(value, flags, "labeller_options"),
            max_cost=value.get("max_cost"),
            max_requests=value.get("max_requests"),
            cache=placed(value, flags, "cache"),
        ),
        splits=splits_,
        input=input_,
        fields=tuple(sorted(value.get("fields", {}).items())),
        limits=Limits(**value.get("limits", {})),
        engine=_engine(value.get("engine", {}), flags, base),
        path=path,
    )


def _engine(table: Mapping[str, Any], flags: Mapping[str, Any], home: Path) -> Engine:
    base = Path() if "work" in flags.get("engine", {}) else home
    work = None if not table.get("work") else (base / table["work"]).resolve()
    engine = Engine(**{**table, "work": work})
    if engine.address is None and "://" in engine.name:
        engine = replace(engine, name="local", address=engine.name)
    _ = engine.bytes  # what is wrong with it is told now
    return engine


_PLAIN = ("name", "version", "date", "licence", "labellers", "duplicates", "near", "strict")


def _name(sources: list[Path]) -> str:
    """A name made of what is read, not of where it goes, so that the same input gives the same bytes anywhere."""
    stems = sorted({_sanitised(source.resolve().name.split(".")[0]) for source in sources})
    if len(stems) > 3:
        return f"{stems[0]}-and-{len(stems) - 1}-more"
    return "-".join(stems)


def _sanitised(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "articles"


def _parsed(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UsageError(f"{path}: no such recipe; expected a TOML file")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a TOML file: {error}") from None


def known() -> dict[str, dict[str, Any]]:
    """All keys of a recipe and, for tables, their keys."""
    keys: dict[str, dict[str, Any]] = schema("recipe")["properties"]
    return keys


def homes() -> dict[str, tuple[str, ...]]:
    """Each key's place by its last name: ``train`` is ``("splits", "train")``. Fields have no names of their own."""
    places: dict[str, tuple[str, ...]] = {}
    for key, node in known().items():
        if key in ("splits", "input", "limits", "engine"):
            # the engine's own name goes by the table's: `--engine ray`
            inner_keys = [inner for inner in node["properties"] if inner not in ("name", "address")]
            places.update({flag_name(key, inner, known()): (key, inner) for inner in inner_keys})
        if key not in ("splits", "input", "limits"):
            places[key] = (key,)
    return places


def _check_keys(value: Mapping[str, Any], where: str) -> None:
    for key, inner in value.items():
        if key not in known():
            raise UsageError(_unknown(where, key, homes()))
        table = known()[key].get("properties")
        if table is not None and isinstance(inner, Mapping):
            for name in inner:
                if name not in table:
                    places = {name: (key, name) for name in table}
                    raise UsageError(_unknown(f"{where}, [{key}]", name, {**homes(), **places}, table))


def _unknown(where: str, key: str, places: Mapping[str, tuple[str, ...]], first: Iterable[str] = ()) -> str:
    near = difflib.get_close_matches(key, list(first), n=1) or difflib.get_close_matches(key, list(places), n=1)
    if not near:
        return f"{where}: unknown key {key!r}. Known: {', '.join(sorted(first) or sorted(places))}."
    *table, _ = places[near[0]]
    place = f" in [{table[0]}]" if table else ""
    return f"{where}: unknown key {key!r}; did you mean {near[0]!r}{place}?"


def _nested(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options by their last names, put where a recipe has them. None means: not given."""
    places = homes()
    tables: dict[str, Any] = {}
    for key, value in options.items():
        if value is None:
            continue
        if key == "engine" and isinstance(value, str):
            # an address on the command line stands over the recipe's name, and the other way round
            tables.setdefault("engine", {}).update({"name": value, "address": None})
            continue
        if key in ("field", "fields", "splits", "input", "limits", "engine"):
            whole = "fields" if key == "field" else key
            tables.setdefault(whole, {}).update(value)
            continue
        if key not in places:
            raise UsageError(_unknown("options", key, {**places, "field": ("fields", "field")}))
        *table, name = places[key]
        value = _plain(value, name)
        if table:
            tables.setdefault(table[0], {})[name] = value
        else:
            tables[name] = value
    _check_keys(tables, "options")
    return tables


def _plain(value: Any, name: str) -> Any:
    """An option as TOML would hold it: paths as strings, one name as a list where a list is wanted."""
    if isinstance(value, Path):
        return str(value)
    if name in ("group_by", "include", "exclude", "languages"):
        return [value] if isinstance(value, str) else list(value)
    if name == "labellers" and not isinstance(value, str):
        return ",".join(value)
    return value


def _merged(given: Mapping[str, Any], flags: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(given)
    for key, value in flags.items():
        out[key] = {**out.get(key, {}), **value} if isinstance(value, dict) else value
    return out


def _check_values(value: dict[str, Any], where: str) -> None:
    for path, found, expected in errors("recipe", value):
        raise UsageError(f"{where}: {path.strip('/').replace('/', '.') or 'it'} is {found}: {expected}")


def named_paths(recipe: Recipe) -> Iterator[Path]:
    """Everything that a recipe names: sources, annotations, the recipe itself."""
    yield from (source for source in recipe.sources if source != STANDARD_INPUT)
    if recipe.input.files_from not in (None, STANDARD_INPUT):
        yield recipe.input.files_from
    if recipe.asking.options is not None:
        yield recipe.asking.options
    if recipe.annotations is not None:
        yield recipe.annotations
    if recipe.splits.pinned is not None:
        yield recipe.splits.pinned
    if recipe.path is not None:
        yield recipe.path
