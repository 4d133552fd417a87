"""The head of a draft: the article that it is about, the layers that it covers, the scheme of its labels.

Conventions: lines ``name: value``, anywhere in the draft, each name once at most. Layers that are not named in a line
``layers:`` are not annotated; without such a line all are covered. ``labels: none`` says that all was read and there is
nothing to label: a form that nobody has touched says nothing.
"""

import re
from dataclasses import dataclass
from typing import Any

from allegedly.builders.annotations.draft_words import SCHEME, nearest
from allegedly.builders.annotations.plain import Slip, plainly, shielded
from allegedly.schemas.records import LAYERS

NAMES = ("article", "file", "record", "layers", "scheme", "labels")
_LINE = re.compile(rf"\s*({'|'.join(NAMES)}):\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Head:
    """What a draft says of itself. ``line`` is that of ``article``, else of ``file``, for messages."""

    article: str | None = None
    file: str | None = None
    record: int | None = None
    layers: tuple[str, ...] = LAYERS
    scheme: str = SCHEME
    labels: bool = True
    line: int = 1


def lines(text: str) -> list[str]:
    """The lines of a draft."""
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))


def is_head(line: str) -> bool:
    """Whether a line belongs to the head."""
    return _LINE.fullmatch(line) is not None


def read(text: str) -> tuple[Head, list[tuple[int, Slip]]]:
    """What the lines of the head say, with the slips in them by line."""
    said: dict[str, Any] = {}
    slips, places = [], dict[str, int]()
    for number, line in enumerate(lines(text), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match.groups()
        try:
            if name in places:
                raise Slip(name, f"a second line `{name}:`, after line {places[name]}", "one; a draft has one article")
            places[name] = number
            said[name] = _VALUES[name](name, value)
        except Slip as slip:
            slips.append((number, slip))
    if "article" not in places and "file" not in places:
        slips.append((1, Slip("article", "no line `article: ID`", "the id of the article there")))
    return Head(**said, line=places.get("article", places.get("file", 1))), slips


def _words(name: str, value: str) -> str:
    if not value:
        raise Slip(name, "nothing", "the article's id" if name == "article" else "what the article's origin names")
    return value


def _number(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Slip(name, repr(value), "the number of the record in its file, from 0")
    return int(value)


def _scheme(_: str, value: str) -> str:
    return plainly(shielded(value))


def _none(name: str, value: str) -> bool:
    if value != "none":
        raise Slip(name, repr(value), "none, or no such line")
    return False


def _layers(name: str, value: str) -> tuple[str, ...]:
    given = [layer for layer in re.split(r"[,\s]+", value) if layer]
    for layer in given:
        if layer not in LAYERS:
            raise Slip(name, repr(layer), nearest(layer, LAYERS))
    return tuple(layer for layer in LAYERS if layer in given)


_VALUES = {"article": _words, "file": _words, "record": _number, "layers": _layers, "scheme": _scheme, "labels": _none}
