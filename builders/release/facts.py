"""What is known about a release when its pages are written: how it is called, how it was made, what was counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from allegedly.builders.release.tally import Tally
from allegedly.schemas.manifest import LabellerUsed, Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a release is called and how it was made: the manifest's part that no record decides. ``packages`` are
    those whose versions decide the labels; ``creators`` is the Hub's word for who made labels that were imported."""

    name: str
    version: str
    date: str | None = None
    licence: str | None = None
    recipe: dict[str, Any] = field(default_factory=dict)
    labellers: tuple[LabellerUsed, ...] = ()
    packages: tuple[str, ...] = ()
    description: str | None = None
    citation: str | None = None
    creators: str = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a card says: the manifest, what it is called, hashes of configs, the tally, ledger lines by rule."""

    manifest: Manifest
    about: About
    contents: Mapping[str, str]
    tally: Tally
    rules: Mapping[str, int]
