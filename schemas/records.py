"""Records: the typed view of what the schemas describe.

Conventions: offsets are half-open, in Unicode code points of ``Article.text``. A part is a tuple of spans, in order,
not overlapping; ``()`` where it is empty, None where the scheme does not annotate it. None means: not said.
Every value has ``to_json`` and ``from_json``; ``from_json(to_json(x)) == x``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from allegedly.schemas.drawn import Drawn, counted, one_line, title

Json = dict[str, Any]


class Span(NamedTuple):
    """A stretch of text, half-open."""

    start: int
    end: int


Part = tuple[Span, ...]

LAYERS = ("claims", "speculations", "attributions")
#: Kinds of blocks that hold sentences, and so labels.
SENTENCE_BLOCKS = frozenset({"title", "subtitle", "lead", "paragraph", "heading", "quote", "list", "caption"})


def part_json(part: Part | None) -> list[Json] | None:
    """Spans as JSON objects; None stays None."""
    return None if part is None else _spans_json(part)


def part_of(spans: Iterable[Mapping[str, int]] | None) -> Part | None:
    """Spans from JSON objects; None stays None."""
    return None if spans is None else _spans_of(spans)


def _spans_json(spans: Iterable[Span]) -> list[Json]:
    return [{"start": start, "end": end} for start, end in spans]


def _spans_of(spans: Iterable[Mapping[str, int]]) -> Part:
    return tuple([Span(span["start"], span["end"]) for span in spans])


class _Fields:
    """Records that are read field by field, by the names in ``__slots__``."""

    __slots__: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Every field under its name."""
        kind = type(self)
        read = _READERS.get(kind) or _READERS.setdefault(kind, attrgetter(*kind.__slots__))
        return dict(zip(kind.__slots__, read(self), strict=True))


#: What reads all fields of a kind of record at once.
_READERS: dict[type[_Fields], Callable[[_Fields], tuple[Any, ...]]] = {}


class _Flat(_Fields):
    """Records whose fields are JSON values as they are."""

    __slots__ = ()

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """From an object with the fields' names; those that are missing have their defaults."""
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(_Flat):
    """Where an article came from: see ``origin.schema.json``."""

    file_name: str
    record: int | None = None
    sha256: str | None = None
    media_type: str | None = None
    encoding: str | None = None
    reader: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What a stretch of text is: see ``article.schema.json``."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Outlet and address of first publication, for a cross-post."""

    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Drawn):
    """One article: see ``article.schema.json``."""

    id: str
    text: str
    origin: Origin
    source_id: str | None = None
    title: str | None = None
    subtitle: str | None = None
    language: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    outlet: str | None = None
    url: str | None = None
    original: Original | None = None
    section: str | None = None
    series: str | None = None
    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    licence: str | None = None
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Span, ...] = ()
    markup: tuple[Span, ...] = ()

    def __repr__(self) -> str:
        size = f"{counted(len(self.text), 'characters')}, {counted(len(self.sentences), 'sentences')}"
        return one_line(self, f"{self.id[:LONGEST_ID]}{title(self.title)}: {size}")

    def to_json(self) -> Json:
        """An object as ``article.schema.json`` describes it, with every key."""
        return {
            "id": self.id,
            "source_id": self.source_id,
            "title": self.title,
            "subtitle": self.subtitle,
            "text": self.text,
            "language": self.language,
            "published": self.published,
            "authors": list(self.authors),
            "agencies": list(self.agencies),
            "outlet": self.outlet,
            "url": self.url,
            "original": self.original and {"outlet": self.original.outlet, "url": self.original.url},
            "section": self.section,
            "series": self.series,
            "themes": list(self.themes),
            "regions": list(self.regions),
            "licence": self.licence,
            "blocks": [{"kind": b.kind, "start": b.start, "end": b.end} for b in self.blocks],
            "sentences": _spans_json(self.sentences),
            "markup": _spans_json(self.markup),
            "origin": self.origin.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From an object that has ``id``, ``text`` and ``origin``; what else is missing is empty or None."""
        original = value.get("original")
        return cls(
            **{
                **value,
                "authors": tuple(value.get("authors") or ()),
                "agencies": tuple(value.get("agencies") or ()),
                "themes": tuple(value.get("themes") or ()),
                "regions": tuple(value.get("regions") or ()),
                "original": original and Original(**original),
                "blocks": tuple([Block(**block) for block in value.get("blocks") or ()]),
                "sentences": _spans_of(value.get("sentences") or ()),
                "markup": _spans_of(value.get("markup") or ()),
                "origin": Origin.from_json(value["origin"]),
            }
        )


class _Label(_Fields):
    """What the three labels share: parts to and from JSON. ``PARTS`` are the words that make the label; ``SPANS`` are all
    fields that hold spans."""

    __slots__ = ()
    PARTS: ClassVar[tuple[str, ...]] = ()
    SPANS: ClassVar[tuple[str, ...]] = ()

    def to_json(self) -> Json:
        """Every field under its name, parts as lists of spans."""
        out = _Fields.to_json(self)
        for part in self.SPANS:
            out[part] = part_json(out[part])
        return out

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Keys that are missing are None; ``by`` and ``scheme`` fall back to the empty string."""
        names: tuple[str, ...] = cls.__slots__
        fields = {name: value[name] for name in names if name in value}
        for part in cls.SPANS:
            if part in fields:
                fields[part] = part_of(fields[part])
        for name in ("id", "text", "by", "scheme"):
            fields[name] = fields.get(name) or ""
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(_Label):
    """A statement of fact: see ``claim.schema.json``."""

    PARTS: ClassVar[tuple[str, ...]] = ("extent",)
    SPANS: ClassVar[tuple[str, ...]] = PARTS
    id: str = ""
    extent: Part
    text: str = ""
    kind: str | None = None
    worth: str | None = None
    certainty: str | None = None
    polarity: str | None = None
    claimer: str | None = None
    by: str = ""
    confidence: float | None = None
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation(_Label):
    """A statement put as less than certain: see ``speculation.schema.json``."""

    PARTS: ClassVar[tuple[str, ...]] = ("cue", "scope")
    SPANS: ClassVar[tuple[str, ...]] = PARTS
    id: str = ""
    cue: Part | None = None
    scope: Part | None = None
    text: str = ""
    kind: str | None = None
    certainty: str | None = None
    holder: str | None = None
    by: str = ""
    confidence: float | None = None
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution(_Label):
    """Somebody said, thinks, plans, decided or saw something: see ``attribution.schema.json``."""

    PARTS: ClassVar[tuple[str, ...]] = ("source", "cue", "content")
    SPANS: ClassVar[tuple[str, ...]] = (*PARTS, "speaker")
    id: str = ""
    source: Part | None = None
    cue: Part | None = None
    content: Part | None = None
    text: str = ""
    form: str | None = None
    act: str | None = None
    negated: bool | None = None
    source_kind: str | None = None
    speaker: Part | None = None
    parent: str | None = None
    by: str = ""
    confidence: float | None = None
    scheme: str = ""


Label = Claim | Speculation | Attribution
#: The class of a layer's labels: which one follows from a name that only the run knows, so its type is open.
LABELS: dict[str, type[Any]] = {"claims": Claim, "speculations": Speculation, "attributions": Attribution}
#: The part whose surface text is ``label.text``, and by which labels are matched.
MAIN_PART = {"claims": "extent", "speculations": "cue", "attributions": "content"}
#: The attribute that links a label of the layer to an attribution.
LINK = {"claims": "claimer", "speculations": "holder", "attributions": "parent"}
#: The attributes of a layer's labels, their links aside.
ATTRIBUTES = {
    "claims": ("kind", "worth", "certainty", "polarity"),
    "speculations": ("kind", "certainty"),
    "attributions": ("form", "act", "negated", "source_kind"),
}
PREFIX = {"claims": "c", "speculations": "s", "attributions": "a"}
#: Characters of an article's id that a line shows: ours have 16.
LONGEST_ID = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of one article; a layer that nobody annotated is None, one in which nothing was found is ``()``."""

    claims: tuple[Claim, ...] | None = None
    speculations: tuple[Speculation, ...] | None = None
    attributions: tuple[Attribution, ...] | None = None

    def in_words(self) -> str:
        """How many there are: ``3 claims, 1 speculation, attributions not annotated``."""
        layers = [(layer, getattr(self, layer)) for layer in LAYERS]
        return ", ".join(
            f"{layer} not annotated" if labels is None else counted(len(labels), layer) for layer, labels in layers
        )

    def to_json(self) -> Json:
        """Lists of labels by layer; null where nobody annotated."""
        return {
            "claims": _labels_json(self.claims),
            "speculations": _labels_json(self.speculations),
            "attributions": _labels_json(self.attributions),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From lists of labels by layer; a layer that is missing is None."""
        return cls(
            claims=_labels_of(Claim, value.get("claims")),
            speculations=_labels_of(Speculation, value.get("speculations")),
            attributions=_labels_of(Attribution, value.get("attributions")),
        )


def _labels_json(labels: Iterable[_Label] | None) -> list[Json] | None:
    return None if labels is None else [label.to_json() for label in labels]


_Kind = TypeVar("_Kind", bound=_Label)


def _labels_of(kind: type[_Kind], labels: Iterable[Mapping[str, Any]] | None) -> tuple[_Kind, ...] | None:
    return None if labels is None else tuple([kind.from_json(label) for label in labels])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with its classes and scores: see ``sentence.schema.json``. ``end`` may be unknown in a prediction."""

    start: int
    end: int | None = None
    claim: str | None = None
    speculation: str | None = None
    attribution: str | None = None
    scores: Mapping[str, float | None] | None = None

    def to_json(self, article_id: str) -> Json:
        """An object as ``sentence.schema.json`` describes it, with every key."""
        return {
            "id": f"{article_id}:{self.start}",
            "start": self.start,
            "end": self.end,
            "claim": self.claim,
            "speculation": self.speculation,
            "attribution": self.attribution,
            "scores": None if self.scores is None else dict(self.scores),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From an object that has ``start``; its id says nothing else."""
        return cls(**{name: field for name, field in value.items() if name != "id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a labeller and a system return for one article. ``sentences`` holds scores (and classes) where there are
    any; classes that are None follow from the labels."""

    labels: Labels
    sentences: tuple[Sentence, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotator(_Fields):
    """Who labelled it: kind is human, rule, model or import. ``supersedes``: ids of annotators whose labels give way to
    these, as those of two readers do to the labels of whoever settled where they differ."""

    id: str
    kind: str
    name: str | None = None
    version: str | None = None
    guideline: str | None = None
    supersedes: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Every field under its name; ``supersedes`` only where it names somebody."""
        out = _Fields.to_json(self)
        names = out.pop("supersedes")
        return {**out, "supersedes": list(names)} if names else out

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From an object with the fields' names; those that are missing have their defaults."""
        return cls(**{**value, "supersedes": tuple(value.get("supersedes") or ())})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The labels that one annotator gave one article, before merging."""

    annotator: Annotator
    labels: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Drawn):
    """One article of a release. ``sentences`` has one entry for each of ``article.sentences``, classes filled in."""

    article: Article
    labels: Labels
    sentences: tuple[Sentence, ...] = ()
    votes: tuple[Vote, ...] = ()
    split: str | None = None
    group: str | None = None

    def __repr__(self) -> str:
        article = self.article
        more = [counted(len(self.sentences), "sentences")]
        more += [counted(len(self.votes), "votes")] if self.votes else []
        more += [f"split {self.split}"] if self.split else []
        said = f"{self.labels.in_words()}; {', '.join(more)}"
        return one_line(self, f"{article.id[:LONGEST_ID]}{title(article.title)}: {said}")

    def to_json(self) -> Json:
        """The contract's shape of one article with its labels."""
        return {
            "article": self.article.to_json(),
            "labels": self.labels.to_json(),
            "sentences": [sentence.to_json(self.article.id) for sentence in self.sentences],
        }


#: What ``allegedly.label`` yields: a record that belongs to no split yet.
Labelled = Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One line of the ledger: what was not taken, and why."""

    origin: Origin
    stage: str
    rule: str
    reason: str
    detail: Json = field(default_factory=dict)

    def to_json(self) -> Json:
        """An object as ``rejected.schema.json`` describes it."""
        return {
            "origin": self.origin.to_json(),
            "stage": self.stage,
            "rule": self.rule,
            "reason": self.reason,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From a line of the ledger."""
        return cls(**{**value, "origin": Origin.from_json(value["origin"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(_Flat):
    """One thing that validation found: where it stands, what was found, what was expected."""

    file: str
    line: int | None = None
    path: str = ""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.path or '/'}: found {self.found}, expected {self.expected}"


__all__ = [name for name in dir() if name[0].isupper() and name != "Drawn"] + ["part_json", "part_of", "replace"]
