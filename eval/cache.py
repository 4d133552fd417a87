"""The cache of answers: what was answered once is not asked again, also after a run was killed.

Conventions: one SQLite file; the key is a hash of everything that decides the answer (system, its files, options, task,
prompt, the item itself), so that a retrained model of the same name gets no old answers. Each answer is committed by
itself: a run that is killed loses what was under way, nothing else. Where nobody can say all that decides an answer, it is
kept for one run only: from the first question to the report, however often the run is interrupted on the way.

Each answer carries a mark that only this user can make (`allegedly.eval.signing`): a cache that lies in a folder which
somebody else wrote gives no answers, unless a person names it.
"""

import hashlib
import json
import os
import secrets
import sqlite3
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from allegedly.eval.options import Options
from allegedly.eval.signing import mark
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import DataError, UsageError

FILE = "answers.sqlite"
_TABLES = {
    "kept": "CREATE TABLE kept (key TEXT PRIMARY KEY, answer TEXT NOT NULL, run TEXT NOT NULL, mark TEXT NOT NULL)",
    "run": "CREATE TABLE run (token TEXT NOT NULL)",
}
#: The table of versions before 0.3.0, which is left alone.
_EARLIER = "answers"


def key(*parts: object) -> str:
    """One key of everything that decides an answer; parts are JSON values."""
    return hashlib.sha256(canonical(parts).encode("utf-8", "surrogatepass")).hexdigest()


def digest(path: Path) -> str:
    """SHA-256 over the names and bytes of a file, or of all files in a folder."""
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as data:
            inner = hashlib.file_digest(data, "sha256").hexdigest()
        name = file.name if file == path else file.relative_to(path).as_posix()
        whole.update(f"{name}\0{inner}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def decided(options: Options) -> list[list[str]]:
    """The files and folders that the options say decide the answers, with a hash of their bytes. UsageError for a path
    that is neither."""
    files = []
    for name in options.depends:
        path = Path(name)
        if not (path.is_file() or path.is_dir()):
            raise UsageError(f"depends: {name}: no such file or folder; expected what decides the answers")
        files.append([name, digest(path)])
    return files


def variables(options: Options) -> dict[str, str | None]:
    """The variables that the options say decide the answers, by a hash of what they hold."""
    return {name: hidden(os.environ.get(name)) for name in options.env}


def hidden(value: str | None) -> str | None:
    """A hash in place of a value that may be a secret; None stays None."""
    return None if value is None else hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()


class Cache:
    """Answers by key; ``Cache(None)`` keeps them in memory only. ``named``: a person named the folder, so that answers
    that others wrote count too. UsageError for what is no cache."""

    def __init__(self, folder: Path | None, *, named: bool = True) -> None:
        self.file = None if folder is None else folder / FILE
        self.named = named
        self._lock = threading.Lock()
        self._token = ""
        if folder is not None:
            _check(folder, named=named)
        with self._sound():
            name = ":memory:" if self.file is None else str(self.file)
            self._base = sqlite3.connect(name, check_same_thread=False, timeout=60, isolation_level=None)
        try:
            with self._sound():
                self._prepare()
        except (UsageError, DataError):
            self._base.close()
            raise

    def _prepare(self) -> None:
        self._base.execute("PRAGMA trusted_schema = OFF")
        if self.file is not None:
            self._base.execute("PRAGMA journal_mode = WAL")
        for table, sql in _TABLES.items():
            self._base.execute(sql.replace(table, f"IF NOT EXISTS {table}", 1))
        # a view or a trigger would be code of whoever wrote the file
        for name, sql in self._base.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            if name != _EARLIER and _TABLES.get(name) != sql:
                raise UsageError(f"{self.file}: holds {str(name)[:40]!r}, so it is no cache of answers; {_HINT}")

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """What SQLite says as our errors."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            code = getattr(error, "sqlite_errorname", "")
            if code.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_LOCKED")):
                raise DataError(f"{self.file}: {error}") from error
            raise UsageError(f"{self.file}: a broken cache of answers: {error}; {_HINT}") from error

    def get(self, keys: Iterable[str], *, one_run: bool = False) -> dict[str, Any]:
        """The answers that are there, by key; ``one_run``: those of this run alone."""
        answers = {}
        run = self._run() if one_run else ""
        with self._lock, self._sound():
            for name in keys:
                asked = "SELECT answer, mark FROM kept WHERE key = ? AND run = ?"
                row = self._base.execute(asked, (name, run)).fetchone()
                if row is not None and (self.named or row[1] == mark(run, name, str(row[0]))):
                    answers[name] = self._read(row[0])
        return answers

    def _read(self, answer: object) -> Any:
        try:
            return json.loads(str(answer))
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{self.file}: a broken cache of answers: {error}; {_HINT}") from error

    def put(self, answers: Iterable[tuple[str, Any]], *, one_run: bool = False) -> None:
        """Keep answers, all of one batch or none."""
        run = self._run() if one_run else ""
        rows = []
        for name, answer in answers:
            text = json.dumps(answer, ensure_ascii=True)
            rows.append((name, text, run, mark(run, name, text)))
        with self._lock, self._sound():
            self._base.execute("BEGIN")
            try:
                self._base.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)
            except sqlite3.Error:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _run(self) -> str:
        """The token of this run: that of one which was interrupted here, else a new one."""
        with self._lock, self._sound():
            if not self._token:
                self._base.execute("BEGIN IMMEDIATE")
                row = self._base.execute("SELECT token FROM run").fetchone()
                self._token = str(row[0]) if row else secrets.token_hex(16)
                if row is None:
                    self._base.execute("INSERT INTO run VALUES (?)", (self._token,))
                self._base.execute("COMMIT")
            return self._token

    def end_run(self) -> None:
        """The run has its report: what was kept for it alone goes."""
        with self._lock, self._sound():
            self._base.execute("BEGIN IMMEDIATE")
            self._base.execute("DELETE FROM kept WHERE run <> ''")
            self._base.execute("DELETE FROM run")
            self._base.execute("COMMIT")
            self._token = ""

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_HINT = "delete it, or name another folder by --cache"


def _check(folder: Path, *, named: bool) -> None:
    """A folder and files of our own; links in a folder that nobody named could lead anywhere."""
    try:
        if not named and folder.is_symlink():
            raise UsageError(f"{folder}: is a link; expected a folder, or one that is named by --cache")
        folder.mkdir(parents=True, exist_ok=True)
        for ending in ("", "-wal", "-shm", "-journal"):
            file = folder / f"{FILE}{ending}"
            if os.path.lexists(file) and not stat.S_ISREG(file.lstat().st_mode):
                raise UsageError(f"{file}: is a link or no file; expected a cache of answers; {_HINT}")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror or error}; expected a folder for answers; {_HINT}") from error
