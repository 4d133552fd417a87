"""Sources: which files there are, and what each of them gives.

Conventions: a file's name starts with the name of the source it was found in and has ``/`` between; bytes of it that
are no UTF-8 stand as ``\\xNN``. A file that is reached twice is read once, under its longest name (among equals the
first). Files come in the order of their names. A link is followed only to a file inside the sources; a folder inside
them that a link leads to is read where it lies. Every file ends as articles or as at least one Rejected.
"""

# ruff: noqa: PTH112, PTH114, PTH116, PTH118, PTH119, PTH120
# names are bytes to the system: os keeps those that are no UTF-8, at a third of the time of pathlib

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allegedly.builders.sources.limits import Refused
from allegedly.schemas.paths import readable, require_sources
from allegedly.schemas.records import Origin, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to read: where it lies, and its name as the ledger and the articles give it."""

    path: str
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A source under another name than its path gives: ``folder/name`` or ``name``."""

    path: str
    name: str


def find(paths: Iterable[str | os.PathLike[str] | Named]) -> Iterator[Source | Rejected]:
    """All files in what is named. UsageError, at once, for a path that is not there."""
    roots = set()
    for path in paths:
        text = path.path if isinstance(path, Named) else os.fsdecode(os.fspath(path))
        require_sources([text])
        roots.add((os.path.realpath(text), path.name if isinstance(path, Named) else _own_name(text)))
    return _files(sorted(roots, key=lambda root: (len(root[0]), root)))


def _own_name(path: str) -> str:
    """The name of a source: its last part, of ``.`` and ``..`` that of the folder they are."""
    name = os.path.basename(path.rstrip("/"))
    return os.path.basename(os.path.realpath(path)) if name in ("", ".", "..") else name


def _files(roots: list[tuple[str, str]]) -> Iterator[Source | Rejected]:
    """Each file once: a root inside another is walked with the other, and lends it a second name."""
    outer: list[tuple[str, str]] = []
    for real, name in roots:
        if not any(_inside(real, other) for other, _ in outer):
            outer.append((real, name))
    names = _Names(roots)
    for real, name in outer:
        names.add_links(real, name)
    for real, name in sorted(outer, key=lambda root: (os.fsencode(root[1]), root)):
        for path, file_name, trouble in _walk(real, name):
            if trouble is not None:
                yield trouble.rejected(Origin(file_name=readable(file_name)), "find")
            elif os.path.islink(path):
                if refused := names.refused(path):
                    yield refused.rejected(Origin(file_name=readable(file_name)), "find")
            elif refused := _not_a_file(path):
                yield refused.rejected(Origin(file_name=readable(file_name)), "find")
            else:
                yield Source(path=path, file_name=readable(names.longest(path, file_name)))


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class _Names:
    """The names under which a file can be reached: by each source that holds it, and by links to it."""

    def __init__(self, roots: list[tuple[str, str]]) -> None:
        self.roots = roots
        self.links: dict[str, list[str]] = {}

    def add_links(self, real: str, name: str) -> None:
        for path, file_name, trouble in _walk(real, name):
            if trouble is None and os.path.islink(path) and not self.refused(path):
                self.links.setdefault(os.path.realpath(path), []).append(file_name)

    def refused(self, link: str) -> Refused | None:
        """Why a link is not followed; None for one that leads to a file or folder inside the sources."""
        try:
            target = os.path.realpath(link, strict=True)
            mode = os.stat(target).st_mode
        except OSError as error:
            loops = error.errno == 40 or "loop" in str(error.strerror).lower() or "level" in str(error.strerror).lower()
            if loops:
                return Refused("link-loop", "is a symbolic link that leads back to itself")
            return Refused("broken-link", "is a symbolic link to something that is not there")
        if not any(_inside(target, root) for root, _ in self.roots):
            return Refused("link-out", "is a symbolic link out of the sources; name what it leads to as a source too")
        if stat.S_ISDIR(mode) and _inside(os.path.realpath(os.path.dirname(link)), target):
            return Refused("link-loop", "is a symbolic link to a folder that it lies in")
        return None

    def longest(self, path: str, file_name: str) -> str:
        names: list[str] = [file_name, *self.links.get(path, ())]
        for root, name in self.roots:
            if _inside(path, root):
                names.append(name + path[len(root.rstrip("/")) :])
        return min(names, key=lambda name: (-len(readable(name)), os.fsencode(name)))


def _walk(real: str, name: str) -> Iterator[tuple[str, str, Refused | None]]:
    """What lies in a source that is no folder, in the order of names, links not followed: path, name, trouble."""
    todo = [(real, name)]
    while todo:
        path, file_name = todo.pop()
        try:
            if os.path.isdir(path) and (path == real or not os.path.islink(path)):
                with os.scandir(path) as entries:
                    inner = sorted((entry.name for entry in entries), key=os.fsencode, reverse=True)
                todo.extend((os.path.join(path, entry), f"{file_name}/{entry}") for entry in inner)
            else:
                yield path, file_name, None
        except OSError as error:
            yield path, file_name, unreadable(error)


def unreadable(error: OSError) -> Refused:
    """The verdict on a file or folder that the system does not let us read."""
    return Refused("unreadable", f"cannot be read: {error.strerror}; check its permissions", error=type(error).__name__)


_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def _not_a_file(path: str) -> Refused | None:
    try:
        kind = stat.S_IFMT(os.lstat(path).st_mode)
    except OSError as error:
        return unreadable(error)
    if kind == stat.S_IFREG:
        return None
    what = _KINDS.get(kind, "no regular file")
    return Refused("not-a-file", f"is {what}; only files are read", found=what)
