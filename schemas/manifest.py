"""The manifest: what a release holds and what it was made from, as ``manifest.json`` says it.

Conventions: contract, section 4. Lists and objects inside are those of the JSON, so that ``to_json`` copies nothing but
the outermost object. Null is None: a file that could not be read has neither size nor hash, a file that is no table
has no rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NotRequired, Self, TypedDict


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
    """A labeller; ``weights_sha256`` is None where it has no weights."""

    name: str
    version: str | None
    weights_sha256: str | None


class AnnotatorUsed(TypedDict):
    """An annotator whose votes the release holds; kind is human, rule, model or import."""

    id: str
    kind: str
    name: NotRequired[str | None]
    version: NotRequired[str | None]
    guideline: NotRequired[str | None]


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
class Manifest(Mapping[str, object]):
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


#: What a manifest says, in the order of the file.
KEYS = tuple(field.name for field in fields(Manifest))
