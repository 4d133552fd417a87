"""Choice: which of the files in the sources are read, by globs of their names.

Conventions: a glob without ``/`` is held against the last part of a name, at any depth; one with ``/`` against the whole
name, with or without the source's own in front. ``*`` and ``?`` end at a ``/``, ``**`` stands for any number of folders,
``[abc]`` for one character. Capitals count. A file is read where some ``include`` fits, or there is none, and no
``exclude`` does. Files inside archives are not chosen one by one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Globs of names: those that are read, all where there are none, and those that are not."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, file_name: str) -> bool:
        """Whether a file is read; its name is as the ledger has it."""
        wanted = not self.include or any(fits(glob, file_name) for glob in self.include)
        return wanted and not any(fits(glob, file_name) for glob in self.exclude)


def fits(glob: str, file_name: str) -> bool:
    """Whether a glob fits a name."""
    if "/" not in glob:
        return _pattern(glob).fullmatch(file_name.rpartition("/")[2]) is not None
    names = (file_name, file_name.partition("/")[2])
    return any(_pattern(glob.removeprefix("./")).fullmatch(name) for name in names if name)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile("".join(_parts(glob)), re.DOTALL)


def _parts(glob: str) -> Iterator[str]:
    """The regular expression of a glob, piece by piece."""
    for token in re.findall(r"\*\*/|/\*\*$|^\*\*$|\*+|\[!?\]?[^\]]*\]|.", glob, re.DOTALL):
        if token == "**/":
            yield r"(?:[^/]+/)*"
        elif token == "/**":
            yield "/.+"
        elif token == "**":
            yield ".+"
        elif token.startswith("*"):
            yield "[^/]*"
        elif token == "?":
            yield "[^/]"
        elif token.startswith("[") and len(token) > 2:
            inner = token[1:-1].replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
            yield f"(?![/])[{'^' + inner[1:] if inner.startswith('!') else inner}]"
        else:
            yield re.escape(token)
