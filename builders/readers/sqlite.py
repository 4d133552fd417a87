"""SQLite: the articles in the tables of a database, a row each.

Conventions: the tables are read that have a column of texts and a title beside it; where none has, those with texts. Of
the database of a system that we know only that of its articles is.
Rows come in the order of tables and of what SQLite gives. Views, virtual tables and triggers are not run. The bytes are
opened in memory: no other file is ever touched.
Source: sqlite.org/security.html, "Untrusted SQLite Database Files".
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from allegedly.builders.readers import _field_names, _fields, _makers, _tables
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/vnd.sqlite3",)
ENDINGS = ("db", "sqlite", "sqlite3", "db3")
DEFAULT = Limits()
MARK = b"SQLite format 3\0"
#: So many steps of SQLite's machine go by between two looks, and so many looks are the most.
STEPS, LOOKS = 1_000_000, 5_000
_BOUNDS = (
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (sqlite3.SQLITE_LIMIT_COLUMN, 2000),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 5),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
)


class _Table(NamedTuple):
    name: str
    columns: list[str]
    titled: bool
    posts: bool


def recognise(raw: RawFile) -> Claim | None:
    """The mark that every database begins with."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.data.startswith(MARK) else None


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows of all tables that hold some."""
    try:
        with closing(_opened(data, limits)) as database:
            tables, passed = _chosen(database, fields, limits)
            rows = (row for table in tables for row in _rows(database, table))
            yield from _tables.of_rows(rows, origin, fields, limits)
            if passed:
                yield passed.rejected(origin)
    except Refused as refused:
        yield refused.rejected(origin)
    except (sqlite3.Error, UnicodeDecodeError, ValueError) as error:
        yield _broken(error).rejected(origin)


def _broken(error: Exception) -> Refused:
    if "interrupted" in str(error):
        return Refused("time-limit", "takes too many steps to read; export its table as CSV")
    return Refused("broken-table", f"is a broken SQLite database: {error}; dump and restore it first"[:300])


def _opened(data: bytes, limits: Limits) -> sqlite3.Connection:
    """The database, in memory, with everything off that it could do by itself."""
    if not data.startswith(MARK) or len(data) < 512:
        raise Refused("truncated", "ends in the middle of its SQLite data; fetch the file again", found="sqlite")
    # a journal beside the file, which is not here, would be asked for: what it holds is not in the bytes
    data = data[:18] + b"\1\1" + data[20:] if data[18:20] == b"\2\2" else data
    database = sqlite3.connect(":memory:")
    database.deserialize(data)
    for name, state in (("trusted_schema", "OFF"), ("cell_size_check", "ON"), ("query_only", "ON"), ("mmap_size", "0")):
        database.execute(f"PRAGMA {name} = {state}")
    for limit, bound in (*_BOUNDS, (sqlite3.SQLITE_LIMIT_LENGTH, min(limits.expanded_bytes, 1 << 30))):
        database.setlimit(limit, bound)
    looks = iter(range(LOOKS))
    database.set_progress_handler(lambda: next(looks, None) is None, STEPS)
    database.set_authorizer(_allowed)
    database.text_factory = lambda words: words.decode("utf-8", "replace")
    return database


def _allowed(action: int, *names: str | None) -> int:
    """Looking is allowed, and nothing else: no functions, no attaching, no pragmas but the columns of a table."""
    looks = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    columns = action == sqlite3.SQLITE_PRAGMA and names[0] == "table_xinfo"
    return sqlite3.SQLITE_OK if looks or columns else sqlite3.SQLITE_DENY


def _chosen(
    database: sqlite3.Connection, fields: Mapping[str, str] | None, limits: Limits
) -> tuple[list[_Table], Refused | None]:
    """The tables that are read, and the verdict on others with texts. Refused where no table holds any."""
    names = [
        str(name)
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    ]
    names = [name for name in names if not name.lower().startswith("sqlite_")]
    if len(names) > limits.members:
        raise over("members-limit", "the number of its tables", limits.members, len(names))
    texts: list[_Table] = []
    why: Refused | None = None
    for name in names:
        try:
            texts.append(_table(database, name, fields, limits))
        except Refused as refused:
            if refused.rule == "own-release":
                raise
            why = refused
    stories = [table for table in texts if table.titled and _field_names.plain(table.name) not in _field_names.ASIDE]
    chosen = (
        [table for table in texts if table.posts]
        or stories
        or [table for table in texts if _field_names.plain(table.name) not in _field_names.ASIDE]
        or texts
    )
    if not chosen:
        shown = ", ".join(names[:12])[:200] or "none"
        reason = f"has no table with a column of texts; its tables are: {shown}"
        raise Refused("no-article", f"{reason}; {names[0]} {why.reason}"[:600] if why and len(names) == 1 else reason)
    aside = [table.name for table in texts if table not in chosen]
    rest = f"has other tables with texts that were passed over: {', '.join(aside)[:200]}; export one as CSV to read it"
    return chosen, Refused("passed-over", rest, count=len(aside)) if aside else None


def _table(database: sqlite3.Connection, name: str, fields: Mapping[str, str] | None, limits: Limits) -> _Table:
    rows = database.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
    # 1: hidden; 2 and 3: worked out by an expression of the schema's
    columns = [str(row[1]) for row in rows if row[6] == 0]
    known = _fields.known(columns, fields)
    maker = _makers.of_table(columns)
    posts = maker is not None and bool(maker.only)
    return _Table(name, _tables.wanted(columns, fields, limits), "title" in known, posts)


def _rows(database: sqlite3.Connection, table: _Table) -> Iterator[dict[str, Any]]:
    columns = ", ".join(map(_quoted, table.columns))
    for row in database.execute(f"SELECT {columns} FROM {_quoted(table.name)}"):  # nosec B608 # names are quoted
        yield dict(zip(table.columns, row, strict=True))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
