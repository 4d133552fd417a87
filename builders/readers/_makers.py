"""Makers of JSON that are known by the names of their fields: where in a record of theirs our fields lie.

Conventions: the makers stand in ``makers.toml``, which says how they are written down. Values come as they are in the
record, but for the wrappers of Extended JSON (``{"$date": ...}``), which are taken off.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

Steps: TypeAlias = tuple[str, ...]
_WRAPPERS = ("$date", "$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal")
#: Marks of WordPress: around a picture and its caption, and for what stands elsewhere.
_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,500}\]([^\[]{0,5000})\[/caption\]")
_SHORTCODE = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist)\b[^\[\]]{0,500}\]")
#: What counts as nothing.
_NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Maker:
    """One maker: ``has`` are the paths by which its records are known, each with the word that must lie there (None:
    whatever), ``fields`` those of our fields, ``record`` that of the record inside; ``names`` says that fields without a
    path have common names; ``none`` what its records are where they are no articles; ``only`` are paths and what lies
    there in an article; ``shortcodes`` says that a text holds WordPress' own marks."""

    name: str
    has: tuple[tuple[Steps, str | None], ...]
    fields: Mapping[str, tuple[Steps, ...]]
    record: Steps
    names: bool
    none: str | None
    only: Mapping[Steps, tuple[str, ...]]
    shortcodes: bool

    def knows(self, record: Mapping[str, Any]) -> bool:
        """Whether a record is of this maker."""
        return all(_there(record, steps) and word in (None, at(record, steps)) for steps, word in self.has)

    def otherwise(self, record: Mapping[str, Any]) -> str | None:
        """What a record of this maker is, and the field that says so, where it is no article."""
        for steps, wanted in self.only.items():
            if (told := at(record, steps)) not in _NOTHING and str(told) not in wanted:
                return f"{str(told)[:40]} ({steps[-1]})"
        return None

    def own(self) -> frozenset[str]:
        """The names of a record under which its own text lies."""
        return frozenset(steps[0] for steps in (*self.fields.get("text", ()), self.record) if steps)

    def values(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Our fields of a record of this maker that hold something."""
        out: dict[str, Any] = {}
        for ours, paths in self.fields.items():
            values = (unwrapped(at(record, steps)) for steps in paths)
            if (held := next((value for value in values if value not in _NOTHING), None)) is not None:
                out[ours] = held
        if self.shortcodes and isinstance(words := out.get("text"), str):
            out["text"] = _SHORTCODE.sub("", _CAPTION.sub(r"<figure><figcaption>\1</figcaption></figure>", words))
        return out


def of(record: Mapping[str, Any]) -> Maker | None:
    """The maker of a record; None where none of those that we know made it."""
    makers, first = _makers()
    if first.isdisjoint(record):
        return None
    return next((maker for maker in makers if maker.knows(record)), None)


def of_table(columns: Collection[str]) -> Maker | None:
    """The maker whose records a table with these columns may hold; None where it is none of those that we know."""
    makers, _ = _makers()
    return next((maker for maker in makers if all(path[0] in columns for path, _ in maker.has)), None)


@cache
def names() -> frozenset[str]:
    """The names that a record is known by, or under which its makers put anything."""
    makers, _ = _makers()
    known = (path for maker in makers for path, _ in maker.has)
    paths = (
        *known,
        *(path for maker in makers for path in (maker.record, *maker.only, *sum(maker.fields.values(), ()))),
    )
    return frozenset(path[0] for path in paths if path)


@cache
def _makers() -> tuple[tuple[Maker, ...], frozenset[str]]:
    """All makers, in order, and the names of which a record of theirs has at least one."""
    table = tomllib.loads(resources.files(__package__).joinpath("makers.toml").read_text(encoding="utf-8"))
    makers = tuple(_maker(name, row) for name, row in table.items())
    return makers, frozenset(maker.has[0][0][0] for maker in makers)


def _maker(name: str, row: Mapping[str, Any]) -> Maker:
    own = ("source", "has", "record", "names", "none", "only", "shortcodes")
    fields = {ours: tuple(map(_steps, paths)) for ours, paths in row.items() if ours not in own}
    parts = (pointer.partition("=") for pointer in row["has"])
    return Maker(
        name,
        tuple((_steps(path), word or None) for path, _, word in parts),
        fields,
        _steps(row.get("record", "")),
        names=bool(row.get("names", False)),
        none=row.get("none"),
        only={_steps(path): tuple(wanted) for path, wanted in row.get("only", {}).items()},
        shortcodes=bool(row.get("shortcodes", False)),
    )


def _steps(pointer: str) -> Steps:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def at(value: Any, steps: Steps) -> Any:
    """What lies under some names, one in the other; None where nothing does."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _there(value: Any, steps: Steps) -> bool:
    *before, last = steps
    holder = at(value, tuple(before))
    return isinstance(holder, dict) and last in holder


def unwrapped(value: Any) -> Any:
    """A value without the wrappers of Extended JSON around it, and around the items of a list."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [unwrapped(item) for item in value]
    while isinstance(value, dict) and len(value) == 1 and (name := next(iter(value))) in _WRAPPERS:
        value = int(value[name]) if name in _WRAPPERS[2:4] and str(value[name]).lstrip("-").isdecimal() else value[name]
    return value
