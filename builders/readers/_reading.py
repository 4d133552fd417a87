"""Reading: what one file gives, those inside containers too.

Conventions: every file ends as articles or as at least one Rejected, whatever its reader does.
"""

import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

import orjson

from allegedly.builders.readers import _formats
from allegedly.builders.sources import containers
from allegedly.builders.sources.contents import DEFAULT, contents
from allegedly.builders.sources.find import Source
from allegedly.builders.sources.limits import Limits, Refused, lone_surrogate, verdict
from allegedly.builders.sources.recognition import RawFile
from allegedly.builders.text.blank import is_blank
from allegedly.schemas import plugins, schema
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Article, Origin, Rejected

Reader: TypeAlias = Callable[..., Iterator[Article | Rejected]]


def read(
    source: Source,
    *,
    fields: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
    beat: Callable[[], None] = lambda: None,
) -> Iterator[Article | Rejected]:
    """The articles of a file, and what of it was not taken. ``beat`` is called before each file inside it."""
    try:
        data = contents(source, limits=limits)
    except Refused as refused:
        yield refused.rejected(Origin(file_name=source.file_name), "open")
        return
    yield from parsed(data, source.file_name, fields=fields, limits=limits, beat=beat)


def parsed(
    data: bytes,
    file_name: str,
    *,
    fields: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
    beat: Callable[[], None] = lambda: None,
) -> Iterator[Article | Rejected]:
    """The articles in the bytes of a file, those inside containers too, and what of it was not taken."""
    origin = Origin(file_name=file_name, sha256=hashlib.sha256(data).hexdigest())
    for inner in containers.files(data, origin, limits=limits, claimed=_formats.claimed):
        beat()
        if isinstance(inner, Rejected):
            yield inner
        else:
            yield from _articles(*inner, fields, limits)


def _articles(
    data: bytes, origin: Origin, fields: Mapping[str, str] | None, limits: Limits
) -> Iterator[Article | Rejected]:
    """What one file that is no container gives: whatever its reader does, at least one value."""
    try:
        form = _formats.recognised(RawFile(data, origin.file_name, fields or {}))
        origin = replace(origin, media_type=form.media_type, reader=form.reader)
        count = 0
        for count, value in enumerate(_call(form.reader, data, origin, fields, limits), 1):  # noqa: B007
            yield _checked(value)
        if not count:
            raise Refused("no-article", "holds no article")
    except MemoryError:
        raise  # the worker's to report
    except UsageError:
        raise  # a reader that cannot be loaded, or does not declare what it must
    except Exception as error:
        yield verdict(error, limits).rejected(origin)


def _call(
    name: str, data: bytes, origin: Origin, fields: Mapping[str, str] | None, limits: Limits
) -> Iterator[Article | Rejected]:
    read, parameters = _reader(name)
    options: dict[str, Any] = {"fields": fields, "limits": limits}
    return read(data, origin, **{key: value for key, value in options.items() if key in parameters})


@cache
def _reader(name: str) -> tuple[Reader, frozenset[str]]:
    read: Reader = plugins.find("readers", name).read
    return read, frozenset(inspect.signature(read).parameters)


def _checked(value: Article | Rejected) -> Article | Rejected:
    """The value, or why an article of a reader cannot stand."""
    if isinstance(value, Rejected):
        return value
    if not isinstance(value, Article):
        raise TypeError(f"it gave {type(value).__name__}, expected Article or Rejected")
    if is_blank(value.text):
        return Refused("no-article", "holds an article without text").rejected(value.origin)
    content = value.to_json()
    return value if _stands(content) else _looked_through(value, content)


def _stands(content: Mapping[str, Any]) -> bool:
    """Whether an article can stand, told in a third of the time that it takes to say why not."""
    try:
        # orjson refuses half surrogates
        orjson.dumps(content)
    except TypeError:
        return False
    try:
        return schema.is_valid("article", content)
    except ValueError:
        return False


def _looked_through(value: Article, content: Mapping[str, Any]) -> Article | Rejected:
    """The article, or the first reason why it cannot stand."""
    try:
        canonical(content).encode()
    except UnicodeEncodeError:
        return lone_surrogate().rejected(value.origin)
    for path, found, expected in schema.errors("article", content):
        reason = f"its article is not valid: {path}: {expected}"
        return Refused("invalid", reason, path=path, found=found).rejected(value.origin)
    return value
