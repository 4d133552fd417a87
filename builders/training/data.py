"""Examples: what the network is to say about each piece of an imported article.

Conventions: tags and links as in ``parts``. A target that the corpus does not define is absent, and the fields that
would learn it get no loss from that corpus.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from allegedly.builders.importers._lookup import Importer, resolve
from allegedly.builders.labellers._learned_text import OVERLAP, SIZE, Pieces, Tokenizer, pieces, windows
from allegedly.builders.training.parts import WORTH, attributions, covered, speculations
from allegedly.builders.training.targets import News, news
from allegedly.schemas import stored
from allegedly.schemas.records import Record, Span

#: In a recipe, what stands in place of an importer's name for a release of ours, and for those whose gold teaches the heads
#: of our own scheme: real news, and the demonstration set. The texts of all are news.
RELEASE, NEWS, DEMONSTRATION, RELEASE_GENRE = "release", "news", "demonstration", "other"
OURS = (NEWS, DEMONSTRATION)
FOLDS = 5
#: By article, its predicates and their factuality, -3 to 3.
Events = Mapping[str, Sequence[tuple[Span, float]]]
#: Batches are cut from stretches of this many windows, sorted by length.
GROUP = 128


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus as the recipe names it: importer, folder, how often it is seen, and what of it is kept apart.

    Training sees neither the ``folds``-ths of documents in ``hold``, on which it is measured, nor those in
    ``calibrate``, on which it is calibrated.
    """

    name: str
    path: Path
    epochs: float
    hold: tuple[int, ...] = ()
    calibrate: tuple[int, ...] = ()
    folds: int = FOLDS


@dataclass(frozen=True, slots=True)
class Example:
    """An article's pieces with targets; None where the corpus does not define them. ``scopes`` holds, for each cue,
    its first piece, and the first and last piece of its scope; ``events`` pieces and their factuality, 0 to 1;
    ``priority`` whether a sentence was chosen to be checked; ``abstract`` and ``debate`` whether the article is a
    scientific abstract, or the transcript of a debate; ``news`` what the heads for real news learn."""

    pieces: Pieces
    tags: np.ndarray | None = None
    links: np.ndarray | None = None
    cue_tags: np.ndarray | None = None
    scopes: tuple[tuple[int, int, int], ...] = ()
    worth: np.ndarray | None = None
    certainty: np.ndarray | None = None
    events: tuple[tuple[int, float], ...] = ()
    priority: np.ndarray | None = None
    abstract: bool | None = None
    debate: bool | None = None
    news: News | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an example: what one row of a batch holds."""

    example: Example
    start: int
    end: int
    key: float = field(default=0.0)


def fold(record: Record, folds: int = FOLDS) -> int:
    """The fold that a document falls in: by a hash of the name that its corpus gives it, so that it never moves."""
    name = Path(record.article.source_id or record.article.id).name.removesuffix(".txt")
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % folds


def records(corpus: Corpus) -> Iterator[Record]:
    """The articles of a corpus, as its importer gives them; of a release of ours as it holds them."""
    importer = importer_of(corpus)
    if importer is None:
        yield from stored.records(corpus.path)
        return
    yield from (item for item in importer.read(corpus.path) if isinstance(item, Record))


def importer_of(corpus: Corpus) -> Importer | None:
    """The importer of a corpus; None for a release. UsageError for an unknown name."""
    return None if corpus.name in (RELEASE, *OURS) else resolve(corpus.name)


def is_held_out(record: Record, corpus: Corpus) -> bool:
    """Whether the document is one to measure on: not of the training split, or in a fold that is kept apart."""
    return record.split not in (None, "train") or _among(record, corpus, corpus.hold)


def is_calibrating(record: Record, corpus: Corpus) -> bool:
    """Whether the document is one to calibrate on."""
    return not is_held_out(record, corpus) and _among(record, corpus, corpus.calibrate)


def is_seen(record: Record, corpus: Corpus) -> bool:
    """Whether training sees the document."""
    return not is_held_out(record, corpus) and not is_calibrating(record, corpus)


def _among(record: Record, corpus: Corpus, kept: tuple[int, ...]) -> bool:
    return bool(kept) and fold(record, corpus.folds) in kept


def examples(corpus: Corpus, words: Tokenizer) -> list[Example]:
    """The examples of a corpus that training may see, in its order. ``words`` is a tokenizer."""
    if corpus.name in OURS:
        return [_of_news(record, words) for record in records(corpus) if is_seen(record, corpus)]
    importer = importer_of(corpus)
    events = dict(importer.targets(corpus.path)) if importer and importer.targets else None
    genre = importer.genre if importer else RELEASE_GENRE
    abstract, debate = (None if genre is None else genre == name for name in ("abstract", "debate"))
    seen = (example(record, words, events) for record in records(corpus) if is_seen(record, corpus))
    chosen = (_chosen(target) if importer and importer.chosen else target for target in seen)
    return [replace(target, abstract=abstract, debate=debate) for target in chosen]


def _of_news(record: Record, words: Tokenizer) -> Example:
    """An article of real news, which teaches the heads of our own scheme alone."""
    found = pieces(record.article, words)
    return Example(found, abstract=False, debate=False, news=news(found, record))


def _chosen(example: Example) -> Example:
    """The example whose worth says only which sentences were chosen."""
    if example.worth is None:
        return example
    return replace(example, worth=None, priority=example.worth == WORTH["check_worthy"])


def example(record: Record, words: Tokenizer, events: Events | None = None) -> Example:
    """The targets of one article. ``events``: by article, predicates and their factuality, -3 to 3; where a corpus
    has these, they stand for the certainty of its sentences."""
    article_pieces = pieces(record.article, words)
    labels = record.labels
    target = Example(article_pieces, worth=_worth(record), events=_events(article_pieces, record, events))
    if labels.attributions is not None:
        outer = [label for label in labels.attributions if label.parent is None]
        tags, links = attributions(article_pieces, outer)
        target = replace(target, tags=tags, links=links)
    if labels.speculations is not None:
        cue_tags, scopes = speculations(article_pieces, labels.speculations)
        target = replace(target, cue_tags=cue_tags, scopes=scopes)
    scores = [None if s.scores is None else s.scores.get("certainty") for s in record.sentences]
    if events is None and any(score is not None for score in scores):
        certainty = np.array([np.nan if score is None else score for score in scores], dtype=np.float32)
        target = replace(target, certainty=certainty)
    return target


def _worth(record: Record) -> np.ndarray | None:
    """The class of each sentence, -1 where it has none; None where no claim has a worth."""
    kinds = [WORTH.get(sentence.claim or "", -1) for sentence in record.sentences]
    known = any(kind >= 0 for kind in kinds) and any(claim.worth for claim in record.labels.claims or ())
    return np.array(kinds, dtype=np.int64) if known else None


def _events(pieces: Pieces, record: Record, events: Events | None) -> tuple[tuple[int, float], ...]:
    """The first pieces of the predicates of an article, and their factuality from 0 to 1."""
    return tuple(
        (covered(pieces, start, end)[0], (number + 3) / 6)
        for (start, end), number in (events or {}).get(record.article.id, ())
    )


def cut(example: Example, rng: np.random.Generator) -> list[Window]:
    """Windows over an example that do not begin at the same places in each epoch."""
    first = int(rng.integers(SIZE // 2, SIZE + 1))
    return [Window(example, start, end) for start, end in windows(example.pieces.bounds, SIZE, OVERLAP // 4, first)]


def schedule(corpora: list[tuple[float, list[Example]]], size: int, seed: int) -> list[list[Window]]:
    """The batches of a whole run, each corpus spread evenly over it, as often as its number of epochs says. ``size``:
    how many pieces a batch holds at most, padding included."""
    scheduled: list[Window] = []
    for number, (epochs, examples) in enumerate(corpora):
        rng = np.random.default_rng((seed, number))
        for epoch in range(int(np.ceil(epochs))):
            share = min(1.0, epochs - epoch)
            stretch = [w for e in examples for w in cut(e, rng)]
            kept = rng.permutation(len(stretch))[: round(share * len(stretch))]
            keys = (epoch + share * (np.arange(len(kept)) + rng.random(len(kept))) / max(1, len(kept))) / epochs
            scheduled.extend(
                Window(stretch[i].example, stretch[i].start, stretch[i].end, float(key))
                for i, key in zip(kept, keys, strict=True)
            )
    scheduled.sort(key=lambda w: w.key)
    rng = np.random.default_rng((seed, len(corpora)))
    batches: list[list[Window]] = []
    for first in range(0, len(scheduled), GROUP):
        parts = _parts(sorted(scheduled[first : first + GROUP], key=lambda w: w.end - w.start), size)
        batches.extend(parts[i] for i in rng.permutation(len(parts)))
    return batches


def _parts(ordered: list[Window], size: int) -> list[list[Window]]:
    parts: list[list[Window]] = []
    for window in ordered:  # in order of length, so that the last is the longest
        if not parts or (len(parts[-1]) + 1) * (window.end - window.start + 2) > size:
            parts.append([])
        parts[-1].append(window)
    return parts
