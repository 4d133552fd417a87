"""The manifest: what a release holds and what it was made from, as ``manifest.json`` says it.

Conventions: contract, section 4. Lists and objects inside are those of the JSON, so that ``to_json`` copies nothing but
the outermost object. Null is None: a file that could not be read has neither size nor hash, a file that is no table
has no rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NotRequired, Self, TypedDict

from allegedly.schemas.drawn import Drawn, counted, one_line


class Input(TypedDict):
    """An input file: its size in bytes and its hash (None where it could not be read), its articles and ledger lines."""

    file_name: str
    bytes: int | None
    sha256: str | None
    articles: int
    rejected: int


class Output(TypedDict):
    """A file of the release: its size in bytes, its hash, its rows or lines (None where it has none)."""

    path: str
    bytes: int
    sha256: str
    rows: int | None


class LabellerUsed(TypedDict):
    """A labeller; ``weights_sha256`` is None where it has no weights. What a system is has ``options``, those that decide
    its labels, and a language model ``prompt_sha256``, the hash of what it was told."""

    name: str
    version: str | None
    weights_sha256: str | None
    prompt_sha256: NotRequired[str]
    options: NotRequired[dict[str, Any]]


class AnnotatorUsed(TypedDict):
    """An annotator whose votes the release holds; kind is human, rule, model or import."""

    id: str
    kind: str
    name: NotRequired[str | None]
    version: NotRequired[str | None]
    guideline: NotRequired[str | None]
    supersedes: NotRequired[list[str] | None]


class NearPair(TypedDict):
    """Two articles in different splits, and how alike they are: 0 to 1."""

    articles: list[str]
    splits: list[str]
    similarity: float


class DuplicatePair(TypedDict):
    """Two articles that are near duplicates of each other, and how alike they are: 0 to 1."""

    articles: list[str]
    similarity: float


class Leakage(TypedDict, total=False):
    """The nearest pairs across splits. What a build says besides: from which similarity two texts are near
    duplicates, how many exact copies and such pairs there are, and the first of these pairs."""

    measure: str
    nearest: list[NearPair]
    near: float
    exact_copies: int
    near_pairs: int
    near_pairs_named: list[DuplicatePair]


#: Rows by config and split; 0 where a split has none.
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Drawn, Mapping[str, object]):
    """What ``manifest.json`` says; ``manifest["counts"]`` is ``manifest.counts``, for those who take it as a mapping."""

    name: str
    version: str
    date: str | None
    allegedly: str
    packages: Mapping[str, str]
    recipe: Mapping[str, Any]
    labellers: Sequence[LabellerUsed]
    annotators: Sequence[AnnotatorUsed]
    inputs: Sequence[Input]
    outputs: Sequence[Output]
    counts: Counts
    content_sha256: str
    leakage: Leakage

    def __repr__(self) -> str:
        return one_line(self, f"{self.in_words()}, content {self.content_sha256[:12]}")

    def in_words(self) -> str:
        """Name, version and articles by split: ``harbour-news 1.0.0: 12 articles (train 10, test 2)``."""
        counts = {split: rows for split, rows in self.counts.get("articles", {}).items() if rows}
        splits = f" ({', '.join(f'{split} {rows:,}' for split, rows in counts.items())})" if len(counts) > 1 else ""
        return f"{self.name[:50]} {self.version}: {counted(sum(counts.values()), 'articles')}{splits}"

    def __getitem__(self, name: str) -> object:
        if name not in KEYS:
            raise KeyError(f"a manifest has no {name!r}; known: {', '.join(KEYS)}")
        value: object = getattr(self, name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(KEYS)

    def __len__(self) -> int:
        return len(KEYS)

    def to_json(self) -> dict[str, Any]:
        """The object that ``manifest.json`` holds."""
        return {**{name: getattr(self, name) for name in KEYS}, "inputs": list(self.inputs)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From an object that ``manifest.schema.json`` lets through."""
        return cls(**value)


#: What a release has beside its tables and the manifest itself.
PAGES = ("README.md", "croissant.json", "recipe.toml", "rejected.jsonl")
_TABLE = re.compile(r"data/([a-z]+)/([a-z]+)-([0-9]{5})-of-([0-9]{5})\.parquet")
_HASH = re.compile(r"[0-9a-f]{64}")


def placed(path: str, configs: Sequence[str], splits: Sequence[str]) -> tuple[str, str, int, int] | None:
    """Config, split, number and count of a table that a release may have under this name; None for any other name."""
    table = _TABLE.fullmatch(path)
    if table is None or table[1] not in configs or table[2] not in splits or not int(table[3]) < int(table[4]):
        return None
    return table[1], table[2], int(table[3]), int(table[4])


def is_name(path: str, configs: Sequence[str], splits: Sequence[str]) -> bool:
    """Whether a release may have a file of this name, so that a manifest may speak for it."""
    return path in PAGES or placed(path, configs, splits) is not None


def faults(
    outputs: Sequence[Output], counts: Counts, configs: Sequence[str], splits: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """What is wrong with what a manifest lists, beyond its schema: path in it, what was found, what was expected."""
    seen: dict[str, int] = {}
    for number, output in enumerate(outputs):
        path, where = output["path"], f"/outputs/{number}"
        if not is_name(path, configs, splits):
            yield (
                f"{where}/path",
                repr(path),
                f"data/<config>/<split>-NNNNN-of-NNNNN.parquet or one of {', '.join(PAGES)}",
            )
        elif seen.setdefault(path, number) != number:
            yield f"{where}/path", repr(path), "each file once"
        if not _HASH.fullmatch(output["sha256"]):
            yield f"{where}/sha256", repr(output["sha256"]), "64 hex digits"
    numbers: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for path in seen:
        if (table := placed(path, configs, splits)) is not None:
            numbers.setdefault(table[:2], set()).add(table[2:])
    for (config, split), which in sorted(numbers.items()):
        if which != {(number, len(which)) for number in range(len(which))}:
            yield "/outputs", f"files of data/{config}/{split} with numbers missing or of two sets", "one whole set"
    for name in PAGES:
        if name not in seen and name != "recipe.toml":
            yield "/outputs", f"no {name}", "every file of the release"
    for config in configs:
        if set(counts.get(config, ())) != set(splits):
            yield f"/counts/{config}", ", ".join(counts.get(config, ())) or "nothing", f"rows of {', '.join(splits)}"
    if strange := sorted(set(counts) - set(configs)):
        yield "/counts", f"unknown config {strange[0]!r}", f"one of {', '.join(configs)}"


#: What a manifest says, in the order of the file.
KEYS = tuple(field.name for field in fields(Manifest))
