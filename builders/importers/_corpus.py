"""What every importer needs: the files of a corpus, texts composed of its sentences, records with all that follows.

Conventions: an importer keeps the corpus's text as it stands; where a corpus gives sentences only, they are set on a
line each, blocks a blank line apart. Its block kinds are those that hold sentences. A corpus without annotators of its
own has one, named as the scheme. Every ledger line has the stage ``import``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from allegedly.schemas.derive import article_id, numbered, sentence_classes, with_scores
from allegedly.schemas.errors import DataError
from allegedly.schemas.paths import files_below, readable
from allegedly.schemas.records import (
    LAYERS,
    Annotator,
    Article,
    Block,
    Labels,
    Origin,
    Part,
    Record,
    Rejected,
    Sentence,
    Span,
    Vote,
)

#: What corpora call their splits.
SPLITS = {"train": "train", "training": "train", "test": "test", "testing": "test"} | dict.fromkeys(
    ("dev", "devel", "development", "val", "valid", "validation"), "validation"
)


@dataclass(frozen=True)
class File:
    """One file of a corpus: ``name`` runs from the source's own name on, / between."""

    path: Path
    name: str
    reader: str
    media_type: str

    def data(self) -> bytes:
        return self.path.read_bytes()

    def split(self, *, by_name: bool = False) -> str | None:
        """The split that the nearest folder tells, ``test_annotated`` too; with ``by_name`` the file's own name first.
        Of folders above the source none has a say, but for a source of one file the one it lies in; the source's own
        name must be that of a split and nothing more."""
        *folders, own = self.name.split("/")
        above = [self.path.parent.name] if not folders else folders[:1]
        names = [own.partition(".")[0]] if by_name else []
        splits = (SPLITS.get(re.split("[-_.0-9]", name.lower(), maxsplit=1)[0]) for name in names + folders[:0:-1])
        return next(filter(None, splits), SPLITS.get(above[0].lower()))

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data()).hexdigest()

    def text(self) -> str:
        """The decoded file without a byte order mark. DataError where it is not UTF-8."""
        try:
            return self.data().decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise DataError(
                f"{self.path}: byte {error.start} is not UTF-8, in which this corpus comes; convert the file and try again"
            ) from error

    def origin(self, record: int | None = None) -> Origin:
        return Origin(
            file_name=readable(self.name),
            record=record,
            sha256=self.sha256,
            media_type=self.media_type,
            encoding="utf-8",
            reader=self.reader,
        )


def files(source: Path, reader: str, media_type: str, *patterns: str) -> list[File]:
    """The files below a folder that match, in order of name; or the one file that is named. OSError for a folder in it that
    cannot be read."""
    source = source.resolve()
    if source.is_dir():
        files_below(source)  # a pattern passes over what it cannot read
    paths = [source] if source.is_file() else sorted({p for pattern in patterns for p in source.glob(pattern)})
    base = source.name
    return [
        File(p, base if p == source else f"{base}/{p.relative_to(source).as_posix()}", reader, media_type)
        for p in paths
        if p.is_file()
    ]


def not_this_corpus(source: Path, expected: str) -> DataError:
    """The error for a source that does not hold the corpus."""
    return DataError(f"{source}: not this corpus: expected {expected}; name the folder or the file that holds it")


def rejected(origin: Origin, rule: str, reason: str, **detail: Any) -> Rejected:
    """A ledger line of the import."""
    return Rejected(origin=origin, stage="import", rule=rule, reason=reason, detail=detail)


class Page:
    """A text that grows sentence by sentence, with its blocks and sentences.

    ``sentence`` returns where the words stand; a new block opens with ``block`` and holds what follows.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.sentences: list[Span] = []
        self._kind: str | None = None

    def block(self, kind: str) -> None:
        """What comes next stands in a block of its own."""
        self._kind = kind

    def sentence(self, words: str) -> Span:
        """Append a sentence; the span is that of ``words`` as given, its edges of white space included."""
        if not self.blocks or self._kind is not None:
            self._add("\n\n" if self.blocks else "")
            self.blocks.append(Block(kind=self._kind or "lead", start=self.length, end=self.length))
            self._kind = None
        else:
            self._add("\n")
        start = self.length
        self._add(words)
        inner = words.strip()
        if inner:
            left = start + words.index(inner[0])
            self.sentences.append(Span(left, left + len(inner)))
        self.blocks[-1] = replace(self.blocks[-1], end=self.length)
        return Span(start, self.length)

    def _add(self, words: str) -> None:
        self.pieces.append(words)
        self.length += len(words)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def shifted(spans: Iterable[tuple[int, int]], by: int) -> Part:
    """Spans of a sentence as spans of the text."""
    return tuple(Span(start + by, end + by) for start, end in spans)


def tokens(words: Sequence[str], glue: str = " ") -> tuple[str, list[Span]]:
    """Tokens joined by a string, and where each of them stands."""
    spans, length = [], 0
    for word in words:
        spans.append(Span(length, length + len(word)))
        length += len(word) + len(glue)
    return glue.join(words), spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a corpus says of an article beside its text and labels; None and ``()`` where it says nothing."""

    source_id: str | None = None
    title: str | None = None
    language: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    url: str | None = None
    section: str | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """What an importer found in one article, before ids, classes and votes are filled in. ``labels`` holds, by
    annotator, in the order that decides: the first one's labels are the record's."""

    text: str
    origin: Origin
    blocks: Sequence[Block]
    sentences: Sequence[Span]
    labels: Mapping[Annotator, Labels]
    scheme: str
    split: str | None = None
    scores: Mapping[int, Mapping[str, float | None]] = field(default_factory=dict)
    metadata: Metadata = Metadata()


def record(annotated: Annotated) -> Record | Rejected:
    """The record: ids, surface texts, ``by`` and ``scheme`` of labels, classes of sentences, one vote an annotator.
    A text with half of a surrogate pair is a ledger line: UTF-8 cannot hold it."""
    if any("\ud800" <= letter <= "\udfff" for letter in annotated.text):
        return rejected(annotated.origin, "lone-surrogate", "The text holds half of a surrogate pair.")
    metadata = annotated.metadata
    article = Article(
        id=article_id(annotated.text),
        text=annotated.text,
        origin=annotated.origin,
        blocks=tuple(annotated.blocks),
        sentences=tuple(annotated.sentences),
        source_id=_held(metadata.source_id),
        title=_held(metadata.title),
        language=metadata.language,
        published=metadata.published,
        authors=tuple(map(_encodable, metadata.authors)),
        outlet=_held(metadata.outlet),
        url=_held(metadata.url),
        section=_held(metadata.section),
        themes=tuple(map(_encodable, metadata.themes)),
    )
    votes = [
        Vote(annotator=annotator, labels=numbered(_signed(labels, annotator.id, annotated.scheme), article))
        for annotator, labels in annotated.labels.items()
    ]
    labels = votes[0].labels
    scored = [Sentence(start=start, scores=scores) for start, scores in annotated.scores.items()]
    return Record(
        article=article,
        labels=labels,
        sentences=with_scores(sentence_classes(article, labels), scored),
        votes=tuple(votes),
        split=annotated.split,
    )


def _held(words: str | None) -> str | None:
    return None if words is None else _encodable(words)


def _encodable(words: str) -> str:
    """Words that UTF-8 can hold: bytes of a file's name as ``\\xNN``, other halves of surrogate pairs escaped."""
    try:
        return readable(words)
    except UnicodeEncodeError:
        return words.encode("utf-8", "backslashreplace").decode("utf-8")


def _signed(labels: Labels, by: str, scheme: str) -> Labels:
    """Labels with their annotator and scheme; one that names a scheme of its own keeps it."""
    return Labels(
        **{
            layer: None
            if kept is None
            else tuple(replace(label, by=by, scheme=label.scheme or scheme) for label in kept)
            for layer, kept in ((layer, getattr(labels, layer)) for layer in LAYERS)
        }
    )


def paragraphs(text: str, title: str | None = None, *, lines: bool = False) -> Iterator[Block]:
    """Blocks of a plain text: stretches between blank lines, or single lines. The first is the title where it begins
    with the given words, or they with it; the first after that is the lead."""
    kind = "title" if title else "lead"
    for start, end in _stretches(text, lines):
        if kind == "title" and not _same(text[start:end], title or ""):
            kind = "lead"
        yield Block(kind=kind, start=start, end=end)
        kind = "lead" if kind == "title" else "paragraph"


def _stretches(text: str, lines: bool) -> Iterator[tuple[int, int]]:
    start, end, offset = None, 0, 0
    for line in [*text.split("\n"), ""]:
        if start is not None and (lines or not line.strip()):
            yield start, end
            start = None
        if line.strip():
            start = offset + len(line) - len(line.lstrip()) if start is None else start
            end = offset + len(line.rstrip())
        offset += len(line) + 1


def joined(blocks: Iterable[Block], sentences: Iterable[Span]) -> list[Block]:
    """Blocks with those run together that a sentence of the corpus crosses."""
    out: list[Block] = []
    ahead = sorted(sentences)
    for block in blocks:
        if out and any(s.start < out[-1].end and s.end > block.start for s in ahead):
            out[-1] = replace(out[-1], end=block.end)
        else:
            out.append(block)
    return out


def united(spans: Iterable[tuple[int, int]]) -> Part:
    """Spans in order, those that overlap run together."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start < out[-1].end:
            out[-1] = Span(out[-1].start, max(end, out[-1].end))
        else:
            out.append(Span(start, end))
    return tuple(out)


def detokenised(words: Sequence[str]) -> tuple[str, list[Span]]:
    """Tokens of English set as text: no space before closing punctuation and clitics, none after opening brackets;
    straight quotation marks open and close in turn. Returns where each token stands."""
    pieces: list[str] = []
    spans, length, glued, quoted = [], 0, True, False
    for word in words:
        closes = bool(_CLOSING.fullmatch(word)) or (word == '"' and quoted)
        if not (glued or closes):
            pieces.append(" ")
            length += 1
        pieces.append(word)
        spans.append(Span(length, length + len(word)))
        length += len(word)
        quoted = quoted != (word == '"')
        glued = word in _OPENING or (word == '"' and quoted)
    return "".join(pieces), spans


_CLOSING = re.compile(r"[.,;:!?)\]}%…]+|n't|['’](?:s|m|d|re|ve|ll)?", re.IGNORECASE)
_OPENING = ("(", "[", "{", "$", "£", "€", "``", "“")


def _same(words: str, title: str) -> bool:
    first, second = ("".join(c for c in s.lower() if c.isalnum()) for s in (words, title))
    return bool(first) and bool(second) and (first.startswith(second) or second.startswith(first))
