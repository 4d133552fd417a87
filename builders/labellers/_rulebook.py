"""The rules as they stand in files: read, checked and made ready to match.

Conventions: a row of a file becomes a ``Rule``; rows hold in the order of the file. What is wrong in a file is a UsageError
that names the file, the row, the field, what was found and what was expected.

Source: ``rules_speculations.toml``, ``rules_attributions.toml`` and ``rules_claims.toml``; ``docs/rules.md`` says how they
are written.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from allegedly.builders.labellers._cues import FRAME, FRAMES
from allegedly.builders.labellers._files import expected, is_no_field, is_none, parsed, toml
from allegedly.builders.labellers._lists import lists, one_of_schema
from allegedly.builders.labellers._notation import Either, Named, Node, PatternError, nodes, read
from allegedly.builders.labellers._patterns import Alphabet, Marks, Pattern, search
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.errors import UsageError

#: The files of rules, and what their tables of rows may hold beside a name, patterns and examples.
FILES: dict[str, dict[str, frozenset[str]]] = {
    "rules_speculations.toml": {
        "rule": frozenset(["family", "kind", "certainty", "frames", "with"]),
        "scope": frozenset(["of", "frames", "reach", "given"]),
    },
    "rules_claims.toml": {"rule": frozenset(["kind", "with"])},
    "rules_attributions.toml": {
        "not-a-cue": frozenset(["frames", "with"]),
        "passive": frozenset(["frame", "frames", "lemmas", "words", "source", "content"]),
        "noun": frozenset(["source"]),
        "phrase": frozenset(["frame", "source", "content", "with"]),
    },
}
#: What their rows need of it.
_NEEDED: dict[str, dict[str, tuple[str, ...]]] = {
    "rules_speculations.toml": {"rule": ("pattern", "family"), "scope": ("of", "reach")},
    "rules_claims.toml": {"rule": ("kind",)},
    "rules_attributions.toml": {
        "not-a-cue": ("pattern",),
        "passive": ("pattern", "content"),
        "noun": ("pattern",),
        "phrase": ("pattern", "frame", "content"),
    },
}
#: The parts that their patterns name, beside the cue.
_PARTS: dict[str, tuple[str, ...]] = {"noun": ("more",), "phrase": ("source",)}
#: Fields whose values are those of a label, by the file: which schema has them.
_OF_LABELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "rules_speculations.toml": ("speculation", ("kind", "certainty")),
    "rules_claims.toml": ("claim", ("kind",)),
}
#: The function for a source that is nobody, so that the pattern names none.
NOBODY = "nobody"
#: Tables that are no rows, which others read.
_OTHERS = {"rules_speculations.toml": ("certainty", "family")}
_PATTERNS = ("pattern", "unless")
_ALWAYS = frozenset(["name", "example", "counter", *_PATTERNS])
#: Fields that are no texts.
_KINDS: dict[str, type] = {"example": dict, "given": bool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a file: its fields, and the trees of its patterns."""

    file: str
    table: str
    fields: Mapping[str, Any]
    trees: Mapping[str, tuple[Node, ...]]

    @property
    def name(self) -> str:
        return str(self.fields["name"])

    @property
    def where(self) -> str:
        """Where it stands, as errors call it."""
        return f"{self.file}, {self.table} {self.name!r}"

    def wrong(self, field: str, message: str) -> UsageError:
        """An error that says where it is."""
        return UsageError(f"{self.where}, {field}: {message}")

    def one_of(self, field: str, known: Collection[str]) -> None:
        """UsageError for a name in a field that is none of those that are known."""
        for name in str(self.fields.get(field, "")).split():
            if name not in known:
                raise self.wrong(field, is_none(name, known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row that is ready: ``patterns`` of which one must hold, ``unless`` of which none may."""

    row: Row
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    frames: frozenset[str]

    def follows(self, frame: str) -> bool:
        """Whether a frame is one of those that must begin behind the cue, if any must; ``P*`` is any preposition."""
        return not self.frames or frame in self.frames or (frame[0] == "P" and "P*" in self.frames)

    def stands(self, marks: Marks, cue: tuple[int, int]) -> bool:
        """Whether what stands around a cue that is known is as the row has it."""
        if self.patterns and not any(pattern.stands(marks, cue) for pattern in self.patterns):
            return False
        return not any(pattern.stands(marks, cue) for pattern in self.unless)

    def match(self, marks: Marks, token: int) -> dict[str, tuple[int, int]] | None:
        """The parts that the first pattern finds where a cue begins at a token, and which no other forbids."""
        for pattern in self.patterns:
            parts = pattern.match(marks, token)
            if parts is not None:
                return None if any(other.stands(marks, parts["cue"]) for other in self.unless) else parts
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A row whose patterns are looked for anywhere in a stretch of words, which has the end of a sentence at both ends."""

    row: Row
    has: Callable[[str], re.Match[str] | None] | None
    forbids: Callable[[str], re.Match[str] | None] | None


def rows(file: str, content: str, tables: Mapping[str, Collection[str]]) -> list[Row]:
    """The rows of a file's text. UsageError as ``rows_of``, and for what is no TOML."""
    return rows_of(file, parsed(file, content), tables)


def rows_of(file: str, value: Mapping[str, Any], tables: Mapping[str, Collection[str]]) -> list[Row]:
    """The rows of a file. UsageError for a table that is none, for one without rows, and for a row that lacks something,
    has too much or has its name from another."""
    known = (*tables, *_OTHERS.get(file, ()))
    for name in value:
        if name not in known:
            raise UsageError(f"{file}: the table {is_none(name, known)}")
    found = []
    for table, allowed in tables.items():
        names: set[str] = set()
        if not value.get(table):
            raise UsageError(f"{file}: has no rules in the table {table!r}; expected [[{table}]] at least once")
        for number, fields in enumerate(expected(f"{file}, {table}", value[table], list), 1):
            row = _row(file, table, number, fields, allowed)
            if row.name in names:
                raise row.wrong("name", "two rules of the table have it; give each a name of its own")
            names.add(row.name)
            found.append(row)
    return found


def _row(file: str, table: str, number: int, fields: Any, allowed: Collection[str]) -> Row:
    where = f"{file}, {table} number {number}"
    if not expected(where, fields, dict).get("name"):
        raise UsageError(f"{where}: has no name; give it one that says what it is about")
    expected(f"{where}, name", fields["name"], str)
    row = Row(file=file, table=table, fields=fields, trees={})
    known = {*_ALWAYS, *allowed}
    for field, value in fields.items():
        if field not in known:
            raise row.wrong(field, is_no_field(field, known))
        if field in _PATTERNS:
            _patterns(row, field, value)
        else:
            expected(f"{row.where}, {field}", value, _KINDS.get(field, str))
    for field in ("example", "counter"):
        if not fields.get(field):
            raise row.wrong(
                field, "is missing; a rule has an example that it must match and a counter that it must not"
            )
    for field in _NEEDED.get(file, {}).get(table, ()):
        if not fields.get(field):
            raise row.wrong(field, f"is missing; every {table} has it")
    for frame in fields.get("frames", "").split():
        if frame != "P*" and not FRAME.fullmatch(frame):
            raise row.wrong("frames", f"{frame!r} is no frame; there are {FRAMES}, or P* for any")
    schema, of_labels = _OF_LABELS.get(file, ("", ()))
    for field in of_labels:
        if field in fields:
            one_of_schema(f"{row.where}, {field}", fields[field], schema, field)
    trees = {field: tuple(_tree(row, field, text) for text in _listed(fields.get(field, ()))) for field in _PATTERNS}
    parts = () if fields.get("source") == NOBODY else _PARTS.get(table, ())
    for part in parts:
        for tree in trees["pattern"]:
            if not any(isinstance(node, Named) and node.name == part for node in nodes(tree)):
                raise row.wrong("pattern", f"has no part ({part}: ...); every {table} has it")
    return Row(file=file, table=table, fields=fields, trees=trees)


def _patterns(row: Row, field: str, value: object) -> None:
    """UsageError for what is neither a pattern nor several."""
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in found):
        raise row.wrong(field, f"found {value!r}, expected a pattern as a text, or a list of patterns")


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _tree(row: Row, field: str, text: str) -> Node:
    try:
        return read(text)
    except PatternError as error:
        raise row.wrong(field, f"{text!r}, {error}") from None


@cache
def _file(file: str) -> list[Row]:
    return rows_of(file, toml(file), FILES[file])


def table(file: str, name: str) -> list[Row]:
    """The rows of a table of a file, in order."""
    return [row for row in _file(file) if row.table == name]


@cache
def alphabet() -> Alphabet:
    """The characters of words, for the patterns of all files."""
    return Alphabet(
        lists(), [tree for file in FILES for row in _file(file) for trees in row.trees.values() for tree in trees]
    )


def marks(tokens: Tokens) -> Marks:
    """The tokens of an article as characters."""
    return alphabet().marks(tokens)


def rule(row: Row, letters: Alphabet) -> Rule:
    """A row made ready. UsageError for names in its patterns that are none, and for patterns without a cue."""
    made: dict[str, tuple[Pattern, ...]] = {}
    for field in _PATTERNS:
        texts = _listed(row.fields.get(field, ()))
        made[field] = tuple(
            _pattern(row, field, text, tree, letters) for text, tree in zip(texts, row.trees[field], strict=True)
        )
    return Rule(
        row=row,
        patterns=made["pattern"],
        unless=made["unless"],
        frames=frozenset(row.fields.get("frames", "").split()),
    )


def _pattern(row: Row, field: str, text: str, tree: Node, letters: Alphabet) -> Pattern:
    try:
        return Pattern(tree, letters)
    except PatternError as error:
        raise row.wrong(field, f"{text!r}, {error}") from None


@cache
def rules(file: str, name: str) -> tuple[Rule, ...]:
    """The rules of a table of a file, in order."""
    return tuple(rule(row, alphabet()) for row in table(file, name))


@cache
def searches(file: str, name: str) -> tuple[Searched, ...]:
    """The rules of a table of a file whose patterns have no cue, in order."""
    return tuple(searched(row, alphabet()) for row in table(file, name))


def searched(row: Row, letters: Alphabet) -> Searched:
    """A row without a cue made ready. UsageError for names in its patterns that are none."""
    made: dict[str, Callable[[str], re.Match[str] | None] | None] = {}
    for field in _PATTERNS:
        try:
            made[field] = search(Either(row.trees[field]), letters) if row.trees[field] else None
        except PatternError as error:
            raise row.wrong(field, str(error)) from None
    return Searched(row=row, has=made["pattern"], forbids=made["unless"])


def by_start(ready: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """For each character those rules whose cue may begin with it, in order."""
    table: dict[str, list[Rule]] = {}
    for each in ready:
        for start in sorted(frozenset().union(*(pattern.starts for pattern in each.patterns))):
            table.setdefault(start, []).append(each)
    return {start: tuple(found) for start, found in table.items()}
