"""The ledger and the account of inputs on their way into a release, in order, whatever their number.

Conventions: lines are in the order of origin (file name, record, none first), stage, rule, reason and detail; inputs in
the order of file name and hash. Both are kept in SQLite, which sorts on disk. What the disk refuses it is an OSError
with the name of its file: nobody else writes there, so that nothing but the disk can be wrong.
"""

import errno
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from allegedly.builders.spool.labelling import ledger_line
from allegedly.schemas.derive import canonical
from allegedly.schemas.manifest import Input
from allegedly.schemas.records import Rejected

_TABLES = """
create table lines (file_name text, record integer, stage text, rule text, reason text, detail text, line blob);
create table inputs (file_name text, bytes integer, sha256 text, articles integer, rejected integer);
"""
_LINES = "select line from lines order by file_name, record, stage, rule, reason, detail"
_INPUTS = "select file_name, bytes, sha256, articles, rejected from inputs order by file_name, ifnull(sha256, '')"
_TAKE = "update inputs set articles = articles - 1, rejected = rejected + 1 where rowid = "
#: Errors of SQLite where the disk does not take, or give back, what was written.
_DISK = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN")
_ROW = "select max(rowid) from inputs where file_name = ?"


class Ledger:
    """What a build says of files and of articles that it did not take."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        with self._kept():
            self._database = sqlite3.connect(path, isolation_level=None)
            # it is made anew by every build: nothing of it need survive one that is killed
            self._database.executescript("pragma journal_mode = off; pragma synchronous = off;" + _TABLES)
            self._database.execute("begin")
        self._indexed = False
        self.lines = 0

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """What SQLite says of the disk as the system says it."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            if not name.startswith(_DISK):
                raise
            number = errno.ENOSPC if name == "SQLITE_FULL" else errno.EIO
            raise OSError(number, os.strerror(number), str(self._path)) from error

    def reject(self, line: Rejected) -> None:
        """A line of the ledger."""
        origin = line.origin
        key = (origin.file_name, -1 if origin.record is None else origin.record, line.stage, line.rule, line.reason)
        row = (*map(_storable, key), _storable(canonical(line.detail)), ledger_line(line))
        with self._kept():
            self._database.execute("insert into lines values (?, ?, ?, ?, ?, ?, ?)", row)
        self.lines += 1

    def take(self, entry: Input) -> None:
        """An input file, with what it gave."""
        row = (entry["file_name"], entry["bytes"], entry["sha256"], entry["articles"], entry["rejected"])
        with self._kept():
            self._database.execute("insert into inputs values (?, ?, ?, ?, ?)", row)

    def drop(self, line: Rejected) -> None:
        """The line of an article that was dropped after it had been read: it moves from the articles of its file to
        what was rejected of it."""
        self.reject(line)
        with self._kept():
            self._move(line.origin.file_name, line.origin.sha256)

    def _move(self, name: str, sha256: str | None) -> None:
        if not self._indexed:
            self._database.execute("create index by_name on inputs (file_name)")
            self._indexed = True
        # a member of an archive is accounted for with the archive
        for query, values in (
            (f"{_ROW} and sha256 is ?", (name, sha256)),
            (_ROW, (name,)),
            (_ROW, (name.partition("!/")[0],)),
        ):
            row = self._database.execute(query, values).fetchone()[0]
            if row is not None:
                self._database.execute(f"{_TAKE} ?", (row,))
                return

    def rules(self) -> dict[str, int]:
        """How many lines each rule has, most first."""
        query = "select rule, count(*) from lines group by rule order by count(*) desc, rule"
        with self._kept():
            return dict(self._database.execute(query).fetchall())

    def all(self) -> Iterator[bytes]:
        """The lines as the release has them, in order."""
        with self._kept(), closing(self._database.execute(_LINES)) as rows:
            for (line,) in rows:
                yield line

    def inputs(self) -> Iterator[Input]:
        """The inputs, in order."""
        with self._kept(), closing(self._database.execute(_INPUTS)) as rows:
            for file_name, size, sha256, articles, rejected in rows:
                yield Input(file_name=file_name, bytes=size, sha256=sha256, articles=articles, rejected=rejected)

    def reasons(self, most: int) -> Iterator[tuple[str, str]]:
        """File name and reason of the first lines."""
        for line in self.all():
            if most <= 0:
                return
            most -= 1
            value: dict[str, Any] = json.loads(line)
            yield value["origin"]["file_name"], value["reason"]


def _storable(text: object) -> object:
    """Text without lone surrogates, which SQLite does not take."""
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text
