"""Items: what goes out to an annotation tool beside the text of an article, and how what comes home of it is taken.

Conventions: ``tool_item.schema.json`` describes what goes out. Only what somebody submitted is that person's labels: an item
without an answer, and one that came back as it went out from a tool that does not say whether anybody looked at it, is
counted and told. Answers of two people are never mixed.
"""

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import given, regions
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.annotations.regions import Known, Marked, Region, Slip
from allegedly.builders.annotations.units import UTF_16, Utf16
from allegedly.schemas import strict_json
from allegedly.schemas.canonical import canonical
from allegedly.schemas.derive import numbered, text_sha256
from allegedly.schemas.records import LAYERS, Article, Json, Labels, Problem, Record
from allegedly.schemas.schema import errors, shortened

#: Kinds of annotators whose confidence is no person's.
PROGRAMS = ("rule", "model")
#: So many annotators stand in a message.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An article on its way to a tool: what is marked in it, in code points, and the item beside its text."""

    article: Article
    marked: Marked
    item: Json


def outgoing(record: Record, layers: Sequence[str], unit: str, *, attributes: bool = False) -> Outgoing:
    """The labels that win as regions, and the item; with ``attributes`` it holds these too, for a tool that has no place
    for them."""
    article = record.article
    programs = {vote.annotator.id for vote in record.votes if vote.annotator.kind in PROGRAMS}
    given = regions.marked(record.labels, layers)
    known = regions.known(record.labels, layers, attributes=attributes)
    by = {label.id: label.by for layer in layers for label in getattr(record.labels, layer) or ()}
    known = {name: replace(each, confidence=None) if by[name] in programs else each for name, each in known.items()}
    count = Utf16(article.text).of if unit == UTF_16 else int
    item = {
        "article_id": article.id,
        "text_sha256": text_sha256(article.text),
        "unit": unit,
        "layers": list(layers),
        "labels": {name: {**asdict(each), "null": list(each.null)} for name, each in known.items()},
        "spans": [
            {
                "label": region.label,
                "name": region.name,
                "start": count(region.start),
                "end": count(region.end),
                "text": article.text[region.start : region.end],
            }
            for region in given.regions
        ],
        "labels_sha256": _said(regions.read(given, article.text, known).labels, layers, article),
    }
    return Outgoing(article, given, item)


def _said(labels: Labels, layers: Iterable[str], article: Article) -> str:
    """A hash of what the labels of some layers say."""
    kept = Labels(**{layer: getattr(labels, layer) for layer in layers})
    return hashlib.sha256(canonical(numbered(kept, article).to_json()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody did with an item: ``who`` as the tool calls them, None where it does not say; ``value`` as the file has
    it. ``sure``: the tool says that it was submitted."""

    who: str | None
    value: Any
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """An item as a file of a tool has it: where, our own object, the text, and what was submitted of it."""

    place: str
    line: int | None
    item: Any
    text: Any
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An item that is one of ours, about an article that is there."""

    article: Article
    layers: tuple[str, ...]
    known: Mapping[str, Known]
    spans: tuple[Json, ...]
    labels_sha256: str
    offsets: Callable[[Any], int | None]
    #: What was found on the way from the tool's values to regions.
    slips: list[Slip] = field(default_factory=list)

    def span(self, start: Any, end: Any, path: str) -> tuple[int, int] | None:
        """Offsets of the tool in code points; a slip where they are none."""
        first, behind = self.offsets(start), self.offsets(end)
        if first is None or behind is None:
            found = f"start {shortened(start, 30)}, end {shortened(end, 30)}"
            self.slips.append(Slip(path, found, "offsets inside the text, in whole characters"))
            return None
        return first, behind

    def same_words(self, start: int, end: int, words: Any, path: str) -> None:
        """A slip where words that stand beside a span are not those of the text there, white space aside."""
        here = self.article.text[start:end]
        if isinstance(words, str) and "".join(words.split()) != "".join(here.split()):
            found = f"{shortened(words, 60)} beside a span of {shortened(here, 60)}"
            self.slips.append(Slip(path, found, "the words of the span: it was moved, or the text was changed"))

    def labelled(self, found: Iterable[Region]) -> Iterator[Region]:
        """Regions of a tool that keeps nothing beside name and place, each with the label that it went out as part of: of
        equal ones the first with the first."""
        waiting = defaultdict[tuple[Any, ...], deque[str]](deque)
        for span in self.spans:
            start, end = self.offsets(span["start"]), self.offsets(span["end"])
            waiting[span["name"], start, end].append(span["label"])
        for region in found:
            labels = waiting[region.name, region.start, region.end]
            yield replace(region, label=labels.popleft()) if labels and not region.label else region


def lines(file: str, text: str) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """The objects of a file of JSON Lines, or what is wrong with a line, by number."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = strict_json.loads(line)
        except ValueError as error:
            yield number, Problem(file=file, line=number, found=f"no JSON: {error}", expected="an object")
            continue
        wrong = Problem(file=file, line=number, found=shortened(value, 60), expected="an object")
        yield number, value if isinstance(value, dict) else wrong


def listed(value: Any, key: str, opened: Opened) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list that an object holds, by number; slips where they are none."""
    found = value.get(key)
    if not isinstance(found, list | None):
        opened.slips.append(Slip(key, shortened(found, 60), "a list"))
        return
    for number, each in enumerate(found or ()):
        if isinstance(each, dict):
            yield number, each
        else:
            opened.slips.append(Slip(f"{key} {number}", shortened(each, 60), "an object"))


#: From what a tool has of an answer to regions and relations; what does not hold goes to the opened item.
Parse = Callable[[Any, Opened], Marked]


def annotations(
    path: Path,
    pattern: str,
    articles: Articles,
    read: Callable[[str, str], Iterator[Item | Problem]],
    parse: Parse,
    *,
    annotator: str | None = None,
    approved: str | None = None,
) -> Iterator[Given | Problem | Note]:
    """The labels in each file of a path: ``read`` gives the items of a file, from its name and its text. The rest as
    ``taken``."""
    for file in given.files(path, pattern):
        text = given.text(file) if isinstance(file, Path) else file
        if isinstance(text, Problem):
            yield text
        else:
            yield from taken(str(file), read(str(file), text), articles, parse, annotator=annotator, approved=approved)


def taken(
    file: str,
    items: Iterable[Item | Problem],
    articles: Articles,
    parse: Parse,
    *,
    annotator: str | None = None,
    approved: str | None = None,
) -> Iterator[Given | Problem | Note]:
    """The labels that somebody submitted, with what does not hold, and the number of the items that nobody did.

    ``annotator`` chooses whose answers; ``approved`` ``yes`` says that the file holds what was looked at and nothing else.
    """
    all_seen = given.approved(approved)
    found = list(items)
    if not found:
        yield Problem(file=file, found="a file without items", expected="the items that `allegedly export` wrote")
    yield from (item for item in found if isinstance(item, Problem))
    good = [item for item in found if isinstance(item, Item)]
    people = Counter(answer.who for item in good for answer in item.answers if answer.who is not None)
    wrong = _whose(file, people, annotator)
    if wrong is not None:
        yield wrong
        return
    chosen = [(item, answer) for item in good for answer in item.answers if annotator in (None, answer.who)]
    times = Counter(_name(item) for item, _ in chosen)
    unchanged = 0
    for item, answer in chosen:
        opened = _opened(file, item, articles)
        if isinstance(opened, Problem):
            yield opened
        elif times[opened.article.id] > 1:
            found_ = f"{times[opened.article.id]} answers about article {opened.article.id}"
            yield Problem(
                file=file, line=item.line, path=item.place, found=found_, expected="one: delete the others in the tool"
            )
        else:
            labels, met = _labels(file, item, opened, parse, answer.value)
            if not met and not answer.sure and not all_seen and _untouched(labels, opened):
                unchanged += 1
            else:
                yield from met
                if not any(isinstance(each, Problem) for each in met):
                    yield Given(file, opened.article, labels, opened.layers)
    silent = sum(not item.answers for item in good)
    if silent:
        yield Note(file, 1, f"{silent} of {len(good)} items were submitted by nobody: not taken")
    if unchanged:
        message = (
            f"{unchanged} of {len(good)} items came back as they went out, or empty: not taken; if they were looked at"
        )
        yield Note(file, 1, f"{message}, and the file holds no others, add --option approved=yes")


def _name(item: Item) -> str:
    """The article that an item says that it is about."""
    return str(item.item.get("article_id")) if isinstance(item.item, dict) else ""


def _untouched(labels: Labels, opened: Opened) -> bool:
    """Whether labels are those that went out, or none: nobody need have looked at the text."""
    said = _said(labels, opened.layers, opened.article) == opened.labels_sha256
    return said or not any(getattr(labels, layer) for layer in LAYERS)


def _whose(file: str, people: Mapping[str, int], annotator: str | None) -> Problem | None:
    """What is wrong with whose answers a file holds."""
    names = ", ".join(shortened(name, 60) for name in sorted(people)[:NAMED])
    if annotator is not None and annotator not in people:
        found = f"no answer of {shortened(annotator, 60)}"
        return Problem(
            file=file, path="annotator", found=found, expected=f"one of {names or 'none: the file names nobody'}"
        )
    if annotator is None and len(people) > 1:
        expected = "one: choose with --option annotator=..., and import each under a --by of their own"
        return Problem(
            file=file, path="annotator", found=f"answers of {len(people)} annotators: {names}", expected=expected
        )
    return None


def _opened(file: str, item: Item, articles: Articles) -> Opened | Problem:
    """An item of ours whose article is there, with the text that it went out with."""

    def problem(path: str, found: str, expected: str) -> Problem:
        return Problem(file=file, line=item.line, path=f"{item.place}{path}", found=found, expected=expected)

    if not isinstance(item.item, dict):
        return problem(
            "", f"no object `allegedly`, but {shortened(item.item, 40)}", "an item that `allegedly export` wrote"
        )
    for path, found, expected in errors("tool_item", item.item):
        return problem(f"/allegedly{path}", found, expected)
    name = item.item["article_id"]
    article = articles.by_id.get(name)
    if article is None:
        found = f"{shortened(name, 40)}, which the release does not have"
        return problem("/allegedly/article_id", found, f"one of its articles: {articles.shown()}")
    if text_sha256(article.text) != item.item["text_sha256"]:
        return problem("/allegedly/text_sha256", f"another text of article {name}", "the text that the release has")
    if item.text != article.text:
        where = _differs(item.text, article.text) if isinstance(item.text, str) else shortened(item.text, 40)
        return problem("/text", f"a changed text of article {name}: {where}", "the text that was exported")
    known = {label: Known(**{**value, "null": tuple(value["null"])}) for label, value in item.item["labels"].items()}
    offsets = Utf16(article.text).back if item.item["unit"] == UTF_16 else _code_points(len(article.text))
    return Opened(
        article, tuple(item.item["layers"]), known, tuple(item.item["spans"]), item.item["labels_sha256"], offsets
    )


def _differs(text: str, expected: str) -> str:
    """Where two texts begin to differ."""
    at = next(
        (at for at, (one, other) in enumerate(zip(text, expected, strict=False)) if one != other),
        min(len(text), len(expected)),
    )
    return f"{shortened(text[at : at + 20], 40)} at character {at}, where {shortened(expected[at : at + 20], 40)} stood"


def _code_points(length: int) -> Callable[[Any], int | None]:
    return lambda at: at if type(at) is int and 0 <= at <= length else None


def _labels(file: str, item: Item, opened: Opened, parse: Parse, value: Any) -> tuple[Labels, list[Problem | Note]]:
    """The labels of an answer, with what does not hold and what may be a slip."""
    marked = parse(value, opened)
    read = regions.read(marked, opened.article.text, opened.known)
    where = f"article {opened.article.id}"
    problems = [
        Problem(
            file=file,
            line=item.line,
            path=f"{item.place} ({where}), {slip.path}",
            found=slip.found,
            expected=slip.expected,
        )
        for slip in [*opened.slips, *read.slips]
    ]
    told = [*read.notes, *_moved(read.labels, opened)]
    notes = [Note(file, item.line or 1, f"{item.place} ({where}): {note}") for note in told]
    return read.labels, [*problems, *notes]


def _moved(labels: Labels, opened: Opened) -> Iterator[str]:
    """The parts of labels that went out and stand elsewhere now."""
    went: dict[tuple[str, str], list[str]] = defaultdict(list)
    for span in opened.spans:
        went[span["label"], span["name"]].append(span["text"])
    for name, (layer, part) in regions.NAMES.items():
        for label in getattr(labels, layer):
            before = went.get((label.id, name))
            now = [opened.article.text[start:end] for start, end in getattr(label, part) or ()]
            if before is not None and before != now:
                yield f"{label.id}: {name} is {_quoted(now)}, where {_quoted(before)} went out"


def _quoted(pieces: Sequence[str]) -> str:
    return " + ".join(shortened(piece, 40) for piece in pieces[:NAMED]) or "nothing"


__all__ = ["LAYERS", "Answer", "Item", "Opened", "Outgoing", "outgoing", "taken"]
