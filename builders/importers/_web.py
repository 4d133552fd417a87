"""W3C Web Annotations, read: the annotations of a document, the stretch of text that each means, what it is a mark of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from allegedly.builders.importers._corpus import united
from allegedly.builders.importers._marks import NAMES, Mark, Marked, plain
from allegedly.schemas.records import Json, Part, Span

#: Purposes of bodies that talk about a text, and label nothing.
TALK = frozenset({"commenting", "replying", "questioning", "describing", "moderating", "bookmarking", "editing"})
#: Where pages and collections hold what they hold.
HELD = ("items", "first")


def annotations(value: Any) -> Iterator[Json]:
    """The annotations of a document: one, a list, a page or a collection of pages."""
    for found in objects(value):
        if "Annotation" in listed(found.get("type")):
            yield found


def objects(value: Any) -> Iterator[Json]:
    """Annotations, pages and collections, the outer before the inner."""
    if isinstance(value, list):
        for item in value:
            yield from objects(item)
    elif isinstance(value, dict):
        yield value
        for key in HELD:
            yield from objects(value.get(key))


def listed(value: Any) -> list[Any]:
    """One value or a list of them as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an annotation says: the address of its text, places in it, its bodies, and ``tags`` among these."""

    address: str
    places: list[Json]
    tags: list[str]
    links: list[tuple[str, str]]
    talk: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str | None:
        """The first tag that names a part of ours."""
        return next((tag for tag in self.tags if plain(tag) in NAMES), None)


def reading(annotation: Json) -> Reading | None:
    """What an annotation says; None where its target is not stretches of one text."""
    places = [place for place in listed(annotation.get("target")) if isinstance(place, dict) and place.get("source")]
    addresses = {str(place["source"]) for place in places}
    if len(addresses) != 1:
        return None
    tags: list[str] = []
    links: list[tuple[str, str]] = []
    talk: list[str] = []
    for body in listed(annotation.get("body")):
        if not isinstance(body, dict):
            continue
        value, purpose = body.get("value"), body.get("purpose")
        if purpose == "linking":
            links.append((str(value or "part of"), str(body.get("source") or body.get("id"))))
        elif value is not None:
            (talk if isinstance(purpose, str) and purpose in TALK else tags).append(str(value))
    return Reading(addresses.pop(), places, tags, links, talk)


def place(found: Reading, text: str, *, whole: bool = False) -> Part | str:
    """Where the places of an annotation stand in the text, or what is wrong. With ``whole`` one without selectors stands for
    no words of it."""
    if whole and all(place.get("selector") is None for place in found.places):
        return ()
    spans = []
    for each in found.places:
        span = _span(text, listed(each.get("selector")))
        if isinstance(span, str):
            return span
        spans.append(span)
    return united(spans)


def mark(found: Reading, name: str, part: Part, marked: Marked) -> None:
    """Adds what an annotation says of a place to the marks of its text."""
    kind = found.kind
    marked.marks[name] = Mark(kind or "", part)
    for tag in found.tags:
        if tag is not kind:
            key, equals, value = tag.partition("=")
            marked.attributes.append((name, key, value if equals else None))
    marked.links += [(role, name, target) for role, target in found.links]


def text_file(folder: Path, address: str) -> Path | None:
    """The file that an address ends in: its path below the folder, else its name there. Never one outside it."""
    try:
        steps = [unquote(step) for step in urlsplit(address).path.split("/") if step not in ("", ".", "..")]
        for start in range(len(steps)):
            path = folder.joinpath(*steps[start:])
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
    except (ValueError, OSError):
        return None  # no address, or one that no file can have
    return None


def _span(text: str, selectors: list[Any]) -> Span | str:
    """The stretch that selectors of one place mean, or what is wrong."""
    span: Span | None = None
    for selector in selectors:
        kind = selector.get("type") if isinstance(selector, dict) else None
        if kind == "TextPositionSelector":
            start, end = selector.get("start"), selector.get("end")
            if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
                return f"A position outside the text of {len(text)} characters, or empty."
            span = Span(start, end)
    for selector in selectors:
        if isinstance(selector, dict) and selector.get("type") == "TextQuoteSelector":
            exact = str(selector.get("exact") or "")
            if span is not None and text[span.start : span.end] != exact:
                return "The words at the position are not those quoted."
            if span is None:
                span = _quoted(text, str(selector.get("prefix") or ""), exact, str(selector.get("suffix") or ""))
                if span is None:
                    return "The words quoted do not stand in the text, or more than once."
    return span or "No selector of positions or of words."


def _quoted(text: str, prefix: str, exact: str, suffix: str) -> Span | None:
    whole = prefix + exact + suffix
    first = text.find(whole)
    if not exact or first < 0 or text.find(whole, first + 1) >= 0:
        return None
    return Span(first + len(prefix), first + len(prefix) + len(exact))
