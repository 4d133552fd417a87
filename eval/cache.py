"""The cache of answers: what was answered once is never asked again, also after a run was killed.

Conventions: one SQLite file; the key is a hash of everything that decides the answer (system, its files, options, task,
prompt, the item itself), so that a retrained model of the same name gets no old answers. Each answer is committed by
itself: a run that is killed loses what was under way, nothing else.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from allegedly.schemas.derive import canonical


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


class Cache:
    """Answers by key; ``Cache(None)`` keeps them in memory only."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        name = ":memory:" if folder is None else str(folder / "answers.sqlite")
        self._lock = threading.Lock()
        self._base = sqlite3.connect(name, check_same_thread=False, timeout=60, isolation_level=None)
        if folder is not None:
            self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")

    def get(self, keys: Iterable[str]) -> dict[str, Any]:
        """The answers that are there, by key."""
        answers = {}
        with self._lock:
            for name in keys:
                row = self._base.execute("SELECT answer FROM answers WHERE key = ?", (name,)).fetchone()
                if row is not None:
                    answers[name] = json.loads(row[0])
        return answers

    def put(self, answers: Iterable[tuple[str, Any]]) -> None:
        """Keep answers, all of one batch or none."""
        rows = [(name, json.dumps(answer, ensure_ascii=True)) for name, answer in answers]
        with self._lock:
            self._base.execute("BEGIN")
            self._base.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)
            self._base.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
