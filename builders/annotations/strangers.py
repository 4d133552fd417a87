"""Strangers: files among annotations that are no annotation files: what each looks like, and what reads it.

Conventions: files that look alike are told together, in three lines: which, what was expected, what to do.
"""

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allegedly.builders.sources import foreign
from allegedly.schemas.schema import shortened

#: What an annotation file is, in a message.
EXPECTED = "expected annotation files, a JSON object each with annotator, article_id and labels (`allegedly schema annotation`)"
#: So many files, and keys of an object, stand in a message.
NAMED = 5
#: So many bytes of a file are looked at.
_HEAD = 1 << 20


@dataclass(slots=True)
class Strangers:
    """Files by what they look like, in words; with the importer that reads them, where there is one."""

    files: dict[tuple[str, foreign.Kind | None], list[tuple[str, Path]]] = field(default_factory=dict)

    def knows(self, path: Path, shown: str, data: bytes) -> bool:
        """Takes a file that is no JSON if it is a tool's."""
        kind = _kind(data)
        if kind is not None:
            self.files.setdefault((kind.what, kind), []).append((shown, path))
        return kind is not None

    def take(self, path: Path, shown: str, data: bytes, value: Any) -> None:
        """Takes a file of JSON that is no annotation file."""
        if not self.knows(path, shown, data):
            self.files.setdefault((_shape(value), None), []).append((shown, path))

    def lines(self) -> list[str]:
        """Three lines for each sort."""
        return [line for sort, files in self.files.items() for line in self._lines(*sort, files)]

    def _lines(self, what: str, kind: foreign.Kind | None, files: list[tuple[str, Path]]) -> tuple[str, str, str]:
        (shown, path), *others = files
        which = f"{shown} and {len(others)} more like it" if others else shown
        if kind is None:
            todo = "take it out of the folder; `allegedly list importers` names what can be made annotation files of"
            return f"{which}: {what}, which is no annotation file", f"  {EXPECTED}", f"  {todo}"
        todo = foreign.command(kind, shlex.quote(str(path.parent if others else path)))
        if kind not in (foreign.DRAFT, foreign.JSONL, foreign.BRAT, foreign.WEB_ANNOTATION):
            todo = f"if `allegedly export {kind.importer}` wrote what was labelled: {todo}"
        return f"{which}: looks like {what}, and is no annotation file", f"  {EXPECTED}", f"  {todo}"


def passed_over(folder: Path, files: list[Path]) -> str:
    """Which files of a folder of annotations are not read, and what reads them."""
    said = []
    for path in files[:NAMED]:
        with path.open("rb") as file:
            kind = _kind(file.read(_HEAD))
        name = path.relative_to(folder).as_posix()
        command = "" if kind is None else foreign.command(kind, shlex.quote(str(path)))
        said.append(name if kind is None else f"{name} (looks like {kind.what}: {command})")
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    verb = "file is" if len(files) == 1 else "files are"
    return f"{len(files)} {verb} not read as annotations, which end in .json: {', '.join(said)}{more}"


def _kind(data: bytes) -> foreign.Kind | None:
    return foreign.of_text(data[:_HEAD].decode("utf-8-sig", "replace"))


def _shape(value: Any) -> str:
    """What a value of JSON is, in a few words."""
    if isinstance(value, dict):
        keys = ", ".join(shortened(key, 30) for key in list(value)[:NAMED])
        more = f" and {len(value) - NAMED} more" if len(value) > NAMED else ""
        return f"an object with the keys {keys}{more}" if value else "an empty object"
    return f"a list of {len(value)} items" if isinstance(value, list) else f"the JSON value {shortened(value, 30)}"
